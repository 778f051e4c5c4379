"""Names of channels and programmes, with what an analyst allows for them, as arrays that the arithmetic can use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import wording
from analytics.decisions.response_curve import EXPONENTIAL, Curve
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.response import Response

Bounds = Mapping[str, tuple[float | None, float | None]]
_ROUNDING = 1e-9  # of the total: an analyst's sums may be off by that much


@dataclass(frozen=True)
class Group:
    """Lines that together may spend at most so much, in money per month."""

    names: tuple[str, ...]
    most: float


@dataclass(frozen=True)
class Lines:
    """The curves of all lines: names in the order given; worth (ceiling in money) and k of shape (lines, draws)."""

    names: tuple[str, ...]
    curves: tuple[Curve, ...]
    worth: np.ndarray
    k: np.ndarray

    @classmethod
    def of(cls, responses: Mapping[str, Curve | Response]) -> Lines:
        """A fitted response counts as its likeliest curve. ValueError for none, or for different numbers of draws."""
        if not responses:
            raise ValueError(_("There is no channel or programme to split a budget over."))
        curves = {n: one if isinstance(one, Curve) else one.curve for n, one in responses.items()}
        worth = [curve.ceiling * np.asarray(curve.value_per_outcome, float) for curve in curves.values()]
        k = [np.asarray(curve.k, float) for curve in curves.values()]
        sizes = {np.size(numbers) for numbers in (*worth, *k)} - {1}
        if len(sizes) > 1:
            raise ValueError(_("All response curves need the same number of draws."))
        shape = (max(sizes, default=1),)
        worth, k = (np.array([np.broadcast_to(numbers, shape) for numbers in rows]) for rows in (worth, k))
        return cls(tuple(curves), tuple(curves.values()), worth, k)

    @property
    def draws(self) -> int:
        """How many draws of the curves there are."""
        return self.worth.shape[1]

    @property
    def is_concave(self) -> bool:
        """Whether every line's mean return falls with its spend, however draws are weighed."""
        one_sign = (self.worth >= 0).all(axis=1) | (self.worth <= 0).all(axis=1)
        return bool(one_sign.all()) and all(curve.family == EXPONENTIAL for curve in self.curves)

    def values(self, spend: np.ndarray) -> np.ndarray:
        """Money that all lines cause together, shape (draws,)."""
        each = [curve.value(money) for curve, money in zip(self.curves, spend, strict=True)]
        return np.broadcast_to(np.sum(np.broadcast_arrays(*each), axis=0), (self.draws,))

    def returns(self, spend: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """What the next unit of money on each line returns in the weighted mean of draws, shape (lines,)."""
        each = [curve.marginal_return(money) for curve, money in zip(self.curves, spend, strict=True)]
        return np.array([float(np.broadcast_to(one, (self.draws,)) @ weights) for one in each])


@dataclass(frozen=True)
class Limits:
    """low, high: money per line, shape (lines,); locked: lines whose spend is given. total: infinite where it is free.

    groups: name, the members' places, and their cap.
    """

    low: np.ndarray
    high: np.ndarray
    locked: np.ndarray
    groups: tuple[tuple[str, np.ndarray, float], ...]
    total: float

    @classmethod
    def of(
        cls,
        names: tuple[str, ...],
        total: float | None,
        bounds: Bounds | None,
        locks: Mapping[str, float] | None,
        groups: Mapping[str, Group] | None,
    ) -> Limits:
        """ValueError in one sentence for limits that no split can keep. A lock goes before the line's bounds."""
        bounds, locks, groups = bounds or {}, locks or {}, groups or {}
        check_names(names, [*bounds, *locks, *(name for group in groups.values() for name in group.names)])
        ends = [_ends(name, bounds, locks) for name in names]
        limits = cls(
            np.array([low for low, _high in ends]),
            np.array([high for _low, high in ends]),
            np.array([name in locks for name in names]),
            tuple((name, _places(names, group), float(group.most)) for name, group in groups.items()),
            math.inf if total is None else float(total),
        )
        _check_sums(limits)
        return limits


def check_names(known: Iterable[str], asked: Iterable[str]) -> None:
    """ValueError for a name that no curve has."""
    known = tuple(known)
    for name in asked:
        if name not in known:
            raise ValueError(
                _("There is no response curve of {name}; there are curves of {names}.").format(
                    name=name, names=wording.listed(list(known))
                )
            )


def _ends(name: str, bounds: Bounds, locks: Mapping[str, float]) -> tuple[float, float]:
    low, high = (locks[name],) * 2 if name in locks else bounds.get(name, (None, None))
    low, high = 0.0 if low is None else float(low), math.inf if high is None else float(high)
    if not low >= 0 or math.isnan(high) or math.isinf(low):
        raise ValueError(_("A limit of {name} must be a known amount of at least 0.").format(name=name))
    if low > high:
        raise ValueError(
            _("The minimum of {name}, {low}, is above its maximum, {high}.").format(
                name=name, low=wording.money(low), high=wording.money(high)
            )
        )
    return low, high


def _places(names: tuple[str, ...], group: Group) -> np.ndarray:
    return np.array(sorted(names.index(name) for name in set(group.names)), int)


def _check_sums(limits: Limits) -> None:
    least = float(limits.low.sum())
    if not limits.total >= least * (1 - _ROUNDING) or limits.total < 0:
        raise ValueError(
            _("The total of {total} is below the {least} that minima and locks already take.").format(
                total=wording.money(limits.total), least=wording.money(least)
            )
        )
    members = np.concatenate([[], *(places for _name, places, _most in limits.groups)])
    if len(set(members)) < len(members):
        raise ValueError(_("A channel or programme can be in one group only."))
    for name, places, most in limits.groups:
        least = float(limits.low[places].sum())
        if not most >= least * (1 - _ROUNDING):
            raise ValueError(
                _("The group {name} may spend {most}, but its minima and locks already take {least}.").format(
                    name=name, most=wording.money(most), least=wording.money(least)
                )
            )
