"""How well a response curve agrees with monthly spend and outcome, with experiments, and with what was assumed.

A point is a row of: log level, logit share, log k, [logit carryover], [log shape], log noise, in multiples of the mean
spend and the mean outcome (response_priors says what each is). Months tell the level well and the share badly; in base
and ceiling, which follow from them, that would be a bent ridge, here it is close to a normal distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.decisions.response_curve import EXPONENTIAL, reach
from analytics.decisions.response_priors import COUNT, Priors

START_MONTHS = 3
_TINY = 1e-300
_LEAST_REACHED = 1e-100  # a ceiling that is so far away is as good as infinite

Slopes = dict[str, np.ndarray]


@dataclass(frozen=True)
class Months:
    """What was seen: spend / mean spend, outcome / mean outcome, season of mean 1, each of shape (months,).

    mean_outcome: in its own unit. tests: rows of low spend, high spend, effect and standard error, scaled likewise.
    """

    spend: np.ndarray
    outcome: np.ndarray
    season: np.ndarray
    mean_outcome: float
    tests: np.ndarray


@dataclass(frozen=True)
class ResponsePosterior:
    """Log posterior density of points; carryover is None where it is to be learnt, else its known value."""

    months: Months
    family: str
    noise: str
    carryover: float | None
    priors: Priors

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in their order."""
        learnt = ("carryover",) if self.carryover is None else ()
        shape = () if self.family == EXPONENTIAL else ("shape",)
        return ("level", "share", "k", *learnt, *shape, "noise")

    def __call__(self, point: np.ndarray) -> tuple[float, np.ndarray]:
        """Log density of one point, and its gradient."""
        value, slopes = self._density(point[None, :])
        return float(value[0]), slopes[0]

    def log_densities(self, points: np.ndarray) -> np.ndarray:
        """Log density of points; (points, parameters) -> (points,). Beyond what numbers can hold it is −∞."""
        with np.errstate(over="ignore", invalid="ignore"):
            found = self._density(points, with_slopes=False)[0]
        return np.where(np.isnan(found), -np.inf, found)

    def log_priors(self, points: np.ndarray) -> np.ndarray:
        """Log prior density, normalised, of points."""
        return self._prior(self._named(points))[0]

    def start(self) -> np.ndarray:
        """The centre of the priors."""
        return np.array([self.priors.centre(name, self.family, self.noise) for name in self.names])

    def prior_draws(self, count: int, random: np.random.Generator) -> np.ndarray:
        """Points drawn from the priors, shape (count, parameters)."""
        priors = self.priors
        columns = [priors.draws(name, count, random, self.family, self.noise) for name in self.names]
        return np.column_stack(columns)

    def parameters(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """base, ceiling, k, carryover, shape of points, in multiples of the means; each of shape (points,)."""
        curve, _slopes = self._curve(self._named(points))
        return {name: np.broadcast_to(values, len(points)) for name, values in curve.items()}

    def slopes(self, point: np.ndarray) -> dict[str, np.ndarray]:
        """Gradients of the logarithms of base, ceiling, k and shape, and of the logit of the carryover, at a point."""
        slopes = self._curve(self._named(point[None, :]))[1]
        simple = [name for name in ("k", "carryover", "shape") if name in self.names]
        found = {name: np.eye(len(point))[self.names.index(name)] for name in simple}
        for name in ("base", "ceiling"):
            by = {of: slope for (what, of), slope in slopes.items() if what == name}
            found[name] = np.array([by[of][0] if of in by else 0.0 for of in self.names])
        return found

    def _named(self, points: np.ndarray) -> dict[str, np.ndarray]:
        return dict(zip(self.names, points.T, strict=True))

    def _curve(
        self, named: dict[str, np.ndarray]
    ) -> tuple[dict[str, np.ndarray], dict[tuple[str, str], np.ndarray]]:
        """The curve's numbers, and the slopes of log base and log ceiling in the parameters of a point."""
        share, level, k = _share(named["share"]), np.exp(named["level"]), np.exp(named["k"])
        shape = np.exp(named["shape"]) if "shape" in named else np.ones(1)
        reached, by_log_x, by_log_shape = _reach(k, self.family, shape)
        reached = np.maximum(reached, _LEAST_REACHED)
        known = np.full(1, 0.0 if self.carryover is None else self.carryover)
        curve = {
            "base": level * _share(-named["share"]),
            "ceiling": level * share / reached,
            "k": k,
            "carryover": _share(named["carryover"]) if "carryover" in named else known,
            "shape": shape,
        }
        one = np.ones_like(level)
        return curve, {
            ("base", "level"): one,
            ("base", "share"): -share,
            ("ceiling", "level"): one,
            ("ceiling", "share"): 1 - share,
            ("ceiling", "k"): -by_log_x / reached,
            ("ceiling", "shape"): -by_log_shape / reached,
        }

    def _density(self, points: np.ndarray, with_slopes: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """Log density and, if asked for, its slopes: (points,), (points, parameters)."""
        named = self._named(points)
        curve, bridges = self._curve(named)
        parts = [self._agreement(curve, np.exp(named["noise"]), with_slopes)]
        if len(self.months.tests):
            parts.append(self._experiments(curve))
        value, slopes = self._prior(named)
        for more, part in parts:
            value = value + more
            for column, name in enumerate(self.names):
                slopes[:, column] += part.get(name, 0.0)
                for (what, of), bridge in bridges.items():
                    if of == name and what in part:
                        slopes[:, column] += part[what] * bridge
        return value, slopes

    def _prior(self, named: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        found = [self.priors.log_density(name, at, self.family, self.noise) for name, at in named.items()]
        return np.sum([density for density, _ in found], axis=0), np.column_stack([s for _, s in found])

    def _agreement(
        self, curve: dict[str, np.ndarray], noise: np.ndarray, with_slopes: bool
    ) -> tuple[np.ndarray, Slopes]:
        """Log likelihood of the months, and its slopes in the logarithms of the curve's numbers."""
        months = self.months
        base, ceiling, k, shape = (curve[name][:, None] for name in ("base", "ceiling", "k", "shape"))
        theta = curve["carryover"]
        stock, by_theta = adstock(months.spend, theta)
        reached, by_log_x, by_log_shape = _reach(k * stock, self.family, shape)
        mean = base * months.season + ceiling * reached
        likelihood = _count_likelihood if self.noise == COUNT else _money_likelihood
        value, by_mean, by_noise = likelihood(months, mean, noise[:, None])
        if not with_slopes:
            return value.sum(axis=1), {}
        grown = by_theta / np.maximum(stock, _TINY) * (theta * (1 - theta))[:, None]
        slopes = {
            "base": by_mean * base * months.season,
            "ceiling": by_mean * ceiling * reached,
            "k": by_mean * ceiling * by_log_x,
            "carryover": by_mean * ceiling * by_log_x * grown,
            "shape": by_mean * ceiling * by_log_shape,
            "noise": by_noise,
        }
        return value.sum(axis=1), {name: slope.sum(axis=1) for name, slope in slopes.items()}

    def _experiments(self, curve: dict[str, np.ndarray]) -> tuple[np.ndarray, Slopes]:
        """Log likelihood of the experiments: each measured f(high) − f(low) with a normal error."""
        low, high, effect, error = self.months.tests.T
        ceiling, k, shape = (curve[name][:, None] for name in ("ceiling", "k", "shape"))
        at_low, at_high = (_reach(k * spend, self.family, shape) for spend in (low, high))
        step = [top - bottom for top, bottom in zip(at_high, at_low, strict=True)]
        score = (effect - ceiling * step[0]) / error
        pull = score / error * ceiling
        slopes = dict(zip(("ceiling", "k", "shape"), (pull * part for part in step), strict=True))
        return -(score**2).sum(axis=1) / 2, {name: slope.sum(axis=1) for name, slope in slopes.items()}


def adstock(spend: np.ndarray, carryover: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spend whose effect is felt, a_t = (1 − θ) s_t + θ a_(t−1), and its slope in θ; both (points, months).

    Normalised: a constant spend is its own adstock. It begins in the steady state of the mean of the first three months.
    """
    felt, slope = np.empty((2, len(carryover), len(spend)))
    before, slope_before = np.full(len(carryover), spend[:START_MONTHS].mean()), np.zeros(len(carryover))
    for month, amount in enumerate(spend):
        slope_before = before - amount + carryover * slope_before
        before = amount + carryover * (before - amount)
        felt[:, month], slope[:, month] = before, slope_before
    return felt, slope


def _share(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logit))


def _reach(x: np.ndarray, family: str, shape: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The share of the ceiling reached at x, and its slopes in log x and log shape."""
    reached = reach(x, family, shape)
    if family == EXPONENTIAL:
        return reached, x * (1 - reached), np.zeros_like(x)
    slope = shape * reached * (1 - reached)
    return reached, slope, slope * np.log(np.maximum(x, _TINY))


def _count_likelihood(
    months: Months, mean: np.ndarray, noise: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Efron's (1986) double Poisson, variance φ × mean: log likelihood, slopes in the mean and in log(φ − 1)."""
    outcome, size = months.outcome, months.mean_outcome
    dispersion = 1 + noise
    logarithm = outcome * (np.log(np.maximum(outcome, _TINY)) - np.log(mean))
    deviance = 2 * size * (logarithm - outcome + mean)
    value = -(np.log(dispersion) + deviance / dispersion) / 2
    by_noise = noise / dispersion * (deviance / dispersion - 1) / 2
    return value, size * (outcome / mean - 1) / dispersion, by_noise


def _money_likelihood(
    months: Months, mean: np.ndarray, noise: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normal with standard deviation `noise`: log likelihood, slopes in the mean and in log noise."""
    score = (months.outcome - mean) / noise
    return -np.log(noise) - score**2 / 2, score / noise, score**2 - 1
