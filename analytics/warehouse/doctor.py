"""The doctor: whether ledger, files, journal and marts say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from analytics.language import gettext as _
from analytics.warehouse import marts
from analytics.warehouse.books import Books
from analytics.warehouse.disk import sha256_of, shown
from analytics.warehouse.engine import Cursor, rows
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.failures import told
from analytics.warehouse.journal import Journal
from analytics.warehouse.ledger import Upload
from analytics.warehouse.settings import Settings

SHOWN = 60  # characters of a value that is not what it should be
# In these files the ledger's amount is the sum of the column amount.
KINDS_WITH_AMOUNT = ("sales", "reorders", "spend")


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: `error` when numbers may be wrong, else `warning`.

    unreadable: it is about a stored file, whose rows can therefore not be compared with anything.
    """

    severity: str
    text: str
    unreadable: bool = False


def examine(books: Books, deep: bool) -> tuple[Finding, ...]:
    """Every finding, worst first; empty when all is sound.

    deep: also build the marts anew and compare them with those that are stored, which takes as long as an
    upload. The caller holds the lock.
    """
    findings = [Finding("error", text) for text in books.losses]
    findings += [Finding("warning", text) for text in books.mended]
    for entry in books.entries:
        findings += _of_upload(books, entry)
    findings += [Finding("error", _curable(text)) for text in _of_what_people_made(books)]
    findings += [Finding("warning", text) for text in _strangers(books)]
    if any(f.unreadable for f in findings):
        findings.append(
            Finding("error", _("The marts were not compared with the uploads, as not all can be read."))
        )
    else:
        try:
            with told():
                findings += [Finding("error", _curable(text)) for text in _of_marts(books, deep)]
        except WorkspaceError as problem:
            findings.append(Finding("error", str(problem)))
    return tuple(sorted(findings, key=lambda f: f.severity))


def _curable(text: str) -> str:
    return " ".join(
        [text, _("Close the app and run `recover`: it builds the database anew from journal and files.")]
    )


def _of_upload(books: Books, entry: Upload) -> Iterator[Finding]:
    name = f"{entry.upload_id} ({entry.kind}, {entry.file_name!r})"
    if entry.rows_accepted + entry.rows_repaired + entry.rows_set_aside != entry.rows_read:
        yield Finding(
            "error",
            _curable(
                _("The counts of {name} do not add up to the {rows} rows read.").format(
                    name=name, rows=entry.rows_read
                )
            ),
        )
    yield from (Finding("error", _curable(text)) for text in _of_journal(books, entry, name))
    file = books.parquet(entry.upload_id)
    if not file.is_file() and not entry.stands:
        text = _("The stored file of {name}, which was undone, is gone: no number needs it.")
        yield Finding("warning", text.format(name=name))
    elif not file.is_file():
        text = _("The stored file of {name} is gone: bring it back from a backup, or undo the upload.")
        yield Finding("error", text.format(name=name), unreadable=True)
    elif file.stat().st_size != entry.parquet_bytes or sha256_of(file) != entry.parquet_sha256:
        text = _(
            "The stored file of {name} was changed: bring it back from a backup, or undo and upload again."
        )
        yield Finding("error", text.format(name=name), unreadable=True)
    else:
        for text in _of_rows(books, entry, str(file), name):
            yield Finding("error", _curable(text))


def _of_journal(books: Books, entry: Upload, name: str) -> Iterator[str]:
    event = books.journal.uploaded.get(entry.upload_id, {})
    if event.get("sha256") != entry.sha256:
        yield _("The journal names other bytes for {name} than the ledger.").format(name=name)
    written, held = event.get("entry") or {}, entry.to_json()
    differ = [part for part in held if part in written and written[part] != held[part] and part != "sha256"]
    for part in differ:
        yield _("Of {name}, the ledger says {part} {held}, and the journal {written}.").format(
            name=name, part=part, held=_shown(held[part]), written=_shown(written[part])
        )


def _of_what_people_made(books: Books) -> Iterator[str]:
    """Settings and documents, where ledger and journal speak of the same change."""
    journal = books.journal
    if journal.settings_revision == books.revision > 0 and _settings_of(journal) != books.settings:
        yield _("The settings of the ledger are not those of the journal.")
    for document in books.documents:
        event = journal.documents.get((document.kind, document.name), {})
        if event.get("revision") == document.revision and event["value"] != document.value:
            yield _("The {kind} {name!r} of the ledger is not that of the journal.").format(
                kind=document.kind, name=document.name
            )


def _settings_of(journal: Journal) -> Settings | None:
    try:
        return Settings().changed(**journal.last_settings)
    except WorkspaceError:  # of another version of the program
        return None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _of_rows(books: Books, entry: Upload, file: str, name: str) -> Iterator[str]:
    with books.engine.cursor() as cursor:
        stored = rows(cursor, "checks/upload_rows", file=file)[0]["rows"]
        loaded = entry.rows_accepted + entry.rows_repaired
        spread = entry.kind == "spend" and stored > loaded  # a quarter's row becomes one row per month
        if stored != loaded and not spread:
            yield _("The stored rows of {name} are {stored}, and the ledger says {loaded}.").format(
                name=name, stored=stored, loaded=loaded
            )
        if entry.kind in KINDS_WITH_AMOUNT:
            amount = rows(cursor, "checks/upload_amount", file=file)[0]["amount"]
            if (amount or Decimal(0)) != (entry.amount or Decimal(0)):
                yield _("The stored money of {name} is {amount}, and the ledger says {recorded}.").format(
                    name=name, amount=amount, recorded=entry.amount
                )


def _strangers(books: Books) -> Iterator[str]:
    known = {entry.upload_id for entry in books.entries}
    for file in sorted(books.uploads.iterdir()):
        if file.name.split(".")[0] not in known:
            text = _("The file {file} in uploads belongs to no upload in the ledger: move it elsewhere.")
            yield text.format(file=shown(Path(file.name)))


def _of_marts(books: Books, deep: bool) -> Iterator[str]:
    with books.engine.cursor() as cursor:
        cursor.execute("begin transaction")
        try:
            marts.prepare(cursor, books.uploads, books.shapes)
            yield from _of_totals(rows(cursor, "checks/totals")[0])
            if deep:
                yield from _of_fresh_marts(books, cursor)
        finally:
            cursor.execute("rollback")


def _of_totals(totals: dict[str, Decimal]) -> Iterator[str]:
    texts = {
        "of_orders": _("The revenue of orders is {amount}, that of the uploads is {uploaded}."),
        "of_cube": _(
            "The revenue of revenue by day and source is {amount}, that of the uploads is {uploaded}."
        ),
        "of_sources": _("The revenue of the four sources is {amount}, that of the uploads is {uploaded}."),
        "of_customers": _("The revenue of customers is {amount}, that of the uploads is {uploaded}."),
    }
    for part, text in texts.items():
        if totals[part] != totals["of_files"]:
            yield text.format(amount=totals[part], uploaded=totals["of_files"])
    if totals["orders"] != totals["orders_in_files"]:
        yield _("There are {orders} orders, and {uploaded} in the uploads.").format(
            orders=totals["orders"], uploaded=totals["orders_in_files"]
        )


def _of_fresh_marts(books: Books, cursor: Cursor) -> Iterator[str]:
    stored = rows(cursor, "checks/fingerprint")
    with books.engine.cursor() as other:
        other.execute("begin transaction")
        try:
            books.rebuild(other, books.settings)
            fresh = rows(other, "checks/fingerprint")
        finally:
            other.execute("rollback")
    for before, after in zip(stored, fresh, strict=True):
        if before != after:
            yield _("The table {name} differs from what the uploads give.").format(name=before["name"])
