"""From contacts in the order of time to journeys, and from these to distinct paths, whole arrays at a time.

Contacts and the ends of journeys come as two numbers a row, sorted by both: a person, and an event that is made of a
day, a place within the day and a number: ((day · 16 + place) · 2³² + number). Days count from 1 January of the year 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CONTACT, _END, _CUSTOMER = 0, 1, 2
# What stands at each place: ends of journeys at 9, 10 and 15; at 5, 6, 7, 11 and 12 contacts that only customers have.
_KINDS = np.array([0, 0, 0, 0, 0, 2, 2, 2, 0, 1, 1, 2, 2, 0, 0, 1], dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Runs:
    """The contacts of a person up to an end of a journey, or to the last one.

    day, number: one entry per event; of a contact the number is that of its channel. first, length: the contacts of
    each run. end: the number of the run's end, -1 where there is none: the person has never ordered anything.
    is_customer: whether a run without an end holds a contact that only customers have.
    """

    day: np.ndarray
    number: np.ndarray
    first: np.ndarray
    length: np.ndarray
    end: np.ndarray
    is_customer: np.ndarray


def split(person: np.ndarray, event: np.ndarray) -> Runs:
    """Runs of events, sorted by person and event."""
    number = event.astype(np.uint32).view(np.int32)
    day = (event >> 32).astype(np.int32)
    kind = _KINDS[day & 15]
    day >>= 4
    is_last = kind == _END
    if len(person):
        is_last[:-1] |= person[1:] != person[:-1]
        is_last[-1] = True
    last = np.flatnonzero(is_last)
    first = np.concatenate([np.zeros(1, np.intp), last[:-1] + 1]) if len(last) else last
    has_end = kind[last] == _END
    customers = kind == _CUSTOMER
    is_customer = np.logical_or.reduceat(customers, first) if customers.any() else np.zeros(len(last), bool)
    length = (last - first + ~has_end).astype(np.int32)
    return Runs(day, number, first, length, np.where(has_end, number[last], -1), is_customer & ~has_end)


@dataclass(frozen=True, eq=False)
class Asked:
    """Which journeys are asked for, and within which days of contacts.

    end: number of each end of a journey that counts, -1 for one that nobody's contacts lead to; has_order: whether it
    is an order or only the last contact of a customer; end_day: of the order. Of people who never ordered:
    strangers: whether those count who show no sign of being customers, and regulars: the others. first_day, last_day:
    when a journey without an order must have ended. known_to: the last day of which orders are known, None: not asked.
    """

    end: np.ndarray
    has_order: np.ndarray
    end_day: np.ndarray
    strangers: bool
    regulars: bool
    first_day: int
    last_day: int
    look_back_days: int
    known_to: int | None = None


@dataclass(frozen=True, eq=False)
class Steps:
    """Journeys, contact after contact. channel, age_days: one entry per contact; days are counted back from the end.

    length: contacts of each journey. order: its place among the ends asked for, -1 for a journey without an order.
    unfinished: how many of those without one were in contact less than a look-back before the last known day.
    """

    channel: np.ndarray
    age_days: np.ndarray
    length: np.ndarray
    order: np.ndarray
    unfinished: int = 0

    @cached_property
    def first(self) -> np.ndarray:
        """Where the contacts of each journey begin."""
        return np.cumsum(self.length, dtype=np.int64) - self.length


def collect(events: Iterable[tuple[np.ndarray, np.ndarray]], several: Sequence[Asked]) -> list[Steps]:
    """The journeys of each of `several`, from (persons, events) in pieces between which nobody's contacts are divided."""
    found: list[list[Steps]] = [[] for _ in several]
    for person, event in events:
        runs = split(person, event)
        for asked, pieces in zip(several, found, strict=True):
            pieces.append(cut(runs, asked))
    return [_joined(pieces) for pieces in found]


def _joined(pieces: list[Steps]) -> Steps:
    if len(pieces) == 1:
        return pieces[0]
    empty = np.empty(0, dtype=np.int32)
    names = ("channel", "age_days", "length", "order")
    columns = (np.concatenate([getattr(p, name) for p in pieces] or [empty]) for name in names)
    return Steps(*columns, sum(p.unfinished for p in pieces))


def cut(runs: Runs, asked: Asked) -> Steps:
    """The journeys that are asked for; a run without an order is cut into stretches as long as the look-back."""
    order = _places_of(asked.end, runs.end)
    is_order = (order >= 0) & np.append(asked.has_order, False)[order]
    unmarked = (runs.end < 0) & np.where(runs.is_customer, asked.regulars, asked.strangers)
    at = np.flatnonzero(((order >= 0) | unmarked) & (runs.length > 0))
    first, length = runs.first[at], runs.length[at]
    order = np.where(is_order[at], order[at], -1)
    end_day = runs.day[first + length - 1]
    ordered = order >= 0
    end_day[ordered] = asked.end_day[order[ordered]]
    found = _within(runs.day, _Cuts(first, length, end_day, order), asked.look_back_days)
    last_contact = runs.day[found.first + found.length - 1]
    in_time = (last_contact >= asked.first_day) & (last_contact <= asked.last_day)
    late = in_time & (found.order < 0)
    if asked.known_to is not None:
        late &= last_contact > asked.known_to - asked.look_back_days
    unfinished = int(late.sum()) if asked.known_to is not None else 0
    return replace(_steps(runs, found.part((found.order >= 0) | in_time)), unfinished=unfinished)


def _places_of(wanted: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """For each of `numbers` its place in `wanted`, -1 where it is not there; numbers below zero are not."""
    size = max(int(wanted.max(initial=-1)), int(numbers.max(initial=-1))) + 2
    place = np.full(size, -1, dtype=np.int32)
    known = np.flatnonzero(wanted >= 0)
    place[wanted[known]] = known
    return place[numbers]  # the last entry, that of -1, stays -1


@dataclass(frozen=True, eq=False)
class _Cuts:
    """Journeys: place of the first contact, how many there are, the day of the end, and which order (-1: none)."""

    first: np.ndarray
    length: np.ndarray
    end_day: np.ndarray
    order: np.ndarray

    def part(self, chosen: np.ndarray) -> _Cuts:
        if chosen.all():
            return self
        return _Cuts(self.first[chosen], self.length[chosen], self.end_day[chosen], self.order[chosen])


def _within(day: np.ndarray, cuts: _Cuts, look_back_days: int) -> _Cuts:
    is_long = cuts.end_day - day[cuts.first] > look_back_days
    if not is_long.any():
        return cuts
    short, long = cuts.part(~is_long), cuts.part(is_long)
    of, at = _ragged(long.first, long.length)
    stretch = (long.end_day[of] - day[at]) // (look_back_days + 1)
    piece = np.flatnonzero(np.append(True, (of[1:] != of[:-1]) | (stretch[1:] != stretch[:-1])))
    length = np.diff(np.append(piece, len(of))).astype(np.int32)
    kept = (long.order[of[piece]] < 0) | (stretch[piece] == 0)  # before an order only the last stretch counts
    piece, length = piece[kept], length[kept]
    of, at, ordered = of[piece], at[piece], long.order[of[piece]] >= 0
    end_day = np.where(ordered, long.end_day[of], day[at + length - 1])
    pieces = (at, length, end_day, long.order[of])
    whole = (short.first, short.length, short.end_day, short.order)
    return _Cuts(*(np.concatenate(both) for both in zip(whole, pieces, strict=True)))


def _steps(runs: Runs, cuts: _Cuts) -> Steps:
    _, at = _ragged(cuts.first, cuts.length)
    channel = runs.number[at]
    age_days = np.repeat(cuts.end_day, cuts.length) - runs.day[at]
    narrow = np.int16 if channel.max(initial=0) <= np.iinfo(np.int16).max else np.int32
    return Steps(channel.astype(narrow), age_days.astype(np.int16), cuts.length, cuts.order)


def _ragged(first: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For runs of places: of every place, which run it belongs to, and the place itself."""
    of = np.repeat(np.arange(len(first), dtype=np.int32), length)
    begin = np.cumsum(length) - length
    return of, np.arange(len(of)) + (first - begin)[of]
