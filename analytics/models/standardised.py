"""Standardised ratios: what a group did against what its mix of segments leads one to expect, told apart from luck.

Indirect standardisation: expected = what the group would have done had each of its customers done as the average
customer of all groups in the same segment did; ratio = done / expected. A group of five customers is far above or
below 1 by luck alone, so every ratio is drawn towards 1 by as much as the spread between groups warrants
(hierarchical normal model; Gelman, Bayesian Analysis 1 (2006), 515-533). How wide the true spread is, is not known
either: the posterior is averaged over it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SUMS = ("x", "b", "xx", "xb", "bb")
RATIO_COLUMNS = ("done", "base", "expected", "deviation")
LIKELY_SPREAD = 0.25  # scale of the half-normal prior: true ratios beyond 0.5 or 1.5 are rare
SPREADS = np.linspace(0.0, 1.0, 101)
FEWEST_GROUPS = 2


def standardise(sums: pd.DataFrame) -> pd.DataFrame:
    """Frame[done, base, expected, deviation] per group of frame[group, segment, x, b, xx, xb, bb], by group.

    x: what a customer did, b: what it is held against (1 for a count), the others sums of their products over the
    customers. deviation: standard deviation of what the group does around what is expected, by luck alone; from the
    scatter of all groups' customers of a segment, so that few customers cannot look certain.
    """
    segments = sums.groupby("segment")[list(SUMS)].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (segments["x"] / segments["b"]).where(segments["b"] > 0, 0.0)
        scatter = segments["xx"] - 2 * rate * segments["xb"] + rate**2 * segments["bb"]
        scatter = (scatter / segments["bb"]).where(segments["bb"] > 0, 0.0).clip(lower=0.0)
    parts = pd.DataFrame(
        {
            "group": sums["group"],
            "done": sums["x"],
            "base": sums["b"],
            "expected": sums["segment"].map(rate) * sums["b"],
            "variance": sums["segment"].map(scatter) * sums["bb"],
        }
    )
    found = parts.groupby("group").sum()
    return found.assign(deviation=np.sqrt(found["variance"]))[list(RATIO_COLUMNS)]


def shrunken(ratio: np.ndarray, deviation: np.ndarray, coverage: float = 0.8) -> np.ndarray:
    """Mean and ends of the interval of each group's true ratio, shape (groups, 3); NaN where it cannot be known.

    ratio: done / expected; deviation: of the ratio, by luck alone. The true ratios scatter normally around 1.
    """
    from scipy.special import ndtr

    found = np.full((len(ratio), 3), np.nan)
    known = np.isfinite(ratio) & np.isfinite(deviation) & (deviation > 0)
    if known.sum() < FEWEST_GROUPS:
        return found
    y, noise = ratio[known] - 1, deviation[known] ** 2
    weights = _spread_weights(y, noise)
    keep = SPREADS[:, None] ** 2 / (SPREADS[:, None] ** 2 + noise)
    means, deviations = keep * y, np.sqrt(keep * noise)
    found[known, 0] = 1 + weights @ means
    for column, part in ((1, (1 - coverage) / 2), (2, (1 + coverage) / 2)):
        found[known, column] = 1 + _mixture_quantile(part, weights, means, deviations, ndtr)
    return found


def _spread_weights(y: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """How likely each of SPREADS is: prior × likelihood of the ratios, adding up to 1."""
    variance = SPREADS[:, None] ** 2 + noise
    log = -0.5 * (np.log(variance) + y**2 / variance).sum(axis=1) - 0.5 * (SPREADS / LIKELY_SPREAD) ** 2
    weights = np.exp(log - log.max())
    return weights / weights.sum()


def _mixture_quantile(part: float, weights, means, deviations, ndtr) -> np.ndarray:
    """By halving: a spread of nothing puts a point mass at 1, which is kept as a very narrow normal."""
    deviations = np.maximum(deviations, 1e-9)
    low = (means - 8 * deviations).min(axis=0)
    high = (means + 8 * deviations).max(axis=0)
    for _ in range(60):
        middle = (low + high) / 2
        below = weights @ ndtr((middle - means) / deviations) < part
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2
