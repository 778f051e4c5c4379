"""Printing: receipts and uploads as JSON values and as text for a terminal."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analytics.decisions.channel_credit import ChannelCredit
    from analytics.intake.messages import Choice, Message
    from analytics.warehouse.ledger import Upload
    from analytics.warehouse.loading import Receipt


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """What became of a file; money with two decimals, days in ISO form, unknown null."""
    reading = receipt.reading
    return {
        "file": reading.file,
        "kind": reading.kind,
        "verdict": reading.verdict,
        "committed": receipt.committed,
        "upload_id": receipt.upload_id,
        "same_as": receipt.same_as,
        "rows": {
            "read": reading.rows.read,
            "accepted": reading.rows.accepted,
            "repaired": reading.rows.repaired,
            "set_aside": reading.rows.set_aside,
        },
        "amount": _money(reading.amount),
        "days": {"first": _day(reading.first_day), "last": _day(reading.last_day)},
        "messages": [message_json(message) for message in reading.messages],
    }


def message_json(message: Message) -> dict[str, Any]:
    """A message: `choices` are the names to answer with, `consequences` say what each of them does."""
    return {
        "code": message.code,
        "severity": message.severity,
        "line": message.line,
        "column": message.column,
        "value": message.value,
        "text": message.text,
        "choices": [choice.name for choice in message.choices],
        "consequences": {
            choice.name: {"text": choice.text, "rows": choice.rows, "amount": _money(choice.amount)}
            for choice in message.choices
        },
    }


def upload_json(upload: Upload) -> dict[str, Any]:
    """One entry of the ledger; times are UTC."""
    return {
        "upload_id": upload.upload_id,
        "when": upload.loaded_at.isoformat(timespec="seconds") + "Z",
        "by": upload.loaded_by,
        "file": upload.file_name,
        "sha256": upload.sha256,
        "kind": upload.kind,
        "verdict": upload.verdict,
        "period": upload.period,
        "replaces_period": upload.replaces_period,
        "days": {"first": _day(upload.first_day), "last": _day(upload.last_day)},
        "rows": {
            "read": upload.rows_read,
            "accepted": upload.rows_accepted,
            "repaired": upload.rows_repaired,
            "set_aside": upload.rows_set_aside,
        },
        "amount": _money(upload.amount),
        "currency": upload.currency,
        "answers": json.loads(upload.answers),
        "is_sample": upload.is_sample,
        "stands": upload.stands,
        "undone_at": None
        if upload.undone_at is None
        else upload.undone_at.isoformat(timespec="seconds") + "Z",
    }


def receipt_text(receipt: Receipt, dry_run: bool) -> str:
    """The answer in the first line, then what was found."""
    lines = [_headline(receipt, dry_run)]
    for message in receipt.reading.messages:
        lines.append(f"  {message.severity} {message.code}: {message.text}")
        lines += [f"    --answer {message.code}={c.name}: {_consequence(c)}" for c in message.choices]
    return "\n".join(lines)


def _headline(receipt: Receipt, dry_run: bool) -> str:
    reading, rows = receipt.reading, receipt.reading.rows
    if reading.verdict == "reject":
        return f"Refused: nothing of {reading.file} is stored."
    if reading.verdict == "ask":
        return f"A question must be answered before {reading.file} can be stored."
    if receipt.same_as:
        return f"Nothing changed: {reading.file} was loaded before, as {receipt.same_as}."
    done = "Would be stored" if dry_run else f"Stored as {receipt.upload_id}"
    loaded = rows.accepted + rows.repaired
    worth = "" if reading.amount is None else f", {reading.amount:,.2f} in all"
    days = "" if reading.first_day is None else f", {reading.first_day} to {reading.last_day}"
    aside = f", {rows.set_aside:,} set aside" if rows.set_aside else ""
    return (
        f"{done}: {loaded:,} of {rows.read:,} rows of {reading.file} as {reading.kind}{worth}{days}{aside}."
    )


def _consequence(choice: Choice) -> str:
    rows = "" if choice.rows is None else f" ({choice.rows:,} rows"
    amount = "" if choice.amount is None or not rows else f", {choice.amount:,.2f}"
    return f"{choice.text}{rows}{amount}{')' if rows else ''}"


def uploads_text(entries: tuple[Upload, ...]) -> str:
    """How many uploads stand, and one line for each that was ever committed, newest first."""
    standing = sum(entry.stands for entry in entries)
    return "\n".join([f"{standing} of {len(entries)} uploads stand.", *(_upload_line(e) for e in entries)])


def _upload_line(upload: Upload) -> str:
    state = "stands" if upload.stands else "undone"
    days = "" if upload.first_day is None else f"  {upload.first_day} to {upload.last_day}"
    rows = upload.rows_accepted + upload.rows_repaired
    when = upload.loaded_at.isoformat(sep=" ", timespec="minutes")
    return f"{upload.upload_id}  {state}  {upload.kind}  {when}Z{days}  {rows:,} rows  {upload.file_name}"


def credit_lines(found: ChannelCredit) -> list[str]:
    """One line per channel: its credit, the interval, and its share as recorded."""
    return [
        f"  {line['channel'] or 'none on record'}: {line['credit']:,.1f} ({line['low']:,.1f} to {line['high']:,.1f}), "
        f"{line['share']:.1%}; as recorded {line['recorded_share']:.1%}"
        for line in found.lines.to_dict("records")
    ]


def plain(value: object) -> str:
    """A setting's value as people read it."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {motion}" for name, motion in value.items()) or "none"
    return "not known" if value is None else str(value)


def _money(amount: Decimal | None) -> float | None:
    return None if amount is None else float(round(amount, 2))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
