"""Histories of seven customers worked out by hand: repeat days, recency and money, today and before the holdout."""

from datetime import date
from decimal import Decimal

import pytest
from staged_files import load, referral, reorder, sale, table

from analytics.warehouse.marts import HOLDOUT_DAYS


@pytest.fixture
def company(workspace):
    """The last day is 30 June: the holdout begins after 1 April."""
    load(
        workspace,
        "sales",
        [
            sale("a1", "ann", "2026-01-01", 100, "search", margin=40),
            sale("b1", "ben", "2026-01-10", 50, "search", margin=20, segment="home"),
            sale("c1", "cat", "2026-05-01", 70, None, margin=30),
            sale("d1", "dan", "2026-02-01", 30, "email"),
            sale("d2", "dan", "2026-02-01", 5, "email", margin=2),
            sale("e1", "eve", "2026-03-01", 60, "search", margin=24),
            sale("e1", "eve", "2026-03-09", -60, "search", margin=-24),
        ],
    )
    load(
        workspace,
        "reorders",
        [
            reorder("a2", "ann", "2026-01-31", 80, margin=32),
            reorder("a3", "ann", "2026-01-31", 20, margin=8),
            reorder("a4", "ann", "2026-04-01", 10, margin=4),
            reorder("a5", "ann", "2026-06-30", 40, margin=16),
            reorder("a2", "ann", "2026-02-05", -30, margin=-12),
            reorder("d3", "dan", "2026-02-11", 25),
            reorder("o1", "old", "2026-01-05", 15, margin=6),
            reorder("o2", "old", "2026-03-05", 25, margin=10),
            reorder("r1", "new", "2026-02-01", -9),
        ],
    )
    load(workspace, "referrals", [referral("f1", "ann", "2026-01-05", "ben")])
    return workspace


def history(workspace, customer, *columns):
    rows = table(workspace, "customer_histories", "customer_id", *columns)
    return next(tuple(row[1:]) for row in rows if row[0] == customer)


COUNTS = ("frequency", "recency_days", "frequency_before", "recency_days_before")
FIRST = ("first_revenue", "first_margin", "first_margin_revenue")
REPEAT = ("repeat_days", "repeat_revenue", "repeat_margin", "repeat_margin_revenue")


def test_repeat_days_count_once_however_many_orders_they_have(company):
    # Ann: 1 Jan, 31 Jan (twice), 1 April, 30 June; the last one lies in the holdout.
    assert HOLDOUT_DAYS == 90
    assert history(company, "ann", *COUNTS) == (3, 180, 2, 90)


def test_money_of_the_first_day_and_of_the_others_is_kept_apart(company):
    assert history(company, "ann", *FIRST) == (100, 40, 100)
    assert history(company, "ann", *REPEAT) == (3, 120, 48, 120)  # 80 + 20 + 10 + 40, less the refund of 30


def test_all_orders_of_the_first_day_are_the_first_purchase(company):
    assert history(company, "dan", *COUNTS) == (1, 10, 1, 10)
    assert history(company, "dan", *FIRST) == (35, 2, 5)  # only 5 of it states a margin
    assert history(company, "dan", *REPEAT) == (1, 25, 0, 0)


def test_a_refund_belongs_to_the_purchase_it_takes_back(company):
    assert history(company, "eve", *COUNTS) == (0, 0, 0, 0)
    assert history(company, "eve", *FIRST) == (0, 0, 0)
    assert history(company, "eve", *REPEAT) == (0, 0, 0, 0)


def test_a_customer_who_came_in_the_holdout_was_not_there_before(company):
    assert history(company, "cat", *COUNTS) == (0, 0, None, None)


def test_a_customer_from_before_the_data_starts_at_the_first_order_seen(company):
    assert history(company, "old", "first_day", *COUNTS) == (date(2026, 1, 5), 1, 59, 1, 59)
    assert history(company, "old", *FIRST) == (0, 0, 0)
    assert history(company, "old", *REPEAT) == (2, 40, 16, 40)  # all of the days are repeats


def test_a_customer_without_an_order_has_no_history(company):
    customers = [row[0] for row in table(company, "customer_histories", "customer_id")]
    assert customers == ["ann", "ben", "cat", "dan", "eve", "old"]


def test_first_and_repeat_money_add_up_to_all_of_it(company):
    of_histories = table(company, "customer_histories", "sum(first_revenue + repeat_revenue)")[0][0]
    assert of_histories == table(company, "customers", "sum(revenue)")[0][0] + Decimal(9)  # the lone refund


def test_groups_stand_for_source_channel_segment_and_region(company):
    groups = table(company, "history_groups", "acquired_source", "acquired_channel", "segment", "region")
    assert ("referral", "search", "home", None) in groups
    assert ("existing", None, None, None) in groups
    assert ("new", None, None, None) in groups
    number = history(company, "ben", "group_no")[0]
    rows = table(company, "history_groups", "group_no", "acquired_source", "segment")
    assert (number, "referral", "home") in rows


def test_taking_an_upload_back_takes_its_histories_back(company):
    reorders = next(e for e in company.entries if e.kind == "reorders")
    company.undo(reorders.upload_id)
    assert history(company, "ann", *COUNTS) == (0, 0, 0, 0)
    assert "old" not in [row[0] for row in table(company, "customer_histories", "customer_id")]
