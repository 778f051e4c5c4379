"""“Copy link”: the address in hand, which gives a colleague the same page, filters, choices and slide."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analytics.language import gettext as _

LINK = st.components.v2.component(
    "flipped_funnel_link",
    html="<button></button>",
    css=Path(__file__).with_name("present_screen.css").read_text(encoding="utf-8"),
    js=Path(__file__).with_name("present_link.js").read_text(encoding="utf-8"),
)


def copy(place: str) -> None:
    """The button; what it copies is the address as it stands when it is pressed. place: keeps several apart."""
    LINK(data={"label": _("Copy link"), "done": _("Copied")}, key=f"copy link {place}", width="content")
