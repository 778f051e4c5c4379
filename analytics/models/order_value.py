"""Whether customers who order more often also spend more per order, and what an order is worth where they do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from analytics.models.likelihood import levels

WEAK = 0.2  # explains 4 % of the variance; CDNOW, on which the model was published, has 0.19
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Independence:
    """Correlation of ln(repeat orders) and ln(their mean value) over customers with repeat orders.

    low, high: its 95 % interval (Fisher's z). customers: how many it is from. NaN where not known.
    """

    correlation: float
    low: float
    high: float
    customers: int

    @property
    def holds(self) -> bool:
        """Whether the two may be taken as independent: too weak to matter, or not to be told from nothing."""
        sure = self.low > 0 or self.high < 0
        return not (sure and abs(self.correlation) >= WEAK)


def independence(frequency: np.ndarray, monetary_value: np.ndarray) -> Independence:
    """Tests Gamma-Gamma's assumption on customers with repeat orders of positive value."""
    x, z = np.asarray(frequency, float), np.asarray(monetary_value, float)
    usable = (x > 0) & (z > 0)
    x, z = np.log(x[usable]), np.log(z[usable])
    n = len(x)
    if n < 4 or np.ptp(x) == 0 or np.ptp(z) == 0:
        return Independence(math.nan, math.nan, math.nan, n)
    correlation = float(np.corrcoef(x, z)[0, 1])
    score, half = math.atanh(min(max(correlation, -0.999999), 0.999999)), NORMAL_95 / math.sqrt(n - 3)
    return Independence(correlation, math.tanh(score - half), math.tanh(score + half), n)


class ShrunkenMean:
    """A customer's own mean order value, drawn towards the mean of customers who order as often.

    Credibility Z = x / (x + k) (Bühlmann 1967), where k = (q − 1) / p is Gamma-Gamma's own for the mean of all.
    Fitted: intercept_, slope_ (of the mean over ln(1 + x)).
    """

    def __init__(self, k: float) -> None:
        self.k = k

    def fit(self, frequency: np.ndarray, monetary_value: np.ndarray) -> Self:
        """Fits to repeat orders (count) and their mean value; ValueError without two customers who have any."""
        x, z = np.asarray(frequency, float), np.asarray(monetary_value, float)
        again = x > 0
        if again.sum() < 2:
            raise ValueError("Too few customers with repeat orders to learn what an order is worth.")
        xs, place = levels(x[again])
        n = np.bincount(place)
        self.slope_, self.intercept_ = _line(np.log1p(xs), np.bincount(place, z[again]) / n, n)
        return self

    def expected_value(self, frequency: np.ndarray, monetary_value: np.ndarray) -> np.ndarray:
        """Expected mean order value, never below 0."""
        x, z = np.asarray(frequency, float), np.asarray(monetary_value, float)
        center = self.intercept_ + self.slope_ * np.log1p(x)
        return np.maximum(center + np.where(x > 0, x / (x + self.k), 0.0) * (z - center), 0.0)


def _line(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of the weighted least-squares line; flat where all x are one."""
    mean_x, mean_y = np.average(x, weights=weights), np.average(y, weights=weights)
    spread = weights @ (x - mean_x) ** 2
    slope = float(weights @ ((x - mean_x) * (y - mean_y)) / spread) if spread > 0 else 0.0
    return slope, float(mean_y - slope * mean_x)
