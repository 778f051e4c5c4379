"""Every page works in each of the four states, and says what the library says."""

import pytest

from analytics.decisions.case import case
from analytics.decisions.channel_credit import channel_credit
from analytics.decisions.coverage import coverage
from analytics.decisions.sources import sources
from analytics.warehouse.store import Workspace
from tests.pages.conftest import PAGES, STATES, answer

SAID = {"case": case, "data": coverage, "sources": sources, "attribution": channel_credit}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("state", STATES)
def test_a_page_answers_with_the_library_s_sentence(visit, home, state, name):
    app = visit(state, name)
    assert not app.exception
    assert not app.error
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == SAID[name](workspace).sentence


@pytest.mark.parametrize(("state", "charts"), [("sample", 3), ("empty", 0), ("core", 1), ("full", 3)])
def test_no_chart_is_drawn_without_data(visit, state, charts):
    assert len(visit(state).get("plotly_chart")) == charts


@pytest.mark.parametrize("name", ["case", "sources"])
def test_a_page_without_data_offers_the_template_of_what_is_missing(visit, name):
    assert [b.label for b in visit("empty", name).download_button] == ["Template: sales"]
    assert "Template: spend" in [b.label for b in visit("core", name).download_button]


def test_the_sample_is_labelled_and_left_with_one_click(visit):
    app = visit("sample")
    assert any("Sample company, made up" in block.value for block in app.html)
    next(b for b in app.sidebar.button if b.label == "Leave the sample").click()
    app.run()
    assert answer(app).startswith("Not enough data")
    assert app.query_params["workspace"] == "my-company"


def test_a_first_visit_opens_the_sample(home, repository, monkeypatch, tmp_path):
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("FLIPPED_FUNNEL_HOME", str(tmp_path))
    app = AppTest.from_file(str(repository / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert app.query_params["workspace"] == "sample"
    assert "measured on a holdout of 9 %" in answer(app)
