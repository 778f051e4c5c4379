"""The ledger: one entry per upload that was ever committed, kept for good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from analytics.warehouse.engine import Cursor, rows, run

CHANGING = ("stands", "undone_at")  # what undoing changes; all else of an entry is for good


@dataclass(frozen=True)
class Upload:
    """One entry: what was loaded, when, by whom, from which bytes, with which answers.

    Times are UTC without a zone. answers and messages are JSON. first_line is the line of the first data
    row in the file. An upload stands until it is undone.
    """

    upload_id: str
    seq: int
    loaded_at: datetime
    loaded_by: str
    file_name: str
    sha256: str
    size_bytes: int
    kind: str
    verdict: str
    first_day: date | None
    last_day: date | None
    rows_read: int
    rows_accepted: int
    rows_repaired: int
    rows_set_aside: int
    amount: Decimal | None
    currency: str | None
    answers: str
    messages: str
    headers_key: str
    period: str | None
    period_first_day: date | None
    period_last_day: date | None
    replaces_period: bool
    first_line: int
    one_row_per_key: bool
    is_sample: bool
    parquet_sha256: str
    parquet_bytes: int
    stands: bool = True
    undone_at: datetime | None = None

    @property
    def effect(self) -> tuple[str, ...]:
        """What of an upload decides the numbers: the same effect twice changes nothing."""
        return (
            self.kind,
            self.sha256,
            self.answers,
            "rows set aside" if self.rows_set_aside else "",
            f"replaces {self.period}" if self.replaces_period else "",
        )

    def to_json(self) -> dict[str, Any]:
        """Every part as a plain JSON value, but for whether it stands: that may change."""
        return {name: _plain(value) for name, value in asdict(self).items() if name not in CHANGING}

    @classmethod
    def from_json(cls, parts: Any) -> Upload:
        """The entry that to_json gave, standing. ValueError when a part is missing or cannot be read."""
        if not isinstance(parts, dict):
            raise ValueError("no entry")
        lasting = [field for field in fields(cls) if field.name not in CHANGING]
        lacking = [f.name for f in lasting if f.name not in parts and f.default is MISSING]
        if lacking:
            raise ValueError(f"no {', '.join(lacking)}")
        return cls(**{f.name: _typed(str(f.type), parts[f.name]) for f in lasting if f.name in parts})


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # also a moment
        return value.isoformat()
    return f"{value:.4f}" if isinstance(value, Decimal) else value


def _typed(kind: str, value: Any) -> Any:
    """A JSON value as the field's annotation says."""
    if value is None and kind.endswith("| None"):
        return None
    kind = kind.removesuffix(" | None")
    if kind in READ_FROM_TEXT and isinstance(value, str):
        return READ_FROM_TEXT[kind](value)
    if type(value).__name__ != kind:
        raise ValueError(f"{value!r} is no {kind}")
    return value


READ_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "Decimal": Decimal,
}


def now() -> datetime:
    """This moment in UTC, as the ledger writes it: without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def moment(text: str) -> datetime:
    """A moment as the journal writes it."""
    return datetime.fromisoformat(text)


def uploads(cursor: Cursor) -> tuple[Upload, ...]:
    """Every entry, oldest first."""
    names = [field.name for field in fields(Upload)]
    return tuple(Upload(**{name: row[name] for name in names}) for row in rows(cursor, "ledger/uploads"))


def add(cursor: Cursor, upload: Upload) -> None:
    """Write a new entry; inside the caller's transaction."""
    run(cursor, "ledger/add", **asdict(upload))


def mark_undone(cursor: Cursor, upload_id: str, at: datetime) -> None:
    """The upload no longer stands since `at`; inside the caller's transaction."""
    run(cursor, "ledger/undo", upload_id=upload_id, undone_at=at)


def same_effect(entries: tuple[Upload, ...], new: Upload) -> Upload | None:
    """The newest standing upload of the same bytes, if it was read in the same way as `new`."""
    same_bytes = [e for e in entries if e.stands and (e.kind, e.sha256) == (new.kind, new.sha256)]
    return same_bytes[-1] if same_bytes and same_bytes[-1].effect == new.effect else None


def snapshot(entries: tuple[Upload, ...], settings: dict[str, object]) -> str:
    """Twelve hex digits that name what a number is computed from: standing uploads in order, and settings.

    Times, names and paths are no part of it: the same files with the same answers give the same name
    anywhere.
    """
    standing = [entry.effect for entry in entries if entry.stands]
    text = json.dumps([standing, settings], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def remembered_answers(cursor: Cursor) -> dict[str, dict[str, str]]:
    """<kind>:<headers_key> -> the answers last given for files of this kind with these headers."""
    return {
        f"{row['kind']}:{row['headers_key']}": json.loads(row["answers"])
        for row in rows(cursor, "ledger/remembered")
    }


def remember_answers(cursor: Cursor, kind: str, headers_key: str, answers: dict[str, str]) -> None:
    """Keep `answers` for the next file of this kind with these headers; inside the caller's transaction."""
    run(cursor, "ledger/forget", kind=kind, headers_key=headers_key)
    run(
        cursor,
        "ledger/remember",
        kind=kind,
        headers_key=headers_key,
        answers=json.dumps(answers, sort_keys=True),
    )
