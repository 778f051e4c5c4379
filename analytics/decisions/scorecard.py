"""The scorecard: how did the quarter go for existing customers, against its goals and the quarters before?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from analytics.decisions import scorecard_sentences as sentences
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.interval import NAN, NOT_KNOWN, QUANTILE, Interval
from analytics.decisions.missing import Missing, no_orders
from analytics.decisions.period import read_known
from analytics.decisions.scorecard_figures import (
    FOLLOWED,
    Definition,
    Facts,
    History,
    Quarter,
    definitions,
    quarter_before,
    quarters_of,
    read_histories,
)
from analytics.decisions.scorecard_people import NOBODY, People, read_people
from analytics.decisions.wording import known
from analytics.warehouse.filters import Filters

NEAR = 0.05  # a goal that is missed by at most this part of itself is nearly met
SMALLEST_CHANGE = 0.005  # of a figure that chance does not move


@dataclass(frozen=True)
class Line:
    """One figure of the quarter: its interval, what it was a quarter and a year before, its goal (NaN: none).

    history: (first day of a quarter, figure), oldest first, ending with the quarter itself.
    """

    definition: Definition
    value: Interval
    before: Interval = NOT_KNOWN
    year_before: Interval = NOT_KNOWN
    goal: float = NAN
    history: tuple[tuple[date, Interval], ...] = ()

    @property
    def name(self) -> str:
        """What scripts call it."""
        return self.definition.name

    @property
    def status(self) -> str:
        """met, near (missed by at most 5 % of the goal) or missed; "" without a goal or a figure."""
        if not (known(self.goal) and self.value.known):
            return ""
        short = self.shortfall
        if short <= 0:
            return "met"
        return "near" if short <= NEAR * abs(self.goal) + 1e-12 else "missed"

    @property
    def shortfall(self) -> float:
        """By how much the goal is missed, in the figure's unit; below 0 where it is more than met."""
        short = self.goal - self.value.value
        return short if self.definition.better == "higher" else -short

    def moved(self, against: Interval) -> bool:
        """Whether the figure differs from an earlier one by more than chance does in 80 % of cases."""
        change = abs(self.value.value - against.value)
        spread = _deviation(self.value) ** 2 + _deviation(against) ** 2
        if not known(change):
            return False
        return change > (QUANTILE * spread**0.5 if known(spread) else SMALLEST_CHANGE)


def _deviation(interval: Interval) -> float:
    return (interval.high - interval.low) / (2 * QUANTILE)


@dataclass(frozen=True, eq=False)
class Scorecard:
    """Everything that the page and the command line say.

    quarter: the one that is looked at (None without orders). quarters: all there are, oldest first. narrowed: only
    some segments, regions or channels are looked at. by_stage: satisfaction is known from contacts.
    """

    snapshot: str
    is_sample: bool
    currency: str | None
    quarter: Quarter | None = None
    quarters: tuple[Quarter, ...] = ()
    lines: tuple[Line, ...] = ()
    people: People = NOBODY
    narrowed: bool = False
    by_stage: bool = False
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return sentences.headline(self)

    @property
    def judged(self) -> tuple[Line, ...]:
        """The figures that have a goal and are known."""
        return tuple(line for line in self.lines if line.status)

    def line(self, name: str) -> Line:
        """The figure called `name`; KeyError for another."""
        return {line.name: line for line in self.lines}[name]


def scorecard(
    workspace,
    filters: Filters | None = None,
    assumptions: Assumptions | None = None,
    quarter: date | None = None,
) -> Scorecard:
    """The figures of one quarter.

    quarter: any day of it; None: the newest finished one within the filters' days. Of the filters only segments,
    regions and channels narrow the figures. Raises ValueError for a quarter without orders.
    """
    filters = filters or Filters()
    margin_rate = (assumptions or Assumptions.of(workspace.settings)).margin_rate
    found = Scorecard(workspace.snapshot, workspace.is_sample, workspace.currency)
    quarters, known_days = quarters_of(workspace), read_known(workspace)
    if not quarters or known_days is None:
        return replace(found, missing=(no_orders(),))
    chosen = _chosen(quarters, filters, quarter)
    facts = Facts(
        workspace,
        replace(filters, first_day=None, last_day=None),
        margin_rate,
        known_days,
        _followed(quarters, chosen),
        frozenset(q.first_day for q in quarters if q.finished),
        known_days.orders.first_day,
        known_days.orders.last_day,
        workspace.query("scorecard_known").iloc[0],
    )
    return _filled(found, facts, chosen, quarters)


def _filled(found: Scorecard, facts: Facts, chosen: Quarter, quarters: tuple[Quarter, ...]) -> Scorecard:
    by_stage = bool(facts.seen["has_satisfaction"])
    goals = dict(facts.workspace.settings.goals)
    histories = read_histories(facts)
    made = replace(
        found,
        quarter=chosen,
        quarters=quarters,
        by_stage=by_stage,
        narrowed=bool(facts.filters.segments or facts.filters.regions or facts.filters.channels),
        lines=tuple(
            _line(definition, histories[definition.name], facts, goals.get(definition.name, NAN))
            for definition in definitions(by_stage)
        ),
        people=read_people(facts),
    )
    return replace(made, missing=sentences.missing(made, facts), notes=sentences.notes(made, facts))


def _line(definition: Definition, history: History, facts: Facts, goal: float) -> Line:
    chosen = facts.quarters[-1].first_day
    usable = {q.first_day: history.get(q.first_day, NOT_KNOWN) for q in facts.quarters if q.finished}
    usable[chosen] = history.get(chosen, NOT_KNOWN)
    return Line(
        definition,
        usable[chosen],
        usable.get(quarter_before(chosen), NOT_KNOWN),
        usable.get(quarter_before(chosen, 4), NOT_KNOWN),
        goal,
        tuple((q.first_day, usable.get(q.first_day, NOT_KNOWN)) for q in facts.quarters),
    )


def _chosen(quarters: tuple[Quarter, ...], filters: Filters, day: date | None) -> Quarter:
    if day is not None:
        found = [q for q in quarters if q.first_day <= day <= q.last_day]
        if not found:
            raise ValueError(sentences.no_such_quarter(day, quarters))
        return found[0]
    reached = [q for q in quarters if filters.last_day is None or q.last_day <= filters.last_day] or quarters
    return ([q for q in reached if q.finished] or list(reached))[-1]


def _followed(quarters: tuple[Quarter, ...], chosen: Quarter) -> tuple[Quarter, ...]:
    return tuple(q for q in quarters if q.first_day <= chosen.first_day)[-FOLLOWED:]
