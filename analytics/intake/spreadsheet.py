"""An .xlsx workbook as CSV text: the one sheet that holds rows, every cell as it would be written."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from analytics.intake.contract import Limits
from analytics.intake.layout import known_headers
from analytics.intake.messages import Message, note, refuse
from analytics.language import gettext as _

_ZEROS = re.compile("0{2,}")
_HIDDEN = re.compile(rb"<row\b[^>]*\shidden=[\"'](?:1|true)[\"']")
_MERGED = re.compile(rb"<mergeCell\b[^>]*\sref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_NO_VALUE = re.compile(
    rb"<c\b[^>]*\sr=[\"']([A-Z]+\d+)[\"'][^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_ACTIVE_XML = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def to_csv(path: Path, name: str, target: Path, limits: Limits) -> tuple[Path, list[Message]]:
    """Writes the first sheet with rows to `target` as CSV; raises Refused for anything but a sound .xlsx."""
    _refuse_unsound(path, name, limits)
    import openpyxl

    try:
        with path.open(
            "rb"
        ) as file:  # by its name openpyxl would refuse a workbook that is stored without .xlsx
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheet = _only_sheet(book)
            header = _write(sheet, target, limits, _shown_formats(book))
            notes = _unseen(path, sheet, header)
    except (KeyError, ValueError, zipfile.BadZipFile, TypeError, SyntaxError, OSError) as fault:
        raise refuse(
            "E_BINARY_XLSX", _("The workbook is damaged; save the sheet as CSV and upload that.")
        ) from fault
    return target, notes


def _only_sheet(book: Any) -> Any:
    sheets = [sheet for sheet in book.worksheets if _has_rows(sheet)]
    if len(sheets) > 1:
        names = ", ".join(repr(s.title[:30]) for s in sheets[:5])
        raise refuse(
            "E_SHEETS",
            _("The workbook has {count} sheets with rows ({names}); save the one that counts as CSV.").format(
                count=len(sheets), names=names
            ),
        )
    if not sheets:
        raise refuse("E_EMPTY", _("The workbook holds no rows; export it again."))
    return sheets[0]


def _write(sheet: Any, target: Path, limits: Limits, formats: bool) -> int:
    """Writes the rows; returns the number of the row that holds the headers, 1 where none looks like it."""
    header = 0
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, row in enumerate(_rows(sheet, limits, formats), start=1):
            writer.writerow(row)
            if not header and number <= 60 and known_headers(row) >= 2:
                header = number
    return header or 1


def _shown_formats(book: Any) -> bool:
    """Whether numbers are shown with leading zeros or as percentages: then each cell's format must be looked at."""
    custom = {i + 164 for i, code in enumerate(book._number_formats) if _ZEROS.fullmatch(code) or "%" in code}
    return any(style.numFmtId in custom | {9, 10} for style in book._cell_styles)


def _unseen(path: Path, sheet: Any, header: int) -> list[Message]:
    """What the values alone do not tell: cells merged over rows, formulas without a value, hidden rows."""
    hidden, rest = 0, b""
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as xml:
        while True:
            chunk = xml.read(4 * 1024 * 1024)
            rest += chunk
            cut = rest.rfind(b"</row>") + 6 if chunk else len(rest)
            if cut < 6:
                continue
            piece, rest = rest[:cut], rest[cut:]
            hidden += len(_HIDDEN.findall(piece))
            if empty := _NO_VALUE.search(piece):
                raise refuse(
                    "E_FORMULA_EMPTY",
                    _(
                        "A formula in cell {cell} has no stored value; open the workbook, let it calculate, save it "
                        "and upload it again."
                    ).format(cell=empty[1].decode()),
                )
            for merged in _MERGED.finditer(piece):
                if int(merged[2]) < int(merged[4]) > header:
                    cells = (merged[1] + merged[2] + b":" + merged[3] + merged[4]).decode()
                    raise refuse(
                        "E_MERGED_CELLS",
                        _(
                            "The cells {cells} are merged over several rows; unmerge them, write the value into every "
                            "row and upload the workbook again."
                        ).format(cells=cells),
                        line=int(merged[2]),
                    )
            if not chunk:
                break
    if not hidden:
        return []
    text = _("{count} rows of the sheet are hidden; they were read like all others.").format(count=hidden)
    return [note("N_ROWS_HIDDEN", text)]


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


def _rows(sheet: Any, limits: Limits, formats: bool) -> Iterator[list[str]]:
    for number, row in enumerate(sheet.iter_rows(values_only=not formats), start=1):
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
        yield [_as_shown(cell) for cell in row] if formats else [_written(cell) for cell in row]


def _as_shown(cell: Any) -> str:
    """A number with the leading zeros or the percent sign that its format gives it; else as _written."""
    value, code = cell.value, cell.number_format if cell.value is not None else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "%" in code:
            return f"{(Decimal(str(value)) * 100).normalize():f}%"
        if _ZEROS.fullmatch(code) and float(value).is_integer():
            return str(int(value)).zfill(len(code))
    return _written(value)


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= 1e15:
            return (
                f"{cell:.14E}"  # a workbook keeps 15 digits: an id that had more was changed, which is asked
            )
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return str(cell)
