"""Export: the active tables as CSV and Parquet, for a spreadsheet, another tool, or as a backup.

Text cells in CSV that a spreadsheet would run as a formula are made harmless; numbers and days never need it.
Parquet keeps the original text. File names are those of the tables: no name from the data becomes part of a path.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from analytics.language import gettext as _
from analytics.warehouse import ledger, marts
from analytics.warehouse.books import Books
from analytics.warehouse.disk import is_text, shown
from analytics.warehouse.engine import SQL, Cursor, record_batches
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.harmless import harmless_batch
from analytics.warehouse.settings import settings_to_json

NOTE = "export.json"  # names the snapshot, and marks a directory as an export that may be written over
WRITING = ".writing"
BATCH_ROWS = 100_000


def tables() -> tuple[str, ...]:
    """Names of the tables that are exported; each is sql/export/<name>.sql."""
    return tuple(sorted(file.stem for file in (SQL / "export").glob("*.sql")))


def export(books: Books, snapshot: str, directory: Path) -> dict[str, int]:
    """Write <table>.csv and <table>.parquet for every table, and export.json; table -> rows.

    directory: new, empty, or an earlier export, which is replaced. Raises WorkspaceError for any other.
    The caller holds the lock, so that all tables are of one snapshot.
    """
    _check(directory)
    writing = directory / WRITING
    try:
        shutil.rmtree(writing, ignore_errors=True)
        writing.mkdir(parents=True)
        counts = _write_tables(books, writing)
        _write_note(books, snapshot, counts, writing)
        for file in sorted(writing.iterdir(), key=lambda f: f.name == NOTE):
            os.replace(file, directory / file.name)
        writing.rmdir()
    except OSError as problem:
        raise WorkspaceError(
            _("The export to {directory} failed: {why}.").format(
                directory=directory, why=os.strerror(problem.errno or 0)
            )
        ) from problem
    return counts


def _check(directory: Path) -> None:
    if not is_text(directory):
        text = _("{directory} has a name that is no text; name another directory for the export.")
        raise WorkspaceError(text.format(directory=shown(directory)))
    if directory.exists() and not directory.is_dir():
        raise WorkspaceError(
            _("{directory} is a file; name a directory for the export.").format(directory=directory)
        )
    names = {file.name for file in directory.iterdir()} if directory.is_dir() else set()
    if names - {WRITING} and NOTE not in names:
        raise WorkspaceError(
            _("{directory} holds other files; name an empty directory for the export.").format(
                directory=directory
            )
        )


def _write_tables(books: Books, directory: Path) -> dict[str, int]:
    with books.engine.cursor() as cursor:
        marts.prepare(cursor, books.uploads, books.shapes)
        return {name: _write_table(cursor, name, directory) for name in tables()}


def _write_table(cursor: Cursor, name: str, directory: Path) -> int:
    import pyarrow.csv
    import pyarrow.parquet

    reader = record_batches(cursor, f"export/{name}", BATCH_ROWS)
    count = 0
    with ExitStack() as files:
        parquet = files.enter_context(
            pyarrow.parquet.ParquetWriter(directory / f"{name}.parquet", reader.schema)
        )
        csv = files.enter_context(pyarrow.csv.CSVWriter(directory / f"{name}.csv", reader.schema))
        for batch in reader:
            parquet.write_batch(batch)
            csv.write_batch(harmless_batch(batch))
            count += batch.num_rows
    return count


def _write_note(books: Books, snapshot: str, counts: dict[str, int], directory: Path) -> None:
    note: dict[str, Any] = {
        "snapshot": snapshot,
        "exported_at": ledger.now().isoformat(timespec="seconds") + "Z",
        "is_sample": any(e.is_sample for e in books.entries if e.stands),
        "currency": books.currency,
        "settings": settings_to_json(books.settings),
        "rows": counts,
    }
    (directory / NOTE).write_text(json.dumps(note, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
