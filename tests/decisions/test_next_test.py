"""The holdout that would settle it: weeks by hand, and whether the test that is advised does what it says."""

import math

import numpy as np
import pytest

from analytics.decisions.interval import QUANTILE
from analytics.decisions.next_test import MOST_WEEKS, POWER_QUANTILE, NextTest, next_test

YEAR = 364  # days: 52 weeks


def standard_error(found: NextTest, deviation: float, weeks: float) -> float:
    """Of the margin caused with all customers: their number times that of a difference of two means."""
    left_alone, rest = found.customers * found.holdout_share, found.customers * (1 - found.holdout_share)
    spread = deviation * math.sqrt(weeks / 52)
    return found.customers * spread * math.sqrt(1 / left_alone + 1 / rest)


def test_the_difference_is_as_many_standard_errors_as_verdict_and_power_need():
    """1.2816 for a probability of 0.9, 0.8416 for a power of 80 %; one week less would not do."""
    found = next_test(difference=6_000, deviation=50, customers=400, observed_days=YEAR)
    needed = QUANTILE + POWER_QUANTILE
    assert needed == pytest.approx(2.123, abs=0.001)
    for weeks, enough in ((found.weeks, True), (found.weeks - 1, False)):
        errors = 6_000 * weeks / 52 / standard_error(found, 50, weeks)
        assert (errors >= needed) is enough


def test_weeks_by_hand():
    """Half of 100 customers: an error of 2 × 10 × √100 = 200 over 52 weeks; 52 × (2.1232 × 200 / 425)² = 51.9 weeks.

    A smaller share would take more than a year.
    """
    assert next_test(425, 10, 100, YEAR) == NextTest(100, 0.5, 52)
    assert next_test(-425, 10, 100, YEAR) == NextTest(100, 0.5, 52)  # behind by as much
    # four times the difference: a sixteenth of the weeks, 3.2; at a share of 5 %: 3.2 × 0.25 / 0.0475 = 17.1
    assert next_test(1_700, 10, 100, YEAR) == NextTest(100, 0.05, 18)
    assert next_test(1_700, 10, 100, YEAR).holdout == 5


def test_of_the_tests_that_take_a_year_at_most_the_fewest_are_left_alone():
    """Customer-weeks h × w ∝ 1 / (1 − h): the smaller the share, the fewer, as long as a year is enough."""
    shares = [next_test(difference, 50, 400, YEAR).holdout_share for difference in (4_300, 6_000, 12_000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] == 0.05


def test_twice_the_spread_takes_four_times_the_weeks():
    """At the one share that both find: weeks before rounding up."""
    once, twice = next_test(20_000, 50, 400, YEAR), next_test(20_000, 100, 400, YEAR)
    assert once.holdout_share == twice.holdout_share == 0.05
    assert 4 * (once.weeks - 1) < twice.weeks <= 4 * once.weeks


def test_a_test_as_the_one_observed_has_the_error_that_was_observed():
    """300 of 4,000 left alone for a year: √(σ²/3700 + σ²/300) per customer, and the same from the formula."""
    observed = 4_000 * 50 * math.sqrt(1 / 3_700 + 1 / 300)
    assert standard_error(NextTest(4_000, 0.075, 52), 50, 52) == pytest.approx(observed)


@pytest.mark.parametrize("difference", [0.0, 1.0])
def test_where_a_year_would_not_do_no_test_is_named(difference):
    found = next_test(difference, 50, 400, YEAR)
    assert (found.weeks, found.holdout, found.is_possible) == (0, 0, False)


@pytest.mark.parametrize(
    ("difference", "deviation", "customers", "days"),
    [(math.nan, 50, 400, YEAR), (100, math.nan, 400, YEAR), (100, 0, 400, YEAR), (100, 50, 0, YEAR)],
)
def test_what_is_not_known_gives_no_test(difference, deviation, customers, days):
    assert next_test(difference, deviation, customers, days) is None


@pytest.mark.parametrize("each", [11.0, 16.0, 40.0])
def test_the_advised_test_shows_what_is_there_in_eight_of_ten_cases(each):
    """Customers whose margin over a year is worth `each` more than equal returns, spread by 50: 4,000 tests of them."""
    found = next_test(400 * each, 50, 400, YEAR)
    assert found.weeks <= MOST_WEEKS
    rng, part = np.random.default_rng(1_710), found.weeks / 52
    effect, spread = each * part, 50 * math.sqrt(part)
    treated = rng.normal(effect, spread, (4_000, 400 - found.holdout)).mean(axis=1)
    left_alone = rng.normal(0, spread, (4_000, found.holdout)).mean(axis=1)
    error = spread * math.sqrt(1 / found.holdout + 1 / (400 - found.holdout))
    shown = np.mean((treated - left_alone) / error > QUANTILE)
    assert 0.78 <= shown <= 0.88  # whole weeks make it a little more
