"""The churn forecast: it knows nothing from after its cut-off, is judged on later days, and beats recency alone."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analytics.models import churn
from analytics.models.churn import NotEnoughData, forecast, judge_later, standing
from analytics.models.churn_features import (
    FEATURES,
    WHOLE,
    Design,
    Feature,
    LateFeature,
    mean_gap_days,
    read_features,
    read_outcome,
    refuse_late,
    share_for,
)
from analytics.models.churn_model import REASONS, ChurnModel
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace
from tests.models.small_marts import SmallMarts

END = date(2026, 6, 30)
ONLINE_RETAIL = "../shared/data/online_retail.csv.gz"
FEW = [
    ("ann", "2025-06-20", 30, None, "home"), ("ann", "2025-07-20", 50, None, "office"), ("ann", "2025-08-19", 40),
    ("ann", "2025-08-25", -10),
    ("ben", "2025-05-01", 80),
    ("cat", "2025-12-24", 60),
]  # fmt: skip


def simulated(customers: int, seed: int) -> list[tuple]:
    """Customers who order at a rate of their own and leave one day: orders (customer, day, amount) to END."""
    draw = np.random.default_rng(seed)
    rows = []
    for n in range(customers):
        day, rate, stays = draw.uniform(0, 600), draw.gamma(2, 1 / 60), draw.beta(8, 1.5)
        while day < 720:
            rows.append(
                (f"c{n:04d}", END - timedelta(days=719 - int(day)), round(float(draw.gamma(3, 15)) + 1, 2))
            )
            if draw.random() > stays:
                break
            day += draw.exponential(1 / rate)
    return rows


@pytest.fixture(scope="module")
def company() -> SmallMarts:
    """900 simulated customers over two years."""
    rows = simulated(900, seed=7)
    given = {
        who: ("new", "search" if int(who[1:]) % 2 else "email", None, None) for who, _day, _amount in rows
    }
    return SmallMarts([*rows, ("c0000", END, 1.0)], given)


@pytest.fixture(scope="module")
def learnt(company):
    return forecast(company)


def test_features_by_hand():
    """On 18 September: ann's last order is 30 days old, her first 90; cat does not exist yet."""
    found = read_features(SmallMarts(FEW), [date(2025, 9, 18)], 90).set_index("customer_id")
    assert list(found.index) == ["ann", "ben"]
    ann = found.loc["ann"]
    assert (ann["recency_days"], ann["tenure_days"], ann["orders"], ann["refunds"]) == (30, 90, 3, 1)
    assert (ann["order_value"], ann["revenue"]) == (120, 110)
    assert (ann["orders_lately"], ann["orders_before"], ann["segment"]) == (2, 1, "office")
    assert mean_gap_days(found).tolist() == pytest.approx([30, np.nan], nan_ok=True)


def test_orders_of_the_same_season_a_year_before():
    """From 1 July 2026 the forecast is about July to September: 2 July to 29 September of the year before."""
    marts = SmallMarts([("ann", "2025-07-01", 1), ("ann", "2025-08-01", 1), ("ann", "2025-09-30", 1)])
    [line] = read_features(marts, [date(2026, 7, 1)], 90).to_dict("records")
    assert line["orders_same_season"] == 1


def test_the_outcome_is_no_order_within_the_horizon():
    marts = SmallMarts(FEW)
    rows = read_features(marts, [date(2025, 7, 1), date(2025, 9, 18)], 90)
    assert rows["customer_id"].to_list() == ["ann", "ben", "ann", "ben"]
    assert read_outcome(marts, rows, 90).tolist() == [False, True, True, True]


@pytest.mark.parametrize("cutoff", [date(2025, 7, 20), date(2025, 8, 20), date(2025, 12, 23)])
def test_nothing_that_came_after_the_cut_off_changes_a_feature(cutoff):
    """The same as if all that came later had never been loaded."""
    given = {"ann": ("new", "search", None, None), "cat": ("new", "email", None, None)}
    then = [row for row in FEW if date.fromisoformat(row[1]) <= cutoff]
    now, past = (read_features(SmallMarts(rows, given), [cutoff], 90) for rows in (FEW, then))
    pd.testing.assert_frame_equal(now, past)


def test_a_planted_feature_from_after_the_cut_off_is_caught():
    rows = read_features(SmallMarts(FEW), [date(2025, 9, 18)], 90)
    planted = rows.assign(orders_next=[1, 0], next_order_day=pd.Timestamp("2025-12-24"))
    with pytest.raises(LateFeature, match="'orders_next' looks at 2025-12-24, after its cut-off 2025-09-18"):
        refuse_late(planted, [*FEATURES, Feature("orders_next", "next_order_day")])


def test_a_feature_that_does_not_say_up_to_which_day_it_looks_is_refused(company):
    with pytest.raises(LateFeature, match="'orders_next' does not say"):
        refuse_late(read_features(SmallMarts(FEW), [END], 90).assign(orders_next=1))
    learn, judge = END - timedelta(180), END - timedelta(90)
    rows = read_features(company, [learn, judge], 90)
    outcome = read_outcome(company, rows, 90)
    first = (pd.to_datetime(rows["cutoff"]) == pd.Timestamp(learn)).to_numpy()
    planted = rows.assign(came_back=~outcome)
    with pytest.raises(LateFeature, match="'came_back'"):
        judge_later(planted[first], outcome[first], planted[~first], outcome[~first], 90)


def test_days_that_were_learnt_from_are_never_judged(company):
    rows = read_features(company, [END - timedelta(120)], 90)
    later = read_features(company, [END - timedelta(90)], 90)
    with pytest.raises(ValueError, match="must come after"):
        judge_later(rows, read_outcome(company, rows, 90), later, read_outcome(company, later, 90), 90)


def test_it_is_judged_on_the_last_90_days_and_beats_recency(learnt):
    judged = learnt.judged
    assert (judged.first_day, judged.last_day) == (END - timedelta(89), END)
    assert judged.auc > judged.baseline_auc
    assert judged.brier < judged.baseline_brier
    assert judged.lift_top_decile > 1
    assert len(judged.calibration) == len(judged.lift) == 10
    assert judged.calibration["customers"].sum() == judged.customers


def test_chances_are_calibrated(learnt):
    """In a company whose customers do not change, a tenth's forecast is what comes, within 15 points."""
    tenths = learnt.judged.calibration
    assert abs(np.average(tenths["forecast"], weights=tenths["customers"]) - learnt.judged.churn_rate) < 0.05
    assert (tenths["forecast"] - tenths["observed"]).abs().max() < 0.15
    assert ((tenths["low"] <= tenths["observed"]) & (tenths["observed"] <= tenths["high"])).all()


def test_chances_lie_between_0_and_1_and_the_same_data_give_the_same(company, learnt):
    rows = read_features(company, [END], 90)
    chances = learnt.model.predict(rows)
    assert ((chances > 0) & (chances < 1)).all()
    assert forecast(company).model.predict(rows).tolist() == chances.tolist()


def test_the_longer_the_silence_the_higher_the_chance(company, learnt):
    rows = read_features(company, [END], 90)
    longer = rows.assign(recency_days=rows["recency_days"] + 200, tenure_days=rows["tenure_days"] + 200)
    raised = learnt.model.predict(longer.assign(orders_lately=0, orders_before=0)) - learnt.model.predict(
        rows
    )
    assert np.median(raised) > 0
    assert (raised > -0.05).all()


def test_reasons_are_what_would_change_the_chance(company, learnt):
    rows = read_features(company, [END], 90)
    parts = learnt.model.contributions(rows)
    assert list(parts) == list(REASONS)
    silent = (rows["recency_days"] > 300).to_numpy()
    assert (parts.loc[silent, "silence"] > 0).all()
    assert (parts["segment"] == 0).all()  # nobody has one


def test_states_and_value_at_risk(company, learnt):
    found = standing(company, learnt)
    people = found.people
    assert (found.customers, found.weight) == (len(people), 1)
    assert sum(found.count(state) for state in churn.STATES) == found.customers
    silent = people["silent_days"] > people["gap_days"]
    gone = people["state"] == "likely gone"
    assert (silent & (people["churn_probability"] >= 0.9)).equals(gone)
    assert (people["value_at_risk"] <= people["value_per_year"] + 1e-9).all()
    assert found.by_revenue
    slipping = people[people["state"] == "slipping"]
    assert set(found.listed["customer_id"]) == set(slipping["customer_id"])
    assert found.listed["value_at_risk"].is_monotonic_decreasing
    assert found.listed["value_at_risk"].sum() == pytest.approx(found.value("slipping", "value_at_risk"))
    assert found.features["customer_id"].equals(found.listed["customer_id"])
    assert people["probability_alive"].between(0, 1).all()


def test_value_is_what_a_customer_brought_per_year_over_at_least_one(company, learnt):
    people = standing(company, learnt).people.set_index("customer_id")
    orders = pd.DataFrame(company.orders, columns=["customer", "day", "amount"])
    for customer in people.index[:5]:
        mine = orders[orders["customer"] == customer]
        days = (pd.to_datetime(mine["day"]).max() - pd.to_datetime(mine["day"]).min()).days
        expected = mine["amount"].sum() / max(days / 365, 1)
        assert people.loc[customer, "value_per_year"] == pytest.approx(expected)


def test_a_margin_rate_makes_value_a_margin(company, learnt):
    found, in_revenue = standing(company, learnt, margin_rate=0.25), standing(company, learnt)
    assert not found.by_revenue
    assert found.value("slipping") == pytest.approx(0.25 * in_revenue.value("slipping"))


def test_filters_choose_the_customers_and_leave_their_chances(company, learnt):
    everybody = standing(company, learnt).people.set_index("customer_id")
    some = standing(company, learnt, Filters(channels=("email",))).people.set_index("customer_id")
    assert 0 < len(some) < len(everybody)
    assert (some["churn_probability"] == everybody.loc[some.index, "churn_probability"]).all()
    nobody = standing(company, learnt, Filters(channels=("carrier pigeon",)))
    assert (nobody.customers, len(nobody.people), nobody.count("slipping")) == (0, 0, 0)


def test_a_large_workspace_is_read_as_an_even_sample(company, learnt, monkeypatch):
    monkeypatch.setattr(churn, "share_for", lambda customers: WHOLE // 3)
    found = standing(company, learnt)
    assert 0.2 < len(found.people) / found.customers < 0.5
    assert sum(found.count(state) for state in churn.STATES) == pytest.approx(found.customers)
    assert share_for(1_000_000, most=10_000) == pytest.approx(WHOLE / 100, abs=1)


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        ([], "No orders are loaded"),
        (
            [("ann", "2026-01-01", 1), ("ann", "2026-06-30", 1)],
            "it needs 240 days of orders, and there are 181",
        ),
        ([("ann", "2024-01-01", 1), ("ben", "2026-06-30", 1)], "there were 1 customers, of whom 0 ordered"),
    ],
)
def test_too_little_data_is_said_in_a_sentence(orders, words):
    with pytest.raises(NotEnoughData, match=words):
        forecast(SmallMarts(orders))


def test_a_model_needs_both_outcomes(company):
    rows = read_features(company, [END], 90)
    with pytest.raises(ValueError, match="Both outcomes"):
        ChurnModel().fit(rows, np.ones(len(rows), bool))


def test_rare_channels_share_one_column():
    frame = read_features(SmallMarts(FEW), [END], 90)
    wide = pd.concat([frame] * 20, ignore_index=True).assign(acquired_channel=[f"c{n}" for n in range(60)])
    columns = Design(wide).columns(wide)
    assert sum(name.startswith("acquired_channel ") for name in columns) == 12
    assert np.isfinite(columns.to_numpy()).all()


@pytest.fixture(scope="module")
def online_retail(repository, tmp_path_factory):
    file = repository / ONLINE_RETAIL
    if not file.exists():
        pytest.skip("The Online Retail data are not there.")
    with Workspace.open(tmp_path_factory.mktemp("online-retail")) as workspace:
        receipt = workspace.ingest(
            file, "sales", answers={"E_CUSTOMER_BLANK": "set_aside", "W_DUPLICATE_ROWS": "keep"}
        )
        assert receipt.committed, receipt.reading.messages
        yield workspace


@pytest.mark.slow
def test_online_retail_judged_on_its_last_90_days(online_retail):
    """Chen, Sain, Guo (2012): a UK gift shop's year; learnt on 90 summer days, judged on the last 90."""
    judged = forecast(online_retail).judged
    assert (judged.first_day, judged.last_day) == (date(2011, 9, 11), date(2011, 12, 9))
    assert judged.auc > judged.baseline_auc + 0.03
    assert judged.brier < judged.baseline_brier - 0.01
    assert judged.lift_top_decile > 1.4


@pytest.mark.slow
def test_online_retail_knows_nothing_from_after_its_cut_off(online_retail):
    """Every feature on 10 September equals the one made of a copy that ends on 10 September."""
    cutoff = date(2011, 9, 10)
    known = SimpleNamespace(query=online_retail.query)
    with online_retail._books.engine.cursor() as cursor:
        rows = cursor.execute(
            "select customer_id, day, amount, margin, recorded_segment from orders where customer_id is not null "
            "and day <= $day",
            {"day": cutoff},
        ).fetchall()
    past = read_features(SmallMarts(rows), [cutoff], 90)
    now = read_features(known, [cutoff], 90)
    assert len(now) == len(past) == 3370
    pd.testing.assert_frame_equal(now.drop(columns="acquired_channel"), past.drop(columns="acquired_channel"))
