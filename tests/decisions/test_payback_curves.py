"""Payback by cohort of eight customers, worked out by hand."""

import math

import pytest

from analytics.decisions.customer_value import customer_value
from analytics.decisions.payback_curves import payback_curves
from analytics.decisions.period import read_known, read_period
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace
from tests.warehouse.staged_files import load, reorder, sale, spend

# First quarter: ann and ben for 120, 60 each. Second quarter: cat for 90. Dan came unpaid, eve's channel costs nothing.
SALES = [
    sale("a1", "ann", "2026-01-05", 100, "search", margin=40),
    sale("b1", "ben", "2026-03-20", 100, "search", margin=20),
    sale("d1", "dan", "2026-02-01", 100, None, margin=50),
    sale("e1", "eve", "2026-02-01", 100, "organic", margin=50),
    sale("c1", "cat", "2026-04-02", 100, "search", margin=30),
]
REORDERS = [
    reorder("a2", "ann", "2026-02-03", 50, margin=40),  # month 2 of ann
    reorder("b2", "ben", "2026-04-30", 50, margin=10),  # month 2 of ben
    reorder("a3", "ann", "2026-05-03", 50, margin=30),  # month 5 of ann, which ben has not finished
    reorder("c2", "cat", "2026-05-31", 50, margin=12),
]
SPEND = [
    spend("2026-01-01", "search", 70, "acquisition"),
    spend("2026-03-01", "search", 50, "acquisition"),
    spend("2026-04-01", "search", 90, "acquisition"),
    spend("2026-06-01", "search", 0, "acquisition"),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("company")) as opened:
        load(opened, "sales", SALES)
        load(opened, "reorders", [*REORDERS, reorder("x", "old", "2026-06-30", 1, margin=1)])
        load(opened, "spend", SPEND)
        yield opened


@pytest.fixture(scope="module")
def found(workspace):
    known = read_known(workspace)
    costed = read_period(workspace, known.window(Filters()), Filters(), None, known)
    return payback_curves(workspace, Filters(), costed, known.orders.last_day)


def curve(found, quarter):
    rows = found.curves[found.curves["cohort_quarter"] == quarter]
    return list(zip(rows["months"], rows["margin_per_customer"], strict=True))


def test_margin_accumulates_over_months_that_the_whole_cohort_has_finished(found):
    # Ben came in March, so the first quarter has finished four months by the end of June.
    assert curve(found, "2026-01-01") == [(1, 30.0), (2, 55.0), (3, 55.0), (4, 55.0)]
    assert curve(found, "2026-04-01") == [(1, 30.0), (2, 42.0), (3, 42.0)]


def test_cac_is_the_quarter_s_spend_by_the_customers_it_won(found):
    assert list(found.cohorts["customers"]) == [2, 1]
    assert list(found.cohorts["cac"]) == [60.0, 90.0]


def test_a_cohort_that_has_not_earned_its_cost_has_not_paid_back(found):
    assert all(math.isnan(month) for month in found.cohorts["payback_months"])


def test_a_cheaper_cohort_pays_back_in_the_month_its_margin_reaches_the_cost(tmp_path):
    with Workspace.open(tmp_path / "company") as cheap:
        load(cheap, "sales", SALES)
        load(cheap, "reorders", [*REORDERS, reorder("x", "old", "2026-06-30", 1, margin=1)])
        load(cheap, "spend", [line | {"amount": line["amount"] / 2} for line in SPEND])
        known = read_known(cheap)
        costed = read_period(cheap, known.window(Filters()), Filters(), None, known)
        cohorts = payback_curves(cheap, Filters(), costed, known.orders.last_day).cohorts
    assert list(cohorts["cac"]) == [30.0, 45.0]
    assert cohorts["payback_months"].iloc[0] == 1
    assert math.isnan(cohorts["payback_months"].iloc[1])


def test_deals_by_source_and_channel(workspace):
    lines = customer_value(workspace).deals.lines.set_index(["by", "name"])
    assert lines.loc[("all", ""), "orders"] == 10
    assert lines.loc[("source", "new"), "median"] == 100.0
    assert lines.loc[("all", ""), ["p25", "median", "p75"]].tolist() == [
        50.0,
        75.0,
        100.0,
    ]  # 1, 4 of 50, 5 of 100
    assert lines.loc[("all", ""), "mean"] == pytest.approx(701 / 10)
    assert ("source", "reorder") in lines.index
    assert ("channel", "organic") not in lines.index  # one deal has no distribution


def test_a_deal_far_above_the_others_is_named(tmp_path):
    usual = [sale(f"o{n}", f"c{n}", "2026-01-05", 10 + n, "search") for n in range(9)]
    with Workspace.open(tmp_path / "company") as workspace:
        load(workspace, "sales", [*usual, sale("big", "whale", "2026-01-07", 5000, "search", product="gold")])
        deals = customer_value(workspace).deals
    assert deals.outliers_found == 1
    assert deals.outliers.iloc[0][["order_id", "customer_id", "amount", "product"]].tolist() == [
        "big", "whale", 5000.0, "gold",
    ]  # fmt: skip
