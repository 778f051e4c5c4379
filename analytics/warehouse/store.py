"""The workspace: one directory that keeps every upload, and the marts built from those that stand."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.intake.contract import KINDS, Period
from analytics.language import gettext as _
from analytics.language import in_this_language
from analytics.warehouse import journal as journals
from analytics.warehouse import ledger, loading, marts
from analytics.warehouse import prepared as prepared_files
from analytics.warehouse.books import Books, ScratchPlace
from analytics.warehouse.cancelling import held
from analytics.warehouse.documents import Document
from analytics.warehouse.documents import check as check_document
from analytics.warehouse.documents import keep as keep_document
from analytics.warehouse.engine import rows
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.ledger import Upload
from analytics.warehouse.loading import Receipt, Request
from analytics.warehouse.prepared import Names, Prepared
from analytics.warehouse.progress import Progress, Step, unheard
from analytics.warehouse.sample import SAMPLE_CURRENCY, SAMPLE_KINDS, sample_file
from analytics.warehouse.settings import Settings, settings_to_json, store_settings

if TYPE_CHECKING:
    import pandas as pd

    from analytics.warehouse.doctor import Finding

HOME_VARIABLE = "FLIPPED_FUNNEL_HOME"
WAIT_VARIABLE = "FLIPPED_FUNNEL_WAIT"
WAIT_SECONDS = 10.0

_open: dict[str, Workspace] = {}
_open_lock = threading.RLock()


def home() -> Path:
    """The directory of the workspaces: $FLIPPED_FUNNEL_HOME, else ~/.flipped_funnel."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen) if chosen else Path.home() / ".flipped_funnel"


class Workspace:
    """One workspace directory; Workspace.open gives every thread of a process the same object."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._users = 0

    @classmethod
    def open(cls, directory: str | Path, wait_seconds: float | None = None) -> Workspace:
        """The workspace in `directory`, made if it is not there; the same object for every opener.

        wait_seconds: how long another process that has it open is waited for (default 10, or
        $FLIPPED_FUNNEL_WAIT). Raises WarehouseBusy, or WorkspaceError when it cannot be used.
        """
        path = os.path.realpath(directory)
        with _open_lock:
            workspace = _open.get(path)
            if workspace is None:
                workspace = _open[path] = cls(Books(Path(path), _wait_seconds(wait_seconds)))
            workspace._users += 1
            return workspace

    def close(self) -> None:
        """Done with it; the last of its openers lets go of the files."""
        with _open_lock, self._books.lock:
            self._users -= 1
            if self._users == 0:
                del _open[str(self._books.directory)]
                self._books.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Changing what stands

    def ingest(
        self,
        path: str | Path,
        kind: str | None = None,
        *,
        name: str | None = None,
        period: Period | str | None = None,
        answers: dict[str, str] | None = None,
        set_aside: bool = False,
        replace_period: bool = False,
        dry_run: bool = False,
        by: str = "",
        today: date | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Receipt:
        """Read the file at `path` and, unless something must be asked or mended first, store it.

        kind: one of the six kinds, None = recognised from the headers. name: what people see instead of
        the path's last part. period: the days the file should cover. answers: code of a question ->
        choice. set_aside: load the good rows without the bad ones. replace_period: rows of the period
        that the file lacks no longer stand. dry_run: store nothing. progress: is told each step. stop: set
        it from another thread to cancel, up to the commit (raises Cancelled).
        """
        if isinstance(period, str):
            period = _period(period)
        _check_kind(kind)
        if replace_period and period is None:
            raise WorkspaceError(_("To replace a period, say which one: for instance period 2026Q3."))
        request = Request(
            Path(path), kind, name, period, dict(answers or {}), set_aside, replace_period, by, today=today
        )
        tell = progress or unheard
        with self._books.scratch_directory() as directory:
            tell(Step("reading"))
            reading = loading.read_file(self._books, request, directory, stop)
            with held(self._books.lock, stop):
                return loading.store(self._books, [(reading, request)], dry_run, tell, stop)[0]

    def prepare(
        self,
        request: Request,
        before: Sequence[Names] = (),
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Prepared:
        """Read a file and keep what was read, to be looked at and then given to `load`; nothing is stored.

        before: the names that files bring which are to be loaded before it (Prepared.brings). progress, stop: as
        for ingest.
        """
        _check_kind(request.kind)
        return prepared_files.prepare(self._books, request, before, progress or unheard, stop)

    def load(
        self,
        prepared: Sequence[Prepared],
        *,
        replace_period: bool = False,
        by: str = "",
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> tuple[Receipt, ...]:
        """Store prepared files, in this order: all of them in one transaction, or none of them.

        They are stored as they were read; a workspace that would read one of them otherwise by now raises
        WorkspaceError. Where one may not be stored, none is, and its receipt says why. They stay prepared.
        replace_period, by, progress, stop: as for ingest.
        """
        if replace_period and any(one.request.period is None for one in prepared):
            raise WorkspaceError(_("To replace a period, say which one: for instance period 2026Q3."))
        books, tell = self._books, progress or unheard
        with held(books.lock, stop):
            pairs = prepared_files.as_shown(books, prepared, replace_period, by)
            check = prepared_files.check_of(prepared)
            return tuple(loading.store(books, pairs, dry_run=False, tell=tell, stop=stop, together=check))

    def scratch_place(self) -> ScratchPlace:
        """An empty directory beside the workspace's files, for what is about to be loaded; gone once nobody holds it."""
        return self._books.scratch_place()

    def load_sample(self, by: str = "") -> tuple[Receipt, ...]:
        """Load the sample company's exports; the workspace then says that it holds a sample."""
        requests = [Request(sample_file(kind), kind, by=by, is_sample=True) for kind in SAMPLE_KINDS]
        with self._books.scratch_directory() as directory:
            places = [directory / request.path.stem for request in requests]
            for place in places:
                place.mkdir()
            with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
                read = in_this_language(lambda r, d: loading.read_file(self._books, r, d))
                readings = list(pool.map(read, requests, places))
            with self._books.lock:
                read = list(zip(readings, requests, strict=True))
                receipts = tuple(loading.store(self._books, read, dry_run=False, tell=unheard))
                if self.currency is None:
                    self.change_settings(currency=SAMPLE_CURRENCY)
                return receipts

    def undo(
        self, upload_id: str, progress: Progress | None = None, stop: threading.Event | None = None
    ) -> None:
        """The upload no longer stands; everything is again as it was without it. It stays in the history.

        progress, stop: as for ingest.
        """
        books, tell = self._books, progress or unheard
        with held(books.lock, stop):
            books.settle()
            entry = next((e for e in books.entries if e.upload_id == upload_id), None)
            if entry is None:
                raise WorkspaceError(
                    _("There is no upload {upload_id!r}; the list of uploads has their names.").format(
                        upload_id=upload_id
                    )
                )
            if not entry.stands:
                raise WorkspaceError(
                    _("The upload {upload_id} was undone before.").format(upload_id=upload_id)
                )
            at = ledger.now()  # one moment for both, so that ledger and journal say the same
            with books.changes(tell, stop) as cursor:
                ledger.mark_undone(cursor, upload_id, at)
                books.rebuild(cursor, books.settings, tell, frozenset({entry.kind}))
            books.acknowledge(journals.undo_event(upload_id, at))

    def change_settings(self, **changes: Any) -> Settings:
        """Change settings by name, rebuild what depends on them; WorkspaceError for an impossible one."""
        books = self._books
        with books.lock:
            books.settle()
            settings, revision = books.settings.changed(**changes), books.revision + 1
            if settings == books.settings:
                return settings
            with books.changes() as cursor:
                store_settings(cursor, settings, revision)
                changed = marts.changed_settings(books.settings, settings)
                if changed:
                    books.rebuild(cursor, settings, changed=changed)
            books.acknowledge(journals.settings_event(revision, settings_to_json(settings)))
            return settings

    def keep(self, kind: str, name: str, value: Any) -> None:
        """Keep a scenario, plan or deck under its name, over an older one; a value of None removes it.

        value: plain JSON values. Raises WorkspaceError for a name or value that cannot be kept.
        """
        books = self._books
        check_document(name, value)
        with books.lock:
            books.settle()
            if self.documents(kind).get(name) == value:
                return
            revisions = [document.revision for document in books.documents]
            revision = 1 + max([books.journal.documents_revision, *revisions])  # never one that was lost
            document = Document(kind, name, value, revision, ledger.now())
            with books.changes() as cursor:
                keep_document(cursor, document)
            books.acknowledge(journals.document_event(document))

    # Looking

    def documents(self, kind: str) -> dict[str, Any]:
        """Name -> value of what was kept of this kind and not removed, oldest change first."""
        return {d.name: d.value for d in self._books.documents if d.kind == kind and d.value is not None}

    @property
    def directory(self) -> Path:
        """Where the workspace is."""
        return self._books.directory

    @property
    def settings(self) -> Settings:
        """What the numbers assume."""
        return self._books.settings

    @property
    def snapshot(self) -> str:
        """Twelve hex digits that name the standing uploads and the settings: the key of every cache."""
        return ledger.snapshot(self._books.entries, settings_to_json(self._books.settings))

    @property
    def currency(self) -> str | None:
        """The workspace's one currency: the setting, else what the standing files state; None = not known."""
        return self._books.currency

    @property
    def is_sample(self) -> bool:
        """Whether anything of the sample company stands."""
        return any(entry.is_sample for entry in self._books.entries if entry.stands)

    @property
    def losses(self) -> tuple[str, ...]:
        """One sentence per change that was acknowledged and is gone; empty unless the disk failed."""
        return self._books.losses

    @property
    def entries(self) -> tuple[Upload, ...]:
        """Every upload that was ever committed, oldest first."""
        return self._books.entries

    def uploads(self) -> pd.DataFrame:
        """The ledger, newest first.

        Columns: upload_id, when (UTC), by, file, kind, verdict, period, replaces, first_day, last_day,
        read, accepted, repaired, set_aside (rows), amount, currency, answers and messages (JSON), sha256,
        size_bytes, is_sample, stands, undone_at.
        """
        return self._books.engine.frame("ledger/history")

    def set_aside_rows(self, upload_id: str) -> pd.DataFrame:
        """The rows that were left out of an upload: line, reason, and the cells as written."""
        file = self._books.set_aside(upload_id)
        if upload_id not in {e.upload_id for e in self.entries} or not file.exists():
            raise WorkspaceError(
                _("No rows of an upload {upload_id!r} were set aside.").format(upload_id=upload_id)
            )
        return self._books.engine.frame("ledger/set_aside", file=str(file))

    def query(self, name: str, /, **params: Any) -> pd.DataFrame:
        """The result of sql/queries/<name>.sql with those of `params` that it names. Money is float64."""
        return self._books.engine.frame(f"queries/{name}", **params)

    def fingerprint(self) -> dict[str, str]:
        """Mart -> its rows, and a hash of them that does not depend on their order."""
        with self._books.engine.cursor() as cursor:
            return {r["name"]: f"{r['rows']}:{r['hash']}" for r in rows(cursor, "checks/fingerprint")}

    def doctor(self, deep: bool = False) -> tuple[Finding, ...]:
        """Whether ledger, files, journal and marts agree; deep: also build the marts anew and compare."""
        from analytics.warehouse.doctor import examine

        with self._books.lock:
            return examine(self._books, deep)

    def export(self, directory: str | Path) -> dict[str, int]:
        """Write the active tables as CSV and Parquet into `directory`; table -> rows. See export.py."""
        from analytics.warehouse.export import export

        with self._books.lock:
            return export(self._books, self.snapshot, Path(directory))


def _check_kind(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise WorkspaceError(
            _("There is no kind of export {kind!r}; there are {names}.").format(
                kind=kind, names=", ".join(KINDS)
            )
        )


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as problem:
        raise WorkspaceError(str(problem)) from problem


def _wait_seconds(chosen: float | None) -> float:
    return float(os.environ.get(WAIT_VARIABLE) or WAIT_SECONDS) if chosen is None else chosen
