"""Charts of the scorecard: the shares of the quarter, one figure over the quarters, and people against what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions import scorecard_sentences, wording
from analytics.decisions.interval import Interval
from analytics.language import gettext as _
from analytics.reporting.charts import NEUTRAL, Figure, figure
from analytics.reporting.columns import PERSONAL
from analytics.reporting.personal import UNNAMED
from analytics.reporting.roles import role
from analytics.reporting.scorecard_tables import value_of

if TYPE_CHECKING:
    from analytics.decisions.scorecard import Line

ROW_PIXELS = 38
REFERRAL = ("referral_rate", "referrals")


def share_chart(lines: Sequence[Line]) -> Figure:
    """The figures that are shares with their 80 % range (dot), the quarter before (ring) and the goal (bar)."""
    shown = [line for line in lines if line.definition.unit == "share" and line.value.known][::-1]
    rows = list(range(len(shown)))
    ends = [
        x
        for line in shown
        for x in (line.value.value, line.value.high, line.goal, line.before.value)
        if wording.known(x)
    ]
    return figure(
        [_earlier(shown), _goals(shown), *[_dot(line, row) for row, line in enumerate(shown)]],
        _("The quarter's shares (ring: the quarter before; bar: the goal)") if _has_goal(shown)
        else _("The quarter's shares (ring: the quarter before)"),
        x={"tickformat": ".0%", "range": [0, 1.05 * max([*ends, 0.5])]},
        y={"tickvals": rows, "ticktext": [line.definition.label for line in shown], "showgrid": False,
           "range": [-0.6, len(shown) - 0.4], "tickfont": {"size": 12.5}},
        annotations=[_value_beside(line, row) for row, line in enumerate(shown)],
        height=76 + ROW_PIXELS * len(shown), right=128,
    )  # fmt: skip


def history_chart(line: Line) -> Figure:
    """One figure over the quarters with its 80 % ranges, and its goal as a dotted line."""
    known = [(day, past) for day, past in line.history if past.known]
    mine = role(_role(line.name))
    values = [past.value for _day, past in known]
    goal = wording.known(line.goal)
    ends = [past.high if wording.known(past.high) else past.value for _day, past in known]
    top = max([*ends, *([line.goal] if goal else []), 1e-9])
    unit = {"tickformat": ".0%"} if line.definition.unit == "share" else {"title": _("days")}
    return figure(
        [{"type": "scatter", "mode": "lines+markers", "x": [wording.quarter_on_axis(day) for day, _past in known],
          "y": values, "line": {"color": mine.color, "width": 2.5},
          "marker": {"color": mine.color, "symbol": mine.symbol, "size": 9}, "cliponaxis": False,
          "error_y": {"array": [_reach(past.high, past.value) for _day, past in known],
                      "arrayminus": [_reach(past.value, past.low) for _day, past in known],
                      "color": mine.color, "thickness": 1.3, "width": 4},
          "customdata": [scorecard_sentences.with_range(past, line.definition.unit) for _day, past in known],
          "hovertemplate": "%{x}: %{customdata}<extra></extra>"}],
        _("{figure}, quarter by quarter").format(figure=line.definition.label),
        x={"type": "category", "showgrid": False, "tickangle": 0},
        y={**unit, "range": [0, 1.12 * top]},
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": line.goal, "y1": line.goal,
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}] if goal else [],
        annotations=[_goal_note(line)] if goal else [],
        height=320, right=86 if goal else 24,
    )  # fmt: skip


def people_chart(rows: pd.DataFrame, title: str, currency: str | None) -> Figure:
    """People.of(measure): each person's ratio to what is expected, with its 80 % range, by name; 1 is as expected."""
    rows = rows[rows["ratio"].notna()].iloc[::-1].reset_index(drop=True)
    measure = rows["measure"].iloc[0] if len(rows) else ""
    mine = role(_role(measure))
    above = (rows["verdict"] == "above").to_numpy()
    hovers = [
        _("{person}: {value}, expected {expected}; against that {ratio}, of {customers} customers").format(
            person=escape(str(row.rep_id)), value=value_of(measure, row.value, currency),
            expected=value_of(measure, row.expected, currency), customers=wording.number(row.customers),
            ratio=wording.with_range(Interval(row.ratio, row.low, row.high)),
        )
        for row in rows.itertuples()
    ]  # fmt: skip
    return figure(
        [{"type": "scatter", "mode": "markers", "x": rows["ratio"], "y": rows.index,
          "marker": {"color": np.where(above, mine.color, NEUTRAL), "symbol": mine.symbol, "size": 11},
          "error_x": {"array": rows["high"] - rows["ratio"], "arrayminus": rows["ratio"] - rows["low"],
                      "color": NEUTRAL, "thickness": 1.6, "width": 4},
          "customdata": hovers, "hovertemplate": "%{customdata}<extra></extra>", "meta": PERSONAL}],
        title,
        x={"title": _("against what is expected of the same segments (1: as expected)")},
        y={"tickvals": list(rows.index), "ticktext": [escape(str(name)) for name in rows["rep_id"]], "showgrid": False,
           "range": [-0.6, len(rows) - 0.4]},
        annotations=[_customers_beside(row, above[row.Index]) for row in rows.itertuples()],
        shapes=[{"type": "line", "x0": 1, "x1": 1, "yref": "paper", "y0": 0, "y1": 1,
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}],
        meta={UNNAMED: {"yaxis": {"ticktext": [_("person {number}").format(number=row + 1) for row in rows.index[::-1]]}}},
        height=96 + 28 * len(rows), right=120,
    )  # fmt: skip


def _dot(line: Line, row: int) -> dict:
    mine, value = role(_role(line.name)), line.value
    return {
        "type": "scatter", "mode": "markers", "x": [value.value], "y": [row],
        "marker": {"color": mine.color, "symbol": mine.symbol, "size": 12},
        "error_x": {"array": [_reach(value.high, value.value)], "arrayminus": [_reach(value.value, value.low)],
                    "color": mine.color, "thickness": 2.5, "width": 5},
        "customdata": [scorecard_sentences.with_range(value, "share")],
        "hovertemplate": escape(line.definition.label) + ": %{customdata}<extra></extra>",
    }  # fmt: skip


def _earlier(lines: list[Line]) -> dict:
    places = [(line.before.value, row) for row, line in enumerate(lines) if line.before.known]
    return {
        "type": "scatter", "mode": "markers", "x": [x for x, _row in places], "y": [row for _x, row in places],
        "marker": {"color": NEUTRAL, "symbol": "circle-open", "size": 12, "line": {"width": 2}},
        "hovertemplate": _("the quarter before: %{x:.1%}") + "<extra></extra>",
    }  # fmt: skip


def _goals(lines: list[Line]) -> dict:
    places = [(line.goal, row) for row, line in enumerate(lines) if wording.known(line.goal)]
    return {
        "type": "scatter", "mode": "markers", "x": [x for x, _row in places], "y": [row for _x, row in places],
        "marker": {"color": NEUTRAL, "symbol": "line-ns", "size": 22, "line": {"width": 3, "color": NEUTRAL}},
        "hovertemplate": _("goal: %{x:.1%}") + "<extra></extra>",
    }  # fmt: skip


def _value_beside(line: Line, row: int) -> dict:
    value = scorecard_sentences.written(line.value.value, "share")
    status = scorecard_sentences.STATUS[line.status]
    return _beside(row, f"<b>{value}</b> {status}")


def _customers_beside(row, above: bool) -> dict:
    text = _("{count} customers").format(count=wording.number(row.customers))
    return _beside(row.Index, f"<b>{text}</b>" if above else text)


def _beside(y: float, text: str) -> dict:
    return {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": y, "showarrow": False, "align": "left",
            "text": text, "font": {"size": 12.5}}  # fmt: skip


def _goal_note(line: Line) -> dict:
    goal = scorecard_sentences.written(line.goal, line.definition.unit)
    return _beside(line.goal, _("goal<br>{goal}").format(goal=goal))


def _has_goal(lines: list[Line]) -> bool:
    return any(wording.known(line.goal) for line in lines)


def _reach(high: float, low: float) -> float:
    return max(high - low, 0.0) if wording.known(high - low) else 0.0


def _role(name: str) -> str:
    return "referral" if name in REFERRAL else "retention"
