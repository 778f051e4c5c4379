"""Loading: from an uploaded file to a committed upload, all or nothing.

An upload becomes part of the workspace in this order: its rows are forced to disk in uploads/; one
transaction adds the ledger entry and rebuilds the marts; the journal's line is forced to disk; then the
receipt is given. What ends in between leaves either nothing or the whole upload, and opening the
workspace again says which.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from analytics.intake.contract import Period
from analytics.intake.messages import Message, error, message_to_dict
from analytics.intake.reading import Reading, ReadOptions
from analytics.language import gettext as _
from analytics.warehouse import ledger
from analytics.warehouse.books import Books
from analytics.warehouse.disk import sha256_of, sync_directory, sync_file
from analytics.warehouse.engine import Cursor, rows
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.journal import upload_event
from analytics.warehouse.ledger import Upload
from analytics.warehouse.pauses import pause
from analytics.warehouse.progress import Progress, Step
from analytics.warehouse.staging import stage

Check = Callable[[Cursor], None]


@dataclass(frozen=True)
class Receipt:
    """What became of a file: the reading, and whether it was stored, as what.

    committed: it changed the workspace, as upload_id. same_as: the standing upload that has these bytes,
    read in the same way, so that nothing had to change.
    """

    reading: Reading
    committed: bool
    upload_id: str | None = None
    same_as: str | None = None


@dataclass(frozen=True)
class Request:
    """A file and what is asked for with it; the fields are those of Workspace.ingest."""

    path: Path
    kind: str | None
    name: str | None = None
    period: Period | None = None
    answers: dict[str, str] = field(default_factory=dict)
    set_aside: bool = False
    replace_period: bool = False
    by: str = ""
    is_sample: bool = False
    today: date | None = None


def read_file(
    books: Books,
    request: Request,
    directory: Path,
    stop: threading.Event | None = None,
    options: ReadOptions | None = None,
) -> Reading:
    """Read a file into `directory`, which is empty; nothing is stored yet, and no lock is needed.

    options: those of options_of if None.
    """
    if not request.path.is_file():
        raise WorkspaceError(_("There is no file {path}.").format(path=request.path))
    options = options or options_of(books, request)
    return stage(request.path, request.name or request.path.name, request.kind, options, directory, stop)


def options_of(books: Books, request: Request) -> ReadOptions:
    """How the file is read: what is asked for, and what the workspace knows."""
    with books.engine.cursor() as cursor:
        names = rows(cursor, "ledger/known_names")
        remembered = ledger.remembered_answers(cursor)
    return ReadOptions(
        period=request.period,
        answers=request.answers,
        remembered=remembered,
        set_aside=request.set_aside,
        known_names={
            column: tuple(n["name"] for n in names if n["column_name"] == column)
            for column in dict.fromkeys(n["column_name"] for n in names)
        },
        currency=books.currency,
        today=request.today,
    )


def store(
    books: Books,
    read: Sequence[tuple[Reading, Request]],
    dry_run: bool,
    tell: Progress,
    stop: threading.Event | None = None,
    together: Check | None = None,
) -> list[Receipt]:
    """Commit readings, in this order and in one transaction; the caller holds the lock.

    What a reading does not allow to be stored is left out; one receipt per reading. stop: cancels, up to the commit.
    together: all of them or none, their files stay where they are as well, and together(cursor), called once the
    tables are built, may still object.
    """
    books.settle()
    judged: list[tuple[Receipt, Upload | None]] = []
    for reading, request in read:
        before = [upload for _receipt, upload in judged if upload is not None]
        judged.append(_judge(books, reading, request, before))
    if dry_run or (together is not None and any(not _may_stand(*one) for one in judged)):
        judged = [(receipt, None) for receipt, _upload in judged]
    new = [(upload, reading) for (_r, upload), (reading, _q) in zip(judged, read, strict=True) if upload]
    if new:
        tell(Step("storing"))
        _commit(books, new, tell, stop, together)
    receipts = [
        replace(receipt, committed=True, upload_id=upload.upload_id) if upload else receipt
        for receipt, upload in judged
    ]
    return [_with_stored_files(books, receipt) for receipt in receipts]


def _may_stand(receipt: Receipt, upload: Upload | None) -> bool:
    return upload is not None or receipt.same_as is not None


def _judge(
    books: Books, reading: Reading, request: Request, before: list[Upload]
) -> tuple[Receipt, Upload | None]:
    if reading.staged is None:
        return Receipt(reading, committed=False), None
    wrong = _other_currency(reading, books.currency or next((u.currency for u in before if u.currency), None))
    if wrong is not None:
        refused = replace(reading, verdict="reject", messages=(*reading.messages, wrong), staged=None)
        return Receipt(refused, committed=False), None
    entries = (*books.entries, *before)
    upload = _entry(reading, request, seq=1 + max((e.seq for e in entries), default=0))
    same = ledger.same_effect(entries, upload)
    if same is not None:
        return Receipt(reading, committed=False, same_as=same.upload_id), None
    return Receipt(reading, committed=False), upload


def _other_currency(reading: Reading, own: str | None) -> Message | None:
    """Two first files of different currencies may have been read at the same time; one can be stored."""
    if None in (reading.currency, own) or reading.currency == own:
        return None
    return error(
        "E_CURRENCY",
        _(
            "All {rows} rows are in {currency}, and this workspace is in {own}: convert the amounts, or use "
            "another workspace."
        ).format(rows=reading.rows.read, currency=reading.currency, own=own),
    )


def _entry(reading: Reading, request: Request, seq: int) -> Upload:
    assert reading.staged is not None
    assert reading.kind is not None
    period = request.period
    return Upload(
        upload_id=f"u{seq:04d}-{reading.sha256[:8]}",
        seq=seq,
        loaded_at=ledger.now(),
        loaded_by=request.by,
        file_name=reading.file,
        sha256=reading.sha256,
        size_bytes=reading.size_bytes,
        kind=reading.kind,
        verdict=reading.verdict,
        first_day=reading.first_day,
        last_day=reading.last_day,
        rows_read=reading.rows.read,
        rows_accepted=reading.rows.accepted,
        rows_repaired=reading.rows.repaired,
        rows_set_aside=reading.rows.set_aside,
        amount=reading.amount,
        currency=reading.currency,
        answers=json.dumps(reading.answers, sort_keys=True, ensure_ascii=False),
        messages=json.dumps([message_to_dict(m) for m in reading.messages], ensure_ascii=False),
        headers_key=reading.headers_key,
        period=period.text if period else None,
        period_first_day=period.first_day if period else None,
        period_last_day=period.last_day if period else None,
        replaces_period=request.replace_period,
        first_line=reading.first_line,
        one_row_per_key=reading.one_row_per_key,
        is_sample=request.is_sample,
        parquet_sha256=sha256_of(reading.staged),
        parquet_bytes=reading.staged.stat().st_size,
    )


def _commit(
    books: Books,
    new: list[tuple[Upload, Reading]],
    tell: Progress,
    stop: threading.Event | None,
    together: Check | None,
) -> None:
    pause("staged")
    kept: list[Path] = []
    try:
        for upload, reading in new:
            _keep_files(books, upload.upload_id, reading, kept, also_there=together is not None)
        sync_directory(books.uploads)
        pause("renamed")
        with books.changes(tell, stop) as cursor:
            for upload, reading in new:
                ledger.add(cursor, upload)
                if reading.answers:
                    ledger.remember_answers(cursor, upload.kind, upload.headers_key, reading.answers)
            pause("ledger")
            books.rebuild(cursor, books.settings, tell, frozenset(upload.kind for upload, _reading in new))
            if together is not None:
                together(cursor)
    except BaseException:
        _remove_what_is_not_needed(books, kept)
        raise
    books.acknowledge(*(upload_event(upload) for upload, _file in new))


def _keep_files(books: Books, upload_id: str, reading: Reading, kept: list[Path], also_there: bool) -> None:
    for source, target in (
        (reading.staged, books.parquet(upload_id)),
        (reading.set_aside, books.set_aside(upload_id)),
    ):
        if source is not None:
            sync_file(source)
            kept.append(target)
            if also_there:
                second_name(source, target)
            else:
                source.rename(target)


def _remove_what_is_not_needed(books: Books, kept: list[Path]) -> None:
    """Files of uploads that did not come to be; where that is not certain, opening the workspace again tells."""
    committed = {entry.upload_id for entry in books.entries}
    for file in () if books.in_doubt else kept:
        if file.name.split(".")[0] not in committed:
            file.unlink(missing_ok=True)


def second_name(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system knows no such thing."""
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    shutil.copyfile(source, target)
    sync_file(target)


def _with_stored_files(books: Books, receipt: Receipt) -> Receipt:
    """The scratch files are gone when a receipt is read: it names the stored ones, or none."""
    upload_id = receipt.upload_id if receipt.committed else None
    aside = books.set_aside(upload_id) if upload_id and receipt.reading.set_aside else None
    staged = books.parquet(upload_id) if upload_id else None
    return replace(receipt, reading=replace(receipt.reading, staged=staged, set_aside=aside))
