"""Who was offered what, who was left alone, and what they did: seven customers worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest
from staged_files import load, referral, reorder, sale, spend, table


def touch(customer_id, day, channel, arm="treated", cost="0.5") -> dict:
    cost = cost if arm == "treated" else "0"
    return {"customer_id": customer_id, "touched_at": day, "channel": channel, "arm": arm, "cost": cost}


@pytest.fixture
def company(workspace):
    """The last order is on 30 June. Bob and cat are in the holdout of points; old bought before the data only."""
    load(workspace, "sales", [
        sale("a1", "ann", "2026-01-01", 100, "search", margin=40, segment="home"),
        sale("b1", "bob", "2026-01-05", 60, "search", margin=24, segment="home"),
        sale("c1", "cat", "2026-01-06", 50, "email", margin=20),
        sale("d1", "dan", "2026-01-07", 50, "email", margin=20),
        sale("e1", "eve", "2026-02-01", 90, "email"),
        sale("f1", "fay", "2026-03-20", 70, None, margin=30),
    ])  # fmt: skip
    load(workspace, "reorders", [
        reorder("a2", "ann", "2026-02-10", 50, margin=20, trigger="Points", incentive_cost=2),
        reorder("a3", "ann", "2026-03-15", 30, margin=12, trigger="gift", incentive_cost=5),
        reorder("a3", "ann", "2026-03-20", -10, margin=-4, trigger="gift"),
        reorder("b2", "bob", "2026-02-20", 40, margin=16),
        reorder("e2", "eve", "2026-06-30", 20),
    ])  # fmt: skip
    load(workspace, "referrals", [
        referral("r1", "eve", "2026-03-05", "fay", channel="ambassador", reward_cost=18),
    ])  # fmt: skip
    load(workspace, "touchpoints", [
        touch("ann", "2026-02-01", "points"), touch("ann", "2026-03-01", "points"),
        touch("ann", "2026-03-10", "gift"), touch("bob", "2026-02-01", "points", "holdout"),
        touch("cat", "2026-01-20", "points", "holdout"), touch("cat", "2026-02-20", "points", "treated"),
        touch("old", "2026-02-05", "points"), touch("eve", "2026-03-01", "ambassador"),
        touch("dan", "2026-01-10", "survey", None),
    ])  # fmt: skip
    return workspace


def arm(workspace, customer, programme, *columns):
    rows = table(workspace, "programme_arms", "customer_id", "programme", *columns)
    return next(row[2:] for row in rows if row[:2] == (customer, programme))


def test_one_row_per_customer_and_programme_and_one_for_any(company):
    assert table(company, "programme_arms", "customer_id", "coalesce(programme, '*')") == [
        ("ann", "*"), ("ann", "gift"), ("ann", "points"), ("bob", "*"), ("bob", "points"), ("cat", "*"),
        ("cat", "points"), ("eve", "*"), ("eve", "ambassador"), ("old", "*"), ("old", "points"),
    ]  # fmt: skip


def test_the_arm_is_that_of_the_first_eligible_touch(company):
    assert arm(company, "cat", "points", "arm", "day") == ("holdout", date(2026, 1, 20))
    assert arm(company, "ann", None, "arm", "day", "tenure_days") == ("treated", date(2026, 2, 1), 31)


def test_what_was_before_and_what_came_after_is_told_apart(company):
    columns = (
        "orders_before",
        "margin_before",
        "orders_after",
        "revenue_after",
        "margin_after",
        "days_after",
    )
    # 1 February to 30 June: 28 + 31 + 30 + 31 + 30 days
    assert arm(company, "ann", "points", *columns) == (1, 40, 2, 70, 28, 150)
    # from 10 March on: 22 + 30 + 31 + 30
    assert arm(company, "ann", "gift", *columns) == (2, 60, 1, 20, 8, 113)
    assert arm(company, "bob", None, *columns) == (1, 24, 1, 40, 16, 150)


def test_costs_and_redeemed_offers_belong_to_their_programme(company):
    columns = ("redeemed_after", "incentive_cost_after", "reward_cost_after", "touch_cost_after")
    assert arm(company, "ann", "points", *columns) == (1, 2, 0, 1)
    assert arm(company, "ann", None, *columns) == (2, 7, 0, Decimal("1.5"))
    assert arm(company, "eve", "ambassador", *columns) == (0, 0, 18, Decimal("0.5"))


def test_amounts_without_a_margin_are_kept_apart(company):
    columns = ("margin_after", "amount_without_margin_after", "orders_without_margin_after")
    assert arm(company, "eve", None, *columns) == (0, 20, 1)


def test_who_was_contacted_and_never_seen_to_buy_is_a_customer_from_before(company):
    columns = ("acquired_source", "tenure_days", "orders_after", "days_after")
    assert arm(company, "old", "points", *columns) == ("existing", None, 0, 146)


def test_days_with_open_offers_are_all_days_from_the_first_touch_on(company):
    """With so few redeemed offers an offer counts as open for 60 days: 1 February to 29 April of ann's points."""
    [(points,), (gift,)] = table(company, "programmes where programme in ('points', 'gift')", "programme_no")
    if table(company, "programmes where programme = 'gift'", "programme_no") == [(points,)]:
        points, gift = gift, points
    people = table(
        company, "programme_days where orders_before = 1 and segment = 'home'", "treated_set", "open_set",
        "days", "orders", "margin_given",
    )  # fmt: skip
    ann = [row for row in people if row[0] != 0]
    open_days = {
        name: sum(row[2] for row in ann if row[1] >> bit & 1) for name, bit in (("p", points), ("g", gift))
    }
    assert open_days == {"p": 88, "g": 60}
    assert sum(row[2] for row in ann) == 150
    assert sum(row[3] for row in ann) == 2
    assert sum(row[4] for row in ann) == 28
    bob = [row for row in people if row[0] == 0]
    assert sum(row[2] for row in bob if row[1]) == 60
    assert sum(row[2] for row in bob) == 150


def test_a_programme_is_judged_by_friends_where_referrals_carry_its_name(company):
    assert dict(table(company, "programmes", "programme", "by_friends")) == {
        "points": False, "gift": False, "ambassador": True,
    }  # fmt: skip


def test_offers_made_and_redeemed_add_up(company):
    columns = (
        "name",
        "sum(customers)",
        "sum(customers_held_out)",
        "sum(redeemed)",
        "sum(friends)",
        "sum(offers)",
    )
    rows = table(company, "(select " + ", ".join((*columns[:1], *(f"{c} as c{i}" for i, c in enumerate(columns[1:]))))
                 + " from programme_offers where tenure_band is null group by name)", "*")  # fmt: skip
    # cat was held out first and got an offer later; the survey is no programme
    assert rows == [("ambassador", 1, 0, 0, 1, 1), ("gift", 1, 0, 1, 0, 1), ("points", 3, 1, 1, 0, 4)]


def test_without_arms_there_are_no_rows_and_offers_still_count(workspace):
    load(workspace, "sales", [sale("a1", "ann", "2026-01-01", 100, "search")])
    load(workspace, "reorders", [reorder("a2", "ann", "2026-02-10", 50, trigger="points", incentive_cost=2)])
    load(workspace, "spend", [spend("2026-01-01", "gift", 10, "retention")])
    for mart in ("programme_arms", "programme_days", "programmes"):
        assert table(workspace, mart, "*") == []
    columns = ("name", "redeemed", "incentive_cost", "customers")
    assert table(workspace, "programme_offers where tenure_band is null", *columns) == [("points", 1, 2, 0)]
