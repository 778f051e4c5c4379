"""Which deals are outliers: a bound from the quartiles of order amounts; quantiles of very many amounts."""

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


def quantiles_of_classes(
    orders: np.ndarray, least: np.ndarray, most: np.ndarray, at: tuple[float, ...]
) -> np.ndarray:
    """Quantiles of amounts that are known by class only, classes in ascending order.

    orders: how many amounts each class holds; least, most: its smallest and its largest one. Amounts are taken to be
    spread evenly between them, so that a quantile is off by less than its class is wide, and exact in a class of one
    amount. NaN without any.
    """
    if not len(orders):
        return np.full(len(at), np.nan)
    until = np.cumsum(orders)
    rank = np.array(at) * (until[-1] - 1)

    def amount(rank: np.ndarray) -> np.ndarray:
        place = np.searchsorted(until, rank, side="right")
        part = (rank - until[place] + orders[place]) / np.maximum(orders[place] - 1, 1)
        return least[place] + part * (most[place] - least[place])

    low, high = amount(np.floor(rank)), amount(np.ceil(rank))
    return low + (rank - np.floor(rank)) * (high - low)
