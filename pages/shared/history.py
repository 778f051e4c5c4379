"""Every upload there was; any that stands can be undone, after a look at what that would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions.change import preview
from analytics.language import gettext as _
from analytics.reporting import tables
from pages.shared import jobs, layout, session

if TYPE_CHECKING:
    from analytics.warehouse.store import Workspace

ASKED, UNDOING, FAILED = "undo asked", "undoing", "failed undo"


@dataclass(frozen=True, eq=False)
class Undo:
    """What is being undone, and in which workspace."""

    upload_id: str
    workspace: Workspace


def show() -> None:
    """The whole part of the page."""
    if UNDOING in st.session_state:
        _undoing(st.session_state[UNDOING])
        return
    workspace = session.workspace()
    uploads = workspace.uploads()
    if not len(uploads):
        layout.text(_("Nothing was uploaded yet."))
        return
    if FAILED in st.session_state:
        jobs.say_problem(st.session_state.pop(FAILED))
    table = tables.upload_table(uploads)
    st.dataframe(table, hide_index=True)
    layout.csv(table, _("Uploads"))
    for loss in workspace.losses:
        layout.problem(loss)
    entries = {entry.upload_id: entry for entry in reversed(workspace.entries)}
    chosen = st.selectbox(
        _("Upload"), list(entries), key="chosen upload",
        format_func=lambda name: tables.upload_label(entries[name]),
    )  # fmt: skip
    entry = entries[chosen]
    layout.listed(tables.upload_messages(entry))
    if entry.rows_set_aside:
        aside = workspace.set_aside_rows(chosen)
        layout.csv(
            aside, _("Rows set aside {upload}").format(upload=chosen), _("Download the rows set aside")
        )
    if entry.stands:
        _undo(chosen)
    else:
        layout.quiet(_("This upload was undone; its rows no longer count."))


def _undo(upload_id: str) -> None:
    if st.button(_("Undo this upload …")):
        st.session_state[ASKED] = upload_id
    if st.session_state.get(ASKED) != upload_id:
        return
    workspace, filters, assumptions = session.workspace(), session.view().filters, session.assumptions()
    key = f"undo {upload_id} {workspace.snapshot} {filters} {assumptions}"
    layout.text(_("Undoing brings back exactly what stood without this upload:"))
    job = jobs.run(
        key, _("What undoing would change:"),
        lambda tell, stop: preview(
            workspace, lambda copy: copy.undo(upload_id, tell, stop), filters, assumptions, tell, stop
        ),
    )  # fmt: skip
    if job:
        jobs.say_problem(job) if job.problem else layout.change(job.result)
    with st.container(horizontal=True):
        st.button(_("Undo it"), type="primary", on_click=_begin, args=(upload_id, key))
        st.button(_("Keep it"), on_click=_keep, args=(key,))


def _begin(upload_id: str, look: str) -> None:
    _keep(look)
    st.session_state[UNDOING] = Undo(upload_id, session.workspace())


def _keep(look: str) -> None:
    st.session_state.pop(ASKED, None)
    jobs.forget(look)


def _undoing(undo: Undo) -> None:
    """It goes on while the page is left."""
    job = jobs.run("undo", _("Undoing:"), lambda tell, stop: undo.workspace.undo(undo.upload_id, tell, stop))
    if job is None:
        layout.text(_("{upload} is being undone.").format(upload=undo.upload_id))
        layout.quiet(
            _("It goes on while you look at other pages, which show the numbers as they were until then.")
        )
        return
    jobs.forget("undo")
    del st.session_state[UNDOING]
    if job.problem:
        st.session_state[FAILED] = job
    st.rerun()
