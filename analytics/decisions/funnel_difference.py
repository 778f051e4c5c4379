"""Two quarters, or two segments, held against each other at every step of both funnels."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.decisions.economics import NAN
from analytics.decisions.filter_choices import filter_choices
from analytics.decisions.funnel_sentences import STAGE_LABELS
from analytics.decisions.funnels import Funnels, funnels
from analytics.decisions.interval import QUANTILE
from analytics.decisions.window import Window, month_end
from analytics.language import gettext as _
from analytics.warehouse.filters import Filters

QUARTERS, SEGMENTS = "quarters", "segments"
PARTS = ("people", "share", "low", "high", "cost", "cost_per_person", "margin", "median_days")
DIFFERENCE_COLUMNS = (
    "funnel",
    "stage",
    *(f"{part}_{side}" for part in PARTS for side in ("first", "second")),
)


@dataclass(frozen=True)
class DifferenceChoices:
    """What can be compared: quarters as 2026q3, newest first, that the orders cover wholly; segments as recorded."""

    quarters: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    def of(self, by: str) -> tuple[str, ...]:
        """The names of one kind."""
        return self.quarters if by == QUARTERS else self.segments


@dataclass(frozen=True, eq=False)
class FunnelDifference:
    """steps: frame of DIFFERENCE_COLUMNS, one row per stage. share: along AIDAS of the step before, in the flipped
    funnel of all customers, with its 80 % interval (normal approximation of a binomial share).
    """

    first: str
    second: str
    steps: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DIFFERENCE_COLUMNS)))

    @cached_property
    def sentence(self) -> str:
        """The step at which both differ most beyond chance."""
        return _sentence(self)


def difference_choices(workspace) -> DifferenceChoices:
    """Everything that can be compared in the workspace."""
    found = filter_choices(workspace)
    if found.first_day is None or found.last_day is None:
        return DifferenceChoices()
    days = Window(found.first_day, found.last_day).whole_months()
    quarters = [
        name(p.first_day)
        for p in found.presets
        if p.first_day and p.last_day and p.last_day == _end(p.first_day) and days.first_day <= p.first_day
        and p.last_day <= days.last_day
    ]  # fmt: skip
    return DifferenceChoices(tuple(quarters), found.segments)


def funnel_difference(
    workspace, filters: Filters, assumptions, by: str, first: str, second: str
) -> FunnelDifference:
    """Both funnels of two quarters (by "quarters": 2026q3) or two segments (by "segments"), else as the filters say."""
    sides = [funnels(workspace, _narrowed(filters, by, name_), assumptions) for name_ in (first, second)]
    labels = [label(by, name_) for name_ in (first, second)]
    if any(side.people is None for side in sides):
        return FunnelDifference(labels[0], labels[1])
    frames = [_side(side, suffix) for side, suffix in zip(sides, ("first", "second"), strict=True)]
    steps = frames[0].merge(frames[1], on=["funnel", "stage"])[list(DIFFERENCE_COLUMNS)]
    return FunnelDifference(labels[0], labels[1], steps)


def name(quarter: date) -> str:
    """A quarter as it stands in an address: 2026q3."""
    return f"{quarter.year}q{(quarter.month + 2) // 3}"


def label(by: str, name_: str) -> str:
    """A quarter or segment as it is read."""
    return wording.quarter(_first_day(name_)) if by == QUARTERS else name_


def _narrowed(filters: Filters, by: str, name_: str) -> Filters:
    days = (filters.first_day, filters.last_day)
    segments = filters.segments
    if by == QUARTERS:
        days = (_first_day(name_), _end(_first_day(name_)))
    else:
        segments = (name_,)
    return Filters(*days, segments, filters.regions, filters.channels)


def _first_day(name_: str) -> date:
    year, quarter = name_.split("q")
    return date(int(year), 3 * int(quarter) - 2, 1)


def _end(first_day: date) -> date:
    return month_end(first_day.replace(month=first_day.month + 2))


def _side(found: Funnels, suffix: str) -> pd.DataFrame:
    frame = found.stages.copy()
    is_classic = frame["funnel"] == "aidas"
    frame["share"] = frame["share_of_step"].where(is_classic, frame["share_of_start"])
    people = found.people
    counts = frame["people"].ffill().shift().where(is_classic, people.customers if people else NAN)
    counts = counts.where(frame["stage"] != "satisfaction", people.finished if people else NAN)
    half = QUANTILE * np.sqrt(frame["share"] * (1 - frame["share"]) / counts)
    frame["low"], frame["high"] = (frame["share"] - half).clip(lower=0), (frame["share"] + half).clip(upper=1)
    return frame[["funnel", "stage", *PARTS]].rename(columns={part: f"{part}_{suffix}" for part in PARTS})


def _sentence(found: FunnelDifference) -> str:
    steps = found.steps
    apart = (steps["share_first"] - steps["share_second"]).abs()
    spread = np.hypot(
        steps["high_first"] - steps["share_first"], steps["high_second"] - steps["share_second"]
    )
    surely = steps[(apart > spread).to_numpy() & apart.notna().to_numpy()]
    if not apart.notna().any():
        return _("Nothing can be compared between {first} and {second}.").format(
            first=found.first, second=found.second
        )
    if surely.empty:
        return _("Between {first} and {second} no step differs by more than chance explains.").format(
            first=found.first, second=found.second
        )
    line = steps.loc[apart[surely.index].idxmax()]
    return _("{first} and {second} differ most at {stage}: {a} against {b}.").format(
        first=found.first,
        second=found.second,
        stage=STAGE_LABELS[line["stage"]].lower(),
        a=wording.percent(line["share_first"]),
        b=wording.percent(line["share_second"]),
    )
