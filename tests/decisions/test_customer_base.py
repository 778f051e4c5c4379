"""How much more existing customers will buy over the horizon than in the months observed."""

import numpy as np
import pytest

from analytics.decisions.customer_base import MOST_GROWTH, shares_of_horizon

MONTHS = np.arange(18) + 0.5
AHEAD = np.arange(18, 30) + 0.5


def test_a_steady_business_stays_as_it_is():
    assert shares_of_horizon(np.full(12, 700.0), 12) == pytest.approx(np.ones(12))


@pytest.mark.parametrize("leaving", [0.04, 0.06, 0.1])
def test_growth_towards_a_level_is_foreseen(leaving):
    """Bought = 100 − 60 e^(−d t): by arithmetic, the next twelve months' mean."""

    def bought(when):
        return 100 - 60 * np.exp(-leaving * when)

    found = shares_of_horizon(bought(MONTHS), 12)
    assert found == pytest.approx(bought(MONTHS) / bought(AHEAD).mean(), rel=0.03)


def test_a_shrinking_business_shrinks_on():
    found = shares_of_horizon(100 * np.exp(-0.05 * MONTHS), 12)
    assert found[0] > found[-1] > 1


def test_chance_of_single_months_is_smoothed():
    random = np.random.default_rng(4)
    line = 100 - 60 * np.exp(-0.06 * MONTHS)
    found = shares_of_horizon(line * random.normal(1, 0.05, 18), 12)
    assert (np.diff(found) > 0).all()
    assert found.mean() == pytest.approx(line.mean() / (100 - 60 * np.exp(-0.06 * AHEAD)).mean(), rel=0.1)


def test_the_unit_of_money_does_not_matter():
    bought = np.random.default_rng(1).uniform(50, 100, 12)
    assert shares_of_horizon(1000 * bought, 12) == pytest.approx(shares_of_horizon(bought, 12))


@pytest.mark.parametrize("bought", [np.ones(5), np.zeros(12), np.array([]), np.r_[np.nan, np.ones(11)]])
def test_too_little_to_tell_is_no_growth(bought):
    assert np.array_equal(shares_of_horizon(bought, 12), np.ones(len(bought)))


def test_no_more_growth_than_is_believable():
    found = shares_of_horizon(np.exp(0.5 * MONTHS), 12)
    assert found.min() >= 1 / MOST_GROWTH
    assert found.max() <= MOST_GROWTH
