"""Journeys of customers to an order, compressed to distinct paths, and what was recorded of the same orders."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.period import groups, read_known, same_name
from analytics.models.journeys import SEPARATOR, Journeys

if TYPE_CHECKING:
    from analytics.decisions.assumptions import Assumptions
    from analytics.decisions.period import Known
    from analytics.decisions.window import Window
    from analytics.warehouse.filters import Filters

FIRST, REORDER = "first", "reorder"
MOTIONS = {FIRST: "acquisition", REORDER: "retention"}
LOOK_BACK_DAYS = 90
MOST_LOOK_BACK_DAYS = 730
AMOUNTS = ("conversions", "revenue", "margin", "value")


def _frame(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=float if name in AMOUNTS else object) for name in columns})


@dataclass(frozen=True, eq=False)
class Paths:
    """Distinct paths. steps: ready for a model, with conversions and nulls. amounts: frame[*AMOUNTS], a row per path."""

    steps: Journeys
    amounts: pd.DataFrame

    def worth(self, amount: str) -> Journeys:
        """The paths with `amount` as their value; what is not known counts as nothing."""
        return replace(self.steps, value=self.amounts[amount].fillna(0.0).to_numpy(float))

    def text(self, path: int) -> str:
        """A path written as "a > b > c"."""
        begin = self.steps.first[path]
        channels = self.steps.touch_channel[begin : begin + self.steps.length[path]]
        return SEPARATOR.join(self.steps.channels[channel] for channel in channels)

    def total(self, amount: str) -> float:
        """The amount of all paths."""
        return float(self.amounts[amount].sum())


@dataclass(frozen=True, eq=False)
class JourneyBook:
    """What is known of the journeys that lead to one kind of order (leads_to: first or reorder).

    Amounts are conversions = orders, revenue, margin, and value = margin of the first twelve months after a first
    order (of a reorder: its own margin); NaN where orders have no margin and no rate is set.
    contacted: whether contacts are loaded; without them there are no journeys (paths and aged are None). paths: an
    order without a contact within the look-back is a path of one step, as recorded. aged: of orders only, with the age
    of each contact. recorded: frame[channel, *amounts], the orders by the channel or programme in the company's own
    records (None: none). by_record: orders whose path is their record; unseen: the amounts of orders with neither
    contact nor record. spend: channel (as compared by same_name) -> money of the motion in the window, None where it is
    not known. costed: the book of the days for which it is known, None if none are.
    """

    leads_to: str = FIRST
    look_back_days: int = LOOK_BACK_DAYS
    window: Window | None = None
    narrowed: bool = False
    paths: Paths | None = None
    aged: Paths | None = None
    recorded: pd.DataFrame = field(default_factory=lambda: _frame("channel", *AMOUNTS))
    by_record: float = 0.0
    unseen: dict[str, float] = field(default_factory=lambda: dict.fromkeys(AMOUNTS, 0.0))
    spend: dict[str, float] | None = None
    costed: JourneyBook | None = None
    known: Known | None = None

    @property
    def contacted(self) -> bool:
        """Whether any journey is on file."""
        return self.paths is not None

    @property
    def has_journeys(self) -> bool:
        """Whether there is an order whose contacts can be credited."""
        return self.paths is not None and self.paths.total("conversions") > self.by_record

    @property
    def lost(self) -> float:
        """How many journeys ended without an order."""
        return float(self.paths.steps.nulls.sum()) if self.paths else 0.0

    @property
    def count(self) -> float:
        """How many journeys with contacts there are."""
        return self.lost + (self.paths.total("conversions") - self.by_record if self.paths else 0.0)

    def is_known(self, amount: str) -> bool:
        """Whether the amount is known of every order."""
        return bool(np.isfinite(self.total(amount)))

    def total(self, amount: str) -> float:
        """The amount of all orders; NaN where it is not known of every one."""
        return float(self.recorded[amount].sum(skipna=False)) if self.recorded.size else 0.0

    def journeys(self, amount: str, with_ages: bool = False) -> Journeys:
        """The paths, ready for a model, `amount` as their value. ValueError where there are none."""
        paths = self.aged if with_ages else self.paths
        if paths is None:
            raise ValueError("There are no journeys: contacts are not loaded.")
        return paths.worth(amount)


def read_journeys(
    workspace, filters: Filters, assumptions: Assumptions, look_back_days: int, leads_to: str
) -> JourneyBook:
    """Asks the warehouse for the journeys that end in the window. ValueError for an impossible look-back or kind."""
    if leads_to not in MOTIONS:
        raise ValueError(f"Journeys lead to {FIRST} or {REORDER} orders, not to {leads_to!r}.")
    if not 1 <= look_back_days <= MOST_LOOK_BACK_DAYS:
        raise ValueError(
            f"The look-back is {look_back_days} days; it must lie from 1 to {MOST_LOOK_BACK_DAYS}."
        )
    known = read_known(workspace)
    if known is None:
        return JourneyBook(leads_to, look_back_days)
    window = known.window(filters)
    book = _read(workspace, filters, assumptions.margin_rate, look_back_days, leads_to, window)
    if book.narrowed or known.spend is None:
        return replace(book, known=known)
    part = window.cut_to(known.spend)
    if part and not window.is_covered_by(known.spend):
        costed = _read(workspace, filters, assumptions.margin_rate, look_back_days, leads_to, part)
        return replace(
            book, known=known, costed=replace(costed, spend=_spend(workspace, part, known, leads_to))
        )
    book = replace(book, known=known, spend=_spend(workspace, window, known, leads_to) if part else None)
    return replace(book, costed=book) if part else book


def _read(workspace, filters, margin_rate, look_back_days: int, leads_to: str, window: Window) -> JourneyBook:
    asked = {
        "leads_to": leads_to,
        "first_day": window.first_day,
        "last_day": window.last_day,
        **groups(filters),
    }
    within = {**asked, "look_back_days": look_back_days}
    names = workspace.query("journey_channels")
    found = _with_margins(workspace.query("journey_paths", **within, with_ages=False), margin_rate)
    aged = _with_margins(workspace.query("journey_paths", **within, with_ages=True), margin_rate)
    unseen = found[found["channels"].map(len) == 0]
    recorded = _with_margins(workspace.query("recorded_channels", **asked), margin_rate)
    return JourneyBook(
        leads_to,
        look_back_days,
        window,
        narrowed=bool(filters.segments or filters.regions or filters.channels),
        paths=make_paths(found, names) if len(found) else None,
        aged=make_paths(aged, names) if len(found) else None,
        recorded=_recorded(recorded),
        by_record=float(found["conversions_by_record"].sum()),
        unseen={name: float(unseen[name].sum(skipna=False)) for name in AMOUNTS},
    )


def _with_margins(found: pd.DataFrame, margin_rate: float | None) -> pd.DataFrame:
    """Adds margin and value: as economics.margin, row by row."""
    rate = NAN if margin_rate is None else margin_rate
    sums = {}
    for name, prefix in (("margin", ""), ("value", "value_")):
        estimated = rate * found[f"{prefix}amount_without_margin"].astype(float)
        lacking = found[f"{prefix}orders_without_margin"] > 0
        sums[name] = found[f"{name}_given"].astype(float) + estimated.where(lacking, 0.0)
    return found.assign(**sums)


def make_paths(found: pd.DataFrame, names: pd.DataFrame) -> Paths:
    """The rows of journey_paths.sql that have a step, their channels numbered anew in the order of their names.

    found: rows with their amounts; names: rows of journey_channels.sql.
    """
    rows = found[found["channels"].map(len) > 0].sort_values(
        "place"
    )  # sums must not depend on the order of rows
    numbers = _flat(rows["channels"]).astype(np.intp)
    present = names[names["channel_no"].isin(np.flatnonzero(np.bincount(numbers)))].sort_values("name")
    renumbered = np.zeros(int(names["channel_no"].max()) + 1, dtype=np.intp)
    renumbered[present["channel_no"]] = np.arange(len(present))
    length = rows["channels"].map(len).to_numpy(np.intp)
    has_ages = bool(rows["ages_days"].notna().any())
    steps = Journeys(
        channels=tuple(present["name"]),
        touch_channel=renumbered[numbers],
        touch_path=np.repeat(np.arange(len(rows)), length),
        touch_age_days=_flat(rows["ages_days"]).astype(float) if has_ages else None,
        length=length,
        conversions=rows["conversions"].to_numpy(float),
        value=np.zeros(len(rows)),
        nulls=rows["nulls"].to_numpy(float),
    )
    known = [name for name in AMOUNTS if name in rows]
    return Paths(steps, rows[known].astype(float).reset_index(drop=True))


def _flat(lists: pd.Series) -> np.ndarray:
    return np.concatenate(lists.to_list()) if len(lists) else np.empty(0)


def _recorded(found: pd.DataFrame) -> pd.DataFrame:
    channel = found["recorded"].astype(object).where(found["recorded"].notna(), None)
    return found.assign(channel=channel)[["channel", *AMOUNTS]]


def _spend(workspace, window: Window, known: Known, leads_to: str) -> dict[str, float]:
    days = window.widened_at_edges(known.orders)
    found = workspace.query("spend_by_channel", first_day=days.first_day, last_day=days.last_day, channels=[])
    mine = found[found["motion"] == MOTIONS[leads_to]]
    return {
        name: float(spend)
        for name, spend in mine.groupby(mine["channel"].map(same_name))["spend"].sum().items()
    }
