"""The retention page in each of the four states, and with its controls."""

import pytest

from analytics.decisions.leaving import leaving
from analytics.warehouse.store import Workspace
from tests.pages.conftest import STATES, answer

CHARTS = {"sample": 5, "empty": 0, "core": 5, "full": 5}


@pytest.mark.parametrize("state", STATES)
def test_the_page_says_what_the_library_says(visit, home, state):
    app = visit(state, "retention")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == CHARTS[state]
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == leaving(workspace).sentence


def test_without_data_it_offers_the_template(visit):
    app = visit("empty", "retention")
    assert [b.label for b in app.download_button] == ["Template: sales"]
    assert answer(app) == "No orders are loaded."


def test_the_definition_is_kept_in_the_address(visit):
    app = visit("core", "retention")
    app.selectbox(key="retention-definition").select("active in month n or later").run()
    assert not app.exception
    assert app.query_params["retention-definition"] == "active in month n or later"


@pytest.mark.parametrize(
    ("key", "value"), [("retention-measure", "revenue"), ("retention-age", "1"), ("retention-against", "4")]
)
def test_each_control_can_be_used(visit, key, value):
    app = visit("core", "retention")
    app.selectbox(key=key).select(value).run()
    assert not app.exception
    assert app.selectbox(key=key).value == value


def test_the_budget_decides_how_many_are_listed(visit):
    app = visit("core", "retention")
    app.number_input(key="offer cost").set_value(10.0)
    app.number_input(key="offer budget").set_value(250.0).run()
    assert not app.exception
    assert 25 in [len(table.value) for table in app.dataframe]
    assert any("With" in block.value and "these 25 customers" in block.value for block in app.html)


def test_days_without_cohorts_leave_the_rest_of_the_page(visit):
    app = visit("core", "retention", **{"from": "2019-01-01", "to": "2019-12-31"})
    assert not app.exception
    assert "are slipping" in answer(app)
