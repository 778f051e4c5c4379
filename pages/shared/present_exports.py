"""What leaves the screen: deck, hand-out and workbook of the slides that are shown, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from analytics.language import gettext as _
from analytics.language import in_this_language
from analytics.reporting import own_deck, tables
from pages.shared import layout, present_state, session

if TYPE_CHECKING:
    from analytics.reporting.slides import Story

POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html"


def show() -> None:
    """One button each."""
    layout.title(_("To take along"))
    story = _story()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="present-exports"):
        personal = st.checkbox(
            _("Include personal columns"), key="present personal",
            help=_("Columns that name persons are left out of the files, unless you ask for them."),
        )  # fmt: skip
        _download(_("Deck (.pptx)"), lambda: _deck(story(), personal), "deck", ".pptx", POWERPOINT)
        _download(_("Hand-out (.html)"), lambda: _handout(story(), personal), "handout", ".html", HTML)
        _download(_("Workbook (.xlsx)"), lambda: _workbook(story(), personal), "workbook", ".xlsx", EXCEL)


def _story() -> Callable[[], Story]:
    """What makes the story of the slides that are shown, outside of the page's own run."""
    base, workspace = present_state.story(), session.workspace()
    if present_state.deck() == present_state.STORY:
        return lambda: base
    return lambda: own_deck.story_of(tuple(kept.slide for kept in own_deck.kept(workspace)), base)


def _download(label: str, make: Callable[[], bytes | str], kind: str, ending: str, mime: str) -> None:
    workspace = session.workspace()
    name = tables.file_name(workspace.directory.name, kind, workspace.snapshot).removesuffix(".csv")
    st.download_button(
        label, data=in_this_language(make), file_name=name + ending, mime=mime, on_click="ignore",
        key=f"export {kind}", icon=":material/download:",
    )  # fmt: skip


def _deck(story: Story, personal: bool) -> bytes:
    from analytics.reporting.deck import deck

    return deck(story, personal)


def _handout(story: Story, personal: bool) -> str:
    from analytics.reporting.handout import handout

    return handout(story, personal)


def _workbook(story: Story, personal: bool) -> bytes:
    from analytics.reporting.workbook import workbook

    return workbook(story, personal)
