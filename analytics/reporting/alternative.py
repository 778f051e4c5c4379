"""What a chart says to whoever hears it instead of seeing it: its title, and the beginning of its table in words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.columns import money_columns, share_columns

if TYPE_CHECKING:
    import pandas as pd

ROWS, COLUMNS = 3, 5  # as much as is listened to; the whole table is one key away
LONG, NARROW = 14, 45  # letters of a note that stands beside others, and of all of them in a narrow picture
ROW = 24  # letters of notes that stand in one row above or below the picture
LABELS, TITLE = 26, 48  # letters beside an axis, and of its title
TAG = re.compile(r"<[^>]*>")


def alternative(figure: Any, table: pd.DataFrame, currency: str | None = None) -> str:
    """The chart's title and the first rows of the table behind it: money, shares and dates as the pages write them."""
    rows = "; ".join(_row(row, table, currency) for row in table.head(ROWS).to_dict("records"))
    if rows and len(table) > ROWS:
        return _spoken(
            figure,
            _("The first of {count} rows: {rows}.").format(count=wording.number(len(table)), rows=rows),
        )
    return _spoken(figure, f"{rows}." if rows else "")


def without_rows(figure: Any) -> str:
    """The same for a chart that a slider moves: a text that changed would have the whole chart drawn anew."""
    return _spoken(figure, "")


def title_of(figure: Any) -> str:
    """The chart's title as plain text."""
    return unescape(TAG.sub("", (figure.layout.title.text or "").replace("<br>", " "))).strip()


def is_crowded(figure: Any) -> bool:
    """Whether so much is written in the chart that it cannot be drawn as narrow as a phone."""
    notes = [_longest(note.text) for note in figure.layout.annotations or ()]
    axes = [figure.layout.xaxis, figure.layout.yaxis]
    labels = [_longest(text) for text in figure.layout.yaxis.ticktext or ()]
    return (
        sum(length for length in notes if length > LONG) > NARROW
        or max(_rows_of_notes(figure).values(), default=0) > ROW
        or max(labels, default=0) > LABELS
        or max(_longest(axis.title.text) for axis in axes) > TITLE
        or any(_is_full(trace) for trace in figure.data)
    )


def _rows_of_notes(figure: Any) -> Counter:
    """Letters of each row of several notes at the picture's edge."""
    at_edge = [note for note in figure.layout.annotations or () if note.yref == "paper" and note.y in (0, 1)]
    rows, sizes = Counter(note.y for note in at_edge), Counter()
    for note in at_edge:
        if rows[note.y] > 1:
            sizes[note.y] += _longest(note.text)
    return sizes


def _longest(text: str | None) -> int:
    """Letters of the longest line."""
    return max(len(unescape(TAG.sub("", line))) for line in (text or "").split("<br>"))


def _is_full(trace: Any) -> bool:
    """A heat table, or marks that carry their names or numbers."""
    if trace.type == "heatmap":
        return trace.texttemplate is not None and any(len(str(cell)) > 1 for cell in np.ravel(trace.text))
    return trace.type == "scatter" and "text" in (trace.mode or "")


def _spoken(figure: Any, rows: str) -> str:
    title = title_of(figure)
    sentences = [title if title.endswith((".", "?", "!")) else f"{title}.", rows]
    text = " ".join(sentence for sentence in sentences if sentence)
    return _("Chart: {text}").format(text=text) + " " + _("Its numbers are in the table below.")


def _row(row: dict, table: pd.DataFrame, currency: str | None) -> str:
    """The names of a row as they are, its numbers with the header of their column."""
    money, shares = money_columns(table), share_columns(table)
    said = []
    for name, value in row.items():
        if isinstance(value, str):
            said.append(value)
        elif isinstance(value, date) and value == value:  # NaT is a date, but never itself
            said.append(wording.day(value))
        elif isinstance(value, int | float) and not isinstance(value, bool) and wording.known(value):
            said.append(f"{name} {_written(value, name in money, name in shares, currency)}")
    return ", ".join(text for text in said[:COLUMNS] if text)


def _written(value: float, is_money: bool, is_share: bool, currency: str | None) -> str:
    if is_money:
        return wording.money(value, currency)
    if is_share:
        return wording.percent(value, 1)
    return wording.number(value, 0 if float(value).is_integer() else 2)
