"""The case of the sample company, through the real warehouse, against its files and its known truth."""

import csv
import json
from datetime import date
from decimal import Decimal

import pytest

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import case
from analytics.decisions.case_json import case_json
from analytics.decisions.sources import rows_behind, sources
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace

LAST_YEAR = Filters(first_day=date(2025, 10, 1), last_day=date(2026, 9, 30))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as opened:
        opened.load_sample()
        yield opened


@pytest.fixture(scope="module")
def truth(repository):
    return json.loads((repository / "data/sample/truth.json").read_text(encoding="utf-8"))


def total(repository, file: str, column: str, **where: str) -> float:
    with open(repository / "data/sample" / file, encoding="utf-8", newline="") as lines:
        rows = [
            row for row in csv.DictReader(lines) if all(row[name] == value for name, value in where.items())
        ]
    return float(sum(Decimal(row[column]) for row in rows))


def test_revenue_and_spend_are_those_of_the_files(workspace, repository):
    answer = case_json(case(workspace))
    revenue = answer["revenue"]
    files = total(repository, "sales.csv", "amount") + total(repository, "reorders.csv", "amount")
    assert revenue["total"] == pytest.approx(files, abs=0.005)
    assert revenue["new"] + revenue["referral"] + revenue["reorder"] == pytest.approx(
        revenue["total"], abs=0.005
    )
    spent = {m: total(repository, "spend.csv", "amount", motion=m) for m in ("acquisition", "retention")}
    assert answer["acquisition"]["spend"] == pytest.approx(spent["acquisition"], abs=0.005)
    # every programme has spend lines, which contain its incentives and rewards
    assert answer["retention"]["spend"] == pytest.approx(spent["retention"], abs=0.005)


@pytest.mark.parametrize(
    ("name", "filters"),
    [("all_24_months", Filters()), ("last_four_quarters", LAST_YEAR)],
    ids=["all", "last year"],
)
def test_with_the_true_baseline_share_the_returns_are_near_the_true_ones(workspace, truth, name, filters):
    known = truth[name]
    assumptions = Assumptions(
        baseline_share=known["baseline_share"],
        baseline_share_range=0.05,
        discount_rate=0.0,
        baseline_is_given=True,
    )
    found = case(workspace, filters, assumptions)
    for side, true in ((found.acquisition, known["acquisition"]), (found.retention, known["retention"])):
        assert side.incremental.roi.value == pytest.approx(true["roi"], abs=0.25)
    assert found.verdict == "retention"
    for side, motion in ((found.acquisition, "acquisition"), (found.retention, "retention")):
        true_return = 1 + known["booked"][motion]["roi"]
        assert 1 + side.booked.roi.value == pytest.approx(true_return, rel=0.1)


def test_the_year_before_stands_beside_the_last_one(workspace):
    figures = {figure.name: figure for figure in case(workspace, LAST_YEAR).figures}
    before = Filters(first_day=date(2024, 10, 1), last_day=date(2025, 9, 30))
    values = {figure.name: figure.value for figure in case(workspace, before).figures}
    for name in ("cac", "cost_to_keep", "repeat_rate", "referred_share", "retention_budget_share"):
        assert figures[name].previous == pytest.approx(values[name])


def test_the_sources_page_agrees_with_the_case(workspace):
    found, other = sources(workspace), case(workspace)
    assert found.channels["revenue"].sum() == pytest.approx(other.revenue.total)
    assert found.channels["spend"].sum() == pytest.approx(other.acquisition.spend + other.retention.spend)
    assert len(found.quarters) == 8
    line = found.channels[found.channels["channel"] == "paid_search"].iloc[0]
    behind = rows_behind(workspace, Filters(), "acquisition", "paid_search", limit=100_000)
    assert behind["amount"].sum() == pytest.approx(line.revenue)


def test_a_segment_has_revenue_but_no_return(workspace):
    segments = [case(workspace, Filters(segments=(name,))) for name in ("home", "office", "hospitality")]
    whole = case(workspace)
    assert sum(found.revenue.total for found in segments) == pytest.approx(whole.revenue.total)
    assert {found.verdict for found in segments} == {None}
