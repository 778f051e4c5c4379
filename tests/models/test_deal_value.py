"""Which deals are outliers."""

import numpy as np
import pytest

from analytics.models.deal_value import outlier_bound, quantiles_of_classes


def test_an_outlier_is_three_interquartile_ranges_above_on_a_scale_of_multiples():
    assert outlier_bound(10.0, 20.0) == pytest.approx(160.0)  # three doublings above 20


def test_with_like_quartiles_it_is_four_times_the_upper_one():
    assert outlier_bound(10.0, 10.0) == pytest.approx(40.0)


def test_without_positive_quartiles_there_is_no_bound():
    assert np.isnan(outlier_bound(np.array([0.0, np.nan]), np.array([5.0, np.nan]))).all()


def test_the_unit_of_money_does_not_matter():
    assert outlier_bound(1000.0, 2500.0) == pytest.approx(100 * outlier_bound(10.0, 25.0))


AT = (0.05, 0.25, 0.5, 0.75, 0.95)


def test_quantiles_of_classes_of_one_amount_are_those_of_the_amounts():
    amounts, counts = np.array([5.0, 8.0, 20.0]), np.array([10, 31, 60])
    found = quantiles_of_classes(counts, amounts, amounts, AT)
    assert found == pytest.approx(np.quantile(np.repeat(amounts, counts), AT))


def test_quantiles_of_classes_are_off_by_less_than_a_class():
    amounts = np.sort(np.random.default_rng(1).lognormal(4, 0.8, 20_000))
    starts = np.flatnonzero(np.diff(np.floor(200 * np.log(amounts)), prepend=-1e9))
    counts = np.diff(np.append(starts, len(amounts)))
    found = quantiles_of_classes(counts, amounts[starts], amounts[starts + counts - 1], AT)
    assert found == pytest.approx(np.quantile(amounts, AT), rel=0.005)


def test_without_amounts_there_are_no_quantiles():
    nothing = np.zeros(0)
    assert np.isnan(quantiles_of_classes(nothing, nothing, nothing, AT)).all()
