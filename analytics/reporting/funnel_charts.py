"""What a unit of budget yields at the ends of the two funnels, and two groups held against each other."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import wording
from analytics.decisions.funnel_sentences import STAGE_LABELS, amount
from analytics.language import gettext as _
from analytics.models.funnels import FUNNELS
from analytics.reporting.charts import NEUTRAL, Figure, figure
from analytics.reporting.roles import role

if TYPE_CHECKING:
    import pandas as pd

    from analytics.decisions.funnel_difference import FunnelDifference

ROLE = {"aidas": role("acquisition").color, "flipped": role("retention").color}
LOOP = role("referral").color


def yield_chart(yields: pd.DataFrame, outcomes: tuple[str, ...], title: str) -> Figure:
    """Funnels.yields_by_quarter of some outcomes, with 80 % intervals; a quarter that is not finished is hollow."""
    lines = yields[yields["outcome"].isin(outcomes) & yields["per_thousand"].notna()]
    quarters = sorted(lines["quarter"].unique())
    places = {quarter: place for place, quarter in enumerate(quarters)}
    traces, notes = [], []
    for number, outcome in enumerate(outcomes):
        mine = lines[lines["outcome"] == outcome]
        if len(mine):
            traces.append(_yield_line(outcome, mine, places, 0.06 * (number - (len(outcomes) - 1) / 2)))
            notes.append(_yield_name(outcome, mine, places))
    top = 1.12 * float(lines["high"].max()) if len(lines) else 1.0
    return figure(
        traces,
        title,
        x={"tickvals": list(places.values()), "ticktext": _quarter_names(quarters),
           "range": [-0.4, len(quarters) - 0.6], "showgrid": False, "tickangle": 0},
        y={"title": _("people per 1,000 of cost"), "range": [0, top]},
        annotations=_apart(notes, top),
        height=300, right=124,
    )  # fmt: skip


def difference_chart(found: FunnelDifference) -> Figure:
    """Steps of FunnelDifference: the first as filled marks, the second as hollow ones, with 80 % intervals."""
    steps = found.steps[found.steps[["share_first", "share_second"]].notna().any(axis=1)][::-1]
    y = np.arange(len(steps))
    labels = [_step_label(line.funnel, line.stage) for line in steps.itertuples()]
    spans = [
        {"type": "line", "x0": a, "x1": b, "y0": row, "y1": row, "line": {"color": NEUTRAL, "width": 2}}
        for row, a, b in zip(y, steps["share_first"], steps["share_second"], strict=True)
        if np.isfinite(a) and np.isfinite(b)
    ]
    return figure(
        [_side_marks(steps, y, side, name) for side, name in (("second", found.second), ("first", found.first))],
        _("{first} (filled) against {second} (hollow), step by step").format(
            first=escape(found.first), second=escape(found.second)
        ),
        x={"tickformat": ".0%", "range": [0, 1.04],
           "title": _("AIDAS: share of the step before; flipped: share of all customers")},
        y={"tickvals": y, "ticktext": labels, "showgrid": False, "range": [-0.6, len(steps) - 0.4]},
        shapes=spans, height=100 + 34 * len(steps),
    )  # fmt: skip


def _quarter_names(quarters: list) -> list[str]:
    """Q4, Q1 …, with the year below the first one and every first quarter."""
    names = []
    for quarter in quarters:
        year, name = wording.quarter_on_axis(quarter).split("<br>")
        names.append(f"{name}<br>{year}" if not names or quarter.month == 1 else name)
    return names


def _outcome_color(outcome: str) -> str:
    if outcome == "new customers":
        return LOOP
    return ROLE["aidas"] if outcome in FUNNELS["aidas"] else ROLE["flipped"]


def _yield_line(outcome: str, mine: pd.DataFrame, places: dict, shift: float) -> dict:
    color = _outcome_color(outcome)
    return {
        "type": "scatter", "mode": "lines+markers", "x": [places[q] + shift for q in mine["quarter"]],
        "y": mine["per_thousand"].to_numpy(), "line": {"color": color, "width": 2},
        "marker": {"size": 9, "color": color,
                   "symbol": [_symbol(outcome, finished) for finished in mine["finished"]]},
        "error_y": {"array": (mine["high"] - mine["per_thousand"]).to_numpy(), "color": color, "thickness": 1.2, "width": 3,
                    "arrayminus": (mine["per_thousand"] - mine["low"]).to_numpy()},
        "customdata": [_yield_text(line) for line in mine.itertuples()],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _symbol(outcome: str, finished: bool) -> str:
    shape = {"satisfaction": "circle", "new customers": "square", "activation": "triangle-up"}.get(
        outcome, "diamond"
    )
    return shape if finished else f"{shape}-open"


def _yield_text(line) -> str:
    text = _("{quarter}: {value} ({low} to {high}) of {people} people").format(
        quarter=wording.quarter(line.quarter), value=amount(line.per_thousand), low=amount(line.low),
        high=amount(line.high), people=wording.number(line.people),
    )  # fmt: skip
    return text if line.finished else _("{text}, not finished").format(text=text)


def _yield_name(outcome: str, mine: pd.DataFrame, places: dict) -> dict:
    names = {"satisfaction": _("satisfied<br>customers"), "new customers": _("new customers<br>brought"),
             "acknowledgement": _("thanked"), "activation": _("activated")}  # fmt: skip
    last = mine.iloc[-1]
    value = amount(last["per_thousand"])
    return {"x": places[last["quarter"]] + 0.2, "y": last["per_thousand"], "xanchor": "left", "showarrow": False,
            "align": "left", "text": f"<b>{value}</b> {names[outcome]}", "font": {"size": 12.5}}  # fmt: skip


def _apart(notes: list[dict], top: float) -> list[dict]:
    """Names that would lie on one another are moved apart."""
    ordered = sorted(notes, key=lambda note: note["y"])
    for lower, upper in pairwise(ordered):
        upper["y"] = max(upper["y"], lower["y"] + 0.17 * top)
    return ordered


def _step_label(funnel: str, stage: str) -> str:
    color = ROLE[funnel]
    return f"{STAGE_LABELS[stage]}  <span style='color:{color}'>{'●' if funnel == 'aidas' else '◆'}</span>"


def _side_marks(steps: pd.DataFrame, y: np.ndarray, side: str, name: str) -> dict:
    symbols = {"aidas": "circle", "flipped": "diamond"}
    share = steps[f"share_{side}"]
    return {
        "type": "scatter", "mode": "markers", "x": share.to_numpy(), "y": y,
        "marker": {"size": 12, "color": [ROLE[f] for f in steps["funnel"]], "line": {"width": 2},
                   "symbol": [symbols[f] + ("" if side == "first" else "-open") for f in steps["funnel"]]},
        "error_x": {"array": (steps[f"high_{side}"] - share).to_numpy(), "color": NEUTRAL, "thickness": 1.5, "width": 4,
                    "arrayminus": (share - steps[f"low_{side}"]).to_numpy()},
        "customdata": [f"{escape(name)}: {wording.percent(s, 1)}" for s in share],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
