"""What open offers change: a regression of orders on days, for programmes that share customers and a holdout.

Customer i orders at a rate of its own, gamma-distributed over customers, times exp(δ_age + Σ open_p (γ_p + treated_p
β_p)) per day. δ_age is what the time since the first eligible touch does (customers leave), γ_p what the days on which
programme p's offer is (or, in the holdout, would be) open have in common in both arms, β_p what the offer adds. Who is
eligible depends on what was bought before, which offers have changed: who stays silent in spite of offers buys less
anyway. The customer's own rate takes that out, where a plain comparison of days would be wrong. The likelihood
integrates the rate out (negative multinomial; Hausman, Hall, Griliches 1984, section 3); x orders, d days:

    log L_i = log Γ(r + x) − log Γ(r) + r log α − (r + x) log(α + Λ) + Σ x_j η_j,   Λ = Σ d_j exp(η_j)

β, γ and δ have the prior N(0, 1): an offer that multiplies orders by more than 7 or divides them by it is not expected.
"""

from dataclasses import dataclass

import numpy as np

PRIOR_DEVIATION = 1.0
WIDE_DEVIATION = (
    3.0  # of log r and log α around a middling start, so that a handful of customers has an answer, too
)
MOST_STEPS = 100
LONGEST_STEP = 2.0
TOLERANCE = 1e-6
SHAPES = 2  # r and α


@dataclass(frozen=True, eq=False)
class Spells:
    """Days of customers under one set of open offers each. Arrays of one entry per spell: customer (any number that
    names it), age (class of the time since its first eligible touch), days, events (orders, or friends brought), and
    for each programme (n, k) whether its offer is (or, in the holdout, would be) open, and whether the customer is
    treated.
    """

    customer: np.ndarray
    age: np.ndarray
    days: np.ndarray
    events: np.ndarray
    is_open: np.ndarray
    is_treated: np.ndarray

    def of(self, chosen: np.ndarray) -> "Spells":
        """The chosen spells (a mask)."""
        parts = (self.customer, self.age, self.days, self.events, self.is_open, self.is_treated)
        return Spells(*(part[chosen] for part in parts))


@dataclass(frozen=True, eq=False)
class Lifts:
    """effects: β_p, the logarithm of what an open offer multiplies orders by, shape (k,); covariance (k, k) of them,
    robust (sandwich) over customers.
    """

    effects: np.ndarray
    covariance: np.ndarray

    def caused_shares(self) -> np.ndarray:
        """The part of the orders under an open offer that would not have come without it: 1 − exp(−β), shape (k,)."""
        return 1 - np.exp(-self.effects)

    def draws(self, count: int, seed: int) -> np.ndarray:
        """Draws of the caused shares, in opposite pairs, shape (count, k)."""
        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.clip(values, 0.0, None))
        half = np.random.default_rng(seed).standard_normal((count // 2, len(self.effects)))
        return 1 - np.exp(-(self.effects + np.concatenate([half, -half]) @ root.T))


def fit_lifts(spells: Spells) -> Lifts:
    """The effects of all programmes at once, by penalised maximum likelihood. Where nothing is observed, the prior."""
    model = _Model(spells)
    found = _highest(model)
    bread = np.linalg.pinv(model.curvature(found))
    scores = model.scores(found)
    # the prior is worth its own information: without it nothing observed would mean no uncertainty
    covariance = bread @ (scores.T @ scores + np.diag(model.precision)) @ bread
    effects = slice(SHAPES, SHAPES + model.programmes)
    return Lifts(found[effects], covariance[effects, effects])


def _highest(model: "_Model") -> np.ndarray:
    """Newton's method; a step that would not lead down is halved."""
    at = model.start
    loss, gradient = model.loss(at)
    for _step in range(MOST_STEPS):
        values, vectors = np.linalg.eigh(model.curvature(at))
        step = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), 1e-6))
        step *= min(1.0, LONGEST_STEP / max(np.abs(step).max(), 1e-12))
        while True:
            new_loss, new_gradient = model.loss(at + step)
            if new_loss <= loss or np.abs(step).max() < TOLERANCE:
                break
            step = step / 2
        at, loss, gradient = at + step, new_loss, new_gradient
        if np.abs(step).max() < TOLERANCE:
            break
    return at


class _Model:
    """Loss, gradient and the customers' scores, in the parameters log r, log α, β, γ, δ."""

    def __init__(self, spells: Spells):
        names, self.who = np.unique(spells.customer, return_inverse=True)
        self.customers, self.programmes = len(names), spells.is_open.shape[1]
        self.days, self.events = spells.days.astype(float), spells.events.astype(float)
        ages = spells.age[:, None] == np.unique(spells.age)[1:]
        is_open = spells.is_open.astype(float)
        self.design = np.concatenate([is_open * spells.is_treated, is_open, ages], axis=1, dtype=float)
        self.bought = self._by_customer(self.events)
        rate = max(self.events.sum(), 0.5) / max(self.days.sum(), 1.0)
        self.start = np.concatenate([[0.0, -np.log(rate)], np.zeros(self.design.shape[1])])
        deviations = np.full(len(self.start), PRIOR_DEVIATION)
        deviations[:SHAPES] = WIDE_DEVIATION
        self.precision = deviations**-2

    def loss(self, at: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the log-likelihood and the prior, and the gradient of it."""
        from scipy.special import gammaln

        r, alpha, log_weight, expected, exposure = self._parts(at)
        n, away = r + self.bought, at - self.start
        fit = gammaln(n) - gammaln(r) + r * np.log(alpha) - n * np.log(alpha + exposure)
        total = fit.sum() + self.events @ log_weight - away @ (self.precision * away) / 2
        of_shapes = [part.sum() for part in self._of_shapes(r, alpha, exposure)]
        gradient = np.concatenate([of_shapes, self._ahead(r, alpha, expected, exposure) @ self.design])
        return -float(total), self.precision * away - gradient

    def scores(self, at: np.ndarray) -> np.ndarray:
        """Each customer's part of the gradient, shape (customers, parameters)."""
        r, alpha, _log_weight, expected, exposure = self._parts(at)
        ahead = self._ahead(r, alpha, expected, exposure)
        by_design = [self._by_customer(ahead * column) for column in self.design.T]
        return np.column_stack([*self._of_shapes(r, alpha, exposure), *by_design])

    def curvature(self, at: np.ndarray) -> np.ndarray:
        """Second derivatives of the loss."""
        from scipy.special import digamma, polygamma

        r, alpha, _log_weight, expected, exposure = self._parts(at)
        n, whole = r + self.bought, alpha + exposure
        pull = n / whole
        sums = np.column_stack([self._by_customer(expected * column) for column in self.design.T])
        both = np.empty((len(at), len(at)))
        rows = self.design * (expected * pull[self.who])[:, None]
        both[SHAPES:, SHAPES:] = rows.T @ self.design - (sums * (pull / whole)[:, None]).T @ sums
        both[0, SHAPES:] = both[SHAPES:, 0] = (r / whole) @ sums
        both[1, SHAPES:] = both[SHAPES:, 1] = -(pull * alpha / whole) @ sums
        of_r = digamma(n) - digamma(r) + np.log(alpha) - np.log(whole)
        both[0, 0] = -np.sum(r * of_r + r**2 * (polygamma(1, n) - polygamma(1, r)))
        both[0, 1] = both[1, 0] = -np.sum(r - alpha * r / whole)
        both[1, 1] = np.sum(alpha * pull * (1 - alpha / whole))
        return both + np.diag(self.precision)

    def _parts(self, at: np.ndarray) -> tuple[float, float, np.ndarray, np.ndarray, np.ndarray]:
        """r, α, log weight and expected events (at a rate of 1) of each spell, and Λ of each customer."""
        r, alpha = np.exp(np.clip(at[:SHAPES], -20, 20))
        log_weight = np.clip(self.design @ at[SHAPES:], -30, 30)
        expected = self.days * np.exp(log_weight)
        return float(r), float(alpha), log_weight, expected, self._by_customer(expected)

    def _of_shapes(self, r: float, alpha: float, exposure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each customer's derivatives by log r and log α."""
        from scipy.special import digamma

        x = self.bought
        of_r = r * (digamma(r + x) - digamma(r) + np.log(alpha) - np.log(alpha + exposure))
        return of_r, r - alpha * (r + x) / (alpha + exposure)

    def _ahead(self, r: float, alpha: float, expected: np.ndarray, exposure: np.ndarray) -> np.ndarray:
        """Events of each spell beyond those expected of a customer with this history."""
        return self.events - expected * ((r + self.bought) / (alpha + exposure))[self.who]

    def _by_customer(self, column: np.ndarray) -> np.ndarray:
        return np.bincount(self.who, column, self.customers)
