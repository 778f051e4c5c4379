"""80 % intervals from sums of powers per customer: the ends of a Poisson bootstrap, without resampling.

In a Poisson bootstrap every customer is drawn a Poisson(1) number of times. The cumulants of a resampled
total are then exactly the sums of powers over customers: mean Σx, variance Σx², third cumulant Σx³. The ends
of the interval follow by a Cornish-Fisher expansion; for a ratio of two totals by the second-order delta
method before it. The derivation is in docs/methods.md.
"""

import math
from dataclasses import dataclass

import numpy as np

COVERAGE = 0.8
QUANTILE = 1.2815515655446004  # of the standard normal distribution at (1 + COVERAGE) / 2
MOST_SKEWNESS = 2.0  # beyond it the expansion would no longer rise from end to end

NAN = math.nan


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its 80 % interval; NaN is "not known"."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an estimate at all."""
        return math.isfinite(self.value)

    def plus(self, shift: float) -> "Interval":
        """The interval of the estimate plus a constant."""
        return Interval(self.value + shift, self.low + shift, self.high + shift)


NOT_KNOWN = Interval(NAN, NAN, NAN)


@dataclass(frozen=True)
class PairSums:
    """Sums over customers of products of powers of two amounts x and y: `xxy` is the sum of x²y."""

    x: float
    y: float
    xx: float
    xy: float
    yy: float
    xxx: float
    xxy: float
    xyy: float
    yyy: float


def of_total(total: float, second: float, third: float) -> Interval:
    """Interval of a total over customers.

    total, second, third: Σx, Σx² and Σx³ over customers. NaN anywhere gives an unknown interval.
    """
    if not math.isfinite(total + second + third):
        return Interval(total, NAN, NAN) if math.isfinite(total) else NOT_KNOWN
    return _ends(total, 0.0, second, third)


def of_ratio(sums: PairSums, fixed_cost: float) -> Interval:
    """Interval of Σx / (fixed_cost + Σy), where x and y belong to the same customers.

    fixed_cost is a cost that no customer carries (advertising, a programme's fee) and that is not drawn.
    A cost of nothing gives NaN.
    """
    cost = fixed_cost + sums.y
    if not cost > 0 or not math.isfinite(sums.x + cost + sums.xx + sums.yy):
        return NOT_KNOWN
    ratio = sums.x / cost
    by_x, by_y, by_xy, by_yy = 1 / cost, -ratio / cost, -1 / cost**2, 2 * ratio / cost**2
    variance = by_x**2 * sums.xx + 2 * by_x * by_y * sums.xy + by_y**2 * sums.yy
    with_x, with_y = by_x * sums.xx + by_y * sums.xy, by_x * sums.xy + by_y * sums.yy
    bias = by_xy * sums.xy + by_yy * sums.yy / 2
    third = (
        by_x**3 * sums.xxx
        + 3 * by_x**2 * by_y * sums.xxy
        + 3 * by_x * by_y**2 * sums.xyy
        + by_y**3 * sums.yyy
        + 3 * (2 * by_xy * with_x * with_y + by_yy * with_y**2)
    )
    return _ends(ratio, bias, variance, third)


def draws(totals: np.ndarray, second: np.ndarray, third: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Joint draws of totals over customers, shape (count, number of totals).

    totals: (k,) sums; second: (k, k) sums of products; third: (k,) sums of cubes. Normal with that
    covariance, each total then bent to its own skewness; drawn in opposite pairs, so that the mean draw is
    the estimate.
    """
    if not (np.isfinite(totals).all() and np.isfinite(second).all()):
        return np.full((count, len(totals)), NAN)
    deviation = np.sqrt(np.diag(second))
    scale = np.where(deviation > 0, deviation, 1.0)
    half = np.random.default_rng(seed).standard_normal((count // 2, len(totals)))
    scores = np.concatenate([half, -half]) @ _root(second / np.outer(scale, scale)).T
    skewness = np.clip(third / scale**3, -MOST_SKEWNESS, MOST_SKEWNESS)
    return totals + deviation * (scores + skewness * (scores**2 - 1) / 6)


def of_draws(value: float, drawn: np.ndarray) -> Interval:
    """The estimate with the ends of the middle 80 % of its draws; unknown when any draw is."""
    if not (math.isfinite(value) and np.isfinite(drawn).all()):
        return NOT_KNOWN
    low, high = np.quantile(drawn, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return Interval(value, float(low), float(high))


def _ends(value: float, bias: float, variance: float, third: float) -> Interval:
    """Cornish-Fisher ends from the first three cumulants."""
    deviation = math.sqrt(max(variance, 0.0))
    if deviation == 0:
        return Interval(value, value, value)
    skewness = min(max(third / deviation**3, -MOST_SKEWNESS), MOST_SKEWNESS)
    center = value + bias + deviation * skewness * (QUANTILE**2 - 1) / 6
    half = QUANTILE * deviation
    return Interval(float(value), float(center - half), float(center + half))


def _root(correlation: np.ndarray) -> np.ndarray:
    """A matrix square root that also bears totals which move together perfectly, or not at all."""
    values, vectors = np.linalg.eigh(correlation)
    return vectors * np.sqrt(np.clip(values, 0.0, None))
