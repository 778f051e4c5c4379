"""`python -m analytics deck`, `handout`, `workbook`: what they write, say and refuse."""

import json
import zipfile

import pytest

from analytics.commands import main
from analytics.warehouse.store import Workspace

FILES = {"deck": "deck.pptx", "handout": "handout.html", "workbook": "numbers.xlsx"}
KEYS = {"file", "bytes", "snapshot", "slides", "missing", "numbers"}


@pytest.fixture(scope="module")
def core(tmp_path_factory, repository):
    """Without spend the story is short, and quickly told."""
    directory = tmp_path_factory.mktemp("core")
    with Workspace.open(directory) as workspace:
        for kind in ("sales", "reorders", "referrals"):
            assert workspace.ingest(repository / "data" / "sample" / f"{kind}.csv", kind).committed
    return directory


@pytest.fixture(scope="module", params=FILES)
def written(request, core, tmp_path_factory):
    """The command, its file, its exit status and its JSON object."""
    file = tmp_path_factory.mktemp("out") / FILES[request.param]
    with pytest.MonkeyPatch.context() as patch:
        lines = []
        patch.setattr("sys.stdout.write", lines.append)
        status = main([request.param, str(file), "--workspace", str(core), "--json", "--horizon", "6"])
    return request.param, file, status, json.loads("".join(lines))


def test_it_writes_the_file_and_says_what_is_in_it(written, core):
    _command, file, status, answer = written
    assert status == 0
    assert set(answer) == KEYS
    assert answer["file"] == str(file)
    assert answer["bytes"] == file.stat().st_size > 5_000
    with Workspace.open(core) as workspace:
        assert answer["snapshot"] == workspace.snapshot
    assert [slide["key"] for slide in answer["slides"]][:2] == ["question", "sources"]
    assert answer["slides"][0]["headline"].startswith("Not enough data for a verdict.")
    assert "load it as spend" in answer["missing"][0]
    assert answer["numbers"]["revenue_total"] == {
        "value": 994896.05,
        "low": None,
        "high": None,
        "unit": "money",
    }


def test_the_file_is_what_its_name_says(written):
    command, file, _status, _answer = written
    if command == "handout":
        assert file.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
        return
    inside = {"deck": "ppt/presentation.xml", "workbook": "xl/workbook.xml"}[command]
    with zipfile.ZipFile(file) as parts:
        assert inside in parts.namelist()


def test_the_text_names_the_file_first_and_then_the_headlines(core, tmp_path, capsys):
    file = tmp_path / "numbers.xlsx"
    assert main(["workbook", str(file), "--workspace", str(core)]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{file}: ")
    assert rest[0].startswith("  1. Not enough data for a verdict.")


@pytest.mark.parametrize("command", FILES)
def test_without_orders_there_is_nothing_to_show(command, tmp_path, capsys):
    file = tmp_path / FILES[command]
    assert main([command, str(file), "--workspace", str(tmp_path / "empty"), "--json"]) == 5
    answer = json.loads(capsys.readouterr().out)
    assert (answer["file"], answer["bytes"], answer["slides"]) == (None, 0, [])
    assert answer["missing"][0].startswith("No orders are loaded.")
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_refused_in_one_sentence(core, tmp_path, capsys):
    file = tmp_path / "no such folder" / "numbers.xlsx"
    assert main(["workbook", str(file), "--workspace", str(core)]) == 4
    said = capsys.readouterr().err.strip()
    assert said.startswith(f"The file {file} cannot be written (")
    assert "\n" not in said


def test_a_window_that_ends_before_it_begins_is_wrong_usage(core, tmp_path, capsys):
    days = ["--from", "2026-07-01", "--to", "2026-01-01"]
    assert main(["deck", str(tmp_path / "deck.pptx"), "--workspace", str(core), *days]) == 2
    assert "ends" in capsys.readouterr().err
