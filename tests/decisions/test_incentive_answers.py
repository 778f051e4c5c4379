"""Incentives end to end: the sample company against its known truth, heavy buyers, and what is said without data."""

import json
import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.decisions import incentive_sentences
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.incentive_effects import Exposure
from analytics.decisions.incentive_grid import ALL, buyers
from analytics.decisions.incentive_json import incentives_json
from analytics.decisions.incentive_programmes import CANNOT_TELL, DOES_NOT_PAY, PAYS
from analytics.decisions.incentives import incentives
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as opened:
        opened.load_sample()
        yield opened


@pytest.fixture(scope="module")
def found(workspace):
    return incentives(workspace)


@pytest.fixture(scope="module")
def truth(repository):
    facts = json.loads((repository / "data/sample/truth.json").read_text(encoding="utf-8"))
    return {name: 1 + one["roi"] for name, one in facts["all_24_months"]["programmes"].items()}


def test_the_gift_is_named_as_not_paying_and_no_other_programme_is(found):
    verdicts = dict(zip(found.programmes["programme"], found.programmes["verdict"], strict=True))
    assert verdicts == {
        "loyalty_points": PAYS, "ambassador": PAYS, "birthday_gift": DOES_NOT_PAY, "welcome_back": CANNOT_TELL,
    }  # fmt: skip
    assert "birthday_gift does not pay" in found.sentence
    assert found.sentence.startswith("loyalty_points pays back 2.")


@pytest.mark.parametrize("programme", ["loyalty_points", "ambassador", "birthday_gift"])
def test_the_true_return_lies_in_the_interval(found, truth, programme):
    line = found.programmes.set_index("programme").loc[programme]
    assert line["per_unit_low"] <= truth[programme] <= line["per_unit_high"]


def test_what_winning_back_is_worth_is_said_too_low_rather_than_too_high(found, truth):
    """In this draw the holdout came back nearly as often, and what customers buy after they came back is not counted."""
    line = found.programmes.set_index("programme").loc["welcome_back"]
    assert 1 < line["per_unit"] < truth["welcome_back"] < line["booked_per_unit"] + 0.1


def test_the_parts_agree_with_what_is_measured_together(found):
    assert found.per_customer.low <= found.parts_per_customer <= found.per_customer.high


def test_the_cost_is_the_spend_and_is_charged_once(found, repository):
    spend = pd.read_csv(repository / "data/sample/spend.csv")
    spent = spend[spend["motion"] == "retention"].groupby("channel")["amount"].sum()
    costs = found.programmes.set_index("programme")["cost"]
    for programme, amount in spent.items():
        assert costs[programme] == pytest.approx(amount)
    cells = found.cells[(found.cells["segment"] == ALL) & (found.cells["programme"] != ALL)]
    assert cells["cost"].sum() == pytest.approx(spent.sum())
    assert found.kinds["cost"].sum() == pytest.approx(spent.sum())


def test_shares_are_shares(found):
    for frame, columns in (
        (found.programmes, ("uptake", "anyway", "anyway_low", "anyway_high")),
        (found.cells, ("uptake",)),
        (found.buyers, ("anyway", "share_of_customers", "share_of_redeemed")),
    ):
        for column in columns:
            assert frame[column].dropna().between(0, 1).all()
    assert found.buyers["share_of_redeemed"].sum() == pytest.approx(1)


def test_small_cells_cannot_be_told(found):
    small = found.cells[found.cells["segment"] == "hospitality"]
    assert len(small)
    assert set(small["verdict"]) == {CANNOT_TELL}
    assert small["per_unit"].isna().all()


def test_no_reward_is_raised_and_the_gift_stops(found):
    assert set(found.schedule["step"]) == {"keep", "stop", CANNOT_TELL}
    assert set(found.schedule.loc[found.schedule["step"] == "stop", "programme"]) == {"birthday_gift"}
    assert found.schedule["suggested_cost"].sum() < found.schedule["cost"].sum()


def test_points_are_a_liability_once_the_balance_is_known(workspace, found):
    assert found.liability.outstanding is None
    assert "not known" in incentive_sentences.liability(found)
    workspace.change_settings(points_outstanding=2500.0)
    owed = incentives(workspace, Filters(segments=("hospitality",))).liability
    workspace.change_settings(points_outstanding=None)
    assert owed.outstanding == 2500
    assert owed.months == pytest.approx(2500 / owed.cost_per_month)


def test_the_object_of_the_command_line_holds_the_tables(found):
    answer = json.loads(json.dumps(incentives_json(found), allow_nan=False))
    line = next(row for row in answer["programmes"] if row["programme"] == "loyalty_points")
    assert line["per_unit"]["low"] < line["per_unit"]["value"] < line["per_unit"]["high"]
    assert line["cost"] == 17010.18
    assert {row["tenure"] for row in answer["grid"]} == {
        "first half-year", "second half-year", "second year", "from before the data",
    }  # fmt: skip
    assert answer["points"]["outstanding"] is None


def test_half_the_margin_rate_is_half_the_margin(tmp_path):
    """Two orders of 100 without a margin, redeemed with an incentive of 5 each."""
    rows = "order_id,customer_id,order_date,amount,trigger,incentive_cost\n" + "".join(
        f"R{n},00{n},2026-0{n}-05,100,coupon,5\n" for n in (1, 2)
    )
    (tmp_path / "reorders.csv").write_text(rows, encoding="utf-8")
    with Workspace.open(tmp_path / "company") as workspace:
        assert workspace.ingest(tmp_path / "reorders.csv", "reorders").committed
        unknown = incentives(workspace)
        assert math.isnan(unknown.programmes["booked"].iloc[0])
        assert "margin" in unknown.missing[0].what
        for rate in (0.4, 0.2):
            [line] = incentives(workspace, None, Assumptions(margin_rate=rate)).programmes.to_dict("records")
            assert (line["kind"], line["cost"], line["booked"]) == ("discount", 10, pytest.approx(200 * rate))
            assert line["caused"] == pytest.approx(0.4 * 200 * rate)


def test_without_orders_or_programmes_it_says_what_is_missing(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        assert incentives(workspace).sentence == "No orders are loaded."
        (tmp_path / "sales.csv").write_text(
            "order_id,customer_id,order_date,amount\nS1,001,2026-07-01,120\n", encoding="utf-8"
        )
        assert workspace.ingest(tmp_path / "sales.csv", "sales").committed
        found = incentives(workspace)
        assert found.sentence == "No programme, incentive or reward is recorded."
        assert found.missing[0].kind == "reorders"


def liu(seed: int, customers: int = 6000) -> tuple[Exposure, pd.DataFrame]:
    """Light buyers' orders double under an open offer, heavy buyers' hardly change; a third is in the holdout."""
    rng = np.random.default_rng(seed)
    heavy, treated = rng.random(customers) < 0.3, rng.random(customers) < 0.67
    lift = np.where(treated, np.where(heavy, 1.03, 2.0), 1.0)
    rate = np.where(heavy, 6.0, 0.8) * rng.gamma(4, 0.25, customers)
    orders = np.column_stack([rng.poisson(rate), rng.poisson(rate * lift)])
    two = np.repeat(np.arange(customers), 2)
    days = pd.DataFrame(
        {
            "customer_no": two, "age_band": 0, "open_set": np.tile([0, 1], customers), "days": 100.0,
            "treated_set": treated[two].astype(int), "orders": orders.ravel().astype(float), "friends": 0.0,
            "orders_before": np.where(heavy, 5, 1)[two],
        }
    )  # fmt: skip
    programmes = pd.DataFrame(
        {"programme_no": [0], "programme": ["coupon"], "name": ["coupon"], "by_friends": [False]}
    )
    # whoever is treated redeems each order under the open offer
    redeemed = np.where(treated, orders[:, 1], 0).astype(float)
    arms = pd.DataFrame({"is_treated": treated, "orders_before": np.where(heavy, 5, 1), "redeemed": redeemed})
    return Exposure(days, programmes, days["orders"].to_numpy() * 20, 0.0, 1.0), arms


def test_heavy_buyers_claim_most_and_change_least():
    """Liu 2007. True parts bought anyway: 1 / 2 of the light buyers' redeemed offers, 1 / 1.03 of the heavy ones'."""
    found = buyers(*liu(1)).set_index("buyers")
    light, heavy = found.loc["none or one"], found.loc["four or more"]
    assert heavy["redeemed_per_customer"] > 3 * light["redeemed_per_customer"]
    assert light["anyway_low"] <= 0.5 <= light["anyway_high"]
    assert heavy["anyway_low"] <= 1 / 1.03 <= heavy["anyway_high"]
    assert heavy["anyway_low"] > light["anyway_high"]


def test_contacts_that_follow_the_calendar_can_be_compared_and_those_that_follow_behaviour_cannot(tmp_path):
    """A letter goes to half of all customers by lot; another to those who ordered in the two weeks before."""
    rng = np.random.default_rng(9)
    first, people = date(2025, 1, 1), 700
    sales, touches = [], []
    for person in range(people):
        rate = rng.gamma(2, 0.01)
        days = np.flatnonzero(rng.random(540) < rate)
        for number, day in enumerate(days):
            sales.append(f"S{person}-{number},{person:04d},{first + timedelta(days=int(day))},50,20")
        for day in range(10, 540, 30):
            if rng.random() < 0.5:
                touches.append(
                    f"{person:04d},{first + timedelta(days=day + int(rng.integers(20)))},letter,0.5"
                )
            if any(day - 14 <= d < day for d in days):
                touches.append(f"{person:04d},{first + timedelta(days=day)},thanks,0.5")
    files = {
        "sales": ("order_id,customer_id,order_date,amount,margin", sales),
        "touchpoints": ("customer_id,touched_at,channel,cost", touches),
        "spend": ("month,channel,amount,motion", [
            f"2025-{m:02d},{name},100,retention" for m in range(1, 13) for name in ("letter", "thanks")]),
    }  # fmt: skip
    with Workspace.open(tmp_path / "company") as workspace:
        for kind, (header, rows) in files.items():
            (tmp_path / f"{kind}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
            assert workspace.ingest(tmp_path / f"{kind}.csv", kind).committed
        found = incentives(workspace)
    lines = found.programmes.set_index("programme")
    assert lines.loc["letter", "grade"] == "B"
    assert lines.loc["letter", "caused_low"] <= 0 <= lines.loc["letter", "caused_high"]  # it causes nothing
    assert lines.loc["thanks", "grade"] == "C"
    assert any("letter has no holdout: those contacted are compared" in note for note in found.notes)
    assert any("thanks has no holdout, and those it contacted cannot" in note for note in found.notes)
