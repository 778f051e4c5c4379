"""Charts of what incentives cause."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import incentive_sentences, wording
from analytics.decisions.incentive_grid import ALL
from analytics.decisions.incentive_kinds import LABELS
from analytics.decisions.incentive_programmes import CANNOT_TELL, DOES_NOT_PAY, PAYS
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.charts import NEUTRAL, figure, money_axis
from analytics.reporting.roles import ROLES

if TYPE_CHECKING:
    import pandas as pd

    from analytics.reporting.charts import Figure

RETENTION = ROLES["retention"].color
SYMBOLS = {PAYS: "circle", DOES_NOT_PAY: "x", CANNOT_TELL: "circle-open"}
COLORS = {PAYS: RETENTION, DOES_NOT_PAY: RETENTION, CANNOT_TELL: NEUTRAL}
SMALLEST, LARGEST = 9, 30
LONGEST_NAME = 26
FARTHEST = 2.0  # times what lies furthest above nothing: so far below it a schedule's picture reaches
WIDEST = 12.0  # per unit of cost: what lies beyond is cut off, and written


def grid_chart(cells: pd.DataFrame, title: str) -> Figure:
    """Cells of one programme (or of all together): segment × tenure, margin caused per unit of cost."""
    tenures = sorted(cells["tenure"].unique())
    segments = [ALL, *[name for name in dict.fromkeys(cells["segment"]) if name != ALL]][::-1]
    largest = max(float(cells["held_out"].max()), 1.0)
    x = [tenures.index(t) for t in cells["tenure"]]
    y = [segments.index(s) for s in cells["segment"]]
    sizes = SMALLEST + (LARGEST - SMALLEST) * np.sqrt(cells["held_out"].to_numpy() / largest)
    dots = {
        "type": "scatter", "mode": "markers", "x": x, "y": y,
        "marker": {"size": sizes, "color": [COLORS[v] for v in cells["verdict"]],
                   "symbol": [SYMBOLS[v] for v in cells["verdict"]], "line": {"width": 2}},
        "customdata": [escape(incentive_sentences.cell_text(cell)) for cell in cells.to_dict("records")],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    texts = {
        "type": "scatter", "mode": "text", "x": [at + 0.11 for at in x], "y": y, "textposition": "middle right",
        "text": [_cell_label(cell) for cell in cells.to_dict("records")], "textfont": {"size": 12.5},
        "hoverinfo": "skip", "cliponaxis": False,
    }  # fmt: skip
    return figure(
        [dots, texts],
        title,
        x={"tickvals": list(range(len(tenures))), "side": "top", "showgrid": False,
           "ticktext": [incentive_sentences.TENURE_LABELS[int(t)] for t in tenures],
           "range": [-0.35, len(tenures) - 0.25]},
        y={"tickvals": list(range(len(segments))), "range": [-0.6, len(segments) - 0.4],
           "ticktext": [_("<b>all segments</b>") if s == ALL else _shown(s) for s in segments]},
        height=110 + 52 * len(segments), top=70,
    )  # fmt: skip


def programme_chart(programmes: pd.DataFrame) -> Figure:
    """Programmes' returns side by side: as the books show them (naive), and as they were caused."""
    rows = programmes[programmes["cost"] > 0][::-1].reset_index(drop=True)
    y = np.arange(len(rows))
    ends = rows[["booked_per_unit", "per_unit_low", "per_unit_high", "per_unit"]].to_numpy(dtype=float)
    low, high = min(0.0, np.nanmin(ends, initial=0.0)), max(1.2, np.nanmax(ends, initial=1.2))
    low, high = max(low, -WIDEST / 2), min(high, WIDEST)
    booked = {
        "type": "scatter", "mode": "markers", "x": rows["booked_per_unit"].to_numpy(), "y": y,
        "marker": {"color": NEUTRAL, "symbol": "circle-open", "size": 11, "line": {"width": 2}},
        "hovertemplate": _("booked") + ": %{x:.2f}<extra></extra>",
    }  # fmt: skip
    notes = [_booked_note(rows, high)] if rows["booked_per_unit"].notna().any() else []
    return figure(
        [booked, _caused(rows, y), _caused_texts(rows, y, high)],
        _("Margin per unit of cost: booked (ring) and caused (diamond)"),
        x={"title": _("margin per unit of cost (at 1 it earns back what it costs)"),
           "range": [low - 0.05 * (high - low), high + 0.6 * (high - low)]},
        y={"tickvals": y, "showgrid": False, "range": [-0.6, len(rows) - 0.1],
           "ticktext": [_programme_label(row) for row in rows.to_dict("records")]},
        shapes=[_line_at_one(len(rows))],
        annotations=notes,
        height=110 + 56 * len(rows),
    )  # fmt: skip


def buyer_chart(buyers: pd.DataFrame) -> Figure:
    """Share of redeemed offers that would have been bought anyway, by orders in the year before the first offer."""
    rows = buyers[::-1].reset_index(drop=True)
    y = np.arange(len(rows))
    dots = {
        "type": "scatter", "mode": "markers", "x": rows["anyway"].to_numpy(), "y": y,
        "marker": {"color": RETENTION, "symbol": "diamond", "size": 12}, "error_x": _spread(rows, "anyway"),
        "hovertemplate": "%{x:.0%}<extra></extra>",
    }  # fmt: skip
    texts = {
        "type": "scatter", "mode": "text", "x": np.full(len(rows), 1.06), "y": y, "textposition": "middle right",
        "text": [_buyer_label(row) for row in rows.to_dict("records")], "hoverinfo": "skip", "cliponaxis": False,
        "textfont": {"size": 12.5},
    }  # fmt: skip
    return figure(
        [dots, texts],
        _("Redeemed offers that were bought anyway"),
        x={"title": _("part of redeemed offers"), "range": [0, 1.7], "tickformat": ".0%",
           "tickvals": [0, 0.5, 1]},
        y={"tickvals": y, "showgrid": False, "range": [-0.6, len(rows) - 0.4],
           "ticktext": [_("{orders}<br>orders before").format(orders=incentive_sentences.BUYER_LABELS[name]) for name in rows["buyers"]]},
        height=110 + 56 * len(rows),
    )  # fmt: skip


def schedule_chart(schedule: pd.DataFrame, currency: str | None) -> Figure:
    """Rewards per redeemed offer by tenure: today's (ring), suggested (bar), and the margin that one causes."""
    rows = schedule[::-1].reset_index(drop=True)
    y = np.arange(len(rows))
    rewards = {
        "type": "scatter", "mode": "markers", "x": rows["reward"].to_numpy(), "y": y,
        "marker": {"color": NEUTRAL, "symbol": "circle-open", "size": 11, "line": {"width": 2}},
        "hovertemplate": _("reward today") + ": %{x:,.2f}<extra></extra>",
    }  # fmt: skip
    caused = {
        "type": "scatter", "mode": "markers", "x": rows["caused_per_redeemed"].to_numpy(), "y": y,
        "marker": {"color": RETENTION, "symbol": "diamond", "size": 11},
        "error_x": _spread(rows, "caused_per_redeemed"),
        "hovertemplate": _("margin caused") + ": %{x:,.2f}<extra></extra>",
    }  # fmt: skip
    high = float(np.nanmax(rows[["reward", "caused_per_redeemed_high"]].to_numpy(dtype=float)))
    low = float(np.nanmin(rows[["reward", "caused_per_redeemed_low"]].to_numpy(dtype=float)))
    low, high = min(0.0, max(1.08 * low, -FARTHEST * high)), high + 0.02 * (high - low)
    beyond = rows["caused_per_redeemed_low"].to_numpy(dtype=float) < low
    texts = {
        "type": "scatter", "mode": "text", "x": np.full(len(rows), high), "y": y, "textposition": "middle right",
        "text": [f"  <b>{_step(row, currency)}</b>" for row in rows.to_dict("records")], "hoverinfo": "skip",
        "cliponaxis": False, "textfont": {"size": 12.5},
    }  # fmt: skip
    return figure(
        [rewards, caused, texts, _goes_on_below(low, y[beyond])],
        _("Reward per redeemed offer (ring), margin that it causes (diamond), and what to do"),
        x=money_axis(_("per redeemed offer"), [low, high], currency) | {"range": [low, high + 0.3 * (high - low)]},
        y={"tickvals": y, "showgrid": False, "range": [-0.6, len(rows) - 0.4],
           "ticktext": [_schedule_label(row) for row in rows.to_dict("records")]},
        height=96 + 34 * len(rows),
    )  # fmt: skip


def _goes_on_below(edge: float, y: np.ndarray) -> dict:
    """Says of intervals that they reach further than the picture."""
    return {
        "type": "scatter", "mode": "markers", "x": np.full(len(y), edge), "y": y, "cliponaxis": False,
        "marker": {"color": RETENTION, "symbol": "triangle-left", "size": 10},
        "hovertemplate": _("goes on below") + "<extra></extra>",
    }  # fmt: skip


def _cell_label(cell: dict) -> str:
    if not wording.known(cell["per_unit"]):
        return _("<i>cannot tell</i>")
    text = wording.number(cell["per_unit"], 1)
    ends = f"{wording.number(cell['per_unit_low'], 1)} … {wording.number(cell['per_unit_high'], 1)}"
    if cell["verdict"] == CANNOT_TELL:
        unsure = _("<i>cannot tell</i>")
        return f"  {unsure}<br>  <span style='font-size:11px'>{ends}</span>"
    return f"  <b>{text}</b><br>  <span style='font-size:11px'>{ends}</span>"


def _programme_label(row: dict) -> str:
    return f"<b>{_shown(row['programme'])}</b><br>{LABELS[row['kind']]}, {row['grade']}"


def _caused(rows: pd.DataFrame, y: np.ndarray) -> dict:
    return {
        "type": "scatter", "mode": "markers", "x": rows["per_unit"].to_numpy(), "y": y,
        "marker": {"color": RETENTION, "symbol": "diamond", "size": 12}, "error_x": _spread(rows, "per_unit"),
        "hovertemplate": _("caused") + ": %{x:.2f}<extra></extra>",
    }  # fmt: skip


def _caused_texts(rows: pd.DataFrame, y: np.ndarray, right: float) -> dict:
    return {
        "type": "scatter", "mode": "text", "x": np.full(len(rows), 1.02 * right), "y": y,
        "text": [_per_unit_text(row) for row in rows.to_dict("records")], "hoverinfo": "skip",
        "textposition": "middle right", "textfont": {"size": 12.5}, "cliponaxis": False,
    }  # fmt: skip


def _per_unit_text(row: dict) -> str:
    ends = f"{wording.number(row['per_unit_low'], 1)} … {wording.number(row['per_unit_high'], 1)}"
    return f"   <b>{wording.number(row['per_unit'], 1)}</b> ({ends})<br>   {VERDICTS[row['verdict']]}"


VERDICTS = Texts(
    {PAYS: marked("pays"), DOES_NOT_PAY: marked("does not pay"), CANNOT_TELL: marked("cannot tell")}
)


def _booked_note(rows: pd.DataFrame, high: float) -> dict:
    top = len(rows) - 1
    x = min(float(rows["booked_per_unit"].iloc[top]), high)
    return {
        "x": x, "y": top, "text": _("as the books show it"), "showarrow": False, "yshift": -17, "font": {"size": 12},
        "xanchor": "right" if x > 0.7 * high else "center",
    }  # fmt: skip


def _line_at_one(rows: int) -> dict:
    return {
        "type": "line", "x0": 1, "x1": 1, "y0": -0.6, "y1": rows - 0.1, "line": {"color": NEUTRAL, "width": 1.5,
                                                                               "dash": "dot"},
    }  # fmt: skip


def _buyer_label(row: dict) -> str:
    told = wording.percent(row["anyway"]) if wording.known(row["anyway"]) else _("cannot tell")
    return _("<b>{told}</b><br>{each} offers each").format(
        told=told, each=wording.number(row["redeemed_per_customer"], 1)
    )


def _schedule_label(row: dict) -> str:
    return f"{_shown(row['programme'])}, {incentive_sentences.TENURE_LABELS[int(row['tenure'])]}"


def _step(row: dict, currency: str | None) -> str:
    texts = {
        "stop": _("stop"),
        "raise": _("raise to {reward}").format(reward=wording.money(row["suggested_reward"], currency)),
        "keep": _("keep"),
    }
    return texts.get(row["step"], _("cannot tell: keep"))


def _spread(rows: pd.DataFrame, name: str) -> dict:
    value = rows[name].to_numpy(dtype=float)
    return {
        "array": rows[f"{name}_high"].to_numpy(dtype=float) - value,
        "arrayminus": value - rows[f"{name}_low"].to_numpy(dtype=float),
        "color": RETENTION, "thickness": 2.5, "width": 5,
    }  # fmt: skip


def _shown(name: str) -> str:
    return escape(name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…")
