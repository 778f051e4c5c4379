"""A response curve: what a constant monthly spend brings per month once its effect has settled."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

EXPONENTIAL, HILL = "exponential", "hill"
FAMILIES = (EXPONENTIAL, HILL)

Numbers = float | np.ndarray


@dataclass(frozen=True)
class Curve:
    """Outcome per month = base + ceiling × reach(k × spend), spend in money per month.

    reach(x) is 1 − e^(−x) for the exponential family (Blattberg, Deighton 1996) and x^shape / (1 + x^shape) for Hill,
    where 1/k is the spend that reaches half of the ceiling. Each number is a float or an array over draws, shape
    (draws,); `spend` broadcasts against them, so that spends of shape (points, 1) give (points, draws).
    value_per_outcome is money. `carryover` in [0, 1) is the part of this month's effect that next month inherits; a
    constant spend does not feel it.
    """

    base: Numbers
    ceiling: Numbers
    k: Numbers
    value_per_outcome: Numbers = 1.0
    family: str = EXPONENTIAL
    shape: Numbers = 1.0
    carryover: Numbers = 0.0

    def __post_init__(self):
        if self.family not in FAMILIES:
            raise ValueError(f"The family of a response curve is exponential or hill, not {self.family}.")

    def only(self, chosen: np.ndarray) -> Curve:
        """The same with some of the draws alone."""
        drawn = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "family"}
        return replace(self, **{name: value[chosen] for name, value in drawn.items() if np.size(value) > 1})

    def outcome(self, spend: Numbers) -> np.ndarray:
        """Outcome per month, what comes without spend included."""
        return self.base + self.caused(spend)

    def caused(self, spend: Numbers) -> np.ndarray:
        """Outcome per month that the spend causes: outcome(spend) − outcome(0)."""
        return self.ceiling * reach(self.k * np.asarray(spend, float), self.family, self.shape)

    def marginal(self, spend: Numbers) -> np.ndarray:
        """Outcome per month of the next unit of monthly spend; infinite at no spend where a Hill's shape is below 1."""
        x = self.k * np.asarray(spend, float)
        if self.family == EXPONENTIAL:
            return self.ceiling * self.k * np.exp(-x)
        reached = reach(x, HILL, self.shape)
        with np.errstate(divide="ignore"):
            power = np.asarray(x, float) ** (self.shape - 1)
        return self.ceiling * self.k * self.shape * power * (1 - reached) ** 2

    def value(self, spend: Numbers) -> np.ndarray:
        """Money per month that the spend causes."""
        return self.value_per_outcome * self.caused(spend)

    def marginal_return(self, spend: Numbers) -> np.ndarray:
        """Money that the next unit of money brings; marginal ROI is this minus 1."""
        return self.value_per_outcome * self.marginal(spend)


def reach(x: Numbers, family: str, shape: Numbers = 1.0) -> np.ndarray:
    """The share of the ceiling, in [0, 1], that is reached at x = k × spend."""
    x = np.asarray(x, float)
    if family == EXPONENTIAL:
        return -np.expm1(-x)
    with np.errstate(divide="ignore", over="ignore"):
        return 1 / (1 + np.exp(-shape * np.log(x)))
