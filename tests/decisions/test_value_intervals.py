"""The 80 % intervals of value cover the truth of simulated companies in 70 to 90 % of the cases."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.histories import Histories
from analytics.decisions.interval import of_draws
from analytics.decisions.lifetime_fit import Horizon, LifetimeFit, fit, residual_draws
from analytics.decisions.new_customers import new_customers
from analytics.models.lifetime import BetaGeoNBD, GammaGamma
from analytics.models.order_value import Independence

COMPANIES, CUSTOMERS, DAYS = 100, 800, 540
ORDERS, MONEY = BetaGeoNBD.of(0.7, 40.0, 0.9, 2.5), GammaGamma.of(6.0, 4.0, 15.0)
TRUTH = LifetimeFit(ORDERS, ORDERS, MONEY, Independence(0.0, 0.0, 0.0, 0), None)
HORIZON = Horizon.of(12, 0.1)


def simulate(seed: int) -> Histories:
    """Customers of a known BG/NBD and Gamma-Gamma, watched for 0 to 540 days, in whole days."""
    random = np.random.default_rng(seed)
    rate = random.gamma(ORDERS.r_, 1 / ORDERS.alpha_, CUSTOMERS)
    leaving = random.beta(ORDERS.a_, ORDERS.b_, CUSTOMERS)
    T = random.integers(0, DAYS, CUSTOMERS)
    clock, x, last = np.zeros(CUSTOMERS), np.zeros(CUSTOMERS, int), np.zeros(CUSTOMERS)
    here = np.full(CUSTOMERS, True)
    while here.any():
        clock = clock + random.exponential(1 / rate)
        here &= clock <= T
        later = here & (np.ceil(clock) > last)  # orders of one day are one
        x, last = x + later, np.where(later, np.ceil(clock), last)
        here &= random.uniform(size=CUSTOMERS) >= leaving
    mean = MONEY.p_ * MONEY.v_ / random.gamma(MONEY.q_, 1.0, CUSTOMERS)
    one_order = np.full(CUSTOMERS, MONEY.p_)
    first = mean * random.gamma(one_order) / MONEY.p_
    repeat = np.where(x > 0, mean * random.gamma(np.maximum(x, 1) * MONEY.p_) / MONEY.p_, 0.0)
    return Histories(
        last_day=date(2026, 6, 30), measure="margin", revenue_without_margin=0.0, stated_margin_rate=1.0,
        groups=pd.DataFrame({"source": ["new"], "channel": None, "segment": None, "region": None}),
        group=np.zeros(CUSTOMERS, int), T_days=T, frequency=x, recency_days=last.astype(int),
        frequency_before=x, recency_days_before=last.astype(int), repeat_days=x, first_value=first, repeat_value=repeat,
    )  # fmt: skip


@pytest.mark.slow
def test_intervals_of_value_cover_the_truth():
    order = MONEY.p_ * MONEY.v_ / (MONEY.q_ - 1)
    purchases = HORIZON.factors @ np.diff(ORDERS.expected_purchases(HORIZON.ends_days), prepend=0.0)
    covered = {"new customer": 0, "residual value": 0}
    for seed in range(COMPANIES):
        histories = simulate(seed)
        models = fit(histories)
        total = new_customers(histories, models, HORIZON, histories.group, 1).value().total
        covered["new customer"] += total.low <= order * (1 + purchases) <= total.high
        values = models.order_values(histories)
        residual = models.purchases(histories, HORIZON) * values
        found = of_draws(residual.sum(), residual_draws(models, histories, HORIZON, residual, values))
        truth = (TRUTH.purchases(histories, HORIZON) * TRUTH.order_values(histories)).sum()
        covered["residual value"] += found.low <= truth <= found.high
    shares = {name: count / COMPANIES for name, count in covered.items()}
    assert all(0.7 <= share <= 0.9 for share in shares.values()), shares
