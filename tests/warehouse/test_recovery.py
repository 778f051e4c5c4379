"""A lost or damaged database is built anew from journal and stored files; what they do not hold is named, never guessed."""

import json
import os
import shutil
import subprocess
import sys

import duckdb
import pytest
from staged_files import load, referral, sale, spend

from analytics.warehouse import ledger, recovery
from analytics.warehouse.errors import NewerWorkspace, WarehouseBusy, WorkspaceError
from analytics.warehouse.recovery import recover
from analytics.warehouse.store import Workspace


def state(directory) -> tuple:
    """Everything that a workspace holds: tables, snapshot, ledger, settings, documents, remembered answers."""
    with Workspace.open(directory) as workspace:
        assert workspace.losses == ()
        assert workspace.doctor(deep=True) == ()
        with workspace._books.engine.cursor() as cursor:
            remembered = ledger.remembered_answers(cursor)
        return (
            workspace.fingerprint(),
            workspace.snapshot,
            [(e.to_json(), e.stands) for e in workspace.entries],
            workspace.settings,
            workspace.documents("plan"),
            remembered,
        )


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """A history with a correction, a replaced quarter, an undoing, settings and documents."""
    directory = tmp_path_factory.mktemp("made") / "company"
    with Workspace.open(directory) as workspace:
        load(workspace, "sales", [sale("o1", "ann", "2026-01-05", "10.5"), sale("o2", "bob", "2026-02-05", 5)],
             answers={"E_DATE_ORDER": "day_first"})  # fmt: skip
        load(workspace, "sales", [sale("o2", "bob", "2026-02-05", 7)])
        load(workspace, "spend", [spend("2026-01-01", "search", 3)], period="2026Q1", replace=True)
        undone = load(workspace, "referrals", [referral("f1", "ann", "2026-01-06", "bob", reward_cost=3)])
        workspace.undo(undone.upload_id)
        workspace.change_settings(margin_rate=0.4, motions={"radio": "retention"}, referral_window_days=60)
        workspace.keep("plan", "가을", {"search": 10})
        workspace.keep("plan", "gone", {"search": 1})
        workspace.keep("plan", "gone", None)
    return directory


@pytest.fixture
def company(made_once, tmp_path):
    return shutil.copytree(made_once, tmp_path / "company")


def lose(directory) -> None:
    (directory / "warehouse.duckdb").unlink()


def damage(directory) -> None:
    (directory / "warehouse.duckdb").write_bytes(b"no database" * 1000)


def stored(directory, number: int):
    return next((directory / "uploads").glob(f"u{number:04d}-????????.parquet"))


def test_a_workspace_whose_database_is_gone_is_not_taken_for_an_empty_one(company):
    files = sorted((company / "uploads").iterdir())
    lose(company)
    with pytest.raises(WorkspaceError, match=r"The database of the workspace .* is gone: `recover`"):
        Workspace.open(company)
    (company / "journal.jsonl").unlink()
    with pytest.raises(WorkspaceError, match="is gone"):
        Workspace.open(company)
    assert sorted((company / "uploads").iterdir()) == files
    assert not (company / "warehouse.duckdb").exists()


@pytest.mark.parametrize("harm", [lose, damage])
def test_everything_is_as_it_was(company, harm):
    before = state(company)
    harm(company)
    made = recover(company)
    assert (made.uploads, made.standing, made.snapshot) == (4, 3, before[1])
    assert state(company) == before
    if harm is damage:
        assert (made.set_aside / "warehouse.duckdb").read_bytes().startswith(b"no database")


def test_an_older_database_put_back_and_a_ledger_that_was_edited_are_brought_into_line(company, tmp_path):
    before = state(company)
    with duckdb.connect(str(company / "warehouse.duckdb")) as connection:
        connection.execute("delete from uploads where seq = 2")
        connection.execute("update uploads set amount = 99, file_name = 'x.csv' where seq = 1")
        connection.execute("delete from settings")
        connection.execute("delete from documents")
        connection.execute("update orders set amount = 99")
    with Workspace.open(company) as workspace:
        texts = " ".join(finding.text for finding in workspace.doctor())
        assert "the ledger says file_name 'x.csv', and the journal 'sales.csv'" in texts
    recover(company)
    assert state(company) == before


def test_a_stored_file_that_is_gone_is_named_and_left_out_only_where_somebody_says_so(company):
    lose(company)
    file = stored(company, 1)
    file.unlink()
    with pytest.raises(
        WorkspaceError, match=rf"gone or changed: {file.stem} \('sales.csv'\).*--without"
    ) as refused:
        recover(company)
    assert "\n" not in str(refused.value)
    assert not (company / "warehouse.duckdb").exists()
    with pytest.raises(WorkspaceError, match="There is no upload 'u9'"):
        recover(company, without=["u9"])
    assert recover(company, without=[file.stem]).standing == 2
    with Workspace.open(company) as workspace:
        (finding,) = workspace.doctor(deep=True)
        assert (finding.severity, finding.text[-40:]) == (
            "warning",
            "was undone, is gone: no number needs it.",
        )
        assert [e.stands for e in workspace.entries] == [False, True, True, False]


def test_a_changed_stored_file_is_not_built_on(company):
    file = stored(company, 2)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(WorkspaceError, match=f"gone or changed: {file.stem}"):
        recover(company)


def test_lines_of_the_journal_that_say_nothing_are_dropped_only_where_the_database_knows_what_they_said(
    company,
):
    before = state(company)
    file = company / "journal.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], b"\x00\xff nothing\n", b'{"event": "undo"}\n', *lines[2:]]))
    database = (company / "warehouse.duckdb").read_bytes()
    lose(company)
    with pytest.raises(
        WorkspaceError, match="2 lines of the journal cannot be read, and nor can the database"
    ):
        recover(company)
    (company / "warehouse.duckdb").write_bytes(database)
    with Workspace.open(company) as workspace:
        texts = [finding.text for finding in workspace.doctor()]
        assert any(text.startswith("The journal has a line that cannot be read") for text in texts)
        assert any(text.startswith("The journal had lost 1 of its lines") for text in texts)
    made = recover(company)
    assert b"nothing" in (made.set_aside / "journal.jsonl").read_bytes()
    assert state(company) == before


def test_the_journal_of_an_older_version_is_completed_at_opening(company):
    before = state(company)
    file = company / "journal.jsonl"
    events = [json.loads(line) for line in file.read_text().splitlines()]
    for event in events:
        event.pop("entry", None)
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    database = (company / "warehouse.duckdb").read_bytes()
    lose(company)
    with pytest.raises(WorkspaceError, match="The journal does not tell the whole of u0001"):
        recover(company)
    (company / "warehouse.duckdb").write_bytes(database)
    assert state(company) == before
    lose(company)
    recover(company)
    assert state(company) == before


def test_a_directory_that_is_no_workspace_is_left_alone(tmp_path):
    with pytest.raises(WorkspaceError, match="has no journal"):
        recover(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_of_a_newer_version_is_not_built_anew(company):
    with duckdb.connect(str(company / "warehouse.duckdb")) as connection:
        connection.execute("insert into schema_versions values (99, now()::timestamp)")
    with pytest.raises(NewerWorkspace):
        recover(company)


def test_a_workspace_in_use_is_not_built_anew(company):
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(company / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(WarehouseBusy):
            recover(company)
        other.stdin.close()


@pytest.mark.parametrize("harm", [lose, damage, lambda company: None])
def test_nobody_else_changes_the_workspace_while_it_is_built_anew(company, tmp_path, monkeypatch, harm):
    """Least of all between the reading of the journal and the writing of it."""
    harm(company)
    tried = []
    (tmp_path / "new.csv").write_text("order_id,customer_id,order_date,amount\nn1,ann,2026-03-05,4\n")

    def and_meanwhile(*given):
        command = [sys.executable, "-m", "analytics", "ingest", "sales", str(tmp_path / "new.csv")]
        wait = {**os.environ, "FLIPPED_FUNNEL_WAIT": "0"}
        done = subprocess.run(
            [*command, "--workspace", str(company)], check=False, env=wait, capture_output=True, text=True
        )
        tried.append((done.returncode, f"in use by process {os.getpid()}" in done.stderr))
        return set_aside(*given)

    set_aside = recovery._set_aside
    monkeypatch.setattr(recovery, "_set_aside", and_meanwhile)
    made = recover(company, without=[stored(company, 1).stem])
    assert tried == [(4, True)]
    assert (made.uploads, made.standing) == (4, 2)
    with Workspace.open(company) as workspace:
        assert workspace.losses == ()


def test_what_follows_a_recovery_has_numbers_of_its_own(company):
    lose(company)
    recover(company)
    with Workspace.open(company) as workspace:
        receipt = load(workspace, "sales", [sale("o9", "cat", "2026-03-05", 9)])
        assert receipt.upload_id.startswith("u0005-")
        assert workspace.doctor(deep=True) == ()
    assert sorted(os.listdir(company)) == [".lock", "journal.jsonl", "staging", "uploads", "warehouse.duckdb"]
