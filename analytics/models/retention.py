"""Who stays: cohorts by month of the first order, and revenue retention by quarter.

Two definitions of staying, always named. "Active in month n": placed an order in the n-th calendar month after the
month of the first order. "Active in month n or later": placed one then or at any time after. Month 0 is the month of
the first order itself.

A cell is finished when its month is over, and for "or later" when two more months are over as well: before that, who
pauses cannot be told from who left. Unfinished cells are marked and stay out of every average.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.warehouse.filters import Filters

IN_MONTH, OR_LATER = "active in month n", "active in month n or later"
DEFINITIONS = (IN_MONTH, OR_LATER)
MEASURES = ("customers", "revenue", "margin")
PAUSE_MONTHS = 2  # with the month itself a quarter of silence
EDGE_DAYS = 2  # a weekend without orders does not leave a month or quarter unfinished
SUMS = (
    "customers", "last_seen", "orders", "revenue", "margin_given", "amount_without_margin", "orders_without_margin",
)  # fmt: skip
CELL_COLUMNS = ("cohort_month", "months_since_first_order", "size", "value", "rate", "finished")


@dataclass(frozen=True, eq=False)
class CohortCube:
    """All cohorts of a workspace by channel, segment and region, in memory: a view takes well under a millisecond.

    cohort, month: months counted from the year 0. codes: per group ("channels", "segments", "regions") the place of
    each row's name in names[group], -1 where none is recorded. sums: one column per name of SUMS. latest: the last
    month with data; end: the last one that is over.
    """

    cohort: np.ndarray
    month: np.ndarray
    codes: dict[str, np.ndarray]
    names: dict[str, tuple[str, ...]]
    sums: np.ndarray
    latest: int
    end: int

    def view(self, filters: Filters | None = None, margin_rate: float | None = None) -> Cohorts:
        """The cohorts of the filters' groups that began within the filters' days, each followed to the data's end.

        margin_rate: margin / revenue of the rows without a margin; None leaves margins unknown where one lacks it.
        """
        filters = filters or Filters()
        keep = self._chosen(filters) & (self.month >= self.cohort)  # a refund may come before the first order
        if not keep.any():
            return Cohorts(0, self.latest, self.end, np.zeros((0, 0, len(SUMS))), margin_rate)
        first = int(self.cohort[keep].min())
        cohorts = int(self.cohort[keep].max()) - first + 1
        ages = self.latest - first + 1
        cell = (self.cohort[keep] - first) * ages + (self.month - self.cohort)[keep]
        sums = [np.bincount(cell, column[keep], cohorts * ages) for column in self.sums.T]
        cells = np.stack(sums, axis=-1).reshape(cohorts, ages, len(SUMS))
        return Cohorts(first, self.latest, self.end, cells, margin_rate)

    def by_channel(self, filters: Filters | None = None) -> pd.DataFrame:
        """Frame[channel, month, customers, orders, revenue]: the channel that won the customer × calendar month."""
        keep = self._chosen(filters or Filters())
        names = (*self.names["channels"], None)
        if not keep.any():
            return pd.DataFrame(columns=["channel", "month", "customers", "orders", "revenue"])
        first = int(self.month[keep].min())
        months = int(self.month[keep].max()) - first + 1
        cell = (self.codes["channels"][keep] % len(names)) * months + self.month[keep] - first
        sums = {
            name: np.bincount(cell, self.sums[keep, SUMS.index(name)], len(names) * months)
            for name in ("customers", "orders", "revenue")
        }
        labels = {
            "channel": np.repeat(np.array(names, dtype=object), months),
            "month": np.tile([month_start(first + n) for n in range(months)], len(names)),
        }
        frame = pd.DataFrame({**labels, **sums})
        return frame[frame["orders"] > 0].reset_index(drop=True)

    def _chosen(self, filters: Filters) -> np.ndarray:
        keep = np.ones(len(self.month), bool)
        if filters.first_day:
            keep &= self.cohort >= month_number(filters.first_day)
        if filters.last_day:
            keep &= self.cohort <= month_number(filters.last_day)
        for group, codes in self.codes.items():
            wanted = getattr(filters, group)
            if wanted:
                places = [n for n, name in enumerate(self.names[group]) if name in wanted]
                keep &= np.isin(codes, places)
        return keep


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Cohorts × months since the first order. first: month of the first cohort; latest, end: as in CohortCube.

    cells: (cohorts, ages, len(SUMS)) sums; zero in months that have not begun.
    """

    first: int
    latest: int
    end: int
    cells: np.ndarray
    margin_rate: float | None = None

    @cached_property
    def sizes(self) -> np.ndarray:
        """Customers per cohort: all of them are active in month 0."""
        return self._sum("customers")[:, 0] if len(self.cells) else np.zeros(0)

    @cached_property
    def has_margin(self) -> bool:
        """Whether a margin is known for every order."""
        return self.margin_rate is not None or not self._sum("orders_without_margin").any()

    def table(self, definition: str = IN_MONTH, measure: str = "customers") -> pd.DataFrame:
        """Frame of CELL_COLUMNS: one row per cohort with customers and month that has begun, cohorts in order.

        size: customers of the cohort (measure customers), else what it brought in month 0. value: customers active,
        or what they brought in that month (or from it on). rate: value / size. Raises ValueError for an unknown
        definition or measure.
        """
        values = self._values(definition, measure)
        base = self.sizes if measure == "customers" else self._values(IN_MONTH, measure)[:, :1].reshape(-1)
        cohort, age = np.nonzero(self._begun())
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(base[cohort] > 0, values[cohort, age] / base[cohort], np.nan)
        return pd.DataFrame(
            {
                "cohort_month": [month_start(self.first + int(n)) for n in cohort],
                "months_since_first_order": age,
                "size": base[cohort],
                "value": values[cohort, age],
                "rate": rate,
                "finished": self._finished(definition)[cohort, age],
            },
            columns=list(CELL_COLUMNS),
        )

    def curve(self, definition: str = IN_MONTH, measure: str = "customers") -> pd.DataFrame:
        """Frame[months_since_first_order, rate, size]: averages over finished cells, weighted by the cohorts' size."""
        cells = self.table(definition, measure)
        cells = cells[cells["finished"] & (cells["size"] > 0)]
        sums = cells.groupby("months_since_first_order")[["value", "size"]].sum().reset_index()
        return sums.assign(rate=sums["value"] / sums["size"])[["months_since_first_order", "rate", "size"]]

    def at_age(self, months: int, definition: str = IN_MONTH, measure: str = "customers") -> pd.DataFrame:
        """The cells of one age over time, oldest cohort first: is month 3 getting better? Finished ones only."""
        cells = self.table(definition, measure)
        mine = cells[(cells["months_since_first_order"] == months) & cells["finished"]]
        return mine.reset_index(drop=True)

    def _values(self, definition: str, measure: str) -> np.ndarray:
        if definition not in DEFINITIONS or measure not in MEASURES:
            raise ValueError(f"There is no cohort table of {measure!r}, {definition!r}.")
        if definition == IN_MONTH:
            return self._sum("customers") if measure == "customers" else self._money(measure)
        single = self._sum("last_seen") if measure == "customers" else self._money(measure)
        return single[:, ::-1].cumsum(axis=1)[:, ::-1]

    def _money(self, measure: str) -> np.ndarray:
        if measure == "revenue":
            return self._sum("revenue")
        if not self.has_margin:
            return np.full(self.cells.shape[:2], np.nan)
        return self._sum("margin_given") + (self.margin_rate or 0.0) * self._sum("amount_without_margin")

    def _begun(self) -> np.ndarray:
        """Months that have begun, of cohorts that have customers."""
        return (self._months() <= self.latest) & (self.sizes > 0)[:, None]

    def _finished(self, definition: str) -> np.ndarray:
        return self._months() <= self.end - (PAUSE_MONTHS if definition == OR_LATER else 0)

    def _months(self) -> np.ndarray:
        cohorts, ages = self.cells.shape[:2]
        return self.first + np.arange(cohorts)[:, None] + np.arange(ages)[None, :]

    def _sum(self, name: str) -> np.ndarray:
        return self.cells[:, :, SUMS.index(name)]


def read_cohorts(workspace) -> CohortCube:
    """The workspace's cohorts: customers whose first order is in the data."""
    rows = workspace.query("cohort_cube")
    codes, names = {}, {}
    for column in ("channel", "segment", "region"):
        places, values = pd.factorize(rows[column])
        codes[f"{column}s"], names[f"{column}s"] = places, tuple(values)
    numbers = rows[list(SUMS)].to_numpy(dtype=float)
    cohort, month = (rows[name].to_numpy(dtype=int) for name in ("cohort_month", "month"))
    last_day = data_end(workspace)
    latest = max(month_number(last_day), int(month.max(initial=0))) if last_day else 0
    return CohortCube(
        cohort, month, codes, names, numbers, latest, last_finished_month(last_day) if last_day else 0
    )


def revenue_retention(workspace, filters: Filters | None = None, quarters_before: int = 1) -> pd.DataFrame:
    """Gross and net revenue retention by quarter, against one quarter before, or four: the season then falls out.

    Frame[quarter, customers_before, customers_now, revenue_before, revenue_now, revenue_kept, nrr, grr,
    customer_retention, finished]. Before: everybody with revenue in the quarter that is held against; now: the same
    people. nrr = revenue_now / revenue_before; grr counts nobody for more than before, so grr <= 1 and grr <= nrr.
    finished: both quarters are wholly in the data. Raises ValueError for a distance other than 1 and 4.
    """
    if quarters_before not in (1, 4):
        raise ValueError(f"Revenue is held against 1 or 4 quarters before, not {quarters_before}.")
    filters = filters or Filters()
    params = {k: v for k, v in filters.params().items() if k in ("segments", "regions", "channels")}
    rows = workspace.query("revenue_retention", quarters_before=quarters_before, **params)
    quarter = pd.to_datetime(rows["quarter"])
    rows = rows[_within(quarter, filters)].reset_index(drop=True)
    finished = _both_finished(rows, quarters_before, data_begin(workspace), data_end(workspace))
    return rows.assign(
        nrr=rows["revenue_now"] / rows["revenue_before"],
        grr=rows["revenue_kept"] / rows["revenue_before"],
        customer_retention=rows["customers_now"] / rows["customers_before"],
        finished=finished,
    )


def annual_rate(rate: float, days: float) -> float:
    """What a rate over so many days is in a year: 1 − (1 − rate)^(365 / days); never rate × 365 / days."""
    if not days > 0:
        raise ValueError(f"A rate over {days} days cannot be converted.")
    return 1 - (1 - rate) ** (365 / days)


def data_begin(workspace) -> date | None:
    """The day of the first order."""
    day = workspace.query("order_days").iloc[0]["first_day"]
    return None if pd.isna(day) else date(day.year, day.month, day.day)


def data_end(workspace) -> date | None:
    """The last day that the orders cover: that of the last one, or up to a week later as stated at an upload."""
    day = workspace.query("order_days").iloc[0]["last_day"]
    if pd.isna(day):
        return None
    last = date(day.year, day.month, day.day)
    stated = [e.period_last_day for e in workspace.entries if e.stands and e.kind in ("sales", "reorders")]
    return max([last, *(day for day in stated if day and last < day <= last + timedelta(days=7))])


def last_finished_month(day: date) -> int:
    """The last month that is over when the data reach `day`, counted from the year 0."""
    return month_number(day + timedelta(days=EDGE_DAYS + 1)) - 1


def month_number(day: date) -> int:
    """Months from the year 0."""
    return 12 * day.year + day.month - 1


def month_start(number: int) -> date:
    """The first day of a month counted from the year 0."""
    return date(number // 12, number % 12 + 1, 1)


def _within(quarter: pd.Series, filters: Filters) -> np.ndarray:
    keep = np.ones(len(quarter), bool)
    if filters.first_day:
        keep &= (quarter + pd.offsets.QuarterEnd(0) >= pd.Timestamp(filters.first_day)).to_numpy()
    if filters.last_day:
        keep &= (quarter <= pd.Timestamp(filters.last_day)).to_numpy()
    return keep


def _both_finished(
    rows: pd.DataFrame, quarters_before: int, begin: date | None, end: date | None
) -> np.ndarray:
    """Whether the quarter and the one that it is held against are wholly in the data."""
    if begin is None or end is None:
        return np.zeros(len(rows), bool)
    numbers = np.array([month_number(day) for day in rows["quarter"]], int)
    first_whole = month_number(begin - timedelta(days=EDGE_DAYS + 1)) + 1
    return (numbers - 3 * quarters_before >= first_whole) & (numbers + 2 <= last_finished_month(end))
