"""Attribution from raw touches and from compressed journeys, against a plain Markov model and one scan.

    python -m benchmarks.attribution --rows 2e7 --repeats 3

Data: a quarter as many people as touches, ten channels of unlike size, one person in ten buys. The floor is one scan
of the touches. The peer is what the field's packages do, in pandas and numpy: paths by sorting and grouping in memory,
then the transition matrix and removal effects by simulated walks (`walks` of them); its credit differs from the exact
one by the chance in them. Ours: `marts` sorts the contacts and the ends of journeys in SQL, as at an upload; `journeys`
reads them and cuts them at orders and by the look-back; `compress` finds the distinct paths; then every model on these,
each made ready and applied once, from nothing but the paths.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from analytics.models.attribution import credit
from benchmarks.measure import in_turn, middle, print_table

CHANNELS = 10
WALKS = 100_000
MOST_STEPS = 50
MODELS = (
    *((name, name, 1) for name in ("first", "last", "last_non_direct", "linear", "position", "time_decay")),
    *((f"markov, order {order}", "markov", order) for order in (1, 2, 3)), ("shapley", "shapley", 1),
)  # fmt: skip
TOUCHES = """
create table touchpoints as
select
    'C' || lpad((hash(i) % {people})::varchar, 9, '0') as customer_id,
    date '2026-01-01' + (hash(i + {rows}) % 85)::integer as touched_at,
    'channel_' || least(
        hash(i + 2 * {rows}) % {channels}, hash(i + 3 * {rows}) % {channels}, hash(i + 5 * {rows}) % {channels}
    ) as channel,
    ['awareness', 'interest', 'desire'][1 + (hash(i + 4 * {rows}) % 3)::integer] as stage,
    null::varchar as direction, null::decimal(18, 4) as cost, null::varchar as arm
from range({rows}) as made (i)
"""
CUSTOMERS = """
create table customers as
select
    customer_id, date '2026-03-31' as first_day, date '2026-03-31' as last_day, 'new' as acquired_source,
    'channel_0' as acquired_channel, 'home' as segment, 'north' as region
from (select distinct customer_id from touchpoints)
where hash(customer_id || 'buys') % 10 = 0
"""
ORDERS = """
create table orders as
select
    'O' || customer_id as order_id, customer_id, first_day as day, 50::decimal(18, 4) as amount,
    20::decimal(18, 4) as margin, 'order' as kind, 'new' as source, acquired_channel as channel, acquired_channel,
    null::varchar as trigger, segment, region
from customers
"""
BESIDE = """
create table referral_edges (referred_id varchar, referred_at date, credited boolean);
create table known_names (column_name varchar, name varchar);
"""
STATEMENTS = (
    "marts/journey_channels", "marts/journey_orders", "staging/variables/has_contacts", "marts/journey_contacts",
    "staging/contacted_customers", "staging/journey_ends", "marts/journeys", "staging/drop_journey_ends",
)  # fmt: skip
LOOK_BACK_DAYS = 90
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 12, 31)
ASKED = {
    "leads_to": "first", "first_day": FIRST_DAY, "last_day": LAST_DAY, "segments": [], "regions": [], "channels": [],
}  # fmt: skip


def make(file: Path, rows: int) -> None:
    import duckdb

    with duckdb.connect(str(file)) as con:
        con.execute(TOUCHES.format(rows=rows, people=rows // 4, channels=CHANNELS))
        con.execute(CUSTOMERS)
        con.execute(ORDERS)
        con.execute(BESIDE)


def connected(file: Path):
    import duckdb

    return duckdb.connect(
        str(file), config={"preserve_insertion_order": False, "temp_directory": str(file) + ".tmp"}
    )


Took = tuple[
    float, float
]  # seconds on the clock, and of all processors together: these hardly depend on other work


def timed(work: Callable[[], object]) -> Took:
    begin, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - busy


def middle_of(several: Iterable[Took]) -> Took:
    clock, busy = zip(*several, strict=True)
    return median(clock), median(busy)


def scan(file: Path) -> dict:
    with connected(file) as con:
        query = "select max(hash(customer_id, touched_at, channel)) from touchpoints"
        con.execute(query).fetchall()
        return {"parts": {"one scan": timed(lambda: con.execute(query).fetchall())}}


def ours(file: Path) -> dict:
    from analytics.decisions.journeys import asked_for, make_paths, read_events
    from analytics.models.contacts import collect
    from analytics.warehouse.engine import run

    parts: dict[str, Took] = {}
    warm_up()
    with connected(file) as con:
        con.execute("begin transaction")
        parts["marts: contacts and orders of journeys, in SQL"] = timed(
            lambda: [run(con, name) for name in STATEMENTS]
        )

        def query(name: str, **values):
            return run(con, f"queries/{name}", **values).df()

        def journeys():
            ends = query("journey_ends", **ASKED)
            wanted = asked_for(ends, "first", FIRST_DAY, LAST_DAY, LOOK_BACK_DAYS, narrowed=False)
            return ends, collect(read_events(query), [wanted])[0]

        names = query("journey_channels")
        ends, steps = kept(parts, "journeys: read and cut", journeys)
        con.execute("rollback")
    plain, timely = (
        kept(parts, f"compress: {what}", lambda: make_paths(steps, ends, names, with_ages).steps)  # noqa: B023
        for what, with_ages in (("distinct paths", False), ("distinct paths and ages of orders", True))
    )
    for name, model, order in MODELS:
        paths = timely if model == "time_decay" else plain
        parts[f"model: {name}"] = middle_of(timed(lambda: credit(paths, model, order)) for _ in range(5))  # noqa: B023
    credited = credit(plain, "markov")
    return {
        "parts": parts, "journeys": len(steps.length), "paths": len(plain.length), "aged_paths": len(timely.length),
        "credit": dict(zip(credited["channel"], credited["conversions"], strict=True)),
    }  # fmt: skip


def warm_up() -> None:
    """Imports what a first call would import."""
    one = pd.DataFrame({"path": ["a > b"], "conversions": [1.0], "ages_days": ["1 > 0"]})
    for _, model, order in MODELS:
        credit(one, model, order)
    import scipy.sparse.linalg  # noqa: F401


def kept(parts: dict[str, Took], name: str, work: Callable):
    """What the work gives; how long it took goes into `parts`."""
    found = []
    parts[name] = timed(lambda: found.append(work()))
    return found[0]


def simulation(file: Path) -> dict:
    """Paths, transitions and removal effects without SQL and without linear algebra."""
    with connected(file) as con:
        touches = con.execute("select customer_id, touched_at, stage, channel from touchpoints").df()
        buyers = con.execute("select customer_id from customers").df()["customer_id"]
    begin, busy = time.perf_counter(), time.process_time()
    touches = touches.sort_values(["customer_id", "touched_at", "stage", "channel"])
    codes, names = pd.factorize(touches["channel"], sort=True)
    people = touches["customer_id"].to_numpy()
    ends = np.append(people[1:] != people[:-1], True)
    starts = np.append(True, ends[:-1])
    bought = touches["customer_id"].isin(buyers).to_numpy()
    size, start, order, lost = len(names) + 3, len(names), len(names) + 1, len(names) + 2
    target = np.where(ends, np.where(bought, order, lost), np.append(codes[1:], 0))
    counts = np.bincount(codes * size + target, minlength=size * size).reshape(size, size)[:, :]
    counts = counts.astype(float)
    counts[start, : len(names)] = np.bincount(codes[starts], minlength=len(names))
    counts[order, order] = counts[lost, lost] = 1
    rate = walks(counts, start, order, lost, None)
    effects = np.array([1 - walks(counts, start, order, lost, gone) / rate for gone in range(len(names))])
    credited = effects / effects.sum() * len(buyers)
    seconds = time.perf_counter() - begin, time.process_time() - busy
    return {
        "parts": {f"pandas paths, {WALKS:,} simulated walks per channel": seconds},
        "credit": dict(zip(map(str, names), credited.tolist(), strict=True)),
    }


def walks(counts: np.ndarray, start: int, order: int, lost: int, gone: int | None) -> float:
    """The part of simulated journeys that ends in an order; whoever steps on `gone` is lost."""
    rng = np.random.default_rng(1)
    reach = np.cumsum(counts / counts.sum(axis=1, keepdims=True), axis=1)
    at = np.full(WALKS, start)
    for _ in range(MOST_STEPS):
        at = (rng.random(WALKS)[:, None] > reach[at]).sum(axis=1)
        if gone is not None:
            at[at == gone] = lost
    return float((at == order).mean())


CONTENDERS = {"scan": scan, "simulation": simulation, "ours": ours}


def compare(rows: int, repeats: int, directory: Path) -> None:
    file = directory / "touches.duckdb"
    make(file, rows)
    this = [sys.executable, "-m", "benchmarks.attribution", "--file", str(file), "--contender"]
    runs = in_turn({name: [*this, name] for name in CONTENDERS}, repeats)
    base = part(runs["scan"], "one scan")
    lines = [
        (name, part(several, name), f"{middle(several).peak_mb:,.0f}")
        for several in runs.values()
        for name in several[0].answer["parts"]
    ]
    every = middle_of(together(run.answer["parts"].values()) for run in runs["ours"])
    lines.append(("ours, every model from raw touches", every, ""))
    answer = runs["ours"][-1].answer
    print_table(
        f"Attribution of {rows:,} touches: {answer['journeys']:,} journeys, {answer['paths']:,} distinct paths, "
        f"{answer['aged_paths']:,} with ages; medians of {repeats}",
        ("work", "ms", "x scan", "processor ms", "x scan", "peak MB of the process"),
        [
            (
                name,
                f"{1000 * clock:,.1f}",
                f"{clock / base[0]:,.2f}",
                f"{1000 * busy:,.1f}",
                f"{busy / base[1]:,.2f}",
                peak,
            )
            for name, (clock, busy), peak in lines
        ],
    )
    exact, simulated = answer["credit"], runs["simulation"][-1].answer["credit"]
    off = max(abs(simulated[name] / exact[name] - 1) for name in exact)
    print(f"\nSimulated credit is up to {off:.1%} off the exact one.")


def together(several: Iterable[Took]) -> Took:
    clock, busy = zip(*several, strict=True)
    return sum(clock), sum(busy)


def part(runs, name: str) -> Took:
    return middle_of(run.answer["parts"][name] for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=float, default=2e7, help="number of touches")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        print(json.dumps(CONTENDERS[arguments.contender](arguments.file)))
        return
    with tempfile.TemporaryDirectory() as directory:
        compare(int(arguments.rows), arguments.repeats, Path(directory))


if __name__ == "__main__":
    main()
