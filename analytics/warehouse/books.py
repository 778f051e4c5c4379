"""The books of a workspace: database, ledger, journal and settings, changed together or not at all.

warehouse.duckdb   ledger, settings, documents, remembered answers and marts
journal.jsonl      what was acknowledged, one line per change
uploads/           the raw rows of every upload, never changed (see Books.parquet, Books.set_aside)
staging/           scratch, emptied at opening
.lock              held by the process that has the workspace (see holding.py)
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
import time
import uuid
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from analytics.language import gettext as _
from analytics.warehouse import journal as journals
from analytics.warehouse import ledger, marts, migrations
from analytics.warehouse.cancelling import cancellable
from analytics.warehouse.disk import is_text, shown
from analytics.warehouse.documents import documents
from analytics.warehouse.engine import Cursor, Engine, rehearse, telling
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.failures import told
from analytics.warehouse.holding import Hold
from analytics.warehouse.journal import Journal
from analytics.warehouse.pauses import pause
from analytics.warehouse.progress import Progress, Rebuild, Step, unheard
from analytics.warehouse.settings import Settings, load_settings, settings_to_json

STORED = re.compile(r"u\d{4,}-[0-9a-f]{8}(\.set_aside)?\.parquet")


class Books:
    """What one process holds of a workspace; hold `lock` while changing anything.

    directory: made if it is not there. wait_seconds: how long another process that has it is waited for.
    hold: the directory's, where the caller has it already and keeps it.
    Raises WarehouseBusy, or WorkspaceError when the workspace cannot be used.
    """

    def __init__(self, directory: Path, wait_seconds: float, hold: Hold | None = None) -> None:
        self.directory = directory
        self.uploads = directory / "uploads"
        self.scratch = directory / "staging"
        self.lock = threading.RLock()
        self.in_doubt = False  # a commit was begun, and what it left has not been seen
        self._unwritten = False  # the journal lacks what is committed
        _make(self.uploads)
        deadline = time.monotonic() + wait_seconds
        self._hold = None if hold else Hold(directory, wait_seconds)
        try:
            _refuse_without_database(directory)
            self._open(max(0.0, deadline - time.monotonic()))
        except BaseException:
            self._let_go()
            raise

    def _open(self, wait_seconds: float) -> None:
        database, temporary = self.directory / "warehouse.duckdb", self.scratch / "duckdb"
        self.engine = Engine(database, (self.uploads, self.scratch), temporary, wait_seconds)
        try:
            with told():
                self._recover()
        except BaseException:
            self.engine.close()
            raise

    def close(self) -> None:
        """Let go of the files; what was committed is written into the database."""
        try:
            self.engine.close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._hold is not None:
            self._hold.let_go()

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
        missing = self._missing(journal)
        self.mended = journals.mended(journal, missing)
        self.journal = journal.append(*missing)
        self._remove_orphans()

    def _read(self, cursor: Cursor) -> None:
        (settings, revision), entries, kept = load_settings(cursor), ledger.uploads(cursor), documents(cursor)
        self.settings, self.revision, self.entries, self.documents = settings, revision, entries, kept

    def _remove_orphans(self) -> None:
        """Files of uploads that never came to be; those of an acknowledged upload, and what others put there, stay."""
        known = {entry.upload_id for entry in self.entries} | set(self.journal.uploaded)
        for file in self.uploads.iterdir():
            if STORED.fullmatch(file.name) and file.name.split(".")[0] not in known:
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

    def rebuild(
        self,
        cursor: Cursor,
        settings: Settings,
        tell: Progress = unheard,
        changed: frozenset[str] | None = None,
    ) -> None:
        """Build the marts from the uploads that stand; inside the caller's transaction.

        changed: kinds of upload and settings that changed, so that only what depends on them is built; None: everything.
        """

        def work() -> None:
            marts.rebuild(cursor, self.uploads, self.shapes, settings, changed)

        progress = Rebuild(tell, rehearse(work))
        with telling(progress):
            work()
        progress.end()

    @contextlib.contextmanager
    def changes(self, tell: Progress = unheard, stop: threading.Event | None = None) -> Iterator[Cursor]:
        """One transaction on ledger, settings and marts; afterwards what is held in memory is read again.

        stop: set it from another thread to take everything back (raises Cancelled), up to the commit. An interrupt that
        comes when the change is committed is passed on once the journal has it.
        """
        before = self._held_in_memory
        try:
            with self.engine.cursor() as cursor:
                with transaction(cursor):
                    with cancellable(cursor, stop):
                        yield cursor
                    tell(Step("committing"))
                    pause("before commit")
                    self.in_doubt = True
                pause("committed")
                self._read(cursor)
                self.in_doubt = False
        except BaseException as problem:
            if not self._is_committed_all_the_same(before):
                raise
            if not isinstance(problem, Exception):
                self._unwritten = True
                self.acknowledge()
                raise

    @property
    def _held_in_memory(self) -> tuple[Any, ...]:
        return self.settings, self.revision, self.entries, self.documents

    def _is_committed_all_the_same(self, before: tuple[Any, ...]) -> bool:
        """After a failure: whether the database, opened anew where it ended, holds the change. Nobody else changes it."""
        self.in_doubt = True
        try:
            self._look_again()
        except (WorkspaceError, duckdb.Error):
            return False
        return before != self._held_in_memory

    def _look_again(self) -> None:
        self.engine.look_after_failure()
        with told(), self.engine.cursor() as cursor:
            self._read(cursor)
        self.in_doubt = False

    def settle(self) -> None:
        """See what the last change left, where that is not known; call it before anything is built on what is held here.

        The caller holds the lock.
        """
        if self.in_doubt:
            self._look_again()
            self._unwritten = True
            self._remove_orphans()

    def acknowledge(self, *events: dict[str, Any]) -> None:
        """Write to the journal that a change is committed; only then may anybody be told."""
        try:
            self.journal = self.journal.append(*(self._missing() if self._unwritten else events))
        except OSError as problem:
            self._unwritten = True
            raise WorkspaceError(
                _(
                    "The change is stored, but the journal could not be written: {why}. Make room on the disk; the next "
                    "change or opening writes it."
                ).format(why=os.strerror(problem.errno or 0))
            ) from problem
        self._unwritten = False
        pause("journal")

    def _missing(self, journal: Journal | None = None) -> list[dict[str, Any]]:
        """What the journal lacks and the database holds."""
        settings = settings_to_json(self.settings)
        return journals.missing_events(
            journal or self.journal, self.entries, self.revision, settings, self.documents
        )

    @contextlib.contextmanager
    def scratch_directory(self) -> Iterator[Path]:
        """An empty directory that is gone afterwards."""
        directory = self.scratch / uuid.uuid4().hex
        directory.mkdir()
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def scratch_place(self) -> ScratchPlace:
        """An empty directory that is gone once nobody holds it."""
        return ScratchPlace(self.scratch / uuid.uuid4().hex)

    @property
    def currency(self) -> str | None:
        """The workspace's one currency: the setting, else what the standing files state; None = not known."""
        stated = (e.currency for e in self.entries if e.stands and e.currency)
        return self.settings.currency or next(stated, None)

    @property
    def losses(self) -> tuple[str, ...]:
        """One sentence per change that was acknowledged and is gone."""
        return journals.losses(self.journal, self.entries, self.revision, self.documents)


class ScratchPlace:
    """A new directory at `path`: it goes with this object, at the end of the process, or when it is let go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self.let_go = weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)


@contextlib.contextmanager
def transaction(cursor: Cursor) -> Iterator[None]:
    """All statements of the block, or none of them."""
    try:
        with told():
            cursor.execute("begin transaction")
            yield
            cursor.execute("commit")
    except BaseException:
        _roll_back(cursor)
        raise


def _roll_back(cursor: Cursor) -> None:
    """Some failures have ended the transaction already, or the database's work; closing a cursor has as well."""
    with contextlib.suppress(duckdb.TransactionException, duckdb.FatalException, duckdb.ConnectionException):
        cursor.execute("rollback")


def _refuse_without_database(directory: Path) -> None:
    """An empty database would be made, and the files of uploads that it does not know would be taken for left-overs."""
    database = directory / "warehouse.duckdb"
    if database.exists() and database.stat().st_size:
        return
    journal = Journal.read(directory / "journal.jsonl", only_look=True)
    if journal.events or any((directory / "uploads").iterdir()):
        raise WorkspaceError(
            _(
                "The database of the workspace {directory} is gone: `recover` builds it anew from the journal and the "
                "stored files, or bring it back from a backup."
            ).format(directory=directory)
        )


def _make(directory: Path) -> None:
    if not is_text(directory):
        text = _("The workspace's directory {directory} has a name that is no text: choose another one.")
        raise WorkspaceError(text.format(directory=shown(directory)))
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise WorkspaceError(
            _("The workspace's directory {directory} cannot be made: {why}.").format(
                directory=directory, why=os.strerror(problem.errno or 0)
            )
        ) from problem
