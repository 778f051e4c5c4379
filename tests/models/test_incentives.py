"""What open offers change: simulated customers with a known lift, laws, and what the prior says where nothing is known."""

import math

import numpy as np
import pytest

from analytics.models.incentives import PRIOR_DEVIATION, Spells, fit_lifts

LIFT = 1.5


def simulated(seed: int, customers: int = 600, lift: float = LIFT, holdout: float = 0.3) -> Spells:
    """A hundred days with and a hundred without an open offer; who has the offer open buys more in both arms."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1.2, 0.02, customers)
    treated = rng.random(customers) >= holdout
    expected = np.column_stack([100 * rate, 100 * rate * 1.3 * np.where(treated, lift, 1.0)])
    shape = (2 * customers, 1)
    return Spells(
        customer=np.repeat(np.arange(customers), 2),
        age=np.zeros(2 * customers, dtype=int),
        days=np.full(2 * customers, 100),
        events=rng.poisson(expected).ravel(),
        is_open=np.tile([False, True], customers).reshape(shape),
        is_treated=np.repeat(treated, 2).reshape(shape),
    )


def test_over_many_companies_the_caused_share_is_unbiased_and_covered_in_four_fifths():
    true, found, hits = 1 - 1 / LIFT, [], 0
    for seed in range(120):
        lifts = fit_lifts(simulated(seed))
        low, high = np.quantile(lifts.draws(1000, seed)[:, 0], [0.1, 0.9])
        found.append(float(lifts.caused_shares()[0]))
        hits += low <= true <= high
    assert np.mean(found) == pytest.approx(true, abs=0.02)
    assert 0.7 <= hits / 120 <= 0.9


def test_the_order_of_rows_and_the_unit_of_time_change_nothing():
    spells = simulated(1)
    order = np.random.default_rng(2).permutation(len(spells.days))
    shuffled = spells.of(order)
    weeks = Spells(
        spells.customer, spells.age, spells.days / 7, spells.events, spells.is_open, spells.is_treated
    )
    whole = fit_lifts(spells)
    for other in (fit_lifts(shuffled), fit_lifts(weeks)):
        assert other.effects == pytest.approx(whole.effects, abs=1e-4)
        assert other.covariance == pytest.approx(whole.covariance, rel=1e-3)


def test_where_no_offer_was_ever_open_only_the_prior_speaks():
    spells = simulated(3)
    closed = Spells(
        spells.customer, spells.age, spells.days, spells.events, spells.is_open & False, spells.is_treated
    )
    lifts = fit_lifts(closed)
    assert lifts.effects[0] == pytest.approx(0, abs=1e-6)
    assert math.sqrt(lifts.covariance[0, 0]) == pytest.approx(PRIOR_DEVIATION, rel=1e-3)


def dormant(seed: int, customers: int = 4000, weeks: int = 52) -> Spells:
    """An offer goes to whoever has not ordered for eight weeks, for four weeks, and doubles the rate. A second one, to
    everybody who ordered lately, raises it by half: so whoever is silent in spite of it buys less anyway.
    """
    rng = np.random.default_rng(seed)
    rate, treated = rng.gamma(0.8, 0.12, customers), rng.random(customers) < 0.5
    silent, open_until = np.zeros(customers), np.zeros(customers)
    rows = []
    for week in range(weeks):
        asked = (silent >= 8) & (week >= open_until)
        open_until = np.where(asked, week + 4, open_until)
        back, lately = week < open_until, silent < 6
        lift = np.where(treated, np.where(back, 2.0, 1.0) * np.where(lately, 1.5, 1.0), 1.0)
        orders = rng.poisson(rate * lift)
        rows.append((np.arange(customers), np.full(customers, week // 10), orders, back, lately))
        silent = np.where(orders > 0, 0, silent + 1)
    who, age, orders, back, lately = (np.concatenate(part) for part in zip(*rows, strict=True))
    is_open = np.column_stack([back, lately])
    return Spells(who, age, np.ones(len(who)), orders, is_open, np.column_stack([treated[who]] * 2))


def test_offers_that_share_customers_and_follow_behaviour_are_told_apart():
    """The plain comparison of days sees too little of the offer to the silent: 1.4 times instead of twice."""
    spells = dormant(4)
    effects = np.exp(fit_lifts(spells).effects)
    assert effects == pytest.approx([2.0, 1.5], rel=0.12)
    only_back = spells.is_open[:, 0] & ~spells.is_open[:, 1]
    rates = [spells.events[only_back & (spells.is_treated[:, 0] == arm)].mean() for arm in (True, False)]
    assert rates[0] / rates[1] < 1.75
