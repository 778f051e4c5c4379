"""How much more existing customers will buy over the horizon than in the months observed: programmes work on that much more.

With steady winning and leaving, what existing customers buy moves towards a level at which as many come as go:

    bought in month t = level + (start − level) × e^(−d t)

d, the part that leaves in a month, has a log-normal prior, because a few months tell little of it; level and start follow by
least squares for each of a row of d, and each d counts as much as its prior and its fit say.
"""

from __future__ import annotations

import numpy as np

LEAVING_MEDIAN, LEAVING_SPREAD = 0.06, 0.8  # a month; half of the customers in a year; of its logarithm
FEWEST_MONTHS = 6
MOST_GROWTH = 3.0
_POINTS = 17


def shares_of_horizon(bought: np.ndarray, horizon_months: int) -> np.ndarray:
    """What existing customers bought in each month, as a part of what they are foreseen to buy in an average month of the
    horizon that follows; the fitted line, so without chance and season. bought: money of consecutive months. Between a third
    and three times; ones where fewer than FEWEST_MONTHS, or nothing, was bought.
    """
    bought = np.asarray(bought, float)
    months = len(bought)
    if months < FEWEST_MONTHS or not (np.isfinite(bought).all() and bought.sum() > 0):
        return np.ones(months)
    scores = np.linspace(-2, 2, _POINTS)
    past, ahead = np.arange(months) + 0.5, np.arange(months, months + horizon_months) + 0.5
    fits, logs = [], []
    for leaving, score in zip(LEAVING_MEDIAN * np.exp(LEAVING_SPREAD * scores), scores, strict=True):
        design = np.column_stack([np.ones(months), np.exp(-leaving * past)])
        level, away = np.linalg.lstsq(design, bought, rcond=None)[0]
        off = float(((bought - design @ [level, away]) ** 2).mean()) + 1e-12 * bought.mean() ** 2
        fits.append(level + away * np.exp(-leaving * np.concatenate([past, ahead])))
        logs.append(-(score**2) / 2 - months / 2 * np.log(off))
    weights = np.exp(np.array(logs) - max(logs))
    line = weights @ np.array(fits) / weights.sum()
    foreseen = max(float(line[months:].mean()), float(bought.mean()) / MOST_GROWTH)
    return np.clip(line[:months] / foreseen, 1 / MOST_GROWTH, MOST_GROWTH)
