"""What every test stands on: quiet threads, a workspace directory of its own, repeatable examples."""

import os

# Before numpy is imported: its threads are made at import.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

# A law either holds or it doesn't, on every machine: same examples each time, no time limit for one.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory):
    """No test may touch the workspaces of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLIPPED_FUNNEL_HOME", str(tmp_path_factory.mktemp("home")))
        yield
