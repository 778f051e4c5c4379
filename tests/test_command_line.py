"""The command line: exit statuses, one JSON object, and a first line that is the answer."""

import json
import os
import subprocess
import sys

import pytest

from analytics.commands import main

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
    assert run_json("uploads")[1]["uploads"][0]["answers"] == {question["code"]: choice}


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


def test_every_command_of_the_program_says_what_it_does(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for command in ("ingest", "uploads", "undo", "sample", "export", "doctor", "settings", "case"):
        assert f"    {command} " in text
