"""What the dashboard says of simulated companies: how it is judged, and that it holds."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analytics.decisions.budget import budget
from analytics.decisions.case import case
from analytics.decisions.interval import Interval
from analytics.warehouse.store import Workspace
from tests.simulation.companies import company
from tests.simulation.judging import (
    Judgement,
    Split,
    judge_all,
    load,
    naive_retention_roi,
    split_of_the_budget,
    table,
    wilson,
)
from tests.simulation.kinds import KINDS
from tests.simulation.report import page
from tests.simulation.truth import truth_of

SEEDS = 10  # a tenth of what docs/truth.md rests on
JOBS = 2

each_kind = pytest.mark.parametrize("kind", KINDS)


def test_the_ends_of_a_wilson_range_are_as_far_off_as_the_range_says():
    """Wilson (1927): the ends p solve |share − p| = z √(p (1 − p) / n)."""
    share, low, high = wilson(8, 10)
    for end in (low, high):
        assert abs(share - end) == pytest.approx(1.959964 * math.sqrt(end * (1 - end) / 10))
    assert wilson(0, 10)[1] == 0.0
    assert wilson(10, 10)[2] == pytest.approx(1.0)
    assert all(math.isnan(number) for number in wilson(0, 0))


ONE = Judgement(
    kind="tiny",
    seed=0,
    grade="A",
    verdict="retention",
    better="retention",
    true_acquisition_roi=0.2,
    true_retention_roi=1.2,
    acquisition_roi=Interval(0.3, 0.1, 0.5),
    retention_roi=Interval(1.5, 1.3, 1.7),
    naive_roi=3.0,
    split=Split(today=90.0, recommended=96.0, best=100.0),
)


def test_one_judgement():
    assert (ONE.acquisition_covered, ONE.retention_covered) == (True, False)
    assert ONE.wrong is False
    assert replace(ONE, better="even").wrong is True
    assert replace(ONE, verdict="too close to call").wrong is None
    assert (ONE.naive_distance, ONE.causal_distance) == pytest.approx((1.8, 0.3))
    assert ONE.honest is True
    assert replace(ONE, retention_roi=Interval(1.6, 1.5, 1.7)).honest is False
    assert replace(ONE, retention_roi=Interval(1.6, 1.5, 1.7), verdict="too close to call").honest is True
    assert replace(ONE, retention_roi=Interval(math.nan, math.nan, math.nan)).retention_covered is None
    assert (ONE.split.enough, ONE.split.worse_than_today) == (True, False)
    assert (Split(90.0, 89.0, 100.0).enough, Split(90.0, 89.0, 100.0).worse_than_today) == (False, True)


def test_the_table_counts():
    other = replace(ONE, verdict="acquisition", retention_roi=Interval(1.2, 1.1, 1.3), split=None)
    found = table([ONE, other]).set_index(["kind", "measure"])[["count", "of"]]
    assert tuple(found.loc[("tiny", "retention_covered")]) == (1, 2)
    assert tuple(found.loc[("all", "wrong")]) == (1, 2)
    assert tuple(found.loc[("tiny", "enough")]) == (1, 1)


def test_the_page_says_what_was_assumed_and_whether_a_split_was_judged():
    measured, assumed = page([ONE]), page([replace(ONE, grade="C", split=None)])
    assert (
        "| tiny | 1 | A | 100% (21% to 100%) | 0% (0% to 79%) | 100% (21% to 100%) | 0% (0% to 79%) |"
        in measured
    )
    assert "grade C" not in measured
    assert "1 of the 1 companies were judged with evidence grade C" in assumed
    assert "No split was recommended" in assumed


def test_comparing_touched_with_untouched_customers_is_far_off_where_the_keen_are_touched():
    assert naive_retention_roi(company("confounded", 0)) > truth_of("confounded").retention_roi + 4


@pytest.mark.slow
def test_the_split_that_is_judged_is_the_one_of_the_budget(tmp_path):
    with Workspace.open(tmp_path / "workspace") as workspace:
        load(workspace, company("tiny", 1000), tmp_path)
        found = split_of_the_budget(workspace, case(workspace))
        said = budget(workspace)
    assert found is not None
    current, recommended = found
    assert current == said.current
    assert recommended == pytest.approx(said.recommended)


# What the dashboard says, with a tenth of the seeds of docs/truth.md


@pytest.fixture(scope="module")
def first_ones():
    """One company of each kind: what the other seeds would be judged by."""
    return {one.kind: one for one in judge_all(KINDS, [0], JOBS)}


@pytest.fixture(scope="module")
def judgements(first_ones):
    """Judged once, when first asked for; kind -> one judgement per seed."""

    @cache
    def of(kind: str) -> list[Judgement]:
        return [first_ones[kind], *judge_all([kind], range(1, SEEDS), JOBS)]

    return of


def _measured(first_ones, *kinds: str) -> None:
    """Skips as long as a kind's uplift is assumed: an assumption has no coverage, it is right or wrong."""
    assumed = [kind for kind in kinds if first_ones[kind].grade == "C"]
    if assumed:
        pytest.skip(
            f"evidence grade C: the uplift of retention is assumed, not estimated ({', '.join(assumed)})"
        )


def _range(judged: list[Judgement], measure: str) -> tuple[float, float]:
    row = table(judged).set_index(["kind", "measure"]).loc[("all", measure)]
    return row["low"], row["high"]


@pytest.mark.slow
@each_kind
def test_a_company_is_loaded_and_compared(first_ones, kind):
    found = first_ones[kind]
    assert found.verdict is not None
    assert found.acquisition_roi.low < found.acquisition_roi.value < found.acquisition_roi.high
    assert found.retention_roi.low < found.retention_roi.value < found.retention_roi.high


@pytest.mark.slow
@each_kind
@pytest.mark.parametrize("measure", ["acquisition_covered", "retention_covered"])
def test_intervals_cover_the_truth_in_70_to_90_percent(first_ones, judgements, kind, measure):
    _measured(first_ones, kind)
    low, high = _range(judgements(kind), measure)
    assert low <= 0.9
    assert high >= 0.7


@pytest.mark.slow
def test_a_named_side_is_wrong_in_under_10_percent(first_ones, judgements):
    _measured(first_ones, *KINDS)
    judged = [one for kind in KINDS for one in judgements(kind)]
    assert _range(judged, "wrong")[0] < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["retention", "acquisition"])
def test_a_clear_difference_is_seen_more_often_than_not(first_ones, judgements, kind):
    _measured(first_ones, kind)
    assert sum(one.verdict == kind for one in judgements(kind)) > SEEDS / 2


@pytest.mark.slow
def test_confounding_is_seen_through_or_no_side_is_named(first_ones, judgements):
    _measured(first_ones, "confounded")
    judged = judgements("confounded")
    assert min(one.naive_distance for one in judged) > 3
    assert _range(judged, "honest")[1] > 0.9


@pytest.mark.slow
@each_kind
def test_the_recommended_split_seldom_earns_less_than_todays(judgements, kind):
    assert _range(judgements(kind), "worse_than_today")[0] <= 0.1


@pytest.mark.slow
@each_kind
def test_the_recommended_split_earns_almost_the_best(judgements, kind, request):
    if kind == "tiny":
        reason = (
            "eight months of under 300 customers do not show where money would earn more, so little is moved"
        )
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    assert np.median([one.split.recommended / one.split.best for one in judgements(kind)]) >= 0.95
