"""Residual and total value, customer equity and the holdout: worked out by hand, and by their laws."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.decisions import deals
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.customer_equity import equity
from analytics.decisions.customer_value import customer_value
from analytics.decisions.histories import DAYS_PER_MONTH, Histories
from analytics.decisions.holdout import holdout
from analytics.decisions.interval import Interval
from analytics.decisions.lifetime_fit import DRAWS, Horizon, LifetimeFit, fit, residual_draws
from analytics.decisions.new_customers import NewCustomers, new_customers
from analytics.decisions.value_json import value_json
from analytics.decisions.window import Window
from analytics.models.lifetime import BetaGeoNBD, GammaGamma
from analytics.models.order_value import Independence
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace
from tests.decisions.company_of_repeaters import DAYS, FIRST_DAY, orders, referrals
from tests.warehouse.staged_files import load, reorder, sale, spend

MODEL = BetaGeoNBD.of(0.5, 20.0, 0.8, 2.5)
ORDER_VALUE = GammaGamma.of(6.0, 4.0, 15.0)
CERTAIN = LifetimeFit(MODEL, MODEL, ORDER_VALUE, Independence(0.0, -0.1, 0.1, 99), None)


def by_hand(*rows: tuple) -> Histories:
    """rows: source, T, frequency, recency, first value, repeat value; groups 0 new, 1 referral, 2 existing."""
    sources = ("new", "referral", "existing")
    source, T, x, tx, first, repeat = zip(*rows, strict=True)
    return Histories(
        last_day=date(2026, 6, 30),
        measure="margin",
        revenue_without_margin=0.0,
        stated_margin_rate=0.4,
        groups=pd.DataFrame({"source": sources, "channel": None, "segment": None, "region": None}),
        group=np.array([sources.index(name) for name in source]),
        T_days=np.array(T),
        frequency=np.array(x),
        recency_days=np.array(tx),
        frequency_before=np.array(x),
        recency_days_before=np.array(tx),
        repeat_days=np.array(x) + np.array([name == "existing" for name in source]),
        first_value=np.array(first, float),
        repeat_value=np.array(repeat, float),
    )


SIX = by_hand(
    ("new", 400, 0, 0, 20, 0),
    ("new", 300, 3, 250, 30, 90),
    ("new", 60, 1, 30, 25, 20),
    ("referral", 30, 2, 20, 40, 70),
    ("referral", 10, 0, 0, 35, 0),
    ("existing", 400, 5, 390, 0, 240),
)


def test_the_horizon_discounts_each_month_by_those_before_it():
    horizon = Horizon.of(3, 0.21)
    assert horizon.ends_days == pytest.approx([30.4375, 60.875, 91.3125])
    assert horizon.factors == pytest.approx([1.0, 1.21 ** (-1 / 12), 1.21 ** (-2 / 12)])


def test_residual_value_of_one_customer_by_hand():
    # Orders of each month, by the difference of two published expectations, times the value of an order.
    horizon = Horizon.of(2, 0.1)
    x, tx, T = np.array([3]), np.array([250]), np.array([300])
    until = [MODEL.conditional_expected_purchases(DAYS_PER_MONTH * n, x, tx, T)[0] for n in (1, 2)]
    purchases = until[0] + (until[1] - until[0]) * 1.1 ** (-1 / 12)
    value = 6.0 * (15.0 + 3 * 30.0) / (6.0 * 3 + 4.0 - 1)
    assert CERTAIN.purchases(SIX, horizon)[1] == pytest.approx(purchases)
    assert CERTAIN.order_values(SIX)[1] == pytest.approx(value)


def test_a_customer_without_repeat_orders_has_the_mean_of_all():
    assert CERTAIN.order_values(SIX)[0] == pytest.approx(6.0 * 15.0 / (4.0 - 1))


def test_all_orders_of_a_customer_from_before_the_data_tell_of_its_order_value():
    assert CERTAIN.order_values(SIX)[5] == pytest.approx(6.0 * (15.0 + 240.0) / (6.0 * 6 + 4.0 - 1))


def test_draws_of_the_residual_value_lie_around_it():
    models = [BetaGeoNBD.of(0.5, 20.0, 0.8, 2.5), GammaGamma.of(6.0, 4.0, 15.0)]
    models[0].covariance_, models[1].covariance_ = 0.01 * np.eye(4), 0.001 * np.eye(3)
    found = LifetimeFit(models[0], models[0], models[1], CERTAIN.independence, None)
    horizon = Horizon.of(12, 0.1)
    values = found.order_values(SIX)
    residual = found.purchases(SIX, horizon) * values
    draws = residual_draws(found, SIX, horizon, residual, values)
    assert draws.shape == (DRAWS,)
    assert np.median(draws) == pytest.approx(residual.sum(), rel=0.05)
    assert 0.02 < draws.std() / residual.sum() < 0.5


@pytest.fixture
def newcomers(monkeypatch) -> NewCustomers:
    monkeypatch.setattr(BetaGeoNBD, "draws", lambda self, count, seed: [self] * count)
    return new_customers(SIX, CERTAIN, Horizon.of(2, 0.1), SIX.group, 3)


def test_a_new_customer_is_worth_the_first_order_and_what_follows(newcomers):
    # Five were won; their first orders bring 150, their repeat orders 180 where E were expected at their ages.
    expected = sum(float(MODEL.expected_purchases(t)) for t in (400, 300, 60, 30, 10))
    one, two = (float(MODEL.expected_purchases(DAYS_PER_MONTH * n)) for n in (1, 2))
    everyone = newcomers.value()
    assert (everyone.customers, everyone.first_order) == (5, 30.0)
    assert everyone.by_month == pytest.approx(
        [30 + 180 / expected * one, 30 + 180 / expected * (one + (two - one) * 1.1 ** (-1 / 12))]
    )
    assert everyone.total.value == pytest.approx(everyone.by_month[-1])


def test_the_spread_over_customers_is_that_of_the_ratio(newcomers):
    """Σ u² by hand: u is what the total would change by if a customer counted once more."""
    ages, first = np.array([400, 300, 60, 30, 10]), np.array([20.0, 30, 25, 40, 35])
    repeat, e = np.array([0.0, 90, 20, 70, 0]), MODEL.expected_purchases(ages)
    horizon = newcomers.purchases[-1]
    rate = repeat.sum() / e.sum()
    u = (first - first.mean()) / 5 + horizon / e.sum() * (repeat - rate * e)
    assert newcomers.value().draws.std() == pytest.approx(math.sqrt(u @ u), rel=0.1)


def test_small_groups_are_not_shown_on_their_own(newcomers):
    referred = newcomers.value(np.array([False, True, False]))
    assert not referred.is_enough
    assert not referred.against(newcomers.value()).known


def test_customer_equity_by_hand(newcomers):
    # Two of the five came less than 90 days ago and one exactly 60: three in 90 days. Those won next month count
    # over two months, those won the month after over one.
    residual = Interval(1000.0, 900.0, 1100.0)
    found = equity(SIX, Horizon.of(2, 0.1), residual, np.full(DRAWS, 1000.0), newcomers.value())
    pace = 3 / 90 * DAYS_PER_MONTH
    by_month = newcomers.value().by_month
    assert found.pace_per_month == pytest.approx(pace)
    assert found.future.value == pytest.approx(pace * (by_month[1] + by_month[0] * 1.1 ** (-1 / 12)))
    assert found.total.value == pytest.approx(1000 + found.future.value)


def test_too_few_repeaters_give_no_fit():
    assert fit(SIX) is None
    assert math.isnan(holdout(SIX).expected)


# The whole of it, through the real warehouse


@pytest.fixture(scope="module")
def open_company(tmp_path_factory):
    """Makes a workspace of some uploads (kind, rows)."""
    opened = []

    def company(*uploads) -> Workspace:
        workspace = Workspace.open(tmp_path_factory.mktemp("company"))
        opened.append(workspace)
        for kind, rows in uploads:
            load(workspace, kind, rows)
        return workspace

    yield company
    for workspace in opened:
        workspace.close()


@pytest.fixture(scope="module")
def company(open_company):
    months = [
        f"{year}-{month:02}-01"
        for year, month in [(2025, m) for m in range(1, 13)] + [(2026, m) for m in range(1, 7)]
    ]
    costs = [
        spend(month, channel, 100, "acquisition") for month in months for channel in ("search", "display")
    ]
    return open_company(("sales", orders()), ("spend", costs), ("referrals", referrals()))


@pytest.fixture(scope="module")
def found(company):
    return customer_value(company)


def test_the_sentence_names_measure_horizon_and_first_order(found):
    assert found.sentence.startswith("A new customer is worth ")
    assert "of margin over a year (total), of which" in found.sentence
    assert found.in_margin


def test_the_parameters_behind_the_company_are_found(found):
    for name, truth in {"r": 0.9, "alpha": 30.0, "a": 0.8, "b": 3.0}.items():
        error = found.fit.won.standard_errors_[name]
        assert (
            abs(getattr(found.fit.won, f"{name}_") - truth) < 3.5 * error
        )  # days are rounded, a few coincide


def test_residual_value_is_part_of_total_value(found):
    assert 0 < found.residual.value <= found.total.value
    assert found.total.value == pytest.approx(found.residual.value + found.bought)
    assert found.residual.low < found.residual.value < found.residual.high
    assert found.bought == pytest.approx(0.4 * sum(row["amount"] for row in orders()), abs=1.0)
    assert found.new_customer.first_order <= found.new_customer.total.value


def test_groups_add_up_to_all_customers(found):
    for _by, rows in found.groups.groupby("by"):
        assert rows["customers"].sum() == found.customers == 301
        assert (rows["customers"] * rows["residual"]).sum() == pytest.approx(found.residual.value)
        assert (rows["residual"] <= rows["total"] + 1e-9).all()


def test_a_longer_horizon_never_lowers_value(company):
    values = []
    for months in (1, 6, 12, 36):
        valued = customer_value(company, assumptions=Assumptions(horizon_months=months))
        values.append((valued.residual.value, valued.new_customer.total.value, valued.equity.total.value))
    assert values == sorted(values)
    assert all(np.all(np.diff(column) > 0) for column in zip(*values, strict=True))


def test_a_higher_discount_rate_lowers_value(company, found):
    dear = customer_value(company, assumptions=Assumptions(discount_rate=0.5))
    assert dear.residual.value < found.residual.value
    assert dear.bought == found.bought


def test_ten_times_the_money_is_ten_times_the_value(open_company, found):
    tenfold = customer_value(open_company(("sales", orders(times=10.0)), ("referrals", referrals())))
    assert tenfold.residual.value == pytest.approx(10 * found.residual.value, rel=2e-3)  # amounts are cents
    assert tenfold.new_customer.total.value == pytest.approx(10 * found.new_customer.total.value, rel=2e-3)
    assert tenfold.fit.won.log_likelihood_ == pytest.approx(found.fit.won.log_likelihood_)


def test_the_order_of_rows_changes_nothing(open_company, found):
    shuffled = customer_value(open_company(("sales", orders()[::-1]), ("referrals", referrals())))
    assert shuffled.residual.value == pytest.approx(found.residual.value, rel=1e-9)
    assert shuffled.new_customer.total.value == pytest.approx(found.new_customer.total.value, rel=1e-9)


def test_referred_customers_who_spend_more_are_seen_to(open_company):
    better = customer_value(open_company(("sales", orders(referred_times=2.0)), ("referrals", referrals())))
    assert better.referred.low > 0.3
    assert "; referred ones are worth " in better.sentence
    assert better.sentence.endswith(" more.")


def test_referred_customers_who_are_like_the_others_are_not_praised(found):
    assert abs(found.referred.value) < 0.4


def test_value_against_cac(company, found):
    assert set(found.channels["channel"]) == {"search", "display"}
    search = found.channels.set_index("channel").loc["search"]
    assert search.ltv_cac_ratio == pytest.approx(search.value / search.cac)
    won = 75  # every second of the 300, less the half of them who were referred
    assert search.cac == pytest.approx(1800 / won)


def test_the_forecast_of_the_holdout_is_near_what_came(found):
    assert found.holdout.expected == pytest.approx(found.holdout.actual, rel=0.25)
    assert found.holdout.by_frequency["actual"].sum() == found.holdout.actual
    assert found.holdout.by_frequency["expected"].sum() == pytest.approx(found.holdout.expected)


def test_filters_look_at_some_customers_only(company):
    home = customer_value(company, Filters(segments=("home",)))
    office = customer_value(company, Filters(segments=("office",)))
    assert home.customers + office.customers == 301
    assert not len(home.channels)  # spend is not recorded by segment


def test_without_margin_values_are_in_revenue_and_called_so(open_company, found):
    rows = [{name: value for name, value in row.items() if name != "margin"} for row in orders()]
    workspace = open_company(("sales", rows))
    plain = customer_value(workspace)
    assert not plain.in_margin
    assert "of revenue over a year" in plain.sentence
    assert "margin" not in plain.sentence
    assert not len(plain.channels)
    assert not len(plain.payback.curves)
    assert "no margin" in plain.missing[0].what
    rated = customer_value(workspace, assumptions=Assumptions(margin_rate=0.4))
    assert rated.in_margin
    assert rated.residual.value == pytest.approx(found.residual.value, rel=1e-3)


def test_with_too_little_data_it_says_so(open_company):
    found = customer_value(open_company(("sales", [sale("o1", "ann", "2026-01-05", 10, "search", margin=4)])))
    assert found.fit is None
    assert found.deals.median == 10
    assert "Only 0 customers have ordered on more than one day" in found.sentence
    assert found.missing[0].kind == "reorders"
    answer = value_json(found)
    assert answer["bg_nbd"] is answer["gamma_gamma"] is answer["residual_value"] is answer["holdout"] is None
    assert answer["customers"] == 1


def test_customers_from_before_the_data_are_fitted_apart_and_said(open_company):
    older = [
        reorder(
            f"r{row['order_id']}",
            f"x{row['customer_id']}",
            row["order_date"],
            row["amount"],
            margin=row["margin"],
        )
        for row in orders(customers=120, seed=9)
    ]
    found = customer_value(open_company(("sales", orders()), ("reorders", older)))
    assert found.existing_customers == 121
    assert not found.fit.is_pooled
    assert any("121 customers are from before the data" in note for note in found.notes)
    assert found.new_customer.customers == 301
    only_older = customer_value(open_company(("reorders", older)))
    assert only_older.new_customer is None
    assert only_older.sentence.startswith("Today's 121 customers are expected to bring ")


def test_the_json_has_the_names_that_scripts_rely_on(found):
    answer = value_json(found)
    assert set(answer["bg_nbd"]) == {"r", "alpha", "a", "b", "log_likelihood"}
    assert set(answer["gamma_gamma"]) == {"p", "q", "v"}
    assert set(answer["holdout"]) == {"expected", "actual"}
    assert answer["customers"] == 301
    assert answer["residual_value"] == round(found.residual.value, 2)
    assert answer["residual_value_interval"]["low"] <= answer["residual_value"]


def test_dependent_values_fall_back_to_the_customer_s_own_mean(open_company):
    counts = pd.Series([row["customer_id"] for row in orders()]).value_counts()
    rows = []
    for row in orders():
        factor = math.sqrt(counts[row["customer_id"]])
        rows.append(
            row | {"amount": round(row["amount"] * factor, 2), "margin": round(row["margin"] * factor, 4)}
        )
    found = customer_value(open_company(("sales", rows)))
    assert not found.fit.independence.holds
    assert found.fit.own_mean is not None
    assert any("own mean is used instead" in note for note in found.notes)
    assert found.residual.low < found.residual.value < found.residual.high


def test_of_very_many_orders_deals_are_told_from_classes_of_amounts(company, monkeypatch):
    window = Window(FIRST_DAY, FIRST_DAY + timedelta(days=DAYS))
    exact = deals.deals(company, Filters(), window)
    monkeypatch.setattr(deals, "MOST_EXACT", 0)
    found = deals.deals(company, Filters(), window)
    names, sums = ["by", "name"], ["orders", "revenue", "mean"]
    assert found.lines[names].equals(exact.lines[names])
    assert found.lines[sums].to_numpy() == pytest.approx(exact.lines[sums].to_numpy(), rel=1e-12)
    quantiles = list(deals.QUANTILES)
    assert found.lines[quantiles].to_numpy() == pytest.approx(exact.lines[quantiles].to_numpy(), rel=0.005)
