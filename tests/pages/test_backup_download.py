"""What the data page offers as a backup makes the workspace again."""

import shutil

from streamlit.testing.v1 import AppTest

from analytics.warehouse.backup import restore
from analytics.warehouse.store import Workspace
from pages.shared.downloads import _backup
from tests.pages.conftest import QUICK_SECONDS, answer
from tests.warehouse.staged_files import load, sale


def test_the_backup_of_the_page_is_restored_to_the_same_workspace(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
        content, snapshot, tables = _backup(workspace), workspace.snapshot, workspace.fingerprint()
    (tmp_path / "b.zip").write_bytes(content)
    restore(tmp_path / "b.zip", tmp_path / "again")
    with Workspace.open(tmp_path / "again") as again:
        assert (again.snapshot, again.fingerprint()) == (snapshot, tables)


def test_a_workspace_whose_database_is_gone_says_so_and_offers_another(home, repository):
    with Workspace.open(home / "lost") as workspace:
        load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
    (home / "lost" / "warehouse.duckdb").unlink()
    try:
        app = AppTest.from_file(str(repository / "app.py"), default_timeout=QUICK_SECONDS)
        app.query_params["workspace"] = "lost"
        app.run()
        assert not app.exception
        assert "is gone:" in app.error[0].value
        assert "recover" in app.error[0].value
        app.button[0].click().run()
        assert not app.error
        assert answer(app)
    finally:
        shutil.rmtree(home / "lost")
