"""What a customer will still buy, and what that is worth: BG/NBD, Gamma-Gamma, shifted-beta-geometric.

All are fitted by maximum likelihood on distinct rows with counts, so that the time to fit depends on how many
different histories there are, not on how many customers.

Sources: Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2), with the authors'
notes; Fader, Hardie (2013), The Gamma-Gamma model of monetary value; Fader, Hardie (2007), How to project customer
retention, J. of Interactive Marketing 21(1).
"""

from __future__ import annotations

from typing import Self

import numpy as np

from analytics.models.likelihood import Fit, compressed, maximise

_COARSE_CELLS = 20_000  # beyond this many distinct histories the search starts on a coarse grid
_COARSE_STEPS = 48


class BetaGeoNBD:
    """BG/NBD: customers buy at a gamma-distributed rate and leave, after any purchase, with beta-distributed chance.

    Fitted: r_, alpha_, a_, b_, log_likelihood_, standard_errors_ (of r, alpha, a, b, from the Hessian), covariance_
    (of their logarithms).
    """

    def fit(
        self, frequency: np.ndarray, recency: np.ndarray, T: np.ndarray, counts: np.ndarray | None = None
    ) -> Self:
        """Fits to repeat purchases (count), time of the last one, and time observed, all from the first purchase.

        Arrays of one length, time in one unit of choice; `counts` customers per row. ValueError for histories that
        cannot be (recency after T, negative, purchases without recency) or where nobody ever bought again.
        """
        _check_histories(frequency, recency, T)
        columns, weights = compressed((frequency, recency, T), counts)
        start = np.log([1.0, max(float(np.average(columns[2], weights=weights)), 1e-6), 1.0, 2.0])
        if len(weights) > _COARSE_CELLS:
            coarse, coarse_weights = _coarse(columns, weights)
            start = maximise(_BgNbdLikelihood(coarse, coarse_weights), start).log_parameters
        self._keep(maximise(_BgNbdLikelihood(columns, weights), start))
        return self

    def _keep(self, fit: Fit) -> None:
        self.r_, self.alpha_, self.a_, self.b_ = (float(p) for p in np.exp(fit.log_parameters))
        self.log_likelihood_ = fit.log_likelihood
        self.covariance_ = fit.covariance
        names = ("r", "alpha", "a", "b")
        self.standard_errors_ = dict(zip(names, (float(e) for e in fit.standard_errors), strict=True))

    def expected_purchases(self, t: float | np.ndarray) -> np.ndarray:
        """Purchases that a new customer will make until time t after the first one: E[X(t)], equation 9."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.r_, self.alpha_, self.a_, self.b_
        t = np.asarray(t, float)
        left = (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
        return (a + b - 1) / (a - 1) * (1 - left)

    def conditional_expected_purchases(
        self, t: float | np.ndarray, frequency: np.ndarray, recency: np.ndarray, T: np.ndarray
    ) -> np.ndarray:
        """Purchases in the next t units of a customer with the given history: E[Y(t) | x, t_x, T], equation 10."""
        r, alpha, a, b = self.r_, self.alpha_, self.a_, self.b_
        x, tx, T = (np.asarray(v, float) for v in (frequency, recency, T))
        curve = self._decline(np.asarray(t, float), x, T)
        expected = (a + b + x - 1) / (a - 1) * (1 - curve)
        return expected / (1 + _left_odds(r, alpha, a, b, x, tx, T))

    def _decline(self, t: np.ndarray, x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """((α+T)/(α+T+t))^(r+x) ₂F₁(r+x, b+x; a+b+x−1; t/(α+T+t)), tabulated on distinct (x, T): it knows no t_x."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.r_, self.alpha_, self.a_, self.b_
        x, T, t = np.broadcast_arrays(x, T, t)
        keys, where = _distinct(x.ravel(), T.ravel(), t.ravel())
        kx, kT, kt = keys
        z = kt / (alpha + kT + kt)
        table = (1 - z) ** (r + kx) * hyp2f1(r + kx, b + kx, a + b + kx - 1, z)
        return table[where].reshape(x.shape)

    def probability_alive(self, frequency: np.ndarray, recency: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Chance, in [0, 1], that a customer with this history still is one (Fader, Hardie, Lee 2008, note on P(alive))."""
        x, tx, T = (np.asarray(v, float) for v in (frequency, recency, T))
        return 1 / (1 + _left_odds(self.r_, self.alpha_, self.a_, self.b_, x, tx, T))


def _left_odds(
    r: float, alpha: float, a: float, b: float, x: np.ndarray, tx: np.ndarray, T: np.ndarray
) -> np.ndarray:
    """Odds of having left since the last purchase; zero for customers without a repeat purchase."""
    odds = a / (b + np.maximum(x, 1) - 1) * np.exp((r + x) * (np.log(alpha + T) - np.log(alpha + tx)))
    return np.where(x > 0, odds, 0.0)


def _distinct(*columns: np.ndarray) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    import pandas as pd

    codes = pd.DataFrame(dict(enumerate(columns))).groupby(list(range(len(columns))), sort=False)
    where = codes.ngroup().to_numpy()
    _, first = np.unique(where, return_index=True)
    return tuple(column[first] for column in columns), where


def _check_histories(frequency: np.ndarray, recency: np.ndarray, T: np.ndarray) -> None:
    x, tx, T = (np.asarray(v, float) for v in (frequency, recency, T))
    if not len(x) or not x.any():
        raise ValueError("Nobody has bought again yet, so there is nothing to learn a purchase rate from.")
    if not (np.isfinite(x) & np.isfinite(tx) & np.isfinite(T)).all() or (x < 0).any() or (tx < 0).any():
        raise ValueError("Frequency, recency and T must be finite and not negative.")
    if (tx > T).any() or ((x == 0) & (tx > 0)).any():
        raise ValueError("The last purchase cannot lie after the end, and without one recency is zero.")


def _coarse(
    columns: tuple[np.ndarray, ...], weights: np.ndarray
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Histories with time rounded to 1/48 of the longest: enough to start near the optimum."""
    x, tx, T = columns
    step = max(float(T.max()) / _COARSE_STEPS, 1e-12)
    late = np.ceil(T / step) * step
    early = np.where(x > 0, np.minimum(np.round(tx / step) * step, late), 0.0)
    return compressed((x, early, late), weights)


class _BgNbdLikelihood:
    """ln L of BG/NBD and its gradient in log-parameters; lgamma and digamma run over distinct frequencies only."""

    def __init__(self, columns: tuple[np.ndarray, ...], weights: np.ndarray) -> None:
        x, self.tx, self.T = columns
        self.frequency, self.at = np.unique(x, return_inverse=True)
        self.x, self.weights, self.repeat = x, weights, x > 0

    def __call__(self, log_parameters: np.ndarray) -> tuple[float, np.ndarray]:
        from scipy.special import digamma, gammaln

        r, alpha, a, b = np.exp(log_parameters)
        f, later = self.frequency, np.maximum(self.frequency, 1)
        base = (
            gammaln(r + f)
            - gammaln(r)
            + r * np.log(alpha)
            + gammaln(a + b)
            + gammaln(b + f)
            - gammaln(b)
            - gammaln(a + b + f)
        )
        log_T, log_tx = np.log(alpha + self.T), np.log(alpha + self.tx)
        share = (np.log(a) - np.log(b + later - 1))[self.at]
        odds = np.where(self.repeat, np.exp(share + (r + self.x) * (log_T - log_tx)), 0.0)
        value = base[self.at] - (r + self.x) * log_T + np.log1p(odds)
        left = odds / (1 + odds)
        drift = log_T - log_tx
        common = digamma(a + b) - digamma(a + b + f)
        d_r = (digamma(r + f) - digamma(r) + np.log(alpha))[self.at] - log_T + left * drift
        d_alpha = (
            r / alpha
            - (r + self.x) / (alpha + self.T)
            + left * (r + self.x) * (1 / (alpha + self.T) - 1 / (alpha + self.tx))
        )
        d_a = common[self.at] + left / a
        d_b = (common + digamma(b + f) - digamma(b))[self.at] - left / (b + np.maximum(self.x, 1) - 1)
        gradient = np.array([self.weights @ d for d in (d_r, d_alpha, d_a, d_b)]) * np.array([r, alpha, a, b])
        return float(self.weights @ value), gradient


class GammaGamma:
    """Gamma-Gamma: the mean value of a customer's orders, from few of them; independent of how often he buys.

    Fitted: p_, q_, v_, log_likelihood_, standard_errors_, covariance_ (of the logarithms).
    """

    def fit(
        self, frequency: np.ndarray, monetary_value: np.ndarray, counts: np.ndarray | None = None
    ) -> Self:
        """Fits to repeat orders (count) and their mean value; rows without repeat orders are passed over.

        ValueError where no customer has repeat orders of positive value.
        """
        x, z = np.asarray(frequency, float), np.asarray(monetary_value, float)
        weights = np.ones(len(x)) if counts is None else np.asarray(counts, float)
        usable = (x > 0) & (z > 0)
        if usable.sum() < 2:
            raise ValueError(
                "Too few customers with repeat orders of positive value to learn what an order is worth."
            )
        columns, weights = compressed((x[usable], z[usable]), weights[usable])
        mean = float(np.average(columns[1], weights=weights))
        fit = maximise(_GammaGammaLikelihood(columns, weights), np.log([2.0, 3.0, mean]))
        self.p_, self.q_, self.v_ = (float(p) for p in np.exp(fit.log_parameters))
        self.log_likelihood_, self.covariance_ = fit.log_likelihood, fit.covariance
        self.standard_errors_ = dict(zip("pqv", (float(e) for e in fit.standard_errors), strict=True))
        return self

    def expected_value(self, frequency: np.ndarray, monetary_value: np.ndarray) -> np.ndarray:
        """Expected mean order value given x repeat orders of mean value z: equation 5; NaN where q ≤ 1 and x = 0."""
        x, z = np.asarray(frequency, float), np.asarray(monetary_value, float)
        below = self.p_ * x + self.q_ - 1
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(below > 0, self.p_ * (self.v_ + np.where(x > 0, x * z, 0.0)) / below, np.nan)


class _GammaGammaLikelihood:
    def __init__(self, columns: tuple[np.ndarray, ...], weights: np.ndarray) -> None:
        self.x, self.z = columns
        self.weights = weights

    def __call__(self, log_parameters: np.ndarray) -> tuple[float, np.ndarray]:
        from scipy.special import digamma, gammaln

        p, q, v = np.exp(log_parameters)
        x, z = self.x, self.z
        px, log_sum = p * x, np.log(v + x * z)
        value = (
            gammaln(px + q)
            - gammaln(px)
            - gammaln(q)
            + q * np.log(v)
            + (px - 1) * np.log(z)
            + px * np.log(x)
            - (px + q) * log_sum
        )
        d_p = x * (digamma(px + q) - digamma(px) + np.log(z) + np.log(x) - log_sum)
        d_q = digamma(px + q) - digamma(q) + np.log(v) - log_sum
        d_v = q / v - (px + q) / (v + x * z)
        return float(self.weights @ value), np.array([self.weights @ d for d in (d_p, d_q, d_v)]) * np.array(
            [p, q, v]
        )


class ShiftedBetaGeometric:
    """Shifted-beta-geometric: how long customers of a contract stay, from how many leave in each period.

    Fitted: alpha_, beta_, log_likelihood_, standard_errors_, covariance_ (of the logarithms).
    """

    def fit(self, lost: np.ndarray, remaining: float) -> Self:
        """`lost`: customers lost in period 1, 2, …; `remaining`: those still there after the last one.

        ValueError for negative numbers or where nobody was lost.
        """
        lost = np.asarray(lost, float)
        if lost.ndim != 1 or not len(lost) or (lost < 0).any() or remaining < 0 or not lost.any():
            raise ValueError("Give the customers lost per period, none negative and at least one lost.")
        fit = maximise(_SbgLikelihood(lost, float(remaining)), np.log([1.0, 1.0]))
        self.alpha_, self.beta_ = (float(p) for p in np.exp(fit.log_parameters))
        self.log_likelihood_, self.covariance_ = fit.log_likelihood, fit.covariance
        self.standard_errors_ = dict(
            zip(("alpha", "beta"), (float(e) for e in fit.standard_errors), strict=True)
        )
        return self

    def survival(self, n: int | np.ndarray) -> np.ndarray:
        """Share of customers still there after n periods: B(α, β + n) / B(α, β), equation 6."""
        from scipy.special import betaln

        return np.exp(
            betaln(self.alpha_, self.beta_ + np.asarray(n, float)) - betaln(self.alpha_, self.beta_)
        )


class _SbgLikelihood:
    def __init__(self, lost: np.ndarray, remaining: float) -> None:
        self.lost, self.remaining = lost, remaining
        self.period = np.arange(1, len(lost) + 1)

    def __call__(self, log_parameters: np.ndarray) -> tuple[float, np.ndarray]:
        from scipy.special import betaln, digamma

        alpha, beta = np.exp(log_parameters)
        t, n = self.period, len(self.lost)
        value = self.lost @ betaln(alpha + 1, beta + t - 1) + self.remaining * betaln(alpha, beta + n)
        everyone = self.lost.sum() + self.remaining
        value -= everyone * betaln(alpha, beta)
        both = (
            self.lost @ digamma(alpha + beta + t)
            + self.remaining * digamma(alpha + beta + n)
            - everyone * digamma(alpha + beta)
        )
        d_alpha = (
            self.lost.sum() * digamma(alpha + 1)
            + self.remaining * digamma(alpha)
            - everyone * digamma(alpha)
            - both
        )
        d_beta = (
            self.lost @ digamma(beta + t - 1)
            + self.remaining * digamma(beta + n)
            - everyone * digamma(beta)
            - both
        )
        return float(value), np.array([d_alpha, d_beta]) * np.array([alpha, beta])
