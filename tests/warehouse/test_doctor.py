"""The doctor finds what was changed behind the program's back."""

import re
import shutil
import subprocess
import sys

import duckdb
import pytest
from staged_files import load, referral, reorder, sale, spend, write_staged

from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.recovery import recover
from analytics.warehouse.store import Workspace


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    directory = tmp_path_factory.mktemp("made") / "company"
    with Workspace.open(directory) as workspace:
        load(
            workspace,
            "sales",
            [sale("o1", "ann", "2026-01-05", 10, "search"), sale("o2", None, "2026-01-05", 5)],
        )
        load(workspace, "reorders", [reorder("r1", "ann", "2026-02-05", 7, trigger="points")])
        load(workspace, "referrals", [referral("f1", "ann", "2026-01-06", "bob", reward_cost=3)])
        load(workspace, "spend", [spend("2026-01-01", "search", 3)])
        workspace.change_settings(margin_rate=0.4)
        workspace.keep("plan", "autumn", {"search": 10})
    return directory


@pytest.fixture
def company(made_once, tmp_path):
    return shutil.copytree(made_once, tmp_path / "company")


def findings(directory, deep: bool = False) -> list[str]:
    with Workspace.open(directory) as workspace:
        return [finding.text for finding in workspace.doctor(deep)]


def change(directory, statement: str) -> None:
    with duckdb.connect(str(directory / "warehouse.duckdb")) as connection:
        connection.execute(statement)


def stored(directory, number: int):
    return next((directory / "uploads").glob(f"u{number:04d}-*.parquet"))


def flip_a_byte(directory) -> None:
    content = bytearray(stored(directory, 1).read_bytes())
    content[len(content) // 3] ^= 0x10
    stored(directory, 1).write_bytes(content)


def cut_off(directory) -> None:
    stored(directory, 1).write_bytes(stored(directory, 1).read_bytes()[:-1])


def lose_a_file(directory) -> None:
    stored(directory, 4).unlink()


def foreign_file(directory) -> None:
    (directory / "uploads" / "sales_2026.csv").write_text("order_id\n1\n")


def foreign_folder(directory) -> None:
    (directory / "uploads" / "mine").mkdir()


def garbage_in_the_journal(directory) -> None:
    with (directory / "journal.jsonl").open("ab") as journal:
        journal.write(b"\x00\x00 garbage\n")


def no_first_line_in_the_journal(directory) -> None:
    lines = (directory / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (directory / "journal.jsonl").write_bytes(b"".join(lines[1:]))


def a_lie_in_the_journal(directory) -> None:
    text = (directory / "journal.jsonl").read_text()
    (directory / "journal.jsonl").write_text(text.replace('"rows_read": 2', '"rows_read": 3'))


def another_ledger(directory) -> None:
    change(directory, "update uploads set loaded_by = 'nobody' where seq = 1")


def other_settings(directory) -> None:
    change(directory, "update settings set value = '0.9' where name = 'margin_rate'")


def another_document(directory) -> None:
    change(directory, """update documents set value = '{"search": 11}'""")


def no_database(directory) -> None:
    (directory / "warehouse.duckdb").unlink()


def database_cut_off(directory) -> None:
    file = directory / "warehouse.duckdb"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty_database(directory) -> None:
    (directory / "warehouse.duckdb").write_bytes(b"")


OTHER = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("create table t as select 1 as a")
os._exit(0)
"""


def log_of_another_database(directory) -> None:
    other = directory.parent / "other.duckdb"
    subprocess.run([sys.executable, "-c", OTHER, str(other)], check=True)
    (directory.parent / "other.duckdb.wal").rename(directory / "warehouse.duckdb.wal")


def garbage_as_log(directory) -> None:
    (directory / "warehouse.duckdb.wal").write_bytes(b"garbage " * 100)


HARM = {
    flip_a_byte: r"^The stored file of u0001-.* was changed: bring it back from a backup, or undo and upload again",
    cut_off: r"^The stored file of u0001-.* was changed",
    lose_a_file: r"^The stored file of u0004-.* is gone: bring it back from a backup, or undo the upload",
    foreign_file: r"^The file sales_2026.csv in uploads belongs to no upload in the ledger: move it elsewhere",
    foreign_folder: r"^The file mine in uploads belongs to no upload",
    garbage_in_the_journal: r"^The journal has a line that cannot be read.* `recover` writes it anew",
    no_first_line_in_the_journal: r"^The journal had lost 1 of its lines; they were written again from the ledger",
    a_lie_in_the_journal: r"the ledger says rows_read 2, and the journal 3\. Close the app and run `recover`",
    another_ledger: r"the ledger says loaded_by 'nobody', and the journal ''\. .* `recover`",
    other_settings: r"^The settings of the ledger are not those of the journal\. .* `recover`",
    another_document: r"^The plan 'autumn' of the ledger is not that of the journal\. .* `recover`",
    no_database: r"^The database of the workspace .* is gone: `recover` builds it anew",
    database_cut_off: r"`recover`",
    empty_database: r"`recover`",
    log_of_another_database: r"`recover`",
}


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
def test_each_harm_is_named_with_what_to_do(company, harm):
    harm(company)
    try:
        with Workspace.open(company) as workspace:
            texts = [finding.text for finding in workspace.doctor(deep=True)]
    except WorkspaceError as refused:
        texts = [str(refused)]
    assert len([text for text in texts if re.search(HARM[harm], text)]) == 1, texts
    assert not any("\n" in text for text in texts)


@pytest.mark.parametrize(
    "harm", [no_database, database_cut_off, empty_database, log_of_another_database, garbage_as_log,
             another_ledger, other_settings, another_document, garbage_in_the_journal],
    ids=lambda harm: harm.__name__,
)  # fmt: skip
def test_what_can_be_recovered_is(company, harm):
    with Workspace.open(company) as workspace:
        before = workspace.fingerprint(), workspace.snapshot, workspace.entries
    harm(company)
    recover(company)
    with Workspace.open(company) as workspace:
        assert (workspace.fingerprint(), workspace.snapshot, workspace.entries) == before
        assert workspace.doctor(deep=True) == ()


def test_what_others_put_among_the_stored_files_stays(company):
    foreign_file(company)
    foreign_folder(company)
    with Workspace.open(company) as workspace:
        load(workspace, "sales", [sale("o9", "ann", "2026-03-05", 1)])
    with Workspace.open(company):
        assert (company / "uploads" / "sales_2026.csv").read_text() == "order_id\n1\n"
        assert (company / "uploads" / "mine").is_dir()


def test_marts_of_an_older_version_are_built_anew_at_opening(company):
    with Workspace.open(company) as workspace:
        before = workspace.fingerprint()
    change(
        company,
        "update marts_version set version = 'older'; update orders set amount = 99; drop table journeys",
    )
    with Workspace.open(company) as workspace:
        assert workspace.fingerprint() == before
        assert workspace.doctor(deep=True) == ()


def test_the_fingerprint_covers_every_table(company):
    """All but what is never rebuilt: the ledger and its like."""
    with Workspace.open(company) as workspace:
        named = set(workspace.fingerprint())
    kept = {"uploads", "settings", "documents", "remembered_answers", "schema_versions"}
    with duckdb.connect(str(company / "warehouse.duckdb"), read_only=True) as connection:
        tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert named == tables - kept


def test_a_whole_workspace_is_sound(company):
    assert findings(company, deep=True) == []


def test_a_changed_upload_file_is_found(company):
    file = next((company / "uploads").glob("u0001-*.parquet"))
    write_staged(file, "sales", [sale("o1", "ann", "2026-01-05", 11)])
    texts = findings(company)
    assert texts[0].startswith("The stored file of u0001-")
    assert "was changed" in texts[0]


def test_a_missing_upload_file_is_found_and_can_be_undone(company):
    file = next((company / "uploads").glob("u0001-*.parquet"))
    file.unlink()
    assert "is gone" in findings(company)[0]
    with Workspace.open(company) as workspace:
        workspace.undo(file.stem)
        assert [(f.severity, f.text) for f in workspace.doctor(deep=True)] == [
            (
                "warning",
                f"The stored file of {file.stem} (sales, 'sales.csv'), which was undone, is gone: no number needs it.",
            )
        ]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update uploads set rows_read = 9 where kind = 'sales'", "do not add up to the 9 rows read"),
        ("update uploads set amount = 16 where kind = 'sales'", "The stored money of u0001"),
        (
            "update uploads set rows_accepted = 3, rows_read = 3 where kind = 'sales'",
            "The stored rows of u0001",
        ),
        ("update uploads set sha256 = 'f' where kind = 'sales'", "The journal names other bytes for u0001"),
        ("update orders set amount = 11 where order_id = 'o1'", "The revenue of orders is 23.0000"),
        ("update revenue_cube set revenue = revenue + 0.01", "The revenue of revenue by day and source"),
        ("update customers set revenue = 0", "The revenue of customers is 5.0000"),
        (
            "update orders set source = 'gift' where order_id = 'o1'",
            "The revenue of the four sources is 12.0000",
        ),
        ("delete from orders", "There are 0 orders, and 3 in the uploads."),
    ],
)
def test_a_changed_number_is_found(company, statement, found):
    change(company, statement)
    assert any(found in text for text in findings(company))


def test_a_mart_that_adds_up_and_is_wrong_is_found_by_the_deep_look(company):
    change(company, "update orders set channel = 'email'")
    assert findings(company) == []
    assert findings(company, deep=True)[0].startswith("The table orders differs from what the uploads give")


def test_a_strangers_file_is_a_warning(company):
    with Workspace.open(company) as workspace:
        (company / "uploads" / "mine.parquet").write_bytes(b"x")
        assert [(f.severity, f.text) for f in workspace.doctor()] == [
            (
                "warning",
                "The file mine.parquet in uploads belongs to no upload in the ledger: move it elsewhere.",
            )
        ]
