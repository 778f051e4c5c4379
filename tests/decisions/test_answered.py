"""The same question about the same data is worked out once."""

import gc
from dataclasses import dataclass, field
from datetime import date
from weakref import ref

import pytest

from analytics import language
from analytics.decisions.answered import MOST, once
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import case
from analytics.warehouse.filters import Filters
from analytics.warehouse.settings import Settings
from analytics.warehouse.store import Workspace
from tests.decisions.small_company import SmallCompany


@dataclass(eq=False)
class SmallWorkspace:
    snapshot: str = "one"
    settings: Settings = field(default_factory=Settings)


@pytest.fixture
def asked():
    """A question that counts how often it was worked out."""
    counted = []

    @once
    def question(workspace, filters, assumptions):
        counted.append((workspace.snapshot, filters, assumptions))
        return object()

    return question, counted


def test_it_is_worked_out_once(asked):
    question, counted = asked
    workspace = SmallWorkspace()
    assert question(workspace) is question(workspace, Filters(), Assumptions.of(workspace.settings))
    assert len(counted) == 1


def test_other_data_days_assumptions_or_another_language_are_another_question(asked):
    question, counted = asked
    workspace = SmallWorkspace()
    question(workspace)
    question(workspace, Filters(first_day=date(2026, 1, 1)))
    question(workspace, None, Assumptions.of(workspace.settings, margin_rate=0.3))
    with language.speaking("ko"):
        question(workspace)
    workspace.snapshot = "two"
    question(workspace)
    assert len(counted) == 5


def test_workspaces_of_the_same_data_do_not_share_an_answer(asked):
    question, _counted = asked
    assert question(SmallWorkspace()) is not question(SmallWorkspace())


def test_only_the_last_answers_are_kept(asked):
    question, counted = asked
    workspace = SmallWorkspace()
    for month in range(1, MOST + 2):
        question(workspace, Filters(first_day=date(2026, month, 1)))
    question(workspace, Filters(first_day=date(2026, MOST + 1, 1)))
    assert len(counted) == MOST + 1
    question(workspace, Filters(first_day=date(2026, 1, 1)))
    assert len(counted) == MOST + 2


def test_an_answer_does_not_keep_its_workspace_alive():
    """A case works out its next money when asked for it, and so knows its workspace; that must not hold both for ever."""
    company = SmallCompany([("anna", date(2026, 1, 1), 50.0, 20.0, "new", "search")])
    made, gone = case(company), ref(company)
    del company
    gc.collect()
    assert gone() is None
    assert made.next_budget is None


def test_an_answer_that_a_change_came_between_is_worked_out_again():
    workspace, seen = SmallWorkspace(), []

    @once
    def question(asked_of, _filters, _assumptions):
        seen.append(asked_of.snapshot)
        asked_of.snapshot = "two"  # as if another thread had loaded a file while this one computed
        return len(seen)

    assert question(workspace) == 2
    assert seen == ["one", "two"]
    workspace.snapshot = "one"
    assert question(workspace) == 2
    assert seen == ["one", "two", "one"]


def test_a_closed_workspace_is_forgotten_with_its_answers(tmp_path):
    workspace = Workspace.open(tmp_path / "company")
    case(workspace)
    gone = ref(workspace)
    workspace.close()
    del workspace
    gc.collect()
    assert gone() is None
