"""Customer equity: the residual value of today's customers, and the value of those still to be won at today's pace."""

from dataclasses import dataclass

import numpy as np

from analytics.decisions.histories import DAYS_PER_MONTH, Histories
from analytics.decisions.interval import Interval, of_draws
from analytics.decisions.lifetime_fit import Horizon
from analytics.decisions.new_customers import NewCustomerValue

PACE_DAYS = 90  # the pace is that of these last days


@dataclass(frozen=True)
class Equity:
    """Money over the horizon, discounted to today. future: of customers still to be won, less nothing: what winning
    them costs is not subtracted. pace_per_month: customers won per month, referred ones included.
    """

    residual: Interval
    future: Interval
    total: Interval
    pace_per_month: float


def equity(
    histories: Histories,
    horizon: Horizon,
    residual: Interval,
    residual_draws: np.ndarray,
    newcomer: NewCustomerValue,
) -> Equity:
    """Adds the two up; both count what arrives until the horizon's end, so a customer won late brings little."""
    days = min(PACE_DAYS, int(histories.T_days.max(initial=0)) + 1)
    won = np.count_nonzero(~histories.is_existing & (histories.T_days < days))
    pace = won / days * DAYS_PER_MONTH
    future = 0.0
    draws = np.zeros_like(residual_draws)
    if pace and newcomer.total.known:
        future = pace * float(horizon.factors @ newcomer.by_month[::-1])
        draws = future * newcomer.draws / newcomer.total.value
    return Equity(
        residual,
        of_draws(future, draws),
        of_draws(residual.value + future, residual_draws + draws),
        pace,
    )
