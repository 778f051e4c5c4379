"""What the meeting shows: the default story or one's own deck, and which slide; both stand in the address."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any

import streamlit as st

from analytics.decisions.case import case
from analytics.language import gettext as _
from analytics.reporting import own_deck
from analytics.reporting.story import read_story
from pages.shared import layout, session

if TYPE_CHECKING:
    from analytics.reporting.slides import Slide, Story

DECK, SLIDE = "present-deck", "present-slide"
STORY, OWN = "story", "own"


def deck() -> str:
    """Which slides: STORY or OWN."""
    return session.choice(DECK, (STORY, OWN), STORY)


def story() -> Story:
    """The default story of the view, computed once for its data."""
    with st.spinner(_("Writing the story from the numbers. This takes a few seconds, once for these data.")):
        return session.answer(_story)


def _story(workspace, filters, assumptions) -> Story:
    return read_story(workspace, filters, assumptions, _answered)


def _answered(question: Callable[..., Any]) -> Any:
    """As the pages have it already, where they were looked at."""
    assert isinstance(question, FunctionType)
    return session.answer(question)


def keys() -> tuple[str, ...]:
    """The slides of the deck that is shown, in their order."""
    if deck() == OWN:
        return tuple(kept.key for kept in own_deck.kept(session.workspace()))
    return tuple(slide.key for slide in story().slides)


def shown(known: tuple[str, ...]) -> str:
    """The slide that is shown: the one in the address, else the first; empty where there is none."""
    return session.choice(SLIDE, known, known[0]) if known else ""


def show(key: str) -> None:
    """Show this slide from now on."""
    session.choose(SLIDE, key)


def step(places: int) -> None:
    """Show the slide so many places further; at either end it stays."""
    known = keys()
    if known:
        show(known[min(max(known.index(shown(known)) + places, 0), len(known) - 1)])


def kept(key: str) -> own_deck.Kept | None:
    """A slide of the own deck."""
    return next((one for one in own_deck.kept(session.workspace()) if one.key == key), None)


def slide(key: str) -> Slide | None:
    """A slide of the deck that is shown; None for one that is no longer there."""
    if deck() == OWN:
        found = kept(key)
        return found.slide if found else None
    return next((one for one in story().slides if one.key == key), None)


def in_hand() -> tuple[tuple[str, ...], str, Slide | None]:
    """The slides there are, and the one that is shown; those that somebody else takes out meanwhile are passed over."""
    known = keys()
    while known:
        key = shown(known)
        found = slide(key)
        if found:
            return known, key, found
        known = tuple(one for one in known if one != key)
    return (), "", None


def can_choose() -> bool:
    """Whether there is more than one thing to look at: slides of the story, or of the own deck."""
    return bool(own_deck.kept(session.workspace()) or story().slides)


def days() -> str:
    """The days that the story is about; slides of the own deck name theirs."""
    return story().days if deck() == STORY else ""


def nothing_to_show() -> None:
    """What the page says without any slide."""
    if deck() == OWN:
        layout.header(_("The meeting"), _("Your deck is empty."))
        layout.text(
            _(
                "“Add to the deck” stands below every chart of every page, and beside every slide of the story."
            )
        )
    else:
        layout.header(_("The meeting"), _("Not enough data for a slide yet."))


def lacking() -> None:
    """What has no slide, and the exports that would bring it."""
    if deck() == STORY:
        layout.listed(story().missing)
        layout.missing(session.answer(case).missing)
