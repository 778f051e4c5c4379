"""Referrals: depth, descendants and value below of a forest, ours, the peers and the floor; and the page at full size.

    python -m benchmarks.referrals --edges 1e6 --repeats 3
    python -m benchmarks.referrals --page --customers 3e6 --edges 1e6

The forest is drawn at random, people shuffled: one in four was not referred, the others were by somebody who came
before. All contenders start from the same arrays and must give the same sums. networkx is asked where it is installed
(it is no requirement of the project) and left out with a message where not; recursive SQL is DuckDB walking up from
everybody. The floor is one pass over the edges: how many friends each has, and what they brought. Imports and making
the data are not counted.
"""

import argparse
import importlib
import importlib.util
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import in_turn, middle, print_table

ROOTS = 0.25
WALK = """
with recursive up as (
    select person, referrer, 1 as steps, value from people where referrer >= 0
    union all
    select up.person, people.referrer, up.steps + 1, up.value
    from up join people on people.person = up.referrer
    where people.referrer >= 0
),
below as (
    select referrer as person, count(*) as descendants, sum(value) as value_below from up group by referrer
),
depth as (
    select person, max(steps) as generation from up group by person
)
select
    sum(coalesce(generation, 0))::bigint as generations,
    sum(coalesce(descendants, 0))::bigint as descendants,
    sum(coalesce(value_below, 0)) as value
from people left join below using (person) left join depth using (person)
"""


def drawn(edges: int) -> tuple[np.ndarray, np.ndarray]:
    """Referrer per person (−1: none) and what each is worth, a whole number, so that all sums are exact."""
    random = np.random.default_rng(1)
    size = round(edges / (1 - ROOTS))
    above = (random.random(size) * np.arange(size)).astype(np.int64)
    roots = random.permutation(size)[: size - edges]
    above[roots] = -1
    if above[0] >= 0:
        above[0] = -1
    order = random.permutation(size)
    referrer = np.empty(size, np.int64)
    referrer[order] = np.where(above >= 0, order[above], -1)
    return referrer, random.integers(1, 500, size).astype(float)


def floor(referrer: np.ndarray, value: np.ndarray) -> dict:
    begin = time.perf_counter()
    people = np.flatnonzero(referrer >= 0)
    np.bincount(referrer[people], minlength=len(referrer))
    np.bincount(referrer[people], value[people], len(referrer))
    return {"seconds": time.perf_counter() - begin}


def ours(referrer: np.ndarray, value: np.ndarray) -> dict:
    from analytics.models.referrals import below_everybody, forest

    begin = time.perf_counter()
    found = forest(referrer)
    below = below_everybody(found.referrer, value)
    seconds = time.perf_counter() - begin
    return _sums(seconds, found.generation, found.descendants, below)


def recursive_sql(referrer: np.ndarray, value: np.ndarray) -> dict:
    import duckdb
    import pandas as pd

    frame = pd.DataFrame({"person": np.arange(len(referrer)), "referrer": referrer, "value": value})
    with duckdb.connect() as con:
        con.register("frame", frame)
        con.execute("create table people as select * from frame")
        begin = time.perf_counter()
        found = con.execute(WALK).fetchall()[0]
        return {"seconds": time.perf_counter() - begin, "sums": [float(x) for x in found]}


def with_networkx(referrer: np.ndarray, value: np.ndarray) -> dict:
    nx = importlib.import_module("networkx")

    people = np.flatnonzero(referrer >= 0)
    begin = time.perf_counter()
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(referrer)))
    graph.add_edges_from(zip(referrer[people].tolist(), people.tolist(), strict=True))
    generation, descendants, below = {}, dict.fromkeys(graph, 0), dict.fromkeys(graph, 0.0)
    order = list(nx.topological_sort(graph))
    for person in order:
        above = next(graph.predecessors(person), None)
        generation[person] = 0 if above is None else generation[above] + 1
    for person in reversed(order):
        above = next(graph.predecessors(person), None)
        if above is not None:
            descendants[above] += descendants[person] + 1
            below[above] += below[person] + value[person]
    seconds = time.perf_counter() - begin
    return _sums(
        seconds, *(np.array(list(part.values()), float) for part in (generation, descendants, below))
    )


def _sums(seconds: float, *parts: np.ndarray) -> dict:
    return {"seconds": seconds, "sums": [float(part.sum()) for part in parts]}


CONTENDERS = {"floor": floor, "networkx": with_networkx, "sql": recursive_sql, "ours": ours}
NAMES = {
    "floor": "floor: one pass over the edges",
    "networkx": "networkx",
    "sql": "recursive SQL (DuckDB)",
    "ours": "ours",
}


def compare(edges: int, repeats: int) -> None:
    asked = dict(CONTENDERS)
    if importlib.util.find_spec("networkx") is None:
        print("networkx is not installed and is left out; to compare with it: pip install networkx")
        del asked["networkx"]
    this = [sys.executable, "-m", "benchmarks.referrals", "--edges", str(edges), "--contender"]
    runs = {name: middle(found) for name, found in in_turn({n: [*this, n] for n in asked}, repeats).items()}
    sums = [run.answer["sums"] for run in runs.values() if "sums" in run.answer]
    if any(other != sums[0] for other in sums):
        raise SystemExit(f"The contenders differ: {sums}")
    base = runs["floor"].work_seconds
    rows = [(NAMES[name], f"{run.work_seconds:.3f}", f"{run.work_seconds / base:,.1f}", f"{run.peak_mb:,.0f}")
            for name, run in runs.items()]  # fmt: skip
    header = ("depth, descendants, value", "s", "x floor", "peak MB of the process")
    print_table(f"Forest of {edges:,} referrals, medians of {repeats}", header, rows)


MADE = """
copy (
    with drawn as (
        select i, case when i < $customers then i else (hash(i, 'again') % $customers)::bigint end as customer
        from range($orders) r(i)
    )
    select
        'o' || lpad(i::varchar, 9, '0') as order_id,
        'c' || lpad(customer::varchar, 8, '0') as customer_id,
        date '2024-01-01' + (200 + hash(i, 'day') % 531)::integer as order_date,
        (['search', 'display', 'organic'])[1 + (hash(customer) % 3)::integer] as channel,
        ((500 + hash(i, 'amount') % 20000) / 100)::decimal(18, 2) as amount,
        ((200 + hash(i, 'amount') % 8000) / 100)::decimal(18, 2) as margin,
        (['home', 'office'])[1 + (hash(customer, 's') % 2)::integer] as segment
    from drawn
) to $file (header)
"""
INVITED = """
copy (
    with firsts as (
        select customer_id, min(order_date) as first_day, substr(customer_id, 2)::bigint as customer
        from read_csv($orders_file, types = {'customer_id': 'varchar'}) group by customer_id
    )
    select
        'r' || customer_id as referral_id,
        'c' || lpad((hash(customer, 'who') % greatest(customer, 1))::varchar, 8, '0') as referrer_id,
        customer_id as referred_id,
        first_day - (hash(customer, 'wait') % 60)::integer as referred_at,
        (['content', 'conversation', 'commendation'])[1 + (hash(customer, 'k') % 3)::integer] as kind,
        'converted' as status, 5.00 as reward_cost
    from firsts where customer > 0 order by hash(customer) limit $edges
) to $file (header)
"""


def page(customers: int, edges: int) -> None:
    """The question behind the page, cold and once more, on a workspace of that size."""
    import duckdb

    from analytics.decisions.referrals import referrals
    from analytics.warehouse.store import Workspace

    with tempfile.TemporaryDirectory() as place:
        orders, made = Path(place) / "orders.csv", Path(place) / "referrals.csv"
        with duckdb.connect() as con:
            con.execute(MADE, {"customers": customers, "orders": 2 * customers, "file": str(orders)})
            con.execute(INVITED, {"orders_file": str(orders), "edges": edges, "file": str(made)})
        with Workspace.open(Path(place) / "workspace") as workspace:
            for kind, file in (("sales", orders), ("referrals", made)):
                receipt = workspace.ingest(file, kind)
                if not receipt.committed:
                    raise SystemExit(f"The {kind} were not loaded: {receipt.reading.messages}")
            seconds = []
            for _again in range(3):
                begin = time.perf_counter()
                found = referrals(workspace)
                seconds.append(time.perf_counter() - begin)
    print(found.sentence)
    header = ("the page's question", "s")
    rows = [(name, f"{s:.2f}") for name, s in zip(("first", "second", "third"), seconds, strict=True)]
    print_table(
        f"Referrals of {customers:,} customers, {2 * customers:,} orders, {edges:,} referrals", header, rows
    )


def main() -> None:
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")  # as the dashboard does
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edges", type=float, default=1e6, help="number of referrals")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--page", action="store_true", help="the whole page's question instead of the forest")
    parser.add_argument("--customers", type=float, default=3e6, help="of the page's company")
    parser.add_argument("--contender", choices=tuple(CONTENDERS), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        print(json.dumps(CONTENDERS[arguments.contender](*drawn(int(arguments.edges)))))
    elif arguments.page:
        page(int(arguments.customers), int(arguments.edges))
    else:
        compare(int(arguments.edges), arguments.repeats)


if __name__ == "__main__":
    main()
