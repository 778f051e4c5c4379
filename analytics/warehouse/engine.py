"""The engine: one DuckDB file, opened once per process, that runs SQL by the name of its file.

This is the seam for growth: the same named statements can run elsewhere by translation of the dialect.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb

from analytics.language import gettext as _
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.failures import told
from analytics.warehouse.holding import RETRY_SECONDS, busy

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SQL = Path(__file__).parent / "sql"
MEMORY_CAP_BYTES = 4 * 1024**3  # more has not made a rebuild of ten million orders faster
REOPEN_SECONDS = 1.0

Cursor = duckdb.DuckDBPyConnection

_told: ContextVar[Callable[[str], None] | None] = ContextVar("told before each statement", default=None)
_rehearsal: ContextVar[list[str] | None] = ContextVar("statements that are only named", default=None)


@cache
def statement(name: str) -> str:
    """The text of sql/<name>.sql; its first line says the grain."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@cache
def _parameters(name: str) -> frozenset[str]:
    code = re.sub(r"--[^\n]*", "", statement(name))
    return frozenset(re.findall(r"\$([a-z_][a-z_0-9]*)", code))


def run(cursor: Cursor, name: str, /, **values: Any) -> Cursor:
    """Execute sql/<name>.sql with those of `values` that it names; all that it names must be there."""
    used = {key: values[key] for key in _parameters(name)}
    rehearsal, tell = _rehearsal.get(), _told.get()
    if rehearsal is not None:
        rehearsal.append(name)
        return cast(Cursor, _NoResult())
    if tell is not None:
        tell(name)
    with told():
        return cursor.execute(statement(name), used) if used else cursor.execute(statement(name))


def rows(cursor: Cursor, name: str, /, **values: Any) -> list[dict[str, Any]]:
    """The result of sql/<name>.sql as one dict per row; for results of a few rows."""
    result = run(cursor, name, **values)
    columns = [column[0] for column in result.description or ()]
    with told():
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


class _NoResult:
    """What a statement gives that is not executed."""

    description = None

    def fetchall(self) -> list[tuple[Any, ...]]:
        return []


def rehearse(work: Callable[[], None]) -> tuple[str, ...]:
    """Names of the statements that `work` would run, in order, where none of them gave a row; none is executed."""
    names: list[str] = []
    before = _rehearsal.set(names)
    try:
        work()
    finally:
        _rehearsal.reset(before)
    return tuple(names)


@contextlib.contextmanager
def telling(tell: Callable[[str], None]) -> Iterator[None]:
    """In this thread, call tell(name) before each statement that is run by the name of its file."""
    before = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(before)


def record_batches(cursor: Cursor, name: str, rows_per_batch: int) -> pa.RecordBatchReader:
    """The result of sql/<name>.sql, which has no parameters, in Arrow batches: for large results."""
    return cursor.sql(statement(name)).to_arrow_reader(rows_per_batch)


class Engine:
    """One open DuckDB file; threads take a cursor each, which is a connection of its own.

    file: the database. directories: the only ones that its SQL may read and write. temporary: for what
    does not fit in memory. wait_seconds: how long another process that has the file is waited for. Raises
    WarehouseBusy, or WorkspaceError when the file cannot be opened.
    """

    def __init__(
        self, file: Path, directories: tuple[Path, ...], temporary: Path, wait_seconds: float
    ) -> None:
        self._connect = partial(_connect_locked, file, directories, temporary)
        self._connection = self._connect(wait_seconds)
        self._failed = False
        self._reopening = threading.Lock()

    def cursor(self) -> Cursor:
        """A connection for the thread that asks; close it after use."""
        if self._failed:
            self._reopen()
        return self._connection.cursor()

    def look_after_failure(self) -> None:
        """A failed commit can end the database's work for good: then the next cursor opens the file anew."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("select 1")
        except duckdb.Error:
            self._failed = True

    def _reopen(self) -> None:
        with self._reopening:
            if self._failed:
                self._connection.close()
                self._connection = self._connect(REOPEN_SECONDS)
                self._failed = False

    def frame(self, name: str, /, **values: Any) -> pd.DataFrame:
        """The result of sql/<name>.sql; money, summed as DECIMAL, becomes float64 here and not before."""
        with told(), self.cursor() as cursor:
            return run(cursor, name, **values).df()

    def close(self) -> None:
        """Let go of the file; what was committed is written into it."""
        self._connection.close()


def _connect_locked(
    file: Path, directories: tuple[Path, ...], temporary: Path, wait_seconds: float
) -> Cursor:
    """A connection whose SQL sees nothing but the database and `directories`."""
    connection = _connect(file, temporary, wait_seconds)
    connection.execute("set allowed_directories = $paths", {"paths": [str(d) for d in directories]})
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _connect(file: Path, temporary: Path, wait_seconds: float) -> Cursor:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return duckdb.connect(str(file), config=_config(temporary))
        except duckdb.IOException as problem:
            if "set lock on file" not in str(problem).lower():
                text = _("{file} cannot be opened as a workspace's database: {why}.")
                raise WorkspaceError(_unusable(text, file, problem)) from problem
            if time.monotonic() >= deadline:
                number = re.search(r"PID (\d+)", str(problem))
                raise busy(file.parent, number[1] if number else None) from problem
        except duckdb.Error as problem:
            text = _("{file} cannot be read by this version of the program: {why}.")
            raise WorkspaceError(_unusable(text, file, problem)) from problem
        time.sleep(RETRY_SECONDS)


def _unusable(text: str, file: Path, problem: duckdb.Error) -> str:
    advice = _("If it is damaged, `recover` builds it anew from the journal and the stored files.")
    return f"{text.format(file=file, why=_first_line(problem))} {advice}"


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0].rstrip(".")


def _config(temporary: Path) -> dict[str, Any]:
    return {
        "storage_compatibility_version": "v1.5.0",
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": False,
        "threads": int(os.environ.get("FLIPPED_FUNNEL_THREADS") or os.cpu_count() or 2),
        "memory_limit": f"{memory_limit_bytes() // 1024**2}MiB",
        "temp_directory": str(temporary),
    }


def memory_limit_bytes() -> int:
    """What the database may hold in memory before it goes to disk.

    60 % of the machine's memory, at most 4 GiB; $FLIPPED_FUNNEL_MEMORY_MB sets another number of MiB.
    """
    chosen = os.environ.get("FLIPPED_FUNNEL_MEMORY_MB")
    if chosen:
        return int(chosen) * 1024**2
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(int(physical * 0.6), MEMORY_CAP_BYTES)
