"""Charts of deal value and lifetime value."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import value_sentences, wording
from analytics.decisions.histories import measure_name
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.charts import FAINT, NEUTRAL, figure, go, money_axis, with_unit
from analytics.reporting.label_places import free_places
from analytics.reporting.roles import ROLES, SOURCE_LABELS, faded, role_of_source

if TYPE_CHECKING:
    import pandas as pd

    from analytics.decisions.customer_equity import Equity
    from analytics.decisions.customer_value import CustomerValue

ACQUISITION, RETENTION = ROLES["acquisition"].color, ROLES["retention"].color
RATIOS = Texts({1: marked("1 : 1 earns back its cost"), 3: "3 : 1"})
MOST_DEAL_LINES = 9
LONGEST_NAME = 24
NEWEST, OLDEST = 1.0, 0.45  # how strongly the newest and the oldest cohort are drawn


def value_against_cac(found: CustomerValue) -> go.Figure:
    """CustomerValue.channels on a plane: what a customer cost and is worth, with the lines of 1:1 and 3:1."""
    channels, currency = found.channels, found.currency
    right, top = 1.4 * channels["cac"].max(), 1.14 * channels["high"].max()
    texts = [f"  <b>{_shown(name)}</b> {wording.number(ratio, 1)} : 1  "
             for name, ratio in zip(channels["channel"], channels["ltv_cac_ratio"], strict=True)]  # fmt: skip
    bars = list(channels[["cac", "value", "low", "high"]].itertuples(index=False, name=None))
    points = {
        "type": "scatter", "mode": "markers+text", "x": channels["cac"].to_numpy(), "y": channels["value"].to_numpy(),
        "text": texts, "textposition": free_places(bars, texts, (right, top)), "textfont": {"size": 12.5}, "cliponaxis": False,
        "marker": {"color": ACQUISITION, "size": 11},
        "error_y": {"array": (channels["high"] - channels["value"]).to_numpy(), "thickness": 2, "width": 4,
                    "arrayminus": (channels["value"] - channels["low"]).to_numpy(), "color": ACQUISITION},
        "customdata": [_channel_text(c, currency) for c in channels.itertuples()],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    return figure(
        [points],
        _("What a customer is worth in {horizon}, against what one cost").format(horizon=value_sentences.horizon(found)),
        x=money_axis(_("acquisition cost of one customer (CAC)"), [right], currency) | {"range": [0, right]},
        y=money_axis(_("value: {measure}").format(measure=measure_name(found.measure)), [top], currency)
        | {"range": [0, top]},
        annotations=[_ratio_name(ratio, right, top) for ratio in RATIOS],
        shapes=[{"type": "line", "x0": 0, "y0": 0, "x1": min(right, top / ratio), "y1": min(top, ratio * right),
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}} for ratio in RATIOS],
        height=330,
    )  # fmt: skip


def payback_chart(found: CustomerValue) -> go.Figure:
    """PaybackCurves.curves as margin per customer less cac: a cohort has paid back where its line crosses 0."""
    curves, currency = found.payback.curves, found.currency
    cohorts = list(dict(iter(curves.groupby("cohort_quarter", sort=True))).items())
    strengths = np.linspace(OLDEST, NEWEST, len(cohorts))
    places = _alternating(
        [(c["months"].max(), (c["margin_per_customer"] - c["cac"]).iloc[-1]) for _q, c in cohorts]
    )
    return figure(
        [_cohort_line(q, c, s, place, currency) for (q, c), s, place in zip(cohorts, strengths, places, strict=True)],
        _("When has a cohort earned back what it cost?"),
        x={"title": _("calendar months since the first order (that month is 1)"), "dtick": 3, "tick0": 0,
           "range": [0, curves["months"].max() + 4]},
        y=money_axis(_("margin per customer less CAC"), curves["margin_per_customer"] - curves["cac"], currency),
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0,
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}],
        annotations=[{"x": 1, "xref": "paper", "xanchor": "right", "y": 0, "yanchor": "top", "showarrow": False,
                      "text": _("paid back above this line"), "font": {"size": 12}}],
        height=330,
    )  # fmt: skip


def equity_chart(equity: Equity, measure: str, currency: str | None) -> go.Figure:
    """Customer equity as one bar of two parts."""
    parts = (
        (_("today's customers"), equity.residual, RETENTION),
        (_("customers still to be won"), equity.future, ACQUISITION),
    )
    begins = (0.0, equity.residual.value)
    return figure(
        [_equity_bar(name, part.value, begin, color, currency)
         for (name, part, color), begin in zip(parts, begins, strict=True)],
        _("Customer equity: {total} of {measure}").format(
            total=wording.with_range(equity.total, lambda value: wording.money(value, currency)),
            measure=measure_name(measure),
        ),
        x=money_axis("", [equity.total.value], currency) | {"range": [0, 1.02 * equity.total.value]},
        y={"showticklabels": False, "showgrid": False, "range": [-0.4, 0.75]},
        annotations=[_equity_label(name, part.value, begin, color, equity.total.value, currency)
                     for (name, part, color), begin in zip(parts, begins, strict=True)],
        height=150, barmode="overlay",
    )  # fmt: skip


def deal_chart(lines: pd.DataFrame, currency: str | None) -> go.Figure:
    """Deals.lines: by source and by channel the median, the middle half and the middle nine tenths, on a log axis."""
    rows = lines[lines["by"] != "all"].head(MOST_DEAL_LINES)[::-1].reset_index(drop=True)
    colors = [role_of_source(r.name_).color if r.by == "source" else NEUTRAL
              for r in rows.rename(columns={"name": "name_"}).itertuples()]  # fmt: skip
    return figure(
        [_spans(rows, "p5", "p95", colors, 5), _spans(rows, "p25", "p75", colors, 15), _medians(rows, currency),
         _median_texts(rows, currency)],
        _("What a deal is worth: median, middle half, nine tenths"),
        x={"title": with_unit(_("order amount, on a scale of doublings"), currency), "type": "log",
           **_doubling(rows["p5"].min(), rows["p95"].max(), currency)},
        y={"tickvals": np.arange(len(rows)), "showgrid": False, "range": [-0.6, len(rows) - 0.2],
           "ticktext": [_deal_name(by, name) for by, name in zip(rows["by"], rows["name"], strict=True)]},
        height=96 + 30 * len(rows), barmode="overlay",
    )  # fmt: skip


def holdout_chart(by_frequency: pd.DataFrame) -> go.Figure:
    """Holdout.by_frequency: orders foretold and orders that came, by how often customers had ordered again before."""
    last = by_frequency["frequency"].max()
    labels = [
        _("{count} or more").format(count=f) if f == last else str(f) for f in by_frequency["frequency"]
    ]
    bars = [
        (_("foretold"), by_frequency["expected"].to_numpy(), FAINT.replace("0.18", "0.55"), "/"),
        (_("came"), by_frequency["actual"].to_numpy(), RETENTION, ""),
    ]
    return figure(
        [{"type": "bar", "x": labels, "y": values, "marker": {"color": color, "pattern": {"shape": shape, "size": 6}},
          "text": [wording.number(v) for v in values], "textposition": "outside", "cliponaxis": False,
          "textfont": {"size": 11}, "hovertemplate": f"{name}: %{{y:,.0f}}<extra></extra>"}
         for name, values, color, shape in bars],
        _("Orders of the last 90 days: foretold (hatched) and come"),
        x={"title": _("repeat orders that the customer had before"), "type": "category"},
        y={"title": _("orders"), "range": [0, 1.14 * max(float(bar[1].max()) for bar in bars)]},
        height=330, barmode="group", bargap=0.12,
    )  # fmt: skip


def _channel_text(channel, currency: str | None) -> str:
    return _("{channel}: worth {value}, cost {cac}: {ratio} to 1").format(
        channel=escape(channel.channel), value=wording.money_in_full(channel.value, currency),
        cac=wording.money_in_full(channel.cac, currency), ratio=wording.number(channel.ltv_cac_ratio, 1),
    )  # fmt: skip


def _ratio_name(ratio: int, right: float, top: float) -> dict:
    """The name of a line, to its right, where it has come a third of the way up."""
    y = 0.34 * min(top, ratio * right)
    return {
        "x": y / ratio, "y": y, "text": RATIOS[ratio], "showarrow": False, "font": {"size": 12},
        "xanchor": "left", "yanchor": "middle", "xshift": 8,
    }  # fmt: skip


def _alternating(ends: list[tuple[float, float]]) -> list[str]:
    """Where the names stand at the ends of lines, oldest (furthest right) first: to the right where there is room,
    above and below in turn where ends lie side by side, and to the left at the last of such a row.
    """
    height = max(y for _x, y in ends) - min(y for _x, y in ends)
    near = [
        i + 1 < len(ends) and abs(ends[i + 1][0] - x) < 5 and abs(ends[i + 1][1] - y) < 0.15 * height
        for i, (x, y) in enumerate(ends)
    ]
    places, turn = [], 0
    for i in range(len(ends)):
        turn = turn + 1 if i and near[i - 1] else 0
        last = turn and not near[i]
        places.append(
            "middle left"
            if last
            else ("middle right", "top center", "bottom center")[(turn > 0) + (turn > 0 and turn % 2 == 0)]
        )
    return places


def _cohort_line(quarter, cohort: pd.DataFrame, strength: float, place: str, currency: str | None) -> dict:
    name = wording.quarter(quarter)
    less = (cohort["margin_per_customer"] - cohort["cac"]).to_numpy()
    return {
        "type": "scatter", "mode": "lines+markers+text", "x": cohort["months"].to_numpy(), "y": less,
        "line": {"color": faded(ACQUISITION, strength), "width": 2.5},
        "marker": {"size": [0] * (len(less) - 1) + [7], "color": faded(ACQUISITION, strength)},
        "text": [""] * (len(less) - 1) + [name], "textposition": place, "cliponaxis": False, "textfont": {"size": 12},
        "customdata": [wording.money(value, currency) for value in less],
        "hovertemplate": f"{name}, " + _("month") + " %{x}: %{customdata}<extra></extra>",
    }  # fmt: skip


def _equity_bar(name: str, value: float, begin: float, color: str, currency: str | None) -> dict:
    return {
        "type": "bar", "orientation": "h", "x": [value], "y": [0], "base": [begin], "width": 0.5,
        "marker": {"color": color, "line": {"width": 1, "color": "white"}},
        "hovertemplate": f"{name}: {wording.money_in_full(value, currency)}<extra></extra>",
    }  # fmt: skip


def _equity_label(
    name: str, value: float, begin: float, color: str, total: float, currency: str | None
) -> dict:
    right = begin + value if begin > 0.5 * total else begin
    return {
        "x": right, "y": 0.34, "xanchor": "right" if right > begin else "left", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 13.5},
        "text": f'<span style="color:{color}">■</span> {name} <b>{wording.money(value, currency)}</b>',
    }  # fmt: skip


def _spans(rows: pd.DataFrame, low: str, high: str, colors: list[str], width: int) -> dict:
    x, y, marks = [], [], []
    for row, (begin, end, color) in enumerate(zip(rows[low], rows[high], colors, strict=True)):
        x.append(end - begin), y.append(row), marks.append(color)
    return {
        "type": "bar", "orientation": "h", "x": x, "y": y, "base": rows[low].to_numpy(), "width": width / 30,
        "marker": {"color": marks, "opacity": 0.35 if width < 10 else 0.6}, "hoverinfo": "skip",
    }  # fmt: skip


def _medians(rows: pd.DataFrame, currency: str | None) -> dict:
    return {
        "type": "scatter", "mode": "markers", "x": rows["median"].to_numpy(), "y": np.arange(len(rows)),
        "marker": {"symbol": "line-ns", "size": 9, "line": {"width": 3, "color": NEUTRAL}},
        "customdata": [_deal_text(row, currency) for row in rows.itertuples()],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _median_texts(rows: pd.DataFrame, currency: str | None) -> dict:
    return {
        "type": "scatter", "mode": "text", "x": rows["p95"].to_numpy(), "y": np.arange(len(rows)),
        "text": [f"  <b>{wording.money(median, currency)}</b>" for median in rows["median"]],
        "textposition": "middle right", "textfont": {"size": 12.5}, "cliponaxis": False, "hoverinfo": "skip",
    }  # fmt: skip


def _deal_text(row, currency: str | None) -> str:
    money = [wording.money(value, currency) for value in (row.median, row.p25, row.p75, row.p5, row.p95)]
    return _("{orders} orders: median {0}, half between {1} and {2}, nine tenths between {3} and {4}").format(
        *money, orders=wording.number(row.orders)
    )


def _deal_name(by: str, name: str) -> str:
    return f"<b>{SOURCE_LABELS[name]}</b>" if by == "source" else _shown(name)


def _shown(name: str) -> str:
    return escape(name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…")


def _doubling(low: float, high: float, currency: str | None) -> dict:
    """Ticks at 1, 2, 5, 10, 20, 50 …, at most one per doubling."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    marks = [mark * 10.0**power for power in range(first, last + 1) for mark in (1, 2, 5)]
    marks = [mark for mark in marks if low * 0.7 <= mark <= high * 1.4]
    return {
        "tickvals": marks, "ticktext": [_on_axis(mark, currency) for mark in marks],
        "range": [math.log10(low * 0.8), math.log10(high * 1.5)],
    }  # fmt: skip


def _on_axis(mark: float, currency: str | None) -> str:
    """A round amount without the cents that it has not."""
    if 1 <= mark < 1000:
        return wording.symbol(currency) + wording.number(mark)
    return wording.money(mark, currency)
