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


def credit_shares(journeys: Journeys) -> np.ndarray:
    """Per touch, the share of its path's worth that it earns: equal for every channel of the path, once."""
    key = journeys.touch_path * len(journeys.channels) + journeys.touch_channel
    is_first = _is_first(key, len(journeys.length) * len(journeys.channels))
    members = np.bincount(journeys.touch_path, is_first, len(journeys.length))
    return is_first / members[journeys.touch_path]


def _is_first(key: np.ndarray, size: int) -> np.ndarray:
    """Whether a key, an integer below `size`, stands at its place for the first time."""
    place = np.arange(len(key))
    if size > MOST_CELLS:
        first_seen = np.unique(key, return_index=True)[1]
        return np.isin(place, first_seen)
    seen_at = np.empty(size, dtype=np.intp)
    seen_at[key[::-1]] = place[::-1]  # of several writes to one cell the last one stays: the first place
    return seen_at[key] == place
