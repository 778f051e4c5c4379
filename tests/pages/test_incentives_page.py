"""The incentives page in each of the four states of a workspace, and with its control."""

import pytest

from analytics.decisions.incentives import incentives
from analytics.warehouse.store import Workspace
from tests.pages.conftest import STATES, answer

CHARTS = {"sample": 4, "empty": 0, "core": 1, "full": 4}


@pytest.mark.parametrize("state", STATES)
def test_the_page_says_what_the_library_says(visit, home, state):
    app = visit(state, "incentives")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == CHARTS[state]
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == incentives(workspace).sentence


def test_without_a_holdout_it_says_how_to_get_one(visit):
    app = visit("core", "incentives")
    assert answer(app).startswith("If 60 % (40 to 80 %) would have come anyway: ")
    assert "Template: touchpoints" in [b.label for b in app.download_button]


def test_without_data_it_offers_the_template(visit):
    assert [b.label for b in visit("empty", "incentives").download_button] == ["Template: sales"]


def test_the_chosen_programme_is_kept_in_the_address(visit):
    app = visit("sample", "incentives")
    control = next(c for c in app.get("button_group") if c.key == "incentives-programme")
    control.set_value("birthday_gift").run()
    assert not app.exception
    assert app.query_params["incentives-programme"] == "birthday_gift"
    assert any("by segment and tenure: birthday_gift" in block.value for block in app.html)


def test_a_link_opens_the_chosen_programme(visit):
    app = visit("full", "incentives", **{"incentives-programme": "loyalty_points"})
    assert any("by segment and tenure: loyalty_points" in block.value for block in app.html)


def test_it_says_that_it_does_not_keep_to_the_chosen_days(visit):
    """An offer works beyond any window, so the numbers are of all days, and the badge tells so."""
    whole = visit("sample", "incentives")
    some = visit("sample", "incentives", **{"from": "2026-01-01", "to": "2026-03-31"})
    assert answer(some) == answer(whole)
    assert any("All days on file, not only those chosen" in block.value for block in some.html)
    assert not any("not only those chosen" in block.value for block in whole.html)
