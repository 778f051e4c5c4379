"""The engine: one DuckDB file, opened once per process, that runs SQL by the name of its file.

This is the seam for growth: the same named statements can run elsewhere by translation of the dialect.
"""

from __future__ import annotations

import os
import re
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from analytics.language import gettext as _
from analytics.warehouse.errors import WarehouseBusy, WorkspaceError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SQL = Path(__file__).parent / "sql"
MEMORY_CAP_BYTES = 4 * 1024**3  # more has not made a rebuild of ten million orders faster
RETRY_SECONDS = 0.05

Cursor = duckdb.DuckDBPyConnection


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
    return cursor.execute(statement(name), used) if used else cursor.execute(statement(name))


def rows(cursor: Cursor, name: str, /, **values: Any) -> list[dict[str, Any]]:
    """The result of sql/<name>.sql as one dict per row; for results of a few rows."""
    result = run(cursor, name, **values)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


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
        self._connection = _connect(file, temporary, wait_seconds)
        self._connection.execute("set allowed_directories = $paths", {"paths": [str(d) for d in directories]})
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")

    def cursor(self) -> Cursor:
        """A connection for the thread that asks; close it after use."""
        return self._connection.cursor()

    def frame(self, name: str, /, **values: Any) -> pd.DataFrame:
        """The result of sql/<name>.sql; money, summed as DECIMAL, becomes float64 here and not before."""
        with self.cursor() as cursor:
            return run(cursor, name, **values).df()

    def close(self) -> None:
        """Let go of the file; what was committed is written into it."""
        self._connection.close()


def _connect(file: Path, temporary: Path, wait_seconds: float) -> Cursor:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return duckdb.connect(str(file), config=_config(temporary))
        except duckdb.IOException as problem:
            if "lock" not in str(problem).lower():
                raise WorkspaceError(
                    _("{file} cannot be opened as a workspace's database: {why}.").format(
                        file=file, why=_first_line(problem)
                    )
                ) from problem
            if time.monotonic() >= deadline:
                raise _busy(file, str(problem)) from problem
        except duckdb.Error as problem:
            raise WorkspaceError(
                _("{file} cannot be read by this version of the program: {why}.").format(
                    file=file, why=_first_line(problem)
                )
            ) from problem
        time.sleep(RETRY_SECONDS)


def _busy(file: Path, problem: str) -> WarehouseBusy:
    match = re.search(r"PID (\d+)", problem)
    who = _("process {number}").format(number=match[1]) if match else _("another process")
    return WarehouseBusy(
        _(
            "The workspace {workspace} is in use by {who}: close the app or the command that has it open, or "
            "try again when it is done."
        ).format(workspace=file.parent, who=who)
    )


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
