"""Laws of the lenses, whatever the numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.decisions import interval, lenses
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.interval import PairSums
from analytics.decisions.lenses import CustomerSums, Evidence
from analytics.decisions.verdict import verdict

MIXED = CustomerSums(
    second=np.array([[900.0, 100, 50, 0], [100, 400, 200, 0], [50, 200, 1600, 20], [0, 0, 20, 25]]),
    third=np.array([9_000.0, 4_000, 30_000, 50]),
    kept_kept_incentive=300.0,
    kept_incentive_incentive=60.0,
)
NOTHING = CustomerSums(np.zeros((4, 4)), np.zeros(4), 0.0, 0.0)


def evidence(**changes) -> Evidence:
    """Acquisition: 120 spent, 4 customers won, 60 of margin, 30 to follow each. Retention: 43 spent, 216."""
    usual = Evidence(
        acquisition_spend=120.0,
        customers_won=4,
        won_margin=60.0,
        value_per_customer=30.0,
        programme_spend=30.0,
        incentive_cost=13.0,
        kept_margin=216.0,
        sums=MIXED,
    )
    return replace(usual, **changes)


money = st.floats(min_value=1.0, max_value=1e7)
companies = st.builds(
    evidence,
    acquisition_spend=money,
    customers_won=st.integers(0, 1_000),
    won_margin=money,
    value_per_customer=st.floats(min_value=0.0, max_value=1e4),
    programme_spend=money,
    incentive_cost=st.floats(min_value=0.0, max_value=1e6),
    kept_margin=money,
    sums=st.just(NOTHING),
)
shares = st.floats(min_value=0.0, max_value=1.0)


def fixed(share: float) -> Assumptions:
    return Assumptions(baseline_share=share, baseline_share_range=0.0)


def test_worked_by_hand():
    found = lenses.incremental(evidence(sums=NOTHING), fixed(0.5))
    assert found.acquisition.margin.value == pytest.approx(60 + 0.5 * 4 * 30)  # 120
    assert found.acquisition.roi.value == pytest.approx(0.0)
    assert found.retention.margin.value == pytest.approx(0.5 * 216)  # 108
    assert found.retention.roi.value == pytest.approx(108 / 43 - 1)
    # (1 − b) × 216/43 = 60/120 + b × 120/120
    assert found.break_even.value == pytest.approx((216 / 43 - 0.5) / (216 / 43 + 1.0))
    assert found.probability_retention_better == 1.0


@given(companies)
def test_at_the_break_even_share_both_returns_are_equal(company):
    share = lenses.break_even_baseline_share(company)
    acquisition = lenses.acquisition_margin(company, share) / company.acquisition_spend
    retention = lenses.retention_margin(company, share) / company.retention_spend
    largest = lenses.acquisition_margin(company, abs(share)) / company.acquisition_spend
    assert abs(acquisition - retention) <= 1e-9 * max(1.0, largest)


@given(companies, shares)
def test_retention_is_ahead_below_the_break_even_share_only(company, share):
    found = lenses.incremental(company, fixed(share))
    gap = lenses.break_even_baseline_share(company) - share
    if abs(gap) > 1e-9:
        assert (found.retention.roi.value > found.acquisition.roi.value) == (gap > 0)
        assert found.probability_retention_better == (1.0 if gap > 0 else 0.0)


@given(companies)
def test_when_all_would_have_come_anyway_retention_caused_nothing(company):
    found = lenses.incremental(company, fixed(1.0))
    assert found.retention.margin.value == 0.0
    assert found.retention.roi.value == -1.0


@given(companies)
def test_when_nobody_would_have_come_anyway_acquisition_owns_first_orders_alone(company):
    found = lenses.incremental(company, fixed(0.0))
    assert found.acquisition.margin.value == pytest.approx(company.won_margin)
    assert found.retention.margin.value == pytest.approx(lenses.booked_retention(company).margin.value)


@given(companies, shares, st.floats(min_value=1.0, max_value=1e6))
def test_more_margin_raises_the_return_of_its_own_side_only(company, share, more):
    before = lenses.incremental(company, fixed(share))
    kept = lenses.incremental(replace(company, kept_margin=company.kept_margin + more), fixed(share))
    won = lenses.incremental(replace(company, won_margin=company.won_margin + more), fixed(share))
    assert kept.retention.roi.value >= before.retention.roi.value
    assert kept.acquisition.roi.value == before.acquisition.roi.value
    assert won.acquisition.roi.value > before.acquisition.roi.value
    assert won.retention.roi.value == before.retention.roi.value


def test_money_in_another_unit_leaves_every_return_as_it_is():
    tens = evidence(
        acquisition_spend=1_200.0, won_margin=600.0, value_per_customer=300.0, programme_spend=300.0,
        incentive_cost=130.0, kept_margin=2_160.0,
        sums=CustomerSums(100 * MIXED.second, 1_000 * MIXED.third, 300_000.0, 60_000.0),
    )  # fmt: skip
    one, ten = (lenses.incremental(company, Assumptions()) for company in (evidence(), tens))
    for side in ("acquisition", "retention"):
        for end in ("value", "low", "high"):
            there, here = getattr(getattr(one, side).roi, end), getattr(getattr(ten, side).roi, end)
            assert there == pytest.approx(here, rel=1e-9)
    assert one.probability_retention_better == ten.probability_retention_better
    assert one.break_even.low == pytest.approx(ten.break_even.low, rel=1e-9)


def test_the_booked_return_of_retention_is_a_ratio_of_what_customers_brought_and_were_paid():
    """Margin and incentives of the same customers, from the moments; the programmes' spend is not drawn."""
    sums = PairSums(216.0, 13.0, 1600.0, 20.0, 25.0, 30_000.0, 300.0, 60.0, 50.0)
    expected = interval.of_ratio(sums, 30.0)
    found = lenses.booked_retention(evidence())
    assert found.roi == expected.plus(-1)
    assert found.margin == interval.of_total(216.0, 1600.0, 30_000.0)


def test_the_range_of_the_share_widens_the_interval():
    narrow = lenses.incremental(evidence(), fixed(0.6)).retention.roi
    wide = lenses.incremental(
        evidence(), Assumptions(baseline_share=0.6, baseline_share_range=0.2)
    ).retention.roi
    assert wide.high - wide.low > narrow.high - narrow.low > 0
    assert wide.value == narrow.value


def test_with_nothing_but_the_share_uncertain_the_interval_is_its_middle():
    """80 % of a share that lies evenly between 0.4 and 0.8 is 0.44 to 0.76."""
    found = lenses.incremental(
        evidence(sums=NOTHING), Assumptions(baseline_share=0.6, baseline_share_range=0.2)
    )
    assert found.retention.margin.low == pytest.approx(0.24 * 216, rel=1e-3)
    assert found.retention.margin.high == pytest.approx(0.56 * 216, rel=1e-3)


def test_the_range_of_the_share_ends_at_nothing_and_all():
    assert Assumptions(baseline_share=0.9, baseline_share_range=0.3).baseline.high == 1.0
    assert Assumptions(baseline_share=0.1, baseline_share_range=0.3).baseline.low == 0.0


@pytest.mark.parametrize("name", ["acquisition_spend", "programme_spend", "won_margin", "kept_margin"])
def test_what_is_not_known_leaves_the_comparison_open(name):
    found = lenses.incremental(evidence(**{name: math.nan}), Assumptions())
    assert math.isnan(found.probability_retention_better)
    assert not found.break_even.known
    assert verdict(found.probability_retention_better) is None


def test_a_side_without_spend_has_no_return_and_the_other_keeps_its_own():
    found = lenses.incremental(evidence(acquisition_spend=0.0), Assumptions())
    assert not found.acquisition.roi.known
    assert found.retention.roi.known
    assert math.isnan(found.probability_retention_better)


def test_no_break_even_where_a_larger_share_does_not_weaken_retention():
    assert math.isnan(lenses.break_even_baseline_share(evidence(kept_margin=-500.0)))


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (1.0, "retention"),
        (0.9, "retention"),
        (0.89, "too close to call"),
        (0.5, "too close to call"),
        (0.11, "too close to call"),
        (0.1, "acquisition"),
        (0.0, "acquisition"),
        (math.nan, None),
    ],
)
def test_verdict(probability, expected):
    assert verdict(probability) == expected


def test_assumptions_outside_their_bounds_are_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"The baseline share is 1.2: it has to be between 0 and 1\."):
        Assumptions(baseline_share=1.2)
    with pytest.raises(ValueError, match="horizon"):
        Assumptions(horizon_months=0)
