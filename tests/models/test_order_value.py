"""Independence of order value and frequency, and the mean that stands in where it does not hold."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.models.order_value import ShrunkenMean, independence

GOLDEN = Path(__file__).parents[1] / "golden"


def test_cdnow_passes_as_it_did_when_the_model_was_published():
    customers = pd.read_csv(GOLDEN / "cdnow_summary.csv")
    tested = independence(customers["frequency"], customers["monetary_value"])
    assert tested.customers == 946
    assert tested.holds


@pytest.mark.parametrize("exponent", [0.5, -0.5])
def test_a_planted_dependence_is_found(exponent):
    random = np.random.default_rng(1)
    x = random.integers(1, 20, 500)
    tested = independence(x, 30 * x**exponent * random.lognormal(0, 0.3, 500))
    assert not tested.holds
    assert math.copysign(1, tested.correlation) == math.copysign(1, exponent)
    assert tested.low < tested.correlation < tested.high


def test_values_drawn_apart_from_frequency_pass():
    random = np.random.default_rng(2)
    assert independence(random.integers(1, 20, 500), random.lognormal(3, 0.5, 500)).holds


def test_too_few_customers_leave_it_open():
    tested = independence(np.array([1, 2, 0]), np.array([10.0, 20, 0]))
    assert math.isnan(tested.correlation)
    assert tested.holds


def test_the_shrunken_mean_by_hand():
    # One repeat order: 10 and 30, mean 20; three: 40. The line over ln(1 + x) runs through both.
    mean = ShrunkenMean(k=1.0).fit(np.array([1, 1, 3]), np.array([10.0, 30, 40]))
    slope = (40 - 20) / (math.log(4) - math.log(2))
    nobody_knows = 20 - slope * math.log(2)
    found = mean.expected_value(np.array([0, 1, 1, 3]), np.array([0.0, 10, 30, 40]))
    assert found == pytest.approx([max(nobody_knows, 0.0), 15, 25, 40])  # one order weighs 1 / (1 + 1)


def test_one_customer_is_no_evidence():
    with pytest.raises(ValueError, match="Too few"):
        ShrunkenMean(1.0).fit(np.array([0, 2]), np.array([0.0, 5]))
