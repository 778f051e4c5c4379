"""What is assumed of a response curve before any month is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analytics.decisions.response_curve import EXPONENTIAL

COUNT, MONEY = "count", "money"
_TINY = 1e-12
PROGRAMME_REACHED, PROGRAMME_SPREAD = (
    0.5,
    0.8,
)  # of a programme's ceiling at its usual spend; of the logarithm of its k
_SHARES = ("share", "carryover")  # parameters in [0, 1], held as logits; the others are held as logarithms


@dataclass(frozen=True)
class Priors:
    """Weak priors in multiples of the mean spend and the mean outcome, so that no unit matters.

    level: the outcome at mean spend / the mean outcome, log-normal around 1. share: how much of that the spend causes,
    Beta. k × mean spend: log-normal around the value that reaches `reached_median` of the ceiling. Base and ceiling
    follow from these: base = level × (1 − share), ceiling = level × share / reached. carryover: Beta. shape: of Hill,
    log-normal. Noise of counts: variance / mean − 1, log-normal; noise of money: standard deviation / mean outcome,
    log-normal. A spread is the standard deviation of the logarithm.

    By the medians 1 % more spend brings about 0.4 % more customers; advertising elasticities are 0.1 to 0.2 on average and
    seldom above 0.5 (Sethuraman, Tellis, Briesch 2011, Journal of Marketing Research 48, 457-471). The carryover is one from
    month to month, and none at all is possible.
    """

    level_spread: float = 1.0
    share_a: float = 1.5
    share_b: float = 1.0
    reached_median: float = 1 - math.exp(-1)  # k × mean spend = 1
    k_spread: float = 0.9
    carryover_a: float = 1.0
    carryover_b: float = 4.0
    shape_median: float = 1.5
    shape_spread: float = 0.4
    overdispersion_median: float = 0.3
    overdispersion_spread: float = 1.5
    money_noise_median: float = 0.15
    money_noise_spread: float = 1.0

    def centre(self, name: str, family: str, noise: str) -> float:
        """Where a search begins: log of the median, or logit of the mean."""
        if name in _SHARES:
            a, b = self._beta(name)
            return math.log(a / b)
        return math.log(self._log_normal(name, family, noise)[0])

    def log_density(
        self, name: str, at: np.ndarray, family: str, noise: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """Log density of a parameter's logarithm or logit, and its slope."""
        if name in _SHARES:
            a, b = self._beta(name)
            constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
            density = constant - a * np.logaddexp(0.0, -at) - b * np.logaddexp(0.0, at)
            return density, a - (a + b) / (1 + np.exp(-at))
        median, spread = self._log_normal(name, family, noise)
        score = (at - math.log(median)) / spread
        return -(score**2) / 2 - math.log(spread * math.sqrt(2 * math.pi)), -score / spread

    def draws(
        self, name: str, count: int, random: np.random.Generator, family: str, noise: str
    ) -> np.ndarray:
        """Draws of a parameter's logarithm or logit, shape (count,)."""
        if name in _SHARES:
            share = np.clip(random.beta(*self._beta(name), count), _TINY, 1 - _TINY)
            return np.log(share) - np.log1p(-share)
        median, spread = self._log_normal(name, family, noise)
        return math.log(median) + spread * random.standard_normal(count)

    def _beta(self, name: str) -> tuple[float, float]:
        shares = self.share_a, self.share_b
        return shares if name == "share" else (self.carryover_a, self.carryover_b)

    def _log_normal(self, name: str, family: str, noise: str) -> tuple[float, float]:
        """Median and spread."""
        if name == "noise":
            counts = self.overdispersion_median, self.overdispersion_spread
            return counts if noise == COUNT else (self.money_noise_median, self.money_noise_spread)
        reached = self.reached_median
        k_median = -math.log1p(-reached) if family == EXPONENTIAL else reached / (1 - reached)
        return {
            "level": (1.0, self.level_spread),
            "k": (k_median, self.k_spread),
            "shape": (self.shape_median, self.shape_spread),
        }[name]


def reach_draws(count: int, seed: int = 1_996) -> np.ndarray:
    """Draws of k × spend at the usual spend, of a programme of which only the level there is known; in opposite pairs."""
    half = np.random.default_rng(seed).standard_normal((count + 1) // 2)
    scores = np.concatenate([half, -half])[:count]
    return -math.log1p(-PROGRAMME_REACHED) * np.exp(PROGRAMME_SPREAD * scores)


def elasticity_draws(count: int, seed: int = 1_996) -> np.ndarray:
    """Draws of how much more is caused, in percent, by 1 % more spend, where only the level is known: x / (e^x − 1)."""
    x = reach_draws(count, seed)
    return x / np.expm1(x)
