"""Uploading: drop files, see how each was read, correct and answer, preview, load, receipt."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.change import preview
from analytics.intake.contract import KIND_LABELS, Period
from analytics.language import gettext as _
from analytics.warehouse.sample import SAMPLE_WORKSPACE
from pages.shared import draft_card, drafts, jobs, layout, session

if TYPE_CHECKING:
    from analytics.intake.reading import Reading
    from analytics.warehouse.loading import Receipt
    from analytics.warehouse.store import Workspace
    from pages.shared.drafts import Draft

TYPES = ("csv", "tsv", "txt", "gz", "xlsx")
LOADED, LOADING, FAILED = "receipts", "loading", "load problem"


@dataclass(frozen=True)
class Cover:
    """The days that the files should cover, and whether what is loaded for them is replaced."""

    period: str | None = None
    replaces: bool = False


def show() -> None:
    """The whole part of the page."""
    if session.view().workspace == SAMPLE_WORKSPACE:
        layout.text(_("This is the sample company. Your own files go into a workspace of your own."))
        st.button(
            _("Leave the sample and load your own files"), type="primary",
            on_click=session.switch, args=(session.OWN_WORKSPACE,),
        )  # fmt: skip
        return
    if LOADING in st.session_state:
        _loading(*st.session_state[LOADING])
        return
    _receipts()
    st.file_uploader(
        _("Drop exports here: sales, reorders, referrals, spend, touchpoints or prospects"),
        type=list(TYPES), accept_multiple_files=True, key=drafts.inlet(), on_change=drafts.take_from_inlet,
    )  # fmt: skip
    waiting = drafts.drafts()
    if not waiting:
        return
    cover = _cover()
    for draft in waiting:
        draft_card.begin_reading(draft, cover.period)
    shown = [(draft, draft_card.show(draft, cover.period)) for draft in waiting]
    read = [(draft, receipt) for draft, receipt in shown if receipt is not None]
    if len(read) < len(waiting):
        return
    ready = drafts.in_order(
        (draft, receipt.reading) for draft, receipt in read if draft_card.is_ready(receipt)
    )
    open_files = len(waiting) - len(ready)
    if ready and any(_waits_for_orders(receipt.reading) for _draft, receipt in read):
        layout.quiet(
            _("Load sales and reorders first: their channels and programmes may say what the spend is for.")
        )
    if open_files:
        layout.quiet(
            _("{count} of {all} files cannot be loaded as they are.").format(
                count=open_files, all=len(waiting)
            )
        )
    if ready:
        _preview(ready, cover)
        _load(ready, cover)


def _waits_for_orders(reading: Reading) -> bool:
    """Whether it asks what the orders, once loaded, may answer."""
    return any(m.code == "E_MOTION_UNKNOWN" and m.severity == "question" for m in reading.messages)


def _cover() -> Cover:
    with st.expander(_("These files cover one quarter or month")):
        text = st.text_input(_("Quarter or month (optional): 2026Q3 or 2026-07"), key="cover period").strip()
        try:
            period = Period.parse(text).text if text else None
        except ValueError as problem:
            layout.problem(str(problem))
            period = None
        replaces = st.checkbox(
            _("Replace it: rows of this time that are loaded and not in the new file no longer count"),
            key="cover replaces", disabled=period is None,
        )  # fmt: skip
    return Cover(period, replaces and period is not None)


def _ingest(workspace: Workspace, draft: Draft, reading: Reading, cover: Cover, **more) -> Receipt:
    return workspace.ingest(
        draft.path, reading.kind, name=draft.name, period=cover.period, answers=dict(draft.answers),
        set_aside=draft.set_aside, replace_period=cover.replaces, **more,
    )  # fmt: skip


def _preview(ready: list[tuple[Draft, Reading]], cover: Cover) -> None:
    workspace, filters, assumptions = session.workspace(), session.view().filters, session.assumptions()
    key = f"preview {workspace.snapshot} {cover} {filters} {assumptions} {[d.signature for d, _r in ready]}"
    if st.button(_("Preview the change in the headline figures")):
        st.session_state["previewed"] = key
    if st.session_state.get("previewed") != key:
        return

    def work(tell, stop: threading.Event):
        def act(copy: Workspace) -> None:
            for draft, reading in ready:
                _ingest(copy, draft, reading, cover, progress=tell, stop=stop)

        return preview(workspace, act, filters, assumptions)

    job = jobs.run(key, _("Preview:"), work)
    if job:
        layout.problem(job.problem) if job.problem else layout.change(job.result)


def _load(ready: list[tuple[Draft, Reading]], cover: Cover) -> None:
    kinds = wording.listed([KIND_LABELS[reading.kind or ""] for _draft, reading in ready])
    label = _("Load {count} files: {kinds}") if len(ready) > 1 else _("Load {kinds}")
    if st.button(label.format(count=len(ready), kinds=kinds), type="primary", key="load"):
        _forget_receipts()
        st.session_state[LOADING] = (ready, cover)
        st.rerun()


def _loading(ready: list[tuple[Draft, Reading]], cover: Cover) -> None:
    """Load one file after the other; files that are loaded stay so when a later one fails or is cancelled."""
    workspace, done = session.workspace(), st.session_state.setdefault(LOADED, [])

    def work(tell, stop: threading.Event) -> None:
        for draft, reading in ready:
            done.append((draft, _ingest(workspace, draft, reading, cover, progress=tell, stop=stop)))

    job = jobs.run("load", _("Loading:"), work)
    if job:
        jobs.forget("load")
        if not job.problem:
            job.result  # noqa: B018 raises what nobody foresaw
        del st.session_state[LOADING]
        st.session_state[FAILED] = job.problem
        for draft, receipt in done:
            if receipt.committed or receipt.same_as:
                drafts.remove(draft.draft_id)
        st.rerun()


def _receipts() -> None:
    """What became of the files of the last load, until the next one."""
    done, failed = st.session_state.get(LOADED), st.session_state.get(FAILED)
    if failed:
        layout.problem(failed)
    if not done:
        return
    with st.container(border=True):
        layout.title(_("Loaded"))
        layout.listed([_receipt(receipt) for _draft, receipt in done])
        with st.container(horizontal=True):
            st.page_link("pages/case.py", label=_("See the case"), icon="⚖️")
            st.button(_("Done"), on_click=_forget_receipts)


def _forget_receipts() -> None:
    st.session_state[LOADED] = []
    st.session_state[FAILED] = ""


def _receipt(receipt: Receipt) -> str:
    reading = receipt.reading
    if receipt.same_as:
        return _("{file}: the same file was loaded before as {upload}; nothing changed.").format(
            file=reading.file, upload=receipt.same_as
        )
    if not receipt.committed:
        why = " ".join(m.text for m in reading.messages if m.severity == "error")
        return _("{file}: not loaded. {why}").format(file=reading.file, why=why)
    return _("{file}: {rows} as {upload}.").format(
        file=reading.file,
        rows=draft_card.counted(reading, session.workspace().currency),
        upload=receipt.upload_id,
    )
