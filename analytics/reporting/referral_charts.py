"""Charts of referrals: generations, the map of customers, the largest trees, the three Cs, and referred against others."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.decisions.interval import Interval
from analytics.decisions.referral_generations import LAST
from analytics.decisions.referral_sentences import CORNER_LABELS
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.charts import FAINT, NEUTRAL, Figure, figure
from analytics.reporting.columns import PERSONAL
from analytics.reporting.personal import UNNAMED
from analytics.reporting.roles import role

if TYPE_CHECKING:
    from analytics.decisions.referral_generations import Generations
    from analytics.decisions.referral_trees import Communities
    from analytics.decisions.referral_value import ValueMap

REFERRAL, EXISTING = role("referral"), role("retention")
COLUMNS_OF_TREES = 5
ROW_PIXELS = 19
KIND_LABELS = Texts(
    {
        "content": marked("content"),
        "conversation": marked("conversation"),
        "commendation": marked("commendation"),
        "other": marked("other"),
        "not recorded": marked("not recorded"),
    }
)


def generation_name(generation: int) -> str:
    """The generation in words."""
    names = {1: _("first"), 2: _("second"), 3: _("third"), LAST: _("fourth and later")}
    return names[generation]


def generation_chart(totals: pd.DataFrame, currency: str | None) -> Figure:
    """Generations.totals as bars, with what one of each is worth."""
    rows = totals.iloc[::-1]
    texts = [
        _("  <b>{count}</b>  ({share}), worth {value} each").format(
            count=wording.number(row.referred), share=wording.percent(row.share, 0 if row.share >= 0.1 else 1),
            value=wording.with_range(Interval(row.value, row.low, row.high), lambda v: wording.money(v, currency)),
        )
        for row in rows.itertuples()
    ]  # fmt: skip
    top = float(totals["referred"].max())
    return figure(
        [{"type": "bar", "orientation": "h", "x": rows["referred"].to_numpy(), "y": np.arange(len(rows)),
          "marker": {"color": REFERRAL.color, "opacity": 0.85}, "width": 0.55, "hoverinfo": "skip"},
         {"type": "scatter", "mode": "text", "x": np.zeros(len(rows)), "y": np.arange(len(rows)) + 0.43, "text": texts,
          "textposition": "middle right", "textfont": {"size": 12.5}, "cliponaxis": False, "hoverinfo": "skip"}],
        _("Referred customers by generation"),
        x={"title": _("referred customers (second: through a referred one)"), "range": [0, 1.02 * top]},
        y={"showgrid": False, "range": [-0.5, len(rows) - 0.3], "tickvals": np.arange(len(rows)),
           "ticktext": [generation_name(n) for n in rows["generation"]]},
        height=110 + 54 * len(rows),
    )  # fmt: skip


def second_generation_chart(made: Generations) -> Figure:
    """The part of each quarter's referred customers who came through a referred one."""
    shares = made.second_share_by_quarter
    totals = made.by_quarter.groupby("quarter")["referred"].sum()
    x = [wording.quarter_on_axis(day) for day in shares.index]
    half = 1.2815515655446004 * np.sqrt(shares * (1 - shares) / totals)
    low, high = np.minimum(half, shares), np.minimum(half, 1 - shares)
    return figure(
        [{"type": "scatter", "mode": "lines+markers", "x": x, "y": shares.to_numpy(),
          "line": {"color": REFERRAL.color, "width": 2}, "marker": {"symbol": REFERRAL.symbol, "size": 8},
          "error_y": {"array": high.to_numpy(), "arrayminus": low.to_numpy(), "color": REFERRAL.color, "thickness": 1.2,
                      "width": 3},
          "customdata": [_("{share} of {count} referred").format(share=wording.percent(s, 1), count=wording.number(n))
                         for s, n in zip(shares, totals, strict=True)],
          "hovertemplate": "%{customdata}<extra></extra>"},
         {"type": "scatter", "mode": "text", "x": x, "y": (shares + high).to_numpy(), "hoverinfo": "skip",
          "text": [f"<b>{wording.percent(v)}</b>" for v in shares], "textposition": "top center",
          "textfont": {"size": 12}, "cliponaxis": False}],
        _("Do the referred refer? Part who came through one of them"),
        x={"title": _("quarter of the first order"), "showgrid": False, "type": "category"},
        y={"tickformat": ".0%", "range": [-0.012, max(0.1, 1.25 * float((shares + high).max()))]},
        height=300,
    )  # fmt: skip


def map_chart(points: pd.DataFrame, found: ValueMap, currency: str | None, what: tuple[str, str]) -> Figure:
    """Customers who referred by CLV and CRV, with the four corners named; what: titles of the two axes.

    What lies beyond the 99th percentile, or far below the median CLV, is drawn at the edge.
    """
    left, right = _lifetime_ends(points["lifetime_value"], found.high_from)
    low, high = (float(end) for end in points["referral_value"].quantile([0.01, 0.99]))
    top = 1.35 * max(high, 1e-9)
    bottom = min(1.9 * low, -0.45 * top)
    marks = {
        "type": "scatter", "mode": "markers", "x": points["lifetime_value"].clip(left, right).to_numpy(),
        "y": points["referral_value"].clip(low, max(high, 0.0)).to_numpy(),
        "marker": {"color": REFERRAL.color, "symbol": REFERRAL.symbol, "size": 6, "opacity": 0.55},
        "customdata": [_point_text(p, currency) for p in points.itertuples()],
        "hovertemplate": "%{customdata}<extra></extra>", "meta": PERSONAL,
    }  # fmt: skip
    return figure(
        [marks],
        _("What customers buy, and what they bring: those who referred (dots)"),
        x={"title": what[0], **_doubling(left, right, currency)},
        y={"title": what[1], "range": [bottom, top], **_ticks(low, high, currency)},
        shapes=[_divider(x0=found.high_from, x1=found.high_from, yref="paper", y0=0, y1=1),
                _divider(xref="paper", x0=0, x1=1, y0=0, y1=0)],
        annotations=[_corner_name(row, currency) for row in found.corners.itertuples()],
        height=420,
    )  # fmt: skip


def tree_chart(made: Communities, currency: str | None) -> Figure:
    """Communities.nodes: each tree by itself, generations from left to right, areas by value."""
    x, y, foot = _positions(made)
    nodes = made.nodes
    return figure(
        [_branches(nodes, x, y), _people(nodes, x, y, currency), _hidden(nodes, x, y)],
        _("The largest trees of referrals: each mark a customer, its area what this one is worth"),
        x={"visible": False, "range": [-0.3, _tree_width(nodes) * COLUMNS_OF_TREES]},
        y={"visible": False, "range": [foot - 0.6, 2.0]},
        annotations=[_tree_name(row, x, y, nodes) for row in made.trees.itertuples()],
        meta={UNNAMED: {"annotations": [{"text": _tree_number(row)} for row in made.trees.itertuples()]}},
        height=int(70 + ROW_PIXELS * (2 - foot)),
    )  # fmt: skip


def kind_chart(kinds: pd.DataFrame, currency: str | None, value_title: str) -> Figure:
    """The three Cs side by side: volume, conversion, value of who came, and cost, one panel each."""
    rows = kinds.iloc[::-1].reset_index(drop=True)
    money = lambda v: wording.money(v, currency)  # noqa: E731, one line for four panels
    panels = [
        (_("invitations"), rows["invitations"], None, [wording.number(v) for v in rows["invitations"]]),
        (_("brought a customer"), rows["conversion"], (rows["low"], rows["high"]), _ranged(rows, "conversion", "low", "high")),
        (value_title, rows["value"], (rows["value_low"], rows["value_high"]), _ranged(rows, "value", "value_low", "value_high", money)),
        (_("reward for each of them"), rows["cost_per_customer"], None, [money(v) for v in rows["cost_per_customer"]]),
    ]  # fmt: skip
    traces, axes, names = [], {}, []
    for n, (title, values, ends, texts) in enumerate(panels):
        traces += _panel(n, values.to_numpy(float), ends, texts)
        key, span = f"xaxis{n + 1}" if n else "xaxis", [0.255 * n, 0.255 * n + 0.235]
        axes[key] = _panel_axis(values, ends, span)
        names.append({"xref": "paper", "x": span[0], "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom",
                      "text": title, "showarrow": False, "font": {"size": 12.5}})  # fmt: skip
    first = axes.pop("xaxis")
    return figure(
        traces,
        _("The three Cs: how many invitations, how many come, what they are worth, what they cost"),
        x=first,
        y={"tickvals": np.arange(len(rows)), "ticktext": [KIND_LABELS[kind] for kind in rows["kind"]],
           "showgrid": False, "range": [-0.6, len(rows) - 0.4]},
        annotations=names, height=105 + 44 * len(rows), top=70, **axes,
    )  # fmt: skip


def lead_chart(by_quarter: pd.DataFrame, overall: Interval, title: str, currency: str | None) -> Figure:
    """Leads.by_quarter: how much more (or less) the referred brought than comparable others, and in all."""
    x = [wording.quarter_on_axis(day) for day in by_quarter["quarter"]]
    value = by_quarter["difference"].to_numpy()
    return figure(
        [{"type": "scatter", "mode": "markers+text", "x": x, "y": value,
          "marker": {"color": REFERRAL.color, "symbol": REFERRAL.symbol, "size": 10},
          "error_y": {"array": (by_quarter["high"] - value).to_numpy(), "arrayminus": (value - by_quarter["low"]).to_numpy(),
                      "color": REFERRAL.color, "thickness": 2, "width": 5},
          "text": [f"  <b>{_signed(v, currency)}</b>" for v in value], "textposition": "middle right",
          "textfont": {"size": 12.5}, "cliponaxis": False,
          "customdata": [_lead_text(row, currency) for row in by_quarter.itertuples()],
          "hovertemplate": "%{customdata}<extra></extra>"}],
        title,
        x={"title": _("quarter of the first order"), "showgrid": False, "type": "category", "range": [-0.4, len(x) - 0.35]},
        y={"title": _("difference per customer"),
           **_ticks(float(by_quarter["low"].min()), float(by_quarter["high"].max()), currency)},
        shapes=[_divider(xref="paper", x0=0, x1=1, y0=0, y1=0),
                {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": overall.low, "y1": overall.high,
                 "fillcolor": FAINT, "line": {"width": 0}, "layer": "below"}],
        annotations=[{"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": overall.value, "showarrow": False,
                      "align": "left", "font": {"size": 12},
                      "text": _("all<br>{value}").format(value=_signed(overall.value, currency))}],
        height=330, right=78,
    )  # fmt: skip


def _lifetime_ends(values: pd.Series, middle: float) -> tuple[float, float]:
    """From where to where CLV is drawn, on a scale of doublings: from a fortieth of the median up."""
    right = max(float(values.quantile(0.99)), 1e-6)
    left = max(middle / 40, right / 100_000)
    return left, max(right, 4 * left, 4 * middle)


def _doubling(left: float, right: float, currency: str | None) -> dict:
    powers = range(math.floor(math.log10(left)), math.ceil(math.log10(right)) + 1)
    marks = [mark * 10.0**power for power in powers for mark in (1, 3)]
    marks = [mark for mark in marks if left * 0.9 <= mark <= right * 1.1]
    return {
        "type": "log", "tickvals": marks, "ticktext": [wording.money(mark, currency) for mark in marks],
        "range": [math.log10(left) - 0.06, math.log10(right) + 0.06],
    }  # fmt: skip


def _ticks(low: float, high: float, currency: str | None) -> dict:
    marks = wording.money_ticks(min(low, 0.0), max(high, 0.0), currency)
    return {"tickvals": list(marks), "ticktext": list(marks.values())} if marks else {}


def _divider(**ends) -> dict:
    return {"type": "line", **ends, "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}


def _corner_name(row, currency: str | None) -> dict:
    right, high = row.corner in ("champions", "affluents"), row.corner in ("champions", "advocates")
    text = _("<b>{name}</b>: {count} customers<br>CLV {clv}, CRV {crv} on average").format(
        name=CORNER_LABELS[row.corner], count=wording.number(row.customers),
        clv=wording.money(row.lifetime_value, currency), crv=wording.money(row.referral_value, currency),
    )  # fmt: skip
    return {
        "xref": "paper", "yref": "paper", "x": 0.995 if right else 0.005, "y": 0.99 if high else 0.01,
        "xanchor": "right" if right else "left", "yanchor": "top" if high else "bottom", "showarrow": False,
        "align": "right" if right else "left", "text": text, "font": {"size": 12.5},
    }  # fmt: skip


def _point_text(point, currency: str | None) -> str:
    return _("{customer}: CLV {clv}, CRV {crv}, {friends} friends who bought").format(
        customer=escape(point.customer_id), clv=wording.money(point.lifetime_value, currency),
        crv=wording.money(point.referral_value, currency), friends=wording.number(point.friends),
    )  # fmt: skip


def _tree_width(nodes: pd.DataFrame) -> float:
    return float(nodes["generation"].max()) + 1.1


def _positions(made: Communities) -> tuple[np.ndarray, np.ndarray, float]:
    """Where the people stand, trees in a grid, and how far down it reaches."""
    tree = made.nodes["tree"].to_numpy()
    lows = made.nodes.groupby("tree")["place"].max().to_numpy()
    offsets, foot = np.zeros(len(lows)), 0.0
    for begin in range(0, len(lows), COLUMNS_OF_TREES):
        offsets[begin : begin + COLUMNS_OF_TREES] = foot
        foot -= float(lows[begin : begin + COLUMNS_OF_TREES].max()) + 3.0
    x = made.nodes["generation"].to_numpy() + _tree_width(made.nodes) * (tree % COLUMNS_OF_TREES)
    return x, offsets[tree] - made.nodes["place"].to_numpy(float), foot + 2.4


def _branches(nodes: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> dict:
    below = np.flatnonzero(nodes["referrer_row"].to_numpy() >= 0)
    above = nodes["referrer_row"].to_numpy()[below]
    gap = np.full(len(below), np.nan)
    middle = x[above] + 0.45
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"color": NEUTRAL, "width": 1.2},
        "x": np.stack([x[above], middle, middle, x[below], gap], axis=1).ravel(),
        "y": np.stack([y[above], y[above], y[below], y[below], gap], axis=1).ravel(),
    }  # fmt: skip


def _people(nodes: pd.DataFrame, x: np.ndarray, y: np.ndarray, currency: str | None) -> dict:
    value = np.maximum(nodes["value"].to_numpy(float), 0.0)
    top = nodes["generation"].to_numpy() == 0
    size = np.maximum(17 * np.sqrt(value / max(value.max(), 1e-9)), 5)
    texts = [_person_text(person, currency) for person in nodes.itertuples()]
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "customdata": texts,
        "hovertemplate": "%{customdata}<extra></extra>", "cliponaxis": False, "meta": PERSONAL,
        "marker": {"size": size, "opacity": 1, "line": {"width": 0},
                   "color": np.where(top, EXISTING.color, REFERRAL.color),
                   "symbol": np.where(top, EXISTING.symbol, REFERRAL.symbol)},
    }  # fmt: skip


def _person_text(person, currency: str | None) -> str:
    return _("{customer}: worth {value}, {count} people below").format(
        customer=escape(person.customer_id), value=wording.money(person.value, currency),
        count=wording.number(person.descendants),
    )  # fmt: skip


def _hidden(nodes: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> dict:
    """How many people directly below are not drawn."""
    some = nodes["hidden"].to_numpy() > 0
    return {
        "type": "scatter", "mode": "text", "x": x[some], "y": y[some], "hoverinfo": "skip", "cliponaxis": False,
        "text": [f"   +{wording.number(n)}" for n in nodes["hidden"][some]], "textposition": "bottom right",
        "textfont": {"size": 11},
    }  # fmt: skip


def _tree_name(row, x: np.ndarray, y: np.ndarray, nodes: pd.DataFrame) -> dict:
    """Above the tree's upper left corner."""
    mine = (nodes["tree"] == row.tree).to_numpy()
    text = _("<b>{customer}</b>: {people} people").format(
        customer=escape(str(row.customer_id)[:16]), people=wording.number(row.people)
    )
    return {"x": x[mine].min(), "y": y[mine].max() + 0.75, "xanchor": "left", "yanchor": "bottom", "showarrow": False, "text": text,
            "font": {"size": 12}, "xshift": -8}  # fmt: skip


def _tree_number(row) -> str:
    """What a tree is called where nobody may be named."""
    return _("<b>Tree {number}</b>: {people} people").format(
        number=row.Index + 1, people=wording.number(row.people)
    )


def _ranged(rows: pd.DataFrame, value: str, low: str, high: str, write=None) -> list[str]:
    """Values with their ranges; shares where nothing else is said."""
    ends = [Interval(*end) for end in zip(rows[value], rows[low], rows[high], strict=True)]
    return [wording.with_range(end, write) if write else wording.share_with_range(end) for end in ends]


def _panel(n: int, values: np.ndarray, ends, texts: list[str]) -> list[dict]:
    """A bar, or a dot with its range, and the number above it."""
    axis, y = f"x{n + 1}" if n else "x", np.arange(len(values))
    mark = (
        {"type": "bar", "orientation": "h", "x": values, "y": y, "width": 0.34,
         "marker": {"color": REFERRAL.color, "opacity": 0.8}}
        if ends is None else
        {"type": "scatter", "mode": "markers", "x": values, "y": y,
         "marker": {"color": REFERRAL.color, "symbol": REFERRAL.symbol, "size": 9},
         "error_x": {"array": (ends[1] - values).to_numpy(), "arrayminus": (values - ends[0]).to_numpy(),
                     "color": REFERRAL.color, "thickness": 2, "width": 4}}
    )  # fmt: skip
    label = {"type": "scatter", "mode": "text", "x": np.zeros(len(values)), "y": y + 0.36, "xaxis": axis,
             "text": [f" {text}" for text in texts],
             "textposition": "middle right", "textfont": {"size": 12}, "hoverinfo": "skip", "cliponaxis": False}  # fmt: skip
    return [{**mark, "xaxis": axis, "hoverinfo": "skip"}, label]


def _panel_axis(values: pd.Series, ends, span: list[float]) -> dict:
    top = float(np.nanmax([*values, *(ends[1] if ends else ())], initial=0.0))
    low = float(np.nanmin([0.0, *values, *(ends[0] if ends else ())], initial=0.0))
    return {"domain": span, "range": [1.05 * low, 1.08 * top or 1.0], "showticklabels": False, "showgrid": False,
            "zeroline": True, "zerolinecolor": NEUTRAL, "fixedrange": True}  # fmt: skip


def _signed(value: float, currency: str | None) -> str:
    return f"{'+' if value > 0 else ''}{wording.money(value, currency)}"


def _lead_text(row, currency: str | None) -> str:
    return _("{quarter}: {count} referred brought {referred}, comparable others {others}").format(
        quarter=wording.quarter(row.quarter), count=wording.number(row.customers),
        referred=wording.money(row.referred, currency), others=wording.money(row.others, currency),
    )  # fmt: skip
