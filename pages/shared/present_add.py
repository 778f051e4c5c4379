"""“Add to the deck”: a chart is frozen into the workspace's deck as it stands on the page, with what the page says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.filter_choices import filter_choices
from analytics.language import gettext as _
from analytics.reporting import own_deck
from analytics.reporting.columns import personal_columns
from analytics.reporting.slides import Entry, Slide
from analytics.reporting.story_definitions import of_view
from analytics.warehouse.errors import WorkspaceError
from pages.shared import session
from pages.shared.plain import plain

if TYPE_CHECKING:
    import pandas as pd

PAGE, SAID = "page", "page said"
HOME = "case"  # whose address is empty


class Said(NamedTuple):
    """What the page says above its charts."""

    question: str = ""
    answer: str = ""
    badges: tuple[str, ...] = ()


def be_at(path: str) -> None:
    """Which page is drawn, as in its address."""
    st.session_state[PAGE] = path or HOME


def remember(question: str, answer: str, badges: Iterable[str]) -> None:
    """What the page says: the slides of its charts will say it too."""
    st.session_state[SAID] = Said(question, answer, tuple(text for text in badges if text))


def button(figure: Any, table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, method: str) -> None:
    """The button beside a chart. table: or what makes it, when it is needed.

    The slide is of what is drawn now: data, filters and assumptions may be others when the button is pressed.
    """
    said, days = st.session_state.get(SAID, Said()), _days()
    slide = Slide(
        key="",
        question=said.question,
        headline=said.answer,
        name=name,
        snapshot=session.workspace().snapshot,
        figure=figure,
        method=method,
        evidence=" · ".join(badge for badge in said.badges if badge != days),
        page=address(),
        days=days,
        settings=(Entry(_("Days"), days), *of_view(session.view().filters, session.assumptions())),
    )
    st.button(_("Add to the deck"), key=f"deck {name}", type="tertiary", on_click=_add, args=(slide, table))


def added(slide: Slide) -> None:
    """Add a slide, and say what came of it."""
    sentences = {
        own_deck.ADDED: _("“{name}” is in the deck now."),
        own_deck.RENEWED: _("“{name}” is up to date in the deck, in its old place."),
        own_deck.ALREADY: _("“{name}” is already in the deck, as it is here."),
    }
    with refusals_told():
        done = own_deck.add(session.workspace(), slide)
        st.toast(plain(sentences[done].format(name=slide.name)), icon=":material/slideshow:")


@contextmanager
def refusals_told() -> Iterator[None]:
    """Say why the workspace refuses a change of the deck."""
    try:
        yield
    except WorkspaceError as problem:
        st.toast(plain(str(problem)), icon=":material/error:", duration="long")


def address(page: str = "") -> str:
    """A page, else the one in hand, with its view as the address says it; choices of other pages are no part of it."""
    page = page or st.session_state.get(PAGE, HOME)
    view = session.to_address(session.view())
    mine = {name: values for name, values in view.items() if "-" not in name or name.startswith(f"{page}-")}
    return f"{page}?{urlencode(mine, doseq=True)}"


def _add(slide: Slide, table: Any) -> None:
    rows = table() if callable(table) else table
    added(replace(slide, table=rows, personal=personal_columns(rows)))


def _days() -> str:
    filters, known = session.view().filters, session.known(filter_choices)
    first, last = filters.first_day or known.first_day, filters.last_day or known.last_day
    return _("{first} to {last}").format(first=wording.day(first), last=wording.day(last)) if last else ""
