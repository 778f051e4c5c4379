"""The best split of a budget for each draw of the response curves: how sure is the advice?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.decisions.allocation_lines import Bounds, Group, Limits, Lines
from analytics.decisions.equal_returns import split_each
from analytics.decisions.response_curve import EXPONENTIAL, Curve
from analytics.language import gettext as _

_MOST_ROUNDS = 200
_SETTLED = 1e-8  # of the total: a smaller step is none


def best_splits(
    curves: Mapping[str, Curve],
    total: float,
    bounds: Bounds | None = None,
    locks: Mapping[str, float] | None = None,
    groups: Mapping[str, Group] | None = None,
) -> np.ndarray:
    """The split of `total` that is best if a draw is the truth, shape (draws, names), in the order of `curves`.

    Limits and errors as in allocation.allocate; exponential curves only. Exact.
    """
    lines = _exponential(curves)
    return _split(lines.worth.T, lines.k.T, Limits.of(lines.names, total, bounds, locks, groups))


def best_splits_with_loop(
    channels: Mapping[str, Curve],
    programmes: Mapping[str, Curve],
    customers: float | np.ndarray,
    total: float,
    bounds: Bounds | None = None,
    locks: Mapping[str, float] | None = None,
    groups: Mapping[str, Group] | None = None,
) -> np.ndarray:
    """The same where channels win the customers whom programmes work on; names: channels, then programmes.

    Money = Σ_c A_c × (V_c + Σ_p e_p) + customers × Σ_p e_p. A_c: customers that channel c wins (its outcome), V_c their
    value without programmes (its value_per_outcome); e_p: money that programme p adds per customer (its outcome times its
    value_per_outcome); customers: those of today. Returns are equal at the split found; where the loop is strong there may be
    several such splits, and this is one that money rises to.
    """
    names = [*channels, *programmes]
    if len(set(names)) < len(names):
        raise ValueError(_("A channel and a programme cannot have the same name."))
    lines = _exponential({**channels, **programmes})
    limits = Limits.of(lines.names, total, bounds, locks, groups)
    return _settled(_Loop.of(lines, len(channels), customers), limits)


@dataclass(frozen=True)
class _Loop:
    """Channels raise the number of customers, programmes what a customer is worth; all arrays are (draws, lines).

    base, ceiling: customers on channels, money per customer on programmes. value: money per customer, of channels;
    customers: those of today, (draws,); channels: how many of the lines are channels.
    """

    base: np.ndarray
    ceiling: np.ndarray
    k: np.ndarray
    value: np.ndarray
    customers: np.ndarray
    channels: int

    @classmethod
    def of(cls, lines: Lines, channels: int, customers: float | np.ndarray) -> _Loop:
        def table(name: str) -> np.ndarray:
            return np.column_stack([np.broadcast_to(getattr(c, name), (lines.draws,)) for c in lines.curves])

        value = table("value_per_outcome")
        scale = np.where(np.arange(len(lines.names)) < channels, 1.0, value)
        today = np.broadcast_to(np.asarray(customers, float), (lines.draws,))
        return cls(
            table("base") * scale, table("ceiling") * scale, table("k"), value[:, :channels], today, channels
        )

    def only(self, draws: np.ndarray) -> _Loop:
        """The loop of some draws."""
        arrays = (self.base, self.ceiling, self.k, self.value, self.customers)
        return _Loop(*(array[draws] for array in arrays), self.channels)

    def worth(self, spend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ceilings in money while customers and money per customer stay as this split makes them, and returns there."""
        left = np.exp(-self.k * spend)
        worth = self.ceiling * self._price(left)
        return worth, worth * self.k * left

    def _price(self, left: np.ndarray) -> np.ndarray:
        """Money per unit of each line's outcome, where e^(−k s) is what is left to reach of the ceiling."""
        outcome = self.base + self.ceiling * (1 - left)
        won, added = outcome[:, : self.channels].sum(axis=1), outcome[:, self.channels :].sum(axis=1)
        price = np.repeat((self.customers + won)[:, None], outcome.shape[1], axis=1)
        price[:, : self.channels] = self.value + added[:, None]
        return price


def _settled(loop: _Loop, limits: Limits) -> np.ndarray:
    """Splits that are best for the customers and the money per customer that they bring themselves.

    Partial linearisation (Patriksson 1993): the split that would be best if both stayed as they are shows a direction in
    which money rises; a secant says how far. Where no step is left, returns are equal.
    """
    spend = _split(loop.worth(np.broadcast_to(limits.low, loop.k.shape))[0], loop.k, limits)
    moving = np.arange(len(spend))
    for _round in range(_MOST_ROUNDS):
        here = spend[moving]
        worth, returns = loop.worth(here)
        step = _split(worth, loop.k, limits) - here
        begin, end = (returns * step).sum(axis=1), (loop.worth(here + step)[1] * step).sum(axis=1)
        falls = end < 0  # money has its peak on the way
        stride = np.where(falls, begin / np.where(falls, begin - end, 1.0), 1.0)
        spend[moving] = here + stride[:, None] * step
        goes_on = np.abs(step).max(axis=1) > _SETTLED * limits.total
        if not goes_on.any():
            break
        if not goes_on.all():
            moving, loop = moving[goes_on], loop.only(goes_on)
    return spend


def _split(worth: np.ndarray, k: np.ndarray, limits: Limits) -> np.ndarray:
    """Exact also under group caps: what a group alone would do with its cap is the most that its lines ever get."""
    high = np.broadcast_to(limits.high, worth.shape)
    for _name, places, most in limits.groups:
        high = high.copy()
        inside = split_each(worth[:, places], k[:, places], limits.low[places], high[:, places], most)
        high[:, places] = inside[0]
    return split_each(worth, k, limits.low, high, limits.total)[0]


def _exponential(curves: Mapping[str, Curve]) -> Lines:
    lines = Lines.of(curves)
    if any(curve.family != EXPONENTIAL for curve in lines.curves):
        raise ValueError(_("The best split of every draw is computed for exponential response curves only."))
    return lines
