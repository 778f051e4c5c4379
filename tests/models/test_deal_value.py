"""Which deals are outliers."""

import numpy as np
import pytest

from analytics.models.deal_value import outlier_bound


def test_an_outlier_is_three_interquartile_ranges_above_on_a_scale_of_multiples():
    assert outlier_bound(10.0, 20.0) == pytest.approx(160.0)  # three doublings above 20


def test_with_like_quartiles_it_is_four_times_the_upper_one():
    assert outlier_bound(10.0, 10.0) == pytest.approx(40.0)


def test_without_positive_quartiles_there_is_no_bound():
    assert np.isnan(outlier_bound(np.array([0.0, np.nan]), np.array([5.0, np.nan]))).all()


def test_the_unit_of_money_does_not_matter():
    assert outlier_bound(1000.0, 2500.0) == pytest.approx(100 * outlier_bound(10.0, 25.0))
