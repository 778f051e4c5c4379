"""Documents: what people made in a workspace and want to find again: scenarios, the plan, decks.

They hold no data and change no number, so they are no part of the snapshot. They are kept like everything else: in
one transaction, and acknowledged in the journal.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analytics.language import gettext as _
from analytics.warehouse.engine import Cursor, rows, run
from analytics.warehouse.errors import WorkspaceError

LONGEST_NAME = 80
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True)
class Document:
    """kind: what it is (scenario, plan, deck); value: plain JSON, None = removed; revision: counts all changes."""

    kind: str
    name: str
    value: Any
    revision: int
    kept_at: datetime


def documents(cursor: Cursor) -> tuple[Document, ...]:
    """Every document, removed ones included, in the order of their last change."""
    return tuple(
        Document(
            row["kind"],
            row["name"],
            None if row["value"] is None else json.loads(row["value"]),
            row["revision"],
            row["kept_at"],
        )
        for row in rows(cursor, "ledger/documents")
    )


def keep(cursor: Cursor, document: Document) -> None:
    """Write a document over its older state; inside the caller's transaction."""
    value = None if document.value is None else json.dumps(document.value, allow_nan=False, sort_keys=True)
    run(
        cursor,
        "ledger/keep_document",
        kind=document.kind,
        name=document.name,
        value=value,
        revision=document.revision,
        kept_at=document.kept_at,
    )


def check(name: str, value: Any) -> None:
    """Raises WorkspaceError for a name or a value that cannot be kept."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise WorkspaceError(
            _("A name needs 1 to {most} letters; {name!r} cannot be kept.").format(
                most=LONGEST_NAME, name=name[:40]
            )
        )
    if not _is_plain(value) or len(json.dumps(value)) > LARGEST_BYTES:
        raise WorkspaceError(
            _("{name!r} holds what cannot be kept: it must be plain values, at most 1 MB.").format(name=name)
        )


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return (
        value is None
        or isinstance(value, str | bool | int)
        or (isinstance(value, float) and math.isfinite(value))
    )
