"""The 80 % interval of an ROI: ours from sums of powers, against resampling customers, against one scan.

    python -m benchmarks.roi_interval --customers 1e6 --replicates 1000 --repeats 3

Data: margin and incentive of each customer, skewed, most of them nothing. The floor is one sum over the margins.
The peer draws every customer a Poisson(1) number of times and computes the ROI anew, for each replicate. Ours is one
query for the sums of powers and the arithmetic on them; `arithmetic` is the part after the query, `with the range of
the baseline share` the whole comparison of both sides with its draws. The ends must agree with the peer's.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from analytics.decisions import interval, lenses
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.interval import PairSums
from analytics.decisions.lenses import CustomerSums, Evidence
from benchmarks.measure import Run, in_turn, middle, print_table

FIXED_COST = 1e6
SUMS = """
select
    sum(x), sum(y), sum(x * x), sum(x * y), sum(y * y), sum(x * x * x), sum(x * x * y), sum(x * y * y), sum(y * y * y)
from (select margin as x, incentive as y from customers)
"""


def write_customers(file: Path, customers: int) -> None:
    import duckdb

    rng = np.random.default_rng(1)
    margin = rng.gamma(0.8, 50.0, customers) * (rng.random(customers) < 0.4)
    incentive = 0.05 * margin * (rng.random(customers) < 0.5)
    with duckdb.connect(str(file)) as con:
        con.register("made", {"margin": margin, "incentive": incentive})
        con.execute("create table customers as select * from made")


def timed(work: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return median(seconds)


def scan(file: Path, replicates: int) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("select sum(margin) from customers").fetchall()
        return {"seconds": timed(lambda: con.execute("select sum(margin) from customers").fetchall(), 5)}


def resampling(file: Path, replicates: int) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        frame = con.execute("select margin, incentive from customers").fetchnumpy()
    amounts = np.column_stack([frame["margin"], frame["incentive"]])
    rng = np.random.default_rng(2)
    begin = time.perf_counter()
    totals = np.array([rng.poisson(1.0, len(amounts)) @ amounts for _ in range(replicates)])
    low, high = np.quantile(totals[:, 0] / (FIXED_COST + totals[:, 1]) - 1, [0.1, 0.9])
    return {"seconds": time.perf_counter() - begin, "low": low, "high": high}


def sums_of_powers(file: Path, replicates: int) -> dict:
    import duckdb

    def ours():
        sums = PairSums(*con.execute(SUMS).fetchall()[0])
        return interval.of_ratio(sums, FIXED_COST).plus(-1)

    with duckdb.connect(str(file), read_only=True) as con:
        found = ours()
        return {"seconds": timed(ours, 5), "low": found.low, "high": found.high}


def arithmetic(file: Path, replicates: int) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        sums = PairSums(*con.execute(SUMS).fetchall()[0])
    found = interval.of_ratio(sums, FIXED_COST).plus(-1)
    seconds = timed(lambda: interval.of_ratio(sums, FIXED_COST).plus(-1), 1_000)
    return {"seconds": seconds, "low": found.low, "high": found.high}


def comparison(file: Path, replicates: int) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        sums = PairSums(*con.execute(SUMS).fetchall()[0])
    second = np.diag([sums.xx, sums.xx, sums.xx, sums.yy])
    third = np.array([sums.xxx, sums.xxx, sums.xxx, sums.yyy])
    powers = CustomerSums(second, third, sums.xxy, sums.xyy)
    evidence = Evidence(FIXED_COST, 1, sums.x, sums.x, FIXED_COST, sums.y, sums.x, powers)
    return {"seconds": timed(lambda: lenses.incremental(evidence, Assumptions()), 100)}


CONTENDERS = {
    "scan": scan,
    "resampling": resampling,
    "ours": sums_of_powers,
    "arithmetic": arithmetic,
    "comparison": comparison,
}
NAMES = {
    "scan": "floor: one scan",
    "resampling": "resampling",
    "ours": "ours: sums in one query, then arithmetic",
    "arithmetic": "ours: arithmetic alone",
    "comparison": "ours: both sides, with the range of the baseline share",
}


def compare(customers: int, replicates: int, repeats: int, directory: Path) -> None:
    file = directory / "customers.duckdb"
    write_customers(file, customers)
    this = [
        sys.executable,
        "-m",
        "benchmarks.roi_interval",
        "--file",
        str(file),
        "--replicates",
        str(replicates),
    ]
    runs = in_turn({name: [*this, "--contender", name] for name in CONTENDERS}, repeats)
    results = {name: middle(several) for name, several in runs.items()}
    base, peer = results["scan"].work_seconds, results["resampling"].work_seconds
    print_table(
        f"80 % interval of an ROI, {customers:,} customers, {replicates:,} replicates, medians of {repeats}",
        ("work", "ms", "x scan", "resampling / ours", "ends off, of the width", "peak MB"),
        [
            (
                NAMES[name],
                f"{1000 * result.work_seconds:,.2f}",
                f"{result.work_seconds / base:,.2f}",
                f"{peer / result.work_seconds:,.0f}",
                off(result, results["resampling"]),
                f"{result.peak_mb:,.0f}",
            )
            for name, result in results.items()
        ],
    )


def off(ours: Run, resampled: Run) -> str:
    """How far the worse end lies from the resampled one, as a part of the width."""
    if "low" not in ours.answer:
        return ""
    there = resampled.answer
    gaps = [abs(ours.answer[end] - there[end]) for end in ("low", "high")]
    return f"{max(gaps) / (there['high'] - there['low']):.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=float, default=1e6)
    parser.add_argument("--replicates", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        print(json.dumps(CONTENDERS[arguments.contender](arguments.file, arguments.replicates)))
        return
    with tempfile.TemporaryDirectory() as directory:
        compare(int(arguments.customers), arguments.replicates, arguments.repeats, Path(directory))


if __name__ == "__main__":
    main()
