"""Workbooks: what is shown in them is what is read, and what cannot be seen in a table of values is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from analytics.intake.reading import Reading

Read = Callable[..., Reading]
Edit = Callable[[Any], object]


def workbook(edit: Edit, calculated: bool = True) -> bytes:
    """Four orders worth 105.00 in a sheet that `edit` changes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["order_id", "customer_id", "order_date", "channel", "amount"])
    for i in range(1, 5):
        sheet.append([f"S-{i}", i, datetime(2026, 7, i), "email", i * 10.5])
    edit(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zeros(sheet: Any) -> None:
    for row in range(2, 6):
        sheet.cell(row, 2).number_format = "000000"


def _title(sheet: Any) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Orders of the shop"
    sheet.merge_cells("A1:E2")


def _hide(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


def _percent(sheet: Any) -> None:
    sheet.cell(2, 5).number_format = "0.0%"


def test_a_sound_workbook_is_read_under_any_name_of_its_file(read_text: Read, tmp_path: Any) -> None:
    reading = read_text(workbook(lambda sheet: None), name="orders.xlsx")
    assert (reading.verdict, reading.amount) == ("accept", 105)


def test_leading_zeros_that_a_format_shows_are_part_of_the_number(
    read_text: Read, staged_rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    rows = staged_rows(read_text(workbook(_zeros), name="orders.xlsx"), "customer_id")
    assert rows == [("000001",), ("000002",), ("000003",), ("000004",)]


def test_a_title_merged_over_rows_above_the_header_does_no_harm(read_text: Read) -> None:
    reading = read_text(workbook(_title), name="orders.xlsx")
    assert (reading.verdict, reading.rows.read) == ("repair", 4)


def test_hidden_rows_are_read_and_that_is_said(read_text: Read) -> None:
    reading = read_text(workbook(_hide), name="orders.xlsx")
    assert (reading.verdict, reading.rows.read, [m.code for m in reading.messages]) == (
        "accept",
        4,
        ["N_ROWS_HIDDEN"],
    )


REFUSED: dict[str, tuple[Edit, str]] = {
    "an amount as a percentage": (_percent, "E_NUMBER_UNIT"),
    "a channel merged over rows": (lambda sheet: sheet.merge_cells("D2:D4"), "E_MERGED_CELLS"),
    "a formula that was never calculated": (lambda sheet: sheet.__setitem__("E2", "=1+1"), "E_FORMULA_EMPTY"),
    "two sheets with rows": (lambda sheet: sheet.parent.create_sheet("more").append(["x"]), "E_SHEETS"),
    "an error of a formula": (lambda sheet: sheet.__setitem__("E2", "#REF!"), "E_NUMBER"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_a_workbook_does_not_state_is_refused(read_text: Read, what: str) -> None:
    edit, code = REFUSED[what]
    reading = read_text(workbook(edit), name="orders.xlsx")
    assert (reading.verdict, [m.code for m in reading.messages]) == ("reject", [code])


def test_an_id_of_more_digits_than_a_workbook_keeps_is_asked_about(read_text: Read) -> None:
    reading = read_text(workbook(lambda sheet: sheet.__setitem__("A2", 2026070112345671)), name="orders.xlsx")
    assert [m.code for m in reading.messages if m.severity == "question"] == ["E_ID_DAMAGED"]
