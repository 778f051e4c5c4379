"""AIDAS against the flipped funnel: people, cost, margin caused and days at every stage, on the same money scale.

Costs are the spend of the case page (funnel_costs), margins its incremental lens: the margin of first orders that
acquisition won arises at action, what these customers would reorder without programmes at satisfaction; of what
retention caused, the part of reorders arises at incentivization, that of referred first orders at activation. Other
stages earn nothing by themselves: not known, never 0.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pandas as pd

from analytics.decisions import funnel_sentences, interval
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import Case, case
from analytics.decisions.economics import NAN, share
from analytics.decisions.funnel_costs import FunnelCosts, read_funnel_costs
from analytics.decisions.funnel_people import (
    People,
    QuarterPeople,
    Sources,
    read_people,
    read_quarters,
    read_sources,
)
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.decisions.missing import Missing
from analytics.decisions.period import Known, Period, read_known, read_period
from analytics.decisions.window import ONE_DAY, Window, month_end
from analytics.models.funnels import per_thousand
from analytics.warehouse.filters import Filters

STAGE_COLUMNS = (
    "funnel", "stage", "people", "reached", "share_of_start", "share_of_step", "spend", "contact_cost", "cost",
    "cost_per_person", "margin", "median_days", "change", "source",
)  # fmt: skip
YIELD_COLUMNS = ("quarter", "funnel", "outcome", "people", "cost", "per_thousand", "low", "high", "finished")
OUTCOMES = {
    "satisfaction": "aidas", "acknowledgement": "flipped", "activation": "flipped", "new customers": "flipped",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Funnels:
    """Everything that the page and the command line say.

    window: the days, cut to those whose spend is known. stages: frame of STAGE_COLUMNS, nine rows. people, costs:
    what it is made of. yields: frame of YIELD_COLUMNS for all days, the outcomes at the end of either funnel per
    1,000 of cost with 80 % intervals; yields_by_quarter: the same for the whole quarters in the window. compared:
    the quarter, and the one before, that `change` is about. margins: funnel -> margin caused, of evidence `grade`.
    """

    snapshot: str
    is_sample: bool
    currency: str | None
    window: Window | None = None
    stages: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(STAGE_COLUMNS)))
    people: People | None = None
    sources: Sources | None = None
    costs: FunnelCosts | None = None
    yields: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(YIELD_COLUMNS)))
    yields_by_quarter: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(YIELD_COLUMNS)))
    compared: tuple[date, date] | None = None
    margins: dict[str, Interval] = field(default_factory=dict)
    grade: str = "C"
    verdict: str | None = None
    by_group: bool = False
    missing: tuple[Missing, ...] = ()
    other_notes: tuple[str, ...] = ()

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return funnel_sentences.headline(self)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know about the numbers."""
        return (*funnel_sentences.notes(self), *self.other_notes)

    def stage(self, name: str) -> pd.Series:
        """One row of stages."""
        return self.stages.set_index("stage").loc[name]

    def margin(self, funnel: str) -> Interval:
        """Margin that a funnel caused."""
        return self.margins.get(funnel, NOT_KNOWN)

    def yielded(self, outcome: str) -> Interval:
        """People of an outcome per 1,000 of cost, over all days."""
        line = self.yields[self.yields["outcome"] == outcome].iloc[0]
        return Interval(line["per_thousand"], line["low"], line["high"])


def funnels(workspace, filters: Filters | None = None, assumptions: Assumptions | None = None) -> Funnels:
    """Both funnels for the days, segment, region and channel of the filters; without filters for all days.

    Raises ValueError for a window that ends before it begins.
    """
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    found = Funnels(workspace.snapshot, workspace.is_sample, workspace.currency)
    made = case(workspace, filters, assumptions)
    known = read_known(workspace)
    if known is None or made.costed is None:
        return replace(found, window=made.window, missing=made.missing)
    by_group = bool(filters.segments or filters.regions or filters.channels)
    sources = read_sources(workspace, by_group)
    period = read_period(workspace, made.costed, filters, assumptions.margin_rate, known)
    people = read_people(workspace, period.window, filters, sources, known.orders.last_day)
    costs = _read_costs(workspace, period, filters, known)
    quarters = _compared(period.window, known)
    earlier = _earlier(workspace, filters, sources, quarters, known)
    stages = _stages(people, sources, costs, _margins_by_stage(made, period))
    return replace(
        found,
        window=period.window,
        stages=stages.assign(change=[_change(people, earlier, quarters, s) for s in stages["stage"]]),
        people=people,
        sources=sources,
        costs=costs,
        yields=_yields(people, costs),
        yields_by_quarter=_yields_by_quarter(people, costs, _whole_quarters(period.window)),
        compared=quarters if earlier else None,
        margins={"aidas": made.acquisition.incremental.margin, "flipped": made.retention.incremental.margin},
        grade=made.grade,
        verdict=made.verdict,
        by_group=by_group,
        missing=(*made.missing, *funnel_sentences.missing(sources)),
        other_notes=made.notes,
    )


def _read_costs(workspace, period: Period, filters: Filters, known: Known) -> FunnelCosts:
    widened = period.window.widened_at_edges(known.orders)
    return read_funnel_costs(
        workspace,
        period,
        {"first_day": period.window.first_day, "last_day": period.window.last_day},
        {"first_day": widened.first_day, "last_day": widened.last_day},
        list(filters.channels),
    )


def _stages(people: People, sources: Sources, costs: FunnelCosts, margins: dict[str, float]) -> pd.DataFrame:
    frame = pd.concat([people.aidas, people.flipped], ignore_index=True)
    keys = list(zip(frame["funnel"], frame["stage"], strict=True))
    frame["spend"] = [costs.spend(*key) for key in keys]
    frame["contact_cost"] = [costs.beside(*key) for key in keys]
    frame["cost"] = frame["spend"] + frame["contact_cost"]
    counted = zip(frame["cost"], frame["people"], strict=True)
    frame["cost_per_person"] = [share(cost, count) for cost, count in counted]
    frame["margin"] = frame["stage"].map(margins).astype(float)
    frame["median_days"] = frame["stage"].map(people.median_days).astype(float).where(frame["people"].notna())
    frame["source"] = frame["stage"].map(sources.stages)
    return frame.assign(change=NAN)[list(STAGE_COLUMNS)]


def _margins_by_stage(made: Case, period: Period) -> dict[str, float]:
    """The incremental margins of the case, at the stages where they arise."""
    won, caused = made.acquisition.booked.margin.value, made.acquisition.incremental.margin.value
    kept = period.kept
    referred = share(period.margin(kept[kept["source"] == "referral"]), period.margin(kept))
    uplift = made.retention.incremental.margin.value
    return {
        "action": won,
        "satisfaction": caused - won,
        "incentivization": (1 - referred) * uplift,
        "activation": referred * uplift,
    }


def _yields(people: People, costs: FunnelCosts) -> pd.DataFrame:
    counts = pd.concat([people.aidas, people.flipped]).set_index("stage")["people"].to_dict()
    counts["new customers"] = people.new_customers
    finished = people.finished == people.won
    rows = [
        _yield(None, outcome, counts[outcome], costs.cost(funnel), finished or outcome != "satisfaction")
        for outcome, funnel in OUTCOMES.items()
    ]
    return pd.DataFrame(rows, columns=list(YIELD_COLUMNS))


def _yields_by_quarter(people: People, costs: FunnelCosts, quarters: list[Window]) -> pd.DataFrame:
    rows = [
        _yield(
            quarter.first_day,
            outcome,
            people.quarters.count(outcome, quarter.first_day),
            costs.in_quarter(funnel, pd.Timestamp(quarter.first_day)),
            people.quarters.is_finished(outcome, quarter.first_day),
        )
        for outcome, funnel in OUTCOMES.items()
        for quarter in quarters
    ]
    return pd.DataFrame(rows, columns=list(YIELD_COLUMNS))


def _yield(quarter: date | None, outcome: str, people: float, cost: float, finished: bool) -> tuple:
    """One row of YIELD_COLUMNS; the interval is that of a number of people (a Poisson bootstrap over them)."""
    around = interval.of_total(people, people, people)
    ends = [per_thousand(end, cost) for end in (around.value, around.low, around.high)]
    return (quarter, OUTCOMES[outcome], outcome, people, cost, *ends, finished)


def _whole_quarters(window: Window) -> list[Window]:
    """The quarters that lie wholly in the window, oldest first."""
    first = date(window.first_day.year, 3 * ((window.first_day.month - 1) // 3) + 1, 1)
    found = []
    while first <= window.last_day:
        last = month_end(first.replace(month=first.month + 2))
        if window.first_day <= first and last <= window.last_day:
            found.append(Window(first, last))
        first = last + ONE_DAY
    return found


def _compared(window: Window, known: Known) -> tuple[date, date] | None:
    """First days of the last whole quarter of the window and of the one before; None where that is not on file."""
    quarters = _whole_quarters(window)
    if not quarters:
        return None
    before = quarters[-1].before()
    whole = known.orders.whole_months()
    return (quarters[-1].first_day, before.first_day) if before.first_day >= whole.first_day else None


def _earlier(workspace, filters, sources: Sources, quarters, known: Known) -> QuarterPeople | None:
    """The quarter before, as it stood when it was as old as the last one is today: alike to compare."""
    if quarters is None:
        return None
    now, before = (Window(day, month_end(day.replace(month=day.month + 2))) for day in quarters)
    age = known.orders.last_day - now.last_day
    return read_quarters(workspace, before, filters, sources, before.last_day + age)


def _change(people: People, earlier: QuarterPeople | None, quarters, stage: str) -> float:
    """How many more people than in the quarter before, as a share of these."""
    if earlier is None:
        return NAN
    now, before = people.quarters.count(stage, quarters[0]), earlier.count(stage, quarters[1])
    return share(now, before) - 1
