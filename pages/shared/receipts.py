"""The receipt: what became of the files of the last load, and what that changed in the headline figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions.case import case
from analytics.decisions.change import changed
from analytics.language import gettext as _
from pages.shared import draft_card, jobs, layout, session

if TYPE_CHECKING:
    from analytics.decisions.assumptions import Assumptions
    from analytics.decisions.case import Case
    from analytics.warehouse.filters import Filters
    from analytics.warehouse.loading import Receipt
    from pages.shared.jobs import Job

LOADED, FAILED = "receipts", "failed load"


@dataclass(frozen=True, eq=False)
class Loaded:
    """One receipt per file, and the case as it was before, for this view of the workspace in `directory`."""

    directory: Path
    receipts: tuple[Receipt, ...]
    before: Case
    filters: Filters
    assumptions: Assumptions

    @property
    def changed(self) -> bool:
        """Whether anything was stored."""
        return any(receipt.committed for receipt in self.receipts)

    @property
    def stands(self) -> bool:
        """Whether all that was stored still counts: of what was undone since, the history tells."""
        undone = {entry.upload_id for entry in session.workspace().entries if not entry.stands}
        return undone.isdisjoint(receipt.upload_id for receipt in self.receipts)


def keep(loaded: Loaded) -> None:
    """Shown until the next load."""
    st.session_state[LOADED] = loaded


def keep_problem(job: Job) -> None:
    """Shown until the next load: why nothing was stored."""
    st.session_state[FAILED] = job


def forget() -> None:
    """A new load begins, or the receipt was read."""
    st.session_state.pop(LOADED, None)
    st.session_state.pop(FAILED, None)


def show() -> None:
    """What became of the last load."""
    if FAILED in st.session_state:
        jobs.say_problem(st.session_state[FAILED])
    loaded: Loaded | None = st.session_state.get(LOADED)
    if loaded is None or loaded.directory != session.workspace().directory:
        return
    if not loaded.stands:
        return
    with st.container(border=True, key="receipt"):
        layout.title(_("Loaded") if loaded.changed else _("Nothing was loaded"))
        layout.listed([_receipt(receipt, loaded) for receipt in loaded.receipts])
        if loaded.changed:
            _what_changed(loaded)
        with st.container(horizontal=True):
            st.page_link("pages/case.py", label=_("See the case"), icon="⚖️")
            st.button(_("Done"), on_click=forget)


def _what_changed(loaded: Loaded) -> None:
    workspace = session.workspace()

    def work(_tell, _stop):
        after = case(workspace, loaded.filters, loaded.assumptions)
        return changed(loaded.before, after, workspace.currency)

    job = jobs.run(f"changed {id(loaded)}", _("What this changed:"), work)
    if job:
        found = job.result
        layout.quiet(_("Before: {sentence}").format(sentence=found.before))
        layout.text(_("Now: {sentence}").format(sentence=found.after))
        st.dataframe(found.figures, hide_index=True)


def _receipt(receipt: Receipt, loaded: Loaded) -> str:
    reading = receipt.reading
    if receipt.same_as:
        return _("{file}: the same file was loaded before as {upload}; nothing changed.").format(
            file=reading.file, upload=receipt.same_as
        )
    if receipt.committed:
        return _("{file}: {rows} as {upload}.").format(
            file=reading.file,
            rows=draft_card.counted(reading, session.workspace().currency),
            upload=receipt.upload_id,
        )
    why = " ".join(m.text for m in reading.messages if m.severity == "error")
    if not why and not loaded.changed:
        why = _("The files are loaded together or not at all.")
    return _("{file}: not loaded. {why}").format(file=reading.file, why=why)
