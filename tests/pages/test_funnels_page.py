"""The funnels page in each of the four states of a workspace, and its comparison."""

import pytest

from analytics.decisions.funnels import funnels
from analytics.warehouse.store import Workspace
from tests.pages.conftest import STATES, answer


@pytest.mark.parametrize(("state", "charts"), [("sample", 6), ("empty", 0), ("core", 4), ("full", 6)])
def test_it_answers_with_the_library_s_sentence(visit, home, state, charts):
    app = visit(state, "funnels")
    assert not app.exception
    assert not app.error
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == funnels(workspace).sentence
    assert len(app.get("plotly_chart")) == charts


def test_it_offers_the_template_of_what_is_missing(visit):
    assert [b.label for b in visit("empty", "funnels").download_button] == ["Template: sales"]
    labels = [b.label for b in visit("core", "funnels").download_button]
    assert {"Template: spend", "Template: touchpoints"} <= set(labels)


def test_two_segments_by_the_address(visit):
    address = {"funnels-compare": "segments", "funnels-first": "office", "funnels-second": "home"}
    app = visit("sample", "funnels", **address)
    assert not app.exception
    assert [box.value for box in app.main.selectbox] == ["segments", "office", "home"]
    assert any("office and home differ most at" in block.value for block in app.html)


def test_by_segment_it_says_that_money_is_not_known(visit):
    assert "not known by group" in answer(visit("sample", "funnels", segment="home"))
