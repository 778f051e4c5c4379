"""Backup: one zip file of what a workspace was built from, and back again.

It holds the journal and the stored files, of which the database is built: they are only ever added to, so that they can
be copied while the dashboard runs. Every file is checked by its SHA-256, when it is written and when it is restored.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from analytics.language import gettext as _
from analytics.warehouse import ledger, recovery
from analytics.warehouse.disk import sync_directory, sync_file
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.journal import Journal
from analytics.warehouse.ledger import Upload
from analytics.warehouse.settings import settings_to_json

NOTE = "backup.json"
FORMAT = 1
CHUNK_BYTES = 1024 * 1024
LARGEST_NOTE_BYTES = 64 * 1024**2
NAME = re.compile(r"journal\.jsonl|uploads/u\d{4,}-[0-9a-f]{8}(\.set_aside)?\.parquet")


@dataclass(frozen=True)
class Backup:
    """What a backup holds: uploads, files, their bytes, and the snapshot that they give."""

    uploads: int
    files: int
    size_bytes: int
    snapshot: str


def back_up(directory: Path, file: Path) -> Backup:
    """Write the backup of the workspace in `directory` to `file`; it is there whole, or not at all.

    The workspace need not be closed. Raises WorkspaceError when a stored file is not what was acknowledged, or the
    backup cannot be written.
    """
    journal = Journal.read(directory / recovery.JOURNAL, only_look=True)
    if not journal.events:
        raise WorkspaceError(_("{directory} holds nothing to back up.").format(directory=directory))
    entries = _whole_entries(journal)
    _check_target(file)
    writing = file.with_name(f".{file.name}.{uuid.uuid4().hex}.writing")
    try:
        note = _write(directory, journal, entries, writing)
        sync_file(writing)
        os.replace(writing, file)
        sync_directory(file.resolve().parent)
    except (OSError, UnicodeError) as problem:
        text = _("The backup {file} cannot be written: {why}.")
        raise WorkspaceError(text.format(file=file, why=_why(problem))) from problem
    finally:
        with contextlib.suppress(OSError):  # where nothing can be written, nothing was
            writing.unlink()
    sizes = [part["bytes"] for part in note["files"]]
    return Backup(len(entries), len(sizes), sum(sizes), note["snapshot"])


def restore(file: Path, directory: Path) -> recovery.Recovered:
    """Make the workspace of a backup in `directory`, which must be new or empty; it is there whole, or not at all.

    Raises WorkspaceError for a directory that holds anything, and for a backup that is damaged or is none.
    """
    directory = directory.absolute()
    if directory.is_file() or (directory.is_dir() and any(directory.iterdir())):
        text = _("{directory} is not empty: restore into a new directory, and nothing is overwritten.")
        raise WorkspaceError(text.format(directory=directory))
    place = directory.with_name(f".{directory.name}.{uuid.uuid4().hex}.restoring")
    try:
        place.mkdir(parents=True)
        with _opened(file) as archive:
            _unpack(archive, place, file)
        recovered = recovery.recover(place)
        os.replace(place, directory)
        sync_directory(directory.parent)
    except (OSError, UnicodeError) as problem:
        text = _("{file} cannot be restored to {directory}: {why}.")
        raise WorkspaceError(text.format(file=file, directory=directory, why=_why(problem))) from problem
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return recovered


def _whole_entries(journal: Journal) -> tuple[Upload, ...]:
    if journal.unreadable:
        raise WorkspaceError(
            _(
                "The journal has lines that cannot be read, so a backup would not be whole: run `recover` first."
            )
        )
    try:
        return journal.entries
    except ValueError as problem:
        raise WorkspaceError(
            _(
                "The journal does not yet tell the whole of {upload_id}: open the workspace once with this version of the "
                "program, and make the backup then."
            ).format(upload_id=problem)
        ) from problem


def _check_target(file: Path) -> None:
    """An earlier backup may be replaced, and nothing else."""
    if file.exists() and not (file.is_file() and zipfile.is_zipfile(file) and _is_backup(file)):
        text = _("{file} is there and is no backup: choose another name, and nothing is overwritten.")
        raise WorkspaceError(text.format(file=file))


def _is_backup(file: Path) -> bool:
    with zipfile.ZipFile(file) as archive:
        return NOTE in archive.namelist()


def _write(directory: Path, journal: Journal, entries: tuple[Upload, ...], target: Path) -> dict[str, Any]:
    """Everything that the journal names, as it was when the journal was read."""
    lines = "".join(json.dumps(e, ensure_ascii=True, sort_keys=True) + "\n" for e in journal.events).encode()
    parts = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # Parquet is compressed already
        archive.writestr(zipfile.ZipInfo(recovery.JOURNAL), lines)
        parts.append(_part(recovery.JOURNAL, len(lines), hashlib.sha256(lines).hexdigest()))
        for entry in entries:
            parts += _write_upload(archive, entry, directory / "uploads")
        note = {
            "format": FORMAT,
            "made_at": ledger.now().isoformat(timespec="seconds") + "Z",
            "snapshot": ledger.snapshot(entries, settings_to_json(recovery.settings_of(journal))),
            "files": parts,
        }
        archive.writestr(NOTE, json.dumps(note, indent=2) + "\n")
    return note


def _write_upload(archive: zipfile.ZipFile, entry: Upload, uploads: Path) -> Iterator[dict[str, Any]]:
    for file in (uploads / f"{entry.upload_id}.parquet", uploads / f"{entry.upload_id}.set_aside.parquet"):
        if not file.is_file() and (file.stem != entry.upload_id or not entry.stands):
            continue  # nothing was set aside; or the file of an undone upload is gone, which no number needs
        name = f"uploads/{file.name}"
        try:
            with file.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                size, digest = _copy(source, target)
        except FileNotFoundError:
            size, digest = 0, ""
        if file.stem == entry.upload_id and entry.stands and digest != entry.parquet_sha256:
            text = _("The stored file of {upload_id} is gone or changed: `doctor` says what to do.")
            raise WorkspaceError(text.format(upload_id=entry.upload_id))
        yield _part(name, size, digest)


def _copy(source: IO[bytes], target: IO[bytes], most: int | None = None) -> tuple[int, str]:
    """Copied bytes and their SHA-256; stops when more than `most` come."""
    size, digest = 0, hashlib.sha256()
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        if most is not None and size > most:
            break
        digest.update(chunk)
        target.write(chunk)
    return size, digest.hexdigest()


def _part(name: str, size: int, digest: str) -> dict[str, Any]:
    return {"name": name, "bytes": size, "sha256": digest}


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as problem:
        raise WorkspaceError(_damaged(file)) from problem


def _unpack(archive: zipfile.ZipFile, directory: Path, file: Path) -> None:
    """Only files that the note names, under the names that a workspace has, with the bytes that the note says."""
    (directory / "uploads").mkdir()
    for name, size, digest in _parts(archive, file):
        with archive.open(name) as source, (directory / name).open("xb") as target:
            found = _copy(source, target, most=size)
            target.flush()
            os.fsync(target.fileno())
        if found != (size, digest):
            raise WorkspaceError(_damaged(file))


def _parts(archive: zipfile.ZipFile, file: Path) -> list[tuple[str, int, str]]:
    names = archive.namelist()
    if NOTE not in names or archive.getinfo(NOTE).file_size > LARGEST_NOTE_BYTES:
        raise WorkspaceError(_("{file} is no backup of a workspace.").format(file=file))
    try:
        note = json.loads(archive.read(NOTE))
        parts = [(str(p["name"]), int(p["bytes"]), str(p["sha256"])) for p in note["files"]]
        newer = note["format"] > FORMAT
    except (ValueError, KeyError, TypeError) as problem:
        raise WorkspaceError(_damaged(file)) from problem
    if newer:
        text = _("{file} was written by a newer version of the program: update the program.")
        raise WorkspaceError(text.format(file=file))
    named = [name for name, _size, _digest in parts]
    if sorted([*named, NOTE]) != sorted(names) or not all(NAME.fullmatch(name) for name in named):
        raise WorkspaceError(_damaged(file))
    return parts


def _damaged(file: Path) -> str:
    return _("{file} is damaged, and nothing was restored: take another backup.").format(file=file)


def _why(problem: Exception) -> str:
    return os.strerror(problem.errno or 0) if isinstance(problem, OSError) else _("its name is no text")
