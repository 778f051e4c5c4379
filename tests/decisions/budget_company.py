"""A company of two channels and one programme whose every number can be worked out by hand, and which is sure of them.

Spends of 100 a month reach half of a ceiling of 100 customers (or of 4 of money per customer): k = ln 2 / 100.
"""

import math

import numpy as np

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget import Budget, Wish, advised
from analytics.decisions.budget_model import ACQUISITION, RETENTION, BudgetModel, Line
from analytics.decisions.response_curve import Curve

HALF = math.log(2) / 100


def line(
    name: str,
    motion: str = ACQUISITION,
    now: float = 100.0,
    ceiling=100.0,
    value=10.0,
    carryover=0.0,
    base=0.0,
    high: float = 200.0,
    outcome: tuple[float, ...] = (),
) -> Line:
    ceiling, k = np.broadcast_to(np.asarray(ceiling, float), (4,)), np.full(4, HALF)
    curve = Curve(base, ceiling, k, np.full(4, value), carryover=carryover)
    return Line(name, motion, now, 50.0, high, curve, spend=(50.0, high), outcome=outcome)


def company(horizon: int = 2, arrival=(0.5, 0.5), **search) -> BudgetModel:
    lines = (
        line("search", **search),
        line("display", ceiling=50.0),
        line("points", RETENTION, ceiling=4.0, value=1.0),
    )
    return BudgetModel(lines, 300.0, horizon, np.array([arrival, arrival]))


def advice(model: BudgetModel | None = None, wish: Wish | None = None) -> Budget:
    found = Budget("abc", "EUR", Assumptions(), model=model or company())
    return advised(found, wish or Wish())
