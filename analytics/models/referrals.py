"""Who brings whom: how far word of mouth spreads, and the forest of referrals with what hangs below everybody.

People are numbers from 0 on. A forest is one array: the number of everybody's referrer, −1 for who was not referred.
Nothing here loops over people or generations: ways up are doubled (1, 2, 4, 8 … generations at once), so that a chain of
a million takes twenty steps and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NOBODY = -1
ON_A_RING = (
    -1
)  # generation of who is on a ring of referrals, or below one: there is no first one to count from


@dataclass(frozen=True, eq=False)
class Forest:
    """One place per person. referrer: its number, −1: not referred; referrals on or below a ring are cut.

    generation: 0 for who was not referred, 1 for whom these referred, 2 for whom those referred …; −1 on or below a
    ring. root: the number of the one at whom the tree begins. descendants: people below, of all generations.
    """

    referrer: np.ndarray
    generation: np.ndarray
    root: np.ndarray
    descendants: np.ndarray

    def __len__(self) -> int:
        return len(self.referrer)

    @property
    def on_ring(self) -> np.ndarray:
        """Whether somebody is on a ring, or below one."""
        return self.generation == ON_A_RING


def viral_coefficient(invitations_per_customer: float, conversion: float) -> float:
    """K: invitations per customer, over all customers, × the part of invitations that became customers."""
    return invitations_per_customer * conversion


def viral_limit(customers: float, k: float) -> float:
    """How many customers there are in the end if each brings K more who do likewise: customers / (1 − K).

    NaN from K = 1 on: then nothing but the number of people ends it.
    """
    return customers / (1 - k) if k < 1 else np.nan


def viral_growth(customers: float, k: float, cycles: int) -> np.ndarray:
    """Customers after 0, 1, …, `cycles` cycles if each brings K more, once: the sum of customers × K^n."""
    return customers * np.cumsum(float(k) ** np.arange(cycles + 1))


def forest(referrer: np.ndarray) -> Forest:
    """The forest of an array of referrers' numbers (−1: none).

    Raises ValueError for a number that nobody has. Whoever never meets an end on the way up, because of a ring, is
    marked and cut off.
    """
    above = _checked(referrer)
    generation, root = _ways_up(above)
    endless = generation == ON_A_RING
    if endless.any():
        above = np.where(endless, NOBODY, above)
        root = np.where(endless, np.arange(len(above)), root)
    below = below_everybody(above, np.ones(len(above)))
    return Forest(above, generation, root, np.rint(below).astype(np.int64))


def below_everybody(referrer: np.ndarray, value: np.ndarray, generations: int | None = None) -> np.ndarray:
    """Per person the sum of `value` over all below: of as many generations, None: of all. Own value not included.

    referrer: without rings, as Forest.referrer has it. After n doublings every sum reaches 2^n generations down, and
    the sums of those exactly 2^n below are what is still lacking.
    """
    if generations is not None:
        return _to_generation(referrer, value, generations)
    size = len(referrer)
    total = np.array(value, float)
    jump = np.array(referrer, np.int64)
    people = np.flatnonzero(jump >= 0)  # those with somebody so many generations up
    while len(people):
        above = jump[people]
        total += np.bincount(above, total[people], size)
        further = jump[above]
        jump[people] = further
        people = people[further >= 0]
    return total - value


def generations_below(found: Forest) -> np.ndarray:
    """Per person how many generations there are below: 0 for who brought nobody."""
    deepest, jump = found.generation.copy(), found.referrer.copy()
    people = np.flatnonzero(jump >= 0)
    while len(people):
        above = jump[people]
        np.maximum.at(deepest, above, deepest[people])
        further = jump[above]
        jump[people] = further
        people = people[further >= 0]
    return deepest - found.generation


def _to_generation(referrer: np.ndarray, value: np.ndarray, generations: int) -> np.ndarray:
    size, total = len(referrer), np.zeros(len(referrer))
    people = np.flatnonzero(referrer >= 0)
    above = referrer[people]
    for _generation in range(generations):
        if not len(people):
            break
        total += np.bincount(above, np.asarray(value, float)[people], size)
        above = referrer[above]
        people, above = people[above >= 0], above[above >= 0]
    return total


def _checked(referrer: np.ndarray) -> np.ndarray:
    above = np.asarray(referrer, np.int64)
    if len(above) and (above.min() < NOBODY or above.max() >= len(above)):
        raise ValueError("A referrer's number lies outside the people.")
    return above


def _ways_up(above: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps to the top (−1: there is none), and who stands there."""
    here = np.arange(len(above))
    referred = above >= 0
    jump = np.where(referred, above, here)
    steps = referred.astype(np.int64)
    moving = here[referred]
    for _doubling in range(len(above).bit_length() + 1):
        moving = moving[referred[jump[moving]]]
        if not len(moving):
            return steps, jump
        ahead = jump[moving]
        steps[moving] += steps[ahead]
        jump[moving] = jump[ahead]
    steps[moving] = ON_A_RING
    return steps, jump
