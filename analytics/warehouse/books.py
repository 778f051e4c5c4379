"""The books of a workspace: database, ledger, journal and settings, changed together or not at all.

warehouse.duckdb   ledger, settings, documents, remembered answers and marts
journal.jsonl      what was acknowledged, one line per change
uploads/           the raw rows of every upload, never changed (see Books.parquet, Books.set_aside)
staging/           scratch, emptied at opening
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from analytics.language import gettext as _
from analytics.warehouse import journal as journals
from analytics.warehouse import ledger, marts, migrations
from analytics.warehouse.documents import documents
from analytics.warehouse.engine import Cursor, Engine
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.journal import Journal
from analytics.warehouse.pauses import pause
from analytics.warehouse.settings import Settings, load_settings, settings_to_json


class Books:
    """What one process holds of a workspace; hold `lock` while changing anything.

    directory: made if it is not there. wait_seconds: how long another process that has it is waited for.
    Raises WarehouseBusy, or WorkspaceError when the workspace cannot be used.
    """

    def __init__(self, directory: Path, wait_seconds: float) -> None:
        self.directory = directory
        self.uploads = directory / "uploads"
        self.scratch = directory / "staging"
        self.lock = threading.RLock()
        _make(self.uploads)
        self.engine = Engine(
            directory / "warehouse.duckdb",
            (self.uploads, self.scratch),
            self.scratch / "duckdb",
            wait_seconds,
        )
        try:
            self._recover()
        except BaseException:
            self.engine.close()
            raise

    def _recover(self) -> None:
        """Whatever ended the last process: bring schema, files, journal and ledger into line."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        _make(self.scratch)
        with self.engine.cursor() as cursor:
            marts.write_shapes(cursor, self.shapes)
            with transaction(cursor):
                migrated = migrations.migrate(cursor)
                if migrated or not marts.are_current(cursor):
                    self.rebuild(cursor, load_settings(cursor)[0])
            self._read(cursor)
        journal = Journal.read(self.directory / "journal.jsonl")
        missing = journals.missing_events(
            journal, self.entries, self.revision, settings_to_json(self.settings), self.documents
        )
        self.journal = journal.append(*missing)
        self._remove_orphans()

    def _read(self, cursor: Cursor) -> None:
        self.settings, self.revision = load_settings(cursor)
        self.entries = ledger.uploads(cursor)
        self.documents = documents(cursor)

    def _remove_orphans(self) -> None:
        """Files of uploads that never came to be; those of an acknowledged upload stay in any case."""
        known = {entry.upload_id for entry in self.entries} | set(self.journal.uploaded)
        for file in self.uploads.iterdir():
            if file.name.split(".")[0] not in known:
                file.unlink()

    @property
    def shapes(self) -> Path:
        """Directory of the files without rows that give every kind its columns."""
        return self.scratch / "shapes"

    def parquet(self, upload_id: str) -> Path:
        """The stored rows of an upload."""
        return self.uploads / f"{upload_id}.parquet"

    def set_aside(self, upload_id: str) -> Path:
        """The rows of an upload that were left out; there only if there are any."""
        return self.uploads / f"{upload_id}.set_aside.parquet"

    def rebuild(self, cursor: Cursor, settings: Settings) -> None:
        """Build every mart from the uploads that stand; inside the caller's transaction."""
        marts.rebuild(cursor, self.uploads, self.shapes, settings)

    @contextlib.contextmanager
    def changes(self) -> Iterator[Cursor]:
        """One transaction on ledger, settings and marts; afterwards what is held in memory is read again."""
        with self.engine.cursor() as cursor:
            with transaction(cursor):
                yield cursor
                pause("before commit")
            pause("committed")
            self._read(cursor)

    def acknowledge(self, *events: dict[str, Any]) -> None:
        """Write to the journal that a change is committed; only then may anybody be told."""
        self.journal = self.journal.append(*events)
        pause("journal")

    @contextlib.contextmanager
    def scratch_directory(self) -> Iterator[Path]:
        """An empty directory that is gone afterwards."""
        directory = self.scratch / uuid.uuid4().hex
        directory.mkdir()
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    @property
    def currency(self) -> str | None:
        """The workspace's one currency: the setting, else what the standing files state; None = not known."""
        stated = (e.currency for e in self.entries if e.stands and e.currency)
        return self.settings.currency or next(stated, None)

    @property
    def losses(self) -> tuple[str, ...]:
        """One sentence per change that was acknowledged and is gone."""
        return journals.losses(self.journal, self.entries, self.revision, self.documents)


@contextlib.contextmanager
def transaction(cursor: Cursor) -> Iterator[None]:
    """All statements of the block, or none of them."""
    cursor.execute("begin transaction")
    try:
        yield
        cursor.execute("commit")
    except (duckdb.IOException, duckdb.OutOfMemoryException) as problem:
        _roll_back(cursor)
        raise WorkspaceError(
            _(
                "Nothing was changed, because the workspace's files failed: {why}. Make room on the disk or in "
                "memory, or run `doctor`."
            ).format(why=str(problem).splitlines()[0].rstrip("."))
        ) from problem
    except BaseException:
        _roll_back(cursor)
        raise


def _roll_back(cursor: Cursor) -> None:
    """Some failures have ended the transaction already."""
    with contextlib.suppress(duckdb.TransactionException):
        cursor.execute("rollback")


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise WorkspaceError(
            _("The workspace's directory {directory} cannot be made: {why}.").format(
                directory=directory, why=os.strerror(problem.errno or 0)
            )
        ) from problem
