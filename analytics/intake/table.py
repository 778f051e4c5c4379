"""The rows of a file as SQL sees them, and the way back from a row to its line in the file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.intake.container import Text
from analytics.intake.layout import Layout

Query = Callable[..., list[tuple[Any, ...]]]
LineOf = Callable[[int], int]
SQL = Path(__file__).with_name("sql")
_INVISIBLE = "\u200b\u2060\ufeff\u00ad"
_BLANKS = "\u00a0\u3000"
MOST_LINE_BYTES = 4_000_000


class QueryFailed(Exception):
    """The SQL engine refused a statement; the text is its own message."""


@dataclass(frozen=True)
class Table:
    """The rows of a CSV file (no header) as text columns c0, c1, …; `path` is relative to the working directory.

    Column names are made here and never come from the file; delimiter and quote are from fixed sets.
    """

    query: Query
    text: Text
    layout: Layout
    path: str
    skip: int = 0  # lines of the file above the rows: 1 where the header is still in it

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.layout.headers)

    @property
    def scan(self) -> str:
        """The table function that reads every column as text."""
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(self.width))
        delimiter = "\\t" if self.layout.delimiter == "\t" else self.layout.delimiter
        quote = self.layout.quote.replace("'", "''")
        return (
            f"read_csv('{self.path}', auto_detect=false, all_varchar=true, header=false, skip={self.skip}, "
            f"delim='{delimiter}', quote='{quote}', escape='{quote}', nullstr='\x01', strict_mode=true, "
            f"null_padding=false, max_line_size={MOST_LINE_BYTES}, columns={{{columns}}})"
        )

    @property
    def numbered(self) -> str:
        """The rows with their place in the file: record 1 is the first row below the header."""
        return f"(select row_number() over () as record, * from {self.scan})"

    def clean(self, at: int) -> str:
        """Column `at` without blanks around it and without invisible characters."""
        if not self.text.invisible:
            return f"trim(c{at})"
        return f"trim(regexp_replace(translate(c{at}, '{_BLANKS}', '  '), '[{_INVISIBLE}]', '', 'g'))"

    def cells(self, at: int, records: Sequence[int]) -> dict[int, str]:
        """Cells of column `at` as written, by record."""
        rows = self.query(
            f"select record, c{at} from {self.numbered} where list_contains(?, record)", [list(records)]
        )
        return dict(rows)

    def simple_lines(self, rows: int) -> bool:
        """True where every row is one line and no blank line stands between: line = first_line + record − 1."""
        return rows == self._data_lines()

    def _data_lines(self) -> int:
        return self.text.line_feeds + (self.text.last_byte not in (b"\n", b"")) - self.skip

    def records(self, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
        """(line, fields) of every record, by reading the file row by row: for files with blank or broken lines only."""
        csv.field_size_limit(1 << 30)
        above = self.layout.first_line - 1
        with Path(self.path).open(encoding="utf-8", newline="") as file:
            reader = csv.reader(
                file, delimiter=self.layout.delimiter, quotechar=self.layout.quote, strict=strict
            )
            for _ in range(self.skip):
                next(reader)
            above -= self.skip
            before = reader.line_num
            for cells in reader:
                if cells:
                    yield above + before + 1, cells
                before = reader.line_num


class Lines:
    """The line of a record: by counting where every row is one line, else by reading the file once more."""

    def __init__(self, table: Table, rows: int) -> None:
        self.first, self.simple = table.layout.first_line, table.simple_lines(rows)
        self._table = table
        self._known: list[int] | None = None

    def __call__(self, record: int) -> int:
        """The line on which a record begins; the first record is 1."""
        return self.first + record - 1 if self.simple else self.all[record - 1]

    @property
    def all(self) -> list[int]:
        """Line of every record, in order."""
        if self._known is None:
            self._known = [line for line, _ in self._table.records()]
        return self._known


def sql(name: str) -> str:
    """The text of a named statement of this room."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
