"""The months of a new customer's value that the data do not reach yet."""

import numpy as np
import pytest

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.interval import of_draws
from analytics.decisions.value_ahead import DRAWS, flows_ahead
from analytics.decisions.value_curve import ValueCurve, horizon_value

UNDISCOUNTED = Assumptions(discount_rate=0.0)


def curve(months: int, leaving: float = 0.06, customers: float = 1e4) -> ValueCurve:
    """A customer brings 10 in the first month, and a constant part less in each later one."""
    ages = np.arange(months)
    return ValueCurve(customers * (1 - ages / (months + 1)), 10 * np.exp(-leaving * ages))


def total(leaving: float, months: int = 12) -> float:
    return float(10 * np.exp(-leaving * np.arange(months)).sum())


@pytest.mark.parametrize("leaving", [0.03, 0.06, 0.15])
def test_what_dies_down_evenly_is_carried_on(leaving):
    found = horizon_value(curve(8, leaving), UNDISCOUNTED)
    assert (found.months, found.foreseen) == (8, 4)
    assert found.value_per_customer == pytest.approx(total(leaving), rel=0.01)
    assert found.by_month.sum() == pytest.approx(found.value_per_customer)
    assert found.spread.mean() == pytest.approx(1.0)


def test_months_that_are_seen_stay_as_they_are():
    found = horizon_value(curve(24), UNDISCOUNTED)
    assert (found.months, found.foreseen) == (12, 0)
    assert found.value_per_customer == pytest.approx(total(0.06))
    assert np.array_equal(found.spread, np.ones(1))
    seen = horizon_value(curve(8), UNDISCOUNTED)
    assert seen.by_month[:8] == pytest.approx(curve(8).margin_per_customer)


def test_one_customers_part_grows_with_the_forecast():
    """Weights and expected parts are those of the months seen, times value / value seen: the spread over customers too."""
    found, seen = horizon_value(curve(8), UNDISCOUNTED), curve(8)
    more = found.value_per_customer / seen.margin_per_customer.sum()
    assert found.weights == pytest.approx((more / seen.customers).tolist())
    assert found.expected[-1] == pytest.approx(float((more / seen.customers) @ seen.margin_per_customer))


def test_the_less_is_seen_the_wider_the_forecast():
    noisy = np.random.default_rng(3).normal(1, 0.15, 12)

    def width(months: int) -> float:
        ages = np.arange(months)
        shown = ValueCurve(np.full(months, 50.0), 10 * np.exp(-0.06 * ages) * noisy[:months])
        drawn = horizon_value(shown, UNDISCOUNTED).spread
        return of_draws(1.0, drawn).high - of_draws(1.0, drawn).low

    assert width(3) > width(6) > width(9) > 0


def test_nothing_is_foreseen_to_grow():
    rising = np.linspace(5, 10, 6)
    ahead = flows_ahead(rising, np.full(6, 100.0), 6)
    assert ahead.shape == (DRAWS, 6)
    assert (np.diff(ahead, axis=1) < 0).all()
    assert ahead.max() < 10


@pytest.mark.parametrize(
    ("margins", "customers"),
    [([10.0, 9.0], 100), ([10.0, 9.0, 8.0], 29), ([10.0, 0.0, 0.0], 100), ([10.0, -3.0, -2.0], 100)],
)
def test_too_little_is_carried_nowhere(margins, customers):
    ahead = flows_ahead(np.array(margins), np.full(len(margins), float(customers)), 5)
    assert ahead.shape == (DRAWS, 0)
    found = horizon_value(
        ValueCurve(np.full(len(margins), float(customers)), np.array(margins)), UNDISCOUNTED
    )
    assert found.foreseen == 0
    assert found.value_per_customer == pytest.approx(sum(margins))


def test_forecasts_are_discounted_like_the_months_seen():
    found = horizon_value(curve(8), Assumptions(discount_rate=0.2))
    discount = 1.2 ** (-np.arange(12) / 12)
    assert found.by_month[8:] == pytest.approx(
        discount[8:] * horizon_value(curve(8), UNDISCOUNTED).by_month[8:]
    )
    assert found.value_per_customer == pytest.approx(float(found.by_month.sum()))


def test_eighty_percent_intervals_hold_the_truth():
    """Two hundred companies whose part that leaves is drawn from the prior: 70 to 90 % hold the year's value."""
    random, held = np.random.default_rng(11), []
    for leaving in 0.06 * np.exp(0.8 * random.standard_normal(200)):
        customers = np.linspace(200, 30, 7)
        means = 10 * np.exp(-leaving * np.arange(7))
        seen = random.normal(means, 12 / np.sqrt(customers))
        found = horizon_value(ValueCurve(customers, seen), UNDISCOUNTED)
        of_chance = np.sqrt(sum(np.square(found.weights) * customers * 144))
        drawn = found.value_per_customer * found.spread + of_chance * random.standard_normal(
            len(found.spread)
        )
        ends = of_draws(found.value_per_customer, drawn)
        held.append(ends.low <= total(leaving) <= ends.high)
    assert 0.7 <= np.mean(held) <= 0.9
