"""Cells of the workbook: text that stays text, numbers with their unit, and lines that run over the whole width."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.warehouse.harmless import is_formula

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767  # letters that a cell holds
# What a file of XML cannot hold; line ends and tabs are kept.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_COLUMNS, LETTERS_IN_LINE, LINE_HEIGHT = 4, 135, 15.0
WITHOUT_CENTS = ("KRW", "JPY")


class Formats:
    """The looks of cells in one workbook; what is not known is grey and to the right, as numbers are."""

    def __init__(self, book: Workbook, currency: str | None) -> None:
        self._book = book
        self._money = money_format(currency)
        self._numbers: dict[str, Format] = {}
        self.answer = book.add_format({"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 12, "text_wrap": True, "valign": "top"})
        self.header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.header_right = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"}
        )
        self.quiet = book.add_format({"font_color": "#52606d", "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.text = book.add_format({"valign": "top"})
        self.quoted = book.add_format({"valign": "top", "quote_prefix": True})
        self.right = book.add_format({"align": "right", "font_color": "#52606d", "valign": "top"})

    def number(self, unit: str) -> Format:
        """The format of numbers of a unit: money, share, ratio, whole, day, moment; any other is a plain number."""
        if unit not in self._numbers:
            codes = {
                "money": self._money, "share": "0.0%", "ratio": "#,##0.00", "whole": "#,##0", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm",
            }  # fmt: skip
            look = {"num_format": codes.get(unit, "#,##0.00##"), "valign": "top"}
            self._numbers[unit] = self._book.add_format(look)
        return self._numbers[unit]


def money_format(currency: str | None) -> str:
    """How a spreadsheet writes amounts: the currency before them, its letters as text."""
    sign = re.sub(r'["\\]', "", wording.symbol(currency))
    amount = "#,##0" if (currency or "").upper() in WITHOUT_CENTS else "#,##0.00"
    return f'"{sign}"{amount};-"{sign}"{amount}' if sign else amount


def value(sheet: Worksheet, row: int, column: int, found: Any, unit: str, formats: Formats) -> None:
    """One cell of a table, as what it is; what is not known is "n/a"."""
    if isinstance(found, str):
        text(sheet, row, column, found, formats.quoted if is_formula(found) else formats.text)
    elif isinstance(found, list | tuple | np.ndarray):
        text(sheet, row, column, " · ".join(wording.number(part, 2) for part in found), formats.text)
    elif found is None or found is pd.NaT or (not _is_finite(found)):
        text(sheet, row, column, _("n/a"), formats.right)
    elif isinstance(found, bool) or type(found).__name__ == "bool":
        text(sheet, row, column, _("yes") if found else _("no"), formats.text)
    elif isinstance(found, date) and found.year >= 1900:
        _day(sheet, row, column, found, formats)
    elif isinstance(found, date):  # a spreadsheet's calendar begins in 1900
        text(sheet, row, column, found.isoformat(), formats.text)
    elif _is_number(found):
        sheet.write_number(row, column, float(found), formats.number(unit))
    else:
        text(sheet, row, column, str(found), formats.text)


def text(sheet: Worksheet, row: int, column: int, words: str, look: Format) -> None:
    """A cell of text that is never read as anything else."""
    kept = FORBIDDEN.sub("", str(words))
    if not kept:
        sheet.write_blank(row, column, None, look)
        return
    sheet.write_string(
        row, column, kept if len(kept) <= LONGEST_TEXT else f"{kept[: LONGEST_TEXT - 1]}…", look
    )


def line(sheet: Worksheet, row: int, words: str, look: Format, columns: int = LINE_COLUMNS) -> int:
    """A sentence over the whole width, as high as it needs; the row below it."""
    sheet.merge_range(row, 0, row, max(columns, 1), "", look)
    text(sheet, row, 0, " ".join(str(words).split()), look)
    size = getattr(look, "font_size", 11)
    lines = math.ceil(len(words) * size / 11 / LETTERS_IN_LINE) or 1
    sheet.set_row(row, LINE_HEIGHT * lines * size / 11 + 2)
    return row + 1


def _day(sheet: Worksheet, row: int, column: int, found: date, formats: Formats) -> None:
    if isinstance(found, datetime):
        plain = found.replace(tzinfo=None)
        has_time = bool(plain.hour or plain.minute or plain.second)
        sheet.write_datetime(row, column, plain, formats.number("moment" if has_time else "day"))
    else:
        moment = datetime(found.year, found.month, found.day)
        sheet.write_datetime(row, column, moment, formats.number("day"))


def _is_number(found: Any) -> bool:
    return isinstance(found, int | float) or hasattr(found, "__float__")


def _is_finite(found: Any) -> bool:
    """False for NaN and infinities of every kind of number; True for whatever is no number."""
    if isinstance(found, date):
        return True
    return math.isfinite(float(found)) if _is_number(found) else not pd.isna(found)
