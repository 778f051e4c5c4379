"""An .xlsx workbook as CSV text: the one sheet that holds rows, every cell as it would be written."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from analytics.intake.contract import Limits
from analytics.intake.messages import Message, refuse
from analytics.language import gettext as _

_ACTIVE_XML = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def to_csv(path: Path, name: str, target: Path, limits: Limits) -> tuple[Path, list[Message]]:
    """Writes the first sheet with rows to `target` as CSV; raises Refused for anything but a sound .xlsx."""
    _refuse_unsound(path, name, limits)
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if _has_rows(sheet)]
        if len(sheets) > 1:
            names = ", ".join(repr(s.title[:30]) for s in sheets[:5])
            raise refuse(
                "E_SHEETS",
                _(
                    "The workbook has {count} sheets with rows ({names}); save the one that counts as CSV."
                ).format(count=len(sheets), names=names),
            )
        if not sheets:
            raise refuse("E_EMPTY", _("The workbook holds no rows; export it again."))
        with target.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows(_rows(sheets[0], limits))
    except (KeyError, ValueError, zipfile.BadZipFile, TypeError, SyntaxError, OSError) as fault:
        raise refuse(
            "E_BINARY_XLSX", _("The workbook is damaged; save the sheet as CSV and upload that.")
        ) from fault
    return target, []


def _refuse_unsound(path: Path, name: str, limits: Limits) -> None:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as fault:
        raise refuse("E_BINARY", _("The file is a damaged archive; export it again.")) from fault
    with archive:
        parts = archive.infolist()
        if not any(p.filename.startswith("xl/") for p in parts):
            raise refuse(
                "E_BINARY", _("The file is a zip archive; unpack it and upload the CSV files in it.")
            )
        if not name.lower().endswith((".xlsx", ".xlsm")):
            raise refuse(
                "E_BINARY_XLSX",
                _("The file is an Excel workbook with another name; save as CSV or name it .xlsx."),
            )
        unpacked = sum(p.file_size for p in parts)
        packed = max(1, sum(p.compress_size for p in parts))
        if unpacked > limits.unpacked_bytes or unpacked > max(limits.bomb_bytes, limits.bomb_ratio * packed):
            raise refuse(
                "E_TOO_LARGE_UNPACKED",
                _("The workbook is too large once unpacked; save the sheet as CSV and split it."),
            )
        _refuse_active_xml(archive, parts)


def _refuse_active_xml(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as xml:
                if _ACTIVE_XML.search(
                    xml.read(4096)
                ):  # a document type can only stand before the first element
                    raise refuse(
                        "E_BINARY_XLSX",
                        _(
                            "The workbook holds an XML document type, which Excel never writes; save the sheet as CSV."
                        ),
                    )


def _has_rows(sheet: Any) -> bool:
    return any(any(cell is not None for cell in row) for row in sheet.iter_rows(values_only=True, max_row=50))


def _rows(sheet: Any, limits: Limits) -> Iterator[list[str]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > limits.rows + 100:
            raise refuse(
                "E_TOO_MANY_ROWS",
                _("The sheet has more than {limit:,} rows, which is the limit.").format(limit=limits.rows),
            )
        if number == 1 and len(row) > limits.columns * 50:
            raise refuse(
                "E_TOO_MANY_COLUMNS",
                _("The sheet has {count} columns; the limit is {limit}.").format(
                    count=len(row), limit=limits.columns
                ),
            )
        yield [_written(cell) for cell in row]


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
