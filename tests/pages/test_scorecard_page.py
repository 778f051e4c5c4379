"""The scorecard in the states of a workspace, its goals and its quarters."""

import html

import pytest

from analytics.decisions.scorecard import scorecard
from analytics.warehouse.store import Workspace
from tests.pages.conftest import STATES, answer


@pytest.mark.parametrize(("state", "charts"), [("sample", 3), ("empty", 0), ("core", 3), ("full", 3)])
def test_it_answers_with_the_library_s_sentence(visit, home, state, charts):
    app = visit(state, "scorecard")
    assert not app.exception
    assert not app.error
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == scorecard(workspace).sentence
    assert len(app.get("plotly_chart")) == charts


def test_what_is_missing_is_offered(visit):
    assert [b.label for b in visit("empty", "scorecard").download_button] == ["Template: sales"]
    labels = [b.label for b in visit("core", "scorecard").download_button]
    assert {"Template: spend", "Template: touchpoints"} <= set(labels)


def test_one_row_per_figure_and_per_person(visit):
    app = visit("sample", "scorecard")
    figures, people = app.dataframe[0].value, app.dataframe[-1].value
    assert len(figures) == 8
    assert all(len(line) <= 8 for line in figures["last eight quarters"])
    assert list(people["person"]) == sorted(people["person"])
    assert set(people["recognised for"]) <= {"coming back", "cannot tell", ""}
    assert any("AM-02: customers come back" in html.unescape(block.value) for block in app.html)


def test_another_quarter_is_in_the_address(visit):
    app = visit("sample", "scorecard", **{"scorecard-quarter": "2026-q1"})
    assert "2026 Q1" in answer(app)
    control = next(s for s in app.selectbox if s.key == "scorecard-quarter")
    assert control.value == "2026-q1"
    control.set_value("2025-q4").run()
    assert "2025 Q4" in answer(app)
    assert app.query_params["scorecard-quarter"] in ("2025-q4", ["2025-q4"])


def test_another_figure_is_followed(visit):
    app = visit("full", "scorecard")
    next(s for s in app.selectbox if s.key == "scorecard-figure").set_value("nrr").run()
    assert not app.exception
    next(s for s in app.selectbox if s.key == "scorecard-measure").set_value("margin").run()
    assert not app.exception


def test_goals_are_kept_with_the_workspace(visit, home):
    app = visit("full", "scorecard")
    next(n for n in app.number_input if n.key == "goal repeat_rate").set_value(60.0)
    next(b for b in app.button if b.label == "Save goals").click()
    app.run()
    assert not app.exception
    assert answer(app).startswith("The one goal is met in 2026 Q3: 71 % of the buyers came back")
    with Workspace.open(home / STATES["full"][0]) as workspace:
        assert workspace.settings.goals == (("repeat_rate", 0.6),)
        workspace.change_settings(goals={})
