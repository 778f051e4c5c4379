"""The sample company: its files keep the contract's promises, and its known truth hangs together."""

import csv
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
KINDS = ("sales", "reorders", "referrals", "spend", "touchpoints")
WRITTEN = (*(f"{kind}.csv" for kind in KINDS), "truth.json", "README.md")
FIRST_DAY, LAST_DAY = "2024-10-01", "2026-09-30"
PROGRAMMES = {"loyalty_points", "welcome_back", "ambassador", "birthday_gift"}
REQUIRED = {
    "sales": ("order_id", "customer_id", "order_date", "channel", "amount", "margin"),
    "reorders": ("order_id", "customer_id", "order_date", "amount", "margin"),
    "referrals": ("referral_id", "referrer_id", "referred_at", "kind", "status", "reward_cost", "channel"),
    "spend": ("month", "channel", "amount", "motion"),
    "touchpoints": ("customer_id", "touched_at", "channel", "stage", "direction", "cost"),
}
DAYS = {
    "sales": "order_date",
    "reorders": "order_date",
    "referrals": "referred_at",
    "touchpoints": "touched_at",
}


def read(kind: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    return {kind: read(kind) for kind in KINDS}


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


def money(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows if row[column]), Decimal(0))


def first_sales(tables) -> dict[str, str]:
    return {row["customer_id"]: row["order_date"] for row in reversed(tables["sales"])}


def arms(tables) -> dict[str, set[str]]:
    seen = defaultdict(set)
    for row in tables["touchpoints"]:
        if row["arm"]:
            seen[row["customer_id"]].add(row["arm"])
    return seen


def test_generating_again_gives_the_same_bytes(tmp_path):
    subprocess.run([sys.executable, "-B", SAMPLE / "generate.py", "--out", tmp_path], check=True)
    assert {path.name for path in tmp_path.iterdir()} == set(WRITTEN)
    assert [n for n in WRITTEN if (tmp_path / n).read_bytes() != (SAMPLE / n).read_bytes()] == []


def test_the_exports_stay_below_8_megabytes():
    assert sum((SAMPLE / f"{kind}.csv").stat().st_size for kind in KINDS) < 8_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_plain_utf8_with_unix_line_ends(kind):
    raw = (SAMPLE / f"{kind}.csv").read_bytes()
    assert raw.isascii()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_is_repeated_ragged_or_lacks_a_required_cell(kind, tables):
    rows = tables[kind]
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    assert all(None not in row and None not in row.values() for row in rows)
    assert all(row[column] for row in rows for column in REQUIRED[kind])


@pytest.mark.parametrize("kind", DAYS)
def test_days_are_iso_and_cover_the_24_months(kind, tables):
    days = sorted({row[DAYS[kind]] for row in tables[kind]})
    assert all(date.fromisoformat(day) for day in days)
    assert days[0] >= FIRST_DAY
    assert days[-1] <= LAST_DAY
    assert len({day[:7] for day in days}) == 24


def test_spend_has_every_name_in_every_month_once(tables):
    keys = [(row["month"], row["channel"]) for row in tables["spend"]]
    months, names = ({key[i] for key in keys} for i in (0, 1))
    assert (min(months), max(months), len(months)) == ("2024-10", "2026-09", 24)
    assert len(keys) == len(set(keys)) == len(months) * len(names)


def test_spend_names_are_sales_channels_or_triggers(tables):
    by_motion = defaultdict(set)
    for row in tables["spend"]:
        by_motion[row["motion"]].add(row["channel"])
    assert by_motion["acquisition"] < {row["channel"] for row in tables["sales"]}
    assert by_motion["retention"] == {row["trigger"] for row in tables["reorders"]} - {""} == PROGRAMMES


def test_ids_are_text_with_leading_zeros(tables):
    customers = {row["customer_id"] for kind in ("sales", "reorders") for row in tables[kind]}
    touched = {row["customer_id"] for row in tables["touchpoints"]}
    assert all(re.fullmatch(r"\d{6}", customer) for customer in customers)
    assert any(customer.startswith("0") for customer in customers)
    assert all(re.fullmatch(r"\d{6}|P\d{5}", person) for person in touched)


def test_prospects_who_never_bought_are_in_the_touchpoints_only(tables):
    lost = {row["customer_id"] for row in tables["touchpoints"] if row["customer_id"].startswith("P")}
    assert len(lost) > 5_000
    assert not any(row["stage"] == "action" for row in tables["touchpoints"] if row["customer_id"] in lost)


def test_order_ids_are_unique_apart_from_refunds(tables):
    orders = {}
    for row in tables["sales"] + tables["reorders"]:
        if not row["amount"].startswith("-"):
            assert row["order_id"] not in orders
            orders[row["order_id"]] = row
    refunds = [r for r in tables["sales"] + tables["reorders"] if r["amount"].startswith("-")]
    assert max(Counter(row["order_id"] for row in refunds).values()) == 1
    assert 0.01 < len(refunds) / len(orders) < 0.02
    for refund in refunds:
        order = orders[refund["order_id"]]
        assert refund["customer_id"] == order["customer_id"]
        assert refund["order_date"] > order["order_date"]
        assert Decimal(0) < -Decimal(refund["amount"]) <= Decimal(order["amount"])


def test_every_customer_has_one_first_order_and_reorders_come_later(tables):
    bought = Counter(r["customer_id"] for r in tables["sales"] if not r["amount"].startswith("-"))
    assert set(bought.values()) == {1}
    first = first_sales(tables)
    assert all(row["order_date"] > first.get(row["customer_id"], "") for row in tables["reorders"])


def test_some_hundred_customers_are_from_before_the_data(tables):
    before = {row["customer_id"] for row in tables["reorders"]} - set(first_sales(tables))
    assert 300 < len(before) < 1_000


def test_the_holdout_is_a_tenth_of_the_eligible_and_nobody_changes_arm(tables):
    seen = arms(tables)
    assert all(len(arm) == 1 for arm in seen.values())
    assert sum(arm == {"holdout"} for arm in seen.values()) / len(seen) == pytest.approx(0.10, abs=0.015)
    assert {row["channel"] for row in tables["touchpoints"] if row["arm"]} == PROGRAMMES


def test_the_holdout_gets_nothing(tables):
    held = {customer for customer, arm in arms(tables).items() if arm == {"holdout"}}
    assert not any(row["trigger"] for row in tables["reorders"] if row["customer_id"] in held)
    assert not any(Decimal(r["cost"]) for r in tables["touchpoints"] if r["arm"] == "holdout")
    assert not any(r["channel"] == "ambassador" for r in tables["referrals"] if r["referrer_id"] in held)


def test_every_referrer_is_an_existing_customer_on_that_day(tables):
    first = first_sales(tables)
    known = set(first) | {row["customer_id"] for row in tables["reorders"]}
    for row in tables["referrals"]:
        assert row["referrer_id"] in known
        assert first.get(row["referrer_id"], "") <= row["referred_at"]
        assert row["referrer_id"] != row["referred_id"]


def test_sales_by_referral_are_named_by_one_referral_1_to_60_days_before(tables):
    first = first_sales(tables)
    named = {row["referred_id"]: row["referred_at"] for row in tables["referrals"] if row["referred_id"]}
    assert len(named) == sum(row["status"] == "converted" for row in tables["referrals"])
    assert set(named) == {row["customer_id"] for row in tables["sales"] if row["channel"] == "referral"}
    for friend, day in named.items():
        assert 1 <= (date.fromisoformat(first[friend]) - date.fromisoformat(day)).days <= 60
    assert 0.08 < len(named) / len(first) < 0.12


def test_sums_in_the_truth_are_the_sums_of_the_files(tables, truth):
    for kind, facts in truth["files"].items():
        assert facts["rows"] == len(tables[kind])
        for column in facts.keys() - {"rows", "customers"}:
            assert Decimal(facts[column]) == money(tables[kind], column)


def test_programme_spend_holds_incentives_rewards_and_contacts(tables):
    for name in PROGRAMMES:
        spent = money([r for r in tables["spend"] if r["channel"] == name], "amount")
        parts = money([r for r in tables["reorders"] if r["trigger"] == name], "incentive_cost")
        parts += money([r for r in tables["referrals"] if r["channel"] == name], "reward_cost")
        parts += money([r for r in tables["touchpoints"] if r["channel"] == name], "cost")
        assert 0 < parts < spent


@pytest.mark.parametrize("window", ["all_24_months", "last_four_quarters"])
class TestTruth:
    def test_birthday_gifts_alone_do_not_pay(self, truth, window):
        losing = {name for name, result in truth[window]["programmes"].items() if result["roi"] < 0}
        assert losing == {"birthday_gift"}

    def test_retention_beats_acquisition_and_both_pay(self, truth, window):
        acquisition, retention = truth[window]["acquisition"], truth[window]["retention"]
        assert 0 < acquisition["roi"] < retention["roi"]
        assert acquisition["marginal_roi"] < acquisition["roi"]
        assert acquisition["marginal_roi"] < retention["marginal_roi"] < retention["roi"]

    def test_the_books_are_too_kind_to_retention_and_too_hard_on_acquisition(self, truth, window):
        booked = truth[window]["booked"]
        assert booked["retention"]["roi"] > 3 * truth[window]["retention"]["roi"]
        assert booked["acquisition"]["roi"] < truth[window]["acquisition"]["roi"]

    def test_roi_is_margin_over_cost_less_one(self, truth, window):
        facts = truth[window]
        for result in (facts["acquisition"], facts["retention"], *facts["programmes"].values()):
            assert result["roi"] == pytest.approx(result["margin"] / result["cost"] - 1, abs=1e-4)

    def test_programme_costs_add_up_to_retention(self, truth, window):
        costs = [result["cost"] for result in truth[window]["programmes"].values()]
        assert sum(costs) == pytest.approx(truth[window]["retention"]["cost"], abs=0.05)

    def test_on_one_clock_the_motions_add_up_to_what_both_caused(self, truth, window):
        clock = truth[window]["one_clock"]
        parts = clock["acquisition_margin"] + clock["retention_margin"]
        assert parts == pytest.approx(clock["both_margin"], abs=0.05)


def test_true_acquisition_cost_is_the_spend_file(tables, truth):
    rows = [row for row in tables["spend"] if row["motion"] == "acquisition"]
    assert truth["all_24_months"]["acquisition"]["cost"] == pytest.approx(float(money(rows, "amount")))
    last_year = [row for row in rows if row["month"] >= "2025-10"]
    assert truth["last_four_quarters"]["acquisition"]["cost"] == pytest.approx(
        float(money(last_year, "amount"))
    )


def test_customers_per_paid_channel_are_what_its_response_curve_expects(tables, truth):
    won = Counter(r["channel"] for r in tables["sales"] if not r["amount"].startswith("-"))
    for name, curve in truth["channels"].items():
        expected = curve["customers_caused"] + 24 * curve["base_per_month"]
        assert abs(won[name] - expected) < 4 * expected**0.5


def test_every_office_and_hospitality_customer_has_one_account_manager(tables, truth):
    managers, known = defaultdict(set), truth["account_managers"]
    for row in tables["sales"] + tables["reorders"]:
        assert bool(row["rep_id"]) == (row["segment"] != "home")
        if row["rep_id"]:
            managers[row["customer_id"]].add(row["rep_id"])
    assert all(len(names) == 1 for names in managers.values())
    counts = Counter(next(iter(names)) for names in managers.values())
    assert counts == {name: facts["customers"] for name, facts in known.items()}
    assert min(counts.values()) < 15 < 80 < sorted(counts.values())[1]


def test_managers_truly_differ_a_little_in_how_often_their_customers_order(truth):
    ratios = [facts["relative_repeat_chance"] for facts in truth["account_managers"].values()]
    assert 0.6 < min(ratios) < 0.9 < 1.1 < max(ratios) < 1.3
