"""What is asked of a reading, and what was found: the value objects that pass between the rooms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from analytics.intake.contract import Limits, Period
from analytics.intake.messages import Message, message_from_dict, message_to_dict


@dataclass(frozen=True)
class RowCounts:
    """accepted + repaired + set_aside = read, always. A refused file has read none."""

    read: int = 0
    accepted: int = 0
    repaired: int = 0
    set_aside: int = 0


@dataclass(frozen=True)
class MatchedColumn:
    """A contract column, the header it was found under, and up to three of its cells."""

    column: str
    header: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadOptions:
    """How to read: `remembered` holds answers by "<kind>:<headers_key>", `known_names` spellings by column."""

    period: Period | None = None
    answers: dict[str, str] = field(default_factory=dict)
    remembered: dict[str, dict[str, str]] = field(default_factory=dict)
    set_aside: bool = False
    known_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str | None = None
    today: date | None = None
    limits: Limits = field(default_factory=Limits.configured)


@dataclass(frozen=True)
class Reading:
    """What was found in a file; `staged` holds the rows to be loaded, `set_aside` those that were left out."""

    file: str
    kind: str | None
    verdict: str
    sha256: str = ""
    size_bytes: int = 0
    headers_key: str = ""
    headers: tuple[str, ...] = ()
    matched: tuple[MatchedColumn, ...] = ()
    unused_headers: tuple[str, ...] = ()
    rows: RowCounts = RowCounts()
    amount: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None
    messages: tuple[Message, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    currency: str | None = None
    first_line: int = 2
    one_row_per_key: bool = False
    staged: Path | None = None
    set_aside: Path | None = None

    def to_json(self) -> str:
        """One JSON object; from_json gives back an equal Reading."""
        return json.dumps(
            {
                **{f: getattr(self, f) for f in self.__dataclass_fields__},
                "matched": [[m.column, m.header, list(m.samples)] for m in self.matched],
                "rows": [self.rows.read, self.rows.accepted, self.rows.repaired, self.rows.set_aside],
                "messages": [message_to_dict(m) for m in self.messages],
                "amount": None if self.amount is None else str(self.amount),
            },
            default=lambda v: v.isoformat() if isinstance(v, date) else str(v),
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Reading:
        """The inverse of to_json."""
        raw: dict[str, Any] = json.loads(text)
        for name in ("first_day", "last_day"):
            raw[name] = date.fromisoformat(raw[name]) if raw[name] else None
        for name in ("staged", "set_aside"):
            raw[name] = Path(raw[name]) if raw[name] else None
        for name in ("headers", "unused_headers"):
            raw[name] = tuple(raw[name])
        raw["matched"] = tuple(MatchedColumn(c, h, tuple(s)) for c, h, s in raw["matched"])
        raw["rows"] = RowCounts(*raw["rows"])
        raw["messages"] = tuple(message_from_dict(m) for m in raw["messages"])
        raw["amount"] = None if raw["amount"] is None else Decimal(raw["amount"])
        return cls(**raw)
