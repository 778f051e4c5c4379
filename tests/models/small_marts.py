"""The marts of retention from orders written by hand: the real statements, on tables in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

SQL = Path(__file__).resolve().parents[2] / "analytics/warehouse/sql"
TABLES = """
create table orders (
    order_id varchar, customer_id varchar, day date, amount decimal(18, 4), margin decimal(18, 4),
    acquired_channel varchar, incentive_cost decimal(18, 4), recorded_segment varchar, customer_no integer,
    cohort_no integer
);
create table given (customer_id varchar, acquired_source varchar, channel varchar, segment varchar, region varchar);
"""
CUSTOMERS = """
create table customers as
select
    orders.customer_id,
    row_number() over (order by orders.customer_id) as customer_no,
    min(day) filter (amount > 0) as first_day,
    max(day) filter (amount > 0) as last_day,
    coalesce(any_value(given.acquired_source), 'new') as acquired_source,
    any_value(given.channel) as acquired_channel,
    any_value(given.segment) as segment,
    any_value(given.region) as region,
    count(*) filter (amount > 0) as orders,
    sum(amount) as revenue,
    sum(margin) as margin,
    sum(amount) filter (margin is not null) as margin_revenue
from orders
left join given on given.customer_id = orders.customer_id
where orders.customer_id is not null
group by orders.customer_id
"""
KNOWN = "create view known_customers as select * from customers"
COHORTS = ("marts/customer_cohorts", "staging/numbered_customers")
NUMBERS = """
update orders set customer_no = customers.customer_no, cohort_no = numbered.cohort_no
from customers, numbered_customers as numbered
where customers.customer_id = orders.customer_id and numbered.customer_no = customers.customer_no
"""
DAYS = "create table revenue_cube as select distinct day from orders"
CUBES = (
    "staging/customer_month",
    "staging/customer_cells",
    "marts/cohort_cube",
    "staging/customer_quarter",
    "marts/revenue_retention",
)


@dataclass(frozen=True)
class Settings:
    currency: str | None = None
    margin_rate: float | None = None
    baseline_share: float = 0.6
    baseline_share_range: float = 0.2
    discount_rate: float = 0.1
    horizon_months: int = 12
    churn_horizon_days: int = 90


@dataclass
class SmallMarts:
    """orders: (customer, day, amount[, margin[, segment]]) rows. given: customer -> (source, channel, segment, region)."""

    orders: list[tuple]
    given: dict[str, tuple] = field(default_factory=dict)
    entries: tuple = ()
    settings: Settings = field(default_factory=Settings)
    currency: str | None = None
    snapshot: str = "000000000000"

    def __post_init__(self):
        self.con = duckdb.connect()
        self.con.execute(TABLES)
        rows = [_order(n, self.given, *row) for n, row in enumerate(self.orders)]
        _insert(self.con, "orders", rows)
        _insert(self.con, "given", [(who, *what) for who, what in self.given.items()])
        self.con.execute(CUSTOMERS)
        self.con.execute(KNOWN)
        self._run(*COHORTS)
        self.con.execute(NUMBERS)
        self.con.execute(DAYS)
        self._run(*CUBES)

    def _run(self, *statements: str) -> None:
        for name in statements:
            self.con.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))

    def query(self, name: str, /, **values) -> pd.DataFrame:
        text = (SQL / f"queries/{name}.sql").read_text(encoding="utf-8")
        named = set(re.findall(r"\$([a-z_]+)", re.sub(r"--[^\n]*", "", text)))
        return self.con.execute(text, {k: v for k, v in values.items() if k in named}).df()


def _order(n, given, customer, day, amount, margin=None, segment=None):
    channel = given[customer][1] if customer in given else None
    return f"o{n:06d}", customer, day, amount, margin, channel, None, segment, None, None


def _insert(con, table: str, rows: list[tuple]) -> None:
    if not rows:
        return
    columns = [column[0] for column in con.execute(f"select * from {table} limit 0").description]
    frame = pd.DataFrame(rows, columns=columns)
    con.register("rows_to_insert", frame)
    con.execute(f"insert into {table} select * from rows_to_insert")
    con.unregister("rows_to_insert")
