"""The slide, large, with what moves it: buttons, arrow keys, full screen; only this is drawn again for another slide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from analytics.language import gettext as _
from analytics.reporting.alternative import alternative, is_crowded
from analytics.reporting.charts import CONFIG, Figure
from pages.shared import (
    layout,
    present_exports,
    present_link,
    present_notes,
    present_order,
    present_state,
    session,
)
from pages.shared.plain import escape

if TYPE_CHECKING:
    from analytics.reporting.slides import Slide

STYLE = Path(__file__).with_name("present.css")
SCREEN = st.components.v2.component(
    "flipped_funnel_screen",
    html='<button class="full"></button><button class="notes"></button>',
    css=Path(__file__).with_name("present_screen.css").read_text(encoding="utf-8"),
    js=Path(__file__).with_name("present_screen.js").read_text(encoding="utf-8"),
)
USUAL_HEIGHT = 450  # of a figure that names none


@st.fragment
def stage() -> None:
    """The deck that is chosen, its slide in hand, and at the right its notes and the order."""
    st.html(layout.STYLE)
    st.html(STYLE)
    known, key, slide = present_state.in_hand()
    if slide or present_state.can_choose():
        _bar(known, key, slide)
    if slide:
        left, right = st.columns([3.4, 1], gap="medium")
        with left:
            _slide(slide, known.index(key) + 1, len(known))
            present_exports.show()
        with right, st.container(gap="xsmall"):
            present_notes.notes(slide)
            present_order.order(known, key)
    else:
        present_state.nothing_to_show()
    present_order.undo()
    present_state.lacking()
    session.mirror()


def _bar(known: tuple[str, ...], key: str, slide: Slide | None) -> None:
    names = {present_state.STORY: _("Default story"), present_state.OWN: _("My deck")}
    place = known.index(key) + 1 if key else 0
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="present-bar"):
        st.session_state["present deck"] = present_state.deck()
        st.segmented_control(
            _("Slides of"), list(names), format_func=names.__getitem__, key="present deck", required=True,
            label_visibility="collapsed", on_change=_choose_deck,
        )  # fmt: skip
        st.button(
            _("Previous"), on_click=present_state.step, args=(-1,), key="present-previous", shortcut="Left",
            disabled=place <= 1,
        )  # fmt: skip
        st.html(f'<span class="ff-place">{place} / {len(known)}</span>', width="content")
        st.button(
            _("Next"), on_click=present_state.step, args=(1,), key="present-next", shortcut="Right",
            disabled=place >= len(known),
        )  # fmt: skip
        if slide is not None:
            SCREEN(data=_for_screen(slide, place, len(known)), key="present-screen", width="content")
            present_link.copy("present")


def _choose_deck() -> None:
    session.choose(present_state.DECK, st.session_state["present deck"])
    session.choose(present_state.SLIDE, "")


def _for_screen(slide: Slide, place: int, count: int) -> dict[str, Any]:
    """What the buttons are called, and what the window of notes says."""
    return {
        "full": _("Full screen"),
        "keys": _("Key F. Arrow keys move on, Esc leaves."),
        "window": _("Notes in a window"),
        "title": f"{place} / {count}",
        "headline": slide.headline,
        "notes": present_notes.spoken(slide),
    }


def _slide(slide: Slide, place: int, count: int) -> None:
    with st.container(key="present-slide", gap=None):
        st.html(_head(slide))
        if slide.figure is not None:
            _chart(slide)
        elif slide.table.size:
            st.dataframe(slide.table, hide_index=True, placeholder=_("n/a"))
        st.html(_foot(slide, place, count))


def _chart(slide: Slide) -> None:
    assert slide.figure is not None
    height = slide.figure.layout.height or USUAL_HEIGHT
    least = "42rem" if is_crowded(slide.figure) else "0px"
    st.html(f"<style>.st-key-present-slide {{ --high: {height:.0f}px; --least: {least} }}</style>")
    figure = Figure(slide.figure, _validate=False)
    figure.layout.height = None  # the style says it
    layout.chart_title(figure)
    spoken = alternative(slide.figure, slide.table, session.workspace().currency)
    with st.container(key="present-chart"):
        st.plotly_chart(figure, key="chart of the slide", config=CONFIG, height="stretch", alt=spoken)


def _head(slide: Slide) -> str:
    workspace = session.workspace()
    marks = [_("Sample company, made up")] if workspace.is_sample else []
    marks += [part for part in (slide.evidence, stale(slide)) if part]
    badges = "".join(f'<span class="ff-badge">{escape(text)}</span>' for text in marks)
    return (
        f'<p class="ff-question">{escape(slide.question)}</p><h1 class="ff-answer">{escape(slide.headline)}</h1>'
        f'<div class="ff-badges">{badges}</div>'
    )


def _foot(slide: Slide, place: int, count: int) -> str:
    points = "".join(f"<li>{escape(point)}</li>" for point in slide.points)
    days = slide.days or present_state.days()
    workspace = session.workspace()
    company = [] if workspace.is_sample else [workspace.directory.name]  # the sample is named as such above
    source = " · ".join([*company, days, _("snapshot {snapshot}").format(snapshot=slide.snapshot)])
    return (
        f'<ul class="ff-points">{points}</ul>' if points else ""
    ) + f'<div class="ff-source"><span>{escape(source)}</span><span>{place} / {count}</span></div>'


def stale(slide: Slide) -> str:
    """What is said of a slide whose numbers are of other data than the workspace's present ones."""
    if slide.snapshot == session.workspace().snapshot:
        return ""
    return _("From snapshot {snapshot}; data have changed since").format(snapshot=slide.snapshot)
