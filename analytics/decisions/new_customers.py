"""What a new customer is worth over the horizon, first order included, by whatever customers are grouped by.

    total value = mean first order + repeat value per expected repeat order × repeat orders expected over the horizon

The expected repeat orders of each customer until today are those of the fitted BG/NBD at the customer's age, so that
groups of different age can be compared: a group whose customers brought more than expected at their age is worth
more. That needs no independence of value and frequency.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.decisions.histories import Histories
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.decisions.lifetime_fit import DRAWS, SEED, Horizon, LifetimeFit

FEWEST_CUSTOMERS = 30  # of a group that is shown on its own
SUMS = ("customers", "first", "repeat", "expected", "ff", "fr", "rr", "fe", "re", "ee")
DAYS_PER_WEEK = 7


@dataclass(frozen=True, eq=False)
class NewCustomers:
    """sums: frame of SUMS over customers won, one row per cell of `cells` that the caller grouped them into.
    purchases: discounted repeat orders expected of a new customer until the end of month 1, 2, …, of the horizon.
    shape_draws: draws of how the horizon's purchases stand to those expected until today, as a multiple.
    """

    sums: pd.DataFrame
    purchases: np.ndarray
    shape_draws: np.ndarray

    def value(self, chosen: pd.Series | np.ndarray | None = None, seed: int = 0) -> "NewCustomerValue":
        """The value of a new customer of the chosen cells (a mask over sums; None: all)."""
        rows = self.sums if chosen is None else self.sums[chosen]
        return _value(rows[list(SUMS)].sum(), self, seed)


@dataclass(frozen=True, eq=False)
class NewCustomerValue:
    """total: first order and repeat orders over the horizon. by_month: the total until the end of month 1, 2, …"""

    customers: int
    first_order: float
    total: Interval
    by_month: np.ndarray
    draws: np.ndarray

    @property
    def is_enough(self) -> bool:
        """Whether the customers are enough to be shown on their own."""
        return self.customers >= FEWEST_CUSTOMERS and self.total.known

    def against(self, other: "NewCustomerValue") -> Interval:
        """How much more this one is worth than the other, as a share: 0.18 is 18 % more."""
        if not (self.is_enough and other.is_enough and other.total.value > 0):
            return NOT_KNOWN
        return of_draws(self.total.value / other.total.value - 1, self.draws / other.draws - 1)


def new_customers(
    histories: Histories, fit: LifetimeFit, horizon: Horizon, cell: np.ndarray, cells: int
) -> NewCustomers:
    """Adds up the customers won in the data. cell: for every customer, the number of its cell."""
    won = ~histories.is_existing
    purchases = np.cumsum(
        horizon.factors * np.diff(fit.won.expected_purchases(horizon.ends_days), prepend=0.0)
    )
    T_days = histories.T_days[won]
    expected = fit.won.expected_purchases(np.arange(histories.T_days.max(initial=0) + 1))
    sums = _sums(cell[won], cells, T_days, histories.first_value[won], histories.repeat_value[won], expected)
    return NewCustomers(sums, purchases, _shape_draws(T_days, fit, horizon))


def _sums(
    cell: np.ndarray,
    cells: int,
    T_days: np.ndarray,
    first: np.ndarray,
    repeat: np.ndarray,
    expected: np.ndarray,
) -> pd.DataFrame:
    """Frame of SUMS. expected: by days observed, so money is added up by cell and days before it is multiplied."""
    place = cell * len(expected) + T_days
    weights = (None, first, repeat, first * first, first * repeat, repeat * repeat)
    customers, firsts, repeats, *squares = (
        np.bincount(place, weight, cells * len(expected)).reshape(cells, len(expected)) for weight in weights
    )
    single = [customers.sum(axis=1), firsts.sum(axis=1), repeats.sum(axis=1), customers @ expected]
    products = [*(square.sum(axis=1) for square in squares), firsts @ expected, repeats @ expected]
    added = [*single, *products, customers @ expected**2]
    return pd.DataFrame(dict(zip(SUMS, added, strict=True))).astype(float)


def _value(sums: pd.Series, found: NewCustomers, seed: int) -> NewCustomerValue:
    n, expected = float(sums["customers"]), float(sums["expected"])
    if not n or not expected > 0:
        return NewCustomerValue(
            int(n), math.nan, NOT_KNOWN, found.purchases * math.nan, np.full(DRAWS, math.nan)
        )
    first, rate = sums["first"] / n, sums["repeat"] / expected
    later = rate * found.purchases[-1]
    noise = np.random.default_rng([SEED, seed]).standard_normal(DRAWS // 2)
    spread = math.sqrt(max(_variance(sums, found.purchases[-1]), 0.0))
    draws = first + later * found.shape_draws + spread * np.concatenate([noise, -noise])
    total = of_draws(float(first + later), draws)
    return NewCustomerValue(int(n), float(first), total, first + rate * found.purchases, draws)


def _variance(sums: pd.Series, purchases: float) -> float:
    """Σ u², u = (f − f̄) / n + (purchases / E) (m − ρ e): what one customer adds, f first, m repeat, e expected."""
    n, expected = sums["customers"], sums["expected"]
    first, rate, weight = sums["first"] / n, sums["repeat"] / expected, purchases / expected
    of_first = sums["ff"] / n**2 - first**2 / n
    both = (sums["fr"] - first * sums["repeat"] - rate * (sums["fe"] - first * expected)) / n
    of_repeat = sums["rr"] - 2 * rate * sums["re"] + rate**2 * sums["ee"]
    return float(of_first + 2 * weight * both + weight**2 * of_repeat)


def _shape_draws(T_days: np.ndarray, fit: LifetimeFit, horizon: Horizon) -> np.ndarray:
    """What the fit does not know: not the level, which the data give, but how soon repeat orders die down."""
    if not len(T_days):
        return np.full(DRAWS, math.nan)
    weeks = np.bincount(T_days // DAYS_PER_WEEK)
    ages = DAYS_PER_WEEK * (np.arange(len(weeks)) + 0.5)
    models = [fit.won, *fit.won.draws(DRAWS, SEED)]
    shapes = np.array([
        horizon.factors @ np.diff(model.expected_purchases(horizon.ends_days), prepend=0.0)
        / (weeks @ model.expected_purchases(ages))
        for model in models
    ])  # fmt: skip
    return shapes[1:] / shapes[0]
