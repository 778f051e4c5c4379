"""The figures that budgets are judged by: one metric, one function.

Money in, money or ratios out. A zero divisor gives NaN, which is shown as "n/a": never 0, never infinity.
What is not known goes in and comes out as NaN.
"""

import math
from collections.abc import Iterable

NAN = math.nan


def share(part: float, whole: float) -> float:
    """part / whole."""
    return part / whole if whole else NAN


def roi(margin: float, cost: float) -> float:
    """Return on investment: (margin − cost) / cost."""
    return share(margin - cost, cost)


def roas(revenue: float, spend: float) -> float:
    """Return on advertising spend: attributed revenue / spend."""
    return share(revenue, spend)


def cac(acquisition_spend: float, customers_won: float) -> float:
    """Cost of one customer: acquisition spend / customers won by it.

    Over paid channels only; over all new customers it is the blended figure, and has to be named so.
    """
    return share(acquisition_spend, customers_won)


def ltv_cac_ratio(lifetime_margin: float, cac: float) -> float:
    """Margin of a customer over a stated horizon / what the customer cost. Revenue in its place would be
    wrong.
    """
    return share(lifetime_margin, cac)


def payback_months(accumulated_margin: Iterable[float], cac: float) -> int | None:
    """First whole month in which a cohort's accumulated margin per customer reaches its cac.

    accumulated_margin: margin per customer from the first order to the end of month 1, 2, … (the first order
    is in month 1). None: not yet, or not known.
    """
    for month, margin in enumerate(accumulated_margin, start=1):
        if margin >= cac:
            return month
    return None


def discount_factor(yearly_rate: float) -> float:
    """What a margin is worth that comes one month later: (1 + yearly_rate)^(−1/12)."""
    return (1 + yearly_rate) ** (-1 / 12)


def margin(given: float, amount_without: float, orders_without: int, margin_rate: float | None) -> float:
    """Margin of orders: as given where a row has one, margin_rate × amount where it has none.

    orders_without: how many orders of an amount other than 0 have no margin of their own; NaN when there are
    any and no margin rate is known.
    """
    if not orders_without:
        return given
    return NAN if margin_rate is None else given + margin_rate * amount_without
