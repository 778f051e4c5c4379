"""Cohorts, channel × month and churn: ours against what one would write by hand, and against one scan of the orders.

    python -m benchmarks.retention --rows 1e6 --rows 1e7 --repeats 3 --customers 1e6

The workspace is made on the spot and not timed: all orders in one export. The floor is one sum over the amounts of all
orders. Peers begin with the orders as a Parquet file of customer, day, channel and amount, read by themselves. A view of
ours is taken from the cube that was built when the file was loaded; building the two marts is a row of its own, and so
is what each customer did in each month, which they and the marts of customers and histories are made from. The churn model is learnt and then asked for all customers of a simulated company, twelve numbers, a channel, a segment and the
tenure each, and is judged on another company made in the same way; the peer is plain gradient boosting of 100 rounds.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Run, in_turn, middle, print_table
from benchmarks.orders import write_orders

WORKSPACE = "benchmark"
VIEWS = 50
DUCKDB_COHORTS = """
with firsts as (select customer_id, date_trunc('month', min(day)) as cohort from read_parquet($file) group by 1)
select cohort, datediff('month', cohort, date_trunc('month', day)) as age, count(distinct o.customer_id), sum(amount)
from read_parquet($file) o join firsts using (customer_id)
group by 1, 2
"""
DUCKDB_CHANNELS = """
select channel, date_trunc('month', day), count(distinct customer_id), count(*), sum(amount)
from read_parquet($file)
group by 1, 2
"""


def prepare(home: Path, rows: int) -> None:
    import duckdb

    from analytics.warehouse.store import Workspace

    export = home / "orders.csv"
    write_orders(export, rows)
    with Workspace.open(home / WORKSPACE) as workspace:
        receipt = workspace.ingest(export, "sales")
        if not receipt.committed:
            raise SystemExit(f"The orders were not loaded: {receipt.reading.messages}")
    export.unlink()
    with duckdb.connect(str(home / WORKSPACE / "warehouse.duckdb"), read_only=True) as con:
        con.execute(
            "copy (select customer_id, day, acquired_channel as channel, amount::double as amount from orders) "
            "to $file (format parquet)",
            {"file": str(home / "orders.parquet")},
        )


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def scan(home: Path) -> dict:
    import duckdb

    with duckdb.connect(str(home / WORKSPACE / "warehouse.duckdb"), read_only=True) as con:
        query = "select sum(amount), count(*) from orders"
        con.execute(query).fetchall()
        return {"scan": timed(lambda: con.execute(query).fetchall())}


def with_pandas(home: Path) -> dict:
    import pandas as pd

    def cohorts():
        orders = pd.read_parquet(home / "orders.parquet")
        month = pd.to_datetime(orders["day"]).dt.to_period("M")
        cohort = month.groupby(orders["customer_id"]).transform("min")
        age = month.astype("int64") - cohort.astype("int64")
        grouped = orders.groupby([cohort.rename("cohort"), age.rename("age")])
        return grouped.agg(customers=("customer_id", "nunique"), revenue=("amount", "sum"))

    def channels():
        orders = pd.read_parquet(home / "orders.parquet")
        month = pd.to_datetime(orders["day"]).dt.to_period("M")
        grouped = orders.groupby(["channel", month.rename("month")])
        return grouped.agg(customers=("customer_id", "nunique"), revenue=("amount", "sum"))

    return {"cohorts": timed(cohorts), "channels": timed(channels)}


def with_duckdb(home: Path) -> dict:
    import duckdb

    file = {"file": str(home / "orders.parquet")}
    with duckdb.connect() as con:
        return {
            "cohorts": timed(lambda: con.execute(DUCKDB_COHORTS, file).df()),
            "channels": timed(lambda: con.execute(DUCKDB_CHANNELS, file).df()),
        }


def ours(home: Path) -> dict:
    from analytics.models.retention import OR_LATER, read_cohorts
    from analytics.warehouse.filters import Filters
    from analytics.warehouse.store import Workspace
    from benchmarks.orders import CHANNELS

    with Workspace.open(home / WORKSPACE) as workspace:
        read_cohorts(workspace)
        begin = time.perf_counter()
        cube = read_cohorts(workspace)
        read = time.perf_counter() - begin
        some = [Filters(channels=(channel,)) for channel in CHANNELS]

        def cohorts():
            for n in range(VIEWS):
                cube.view(some[n % len(some)]).table(OR_LATER)

        def channels():
            for n in range(VIEWS):
                cube.by_channel(some[n % len(some)])

        return {"cohorts": timed(cohorts) / VIEWS, "channels": timed(channels) / VIEWS, "cube": read}


def built(home: Path) -> dict:
    """What the two marts add to a load, and the customers' months, which a load needs for other marts too."""
    from analytics.warehouse.engine import run
    from analytics.warehouse.store import Workspace

    with Workspace.open(home / WORKSPACE) as workspace, workspace._books.engine.cursor() as cursor:
        cursor.execute("begin transaction")
        try:
            # who customers are is at hand during a load, and later still in their own mart
            cursor.execute("create temp view known_customers as select * from customers")
            run(cursor, "staging/numbered_customers")
            return {
                "months": timed(lambda: run(cursor, "staging/customer_month")),
                "build": timed(lambda: build_marts(cursor)),
            }
        finally:
            cursor.execute("rollback")


def build_marts(cursor) -> None:
    """As marts.py does with the customers' months at hand."""
    from analytics.warehouse.engine import run

    for step in (
        "staging/customer_cells",
        "marts/cohort_cube",
        "staging/customer_quarter",
        "marts/revenue_retention",
    ):
        run(cursor, step)


def page(home: Path) -> dict:
    """What the page asks for: first in a fresh process with scikit-learn imported, and again from its cache's point of view."""
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.metrics  # noqa: F401

    from analytics.decisions.leaving import learn, leaving
    from analytics.warehouse.store import Workspace

    with Workspace.open(home / WORKSPACE) as workspace:
        begin = time.perf_counter()
        learnt = learn(workspace)
        learning = time.perf_counter() - begin
        return {"learn": learning, "leaving": timed(lambda: leaving(workspace, learnt=learnt))}


def simulated(customers: int, seed: int):
    """Customers with rates and lifetimes of their own: (features as read_features gives them, no order came)."""
    import numpy as np
    import pandas as pd

    draw = np.random.default_rng(seed)
    tenure, rate, leaves = (
        draw.uniform(30, 720, customers),
        draw.gamma(0.8, 1 / 60, customers),
        draw.beta(1.2, 4, customers),
    )
    left = draw.exponential(1 / np.maximum(rate * leaves, 1e-6))
    active = np.minimum(tenure, left)
    repeats = draw.poisson(rate * active)
    last = np.where(repeats > 0, active * draw.random(customers) ** (1 / np.maximum(repeats, 1)), 0)
    channel, segment = draw.integers(0, 6, customers), draw.integers(0, 3, customers)
    push = 1 + 0.2 * (segment == 1) - 0.2 * (channel == 2)
    back = (left > tenure) & (draw.random(customers) < 1 - np.exp(-rate * 90 * push))
    lately = np.minimum(1, 90 / np.maximum(active, 90))
    value = draw.lognormal(3.5, 0.6, customers) * (repeats + 1)
    frame = pd.DataFrame(
        {
            "cutoff": pd.Timestamp("2026-01-01"),
            "orders": repeats + 1,
            "order_days": repeats + 1,
            "refunds": draw.binomial(repeats + 1, 0.03),
            "order_value": value,
            "revenue": 0.97 * value,
            "recency_days": np.floor(tenure - last),
            "tenure_days": np.floor(tenure),
            "orders_lately": np.where(tenure - last < 90, draw.binomial(repeats, lately), 0),
            "orders_before": draw.binomial(repeats, lately),
            "orders_same_season": draw.binomial(repeats, 0.2),
            "acquired_channel": np.array([f"channel {n}" for n in range(6)], object)[channel],
            "segment": np.array(["home", "office", "hotel"], object)[segment],
        }
    )
    return frame, ~back


def boosting(customers: int) -> dict:
    """100 rounds on the columns that our own learners see."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    from analytics.models.churn_features import Design

    def learn(features, churned):
        design = Design(features)
        trees = HistGradientBoostingClassifier(max_iter=100, early_stopping=False)
        trees.fit(design.columns(features).to_numpy(), churned)
        return lambda others: trees.predict_proba(design.columns(others).to_numpy())[:, 1]

    return learnt_and_judged(customers, learn)


def churn_model(customers: int) -> dict:
    import sklearn.ensemble
    import sklearn.linear_model  # noqa: F401

    from analytics.models.churn_model import ChurnModel

    return learnt_and_judged(customers, lambda features, churned: ChurnModel().fit(features, churned).predict)


def learnt_and_judged(customers: int, learn: Callable) -> dict:
    import numpy as np
    from sklearn.metrics import roc_auc_score

    (features, churned), (others, outcome) = simulated(customers, 1), simulated(customers, 2)
    begin = time.perf_counter()
    predict = learn(features, churned)
    fit = time.perf_counter() - begin
    chance = predict(others)
    return {
        "fit": fit,
        "all": time.perf_counter() - begin,
        "auc": float(roc_auc_score(outcome, chance)),
        "brier": float(np.mean((chance - outcome) ** 2)),
        "off": float(abs(chance.mean() - outcome.mean())),
    }


VIEWERS = {
    "scan": scan,
    "pandas": with_pandas,
    "duckdb": with_duckdb,
    "ours": ours,
    "built": built,
    "page": page,
}
LEARNERS = {"boosting": boosting, "churn": churn_model}


def compare_views(rows: int, repeats: int, home: Path) -> None:
    prepare(home, rows)
    this = [sys.executable, "-m", "benchmarks.retention", "--home", str(home), "--contender"]
    runs = in_turn({name: [*this, name] for name in VIEWERS}, repeats)
    base = middle_of(runs["scan"], "scan")
    lines = [
        ("floor: one scan of the orders", "scan", "scan"),
        ("cohort table, pandas", "pandas", "cohorts"),
        ("cohort table, DuckDB", "duckdb", "cohorts"),
        ("cohort table, ours: a view", "ours", "cohorts"),
        ("channel × month, pandas", "pandas", "channels"),
        ("channel × month, DuckDB", "duckdb", "channels"),
        ("channel × month, ours: a view", "ours", "channels"),
        ("ours: cube into memory, once", "ours", "cube"),
        ("ours: customers' months, for other marts too, once per load", "built", "months"),
        ("ours: the two marts from them, once per load", "built", "build"),
        ("ours: forecast learnt and judged, once per load", "page", "learn"),
        ("ours: who is leaving, once per filter", "page", "leaving"),
    ]
    table = [
        (label, f"{1000 * middle_of(runs[who], what):,.2f}", f"{middle_of(runs[who], what) / base:,.2f}",
         f"{middle(runs[who]).peak_mb:,.0f}")
        for label, who, what in lines
    ]  # fmt: skip
    print_table(
        f"Retention of {rows:,} orders, medians of {repeats}",
        ("work", "ms", "x scan", "peak MB of the process"),
        table,
    )


def compare_learners(customers: int, repeats: int) -> None:
    this = [sys.executable, "-m", "benchmarks.retention", "--customers", str(customers), "--contender"]
    runs = in_turn({name: [*this, name] for name in LEARNERS}, repeats)
    names = {"boosting": "gradient boosting, 100 rounds", "churn": "ours"}
    base = middle_of(runs["boosting"], "fit")
    table = [
        (names[name], *[f"{middle_of(mine, what):.2f}" for what in ("fit", "all")],
         f"{middle_of(mine, 'fit') / base:.2f}", *[f"{middle_of(mine, what):.4f}" for what in ("auc", "brier", "off")],
         f"{middle(mine).peak_mb:,.0f}")
        for name, mine in runs.items()
    ]  # fmt: skip
    header = (
        "churn model",
        "learnt, s",
        "and asked, s",
        "x boosting",
        "AUC",
        "Brier",
        "mean off by",
        "peak MB",
    )
    print_table(f"Churn of {customers:,} customers × 15, medians of {repeats}", header, table)


def middle_of(runs: list[Run], what: str) -> float:
    return sorted(run.answer[what] for run in runs)[len(runs) // 2]


def main() -> None:
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")  # as the dashboard does
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=float, action="append", help="number of orders; may be repeated")
    parser.add_argument("--customers", type=float, default=1e6, help="of the churn model")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--contender", choices=(*VIEWERS, *LEARNERS), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        who = arguments.contender
        answer = VIEWERS[who](arguments.home) if who in VIEWERS else LEARNERS[who](int(arguments.customers))
        print(json.dumps(answer))
        return
    for rows in arguments.rows or [1e6]:
        with tempfile.TemporaryDirectory() as directory:
            compare_views(int(rows), arguments.repeats, Path(directory))
    compare_learners(int(arguments.customers), arguments.repeats)


if __name__ == "__main__":
    main()
