"""Charts and tables of the budget: what is drawn where, and that plotly knows every property of it."""

import numpy as np
import plotly.graph_objects as go
import pytest

from analytics.decisions.budget import Wish
from analytics.decisions.budget_effects import curve_points
from analytics.decisions.budget_plan import Plan, SaidAndHappened
from analytics.decisions.interval import Interval
from analytics.reporting import budget_charts, budget_tables
from tests.decisions.budget_company import advice, company

SEARCH = {"search": 150.0, "display": 50.0, "points": 100.0}


@pytest.fixture(scope="module")
def found():
    return advice()


@pytest.fixture(scope="module")
def hand(found):
    return found.simulation.of(SEARCH)


def checked(figure) -> go.Figure:
    """The figure, after plotly has looked at every property of it: what a slider moves is drawn without that."""
    go.Figure(figure.to_dict())
    return figure


def marks(figure, symbol: str) -> tuple[float, float]:
    for trace in figure.data:
        symbols = trace.marker.symbol
        if trace.mode == "markers" and not isinstance(symbols, str) and symbols and symbol in list(symbols):
            place = list(symbols).index(symbol)
            return float(trace.x[place]), float(trace.y[place])
    raise AssertionError(symbol)


def test_the_frontier_shows_today_the_best_split_and_the_plan_in_hand(found, hand):
    figure = checked(budget_charts.frontier_chart(found, hand, (0.2, 0.4)))
    assert marks(figure, "circle") == pytest.approx((1 / 3, 0))
    assert marks(figure, "star") == pytest.approx((found.model.share(found.recommended), found.gain.value))
    assert marks(figure, "diamond") == pytest.approx((1 / 3, hand.gain.value))
    shade = figure.layout.shapes[0]
    assert (shade.x0, shade.x1) == (0.2, 0.4)
    assert figure.layout.yaxis.ticktext
    assert figure.data[0].fill == "toself"


def test_a_plan_elsewhere_is_named(found):
    far = found.simulation.of({"search": 10.0, "display": 10.0, "points": 280.0})
    names = [note.text for note in budget_charts.frontier_chart(found, far, (0.2, 0.4)).layout.annotations]
    assert any("plan:" in name for name in names)
    near = found.simulation.of(found.recommended)
    names = [note.text for note in budget_charts.frontier_chart(found, near, (0.2, 0.4)).layout.annotations]
    assert not any("plan:" in name for name in names)


def test_the_extrapolation_is_dashed_and_meets_the_solid_line(found):
    line = found.model.lines[0]
    points = curve_points(found.model, line, 400.0)
    figure = checked(budget_charts.curve_chart(found, line, points, 150.0, 120.0))
    solid, dashed = (t for t in figure.data if t.mode == "lines" and t.fill is None)
    assert (solid.line.dash, dashed.line.dash) == ("solid", "dash")
    drawn = np.isfinite(np.array(solid.y, float)) | np.isfinite(np.array(dashed.y, float))
    assert drawn.all()
    assert np.isfinite(np.array(solid.y, float)).tolist() == points["observed"].tolist()
    both = np.isfinite(np.array(solid.y, float)) & np.isfinite(np.array(dashed.y, float))
    assert both.sum() == 2
    assert marks(figure, "diamond")[0] == 150


def test_the_months_are_rings_where_their_outcome_is_known(found):
    known = company(outcome=(30.0, 70.0))
    line = known.lines[0]
    figure = budget_charts.curve_chart(found, line, curve_points(known, line, 300.0), 100.0, 100.0)
    months = next(t for t in figure.data if t.marker.symbol == "circle-open")
    assert list(months.y) == [30, 70]
    assert "rings" in figure.layout.xaxis.title.text


def test_cash_by_month_and_so_far(found, hand):
    figure = checked(budget_charts.cash_chart(hand.cash, "EUR"))
    bars = next(t for t in figure.data if t.type == "bar")
    assert list(bars.y) == pytest.approx(hand.cash["cash"].tolist())
    value, cash = (t for t in figure.data if t.type == "scatter" and t.fill is None)
    assert value.xaxis == cash.xaxis == "x2"
    assert value.y[-1] == pytest.approx(cash.y[-1])


def test_scenarios_side_by_side(found, hand):
    beside = [("mine <b>", hand), ("today", found.simulation.of(found.current))]
    figure = checked(budget_charts.compare_chart(beside, "EUR"))
    assert list(figure.data[0].y) == ["mine &lt;b&gt;", "today"]
    table = budget_tables.compare_table(beside, "EUR").set_index("a month")
    assert table.loc["search"].tolist() == ["€150", "€100"]
    assert table.loc["total a month"].tolist() == ["€300", "€300"]
    assert table.loc["share on existing customers"].tolist() == ["33 %", "33 %"]


def test_a_month_outside_of_its_band_is_a_cross():
    import pandas as pd

    plan = Plan({}, (), pd.Timestamp("2026-10-01").date(), (Interval(75, 60, 90),), (), ())
    rows = [(pd.Timestamp("2026-10-01"), 75, 60, 90, 50, False, 300, 310)]
    months = pd.DataFrame(rows, columns=list(SaidAndHappened(plan, None).months.columns))
    figure = checked(budget_charts.plan_chart(SaidAndHappened(plan, "EUR", months)))
    assert list(figure.data[1].marker.symbol) == ["x"]
    assert figure.data[0].error_y.array[0] == 15
    assert budget_tables.plan_table(SaidAndHappened(plan, "EUR", months))["inside"].tolist() == [False]


def test_the_table_of_limits_holds_what_was_asked():
    wish = Wish(bounds=(("search", 20.0, None), ("points", None, 90.0)), locks=(("display", 100.0),))
    table = budget_tables.limit_table(advice(wish=wish), wish).set_index("name")
    assert table["lock"].tolist() == [False, True, False]
    assert table.loc["search", "least"] == 20
    assert table.loc["points", "most"] == 90
    assert table["best"].sum() == pytest.approx(300, abs=2)
    assert table.loc["display", "best"] == 100
