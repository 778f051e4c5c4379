"""Why a file cannot be parsed as a table: the first fault in it, found by reading it once more, in words."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

from analytics.intake import layout as layouts
from analytics.intake.messages import Refused, refuse
from analytics.intake.table import Table
from analytics.language import gettext as _


def explain(table: Table, failure: str) -> Refused:
    """The Refused that names the first damaged line; `failure` is the SQL engine's own message."""
    if line := _unclosed_quote(table):
        return refuse(
            "E_QUOTE_UNCLOSED",
            _(
                "A quotation mark is opened on line {line} and never closed; correct that line or export the "
                "file again."
            ).format(line=line),
            line=line,
        )
    for line, cells in table.records():
        if len(cells) != table.width:
            return _odd_record(table, line, cells, table.layout.delimiter.join(cells))
    if "maximum line size" in failure.lower() or "max_line_size" in failure.lower():
        return refuse(
            "E_FIELD_TOO_LONG", _("A line is longer than 4 MB; export the file again without that field.")
        )
    if line := _lone_return(table):
        return refuse(
            "E_RAGGED",
            _(
                "Line {line} holds a carriage return (CR) within a row; export the file again with one kind of line end."
            ).format(line=line),
            line=line,
        )
    return refuse("E_RAGGED", _("The rows of the file do not form a table; export it again as CSV."))


def _odd_record(table: Table, line: int, cells: list[str], raw: str) -> Refused:
    expected, found = table.width, len(cells)
    for other in layouts.DELIMITERS:
        if (
            other != table.layout.delimiter
            and len(layouts.split(raw, other, table.layout.quote)) == expected > 1
        ):
            return refuse("E_DELIMITER_MIXED",
                          _("From line {line} on, fields are set apart by '{other}' instead of '{delimiter}': two files were "
"glued together; upload them one by one.").format(line=line, other=other, delimiter=table.layout.delimiter), line=line)  # fmt: skip
    blank_above = _line(table, line - 1).strip() == ""
    if layouts.known_headers(cells) >= 2 or (blank_above and found > 1 and _is_header_like(cells)):
        return refuse("E_TWO_TABLES",
                      _("A second table begins on line {line}; save each table as a file of its own.").format(line=line), line=line)  # fmt: skip
    if found < expected and _is_last(table, line):
        return refuse("E_CUT_OFF",
                      _("The last line ({line}) has {found} of {expected} fields: the file was cut off, or a remark stands there; export it again.").format(line=line, found=found, expected=expected),
                      line=line)  # fmt: skip
    return refuse("E_RAGGED",
                  _("Line {line} has {found} fields instead of {expected}; quote fields that hold the separator, or "
"correct that line.").format(line=line, found=found, expected=expected), line=line, value=raw)  # fmt: skip


def _is_header_like(cells: list[str]) -> bool:
    return all(c.strip() and not any(d.isdigit() for d in c) for c in cells)


def _above(table: Table) -> int:
    """Lines of the uploaded file that stand above the first line of the rows file."""
    return table.layout.first_line - 1 - table.skip


def _line(table: Table, number: int) -> str:
    with Path(table.path).open(encoding="utf-8", newline="") as file:
        at = number - _above(table) - 1
        return next(islice(file, at, None), "") if at >= 0 else ""


def _is_last(table: Table, line: int) -> bool:
    with Path(table.path).open("rb") as file:
        return _above(table) + sum(1 for _line in file) <= line


def _lone_return(table: Table) -> int | None:
    """Line of the first carriage return that ends no line."""
    with Path(table.path).open("rb") as file:
        for number, line in enumerate(file, start=1):
            if b"\r" in line.removesuffix(b"\n").removesuffix(b"\r"):
                return _above(table) + number
    return None


def _unclosed_quote(table: Table) -> int | None:
    """Line on which a quoted field begins that runs to the end of the file."""
    last = _above(table)
    try:
        with Path(table.path).open(encoding="utf-8", newline="") as file:
            csv.field_size_limit(1 << 30)
            reader = csv.reader(
                file, delimiter=table.layout.delimiter, quotechar=table.layout.quote, strict=True
            )
            for _row in reader:
                last = _above(table) + reader.line_num
    except csv.Error as fault:
        return last + 1 if "end of data" in str(fault) else None
    return None
