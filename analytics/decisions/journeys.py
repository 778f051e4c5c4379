"""Journeys of customers to an order, compressed to distinct paths, and what was recorded of the same orders."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.period import groups, read_known, same_name
from analytics.language import gettext as _
from analytics.models.contacts import Asked, Steps, collect
from analytics.models.journeys import SEPARATOR, Journeys
from analytics.models.path_tree import grow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from analytics.decisions.assumptions import Assumptions
    from analytics.decisions.period import Known
    from analytics.decisions.window import Window
    from analytics.warehouse.filters import Filters

FIRST, REORDER = "first", "reorder"
MOTIONS = {FIRST: "acquisition", REORDER: "retention"}
LOOK_BACK_DAYS = 90
MOST_LOOK_BACK_DAYS = 730
AMOUNTS = ("conversions", "revenue", "margin", "value")
SUMS = (
    "conversions", "revenue", "margin_given", "amount_without_margin", "orders_without_margin", "value_given",
    "value_amount_without_margin", "value_orders_without_margin",
)  # fmt: skip
MOST_EVENTS = 2_000_000  # read at a time
_PEOPLE = 1 << 64  # the numbers that stand for people lie below
_PARTS = 10_000  # money has four decimals: as whole numbers its sums are exact, in whatever order
_FIRST_DAY = (
    1  # 1 January of the year 1, from which the warehouse counts days, as date.toordinal() numbers it
)


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
    not known. costed: the book of the days for which it is known, None if none are. unfinished: journeys without an order
    that were in contact less than a look-back before the last day of which orders are known: one may still follow.
    """

    leads_to: str = FIRST
    look_back_days: int = LOOK_BACK_DAYS
    window: Window | None = None
    narrowed: bool = False
    paths: Paths | None = None
    aged: Paths | None = None
    recorded: pd.DataFrame = field(default_factory=lambda: _frame("channel", *AMOUNTS))
    by_record: float = 0.0
    unfinished: int = 0
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
        raise ValueError(
            _("Journeys lead to {first} or {reorder} orders, not to {leads_to!r}.").format(
                first=FIRST, reorder=REORDER, leads_to=leads_to
            )
        )
    if not 1 <= look_back_days <= MOST_LOOK_BACK_DAYS:
        raise ValueError(
            _("The look-back is {look_back_days} days; it must lie from 1 to {most}.").format(
                look_back_days=look_back_days, most=MOST_LOOK_BACK_DAYS
            )
        )
    known = read_known(workspace)
    if known is None:
        return JourneyBook(leads_to, look_back_days)
    window = known.window(filters)
    part = window.cut_to(known.spend) if known.spend and not _is_narrowed(filters) else None
    days = [window, part] if part and not window.is_covered_by(known.spend) else [window]
    last = known.orders.last_day
    books = _read(workspace, filters, assumptions.margin_rate, look_back_days, leads_to, days, last)
    book, costed = replace(books[0], known=known), replace(books[-1], known=known)
    if part is None:
        return book
    spent = _spend(workspace, part if len(days) > 1 else window, known, leads_to)
    costed = replace(costed, spend=spent)
    return replace(book if len(days) > 1 else costed, costed=costed)


def _is_narrowed(filters: Filters) -> bool:
    return bool(filters.segments or filters.regions or filters.channels)


def _read(
    workspace,
    filters,
    margin_rate,
    look_back_days: int,
    leads_to: str,
    windows: list[Window],
    known_to: date,
) -> list[JourneyBook]:
    """One book for each window; the contacts are gone through once for all of them."""
    narrowed = _is_narrowed(filters)
    names = workspace.query("journey_channels")
    asked = [
        {"leads_to": leads_to, "first_day": w.first_day, "last_day": w.last_day, **groups(filters)}
        for w in windows
    ]
    ends = [workspace.query("journey_ends", **within) for within in asked]
    wanted = [
        replace(
            asked_for(found, leads_to, window.first_day, window.last_day, look_back_days, narrowed),
            known_to=known_to.toordinal() - _FIRST_DAY,
        )
        for found, window in zip(ends, windows, strict=True)
    ]
    books = []
    for steps, found, window, within in zip(
        collect(read_events(workspace.query), wanted), ends, windows, asked, strict=True
    ):
        recorded = _recorded(_with_margins(workspace.query("recorded_channels", **within), margin_rate))
        book = JourneyBook(leads_to, look_back_days, window, narrowed, recorded=recorded)
        if len(steps.length) or found["has_order"].any():
            made = _paths(steps, found, names, margin_rate)
            book = replace(book, unfinished=steps.unfinished, **made)
        books.append(book)
    return books


def _paths(steps: Steps, ends: pd.DataFrame, names: pd.DataFrame, margin_rate: float | None) -> dict:
    """paths, aged, by_record and unseen, as in JourneyBook."""
    plain, aged = (make_paths(steps, ends, names, with_ages) for with_ages in (False, True))
    unseen = _with_margins(plain.unseen, margin_rate)
    return {
        "paths": Paths(plain.steps, _with_margins(plain.sums, margin_rate)[list(AMOUNTS)]),
        "aged": Paths(aged.steps, _with_margins(aged.sums, margin_rate)[list(AMOUNTS)]),
        "by_record": plain.by_record,
        "unseen": {name: float(unseen[name].sum(skipna=False)) for name in AMOUNTS},
    }


def read_events(query: Callable[..., pd.DataFrame]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Persons and events of journey_contacts.sql, so many people at a time that memory does not grow with their number."""
    pieces = int(query("journey_size")["contacts"].iloc[0]) // MOST_EVENTS + 1
    edges = [piece * _PEOPLE // pieces for piece in range(pieces + 1)]
    for lowest, next_lowest in pairwise(edges):
        found = query("journey_contacts", lowest=lowest, highest=next_lowest - 1)
        yield found["person"].to_numpy(), found["event"].to_numpy()


def asked_for(
    ends: pd.DataFrame, leads_to: str, first_day: date, last_day: date, look_back_days: int, narrowed: bool
) -> Asked:
    """The journeys to ask for. ends: rows of journey_ends.sql; narrowed: to groups, which only customers belong to."""
    return Asked(
        end=ends["number"].fillna(-1).to_numpy(np.int64),
        has_order=ends["has_order"].to_numpy(bool),
        end_day=ends["end_day"].fillna(-1).to_numpy(np.int32),
        strangers=leads_to == FIRST and not narrowed,
        regulars=leads_to == REORDER and not narrowed,
        first_day=first_day.toordinal() - _FIRST_DAY,
        last_day=last_day.toordinal() - _FIRST_DAY,
        look_back_days=look_back_days,
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


@dataclass(frozen=True, eq=False)
class Compressed:
    """Distinct paths. sums: frame[*SUMS], a row per path; unseen: of the orders without a path; by_record: see JourneyBook."""

    steps: Journeys
    sums: pd.DataFrame
    unseen: pd.DataFrame
    by_record: float


def make_paths(steps: Steps, ends: pd.DataFrame, names: pd.DataFrame, with_ages: bool) -> Compressed:
    """Journeys as distinct paths; where asked for, of orders only, and together with the ages of their contacts.

    An order without a contact has one step, as recorded; without a record it has none. ends: rows of journey_ends.sql;
    names: rows of journey_channels.sql.
    """
    alone = _without_contact(steps, ends)
    channel, age_days, length, order = _joined(steps, ends, alone, with_ages)
    ages = int(age_days.max(initial=0)) + 1 if with_ages else 1
    labels = channel * np.int64(ages) + age_days if with_ages else channel
    tree, node = grow(labels, length, (int(names["channel_no"].max()) + 1) * ages)
    path, nodes = _paths_of(node, order, len(tree.label))
    contacts = tree.written(nodes)
    channels, renumbered = _renumbered(tree.label // ages, names)
    path_of_end = np.full(len(ends), -1)
    path_of_end[order[order >= 0]] = path[order >= 0]
    sums = _sums(ends, path_of_end, len(nodes))
    journeys = Journeys(
        channels=channels,
        touch_channel=renumbered[contacts // ages],
        touch_path=np.repeat(np.arange(len(nodes)), tree.depth[nodes]),
        touch_age_days=(contacts % ages).astype(float) if with_ages else None,
        length=tree.depth[nodes].astype(np.intp),
        conversions=sums["conversions"].to_numpy(float),
        value=np.zeros(len(nodes)),
        nulls=np.bincount(path[order < 0], minlength=len(nodes)).astype(float),
        tree=None if with_ages else replace(tree, label=renumbered[tree.label]),
        node=None if with_ages else nodes,
    )
    unseen = _sums(ends, np.where(ends["has_order"] & (path_of_end < 0), 0, -1), 1)
    return Compressed(journeys, sums, unseen, float(ends["conversions"].to_numpy(float)[alone].sum()))


def _without_contact(steps: Steps, ends: pd.DataFrame) -> np.ndarray:
    """Places of the orders that nobody's contacts lead to and that have a record."""
    lacking = ends["has_order"].to_numpy(bool) & ends["recorded_no"].notna().to_numpy()
    lacking[steps.order[steps.order >= 0]] = False
    return np.flatnonzero(lacking)


def _joined(steps: Steps, ends: pd.DataFrame, alone: np.ndarray, only_orders: bool) -> tuple[np.ndarray, ...]:
    """channel, age_days, length and order, as in Steps, with the orders that have their record for a contact."""
    columns = steps.channel, steps.age_days, steps.length, steps.order
    if only_orders:
        ordered = steps.order >= 0
        at = np.repeat(ordered, steps.length)
        columns = steps.channel[at], steps.age_days[at], steps.length[ordered], steps.order[ordered]
    if not len(alone):
        return columns
    record = ends["recorded_no"].to_numpy(float)[alone].astype(np.int32)
    further = record, np.zeros_like(record), np.ones_like(record), alone
    return tuple(np.concatenate(both) for both in zip(columns, further, strict=True))


def _paths_of(node: np.ndarray, order: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Of every journey the number of its path, and the node of every path; paths with orders come first."""
    won, ends_here = np.zeros(nodes, dtype=bool), np.zeros(nodes, dtype=bool)
    won[node[order >= 0]] = True
    ends_here[node] = True
    nodes_of = np.concatenate([np.flatnonzero(won), np.flatnonzero(ends_here & ~won)])
    path_of = np.empty(nodes, dtype=np.int32)
    path_of[nodes_of] = np.arange(len(nodes_of), dtype=np.int32)
    return path_of[node], nodes_of


def _renumbered(used: np.ndarray, names: pd.DataFrame) -> tuple[tuple[str, ...], np.ndarray]:
    """The channels of the paths by name, and for each channel_no its place among them."""
    present = names[names["channel_no"].isin(np.flatnonzero(np.bincount(used)))].sort_values("name")
    renumbered = np.zeros(int(names["channel_no"].max()) + 1, dtype=np.intp)
    renumbered[present["channel_no"]] = np.arange(len(present))
    return tuple(present["name"]), renumbered


def _sums(ends: pd.DataFrame, path: np.ndarray, paths: int) -> pd.DataFrame:
    """Frame[*SUMS] of the ends of each path (-1: of none)."""
    known = np.flatnonzero(path >= 0)
    at = path[known]
    parts = {name: np.rint(ends[name].to_numpy(float)[known] * _PARTS) for name in SUMS}
    return pd.DataFrame({name: np.bincount(at, part, paths) / _PARTS for name, part in parts.items()})


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
