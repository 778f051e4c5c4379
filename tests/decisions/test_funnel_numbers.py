"""Both funnels of a company of nine people, worked out by hand; and their laws on random companies."""

import math
import random
from datetime import date, timedelta

import pytest

from analytics.decisions.case import case
from analytics.decisions.funnel_json import funnels_json, stage_lines
from analytics.decisions.funnels import funnels
from analytics.models.funnels import AIDAS
from analytics.warehouse.filters import Filters
from tests.decisions.funnel_company import FIRST_QUARTER, REORDERS, SALES, TOUCHPOINTS, opened


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("nine")) as found:
        yield found


@pytest.fixture(scope="module")
def found(workspace):
    return funnels(workspace, FIRST_QUARTER)


def column(found, name):
    return [None if math.isnan(value) else round(value, 4) for value in found.stages[name]]


def test_people_and_shares(found):
    """AIDAS: d, brought by a friend, and everybody who bought count in all earlier stages; the contact called action
    of p4 is no order. c's survey came after 180 days. Flipped: b was left alone.
    """
    assert column(found, "people") == [8, 7, 6, 4, 1, 2, 1, 2, 1]
    assert column(found, "reached") == [8, 7, 6, 4, 1, 2, 2, 2, 2]
    assert column(found, "share_of_start") == [1, 0.875, 0.75, 0.5, 0.125, 0.4, 0.2, 0.4, 0.2]
    assert column(found, "share_of_step") == [None, 0.875, 0.8571, 0.6667, 0.25, 0.4, 0.5, 1, 0.5]
    assert found.people.customers == 5
    assert (found.people.new_customers, found.people.referred) == (1, 1)


def test_where_each_stage_is_known_from(found):
    assert list(found.stages["source"]) == [
        "contacts", "contacts", "contacts", "orders", "contacts", "contacts", "contacts", "books", "contacts",
    ]  # fmt: skip


def test_costs(found):
    """search 300 over its contacts 2:1:1:1, fair 60 over 1:1, events names interest; display has no contact but an
    order, posters neither. points are seen in orders, club names its stage, ambassador has a contact; gift has no spend.
    """
    assert column(found, "spend") == [150, 140, 90, 110, 0, 10, 0, 47, 30]
    assert column(found, "contact_cost") == [2, 0, 0, 0, 0, 0, 3, 0, 0]
    assert column(found, "cost_per_person") == [19, 20, 15, 27.5, 0, 5, 3, 23.5, 30]
    assert (found.costs.unallocated("aidas"), found.costs.unallocated("flipped")) == (20, 0)
    rules = {
        (line.name_, line.rule) for line in found.costs.lines.rename(columns={"name": "name_"}).itertuples()
    }
    assert rules == {
        ("search", "shared"), ("fair", "shared"), ("events", "named"), ("display", "first seen"),
        ("posters", "unallocated"), ("points", "first seen"), ("ambassador", "shared"), ("club", "named"),
        ("gift", "books"), ("mail", "beside"), ("chat", "beside"),
    }  # fmt: skip


def test_every_cost_of_the_case_stands_at_exactly_one_stage(found, workspace):
    made = case(workspace, FIRST_QUARTER)
    assert found.costs.spend("aidas") == pytest.approx(made.acquisition.spend) == 510
    assert found.costs.spend("flipped") == pytest.approx(made.retention.spend) == 87


def test_margins_arise_where_money_does_and_are_those_of_the_case(found, workspace):
    """Won: 3 × 40. Retention caused 0.4 × (20 + 30 of reorders, 40 of d's first order)."""
    margins = dict(zip(found.stages["stage"], found.stages["margin"], strict=True))
    made = case(workspace, FIRST_QUARTER)
    assert margins["action"] == pytest.approx(120)
    assert margins["incentivization"] == pytest.approx(20)
    assert margins["activation"] == pytest.approx(16)
    both = made.acquisition.incremental.margin.value + made.retention.incremental.margin.value
    assert found.stages["margin"].sum() == pytest.approx(both)
    assert column(found, "margin")[:3] == [None] * 3


def test_median_days(found):
    """Interest: a 3, b 9; p3 was aware only after he wanted to. Desire: a 5. Action: a 10, c 10. d: 9 after the referral."""
    assert column(found, "median_days") == [None, 6, 5, 10, 31, 1, 2, None, None]
    assert found.people.median_days["new customers"] == 9


def test_what_a_thousand_yields(found):
    yields = dict(zip(found.yields["outcome"], found.yields["per_thousand"], strict=True))
    assert yields == pytest.approx(
        {
            "satisfaction": 1000 / 512,
            "acknowledgement": 2000 / 90,
            "activation": 1000 / 90,
            "new customers": 1000 / 90,
        }
    )
    quarter = found.yields_by_quarter.set_index("outcome")["per_thousand"].to_dict()
    assert quarter == pytest.approx(yields)
    assert (found.yields["low"] <= found.yields["per_thousand"]).all()


def test_there_is_no_quarter_before_the_first(found):
    assert found.compared is None
    assert found.stages["change"].isna().all()


def test_by_segment_there_are_no_strangers_and_no_costs(workspace):
    """home: a and b won, a satisfied; thanked, with points and activated: a; who brought d of another segment."""
    found = funnels(workspace, Filters(*FIRST_QUARTER_DAYS, segments=("home",)))
    assert column(found, "people") == [None, None, None, 2, 1, 1, 0, 1, 1]
    assert column(found, "cost") == [None] * 9
    assert found.people.new_customers == 1
    assert "not known by group" in found.sentence


FIRST_QUARTER_DAYS = (FIRST_QUARTER.first_day, FIRST_QUARTER.last_day)


def test_core_data_alone(tmp_path):
    """Satisfied: a after 40 days, b only after 313. Incentive: a and x. Activated: a, whose friend bought."""
    with opened(tmp_path, "spend", "touchpoints") as workspace:
        found = funnels(workspace, FIRST_QUARTER)
        assert column(found, "people") == [None, None, None, 4, 1, None, None, 2, 1]
        assert column(found, "share_of_step") == [None, None, None, None, 0.25, None, None, 0.4, 0.5]
        assert list(found.stages["source"])[-3:] == ["nothing", "books", "books"]
        assert found.people.new_customers == 1
        assert [lack.kind for lack in found.missing] == ["spend", "touchpoints"]
        assert found.stages["cost"].isna().all()
        assert funnels_json(found)["aidas"]["spend"] is None


def test_without_referrals_nobody_knows_whom_they_bring(tmp_path):
    with opened(tmp_path, "referrals") as workspace:
        found = funnels(workspace, FIRST_QUARTER)
        assert "brings no new one back" in found.sentence
    with opened(tmp_path / "core", "referrals", "touchpoints") as workspace:
        found = funnels(workspace, FIRST_QUARTER)
        assert math.isnan(found.people.new_customers)
        assert "referrals" in [lack.kind for lack in found.missing]


def test_contacts_without_a_stage(tmp_path):
    """Before the first order they show awareness; after it dialogue, if the customer wrote."""
    contacts = (
        "customer_id,touched_at,channel,direction\na,2026-01-02,mail,outbound\na,2026-02-02,chat,inbound\n"
        "x,2026-02-03,mail,outbound\np,2026-02-02,mail,outbound\n"
    )
    with opened(tmp_path, touchpoints=contacts) as workspace:
        found = funnels(workspace, FIRST_QUARTER)
        assert column(found, "people") == [5, None, None, 4, 1, None, 1, 2, 1]


def test_customers_not_observed_for_long_enough_are_left_out_of_the_last_step(tmp_path):
    """Data end on 1 August 2026: 180 days after the first order have passed for a only (20 January)."""
    reorders = REORDERS.replace("2026-12-20", "2026-08-01")
    with opened(tmp_path, reorders=reorders) as workspace:
        found = funnels(workspace, FIRST_QUARTER)
        assert found.people.finished == 1
        assert found.stage("satisfaction")["share_of_step"] == 1
        assert not found.yields.set_index("outcome").loc["satisfaction", "finished"]
        assert any("have not been observed for 180 days" in note for note in found.notes)


def test_a_quarter_is_held_against_the_one_before_at_the_same_age(tmp_path):
    """Two customers each. Data end on 15 July, 15 days after the second quarter, in which one came back by then; of the
    first quarter's, one had come back by 15 April, and the other did later: alike, not fewer.
    """
    days = ["2026-01-20", "2026-03-10", "2026-05-20", "2026-06-10"]
    sales = "".join(f"s{n},k{n},{day},search,100,40,home\n" for n, day in enumerate(days))
    back = ["2026-03-01", "2026-05-09", "2026-07-15"]
    reorders = "".join(f"r{n},k{n},{day},50,20,,,home\n" for n, day in enumerate(back))
    with opened(
        tmp_path, "touchpoints", "referrals", "spend",
        sales=f"{SALES.splitlines()[0]}\n{sales}", reorders=f"{REORDERS.splitlines()[0]}\n{reorders}",
    ) as workspace:  # fmt: skip
        found = funnels(workspace, Filters(date(2026, 4, 1), date(2026, 6, 30)))
        assert found.compared == (date(2026, 4, 1), date(2026, 1, 1))
        assert found.stage("satisfaction")["people"] == 1
        assert list(found.stages["change"].dropna()) == [0, 0]


def test_a_return_to_an_earlier_stage_undoes_nothing(tmp_path, found):
    """Everybody is shown advertisements again in March."""
    again = "".join(f"{who},2026-03-20,search,awareness,inbound,,\n" for who in "abcdp")
    again += "".join(f"p{n},2026-03-21,mail,interest,inbound,,\n" for n in (3, 4))
    with opened(tmp_path, touchpoints=TOUCHPOINTS + again.replace("p,", "p2,")) as workspace:
        after = funnels(workspace, FIRST_QUARTER)
        assert column(after, "people") == column(found, "people")
        assert column(after, "share_of_step") == column(found, "share_of_step")


@pytest.mark.parametrize("seed", [1, 2])
def test_random_companies_keep_the_laws(tmp_path, seed):
    """People never rise along AIDAS, shares lie in [0, 1], and the counts are those of a slow count in Python."""
    contacts, sales = random_company(random.Random(seed))
    lines = "".join(f"{who},{day},mail,{stage},outbound,,\n" for who, day, stage in contacts)
    orders = "".join(f"s{n},{who},{day},mail,10,4,home\n" for n, (who, day) in enumerate(sales.items()))
    reorders = REORDERS.splitlines()[0] + "\nr1,k0,2026-12-30,1,1,,,home\n"
    with opened(
        tmp_path, "referrals", "spend", reorders=reorders,
        sales=SALES.splitlines()[0] + "\n" + orders, touchpoints=TOUCHPOINTS.splitlines()[0] + "\n" + lines,
    ) as workspace:  # fmt: skip
        for filters in (Filters(), Filters(date(2026, 2, 1), date(2026, 5, 20))):
            found = funnels(workspace, filters)
            people = found.people.aidas["people"]
            assert (people.diff().dropna() <= 0).all()
            for name in ("share_of_start", "share_of_step"):
                shares = found.stages[name].dropna()
                assert shares.between(0, 1).all()
            first, last = found.window.first_day, found.window.last_day
            assert list(people) == slowly(contacts, sales, first, last)


def random_company(luck):
    """(person, day, stage) contacts of forty people, and person -> day of the first order of some."""
    begin = date(2026, 1, 1)
    people = [f"k{n}" for n in range(40)]
    contacts = {
        (luck.choice(people), begin + timedelta(luck.randrange(200)), luck.choice(AIDAS[:4]))
        for _ in range(120)
    } | {
        (who, begin + timedelta(luck.randrange(200)), stage)
        for who, stage in zip(people, AIDAS[:3] * 14, strict=False)
    }
    sales = {who: begin + timedelta(luck.randrange(30, 200)) for who in people[:15]}
    content = {
        (who, day + timedelta(luck.randrange(300)), "satisfaction") for who, day in list(sales.items())[:8]
    }
    late = date(2026, 12, 30)
    return sorted(contacts | {(w, min(d, late), s) for w, d, s in content}), sales


def slowly(contacts, sales, first, last):
    """The furthest stage of everybody who belongs to the days, counted one by one."""
    furthest = []
    for who in {who for who, _day, _stage in contacts} | set(sales):
        mine = [(day, AIDAS.index(stage) + 1) for who_, day, stage in contacts if who_ == who]
        wanted = [(day, min(stage, 3)) for day, stage in mine if stage <= 4]
        entered = sales.get(who) or min(day for day, _stage in wanted)
        if not first <= entered <= last:
            continue
        reached = max((stage for _day, stage in wanted), default=1)
        if who in sales:
            content = [d for d, stage in mine if stage == 5 and 0 <= (d - sales[who]).days <= 180]
            reached = 5 if content else 4
        furthest.append(reached)
    return [sum(reached >= stage for reached in furthest) for stage in range(1, 6)]


def test_as_json_and_as_text(found):
    answer = funnels_json(found)
    assert answer["aidas"]["spend"] == 510
    assert sum(stage["spend"] for stage in answer["aidas"]["stages"]) + answer["aidas"]["unallocated"] == 510
    assert answer["flipped"]["stages"][3]["people"] == 1
    assert answer["new_customers_brought"] == 1
    assert answer["per_1000"]["new customers"]["value"] == 11.11
    assert len(stage_lines(found)) == 9


def test_without_orders_there_is_nothing_to_say(tmp_path):
    with opened(tmp_path, "sales", "reorders", "referrals", "spend", "touchpoints") as workspace:
        found = funnels(workspace)
        assert found.sentence.startswith("No orders are loaded.")
        assert funnels_json(found)["aidas"] is None
