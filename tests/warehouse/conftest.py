"""Workspaces for tests of the warehouse."""

import pytest

from analytics.warehouse.store import Workspace


@pytest.fixture
def workspace(tmp_path):
    with Workspace.open(tmp_path / "company") as opened:
        yield opened
