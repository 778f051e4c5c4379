"""Every page on a warm workspace, first and again, against one scan of the orders.

    python -m benchmarks.pages --rows 1e7 --repeats 3
    python -m benchmarks.pages --home somewhere --page value --page retention

The workspace is made on the spot and not timed: all orders in one export, spend of eight channels and two
programmes. With --home it is kept there for the next time. The floor is one sum over the amounts of all orders.
`first` is a page's first run in a fresh process, opening the workspace and what the page imports included;
starting Python and importing Streamlit are not. `again` is the next run in the same process, from the page's cache.
CPU seconds are those of all threads: on a busy machine they tell more than the clock.
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
PAGES = tuple(sorted(file.stem for file in (REPOSITORY / "pages").glob("*.py")))
FLOOR = "floor: one scan of the orders"
HEADER = ("work", "first, s", "first, CPU s", "x scan", "again, ms", "again, CPU ms", "peak MB")


def prepare(home: Path, rows: int) -> None:
    """Make the workspace in `home`; where it is there, it only gets today's marts."""
    from analytics.warehouse.store import Workspace

    if (home / WORKSPACE).exists():
        Workspace.open(home / WORKSPACE).close()
        return
    home.mkdir(parents=True, exist_ok=True)
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


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds by the clock, and CPU seconds of all threads."""
    begin, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - begin, "cpu": time.process_time() - cpu}


def scan(home: Path) -> dict:
    import duckdb

    with duckdb.connect(str(home / WORKSPACE / "warehouse.duckdb"), read_only=True) as con:
        query = "select sum(amount), count(*) from orders"
        orders = con.execute(query).fetchall()[0][1]
        return {"first": timed(lambda: con.execute(query).fetchall()), "orders": orders}


def page(home: Path, name: str) -> dict:
    from streamlit.testing.v1 import AppTest

    os.environ["FLIPPED_FUNNEL_HOME"] = str(home)
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=600)
    app.query_params["workspace"] = WORKSPACE
    app.switch_page(f"pages/{name}.py")
    times = {"first": timed(app.run), "again": timed(app.run)}
    if app.exception or not any("ff-answer" in block.value for block in app.html):
        raise SystemExit(f"The page {name} gave no answer: {app.exception}")
    return times


def compare(names: tuple[str, ...], repeats: int, home: Path) -> None:
    this = [sys.executable, "-m", "benchmarks.pages", "--home", str(home), "--contender"]
    runs = in_turn({name: [*this, name] for name in (FLOOR, *names)}, repeats)
    base = middle_of(runs[FLOOR], "first", "wall")
    print_table(
        f"Pages on {runs[FLOOR][0].answer['orders']:,} orders, medians of {repeats}",
        HEADER,
        [line(name, mine, base) for name, mine in runs.items()],
    )


def line(name: str, mine: list[Run], base: float) -> tuple[str, ...]:
    wall, cpu = (middle_of(mine, "first", what) for what in ("wall", "cpu"))
    again = ("", "")
    if "again" in mine[0].answer:
        again = tuple(f"{1000 * middle_of(mine, 'again', what):,.0f}" for what in ("wall", "cpu"))
    return name, f"{wall:.2f}", f"{cpu:.2f}", f"{wall / base:,.0f}", *again, f"{middle(mine).peak_mb:,.0f}"


def middle_of(runs: list[Run], when: str, what: str) -> float:
    return sorted(run.answer[when][what] for run in runs)[len(runs) // 2]


def main() -> None:
    # the dashboard runs like this, and with modules that were compiled when they were installed
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=float, default=1e7, help="number of orders")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--page", choices=PAGES, action="append", help="all of them by default; may be repeated"
    )
    parser.add_argument(
        "--home", type=Path, help="keeps the workspace; its rows are then those of the first time"
    )
    parser.add_argument("--contender", choices=(FLOOR, *PAGES), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        who, home = arguments.contender, arguments.home
        print(json.dumps(scan(home) if who == FLOOR else page(home, who)))
        return
    with tempfile.TemporaryDirectory() as directory:
        home = (arguments.home or Path(directory)).absolute()
        prepare(home, int(arguments.rows))
        compare(tuple(arguments.page or PAGES), arguments.repeats, home)


if __name__ == "__main__":
    main()
