"""Who went through which stage of the two funnels in some days, asked of the warehouse and counted."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics.decisions.period import groups
from analytics.decisions.window import Window
from analytics.models.funnels import AIDAS, FLIPPED, NAN, SATISFIED_WITHIN_DAYS, aidas, flipped, median_days

BITS = {"acknowledgement": 1, "dialogue": 2, "incentivization": 4, "activation": 8}
BOOK_BITS = {"incentivization": 16, "activation": 32}
BOOKS = {"incentivization": "incentive", "activation": "friend bought"}
CONTACTS, ORDERS, BY_BOOKS, NO_GROUPS, NOTHING = "contacts", "orders", "books", "no groups", "nothing"


@dataclass(frozen=True)
class Sources:
    """stages: stage -> what shows it: contacts, orders, books (incentives, rewards, referrals that bought), no groups
    (contacts do, but people who never bought have no segment, region or channel) or nothing. contacts: the days that
    contacts with a stage cover; None without any.
    """

    stages: dict[str, str]
    contacts: Window | None

    @property
    def known(self) -> tuple[str, ...]:
        """The stages that something shows."""
        return tuple(stage for stage, source in self.stages.items() if source not in (NO_GROUPS, NOTHING))

    @property
    def bits(self) -> dict[str, int]:
        """Flipped stage -> its bit in customer_stage_days."""
        own = {CONTACTS: BITS, BY_BOOKS: BOOK_BITS}
        return {stage: own[self.stages[stage]][stage] for stage in FLIPPED if self.stages[stage] in own}

    def params(self) -> dict:
        """Which sources the queries count by."""
        return {
            "by_contacts": self.stages["satisfaction"] == CONTACTS,
            "incentives_by_books": self.stages["incentivization"] == BY_BOOKS,
            "activation_by_books": self.stages["activation"] == BY_BOOKS,
            "satisfied_within_days": SATISFIED_WITHIN_DAYS,
        }


def read_sources(workspace, by_group: bool) -> Sources:
    """What shows each stage, on all that is on file."""
    known = workspace.query("funnel_known").set_index("stage")
    contacts = known[known.index.isin([*AIDAS, *FLIPPED])]
    days = (
        Window(_day(contacts["first_day"].min()), _day(contacts["last_day"].max())) if len(contacts) else None
    )
    stages = {}
    for stage in (*AIDAS, *FLIPPED):
        by_contacts = stage in known.index or (stage == "desire" and "action" in known.index)
        if stage == "action":
            stages[stage] = ORDERS
        elif by_contacts:
            stages[stage] = NO_GROUPS if by_group and stage in AIDAS[:3] else CONTACTS
        elif stage == "satisfaction":
            stages[stage] = ORDERS
        else:
            stages[stage] = BY_BOOKS if BOOKS.get(stage) in known.index else NOTHING
    return Sources(stages, days)


@dataclass(frozen=True, eq=False)
class QuarterPeople:
    """lines: frame[quarter, stage, people, finished], also of stage "new customers"; complete for whole quarters.

    finished: all customers won in the quarter have been observed for 180 days. known: the stages that it can hold.
    """

    lines: pd.DataFrame
    known: tuple[str, ...]

    def count(self, stage: str, quarter: date) -> float:
        """People at a stage in one quarter; 0 where nobody was, NaN where nothing shows the stage."""
        found = self._of(stage, quarter)["people"]
        return float(found.iloc[0]) if len(found) else 0.0 if stage in self.known else NAN

    def is_finished(self, stage: str, quarter: date) -> bool:
        """Whether the count can still grow with time."""
        return bool(self._of(stage, quarter)["finished"].all())

    def _of(self, stage: str, quarter: date) -> pd.DataFrame:
        lines = self.lines
        return lines[(lines["stage"] == stage) & (lines["quarter"] == pd.Timestamp(quarter))]


@dataclass(frozen=True, eq=False)
class People:
    """aidas, flipped: models.funnels frames. median_days: stage -> days. customers: known by the last day.

    new_customers: first orders brought by activated customers; referred: all referred ones. finished: customers
    observed for 180 days; won: all of them.
    """

    aidas: pd.DataFrame
    flipped: pd.DataFrame
    median_days: dict[str, float]
    customers: float
    new_customers: float
    referred: float
    finished: float
    won: float
    quarters: QuarterPeople


def read_people(workspace, window: Window, filters, sources: Sources, as_of: date) -> People:
    """Asks the warehouse for one window, as it stood on one day."""
    asked = _asked(window, filters, sources, as_of)
    won = workspace.query("funnel_people", **asked)
    brought = _brought(workspace.query("funnel_brought", **asked), sources)
    total = won.drop(columns="quarter").sum()
    customers = float(workspace.query("funnel_base", **asked)["customers"].iloc[0])
    return People(
        aidas(total, sources.known, total["finished"], total["finished_satisfied"]),
        flipped(workspace.query("funnel_customers", **asked), sources.bits, customers),
        median_days(workspace.query("funnel_waits", **asked)),
        customers,
        float(brought["new_customers"].sum(skipna=False)),
        float(brought["referred"].sum(skipna=False)),
        float(total["finished"]),
        float(total["action"]),
        _quarters(won, workspace.query("funnel_quarters", **asked), brought, sources),
    )


def read_quarters(workspace, window: Window, filters, sources: Sources, as_of: date) -> QuarterPeople:
    """Only the counts by quarter, which are quicker to ask for."""
    asked = _asked(window, filters, sources, as_of)
    won = workspace.query("funnel_people", **asked)
    brought = _brought(workspace.query("funnel_brought", **asked), sources)
    return _quarters(won, workspace.query("funnel_quarters", **asked), brought, sources)


def _asked(window: Window, filters, sources: Sources, as_of: date) -> dict:
    days = {"first_day": window.first_day, "last_day": window.last_day, "as_of": as_of}
    return {**days, **groups(filters), **sources.params()}


def _brought(lines: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """Frame[quarter, new_customers, referred]: brought by activated customers, and by any."""
    if sources.stages["activation"] == NOTHING:
        return pd.DataFrame([(pd.NaT, NAN, NAN)], columns=["quarter", "new_customers", "referred"])
    asked = sources.stages["activation"] == CONTACTS
    return lines.assign(new_customers=lines["referred_by_asked" if asked else "referred"])


def _quarters(
    won: pd.DataFrame, kept: pd.DataFrame, brought: pd.DataFrame, sources: Sources
) -> QuarterPeople:
    rows = [
        (line["quarter"], stage, float(line[stage]), line["finished"] == line["action"])
        for line in won.to_dict("records")
        for stage in AIDAS
        if stage in sources.known
    ]
    new = brought.dropna()
    rows += [
        (quarter, "new customers", float(count), True)
        for quarter, count in zip(new["quarter"], new["new_customers"], strict=True)
    ]
    for quarter, sets in kept.groupby("quarter"):
        counted = flipped(sets, sources.bits, NAN)
        pairs = zip(counted["stage"], counted["people"], strict=True)
        rows += [(quarter, stage, n, True) for stage, n in pairs if stage in sources.bits]
    lines = pd.DataFrame(rows, columns=["quarter", "stage", "people", "finished"])
    brings = () if sources.stages["activation"] == NOTHING else ("new customers",)
    return QuarterPeople(lines, (*sources.known, *brings))


def _day(value) -> date:
    return date(value.year, value.month, value.day)
