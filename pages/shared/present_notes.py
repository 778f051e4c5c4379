"""Beside the slide: what its presenter says and is asked, its words to change, and where its numbers come from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from analytics.language import gettext as _
from analytics.reporting import own_deck
from pages.shared import layout, present_add, present_state, session

if TYPE_CHECKING:
    from analytics.reporting.slides import Slide


def notes(slide: Slide) -> None:
    """The sceptic's question with its answer, the note, the method, and the table."""
    layout.title(_("Notes"))
    if slide.note and present_state.deck() == present_state.STORY:
        layout.text(slide.note)
    if slide.question_asked:
        layout.quiet(_("A sceptic asks: {question}").format(question=slide.question_asked))
        layout.text(slide.reply)
    if present_state.deck() == present_state.OWN:
        _own_words(slide.key)
    else:
        told = present_state.story()
        mine = replace(slide, page=present_add.address(slide.page), days=told.days, settings=told.settings)
        st.button(_("Add to my deck"), on_click=present_add.added, args=(mine,), key="present-add")
    _behind(slide)


def spoken(slide: Slide) -> list[str]:
    """The notes as paragraphs, for the window of notes."""
    asked = [_("A sceptic asks: {question}").format(question=slide.question_asked), slide.reply]
    parts = [slide.note, *(asked if slide.question_asked else []), slide.method]
    return [part for part in parts if part]


def _own_words(key: str) -> None:
    """Headline, caption and note of a slide of the own deck; each is kept as soon as it is left."""
    kept = present_state.kept(key)
    if kept is None:
        return
    fields = {"title": (_("Headline"), kept.headline), "caption": (_("Caption on the slide"), kept.caption)}
    for name, (label, value) in fields.items():
        widget = f"present {name} {key}"
        st.session_state[widget] = value
        st.text_area(label, key=widget, height=68, on_change=_write, args=(key, name))
    widget = f"present note {key}"
    st.session_state[widget] = kept.note
    st.text_area(_("Note, not on the slide"), key=widget, height=96, on_change=_write, args=(key, "note"))


def _write(key: str, name: str) -> None:
    with present_add.refusals_told():
        own_deck.write(session.workspace(), key, **{name: st.session_state[f"present {name} {key}"]})


def _behind(slide: Slide) -> None:
    """The way back to the page, and what stands behind the chart."""
    with st.container(horizontal=True, gap="small", key="present-behind"):
        if slide.table.size:
            with st.popover(_("Table"), type="tertiary"):
                st.dataframe(slide.table, hide_index=True, placeholder=_("n/a"))
        if slide.method or slide.settings:
            with st.popover(_("How is this computed?"), type="tertiary"):
                layout.text(slide.method)
                layout.listed([f"{entry.term}: {entry.text}" for entry in slide.settings])
        if st.button(_("Open its page"), type="tertiary", key="present-open"):
            _open(slide.page)
    if slide.snapshot != session.workspace().snapshot:
        layout.quiet(
            _(
                "Its numbers are of older data. Open its page and add the chart again: it takes this place, with your words."
            )
        )


def _open(page: str) -> None:
    """Go to the page that a slide is of, with the view that it was kept with."""
    parts = urlsplit(page)
    every = parse_qs(parts.query)
    if every:
        session.look(every)
    st.switch_page(f"pages/{parts.path}.py")
