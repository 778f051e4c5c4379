"""The workbook inside a chart: one sheet, a column for everything that the chart draws. Text stays text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from pptx.chart.xlsx import CategoryWorkbookWriter

from analytics.reporting.deck_figure import known
from analytics.reporting.deck_words import clean


class Sheet:
    """Columns with a heading each; add() gives back where they stand."""

    def __init__(self) -> None:
        self.columns: list[tuple[str, list[Any]]] = []

    def add(self, heading: str, values: Sequence[Any]) -> str:
        """A column more; what it is called in the sheet ("C")."""
        cells = [clean(v) if isinstance(v, str) else v for v in values]
        self.columns.append((clean(heading), cells))
        return letters(len(self.columns))

    def heading(self, column: str) -> str:
        """The heading of the newest column, as a chart refers to it."""
        return (
            f'<c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val="1"/>'
            f'<c:pt idx="0"><c:v>{escape(self.columns[-1][0])}</c:v></c:pt></c:strCache></c:strRef>'
        )

    def blob(self) -> bytes:
        """The workbook as a file."""
        return _Writer(self).xlsx_blob


class _Writer(CategoryWorkbookWriter):
    """python-pptx's own writer, which would make a formula of text that begins with "="."""

    def _populate_worksheet(self, workbook, worksheet) -> None:
        days = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for place, (heading, values) in enumerate(self._chart_data.columns):
            worksheet.write_string(0, place, heading)
            for row, value in enumerate(values, 1):
                if isinstance(value, str):
                    worksheet.write_string(row, place, value)
                elif isinstance(value, date):
                    worksheet.write_datetime(row, place, value, days)
                elif known(value):
                    worksheet.write_number(row, place, value)


def numbers(column: str, values: Sequence[Any], code: str = "General") -> str:
    """A chart's reference to a column of numbers, and what stands in it; what is not known is left out."""
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{value!r}</c:v></c:pt>' for n, value in enumerate(values) if known(value)
    )
    return (
        f"<c:numRef><c:f>{_range(column, len(values))}</c:f><c:numCache><c:formatCode>{escape(code)}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def words(column: str, values: Sequence[str]) -> str:
    """A chart's reference to a column of text, and what stands in it."""
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{escape(clean(text))}</c:v></c:pt>' for n, text in enumerate(values)
    )
    return (
        f"<c:strRef><c:f>{_range(column, len(values))}</c:f><c:strCache>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:strCache></c:strRef>'
    )


def letters(number: int) -> str:
    """What a spreadsheet calls its columns: 1 is A, 27 is AA."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _range(column: str, count: int) -> str:
    return f"Sheet1!${column}$2:${column}${count + 1}"
