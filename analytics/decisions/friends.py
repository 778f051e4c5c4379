"""What the friends whom customers bring are worth, for those who are credited with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analytics.decisions.economics import share
from analytics.decisions.period import Period
from analytics.decisions.value_curve import HorizonValue


def with_friends(horizon: HorizonValue, period: Period) -> HorizonValue:
    """What a customer won reorders, and the friends that such customers bring: they came of the same spend.

    Friends bring as much for each unit of reorders as they did in this window; a friend's own reorders count like those of
    a customer won.
    """
    lines = period.orders
    friends, reorders = (lines[lines["source"] == source] for source in ("referral", "reorder"))
    first, kept = period.margin(friends), period.margin(reorders)
    if not (len(friends) and first > 0 and kept > 0 and np.isfinite(horizon.value_per_customer)):
        return horizon
    per_friend = share(first, float(friends["orders"].sum()))
    more = 1 + share(first, kept) * (1 + share(horizon.value_per_customer, per_friend))
    return replace(
        horizon,
        value_per_customer=more * horizon.value_per_customer,
        weights=[more * weight for weight in horizon.weights],
        expected=[more * value for value in horizon.expected],
    )


def friend_value(period: Period, value_per_customer: float) -> float:
    """Margin of a referred customer over the horizon: the first order, and what customers won reorder."""
    lines = period.orders[period.orders["source"] == "referral"]
    first = share(period.margin(lines), float(lines["orders"].sum()))
    return (first if np.isfinite(first) else 0.0) + value_per_customer
