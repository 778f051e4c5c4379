"""A file is read in a process of its own, with limits, and nothing of it stays when that process ends badly."""

import threading
import time

import pytest

from analytics.intake.contract import Limits
from analytics.intake.reading import ReadOptions
from analytics.warehouse import staging
from analytics.warehouse.errors import Cancelled, WorkspaceError

SALES = "order_id,customer_id,order_date,amount\no1,001,2026-01-05,10.00\no2,002,2026-01-06,20.00\n"


@pytest.fixture
def sales(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text(SALES)
    return file


def test_a_file_becomes_an_upload_with_its_lines_days_and_money(workspace, sales):
    steps = []
    receipt = workspace.ingest(sales, "sales", by="ann", progress=steps.append)
    assert list(dict.fromkeys(step.phase for step in steps)) == [
        "reading",
        "storing",
        "computing",
        "committing",
    ]
    assert (receipt.committed, receipt.reading.verdict) == (True, "accept")
    assert receipt.upload_id.startswith("u0001-")
    entry = workspace.entries[0]
    assert (entry.loaded_by, entry.file_name, entry.rows_read, str(entry.amount)) == (
        "ann",
        "sales.csv",
        2,
        "30.0000",
    )
    assert (str(entry.first_day), str(entry.last_day)) == ("2026-01-05", "2026-01-06")
    assert list((workspace.directory / "staging").glob("????????????????????????????????")) == []


def test_a_file_name_is_shown_and_never_used_as_a_path(workspace, sales, tmp_path):
    receipt = workspace.ingest(sales, "sales", name="../../etc/pass\x00wd\n.csv")
    assert receipt.committed
    assert "\n" not in workspace.entries[0].file_name
    assert sorted(f.name for f in (workspace.directory / "uploads").iterdir()) == [
        f"{receipt.upload_id}.parquet"
    ]
    assert sorted(f.name for f in tmp_path.iterdir()) == ["company", "sales.csv"]


def test_rows_that_were_set_aside_can_be_looked_at_again(workspace, tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text(SALES + "o3,003,2026-02-31,30.00\n")
    refused = workspace.ingest(file, "sales")
    assert (refused.reading.verdict, refused.committed, list(workspace.entries)) == ("reject", False, [])
    receipt = workspace.ingest(file, "sales", set_aside=True)
    assert (receipt.reading.rows.read, receipt.reading.rows.set_aside) == (3, 1)
    assert list(workspace.set_aside_rows(receipt.upload_id)["line"]) == [4]
    with pytest.raises(WorkspaceError, match="No rows of an upload"):
        workspace.set_aside_rows("../secret")


def test_a_file_that_takes_too_long_is_refused_in_a_sentence(sales, tmp_path):
    options = ReadOptions(limits=Limits(seconds=0))
    (tmp_path / "scratch").mkdir()
    reading = staging.stage(sales, "sales.csv", "sales", options, tmp_path / "scratch")
    assert (reading.verdict, reading.messages[0].code) == ("reject", "E_TOO_HEAVY")
    assert "longer than 0 seconds" in reading.messages[0].text


@pytest.mark.parametrize(
    "last_words", ["", "Traceback …\nMemoryError", "Traceback …\n_ArrayMemoryError: 8 GB"]
)
def test_a_reader_that_is_killed_or_out_of_memory_is_a_refusal_in_a_sentence(last_words):
    reading = staging._refused("a\nb.csv", "sales", None, last_words)
    assert (reading.file, reading.verdict, reading.messages[0].code) == ("a b.csv", "reject", "E_TOO_HEAVY")
    assert "more memory or time" in reading.messages[0].text


def test_a_fault_of_the_program_is_told_from_a_fault_of_the_file(sales, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("FLIPPED_FUNNEL_THREADS", "many")
    (tmp_path / "scratch").mkdir()
    reading = staging.stage(sales, "sales.csv", "sales", ReadOptions(), tmp_path / "scratch")
    assert (reading.verdict, reading.messages[0].code) == ("reject", "E_PROGRAM")
    assert "ValueError" in reading.messages[0].text
    assert "invalid literal for int" in caplog.text


def test_a_cancelled_upload_leaves_nothing(workspace, sales):
    stop = threading.Event()
    stop.set()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        workspace.ingest(sales, "sales", stop=stop)
    assert time.monotonic() - started < 30
    assert list(workspace.entries) == []
    assert {f.name for f in (workspace.directory / "staging").iterdir()} <= {"shapes", "duckdb"}


def test_the_reader_sees_no_other_file(tmp_path):
    (tmp_path / "scratch").mkdir()
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with staging._scratch_database(tmp_path / "scratch", tmp_path / "upload.csv") as query:
        with pytest.raises(staging.QueryFailed):
            query(f"select * from read_csv('{secret}')")
        assert query("select 1") == [(1,)]


def test_the_sample_company_is_loaded_at_once_and_labelled(workspace):
    receipts = workspace.load_sample()
    assert [r.reading.verdict for r in receipts] == ["accept"] * 5
    assert workspace.is_sample
    assert [r.same_as for r in workspace.load_sample()] == [r.upload_id for r in receipts]
    for receipt in receipts:
        workspace.undo(receipt.upload_id)
    assert not workspace.is_sample


def test_a_file_that_is_one_endless_line_is_refused_in_a_sentence(workspace, tmp_path):
    file = tmp_path / "endless.csv"
    file.write_bytes(b"x" * 3 * 1024 * 1024)
    receipt = workspace.ingest(file)
    assert receipt.reading.verdict == "reject"
    assert [m.code for m in receipt.reading.messages] == ["E_FIELD_TOO_LONG"]
