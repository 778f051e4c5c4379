"""The figures of the scorecard, quarter by quarter, each read from the marts once for all quarters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analytics.decisions.economics import share
from analytics.decisions.interval import NAN, Interval
from analytics.decisions.period import Known, Period, groups, read_period
from analytics.decisions.scorecard_intervals import kept_revenue, median_of_days, wilson
from analytics.decisions.window import SLACK, Window, month_end
from analytics.language import gettext as _
from analytics.models.retention import (
    EDGE_DAYS,
    data_begin,
    data_end,
    last_finished_month,
    month_number,
    month_start,
    revenue_retention,
)
from analytics.warehouse.filters import Filters

ANSWER_DAYS = 14  # a contact later than this answers nothing any more
SATISFACTION_DAYS = 180
FOLLOWED = 8  # quarters

History = dict[date, Interval]  # first day of a quarter -> the figure


@dataclass(frozen=True)
class Definition:
    """A figure: unit share or days; better higher or lower; formula in words.

    by_orders: it is told from orders, because no contact tells it.
    """

    name: str
    label: str
    unit: str
    better: str
    formula: str
    by_orders: bool = False


@dataclass(frozen=True)
class Quarter:
    """A quarter by its first day; finished: it lies wholly within the days that orders cover."""

    first_day: date
    finished: bool

    @property
    def last_day(self) -> date:
        """Its last day."""
        return quarter_end(self.first_day)


@dataclass(frozen=True, eq=False)
class Facts:
    """What every figure is read with: the quarters to fill in (oldest first), filters without days, known days.

    whole: first days of all finished quarters. begin, end: first and last day of all orders. seen: the row of
    scorecard_known.sql.
    """

    workspace: Any
    filters: Filters
    margin_rate: float | None
    known: Known
    quarters: tuple[Quarter, ...]
    whole: frozenset[date]
    begin: date
    end: date
    seen: pd.Series

    @property
    def days(self) -> dict[str, date]:
        """First and last day of all quarters; an unfinished one ends with the data."""
        newest = self.quarters[-1]
        last_day = newest.last_day if newest.finished else min(newest.last_day, self.end)
        return {"first_day": self.quarters[0].first_day, "last_day": last_day}

    def day(self, name: str) -> date | None:
        """A day of scorecard_known.sql."""
        value = self.seen[name]
        return None if pd.isna(value) else date(value.year, value.month, value.day)

    def query(self, name: str, **params) -> dict[date, pd.DataFrame]:
        """The rows of a query for the filters, by quarter."""
        rows = self.workspace.query(name, **{**self.days, **groups(self.filters), **params})
        return {_date(quarter): lines for quarter, lines in rows.groupby("quarter")}


def definitions(by_stage: bool) -> tuple[Definition, ...]:
    """The figures in the order of the scorecard; by_stage: contacts tell who is satisfied."""
    return (*_from_the_books(), *_from_contacts(), _satisfied(by_stage))


def read_histories(facts: Facts) -> dict[str, History]:
    """Figure -> quarter -> what it was; unknown in quarters that the data do not cover."""
    return {
        "retention_budget_share": _budget(facts),
        **_customers(facts),
        **_revenue(facts),
        **_answers(facts),
        "satisfaction": _satisfaction(facts),
    }


def quarters_of(workspace) -> tuple[Quarter, ...]:
    """Every quarter with orders, oldest first; () without orders."""
    begin, end = data_begin(workspace), data_end(workspace)
    if begin is None or end is None:
        return ()
    first_whole = month_number(begin - timedelta(days=EDGE_DAYS + 1)) + 1
    last_whole = last_finished_month(end)
    numbers = range(month_number(begin) // 3, month_number(end) // 3 + 1)
    return tuple(
        Quarter(month_start(3 * n), first_whole <= 3 * n and 3 * n + 2 <= last_whole) for n in numbers
    )


def quarter_end(first_day: date) -> date:
    """The last day of the quarter that begins on the day."""
    return month_end(first_day.replace(month=first_day.month + 2))


def quarter_before(first_day: date, quarters: int = 1) -> date:
    """The first day of the quarter so many quarters earlier."""
    return month_start(month_number(first_day) - 3 * quarters)


def _from_the_books() -> tuple[Definition, ...]:
    return (
        Definition(
            "retention_budget_share",
            _("Budget spent on existing customers"),
            "share",
            "higher",
            _("retention spend / (acquisition spend + retention spend)"),
        ),
        Definition(
            "repeat_rate",
            _("Repeat rate"),
            "share",
            "higher",
            _("customers with a reorder / customers with any order"),
        ),
        Definition(
            "nrr",
            _("Net revenue retention"),
            "share",
            "higher",
            _("revenue from the customers of the quarter before / what they brought then"),
        ),
        Definition(
            "grr",
            _("Gross revenue retention"),
            "share",
            "higher",
            _("as net revenue retention, but nobody counts for more than in the quarter before"),
        ),
        Definition(
            "referral_rate",
            _("Customers who referred"),
            "share",
            "higher",
            _("customers who made a referral / customers who bought or made one"),
        ),
    )


def _from_contacts() -> tuple[Definition, ...]:
    return (
        Definition(
            "answer_days",
            _("Days to an answer (median)"),
            "days",
            "lower",
            _("days from a customer's question to the next contact made by the company, if within 14 days"),
        ),
        Definition(
            "unanswered_share",
            _("Questions left unanswered"),
            "share",
            "lower",
            _("customers' questions that no contact followed within 14 days / all their questions"),
        ),
    )


def _satisfied(by_stage: bool) -> Definition:
    if by_stage:
        return Definition(
            "satisfaction",
            _("New customers satisfied"),
            "share",
            "higher",
            _("of the new customers whose first 180 days ended: those with a contact of stage satisfaction"),
        )
    return Definition(
        "satisfaction",
        _("New customers who came again"),
        "share",
        "higher",
        _("of the new customers whose first 180 days ended: those with a second order by then"),
        by_orders=True,
    )


def _budget(facts: Facts) -> History:
    """As the case has it; counted from the books, so it has no interval."""
    days = facts.days
    asked = replace(facts.filters, **days)
    window = facts.known.window(asked)
    read = read_period(facts.workspace, window, facts.filters, facts.margin_rate, facts.known)
    found = {}
    for quarter in facts.quarters:
        mine = Window(quarter.first_day, quarter.last_day).cut_to(window)
        if mine:
            part = share(*_retention_and_all(_only(read, quarter.first_day, mine, facts.known)))
            found[quarter.first_day] = Interval(part, NAN, NAN)
    return found


def _retention_and_all(period: Period) -> tuple[float, float]:
    return period.retention_spend, period.acquisition_spend + period.retention_spend


def _only(read: Period, quarter: date, window: Window, known: Known) -> Period:
    """One quarter of a longer period."""
    frames = {
        name: frame[pd.to_datetime(frame["quarter"]) == pd.Timestamp(quarter)]
        for name, frame in (("orders", read.orders), ("spend", read.spend), ("incentives", read.incentives))
    }
    return replace(read, window=window, spend_is_known=window.is_covered_by(known.spend), **frames)


def _customers(facts: Facts) -> dict[str, History]:
    """Repeat rate, and who referred."""
    lines = facts.query("scorecard_customers")
    first, last = facts.day("first_referral"), facts.day("last_referral")
    repeat, referred = {}, {}
    for quarter, rows in lines.items():
        counts = rows.iloc[0]
        repeat[quarter] = wilson(int(counts["came_back"]), int(counts["bought"]))
        if first and last and first <= quarter_end(quarter) and quarter <= last:
            referred[quarter] = wilson(int(counts["referred"]), int(counts["active"]))
    return {"repeat_rate": repeat, "referral_rate": referred}


def _revenue(facts: Facts) -> dict[str, History]:
    """Net and gross revenue retention, held against the quarter before where that is wholly in the data."""
    lines = revenue_retention(facts.workspace, facts.filters, 1)
    first = quarter_before(facts.quarters[0].first_day)
    sums = facts.query("scorecard_revenue", previous_first=first)
    found: dict[str, History] = {"nrr": {}, "grr": {}}
    for line in lines.to_dict("records"):
        quarter = _date(line["quarter"])
        if quarter in sums and quarter_before(quarter) in facts.whole:
            powers = sums[quarter].iloc[0]
            found["nrr"][quarter] = kept_revenue(line["nrr"], powers, "x")
            found["grr"][quarter] = kept_revenue(line["grr"], powers, "k")
    return found


def _answers(facts: Facts) -> dict[str, History]:
    """Days to an answer, and questions without one, of questions whose 14 days are over."""
    first, last = facts.day("first_contact"), facts.day("last_contact")
    found: dict[str, History] = {"answer_days": {}, "unanswered_share": {}}
    if first is None or last is None:
        return found
    judged = min(facts.days["last_day"], last - timedelta(days=ANSWER_DAYS))
    lines = facts.query("scorecard_answers", last_day=judged, within=ANSWER_DAYS)
    for quarter, rows in lines.items():
        if first > quarter + SLACK:
            continue
        answered = rows[rows["days"].notna()].sort_values("days")
        counts = [int(n) for n in answered["questions"]]
        asked = int(rows["questions"].sum())
        found["answer_days"][quarter] = median_of_days([int(d) for d in answered["days"]], counts)
        found["unanswered_share"][quarter] = wilson(asked - sum(counts), asked)
    return found


def _satisfaction(facts: Facts) -> History:
    """Of the customers whose 180 days ended in a quarter, in quarters for which all their first days are known."""
    by_stage = bool(facts.seen["has_satisfaction"])
    begins = facts.day("first_contact") if by_stage else facts.begin
    lines = facts.query("scorecard_satisfaction", within=SATISFACTION_DAYS)
    found = {}
    for quarter, rows in lines.items():
        first_won = quarter - timedelta(days=SATISFACTION_DAYS)
        if max(begins or facts.begin, facts.begin) - SLACK <= first_won:
            counts = rows.iloc[0]
            satisfied = int(counts["by_stage" if by_stage else "by_second_order"])
            found[quarter] = wilson(satisfied, int(counts["customers"]))
    return found


def _date(value) -> date:
    return date(value.year, value.month, value.day)
