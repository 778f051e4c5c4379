"""What the response curves of one company have in common: each is drawn with what the others tell (partial pooling).

The months of one channel say little about how soon it is exhausted and how long its effect lasts; those of all channels
say more, as far as channels of one company are alike. Each company has a typical value of both, of which the priors of
the single curves say what to expect; a channel scatters around it. Which typical values agree with all channels is worked
out on a grid: the evidence of a channel for a point of it is the mean, over the draws of that channel alone, of the prior
there over the prior that it was drawn with. What would have come anyway is left to each channel: it hangs on the channel,
not on the company. Source: Gelman, Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models,
chapter 12; reweighting as in Hesterberg (1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.decisions.response import Response
from analytics.decisions.response_curve import Curve

ALIKE = 0.5  # of the variance of log k: what channels of one company share
CARRYOVER_WEIGHT = 12.0  # how closely channels scatter around the company: a + b of their Beta
_MEDIANS, _CARRYOVERS = 9, 9  # points of the grid
_WIDEST = 2.0  # standard deviations that the medians reach
_PROPOSALS = 8  # per draw
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class _Told:
    """Draws of one channel alone, their weights, and (draws, points of the grid) how much likelier each is under a typical
    k, and under a typical carryover, than it was.
    """

    points: np.ndarray
    weights: np.ndarray
    by_k: np.ndarray
    by_carryover: np.ndarray

    @property
    def evidence(self) -> np.ndarray:
        """Logarithm, shape (_MEDIANS, _CARRYOVERS)."""
        return np.log(np.maximum((self.by_k * self.weights[:, None]).T @ self.by_carryover, 1e-300))

    def chosen(self, place: tuple[int, int], steps: np.ndarray) -> np.ndarray:
        """Points under one typical company, at these steps in (0, 1)."""
        reached = np.cumsum(self.weights * self.by_k[:, place[0]] * self.by_carryover[:, place[1]])
        return self.points[np.searchsorted(reached, steps * reached[-1]).clip(max=len(self.points) - 1)]


def pooled_curves(responses: Sequence[Response], draws: int, seed: int = 1) -> list[Curve]:
    """Joint draws of the curves of one company's channels, in their order; numbers of shape (draws,)."""
    if not responses:
        return []
    told = [_told(one, draws, np.random.default_rng([seed, number])) for number, one in enumerate(responses)]
    evidence = np.sum([one.evidence for one in told], axis=0) + _prior()
    likely = np.exp(evidence - evidence.max()).ravel()
    random = np.random.default_rng(seed)
    at = np.searchsorted(np.cumsum(likely / likely.sum()), (np.arange(draws) + random.uniform()) / draws)
    at = random.permutation(at.clip(max=likely.size - 1))
    found = [np.empty((draws, one.points.shape[1])) for one in told]
    for place in np.unique(at):
        here = np.flatnonzero(at == place)
        for one, points in zip(told, found, strict=True):
            steps = (random.permutation(len(here)) + random.uniform()) / len(here)
            points[here] = one.chosen(divmod(int(place), _CARRYOVERS), steps)
    return [response.curves(points) for response, points in zip(responses, found, strict=True)]


def _prior() -> np.ndarray:
    """Logarithm, of the grid's points: medians are normal, the typical carryovers equally likely quantiles."""
    scores = np.linspace(-_WIDEST, _WIDEST, _MEDIANS)
    return np.repeat(-(scores[:, None] ** 2) / 2, _CARRYOVERS, axis=1)


def _told(response: Response, draws: int, random: np.random.Generator) -> _Told:
    posterior, priors = response.posterior, response.posterior.priors
    points, weights = response.weighted(_PROPOSALS * draws, random)
    named = dict(zip(posterior.names, points.T, strict=True))
    spread, centre = priors.k_spread, priors.centre("k", posterior.family, posterior.noise)
    between, within = spread * math.sqrt(ALIKE), spread * math.sqrt(1 - ALIKE)
    medians = centre + between * np.linspace(-_WIDEST, _WIDEST, _MEDIANS)
    log_k = named["k"][:, None]
    by_k = np.exp(((log_k - centre) / spread) ** 2 / 2 - ((log_k - medians) / within) ** 2 / 2)
    by_carryover = np.ones((len(points), _CARRYOVERS))
    if "carryover" in named:
        by_carryover = _likelier(named["carryover"], (priors.carryover_a, priors.carryover_b))
    return _Told(points, weights, by_k, by_carryover)


def _likelier(logits: np.ndarray, beta: tuple[float, float]) -> np.ndarray:
    """Of carryovers, given as logits: density in the Beta around each typical value over that of their prior, up to what is
    the same for all draws of all typical values; (draws, _CARRYOVERS).
    """
    from scipy.special import betaincinv, betaln

    carryover = np.clip(1 / (1 + np.exp(-logits)), _TINY, 1 - _TINY)[:, None]
    typical = betaincinv(*beta, (np.arange(_CARRYOVERS) + 0.5) / _CARRYOVERS)
    a, b = CARRYOVER_WEIGHT * typical, CARRYOVER_WEIGHT * (1 - typical)
    away = (a - beta[0]) * np.log(carryover) + (b - beta[1]) * np.log1p(-carryover)
    return np.exp(away - betaln(a, b) + betaln(*beta))
