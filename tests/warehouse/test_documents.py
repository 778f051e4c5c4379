"""What people made in a workspace is there again, changes no number, and is missed when it is lost."""

import duckdb
import pytest
from staged_files import load, sale

from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.store import Workspace

PLAN = {"spend": {"search": 120.5, "ambassador": 40}, "locked": ["search"], "note": "1분기"}


def test_a_document_is_there_again_and_changes_no_number(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
        before = workspace.snapshot, workspace.fingerprint()
        workspace.keep("scenario", "More for friends", PLAN)
        workspace.keep("scenario", "Less", {"spend": {}})
        workspace.keep("deck", "Board", ["a", "b"])
        assert (workspace.snapshot, workspace.fingerprint()) == before
    with Workspace.open(tmp_path / "company") as workspace:
        assert workspace.documents("scenario") == {"More for friends": PLAN, "Less": {"spend": {}}}
        assert workspace.documents("deck") == {"Board": ["a", "b"]}
        assert workspace.documents("plan") == {}
        assert workspace.doctor(deep=True) == ()


def test_the_newest_state_counts_and_none_removes(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        workspace.keep("scenario", "A", {"spend": {"search": 1}})
        workspace.keep("scenario", "A", {"spend": {"search": 2}})
        workspace.keep("scenario", "B", {})
        workspace.keep("scenario", "B", None)
    with Workspace.open(tmp_path / "company") as workspace:
        assert workspace.documents("scenario") == {"A": {"spend": {"search": 2}}}
        assert workspace.losses == ()


def test_keeping_the_same_again_writes_nothing(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        workspace.keep("scenario", "A", PLAN)
        journal = (workspace.directory / "journal.jsonl").read_text()
        workspace.keep("scenario", "A", dict(PLAN))
        workspace.keep("scenario", "never there", None)
        assert (workspace.directory / "journal.jsonl").read_text() == journal


@pytest.mark.parametrize(
    ("name", "value"),
    [("", {}), (" ", {}), ("x" * 81, {}), ("a\nb", {}), ("A", {"x": float("nan")}), ("A", {"x": object()}),
     ("A", "x" * 1_000_001)],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_in_one_sentence(tmp_path, name, value):
    with Workspace.open(tmp_path / "company") as workspace, pytest.raises(WorkspaceError) as problem:
        workspace.keep("scenario", name, value)
    assert str(problem.value).count(". ") == 0


def test_a_document_that_was_acknowledged_and_is_gone_is_missed(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        workspace.keep("scenario", "A", PLAN)
    database, journal = tmp_path / "company" / "warehouse.duckdb", tmp_path / "company" / "journal.jsonl"
    whole = journal.read_text()
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from documents")
    with Workspace.open(tmp_path / "company") as workspace:
        (lost,) = workspace.losses
        assert lost == (
            "The scenario 'A' was acknowledged and is lost: close the app and run `recover`, or make it again."
        )
        workspace.keep("scenario", "B", PLAN)
        assert workspace.losses == (lost,)
        workspace.keep("scenario", "A", PLAN)
        assert workspace.losses == ()
        assert journal.read_text().startswith(whole)


def test_a_journal_that_ends_before_the_database_is_completed(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        workspace.keep("scenario", "A", PLAN)
        workspace.keep("scenario", "B", PLAN)
    journal = tmp_path / "company" / "journal.jsonl"
    whole = journal.read_text()
    journal.write_text(whole.splitlines(keepends=True)[0])
    with Workspace.open(tmp_path / "company") as workspace:
        assert workspace.losses == ()
        assert journal.read_text() == whole
