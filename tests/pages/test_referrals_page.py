"""The referrals page in each of the four states of a workspace."""

import pytest

from analytics.decisions.referrals import referrals
from analytics.warehouse.sample import sample_file
from analytics.warehouse.store import Workspace
from tests.pages.conftest import STATES, answer


@pytest.mark.parametrize(("state", "charts"), [("sample", 6), ("empty", 0), ("core", 6), ("full", 6)])
def test_it_answers_with_the_library_s_sentence(visit, home, state, charts):
    app = visit(state, "referrals")
    assert not app.exception
    assert not app.error
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == referrals(workspace).sentence
    assert len(app.get("plotly_chart")) == charts


def test_without_a_referrals_export_it_offers_its_template(visit, home):
    with Workspace.open(home / "no-referrals") as workspace:
        assert workspace.ingest(sample_file("sales"), "sales").committed
    app = visit("core", "referrals", workspace="no-referrals")
    assert not app.exception
    assert answer(app) == "No referrals are loaded."
    assert [b.label for b in app.download_button] == ["Template: referrals"]


def test_the_corner_is_kept_in_the_address(visit):
    app = visit("sample", "referrals")
    control = next(c for c in app.get("button_group") if c.key == "referrals-corner")
    assert control.value == "advocates"
    control.set_value("affluents").run()
    assert not app.exception
    assert app.query_params["referrals-corner"] == "affluents"
    assert any("bring nobody" in block.value for block in app.html)


def test_filters_that_leave_nobody_are_said(visit):
    app = visit("sample", "referrals", segment="nowhere")
    assert not app.exception
    assert "choose fewer filters" in answer(app)


def test_in_core_data_what_is_not_known_is_said(visit):
    texts = " ".join(block.value for block in visit("core", "referrals").html)
    assert "touchpoints are not loaded" in texts
    assert "spend is not known" in texts
