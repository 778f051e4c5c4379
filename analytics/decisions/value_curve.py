"""What a customer whom spend won brings month by month after the first order: finished months, then a forecast."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import discount_factor
from analytics.decisions.period import margin_of
from analytics.decisions.value_ahead import flows_ahead

LONGEST_MONTHS = 60  # further than any horizon or payback that is asked for in practice


@dataclass(frozen=True, eq=False)
class ValueCurve:
    """Arrays by whole months since the first order (0, 1, …): customers who have finished that month, and the
    reorder margin per such customer in it. As long as there is anybody who has finished the month.
    """

    customers: np.ndarray = field(default_factory=lambda: np.zeros(0))
    margin_per_customer: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def months(self) -> int:
        """How many months are observed."""
        return len(self.customers)

    def accumulated(self, first_order_margin: float) -> np.ndarray:
        """Margin per customer from the first order to the end of month 1, 2, …, not discounted; at least one
        month.
        """
        if not self.months:
            return np.array([first_order_margin])
        return first_order_margin + np.cumsum(self.margin_per_customer)


@dataclass(frozen=True, eq=False)
class HorizonValue:
    """The curve up to the horizon, discounted: value per customer, months seen, and for the spread over
    customers weights (one customer's part of each month's mean) and expected (the mean's part, accumulated by
    finished months), both as large as the months that are foreseen make them.

    foreseen: months of the horizon beyond those seen; 0 where too little is seen to tell. spread: draws, mean 1, of how the
    value stands to value_per_customer by what is not known of these. by_month: the value's parts, seen and foreseen.
    """

    value_per_customer: float
    months: int
    weights: list[float]
    expected: list[float]
    foreseen: int = 0
    spread: np.ndarray = field(default_factory=lambda: np.ones(1))
    by_month: np.ndarray = field(default_factory=lambda: np.zeros(0))


def value_curve(
    frame: pd.DataFrame, channels, margin_rate: float | None, period: str | None = None
) -> ValueCurve:
    """The curve of the customers of these channels, won in this period (None: whenever), from
    value_curve.sql.
    """
    chosen = frame[frame["channel"].isin(list(channels))]
    if period:
        chosen = chosen[chosen["period"] == period]
    months = [lines for _month, lines in chosen.groupby("months_since_first_order", sort=True)]
    customers = np.array([lines["customers"].sum() for lines in months], dtype=float)
    margins = np.array([margin_of(lines, margin_rate) for lines in months], dtype=float)
    return ValueCurve(customers, margins / customers if len(customers) else margins)


def horizon_value(curve: ValueCurve, assumptions: Assumptions) -> HorizonValue:
    """Reorder margin per customer over the horizon, each month discounted to the first order.

    A month counts by the whole months that lie before it: what comes in the first month is not discounted. Months that
    the data do not reach are foreseen (value_ahead).
    """
    horizon = assumptions.horizon_months
    months = min(horizon, curve.months)
    discount = discount_factor(assumptions.discount_rate) ** np.arange(horizon)
    margins, customers = curve.margin_per_customer[:months], curve.customers[:months]
    flow = discount[:months] * margins
    ahead = flows_ahead(margins, customers, horizon - months)
    ahead = ahead * discount[months : months + ahead.shape[1]]
    value = float(np.sum(flow))
    if not value > 0:  # refunds beyond what was earned: no part of nothing can be foreseen
        ahead = ahead[:, :0]
    later = ahead.sum(axis=1)
    more = 1 + float(later.mean()) / value if ahead.size and value > 0 else 1.0
    weights = more * discount[:months] / customers
    expected = np.concatenate([[0.0], np.cumsum(weights * margins)])
    return HorizonValue(
        more * value,
        months,
        weights.tolist(),
        np.nan_to_num(expected).tolist(),
        ahead.shape[1],
        (value + later) / (more * value) if more > 1 else np.ones(1),
        np.concatenate([flow, ahead.mean(axis=0)]),
    )
