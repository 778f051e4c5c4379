"""Credit of channels, worked out by hand: eight orders of which the record and the journeys tell different stories."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.channel_credit import MODELS, CreditChoice, channel_credit, credit_json, credit_of
from analytics.decisions.credit_sentences import disagreement, lost, notes
from analytics.decisions.journeys import JourneyBook, Paths, read_journeys
from analytics.decisions.period import Known
from analytics.decisions.window import Window
from analytics.models.journeys import from_frame
from analytics.warehouse.filters import Filters
from tests.decisions.small_company import Settings, SmallCompany

QUARTER = Window(pd.Timestamp("2026-01-01").date(), pd.Timestamp("2026-03-31").date())


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


# Six orders by display > search (recorded: Search), two by search alone; 24 journeys die after display, 8 after search.
PATHS = frame(
    "path nulls conversions revenue margin value",
    ("display", 24.0, 0.0, 0.0, 0.0, 0.0),
    ("display > search", 8.0, 6.0, 600.0, 240.0, 300.0),
    ("search", 0.0, 2.0, 100.0, 40.0, 60.0),
)
AGED = frame(
    "path ages_days nulls conversions revenue margin value",
    ("display > search", "7 > 0", 0.0, 6.0, 600.0, 240.0, 300.0),
    ("search", "0", 0.0, 2.0, 100.0, 40.0, 60.0),
)
RECORDED = frame(
    "channel conversions revenue margin value",
    ("Search", 7, 650.0, 260.0, 330.0),
    ("print", 1, 50.0, 20.0, 30.0),
)


def as_paths(rows: pd.DataFrame) -> Paths:
    """Rows in the order of their paths, as the warehouse gives them."""
    return Paths(from_frame(rows.assign(value=0.0)), rows)


def book(paths: pd.DataFrame | None = PATHS, aged: pd.DataFrame | None = AGED, **changes) -> JourneyBook:
    known = {
        "window": QUARTER, "recorded": RECORDED, "known": Known(QUARTER, QUARTER),
        "paths": None if paths is None else as_paths(paths), "aged": None if aged is None else as_paths(aged),
        "spend": {"display": 120.0, "search": 200.0},
    } | changes  # fmt: skip
    return JourneyBook(**known | {"costed": JourneyBook(**known)})


def shares(found) -> dict:
    return dict(zip(found.lines["channel"], found.lines["share"], strict=True))


def test_first_and_last_contact():
    assert shares(credit_of(book(), CreditChoice("first"))) == pytest.approx(
        {"display": 6 / 8, "search": 2 / 8, "print": 0}
    )
    assert shares(credit_of(book(), CreditChoice("last"))) == pytest.approx(
        {"search": 1, "print": 0, "display": 0}
    )


def test_time_decay_over_seven_days_is_one_to_two():
    """Display gets a third of six orders."""
    assert shares(credit_of(book(), CreditChoice("time_decay")))["display"] == pytest.approx(2 / 8)


def test_markov_credit():
    """P(order) = 8/40. Without display: 2 of 40 journeys start at search, and 8 of 16 contacts of search lead to an
    order: 1/40, so 7/8 is lost; without search all is lost. Credit is as 7/8 : 1.
    """
    found = credit_of(book(), CreditChoice())
    assert shares(found) == pytest.approx({"search": 8 / 15, "display": 7 / 15, "print": 0})
    assert found.lines["credit"].sum() == pytest.approx(8)
    assert (found.lines["low"] <= found.lines["credit"]).all()
    assert (found.lines["credit"] <= found.lines["high"]).all()


@pytest.mark.parametrize("credited", ["conversions", "revenue", "margin", "value"])
@pytest.mark.parametrize("model", MODELS)
def test_every_model_hands_out_what_was_observed(model, credited):
    found = credit_of(book(), CreditChoice(model, credited=credited))
    total = float(RECORDED[credited].sum())
    assert found.total == pytest.approx(total)
    answer = credit_json(found)
    assert answer["model"] == model
    assert answer["total"] == total
    assert round(sum(line["credit"] for line in answer["credit"]), 2) == total


def test_the_record_is_found_again_whatever_its_capitals():
    search = credit_of(book(), CreditChoice("last")).lines.iloc[0]
    assert (search["channel"], search["recorded"], search["recorded_share"], search["change"]) == (
        "search", 7, 7 / 8, 1 / 8,
    )  # fmt: skip


def test_cost_and_return_follow_the_credit():
    """Last contact: search has 8 orders for 200, of 700 revenue and 280 margin; the record gives it 7."""
    search = credit_of(book(), CreditChoice("last")).returns.set_index("channel").loc["search"]
    assert search["cac"] == 25
    assert search["recorded_cac"] == pytest.approx(200 / 7)
    assert search["roas"] == 3.5
    assert search["roi"] == pytest.approx(0.4)
    assert credit_of(book(), CreditChoice("last")).blended_cac == 40


def test_a_channel_without_credit_has_no_cost_per_order():
    display = credit_of(book(), CreditChoice("last")).returns.set_index("channel").loc["display"]
    assert math.isnan(display["cac"])
    assert display["roi"] == -1


def test_where_journeys_die():
    """Display: 38 contacts, 14 go on to search, 24 die. Search: 16 contacts, 8 orders, 8 die."""
    found = credit_of(book(), CreditChoice())
    steps = found.steps.set_index("channel")
    assert list(steps.loc["display", ["contacts", "goes_on", "orders", "dies"]]) == pytest.approx(
        [38, 14 / 38, 0, 24 / 38]
    )
    assert list(steps.loc["search", ["contacts", "goes_on", "orders", "dies"]]) == pytest.approx(
        [16, 0, 0.5, 0.5]
    )
    assert found.lost_share == 32 / 40
    assert lost(found) == "80 % of 40 journeys end without an order; most of these after display (75 %)."
    assert list(found.paths["path"]) == ["display > search", "search"]
    assert list(found.paths["lost"]) == pytest.approx([8 / 14, 0])


def test_the_sentence_names_winner_and_loser():
    assert credit_of(book(), CreditChoice("first")).sentence.startswith(
        "Display is credited with 0 % of first orders by the last touch on record, but 75 % ("
    )
    assert credit_of(book(), CreditChoice("first")).sentence.endswith("search loses the most (88 % to 25 %).")


def test_the_sentence_where_nothing_moves():
    same = RECORDED.assign(channel=["search", "display"], conversions=[4, 4])
    found = credit_of(book(recorded=same), CreditChoice("linear"))
    assert "is credited with" in found.sentence
    agreed = RECORDED.assign(channel=["search", "display"], conversions=[5, 3])
    assert credit_of(book(recorded=agreed), CreditChoice("linear")).sentence == (
        "Search leads with 62 % of first orders; journeys and the record agree: no channel's share moves by more than "
        "0.0 points when all contacts of a journey share alike."
    )


def test_orders_without_contact_and_record_are_credited_to_nobody():
    unseen = {"conversions": 4.0, "revenue": 80.0, "margin": 30.0, "value": 30.0}
    record = pd.concat(
        [RECORDED, frame("channel conversions revenue margin value", (None, 4, 80.0, 30.0, 30.0))]
    )
    found = credit_of(book(unseen=unseen, recorded=record), CreditChoice("last"))
    last = found.lines.iloc[-1]
    assert (last["channel"], last["credit"], last["recorded"]) == (None, 4, 4)
    assert found.total == 12
    assert credit_json(found)["credit"][-1]["channel"] is None
    assert "4 orders had no contact" in notes(book(unseen=unseen))[1]


def test_without_contacts_the_record_is_named_so():
    found = credit_of(book(paths=None, aged=None), CreditChoice("shapley"))
    assert found.model == "recorded"
    assert found.sentence == (
        "As recorded, by last touch: Search has 88 % and print has 12 % of first orders. What came before that touch is "
        "not known."
    )
    assert found.missing[0].kind == "touchpoints"
    assert len(found.models) == len(found.steps) == 0
    assert found.returns.set_index("channel").loc["Search", "roas"] == 650 / 200


def test_a_margin_that_is_not_known_is_not_credited():
    unknown = {"paths": PATHS.assign(margin=math.nan), "recorded": RECORDED.assign(margin=math.nan)}
    found = credit_of(book(**unknown), CreditChoice(credited="margin"))
    assert credit_json(found) == {"model": "markov", "total": None, "credit": []}
    assert "margin rate" in found.missing[0].text
    by_orders = credit_of(book(**unknown), CreditChoice())
    assert by_orders.missing == ()
    assert by_orders.returns["roi"].isna().all()
    assert by_orders.returns["roas"].notna().all()


def test_models_differ_most_on():
    assert disagreement(credit_of(book(), CreditChoice())).startswith("The models differ most on ")


@pytest.mark.parametrize(
    "wrong", [{"model": "magic"}, {"order": 4}, {"order": 0}, {"credited": "clicks"}, {"leads_to": "refund"}]
)
def test_a_choice_that_is_not_possible(wrong):
    with pytest.raises(ValueError, match=r"not known|must be"):
        CreditChoice(**wrong)


paths = st.dictionaries(
    st.lists(st.sampled_from(["a", "b", "direct", "d"]), min_size=1, max_size=4).map(" > ".join),
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 50)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40)
@given(paths, st.sampled_from([m for m in MODELS if m != "recorded"]), st.integers(0, 5))
def test_shares_add_up_for_any_journeys(drawn, model, unseen):
    rows = [
        (path, float(lost), float(won), *[float(won * worth)] * 3)
        for path, (won, lost, worth) in sorted(drawn.items())
    ]
    made = frame("path nulls conversions revenue margin value", *rows)
    aged = made.assign(ages_days=[" > ".join("0" for _ in path.split(" > ")) for path in made["path"]])
    orders = made["conversions"].sum() + unseen
    record = frame("channel conversions revenue margin value", ("a", orders, 1.0, 1.0, 1.0))
    amounts = dict.fromkeys(("conversions", "revenue", "margin", "value"), float(unseen))
    found = credit_of(
        book(paths=made, aged=aged, recorded=record, unseen=amounts, spend={}), CreditChoice(model)
    )
    if made["conversions"].sum():
        assert found.lines["credit"].sum() == pytest.approx(orders)
        assert found.lines["share"].sum() == pytest.approx(1)
        assert found.models[list(MODELS)].sum().to_numpy() == pytest.approx(1)
    elif not orders:
        assert found.missing


def test_a_company_without_orders():
    found = channel_credit(SmallCompany([]))
    assert found.sentence == "No orders are loaded."
    assert credit_json(found)["credit"] == []


def test_an_impossible_look_back():
    company = SmallCompany([("ann", "2026-01-10", 100, 40, "new", "search")])
    with pytest.raises(ValueError, match="look-back is 0 days"):
        read_journeys(company, Filters(), Settings(), 0, "first")


def test_journeys_that_are_not_over_yet_are_named():
    text = next(note for note in notes(book(unfinished=5)) if "still come" in note)
    assert text.startswith("5 of 32 journeys without an order were in contact in the last 90 days on file")
    assert not any("still come" in note for note in notes(book()))
