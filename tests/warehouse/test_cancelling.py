"""Cancelled at whatever moment: either all of it is stored or nothing, and the workspace is as sound as before."""

import random
import threading
import time

import pytest

from analytics.warehouse.errors import Cancelled
from analytics.warehouse.loading import Request
from analytics.warehouse.store import Workspace

ROWS = 4000


def write_orders(file, kind: str, part: int):
    """One file of orders that no other part has."""
    name = "channel" if kind == "sales" else "trigger"
    lines = [f"order_id,customer_id,order_date,amount,{name}"]
    lines += [
        f"{kind}{part}-{n},c{n % 700},2026-{1 + n % 12:02d}-{1 + n % 28:02d},{n % 90 + 1}.25,{name}{n % 5}"
        for n in range(ROWS)
    ]
    file.write_text("\n".join(lines) + "\n")
    return Request(file, kind)


def prepared(workspace, tmp_path, part: int):
    kinds = ("sales", "reorders")
    return [workspace.prepare(write_orders(tmp_path / f"{k}{part}.csv", k, part)) for k in kinds]


def state(workspace):
    files = sorted(file.name for file in (workspace.directory / "uploads").iterdir())
    journal = (workspace.directory / "journal.jsonl").read_text() if workspace.entries else ""
    return workspace.fingerprint(), workspace.entries, workspace.snapshot, files, journal


def stopped_in(phase: str, count: int = 1):
    """A progress function and its stop event, which is set at the step of this phase with this number."""
    stop, seen = threading.Event(), []

    def tell(step) -> None:
        seen.append(step.phase)
        if seen.count(phase) == count:
            stop.set()

    return tell, stop


@pytest.mark.parametrize(("phase", "count"), [("storing", 1), ("computing", 1), ("computing", 40)])
def test_cancelled_before_the_commit_it_leaves_no_trace(workspace, tmp_path, phase, count):
    files = prepared(workspace, tmp_path, 1)
    before = state(workspace)
    tell, stop = stopped_in(phase, count)
    with pytest.raises(Cancelled, match="nothing was changed"):
        workspace.load(files, progress=tell, stop=stop)
    assert state(workspace) == before
    assert workspace.doctor(deep=True) == ()
    assert all(receipt.committed for receipt in workspace.load(files))
    assert workspace.doctor(deep=True) == ()


def test_too_late_to_be_cancelled_it_is_whole(workspace, tmp_path):
    files = prepared(workspace, tmp_path, 1)
    tell, stop = stopped_in("committing")
    assert all(receipt.committed for receipt in workspace.load(files, progress=tell, stop=stop))
    assert stop.is_set()
    assert workspace.doctor(deep=True) == ()


def test_a_statement_that_runs_is_stopped(workspace):
    """It would take minutes: the database itself has to be told."""
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    started = time.perf_counter()
    with pytest.raises(Cancelled), workspace._books.changes(stop=stop) as cursor:
        cursor.execute(
            "create table endless as select hash(a * b) as h, count(*) from range(200000) t(a), range(200000) u(b) group by 1"
        )
    assert time.perf_counter() - started < 30
    assert workspace.fingerprint()["orders"].startswith("0:")


def test_waiting_for_another_change_can_be_cancelled(workspace, tmp_path):
    files = prepared(workspace, tmp_path, 1)
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with workspace._books.lock:
            begun.set()
            over.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    begun.wait(30)
    with pytest.raises(Cancelled):
        workspace.load(files, stop=stop)
    over.set()
    other.join()
    assert workspace.entries == ()


def test_undoing_can_be_cancelled(workspace, tmp_path):
    workspace.load(prepared(workspace, tmp_path, 1))
    before = state(workspace)
    tell, stop = stopped_in("computing", 10)
    with pytest.raises(Cancelled):
        workspace.undo(workspace.entries[0].upload_id, progress=tell, stop=stop)
    assert state(workspace) == before
    assert workspace.doctor(deep=True) == ()


@pytest.mark.slow
def test_cancelled_at_random_moments_it_is_whole_or_nothing(tmp_path):
    moments, directory = random.Random(23), tmp_path / "company"
    with Workspace.open(directory) as workspace:
        began = time.perf_counter()
        workspace.load(prepared(workspace, tmp_path, 0))
        began_loading = time.perf_counter()
        workspace.load(prepared(workspace, tmp_path, 1))
        seconds = 0.5 * (time.perf_counter() - began_loading) + 0.1 * (began_loading - began)
    stored = 2
    for part in range(2, 42):
        with Workspace.open(directory) as workspace:
            files, before, stop = prepared(workspace, tmp_path, part), state(workspace), threading.Event()
            timer = threading.Timer(moments.uniform(0, 1.3 * seconds), stop.set)
            timer.start()
            try:
                receipts = workspace.load(files, stop=stop)
            except Cancelled:
                assert state(workspace) == before
            else:
                assert all(receipt.committed for receipt in receipts)
                stored += 1
            timer.cancel()
            check(workspace, stored, deep=part % 10 == 0)
        with Workspace.open(directory) as workspace:  # the journal says the same as the ledger
            check(workspace, stored, deep=False)
    print(f"{stored - 2} of 40 were stored, {42 - stored} were cancelled")
    assert 2 < stored < 42


def check(workspace: Workspace, stored: int, deep: bool) -> None:
    assert workspace.losses == ()
    assert len(workspace.entries) == 2 * stored
    assert workspace.doctor(deep=deep) == ()
    assert workspace.fingerprint()["orders"].startswith(f"{2 * ROWS * stored}:")
    assert len(list((workspace.directory / "uploads").iterdir())) == 2 * stored
