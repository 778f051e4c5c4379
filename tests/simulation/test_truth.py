"""Simulated companies: their exports keep the contract, and their truth is right."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analytics.intake.contract import KINDS as EXPORT_KINDS
from tests.simulation.companies import EXPORTS, company
from tests.simulation.expectation import expectation
from tests.simulation.kinds import KINDS
from tests.simulation.lives import live
from tests.simulation.truth import EVEN, truth_of

each_kind = pytest.mark.parametrize("kind", KINDS)
made = cache(company)


# The exports


@each_kind
@pytest.mark.parametrize("export", EXPORTS)
def test_exports_have_the_columns_of_the_contract(kind, export):
    frame, contract = getattr(made(kind, 0), export), EXPORT_KINDS[export]
    assert set(frame.columns) <= {column.name for column in contract.columns}
    assert frame[list(contract.required)].notna().all(axis=None)


@each_kind
def test_orders_are_numbered_once_and_follow_the_first_one(kind):
    orders = pd.concat([made(kind, 0).sales, made(kind, 0).reorders])
    assert orders["order_id"].is_unique
    assert (orders["amount"] > 0).all()
    assert made(kind, 0).sales["customer_id"].is_unique
    first = made(kind, 0).sales.set_index("customer_id")["order_date"]
    later = made(kind, 0).reorders
    assert (later["order_date"] >= later["customer_id"].map(first).fillna("")).all()


@each_kind
def test_companies_are_as_large_as_they_are_meant_to_be(kind):
    customers = pd.concat([made(kind, 0).sales, made(kind, 0).reorders])["customer_id"].nunique()
    low, high = (150, 300) if kind == "tiny" else (3000, 6000)
    assert low <= customers <= high


@each_kind
def test_a_referral_lies_between_the_referrers_and_the_friends_first_order(kind):
    referrals = made(kind, 0).referrals.dropna(subset="referred_id")
    first = made(kind, 0).sales.set_index("customer_id")["order_date"]
    assert (referrals["referred_at"] <= referrals["referred_id"].map(first)).all()
    assert (referrals["referred_at"] >= referrals["referrer_id"].map(first).fillna("")).all()
    assert referrals["referred_id"].is_unique


@each_kind
def test_incentives_and_rewards_are_contained_in_the_programmes_spend(kind):
    found = made(kind, 0)
    incentives = found.reorders.dropna(subset="trigger")
    paid = pd.concat(
        [
            pd.DataFrame({"month": incentives["order_date"].str[:7], "channel": incentives["trigger"],
                          "cost": incentives["incentive_cost"]}),
            pd.DataFrame({"month": found.referrals["referred_at"].str[:7], "channel": found.referrals["channel"],
                          "cost": found.referrals["reward_cost"]}),
        ]
    ).groupby(["month", "channel"])["cost"].sum()  # fmt: skip
    spend = found.spend.set_index(["month", "channel"])["amount"]
    paid = paid[paid > 0]
    assert len(paid) > 0
    assert (paid <= spend.reindex(paid.index)).all()


def test_an_arm_is_for_good_and_the_holdout_gets_no_offer():
    touches = made("retention", 0).touchpoints.dropna(subset="arm")
    assert touches.groupby("customer_id")["arm"].nunique().max() == 1
    arm = touches.groupby("customer_id")["arm"].first()
    assert (arm == "holdout").mean() == pytest.approx(0.15, abs=0.02)
    offered = made("retention", 0).reorders.dropna(subset="trigger")["customer_id"]
    assert set(arm.reindex(offered)) == {"treated"}


def test_a_loyalty_touch_follows_an_order_of_the_three_months_before():
    touches = made("retention", 0).touchpoints.query("channel == 'loyalty_points'")
    orders = pd.concat([made("retention", 0).sales, made("retention", 0).reorders])
    months = pd.DataFrame({"customer_id": orders["customer_id"], "month": _month(orders["order_date"])})
    both = touches.assign(month=_month(touches["touched_at"])).merge(months, on="customer_id")
    ago = (both["month_x"] - both["month_y"])[both["month_x"] > both["month_y"]]
    nearest = ago.groupby([both["customer_id"], both["month_x"]]).min()
    assert len(nearest) == len(touches)
    assert nearest.between(1, 3).all()


def _month(days: pd.Series) -> pd.Series:
    return 12 * days.str[:4].astype(int) + days.str[5:7].astype(int)


def test_the_confounded_company_keeps_no_arms_and_touches_its_keen_customers():
    found = made("confounded", 0)
    assert "arm" not in found.touchpoints
    touched = set(found.touchpoints.query("channel == 'vip_mail'")["customer_id"])
    orders = found.reorders["customer_id"].value_counts()
    assert orders[orders.index.isin(touched)].mean() > 2 * orders[~orders.index.isin(touched)].mean()


def test_a_seed_is_one_company():
    again, other = company("tiny", 0), company("tiny", 1)
    for export in EXPORTS:
        pd.testing.assert_frame_equal(getattr(made("tiny", 0), export), getattr(again, export))
    assert len(other.reorders) != len(again.reorders)


def test_every_spend_varies_so_that_its_effect_can_be_learnt():
    for kind in KINDS.values():
        for amounts in kind.spend.values():
            assert amounts.max() > 1.25 * amounts[amounts > 0].mean()
            assert amounts.min() < 0.25 * amounts.mean()


# The truth


def test_the_kinds_are_what_they_are_called():
    better = {kind: truth_of(kind).better for kind in KINDS}
    assert better == {
        "retention": "retention",
        "acquisition": "acquisition",
        "even": "even",
        "confounded": "acquisition",
        "tiny": "retention",
    }
    assert abs(truth_of("even").retention_roi - truth_of("even").acquisition_roi) <= EVEN


@pytest.mark.parametrize("kind", ["retention", "confounded"])
def test_the_closed_form_is_the_mean_of_many_lives(kind):
    """Twenty companies at once, each order and customer known to be caused or not."""
    lived, truth = _lived_margins(kind, scale=20), truth_of(kind)
    expected = truth.expected
    flow = truth.flow(truth.kind.spend, expected.start())
    no_lifts = replace(flow, lifts=0 * flow.lifts)
    both, alone, neither = (
        expected.window_margin(one) for one in (flow, no_lifts, replace(no_lifts, caused=0 * flow.caused))
    )
    assert lived["acquisition"] == pytest.approx(truth.acquisition.margin, rel=0.02)
    assert lived["retention"] == pytest.approx(truth.retention.margin, rel=0.02)
    assert lived["window: acquisition"] == pytest.approx(alone - neither, rel=0.02)
    assert lived["window: retention"] == pytest.approx(both - alone, rel=0.02)
    assert lived["window: all"] == pytest.approx(both, rel=0.01)
    assert lived["window: acquisition"] + lived["window: retention"] == pytest.approx(
        both - neither, rel=0.02
    )
    assert lived["baseline_share"] == pytest.approx(truth.baseline_share, abs=0.002)


def _lived_margins(name: str, scale: int) -> dict[str, float]:
    """Expected margin of every drawn order, summed by what caused it, per company."""
    kind, friend = KINDS[name], len(KINDS[name].channels)
    lives = live(kind, np.random.default_rng(3), scale, kind.months + 12)
    people, who = lives.people, lives.order_who
    factors = np.array([source.price_factor for source in kind.sources] + [1.0])
    first = kind.margin_mean * kind.first_order_factor * factors[people.source] * (people.source >= 0) / scale
    margin = kind.margin_mean * factors[people.source][who] / scale
    asked_for = people.caused & (people.source == friend)
    won = people.caused & ~asked_for
    for number in np.flatnonzero((people.referrer >= 0) & ~asked_for):  # friends come after who brings them
        won[number] = won[people.referrer[number]]
    inside, first_year = lives.order_when < kind.months, lives.order_when < people.entered[who] + 12
    of_retention = lives.order_caused | asked_for[who]
    of_acquisition = won[who] & ~of_retention
    kept = margin[inside].sum() + first[people.source == friend].sum()
    kept_anyway = margin[inside & ~of_retention].sum() + first[(people.source == friend) & ~asked_for].sum()
    return {
        "acquisition": margin[of_acquisition & first_year].sum() + first[won].sum(),
        "retention": margin[lives.order_caused & ~asked_for[who]].sum()
        + margin[asked_for[who] & first_year].sum()
        + first[asked_for].sum(),
        "window: acquisition": margin[of_acquisition & inside].sum() + first[won].sum(),
        "window: retention": margin[of_retention & inside].sum() + first[asked_for].sum(),
        "window: all": margin[inside].sum() + first.sum(),
        "baseline_share": kept_anyway / kept,
    }


@each_kind
def test_without_spend_nothing_is_caused(kind):
    truth = truth_of(kind)
    flow = truth.flow(truth.kind.spend, truth.expected.start())
    no_programmes = truth.expected.effects(replace(flow, lifts=0 * flow.lifts))
    no_channels = truth.expected.effects(replace(flow, caused=0 * flow.caused))
    assert no_programmes.retention_margin == pytest.approx(0.0, abs=1e-6)
    assert no_programmes.baseline_share == pytest.approx(1.0)
    assert no_programmes.acquisition_margin == pytest.approx(truth.acquisition.margin)
    assert no_channels.acquisition_margin == 0.0
    assert 0.0 < no_channels.retention_margin < truth.retention.margin
    assert truth.earns({}) == pytest.approx(0.0, abs=1e-6)


def test_a_years_value_is_the_known_integral():
    """Leaving at a gamma rate is Pareto survival (b / (b + t))^s; the mean number of reorders integrates it."""
    kind, expected = KINDS["even"], expectation("even")
    s, b = kind.leave_shape, kind.leave_shape / kind.leave_mean
    months = b / (s - 1) * (1 - (b / (b + 12)) ** (s - 1))
    for source, value in zip(kind.sources, expected.year_value, strict=True):
        orders = kind.first_order_factor + kind.rate_mean * source.rate_factor * months
        assert value == pytest.approx(kind.margin_mean * source.price_factor * orders, rel=1e-6)


@each_kind
def test_marginal_returns_are_below_the_mean_ones(kind):
    """All true curves are concave."""
    truth = truth_of(kind)
    for name, found in truth.programme_returns.items():
        assert truth.marginal_roi[name] < found.roi
    spent = {name: truth.kind.spend[name].sum() for name in truth.channels}
    marginal = sum(truth.marginal_roi[name] * spent[name] for name in spent) / sum(spent.values())
    assert marginal < truth.acquisition_roi


@pytest.mark.parametrize("kind", ["retention", "confounded"])
def test_no_split_of_the_same_total_earns_more_than_the_best(kind):
    truth = truth_of(kind)
    total = sum(truth.today.values())
    best = truth.best_split(total)
    assert sum(best.values()) == pytest.approx(total)
    assert min(best.values()) >= 0
    earned = truth.earns(best)
    assert earned == pytest.approx(truth.best_earnings(total), rel=1e-6)
    assert earned > truth.earns(truth.today)
    random = np.random.default_rng(4)
    around = np.array([best[name] for name in truth.kind.names]) / total + 0.02
    for shares in np.vstack([random.dirichlet(np.ones(len(best)), 15), random.dirichlet(60 * around, 15)]):
        assert truth.earns(dict(zip(best, total * shares, strict=True))) <= earned * (1 + 1e-9)


def test_at_the_best_split_the_next_unit_earns_the_same_everywhere():
    truth = truth_of("retention")
    best = truth.best_split(sum(truth.today.values()))
    earned = truth.earns(best)
    gains = [truth.earns({**best, name: amount + 1.0}) - earned for name, amount in best.items()]
    assert max(gains) - min(gains) < 0.1 * (12 + np.mean(gains))  # 12 months of the unit come back, and more


def test_a_name_that_nobody_knows_is_refused():
    with pytest.raises(KeyError, match="billboards"):
        truth_of("tiny").earns({"billboards": 100.0})
