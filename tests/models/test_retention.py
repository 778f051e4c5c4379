"""Cohorts and revenue retention: worked by hand, and laws that hold for whatever orders there are."""

from datetime import date, timedelta
from types import SimpleNamespace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from analytics.models.retention import (
    IN_MONTH,
    OR_LATER,
    annual_rate,
    data_end,
    last_finished_month,
    month_number,
    month_start,
    read_cohorts,
    revenue_retention,
)
from analytics.warehouse.filters import Filters
from tests.models.small_marts import SmallMarts

JANUARY, FEBRUARY, APRIL, MAY = (date(2026, month, 1) for month in (1, 2, 4, 5))
ORDERS = [
    ("ann", "2026-01-05", 100), ("ann", "2026-02-10", 50), ("ann", "2026-04-03", 30),
    ("ben", "2026-01-20", 80),
    ("cat", "2026-01-31", 60), ("cat", "2026-04-02", 40), ("cat", "2026-04-20", -10),
    ("dan", "2026-01-02", 20), ("dan", "2026-02-01", 20), ("dan", "2026-03-01", 20),
    ("eve", "2026-02-03", 100), ("eve", "2026-03-03", 10),
    ("fay", "2026-02-20", 40),
    ("gus", "2026-04-01", 70), ("gus", "2026-05-09", 70), ("gus", "2026-06-30", 5),
    ("hal", "2026-05-30", 10),
    ("old", "2026-02-01", 50), ("old", "2026-05-01", 70),
]  # fmt: skip
GIVEN = {
    "ann": ("new", "search", "home", "north"), "ben": ("new", "email", "home", "south"),
    "cat": ("new", "search", "office", "north"), "old": ("existing", None, "home", "north"),
}  # fmt: skip


@pytest.fixture(scope="module")
def company() -> SmallMarts:
    """Eight customers won from January to May, and one from before the data; the data end on 30 June."""
    return SmallMarts(ORDERS, GIVEN)


@pytest.fixture(scope="module")
def cohorts(company):
    return read_cohorts(company).view()


def rates(table, cohort: date, column: str = "rate") -> list[float]:
    return list(table.loc[table["cohort_month"] == cohort, column])


def test_active_in_month_n_by_hand(cohorts):
    table = cohorts.table(IN_MONTH)
    assert rates(table, JANUARY) == [1, 0.5, 0.25, 0.5, 0, 0]
    assert rates(table, FEBRUARY) == [1, 0.5, 0, 0, 0]
    assert rates(table, APRIL) == [1, 1, 1]
    assert rates(table, MAY) == [1, 0]
    assert rates(table, date(2026, 3, 1)) == []  # nobody was won in March
    assert table.groupby("cohort_month")["size"].first().to_list() == [4, 2, 1, 1]


def test_active_in_month_n_or_later_by_hand(cohorts):
    table = cohorts.table(OR_LATER)
    assert rates(table, JANUARY) == [
        1,
        0.75,
        0.75,
        0.5,
        0,
        0,
    ]  # ann until April, cat in April, dan until March
    assert rates(table, FEBRUARY) == [1, 0.5, 0, 0, 0]
    assert rates(table, APRIL) == [1, 1, 1]


def test_revenue_is_held_against_the_first_month_and_less_refunds(cohorts):
    table = cohorts.table(IN_MONTH, "revenue")
    assert rates(table, JANUARY, "value") == [260, 70, 20, 60, 0, 0]
    assert rates(table, JANUARY) == pytest.approx([1, 70 / 260, 20 / 260, 60 / 260, 0, 0])
    assert rates(cohorts.table(OR_LATER, "revenue"), JANUARY, "value") == [410, 150, 80, 60, 0, 0]


def test_a_margin_that_is_not_known_for_every_order_is_not_made_up(company, cohorts):
    assert not cohorts.has_margin
    assert np.isnan(cohorts.table(IN_MONTH, "margin")["value"]).all()
    with_rate = read_cohorts(company).view(margin_rate=0.4).table(IN_MONTH, "margin")
    assert rates(with_rate, JANUARY, "value") == pytest.approx([104, 28, 8, 24, 0, 0])


def test_averages_are_weighted_by_the_cohorts_sizes(cohorts):
    curve = cohorts.curve(IN_MONTH).set_index("months_since_first_order")
    assert curve.loc[1, "rate"] == (2 + 1 + 1 + 0) / (4 + 2 + 1 + 1)
    assert curve.loc[2, "rate"] == (1 + 0 + 1) / (4 + 2 + 1)


def test_or_later_is_finished_only_when_two_more_months_are_over(cohorts):
    table = cohorts.table(OR_LATER)
    assert rates(table, JANUARY, "finished") == [True] * 4 + [False] * 2
    assert rates(table, APRIL, "finished") == [True, False, False]
    assert cohorts.curve(OR_LATER)["size"].to_list() == [7, 6, 6, 4]


def test_a_month_that_is_not_over_is_marked_and_left_out():
    cohorts = read_cohorts(SmallMarts([*ORDERS, ("ann", "2026-07-10", 5)], GIVEN)).view()
    table = cohorts.table(IN_MONTH)
    assert rates(table, JANUARY) == [1, 0.5, 0.25, 0.5, 0, 0, 0.25]
    assert rates(table, JANUARY, "finished") == [True] * 6 + [False]
    assert 6 not in set(cohorts.curve()["months_since_first_order"])


def test_one_age_over_time_holds_the_finished_cells_only(cohorts):
    assert cohorts.at_age(2)["cohort_month"].to_list() == [JANUARY, FEBRUARY, APRIL]
    assert cohorts.at_age(2)["rate"].to_list() == [0.25, 0, 1]


def test_filters_choose_customers_and_days_choose_cohorts(company):
    cube = read_cohorts(company)
    assert rates(cube.view(Filters(channels=("search",))).table(), JANUARY) == [1, 0.5, 0, 1, 0, 0]
    assert rates(cube.view(Filters(segments=("home",), regions=("south",))).table(), JANUARY, "size")[0] == 1
    later = cube.view(Filters(first_day=date(2026, 2, 10), last_day=date(2026, 4, 30))).table()
    assert set(later["cohort_month"]) == {FEBRUARY, APRIL}
    assert not len(cube.view(Filters(channels=("nobody",))).table())


def test_channel_by_month_adds_up_to_the_revenue_of_customers_won(company):
    lines = read_cohorts(company).by_channel()
    assert lines["revenue"].sum() == sum(amount for who, _day, amount in ORDERS if who != "old")
    april = lines[(lines["channel"] == "search") & (lines["month"] == APRIL)]
    assert april[["customers", "orders", "revenue"]].to_numpy().tolist() == [[2, 2, 60]]


def test_the_cube_holds_customers_from_before_the_data_apart(company):
    assert company.con.execute("select sum(revenue) from cohort_cube").fetchone() == (
        sum(o[2] for o in ORDERS),
    )
    existing = company.con.execute(
        "select sum(orders) from cohort_cube where cohort_month is null"
    ).fetchone()
    assert existing == (2,)


def test_an_unknown_definition_is_refused(cohorts):
    with pytest.raises(ValueError, match="no cohort table"):
        cohorts.table("active sometimes")


def test_revenue_retention_by_hand(company):
    """Q1: ann 150, ben 80, cat 60, dan 60, eve 110, fay 40, old 50. Q2: ann 30, cat 30, old 70."""
    [line] = revenue_retention(company).to_dict("records")
    assert (line["customers_before"], line["customers_now"]) == (7, 3)
    assert (line["revenue_before"], line["revenue_now"], line["revenue_kept"]) == (550, 130, 110)
    assert (line["nrr"], line["grr"]) == pytest.approx((130 / 550, 110 / 550))
    assert line["finished"]


def test_a_refund_of_last_quarter_s_order_lowers_both_rates():
    [line] = revenue_retention(
        SmallMarts([("ann", "2026-01-01", 100), ("ben", "2026-02-01", 100), ("ann", "2026-04-05", -40),
                    ("ben", "2026-06-30", 10)])
    ).to_dict("records")  # fmt: skip
    assert (line["nrr"], line["grr"], line["customers_now"]) == (-0.15, -0.15, 1)


def test_against_the_same_quarter_a_year_before():
    marts = SmallMarts([("ann", "2025-01-01", 100), ("ann", "2026-03-31", 150), ("ben", "2025-03-01", 50)])
    [line] = revenue_retention(marts, quarters_before=4).to_dict("records")
    assert (line["quarter"].month, line["nrr"], line["grr"]) == (1, 1.0, 100 / 150)
    with pytest.raises(ValueError, match="not 2"):
        revenue_retention(marts, quarters_before=2)


def test_a_quarter_in_part_is_marked():
    marts = SmallMarts([("ann", "2026-01-20", 1), ("ann", "2026-04-20", 1), ("ann", "2026-07-20", 1)])
    assert revenue_retention(marts)["finished"].to_list() == [False, False]


def test_annual_churn_is_compounded_not_multiplied():
    assert annual_rate(0.1, 365 / 4) == pytest.approx(1 - 0.9**4)
    assert annual_rate(0.5, 90) < 1
    assert annual_rate(0.2, 365) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="0 days"):
        annual_rate(0.1, 0)


@pytest.mark.parametrize(
    ("day", "month"), [("2026-06-30", 6), ("2026-06-28", 6), ("2026-06-27", 5), ("2026-07-01", 6)]
)
def test_a_weekend_without_orders_does_not_leave_a_month_unfinished(day, month):
    assert month_start(last_finished_month(date.fromisoformat(day))) == date(2026, month, 1)


def test_the_data_reach_to_the_end_that_was_stated_unless_it_is_far():
    def upload(day):
        return SimpleNamespace(stands=True, kind="sales", period_last_day=date.fromisoformat(day))

    orders = [("ann", "2026-06-25", 1)]
    assert data_end(SmallMarts(orders)) == date(2026, 6, 25)
    assert data_end(SmallMarts(orders, entries=(upload("2026-06-30"),))) == date(2026, 6, 30)
    assert data_end(SmallMarts(orders, entries=(upload("2026-12-31"),))) == date(2026, 6, 25)


def test_without_orders_there_is_no_cohort():
    empty = SmallMarts([])
    assert not len(read_cohorts(empty).view().table())
    assert not len(revenue_retention(empty))


orders = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 700), st.integers(-50, 200)),
    min_size=1,
    max_size=60,
).map(lambda rows: [(who, date(2024, 1, 1) + timedelta(days), cents / 10) for who, days, cents in rows])


@settings(max_examples=25)
@given(orders)
def test_laws_of_cohorts(rows):
    cohorts = read_cohorts(SmallMarts(rows)).view()
    single, later = cohorts.table(IN_MONTH), cohorts.table(OR_LATER)
    assert single["rate"].between(0, 1).all()
    assert later["rate"].between(0, 1).all()
    assert (later["value"] >= single["value"]).all()
    falls = later.groupby("cohort_month")["rate"].diff().dropna()
    assert (falls <= 0).all()
    assert (single.loc[single["months_since_first_order"] == 0, "rate"] == 1).all()


@settings(max_examples=25)
@given(orders, st.sampled_from([1, 4]))
def test_laws_of_revenue_retention(rows, distance):
    lines = revenue_retention(SmallMarts(rows), quarters_before=distance)
    assert (lines["grr"] <= 1 + 1e-12).all()
    assert (lines["grr"] <= lines["nrr"] + 1e-12).all()
    assert lines["customer_retention"].between(0, 1).all()
    assert (lines["revenue_before"] > 0).all()


@settings(max_examples=15)
@given(orders)
def test_the_order_of_rows_changes_nothing(rows):
    first, second = (
        read_cohorts(SmallMarts(r)).view().table(IN_MONTH, "revenue") for r in (rows, rows[::-1])
    )
    assert first.equals(second)


def test_months_are_counted_from_the_year_0():
    assert month_start(month_number(date(2026, 12, 31))) == date(2026, 12, 1)
