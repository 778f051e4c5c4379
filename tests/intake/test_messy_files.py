"""Laws of reading: orders with a known truth, written in any dialect and damaged in any way, are never changed.

What a file says arrives to the letter and to the cent, or is asked, or is refused with its place. The seeds are fixed;
the slow part tries forty times as many.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.intake.contract import Period
from analytics.intake.reading import Reading, ReadOptions, read
from tests.intake import messy_damage, messy_tables
from tests.intake.conftest import TODAY, scratch_query
from tests.intake.messy_tables import Dialect, Row

FACTS = "order_id, customer_id, order_date, channel, amount"
FEW, MANY = range(24), range(24, 1000)


class Reader:
    """Reads files, and answers what is asked as somebody who knows the truth would."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.count = directory, 0

    def read(self, raw: bytes, name: str, **options: Any) -> Reading:
        """One reading."""
        self.count += 1
        scratch = self.directory / f"scratch{self.count}"
        scratch.mkdir()
        source = self.directory / f"upload{self.count}"
        source.write_bytes(raw)
        period = options.pop("period", None)
        chosen = ReadOptions(today=TODAY, period=Period.parse(period) if period else None, **options)
        reading = read(scratch_query(), source, name=name, kind="sales", directory=scratch, options=chosen)
        assert reading.rows.accepted + reading.rows.repaired + reading.rows.set_aside == reading.rows.read
        assert all(m.value is None or len(m.value) <= 40 for m in reading.messages)
        return reading

    def settled(self, raw: bytes, name: str, answers: dict[str, str], **options: Any) -> Reading:
        """The reading after every question that `answers` can answer."""
        given: dict[str, str] = {}
        while True:
            reading = self.read(raw, name, answers=given, **options)
            asked = [m for m in reading.messages if m.severity == "question"]
            new = {
                m.code: answers[m.code] for m in asked if answers.get(m.code) in {c.name for c in m.choices}
            }
            if reading.verdict != "ask" or not new:
                return reading
            given |= new


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A reader in a directory of its own."""
    return Reader(tmp_path)


def loaded(reading: Reading) -> Counter[tuple[Any, ...]]:
    """The rows that would be stored."""
    sql = f"select {FACTS} from read_parquet(?)"
    return Counter(duckdb.connect().execute(sql, [str(reading.staged)]).fetchall())


def truth(rows: list[Row]) -> Counter[tuple[Any, ...]]:
    """The rows as they are."""
    return Counter(row.facts for row in rows)


def file_of(seed: int) -> tuple[random.Random, Dialect, list[Row]]:
    """A dialect and rows, always the same for a seed."""
    chance = random.Random(seed)
    dialect = messy_tables.some_dialect(chance)
    return chance, dialect, messy_tables.some_rows(chance, dialect)


def check_sound(reader: Reader, seed: int) -> str:
    """A sound file in any dialect is loaded whole; its verdict."""
    _chance, dialect, rows = file_of(seed)
    reading = reader.settled(*messy_tables.file_of(rows, dialect), dialect.answers)
    assert reading.verdict in ("accept", "repair"), (seed, dialect, reading.messages)
    assert loaded(reading) == truth(rows), (seed, dialect)
    assert reading.amount == sum(row.amount for row in rows), (seed, dialect)
    return reading.verdict


def check_damaged(reader: Reader, seed: int) -> str:
    """A damaged file is refused with its place, or asked about, or still gives the truth; its damage and verdict."""
    chance, dialect, rows = file_of(seed)
    dialect = replace(dialect, container="csv" if dialect.container == "xlsx" else dialect.container)
    damage = chance.choice(list(messy_damage.DAMAGES))
    done = messy_damage.DAMAGES[damage](chance, rows, dialect)
    if done is None:
        return f"{damage}: not possible"
    reading = reader.settled(*done.file, dialect.answers | done.answers)
    where = (seed, damage, dialect, reading.messages)
    if reading.verdict == "reject":
        errors = [m for m in reading.messages if m.severity == "error"]
        assert errors, where
        assert done.truth is None or not done.must_load, where
    elif reading.verdict == "ask":
        assert not done.must_load, where
    else:
        assert done.truth is not None, where
        assert loaded(reading) == truth(done.truth), where
    return f"{damage}: {reading.verdict}"


@pytest.mark.parametrize("seed", FEW)
def test_a_sound_file_in_any_dialect_is_loaded_to_the_letter_and_the_cent(reader: Reader, seed: int) -> None:
    check_sound(reader, seed)


@pytest.mark.parametrize("seed", FEW)
def test_a_damaged_file_never_loads_anything_but_the_truth(reader: Reader, seed: int) -> None:
    check_damaged(reader, seed)


@pytest.mark.slow
@pytest.mark.parametrize("check", [check_sound, check_damaged])
def test_many_more_files(tmp_path: Path, check: Callable[[Reader, int], str]) -> None:
    reader = Reader(tmp_path)
    for seed in MANY:
        check(reader, seed)


@pytest.mark.parametrize("seed", range(2000, 2004))
def test_reading_twice_and_in_another_order_gives_the_same(reader: Reader, seed: int) -> None:
    chance, dialect, rows = file_of(seed)
    first = reader.settled(*messy_tables.file_of(rows, dialect), dialect.answers)
    again = reader.settled(*messy_tables.file_of(rows, dialect), dialect.answers)
    assert (first.verdict, first.rows, first.amount, first.messages) == (
        again.verdict,
        again.rows,
        again.amount,
        again.messages,
    )
    chance.shuffle(rows)
    other = reader.settled(*messy_tables.file_of(rows, dialect), dialect.answers)
    assert (other.rows, other.amount, loaded(other)) == (first.rows, first.amount, loaded(first))


@pytest.mark.parametrize("seed", range(3000, 3005))
def test_rows_loaded_and_rows_set_aside_are_all_rows_and_mended_ones_complete_them(
    reader: Reader, seed: int
) -> None:
    chance, dialect, rows = file_of(seed)
    dialect = replace(dialect, container="csv", preamble=0, footer="", blank_lines=False, sign="")
    table = messy_tables.cells(rows, dialect)
    at, damaged = dialect.columns.index("amount"), chance.sample(range(1, len(rows) + 1), 3)
    whole = {i: table[i][at] for i in damaged}
    for i in damaged:
        table[i][at] = f"?{i}"
    file = messy_tables.packed("".join(messy_tables.line(c, dialect) for c in table), dialect)
    first = reader.settled(*file, dialect.answers, set_aside=True)
    assert first.rows.read == len(rows)
    columns = ", ".join(dialect.columns)
    aside = (
        duckdb.connect().execute(f"select {columns} from read_parquet(?)", [str(first.set_aside)]).fetchall()
    )
    assert len(aside) == first.rows.set_aside >= 3
    mended = replace(dialect, headers="own", empty_columns=0, encoding="utf-8")
    cells = [[whole[int(c[1:])] if c.startswith("?") else c for c in fields] for fields in aside]
    text = "".join(messy_tables.line(c, mended) for c in [list(mended.columns), *cells])
    second = reader.settled(*messy_tables.packed(text, mended), dialect.answers)
    assert loaded(first) + loaded(second) == truth(rows)
    assert (first.amount or Decimal(0)) + (second.amount or Decimal(0)) == sum(row.amount for row in rows)
