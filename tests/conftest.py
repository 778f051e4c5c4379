"""What every test stands on: quiet threads, a workspace directory of its own, repeatable examples."""

import os

# Before numpy is imported: its threads are made at import.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import shutil
from collections.abc import Callable
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


@pytest.fixture(scope="session")
def sample(tmp_path_factory, own_home) -> Path:
    """The directory of a workspace with the sample company, made once: look at it, and change nothing."""
    from analytics.warehouse.store import Workspace

    directory = tmp_path_factory.mktemp("sample") / "company"
    with Workspace.open(directory) as workspace:
        workspace.load_sample()
    return directory


@pytest.fixture(scope="module")
def own_sample(sample, tmp_path_factory) -> Path:
    """A copy of it for the tests of one file, which may change it."""
    return shutil.copytree(sample, tmp_path_factory.mktemp("own") / "company")


@pytest.fixture
def ask(capsys) -> Callable[..., tuple[int, dict]]:
    """Runs a command with --json in a workspace; (exit status, the one object that standard output holds)."""
    from analytics.commands import main

    def ask(command: str, directory: Path, *arguments) -> tuple[int, dict]:
        capsys.readouterr()
        status = main([command, "--workspace", str(directory), "--json", *map(str, arguments)])
        printed = capsys.readouterr().out
        assert printed.count("\n") == 1
        return status, json.loads(printed)

    return ask


@pytest.fixture
def asked(ask, own_sample) -> Callable[..., dict]:
    """What a command says of a sample company that may be changed."""

    def asked(command: str, *arguments) -> dict:
        status, found = ask(command, own_sample, *arguments)
        assert status == 0
        return found

    return asked


@pytest.fixture(scope="session")
def two_orders(tmp_path_factory, own_home) -> Path:
    """The directory of a workspace with two orders and nothing else: too little for nearly every question."""
    from analytics.warehouse.store import Workspace

    place = tmp_path_factory.mktemp("two-orders")
    file = place / "sales.csv"
    lines = ["order_id,customer_id,order_date,amount", "S-1,001,2026-07-01,120.50", "S-2,002,2026-07-02,80"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with Workspace.open(place / "company") as workspace:
        assert workspace.ingest(file, "sales").committed
    return place / "company"
