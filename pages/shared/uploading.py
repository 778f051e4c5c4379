"""Uploading: drop files, see how each was read, correct and answer, preview, load, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.case import case
from analytics.decisions.change import preview
from analytics.intake.contract import KIND_LABELS, Period
from analytics.language import gettext as _
from analytics.warehouse.sample import SAMPLE_WORKSPACE
from pages.shared import draft_card, drafts, jobs, large_files, layout, receipts, session

if TYPE_CHECKING:
    from analytics.warehouse.prepared import Prepared
    from analytics.warehouse.store import Workspace
    from pages.shared.drafts import Draft

TYPES = ("csv", "tsv", "txt", "gz", "xlsx")
LOADING = "loading"
Ready = list[tuple["Draft", "Prepared"]]


@dataclass(frozen=True)
class Cover:
    """The days that the files should cover, and whether what is loaded for them is replaced."""

    period: str | None = None
    replaces: bool = False


@dataclass(frozen=True, eq=False)
class Load:
    """What is being loaded, and into which workspace."""

    ready: Ready
    cover: Cover
    workspace: Workspace


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
        _loading(st.session_state[LOADING])
        return
    receipts.show()
    _inlets()
    waiting = drafts.drafts()
    if not waiting:
        return
    cover = _cover()
    for draft in waiting:
        draft_card.begin_reading(draft, cover.period)
    shown = [(draft, draft_card.show(draft, cover.period)) for draft in waiting]
    read = [(draft, prepared) for draft, prepared in shown if prepared is not None]
    if len(read) == len(waiting):
        _when_all_are_read(read, cover)


def _inlets() -> None:
    st.file_uploader(
        _("Drop exports here: sales, reorders, referrals, spend, touchpoints or prospects"),
        type=list(TYPES), accept_multiple_files=True, key=drafts.inlet(), on_change=drafts.take_from_inlet,
    )  # fmt: skip
    with st.expander(_("A file of more than 200 MB")):
        large_files.show(TYPES)


def _when_all_are_read(read: Ready, cover: Cover) -> None:
    if drafts.tell_each_other(read):
        st.rerun()
    ready = drafts.in_order((draft, prepared) for draft, prepared in read if prepared.is_ready)
    if ready and any(_waits_for_orders(prepared) for _draft, prepared in read):
        layout.quiet(
            _("Load sales and reorders first: their channels and programmes may say what the spend is for.")
        )
    if len(ready) < len(read):
        layout.quiet(
            _("{count} of {all} files cannot be loaded as they are.").format(
                count=len(read) - len(ready), all=len(read)
            )
        )
    if ready:
        _preview(ready, cover)
        _load(ready, cover)


def _waits_for_orders(prepared: Prepared) -> bool:
    """Whether it asks what orders that are not read yet may answer."""
    return any(
        m.code == "E_MOTION_UNKNOWN" and m.severity == "question" for m in prepared.receipt.reading.messages
    )


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


def _preview(ready: Ready, cover: Cover) -> None:
    workspace, filters, assumptions = session.workspace(), session.view().filters, session.assumptions()
    key = f"preview {workspace.snapshot} {cover} {filters} {assumptions} {[d.signature for d, _p in ready]}"
    if st.button(_("Preview the change in the headline figures")):
        st.session_state["previewed"] = key
    if st.session_state.get("previewed") != key:
        return

    def work(tell, stop):
        def act(copy: Workspace) -> None:
            prepared = [one for _draft, one in ready]
            copy.load(prepared, replace_period=cover.replaces, progress=tell, stop=stop)

        return preview(workspace, act, filters, assumptions, tell, stop)

    job = jobs.run(key, _("Preview:"), work)
    if job and job.problem:
        jobs.say_problem(job)
        jobs.forget(key)
        del st.session_state["previewed"]
    elif job:
        layout.change(job.result)


def _load(ready: Ready, cover: Cover) -> None:
    kinds = wording.listed([KIND_LABELS[one.receipt.reading.kind or ""] for _draft, one in ready])
    label = _("Load {count} files: {kinds}") if len(ready) > 1 else _("Load {kinds}")
    if st.button(label.format(count=len(ready), kinds=kinds), type="primary", key="load"):
        receipts.forget()
        st.session_state[LOADING] = Load(ready, cover, session.workspace())
        st.rerun()


def _loading(load: Load) -> None:
    """All files or none; it goes on while the page is left."""
    filters, assumptions = session.view().filters, session.assumptions()
    prepared = [one for _draft, one in load.ready]

    def work(tell, stop):
        before = case(load.workspace, filters, assumptions)
        done = load.workspace.load(prepared, replace_period=load.cover.replaces, progress=tell, stop=stop)
        return receipts.Loaded(load.workspace.directory, done, before, filters, assumptions)

    job = jobs.run("load", _("Loading:"), work)
    if job is None:
        layout.text(_("These files are being loaded, together or not at all:"))
        layout.listed([one.receipt.reading.file for one in prepared])
        layout.quiet(
            _("It goes on while you look at other pages, which show the numbers as they were until then.")
        )
        return
    jobs.forget("load")
    del st.session_state[LOADING]
    if job.problem:
        receipts.keep_problem(job)
    else:
        receipts.keep(job.result)
        for (draft, _one), receipt in zip(load.ready, job.result.receipts, strict=True):
            if receipt.committed or receipt.same_as:
                drafts.remove(draft.draft_id)
    st.rerun()
