"""Charts of retention: cohorts, one age over time, revenue retention by quarter, and how good the forecast was."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.charts import NEUTRAL, Figure, figure
from analytics.reporting.roles import role

MOST_COHORTS, MOST_MONTHS = 24, 24
SHADES = [[0, "rgba(213,94,0,0.04)"], [1, "rgba(213,94,0,0.80)"]]
ROW_PIXELS = 20
UNDER_THE_LINE = 0.09  # of all: a number above a bar that ends less far below a line would touch it
QUANTILE = 1.2815515655446004  # 80 % interval


def cohort_heat(cells: pd.DataFrame, averages: pd.DataFrame, title: str) -> Figure:
    """Cohorts × months since the first order of Cohorts.table, in percent; unfinished cells are hatched.

    averages: Cohorts.curve, the row at the foot. The newest 24 cohorts and first 24 months; month 0 is always 100 %.
    """
    cells = cells[cells["months_since_first_order"].between(1, MOST_MONTHS)]
    cohorts = sorted(cells["cohort_month"].unique())[-MOST_COHORTS:]
    cells = cells[cells["cohort_month"].isin(cohorts)]
    rows = {month: len(cohorts) - n for n, month in enumerate(cohorts)}
    wide = cells.pivot(index="cohort_month", columns="months_since_first_order", values="rate").reindex(
        cohorts
    )
    foot = averages.set_index("months_since_first_order")["rate"].reindex(wide.columns)
    labels = [_cohort_label(month, cells) for month in cohorts]
    highest = float(np.nanquantile(wide.to_numpy(float), 0.98)) if wide.notna().any().any() else 1.0
    y = [*rows.values(), 0]
    hatched = cells[~cells["finished"]]
    if len(hatched):
        title = _("{title} (hatched: not finished)").format(title=title)
    return figure(
        [_heat(np.vstack([wide.to_numpy(float), foot.to_numpy(float)]), list(wide.columns), y, highest),
         _hatching(hatched, rows)],
        title,
        x={"side": "top", "showgrid": False, "dtick": 1, "range": [0.5, max(wide.columns, default=1) + 0.5],
           "tickfont": {"size": 12}},
        y={"showgrid": False, "tickvals": y, "ticktext": [*labels, _("<b>average</b>")], "tickfont": {"size": 11.5},
           "range": [-0.55, len(cohorts) + 0.55]},
        height=86 + ROW_PIXELS * (len(cohorts) + 1), top=66,
    )  # fmt: skip


def age_chart(cells: pd.DataFrame, months: int, title: str, with_interval: bool) -> Figure:
    """One age of Cohorts.at_age over time, with the 80 % interval of each rate and the average of all."""
    x = [pd.Timestamp(day) for day in cells["cohort_month"]]
    rate, size = cells["rate"].to_numpy(float), cells["size"].to_numpy(float)
    half = (
        QUANTILE * np.sqrt(np.clip(rate * (1 - rate), 0, None) / size)
        if with_interval
        else np.zeros(len(rate))
    )
    average = float(cells["value"].sum() / cells["size"].sum()) if len(cells) else 0.0
    mine = role("retention")
    texts = [f"{_month(day)}: {wording.percent(r, 1)}" for day, r in zip(x, rate, strict=True)]
    return figure(
        [{"type": "scatter", "mode": "lines+markers", "x": x, "y": rate, "line": {"color": mine.color, "width": 2},
          "marker": {"color": mine.color, "symbol": mine.symbol, "size": 8},
          "error_y": {"array": half, "color": mine.color, "thickness": 1.2, "width": 3, "visible": with_interval},
          "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>"}],
        title,
        x={"title": _("month of the first order"), "showgrid": False, "tickformat": wording.month_ticks()},
        y={"tickformat": ".0%", "rangemode": "tozero"},
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": average, "y1": average,
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}],
        annotations=[_beside(average, _("average<br>{rate}").format(rate=wording.percent(average, 1)))],
        height=300, right=78,
    )  # fmt: skip


def quarter_chart(lines: pd.DataFrame, title: str) -> Figure:
    """Net and gross revenue retention of revenue_retention() by quarter; unfinished quarters hollow."""
    lines = lines[np.isfinite(lines["nrr"].to_numpy(float))]
    x = [wording.quarter_on_axis(day) for day in lines["quarter"]]
    kinds = {"nrr": (_("net"), "retention", "solid"), "grr": (_("gross"), "acquisition", "dash")}
    top = max(1.0, float(lines["nrr"].max()) if len(lines) else 1.0)
    last = lines.iloc[-1] if len(lines) else None
    return figure(
        [_retention_line(lines, x, column, *kind) for column, kind in kinds.items()],
        title,
        x={"showgrid": False, "type": "category"},
        y={"tickformat": ".0%", "range": [0, 1.08 * top]},
        annotations=[_beside(last[column], f'<span style="color:{role(motion).color}"><b>{name}</b></span> '
                                           f"{wording.percent(last[column])}")
                     for column, (name, motion, _dash) in kinds.items() if last is not None],
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1, "y1": 1,
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}],
        height=300, right=92,
    )  # fmt: skip


def calibration_chart(tenths: pd.DataFrame) -> Figure:
    """Tenths of the customers: the chance that was foretold, and the part that did leave, with its 80 % interval."""
    foretold, came = tenths["forecast"].to_numpy(float), tenths["observed"].to_numpy(float)
    mine = role("retention")
    texts = [
        _("foretold {forecast}, came {observed} of {n} customers").format(
            forecast=wording.percent(forecast, 1), observed=wording.percent(observed, 1), n=wording.number(n),
        )
        for forecast, observed, n in zip(foretold, came, tenths["customers"], strict=True)
    ]  # fmt: skip
    return figure(
        [{"type": "scatter", "mode": "markers", "x": foretold, "y": came,
          "marker": {"color": mine.color, "symbol": mine.symbol, "size": 10},
          "error_y": {"array": tenths["high"] - came, "arrayminus": came - tenths["low"], "color": mine.color,
                      "thickness": 1.5},
          "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>"}],
        _("Was the forecast right? On the line: as foretold"),
        x={"title": _("foretold chance of no order (a tenth of the customers each)"), "tickformat": ".0%",
           "range": [-0.03, 1.03]},
        y={"title": _("part that placed no order"), "tickformat": ".0%", "range": [-0.03, 1.03]},
        shapes=[{"type": "line", "x0": 0, "x1": 1, "y0": 0, "y1": 1,
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}],
        height=320,
    )  # fmt: skip


def lift_chart(tenths: pd.DataFrame, churn_rate: float) -> Figure:
    """Of each tenth of the customers, from the highest forecast, the part that did leave, against the average."""
    rate = tenths["observed"].to_numpy(float)
    return figure(
        [{"type": "bar", "x": tenths["tenth"].to_numpy(), "y": rate,
          "marker": {"color": role("retention").color, "opacity": 0.85},
          "text": [_above_the_line(r, churn_rate) for r in rate], "textposition": "outside", "cliponaxis": False,
          "textfont": {"size": 11.5}, "hovertemplate": _("tenth %{x}: %{y:.1%}") + "<extra></extra>"}],
        _("Who did leave, by the forecast's tenths"),
        x={"title": _("tenth of the customers, highest forecast first"), "dtick": 1, "showgrid": False},
        y={"title": _("part that placed no order"), "tickformat": ".0%", "range": [0, 1.12]},
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": churn_rate, "y1": churn_rate,
                 "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}],
        annotations=[_beside(churn_rate, _("all<br>{rate}").format(rate=wording.percent(churn_rate)))],
        height=320, bargap=0.25, right=58,
    )  # fmt: skip


def _beside(y: float, text: str) -> dict:
    """What a line across the chart is, to the right of it."""
    return {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": y, "showarrow": False, "align": "left",
            "text": text, "font": {"size": 12}}  # fmt: skip


def _above_the_line(rate: float, line: float) -> str:
    """The number above a bar, a line higher where the average would strike it out."""
    number = wording.number(100 * rate)
    return f"{number}<br>\N{NO-BREAK SPACE}" if line - UNDER_THE_LINE < rate < line else number


def _heat(rates: np.ndarray, months: list[int], y: list[int], highest: float) -> dict:
    texts = [[f"{100 * r:.0f}" if np.isfinite(r) else "" for r in row] for row in rates]
    return {
        "type": "heatmap", "z": np.clip(rates, 0, None), "x": months, "y": y, "text": texts, "texttemplate": "%{text}",
        "textfont": {"size": 11.5}, "xgap": 1.5, "ygap": 1.5, "showscale": False, "zmin": 0, "zmax": max(highest, 0.01),
        "colorscale": SHADES, "hoverongaps": False,
        "hovertemplate": _("month %{x}: %{text} %%") + "<extra></extra>",
    }  # fmt: skip


def _hatching(unfinished: pd.DataFrame, rows: dict) -> dict:
    """One hatched square per unfinished cell."""
    x, y = [], []
    for age, month in zip(unfinished["months_since_first_order"], unfinished["cohort_month"], strict=True):
        row = rows[month]
        x += [age - 0.5, age + 0.5, age + 0.5, age - 0.5, age - 0.5, None]
        y += [row - 0.5, row - 0.5, row + 0.5, row + 0.5, row - 0.5, None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "fill": "toself", "line": {"width": 0},
        "fillcolor": "rgba(0,0,0,0)", "hoverinfo": "skip",
        "fillpattern": {"shape": "/", "size": 6, "solidity": 0.18, "fgcolor": NEUTRAL, "fillmode": "overlay"},
    }  # fmt: skip


def _retention_line(
    lines: pd.DataFrame, x: list[str], column: str, name: str, motion: str, dash: str
) -> dict:
    mine = role(motion)
    rate = lines[column].to_numpy(float)
    hollow = {"finished": mine.symbol, "unfinished": f"{mine.symbol}-open"}
    unfinished = _(" (unfinished)")
    texts = [
        f"{name}, {quarter.replace('<br>', ' ')}: {wording.percent(r, 1)}" + ("" if whole else unfinished)
        for quarter, r, whole in zip(x, rate, lines["finished"], strict=True)
    ]
    return {
        "type": "scatter", "mode": "lines+markers", "x": x, "y": rate,
        "line": {"color": mine.color, "width": 2.5, "dash": dash},
        "marker": {"size": 9, "symbol": [hollow["finished" if whole else "unfinished"] for whole in lines["finished"]]},
        "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>", "cliponaxis": False,
    }  # fmt: skip


def _cohort_label(month, cells: pd.DataFrame) -> str:
    size = cells.loc[cells["cohort_month"] == month, "size"].iloc[0]
    return f"{_month(month)} · {wording.number(size)}"


def _month(day) -> str:
    return wording.month_in_short(day)
