"""The ends of intervals, against resampling and against what is known exactly."""

import math

import numpy as np
import pytest

from analytics.decisions import interval
from analytics.decisions.interval import Interval, PairSums

REPLICATES = 40_000


@pytest.fixture(scope="module")
def customers():
    """Margin and incentive of 800 customers: skewed, mostly nothing, costs that go with margins."""
    rng = np.random.default_rng(5)
    margin = rng.gamma(0.8, 50.0, 800) * (rng.random(800) < 0.4)
    return margin, 0.05 * margin * (rng.random(800) < 0.5) + rng.gamma(1.0, 1.0, 800) * (margin > 0)


def pair_sums(x, y) -> PairSums:
    return PairSums(
        x.sum(), y.sum(), (x * x).sum(), (x * y).sum(), (y * y).sum(),
        (x**3).sum(), (x * x * y).sum(), (x * y * y).sum(), (y**3).sum(),
    )  # fmt: skip


def resampled(*columns):
    """Totals of Poisson resamples of the customers, one row per replicate."""
    rng = np.random.default_rng(11)
    return [rng.poisson(1.0, (REPLICATES, len(columns[0]))) @ np.column_stack(columns)][0].T


def assert_same_ends(found: Interval, replicates, share_of_width):
    low, high = np.quantile(replicates, [0.1, 0.9])
    assert found.low == pytest.approx(low, abs=share_of_width * (high - low))
    assert found.high == pytest.approx(high, abs=share_of_width * (high - low))


def test_total_has_the_ends_of_resampling(customers):
    margin, _cost = customers
    found = interval.of_total(margin.sum(), (margin**2).sum(), (margin**3).sum())
    assert_same_ends(found, resampled(margin)[0], 0.02)


@pytest.mark.parametrize("fixed_cost", [0.0, 500.0, 20_000.0])
def test_ratio_has_the_ends_of_resampling(customers, fixed_cost):
    margin, cost = customers
    margins, costs = resampled(margin, cost)
    found = interval.of_ratio(pair_sums(margin, cost), fixed_cost)
    assert_same_ends(found, margins / (fixed_cost + costs), 0.02)


def test_a_ratio_whose_costs_are_skewed_has_the_ends_of_resampling():
    """Few customers make most of the cost: every term of the expansion counts."""
    cost = np.random.default_rng(4).lognormal(0.0, 1.2, 120)
    margin = np.full(120, 2.0)
    margins, costs = resampled(margin, cost)
    found = interval.of_ratio(pair_sums(margin, cost), 20.0)
    assert_same_ends(found, margins / (20.0 + costs), 0.02)


def test_the_skewness_is_seen_and_needed():
    """Few customers make most of the margin: a symmetric interval would be visibly off."""
    margin = np.random.default_rng(2).lognormal(3.0, 1.3, 150)
    found = interval.of_total(margin.sum(), (margin**2).sum(), (margin**3).sum())
    replicates = resampled(margin)[0]
    half = interval.QUANTILE * math.sqrt((margin**2).sum())
    low, high = np.quantile(replicates, [0.1, 0.9])
    errors = abs(found.low - low) + abs(found.high - high)
    symmetric = abs(margin.sum() - half - low) + abs(margin.sum() + half - high)
    assert errors < symmetric / 3


def test_the_order_of_customers_changes_nothing(customers):
    margin, cost = customers
    there = interval.of_ratio(pair_sums(margin, cost), 500.0)
    back = interval.of_ratio(pair_sums(margin[::-1], cost[::-1]), 500.0)
    assert (there.low, there.high) == pytest.approx((back.low, back.high), rel=1e-12)


def test_four_times_the_customers_halve_the_relative_width(customers):
    margin, _cost = customers
    one = interval.of_total(margin.sum(), (margin**2).sum(), (margin**3).sum())
    four = interval.of_total(4 * margin.sum(), 4 * (margin**2).sum(), 4 * (margin**3).sum())
    relative = [(found.high - found.low) / found.value for found in (one, four)]
    assert relative[1] == pytest.approx(relative[0] / 2)


def test_draws_have_the_totals_covariance_and_skewness():
    totals = np.array([100.0, 50.0])
    second = np.array([[400.0, 150.0], [150.0, 225.0]])
    third = np.array([4_000.0, 0.0])
    drawn = interval.draws(totals, second, third, 200_000, seed=1)
    assert drawn.mean(axis=0) == pytest.approx(totals, abs=0.1)
    assert np.cov(drawn.T) == pytest.approx(second, rel=0.04)
    scores = (drawn[:, 0] - drawn[:, 0].mean()) / drawn[:, 0].std()
    assert (scores**3).mean() == pytest.approx(4_000.0 / 400.0**1.5, abs=0.03)


def test_draws_are_the_same_every_time():
    arguments = (np.array([1.0]), np.array([[4.0]]), np.array([1.0]), 100)
    assert (interval.draws(*arguments, seed=3) == interval.draws(*arguments, seed=3)).all()
    assert (interval.draws(*arguments, seed=3) != interval.draws(*arguments, seed=4)).any()


def test_totals_that_move_together_perfectly_are_drawn_so():
    drawn = interval.draws(
        np.array([10.0, 20.0, 5.0]), np.outer([1, 2, 0], [1, 2, 0]).astype(float), np.zeros(3), 1_000, 1
    )
    assert drawn[:, 1] == pytest.approx(2 * drawn[:, 0])
    assert (drawn[:, 2] == 5.0).all()


@pytest.mark.parametrize("cost", [0.0, -5.0, math.nan])
def test_without_a_cost_there_is_no_ratio(cost):
    sums = PairSums(100.0, 0.0, 10.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    assert not interval.of_ratio(sums, cost).known


def test_what_is_not_known_has_no_interval():
    assert not interval.of_total(math.nan, 4.0, 1.0).known
    assert not interval.of_draws(1.0, np.array([1.0, math.nan])).known
    assert np.isnan(interval.draws(np.array([math.nan]), np.array([[1.0]]), np.array([0.0]), 10, 1)).all()
