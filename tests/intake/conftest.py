"""A reader for tests: writes a text to a file and reads it as an export, in this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.intake.contract import Period
from analytics.intake.reading import QueryFailed, Reading, ReadOptions, read

TODAY = date(2026, 11, 1)
HEADER = "order_id,customer_id,order_date,channel,amount\n"


def scratch_query() -> Callable[..., list[tuple[Any, ...]]]:
    """SQL on a fresh in-memory database."""
    connection = duckdb.connect()

    def query(statement: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        try:
            done = connection.execute(statement, parameters or None)
            return done.fetchall() if done.description else []
        except duckdb.Error as failure:
            raise QueryFailed(str(failure)) from failure

    return query


@pytest.fixture
def read_file(tmp_path: Path) -> Callable[..., Reading]:
    """read_file(path, kind, period=None, **options) -> Reading."""
    count = 0

    def run(
        path: Path, kind: str | None, *, name: str | None = None, period: str | None = None, **options: Any
    ) -> Reading:
        nonlocal count
        count += 1
        directory = tmp_path / f"scratch{count}"
        directory.mkdir()
        chosen = ReadOptions(period=Period.parse(period) if period else None, today=TODAY, **options)
        return read(
            scratch_query(), path, name=name or path.name, kind=kind, directory=directory, options=chosen
        )

    return run


@pytest.fixture
def read_text(tmp_path: Path, read_file: Callable[..., Reading]) -> Callable[..., Reading]:
    """read_text(text, kind='sales', encoding='utf-8', **options) -> Reading."""

    def run(
        text: str | bytes,
        kind: str | None = "sales",
        *,
        encoding: str = "utf-8",
        name: str = "file.csv",
        **options: Any,
    ) -> Reading:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_file(path, kind, **options)

    return run


@pytest.fixture
def staged_rows() -> Callable[[Reading], list[tuple[Any, ...]]]:
    """The rows that a reading would load."""

    def rows(reading: Reading, columns: str = "*") -> list[tuple[Any, ...]]:
        assert reading.staged is not None
        return (
            duckdb.connect()
            .execute(f"select {columns} from read_parquet(?)", [str(reading.staged)])
            .fetchall()
        )

    return rows
