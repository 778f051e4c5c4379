"""Prepared files: read, looked at, and kept as they were read until they are stored together.

What is stored is what was shown: a file whose reading would be another by now is not stored, but has to be looked at
again. Files that come together know the names of those before them, so that nothing is asked that these answer.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from analytics.intake import spellings
from analytics.intake.contract import KINDS
from analytics.intake.found import Reading, ReadOptions
from analytics.intake.messages import Message, note
from analytics.language import gettext as _
from analytics.warehouse import loading
from analytics.warehouse.books import Books, ScratchPlace
from analytics.warehouse.cancelling import held
from analytics.warehouse.disk import sha256_of
from analytics.warehouse.engine import Cursor, rows
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.loading import Receipt, Request
from analytics.warehouse.progress import Progress, Step

BRINGS = {"sales": "channel", "reorders": "trigger"}  # kind -> the column whose names say what spend is for
MOTIONS = {"channel": "acquisition", "trigger": "retention"}
STATEMENTS = {"channel": "loading/channels", "trigger": "loading/programmes"}
MERGED = "W_CATEGORY_MERGED"
MOST_SHOWN = 8

Known = dict[str, tuple[str, ...]]
_readers = threading.BoundedSemaphore(os.cpu_count() or 2)  # each has a process and memory of its own


@dataclass(frozen=True)
class Names:
    """The names that one file brings for the files after it; column: channel or trigger."""

    file: str
    column: str
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A file as it was read; its rows lie ready as long as this object is held.

    receipt: the reading, with nothing stored yet. before: what the files before it brought. brings: what it brings.
    learnt: names of its spend that only the files before it explain.
    """

    request: Request
    receipt: Receipt
    before: tuple[Names, ...] = ()
    brings: Names | None = None
    learnt: tuple[str, ...] = ()
    _options: ReadOptions = field(default_factory=ReadOptions, repr=False)
    _reading: Reading = field(default_factory=lambda: Reading("", None, "reject"), repr=False)
    _own: Known = field(default_factory=dict, repr=False)
    _sha256: str = field(default="", repr=False)
    _place: ScratchPlace | None = field(default=None, repr=False)

    @property
    def is_ready(self) -> bool:
        """Whether it could be stored now and would change something."""
        return self.receipt.same_as is None and self.receipt.reading.verdict in ("accept", "repair")

    def must_be_read_again(self, before: Sequence[Names]) -> bool:
        """Whether it would be read otherwise, if `before` are the names that the files before it bring."""
        return not _reads_alike(self, self._options, before)


def prepare(
    books: Books, request: Request, before: Sequence[Names], tell: Progress, stop: threading.Event | None
) -> Prepared:
    """Read a file and keep what was read; see Workspace.prepare."""
    place = books.scratch_place()
    try:
        with held(_readers, stop):
            tell(Step("reading"))
            options = loading.options_of(books, request)
            known = replace(options, known_names=_joined(options.known_names, before))
            reading = loading.read_file(books, request, place.path, stop, known)
        with books.engine.cursor() as cursor:
            own = _own_names(books, cursor, reading)
            learnt = _learnt(books, cursor, reading, options.known_names, before)
        reading = replace(reading, messages=(*reading.messages, *_notes(learnt)))
        receipt = loading.store(books, [(reading, request)], dry_run=True, tell=tell)[0]
        sha256 = sha256_of(reading.staged) if reading.staged else ""
    except BaseException:
        place.let_go()
        raise
    column = BRINGS.get(reading.kind or "")
    brings = Names(reading.file, column, own[column]) if column and own.get(column) else None
    names = tuple(name for name, _column, _file in learnt)
    return Prepared(request, receipt, tuple(before), brings, names, options, reading, own, sha256, place)


def as_shown(
    books: Books, prepared: Sequence[Prepared], replace_period: bool, by: str
) -> list[tuple[Reading, Request]]:
    """What is to be stored, in this order; the caller holds the lock.

    Raises WorkspaceError where a reading would no longer be the one that was shown.
    """
    pairs: list[tuple[Reading, Request]] = []
    brought: list[Names] = []
    for one in prepared:
        if not (_reads_alike(one, loading.options_of(books, one.request), brought) and _is_untouched(one)):
            raise WorkspaceError(
                _(
                    "What is loaded has changed since {file} was read, so that nothing was stored: look at the file "
                    "again before you load it."
                ).format(file=one.receipt.reading.file)
            )
        pairs.append((one._reading, replace(one.request, replace_period=replace_period, by=by)))
        brought += [one.brings] if one.brings else []
    return pairs


def check_of(prepared: Sequence[Prepared]) -> Callable[[Cursor], None]:
    """What is checked once the tables are built and nothing is committed: that no spend was left without a motion.

    Names that only the other files explain are not asked for; if those orders do not count after all, they must be.
    """
    names = sorted({name for one in prepared for name in one.learnt})

    def check(cursor: Cursor) -> None:
        left = [row["name"] for row in rows(cursor, "loading/unplaced_spend", names=names)] if names else []
        if left:
            raise WorkspaceError(
                _(
                    "Nothing was stored, because no order that counts says what the spend on {names} is for: load the "
                    "orders first, and the spend after them."
                ).format(names=_quoted(left))
            )

    return check


def _reads_alike(one: Prepared, now: ReadOptions, before: Sequence[Names]) -> bool:
    """Whether reading the file again would find the same."""
    reading, then = one._reading, one._options
    key = f"{reading.kind}:{reading.headers_key}"
    if (then.currency, then.remembered.get(key)) != (now.currency, now.remembered.get(key)):
        return False
    known, known_now = _joined(then.known_names, one.before), _joined(now.known_names, before)
    if known == known_now:
        return True
    if reading.kind == "spend":
        return _sides(known) == _sides(known_now) and one.before == tuple(before)
    return MERGED not in reading.answers and not any(
        spellings.variants(dict.fromkeys(names, 1), known_now.get(column, ()))
        for column, names in one._own.items()
    )


def _is_untouched(one: Prepared) -> bool:
    staged = one._reading.staged
    return staged is None or (staged.is_file() and sha256_of(staged) == one._sha256)


def _joined(known: Known, before: Iterable[Names]) -> Known:
    joined = dict(known)
    for brought in before:
        joined[brought.column] = tuple(dict.fromkeys((*joined.get(brought.column, ()), *brought.names)))
    return joined


def _own_names(books: Books, cursor: Cursor, reading: Reading) -> Known:
    if reading.staged is None or reading.kind is None:
        return {}
    columns = {column.name for column in KINDS[reading.kind].columns}
    return {
        column: _names(books, cursor, reading, statement)
        for column, statement in STATEMENTS.items()
        if column in columns
    }


def _names(books: Books, cursor: Cursor, reading: Reading, statement: str) -> tuple[str, ...]:
    shape = books.shapes / f"{reading.kind}.parquet"
    return tuple(row["name"] for row in rows(cursor, statement, shape=str(shape), file=str(reading.staged)))


def _learnt(
    books: Books, cursor: Cursor, reading: Reading, known: Known, before: Sequence[Names]
) -> list[tuple[str, str, str]]:
    """(name of spend, column, file) for what only a file before this one explains."""
    if reading.staged is None or reading.kind != "spend" or not before:
        return []
    alone, together = _sides(known), _sides(_joined(known, before))
    found = []
    for name in _names(books, cursor, reading, "loading/spend_names"):
        column = _side(name, together)
        if column and not _side(name, alone):
            files = [b.file for b in before if b.column == column and _folded(name) in map(_folded, b.names)]
            found.append((name, column, files[0]))
    return found


def _notes(learnt: list[tuple[str, str, str]]) -> list[Message]:
    texts = {
        "channel": _("Spend counts as acquisition, by the channels of {file}: {names}."),
        "trigger": _("Spend counts as retention, by the programmes of {file}: {names}."),
    }
    groups = dict.fromkeys((column, file) for _name, column, file in learnt)
    return [
        note(
            "N_MOTION_LEARNT",
            texts[column].format(
                names=_quoted([n for n, c, f in learnt if (c, f) == (column, file)]), file=file
            ),
        )
        for column, file in groups
    ]


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:MOST_SHOWN]) + (" …" if len(names) > MOST_SHOWN else "")


def _sides(known: Known) -> dict[str, frozenset[str]]:
    return {column: frozenset(map(_folded, known.get(column, ()))) for column in MOTIONS}


def _side(name: str, sides: dict[str, frozenset[str]]) -> str | None:
    """The one column that has the name; None where neither or both have it."""
    found = [column for column, names in sides.items() if _folded(name) in names]
    return found[0] if len(found) == 1 else None


def _folded(name: str) -> str:
    return name.strip().lower()
