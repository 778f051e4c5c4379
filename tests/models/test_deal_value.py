"""Quantiles of deal values from distinct amounts, and which deals are outliers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.models.deal_value import deal_value, quantiles


def test_quantiles_of_six_orders():
    # 10 10 20 30 30 100: the median lies between 20 and 30, the upper quartile is the fourth to fifth value.
    found = deal_value(np.array([100.0, 10, 30, 20]), np.array([1, 2, 2, 1]))
    assert (found.orders, found.revenue, found.median) == (6, 200.0, 25.0)
    assert (found.p25, found.p75) == (12.5, 30.0)
    assert found.mean == pytest.approx(200 / 6)


def test_an_outlier_is_far_above_the_quartiles_on_a_scale_of_multiples():
    # Quartiles 10 and 20: three doublings above 20 are 160; for equal quartiles it is four times the upper one.
    assert deal_value(np.array([10.0, 20]), np.array([50, 50])).outlier_bound == pytest.approx(160)
    assert deal_value(np.array([10.0]), np.array([9])).outlier_bound == pytest.approx(40)


def test_without_orders_nothing_is_known():
    assert np.isnan(quantiles(np.array([]), np.array([]), np.array([0.5]))).all()
    assert math.isnan(deal_value(np.array([]), np.array([])).mean)


@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(1, 5)), min_size=1, max_size=20),
    st.floats(0, 1),
)
def test_counts_mean_the_same_as_writing_the_orders_out(cells, share):
    values, counts = np.array(cells, float).T
    written_out = np.repeat(values, counts.astype(int))
    found = quantiles(values, counts, np.array([share]))[0]
    assert found == pytest.approx(np.quantile(written_out, share))
