"""The customer equity test: published arithmetic (Blattberg, Deighton 1996; figures of the methods page)."""

import pytest

from analytics.decisions.equity import EquityTest, customer_equity_test


@pytest.fixture(scope="module")
def today() -> EquityTest:
    return customer_equity_test(
        acquisition_spend=1.0,
        acquisition_rate=0.04,
        acquisition_ceiling=0.10,
        retention_spend=8.0,
        retention_rate=0.60,
        retention_ceiling=0.80,
        margin=50.0,
        discount_rate=0.10,
    )


def test_the_curves_go_through_today_s_rates(today):
    assert today.acquisition_k == pytest.approx(0.510826, abs=5e-7)
    assert today.retention_k == pytest.approx(0.173287, abs=5e-7)
    assert today.acquisition_rate == pytest.approx(0.04)
    assert today.retention_rate == pytest.approx(0.60)


def test_today_s_value_and_equity(today):
    """50 now, and (50 × 0.6 − 8) / (1.1 − 0.6) = 44 later; 0.04 × 94 − 1 = 2.76."""
    assert today.customer_value == pytest.approx(94.00)
    assert today.equity == pytest.approx(2.76)


def test_customer_value_is_the_sum_over_the_years(today):
    years = sum((50 * 0.6 - 8) * 0.6**t / 1.1 ** (t + 1) for t in range(200))
    assert today.customer_value == pytest.approx(50 + years)


def test_the_published_optimum(today):
    best = today.optimum
    assert best.acquisition_spend == pytest.approx(3.4046, abs=5e-5)
    assert best.retention_spend == pytest.approx(15.7976, abs=5e-5)
    assert best.customer_value == pytest.approx(111.4386, abs=5e-5)
    assert best.equity == pytest.approx(5.7816, abs=5e-5)


def test_at_the_optimum_the_last_customer_costs_what_he_is_worth(today):
    best = today.optimum
    for spend, rate in (("acquisition_spend", "acquisition_rate"), ("retention_spend", "retention_rate")):
        spends = {
            "acquisition_spend": best.acquisition_spend,
            "retention_spend": best.retention_spend,
        }
        more = best.at(**(spends | {spend: spends[spend] + 1e-6}))
        assert 1e-6 / (getattr(more, rate) - getattr(best, rate)) == pytest.approx(
            best.customer_value, rel=1e-5
        )


@pytest.mark.parametrize(("factor", "loss"), [(0.75, 0.0609), (1.25, 0.0476)])
def test_what_retention_spend_that_is_off_by_a_quarter_costs(today, factor, loss):
    best = today.optimum
    off = best.at(best.acquisition_spend, factor * best.retention_spend)
    assert 1 - off.equity / best.equity == pytest.approx(loss, abs=5e-5)


def test_no_other_spends_are_better(today):
    best = today.optimum
    tried = [
        best.at(best.acquisition_spend + a, best.retention_spend + r)
        for a in (-0.1, 0, 0.1)
        for r in (-0.1, 0, 0.1)
    ]
    assert max(other.equity for other in tried) <= best.equity


def test_a_worthless_margin_buys_nobody():
    best = customer_equity_test(1.0, 0.04, 0.10, 8.0, 0.60, 0.80, margin=2.0, discount_rate=0.10).optimum
    assert (best.acquisition_spend, best.retention_spend, best.equity) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"acquisition_rate": 0.10}, "below its ceiling"),
        ({"retention_ceiling": 1.2}, "below its ceiling"),
        ({"retention_spend": 0.0}, "above 0"),
        ({"discount_rate": 0.0}, "above 0"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(changed, sentence):
    asked = {
        "acquisition_spend": 1.0, "acquisition_rate": 0.04, "acquisition_ceiling": 0.10, "retention_spend": 8.0,
        "retention_rate": 0.60, "retention_ceiling": 0.80, "margin": 50.0, "discount_rate": 0.10,
    }  # fmt: skip
    with pytest.raises(ValueError, match=sentence):
        customer_equity_test(**(asked | changed))
