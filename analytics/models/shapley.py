"""Shapley values of a game between channels.

Source: Shapley (1953), A value for n-person games. For journeys the worth of a coalition is what journeys earn that
touch no channel outside of it; the dividend of such a game is the worth of exactly that set (Harsanyi 1963), so every
set's worth is shared equally among its members, which is exact for any number of channels.
"""

from __future__ import annotations

from math import factorial

import numpy as np

from analytics.models.journeys import Journeys

MOST_PLAYERS = 15
MOST_CELLS = 100_000_000  # beyond this sorting needs less memory than a table


def shapley_values(worth: np.ndarray) -> np.ndarray:
    """Shapley value of every player; `worth` has 2ⁿ entries, bit i of an index = player i takes part, worth[0] = 0.

    ValueError for a length that is no power of two or for more than 15 players.
    """
    players = int(np.log2(len(worth)))
    if len(worth) != 1 << players or players > MOST_PLAYERS:
        raise ValueError(f"A game needs 2ⁿ coalitions of at most {MOST_PLAYERS} players.")
    coalition = np.arange(len(worth))
    size = np.bitwise_count(coalition)
    weights = np.array(
        [factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)]
    )
    values = np.empty(players)
    for player in range(players):
        without = coalition[(coalition >> player) & 1 == 0]
        gain = worth[without | (1 << player)] - worth[without]
        values[player] = (weights[size[without]] * gain).sum()
    return values


def credit_shares(journeys: Journeys) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """channel, path and share of the path's worth, one entry for every channel of a path: all of them share alike."""
    key = journeys.touch_path * len(journeys.channels) + journeys.touch_channel
    cells = _distinct(key, len(journeys.length) * len(journeys.channels))
    path, channel = np.divmod(cells, max(len(journeys.channels), 1))
    members = np.bincount(path, minlength=len(journeys.length))
    return channel, path, (1.0 / members)[path]


def _distinct(key: np.ndarray, size: int) -> np.ndarray:
    """The distinct keys, integers below `size`, in order."""
    if size > MOST_CELLS:
        return np.unique(key)
    seen = np.zeros(size, dtype=bool)
    seen[key] = True
    return np.flatnonzero(seen)
