"""Which header is which contract column: by certain words, by the analyst's own answers, never by a guess."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from analytics.intake import systems
from analytics.intake.contract import KINDS, PERSONAL, Column, Kind, normalised
from analytics.intake.messages import Choice, Message, Refused, error, note, question, refuse
from analytics.language import gettext as _

TIERS = ("certain", "fallback", "suggestion")
NOT_IN_FILE = "-"  # answer to COLUMN:<name>: the file has no such column


@dataclass(frozen=True)
class Mapping:
    """Contract column → position in the file, and what was said on the way."""

    positions: dict[str, int]
    unused: tuple[int, ...]
    duplicates: dict[str, tuple[int, ...]]  # contract column → further positions with the same header
    messages: tuple[Message, ...]
    answers: dict[str, str]


def headers_key(headers: tuple[str, ...]) -> str:
    """Names a set of headers, so that answers are found again for the next file that has them."""
    joined = "\x1f".join(normalised(h) for h in headers)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def recognise(headers: tuple[str, ...], name: str = "") -> str | None:
    """The kind of export these headers belong to; None where no kind has all that it needs."""
    scores: dict[str, int] = {}
    for tiers in (TIERS[:2], TIERS):  # names that are only proposed count where no kind is whole without them
        scores = scores or {
            k.name: _certain_matches(k, headers) for k in KINDS.values() if not _missing(k, headers, tiers)
        }
    if not scores:
        return None
    best = max(scores.values())
    names = [kind for kind, score in scores.items() if score == best]
    if "reorders" in names and "sales" in names:
        return "reorders" if _reorder_words(headers, name) else "sales"
    return names[0]


def match(
    kind: Kind, headers: tuple[str, ...], answers: dict[str, str], unused_notes: bool = True
) -> Mapping:
    """Matches headers to the columns of `kind`; raises Refused where a needed column is missing.

    `answers` may hold `COLUMN:<contract column>` = header (or "-"), and W_HEADER_MAPPED = confirm.
    """
    folded = [normalised(h) for h in headers]
    positions, used = _answered(kind, headers, folded, answers)
    suggested: dict[str, int] = {}
    messages: list[Message] = []
    for tier in TIERS:
        for column in kind.columns:
            if column.name in positions or f"COLUMN:{column.name}" in answers:
                continue
            hits = _hits(kind, column, tier, folded, set(positions.values()))
            if len(_distinct(hits, folded)) > 1:
                messages.append(_several(column, hits, headers))
                positions[column.name] = hits[0]
            elif hits:
                positions[column.name] = hits[0]
                if tier == "suggestion":
                    suggested[column.name] = hits[0]
    _refuse_missing(kind, headers, positions)
    messages += _confirmation(suggested, headers, answers, used)
    duplicates = _duplicates(positions, folded)
    taken = set(positions.values()) | {i for more in duplicates.values() for i in more}
    unused = tuple(i for i in range(len(headers)) if i not in taken)
    messages += _broken_names(positions, headers)
    return Mapping(positions, unused, duplicates, tuple(messages), used)


def unused_messages(
    headers: tuple[str, ...], unused: tuple[int, ...], filled: dict[int, int]
) -> list[Message]:
    """Notes on columns that are not stored: empty ones, personal data, unknown ones."""
    empty = [i for i in unused if not headers[i].strip() and not filled.get(i)]
    personal = [i for i in unused if PERSONAL.search(normalised(headers[i]))]
    rest = [i for i in unused if i not in empty and i not in personal]
    messages = []
    if empty:
        messages.append(
            note(
                "W_EMPTY_COLUMNS",
                _("{count} empty columns without a name were left out.").format(count=len(empty)),
            )
        )
    if personal:
        messages.append(
            note(
                "W_PII_DROPPED",
                _("Columns with personal data that no page needs are not stored: {names}.").format(
                    names=_names(headers, personal)
                ),
            )
        )
    if rest:
        messages.append(
            note(
                "W_UNKNOWN_COLUMN",
                _("Columns that the contract does not know are not stored: {names}.").format(
                    names=_names(headers, rest)
                ),
            )
        )
    return messages


def _names(headers: tuple[str, ...], at: list[int]) -> str:
    shown = [
        f"'{headers[i].strip()[:40]}'"
        if headers[i].strip()
        else _("column {number} (no name)").format(number=i + 1)
        for i in at[:8]
    ]
    names = ", ".join(shown)
    more = len(at) - len(shown)
    return _("{names} and {count} more").format(names=names, count=more) if more else names


def _answered(
    kind: Kind, headers: tuple[str, ...], folded: list[str], answers: dict[str, str]
) -> tuple[dict[str, int], dict[str, str]]:
    positions: dict[str, int] = {}
    used: dict[str, str] = {}
    for code, choice in answers.items():
        if not code.startswith("COLUMN:"):
            continue
        name = code.removeprefix("COLUMN:")
        if name not in {c.name for c in kind.columns}:
            raise refuse(
                "E_ANSWER",
                _("The answer {code} names no column of a {kind} file.").format(code=code, kind=kind.name),
            )
        used[code] = choice
        if choice == NOT_IN_FILE:
            continue
        exact = [i for i, h in enumerate(headers) if h == choice] or [
            i for i, f in enumerate(folded) if f == normalised(choice)
        ]
        if not exact:
            raise refuse(
                "E_ANSWER",
                _("The answer {code}={choice} names a header that the file does not have.").format(
                    code=code, choice=choice[:40]
                ),
            )
        positions[name] = exact[0]
    return positions, used


def _words(kind: Kind, column: Column, tier: str, folded: list[str]) -> set[str]:
    if tier == "suggestion":
        return systems.proposed(kind.name, column.name, folded) | {normalised(w) for w in column.suggestions}
    return {normalised(w) for w in (column.synonyms if tier == "certain" else column.fallbacks)}


def _hits(kind: Kind, column: Column, tier: str, folded: list[str], taken: set[int]) -> list[int]:
    if tier == "certain":
        own = [i for i, f in enumerate(folded) if f == normalised(column.name) and i not in taken]
        if own:
            return own
    words = _words(kind, column, tier, folded)
    return [i for i, f in enumerate(folded) if f in words and i not in taken]


def _distinct(hits: list[int], folded: list[str]) -> set[str]:
    return {folded[i] for i in hits}


def _several(column: Column, hits: list[int], headers: tuple[str, ...]) -> Message:
    choices = tuple(
        Choice(headers[i], _("Take '{header}' as {column}.").format(header=headers[i], column=column.name))
        for i in hits
    )
    names = ", ".join(f"'{headers[i]}'" for i in hits)
    return question(
        f"COLUMN:{column.name}",
        _("Several headers could be {column}: {names}; which one is it?").format(
            column=column.name, names=names
        ),
        choices,
        column=headers[hits[0]],
    )


def _missing(kind: Kind, headers: tuple[str, ...], tiers: tuple[str, ...]) -> list[str]:
    folded = [normalised(h) for h in headers]
    found = {c.name for c in kind.columns if any(_hits(kind, c, t, folded, set()) for t in tiers)}
    return _lacking(kind, found)


def _lacking(kind: Kind, found: set[str]) -> list[str]:
    missing = [name for name in kind.required if name not in found]
    if "amount" in missing and {"quantity", "unit_price"} <= found:
        missing.remove("amount")
    return missing


def _refuse_missing(kind: Kind, headers: tuple[str, ...], positions: dict[str, int]) -> None:
    missing = _lacking(kind, set(positions))
    if missing == ["customer_id"] and kind.value == "amount" and kind.name != "spend":
        return  # orders without a customer can still be counted as revenue: the analyst is asked
    if not missing:
        return
    other = recognise(headers)
    if (
        other
        and other != kind.name
        and not (kind.name in ("sales", "reorders") and other in ("sales", "reorders"))
    ):
        raise refuse(
            "E_WRONG_EXPORT",
            _(
                "The file looks like {other}, not {kind}; upload it as {other}, or export {kind} again."
            ).format(other=other, kind=kind.name),
        )
    seen = ", ".join(f"'{h.strip()[:40]}'" for h in headers[:12]) or _("none")
    errors = [
        error("E_COLUMNS_MISSING",
              _("The column {name} is missing (headers found: {seen}); add it to the export, or say which header "
"it is.").format(name=name, seen=seen), column=name)
        for name in missing
    ]  # fmt: skip
    raise Refused(*errors)


def _confirmation(
    suggested: dict[str, int], headers: tuple[str, ...], answers: dict[str, str], used: dict[str, str]
) -> list[Message]:
    if not suggested:
        return []
    pairs = ", ".join(
        _("'{header}' as {name}").format(header=headers[i], name=name) for name, i in suggested.items()
    )
    if answers.get("W_HEADER_MAPPED") == "confirm":
        used["W_HEADER_MAPPED"] = "confirm"
        return [
            note("W_HEADER_MAPPED", _("Headers were matched as you confirmed: {pairs}.").format(pairs=pairs))
        ]
    choices = (Choice("confirm", _("Yes: {pairs}.").format(pairs=pairs)),)
    return [question("W_HEADER_MAPPED", _("Is it right to read {pairs}?").format(pairs=pairs), choices)]


def _duplicates(positions: dict[str, int], folded: list[str]) -> dict[str, tuple[int, ...]]:
    again = Counter(folded)
    return {
        name: tuple(i for i, f in enumerate(folded) if f == folded[at] and i != at)
        for name, at in positions.items()
        if folded[at] and again[folded[at]] > 1
    }


def _broken_names(positions: dict[str, int], headers: tuple[str, ...]) -> list[Message]:
    broken = [headers[i] for i in positions.values() if any(c in headers[i] for c in "\n\r\t")]
    if not broken:
        return []
    shown = ", ".join("'" + " ".join(h.split()) + "'" for h in broken)
    return [
        note(
            "W_HEADER_MAPPED",
            _("Line breaks within header names were read as blanks: {shown}.").format(shown=shown),
        )
    ]


def _certain_matches(kind: Kind, headers: tuple[str, ...]) -> int:
    folded = [normalised(h) for h in headers]
    return sum(bool(_hits(kind, c, "certain", folded, set())) for c in kind.columns)


def _reorder_words(headers: tuple[str, ...], name: str) -> bool:
    text = " ".join(normalised(h) for h in headers) + " " + normalised(name)
    return any(
        word in text
        for word in ("reorder", "repeat", "trigger", "incentivecost", "previousorder", "재주문", "재구매")
    )
