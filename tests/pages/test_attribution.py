"""The attribution page: what is asked for is what is shown, on every visit."""

import pytest

from analytics.decisions.channel_credit import CreditChoice, channel_credit
from analytics.warehouse.store import Workspace
from tests.pages.conftest import STATES, answer

CHARTS = {"sample": 3, "empty": 0, "core": 1, "full": 3}


def control(app, label: str):
    return next(box for box in app.main.selectbox if box.label == label)


@pytest.mark.parametrize("state", STATES)
def test_what_is_drawn_and_what_is_asked_for(visit, state):
    app = visit(state, "attribution")
    assert len(app.get("plotly_chart")) == CHARTS[state]
    templates = [b.label for b in app.download_button if b.label.startswith("Template")]
    assert templates == {"empty": ["Template: sales"], "core": ["Template: touchpoints"]}.get(state, [])


def test_a_chosen_model_is_kept_in_the_address_and_on_other_pages(visit, home):
    app = visit("full", "attribution")
    control(app, "Model").set_value("first")
    app.run()
    control(app, "Look-back").set_value("30")
    app.run()
    app.switch_page("pages/sources.py").run()
    app.switch_page("pages/attribution.py").run()
    assert not app.exception
    assert (app.query_params["attribution-model"], app.query_params["attribution-days"]) == ("first", "30")
    with Workspace.open(home / STATES["full"][0]) as workspace:
        asked = CreditChoice("first", look_back_days=30)
        assert answer(app) == channel_credit(workspace, choice=asked).sentence


def test_a_link_reproduces_journeys_to_reorders(visit, home):
    app = visit("full", "attribution", **{"attribution-orders": "reorder", "attribution-credit": "value"})
    with Workspace.open(home / STATES["full"][0]) as workspace:
        asked = CreditChoice(credited="margin", leads_to="reorder")
        assert answer(app) == channel_credit(workspace, choice=asked).sentence
    assert "first-year margin" not in control(app, "Share out").options


def test_an_address_that_makes_no_sense_is_not_believed(visit):
    app = visit("full", "attribution", **{"attribution-model": "<b>", "attribution-days": "-1"})
    assert not app.exception
    assert control(app, "Model").value == "markov"
    assert control(app, "Look-back").value == "90"


def test_the_order_is_the_markov_model_s_alone(visit):
    app = visit("full", "attribution", **{"attribution-model": "shapley"})
    assert control(app, "Order (Markov)").disabled
    assert control(visit("core", "attribution"), "Model").disabled


def test_a_narrowed_view_says_what_it_leaves_out(visit):
    app = visit("full", "attribution", segment="home")
    assert not app.exception
    assert any("People who never bought belong to no segment" in block.value for block in app.html)
