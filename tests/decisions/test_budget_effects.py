"""What a split brings, worked out by hand on a company that is sure of its numbers."""

import numpy as np
import pytest

from analytics.decisions.budget_effects import Simulation, curve_points
from tests.decisions.budget_company import company

NOW = {"search": 100.0, "display": 100.0, "points": 100.0}


def test_todays_figures():
    """Won 50 + 25; points add 2 to each of them and of 300: 75 × 10 + 375 × 2 − 300 = 1,200 a month, twice."""
    found = Simulation(company()).of(NOW)
    assert found.customers.then.value == pytest.approx(75)
    assert found.of_new.then.value == pytest.approx(750)
    assert found.of_programmes.then.value == pytest.approx(750)
    assert found.equity.then.value == pytest.approx(2400)
    assert found.gain.value == 0
    assert found.share == pytest.approx(1 / 3)


def test_moving_a_hundred_from_display_to_search():
    """Search wins 75 instead of 50, display none instead of 25: nothing is won, and nothing lost."""
    found = Simulation(company()).of({"search": 200.0, "display": 0.0, "points": 100.0})
    assert found.customers.change.value == pytest.approx(0)
    assert found.gain.value == pytest.approx(0)


def test_cash_comes_later_than_value_and_adds_up_to_the_same():
    """25 more customers worth 12 each for 100 more a month, half of their 10 a month later; the 2 of points too."""
    cash = Simulation(company()).of({**NOW, "search": 200.0}).cash
    assert cash["cash"].head(4).tolist() == pytest.approx([50, 200, 150, 0])
    assert cash["so_far"].iloc[-1] == pytest.approx(400)
    assert cash["value"].head(3).tolist() == pytest.approx([200, 400, 400])


def test_carry_over_delays_what_more_spend_wins():
    model = company(carryover=0.5)
    months = model.months({**NOW, "search": 200.0}, 2)
    settled = model.won({**NOW, "search": 200.0}).sum(axis=0).mean()
    first, second = months.customers.mean(axis=1)
    assert first == pytest.approx(25 + 100 * (1 - 2**-1.5))
    assert first < second < settled


def test_the_shares_of_the_months_observed():
    assert Simulation(company()).observed_shares == pytest.approx((1 / 3, 1 / 3))


def test_a_curve_is_an_extrapolation_beyond_the_months():
    model = company(base=5.0)
    points = curve_points(model, model.lines[0], 400.0)
    assert points["outcome"].iloc[0] == pytest.approx(5)
    assert points["outcome"].iloc[-1] == pytest.approx(5 + 100 * (1 - 2**-4))
    known = points["spend"].between(25, 300)
    assert points["observed"].tolist() == known.tolist()


def test_a_programme_s_curve_is_money_of_a_month():
    """100 add 2 to each of 300 + 75 customers."""
    model = company()
    points = curve_points(model, model.lines[2], 100.0)
    assert points["outcome"].iloc[-1] == pytest.approx(750)


def test_the_band_is_that_of_the_draws():
    """Ceilings of 80, 90, 110, 120 around 100: half of each is won."""
    found = Simulation(company(ceiling=np.array([80.0, 90.0, 110.0, 120.0]))).of({**NOW, "display": 0.0})
    assert found.customers.then.low == pytest.approx(np.quantile([40, 45, 55, 60], 0.1))
    assert found.customers.then.high == pytest.approx(np.quantile([40, 45, 55, 60], 0.9))
    assert found.customers.change.low == pytest.approx(-25)
