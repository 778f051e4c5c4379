"""The case of a company of six customers, worked out by hand; then of three hundred, against resampling."""

import json
import math
import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from analytics.decisions import case as case_module
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import case
from analytics.decisions.case_json import case_json
from analytics.decisions.channel_responses import NO_RESPONSES
from analytics.decisions.window import Window
from analytics.warehouse.filters import Filters
from tests.decisions.small_company import Settings, SmallCompany

# customer, day, amount, margin, source, channel or trigger, incentive
ORDERS = [
    ("anna", "2025-01-10", 100, 40, "new", "search"),
    ("anna", "2025-02-20", 50, 20, "reorder", None),  # her month 1
    ("anna", "2025-03-15", 30, 12, "reorder", None),  # her month 2, not finished on 31 March
    ("bert", "2025-01-15", 100, 40, "new", "search"),
    ("bert", "2025-02-01", -50, -20, "new", "search"),  # half of it sent back
    ("cleo", "2025-01-20", 80, 32, "new", "organic"),
    ("dora", "2025-02-01", 60, 24, "referral", "friends"),
    ("emil", "2025-01-01", 200, 80, "reorder", "loyalty", 10),  # loyalty has spend of its own
    ("emil", "2025-03-05", 100, 40, "reorder", None),
    ("finn", "2025-03-31", 100, 40, "reorder", "points", 5),  # points has none
]
SPEND = [
    ("2025-01-01", "search", "acquisition", 60),
    ("2025-02-01", "search", "acquisition", 40),
    ("2025-03-01", "search", "acquisition", 20),
    ("2025-01-01", "loyalty", "retention", 10),
    ("2025-02-01", "loyalty", "retention", 10),
    ("2025-03-01", "loyalty", "retention", 10),
]
REWARDS = [("emil", "2025-02-01", 8, "friends")]
MONTH = 1.1 ** (-1 / 12)
VALUE = 10 * MONTH  # of two customers won, one reordered for 20 in month 1; nobody in month 0


def company(**changes) -> SmallCompany:
    parts = {"orders": ORDERS, "spend": SPEND, "rewards": REWARDS} | changes
    return SmallCompany(**parts)


@pytest.fixture(scope="module")
def found():
    return case(company())


def test_sources_add_up(found):
    revenue = found.revenue
    assert (revenue.new, revenue.referral, revenue.reorder, revenue.unknown) == (230.0, 60.0, 480.0, 0.0)
    assert revenue.total == 770.0
    assert {name: (count.orders, count.value) for name, count in found.orders.items()} == {
        "new": (3, 280.0),
        "referral": (1, 60.0),
        "reorder": (5, 480.0),
        "unknown": (0, 0.0),
        "refunds": (1, -50.0),
    }


def test_spend_and_customers(found):
    assert found.acquisition.spend == 120.0
    assert found.acquisition.customers == 2  # cleo came by herself, dora was brought
    assert found.acquisition.cost_per_customer == 60.0
    assert found.acquisition.blended_cost == 30.0
    assert (found.retention.programmes, found.retention.incentives) == (30.0, 13.0)
    assert found.retention.incentives_in_programmes == 10.0  # part of the 30, not charged twice
    assert found.retention.spend == 43.0
    assert found.retention.customers == 3


def test_booked_lens(found):
    assert found.acquisition.booked.margin.value == pytest.approx(60.0)
    assert found.acquisition.booked.roi.value == pytest.approx(60 / 120 - 1)
    assert found.retention.booked.margin.value == pytest.approx(216.0)
    assert found.retention.booked.roi.value == pytest.approx(216 / 43 - 1)


def with_friends(value: float) -> float:
    """One friend came with 24 beside 192 of reorders, and goes on as a customer won does."""
    return value * (1 + 24 / 192 * (1 + value / 24))


def test_incremental_lens(found):
    value = with_friends(VALUE)
    assert found.value_per_customer == pytest.approx(value)
    assert found.value_months == 2
    assert found.acquisition.incremental.margin.value == pytest.approx(60 + 0.6 * 2 * value)
    assert found.acquisition.incremental.roi.value == pytest.approx((60 + 1.2 * value) / 120 - 1)
    assert found.retention.incremental.margin.value == pytest.approx(0.4 * 216)
    assert found.retention.incremental.roi.value == pytest.approx(0.4 * 216 / 43 - 1)
    kept, won, follows = 216 / 43, 60 / 120, 2 * value / 120
    assert found.break_even.value == pytest.approx((kept - won) / (kept + follows))
    assert found.grade == "C"


def test_marginal_lens_is_left_open(found):
    assert not found.acquisition.marginal.roi.known
    assert not found.retention.marginal.roi.known


def test_six_figures(found):
    figures = {figure.name: figure for figure in found.figures}
    assert figures["cac"].value == 60.0
    assert figures["cost_to_keep"].value == pytest.approx(43 / 3)
    assert figures["repeat_rate"].value == pytest.approx(3 / 6)
    assert figures["referred_share"].value == pytest.approx(1 / 4)
    assert figures["retention_budget_share"].value == pytest.approx(43 / 163)
    assert math.isnan(figures["payback_months"].value)  # 30 in month 1, 40 in month 2, of 60
    assert figures["payback_months"].not_yet
    assert all(math.isnan(figure.previous) for figure in found.figures)
    assert len(figures) == 6


def test_payback_comes_with_the_month_that_reaches_the_cac():
    cheap = [(month, name, motion, amount * 2 / 3) for month, name, motion, amount in SPEND]
    figures = {figure.name: figure.value for figure in case(company(spend=cheap)).figures}
    assert figures["cac"] == pytest.approx(40.0)
    assert figures["payback_months"] == 2.0  # (60 + 20) / 2 customers


def test_figures_of_the_period_before():
    first = Filters(first_day=date(2025, 2, 1), last_day=date(2025, 2, 28))
    figures = {figure.name: figure for figure in case(company(), first).figures}
    assert figures["repeat_rate"].previous == pytest.approx(1 / 4)  # January: emil, of four
    assert figures["repeat_rate"].value == pytest.approx(1 / 2)  # February: anna, of two
    assert figures["repeat_rate"].change == pytest.approx(1 / 4)
    assert figures["cac"].previous == pytest.approx(60 / 2)
    assert math.isnan(figures["cac"].value)  # 40 spent, nobody won
    assert figures["retention_budget_share"].previous == pytest.approx(10 / 70)


def test_a_row_twice_as_old_or_shuffled_changes_nothing(found):
    shuffled = ORDERS.copy()
    random.Random(1).shuffle(shuffled)
    other = case(company(orders=shuffled, spend=SPEND[::-1]))
    assert case_json(other) == case_json(found)


def test_money_in_another_unit_leaves_returns_as_they_are(found):
    orders = [(c, d, 10 * a, 10 * m, *rest[:2], *(10 * i for i in rest[2:])) for c, d, a, m, *rest in ORDERS]
    spend = [(*line[:3], 10 * line[3]) for line in SPEND]
    rewards = [(who, day, 10 * cost, name) for who, day, cost, name in REWARDS]
    other = case(company(orders=orders, spend=spend, rewards=rewards))
    assert other.lenses["roi"].to_numpy() == pytest.approx(found.lenses["roi"].to_numpy(), nan_ok=True)
    assert other.lenses["low"].to_numpy() == pytest.approx(found.lenses["low"].to_numpy(), nan_ok=True)
    assert other.revenue.total == 10 * found.revenue.total


def test_names_that_differ_in_capitals_only_are_the_same():
    spend = [(month, name.title(), motion, amount) for month, name, motion, amount in SPEND]
    other = case(company(spend=spend))
    assert other.acquisition.customers == 2
    assert other.retention.spend == 43.0


def test_a_margin_rate_stands_in_where_rows_have_no_margin():
    orders = [(*order[:3], None if order[0] == "anna" else order[3], *order[4:]) for order in ORDERS]
    rated = case(company(orders=orders, settings=Settings(margin_rate=0.4)))
    assert rated.retention.booked.margin.value == pytest.approx(216.0)  # all margins are 40 % anyway
    assert rated.acquisition.booked.margin.value == pytest.approx(60.0)
    assert rated.estimated_margin_share == pytest.approx(0.4 * 180 / 308)
    assert any("23 % of all margin is estimated with the margin rate of 40 %" in note for note in rated.notes)


def test_without_a_margin_rate_such_a_margin_is_not_known():
    orders = [(*order[:3], None if order[0] == "finn" else order[3], *order[4:]) for order in ORDERS]
    found = case(company(orders=orders))
    assert not found.retention.booked.margin.known
    assert found.acquisition.booked.margin.known
    assert found.verdict is None
    assert [missing.what for missing in found.missing] == [
        "1 order has no margin, and no margin rate is set."
    ]
    assert "average 40 %" in found.missing[0].how


def test_horizon_and_discount_bound_the_value_of_a_new_customer():
    month_only = case(company(), assumptions=Assumptions(horizon_months=1))
    assert (month_only.value_months, month_only.value_per_customer) == (1, 0.0)
    undiscounted = case(company(), assumptions=Assumptions(discount_rate=0.0))
    assert undiscounted.value_per_customer == pytest.approx(with_friends(10.0))
    assert any("2 months instead of 12" in note for note in undiscounted.notes)


def test_spend_that_covers_part_of_the_window_is_set_against_that_part(found):
    part = case(company(spend=[line for line in SPEND if line[0] < "2025-03"]))
    assert part.window == found.window == Window(date(2025, 1, 1), date(2025, 3, 31))
    assert part.costed == Window(date(2025, 1, 1), date(2025, 2, 28))
    assert part.revenue == found.revenue
    assert part.retention.booked.margin.value == pytest.approx(20 + 24 + 80)
    assert part.retention.spend == pytest.approx(20 + 8)  # finn's incentive came in March
    assert any("from 1 January 2025 to 28 February 2025 only" in note for note in part.notes)


def test_a_month_partly_in_the_window_is_charged_by_its_days():
    half = Filters(first_day=date(2025, 2, 15), last_day=date(2025, 2, 28))
    assert case(company(), half).acquisition.spend == pytest.approx(20.0)


def test_orders_without_a_customer_belong_to_neither_side(found):
    other = case(company(orders=[*ORDERS, (None, "2025-02-02", 30, 12, "unknown", "search")]))
    assert other.revenue.unknown == 30.0
    assert other.revenue.total == 800.0
    assert other.lenses.equals(found.lenses)
    assert any("3.8 % of revenue has no customer number" in note for note in other.notes)


def test_lines_of_the_break_even_chart_cross_at_the_break_even_share(found):
    lines = found.break_even_lines.pivot(index="baseline_share", columns="motion", values="roi")
    b = found.break_even.value
    acquisition = lines["acquisition"].iloc[0] + b * (
        lines["acquisition"].iloc[-1] - lines["acquisition"].iloc[0]
    )
    retention = lines["retention"].iloc[0] + b * (lines["retention"].iloc[-1] - lines["retention"].iloc[0])
    assert acquisition == pytest.approx(retention)
    assert lines.loc[12 / 20, "retention"] == pytest.approx(found.retention.incremental.roi.value)
    assert lines.loc[12 / 20, "acquisition"] == pytest.approx(found.acquisition.incremental.roi.value)


def test_json_has_the_promised_shape(found):
    answer = json.loads(json.dumps(case_json(found), allow_nan=False))
    assert answer["window"]["first"] == "2025-01-01"
    assert answer["revenue"] == {"new": 230.0, "referral": 60.0, "reorder": 480.0, "total": 770.0}
    assert answer["orders"]["refunds"] == {"count": 1, "value": -50.0}
    assert set(answer["acquisition"]) == {"spend", "customers", "cac", "booked", "incremental", "marginal"}
    assert set(answer["retention"]) == {
        "spend", "customers", "cost_per_customer", "booked", "incremental", "marginal"
    }  # fmt: skip
    assert answer["retention"]["cost_per_customer"] == 14.33
    assert set(answer["retention"]["booked"]["roi"]) == {"value", "low", "high"}
    assert answer["retention"]["marginal"]["roi"] is None
    assert answer["baseline_share"] == 0.6
    assert answer["grade"] == "C"
    assert answer["verdict"] == found.verdict
    assert answer["next_budget"] is None
    assert answer["sentence"] == found.sentence
    assert answer["missing"] == []


def test_cents_of_the_sources_add_up_to_those_of_the_total():
    orders = [
        ("anna", "2025-01-10", 0.335, 0, "new", "search"),
        ("dora", "2025-01-10", 0.335, 0, "referral", "friends"),
        ("emil", "2025-01-10", 0.335, 0, "reorder", None),
    ]
    revenue = case_json(case(company(orders=orders)))["revenue"]
    assert revenue["total"] == 1.0
    assert sum(round(100 * revenue[name]) for name in ("new", "referral", "reorder")) == 100


def many_customers(seed: int) -> list[tuple]:
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(300):
        name, first = f"c{number:03d}", date(2024, 1, 1) + timedelta(days=int(rng.integers(0, 600)))
        kind = rng.choice(["search", "organic", "friends", "existing"], p=[0.5, 0.15, 0.15, 0.2])
        if kind != "existing":
            margin = round(float(rng.gamma(2.0, 15.0)), 2)
            source = "referral" if kind == "friends" else "new"
            rows.append((name, str(first), round(2.5 * margin, 2), margin, source, str(kind)))
        for gap in rng.integers(1, 700, rng.poisson(2.5)):
            margin = round(float(rng.gamma(1.2, 20.0)), 2)
            trigger, cost = ("points", round(0.2 * margin, 2)) if rng.random() < 0.4 else (None, None)
            day = first + timedelta(days=int(gap))
            if day <= date(2025, 12, 31):
                rows.append((name, str(day), round(2.5 * margin, 2), margin, "reorder", trigger, cost))
    rows.append(("edge", "2025-12-31", 1.0, 0.4, "reorder", None))
    return rows


def months_between(first: date, day: date) -> int:
    return 12 * (day.year - first.year) + day.month - first.month - (day.day < first.day)


def friends_of(rows, value: float) -> float:
    """What friends add to each unit of reorders; a friend reorders as much as a customer won, `value`."""
    first = [row[3] for row in rows if row[4] == "referral"]
    kept = sum(row[3] for row in rows if row[4] == "reorder")
    return sum(first) / kept * (1 + value / (sum(first) / len(first)))


def resampled_returns(rows, won_spend, fixed, share, replicates=20_000):
    """(acquisition, retention) margin per unit of spend of Poisson resamples, each worked out anew."""
    names = sorted({row[0] for row in rows})
    index = {name: number for number, name in enumerate(names)}
    shape = (len(names), 12)
    won, n, kept, cost = (np.zeros(len(names)) for _ in range(4))
    margins, finished = np.zeros(shape), np.zeros(shape)
    first_days = {
        row[0]: date.fromisoformat(row[1]) for row in rows if row[4] == "new" and row[5] == "search"
    }
    for name, first in first_days.items():
        finished[index[name], : min(12, months_between(first, date(2026, 1, 1)))] = 1
    for name, day, _amount, margin, source, channel, *incentive in rows:
        i = index[name]
        if source == "new":
            won[i] += margin * (channel == "search")
            n[i] += channel == "search"
        else:
            kept[i] += margin
            cost[i] += (incentive or [0])[0] or 0
        if source == "reorder" and name in first_days:
            age = months_between(first_days[name], date.fromisoformat(day))
            if age < 12 and finished[i, age]:
                margins[i, age] += margin
    weights = np.random.default_rng(7).poisson(1.0, (replicates, len(names)))
    value = ((weights @ margins) / (weights @ finished)) @ MONTH ** np.arange(12)
    value *= 1 + friends_of(rows, float(margins.sum(0) / finished.sum(0) @ MONTH ** np.arange(12)))
    acquisition = (weights @ won + share * (weights @ n) * value) / won_spend
    return acquisition, (1 - share) * (weights @ kept) / (fixed + weights @ cost)


def test_intervals_are_those_of_resampling_customers_and_computing_everything_anew(monkeypatch):
    # spend that never moves tells nothing of what it causes: here all customers won are taken as caused
    monkeypatch.setattr(case_module, "read_responses", lambda *_: NO_RESPONSES)
    rows = many_customers(3)
    spend = [
        (f"{year}-{month:02d}-01", "search", "acquisition", 150)
        for year in (2024, 2025)
        for month in range(1, 13)
    ]
    spend += [("2024-01-01", "club", "retention", 800)]
    first = min(row[1] for row in rows)
    assert first <= "2024-01-07"  # so that the window holds all of January's spend
    found = case(
        company(orders=rows, spend=spend, rewards=[]), assumptions=Assumptions(baseline_share_range=0.0)
    )
    acquisition, retention = resampled_returns(rows, 3_600.0, 800.0, 0.6)
    for side, replicates in ((found.acquisition, acquisition), (found.retention, retention)):
        low, high = np.quantile(replicates - 1, [0.1, 0.9])
        assert side.incremental.roi.low == pytest.approx(low, abs=0.04 * (high - low))
        assert side.incremental.roi.high == pytest.approx(high, abs=0.04 * (high - low))
    expected = (retention > acquisition).mean()
    assert found.probability_retention_better == pytest.approx(expected, abs=0.02)


def test_nothing_depends_on_the_settings_alone():
    """An assumption given with the question goes before the workspace's setting."""
    settings = Settings(baseline_share=0.2)
    there = case(
        company(settings=settings), assumptions=Assumptions.of(settings, baseline_share=0.6, margin_rate=None)
    )
    assert there.assumptions == replace(Assumptions(), baseline_share=0.6, baseline_is_given=True)
    assert case(company(settings=settings)).assumptions.baseline_share == 0.2
