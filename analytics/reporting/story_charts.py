"""Charts that only slides show: booked beside caused margin, the return of the next unit by line, and the power of a test."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import wording
from analytics.decisions.interval import Interval
from analytics.language import gettext as _
from analytics.reporting.charts import NEUTRAL, Figure, figure, money_axis
from analytics.reporting.roles import role

if TYPE_CHECKING:
    import pandas as pd

    from analytics.decisions.next_test import NextTest

ZERO = {"color": NEUTRAL, "width": 1.5, "dash": "dot"}
BOOKED = 0.35  # how strongly what the books show is drawn, beside what was caused
DASHES = ("dot", "dash", "solid")
LONGEST_NAME = 28


def caused_chart(margins: pd.DataFrame, currency: str | None) -> Figure:
    """Bars of frame[motion, lens, margin, low, high] from the top, booked pale, caused full, with 80 % ranges."""
    lines = margins[margins["margin"].notna()]
    rows = [(line, Interval(line.margin, line.low, line.high)) for line in lines.itertuples()][::-1]
    ends = [0.0, *(x for _line, i in rows for x in (i.value, i.low, i.high) if wording.known(x))]
    low, high = min(ends), max(ends)
    texts = [
        wording.with_range(interval, lambda money: wording.money(money, currency)) for _line, interval in rows
    ]
    bars = {
        "type": "bar", "orientation": "h", "x": [i.value for _line, i in rows], "y": list(range(len(rows))), "width": 0.62,
        "marker": {"color": [_shade(line) for line, _i in rows]},
        "error_x": _spread([interval for _line, interval in rows]),
        "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    return figure(
        [bars, _texts_beside([i for _line, i in rows], texts)],
        _("Margin in the books, and margin that was caused"),
        x=money_axis(_("margin"), [low, high], currency) | {"range": [low, low + 1.5 * (high - low)]},
        y={"tickvals": list(range(len(rows))), "ticktext": [_bar_name(line) for line, _i in rows], "showgrid": False,
           "tickfont": {"size": 13}},
        height=130 + 48 * len(rows),
    )  # fmt: skip


def marginal_chart(lines: pd.DataFrame) -> Figure:
    """Budget.lines by what the next unit of money returns beyond itself, the best at the top, with 80 % ranges."""
    rows = lines.sort_values("marginal_roi", kind="stable").reset_index(drop=True)
    found = [Interval(*ends) for ends in zip(rows["marginal_roi"], rows["low"], rows["high"], strict=True)]
    ends = [0.0, *(x for i in found for x in (i.low, i.value, i.high) if wording.known(x))]
    low, span = min(ends), max(max(ends) - min(ends), 0.5)
    texts = [wording.with_range(interval) for interval in found]
    roles = [role(motion) for motion in rows["motion"]]
    dots = {
        "type": "scatter", "mode": "markers", "x": [i.value for i in found], "y": list(range(len(found))),
        "marker": {"color": [r.color for r in roles], "symbol": [r.symbol for r in roles], "size": 12},
        "error_x": _spread(found), "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    return figure(
        [dots, _texts_beside(found, texts)],
        _("What the next unit of budget returns, by line"),
        x={"title": _("earned beyond the next unit spent<br>(0: it just earns itself back)"),
           "range": [low - 0.06 * span, low + 1.4 * span]},
        y={"tickvals": list(range(len(rows))), "showgrid": False, "range": [-0.6, len(rows) - 0.4],
           "ticktext": [f"<b>{escape(_short(name))}</b>  {mine.label}" for name, mine in zip(rows["name"], roles, strict=True)]},
        shapes=[_upright(0.0)],
        height=110 + 30 * len(rows), margin={"l": 8, "r": 24, "t": 44, "b": 56},
    )  # fmt: skip


def power_chart(curves: pd.DataFrame, test: NextTest) -> Figure:
    """power_curves: the chance that the test shows the difference, by weeks, for each share left alone; ★ what is advised."""
    shares = sorted(curves["share"].unique())
    dashes = dict(zip(shares[::-1], DASHES[::-1], strict=False))
    lines = [_power_line(curves[curves["share"] == share], dashes.get(share, "dot")) for share in shares]
    star = {
        "type": "scatter", "mode": "markers", "x": [test.weeks], "y": [test.power],
        "marker": {"symbol": "star", "size": 18, "color": role("retention").color}, "hoverinfo": "skip", "cliponaxis": False,
    }  # fmt: skip
    last = curves.groupby("share").tail(1)
    return figure(
        [*lines, star],
        _("How likely the test shows the difference, by how long it runs"),
        x={"title": _("weeks"), "range": [0, float(curves["weeks"].max()) + 1], "showgrid": False},
        y={"title": _("probability to see it"), "tickformat": ".0%", "range": [0, 1.02]},
        annotations=[*(_end_name(line) for line in last.itertuples()), _level_name(test.power)],
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": test.power, "y1": test.power, "line": ZERO,
                 "layer": "below"}],
        height=340, right=120,
    )  # fmt: skip


def _power_line(line: pd.DataFrame, dash: str) -> dict:
    return {
        "type": "scatter", "mode": "lines", "x": line["weeks"].to_numpy(), "y": line["power"].to_numpy(float),
        "line": {"color": role("retention").color, "width": 2.5, "dash": dash},
        "hovertemplate": _("{share} left alone").format(share=wording.percent(line["share"].iloc[0]))
        + ", %{x}: %{y:.0%}<extra></extra>",
    }  # fmt: skip


def _end_name(line) -> dict:
    return {
        "x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "y": line.power, "showarrow": False, "font": {"size": 12.5},
        "text": _("{share} left alone").format(share=wording.percent(line.share)),
    }  # fmt: skip


def _level_name(power: float) -> dict:
    return {
        "x": 0.01, "xref": "paper", "xanchor": "left", "y": power, "yanchor": "bottom", "showarrow": False,
        "text": _("{power}: enough to settle it").format(power=wording.percent(power)), "font": {"size": 12},
    }  # fmt: skip


def _spread(found: list[Interval]) -> dict:
    return {
        "array": np.array([i.high - i.value for i in found]), "arrayminus": np.array([i.value - i.low for i in found]),
        "color": NEUTRAL, "thickness": 2, "width": 5,
    }  # fmt: skip


def _texts_beside(found: list[Interval], texts: list[str]) -> dict:
    """The numbers to the right of their range and of the line at 0."""
    ends = [i.high if wording.known(i.high) else i.value for i in found]
    return {
        "type": "scatter", "mode": "text", "x": [max(end, 0.0) for end in ends], "y": list(range(len(found))),
        "text": [f"   {text}" for text in texts], "textposition": "middle right", "textfont": {"size": 13},
        "cliponaxis": False, "hoverinfo": "skip",
    }  # fmt: skip


def _shade(line) -> str:
    color = role(line.motion).color
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{BOOKED})" if line.lens == "booked" else color


def _bar_name(line) -> str:
    names = {"booked": _("booked"), "incremental": _("caused")}
    side = f"<b>{role(line.motion).label}</b>  " if line.lens == "booked" else ""
    return f"{side}{names[line.lens]}"


def _upright(x: float) -> dict:
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": ZERO,
        "layer": "below",
    }


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
