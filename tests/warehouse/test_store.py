"""A workspace opens as it was closed, says what it lost, and names what its numbers are made of."""

import itertools
import json
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import duckdb
import pytest
from staged_files import load, referral, sale, table

from analytics.warehouse import ledger, migrations
from analytics.warehouse.errors import WarehouseBusy, WorkspaceError
from analytics.warehouse.store import Workspace, home


def journal(workspace) -> list[dict]:
    return [json.loads(line) for line in (workspace.directory / "journal.jsonl").read_text().splitlines()]


def edit(directory, *statements: str) -> None:
    """Changes a closed workspace's database behind the program's back."""
    with duckdb.connect(str(directory / "warehouse.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def test_every_opener_of_a_process_gets_the_same_workspace(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "company")
    with Workspace.open(tmp_path / "company") as first, Workspace.open(tmp_path / "link") as second:
        assert first is second
    with Workspace.open(tmp_path / "company") as third:
        assert third is not first


def test_a_workspace_opens_as_it_was_closed(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10, "search")])
        workspace.change_settings(margin_rate=0.4, motions={"radio": "retention"})
        before = workspace.fingerprint(), workspace.snapshot, workspace.settings, workspace.entries
    with Workspace.open(tmp_path / "company") as workspace:
        assert (workspace.fingerprint(), workspace.snapshot, workspace.settings, workspace.entries) == before
        assert workspace.losses == ()
        assert workspace.doctor(deep=True) == ()


def test_workspaces_live_in_the_home_that_the_environment_names(monkeypatch, tmp_path):
    monkeypatch.setenv("FLIPPED_FUNNEL_HOME", str(tmp_path))
    assert home() == tmp_path


def test_the_snapshot_names_standing_uploads_and_settings_but_no_times_or_names(tmp_path):
    rows = [sale("o1", "ann", "2026-01-05", 10)]
    with Workspace.open(tmp_path / "one") as one, Workspace.open(tmp_path / "two") as two:
        empty = one.snapshot
        receipt = load(one, "sales", rows)
        undone = load(two, "sales", [sale("o2", "bob", "2026-01-05", 10)])
        two.undo(undone.upload_id)
        load(two, "sales", rows)
        assert one.snapshot == two.snapshot != empty
        assert len(empty) == 12
        two.change_settings(baseline_share=0.5)
        assert two.snapshot != one.snapshot
        one.undo(receipt.upload_id)
        assert one.snapshot == empty


def test_answers_are_remembered_for_the_next_file_with_these_headers(workspace):

    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)], answers={"E_DATE_ORDER": "day_first"})
    load(workspace, "sales", [sale("o2", "ann", "2026-01-05", 10)], answers={"E_DATE_ORDER": "month_first"})
    with workspace._books.engine.cursor() as cursor:
        assert ledger.remembered_answers(cursor) == {"sales:h": {"E_DATE_ORDER": "month_first"}}


def test_uploads_lists_the_newest_first_with_its_counts(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", "10.50")])
    load(workspace, "referrals", [referral("f1", "ann", "2026-01-05")])
    frame = workspace.uploads()
    assert list(frame["kind"]) == ["referrals", "sales"]
    assert frame.loc[1, ["read", "accepted", "repaired", "set_aside", "amount"]].tolist() == [
        1,
        1,
        0,
        0,
        10.5,
    ]
    assert frame["stands"].all()


def test_a_setting_out_of_range_is_refused_and_nothing_changes(workspace):
    for changes, words in (
        ({"margin_rate": 40}, "between 0 and 1"),
        ({"horizon_months": 0}, "between 1 and 120"),
        ({"motions": {"radio": "both"}}, "acquisition or retention"),
        ({"colour": "red"}, "There is no setting 'colour'"),
    ):
        with pytest.raises(WorkspaceError, match=words):
            workspace.change_settings(**changes)
    assert workspace._books.journal.events == ()


def test_files_of_an_upload_that_never_came_to_be_are_removed(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        receipt = load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
    uploads = tmp_path / "company" / "uploads"
    (uploads / "u0002-deadbeef.parquet").write_bytes(b"half")
    (tmp_path / "company" / "staging" / "left").mkdir()
    with Workspace.open(tmp_path / "company"):
        assert [f.name for f in uploads.iterdir()] == [f"{receipt.upload_id}.parquet"]
        assert not (tmp_path / "company" / "staging" / "left").exists()


def test_what_the_ledger_holds_and_the_journal_lacks_is_added_to_the_journal(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        first = load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
        second = load(workspace, "sales", [sale("o2", "ann", "2026-01-05", 10)])
        workspace.undo(first.upload_id)
        workspace.change_settings(margin_rate=0.3)
        whole = journal(workspace)
    file = tmp_path / "company" / "journal.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text(lines[0] + lines[1][:20])  # the crash came in the middle of a line
    with Workspace.open(tmp_path / "company") as workspace:
        assert workspace.losses == ()
        assert journal(workspace) == whole
        assert [e["upload_id"] for e in whole if e["event"] == "upload"] == [
            first.upload_id,
            second.upload_id,
        ]


def test_journal_and_ledger_name_the_same_moment_however_long_a_change_takes(tmp_path, monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(ledger, "now", lambda: datetime(2026, 1, 1) + timedelta(seconds=next(ticks)))
    with Workspace.open(tmp_path / "company") as workspace:
        receipt = load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
        workspace.undo(receipt.upload_id)
        (entry,) = workspace.entries
        assert [e["at"] for e in journal(workspace)] == [
            entry.loaded_at.isoformat(),
            entry.undone_at.isoformat(),
        ]


def test_what_was_acknowledged_and_is_gone_is_reported_until_it_is_there_again(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        receipt = load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
        other = load(workspace, "sales", [sale("o2", "ann", "2026-01-05", 10)])
        workspace.undo(other.upload_id)
        workspace.change_settings(margin_rate=0.3)
    edit(
        tmp_path / "company",
        f"delete from uploads where upload_id = '{receipt.upload_id}'",
        "update uploads set stands = true, undone_at = null",
        "delete from settings",
    )
    with Workspace.open(tmp_path / "company") as workspace:
        assert len(workspace.losses) == 3
        assert f"The upload {receipt.upload_id} (sales, 'sales.csv'" in workspace.losses[0]
        assert f"The undoing of {other.upload_id}" in workspace.losses[1]
        assert "settings" in workspace.losses[2]
        assert (workspace.directory / "uploads" / f"{receipt.upload_id}.parquet").exists()
        assert {f.text for f in workspace.doctor()} >= set(workspace.losses)


def test_a_workspace_of_a_newer_version_is_refused_in_a_sentence(tmp_path):
    with Workspace.open(tmp_path / "company"):
        pass
    edit(tmp_path / "company", "insert into schema_versions values (99, now()::timestamp)")
    with pytest.raises(WorkspaceError, match=r"newer version of the program \(schema 99"):
        Workspace.open(tmp_path / "company")


def test_a_workspace_of_an_older_version_is_migrated_in_one_transaction(tmp_path, monkeypatch):
    from analytics.warehouse import engine

    with Workspace.open(tmp_path / "company") as workspace:
        load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
        before = workspace.fingerprint()
    known = migrations.migrations()
    added = {
        "migrations/0099_note": "create table notes (text varchar); alter table settings add column note varchar"
    }
    read = engine.statement
    monkeypatch.setattr(migrations, "migrations", lambda: (*known, "0099_note"))
    monkeypatch.setattr(engine, "statement", lambda name: added.get(name) or read(name))
    engine._parameters.cache_clear()
    with Workspace.open(tmp_path / "company") as workspace:
        assert table(workspace, "schema_versions", "version") == [(n + 1,) for n in range(len(known) + 1)]
        assert table(workspace, "notes", "text") == []
        assert workspace.fingerprint() == before
    added["migrations/0099_note"] = None  # the cache holds the next one
    monkeypatch.setattr(
        "analytics.warehouse.migrations.migrations", lambda: (*known, "0099_note", "0100_bad")
    )
    added["migrations/0100_bad"] = "create table half (a integer); select error('no')"
    with pytest.raises(duckdb.Error):
        Workspace.open(tmp_path / "company")
    with duckdb.connect(str(tmp_path / "company" / "warehouse.duckdb")) as connection:
        tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        versions = connection.execute("select max(version) from schema_versions").fetchall()
    assert "half" not in tables
    assert versions == [(len(known) + 1,)]


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "warehouse.duckdb").write_bytes(b"this is not a database, it is a text" * 1000)
    with pytest.raises(WorkspaceError, match="cannot be"):
        Workspace.open(tmp_path / "company")


def test_a_workspace_where_a_file_stands_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "company").write_text("")
    with pytest.raises(WorkspaceError, match="cannot be made"):
        Workspace.open(tmp_path / "company")


def test_another_process_that_has_the_workspace_open_is_named(tmp_path):
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    (tmp_path / "company").mkdir()
    file = tmp_path / "company" / "warehouse.duckdb"
    command = [sys.executable, "-c", hold, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(WarehouseBusy, match=f"in use by process {other.pid}"):
            Workspace.open(tmp_path / "company", wait_seconds=0)
        letting_go = threading.Timer(0.2, other.stdin.close)
        letting_go.start()
        with Workspace.open(tmp_path / "company", wait_seconds=30) as workspace:
            assert workspace.entries == ()


def test_the_database_reads_no_file_outside_the_workspace(workspace, tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_text("a\n1\n")
    with workspace._books.engine.cursor() as cursor:
        for sql in (
            f"select * from read_csv('{outside}')",
            f"copy (select 1) to '{outside}'",
            "install httpfs",
        ):
            with pytest.raises(duckdb.Error):
                cursor.execute(sql)
        with pytest.raises(duckdb.Error, match="locked"):
            cursor.execute("set enable_external_access = true")


def test_a_reader_sees_the_old_numbers_until_a_change_is_committed(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
    books = workspace._books
    with books.changes() as cursor:
        books.rebuild(cursor, books.settings)
        cursor.execute("delete from orders")
        assert table(workspace, "orders", "order_id") == [("o1",)]
    assert table(workspace, "orders", "order_id") == []


def test_a_failure_while_the_marts_are_rebuilt_leaves_no_trace(workspace, monkeypatch):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
    before = workspace.fingerprint(), workspace.snapshot, journal(workspace)
    files = sorted(workspace.directory.glob("uploads/*"))

    def fail(*_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(workspace._books, "rebuild", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        load(workspace, "sales", [sale("o2", "ann", "2026-01-06", 10)])
    assert (workspace.fingerprint(), workspace.snapshot, journal(workspace)) == before
    assert sorted(workspace.directory.glob("uploads/*")) == files
