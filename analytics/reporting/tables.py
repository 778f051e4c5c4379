"""Tables behind charts: frames with headers for people, texts of single figures, and CSV that is safe to open."""

import json
import math
import re
from io import StringIO

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.figures import Figure
from analytics.intake.contract import KIND_LABELS, WORDS, data_dictionary
from analytics.language import gettext as _
from analytics.reporting.columns import holds
from analytics.reporting.roles import LENS_LABELS, MOTION_LABELS, SOURCE_LABELS, role
from analytics.warehouse.harmless import harmless
from analytics.warehouse.ledger import Upload

TEXTS = (pd.StringDtype, pd.CategoricalDtype)


def safe_csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV (UTF-8 with the mark that spreadsheets need), with no cell that one would run as a formula.

    Cells and headers are made harmless by warehouse.harmless, numbers are left alone.
    """
    safe = frame.copy()
    safe.columns = [harmless(str(name)) for name in frame.columns]
    for place, kind in enumerate(frame.dtypes):
        if isinstance(kind, TEXTS) or pd.api.types.is_object_dtype(kind):
            safe.isetitem(place, frame.iloc[:, place].astype(object).map(_harmless))
    out = StringIO()
    safe.to_csv(out, index=False, lineterminator="\r\n")
    return out.getvalue().encode("utf-8-sig")


def file_name(*words: str) -> str:
    """A file name of lower-case words: "Return by lens", "1a2b" is return-by-lens-1a2b.csv."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-") + ".csv"


def lens_table(lenses: pd.DataFrame) -> pd.DataFrame:
    """Frame[side, lens, return on investment, from, to] of Case.lenses."""
    return pd.DataFrame(
        {
            _("side"): [role(motion).label for motion in lenses["motion"]],
            _("lens"): [LENS_LABELS[lens] for lens in lenses["lens"]],
            _("return on investment"): lenses["roi"].to_numpy(),
            _("from (80 %)"): lenses["low"].to_numpy(),
            _("to (80 %)"): lenses["high"].to_numpy(),
        }
    )


@holds(shares=("would have come anyway",))
def break_even_table(lines: pd.DataFrame) -> pd.DataFrame:
    """Frame[share that would have come anyway, return of acquisition, of retention] of Case.break_even_lines."""
    wide = lines.pivot(index="baseline_share", columns="motion", values="roi").reset_index()
    return pd.DataFrame(
        {
            _("would have come anyway"): wide["baseline_share"],
            _("acquisition: return on investment"): wide["acquisition"],
            _("retention: return on investment"): wide["retention"],
        }
    )


@holds(money=("revenue",))
def revenue_table(revenue: pd.DataFrame) -> pd.DataFrame:
    """Frame[quarter, source, revenue, orders] of Case.revenue_by_quarter."""
    return pd.DataFrame(
        {
            _("quarter"): [wording.quarter(day) for day in revenue["quarter"]],
            _("source"): [SOURCE_LABELS[source] for source in revenue["source"]],
            _("revenue"): revenue["revenue"].to_numpy(),
            _("orders"): revenue["orders"].to_numpy(),
        }
    )


@holds(unit="unit")
def figure_table(figures: tuple[Figure, ...]) -> pd.DataFrame:
    """Frame[figure, value, period before, unit, formula]."""
    rows = [(f.label, f.value, f.previous, f.unit, f.formula) for f in figures]
    return pd.DataFrame(
        rows, columns=[_("figure"), _("value"), _("period before"), _("unit"), _("how it is computed")]
    )


def figure_texts(figures: tuple[Figure, ...], currency: str | None) -> pd.DataFrame:
    """Frame[figure, value, change] as the page writes them, for a slide of their own."""
    rows = [(f.label, figure_value(f, currency), figure_change(f, currency)) for f in figures]
    return pd.DataFrame(rows, columns=[_("figure"), _("value"), _("change")])


@holds(money=("amount",), shares=("share",))
def bar_table(bars: pd.DataFrame) -> pd.DataFrame:
    """Frame[of, part, amount, share] of Sources.bars."""
    return pd.DataFrame(
        {
            _("of"): bars["bar"].to_numpy(),
            _("part"): bars["part"].to_numpy(),
            _("amount"): bars["amount"].to_numpy(),
            _("share"): bars["share"].to_numpy(),
        }
    )


@holds(money=("revenue", "margin", "spend", "CAC"), shares=("of revenue",))
def channel_table(channels: pd.DataFrame) -> pd.DataFrame:
    """Sources.channels with headers for people."""
    return pd.DataFrame(
        {
            _("channel or programme"): channels["name"].to_numpy(),
            _("for"): [MOTION_LABELS[motion] for motion in channels["motion"]],
            _("by quarter"): channels["revenue_by_quarter"].to_numpy(),
            _("revenue"): channels["revenue"].to_numpy(),
            _("of revenue"): channels["revenue_share"].round(3).to_numpy(),
            _("margin"): channels["margin"].to_numpy(),
            _("spend"): channels["spend"].to_numpy(),
            _("CAC"): channels["cac"].to_numpy(),
            _("payback"): channels["payback_months"].to_numpy(),
            _("orders"): channels["orders"].to_numpy(),
        }
    )


@holds(money=("revenue", "spend"))
def quarter_table(by_quarter: pd.DataFrame) -> pd.DataFrame:
    """Frame[channel or programme, for, quarter, orders, revenue, spend] of Sources.by_quarter."""
    return pd.DataFrame(
        {
            _("channel or programme"): by_quarter["name"].to_numpy(),
            _("for"): [MOTION_LABELS[motion] for motion in by_quarter["motion"]],
            _("quarter"): [wording.quarter(day) for day in by_quarter["quarter"]],
            _("orders"): by_quarter["orders"].to_numpy(),
            _("revenue"): by_quarter["revenue"].to_numpy(),
            _("spend"): by_quarter["spend"].to_numpy(),
        }
    )


@holds(money=("amount", "margin"))
def order_table(orders: pd.DataFrame) -> pd.DataFrame:
    """Rows behind a line, with days as days and without the columns that are empty throughout."""
    days = orders.assign(day=pd.to_datetime(orders["day"]).dt.date)
    return days.loc[:, days.notna().any() | (days.columns == "order_id")]


@holds(money=("amount",), personal=("by",))
def upload_table(uploads: pd.DataFrame) -> pd.DataFrame:
    """Workspace.uploads() with headers for people."""
    names = {
        "upload_id": _("upload"), "stands": _("counts"), "file": _("file"), "kind": _("kind"), "amount": _("amount"),
        "when": _("loaded (UTC)"), "first_day": _("first day"), "last_day": _("last day"), "read": _("rows read"),
        "accepted": _("accepted"), "repaired": _("repaired"), "set_aside": _("set aside"), "by": _("by"),
    }  # fmt: skip
    days = {name: uploads[name].dt.date for name in ("first_day", "last_day")}
    kinds = uploads["kind"].map(KIND_LABELS.__getitem__)
    return uploads.assign(kind=kinds, **days)[list(names)].rename(columns=names)


def upload_label(entry: Upload) -> str:
    """One upload in one line: "u0001-1a2b3c4d: sales, orders.csv, 1,234 rows, loaded 2026-10-01 09:30"."""
    rows = wording.number(entry.rows_accepted + entry.rows_repaired)
    text = _("{upload}: {kind}, {file}, {rows} rows, loaded {when}").format(
        upload=entry.upload_id,
        kind=KIND_LABELS[entry.kind],
        file=entry.file_name,
        rows=rows,
        when=f"{entry.loaded_at:%Y-%m-%d %H:%M}",
    )
    return text if entry.stands else _("{upload} (undone)").format(upload=text)


def upload_messages(entry: Upload) -> list[str]:
    """What was said about the file when it was loaded."""
    return [message["text"] for message in json.loads(entry.messages)]


def dictionary_table() -> pd.DataFrame:
    """The data dictionary: one row per column of every kind of export."""
    rows = [
        (KIND_LABELS[r.kind], r.column, WORDS[r.need], WORDS[r.type], _(r.meaning), r.also_called)
        for r in data_dictionary()
    ]
    return pd.DataFrame(
        rows, columns=[_("export"), _("column"), _("need"), _("type"), _("meaning"), _("also called")]
    )


def coverage_table(months: pd.DataFrame) -> pd.DataFrame:
    """Frame[export, month, state, rows] of Coverage.months."""
    words = {"full": _("whole month"), "partial": _("in part"), "none": _("nothing")}
    return pd.DataFrame(
        {
            _("export"): months["kind"].to_numpy(),
            _("month"): [f"{month:%Y-%m}" for month in months["month"]],
            _("state"): [words[state] for state in months["state"]],
            _("rows"): months["rows"].to_numpy(),
        }
    )


def figure_value(figure: Figure, currency: str | None) -> str:
    """The figure as it is read: "€56.47", "4 months", "65 %", "not yet"."""
    return _("not yet") if figure.not_yet else _written(figure.value, figure.unit, currency)


def figure_change(figure: Figure, currency: str | None) -> str:
    """How it moved: "▲ 3 points, better than in the period before"; what is said where it did not, or is not known."""
    if not math.isfinite(figure.change):
        return ""
    if abs(figure.change) < (0.0005 if figure.unit == "share" else 0.005):
        return _("as in the period before")
    moved = "higher" if figure.change > 0 else "lower"
    texts = {
        "": _("{arrow} {size} (before: {before})"),
        moved: _("{arrow} {size}, better (before: {before})"),
    }
    return texts.get(figure.better, _("{arrow} {size}, worse (before: {before})")).format(
        arrow="▲" if figure.change > 0 else "▼",
        size=_size(figure, currency),
        before=_written(figure.previous, figure.unit, currency),
    )


def _size(figure: Figure, currency: str | None) -> str:
    size = abs(figure.change)
    if figure.unit == "share":
        return _("{points} points").format(points=wording.number(100 * size, 1))
    return _written(size, figure.unit, currency)


def _written(value: float, unit: str, currency: str | None) -> str:
    if unit == "money":
        return wording.money(value, currency)
    return wording.months(value) if unit == "months" else wording.percent(value)


def _harmless(cell):
    return harmless(cell) if isinstance(cell, str) else cell
