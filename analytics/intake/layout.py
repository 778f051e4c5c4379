"""Where the table stands in a text file: delimiter, quote sign, lines above the header, lines below the rows."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from analytics.intake.contract import KINDS, Limits, normalised
from analytics.intake.messages import Message, note, refuse
from analytics.language import gettext as _

DELIMITERS = (",", ";", "\t", "|")
HEAD_BYTES = 4 * 1024 * 1024
TAIL_BYTES = 256 * 1024
HEAD_RECORDS = 400
MOST_FOOTER_LINES = 20

_HEADER_WORDS = {
    normalised(word): (kind.name, column.name)
    for kind in KINDS.values()
    for column in kind.columns
    for word in (column.name, *column.synonyms, *column.fallbacks, *column.suggestions)
}
_TOTAL = re.compile(
    r"^\W*(grand\s+|sub)?(totals?|sum|summe|gesamt(summe)?|insgesamt|somme|suma|totale|합계|총계|총합|소계|合計|合计|总计)\b",
    re.IGNORECASE,
)
_AFTER_TOTAL = re.compile(
    r"[\s:=]*([^\w\s]?[-+(]?[\d.,'’\s]*\)?\W*|\(.*\)|amount|sales|revenue|\d+ rows?|:\s*[a-z ]{3,24})",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\btotal|\bsum\b|end of|confidential|generated|report|page \d|\brows?\b|\brecords?\b|printed|exported|copyright|©|"
    r"합계|총계|끝|출력|end$|^\W+$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,'’\s]*\d\)?-?|\d")


@dataclass(frozen=True)
class Layout:
    """A table in a text file. Lines are physical lines, the first is 1."""

    delimiter: str
    quote: str
    headers: tuple[str, ...]
    first_line: int  # of the first data row
    start_byte: int  # the rows begin here
    end_byte: int  # and end here
    totals: tuple[str, ...] | None  # cells of a totals row below the rows
    notes: tuple[Message, ...] = ()


def find_layout(path: Path, limits: Limits) -> Layout:
    """Finds the table in a UTF-8 file; raises Refused where there is none."""
    with path.open("rb") as file:
        raw = file.read(HEAD_BYTES)
    head = raw.decode("utf-8", errors="ignore").lstrip("\ufeff")
    _refuse_no_table(head)
    hint = re.match(r"sep=(.)\r?\n", head)
    delimiter, quote, records = _dialect(head, hint[1] if hint and hint[1] in DELIMITERS else None)
    if not any(cell.strip() for _start, _end, cells in records for cell in cells):
        raise refuse(
            "E_FIELD_TOO_LONG",
            _("The first line has no end within {size} kB, so this is no table; export it again.").format(
                size=HEAD_BYTES // 1024
            ),
        )
    index = _header_index(records)
    header_line, end_line, cells = records[index]
    if len(cells) > limits.columns:
        raise refuse(
            "E_TOO_MANY_COLUMNS",
            _(
                "The file has {count:,} columns; the limit is {limit}. Export only the columns that are needed."
            ).format(count=len(cells), limit=limits.columns),
            line=header_line,
        )
    notes = _preamble_notes(records[:index], bool(hint)) + _quote_notes(quote)
    if not _has_data(raw, end_line, head):
        raise refuse(
            "E_NO_ROWS",
            _("The file has a header and no rows; export it again for a period with orders."),
            line=end_line,
        )
    end_byte, totals, footer = _footer(path, delimiter, quote, cells)
    start_byte = sum(len(line) for line in islice(io.BytesIO(raw), end_line))
    return Layout(
        delimiter, quote, tuple(cells), end_line + 1, start_byte, end_byte, totals, (*notes, *footer)
    )


def split(line: str, delimiter: str, quote: str) -> list[str]:
    """One record as its fields; a stray quote is kept as it is."""
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, quotechar=quote), [])
    except csv.Error:
        return line.split(delimiter)


def known_headers(cells: list[str] | tuple[str, ...]) -> int:
    """How many different contract columns these cells name."""
    return len({_HEADER_WORDS[n] for c in cells if (n := normalised(c)) in _HEADER_WORDS})


def _refuse_no_table(head: str) -> None:
    text = head.strip().lower()
    if not text.strip(",;\t|\"' \r\n"):
        raise refuse("E_EMPTY", _("The file is empty; export it again."))
    if re.match(r"(<!--.*?-->\s*)?<(!doctype html|html|head|body|table)\b", text, re.DOTALL):
        raise refuse(
            "E_HTML",
            _("The file is a web page, perhaps a login page saved as .csv; sign in and export it again."),
        )
    if text.startswith("<?xml"):
        raise refuse("E_XML", _("The file is XML, not a table in text; export it as CSV."))
    if re.match(r"(\[\s*[\[{\"]|\{\s*\")", text):
        raise refuse("E_JSON", _("The file is JSON, not a table in text; export it as CSV."))


Record = tuple[int, int, list[str]]  # first line, last line, fields


def _records(head: str, delimiter: str, quote: str) -> list[Record]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote)
    records: list[Record] = []
    before = 0
    try:
        for cells in islice(reader, HEAD_RECORDS):
            records.append((before + 1, reader.line_num, cells))
            before = reader.line_num
    except (
        csv.Error
    ):  # a field beyond the csv module's limit: the rows before it are enough to see the layout
        pass
    return records


def _dialect(head: str, hinted: str | None) -> tuple[str, str, list[Record]]:
    best: tuple[tuple[float, ...], str, str, list[Record]] | None = None
    for delimiter in (hinted,) if hinted else DELIMITERS:
        for quote in ('"', "'") if _single_quoted(head, delimiter) else ('"',):
            records = _records(head, delimiter, quote)
            score = (*_score(records), quote == "'")
            if best is None or score > best[0]:
                best = (score, delimiter, quote, records)
    assert best is not None
    if best[0][1] < 2:
        _refuse_fixed_width(head)
    return best[1], best[2], best[3]


def _score(records: list[Record]) -> tuple[float, ...]:
    """Known header words first, then the width most rows have, then the share of rows that have it."""
    filled = [cells for _start, _end, cells in records if any(c.strip() for c in cells)]
    widths = [len(cells) for cells in filled]
    mode = max(set(widths), key=lambda w: (widths.count(w), w)) if widths else 0
    known = max((known_headers(cells) for cells in filled[:60]), default=0)
    share = widths.count(mode) / len(widths) if widths else 0.0
    return known, min(mode, 2), share, mode


def _single_quoted(head: str, delimiter: str) -> bool:
    # Apostrophes quote only where fields begin and end with them; O'Neil and 1'234 do not.
    lines = [line for line in head.splitlines()[:200] if line.strip()]
    pattern = re.compile(rf"(?:^|{re.escape(delimiter)})'[^']*'(?={re.escape(delimiter)}|$)")
    return sum(bool(pattern.search(line)) for line in lines) > 0.5 * max(1, len(lines) - 1)


def _refuse_fixed_width(head: str) -> None:
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    if any(known_headers(re.split(r"\s{2,}", line.strip())) >= 2 for line in lines):
        raise refuse(
            "E_DELIMITER",
            _(
                "The columns are set apart by blanks (fixed width), which cannot be told from blanks in a name; "
                "export the file with commas or semicolons."
            ),
        )


def _header_index(records: list[Record]) -> int:
    filled = [(i, cells) for i, (_start, _end, cells) in enumerate(records) if any(c.strip() for c in cells)]
    best, most = filled[0][0], 0
    for i, cells in filled[:60]:
        if (known := known_headers(cells)) > most:
            best, most = i, known
    if most >= 2 or len(records[best][2]) == 1:
        return best
    widths = [len(cells) for _at, cells in filled]
    mode = max(set(widths), key=widths.count)
    return next(i for i, cells in filled if len(cells) == mode)


def _preamble_notes(above: list[Record], hint: bool) -> tuple[Message, ...]:
    filled = [cells for _start, _end, cells in above if any(c.strip() for c in cells)]
    if (hint and len(filled) == 1) or not filled:
        return ()
    return (
        note(
            "W_PREAMBLE",
            _("{count} lines above the header were left out.").format(count=len(filled)),
            line=above[0][0],
        ),
    )


def _quote_notes(quote: str) -> tuple[Message, ...]:
    if quote == '"':
        return ()
    return (
        note("W_DIALECT_GUESSED", _("Fields are quoted with apostrophes (') instead of quotation marks.")),
    )


def _has_data(raw: bytes, end_line: int, head: str) -> bool:
    rest = head.split("\n", end_line)
    return len(raw) == HEAD_BYTES or (len(rest) > end_line and bool(rest[end_line].strip(",;\t|\"' \r\n")))


def _footer(
    path: Path, delimiter: str, quote: str, headers: list[str]
) -> tuple[int, tuple[str, ...] | None, tuple[Message, ...]]:
    """End of the rows, the cells of a totals row, and notes, judged from the last lines of the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL_BYTES))
        raw = file.read()
    lines = raw.splitlines(keepends=True)
    end, totals, found, keep = size, None, 0, len(lines)
    above = _Above(lines, delimiter, quote, headers)
    for i in range(len(lines) - 1, max(0, len(lines) - MOST_FOOTER_LINES) - 1, -1):
        line = lines[i].decode("utf-8", errors="ignore")
        cells = split(line.rstrip("\r\n"), delimiter, quote)
        filled = [c.strip() for c in cells if c.strip(" -")]
        if filled and not _is_footer(cells, filled, len(headers), above, i):
            break
        keep = i
        found += bool(filled)
        if filled and (_is_total(filled[0]) or _is_blank_total(cells, headers)):
            totals = tuple(cells)
    if (keep == 0 and size <= TAIL_BYTES) or not found:
        return size, None, ()
    end -= sum(len(line) for line in lines[keep:])
    what = _("{found} lines below the rows (totals or remarks) were left out.").format(found=found)
    return end, totals, (note("W_FOOTER", what),)


class _Above:
    """The last lines of a file: whether a short line among them is the beginning of a row, or stands apart."""

    def __init__(self, lines: list[bytes], delimiter: str, quote: str, headers: list[str]) -> None:
        self.blank = [not line.strip(b",;\t| \r\n") for line in lines]
        texts = (line.decode("utf-8", errors="ignore").rstrip("\r\n") for line in lines[-200:])
        rows = [cells for text in texts if len(cells := split(text, delimiter, quote)) == len(headers)]
        self.firsts = {cells[0].strip() for cells in rows}
        self.shapes = {_shape(first) for first in self.firsts}
        # Where blank lines stand between the rows, one above a remark says nothing.
        self.spaced = False
        for blank, below in zip(self.blank[-200:], lines[-200:][1:], strict=False):
            cells = (
                split(below.decode("utf-8", errors="ignore").rstrip("\r\n"), delimiter, quote)
                if blank
                else []
            )
            filled = [c.strip() for c in cells if c.strip()]
            if len(cells) == len(headers) and filled and not _is_total(filled[0]) and cells != headers:
                self.spaced = True

    def stands_apart(self, i: int) -> bool:
        """Whether a blank line above line `i` sets it apart from the rows."""
        return not self.spaced and any(self.blank[max(0, i - 2) : i])

    def begins_a_row(self, cells: list[str]) -> bool:
        """Whether a line could be a row that was cut off: its first cell is written as those of the rows are."""
        first = cells[0].strip()
        if len(cells) > 1:
            return first in self.firsts or _shape(first) in self.shapes
        return any(f.startswith(first) for f in self.firsts) or any(
            s.startswith(_shape(first)) for s in self.shapes
        )


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", text))


def _is_footer(cells: list[str], filled: list[str], width: int, above: _Above, i: int) -> bool:
    """A totals row, or a remark: a short line that says something in words. A cut-off row is neither."""
    if _is_total(filled[0]) and len(filled) <= max(2, width - 1):
        return True
    if len(cells) == width and len(filled) == 1 and width > 2:
        return _NUMBER.fullmatch(filled[0]) is not None and cells[0].strip() == ""
    if len(cells) >= width or len(filled) > 2 or known_headers(cells) >= 2:
        return False
    remark, apart = _REMARK.search(filled[0]) is not None, above.stands_apart(i)
    return (remark and apart) if above.begins_a_row(cells) else (remark or apart)


def _is_total(text: str) -> bool:
    """The word for a total, alone or with a number: an order called Total-1 is none."""
    match = _TOTAL.match(text)
    return match is not None and _AFTER_TOTAL.fullmatch(text[match.end() :]) is not None


def _is_blank_total(cells: list[str], headers: list[str]) -> bool:
    return len(cells) == len(headers) and not cells[0].strip() and sum(bool(c.strip()) for c in cells) == 1
