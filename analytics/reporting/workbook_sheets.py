"""A sheet of the workbook: the table behind a slide, with its ratios as formulas of the cells beside them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.columns import money_columns, ratios, share_columns, unit_column
from analytics.reporting.workbook_cells import FORBIDDEN, Formats, line, text, value

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from analytics.reporting.slides import Slide

MOST_ROWS = 1_048_576  # of a sheet, whatever stands above the table included
LONGEST_NAME = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
RESERVED = "history"  # Excel keeps this name to itself
TITLE_COLUMNS = 7
WIDEST, NARROWEST, LOOKED_AT = 48, 9, 200
CLOSE = 1e-9


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that a workbook accepts, one for each wanted one, no two alike whatever their case."""
    taken: set[str] = {RESERVED}
    names = []
    for words in wanted:
        base = _allowed(words) or _("Sheet")
        name, number = _cut(base, LONGEST_NAME), 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = _cut(base, LONGEST_NAME - len(ending)) + ending
        taken.add(name.casefold())
        names.append(name)
    return names


def _allowed(words: str) -> str:
    plain = NOT_IN_NAMES.sub(" ", FORBIDDEN.sub("", str(words)))
    return " ".join(plain.split()).strip("' ")


def _cut(words: str, longest: int) -> str:
    """So many letters at most, as spreadsheets count them: an emoji is two."""
    while len(words.encode("utf-16-le")) // 2 > longest:
        words = words[:-1]
    return words.strip("' ")


def table_sheet(sheet: Worksheet, slide: Slide, formats: Formats, kept: str = "") -> None:
    """What the slide says, how well it is known and how it is computed; below it the table.

    kept: from which other data, days and settings it is, if any.
    """
    table = slide.table
    wide = max(len(table.columns) - 1, TITLE_COLUMNS)
    row = line(sheet, 0, slide.headline, formats.title, wide)
    for words in (slide.evidence, slide.method, kept):
        row = line(sheet, row, words, formats.quiet, wide) if words else row
    room = MOST_ROWS - row - 2
    if len(table) > room:
        row = line(sheet, row, _cut_sentence(len(table), room - 1), formats.quiet, wide)
        table = table.head(room - 1)
    _table(sheet, row + 1, table, formats)


def _cut_sentence(rows: int, kept: int) -> str:
    return _("The first {kept} of {rows} rows: a sheet holds no more.").format(
        kept=wording.number(kept), rows=wording.number(rows)
    )


def _table(sheet: Worksheet, top: int, table: pd.DataFrame, formats: Formats) -> None:
    """Headers in row `top`, which stay in sight; the rows below them."""
    last = (top + len(table), len(table.columns) - 1)
    for column, name in enumerate(table.columns):
        is_number = pd.api.types.is_numeric_dtype(table.dtypes.iloc[column])
        text(sheet, top, column, str(name), formats.header_right if is_number else formats.header)
    _rows(sheet, top + 1, table, formats)
    for column in range(len(table.columns)):
        sheet.set_column(column, column, _width(table, column))
    sheet.autofilter(top, 0, *last)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, last[0], max(last[1], TITLE_COLUMNS))


class Formula(NamedTuple):
    """A column's ratio, with the places of the columns that it takes; plus is None where nothing is added."""

    numerator: int
    plus: int | None
    denominator: int
    less: float

    def value(self, row: Sequence[Any]) -> float:
        """What it makes of a row; NaN where a part of it is not known."""
        parts = [row[place] for place in (self.numerator, self.plus, self.denominator) if place is not None]
        if not all(wording.known(part) for part in parts) or not float(parts[-1]):
            return math.nan
        return sum(float(part) for part in parts[:-1]) / float(parts[-1]) - self.less

    def text(self, row: int) -> str:
        """As the sheet's row has it."""
        from xlsxwriter.utility import xl_rowcol_to_cell as cell

        above = cell(row, self.numerator)
        if self.plus is not None:
            above = f"({above}+{cell(row, self.plus)})"
        return f"={above}/{cell(row, self.denominator)}{f'-{self.less:g}' if self.less else ''}"


def _rows(sheet: Worksheet, top: int, table: pd.DataFrame, formats: Formats) -> None:
    """Cell by cell; a ratio is a formula where it follows from the cells beside it, else its value."""
    formulas, units = _formulas(table), _units(table)
    columns = [table.iloc[:, place].tolist() for place in range(len(table.columns))]
    for number, row in enumerate(zip(*columns, strict=True)):
        for place, found in enumerate(row):
            unit, formula = units[place][number], formulas.get(place)
            if formula and math.isclose(formula.value(row), _float(found), rel_tol=CLOSE, abs_tol=CLOSE):
                look = formats.number(unit)
                sheet.write_formula(top + number, place, formula.text(top + number), look, float(found))
            else:
                value(sheet, top + number, place, found, unit, formats)


def _float(found: Any) -> float:
    return float(found) if wording.known(found) else math.nan


def _formulas(table: pd.DataFrame) -> dict[int, Formula]:
    """Place of a column -> its formula; none where a name stands twice."""
    at = {str(name): place for place, name in enumerate(table.columns)}
    if len(at) < len(table.columns):
        return {}
    return {
        at[r.column]: Formula(at[r.numerator], at[r.plus] if r.plus else None, at[r.denominator], r.less)
        for r in ratios(table)
    }


def _units(table: pd.DataFrame) -> list[list[str]]:
    """The unit of every cell, column by column."""
    by_row = unit_column(table)
    own = [str(unit) for unit in table[by_row]] if by_row else []
    return [_units_of(table, place, own) for place in range(len(table.columns))]


def _units_of(table: pd.DataFrame, place: int, own: list[str]) -> list[str]:
    name, values = table.columns[place], table.iloc[:, place]
    if name in money_columns(table) or name in share_columns(table):
        return ["money" if name in money_columns(table) else "share"] * len(table)
    if own and pd.api.types.is_float_dtype(values):
        return own
    known = values[values.notna()] if pd.api.types.is_numeric_dtype(values) else values.head(0)
    is_whole = len(known) and (known.astype(float) % 1 == 0).all()
    return ["whole" if is_whole else ""] * len(table)


def _width(table: pd.DataFrame, column: int) -> float:
    """Wide enough for the header's longest word and for most cells; longer ones run on or are widened by hand."""
    header = str(table.columns[column])
    words = max((len(word) for word in header.split()), default=0)
    cells = table.iloc[:, column].head(LOOKED_AT)
    longest = max((len(cell) if isinstance(cell, str) else 11 for cell in cells), default=0)
    return min(max(words + 3, longest + 2, len(header) / 2 + 2, NARROWEST), WIDEST)
