"""Which deals are outliers: a bound from the quartiles of order amounts."""

from __future__ import annotations

import numpy as np

FENCE_SPREADS = 3.0  # interquartile ranges above the upper quartile, on the scale of logarithms
FENCE_TIMES = 4.0  # and at least that many times the upper quartile


def outlier_bound(lower_quartile: np.ndarray, upper_quartile: np.ndarray) -> np.ndarray:
    """The amount above which a deal is an outlier; NaN where the quartiles are not above 0.

    Tukey's outer fence (1977) on logarithms: amounts are skewed, so that a fence in money would call every large deal
    odd.
    """
    low, high = np.asarray(lower_quartile, float), np.asarray(upper_quartile, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        times = np.maximum((high / low) ** FENCE_SPREADS, FENCE_TIMES)
        return np.where(low > 0, high * times, np.nan)
