"""The split of a total over lines of any shape: an integer programme over a grid of money, then over finer ones.

S-shaped curves return little at first, more later and less again, so equal returns are met at several splits, and all but
one are wrong. Dynamic programming looks at every split of the grid. The later, finer grids look around the best one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

STEPS = 400  # of the first grid
_NEAR = 2  # steps to either side that the next grid looks at
_FINER = 8
_ROUNDS = 9

Worth = Callable[[int, np.ndarray], np.ndarray]  # line, spends -> money
Groups = list[tuple[np.ndarray, float]]  # lines, the most that they may spend together


def split_on_grid(
    worth: Worth,
    low: np.ndarray,
    high: np.ndarray,
    total: float,
    groups: Groups,
    steps: int = STEPS,
    rounds: int = _ROUNDS,
) -> np.ndarray:
    """The spends, shape (lines,), that are worth most; each between low and high, their sum at most the total.

    The first grid has `steps` steps between the sum of low and the total; each of the further `rounds` grids is eight
    times finer. The groups must not share lines.
    """
    room = min(total, float(high.sum())) - float(low.sum())
    step = room / steps
    if not step > 0:
        return low.astype(float)
    spend = _best(worth, low, high, total, groups, step)
    for _round in range(rounds):
        nearest, farthest = np.maximum(low, spend - _NEAR * step), np.minimum(high, spend + _NEAR * step)
        step /= _FINER
        spend = _best(worth, nearest, farthest, total, groups, step)
    return spend


def _best(
    worth: Worth, low: np.ndarray, high: np.ndarray, total: float, groups: Groups, step: float
) -> np.ndarray:
    """The best split on the grid that begins at low."""
    room = _count(min(total, high.sum()) - low.sum(), step)
    tables = [
        worth(line, bottom + step * np.arange(min(_count(top - bottom, step), room) + 1))
        for line, (bottom, top) in enumerate(zip(low, high, strict=True))
    ]
    grouped = [members for members, _cap in groups]
    alone = np.setdiff1d(np.arange(len(low)), np.concatenate([[], *grouped]))
    caps = [min(_count(cap - low[members].sum(), step), room) for members, cap in groups]
    parts = [([int(line)], room) for line in alone]
    parts += [(list(members), cap) for members, cap in zip(grouped, caps, strict=True)]
    packed = [_packed([tables[line] for line in members], cap) for members, cap in parts]
    value, picks = _packed([best for best, _ in packed], room)
    taken = np.zeros(len(low))
    for (members, _cap), (_best_of, inner), part in zip(
        parts, packed, _traced(picks, int(value.argmax())), strict=True
    ):
        taken[members] = _traced(inner, part)
    return low + step * taken


def _count(money: float, step: float) -> int:
    """Whole steps in an amount."""
    return max(int(np.floor(money / step + 1e-6)), 0)


def _packed(tables: list[np.ndarray], room: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """best[b]: the most that the tables are worth with exactly b steps; picks[i][b]: the steps that table i then takes."""
    best, picks = np.zeros(1), []
    for table in (table[: room + 1] for table in tables):
        size = min(len(best) + len(table) - 1, room + 1)
        padded = np.full(size + len(table) - 1, -np.inf)
        padded[len(table) - 1 :][: len(best)] = best[:size]
        sums = sliding_window_view(padded, len(table)) + table[::-1]
        chosen = sums.argmax(axis=1)
        best = sums[np.arange(size), chosen]
        picks.append(len(table) - 1 - chosen)
    return best, picks


def _traced(picks: list[np.ndarray], steps: int) -> list[int]:
    """How many of the steps each table took."""
    taken = []
    for pick in reversed(picks):
        taken.append(int(pick[steps]))
        steps -= taken[-1]
    return taken[::-1]
