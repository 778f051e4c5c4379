"""Journeys worked out by hand: whose contacts lead to which order, and which come to nothing."""

from datetime import date

import pytest

from analytics.decisions import journeys
from analytics.decisions.journeys import Compressed, asked_for, make_paths, read_events
from analytics.models.contacts import collect
from tests.warehouse.staged_files import load, referral, reorder, sale

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 12, 31)
DAYS = {"first_day": FIRST_DAY, "last_day": LAST_DAY, "segments": [], "regions": [], "channels": []}


def touch(customer_id, day, channel, stage=None, arm=None) -> dict:
    return {"customer_id": customer_id, "touched_at": day, "channel": channel, "stage": stage, "arm": arm}


def read(workspace, leads_to="first", look_back_days=90, with_ages=False) -> Compressed:
    ends = workspace.query("journey_ends", **DAYS, leads_to=leads_to)
    asked = asked_for(ends, leads_to, FIRST_DAY, LAST_DAY, look_back_days, narrowed=False)
    [steps] = collect(read_events(workspace.query), [asked])
    return make_paths(steps, ends, workspace.query("journey_channels"), with_ages)


def texts(found: Compressed) -> list[str]:
    return [journeys.Paths(found.steps, found.sums).text(path) for path in range(len(found.sums))]


def paths(workspace, leads_to="first", look_back_days=90) -> dict[str, tuple[float, float]]:
    """path -> (orders, journeys without one)."""
    found = read(workspace, leads_to, look_back_days)
    counts = zip(found.steps.conversions, found.steps.nulls, strict=True)
    return dict(zip(texts(found), counts, strict=True))


def test_contacts_up_to_the_first_order_lead_to_it_and_later_ones_to_reorders(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "reorders", [reorder("o2", "ann", "2026-03-15", 40, trigger="points")])
    load(workspace, "touchpoints", [
        touch("ann", "2026-01-20", "display"), touch("ann", "2026-02-10", "search"),
        touch("ann", "2026-02-11", "thanks"), touch("ann", "2026-03-10", "points"),
        touch("ann", "2026-04-01", "points"),
    ])  # fmt: skip
    assert paths(workspace) == {"display > search": (1, 0)}
    assert paths(workspace, "reorder") == {"thanks > points": (1, 0), "points": (0, 1)}


def test_people_who_never_bought_are_journeys_without_an_order(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "touchpoints", [
        touch("ann", "2026-02-01", "search"), touch("bob", "2026-02-01", "display"),
        touch("bob", "2026-02-03", "search"), touch("cem", "2026-02-07", "search"),
    ])  # fmt: skip
    assert paths(workspace) == {"search": (1, 1), "display > search": (0, 1)}


def test_only_contacts_within_the_look_back_count(workspace):
    """90 days before 10 February 2026 is 12 November 2025."""
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "touchpoints", [
        touch("ann", "2025-11-11", "print"), touch("ann", "2025-11-12", "radio"),
        touch("ann", "2026-02-01", "search"),
    ])  # fmt: skip
    assert paths(workspace) == {"radio > search": (1, 0)}
    assert paths(workspace, look_back_days=91) == {"print > radio > search": (1, 0)}
    assert paths(workspace, look_back_days=9) == {"search": (1, 0)}


def test_a_long_wait_makes_two_journeys_without_an_order(workspace):
    """October and November are more than 90 days before the last contact, and within 90 days of each other."""
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "direct")])
    load(workspace, "touchpoints", [
        touch("bob", "2025-10-20", "radio"), touch("bob", "2025-11-20", "print"),
        touch("bob", "2026-03-01", "search"),
    ])  # fmt: skip
    by_record = {"direct": (1, 0)}
    assert paths(workspace) == {"radio > print": (0, 1), "search": (0, 1), **by_record}
    assert paths(workspace, look_back_days=365) == {"radio > print > search": (0, 1), **by_record}
    assert paths(workspace, look_back_days=20) == {
        "radio": (0, 1),
        "print": (0, 1),
        "search": (0, 1),
        **by_record,
    }


def test_who_was_held_out_was_not_contacted(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "touchpoints", [
        touch("ann", "2026-02-01", "email", arm="holdout"), touch("ann", "2026-02-02", "search", arm="treated"),
        touch("bob", "2026-02-01", "email", arm="holdout"),
    ])  # fmt: skip
    assert paths(workspace) == {"search": (1, 0)}


def test_contacts_of_one_day_stand_in_the_order_of_the_funnel_then_by_name(workspace):
    same_day = "2026-02-10"
    load(workspace, "sales", [sale("o1", "ann", same_day, 100, "search")])
    load(workspace, "touchpoints", [
        touch("ann", same_day, "shop", "action"), touch("ann", same_day, "radio", "awareness"),
        touch("ann", same_day, "print", "awareness"), touch("ann", same_day, "fair", "desire"),
        touch("ann", same_day, "brochure", "interest"),
    ])  # fmt: skip
    assert paths(workspace) == {"print > radio > brochure > fair > shop": (1, 0)}


def test_thanks_on_the_day_of_an_order_come_after_it(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "reorders", [reorder("o2", "ann", "2026-02-20", 40)])
    load(workspace, "touchpoints", [
        touch("ann", "2026-02-10", "search", "action"), touch("ann", "2026-02-10", "card", "acknowledgement"),
        touch("ann", "2026-02-10", "survey", "satisfaction"),
    ])  # fmt: skip
    assert paths(workspace) == {"search": (1, 0)}
    assert paths(workspace, "reorder") == {"survey > card": (1, 0)}


def test_a_referral_is_a_contact_on_its_day_unless_one_is_on_file(workspace):
    load(workspace, "sales", [
        sale("o1", "ann", "2026-02-10", 100, "search"), sale("o2", "bob", "2026-02-10", 100, "search"),
    ])  # fmt: skip
    load(workspace, "referrals", [
        referral("r1", "x", "2026-02-01", "ann"), referral("r2", "x", "2026-02-01", "bob"),
    ])  # fmt: skip
    load(workspace, "touchpoints", [
        touch("ann", "2026-02-01", "display"), touch("ann", "2026-02-05", "search"),
        touch("bob", "2026-01-20", "Referral"), touch("bob", "2026-02-05", "search"),
    ])  # fmt: skip
    assert paths(workspace) == {"display > Referral > search": (1, 0), "Referral > search": (1, 0)}


def test_spellings_that_differ_by_capitals_are_one_channel(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "touchpoints", [
        touch("ann", "2026-02-01", "Display"), touch("bob", "2026-02-01", "display"),
    ])  # fmt: skip
    assert paths(workspace) == {"Display": (1, 1)}


def test_existing_customers_have_journeys_to_reorders_only(workspace):
    """Whoever is only in reorders, or is only ever thanked or rewarded, bought before the data begin."""
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "reorders", [reorder("o2", "dan", "2026-03-01", 50)])
    load(workspace, "touchpoints", [
        touch("dan", "2026-02-25", "gift"), touch("eve", "2026-02-25", "points", "incentivization"),
        touch("ann", "2026-02-01", "search"),
    ])  # fmt: skip
    assert paths(workspace) == {"search": (1, 0)}
    assert paths(workspace, "reorder") == {"gift": (1, 0), "points": (0, 1)}


def test_an_order_without_a_contact_keeps_its_record(workspace):
    load(workspace, "sales", [
        sale("o1", "ann", "2026-02-10", 100, "search"), sale("o2", "bob", "2026-02-11", 30, "direct"),
        sale("o3", "cem", "2026-02-12", 20),
    ])  # fmt: skip
    load(workspace, "touchpoints", [touch("ann", "2026-02-01", "display")])
    found = read(workspace)
    rows = zip(texts(found), found.sums["conversions"], found.sums["revenue"], strict=True)
    assert sorted(rows) == [("direct", 1, 30), ("display", 1, 100)]
    assert list(found.unseen[["conversions", "revenue"]].iloc[0]) == [1, 20]
    assert found.by_record == 1


def test_money_of_a_journey_is_that_of_its_order_less_refunds(workspace):
    """Value: the margin of twelve months, 40 − 10 + 20 = 50; the order of March 2027 is too late."""
    load(workspace, "sales", [
        sale("o1", "ann", "2026-02-10", 100, "search", margin=40), sale("o1", "ann", "2026-02-20", -25, "search", margin=-10),
    ])  # fmt: skip
    load(workspace, "reorders", [
        reorder("o2", "ann", "2026-06-01", 50, margin=20), reorder("o2", "ann", "2026-06-05", -5, margin=-2),
        reorder("o3", "ann", "2027-03-01", 60, margin=24),
    ])  # fmt: skip
    load(
        workspace, "touchpoints", [touch("ann", "2026-02-01", "search"), touch("ann", "2026-05-30", "points")]
    )
    first = read(workspace)
    amounts = ["conversions", "revenue", "margin_given", "value_given"]
    assert texts(first) == ["search"]
    assert list(first.sums[amounts].iloc[0]) == [1, 75, 30, 48]
    again = read(workspace, "reorder")
    assert texts(again) == ["points"]
    assert list(again.sums[amounts].iloc[0]) == [1, 45, 18, 18]


def test_orders_of_one_day_end_one_journey(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-10", 100, "search")])
    load(workspace, "reorders", [
        reorder("o2", "ann", "2026-02-10", 10), reorder("o3", "ann", "2026-02-10", 20),
        reorder("o4", "ann", "2026-02-15", 30),
    ])  # fmt: skip
    load(workspace, "touchpoints", [touch("ann", "2026-02-01", "points"), touch("ann", "2026-02-12", "gift")])
    assert paths(workspace, "reorder") == {"points": (2, 0), "gift": (1, 0)}


def test_ages_are_days_before_the_order(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-02-10", 100, "search")])
    load(workspace, "touchpoints", [
        touch("ann", "2026-01-31", "display"), touch("ann", "2026-02-10", "search"), touch("bob", "2026-02-10", "search"),
    ])  # fmt: skip
    found = read(workspace, with_ages=True)
    assert texts(found) == ["display > search"]
    assert list(found.steps.touch_age_days) == [10, 0]


def test_the_order_of_rows_and_of_uploads_does_not_matter(workspace, tmp_path):
    from analytics.warehouse.store import Workspace

    touches = [touch("ann", f"2026-02-{day:02d}", channel) for day, channel in enumerate("bacab", start=1)]
    sales = [sale("o1", "ann", "2026-02-10", 100, "a")]
    load(workspace, "sales", sales)
    load(workspace, "touchpoints", touches)
    with Workspace.open(tmp_path / "other") as other:
        load(other, "touchpoints", touches[:2][::-1])
        load(other, "touchpoints", touches[2:][::-1])
        load(other, "sales", sales)
        assert paths(other) == paths(workspace) == {"b > a > c > a > b": (1, 0)}


def test_without_contacts_there_are_no_journeys_but_a_record(workspace):
    load(
        workspace,
        "sales",
        [sale("o1", "ann", "2026-02-10", 100, "search"), sale("o2", "bob", "2026-02-10", 10)],
    )
    load(workspace, "referrals", [referral("r1", "x", "2026-02-01", "bob")])
    assert paths(workspace) == {}
    found = workspace.query("recorded_channels", **DAYS, leads_to="first")
    assert list(found[["recorded", "conversions", "revenue"]].itertuples(index=False, name=None)) == [
        ("referral", 1, 10), ("search", 1, 100),
    ]  # fmt: skip


@pytest.mark.parametrize("leads_to", ["first", "reorder"])
def test_journeys_of_the_sample_hold_every_order_once(workspace, leads_to):
    workspace.load_sample()
    found = read(workspace, leads_to)
    recorded = workspace.query("recorded_channels", **DAYS, leads_to=leads_to)
    for amount in ("conversions", "revenue", "margin_given", "value_given"):
        assert found.sums[amount].sum() + found.unseen[amount].sum() == pytest.approx(recorded[amount].sum())


@pytest.mark.parametrize("leads_to", ["first", "reorder"])
def test_journeys_do_not_depend_on_how_many_are_read_at_a_time(workspace, monkeypatch, leads_to):
    workspace.load_sample()
    whole = read(workspace, leads_to, look_back_days=30, with_ages=True)
    monkeypatch.setattr(journeys, "MOST_EVENTS", 5_000)
    parts = read(workspace, leads_to, look_back_days=30, with_ages=True)
    assert texts(parts) == texts(whole)
    assert parts.sums.equals(whole.sums)
    assert list(parts.steps.nulls) == list(whole.steps.nulls)
