"""Preview: a copy of a workspace to try a change on, so that its consequence can be seen before it is made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.warehouse.books import Books
from analytics.warehouse.loading import second_name

if TYPE_CHECKING:
    from analytics.warehouse.store import Workspace


@contextmanager
def copy_of(workspace: Workspace) -> Iterator[Workspace]:
    """A workspace with the same uploads, settings and marts, gone afterwards; changing it changes nothing else."""
    books = workspace._books
    with books.scratch_directory() as directory:
        with books.lock:
            _copy(books, directory)
        with type(workspace).open(directory) as copy:
            yield copy


def _copy(books: Books, directory: Path) -> None:
    """The caller holds the lock, so that database, journal and files are of one state."""
    for name in ("warehouse.duckdb", "warehouse.duckdb.wal", "journal.jsonl"):
        if (books.directory / name).exists():
            shutil.copyfile(books.directory / name, directory / name)
    (directory / "uploads").mkdir()
    for file in books.uploads.iterdir():
        second_name(file, directory / "uploads" / file.name)
