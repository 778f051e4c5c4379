"""Two who upload the same quarter at the same moment never double it: two threads, and two processes."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from staged_files import load, sale, table

from analytics.warehouse.store import Workspace

ROUNDS = 50


def quarter(number: int) -> list[dict]:
    return [sale(f"q{number}-{n}", f"c{n}", "2026-01-05", 10) for n in range(20)]


@pytest.mark.parametrize("rounds", [5, pytest.param(ROUNDS, marks=pytest.mark.slow)])
def test_two_threads_that_upload_the_same_quarter_store_it_once(workspace, rounds):
    for number in range(rounds):
        together = threading.Barrier(2)
        receipts = []

        def upload(together=together, receipts=receipts, number=number):
            together.wait()
            receipts.append(load(workspace, "sales", quarter(number)))

        threads = [threading.Thread(target=upload) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stored, same = sorted(receipts, key=lambda r: not r.committed)
        assert (stored.committed, same.committed) == (True, False)
        assert same.same_as == stored.upload_id
    assert table(workspace, "orders", "count(*)") == [(rounds * 20,)]
    assert len(workspace.entries) == rounds
    print(f"{rounds} rounds of two threads: {len(workspace.entries)} uploads, none twice")


def test_readers_always_see_whole_uploads(workspace):
    done = threading.Event()
    seen: list[int] = []

    def look():
        while not done.is_set():
            seen.append(table(workspace, "orders", "count(*)")[0][0])

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(10):
        load(workspace, "sales", quarter(number))
    done.set()
    reader.join()
    assert {count % 20 for count in seen} == {0}
    assert seen == sorted(seen)


CHILD = """
import sys
from staged_files import load, sale
from analytics.warehouse.store import Workspace
for line in sys.stdin:
    rows = [sale(f"q{line.strip()}-{n}", f"c{n}", "2026-01-05", 10) for n in range(20)]
    with Workspace.open(sys.argv[1], wait_seconds=60) as workspace:
        receipt = load(workspace, "sales", rows)
    print(receipt.upload_id or "", receipt.same_as or "", sep=",", flush=True)
"""


def _start(directory) -> subprocess.Popen:
    places = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
    )


@pytest.mark.parametrize("rounds", [3, pytest.param(ROUNDS, marks=pytest.mark.slow)])
def test_two_processes_that_upload_the_same_quarters_store_each_once(tmp_path, rounds):
    with _start(tmp_path / "company") as one, _start(tmp_path / "company") as two:
        for number in range(rounds):
            for process in (one, two):
                process.stdin.write(f"{number}\n")
                process.stdin.flush()
            answers = [process.stdout.readline().strip().split(",") for process in (one, two)]
            (stored, nothing), (none, same) = sorted(answers, reverse=True)
            assert (nothing, none, same) == ("", "", stored)
        for process in (one, two):
            process.stdin.close()
    with Workspace.open(tmp_path / "company") as workspace:
        assert table(workspace, "orders", "count(*)") == [(rounds * 20,)]
        assert workspace.doctor(deep=True) == ()
        print(f"{rounds} rounds of two processes: {len(workspace.entries)} uploads, none twice")
