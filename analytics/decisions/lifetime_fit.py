"""The lifetime models of a company's customers: how often they will order, what an order is worth, and the product.

Customers won in the data and customers from before it are fitted apart where both are enough: of the latter the first
purchase is not known, and who is still seen has stayed for longer than a new customer is known to.
"""

from dataclasses import dataclass

import numpy as np

from analytics.decisions.economics import discount_factor
from analytics.decisions.histories import DAYS_PER_MONTH, Histories
from analytics.models.lifetime import BetaGeoNBD, GammaGamma
from analytics.models.order_value import Independence, ShrunkenMean, independence

FEWEST_REPEATERS = 20  # customers who came back: with fewer, four parameters say nothing
DRAWS = 200
SEED = 2_005
_EXACT_FREQUENCY = 12  # draws look at more frequent customers in classes
_DRAW_STEPS = 24  # and at times in as many steps


@dataclass(frozen=True, eq=False)
class Horizon:
    """Months from now that money is counted over: their ends in days, and what money of each is worth today.

    A month counts by the whole months that lie before it: what comes in the first month is not discounted.
    """

    ends_days: np.ndarray
    factors: np.ndarray

    @classmethod
    def of(cls, months: int, yearly_rate: float) -> "Horizon":
        """A horizon of whole months, discounted with a yearly rate."""
        number = np.arange(months)
        return cls(DAYS_PER_MONTH * (number + 1), discount_factor(yearly_rate) ** number)

    @property
    def months(self) -> int:
        """How many months it has."""
        return len(self.factors)


@dataclass(frozen=True, eq=False)
class LifetimeFit:
    """won, existing: orders of customers won in the data and of those from before it (one model for both where either
    are too few). order_value: Gamma-Gamma; own_mean: what stands in for it where it does not hold, else None.
    """

    won: BetaGeoNBD
    existing: BetaGeoNBD
    order_value: GammaGamma
    independence: Independence
    own_mean: ShrunkenMean | None

    @property
    def is_pooled(self) -> bool:
        """Whether one model stands for all customers."""
        return self.won is self.existing

    def purchases(self, histories: Histories, horizon: Horizon) -> np.ndarray:
        """Discounted days with an order that each customer is expected to have over the horizon."""
        return _by_population(
            self, histories.is_existing,
            lambda model, *history: model.discounted_purchases(horizon.ends_days, horizon.factors, *history),
            histories.frequency, histories.recency_days, histories.T_days,
        )  # fmt: skip

    def probability_alive(self, histories: Histories) -> np.ndarray:
        """Chance that each customer still is one."""
        history = histories.frequency, histories.recency_days, histories.T_days
        return _by_population(self, histories.is_existing, BetaGeoNBD.probability_alive, *history)

    def order_values(self, histories: Histories) -> np.ndarray:
        """Expected value of a day with orders, for each customer."""
        model = self.own_mean or self.order_value
        return model.expected_value(histories.repeat_days, histories.monetary_value)


def fit(histories: Histories) -> LifetimeFit | None:
    """Fits all models; None where too few customers came back, or none of them for money."""
    purchases = fit_purchases(
        histories.frequency, histories.recency_days, histories.T_days, histories.is_existing
    )
    days, value = histories.repeat_days, histories.monetary_value
    if purchases is None or np.count_nonzero((days > 0) & (value > 0)) < FEWEST_REPEATERS:
        return None
    order_value, tested = GammaGamma().fit(days, value), independence(days, value)
    finite = order_value.q_ > 1  # else the mean of all has no expectation
    own_mean = None
    if not (tested.holds and finite):
        own_mean = ShrunkenMean((order_value.q_ - 1) / order_value.p_ if finite else 1.0).fit(days, value)
    return LifetimeFit(*purchases, order_value, tested, own_mean)


def fit_purchases(
    frequency: np.ndarray, recency_days: np.ndarray, T_days: np.ndarray, is_existing: np.ndarray
) -> tuple[BetaGeoNBD, BetaGeoNBD] | None:
    """BG/NBD of customers won and of those from before the data; None where too few came back."""
    came_back = frequency > 0
    if came_back.sum() < FEWEST_REPEATERS:
        return None
    if min((came_back & part).sum() for part in (is_existing, ~is_existing)) < FEWEST_REPEATERS:
        model = BetaGeoNBD().fit(frequency, recency_days, T_days)
        return model, model
    won, existing = (
        BetaGeoNBD().fit(frequency[part], recency_days[part], T_days[part])
        for part in (~is_existing, is_existing)
    )
    return won, existing


def _by_population(fit: LifetimeFit, is_existing: np.ndarray, ask, *history: np.ndarray) -> np.ndarray:
    if fit.is_pooled:
        return ask(fit.won, *history)
    answer = np.empty(len(is_existing))
    for model, part in ((fit.won, ~is_existing), (fit.existing, is_existing)):
        answer[part] = ask(model, *(column[part] for column in history))
    return answer


def residual_draws(
    fit: LifetimeFit, histories: Histories, horizon: Horizon, residual: np.ndarray, order_values: np.ndarray
) -> np.ndarray:
    """Draws of the residual value of all customers from the uncertainty of the fitted parameters, shape (DRAWS,).

    residual, order_values: per customer. How far a draw lies from the estimate is computed on coarse classes of
    customers, because only that ratio is needed.
    """
    total = np.zeros(DRAWS)
    values = [None] * DRAWS if fit.own_mean else fit.order_value.draws(DRAWS, SEED + 2)
    parts = (
        [np.full(len(histories), True)] if fit.is_pooled else [~histories.is_existing, histories.is_existing]
    )
    for number, (model, part) in enumerate(zip((fit.won, fit.existing), parts, strict=False)):
        classes = _Classes(histories, part, order_values, horizon)
        base = classes.residual(model, None if fit.own_mean else fit.order_value)
        drawn = [
            classes.residual(*pair) for pair in zip(model.draws(DRAWS, SEED + number), values, strict=True)
        ]
        total += residual[part].sum() * np.array(drawn) / base if base else 0.0
    return total


class _Classes:
    """Customers in coarse classes of history, with what their residual value depends on, added up."""

    def __init__(
        self, histories: Histories, part: np.ndarray, order_values: np.ndarray, horizon: Horizon
    ) -> None:
        x, T = histories.frequency[part], histories.T_days[part]
        days = np.arange(int(T.max(initial=0)) + 1)
        step = max(days[-1] / _DRAW_STEPS, 1.0)
        classes, frequencies = _frequency_classes(int(x.max(initial=0)))
        late = np.ceil(days / step).astype(np.int32)[T]
        early = np.minimum(np.round(days / step).astype(np.int32)[histories.recency_days[part]], late)
        width = int(late.max(initial=0)) + 1
        cell = (classes[x] * width + early) * width + late
        customers = np.bincount(cell)
        used = np.flatnonzero(customers)
        self.customers = customers[used]
        self.days = np.bincount(cell, histories.repeat_days[part])[used] / self.customers
        self.value = np.bincount(cell, np.maximum(histories.repeat_value[part], 0.0))[used]
        self.order_values = np.bincount(cell, order_values[part])[used]
        self.history = (
            frequencies[used // width**2].astype(float), step * (used // width % width), step * (used % width)
        )  # fmt: skip
        quarters = slice(2, None, 3) if horizon.months % 3 == 0 else slice(None)
        self.ends, self.factors = horizon.ends_days[quarters], horizon.factors[quarters]

    def residual(self, model: BetaGeoNBD, order_value: GammaGamma | None) -> float:
        purchases = model.discounted_purchases(self.ends, self.factors, *self.history)
        if order_value is None:
            return float(purchases @ self.order_values)
        p, q, v = order_value.p_, order_value.q_, order_value.v_
        return float(purchases @ (p * (v * self.customers + self.value) / (p * self.days + q - 1)))


def _frequency_classes(most: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequency → class, and the frequency that stands for each class: each on its own up to some, then by a fifth."""
    x = np.arange(most + 1)
    rough = np.round(np.exp(np.round(np.log(np.maximum(x, 1)) * 5) / 5)).astype(int)
    standing = np.where(x > _EXACT_FREQUENCY, np.maximum(rough, _EXACT_FREQUENCY + 1), x)
    frequencies, classes = np.unique(standing, return_inverse=True)
    return classes.astype(np.int32), frequencies
