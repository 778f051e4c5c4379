"""Golden rows: one metric, a few numbers worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.decisions import economics

amounts = st.floats(min_value=-1e9, max_value=1e9)
costs = st.floats(min_value=0.01, max_value=1e9)


@pytest.mark.parametrize(
    ("margin", "cost", "expected"),
    [(40.0, 25.0, 0.60), (25.0, 25.0, 0.0), (0.0, 25.0, -1.0), (-25.0, 25.0, -2.0)],
)
def test_roi(margin, cost, expected):
    # (40 − 25) / 25 = 0.60: the published arithmetic of a referral reward (methods.md, referrals)
    assert economics.roi(margin, cost) == pytest.approx(expected)


def test_roas_cac_and_ltv_cac_ratio():
    assert economics.roas(300.0, 120.0) == pytest.approx(2.5)
    assert economics.cac(120.0, 2) == pytest.approx(60.0)
    assert economics.ltv_cac_ratio(180.0, 60.0) == pytest.approx(3.0)


@pytest.mark.parametrize("metric", [economics.roi, economics.roas, economics.cac, economics.ltv_cac_ratio])
def test_a_zero_divisor_is_not_known_rather_than_zero_or_infinite(metric):
    assert math.isnan(metric(10.0, 0.0))
    assert math.isnan(metric(0.0, 0))


@pytest.mark.parametrize("metric", [economics.roi, economics.roas, economics.cac, economics.ltv_cac_ratio])
def test_what_is_not_known_stays_so(metric):
    assert math.isnan(metric(math.nan, 10.0))
    assert math.isnan(metric(10.0, math.nan))


@pytest.mark.parametrize(
    ("accumulated", "cac", "month"),
    [
        ([10.0, 20.0, 30.0, 40.0], 30.0, 3),  # reached exactly counts
        ([10.0, 20.0, 30.0, 40.0], 30.01, 4),
        ([35.0, 40.0], 30.0, 1),  # the first order alone pays back
        ([10.0, 20.0], 30.0, None),  # not yet
        ([], 30.0, None),
        ([10.0, 20.0], math.nan, None),
    ],
)
def test_payback_is_the_first_whole_month_that_reaches_the_cac(accumulated, cac, month):
    assert economics.payback_months(accumulated, cac) == month


def test_twelve_monthly_discounts_make_the_yearly_one():
    assert economics.discount_factor(0.1) ** 12 == pytest.approx(1 / 1.1)
    assert economics.discount_factor(0.0) == 1.0


def test_margin_of_orders_without_their_own_is_estimated_or_not_known():
    assert economics.margin(
        given=100.0, amount_without=50.0, orders_without=2, margin_rate=0.4
    ) == pytest.approx(120.0)
    assert math.isnan(economics.margin(100.0, 50.0, 2, None))
    assert economics.margin(100.0, 0.0, 0, None) == 100.0


@given(amounts, st.floats(min_value=0.01, max_value=1e6), costs)
def test_roi_rises_with_margin(margin, more, cost):
    assert economics.roi(margin + more, cost) >= economics.roi(margin, cost)


@given(st.integers(-100_000, 100_000), st.integers(1, 100_000))
def test_money_in_another_unit_leaves_roi_as_it_is(margin, cost):
    assert economics.roi(10.0 * margin, 10.0 * cost) == pytest.approx(economics.roi(margin, cost))
