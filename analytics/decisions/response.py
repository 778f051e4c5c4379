"""What spend causes, learnt from months: response curves with honest uncertainty.

Outcome of month t = base × season_t + ceiling × reach(k × adstock_t) + noise: see response_curve for `reach`,
response_posterior for adstock and noise, response_priors for what is assumed. Sources: Blattberg, Deighton (1996),
Manage marketing by the customer equity test, Harvard Business Review 74(4); Hesterberg (1995), Weighted average
importance sampling and defensive mixture distributions, Technometrics 37(2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.decisions.response_curve import EXPONENTIAL, FAMILIES, HILL, Curve
from analytics.decisions.response_posterior import Months, ResponsePosterior
from analytics.decisions.response_priors import COUNT, MONEY, Priors
from analytics.language import gettext as _
from analytics.models.likelihood import maximise

FEWEST_MONTHS = 3
FEWEST_FOR_S_SHAPE = 12
STRONG = 20.0  # Kass and Raftery: strong evidence
KNOWN_FROM, KNOWN_TO = 0.5, 1.5  # times the observed spend; beyond, a curve is an extrapolation
_PROPOSALS = 8  # per draw
_FEWEST_PROPOSALS = 4000
_FROM_PRIOR = 0.2  # the share of proposals that keeps every weight bounded
_TAILS = 4.0  # degrees of freedom of the other proposals
_GROWTH_SPREAD, _SEASON_SPREAD = 0.5, 0.25  # of logarithms: growth in a year, a month against the mean month
_NEWTON_STEPS = 25
_NARROWEST, _WIDEST = 1e-10, 25.0  # variances of logarithms and logits


@dataclass(frozen=True)
class ExperimentResult:
    """What an experiment measured: f(high_spend) − f(low_spend) per month, once settled, and its standard error.

    A holdout or a switched-off region has low_spend 0. ValueError for spends or an error that cannot be.
    """

    low_spend: float
    high_spend: float
    effect: float
    standard_error: float

    def __post_init__(self):
        possible = 0 <= self.low_spend < self.high_spend < math.inf and 0 < self.standard_error < math.inf
        if not (possible and math.isfinite(self.effect)):
            raise ValueError(
                _(
                    "An experiment needs a high spend above its low one, an effect, and a standard error above 0."
                )
            )


@dataclass(frozen=True)
class Response:
    """A fitted response curve: the most probable one (MAP), and draws of what else it may be.

    base_, ceiling_: outcome per month; k_: per unit of monthly spend; carryover_ in [0, 1); shape_: of Hill, else 1.
    standard_errors_: by parameter, from the curvature at the optimum. observed_low_, observed_high_: the smallest and the
    largest monthly spend seen, mean_spend_ their mean.
    """

    family: str
    base_: float
    ceiling_: float
    k_: float
    carryover_: float
    shape_: float
    standard_errors_: dict[str, float]
    observed_low_: float
    observed_high_: float
    mean_spend_: float
    posterior: ResponsePosterior
    point: np.ndarray
    covariance: np.ndarray

    @property
    def curve(self) -> Curve:
        """The most probable curve."""
        return Curve(self.base_, self.ceiling_, self.k_, 1.0, self.family, self.shape_, self.carryover_)

    @property
    def log_evidence(self) -> float:
        """Logarithm of how probable months and experiments are under this family, whatever its parameters: Laplace's
        approximation around the most probable curve (Kass, Raftery 1995, Bayes factors, JASA 90).
        """
        spread = len(self.point) * math.log(2 * math.pi) + float(np.linalg.slogdet(self.covariance)[1])
        return self.posterior(self.point)[0] + spread / 2

    def predict(self, spend: float | np.ndarray) -> np.ndarray:
        """Outcome per month at a constant monthly spend, of a month of average season."""
        return self.curve.outcome(spend)

    def is_extrapolation(self, spend: float | np.ndarray) -> np.ndarray:
        """Whether a spend lies below half of the smallest or above 1.5 times the largest month seen."""
        spend = np.asarray(spend, float)
        return (spend < KNOWN_FROM * self.observed_low_) | (spend > KNOWN_TO * self.observed_high_)

    def draws(self, n: int, seed: int = 1) -> Curve:
        """n draws of the curve from its posterior, as one Curve whose numbers have shape (n,).

        Importance resampling: proposals come from a t distribution around the optimum and, one in five, from the prior,
        so that tails and skewness are those of the posterior and not of the normal approximation.
        """
        random = np.random.default_rng(seed)
        points, weights = self.weighted(max(_PROPOSALS * n, _FEWEST_PROPOSALS), random)
        steps = (np.arange(n) + random.uniform()) / n
        chosen = np.searchsorted(np.cumsum(weights), steps).clip(max=len(points) - 1)
        return self.curves(random.permutation(points[chosen]))

    def effective_share(self, seed: int = 1) -> float:
        """How well the proposals fit the posterior, in (0, 1]: effective over actual number of proposals."""
        points, weights = self.weighted(_FEWEST_PROPOSALS, np.random.default_rng(seed))
        return float(1 / (len(points) * (weights**2).sum()))

    def weighted(self, count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Proposals, and their weights, which add up to 1."""
        wide = random.binomial(count, _FROM_PRIOR)
        near = _t_draws(self.point, self.covariance, count - wide, random)
        points = np.concatenate([self.posterior.prior_draws(wide, random), near])
        mixture = np.logaddexp(
            math.log(_FROM_PRIOR) + self.posterior.log_priors(points),
            math.log1p(-_FROM_PRIOR) + _t_density(points, self.point, self.covariance),
        )
        log_weights = self.posterior.log_densities(points) - mixture
        weights = np.exp(log_weights - log_weights.max())
        return points, weights / weights.sum()

    def curves(self, points: np.ndarray) -> Curve:
        """Points as one curve in units of money and outcome."""
        found, size = self.posterior.parameters(points), self.posterior.months.mean_outcome
        return Curve(
            base=size * found["base"],
            ceiling=size * found["ceiling"],
            k=found["k"] / self.mean_spend_,
            family=self.family,
            shape=found["shape"],
            carryover=found["carryover"],
        )


def fit_response(
    spend: np.ndarray,
    outcome: np.ndarray,
    family: str = EXPONENTIAL,
    *,
    season: np.ndarray | None = None,
    carryover: float | None = None,
    tests: Sequence[ExperimentResult] = (),
    noise: str = COUNT,
    priors: Priors | None = None,
) -> Response:
    """The response curve of one channel or programme.

    spend, outcome: money and outcome of consecutive months, one length. season: relative demand per month that has
    nothing to do with the spend (season_index), which moves the base alone. carryover: known, or None to learn it.
    tests: experiments, which sharpen the curve. noise: "count" (Poisson with overdispersion) or "money" (normal).
    ValueError for months that cannot be, or that hold no spend.
    """
    spend, outcome = np.asarray(spend, float), np.asarray(outcome, float)
    _check(spend, outcome, family, noise, carryover)
    mean_spend, size = float(spend.mean()), _size(outcome, noise)
    season = _season(season, len(spend))
    rows = [(t.low_spend, t.high_spend, t.effect, t.standard_error) for t in tests]
    scaled_tests = np.array(rows, float).reshape(-1, 4) / [mean_spend, mean_spend, size, size]
    months = Months(spend / mean_spend, outcome / size, season, size, scaled_tests)
    posterior = ResponsePosterior(months, family, noise, carryover, priors or Priors())
    fit = maximise(posterior, posterior.start())
    return _response(posterior, fit.log_parameters, _proper(fit.covariance), spend)


def fit_likelier(spend: np.ndarray, outcome: np.ndarray, **known) -> Response:
    """fit_response of the family that the months speak for: exponential, unless an S-shaped curve (Hill) makes months and
    experiments at least STRONG times as probable. With fewer than a year of months it is not tried.
    """
    found = fit_response(spend, outcome, **known)
    if len(spend) < FEWEST_FOR_S_SHAPE:
        return found
    bent = fit_response(spend, outcome, HILL, **known)
    return bent if bent.log_evidence - found.log_evidence > math.log(STRONG) else found


def season_index(organic_counts: np.ndarray) -> np.ndarray:
    """Trend times season of consecutive months, mean 1, from customers who came without being paid for.

    Poisson regression on a trend and on the month of the year, both drawn towards "no difference" (normal priors on
    logarithms, a year's growth within ±50 % and a month within ±25 % in two of three cases), so that few customers or few
    months give an index near 1. Eight months do; from thirteen on, the same month of two years is one effect.
    """
    counts = np.asarray(organic_counts, float)
    if not counts.sum() > 0:
        return np.ones(len(counts))
    month = np.arange(len(counts))
    years = (month - month.mean()) / 12
    design = np.column_stack([np.ones(len(counts)), years, np.eye(12)[month % 12]])
    penalty = np.diag([0.0, 1 / _GROWTH_SPREAD**2, *[1 / _SEASON_SPREAD**2] * 12])
    effects = np.zeros(14)
    effects[0] = math.log(counts.mean())
    for _round in range(_NEWTON_STEPS):
        mean = np.exp(design @ effects)
        slope = design.T @ (counts - mean) - penalty @ effects
        effects += np.linalg.solve(design.T @ (design * mean[:, None]) + penalty, slope)
    index = np.exp(design @ effects)
    return index / index.mean()


def _check(spend: np.ndarray, outcome: np.ndarray, family: str, noise: str, carryover: float | None) -> None:
    if family not in FAMILIES or noise not in (COUNT, MONEY):
        raise ValueError(_("A response is exponential or hill, and its noise that of a count or of money."))
    if len(spend) != len(outcome) or len(spend) < FEWEST_MONTHS:
        raise ValueError(
            _(
                "A response curve needs spend and outcome of the same months, at least {count} of them."
            ).format(count=FEWEST_MONTHS)
        )
    if not (np.isfinite(spend).all() and np.isfinite(outcome).all() and (spend >= 0).all()):
        raise ValueError(_("Spend and outcome of every month must be known, and spend must not be negative."))
    if not spend.any():
        raise ValueError(_("Nothing was spent in these months, so there is no response to learn."))
    if noise == COUNT and (outcome < 0).any():
        raise ValueError(_("A count of customers cannot be negative."))
    if carryover is not None and not 0 <= carryover < 1:
        raise ValueError(_("A carryover is a share of at least 0 and below 1."))


def _season(season: np.ndarray | None, months: int) -> np.ndarray:
    """The season with mean 1."""
    index = np.ones(months) if season is None else np.asarray(season, float)
    if len(index) != months or not (np.isfinite(index).all() and (index > 0).all()):
        raise ValueError(_("The season needs a number above 0 for each month."))
    return index / index.mean()


def _size(outcome: np.ndarray, noise: str) -> float:
    """The mean outcome, which the priors are scaled to; never 0."""
    if noise == COUNT:
        # half a customer more: that nobody came in a year does not make it impossible
        return float((outcome.sum() + 0.5) / len(outcome))
    size = float(np.abs(outcome).mean())
    if not size > 0:
        raise ValueError(_("The outcome is nothing in every month, so there is no response to learn."))
    return size


def _response(
    posterior: ResponsePosterior, point: np.ndarray, covariance: np.ndarray, spend: np.ndarray
) -> Response:
    found = {name: float(values[0]) for name, values in posterior.parameters(point[None, :]).items()}
    size, mean_spend = posterior.months.mean_outcome, float(spend.mean())
    base, ceiling, k = size * found["base"], size * found["ceiling"], found["k"] / mean_spend
    carryover, shape = found["carryover"], found["shape"]
    of_logarithm = {"base": base, "ceiling": ceiling, "k": k, "shape": shape}
    by_point = of_logarithm | {"carryover": carryover * (1 - carryover)}
    errors = {
        name: float(by_point[name] * math.sqrt(max(slope @ covariance @ slope, 0.0)))
        for name, slope in posterior.slopes(point).items()
    }
    return Response(
        family=posterior.family,
        base_=base,
        ceiling_=ceiling,
        k_=k,
        carryover_=carryover,
        shape_=shape,
        standard_errors_=errors,
        observed_low_=float(spend.min()),
        observed_high_=float(spend.max()),
        mean_spend_=mean_spend,
        posterior=posterior,
        point=point,
        covariance=covariance,
    )


def _proper(covariance: np.ndarray) -> np.ndarray:
    """A covariance that can be drawn from, also where the curvature at the optimum is next to none."""
    variances, directions = np.linalg.eigh(covariance)
    return (directions * np.clip(np.abs(variances), _NARROWEST, _WIDEST)) @ directions.T


def _t_draws(
    centre: np.ndarray, covariance: np.ndarray, count: int, random: np.random.Generator
) -> np.ndarray:
    scores = random.standard_normal((count, len(centre))) @ np.linalg.cholesky(covariance).T
    return centre + scores / np.sqrt(random.chisquare(_TAILS, (count, 1)) / _TAILS)


def _t_density(points: np.ndarray, centre: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    size = len(centre)
    root = np.linalg.cholesky(covariance)
    scores = np.linalg.solve(root, (points - centre).T)
    constant = (
        math.lgamma((_TAILS + size) / 2) - math.lgamma(_TAILS / 2) - size / 2 * math.log(_TAILS * math.pi)
    )
    spread = np.log(np.diag(root)).sum()
    return constant - spread - (_TAILS + size) / 2 * np.log1p((scores**2).sum(axis=0) / _TAILS)
