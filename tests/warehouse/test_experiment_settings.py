"""Experiments as a setting: kept, changed, taken away, part of what names a number, and refused in a sentence."""

from datetime import date

import pytest

from analytics.warehouse import marts
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.experiments import Experiment, experiments_after
from analytics.warehouse.settings import Settings, settings_to_json
from analytics.warehouse.store import Workspace

PARTS = {
    "line": "paid_search", "motion": "acquisition", "first_day": "2026-03-01", "last_day": "2026-04-30",
    "spend_with": 3_200, "spend_without": 0, "effect": 110, "low": 100, "high": 120,
}  # fmt: skip
TEXT = "paid_search,acquisition,2026-03-01,2026-04-30,3200,0,110,100,120"


def test_an_experiment_is_kept_with_the_workspace_and_names_its_numbers(tmp_path):
    """Taking it away brings the old name of all numbers back."""
    with Workspace.open(tmp_path / "company") as workspace:
        before = workspace.snapshot
        workspace.change_settings(experiments={"north": PARTS})
        after = workspace.snapshot
        assert after != before
    with Workspace.open(tmp_path / "company") as workspace:
        (kept,) = workspace.settings.experiments
        assert kept == Experiment.of("north", PARTS)
        assert kept.first_day == date(2026, 3, 1)
        assert workspace.snapshot == after
        workspace.change_settings(experiments={})
        assert workspace.snapshot == before


def test_settings_from_before_there_were_experiments_have_none():
    older = settings_to_json(Settings().changed(margin_rate=0.4))
    del older["experiments"]
    assert Settings().changed(**older).experiments == ()


def test_settings_survive_json_and_need_no_new_tables():
    with_one = Settings().changed(experiments={"north": PARTS})
    assert Settings().changed(**settings_to_json(with_one)) == with_one
    assert hash(with_one) != hash(Settings())
    assert marts.changed_settings(Settings(), with_one) == frozenset()


def test_the_order_of_typing_in_changes_nothing():
    one, two = Experiment.of("a", PARTS), Experiment.of("b", PARTS)
    assert Settings().changed(experiments=(two, one)) == Settings().changed(experiments=(one, two))


def test_a_text_is_read_from_its_end():
    """The name of a channel may hold a comma."""
    assert Experiment.from_text("north", TEXT) == Experiment.of("north", PARTS)
    assert Experiment.from_text("north", f"tv, {TEXT}").line == "tv, paid_search"


def test_experiments_are_set_one_by_one_and_taken_away():
    kept = experiments_after((), [("north", TEXT), ("south", TEXT)])
    assert [one.name for one in kept] == ["north", "south"]
    assert [one.name for one in experiments_after(kept, [("north", "none")])] == ["south"]
    with pytest.raises(WorkspaceError, match="There is no experiment 'west' to take away"):
        experiments_after(kept, [("west", "none")])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"motion": "both"}, "is of 'both'; write acquisition or retention"),
        ({"line": " "}, "names no channel or programme"),
        ({"last_day": "2026-02-01"}, "ends on 2026-02-01, before it begins on 2026-03-01"),
        ({"first_day": "March"}, "has 'March' as its first_day; write a day"),
        ({"spend_with": 0}, "the first must be the larger"),
        ({"spend_without": -1}, "neither below 0"),
        ({"effect": 130}, "the range must hold the effect"),
        ({"low": 110, "high": 110}, "have a width"),
        ({"low": "few"}, "has 'few' as its low; write a number"),
        ({"high": "inf"}, "has no high; write a number"),
        ({"colour": "red"}, "and nothing else"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(changes, sentence):
    with pytest.raises(WorkspaceError, match=sentence) as refused:
        Experiment.of("north", PARTS | changes)
    assert str(refused.value).count(". ") == 0


def test_an_experiment_needs_a_name_of_its_own():
    with pytest.raises(WorkspaceError, match="needs a name of at most 80"):
        Experiment.of(" ", PARTS)
    two = Experiment.of("north", PARTS), Experiment.of("north", PARTS | {"effect": 115})
    with pytest.raises(WorkspaceError, match="two experiments 'north'"):
        Settings().changed(experiments=two)
