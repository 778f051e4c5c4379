"""What a customer will still buy, and what that is worth: BG/NBD, Gamma-Gamma, shifted-beta-geometric.

All are fitted by maximum likelihood on distinct rows with counts, so that the time to fit depends on how many
different histories there are, not on how many customers.

Sources: Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2), with the authors'
notes; Fader, Hardie (2013), The Gamma-Gamma model of monetary value; Fader, Hardie (2007), How to project customer
retention, J. of Interactive Marketing 21(1).
"""

from __future__ import annotations

import math
from typing import Self

import numpy as np

from analytics.models.likelihood import Fit, compressed, drawn, levels, maximise, maximise_guided, places

_COARSE_CELLS = 20_000  # beyond this many distinct histories a coarse grid of them guides the search
_COARSE_STEPS = 48
_SUM_BINS = 100  # per natural logarithm: sums within 1 % of each other are one cell with mean and variance
_ROWS = 1 << 18
_LARGEST_TABLE = 1 << 24
_POLE = 1e-7  # the formulas divide by a − 1; that near to it they are taken a hair beside


class BetaGeoNBD:
    """BG/NBD: customers buy at a gamma-distributed rate and leave, after any purchase, with beta-distributed chance.

    Fitted: r_, alpha_, a_, b_, log_likelihood_, standard_errors_ (of r, alpha, a, b, from the Hessian), covariance_
    (of their logarithms).
    """

    @classmethod
    def of(cls, r: float, alpha: float, a: float, b: float) -> Self:
        """The model with given parameters, not fitted."""
        model = cls()
        model.r_, model.alpha_, model.a_, model.b_ = float(r), float(alpha), float(a), float(b)
        return model

    def fit(
        self, frequency: np.ndarray, recency: np.ndarray, T: np.ndarray, counts: np.ndarray | None = None
    ) -> Self:
        """Fits to repeat purchases (count), time of the last one, and time observed, all from the first purchase.

        Arrays of one length, time in one unit of choice; `counts` customers per row. ValueError for histories that
        cannot be (recency after T, negative, purchases without recency) or where nobody ever bought again.
        """
        _check_histories(frequency, recency, T)
        columns, weights = compressed((frequency, recency, T), counts)
        likelihood = _BgNbdLikelihood(columns, weights)
        start = np.log([1.0, max(float(np.average(columns[2], weights=weights)), 1e-6), 1.0, 2.0])
        if len(weights) > _COARSE_CELLS:
            guide = _BgNbdLikelihood(*_coarse(columns, weights))
            self._keep(maximise_guided(likelihood, guide, start))
        else:
            self._keep(maximise(likelihood, start))
        return self

    def _keep(self, fit: Fit) -> None:
        self.r_, self.alpha_, self.a_, self.b_ = (float(p) for p in np.exp(fit.log_parameters))
        self.log_likelihood_ = fit.log_likelihood
        self.covariance_ = fit.covariance
        names = ("r", "alpha", "a", "b")
        self.standard_errors_ = dict(zip(names, (float(e) for e in fit.standard_errors), strict=True))

    def draws(self, count: int, seed: int) -> list[Self]:
        """Models with parameters drawn from the fit's uncertainty, in opposite pairs."""
        at = np.log([self.r_, self.alpha_, self.a_, self.b_])
        return [self.of(*np.exp(row)) for row in drawn(at, self.covariance_, count, seed)]

    def expected_purchases(self, t: float | np.ndarray) -> np.ndarray:
        """Purchases that a new customer will make until time t after the first one: E[X(t)], equation 9."""
        z = np.asarray(t, float) / (self.alpha_ + np.asarray(t, float))
        return (self._a + self.b_ - 1) / (self._a - 1) * (1 - self._decline(0.0, z))

    def conditional_expected_purchases(
        self, t: float | np.ndarray, frequency: np.ndarray, recency: np.ndarray, T: np.ndarray
    ) -> np.ndarray:
        """Purchases in the next t units of a customer with the given history: E[Y(t) | x, t_x, T], equation 10."""
        if np.ndim(t) == 0:
            return self.discounted_purchases(np.array([t]), np.ones(1), frequency, recency, T)
        x, tx, T, t = np.broadcast_arrays(*(np.asarray(v, float) for v in (frequency, recency, T, t)))
        growth = self._growth(x, t / (self.alpha_ + T + t))
        return growth * self.probability_alive(x, tx, T)

    def discounted_purchases(
        self,
        ends: np.ndarray,
        factors: np.ndarray,
        frequency: np.ndarray,
        recency: np.ndarray,
        T: np.ndarray,
    ) -> np.ndarray:
        """Expected purchases in the periods from now that end at `ends`, each worth its factor, added up.

        What is summed does not depend on t_x, so it is tabulated on the distinct pairs of x and T.
        """
        x, tx, T = np.broadcast_arrays(*(np.asarray(v, float) for v in (frequency, recency, T)))

        def purchases(x: np.ndarray, T: np.ndarray) -> np.ndarray:
            growth = self._growth(x[:, None], ends / (self.alpha_ + T[:, None] + ends))
            return np.diff(growth, axis=1, prepend=0.0) @ factors

        return _tabulated(purchases, x.ravel(), T.ravel()).reshape(x.shape) * self.probability_alive(x, tx, T)

    def probability_alive(self, frequency: np.ndarray, recency: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Chance, in [0, 1], that a customer with this history still is one (Fader, Hardie, Lee 2008, note on P(alive))."""
        x, tx, T = (np.asarray(v, float) for v in (frequency, recency, T))
        odds = np.asarray((self.alpha_ + T) / (self.alpha_ + tx))
        np.log(odds, out=odds)
        odds *= self.r_ + x
        with np.errstate(over="ignore"):  # odds beyond every number are a chance of nothing
            np.exp(odds, out=odds)
        odds *= self.a_ / (self.b_ - 1 + np.maximum(x, 1))
        odds[np.broadcast_to(x == 0, odds.shape)] = 0.0  # no repeat purchase was no occasion to leave
        odds += 1
        return 1 / odds

    def _growth(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Purchases to come of a customer with x repeat purchases who is one still; z = t / (α + T + t)."""
        return (self._a + self.b_ + x - 1) / (self._a - 1) * (1 - self._decline(x, z))

    def _decline(self, x: np.ndarray | float, z: np.ndarray) -> np.ndarray:
        """((α+T)/(α+T+t))^(r+x) ₂F₁(r+x, b+x; a+b+x−1; z), or by Euler's transformation where that has smaller powers."""
        from scipy.special import hyp2f1

        r, a, b = self.r_, self._a, self.b_
        x, z = np.broadcast_arrays(np.asarray(x, float), z)
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # of the two, only the one that is taken must be finite
            many = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
            few = x < a - 1 - r
            if not few.any():
                return many
            return np.where(few, (1 - z) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z), many)

    @property
    def _a(self) -> float:
        return self.a_ if abs(self.a_ - 1) > _POLE else 1 + _POLE


def _tabulated(function, x: np.ndarray, T: np.ndarray) -> np.ndarray:
    """function(x, T), which takes long, asked for distinct pairs only."""
    xs, at_x = places(x)
    Ts, at_T = places(T)
    size = len(xs) * len(Ts)
    if size > _LARGEST_TABLE:
        (px, pT), where = np.unique(np.stack([x, T]), axis=1, return_inverse=True)
        return function(px, pT)[where.ravel()]
    pair = at_x * np.int32(len(Ts)) + at_T
    seen = np.zeros(size, bool)
    seen[pair] = True
    distinct = np.flatnonzero(seen)
    table = np.zeros(size)
    table[distinct] = function(xs[distinct // len(Ts)], Ts[distinct % len(Ts)])
    return table[pair]


def _check_histories(frequency: np.ndarray, recency: np.ndarray, T: np.ndarray) -> None:
    x, tx, T = (np.asarray(v, float) for v in (frequency, recency, T))
    if not len(x) or not x.any():
        raise ValueError("Nobody has bought again yet, so there is nothing to learn a purchase rate from.")
    if not (np.isfinite(x) & np.isfinite(tx) & np.isfinite(T)).all() or min(x.min(), tx.min()) < 0:
        raise ValueError("Frequency, recency and T must be finite and not negative.")
    if (tx > T).any() or ((x == 0) & (tx > 0)).any():
        raise ValueError("The last purchase cannot lie after the end, and without one recency is zero.")


def _coarse(
    columns: tuple[np.ndarray, ...], weights: np.ndarray
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Histories with time rounded to 1/48 of the longest: enough to start near the optimum."""
    x, tx, T = columns
    step = max(float(T.max()) / _COARSE_STEPS, 1e-12)
    late = np.ceil(T / step)
    early = np.where(x > 0, np.minimum(np.round(tx / step), late), 0.0)
    (x, early, late), sums = compressed((x, early, late), weights)
    return (x, early * step, late * step), sums


class _BgNbdLikelihood:
    """ln L of BG/NBD and its gradient in log-parameters.

    What depends on x or T alone is added up once; only the chance of having left is computed for every history, and
    there logarithms are looked up by distinct time.
    """

    def __init__(self, columns: tuple[np.ndarray, ...], weights: np.ndarray) -> None:
        x, tx, T = columns
        self.frequency, at_x = places(x)
        self.late, at_late = places(T)
        self.early, at_early = places(tx)
        self.customers = np.bincount(at_x, weights)
        self.per_late = np.bincount(at_late, weights)
        self.purchases_per_late = np.bincount(at_late, weights * x)
        again = x > 0
        self.x, self.weights = x[again], weights[again]
        self.at_x, self.at_late, self.at_early = at_x[again], at_late[again], at_early[again]

    def __call__(self, log_parameters: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = np.exp(log_parameters)
        value, gradient = self._alone(r, alpha, a, b)
        log_late, log_early = np.log(alpha + self.late), np.log(alpha + self.early)
        inverse_late, inverse_early = 1 / (alpha + self.late), 1 / (alpha + self.early)
        later = b + np.maximum(self.frequency, 1) - 1
        drift = log_late[self.at_late] - log_early[self.at_early]
        power = r + self.x
        log_odds = power * drift + (np.log(a) - np.log(later))[self.at_x]
        small = np.exp(-np.abs(log_odds))
        value += self.weights @ (np.maximum(log_odds, 0.0) + np.log1p(small))
        left = self.weights * np.where(log_odds > 0, 1.0, small) / (1 + small)
        shorter = inverse_late[self.at_late] - inverse_early[self.at_early]
        per_frequency = np.bincount(self.at_x, left, len(later))
        gradient += [left @ drift, (left * power) @ shorter, left.sum() / a, -per_frequency @ (1 / later)]
        return float(value), gradient * np.array([r, alpha, a, b])

    def _alone(self, r: float, alpha: float, a: float, b: float) -> tuple[float, np.ndarray]:
        """What x or T contribute alone, and its gradient in the parameters."""
        from scipy.special import digamma, gammaln

        f, n = self.frequency, self.customers
        powers = r * self.per_late + self.purchases_per_late
        log_late = np.log(alpha + self.late)
        buying = gammaln(r + f) - gammaln(r) + r * np.log(alpha)
        staying = gammaln(a + b) + gammaln(b + f) - gammaln(b) - gammaln(a + b + f)
        common = digamma(a + b) - digamma(a + b + f)
        gradient = np.array([
            n @ (digamma(r + f) - digamma(r) + np.log(alpha)) - self.per_late @ log_late,
            n.sum() * r / alpha - powers @ (1 / (alpha + self.late)),
            n @ common,
            n @ (common + digamma(b + f) - digamma(b)),
        ])  # fmt: skip
        return n @ (buying + staying) - powers @ log_late, gradient


class GammaGamma:
    """Gamma-Gamma: the mean value of a customer's orders, from few of them; independent of how often he buys.

    Fitted: p_, q_, v_, log_likelihood_, standard_errors_, covariance_ (of the logarithms).
    """

    @classmethod
    def of(cls, p: float, q: float, v: float) -> Self:
        """The model with given parameters, not fitted."""
        model = cls()
        model.p_, model.q_, model.v_ = float(p), float(q), float(v)
        return model

    def fit(
        self, frequency: np.ndarray, monetary_value: np.ndarray, counts: np.ndarray | None = None
    ) -> Self:
        """Fits to repeat orders (count) and their mean value; rows without repeat orders are passed over.

        ValueError where no customer has repeat orders of positive value.
        """
        x, z = np.asarray(frequency, float), np.asarray(monetary_value, float)
        usable = np.flatnonzero((x > 0) & (z > 0))
        if len(usable) < 2:
            raise ValueError(
                "Too few customers with repeat orders of positive value to learn what an order is worth."
            )
        x, z = x[usable], z[usable]
        weights = None if counts is None else np.asarray(counts, float)[usable]
        fit = maximise(
            _GammaGammaLikelihood(x, z, weights), np.log([2.0, 3.0, np.average(z, weights=weights)])
        )
        self.p_, self.q_, self.v_ = (float(p) for p in np.exp(fit.log_parameters))
        self.log_likelihood_, self.covariance_ = fit.log_likelihood, fit.covariance
        self.standard_errors_ = dict(zip("pqv", (float(e) for e in fit.standard_errors), strict=True))
        return self

    def draws(self, count: int, seed: int) -> list[Self]:
        """Models with parameters drawn from the fit's uncertainty, in opposite pairs."""
        at = np.log([self.p_, self.q_, self.v_])
        return [self.of(*np.exp(row)) for row in drawn(at, self.covariance_, count, seed)]

    def expected_value(self, frequency: np.ndarray, monetary_value: np.ndarray) -> np.ndarray:
        """Expected mean order value given x repeat orders of mean value z: equation 5; NaN where q ≤ 1 and x = 0."""
        x, z = np.asarray(frequency, float), np.asarray(monetary_value, float)
        below = self.p_ * x + self.q_ - 1
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(below > 0, self.p_ * (self.v_ + np.where(x > 0, x * z, 0.0)) / below, np.nan)


class _GammaGammaLikelihood:
    """ln L of Gamma-Gamma and its gradient in log-parameters.

    Only ln(v + s), s the sum of a customer's orders, joins data and parameters beyond x. Where customers are many,
    those of one x whose sums lie within 1 % are one cell with its mean and variance: exact to eight digits.
    """

    def __init__(self, x: np.ndarray, z: np.ndarray, weights: np.ndarray | None) -> None:
        if len(x) > _COARSE_CELLS:
            self.x, self.n, log_values, self.s, self.variance = _classes(x, z, weights)
        else:
            self.n = np.ones(len(x)) if weights is None else weights
            self.x, self.s, self.variance, log_values = x, x * z, np.zeros(len(x)), self.n * np.log(z)
        self.frequency, at_x = levels(self.x)
        self.customers, by_x = np.bincount(at_x, self.n), np.bincount(at_x, log_values)
        self.log_values, self.constant = float(by_x @ self.frequency), -float(by_x.sum())

    def __call__(self, log_parameters: np.ndarray) -> tuple[float, np.ndarray]:
        from scipy.special import digamma, gammaln

        p, q, v = np.exp(log_parameters)
        f, n = self.frequency, self.customers
        pf, powers = p * f, p * self.x + q
        inverse = 1 / (v + self.s)
        spread = self.variance * inverse**2
        log_sum = self.n * (np.log(v + self.s) - spread / 2)
        slope = self.n * inverse * (1 + spread)
        value = n @ (gammaln(pf + q) - gammaln(pf) - gammaln(q) + q * np.log(v) + pf * np.log(f))
        value += p * self.log_values + self.constant - powers @ log_sum
        d_p = n @ (f * (digamma(pf + q) - digamma(pf) + np.log(f))) + self.log_values - self.x @ log_sum
        d_q = n @ (digamma(pf + q) - digamma(q) + np.log(v)) - log_sum.sum()
        d_v = n.sum() * q / v - powers @ slope
        return float(value), np.array([d_p, d_q, d_v]) * np.array([p, q, v])


def _classes(x: np.ndarray, z: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, ...]:
    """Per cell of customers with one x and much the same z: x, customers, sum of ln z, and mean and variance of x · z."""
    frequency, at_x = places(x)
    lowest = math.floor(math.log(z.min()) * _SUM_BINS)
    width = math.floor(math.log(z.max()) * _SUM_BINS) - lowest + 2
    size = len(frequency) * width
    cells, sums = np.arange(size), np.zeros((4, size))
    rows = (
        _ROWS if size <= len(x) else len(x)
    )  # a few at a time need little memory, which is slow when it is new
    for begin in range(0, len(x), rows):
        part = slice(begin, begin + rows)
        values, log_z = z[part], np.log(z[part])
        key = at_x[part] * np.int64(width) + (log_z * _SUM_BINS - lowest).astype(np.int64)
        if size > len(x):
            cells, key = np.unique(key, return_inverse=True)
            sums = np.zeros((4, len(cells)))
        n = None if weights is None else weights[part]
        for row, column in enumerate((None, log_z, values, values * values)):
            sums[row] += np.bincount(key, n if column is None else _weighted(column, n), len(cells))
    known = np.flatnonzero(sums[0])
    n, log_values, value, square = sums[:, known]
    x, mean = frequency[cells[known] // width], value / n
    return x, n, log_values, x * mean, x**2 * np.maximum(square / n - mean**2, 0.0)


def _weighted(values: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    return values if weights is None else values * weights


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
