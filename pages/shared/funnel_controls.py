"""The controls of the funnels page: which two quarters or segments are held against each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from analytics.decisions.funnel_difference import QUARTERS, SEGMENTS, difference_choices, label
from analytics.language import gettext as _
from pages.shared import session

NAMES = {part: f"funnels-{part}" for part in ("compare", "first", "second")}


@dataclass(frozen=True)
class FunnelChoice:
    """by: quarters or segments, of those that can be compared; first, second: two of the names in options."""

    kinds: tuple[str, ...] = ()
    by: str = QUARTERS
    options: tuple[str, ...] = ()
    first: str = ""
    second: str = ""

    @property
    def can_compare(self) -> bool:
        """Whether there are two of anything."""
        return bool(self.kinds)


def chosen() -> FunnelChoice:
    """What the visitor asks for; by default the newest quarter and the one before."""
    known = session.known(difference_choices)
    kinds = tuple(by for by in (QUARTERS, SEGMENTS) if len(known.of(by)) > 1)
    if not kinds:
        return FunnelChoice()
    by = session.choice(NAMES["compare"], kinds, kinds[0])
    options = known.of(by)
    first = session.choice(NAMES["first"], options, options[0])
    second = session.choice(NAMES["second"], options, next(o for o in options if o != first))
    return FunnelChoice(kinds, by, options, first, second)


def show(choice: FunnelChoice) -> None:
    """The three controls."""
    left, middle, right = st.columns(3)
    labels = {QUARTERS: _("Quarters"), SEGMENTS: _("Segments")}
    with left:
        _select(_("Compare"), "compare", choice.kinds, choice.by, labels.__getitem__)
    with middle:
        _select(_("First"), "first", choice.options, choice.first, lambda name: label(choice.by, name))
    with right:
        _select(_("Second"), "second", choice.options, choice.second, lambda name: label(choice.by, name))


def _select(text: str, part: str, options: Sequence[str], value: str, written: Callable[[str], str]) -> None:
    key = NAMES[part]
    st.session_state[key] = value
    st.selectbox(
        text,
        options,
        key=key,
        format_func=written,
        on_change=lambda: session.choose(key, st.session_state[key]),
    )
