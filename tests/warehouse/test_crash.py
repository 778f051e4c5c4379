"""Whatever is killed at whatever moment: nothing acknowledged is lost, nothing is half there, and it opens again."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from analytics.warehouse import pauses
from analytics.warehouse.store import Workspace

ROWS = 2000


@pytest.fixture(autouse=True)
def heard():
    """Tests that run in the background may ignore interrupts, and so would the processes that they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def write_sales(file, part: int) -> None:
    """One file of orders that no other part has."""
    lines = ["order_id,customer_id,order_date,amount,channel"]
    lines += [
        f"p{part}-{n},c{n % 300},2026-{1 + n % 12:02d}-{1 + n % 28:02d},{n % 90 + 1}.25,search"
        for n in range(ROWS)
    ]
    file.write_text("\n".join(lines) + "\n")


def ingest(directory, file, **environment) -> subprocess.Popen:
    command = [sys.executable, "-m", "analytics", "ingest", "sales", str(file)]
    return subprocess.Popen(
        [*command, "--workspace", str(directory), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def kill(process: subprocess.Popen) -> str:
    """End it at once; what it had said until then."""
    process.send_signal(signal.SIGKILL)
    output, _ = process.communicate()
    return output


def interrupt(process: subprocess.Popen) -> tuple[int, dict]:
    """Ctrl-C: the exit status and the JSON object; what it says is at most one sentence."""
    process.send_signal(signal.SIGINT)
    output, said = process.communicate()
    assert len(said.splitlines()) <= 1, said
    return process.returncode, json.loads(output)


def look(directory, acknowledged: set[str]) -> float:
    """Open the workspace after a crash, check it, and give the seconds that opening took."""
    started = time.perf_counter()
    workspace = Workspace.open(directory, wait_seconds=30)
    seconds = time.perf_counter() - started
    with workspace:
        entries = {entry.upload_id for entry in workspace.entries}
        assert workspace.losses == ()
        assert acknowledged <= entries
        assert workspace.doctor(deep=True) == ()
        orders = workspace.fingerprint()["orders"]
        assert orders.startswith(f"{ROWS * len(entries)}:")
        assert {f.name for f in (directory / "uploads").iterdir()} == {f"{u}.parquet" for u in entries}
    return seconds


def acknowledged_in(output: str) -> set[str]:
    """The upload that a receipt names; none if the process did not live to write it."""
    return {json.loads(output)["upload_id"]} if output.strip() else set()


@pytest.mark.parametrize("point", pauses.POINTS)
def test_a_kill_at_every_step_of_an_upload_leaves_all_or_nothing(tmp_path, point):
    directory = tmp_path / "company"
    write_sales(tmp_path / "one.csv", 1)
    process = ingest(directory, tmp_path / "one.csv", FLIPPED_FUNNEL_TEST_PAUSE=point)
    assert process.stderr.readline() == f"paused: {point}\n"
    kill(process)
    print(f"opened again after {look(directory, set()):.2f} s")
    with Workspace.open(directory) as workspace:
        whole = point in ("committed", "journal")
        assert len(workspace.entries) == (1 if whole else 0)
        receipt = workspace.ingest(tmp_path / "one.csv", "sales")
        assert receipt.committed is not whole
        assert workspace.doctor() == ()


@pytest.mark.parametrize("point", pauses.POINTS)
def test_an_interrupt_at_every_step_of_an_upload_leaves_all_or_nothing_and_one_sentence(tmp_path, point):
    directory = tmp_path / "company"
    write_sales(tmp_path / "one.csv", 1)
    process = ingest(directory, tmp_path / "one.csv", FLIPPED_FUNNEL_TEST_PAUSE=point)
    assert process.stderr.readline() == f"paused: {point}\n"
    status, answer = interrupt(process)
    assert (status, answer["error"]["status"]) == (4, 4)
    look(directory, set())
    with Workspace.open(directory) as workspace:
        whole = point in ("committed", "journal")
        assert len(workspace.entries) == len(workspace._books.journal.uploaded) == (1 if whole else 0)
        receipt = workspace.ingest(tmp_path / "one.csv", "sales")
        assert receipt.committed is not whole
        assert workspace.doctor() == ()


# Some of these moments are inside the commit, and some in the look at what it left.
@pytest.mark.parametrize("seconds", [0.001, 0.01, 0.03])
def test_an_interrupt_during_the_commit_leaves_all_or_nothing(tmp_path, seconds):
    interrupt_inside_the_commit(tmp_path, seconds)


@pytest.mark.slow
def test_an_interrupt_at_a_random_moment_of_the_commit_leaves_all_or_nothing(tmp_path):
    moments = random.Random(13)
    whole = 0
    for number in range(10):
        place = tmp_path / str(number)
        place.mkdir()
        whole += interrupt_inside_the_commit(place, 10 ** moments.uniform(-3, -0.7))
    print(f"{whole} of 10 were stored, the others were not")


def interrupt_inside_the_commit(place, seconds: float) -> bool:
    """Ctrl-C so many seconds after the commit was begun; whether the upload is there, which is whole or not at all."""
    write_sales(place / "one.csv", 1)
    process = ingest(
        place / "company", place / "one.csv", FLIPPED_FUNNEL_TEST_PAUSE="before commit for a moment"
    )
    assert process.stderr is not None
    process.stderr.readline()  # it goes on by itself, into the commit
    time.sleep(seconds)
    status, answer = interrupt(process)
    look(place / "company", set() if status else {answer["upload_id"]})
    with Workspace.open(place / "company") as workspace:
        whole = len(workspace.entries) == 1
        receipt = workspace.ingest(place / "one.csv", "sales")
        assert receipt.committed is not whole
        assert workspace.doctor() == ()
    return whole


@pytest.mark.slow
def test_a_kill_at_a_random_moment_of_an_upload_leaves_all_or_nothing(tmp_path):
    directory, moments = tmp_path / "company", random.Random(7)
    write_sales(tmp_path / "first.csv", 0)
    started = time.perf_counter()
    process = ingest(directory, tmp_path / "first.csv")
    acknowledged = acknowledged_in(process.communicate()[0])
    whole_seconds = time.perf_counter() - started
    opened = []
    for part in range(1, 31):
        write_sales(tmp_path / "next.csv", part)
        process = ingest(directory, tmp_path / "next.csv")
        time.sleep(moments.uniform(0.4, 1.6) * whole_seconds)
        new = acknowledged_in(kill(process))
        whole_seconds *= 0.9 if new else 1.1  # a busy machine: the moments stay around the commit
        acknowledged |= new
        opened.append(look(directory, acknowledged))
    print(f"{len(acknowledged)} of 31 acknowledged; opened again after {max(opened):.2f} s at the most")


@pytest.mark.slow
def test_a_kill_inside_the_commit_leaves_all_or_nothing(tmp_path):
    directory, moments = tmp_path / "company", random.Random(11)
    acknowledged: set[str] = set()
    opened, commit_seconds = [], 0.0
    for part in range(11):
        write_sales(tmp_path / "next.csv", part)
        process = ingest(
            directory, tmp_path / "next.csv", FLIPPED_FUNNEL_TEST_PAUSE="before commit for a moment"
        )
        assert process.stderr is not None
        process.stderr.readline()  # it goes on by itself, into the commit
        if part == 0:  # lives, to see how long a commit and its receipt take
            started = time.perf_counter()
            acknowledged |= acknowledged_in(process.communicate()[0])
            commit_seconds = time.perf_counter() - started
        else:
            time.sleep(commit_seconds * 10 ** moments.uniform(-3, 0))  # most of it passes at the start
            acknowledged |= acknowledged_in(kill(process))
            opened.append(look(directory, acknowledged))
    print(f"{len(acknowledged)} of 11 acknowledged; opened again after {max(opened):.2f} s at the most")
