"""A workspace of a few hand-written orders: marts as tables in memory, and the real named queries."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

SQL = Path(__file__).resolve().parents[2] / "analytics/warehouse/sql"
COHORTS = ("marts/customer_cohorts", "staging/numbered_customers")
CUBES = ("marts/revenue_cube", "marts/won_days", "marts/reorder_months")
MARTS = """
create table orders (
    order_id varchar, customer_id varchar, day date, amount decimal(18, 4), margin decimal(18, 4),
    kind varchar, source varchar, channel varchar, "trigger" varchar, incentive_cost decimal(18, 4),
    segment varchar, region varchar, product varchar, acquired_channel varchar, customer_no integer,
    customer_first_day date, acquired_source varchar, cohort_no integer
);
create table customers (
    customer_id varchar, first_day date, last_day date, acquired_source varchar, acquired_channel varchar,
    segment varchar, region varchar, orders bigint, revenue decimal(38, 4), margin decimal(38, 4),
    referrer_id varchar, customer_no integer
);
create table spend_months (month date, channel varchar, motion varchar, amount decimal(18, 4));
create table referral_edges (
    referral_id varchar, referrer_id varchar, referred_id varchar, referred_at date, kind varchar,
    status varchar, reward_cost decimal(18, 4), channel varchar, credited boolean, fault varchar
);
create table touchpoints (
    customer_id varchar, touched_at date, channel varchar, stage varchar, direction varchar,
    cost decimal(18, 4), arm varchar
);
create table programme_arms (
    customer_id varchar, programme varchar, arm varchar, day date, segment varchar, region varchar,
    acquired_channel varchar, acquired_source varchar, tenure_days integer, orders_before bigint,
    margin_before decimal(38, 4), amount_without_margin_before decimal(38, 4)
);
"""
CUSTOMERS = """
insert into customers
select
    customer_id, min(day), max(day),
    coalesce(min(source) filter (source in ('new', 'referral')), 'existing'),
    min(channel) filter (source in ('new', 'referral')),
    min(segment), min(region), count(*) filter (kind = 'order'), sum(amount), sum(margin), null,
    row_number() over (order by customer_id)
from orders
where customer_id is not null
group by customer_id
"""
KNOWN = "create view known_customers as select * from customers"
ACQUIRED = """
update orders set
    cohort_no = numbered.cohort_no,
    acquired_channel = customers.acquired_channel,
    customer_no = customers.customer_no,
    customer_first_day = customers.first_day,
    acquired_source = customers.acquired_source
from customers, numbered_customers as numbered
where customers.customer_id = orders.customer_id and numbered.customer_no = customers.customer_no
"""


@dataclass(frozen=True)
class Settings:
    currency: str | None = None
    margin_rate: float | None = None
    baseline_share: float = 0.6
    baseline_share_range: float = 0.2
    discount_rate: float = 0.1
    horizon_months: int = 12
    referral_window_days: int = 90
    experiments: tuple = ()


@dataclass(eq=False)
class SmallCompany:
    """orders: (customer, day, amount, margin, source, channel or trigger[, incentive cost]) rows; a negative
    amount is a refund. spend: (month, channel, motion, amount). rewards: (referrer, day, reward cost,
    channel).
    """

    orders: list[tuple]
    spend: list[tuple] = field(default_factory=list)
    rewards: list[tuple] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    snapshot: str = "000000000000"
    is_sample: bool = False

    def __post_init__(self):
        self.con = duckdb.connect()
        self.con.execute(MARTS)
        rows = [_order(number, *row) for number, row in enumerate(self.orders)]
        if rows:
            self.con.executemany(
                f"insert into orders values ({', '.join('?' * 13)}, null, null, null, null, null)", rows
            )
        self.con.execute(CUSTOMERS)
        self.con.execute(KNOWN)
        self._run(*COHORTS)
        self.con.execute(ACQUIRED)
        self._run(*CUBES)
        for month, channel, motion, amount in self.spend:
            self.con.execute("insert into spend_months values (?, ?, ?, ?)", [month, channel, motion, amount])
        for number, (referrer, day, cost, channel) in enumerate(self.rewards):
            edge = [f"r{number}", referrer, None, day, None, None, cost, channel, True, None]
            self.con.execute(f"insert into referral_edges values ({', '.join('?' * 10)})", edge)

    def _run(self, *statements: str) -> None:
        for name in statements:
            self.con.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))

    @property
    def currency(self) -> str | None:
        return self.settings.currency

    def query(self, name: str, **params) -> pd.DataFrame:
        return self.con.execute((SQL / f"queries/{name}.sql").read_text(encoding="utf-8"), params).df()


def _order(number, customer, day, amount, margin, source, name, incentive_cost=None, segment=None):
    kind = "order" if amount > 0 else "refund" if amount < 0 else "nil"
    channel, trigger = (None, name) if source == "reorder" else (name, None)
    order_id = f"o{number:03d}"
    return (
        order_id,
        customer,
        day,
        amount,
        margin,
        kind,
        source,
        channel,
        trigger,
        incentive_cost,
        segment,
        None,
        None,
    )
