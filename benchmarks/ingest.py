"""An export checked and stored: ours against pandas, and both against one count of the file's rows.

    python -m benchmarks.ingest --rows 1e6 --rows 1e7 --repeats 3

The floor is DuckDB's count(*) over the same file (the query alone, the process not counted). The peer is
what an analyst would write with pandas: every column as text, trimmed, days and amounts parsed, faults and
repeated order numbers counted, stored as Parquet. Ours is the command line, whole process, into a fresh
workspace: every check of the contract, the ledger, all tables built; and the reading of the file alone. The
last row is a small upload into the workspace that then holds the orders: whole process again, 240 rows of spend,
after which only the tables that spend enters are built anew. CPU seconds are user and system, of the process
and the child that reads; of the floor and of the reading alone, those of the work that is timed.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Run, cpu_seconds, in_turn, middle, print_table
from benchmarks.orders import write_orders, write_spend

SPEND_ROWS = 240


def floor(file: Path, scratch: Path) -> dict:
    import duckdb

    with duckdb.connect() as con:
        begin, cpu_before = time.perf_counter(), cpu_seconds()
        query = "select count(*) from read_csv($file, header = true, all_varchar = true)"
        [(count,)] = con.execute(query, {"file": str(file)}).fetchall()
        return {"rows": count} | since(begin, cpu_before)


def with_pandas(file: Path, scratch: Path) -> dict:
    import pandas as pd

    orders = pd.read_csv(file, dtype=str, keep_default_na=False)
    for column in orders:
        orders[column] = orders[column].str.strip()
    day = pd.to_datetime(orders["order_date"], format="%Y-%m-%d", errors="coerce")
    amount = pd.to_numeric(orders["amount"], errors="coerce")
    faults = int(day.isna().sum() + amount.isna().sum() + (orders["customer_id"] == "").sum())
    repeated = int(orders.duplicated(["order_id"]).sum())
    orders.assign(order_date=day, amount=amount).to_parquet(scratch / "orders.parquet")
    return {"rows": len(orders), "faults": faults, "repeated": repeated}


def intake(file: Path, scratch: Path) -> dict:
    from analytics.intake.reading import ReadOptions
    from analytics.warehouse.staging import stage

    begin, cpu_before = time.perf_counter(), cpu_seconds()
    reading = stage(file, file.name, "sales", ReadOptions(), scratch)
    return {"rows": reading.rows.accepted} | since(begin, cpu_before)


def since(begin: float, cpu_before: float) -> dict[str, float]:
    return {"seconds": time.perf_counter() - begin, "cpu_seconds": cpu_seconds() - cpu_before}


CONTENDERS = {"floor": floor, "pandas": with_pandas, "intake": intake}
NAMES = {
    "floor": "floor: DuckDB count(*)",
    "pandas": "pandas: text, checks, Parquet",
    "intake": "ours: reading and checks alone",
    "ingest": "ours: the whole of `ingest`",
    "spend": "ours: spend into that workspace",
}


def commands(file: Path, spend: Path, scratch: Path) -> dict[str, list[str]]:
    """In the order of running: spend comes right after the orders, into their workspace."""
    ours = [sys.executable, "-m", "analytics", "ingest"]
    into = ["--workspace", str(scratch), "--json"]
    this = [sys.executable, "-m", "benchmarks.ingest", "--file", str(file), "--scratch", str(scratch)]
    return {name: [*this, "--contender", name] for name in CONTENDERS} | {
        "ingest": [*ours, "sales", str(file), *into],
        "spend": [*ours, "spend", str(spend), *into],
    }


def compare(rows: int, repeats: int, directory: Path) -> None:
    file, spend, scratch = directory / f"orders_{rows}.csv", directory / "spend.csv", directory / "scratch"
    write_orders(file, rows)
    write_spend(spend)

    def afresh(name: str) -> None:
        if name == "spend":
            return
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()

    runs = in_turn(commands(file, spend, scratch), repeats, afresh)
    results = {name: middle(several) for name, several in runs.items()}
    check(results, rows)
    base, peer = results["floor"].work_seconds, results["pandas"].work_seconds
    megabytes = file.stat().st_size / 1e6
    file.unlink()
    print_table(
        f"{rows:,} orders ({megabytes:,.0f} MB), medians of {repeats}",
        ("work", "seconds", "CPU seconds", "x floor", "x pandas", "peak MB"),
        [
            (
                NAMES[name],
                f"{r.work_seconds:.2f}",
                f"{r.cpu_seconds:.2f}",
                f"{r.work_seconds / base:.1f}",
                "" if name == "spend" else f"{r.work_seconds / peer:.2f}",  # pandas did other work
                f"{r.peak_mb:,.0f}",
            )
            for name, r in results.items()
        ],
    )


def check(results: dict[str, Run], rows: int) -> None:
    """Every contender must have loaded all rows of its file."""
    for name, result in results.items():
        found = result.answer["rows"]
        count = found["accepted"] if isinstance(found, dict) else found
        if count != (SPEND_ROWS if name == "spend" else rows):
            raise SystemExit(f"{name} did not load all rows, but {count:,}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=float, action="append", help="number of orders; may be repeated")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        print(json.dumps(CONTENDERS[arguments.contender](arguments.file, arguments.scratch)))
        return
    with tempfile.TemporaryDirectory() as directory:
        for rows in arguments.rows or (1e6, 1e7):
            compare(int(rows), arguments.repeats, Path(directory))


if __name__ == "__main__":
    main()
