"""What leaves the screen: slides with their numbers, as present page, deck, hand-out and workbook all show them.

A slide says one thing: a sentence written from the numbers, the chart and table that show it, how well it is known, and
what a sceptic would ask. Nothing is computed here or later: what is on a slide is what was on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from analytics.reporting.charts import Figure

HEADLINE_COLUMNS = ("key", "label", "value", "low", "high", "unit")


class Entry(NamedTuple):
    """A term and what it means, a setting and its value."""

    term: str
    text: str


@dataclass(frozen=True, eq=False)
class Slide:
    """One message.

    key: which slide of the default story, or the id of one that was added. question: of the page it comes from.
    headline: the message, a sentence. name: of the chart, short and without numbers, as files and sheets are called.
    figure: as on the page; None for a slide of words or of its table alone. table: what is behind the chart, with
    headers for people; may be empty. personal: those of its columns that name persons. points: what to read off the
    chart, at most three short sentences. method: how it is computed. evidence: how well it is known, as the badge
    says it; empty where nothing is estimated. question_asked, reply: the sceptic's question and its answer.
    note: what the presenter wrote. page: where it comes from, as in the page's address, and with which view.
    snapshot: of the data that its numbers were computed from. days, settings: the window, and what its numbers depend
    on, where a slide was kept from another view than the story's; else empty.
    """

    key: str
    question: str
    headline: str
    name: str
    snapshot: str
    figure: Figure | None = None
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    personal: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    method: str = ""
    evidence: str = ""
    question_asked: str = ""
    reply: str = ""
    note: str = ""
    page: str = ""
    days: str = ""
    settings: tuple[Entry, ...] = ()


@dataclass(frozen=True, eq=False)
class Story:
    """Slides in their order, and what every one of them rests on.

    company: the workspace's name. days: the window, as it is written. settings: filters and assumptions, every one that
    a number depends on. numbers: frame[HEADLINE_COLUMNS] of the headline figures: unit is money, share, ratio or count;
    not known is NaN. missing: what has no slide, and which export would bring it. definitions: the terms used.
    quality: what is known about the data. notes: what the numbers' reader must know.
    """

    title: str
    company: str
    is_sample: bool
    currency: str | None
    snapshot: str
    days: str
    slides: tuple[Slide, ...]
    numbers: pd.DataFrame
    settings: tuple[Entry, ...] = ()
    missing: tuple[str, ...] = ()
    definitions: tuple[Entry, ...] = ()
    quality: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
