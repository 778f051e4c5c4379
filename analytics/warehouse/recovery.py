"""Recovery: builds a workspace's database anew from its journal and the stored files, where these suffice.

The journal tells of every acknowledged change, whole; uploads/ holds the rows. Nothing is guessed: what is missing is
named, and an upload is only left out where somebody says so. What stood before is set aside, never removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.language import gettext as _
from analytics.warehouse import ledger, marts, migrations
from analytics.warehouse.books import Books, transaction
from analytics.warehouse.disk import sha256_of, sync_directory, sync_file
from analytics.warehouse.documents import Document, keep
from analytics.warehouse.engine import Engine
from analytics.warehouse.errors import NewerWorkspace, WarehouseBusy, WorkspaceError
from analytics.warehouse.failures import told
from analytics.warehouse.holding import Hold
from analytics.warehouse.journal import Journal, undo_event
from analytics.warehouse.ledger import Upload
from analytics.warehouse.settings import Settings, settings_to_json, store_settings

DATABASE = ("warehouse.duckdb", "warehouse.duckdb.wal")
JOURNAL = "journal.jsonl"
ASIDE = "set-aside"


@dataclass(frozen=True)
class Recovered:
    """What was built: how many uploads, how many of them stand, the snapshot, and where the old files are now."""

    uploads: int
    standing: int
    snapshot: str
    set_aside: Path | None


def recover(directory: Path, without: Sequence[str] = (), wait_seconds: float = 0.0) -> Recovered:
    """Build the database anew from journal and stored files; the old one is set aside.

    without: uploads that are to be left out, as if undone, because their stored file is gone. Raises WorkspaceError
    that names everything that is missing, and WarehouseBusy while another process has the workspace.
    """
    if not (directory / JOURNAL).is_file():
        text = _("{directory} has no journal, so there is nothing to build a database from.")
        raise WorkspaceError(text.format(directory=directory))
    hold = Hold(directory, wait_seconds)
    try:
        return _recover(directory, without, wait_seconds, hold)
    finally:
        hold.let_go()


def _recover(directory: Path, without: Sequence[str], wait_seconds: float, hold: Hold) -> Recovered:
    """Nobody else opens the workspace meanwhile, also not where its database is damaged, moved or gone."""
    with _unchanged(directory, wait_seconds, hold) as is_readable:
        journal = Journal.read(directory / JOURNAL)
        clean = _clean(journal, is_readable, without)
        entries = _entries(clean)
        _check(entries, directory)
        scratch = directory / f".recovery-{uuid.uuid4().hex}"
        try:
            build(clean, directory / "uploads", scratch)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
    aside = _set_aside(directory, clean is not journal)
    if clean is not journal:
        clean.write(directory / JOURNAL)
    os.replace(scratch / DATABASE[0], directory / DATABASE[0])
    sync_directory(directory)
    shutil.rmtree(scratch, ignore_errors=True)
    return _recovered(entries, clean, aside)


@contextlib.contextmanager
def _unchanged(directory: Path, wait_seconds: float, hold: Hold) -> Iterator[bool]:
    """Nobody else has the database open in the block; yields whether it could be read.

    Opening it writes into the journal what only the database knows.
    """
    books = None
    try:
        books = Books(directory, wait_seconds, hold)
    except (WarehouseBusy, NewerWorkspace):
        raise
    except WorkspaceError:
        pass  # nobody else can open a damaged one either
    try:
        yield books is not None
    finally:
        if books is not None:
            books.close()


def _clean(journal: Journal, is_readable: bool, without: Sequence[str]) -> Journal:
    """The journal without lines that say nothing, and with what is to be left out undone; itself if that is all the same."""
    if journal.unreadable and not is_readable:
        raise WorkspaceError(
            _(
                "{count} lines of the journal cannot be read, and nor can the database, so it is not known what they "
                "said. Bring journal.jsonl back from a backup; or remove these lines from it, and what they said is lost."
            ).format(count=journal.unreadable)
        )
    unknown = [upload_id for upload_id in without if upload_id not in journal.uploaded]
    if unknown:
        text = _("There is no upload {upload_id!r}; the list of uploads has their names.")
        raise WorkspaceError(text.format(upload_id=unknown[0]))
    undone = [undo_event(u, ledger.now()) for u in without if u not in journal.undone]
    if not undone and not journal.unreadable:
        return journal
    kept = tuple(event for event in journal.events if event.get("event") != "unreadable")
    return replace(journal, events=(*kept, *undone))


def _entries(journal: Journal) -> tuple[Upload, ...]:
    try:
        entries = journal.entries
    except ValueError as problem:
        raise WorkspaceError(
            _(
                "The journal does not tell the whole of {upload_id}: it was written by an older version of the program. "
                "Open the workspace once with this version; where its database is gone, upload the file again."
            ).format(upload_id=problem)
        ) from problem
    numbers = [entry.seq for entry in entries]
    if len(set(numbers)) < len(numbers):
        raise WorkspaceError(
            _("Two uploads of the journal have the same number: bring journal.jsonl back from a backup.")
        )
    return entries


def _check(entries: tuple[Upload, ...], directory: Path) -> None:
    """Every stored file that counts is there and as it was; WorkspaceError names those that are not."""
    wrong = [entry for entry in entries if entry.stands and not is_whole(entry, directory / "uploads")]
    if wrong:
        names = ", ".join(f"{entry.upload_id} ({entry.file_name!r})" for entry in wrong)
        raise WorkspaceError(
            _(
                "The stored files of these uploads are gone or changed: {names}. Bring them back from a backup, or leave "
                "them out with --without, and upload them again."
            ).format(names=names)
        )


def is_whole(entry: Upload, uploads: Path) -> bool:
    """Whether the stored file of an upload holds the bytes that were acknowledged."""
    file = uploads / f"{entry.upload_id}.parquet"
    return (
        file.is_file()
        and file.stat().st_size == entry.parquet_bytes
        and sha256_of(file) == entry.parquet_sha256
    )


def build(journal: Journal, uploads: Path, scratch: Path) -> None:
    """Write scratch/warehouse.duckdb as the journal says; scratch is made."""
    scratch.mkdir(parents=True)
    engine = Engine(scratch / DATABASE[0], (uploads, scratch), scratch / "duckdb", 0.0)
    try:
        with told(), engine.cursor() as cursor:
            marts.write_shapes(cursor, scratch / "shapes")
            with transaction(cursor):
                migrations.migrate(cursor)
                for entry in journal.entries:
                    ledger.add(cursor, entry)
                    answers = json.loads(entry.answers)
                    if answers:
                        ledger.remember_answers(cursor, entry.kind, entry.headers_key, answers)
                settings = settings_of(journal)
                if journal.settings_revision:
                    store_settings(cursor, settings, journal.settings_revision)
                for document in _documents(journal):
                    keep(cursor, document)
                marts.rebuild(cursor, uploads, scratch / "shapes", settings)
    finally:
        engine.close()
    sync_file(scratch / DATABASE[0])


def settings_of(journal: Journal) -> Settings:
    """The settings after the journal's last change of them."""
    return Settings().changed(**journal.last_settings)


def _documents(journal: Journal) -> Iterator[Document]:
    for (kind, name), event in journal.documents.items():
        yield Document(kind, name, event["value"], event["revision"], ledger.moment(event["at"]))


def _set_aside(directory: Path, with_journal: bool) -> Path | None:
    """Move the old database, and the old journal where it is written anew, out of the way."""
    names = [*DATABASE, *([JOURNAL] if with_journal else [])]
    found = [directory / name for name in names if (directory / name).exists()]
    if not found:
        return None
    place = directory / ASIDE / ledger.now().strftime("%Y-%m-%d-%H%M%S-%f")
    place.mkdir(parents=True)
    for file in found:
        if file.name == JOURNAL:
            shutil.copyfile(file, place / file.name)  # there must be one at any moment
        else:
            file.rename(place / file.name)
    return place


def _recovered(entries: tuple[Upload, ...], journal: Journal, aside: Path | None) -> Recovered:
    standing = sum(entry.stands for entry in entries)
    snapshot = ledger.snapshot(entries, settings_to_json(settings_of(journal)))
    return Recovered(len(entries), standing, snapshot, aside)
