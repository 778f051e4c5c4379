"""The budget page: sliders move figures, the total stays, a link reproduces a plan, scenarios and the plan are kept."""

from datetime import date

import pytest

from analytics.decisions.budget import budget
from analytics.decisions.budget_plan import Plan
from analytics.decisions.interval import Interval
from analytics.warehouse.store import Workspace
from pages.shared.budget_state import Scenario
from tests.pages.conftest import STATES, answer

LINE = "budget line {}"


def figures(app) -> str:
    return next(block.value for block in app.html if "ff-budget" in block.value)


def spends(app) -> dict[str, float]:
    return {
        s.key.removeprefix("budget line "): s.value for s in app.slider if s.key.startswith("budget line")
    }


def press(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("state", "charts"), [("sample", 2), ("empty", 0), ("core", 0), ("full", 2)])
def test_it_answers_with_the_library_s_sentence(visit, home, state, charts):
    app = visit(state, "budget")
    assert not app.exception
    assert not app.error
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == budget(workspace).sentence
    assert len(app.get("plotly_chart")) == charts


def test_without_spend_it_offers_its_template(visit):
    labels = [b.label for b in visit("core", "budget").download_button]
    assert labels == ["Template: spend"]


def test_it_begins_with_the_best_split_and_goes_back_to_today(visit):
    app = visit("sample", "budget")
    best, shown = spends(app), figures(app)
    press(app, "budget today")
    assert spends(app) != best
    assert figures(app) != shown
    press(app, "budget best")
    assert spends(app) == best
    assert figures(app) == shown


def test_a_slider_moves_the_figures_and_the_total_stays(visit):
    app = press(visit("sample", "budget"), "budget today")
    before, shown = spends(app), figures(app)
    app.slider(key=LINE.format("display")).set_value(0).run()
    after = spends(app)
    assert after["display"] == 0
    assert after["paid_search"] > before["paid_search"]
    assert sum(after.values()) == pytest.approx(sum(before.values()), abs=len(after))
    assert figures(app) != shown
    assert "display: new customers a month" in "".join(block.value for block in app.html)


def test_with_a_free_total_a_slider_moves_alone(visit):
    app = press(visit("sample", "budget"), "budget today")
    app.checkbox(key="budget free").check().run()
    before = spends(app)
    app.slider(key=LINE.format("display")).set_value(0).run()
    assert spends(app) == {**before, "display": 0}
    assert app.query_params["budget-free"] == "1"


def test_the_master_slider_moves_both_sides_and_keeps_the_total(visit):
    app = press(visit("sample", "budget"), "budget today")
    before = spends(app)
    app.slider(key="budget share").set_value(30).run()
    after = spends(app)
    assert app.slider(key="budget share").value == 30
    assert sum(after.values()) == pytest.approx(sum(before.values()), abs=len(after))
    assert all(after[name] < before[name] for name in ("affiliates", "display", "paid_search", "social_ads"))
    assert after["ambassador"] / before["ambassador"] == pytest.approx(
        after["welcome_back"] / before["welcome_back"], rel=0.02
    )


def test_a_link_reproduces_the_plan(visit):
    app = visit("sample", "budget")
    app.slider(key=LINE.format("display")).set_value(600).run()
    link = {name: value for name, value in app.query_params.items() if name != "workspace"}
    again = visit("sample", "budget", **link)
    assert spends(again) == spends(app)
    assert figures(again) == figures(app)


def test_a_plan_survives_a_change_of_pages(visit):
    app = visit("sample", "budget")
    app.slider(key=LINE.format("display")).set_value(600).run()
    before = spends(app)
    app.switch_page("pages/case.py").run()
    app.switch_page("pages/budget.py").run()
    assert spends(app) == before


def test_what_a_link_says_wrong_is_left_out(visit):
    strange = "display:-5,paid_search:nan,radio:9,,::,ambassador:1e12"
    limits = "display:1:x:y,:::,radio:1::,ambassador:::1000:9"
    app = visit(
        "sample", "budget", **{"budget-plan": strange, "budget-limits": limits, "budget-goal": "moon"}
    )
    assert not app.exception
    assert not app.error
    today = spends(press(visit("sample", "budget"), "budget today"))
    assert spends(app)["paid_search"] == today["paid_search"]
    assert spends(app)["display"] == today["display"]


def test_names_with_signs_survive_the_address():
    scenario = Scenario((("a:b,c = d & é", 12.5), ("x", 3.0)))
    assert Scenario.from_text(scenario.to_text()) == scenario


def test_limits_in_the_address_change_the_advice(visit):
    app = visit(
        "sample", "budget", **{"budget-limits": "display:1::,paid_search:::3000", "budget-risk": "expected"}
    )
    table = next(frame.value for frame in app.dataframe if "marginal_roi" in frame.value).set_index("name")
    assert table.loc["display", "lock"]
    assert table.loc["display", "best"] == table.loc["display", "now"]
    assert table.loc["paid_search", "best"] <= 3000
    assert app.slider(key=LINE.format("display")).disabled
    assert any("The lock of display" in block.value for block in app.html)


def test_limits_that_no_split_can_keep_are_said(visit):
    app = visit("sample", "budget", **{"budget-limits": "display::900:100"})
    assert not app.exception
    assert "above its maximum" in app.error[0].value


def test_a_target_instead_of_a_total(visit):
    app = visit("sample", "budget")
    app.selectbox(key="budget goal").set_value("roi").run()
    app.number_input(key="budget amount").set_value(30.0).run()
    assert not app.exception
    assert app.query_params["budget-amount"] == "0.3"
    assert sum(spends(app).values()) < 8000


def test_scenarios_are_saved_opened_compared_and_removed(visit, home):
    app = visit("full", "budget")
    app.slider(key=LINE.format("display")).set_value(600).run()
    mine = spends(app)
    app.text_input(key="budget name").set_value("more display").run()
    press(app, "budget save")
    assert any("more display" in frame.value.columns for frame in app.dataframe)
    press(app, "budget today")
    assert spends(app) != mine
    press(app, "budget open")
    assert spends(app) == mine
    app = visit("full", "budget")
    assert app.selectbox(key="budget scenario").options == ["more display"]
    press(app, "budget remove")
    assert not [box for box in app.selectbox if box.key == "budget scenario"]


def test_a_scenario_needs_a_name(visit):
    app = press(visit("full", "budget"), "budget save")
    assert app.error[0].value == "Give the scenario a name first\\."


def test_the_plan_is_kept_and_forgotten(visit):
    app = press(visit("full", "budget"), "budget mark")
    assert any("The plan begins in October 2026" in block.value for block in app.html)
    app = press(visit("full", "budget"), "budget forget")
    assert not any("The plan begins" in block.value for block in app.html)


def test_what_came_stands_beside_the_plan(visit, home):
    """A plan for the last quarter of the data, which foresees far too few."""
    few = (Interval(5, 3, 8),) * 3
    plan = Plan({"display": 800.0}, ("display",), date(2026, 7, 1), few, few, few)
    app = visit("full", "budget")
    from pages.shared import session

    workspace = session._opened(str(home / STATES["full"][0]))
    workspace.keep("plan", "plan", plan.to_json())
    app.run()
    workspace.keep("plan", "plan", None)
    assert not app.exception
    assert any("New customers of the 3 months since the plan" in block.value for block in app.html)
    assert len(app.get("plotly_chart")) == 3


def typed_in(app, **changes):
    """The form of a test's result, filled in and sent."""
    app.text_input(key="budget test name").set_value("Off in the north")
    app.selectbox(key="budget test line").set_value("paid_search")
    for part, day in (("first_day", date(2026, 3, 1)), ("last_day", date(2026, 4, 30))):
        app.date_input(key=f"budget test {part}").set_value(day)
    amounts = {"spend_with": 3_200.0, "spend_without": 0.0, "effect": 110.0, "low": 100.0, "high": 120.0}
    for part, amount in (amounts | changes).items():
        app.number_input(key=f"budget test {part}").set_value(amount)
    next(button for button in app.button if button.label == "Keep the result").click().run()
    assert not app.exception
    return app


def test_a_test_is_typed_in_shows_what_it_changed_and_is_removed(visit):
    app = visit("full", "budget")
    sentence, tables = answer(app), len(app.dataframe)
    typed_in(app, effect=60.0, low=50.0, high=70.0)
    assert not app.error
    kept, changed = (frame.value for frame in app.dataframe[-2:])
    assert kept["caused over these days (80 %)"].tolist() == ["60.0 (50.0 to 70.0)"]
    assert changed["learnt from"].tolist() == ["months alone", "with experiments"]
    assert changed["caused a month at the mean spend (80 %)"].nunique() == 2
    assert answer(app) != sentence
    assert any("The experiment Off in the north measured 60" in block.value for block in app.html)
    press(app, "budget test remove")
    assert len(app.dataframe) == tables
    assert answer(app) == sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"low": None}, "1 are empty"), ({"spend_with": 0.0}, "the first must be the larger")],
)
def test_a_test_that_cannot_be_is_said_and_not_kept(visit, changes, words):
    app = typed_in(visit("full", "budget"), **changes)
    assert any(words in error.value for error in app.error)
    assert not any(button.key == "budget test remove" for button in app.button)


def test_a_company_without_history_has_the_customer_equity_test(visit):
    app = visit("empty", "budget")
    assert any("Today a prospect is worth 2.76" in block.value for block in app.html)
    assert any("3.40 on winning and 15.80 on keeping it would be 5.78" in block.value for block in app.html)
    next(n for n in app.number_input if n.label == "Customers kept, in %").set_value(90.0)
    app.run()
    assert len(app.error) == 1
    assert "below its ceiling" in app.error[0].value


def test_sliders_are_named_in_plain_words(visit):
    labels = [s.label for s in visit("sample", "budget").slider if (s.key or "").startswith("budget")]
    assert len(labels) == 9
    assert not any(mark in label for label in labels for mark in "*_\\▏◇")
    assert any(label.startswith("paid search a month; today €") for label in labels)
