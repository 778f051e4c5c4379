"""Lifetime value, from orders to every customer's expectation: ours, the peers, and the machine's floor.

    python -m benchmarks.lifetime --orders 1e7 --repeats 3

Data are made on the spot: customers who buy and leave as BG/NBD says and spend as Gamma-Gamma says, 731 days, in whole
days. The customer summary is frequency, recency and T of every customer, from the orders; beside it stand the statements
by which a load makes customers and their histories from the orders, which hold much more. Peers: for the summary pandas, and DuckDB by days and then customers, by their
ids, where ours has numbers that a load gives customers anyway; for the fits scipy's L-BFGS-B, with gradient, on one row per customer;
the textbook formulas for every customer. The floor of the summary is one scan of the orders, that of the fit the
aggregation of histories to distinct ones, that of the scores one pass of arithmetic over all customers. Ours and the
peer must reach the same likelihood. Imports are not counted; memory is that of the whole process, its data included.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from analytics.models.lifetime import BetaGeoNBD, GammaGamma
from benchmarks.measure import Run, in_turn, middle, print_table

RATE, RATE_DAYS, LEAVING = 0.6, 60.0, (0.8, 2.5)  # r, alpha, (a, b)
VALUE = (5.0, 4.0, 30.0)  # p, q, v
DAYS, HOLDOUT_DAYS = 731, 90
ORDERS_PER_CUSTOMER = 3.2
KNOWN_CUSTOMERS = """
create table known_customers as
    select
        customer::integer as customer_no, 'c' || lpad(customer::varchar, 7, '0') as customer_id,
        date '2024-01-01' + min(day)::integer as first_day, 'new' as acquired_source,
        'search' as acquired_channel, null::varchar as segment, null::varchar as region,
        null::varchar as referrer_id, 'o' || min(number) filter (is_first) as first_order_id
    from made group by customer
"""
ORDERS = """
create table orders as
    select
        'o' || number as order_id, known_customers.customer_id, date '2024-01-01' + made.day::integer as day,
        made.amount::decimal(18, 4) as amount, null::decimal(18, 4) as margin,
        if(made.is_first, 'new', 'reorder') as source, known_customers.customer_no,
        known_customers.first_day as customer_first_day, known_customers.acquired_source,
        numbered_customers.cohort_no
    from made
    join known_customers on known_customers.customer_no = made.customer
    join numbered_customers on numbered_customers.customer_no = made.customer
"""
SUMMARY = """
select sum(frequency), sum(recency), sum(T)
from (
    select count(*) - 1 as frequency, max(day) - min(day) as recency, date '2025-12-31' - min(day) as T
    from (select distinct {customer}, day from orders where amount > 0)
    group by {customer}
)
"""  # added up, so that nothing but the summary is timed; every column of it is made
CELLS = """
select frequency, recency_days, date '2025-12-31' - first_day as T, count(*) as n
from customer_histories group by all
"""


def simulate(customers: int) -> dict[str, np.ndarray]:
    """Orders: number, customer, day (0 to 730), amount, is_first; one row each."""
    random = np.random.default_rng(1)
    rate, leaving = random.gamma(RATE, 1 / RATE_DAYS, customers), random.beta(*LEAVING, customers)
    begin = random.integers(0, DAYS, customers)
    value = VALUE[0] * VALUE[2] / random.gamma(VALUE[1], 1.0, customers)
    clock, here = begin + random.uniform(size=customers), np.arange(customers)
    who, when = [here], [begin]
    while len(here):
        clock[here] += random.exponential(1 / rate[here])
        here = here[clock[here] < DAYS]
        who.append(here)
        when.append(clock[here].astype(int))
        here = here[random.uniform(size=len(here)) >= leaving[here]]
    customer, day = np.concatenate(who), np.concatenate(when)
    amount = np.round(value[customer] * random.gamma(VALUE[0], 1 / VALUE[0], len(customer)) + 0.01, 2)
    is_first = np.arange(len(customer)) < customers
    number = np.arange(len(customer))
    return {"number": number, "customer": customer, "day": day, "amount": amount, "is_first": is_first}


def prepare(file: Path, orders: int) -> int:
    import duckdb

    made = simulate(int(orders / ORDERS_PER_CUSTOMER))
    with duckdb.connect(str(file)) as con:
        con.execute("set preserve_insertion_order = false")
        con.register("made", made)
        con.execute(KNOWN_CUSTOMERS)
        number_customers(con)
        con.execute(ORDERS)
        summarise(con)
    return len(made["customer"])


def number_customers(con) -> None:
    """The statements that give customers the number of their cohort, which the orders have too."""
    from analytics.warehouse.engine import run

    run(con, "marts/customer_cohorts")
    run(con, "staging/numbered_customers")


def summarise(con) -> None:
    """The statements that make customers and their histories from the orders when something is loaded."""
    from analytics.warehouse.engine import run

    run(con, "staging/customer_month")
    run(con, "staging/customer_spans", holdout_days=HOLDOUT_DAYS)
    for mart in ("customers", "history_groups", "customer_histories"):
        run(con, f"marts/{mart}")


def number_and_summarise(con) -> None:
    number_customers(con)
    summarise(con)


def timed(work: Callable[[], object], times: int = 1) -> float:
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return median(seconds)


def histories(file: Path) -> dict[str, np.ndarray]:
    """One row per customer."""
    import duckdb

    query = """
        select frequency, recency_days, date '2025-12-31' - first_day as T, repeat_revenue::double as value
        from customer_histories
    """
    with duckdb.connect(str(file), read_only=True) as con:
        found = con.execute(query).fetchnumpy()
    x, tx, T, value = (np.asarray(found[name], float) for name in ("frequency", "recency_days", "T", "value"))
    return {"x": x, "tx": tx, "T": T, "z": value / np.maximum(x, 1)}


# Customer summary


def summary_floor(file: Path) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        query = "select max(day), sum(amount) from orders"
        return {"seconds": timed(lambda: con.execute(query).fetchall(), 3)}


def summary_ours(file: Path) -> dict:
    return summary_by(file, "customer_no")


def summary_duckdb(file: Path) -> dict:
    return summary_by(file, "customer_id")


def summary_by(file: Path, customer: str) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("set preserve_insertion_order = false")
        con.execute("select max(day) from orders").fetchall()
        query = SUMMARY.format(customer=customer)
        begin = time.perf_counter()
        frequency, recency, T = con.execute(query).fetchall()[0]
        return {"seconds": time.perf_counter() - begin, "total": int(frequency + recency + T)}


def summary_peer(file: Path) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        frame = con.execute("select customer_id, day from orders where amount > 0").df()
    begin = time.perf_counter()
    days = frame.drop_duplicates()
    found = days.groupby("customer_id", sort=False)["day"].agg(["size", "min", "max"])
    recency = (found["max"] - found["min"]).dt.days
    T = (pd.Timestamp(2025, 12, 31) - found["min"]).dt.days
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "total": int((found["size"] - 1).sum() + recency.sum() + T.sum())}


def mart_ours(file: Path) -> dict:
    import duckdb

    with duckdb.connect(str(file)) as con:
        con.execute("set preserve_insertion_order = false")
        con.execute("begin")
        seconds = timed(lambda: number_and_summarise(con))
        total = con.execute("select sum(frequency) from customer_histories").fetchall()[0][0]
        con.execute("rollback")
    return {"seconds": seconds, "total": int(total)}


def mart_peer(file: Path) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        frame = con.execute("select customer_id, day, amount::double as amount from orders").df()
    begin = time.perf_counter()
    days = frame.groupby(["customer_id", "day"], sort=False)["amount"].sum().reset_index()
    by_customer = days.groupby("customer_id", sort=False)
    found = by_customer.agg(
        frequency=("day", "size"), first=("day", "min"), last=("day", "max"), value=("amount", "sum")
    )
    found["recency"] = (found["last"] - found["first"]).dt.days
    found["T"] = (days["day"].max() - found["first"]).dt.days
    return {"seconds": time.perf_counter() - begin, "total": int((found["frequency"] - 1).sum())}


# Fits


def fit_floor(file: Path) -> dict:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as con:
        con.execute(CELLS).fetchnumpy()
        return {"seconds": timed(lambda: con.execute(CELLS).fetchnumpy(), 3)}


def fit_ours(file: Path) -> dict:
    warm_up()
    data = histories(file)
    begin = time.perf_counter()
    model = BetaGeoNBD().fit(data["x"], data["tx"], data["T"])
    return {
        "seconds": time.perf_counter() - begin,
        "total": model.log_likelihood_,
        **parameters(model, "r alpha a b"),
    }


def fit_peer(file: Path) -> dict:
    from scipy.special import digamma, gammaln

    data = histories(file)
    x, tx, T = data["x"], data["tx"], data["T"]

    def loss(log_parameters):
        r, alpha, a, b = np.exp(log_parameters)
        late, drift = np.log(alpha + T), np.log((alpha + T) / (alpha + tx))
        stay = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        buy = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * late
        with np.errstate(over="ignore"):
            odds = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * np.exp((r + x) * drift), 0.0)
        left = odds / (1 + odds)
        d_r = digamma(r + x) - digamma(r) + np.log(alpha) - late + left * drift
        d_alpha = r / alpha - (r + x) / (alpha + T) + left * (r + x) * (1 / (alpha + T) - 1 / (alpha + tx))
        common = digamma(a + b) - digamma(a + b + x)
        d_a = common + left / a
        d_b = common + digamma(b + x) - digamma(b) - left / (b + np.maximum(x, 1) - 1)
        gradient = np.array([d.sum() for d in (d_r, d_alpha, d_a, d_b)]) * (r, alpha, a, b)
        return -(buy + stay + np.log1p(odds)).sum() / len(x), -gradient / len(x)

    return minimised(loss, np.log([1.0, T.mean(), 1.0, 2.0]), len(x), "r alpha a b")


def gamma_ours(file: Path) -> dict:
    warm_up()
    data = histories(file)
    begin = time.perf_counter()
    model = GammaGamma().fit(data["x"], data["z"])
    return {
        "seconds": time.perf_counter() - begin,
        "total": model.log_likelihood_,
        **parameters(model, "p q v"),
    }


def gamma_peer(file: Path) -> dict:
    from scipy.special import digamma, gammaln

    data = histories(file)
    again = (data["x"] > 0) & (data["z"] > 0)
    x, z = data["x"][again], data["z"][again]

    def loss(log_parameters):
        p, q, v = np.exp(log_parameters)
        px, total = p * x, np.log(v + x * z)
        value = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
        value += (px - 1) * np.log(z) + px * np.log(x) - (px + q) * total
        d_p = x * (digamma(px + q) - digamma(px) + np.log(z) + np.log(x) - total)
        d_q = digamma(px + q) - digamma(q) + np.log(v) - total
        d_v = q / v - (px + q) / (v + x * z)
        gradient = np.array([d.sum() for d in (d_p, d_q, d_v)]) * (p, q, v)
        return -value.sum() / len(x), -gradient / len(x)

    return minimised(loss, np.log([2.0, 3.0, z.mean()]), len(x), "p q v")


def minimised(loss, start: np.ndarray, customers: int, names: str) -> dict:
    from scipy.optimize import minimize

    begin = time.perf_counter()
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-9})
    seconds = time.perf_counter() - begin
    values = dict(zip(names.split(), np.exp(found.x).round(6).tolist(), strict=True))
    return {"seconds": seconds, "total": -float(found.fun) * customers, **values}


# Scores: P(alive) and orders expected in 90 days, of every customer


def score_floor(file: Path) -> dict:
    data = histories(file)
    return {"seconds": timed(lambda: np.exp(np.log((60 + data["T"]) / (60 + data["tx"]))), 3)}


def score_ours(file: Path) -> dict:
    warm_up()
    data, model = histories(file), BetaGeoNBD.of(RATE, RATE_DAYS, *LEAVING)
    history = data["x"], data["tx"], data["T"]
    begin = time.perf_counter()
    alive, orders = model.probability_alive(*history), model.conditional_expected_purchases(90, *history)
    return {"seconds": time.perf_counter() - begin, "total": float(alive.sum() + orders.sum())}


def score_peer(file: Path) -> dict:
    from scipy.special import hyp2f1

    data = histories(file)
    x, tx, T = data["x"], data["tx"], data["T"]
    r, alpha, a, b, t = RATE, RATE_DAYS, *LEAVING, 90
    begin = time.perf_counter()
    odds = a / (b + np.maximum(x, 1) - 1) * ((alpha + T) / (alpha + tx)) ** (r + x)
    alive = 1 / (1 + (x > 0) * odds)
    shape = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
    grown = 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * shape
    orders = (a + b + x - 1) / (a - 1) * grown * alive
    return {"seconds": time.perf_counter() - begin, "total": float(alive.sum() + orders.sum())}


def warm_up() -> None:
    """Imports what a first call would import."""
    x, T = np.array([0.0, 1, 2]), np.array([50.0, 50, 50])
    BetaGeoNBD.of(1, 30, 0.5, 2).conditional_expected_purchases(9, x, x * 9, T)


def parameters(model, names: str) -> dict[str, float]:
    return {name: round(getattr(model, f"{name}_"), 6) for name in names.split()}


WORKS = {
    "customer summary": {"floor": summary_floor, "peer": summary_peer, "ours": summary_ours},
    "the same, peer: DuckDB": {"floor": summary_floor, "peer": summary_duckdb, "ours": summary_ours},
    "marts of customers, histories": {"floor": summary_floor, "peer": mart_peer, "ours": mart_ours},
    "BG/NBD fit": {"floor": fit_floor, "peer": fit_peer, "ours": fit_ours},
    "Gamma-Gamma fit": {"peer": gamma_peer, "ours": gamma_ours},
    "P(alive), expected orders": {"floor": score_floor, "peer": score_peer, "ours": score_ours},
}

BESIDE = ("the same, peer: DuckDB", "marts of customers, histories")  # not among the four that are added up


def compare(orders: int, repeats: int, directory: Path) -> None:
    file = directory / "customers.duckdb"
    made = prepare(file, orders)
    rows, ours, peers = [], 0.0, 0.0
    for work, contenders in WORKS.items():
        this = [
            sys.executable,
            "-m",
            "benchmarks.lifetime",
            "--file",
            str(file),
            "--work",
            work,
            "--contender",
        ]
        runs = in_turn({name: [*this, name] for name in contenders}, repeats)
        results = {name: middle(several) for name, several in runs.items()}
        check(work, results)
        if work not in BESIDE:
            ours, peers = ours + results["ours"].work_seconds, peers + results["peer"].work_seconds
        rows.append(line(work, results))
    rows.append(("all of the four", "", f"{peers:.2f}", f"{ours:.2f}", "", f"{peers / ours:.0f}", ""))
    customers = int(orders / ORDERS_PER_CUSTOMER)
    print_table(
        f"Lifetime value, {made:,} orders of {customers:,} customers, medians of {repeats}",
        ("work", "floor s", "peer s", "ours s", "ours / floor", "peer / ours", "ours peak MB"),
        rows,
    )


def line(work: str, results: dict[str, Run]) -> tuple:
    seconds = {name: result.work_seconds for name, result in results.items()}
    floor = f"{seconds['floor']:.3f}" if "floor" in seconds else ""
    above = f"{seconds['ours'] / seconds['floor']:.1f}" if "floor" in seconds else ""
    peak = f"{results['ours'].peak_mb:,.0f}"
    ratio = f"{seconds['peer'] / seconds['ours']:.1f}"
    return (work, floor, f"{seconds['peer']:.2f}", f"{seconds['ours']:.3f}", above, ratio, peak)


def check(work: str, results: dict[str, Run]) -> None:
    """Ours must find what the peer finds, or better."""
    ours, peer = (results[name].answer["total"] for name in ("ours", "peer"))
    if ours < peer - 1e-7 * abs(peer):
        raise SystemExit(f"{work}: ours gives {ours}, the peer {peer}.")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=float, action="append")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        print(json.dumps(WORKS[arguments.work][arguments.contender](arguments.file)))
        return
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # for all contenders alike
    for orders in arguments.orders or [1e6]:
        with tempfile.TemporaryDirectory() as directory:
            compare(int(orders), arguments.repeats, Path(directory))


if __name__ == "__main__":
    main()
