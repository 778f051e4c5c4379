"""A backup is whole or not there, holds what the workspace was built from, and gives it back, checked."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest
from staged_files import load, sale, spend

from analytics.warehouse.backup import back_up, restore
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.store import Workspace


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    directory = tmp_path_factory.mktemp("made") / "company"
    with Workspace.open(directory) as workspace:
        load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10), sale("o2", "bob", "2026-02-05", 5)])
        undone = load(workspace, "spend", [spend("2026-01-01", "search", 3)])
        workspace.undo(undone.upload_id)
        workspace.change_settings(margin_rate=0.4)
        workspace.keep("plan", "autumn", {"search": 10})
    return directory


@pytest.fixture
def company(made_once, tmp_path):
    return shutil.copytree(made_once, tmp_path / "company")


def state(directory) -> tuple:
    with Workspace.open(directory) as workspace:
        assert workspace.doctor(deep=True) == ()
        return workspace.fingerprint(), workspace.snapshot, workspace.entries, workspace.documents("plan")


def rewritten(file, change) -> None:
    """The zip with each (name, content) as `change` gives it back."""
    with zipfile.ZipFile(file) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts:
            archive.writestr(*change(name, content))


def test_what_comes_back_is_what_was_there(company, tmp_path):
    before = state(company)
    made = back_up(company, tmp_path / "b.zip")
    assert (made.uploads, made.files, made.snapshot) == (2, 3, before[1])
    again = restore(tmp_path / "b.zip", tmp_path / "elsewhere" / "company")
    assert (again.uploads, again.standing, again.snapshot) == (2, 1, before[1])
    assert state(tmp_path / "elsewhere" / "company") == before


def test_it_is_made_while_another_process_has_the_workspace_open(company, tmp_path):
    before = state(company)
    command = [sys.executable, "-m", "analytics", "backup", str(tmp_path / "b.zip")]
    with Workspace.open(company):
        done = subprocess.run(
            [*command, "--workspace", str(company), "--json"], capture_output=True, text=True, check=True
        )
    assert json.loads(done.stdout)["snapshot"] == before[1]
    restore(tmp_path / "b.zip", tmp_path / "again")
    assert state(tmp_path / "again") == before


def test_a_line_that_is_being_written_is_left_to_who_writes_it(company, tmp_path):
    with (company / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"event": "up')
    back_up(company, tmp_path / "b.zip")
    assert (company / "journal.jsonl").read_bytes().endswith(b'{"event": "up')
    restore(tmp_path / "b.zip", tmp_path / "again")
    assert len(state(tmp_path / "again")[2]) == 2


def test_nothing_is_restored_over_what_is_there(company, tmp_path):
    back_up(company, tmp_path / "b.zip")
    before = state(company)
    with pytest.raises(WorkspaceError, match="is not empty"):
        restore(tmp_path / "b.zip", company)
    with pytest.raises(WorkspaceError, match="is not empty"):
        restore(tmp_path / "b.zip", tmp_path / "b.zip")
    assert state(company) == before
    (tmp_path / "new").mkdir()
    restore(tmp_path / "b.zip", tmp_path / "new")


def test_a_stored_file_that_was_changed_is_not_backed_up_as_if_it_were_sound(company, tmp_path):
    back_up(company, tmp_path / "b.zip")
    old = (tmp_path / "b.zip").read_bytes()
    file = next((company / "uploads").glob("u0001-*.parquet"))
    for harm in (lambda: file.write_bytes(b"x" * file.stat().st_size), file.unlink):
        harm()
        with pytest.raises(WorkspaceError, match=f"The stored file of {file.stem} is gone or changed"):
            back_up(company, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == old
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b.zip", "company"]


def test_only_an_earlier_backup_is_written_over(company, tmp_path):
    back_up(company, tmp_path / "b.zip")
    back_up(company, tmp_path / "b.zip")
    (tmp_path / "mine.zip").write_text("keep me")
    with pytest.raises(WorkspaceError, match=r"mine\.zip is there and is no backup"):
        back_up(company, tmp_path / "mine.zip")
    with pytest.raises(WorkspaceError, match="is there and is no backup"):
        back_up(company, company)
    assert (tmp_path / "mine.zip").read_text() == "keep me"
    with pytest.raises(WorkspaceError, match="cannot be written: No such file or directory"):
        back_up(company, tmp_path / "no" / "b.zip")
    with pytest.raises(WorkspaceError, match="holds nothing to back up"):
        back_up(tmp_path / "empty", tmp_path / "c.zip")


def other_bytes(name, content):
    return name, content[:-9] + b"x" + content[-8:] if name.endswith(".parquet") else content


def other_journal(name, content):
    return name, content.replace(b"0.4", b"0.5") if name == "journal.jsonl" else content


def longer(name, content):
    return name, content + b"\n" if name == "journal.jsonl" else content


def outside(name, content):
    if name == "backup.json":
        return name, content.replace(b"journal.jsonl", b"../mine.jsonl")
    return name.replace("journal.jsonl", "../mine.jsonl"), content


def unnamed(name, content):
    return name.replace(".parquet", ".set_aside.parquet"), content


def no_note(name, content):
    return name, b"{" if name == "backup.json" else content


@pytest.mark.parametrize("change", [other_bytes, other_journal, longer, outside, unnamed, no_note])
def test_a_backup_that_was_changed_is_refused_and_leaves_nothing(company, tmp_path, change):
    file = tmp_path / "b.zip"
    back_up(company, file)
    rewritten(file, change)
    with pytest.raises(WorkspaceError, match="is damaged, and nothing was restored"):
        restore(file, tmp_path / "new")
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b.zip", "company"]


def test_a_backup_cut_off_or_no_backup_at_all_is_refused(company, tmp_path):
    file = tmp_path / "b.zip"
    back_up(company, file)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(WorkspaceError, match="is damaged"):
        restore(file, tmp_path / "new")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(WorkspaceError, match="is no backup of a workspace"):
        restore(file, tmp_path / "new")
    with pytest.raises(WorkspaceError, match="No such file"):
        restore(tmp_path / "none.zip", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_newer_version_is_refused(company, tmp_path):
    back_up(company, tmp_path / "b.zip")
    rewritten(
        tmp_path / "b.zip", lambda name, content: (name, content.replace(b'"format": 1', b'"format": 2'))
    )
    with pytest.raises(WorkspaceError, match="update the program"):
        restore(tmp_path / "b.zip", tmp_path / "new")
