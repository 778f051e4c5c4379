"""How to split a budget so that it returns most: equal marginal returns, within limits, and what each limit costs.

Exponential curves are concave: their split is exact, found by the return λ that the next unit of money has on every line
that is not at a limit. S-shaped ones (Hill) are split on a grid of money. Nothing depends on the scale of money, and names,
not positions, tie numbers to channels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions.allocation_lines import Bounds, Group, Limits, Lines, check_names
from analytics.decisions.best_splits import best_splits, best_splits_with_loop
from analytics.decisions.equal_returns import split_mean
from analytics.decisions.grid_split import split_on_grid
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.decisions.response_curve import Curve
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.response import Response

__all__ = ["Allocation", "Binding", "Curve", "Group", "allocate", "best_splits", "best_splits_with_loop"]

EXPECTED, CAUTIOUS = "expected", "cautious"
MIN, MAX, LOCK, GROUP, TOTAL = "min", "max", "lock", "group", "total"
RAISE, LOWER = "raise", "lower"
WORST_SHARE = 0.2  # of draws, whose mean a cautious split makes as large as it can be
_GAP, _MOST_ROUNDS = 1e-5, 100
_NEAR = 1e-7  # of the total: a spend this near to a limit is at it
_PRICE = 1e-9  # of the largest return: a smaller price is rounding

Solve = Callable[[np.ndarray], np.ndarray]  # weights of draws -> spends


@dataclass(frozen=True)
class Binding:
    """A limit that holds the optimum back.

    kind: min, max, lock, group or total; name: of the line or group, "" for the total; limit: money; direction: raise or
    lower, the way in which moving the limit pays; shadow_price: money gained per unit of money moved that way.
    """

    kind: str
    name: str
    limit: float
    direction: str
    shadow_price: float


@dataclass(frozen=True)
class Allocation:
    """The best split.

    spend: money per month by name. value: money per month that it causes, mean over draws (of the worst fifth where
    cautious). gain: what it causes beyond the current split, with its 80 % interval over draws; not known without one.
    marginal_return: money that the next unit brings, by name. multiplier: λ, the return that lines at no limit share.
    unspent: of the total, because maxima or the target hold it back.
    """

    spend: dict[str, float]
    value: float
    gain: Interval
    marginal_return: dict[str, float]
    multiplier: float
    binding: tuple[Binding, ...]
    unspent: float


def allocate(
    curves: Mapping[str, Curve | Response],
    total: float | None,
    bounds: Bounds | None = None,
    locks: Mapping[str, float] | None = None,
    groups: Mapping[str, Group] | None = None,
    target_marginal_roi: float | None = None,
    risk: str = EXPECTED,
    current: Mapping[str, float] | None = None,
) -> Allocation:
    """The split of `total`, money per month, that causes most money.

    curves: by name; a response from fit_response counts as its likeliest curve, its .draws(n) as so many.
    bounds: (least, most) by name, None for no limit; locks: given spends; groups: caps on disjoint sets of names.
    target_marginal_roi: stops where the next unit would return less than 1 + target; `total` is then the most, or None
    for as much as pays. risk: "expected" for the mean over draws, "cautious" for the mean of the worst fifth of them.
    current: today's spends, which the gain is measured against. Lines that return nothing get their least, so a total may
    stay partly unspent. ValueError, in one sentence, for names without a curve and limits that no split can keep.
    """
    lines = Lines.of(curves)
    limits = Limits.of(lines.names, total, bounds, locks, groups)
    least = _least(total, target_marginal_roi)
    if risk not in (EXPECTED, CAUTIOUS):
        raise ValueError(_("The risk of a split is expected or cautious."))
    check_names(lines.names, current or {})
    solve = _solver(lines, limits, least)
    weights = np.full(lines.draws, 1 / lines.draws)
    spend = solve(weights)
    if risk == CAUTIOUS and lines.draws > 1:
        spend, weights = _cautious(solve, lines, limits, least)
    return _answer(lines, limits, spend, weights, least, risk, current)


def _least(total: float | None, target_marginal_roi: float | None) -> float:
    """The return that the next unit must have; 0 where the whole total is to be spent."""
    if target_marginal_roi is None:
        if total is None:
            raise ValueError(_("A free total needs a target for the marginal ROI at which it stops."))
        return 0.0
    if not (target_marginal_roi > -1 and math.isfinite(target_marginal_roi)):
        raise ValueError(_("The target of the marginal ROI must be above −1."))
    return 1 + target_marginal_roi


def _solver(lines: Lines, limits: Limits, least: float) -> Solve:
    """The best split for given weights of the draws."""
    if lines.is_concave:
        return lambda weights: _split_concave(lines, limits, least, weights)
    return lambda weights: _split_any(lines, limits, least, weights)


def _split_concave(lines: Lines, limits: Limits, least: float, weights: np.ndarray) -> np.ndarray:
    """Exact also under group caps: what a group alone would do with its cap is the most that its lines ever get."""
    high = np.minimum(limits.high, _most(lines, limits, least, weights))
    for _name, places, most in limits.groups:
        inside = lines.worth[places], lines.k[places], weights, limits.low[places], high[places]
        high[places] = split_mean(*inside, most, least)[0]
    room = min(limits.total, float(high.sum()))
    return split_mean(lines.worth, lines.k, weights, limits.low, high, room, least)[0]


def _split_any(lines: Lines, limits: Limits, least: float, weights: np.ndarray) -> np.ndarray:
    def worth(line: int, spend: np.ndarray) -> np.ndarray:
        values = np.broadcast_to(lines.curves[line].value(spend[:, None]), (len(spend), lines.draws))
        return values @ weights - least * spend

    high = np.minimum(limits.high, _most(lines, limits, least, weights))
    caps = [(places, most) for _name, places, most in limits.groups]
    return split_on_grid(worth, limits.low, high, limits.total, caps)


def _most(lines: Lines, limits: Limits, least: float, weights: np.ndarray) -> np.ndarray:
    """A finite bound on each spend: the whole room, or where even the whole ceiling would not return what it must."""
    room = limits.low + max(limits.total - limits.low.sum(), 0.0)
    if not least:
        return room
    ceiling = np.maximum(lines.worth, 0.0) @ weights
    return np.minimum(room, limits.low + ceiling / least)


def _cautious(solve: Solve, lines: Lines, limits: Limits, least: float) -> tuple[np.ndarray, np.ndarray]:
    """The spends that make the mean of the worst fifth of draws largest, and the weights of draws that prove it.

    For any weights that no draw exceeds 1 / (fifth of the draws) by, the best weighted mean is an upper bound. The bound is
    lowered by moving the weights towards the draws that are worst under the split found last (Frank, Wolfe 1956), until
    bound and split meet within a hundred-thousandth. With S-shaped curves they need not meet, and the best split seen is given.
    """
    weights = _worst(lines.values(solve(np.full(lines.draws, 1 / lines.draws))))
    bound, best = math.inf, (-math.inf, weights, weights)
    for turn in range(_MOST_ROUNDS):
        spend = solve(weights)
        values = lines.values(spend) - least * spend.sum()
        worst = _worst(values)
        bound = min(bound, float(weights @ values))
        best = max(best, (float(worst @ values), spend, weights), key=lambda found: found[0])
        if bound - best[0] <= _GAP * abs(bound):
            break
        weights = weights + 2 / (turn + 3) * (worst - weights)
    return best[1], best[2]


def _worst(values: np.ndarray) -> np.ndarray:
    """Weights, adding up to 1, of the mean of the worst fifth."""
    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    size = WORST_SHARE * len(values)
    return np.clip(size - rank, 0.0, 1.0) / size


def _answer(
    lines: Lines,
    limits: Limits,
    spend: np.ndarray,
    weights: np.ndarray,
    least: float,
    risk: str,
    current: Mapping[str, float] | None,
) -> Allocation:
    returns = lines.returns(spend, weights)
    values = lines.values(spend)
    prices = _Prices(limits, spend, returns, least)
    return Allocation(
        spend=dict(zip(lines.names, map(float, spend), strict=True)),
        value=float(_worst(values) @ values if risk == CAUTIOUS else values.mean()),
        gain=_gain(lines, values, current),
        marginal_return=dict(zip(lines.names, map(float, returns), strict=True)),
        multiplier=prices.common,
        binding=tuple(prices.bindings(lines.names)),
        unspent=0.0 if prices.total_binds or math.isinf(limits.total) else limits.total - float(spend.sum()),
    )


def _gain(lines: Lines, values: np.ndarray, current: Mapping[str, float] | None) -> Interval:
    if current is None:
        return NOT_KNOWN
    gains = values - lines.values(np.array([current.get(name, 0.0) for name in lines.names]))
    return of_draws(float(gains.mean()), gains)


class _Prices:
    """What the next unit of money returns to whom, and so what each limit costs."""

    def __init__(self, limits: Limits, spend: np.ndarray, returns: np.ndarray, least: float) -> None:
        self.limits, self.spend, self.returns, self.least = limits, spend, returns, least
        scale = _NEAR * max(float(spend.sum()), 1e-300)
        self.at_low, self.at_high = spend <= limits.low + scale, spend >= limits.high - scale
        self.total_binds = float(spend.sum()) >= limits.total - scale
        self.full = [
            (name, places, most)
            for name, places, most in limits.groups
            if spend[places].sum() >= most - scale and not limits.locked[places].all()
        ]
        in_full = np.zeros(len(spend), bool)
        for _name, places, _most in self.full:
            in_full[places] = True
        self.common = self._shared(~in_full, least) if self.total_binds else least
        self.needed = np.full(len(spend), self.common)  # what a line would have to return to get more
        for _name, places, _most in self.full:
            inside = np.isin(np.arange(len(spend)), places)
            self.needed[places] = self._shared(inside, self.common)

    def _shared(self, among: np.ndarray, otherwise: float) -> float:
        """The return of lines at no limit; where there is none, the best that could still be had."""
        free = among & ~self.at_low & ~self.at_high
        if free.any():
            return max(float(self.returns[free].mean()), otherwise)
        can_rise = among & ~self.at_high
        return max(float(self.returns[can_rise].max()), otherwise) if can_rise.any() else otherwise

    def bindings(self, names: tuple[str, ...]) -> list[Binding]:
        """Limits with a price, the dearest first."""
        found = [*self._of_lines(names), *self._of_groups()]
        if self.total_binds:
            found.append(Binding(TOTAL, "", self.limits.total, RAISE, self.common - self.least))
        smallest = _PRICE * max(float(np.abs(self.returns).max()), self.common)
        return sorted((b for b in found if b.shadow_price > smallest), key=lambda b: -b.shadow_price)

    def _of_lines(self, names: tuple[str, ...]) -> list[Binding]:
        found = []
        for place, name in enumerate(names):
            low, high = float(self.limits.low[place]), float(self.limits.high[place])
            excess = float(self.returns[place] - self.needed[place])
            if self.limits.locked[place]:
                found.append(Binding(LOCK, name, low, RAISE if excess > 0 else LOWER, abs(excess)))
            elif self.at_low[place] and low > 0 and excess < 0:
                found.append(Binding(MIN, name, low, LOWER, -excess))
            elif self.at_high[place] and excess > 0:
                found.append(Binding(MAX, name, high, RAISE, excess))
        return found

    def _of_groups(self) -> list[Binding]:
        return [
            Binding(GROUP, name, most, RAISE, float(self.needed[places[0]]) - self.common)
            for name, places, most in self.full
        ]
