"""80 % intervals of the scorecard: of a share, of a median of whole days, and of revenue that is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analytics.decisions.interval import NAN, NOT_KNOWN, QUANTILE, Interval, PairSums, of_ratio


def wilson(part: int, whole: int) -> Interval:
    """A share with Wilson's score interval (Journal of the American Statistical Association 22 (1927), 209-212)."""
    if not whole:
        return NOT_KNOWN
    z, rate = QUANTILE, part / whole
    shrink = 1 + z**2 / whole
    center = (rate + z**2 / (2 * whole)) / shrink
    half = z / shrink * math.sqrt(rate * (1 - rate) / whole + z**2 / (4 * whole**2))
    return Interval(rate, max(0.0, min(center - half, rate)), min(1.0, max(center + half, rate)))


def median_of_days(days: Sequence[int], counts: Sequence[int]) -> Interval:
    """Median of days that occur so many times, between the order statistics that hold it in 80 % of samples.

    days: rising. Ranks n/2 ± z √n/2 (Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2); unknown
    for nothing, without ends where there are too few for any.
    """
    n = sum(counts)
    if not n:
        return NOT_KNOWN
    value = (_at_rank(days, counts, (n + 1) // 2) + _at_rank(days, counts, n // 2 + 1)) / 2
    half = QUANTILE * math.sqrt(n) / 2
    low, high = math.floor(n / 2 - half), math.ceil(n / 2 + half) + 1
    if low < 1 or high > n:
        return Interval(value, NAN, NAN)
    return Interval(value, float(_at_rank(days, counts, low)), float(_at_rank(days, counts, high)))


def kept_revenue(value: float, sums: pd.Series, measure: str) -> Interval:
    """The share of revenue that came again, with the interval over customers of interval.of_ratio.

    sums: a row of scorecard_revenue.sql; measure: x for all that the customers bring now, k for the part of the
    earlier revenue that was kept, of which there is never more than all.
    """
    powers = {
        "xx": measure * 2, "xy": measure + "y", "xxx": measure * 3, "xxy": measure * 2 + "y", "xyy": measure + "yy",
    }  # fmt: skip
    pair = PairSums(
        x=sums[measure],
        y=sums["y"],
        yy=sums["yy"],
        yyy=sums["yyy"],
        **{name: sums[column] for name, column in powers.items()},
    )
    found = of_ratio(pair, 0.0)
    most = 1.0 if measure == "k" else math.inf
    return Interval(value, min(found.low, value), min(max(found.high, value), most)) if found.known else found


def _at_rank(days: Sequence[int], counts: Sequence[int], rank: int) -> int:
    passed = 0
    for day, count in zip(days, counts, strict=True):
        passed += count
        if passed >= rank:
            return day
    raise ValueError(f"There is no rank {rank} among {passed} values.")
