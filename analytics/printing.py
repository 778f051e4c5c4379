"""Printing: receipts and uploads as JSON values and as text for a terminal."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from analytics.language import gettext as _

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
        return _("Refused: nothing of {file} is stored.").format(file=reading.file)
    if reading.verdict == "ask":
        return _("A question must be answered before {file} can be stored.").format(file=reading.file)
    if receipt.same_as:
        return _("Nothing changed: {file} was loaded before, as {upload}.").format(
            file=reading.file, upload=receipt.same_as
        )
    text = (
        _("Would be stored: {loaded} of {read} rows of {file} as {kind}")
        if dry_run
        else _("Stored as {upload}: {loaded} of {read} rows of {file} as {kind}")
    )
    first = text.format(
        upload=receipt.upload_id,
        loaded=f"{rows.accepted + rows.repaired:,}",
        read=f"{rows.read:,}",
        file=reading.file,
        kind=reading.kind,
    )
    return ", ".join([first, *_details(receipt)]) + "."


def _details(receipt: Receipt) -> list[str]:
    reading, aside = receipt.reading, receipt.reading.rows.set_aside
    found = []
    if reading.amount is not None:
        found.append(_("{amount} in all").format(amount=f"{reading.amount:,.2f}"))
    if reading.first_day is not None:
        found.append(_("{first} to {last}").format(first=reading.first_day, last=reading.last_day))
    return [*found, _("{count} set aside").format(count=f"{aside:,}")] if aside else found


def _consequence(choice: Choice) -> str:
    if choice.rows is None:
        return choice.text
    rows = _("{rows} rows").format(rows=f"{choice.rows:,}")
    amount = "" if choice.amount is None else f", {choice.amount:,.2f}"
    return f"{choice.text} ({rows}{amount})"


def uploads_text(entries: tuple[Upload, ...]) -> str:
    """How many uploads stand, and one line for each that was ever committed, newest first."""
    standing = sum(entry.stands for entry in entries)
    count = _("{standing} of {count} uploads stand.").format(standing=standing, count=len(entries))
    return "\n".join([count, *(_upload_line(e) for e in entries)])


def _upload_line(upload: Upload) -> str:
    state = _("stands") if upload.stands else _("undone")
    days = _("{first} to {last}").format(first=upload.first_day, last=upload.last_day)
    rows = _("{rows} rows").format(rows=f"{upload.rows_accepted + upload.rows_repaired:,}")
    when = upload.loaded_at.isoformat(sep=" ", timespec="minutes") + "Z"
    parts = [upload.upload_id, state, upload.kind, when, days, rows, upload.file_name]
    return "  ".join(part for part in parts if part is not days or upload.first_day)


def credit_lines(found: ChannelCredit) -> list[str]:
    """One line per channel: its credit, the interval, and its share as recorded."""
    return [
        _("  {channel}: {credit} ({low} to {high}), {share}; as recorded {recorded}").format(
            channel=line["channel"] or _("none on record"),
            **{name: f"{line[name]:,.1f}" for name in ("credit", "low", "high")},
            share=f"{line['share']:.1%}",
            recorded=f"{line['recorded_share']:.1%}",
        )
        for line in found.lines.to_dict("records")
    ]


def plain(value: object) -> str:
    """A setting's value as people read it."""
    if isinstance(value, dict):
        parts = {n: ",".join(map(str, v.values())) if isinstance(v, dict) else v for n, v in value.items()}
        return ", ".join(f"{name}: {part}" for name, part in parts.items()) or _("none")
    return _("not known") if value is None else str(value)


def _money(amount: Decimal | None) -> float | None:
    return None if amount is None else float(round(amount, 2))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
