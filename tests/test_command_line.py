"""The command line: exit statuses, one JSON object, and a first line that is the answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.commands import main

REPOSITORY = Path(__file__).resolve().parent.parent

HEADER = "order_id,customer_id,order_date,amount,channel"
GOOD = [HEADER, "S-1,001,2026-07-01,120.50,search", "S-2,002,2026-07-02,80,email"]
ASKED = ["order_id,customer_id,order_date,amount", "S-1,001,03/04/2026,10", "S-2,002,05/06/2026,20"]
BAD = [HEADER, "S-1,001,2026-07-01,120.50,search", "S-2,002,2026-02-31,80,email"]


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "company"


@pytest.fixture
def run(directory, capsys):
    """Runs a command; (exit status, what it printed, what it complained of)."""

    def run(*arguments) -> tuple[int, str, str]:
        status = main([*map(str, arguments), "--workspace", str(directory)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def run_json(run):
    """Runs a command with --json; (exit status, the one object)."""

    def run_json(*arguments) -> tuple[int, dict]:
        status, out, err = run(*arguments, "--json")
        assert err == ""
        assert out.count("\n") == 1
        return status, json.loads(out)

    return run_json


@pytest.fixture
def write(tmp_path):
    def write(lines: list[str], name: str = "sales.csv"):
        file = tmp_path / name
        file.write_text("\n".join(lines) + "\n")
        return file

    return write


def usage(arguments: list[str], capsys) -> str:
    """What a command line that cannot be meant prints; its exit status must be 2."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_a_good_file_is_stored_and_the_receipt_says_what(run_json, write):
    status, receipt = run_json("ingest", "sales", write(GOOD), "--period", "2026Q3")
    upload_id = receipt.pop("upload_id")
    assert status == 0
    assert upload_id.startswith("u0001-")
    assert receipt == {
        "file": "sales.csv",
        "kind": "sales",
        "verdict": "accept",
        "committed": True,
        "same_as": None,
        "rows": {"read": 2, "accepted": 2, "repaired": 0, "set_aside": 0},
        "amount": 200.5,
        "days": {"first": "2026-07-01", "last": "2026-07-02"},
        "messages": [],
    }


def test_the_same_file_twice_changes_nothing_and_names_the_first(run_json, write):
    file = write(GOOD)
    _, first = run_json("ingest", "sales", file)
    status, second = run_json("ingest", "sales", file)
    assert status == 0
    assert (second["committed"], second["upload_id"], second["same_as"]) == (False, None, first["upload_id"])


def test_without_json_the_first_line_is_the_answer(run, write):
    status, out, _ = run("ingest", "sales", write(GOOD))
    assert status == 0
    assert out.splitlines()[0].startswith("Stored as u0001-")
    assert "2 of 2 rows of sales.csv as sales, 200.50 in all, 2026-07-01 to 2026-07-02" in out
    assert run("ingest", "sales", write(GOOD))[1].startswith(
        "Nothing changed: sales.csv was loaded before, as u0001-"
    )


def test_a_dry_run_stores_nothing(run, run_json, write):
    status, receipt = run_json("ingest", "sales", write(GOOD), "--dry-run")
    assert (status, receipt["verdict"], receipt["committed"], receipt["upload_id"]) == (
        0,
        "accept",
        False,
        None,
    )
    assert run_json("uploads")[1]["uploads"] == []
    assert run("ingest", "sales", write(GOOD), "--dry-run")[1].startswith("Would be stored: 2 of 2 rows")


def test_a_question_has_choices_with_consequences_and_an_answer_stores_the_file(run, run_json, write):
    file = write(ASKED)
    status, receipt = run_json("ingest", "sales", file)
    assert (status, receipt["verdict"], receipt["committed"]) == (3, "ask", False)
    (question,) = [m for m in receipt["messages"] if m["severity"] == "question"]
    assert len(question["choices"]) >= 2
    assert set(question["consequences"]) == set(question["choices"])
    assert {c["rows"] for c in question["consequences"].values()} == {2}
    choice = question["choices"][0]
    shown = run("ingest", "sales", file)[1]
    assert shown.startswith("A question must be answered before sales.csv can be stored.")
    assert f"--answer {question['code']}={choice}: " in shown
    status, receipt = run_json("ingest", "sales", file, "--answer", f"{question['code']}={choice}")
    assert (status, receipt["committed"]) == (0, True)
    assert run_json("uploads")[1]["uploads"][0]["answers"][question["code"]] == choice


def test_an_answer_is_remembered_for_the_next_file_with_these_headers(run_json, write):
    _, asked = run_json("ingest", "sales", write(ASKED))
    (question,) = [m for m in asked["messages"] if m["severity"] == "question"]
    run_json("ingest", "sales", write(ASKED), "--answer", f"{question['code']}={question['choices'][1]}")
    status, receipt = run_json("ingest", "sales", write([*ASKED[:2], "S-3,003,07/08/2026,30"], "next.csv"))
    assert (status, receipt["committed"]) == (0, True)


def test_a_bad_cell_is_refused_with_its_place_and_can_be_set_aside(run, run_json, write):
    file = write(BAD)
    status, receipt = run_json("ingest", "sales", file)
    assert (status, receipt["verdict"], receipt["amount"]) == (4, "reject", None)
    (fault,) = [m for m in receipt["messages"] if m["severity"] == "error"]
    assert (fault["line"], fault["column"], fault["value"]) == (3, "order_date", "2026-02-31")
    assert run("ingest", "sales", file)[1].startswith("Refused: nothing of sales.csv is stored.")
    status, receipt = run_json("ingest", "sales", file, "--set-aside")
    assert (status, receipt["rows"]) == (0, {"read": 2, "accepted": 1, "repaired": 0, "set_aside": 1})


def test_replace_period_retires_what_the_new_file_lacks(run_json, write, directory):
    run_json("ingest", "sales", write([*GOOD, "S-3,003,2026-09-30,7,email", "S-4,003,2026-10-01,8,email"]))
    run_json("ingest", "sales", write(GOOD[:2], "again.csv"), "--period", "2026Q3", "--replace-period")
    out = directory.parent / "out"
    assert run_json("export", out)[1]["rows"]["orders"] == 2
    orders = (out / "orders.csv").read_text()
    assert "S-1" in orders
    assert "S-4" in orders


def test_uploads_undo_and_doctor(run, run_json, write):
    run_json("ingest", "sales", write(GOOD))
    (entry,) = run_json("uploads")[1]["uploads"]
    assert (entry["stands"], entry["undone_at"], entry["amount"], entry["kind"]) == (
        True,
        None,
        200.5,
        "sales",
    )
    assert run("uploads")[1].startswith("1 of 1 uploads stand.\nu0001-")
    status, undone = run_json("undo", entry["upload_id"])
    assert (status, undone["undone"]) == (0, True)
    assert undone["snapshot"] == run_json("uploads")[1]["snapshot"]
    assert run_json("uploads")[1]["uploads"][0]["stands"] is False
    status, _, err = run("undo", entry["upload_id"])
    assert (status, err) == (4, f"The upload {entry['upload_id']} was undone before.\n")
    assert run("undo", "u9")[0] == 4
    assert run_json("doctor", "--deep") == (
        0,
        {"sound": True, "findings": [], "snapshot": undone["snapshot"]},
    )


def test_the_doctor_says_what_is_wrong_with_status_4(run, run_json, write, directory):
    _, receipt = run_json("ingest", "sales", write(GOOD))
    (directory / "uploads" / f"{receipt['upload_id']}.parquet").write_bytes(b"damaged")
    status, answer = run_json("doctor")
    assert (status, answer["sound"]) == (4, False)
    assert answer["findings"][0]["severity"] == "error"
    assert run("doctor")[1].startswith("Not sound: ")


def test_settings_are_shown_and_changed(run, run_json):
    status, answer = run_json(
        "settings", "--margin-rate", "0.4", "--currency", "eur", "--motion", "fair=acquisition"
    )
    assert status == 0
    assert answer["settings"]["margin_rate"] == 0.4
    assert answer["settings"]["currency"] == "EUR"
    assert answer["settings"]["motions"] == {"fair": "acquisition"}
    assert "margin_rate = 0.4" in run("settings")[1]
    assert run("settings", "--margin-rate", "40")[0] == 4


def test_an_empty_workspace_has_too_little_for_a_case(run_json):
    status, answer = run_json("case")
    assert (status, answer["verdict"]) == (5, None)


def test_the_sample_company_makes_a_case(run, run_json):
    status, out, _ = run("sample")
    assert status == 0
    assert out.startswith("The workspace holds the sample company.")
    status, case = run_json("case", "--from", "2025-10-01", "--to", "2026-09-30")
    assert status == 0
    revenue = case["revenue"]
    assert revenue["total"] == pytest.approx(
        revenue["new"] + revenue["referral"] + revenue["reorder"], abs=0.005
    )
    assert case["window"]["first"] == "2025-10-01"
    assert case["snapshot"] == run_json("uploads")[1]["snapshot"]


def test_a_file_that_is_not_there_is_wrong_usage_in_a_sentence(run, tmp_path):
    status, out, err = run("ingest", "sales", tmp_path / "none.csv")
    assert (status, out, err) == (2, "", f"There is no file {tmp_path / 'none.csv'}.\n")


def test_wrong_usage_is_status_2(run, write, directory, capsys):
    where = ["--workspace", str(directory)]
    file = str(write(GOOD))
    assert "invalid choice: 'orders'" in usage(["ingest", "orders", file, *where], capsys)
    assert "--workspace" in usage(["uploads"], capsys)
    assert "2026Q9" in usage(["ingest", "sales", file, "--period", "2026Q9", *where], capsys)
    assert "CODE=CHOICE" in usage(["ingest", "sales", file, "--answer", "E_DATE", *where], capsys)
    assert "no day" in usage(["case", "--from", "31.12.2026", *where], capsys)
    status, _, err = run("ingest", "sales", file, "--replace-period")
    assert (status, err.count("\n")) == (2, 1)
    assert "--period" in err
    assert not directory.exists()


def test_a_workspace_in_use_is_refused_in_a_sentence(directory, write, monkeypatch):
    """From another process, as two jobs would meet."""
    from analytics.warehouse.store import Workspace

    with Workspace.open(directory):
        command = [sys.executable, "-m", "analytics", "uploads", "--workspace", str(directory)]
        environment = {**os.environ, "FLIPPED_FUNNEL_WAIT": "0"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 4
    assert done.stdout == ""
    assert f"in use by process {os.getpid()}" in done.stderr
    assert done.stderr.count("\n") == 1


def started(*arguments, cwd=None, **settings) -> subprocess.CompletedProcess:
    """The program as a job starts it: a process of its own; its output in bytes."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "FLIPPED_FUNNEL_WAIT": "0", **settings}
    command = [sys.executable, "-m", "analytics", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False, cwd=cwd)


def test_with_json_a_refusal_is_one_object_too(run, write, directory, tmp_path):
    file = write(GOOD)
    for status, words, arguments in (
        (2, "There is no file", ("ingest", "sales", tmp_path / "none.csv")),
        (2, "There is no file", ("ingest", "sales", tmp_path)),
        (4, "There is no upload 'u9'", ("undo", "u9")),
        (4, "is a file", ("export", file)),
        (4, "holds other files", ("export", tmp_path)),
        (4, "cannot be written", ("workbook", tmp_path / "no" / "x.xlsx")),
        (4, "between 0 and 1", ("settings", "--margin-rate", "40")),
        (2, "before it begins", ("case", "--from", "2026-02-01", "--to", "2026-01-01")),
        (4, "is no backup", ("backup", file)),
    ):
        if arguments[0] in ("workbook", "backup"):
            run("ingest", "sales", file)
        found, out, err = run(*arguments, "--json")
        assert out.count("\n") == err.count("\n") == 1
        error = json.loads(out)["error"]
        assert (found, error["status"]) == (status, status)
        assert words in error["text"]
        assert error["text"] == err.strip()


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["ingest", "orders", "x"], ["case", "--from", "x"], ["undo"]]
)
def test_with_json_wrong_usage_is_one_object_too(arguments, directory, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "--workspace", str(directory), "--json"])
    assert stopped.value.code == 2
    assert json.loads(capsys.readouterr().out)["error"]["status"] == 2
    assert not directory.exists()


def test_a_workspace_where_none_can_be_is_refused_in_a_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        assert main(["uploads", "--workspace", str(place), "--json"]) == 4
        assert "cannot be made" in json.loads(capsys.readouterr().out)["error"]["text"]


def test_names_that_are_no_text_are_read_and_shown_as_far_as_they_are(tmp_path, write):
    file = os.fsencode(tmp_path) + b"/q\xff\xe9.csv"
    os.rename(write(GOOD), file)
    company = str(tmp_path / "company")
    done = started("ingest", "sales", file, "--workspace", company, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["rows"]["read"] == 2
    done = started("ingest", "sales", b"none\xff", "--workspace", company, "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["text"]) == (2, "There is no file none?.")
    for command in (
        ["uploads", "--workspace", b"company\xff"],
        ["export", b"out\xff", "--workspace", company],
    ):
        done = started(*command, "--json", cwd=tmp_path)
        assert done.returncode == 4
        assert "no text" in json.loads(done.stdout)["error"]["text"]


def test_korean_is_written_whatever_the_terminal_says(tmp_path):
    quiet = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = started("case", "--language", "ko", "--workspace", str(tmp_path), **quiet)
    assert done.returncode == 5
    assert "주문" in done.stdout.decode("utf-8")


def test_an_answer_that_cannot_be_written_is_said_and_one_that_nobody_reads_is_none(tmp_path):
    command = f"exec {sys.executable} -m analytics uploads --json --workspace {tmp_path / 'company'}"
    for end, status, words in (
        (" >/dev/full", 4, "could not be written"),
        (" >&-", 0, ""),
        (" | true", 0, ""),
    ):
        shell = ["bash", "-c", command + end]
        done = subprocess.run(shell, capture_output=True, text=True, check=False, cwd=REPOSITORY)
        assert (done.returncode, done.stdout) == (status, ""), end
        assert words in done.stderr
        assert done.stderr.count("\n") == bool(words)


def test_a_clock_set_back_changes_no_order_of_uploads(run_json, write, monkeypatch):
    from datetime import datetime

    from analytics.warehouse import ledger

    run_json("ingest", "sales", write(GOOD))
    monkeypatch.setattr(ledger, "now", lambda: datetime(1999, 12, 31, 23, 59))
    corrected = [GOOD[0], GOOD[1].replace("120.50", "130.50")]
    status, receipt = run_json("ingest", "sales", write(corrected, "later.csv"))
    assert status == 0
    newest, first = run_json("uploads")[1]["uploads"]
    assert newest["when"] < first["when"]
    assert run_json("case")[1]["revenue"]["total"] == 210.5
    run_json("undo", receipt["upload_id"])
    assert run_json("case")[1]["revenue"]["total"] == 200.5
    assert run_json("doctor", "--deep")[1]["sound"] is True


def test_a_backup_is_restored_and_a_lost_database_recovered(run, run_json, write, directory, tmp_path):
    run_json("ingest", "sales", write(GOOD))
    snapshot = run_json("uploads")[1]["snapshot"]
    file = tmp_path / "b.zip"
    status, made = run_json("backup", file)
    assert (status, made["uploads"], made["snapshot"], made["file"]) == (0, 1, snapshot, str(file))
    assert run("backup", file)[1] == f"{file}: 1 upload.\n"
    status, out, err = run("restore", file, "--json")
    assert (status, "is not empty" in err) == (4, True)
    assert json.loads(out)["error"]["status"] == 4
    (directory / "warehouse.duckdb").unlink()
    status, out, err = run("uploads")
    assert (status, out) == (4, "")
    assert "`recover`" in err
    status, found = run_json("recover")
    assert (status, found) == (0, {"uploads": 1, "standing": 1, "set_aside": None, "snapshot": snapshot})
    status, out, _ = run("recover")
    assert out.startswith("Built anew: 1 of 1 uploads stand.\nWhat was there before is in ")
    os.rename(directory, tmp_path / "away")
    assert run_json("restore", file) == (0, {"uploads": 1, "standing": 1, "snapshot": snapshot})
    assert run_json("doctor", "--deep")[1]["sound"] is True
    assert run("recover", "--without", "u9")[0] == 4


def test_every_command_of_the_program_says_what_it_does(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for command in ("ingest", "uploads", "undo", "sample", "export", "doctor", "settings", "case"):
        assert f"    {command} " in text
