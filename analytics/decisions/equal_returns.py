"""The split of a total over concave exponential lines that equalises what the next unit of money returns.

A line returns worth × k × e^(−k s) for the next unit at spend s, `worth` being its ceiling in money. With λ the common
return, s = (ln(worth × k) − ln λ) / k, held between low and high; λ is what makes the spends add up to the total, or the
least return asked for, if that is higher. Nothing here knows names or groups.
"""

from __future__ import annotations

import math

import numpy as np

_MOST_STEPS = 200
_ROUNDING = 1e-15
_SETTLED = 1e-14


def split_each(
    worth: np.ndarray, k: np.ndarray, low: np.ndarray, high: np.ndarray, total: float, least: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """The best split of each draw on its own: spends of shape (draws, lines), ln λ of shape (draws,).

    worth, k: (draws, lines); low, high: (lines,) or (draws, lines); total: at least the sum of low. Exact: the sum over
    lines is piecewise linear in ln λ. A line that is worth nothing stays at its low.
    """
    low, high = np.broadcast_to(low, worth.shape), np.broadcast_to(high, worth.shape)
    works = (worth > 0) & (k > 0)
    k = np.where(works, k, 1.0)
    at_nothing = np.log(np.where(works, worth * k, 1.0))
    room = np.maximum(total - low.sum(axis=1), 0.0)[:, None]
    top = np.where(works, np.clip(high, low, low + room), low)
    level = _level(at_nothing - k * low, at_nothing - k * top, at_nothing, 1 / k, low, top, total)
    level = np.maximum(level, math.log(least) if least > 0 else -np.inf)
    return np.clip((at_nothing - level[:, None]) / k, low, top), level


def split_mean(
    worth: np.ndarray,
    k: np.ndarray,
    weights: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    total: float,
    least: float,
) -> tuple[np.ndarray, float]:
    """The one split that is best for the weighted mean of all draws: spends of shape (lines,), ln λ.

    worth, k: (lines, draws); weights: (draws,), adding up to 1; low, high: (lines,). The logarithm of a line's mean
    return is convex and falls with spend, so Newton's method finds spend from λ; a bracketed one finds λ.
    """
    mixture = _Mixture(worth, k, weights, low, np.minimum(high, low + max(total - low.sum(), 0.0)))
    floor = math.log(least) if least > 0 else -math.inf
    return mixture.split(total, floor)


def _level(
    opens: np.ndarray,
    fills: np.ndarray,
    at_nothing: np.ndarray,
    flow: np.ndarray,
    low: np.ndarray,
    top: np.ndarray,
    total: float,
) -> np.ndarray:
    """ln λ at which a draw's lines spend the total; a line takes `flow` per unit of ln λ between opens and fills."""
    corners = np.concatenate([opens, fills], axis=1)
    order = np.argsort(-corners, axis=1)
    corners = np.take_along_axis(corners, order, axis=1)
    slopes = np.take_along_axis(np.concatenate([flow, -flow], axis=1), order, axis=1).cumsum(axis=1)
    spent = (slopes[:, :-1] * (corners[:, :-1] - corners[:, 1:])).cumsum(axis=1)
    room = (total - low.sum(axis=1)) * (1 - _ROUNDING)
    place = (spent < room[:, None]).sum(axis=1).clip(max=corners.shape[1] - 2)
    rows = np.arange(len(corners))
    upper, lower = corners[rows, place], corners[rows, place + 1]
    # between two corners it is known which lines are open: solved afresh, without the rounding of the walk
    middle = ((upper + lower) / 2)[:, None]
    is_open = (opens > middle) & (fills < middle)
    held = np.where(is_open, at_nothing * flow, np.where(opens <= middle, low, top)).sum(axis=1)
    open_flow = np.where(is_open, flow, 0.0).sum(axis=1)
    level = (held - total) / np.where(open_flow > 0, open_flow, 1.0)
    return np.where(open_flow > 0, np.clip(level, lower, upper), lower)


class _Mixture:
    """Lines whose return is a weighted mean over draws."""

    def __init__(
        self, worth: np.ndarray, k: np.ndarray, weights: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> None:
        pull = worth * k * weights
        self.works = np.any(pull > 0, axis=1)
        with np.errstate(divide="ignore"):
            self.log_pull = np.where(self.works[:, None], np.log(np.maximum(pull, 0.0)), 0.0)
        self.k, self.low, self.high = k, low, np.where(self.works, high, low)
        self.spend = low.astype(float)

    def split(self, total: float, floor: float) -> tuple[np.ndarray, float]:
        """Spends and ln λ."""
        if not self.works.any():
            return self.low.copy(), floor
        self.at_low, self.at_high = self._log_return(self.low)[0], self._log_return(self.high)[0]
        below, above = self.at_high[self.works].min(), self.at_low[self.works].max()
        level = below if self.high.sum() <= total else self._solve(total, below, above)
        level = max(level, floor)
        return self._demand(level)[0], float(level)

    def _solve(self, total: float, below: float, above: float) -> float:
        """ln λ between `below`, where all is spent, and `above`, where nothing is: Newton's steps in a bracket."""
        level = (below + above) / 2
        for _step in range(_MOST_STEPS):
            spend, slope = self._demand(level)
            excess = spend.sum() - total
            if abs(excess) <= _SETTLED * total or above - below <= _ROUNDING * max(1.0, abs(level)):
                break
            below, above = (level, above) if excess > 0 else (below, level)
            newton = level - excess / slope if slope < 0 else math.nan
            level = newton if below < newton < above else (below + above) / 2
        return level

    def _demand(self, level: float) -> tuple[np.ndarray, float]:
        """Spends whose next unit returns e^level, and the slope of their sum in the level."""
        is_open = (self.at_low > level) & (self.at_high < level) & self.works
        spend = np.where(
            is_open,
            np.clip(self.spend, self.low, self.high),
            np.where(self.at_low > level, self.high, self.low),
        )
        spend = np.where(self.works, spend, self.low)
        slope = np.full(len(spend), -np.inf)
        for _step in range(_MOST_STEPS):
            if not is_open.any():
                break
            value, slope = self._log_return(spend)
            step = np.where(is_open, (level - value) / slope, 0.0)
            spend = np.clip(spend + step, self.low, self.high)
            if (np.abs(step) <= _SETTLED * np.maximum(spend, 1e-300)).all():
                break
        self.spend = spend
        return spend, float(np.where(is_open, 1 / slope, 0.0).sum())

    def _log_return(self, spend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logarithm of the mean return of the next unit, and its slope; a tangent step never oversteps from the left."""
        exponent = self.log_pull - self.k * spend[:, None]
        highest = exponent.max(axis=1)
        parts = np.exp(exponent - highest[:, None])
        mass = parts.sum(axis=1)
        return highest + np.log(mass), -(parts * self.k).sum(axis=1) / mass
