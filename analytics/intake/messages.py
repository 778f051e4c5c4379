"""What intake says about a file: notes, questions and errors, each one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

VALUE_LENGTH = 40  # a quoted value is cut here, so that a message stays one readable sentence

# These tell the analyst something without anything having been changed: they do not make a file "repaired".
INFORMATION = frozenset({"N_ANSWER_REMEMBERED", "N_ORDER_SHARED", "N_ROWS_HIDDEN"})


@dataclass(frozen=True)
class Choice:
    """One possible answer to a question, with its consequence: rows and money that would be loaded."""

    name: str
    text: str
    rows: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Message:
    """A note, question or error: `code` names it for scripts, `text` is the sentence for people.

    `line` is the physical line in the file (the first is 1), `column` the header as written,
    `value` the cell as written, at most 40 characters.
    """

    code: str
    severity: str
    text: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    choices: tuple[Choice, ...] = ()


class Refused(Exception):
    """The file cannot be loaded; `messages` say why (severity error)."""

    def __init__(self, *messages: Message) -> None:
        super().__init__("; ".join(message.text for message in messages))
        self.messages = messages


def note(code: str, text: str, **where: Any) -> Message:
    """A repair or a piece of information; the file can be loaded."""
    return Message(code, "note", text, **_short(where))


def question(code: str, text: str, choices: tuple[Choice, ...], **where: Any) -> Message:
    """Something that only the analyst can know; nothing is stored until it is answered."""
    return Message(code, "question", text, choices=choices, **_short(where))


def error(code: str, text: str, **where: Any) -> Message:
    """A reason why nothing of the file can be stored as it is."""
    return Message(code, "error", text, **_short(where))


def refuse(code: str, text: str, **where: Any) -> Refused:
    """The exception that carries one error."""
    return Refused(error(code, text, **where))


def _short(where: dict[str, Any]) -> dict[str, Any]:
    value = where.get("value")
    if value is not None and len(value) > VALUE_LENGTH:
        where = {**where, "value": value[: VALUE_LENGTH - 1] + "…"}
    return where


def message_to_dict(message: Message) -> dict[str, Any]:
    """A message as plain JSON values; money as text, so that no cent is lost."""
    return {
        "code": message.code,
        "severity": message.severity,
        "text": message.text,
        "line": message.line,
        "column": message.column,
        "value": message.value,
        "choices": [
            {
                "name": c.name,
                "text": c.text,
                "rows": c.rows,
                "amount": None if c.amount is None else str(c.amount),
            }
            for c in message.choices
        ],
    }


def message_from_dict(raw: dict[str, Any]) -> Message:
    """The inverse of message_to_dict."""
    choices = tuple(
        Choice(c["name"], c["text"], c["rows"], None if c["amount"] is None else Decimal(c["amount"]))
        for c in raw["choices"]
    )
    return Message(
        raw["code"], raw["severity"], raw["text"], raw["line"], raw["column"], raw["value"], choices
    )
