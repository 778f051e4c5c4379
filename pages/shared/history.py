"""Every upload there was; any that stands can be undone, after a look at what that would change."""

from __future__ import annotations

import streamlit as st

from analytics.decisions.change import preview
from analytics.language import gettext as _
from analytics.reporting import tables
from analytics.warehouse.errors import WorkspaceError
from pages.shared import jobs, layout, session

ASKED = "undo asked"


def show() -> None:
    """The whole part of the page."""
    workspace = session.workspace()
    uploads = workspace.uploads()
    if not len(uploads):
        layout.text(_("Nothing was uploaded yet."))
        return
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
        lambda _tell, _stop: preview(workspace, lambda copy: copy.undo(upload_id), filters, assumptions),
    )  # fmt: skip
    if job:
        layout.problem(job.problem) if job.problem else layout.change(job.result)
    with st.container(horizontal=True):
        st.button(_("Undo it"), type="primary", on_click=_undo_now, args=(upload_id,))
        st.button(_("Keep it"), on_click=lambda: st.session_state.pop(ASKED, None))


def _undo_now(upload_id: str) -> None:
    st.session_state.pop(ASKED, None)
    try:
        session.workspace().undo(upload_id)
    except WorkspaceError as problem:
        layout.problem(str(problem))
