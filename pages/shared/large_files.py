"""A way in for files that are too large for the ordinary one: they go straight to disk, with progress."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics.decisions import wording
from analytics.intake.contract import Limits
from analytics.language import current
from analytics.language import gettext as _
from pages.shared import drafts, incoming, layout, session

KEY, TICKETS, REFUSED = "large file", "large file tickets", "large file refused"
HERE = Path(__file__).parent
SPARE_BYTES = 1024**3  # what reading and storing a file needs beside its own size
MEGABYTE = 1_000_000
LOOK_EVERY_SECONDS = 1.0


def show(types: Sequence[str]) -> None:
    """The control; files that have arrived become drafts."""
    collect()
    for sentence in st.session_state.get(REFUSED, ()):
        layout.problem(sentence)
    _control()(
        key=KEY,
        data={
            "tickets": st.session_state.get(TICKETS, {}),
            "path": f"/{incoming.PATH}/",
            "types": ",".join(f".{name}" for name in types),
            "language": current(),
            "texts": _texts(),
        },
        on_wanted_change=lambda: _issue(types),
    )
    if incoming.are_expected(_visit()):
        _look()
    layout.quiet(
        _("It goes straight to this machine's disk. At most {size} MB, also when unpacked.").format(
            size=wording.number(Limits.configured().unpacked_bytes / MEGABYTE)
        )
    )


def collect() -> None:
    """Files that have arrived since become drafts."""
    for ticket in incoming.collect(_visit()):
        drafts.add(ticket.name, ticket.path, ticket.place)


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _look() -> None:
    if incoming.have_arrived(_visit()):
        st.rerun()


def _visit() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""


def _issue(types: Sequence[str]) -> None:
    """Tickets for the files that the control wants to send; an empty one for a file that cannot be taken."""
    wanted = st.session_state[KEY].wanted or []
    tickets: dict[str, str] = {}
    refused: list[str] = []
    for file in wanted:
        name, size = str(file["name"]), int(file["size"])
        place = session.workspace().scratch_place()
        why = _why_not(name, size, place.path, types)
        cookie = st.context.cookies.get(incoming.COOKIE, "")
        if why:
            refused.append(why)
            place.let_go()
        tickets[str(file["id"])] = "" if why else incoming.issue(_visit(), cookie, name, size, place).token
    st.session_state[TICKETS], st.session_state[REFUSED] = tickets, refused


def _why_not(name: str, size: int, place: Path, types: Sequence[str]) -> str:
    most = Limits.configured().unpacked_bytes
    if name.rpartition(".")[2].lower() not in types:
        return _("{file} is no file of these kinds: {types}.").format(file=name, types=", ".join(types))
    if size > most:
        return _(
            "{file} has {size} MB, and at most {most} MB are taken: split it by quarter or month, or set "
            "FLIPPED_FUNNEL_LIMIT_UNPACKED_BYTES."
        ).format(file=name, size=wording.number(size / MEGABYTE), most=wording.number(most / MEGABYTE))
    if size + SPARE_BYTES > shutil.disk_usage(place).free:
        return _("There is not enough room on this machine's disk for {file}: it has {size} MB.").format(
            file=name, size=wording.number(size / MEGABYTE)
        )
    return ""


def _texts() -> dict[str, str]:
    return {
        "choose": _("Choose large files"),
        "or": _("or drop them here"),
        "sending": _("{file}: {percent} % ({done} of {size} MB)"),
        "cancel": _("Cancel"),
        "cancelled": _("{file}: cancelled; nothing of it is kept."),
        "failed": _("{file} did not arrive: choose it again."),
        "disk": _("{file} did not arrive: the disk of this machine is full."),
        "arrived": _("{file} has arrived."),
    }


@st.cache_resource(show_spinner=False)
def _control() -> Any:
    html, css, js = ((HERE / f"large_files.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("flipped_funnel_large_files", html=html, css=css, js=js)
