"""Said and happened: a plan is kept as it was made, and later months lie inside or outside of its band."""

import json
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.decisions import budget_plan
from analytics.decisions.budget_plan import Plan, made, said_and_happened
from analytics.decisions.interval import Interval
from tests.decisions.budget_company import company

SPEND = {"search": 100.0, "display": 100.0, "points": 100.0}
PLAN = Plan(
    SPEND,
    ("search", "display"),
    date(2026, 10, 1),
    (Interval(75, 60, 90), Interval(80, 65, 95), Interval(80, 65, 95)),
    (Interval(75, 60, 90), Interval(155, 135, 175), Interval(235, 210, 260)),
    (Interval(500, 400, 600),) * 3,
    "abc",
)
ROWS = [
    ("2026-10-01", "Search", "acquisition", 110.0, 50),
    ("2026-10-01", "display", "acquisition", 100.0, 20),
    ("2026-10-01", "points", "retention", 100.0, 0),
    ("2026-10-01", "organic", None, 0.0, 400),
    ("2026-10-01", None, None, 0.0, 3),
    ("2026-11-01", "search", "acquisition", 90.0, 64),
    ("2026-11-01", "radio", "acquisition", 500.0, 9),
]


@dataclass
class Days:
    last_day: date


@dataclass
class Known:
    orders: Days
    spend: Days | None


class Books:
    currency = "EUR"

    def query(self, _name, first_month, last_month):
        rows = pd.DataFrame(ROWS, columns=["month", "name", "motion", "spend", "customers"])
        rows["month"] = pd.to_datetime(rows["month"])
        return rows[rows["month"].between(pd.Timestamp(first_month), pd.Timestamp(last_month))]


@pytest.fixture
def until(monkeypatch):
    def until(orders: date, spend: date | None = date(2026, 12, 31)):
        known = Known(Days(orders), Days(spend) if spend else None)
        monkeypatch.setattr(budget_plan, "read_known", lambda _workspace: known)
        return said_and_happened(Books(), PLAN)

    return until


def test_months_beside_the_band(until):
    """October: 50 + 20, inside 60 to 90; November: 64, below 65; together 134, below 135. Other channels do not count."""
    found = until(date(2026, 11, 30))
    assert found.months["came"].tolist() == [70, 64]
    assert found.months["inside"].tolist() == [True, False]
    assert found.months["spend"].tolist() == [310, 90]
    assert found.months["planned_spend"].tolist() == [300, 300]
    assert found.came == 134
    assert found.sentence == (
        "New customers of the 2 months since the plan: 1 inside the foreseen 80 % band, 1 outside. "
        "Together 134 came, fewer than foreseen: 155 (135 to 175). €400 was spent, €600 was planned."
    )


def test_a_month_that_is_not_over_does_not_count(until):
    found = until(date(2026, 11, 12))
    assert found.months["came"].tolist() == [70]
    assert "all inside the foreseen 80 % band" in found.sentence
    assert "as foreseen: 75 (60 to 90)" in found.sentence


def test_nor_does_a_month_without_its_spend(until):
    assert len(until(date(2026, 11, 30), spend=date(2026, 10, 31)).months) == 1
    assert len(until(date(2026, 11, 30), spend=None).months) == 0


def test_before_the_plan_begins(until):
    expected = "The plan begins in October 2026; no whole month of it is loaded yet."
    assert until(date(2026, 9, 30)).sentence == expected


def test_a_month_without_a_row_brought_nobody(until):
    assert until(date(2026, 12, 31)).months["came"].tolist() == [70, 64, 0]


def test_a_plan_comes_back_as_it_was_kept():
    assert Plan.from_json(json.loads(json.dumps(PLAN.to_json()))) == PLAN


@pytest.mark.parametrize("kept", [None, {}, [], {"spend": 3}, {**PLAN.to_json(), "first_month": "soon"}])
def test_what_is_no_plan_is_none(kept):
    assert Plan.from_json(kept) is None


def test_what_a_plan_foresees():
    """75 customers a month for certain; the chance of single months spreads them by the root of 75, about."""
    plan = made(many_draws(), SPEND, date(2026, 10, 1), "abc")
    assert [month.value for month in plan.customers] == pytest.approx([75, 75])
    assert plan.together[1].value == pytest.approx(150)
    half = 1.2816 * 75**0.5
    assert plan.customers[0].low == pytest.approx(75 - half, abs=1.5)
    assert plan.customers[0].high == pytest.approx(75 + half, abs=1.5)
    assert plan.together[1].high - 150 == pytest.approx(half * 2**0.5, abs=2)
    assert [month.value for month in plan.margin] == pytest.approx([450 + 600, 900 + 600])


def test_months_that_swung_more_make_the_band_wider():
    calm = made(many_draws(), SPEND, date(2026, 10, 1), "").customers[0]
    wild = made(many_draws(outcome=(0.0, 140.0)), SPEND, date(2026, 10, 1), "").customers[0]
    assert wild.high - wild.low > 1.5 * (calm.high - calm.low)


def many_draws(**search):
    """The same company with 4,000 draws, which are all alike."""
    model = company(**search)
    lines = []
    for line in model.lines:
        parts = ("ceiling", "k", "value_per_outcome")
        alike = {part: np.resize(getattr(line.curve, part), 4_000) for part in parts}
        curve = replace(line.curve, **alike)
        lines.append(replace(line, curve=curve))
    return replace(model, lines=tuple(lines))
