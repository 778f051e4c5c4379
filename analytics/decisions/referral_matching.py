"""Referred customers against others of the same kind: first-order quarter, segment, first-order value and region.

Every referred customer is held against the customers who came otherwise in the same stratum; where these are too few,
region, then value band, then segment are given up for this one. The others then count as often as they stand in for a
referred one. The difference may be negative. The interval is that of a Poisson bootstrap over all these customers,
computed from sums of powers per stratum: see docs/methods.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.decisions.economics import share
from analytics.decisions.interval import NOT_KNOWN, Interval, of_total

FEWEST_PEERS = 5  # others in a stratum, for its mean to stand for what a referred customer would have brought
POWERS = 4  # sums of x⁰ to x³ of each side


@dataclass(frozen=True)
class Lead:
    """Means of the referred and of the others that were matched to them; difference and ratio − 1 with 80 %
    intervals. matched: referred customers with peers, of so many; exactly: those matched on everything; peers: others.
    """

    referred: float = float("nan")
    others: float = float("nan")
    difference: Interval = NOT_KNOWN
    ratio: Interval = NOT_KNOWN
    matched: int = 0
    exactly: int = 0
    of: int = 0
    peers: int = 0

    @property
    def matched_share(self) -> float:
        """The part of the referred who have peers."""
        return share(self.matched, self.of)


@dataclass(frozen=True, eq=False)
class Strata:
    """Sums per finest stratum. levels: (levels, cells) number of the stratum that a cell lies in, from the finest
    level to the coarsest. referred, others: (cells, POWERS) sums of 1, x, x², x³.
    """

    levels: np.ndarray
    referred: np.ndarray
    others: np.ndarray

    @classmethod
    def of(cls, keys: list[np.ndarray], is_referred: np.ndarray, values: np.ndarray) -> Strata:
        """keys: codes from 0 on per customer, the one that is given up last first."""
        if not len(values):
            return cls(np.zeros((len(keys), 0), int), np.zeros((0, POWERS)), np.zeros((0, POWERS)))
        code = _combined(keys)
        first, cell = np.unique(code, return_index=True, return_inverse=True)[1:]
        levels = [_combined([key[first] for key in keys[:depth]]) for depth in range(len(keys), 0, -1)]
        dense = np.stack([np.unique(level, return_inverse=True)[1] for level in levels])
        sums = [
            np.stack([np.bincount(cell[side], values[side] ** p, len(first)) for p in range(POWERS)], axis=1)
            for side in (is_referred, ~is_referred)
        ]
        return cls(dense, *sums)


def lead(strata: Strata, chosen: np.ndarray | None = None) -> Lead:
    """How much more the referred brought than their peers. chosen: cells whose referred customers are asked about."""
    n = strata.referred[:, 0] if chosen is None else np.where(chosen, strata.referred[:, 0], 0.0)
    match = _Match(strata, n)
    matched = match.is_matched
    size = float(n[matched].sum())
    found = Lead(of=int(n.sum()), matched=int(size), exactly=match.exactly, peers=match.peers)
    if not size:
        return found
    mine = strata.referred[matched]
    referred, others = mine[:, 1].sum() / size, float(n[matched] @ match.mean[matched]) / size
    difference = match.interval(mine, referred - others, 1.0, referred - others, size)
    ratio = referred / others if others > 0 else np.nan
    relative = match.interval(mine, ratio, ratio, 0.0, size * others) if others > 0 else NOT_KNOWN
    return Lead(
        referred=float(referred),
        others=others,
        difference=difference,
        ratio=relative.plus(-1.0),
        matched=found.matched,
        exactly=found.exactly,
        of=found.of,
        peers=found.peers,
    )


class _Match:
    """For every cell: the mean of the peers of its referred (n per cell), and how often its own others stand in.

    An other who brought x stands in with weight · x, which is compared with `expected`: both are summed over the
    levels at which this one is used.
    """

    def __init__(self, strata: Strata, n: np.ndarray) -> None:
        self.mean = np.full(len(n), np.nan)
        self.weight, self.expected = np.zeros(len(n)), np.zeros(len(n))
        self.others = strata.others
        open_, self.exactly = n > 0, 0
        for depth, group in enumerate(strata.levels):
            peers = np.bincount(group, self.others[:, 0])
            taken = open_ & (peers >= FEWEST_PEERS)[group]
            if taken.any():
                self._use(group, taken, n, peers)
            if not depth:
                self.exactly = int(n[taken].sum())
            open_ &= ~taken
        self.is_matched = np.isfinite(self.mean)
        self.peers = int(self.others[self.weight > 0, 0].sum())

    def _use(self, group: np.ndarray, taken: np.ndarray, n: np.ndarray, peers: np.ndarray) -> None:
        safe = np.maximum(peers, 1.0)
        means = np.bincount(group, self.others[:, 1]) / safe
        stands_for = np.bincount(group[taken], n[taken], len(peers)) / safe
        self.mean[taken] = means[group[taken]]
        self.weight += stands_for[group]
        self.expected += (stands_for * means)[group]

    def interval(self, mine: np.ndarray, value: float, times: float, plus: float, divisor: float) -> Interval:
        """Cumulants: Σ (x − times · mean − plus)^p over the referred, Σ (times · (expected − weight · x))^p over others."""
        at = times * self.mean[self.is_matched] + plus
        second = _moment(mine, 1.0, at, 2) + _moment(
            self.others, times * self.weight, times * self.expected, 2
        )
        third = _moment(mine, 1.0, at, 3) - _moment(
            self.others, times * self.weight, times * self.expected, 3
        )
        return of_total(float(value), second / divisor**2, third / divisor**3)


def _moment(sums: np.ndarray, a, b, power: int) -> float:
    """Σ (a x − b)^power from the sums of powers of x."""
    one, x, xx, xxx = sums.T
    if power == 2:
        return float(np.sum(a**2 * xx - 2 * a * b * x + b**2 * one))
    return float(np.sum(a**3 * xxx - 3 * a**2 * b * xx + 3 * a * b**2 * x - b**3 * one))


def _combined(keys: list[np.ndarray]) -> np.ndarray:
    code = np.zeros(len(keys[0]), np.int64)
    for key in keys:
        code = code * (int(key.max(initial=0)) + 1) + key
    return code
