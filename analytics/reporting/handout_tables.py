"""Tables in the hand-out: every cell as it is read, headers that say which row and column it belongs to."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.language import ngettext
from analytics.reporting.columns import money_columns, share_columns, unit_column
from analytics.reporting.deck_words import clean, short

LONGEST_CELL = 160
SHORT, NARROW = 16, 9  # so many rows and columns are shown on paper too
NO_UNIT = ""


def folded(table: pd.DataFrame, name: str, currency: str | None, most_rows: int) -> str:
    """The table, folded until somebody opens it; small ones are printed. Empty where there is no row."""
    if not len(table) or not len(table.columns):
        return ""
    rows = wording.number(len(table))
    count = ngettext("{rows} row", "{rows} rows", len(table)).format(rows=rows)
    label = _("Table: {name}, {count}").format(name=clean(name), count=count)
    on_paper = ' data-print="open"' if len(table) <= SHORT and len(table.columns) <= NARROW else ""
    return (
        f"<details{on_paper}><summary>{escape(label)}</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"<table><caption>{escape(_caption(table, name, most_rows))}</caption>"
        f"{_head(table)}<tbody>{_body(table.head(most_rows), currency)}</tbody></table></div></details>"
    )


def cell(value: Any, unit: str, currency: str | None, decimals: int = 2) -> str:
    """One cell as it is read. unit: money, share, or anything else for a plain number; what is not known is "n/a"."""
    if isinstance(value, list | tuple | np.ndarray):
        return " · ".join(cell(part, unit, currency, decimals) for part in value)
    if isinstance(value, str):
        return short(value, LONGEST_CELL)
    if value is None or pd.isna(value):
        return _("n/a")
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return _("yes") if value else _("no")
    if isinstance(value, datetime | date):
        return _day(value)
    if isinstance(value, Real) or type(value).__name__ == "Decimal":
        return _number(float(value), unit, currency, 0 if isinstance(value, Integral) else decimals)
    return short(value, LONGEST_CELL)


def _day(value: date | datetime) -> str:
    has_time = isinstance(value, datetime) and (value.hour or value.minute)
    return f"{value:%Y-%m-%d %H:%M}" if has_time else f"{value:%Y-%m-%d}"


def _number(value: float, unit: str, currency: str | None, decimals: int) -> str:
    if unit == "money":
        return wording.money_in_full(value, currency)
    return wording.percent(value, 1) if unit == "share" else wording.number(value, decimals)


def _caption(table: pd.DataFrame, name: str, most_rows: int) -> str:
    if len(table) <= most_rows:
        return clean(name)
    return _("{name}: the first {shown} of {all} rows; the workbook has all of them").format(
        name=clean(name), shown=wording.number(most_rows), all=wording.number(len(table))
    )


def _head(table: pd.DataFrame) -> str:
    numbers = [_is_number(table.iloc[:, place]) for place in range(len(table.columns))]
    cells = [
        f'<th scope="col"{_side(is_number)}>{escape(short(name, LONGEST_CELL))}</th>'
        for name, is_number in zip(table.columns, numbers, strict=True)
    ]
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _body(table: pd.DataFrame, currency: str | None) -> str:
    """The first column names its row, where it holds words."""
    units = row_units(table)
    columns = []
    for place, name in enumerate(table.columns):
        values = table.iloc[:, place]
        unit = _unit(table, name)
        decimals, is_number = _decimals(values), _is_number(values)
        tag = 'th scope="row"' if place == 0 else "td"
        end = tag.split()[0]
        texts = [
            cell(value, unit or (own if is_number else NO_UNIT), currency, decimals)
            for value, own in zip(values.tolist(), units, strict=True)
        ]
        columns.append([f'<{tag}{_side(is_number)} dir="auto">{escape(text)}</{end}>' for text in texts])
    return "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True))


def row_units(table: pd.DataFrame) -> list[str]:
    """The unit of each row's numbers, where a column says it; else empty."""
    name = unit_column(table)
    return [str(unit) for unit in table[name]] if name else [NO_UNIT] * len(table)


def _unit(table: pd.DataFrame, name: str) -> str:
    return "money" if name in money_columns(table) else "share" if name in share_columns(table) else NO_UNIT


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _decimals(values: pd.Series) -> int:
    """None for whole numbers, two for large ones, else three."""
    if not _is_number(values):
        return 2
    known = values[values.map(wording.known)].astype(float)
    if not len(known) or (known == known.round()).all():
        return 0
    return 2 if known.abs().max() >= 10 else 3


def _side(is_number: bool) -> str:
    return ' class="n"' if is_number else ""
