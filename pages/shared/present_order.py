"""The order of the slides: each is one click away; those of the own deck can be moved and taken out."""

from __future__ import annotations

import streamlit as st

from analytics.language import gettext as _
from analytics.reporting import own_deck
from pages.shared import layout, present_add, present_state, session
from pages.shared.plain import plain

REMOVED = "present removed"


def order(known: tuple[str, ...], key: str) -> None:
    """Every slide by its number and name; the one in hand is marked."""
    layout.title(_("Order"))
    names = _names()  # somebody else may have taken a slide out meanwhile
    with st.container(gap=None, key="present-order"):
        for place, one in enumerate(known, 1):
            st.button(
                plain(_("{number}. {name}").format(number=place, name=names.get(one, ""))),
                key=f"present-go-{one}", on_click=present_state.show, args=(one,), type="tertiary", wrap=True,
                icon=":material/arrow_right:" if one == key else None,
            )  # fmt: skip
    if present_state.deck() == present_state.OWN:
        _change(known, key)


def undo() -> None:
    """Bring back the slide that was taken out last."""
    place, removed = st.session_state.get(REMOVED, (None, None))
    if removed and place == session.workspace().directory and present_state.deck() == present_state.OWN:
        st.button(
            plain(_("Undo: bring back “{name}”").format(name=removed.value["name"])),
            on_click=_restore, key="present-undo", icon=":material/undo:",
        )  # fmt: skip


def _names() -> dict[str, str]:
    if present_state.deck() == present_state.OWN:
        return {kept.key: kept.title or kept.value["name"] for kept in own_deck.kept(session.workspace())}
    return {slide.key: slide.name for slide in present_state.story().slides}


def _change(known: tuple[str, ...], key: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for label, places, icon, ends in (
            (_("Move up"), -1, ":material/arrow_upward:", known[0]),
            (_("Move down"), 1, ":material/arrow_downward:", known[-1]),
        ):
            st.button(
                label, on_click=_move, args=(key, places), icon=icon, disabled=key == ends,
                key=f"present-move-{places}",
            )  # fmt: skip
        st.button(
            _("Remove"), on_click=_remove, args=(known, key), icon=":material/delete:", key="present-remove"
        )


def _move(key: str, places: int) -> None:
    with present_add.refusals_told():
        own_deck.move(session.workspace(), key, places)
    present_state.show(key)


def _remove(known: tuple[str, ...], key: str) -> None:
    workspace = session.workspace()
    with present_add.refusals_told():
        st.session_state[REMOVED] = workspace.directory, own_deck.remove(workspace, key)
        place = known.index(key)
        rest = [one for one in known if one != key]
        present_state.show(rest[min(place, len(rest) - 1)] if rest else "")


def _restore() -> None:
    _place, removed = st.session_state.get(REMOVED, (None, None))
    if removed is None:
        return
    with present_add.refusals_told():
        own_deck.restore(session.workspace(), removed)
        del st.session_state[REMOVED]
        present_state.show(removed.key)
