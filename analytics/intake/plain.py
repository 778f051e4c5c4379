"""The short way for a file in which nothing is to be mended: profiled, typed and staged in one scan by Arrow.

Only what cannot be doubted goes this way: no quotation marks, no blanks around a value, every number and day written
out in full, every needed cell filled. At the first doubt the scan ends, and the file is read by SQL (profile, values):
that way alone mends, asks and explains. What goes both ways is read alike.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analytics.intake.contract import Column, Kind
from analytics.intake.profile import SPREADSHEET_DATE, Profile
from analytics.intake.table import MOST_LINE_BYTES, Table

if TYPE_CHECKING:
    import pyarrow as pa

MOST_THREADS = 8  # more would wait for the one that writes, and each takes memory
HEAD_BYTES, FIRST_ROWS = 64 * 1024, 200
BLOCK_BYTES = 1024 * 1024
ROW_GROUP = 122_880
MOST_DIFFERENT = 5_000  # values of a row group: above it a dictionary costs more than it saves
_WORDED = frozenset({"motion", "arm", "direction"})
# The blanks of Unicode, which is what SQL's trim takes away.
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NUMBER = "^-?[0-9]{1,14}(?:[.][0-9]{1,4})?$"
_FORMS = {"money": _NUMBER, "number": _NUMBER, "day": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)"}
_CLOCK = "^.{10}[T ][0-9]{2}:[0-9.:]+$"


@dataclass(frozen=True)
class Staged:
    """The profile of the rows that were written; `keys_rise`: every key is above the one before, so none comes twice."""

    profile: Profile
    keys_rise: bool


def stage(table: Table, kind: Kind, matched: dict[str, int], target: str) -> Staged | None:
    """Writes the typed rows to the Parquet file `target`; None where anything in the file is not plain.

    `matched` gives the position of each contract column. What was written before a doubt is no result.
    """
    columns = {name: kind.column(name) for name in matched}
    if not (_is_candidate(table, kind, columns) and _begins_plain(table, kind, matched)):
        return None
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())  # the only one that gives memory back at once, for SQL to use
    try:
        return _Scan(table, kind, matched, columns).written(target)
    except (_Doubt, pa.ArrowInvalid):
        return None
    finally:
        pa.default_memory_pool().release_unused()


def _is_candidate(table: Table, kind: Kind, columns: dict[str, Column]) -> bool:
    text = table.text
    computed = "amount" not in columns and {"quantity", "unit_price"} <= set(columns)
    return (
        not (text.quotes or text.invisible or text.exponents or computed)
        and table.layout.quote == '"'
        and text.carriage_returns == text.crlf
        and {c.type for c in columns.values()} <= {"text", "money", "number", "day"}
        and not _WORDED & set(columns)
        and len(kind.key) == 1
        and set(kind.required) <= set(columns)
    )


def _begins_plain(table: Table, kind: Kind, matched: dict[str, int]) -> bool:
    """Whether the first rows are plain: most files that are not show it there, before Arrow is loaded."""
    with Path(table.path).open("rb") as file:
        lines = file.read(HEAD_BYTES).decode("utf-8", "ignore").split("\n")[table.skip : FIRST_ROWS]
    rows = [line.removesuffix("\r").split(table.layout.delimiter) for line in lines[:-1]]
    forms = {name: _FORMS.get(kind.column(name).type, "") for name in matched}

    def is_plain(name: str, cell: str) -> bool:
        if not cell:
            return name not in kind.required
        return cell == cell.strip() and re.match(forms[name], cell) is not None

    return (
        all(len(cells) == table.width for cells in rows)
        and all(is_plain(name, cells[at]) for name, at in matched.items() for cells in rows)
        and len({cells[matched[kind.key[0]]] for cells in rows}) == len(rows)
    )


class _Doubt(Exception):
    """Something is not plain: the file is to be read the long way."""


@dataclass
class _Block:
    """Some rows of the file: what they showed, by column position, and what is written of them."""

    rows: int
    typed: pa.RecordBatch | None = None
    longest: dict[int, int] = field(default_factory=dict)
    filled: dict[int, int] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)
    thirds: dict[int, int] = field(default_factory=dict)  # numbers with three decimals
    first_key: str = ""
    last_key: str = ""
    keys_rise: bool = True


class _Scan:
    """One scan of the rows: blocks are typed by several threads, and written in their order."""

    def __init__(self, table: Table, kind: Kind, matched: dict[str, int], columns: dict[str, Column]) -> None:
        self.table, self.kind, self.matched, self.columns = table, kind, matched, columns
        self.ids = {"customer_id", "referrer_id", "referred_id", *kind.key} & set(matched)
        self.key_at = matched[kind.key[0]]

    def written(self, target: str) -> Staged:
        blocks, writer = [], _Writer(target)
        try:
            for block in self._in_order():
                writer.write(block.typed)
                block.typed = None
                blocks.append(block)
        finally:
            writer.close()
        rise = all(b.keys_rise for b in blocks) and all(
            before.last_key < after.first_key for before, after in pairwise(blocks)
        )
        return Staged(self._profile(blocks), rise)

    def _profile(self, blocks: list[_Block]) -> Profile:
        rows, facts = sum(b.rows for b in blocks), {}
        for at in range(self.table.width):
            facts["longest", at] = max((b.longest[at] for b in blocks), default=0)
            facts["filled", at] = sum(b.filled[at] for b in blocks)
        for name, at in self.matched.items():
            if self.columns[name].type == "day":
                facts["iso", at] = facts["filled", at]
            elif self.columns[name].type != "text":
                facts["plain", at] = facts["filled", at]
                facts["points", at] = sum(b.points[at] for b in blocks)
                if facts["points", at] == sum(b.thirds[at] for b in blocks) > 0:
                    raise _Doubt  # three digits behind every point may be thousands
        line = sum(facts["longest", at] + 1 for at in range(self.table.width))
        if not rows or not self.table.simple_lines(rows) or line > MOST_LINE_BYTES:
            raise _Doubt
        return Profile(rows, 0, facts)

    def _in_order(self) -> Iterator[_Block]:
        threads = min(MOST_THREADS, self.table.query("select current_setting('threads')")[0][0])
        waiting: deque[Future[_Block]] = deque()
        with ThreadPoolExecutor(threads) as pool:
            for batch in self._batches(threads):
                waiting.append(pool.submit(self._block, batch))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _batches(self, threads: int) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa
        from pyarrow import csv

        pa.set_cpu_count(threads)
        names = [f"c{at}" for at in range(self.table.width)]
        with csv.open_csv(
            self.table.path,
            csv.ReadOptions(column_names=names, skip_rows=self.table.skip, block_size=BLOCK_BYTES),
            csv.ParseOptions(delimiter=self.table.layout.delimiter, quote_char=False),
            # The text is known to be UTF-8: container has read all of it.
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), check_utf8=False),
        ) as reader:
            yield from reader

    def _block(self, batch: pa.RecordBatch) -> _Block:
        import pyarrow as pa
        import pyarrow.compute as pc

        if not batch.num_rows:  # nothing but blank lines
            raise _Doubt
        block = _Block(batch.num_rows)
        header = pa.array([self.table.layout.headers[next(iter(self.matched.values()))].strip()])
        if pc.any(pc.is_in(batch.column(next(iter(self.matched.values()))), value_set=header)).as_py():
            raise _Doubt
        for at in range(self.table.width):
            self._measure(block, at, batch.column(at))
        typed = [self._typed(block, name, batch.column(at)) for name, at in self.matched.items()]
        block.typed = pa.record_batch(typed, names=list(self.matched))
        keys = batch.column(self.key_at)
        block.first_key, block.last_key = keys[0].as_py(), keys[-1].as_py()
        block.keys_rise = pc.all(pc.greater(keys[1:], keys[:-1])).as_py() is not False
        return block

    def _measure(self, block: _Block, at: int, texts: pa.StringArray) -> None:
        """Longest and filled cells, by trimmed texts; a blank around a value of a contract column is a doubt."""
        import pyarrow.compute as pc

        length = pc.binary_length(texts)
        block.longest[at] = pc.max(length).as_py()
        if self._may_hold_blanks(texts):
            trimmed = pc.utf8_trim(texts, _SPACES)
            if at in self.matched.values() and not trimmed.equals(texts):
                raise _Doubt
            length = pc.binary_length(trimmed)
        block.filled[at] = block.rows - pc.sum(pc.equal(length, 0)).as_py()

    def _may_hold_blanks(self, texts: pa.StringArray) -> bool:
        if self.table.text.ascii and not self.table.text.blanks:
            return False
        letters = _letters(texts)
        return bool((letters == ord(" ")).any() or (not self.table.text.ascii and (letters > 127).any()))

    def _typed(self, block: _Block, name: str, texts: pa.StringArray) -> pa.Array:
        import pyarrow.compute as pc

        at, kind = self.matched[name], self.columns[name].type
        if block.filled[at] < block.rows:
            if name in self.kind.required:
                raise _Doubt
            texts = pc.if_else(pc.equal(texts, ""), None, texts)
        if name in self.ids:
            length = pc.binary_length(texts) if self.table.text.ascii else pc.utf8_length(texts)
            _refuse_spreadsheet_dates(texts, length)
        if kind == "text":
            return texts
        return _days(texts) if kind == "day" else _numbers(block, at, texts)


def _refuse_spreadsheet_dates(ids: pa.StringArray, length: pa.Int32Array) -> None:
    import pyarrow.compute as pc

    short = pc.filter(ids, pc.and_(pc.greater_equal(length, 5), pc.less_equal(length, 6)))
    if len(short) and pc.any(pc.match_substring_regex(short, f"^(?:{SPREADSHEET_DATE})$")).as_py():
        raise _Doubt


def _days(texts: pa.StringArray) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    length = pc.min_max(pc.binary_length(texts)).as_py()
    if length["max"] not in (None, 10):
        if length["min"] < 10:
            raise _Doubt
        timed = pc.filter(texts, pc.greater(pc.binary_length(texts), 10))
        if not pc.all(pc.match_substring_regex(timed, _CLOCK)).as_py():
            raise _Doubt
        texts = pc.utf8_slice_codeunits(texts, 0, 10)
    return texts.cast(pa.date32())


def _numbers(block: _Block, at: int, texts: pa.StringArray) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.all(pc.match_substring_regex(texts, _NUMBER)).as_py() is False:
        raise _Doubt
    offsets = _offsets(texts)
    ends = offsets[1:][np.diff(offsets) > 4]
    block.points[at] = int(np.count_nonzero(_letters(texts) == ord(".")))
    block.thirds[at] = int(np.count_nonzero(_letters(texts)[ends - 4 - offsets[0]] == ord(".")))
    return texts.cast(pa.decimal128(18, 4))


def _offsets(texts: pa.StringArray) -> np.ndarray:
    """Where each text begins, and where the last ends."""
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]


def _letters(texts: pa.StringArray) -> np.ndarray:
    """The bytes of all texts, one behind the other."""
    offsets = _offsets(texts)
    return np.frombuffer(texts.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]


class _Writer:
    """Writes batches as row groups; the first of them shows which columns are worth a dictionary."""

    def __init__(self, target: str) -> None:
        self.target, self.waiting, self.file = target, [], None

    def write(self, batch: pa.RecordBatch) -> None:
        self.waiting.append(batch)
        if sum(b.num_rows for b in self.waiting) >= ROW_GROUP:
            self._flush()

    def close(self) -> None:
        if self.waiting:
            self._flush()
        if self.file:
            self.file.close()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import parquet

        group = pa.Table.from_batches(self.waiting)
        self.waiting = []
        if self.file is None:
            few = [n for n in group.column_names if pc.count_distinct(group[n]).as_py() <= MOST_DIFFERENT]
            self.file = parquet.ParquetWriter(
                self.target,
                group.schema,
                use_dictionary=few,
                store_schema=False,
                store_decimal_as_integer=True,
            )
        self.file.write_table(group, row_group_size=group.num_rows)
