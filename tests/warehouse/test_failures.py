"""When the disk is full or the database's file is damaged: a sentence, nothing lost, and on it goes once there is room."""

import contextlib
import random
import resource
import shutil

import pytest
from staged_files import load, sale, table

from analytics.warehouse import books as module
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.journal import Journal
from analytics.warehouse.store import Workspace


def many(first: int, count: int) -> list[dict]:
    return [
        sale(f"o{n}", f"c{n % 997}", "2026-01-05", n % 50 + 1, f"x{n}") for n in range(first, first + count)
    ]


@contextlib.contextmanager
def no_file_larger_than(size: int):
    """As on a full disk: writing on fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# The log cannot be written; then the database itself cannot, which ends its work until the file is opened anew.
@pytest.mark.parametrize(("room", "count"), [(400_000, 30_000), (1_500_000, 60_000)])
def test_a_full_disk_changes_nothing_and_the_workspace_goes_on_once_there_is_room(workspace, room, count):
    load(workspace, "sales", many(0, 50))
    before = workspace.fingerprint(), workspace.snapshot, workspace.entries
    files = sorted((workspace.directory / "uploads").iterdir())
    largest = max(f.stat().st_size for f in workspace.directory.rglob("*") if f.is_file())
    full = pytest.raises(WorkspaceError, match="Nothing was changed, because the workspace's files failed")
    with no_file_larger_than(largest + room), full as refused:
        load(workspace, "sales", many(50, count))
    assert "\n" not in str(refused.value)
    assert (workspace.fingerprint(), workspace.snapshot, workspace.entries) == before
    assert sorted((workspace.directory / "uploads").iterdir()) == files
    assert load(workspace, "sales", many(50, count)).committed
    assert table(workspace, "orders", "count(*)") == [(count + 50,)]
    assert workspace.doctor(deep=True) == ()


def test_a_change_that_was_committed_although_the_database_failed_counts_as_made(workspace, monkeypatch):
    """As when the disk is full after the commit, while it is written into the file."""

    def then_fails(point: str) -> None:
        if point == "committed":
            raise WorkspaceError("the disk is full")

    monkeypatch.setattr(module, "pause", then_fails)
    receipt = load(workspace, "sales", many(0, 5))
    monkeypatch.undo()
    assert receipt.committed
    assert workspace.directory.joinpath("uploads", f"{receipt.upload_id}.parquet").exists()
    assert workspace.doctor(deep=True) == ()


@pytest.mark.parametrize("again", [False, True])
def test_a_file_is_kept_where_an_interrupt_comes_as_the_commit_returns(workspace, monkeypatch, again):
    """again: a second one comes while it is looked at what the first left, so that it is not known."""
    load(workspace, "sales", many(0, 5))
    books = workspace._books

    def interrupted(*_names) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "pause", lambda point: interrupted() if point == "committed" else None)
        if again:
            patch.setattr(books.engine, "look_after_failure", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load(workspace, "sales", many(5, 5))
    assert books.in_doubt is again
    assert len(list(books.uploads.iterdir())) == 2
    assert len(Journal.read(books.journal.file).uploaded) == 2 - again
    third = load(workspace, "sales", many(10, 5))
    assert third.upload_id.startswith("u0003-")
    assert len(Journal.read(books.journal.file).uploaded) == 3
    assert workspace.doctor(deep=True) == ()


def test_a_statement_that_an_interrupt_ended_is_an_interrupt_and_leaves_nothing(workspace, monkeypatch):
    def interrupted(*_given) -> None:
        raise RuntimeError("Query interrupted")

    with monkeypatch.context() as patch:
        patch.setattr(module.marts, "rebuild", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load(workspace, "sales", many(0, 5))
    assert workspace.entries == ()
    assert list(workspace._books.uploads.iterdir()) == []
    assert load(workspace, "sales", many(0, 5)).committed


def test_a_stored_file_that_is_gone_is_not_taken_for_a_full_disk(workspace):
    load(workspace, "sales", many(0, 5))
    next((workspace.directory / "uploads").iterdir()).unlink()
    with pytest.raises(WorkspaceError, match=r"A stored file .* is gone.*`doctor` tells") as refused:
        load(workspace, "sales", many(5, 5))
    assert "room" not in str(refused.value)
    assert len(workspace.entries) == 1
    assert any("is gone: bring it back" in finding.text for finding in workspace.doctor())


def test_a_journal_that_cannot_be_written_is_said_and_made_up_for(workspace, monkeypatch):
    def fails(_journal, *_events):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", fails)
        with pytest.raises(
            WorkspaceError, match="The change is stored, but the journal could not be written"
        ):
            load(workspace, "sales", many(0, 5))
    assert load(workspace, "sales", many(5, 5)).committed
    assert len(Journal.read(workspace.directory / "journal.jsonl").uploaded) == 2
    assert workspace.doctor() == ()


def test_half_a_line_of_the_journal_is_taken_back(tmp_path):
    journal = Journal.read(tmp_path / "journal.jsonl").append({"event": "undo", "upload_id": "u", "at": ""})
    whole = journal.file.read_bytes()
    with no_file_larger_than(len(whole) + 10), pytest.raises(OSError, match=r"no room|too large"):
        journal.append({"event": "undo", "upload_id": "v", "at": ""})
    assert journal.file.read_bytes() == whole


def test_a_damaged_database_gives_no_number_but_a_sentence_or_the_right_one(tmp_path):
    """Sixteen bytes are changed somewhere, thirty times: whatever is read is right, or refused with what to do."""
    with Workspace.open(tmp_path / "whole") as workspace:
        load(workspace, "sales", many(0, 2_000))
        right = workspace.fingerprint()
    places, said, sound = random.Random(5), 0, 0
    for number in range(30):
        directory = shutil.copytree(tmp_path / "whole", tmp_path / str(number))
        with (directory / "warehouse.duckdb").open("r+b") as file:
            file.seek(places.randrange(file.seek(0, 2)))
            place, found = file.tell(), file.read(16)
            file.seek(place)
            file.write(bytes(byte ^ 0x55 for byte in found))
        refusal = ""
        try:
            with Workspace.open(directory) as workspace:
                findings = [finding.text for finding in workspace.doctor(deep=True)]
                assert all("recover" in text for text in findings)
                assert workspace.fingerprint() == right
                sound += 1
        except WorkspaceError as problem:
            refusal = str(problem)
            said += 1
        assert ("recover" in refusal) == bool(refusal)
        assert "\n" not in refusal
        shutil.rmtree(directory)
    print(f"{said} of 30 damaged databases were refused, {sound} were hurt where nothing is stored")
    assert said > 0
