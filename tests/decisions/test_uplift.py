"""What a programme caused: known effects, published E-values, and simulated tests with a known truth."""

import math

import numpy as np
import pandas as pd
import pytest

from analytics.decisions import uplift
from analytics.decisions.uplift import adjusted, doubly_robust, e_value, e_value_of_ratio, measured


def test_the_effect_is_the_difference_of_the_means():
    outcome = [4.0] * 10 + [6.0] * 10 + [3.0] * 10
    treated = [True] * 20 + [False] * 10
    found = measured(outcome, treated)
    assert found.value == pytest.approx(2.0)  # (10 × 4 + 10 × 6) / 20 − 3
    # twenty outcomes one away from their mean: variance of it 20 / (20 × 19)
    assert found.high - found.low == pytest.approx(2 * 1.2815515655 * math.sqrt(1 / 19))


def test_a_slope_of_two_on_what_was_before_is_taken_out():
    """y = 2 · before + 5 · treated: the treated had 1 more before, which is no effect."""
    before = np.r_[np.arange(10.0), np.arange(10.0) + 1]
    treated = np.r_[np.zeros(10, bool), np.ones(10, bool)]
    found = measured(2 * before + 5 * treated, treated, before)
    assert (found.value, found.low, found.high) == pytest.approx((5.0, 5.0, 5.0))


@pytest.mark.parametrize("count", [0, 1, 9])
def test_an_arm_that_is_too_small_tells_nothing(count):
    treated = np.r_[np.ones(count, bool), np.zeros(50, bool)]
    assert not measured(np.arange(len(treated), dtype=float), treated).known


def test_an_unknown_outcome_makes_the_effect_unknown():
    assert not measured([math.nan] + [1.0] * 39, [True, False] * 20).known


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="one length"):
        measured([1.0, 2.0], [True])


def spend(rng, count: int) -> np.ndarray:
    """Money as customers spend it: many nothing, few very much."""
    return rng.lognormal(3, 1, count) * (rng.random(count) < 0.5)


@pytest.mark.parametrize("with_before", [False, True])
def test_the_ends_are_those_of_a_bootstrap_over_customers(with_before):
    rng = np.random.default_rng(7)
    treated = rng.random(4000) < 0.9
    before = spend(rng, 4000)
    outcome = spend(rng, 4000) + 0.7 * before + 3 * treated
    found = measured(outcome, treated, before if with_before else None)
    adjusted_outcome = outcome
    if with_before:
        adjusted_outcome = outcome - uplift._foretold(outcome, treated, before[:, None])
    draws = []
    for _replicate in range(4000):
        weights = rng.poisson(1.0, 4000)
        draws.append(
            np.average(adjusted_outcome[treated], weights=weights[treated])
            - np.average(adjusted_outcome[~treated], weights=weights[~treated])
        )
    low, high = np.quantile(draws, [0.1, 0.9])
    width = high - low
    assert abs(found.low - low) < 0.05 * width
    assert abs(found.high - high) < 0.05 * width


def test_over_many_randomised_tests_it_is_unbiased_and_covers_four_fifths():
    rng = np.random.default_rng(11)
    hits, found = 0, []
    for _test in range(300):
        treated = rng.random(600) < 0.8
        before = spend(rng, 600)
        estimate = measured(spend(rng, 600) + before + 4 * treated, treated, before)
        found.append(estimate.value)
        hits += estimate.low <= 4 <= estimate.high
    assert np.mean(found) == pytest.approx(4, abs=3 * np.std(found) / math.sqrt(300))
    assert 0.7 <= hits / 300 <= 0.9


def test_what_was_before_narrows_the_interval():
    rng = np.random.default_rng(3)
    treated, before = rng.random(2000) < 0.5, spend(rng, 2000)
    outcome = before + rng.normal(0, 5, 2000)
    plain, cuped = measured(outcome, treated), measured(outcome, treated, before)
    assert cuped.high - cuped.low < 0.5 * (plain.high - plain.low)


def test_the_published_e_value():
    """VanderWeele, Ding 2017: an observed risk ratio of 3.9 has the E-value 7.26; its lower end of 1.8 has 3.0."""
    assert e_value_of_ratio(3.9) == pytest.approx(7.26, abs=0.005)
    assert e_value_of_ratio(1.8) == pytest.approx(3.0, abs=0.005)
    assert e_value_of_ratio(1 / 3.9) == pytest.approx(e_value_of_ratio(3.9))


def test_an_effect_of_nothing_needs_no_unseen_cause():
    assert e_value(0.0, 2.0) == 1
    assert e_value(1.0, 2.0) == pytest.approx(e_value_of_ratio(math.exp(0.455)))
    assert math.isnan(e_value(math.nan, 2.0))


EFFECT = 2.0


def confounded(seed: int, count: int = 1500) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Heavy buyers are treated more often, and buy more anyway."""
    rng = np.random.default_rng(seed)
    orders, value = rng.normal(size=count), rng.normal(size=count)
    segment = rng.choice(["home", "office"], count)
    treated = rng.random(count) < 1 / (1 + np.exp(-(0.9 * orders + 0.6 * (segment == "office") - 0.3)))
    outcome = (
        5 * orders + orders * value + 3 * (segment == "office") + EFFECT * treated + rng.normal(0, 3, count)
    )
    return outcome, treated, pd.DataFrame({"orders": orders, "value": value, "segment": segment})


def test_adjusting_comes_five_times_nearer_to_the_truth_than_comparing_and_covers_it():
    naive, error, hits = [], [], 0
    for seed in range(20):
        outcome, treated, known = confounded(seed)
        found = adjusted(outcome, treated, known)
        naive.append(abs(measured(outcome, treated).value - EFFECT))
        error.append(abs(found.effect.value - EFFECT))
        hits += found.effect.low <= EFFECT <= found.effect.high
    assert 5 * np.mean(error) < np.mean(naive)
    assert 0.65 <= hits / 20 <= 0.95


def test_among_the_treated_their_own_effect_is_found():
    """The effect is 1 + orders, and those with more orders are treated more often."""
    rng = np.random.default_rng(5)
    orders = rng.normal(size=6000)
    treated = rng.random(6000) < 1 / (1 + np.exp(-orders))
    outcome = 4 * orders + (1 + orders) * treated + rng.normal(size=6000)
    of_all = adjusted(outcome, treated, orders[:, None])
    of_treated = adjusted(outcome, treated, orders[:, None], among="treated")
    assert of_all.effect.value == pytest.approx(1.0, abs=0.12)
    assert of_treated.effect.value == pytest.approx(1 + orders[treated].mean(), abs=0.12)


@pytest.mark.parametrize("wrong", ["propensity", "outcome"])
def test_one_of_the_two_models_may_be_wrong(wrong):
    rng = np.random.default_rng(2)
    x = rng.normal(size=40_000)
    e = 1 / (1 + np.exp(-x))
    treated = rng.random(40_000) < e
    outcome = 3 * x + EFFECT * treated + rng.normal(size=40_000)
    with_it, without = 3 * x + EFFECT, 3 * x
    if wrong == "propensity":
        e = np.full_like(e, 0.5)
    else:
        with_it, without = np.zeros_like(x), np.zeros_like(x)
    assert doubly_robust(outcome, treated, e, with_it, without).effect.value == pytest.approx(EFFECT, abs=0.1)
    assert measured(outcome, treated).value > EFFECT + 2


def test_where_nobody_is_alike_customers_are_left_out_and_counted():
    treated = np.tile([True, False], 100)
    outcome = np.where(treated, 3.0, 1.0) + np.tile([0.0, 0.0, 0.5, 0.5], 50)
    e = np.r_[np.full(10, 0.01), np.full(150, 0.5), np.full(40, 0.99)]
    found = doubly_robust(outcome, treated, e, outcome * 0 + 3, outcome * 0 + 1)
    assert (found.trimmed, found.customers) == (50, 150)
    assert found.effect.value == pytest.approx(2.0)
    assert found.overlap[["treated", "untreated"]].to_numpy().sum() == 200
    assert found.e_value > found.e_value_of_end > 1


def test_rows_of_one_customer_vary_together():
    """Each customer four times over: no more is known than from one row each."""
    outcome, treated, known = confounded(3, 800)
    four = np.tile(np.arange(800), 4)
    once = adjusted(outcome, treated, known).effect
    repeated = adjusted(outcome[four], treated[four], known.iloc[four], clusters=four).effect
    alone = adjusted(outcome[four], treated[four], known.iloc[four]).effect
    assert repeated.high - repeated.low == pytest.approx(once.high - once.low, rel=0.1)
    assert alone.high - alone.low < 0.6 * (once.high - once.low)


def test_too_few_to_adjust_is_not_known():
    outcome, treated, known = confounded(1, 40)
    assert not adjusted(outcome, treated, known).effect.known
