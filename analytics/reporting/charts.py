"""Charts: each function makes a figure from a tidy frame and computes no metric.

Titles, units, fonts, colours by role and intervals come from one finish. Text from files is escaped: plotly would
read it as HTML. Page colours (text, grid, background) are left to the page's theme, so that light and dark work.
A figure is made at once from its parts: adding them one by one takes ten times as long.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from textwrap import wrap
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from analytics.decisions import wording
from analytics.decisions.interval import Interval
from analytics.decisions.window import month_end
from analytics.intake.contract import KIND_LABELS
from analytics.language import gettext as _
from analytics.reporting.moving import SentAsItIs
from analytics.reporting.roles import (
    LENS_LABELS,
    MOTION_LABELS,
    ROLES,
    SOURCE_LABELS,
    role,
    role_of_source,
)

Figure = go.Figure  # for modules that only name the type
script = get_plotlyjs  # () -> str: the whole of plotly.js, for a file that works without a network
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}
NEUTRAL = ROLES["neutral"].color
FAINT = "rgba(123,135,148,0.18)"
SMALL_SHARE = 0.24  # a part smaller than this has no room for its name
SIDES = ("acquisition", "retention")
SOURCE_ORDER = ("reorder", "referral", "new", "unknown")
PATTERNS = {"unknown": "/"}
HEAT = [[0, "rgba(123,135,148,0.06)"], [1, "rgba(123,135,148,0.62)"]]
STATES = ("none", "partial", "full")
COVERAGE = [[0, "rgba(123,135,148,0.10)"], [0.5, "rgba(0,114,178,0.35)"], [1, "#0072b2"]]


def lens_chart(lenses: pd.DataFrame, needs: str) -> go.Figure:
    """Dots with 80 % ranges of Case.lenses on one axis; `needs` stands in the row of a lens without numbers."""
    rows = _lens_rows(lenses)
    known = [row for row in rows if row.roi.known]
    ends = [
        0.0,
        *(x for row in known for x in (row.roi.low, row.roi.value, row.roi.high) if wording.known(x)),
    ]
    low, span = min(ends), max(max(ends) - min(ends), 0.5)
    sides = [[row for row in known if row.motion == motion] for motion in SIDES]
    return figure(
        [_dots(mine, motion) for motion, mine in zip(SIDES, sides, strict=True)] + [_range_texts(known)],
        _("What each unit spent returns: acquisition and retention, by lens"),
        x={"title": _("earned beyond each unit spent<br>(0: it just earns itself back)"),
           "range": [low - 0.06 * span, low + 1.34 * span]},
        y={"tickvals": [row.y for row in rows], "ticktext": [row.label for row in rows], "showgrid": False,
           "range": [-0.6, rows[-1].y + 0.6]},
        annotations=[_lens_note(row, needs) for row in rows if not row.roi.known],
        shapes=[{"type": "line", "x0": 0, "x1": 0, "y0": min(row.y for row in known or rows) - 0.6,
                 "y1": rows[-1].y + 0.6, "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}],
        height=310,
    )  # fmt: skip


def break_even_chart(
    lines: pd.DataFrame, break_even: Interval, assumed: Interval, grade: str = "C"
) -> go.Figure:
    """Both incremental returns of Case.break_even_lines over the baseline share, and where they cross."""
    wide = lines.pivot(index="baseline_share", columns="motion", values="roi")
    traces = [_share_line(wide.index.to_numpy(), wide[motion].to_numpy(), motion) for motion in SIDES]
    annotations = [*_line_names(wide), _assumed_note(assumed, grade)]
    if 0 <= break_even.value <= 1:
        y = float(np.interp(break_even.value, wide.index, wide["retention"]))
        traces.append(_crossing(break_even, y))
        annotations.append(_crossing_note(break_even, y))
    band = {"type": "rect", "x0": assumed.low, "x1": assumed.high, "yref": "paper", "y0": 0, "y1": 1,
            "fillcolor": FAINT, "line": {"width": 0}, "layer": "below"}  # fmt: skip
    return figure(
        traces,
        _("From which share on would acquisition be ahead?"),
        x={"title": _("part of reorders and referrals that would have come anyway"), "range": [0, 1], "tickformat": ".0%"},
        y={"title": _("return on investment")},
        annotations=annotations, shapes=[band], top=62,
    )  # fmt: skip


def revenue_chart(revenue: pd.DataFrame, first_day: date, last_day: date, currency: str | None) -> go.Figure:
    """Case.revenue_by_quarter as stacked bars; quarters that the days cover in part are named so."""
    wide = revenue.pivot(index="quarter", columns="source", values="revenue").fillna(0.0).sort_index()
    quarters = list(pd.DatetimeIndex(wide.index).date)
    labels = [_quarter_label(day, day == quarters[0], first_day, last_day) for day in quarters]
    sources = [source for source in SOURCE_ORDER if source in wide]
    return figure(
        [_source_bars(source, wide[source], currency) for source in sources],
        _("Where revenue came from, by quarter"),
        x={"tickvals": np.arange(len(labels)), "ticktext": labels, "tickangle": 0, "showgrid": False},
        y=money_axis(_("revenue"), [wide.clip(upper=0).sum(axis=1).min(), wide.clip(lower=0).sum(axis=1).max()], currency),
        annotations=[_source_name(source, y) for source, y in _label_places(wide[sources].iloc[-1]).items()],
        right=140, barmode="relative", bargap=0.3,
    )  # fmt: skip


def share_bars(bars: pd.DataFrame, currency: str | None) -> go.Figure:
    """Two bars one above the other: Sources.bars, the budget's and revenue's parts in percent; none for an unknown one."""
    names = {"budget": _("Budget"), "revenue": _("Revenue")}
    bars = bars[bars["share"].notna()]
    order = [name for bar, name in reversed(names.items()) if bar in set(bars["bar"])]
    parts = bars.assign(
        bar=bars["bar"].map(names), begin=bars.groupby("bar")["share"].cumsum() - bars["share"]
    )
    return figure(
        [_part_bar(part, currency) for part in parts.itertuples()],
        _("Share of the budget, and of the revenue that stands beside it") if order[1:] else _("Share of revenue by source"),
        x={"title": _("share of the bar"), "range": [0, 1], "tickformat": ".0%"},
        y={"categoryorder": "array", "categoryarray": order, "showgrid": False, "tickfont": {"size": 14}},
        annotations=_part_labels(parts),
        height=110 + 105 * len(order), barmode="overlay",
    )  # fmt: skip


def channel_heat(by_quarter: pd.DataFrame, currency: str | None) -> go.Figure:
    """Revenue of Sources.by_quarter as a heat table: one row per channel or programme, largest first."""
    lines = zip(by_quarter["name"], by_quarter["motion"], strict=True)
    named = by_quarter.assign(row=[_line_label(name, motion) for name, motion in lines])
    wide = named.pivot_table(index="row", columns="quarter", values="revenue", aggfunc="sum", sort=False)
    wide = wide.loc[wide.sum(axis=1).sort_values().index, sorted(wide.columns)]
    texts = [[wording.money(v, currency) if np.isfinite(v) else "" for v in row] for row in wide.to_numpy()]
    cells = {
        "type": "heatmap", "z": wide.to_numpy(), "x": [wording.quarter(day) for day in wide.columns],
        "y": list(wide.index), "text": texts, "texttemplate": "%{text}", "textfont": {"size": 12.5},
        "xgap": 2, "ygap": 2, "showscale": False, "zmin": 0, "colorscale": HEAT,
        "hovertemplate": "%{y}, %{x}: %{text}<extra></extra>",
    }  # fmt: skip
    return figure(
        [cells],
        _("Revenue by channel and quarter"),
        x={"side": "top", "showgrid": False},
        y={"showgrid": False},
        height=90 + 30 * len(wide),
        top=70,
    )


def coverage_chart(coverage: pd.DataFrame, kinds: Sequence[str]) -> go.Figure:
    """Calendar kind × month of frame[kind, month, state, rows]: full, partial or none; `kinds` from the top."""
    wide = (
        coverage.pivot(index="kind", columns="month", values="state")
        .reindex(list(kinds)[::-1])
        .fillna("none")
    )
    rows = coverage.pivot(index="kind", columns="month", values="rows").reindex_like(wide).fillna(0)
    z = wide.map(STATES.index).to_numpy()
    cells = {
        "type": "heatmap", "z": z, "x": np.arange(z.shape[1]), "y": [KIND_LABELS[kind] for kind in wide.index], "xgap": 3, "ygap": 3,
        "text": np.array(["·", "◐", ""])[z], "texttemplate": "%{text}", "colorscale": COVERAGE, "zmin": 0, "zmax": 2,
        "showscale": False, "customdata": _coverage_hovers(wide, rows), "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    named = _named_months(list(wide.columns))
    return figure(
        [cells],
        _("What is loaded, by month (filled: whole month; ◐: in part; pale: nothing)"),
        x={"tickvals": list(named), "ticktext": list(named.values()), "tickangle": 0, "showgrid": False},
        y={"showgrid": False, "tickfont": {"size": 13}},
        height=90 + 26 * len(wide),
    )  # fmt: skip


def figure(
    traces, title, x=None, y=None, annotations=(), shapes=(), height=320, right=24, top=44, is_checked=True, **layout
) -> go.Figure:  # fmt: skip
    """One finish for every chart: title, units, margins and hover. `x` and `y` are axes, their titles as text.

    is_checked: False where a slider moves the chart: plotly then takes every property as it is, in a third of the time.
    """
    has_unit = bool((x or {}).get("title"))
    return (go.Figure if is_checked else Moving)(
        _validate=is_checked,
        data=traces,
        layout={
            "title": {"text": f"<b>{title}</b>", "x": 0, "xanchor": "left", "y": 0.985, "yanchor": "top",
                      "font": {"size": 15}},
            "height": height,
            "margin": {"l": 8, "r": right, "t": top, "b": 40 if has_unit else 30},
            "showlegend": False,
            "font": {"size": 13},
            "hoverlabel": {"align": "left"},
            "dragmode": False,
            "xaxis": _axis(x),
            "yaxis": _axis(y),
            "annotations": list(annotations),
            "shapes": list(shapes),
            **layout,
        },
    )  # fmt: skip


class Moving(SentAsItIs, go.Figure):
    """A figure that is sent anew with every move of a slider."""


def _axis(axis: dict | None) -> dict:
    title = {"text": (axis or {}).get("title", ""), "font": {"size": 12.5}}
    shares = (axis or {}).get("tickformat") == ".0%"
    written = {"labelalias": wording.percent_ticks()} if shares else {}
    usual = {"zeroline": False, "automargin": True, **written}
    return {**usual, **(axis or {}), "title": title, "fixedrange": True}


class LensRow(NamedTuple):
    """A row of the lens chart: its height, its label, and whether it stands for both sides."""

    lens: str
    motion: str
    y: float
    label: str
    single: bool
    roi: Interval


def _lens_rows(lenses: pd.DataFrame) -> list[LensRow]:
    """The rows of the lens chart from below; a lens without any number is one row."""
    keys = zip(lenses["lens"], lenses["motion"], strict=True)
    values = zip(lenses["roi"], lenses["low"], lenses["high"], strict=True)
    rois = {key: Interval(*value) for key, value in zip(keys, values, strict=True)}
    rows, y = [], 0.0
    for lens in ("marginal", "incremental", "booked"):
        single = not any(rois[lens, motion].known for motion in SIDES)
        for motion in SIDES[:1] if single else SIDES[::-1]:
            name = f"<b>{LENS_LABELS[lens]}</b>" if motion == SIDES[0] else ""
            label = name if single else f"{name}  {role(motion).label}"
            rows.append(LensRow(lens, motion, y, label, single, rois[lens, motion]))
            y += 1.45 if motion == SIDES[0] else 1.0
    return rows


def _dots(rows: list[LensRow], motion: str) -> dict:
    mine = role(motion)
    return {
        "type": "scatter", "mode": "markers", "x": [row.roi.value for row in rows], "y": [row.y for row in rows],
        "marker": {"color": mine.color, "symbol": mine.symbol, "size": 13},
        "error_x": {"array": [row.roi.high - row.roi.value for row in rows],
                    "arrayminus": [row.roi.value - row.roi.low for row in rows],
                    "color": mine.color, "thickness": 3, "width": 6},
        "customdata": [f"{mine.label}, {LENS_LABELS[row.lens]}: {wording.with_range(row.roi)}" for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _range_texts(rows: list[LensRow]) -> dict:
    """The numbers beside the dots, to the right of their range and of the line at 0."""
    ends = [row.roi.high if wording.known(row.roi.high) else row.roi.value for row in rows]
    return {
        "type": "scatter", "mode": "text", "x": [max(end, 0.0) for end in ends], "y": [row.y for row in rows],
        "text": [f"   {wording.with_range(row.roi)}" for row in rows],
        "textposition": "middle right", "textfont": {"size": 13}, "cliponaxis": False, "hoverinfo": "skip",
    }  # fmt: skip


def _lens_note(row: LensRow, needs: str) -> dict:
    text = "<br>".join(wrap(needs, 30)) if row.lens == "marginal" and row.single else _("not known")
    return {
        "x": 0.01, "xref": "paper", "xanchor": "left", "y": row.y, "text": f"<i>{text}</i>", "showarrow": False,
        "align": "left", "font": {"size": 12.5},
    }  # fmt: skip


def _share_line(x: np.ndarray, y: np.ndarray, motion: str) -> dict:
    mine = role(motion)
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y,
        "line": {"color": mine.color, "width": 3, "dash": "solid" if motion == "retention" else "dash"},
        "hovertemplate": _("{side}: {roi} if {share} would have come anyway").format(
            side=mine.label, roi="%{y:.2f}", share="%{x:.0%}"
        ) + "<extra></extra>",
    }  # fmt: skip


def _line_names(wide: pd.DataFrame) -> list[dict]:
    """The lines' names, at the end where they are further apart."""
    apart = (wide["retention"] - wide["acquisition"]).abs()
    left = apart.iloc[0] >= apart.iloc[-1]
    place = 0 if left else -1
    upper = wide.iloc[place].idxmax()
    return [
        {"x": wide.index[place], "y": wide[motion].iloc[place], "text": f"<b>{role(motion).label}</b>",
         "showarrow": False, "xanchor": "left" if left else "right", "xshift": 20 if left else -20,
         "yanchor": "bottom" if motion == upper and not left else "middle" if motion == upper else "bottom",
         "yshift": 4}
        for motion in SIDES
    ]  # fmt: skip


def _assumed_note(assumed: Interval, grade: str) -> dict:
    texts = {"A": _("measured: {share}"), "B": _("adjusted: {share}"), "C": _("assumed: {share}")}
    return {
        "x": assumed.value, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "font": {"size": 12},
        "xanchor": "right" if assumed.value > 0.75 else "left" if assumed.value < 0.25 else "center",
        "text": texts[grade].format(share=wording.share_with_range(assumed)),
    }  # fmt: skip


def _crossing(break_even: Interval, y: float) -> dict:
    known = wording.known(break_even.low)
    spread = {"array": [break_even.high - break_even.value], "arrayminus": [break_even.value - break_even.low],
              "color": NEUTRAL, "thickness": 3} if known else {}  # fmt: skip
    text = _("equal at {share}").format(share=wording.share_with_range(break_even))
    return {
        "type": "scatter", "mode": "markers", "x": [break_even.value], "y": [y], "error_x": spread,
        "marker": {"size": 12, "color": NEUTRAL}, "hovertemplate": f"{text}<extra></extra>",
    }  # fmt: skip


def _crossing_note(break_even: Interval, y: float) -> dict:
    share = break_even.value
    return {
        "x": share, "y": y, "ax": 0, "ay": -66, "arrowcolor": NEUTRAL, "arrowwidth": 1, "standoff": 8,
        "text": _("<b>equal at {share}</b>").format(share=wording.percent(share)),
        "xanchor": "right" if share > 0.9 else "left" if share < 0.1 else "center",
    }  # fmt: skip


def _source_bars(source: str, revenue: pd.Series, currency: str | None) -> dict:
    name = SOURCE_LABELS[source]
    full = [f"{name}, {wording.quarter(day)}: {wording.money_in_full(value, currency)}"
            for day, value in zip(pd.DatetimeIndex(revenue.index).date, revenue, strict=True)]  # fmt: skip
    return {
        "type": "bar", "x": np.arange(len(revenue)), "y": revenue.to_numpy(),
        "marker": {"color": role_of_source(source).color,
                   "pattern": {"shape": PATTERNS.get(source, ""), "fgopacity": 0.45, "size": 6}},
        "customdata": full, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _source_name(source: str, y: float) -> dict:
    return {
        "x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "y": y, "showarrow": False, "font": {"size": 12.5},
        "text": f'<span style="color:{role_of_source(source).color}">■</span> {SOURCE_LABELS[source]}',
    }  # fmt: skip


def _quarter_label(begin: date, is_first: bool, first_day: date, last_day: date) -> str:
    """The quarter, with its year below it where one begins, and with the days that it covers only in part."""
    year, name = wording.quarter_on_axis(begin).split("<br>")
    lines = [name, year] if begin.month == 1 or (is_first and begin.month < 10) else [name]
    if (first_day - begin).days > 7:
        lines.append(_("from {day}").format(day=wording.day_in_short(first_day)))
    end = month_end(date(begin.year, begin.month + 2, 1))
    if (end - last_day).days > 7:
        lines.append(_("to {day}").format(day=wording.day_in_short(last_day)))
    return "<br>".join(lines)


def _label_places(last: pd.Series) -> dict[str, float]:
    """Source → height of its name beside the last bar: the middle of its part, pushed apart where names would meet."""
    positive = last.clip(lower=0)
    gap, before = 0.085 * max(float(positive.sum()), 1.0), -np.inf
    places = {}
    for source, top, size in zip(last.index, positive.cumsum(), positive, strict=True):
        before = places[source] = max(top - size / 2, before + gap)
    return places


def _part_bar(part, currency: str | None) -> dict:
    text = f"{escape(part.part)}: {wording.percent(part.share, 1)}, {wording.money_in_full(part.amount, currency)}"
    return {
        "type": "bar", "orientation": "h", "x": [part.share], "y": [part.bar], "base": [part.begin], "width": 0.42,
        "marker": {"color": role(part.motion).color, "line": {"width": 1, "color": "white"}},
        "hovertemplate": f"{text}<extra></extra>",
    }  # fmt: skip


def _part_labels(parts: pd.DataFrame) -> list[dict]:
    """Name and share of each part of a bar: above it where there is room, else below it, one under the other."""
    labels = []
    for _bar, mine in parts.groupby("bar", sort=False):
        small = 0
        for part, is_small in zip(mine.itertuples(), mine["share"] < SMALL_SHARE, strict=True):
            labels.append(_part_label(part, -36 - 19 * small if is_small else 36))
            small += is_small
    return labels


def _part_label(part, yshift: int) -> dict:
    right = part.begin > 0.5
    return {
        "x": part.begin + part.share if right else part.begin, "y": part.bar, "xanchor": "right" if right else "left",
        "yshift": yshift, "showarrow": False, "font": {"size": 13.5},
        "text": f'<span style="color:{role(part.motion).color}">■</span> {escape(part.part)} '
                f"<b>{wording.percent(part.share)}</b>",
    }  # fmt: skip


def _line_label(name: str, motion: str) -> str:
    shown = name if len(name) <= 28 else name[:27] + "…"
    return f"{escape(shown)} · {MOTION_LABELS[motion]}"


def _named_months(months: list[date]) -> dict[int, str]:
    """Place → name, for every month of a short calendar, else for the first of each quarter or year."""
    step = 1 if len(months) <= 14 else 3 if len(months) <= 40 else 12
    return {
        n: wording.month_in_short(month, with_year=False)
        + (f"<br>{month:%Y}" if month.month <= step or (n == 0 and month.month < 9) else "")
        for n, month in enumerate(months)
        if (month.month - 1) % step == 0 or n == 0
    }


def _coverage_hovers(wide: pd.DataFrame, rows: pd.DataFrame) -> list[list[str]]:
    states = wide.map({"none": _("nothing"), "partial": _("in part"), "full": _("whole month")}.__getitem__)
    text, kinds = _("{kind}, {month}: {state}, {count} rows"), [KIND_LABELS[kind] for kind in wide.index]
    return [
        [
            text.format(kind=kind, month=month, state=states.iat[i, j], count=wording.number(rows.iat[i, j]))
            for j, month in enumerate(map(wording.month, wide.columns))
        ]
        for i, kind in enumerate(kinds)
    ]


def money_axis(title: str, values: Iterable[float], currency: str | None, from_zero: bool = True) -> dict:
    """An axis for these amounts of money: the sign stands before the currency, and long amounts are short.

    from_zero: the axis holds 0 also when no amount is near it.
    """
    ends = [v for v in values if wording.known(v)] + ([0.0] if from_zero else [])
    low, high = min(ends, default=0.0), max(ends, default=0.0)
    ticks = wording.money_ticks(low, high if high > low else low + 1.0, currency)
    return {
        "title": with_unit(title, currency) if title else None,
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
    }


def with_unit(what: str, currency: str | None) -> str:
    """What an axis counts, with its currency."""
    return f"{what} ({currency})" if currency else what
