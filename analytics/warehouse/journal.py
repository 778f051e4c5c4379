"""The journal: beside the database, one line per change that was acknowledged, each forced to disk.

The database is the truth; the journal says what it must hold. What was acknowledged and is gone is a loss.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.language import gettext as _
from analytics.warehouse.documents import Document
from analytics.warehouse.ledger import Upload

# event -> what it cannot do without
PARTS = {
    "upload": ("upload_id", "kind", "file", "sha256", "at"),
    "undo": ("upload_id", "at"),
    "settings": ("revision", "settings"),
    "document": ("revision", "at", "kind", "name", "value"),
}


@dataclass(frozen=True)
class Journal:
    """The events of a journal file, oldest first; each has `event`: upload, undo, settings or document."""

    file: Path
    events: tuple[dict[str, Any], ...]

    @classmethod
    def read(cls, file: Path, only_look: bool = False) -> Journal:
        """Read the journal; a last line that a crash cut off was never acknowledged, and is taken away.

        only_look: leave the file as it is, since another process may be writing that line.
        """
        data = file.read_bytes() if file.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data) and not only_look:
            with file.open("r+b") as handle:
                handle.truncate(len(whole))
                os.fsync(handle.fileno())
        return cls(
            file, tuple(_event(line) for line in whole.decode("utf-8", "replace").splitlines() if line)
        )

    def append(self, *events: dict[str, Any]) -> Journal:
        """Write events and force them to disk; afterwards they are acknowledged."""
        if not events:
            return self
        lines = "".join(json.dumps(e, ensure_ascii=True, sort_keys=True) + "\n" for e in events)
        with self.file.open("ab", buffering=0) as handle:
            whole = handle.tell()
            try:
                if handle.write(lines.encode()) < len(lines):
                    raise OSError(errno.ENOSPC, "no room for the whole line")
                os.fsync(handle.fileno())
            except OSError:
                handle.truncate(whole)  # the next line must not follow half a line
                raise
        return Journal(self.file, self.events + events)

    def write(self, file: Path) -> None:
        """Write all events to `file`, over what it held: whole, or not at all."""
        writing = file.with_name(f".{file.name}.writing")
        writing.unlink(missing_ok=True)
        replace(self, file=writing, events=()).append(*self.events)
        os.replace(writing, file)

    @property
    def uploaded(self) -> dict[str, dict[str, Any]]:
        """upload_id -> its event."""
        return {e["upload_id"]: e for e in self.events if e.get("event") == "upload"}

    @property
    def entries(self) -> tuple[Upload, ...]:
        """Every acknowledged upload as the ledger should have it, oldest first; ValueError names the first that is not whole."""
        undone = {e["upload_id"]: e for e in self.events if e.get("event") == "undo"}
        found = []
        for upload_id, event in self.uploaded.items():
            try:
                entry = Upload.from_json(event.get("entry"))
                undoing = undone.get(upload_id)
                at = datetime.fromisoformat(undoing.get("undone_at", undoing["at"])) if undoing else None
            except (ValueError, ArithmeticError) as problem:
                raise ValueError(upload_id) from problem
            found.append(replace(entry, stands=at is None, undone_at=at))
        return tuple(sorted(found, key=lambda entry: entry.seq))

    @property
    def last_settings(self) -> dict[str, Any]:
        """The settings after the last acknowledged change; empty if there was none."""
        changes = [e for e in self.events if e.get("event") == "settings"]
        return max(changes, key=lambda e: e["revision"])["settings"] if changes else {}

    @property
    def unreadable(self) -> int:
        """How many lines say nothing: they were damaged outside of this program."""
        return sum(event.get("event") == "unreadable" for event in self.events)

    @property
    def undone(self) -> frozenset[str]:
        """Ids of the uploads whose undoing was acknowledged."""
        return frozenset(e["upload_id"] for e in self.events if e.get("event") == "undo")

    @property
    def settings_revision(self) -> int:
        """The number of the last acknowledged change of settings; 0 = never changed."""
        return max((e["revision"] for e in self.events if e.get("event") == "settings"), default=0)

    @property
    def documents(self) -> dict[tuple[str, str], dict[str, Any]]:
        """(kind, name) of a document -> the event of its last acknowledged change."""
        return {(e["kind"], e["name"]): e for e in self.events if e.get("event") == "document"}

    @property
    def documents_revision(self) -> int:
        """The number of the last acknowledged change of any document; 0 = none was ever kept."""
        return max((e["revision"] for e in self.documents.values()), default=0)


def _event(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {"event": "unreadable"}
    known = isinstance(event, dict) and set(PARTS.get(str(event.get("event")), ("?",))) <= set(event)
    return event if known else {"event": "unreadable"}


def upload_event(upload: Upload) -> dict[str, Any]:
    """The journal's line for an upload."""
    return {
        "event": "upload",
        "upload_id": upload.upload_id,
        "at": upload.loaded_at.isoformat(timespec="seconds"),
        "kind": upload.kind,
        "file": upload.file_name,
        "sha256": upload.sha256,
        "rows": upload.rows_accepted + upload.rows_repaired,
        "amount": None if upload.amount is None else f"{upload.amount:.4f}",
        "entry": upload.to_json(),
    }


def undo_event(upload_id: str, at: datetime) -> dict[str, Any]:
    """The journal's line for an undoing."""
    return {
        "event": "undo",
        "upload_id": upload_id,
        "at": at.isoformat(timespec="seconds"),
        "undone_at": at.isoformat(),
    }


def settings_event(revision: int, settings: dict[str, Any]) -> dict[str, Any]:
    """The journal's line for a change of settings."""
    return {"event": "settings", "revision": revision, "settings": settings}


def document_event(document: Document) -> dict[str, Any]:
    """The journal's line for a document that was kept or removed, with its value."""
    return {
        "event": "document",
        "revision": document.revision,
        "at": document.kept_at.isoformat(timespec="seconds"),
        "kind": document.kind,
        "name": document.name,
        "value": document.value,
    }


def missing_events(
    journal: Journal,
    entries: tuple[Upload, ...],
    revision: int,
    settings: dict[str, Any],
    documents: tuple[Document, ...],
) -> list:
    """Events that the database holds whole and the journal lacks: the process ended between the two."""
    # The lines of an older version say less.
    told = {upload_id for upload_id, event in journal.uploaded.items() if "entry" in event}
    events = [upload_event(e) for e in entries if e.upload_id not in told]
    events += [
        undo_event(e.upload_id, e.undone_at)
        for e in entries
        if e.undone_at is not None and e.upload_id not in journal.undone
    ]
    if revision > journal.settings_revision:
        events.append(settings_event(revision, settings))
    events += [document_event(d) for d in documents if d.revision > journal.documents_revision]
    return events


def mended(journal: Journal, missing: list[dict[str, Any]]) -> tuple[str, ...]:
    """What was written to the journal again although no crash can have lost it: somebody changed the file.

    A crash loses the last acknowledgement only: uploads that came together, or one change of another kind.
    """
    new = [e for e in missing if e.get("upload_id") not in journal.uploaded or e["event"] != "upload"]
    last = max((_number(upload_id) for upload_id in journal.uploaded), default=0)
    early = any(e["event"] == "upload" and _number(e["upload_id"]) < last for e in new)
    kinds = [e["event"] for e in new if e["event"] != "upload"] + ["upload"] * any(
        e["event"] == "upload" for e in new
    )
    if not early and len(kinds) < 2:
        return ()
    text = _("The journal had lost {count} of its lines; they were written again from the ledger.")
    return (text.format(count=len(new)),)


def _number(upload_id: str) -> int:
    """The place of an upload in the ledger, as its id begins."""
    digits = upload_id[1:].partition("-")[0]
    return int(digits) if digits.isdecimal() else 0


def losses(
    journal: Journal, entries: tuple[Upload, ...], revision: int, documents: tuple[Document, ...]
) -> tuple[str, ...]:
    """One sentence per acknowledged change that the database does not hold."""
    known = {e.upload_id: e for e in entries}
    lost = [
        _(
            "The upload {upload_id} ({kind}, {file!r}, {at}) was acknowledged and is not in the ledger: "
            "close the app and run `recover`, or upload the file again."
        ).format(upload_id=upload_id, kind=event.get("kind"), file=event.get("file"), at=event.get("at"))
        for upload_id, event in journal.uploaded.items()
        if upload_id not in known
    ]
    lost += [
        _(
            "The undoing of {upload_id} was acknowledged, and the upload still stands: close the app and run `recover`, "
            "or undo it again."
        ).format(upload_id=upload_id)
        for upload_id in sorted(journal.undone)
        if upload_id in known and known[upload_id].stands
    ]
    if journal.settings_revision > revision:
        lost.append(
            _(
                "A change of settings was acknowledged and is lost: close the app and run `recover`, or look at the "
                "settings again."
            )
        )
    kept = {(d.kind, d.name): d.revision for d in documents}
    lost += [
        _(
            "The {kind} {name!r} was acknowledged and is lost: close the app and run `recover`, or make it again."
        ).format(kind=kind, name=name)
        for (kind, name), event in journal.documents.items()
        if kept.get((kind, name), 0) < event["revision"]
    ]
    if any(event.get("event") == "unreadable" for event in journal.events):
        lost.append(
            _(
                "The journal has a line that cannot be read: it was damaged outside of this program. `recover` writes it "
                "anew from what the ledger holds."
            )
        )
    return tuple(lost)
