"""The case from a warm workspace, as a library call and as a page, against one scan of the orders.

    python -m benchmarks.case_page --rows 1e7 --repeats 3

The workspace is made on the spot and not timed: all orders in one export, spend of eight channels and two
programmes. The floor is one sum over the amounts of all orders. `first` is the first call in a fresh process
(imports and opening not counted), `again` the next call in the same process.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import REPOSITORY, Run, in_turn, middle, print_table
from benchmarks.orders import write_orders, write_spend

WORKSPACE = "benchmark"


def prepare(home: Path, rows: int) -> None:
    from analytics.warehouse.store import Workspace

    exports = {"sales": home / "orders.csv", "spend": home / "spend.csv"}
    write_orders(exports["sales"], rows)
    write_spend(exports["spend"])
    with Workspace.open(home / WORKSPACE) as workspace:
        for kind, file in exports.items():
            receipt = workspace.ingest(file, kind)
            file.unlink()
            if not receipt.committed:
                raise SystemExit(f"{kind} was not loaded: {receipt.reading.messages}")
        workspace.change_settings(margin_rate=0.4)


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def scan(home: Path) -> dict:
    import duckdb

    with duckdb.connect(str(home / WORKSPACE / "warehouse.duckdb"), read_only=True) as con:
        query = "select sum(amount), count(*) from orders"
        con.execute(query).fetchall()
        return {"first": timed(lambda: con.execute(query).fetchall())}


def call(home: Path) -> dict:
    from analytics.decisions.case import case
    from analytics.warehouse.store import Workspace

    with Workspace.open(home / WORKSPACE) as workspace:
        return {
            "first": timed(lambda: case(workspace).sentence),
            "again": timed(lambda: case(workspace).sentence),
        }


def page(home: Path) -> dict:
    from streamlit.testing.v1 import AppTest

    os.environ["FLIPPED_FUNNEL_HOME"] = str(home)
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=600)
    app.query_params["workspace"] = WORKSPACE
    times = {"first": timed(app.run), "again": timed(app.run)}
    if app.exception:
        raise SystemExit(str(app.exception))
    return times


CONTENDERS = {"scan": scan, "call": call, "page": page}
NAMES = {"scan": "floor: one scan of the orders", "call": "case, library call", "page": "case, page run"}


def compare(rows: int, repeats: int, home: Path) -> None:
    prepare(home, rows)
    this = [sys.executable, "-m", "benchmarks.case_page", "--home", str(home), "--contender"]
    runs = in_turn({name: [*this, name] for name in CONTENDERS}, repeats)
    base = middle_of(runs["scan"], "first")
    table = []
    for name, ours in runs.items():
        for when in ("first", "again"):
            if when in ours[0].answer:
                seconds = middle_of(ours, when)
                peak = f"{middle(ours).peak_mb:,.0f}"
                table.append(
                    (f"{NAMES[name]}, {when}", f"{1000 * seconds:,.1f}", f"{seconds / base:,.1f}", peak)
                )
    print_table(
        f"Case on {rows:,} orders, medians of {repeats}",
        ("work", "ms", "x scan", "peak MB of the process"),
        table,
    )


def middle_of(runs: list[Run], when: str) -> float:
    return sorted(run.answer[when] for run in runs)[len(runs) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=float, default=1e7, help="number of orders")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        print(json.dumps(CONTENDERS[arguments.contender](arguments.home)))
        return
    with tempfile.TemporaryDirectory() as directory:
        compare(int(arguments.rows), arguments.repeats, Path(directory))


if __name__ == "__main__":
    main()
