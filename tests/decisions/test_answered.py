"""The same question about the same data is worked out once."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from analytics import language
from analytics.decisions.answered import MOST, once
from analytics.decisions.assumptions import Assumptions
from analytics.warehouse.filters import Filters
from analytics.warehouse.settings import Settings


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
