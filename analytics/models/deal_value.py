"""What deals are worth: quantiles of order amounts from distinct amounts with counts, and which are outliers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
FENCE_SPREADS = 3.0  # interquartile ranges above the upper quartile, on the scale of logarithms
FENCE_TIMES = 4.0  # and at least that many times the upper quartile


@dataclass(frozen=True)
class DealValue:
    """The distribution of order amounts: money, before refunds. outlier_bound: an amount above it is an outlier."""

    orders: int
    revenue: float
    p5: float
    p25: float
    median: float
    p75: float
    p95: float
    outlier_bound: float

    @property
    def mean(self) -> float:
        """The mean amount; NaN without orders."""
        return self.revenue / self.orders if self.orders else math.nan


def deal_value(amounts: np.ndarray, counts: np.ndarray) -> DealValue:
    """The distribution of amounts (above 0) that occur `counts` times each."""
    amounts, counts = np.asarray(amounts, float), np.asarray(counts, float)
    found = quantiles(amounts, counts, np.array(SHARES))
    return DealValue(
        int(counts.sum()), float(amounts @ counts), *(float(q) for q in found), _bound(found[1], found[3])
    )


def quantiles(values: np.ndarray, counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Quantiles of values that occur `counts` times each, linear between neighbours; NaN without any.

    The same as of the values written out one by one (Hyndman, Fan 1996, definition 7).
    """
    if not counts.sum():
        return np.full(len(shares), math.nan)
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(counts[order])
    place = (ends[-1] - 1) * np.asarray(shares, float)
    below = values[order][np.searchsorted(ends, np.floor(place), side="right")]
    above = values[order][np.searchsorted(ends, np.ceil(place), side="right")]
    return below + (above - below) * (place - np.floor(place))


def _bound(lower_quartile: float, upper_quartile: float) -> float:
    """Tukey's outer fence on logarithms: amounts are skewed, so a fence in money would call every large one odd."""
    if not lower_quartile > 0:
        return math.nan
    return float(upper_quartile * max((upper_quartile / lower_quartile) ** FENCE_SPREADS, FENCE_TIMES))
