"""The months of a new customer's value that the data do not reach yet: how they stand to the months that are seen.

What customers bring dies down by a constant part d a month. d is not known: it has a log-normal prior, and each d counts as
much as its prior and its fit to the months seen say (level by least squares, a month as heavy as its customers; level and
noise integrated out). So nothing is ever foreseen to grow, and with few months the prior speaks, within its wide range.
"""

from __future__ import annotations

import numpy as np

from analytics.decisions.customer_base import LEAVING_MEDIAN, LEAVING_SPREAD

FEWEST_MONTHS, FEWEST_CUSTOMERS = 3, 30  # finished by anybody; of customers who finished the first
DRAWS = 8_000
SEED = 2_005
_POINTS = 41
_WIDEST = 2.5  # standard deviations


def flows_ahead(margins: np.ndarray, customers: np.ndarray, months: int) -> np.ndarray:
    """Margin per customer in each of the `months` that follow those seen, draws (DRAWS, months); none where too little is
    seen to foresee anything.

    margins, customers: by whole months since the first order, per customer who has finished the month, and how many have.
    """
    seen = len(margins)
    if months <= 0 or seen < FEWEST_MONTHS or customers[0] < FEWEST_CUSTOMERS or not margins[1:].sum() > 0:
        return np.zeros((DRAWS, 0))
    scores = np.linspace(-_WIDEST, _WIDEST, _POINTS)
    leaving = LEAVING_MEDIAN * np.exp(LEAVING_SPREAD * scores)
    # the first month is left out: customers who have just come differ in it
    level, fits = _fits(margins[1:], customers[1:], leaving)
    likely = np.exp(-(scores**2) / 2) * fits
    chosen = np.searchsorted(np.cumsum(likely / likely.sum()), (np.arange(DRAWS) + 0.5) / DRAWS)
    chosen = np.random.default_rng(SEED).permutation(chosen.clip(max=_POINTS - 1))
    ahead = np.arange(seen - 1, seen - 1 + months)
    return np.maximum(level, 0.0)[chosen, None] * np.exp(-np.outer(leaving[chosen], ahead))


def _fits(margins: np.ndarray, customers: np.ndarray, leaving: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each part that leaves: the level of the first of these months, and how well it fits, as a likelihood whose highest
    is 1.
    """
    shape = np.exp(-np.outer(leaving, np.arange(len(margins))))
    weight = shape**2 @ customers
    level = (shape * customers) @ margins / weight
    off = ((margins - level[:, None] * shape) ** 2) @ customers + 1e-12 * (margins**2) @ customers
    logs = -((len(margins) - 1) * np.log(off) + np.log(weight)) / 2
    return level, np.exp(logs - logs.max())
