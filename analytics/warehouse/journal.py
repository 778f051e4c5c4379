"""The journal: beside the database, one line per change that was acknowledged, each forced to disk.

The database is the truth; the journal says what it must hold. What was acknowledged and is gone is a loss.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.language import gettext as _
from analytics.warehouse.documents import Document
from analytics.warehouse.ledger import Upload


@dataclass(frozen=True)
class Journal:
    """The events of a journal file, oldest first; each has `event`: upload, undo, settings or document."""

    file: Path
    events: tuple[dict[str, Any], ...]

    @classmethod
    def read(cls, file: Path) -> Journal:
        """Read the journal; a last line that a crash cut off was never acknowledged, and is taken away."""
        data = file.read_bytes() if file.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
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
        with self.file.open("ab") as handle:
            handle.write(lines.encode())
            handle.flush()
            os.fsync(handle.fileno())
        return Journal(self.file, self.events + events)

    @property
    def uploaded(self) -> dict[str, dict[str, Any]]:
        """upload_id -> its event."""
        return {e["upload_id"]: e for e in self.events if e.get("event") == "upload"}

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
    return event if isinstance(event, dict) else {"event": "unreadable"}


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
    }


def undo_event(upload_id: str, at: datetime) -> dict[str, Any]:
    """The journal's line for an undoing."""
    return {"event": "undo", "upload_id": upload_id, "at": at.isoformat(timespec="seconds")}


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
    events = [upload_event(e) for e in entries if e.upload_id not in journal.uploaded]
    events += [
        undo_event(e.upload_id, e.undone_at)
        for e in entries
        if e.undone_at is not None and e.upload_id not in journal.undone
    ]
    if revision > journal.settings_revision:
        events.append(settings_event(revision, settings))
    events += [document_event(d) for d in documents if d.revision > journal.documents_revision]
    return events


def losses(
    journal: Journal, entries: tuple[Upload, ...], revision: int, documents: tuple[Document, ...]
) -> tuple[str, ...]:
    """One sentence per acknowledged change that the database does not hold."""
    known = {e.upload_id: e for e in entries}
    lost = [
        _(
            "The upload {upload_id} ({kind}, {file!r}, {at}) was acknowledged and is not in the ledger: "
            "upload the file again."
        ).format(upload_id=upload_id, kind=event.get("kind"), file=event.get("file"), at=event.get("at"))
        for upload_id, event in journal.uploaded.items()
        if upload_id not in known
    ]
    lost += [
        _("The undoing of {upload_id} was acknowledged, and the upload still stands: undo it again.").format(
            upload_id=upload_id
        )
        for upload_id in sorted(journal.undone)
        if upload_id in known and known[upload_id].stands
    ]
    if journal.settings_revision > revision:
        lost.append(_("A change of settings was acknowledged and is lost: look at the settings again."))
    kept = {(d.kind, d.name): d.revision for d in documents}
    lost += [
        _("The {kind} {name!r} was acknowledged and is lost: make it again.").format(kind=kind, name=name)
        for (kind, name), event in journal.documents.items()
        if kept.get((kind, name), 0) < event["revision"]
    ]
    if any(event.get("event") == "unreadable" for event in journal.events):
        lost.append(_("The journal has a line that cannot be read: it was damaged outside of this program."))
    return tuple(lost)
