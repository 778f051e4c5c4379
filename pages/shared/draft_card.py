"""One dropped file: how it was read, its columns, what was repaired, and the questions only the analyst can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import wording
from analytics.intake.contract import KIND_LABELS, KINDS, Period
from analytics.intake.mapping import NOT_IN_FILE
from analytics.language import gettext as _
from analytics.warehouse.loading import Request
from pages.shared import drafts, jobs, layout, session
from pages.shared.plain import plain

if TYPE_CHECKING:
    from analytics.intake.messages import Choice, Message
    from analytics.intake.reading import Reading
    from analytics.warehouse.loading import Receipt
    from analytics.warehouse.prepared import Prepared
    from pages.shared.drafts import Draft
    from pages.shared.jobs import Job

AS_RECOGNISED = ""
MOST_MESSAGES = 12


def show(draft: Draft, period: str | None) -> Prepared | None:
    """Draw the card, see begin_reading; None while the file is being read, or when that failed."""
    with st.container(border=True, key=f"card {draft.draft_id}"):
        head, leave = st.columns([5, 1])
        with head:
            layout.title(draft.name)
        with leave:
            st.button(
                _("Remove"), key=f"remove {draft.draft_id}", on_click=drafts.remove, args=(draft.draft_id,)
            )
        prepared = _reading(draft, period)
        if prepared is None:
            return None
        reading = prepared.receipt.reading
        _verdict(prepared.receipt)
        _kind(draft, reading)
        for message in drafts.questions(draft, reading):
            _question(draft, message)
        _messages(reading)
        _set_aside(draft, reading)
        if reading.kind and reading.headers:
            _columns(draft, reading)
        return prepared


def counted(reading: Reading, currency: str | None) -> str:
    """Rows, money and days of a reading."""
    rows = reading.rows
    parts = [
        _("{read} rows read = {accepted} accepted + {repaired} repaired + {aside} set aside").format(
            read=wording.number(rows.read), accepted=wording.number(rows.accepted),
            repaired=wording.number(rows.repaired), aside=wording.number(rows.set_aside),
        )
    ]  # fmt: skip
    if reading.amount is not None:
        parts.append(wording.money_in_full(float(reading.amount), reading.currency or currency))
    if reading.first_day and reading.last_day:
        parts.append(
            _("{first} to {last}").format(
                first=wording.day(reading.first_day), last=wording.day(reading.last_day)
            )
        )
    return ", ".join(parts)


def begin_reading(draft: Draft, period: str | None) -> None:
    """Read the file in a job of its own; again only when something that it depends on has changed."""
    workspace = session.workspace()
    slot = f"reading of {draft.draft_id}"
    depends = f"{draft.signature} {period} {workspace.directory} {workspace.snapshot}"
    if st.session_state.get(slot) != depends:
        jobs.forget(_key(draft))
        st.session_state[slot] = depends
    _start(draft, period)


def _start(draft: Draft, period: str | None) -> Job:
    workspace = session.workspace()
    request = Request(
        draft.path, draft.kind, draft.name, Period.parse(period) if period else None,
        answers=dict(draft.answers), set_aside=draft.set_aside,
    )  # fmt: skip
    size = max(draft.path.stat().st_size, 1) if draft.path.is_file() else 1
    return jobs.start(
        _key(draft), lambda tell, stop: workspace.prepare(request, draft.before, tell, stop), size
    )


def _key(draft: Draft) -> str:
    return f"read {draft.draft_id}"


def _reading(draft: Draft, period: str | None) -> Prepared | None:
    """What was found; None while it is read, or where that failed, which is said."""
    job = jobs.look(_key(draft), draft.name)
    if job is None:
        layout.quiet(_("Being read and checked …"))
        return None
    if job.problem:
        jobs.say_problem(job)
        st.button(
            _("Read it again"), key=f"again {draft.draft_id}", on_click=jobs.forget, args=(_key(draft),)
        )
        return None
    return job.result


def _verdict(receipt: Receipt) -> None:
    reading = receipt.reading
    words = {
        "accept": _("Accept: nothing had to be changed."),
        "repair": _("Repair: it can be loaded; what was changed is listed below."),
        "ask": _("Ask: only you can know what is listed below. Nothing is stored until it is answered."),
        "reject": _("Reject: it cannot be loaded as it is. Nothing is stored."),
    }
    marks = {"accept": "✓", "repair": "✓", "ask": "?", "reject": "✗"}
    layout.text(f"{marks[reading.verdict]} {words[reading.verdict]}")
    if receipt.same_as:
        layout.text(_("The same file is loaded already, as {upload}.").format(upload=receipt.same_as))
    if reading.rows.read:
        layout.quiet(counted(reading, session.workspace().currency))


def _kind(draft: Draft, reading: Reading) -> None:
    recognised = (
        _("{kind} (recognised)").format(kind=KIND_LABELS[reading.kind])
        if reading.kind
        else _("not recognised: choose")
    )
    labels = {AS_RECOGNISED: recognised} | {
        name: f"{KIND_LABELS[name]}: {_(kind.grain)}" for name, kind in KINDS.items()
    }
    key = f"kind {draft.draft_id}"
    st.session_state[key] = draft.kind or AS_RECOGNISED
    st.selectbox(
        _("Kind of export"), list(labels), format_func=labels.__getitem__, key=key,
        on_change=lambda: drafts.change(draft.draft_id, kind=st.session_state[key] or None),
    )  # fmt: skip


def _question(draft: Draft, message: Message) -> None:
    choices = {choice.name: choice for choice in message.choices}
    key = f"question {draft.draft_id} {message.code}"
    st.session_state[key] = dict(draft.answers).get(message.code)
    st.radio(
        plain(message.text), list(choices), index=None, key=key,
        format_func=lambda name: plain(_consequence(choices[name])),
        on_change=lambda: drafts.answer(draft.draft_id, message.code, st.session_state[key]),
    )  # fmt: skip


def _consequence(choice: Choice) -> str:
    """The choice with what it means in rows and money."""
    rows = [] if choice.rows is None else [_("{rows} rows").format(rows=wording.number(choice.rows))]
    money = (
        []
        if choice.amount is None
        else [wording.money_in_full(float(choice.amount), session.workspace().currency)]
    )
    return f"{choice.text} ({', '.join(rows + money)})" if rows or money else choice.text


def _messages(reading: Reading) -> None:
    texts = [m.text for m in reading.messages if m.severity == "error"]
    texts += [m.text for m in reading.messages if m.severity == "note"]
    texts += [m.text for m in reading.messages if m.severity == "question" and not m.choices]
    layout.listed(texts[:MOST_MESSAGES])
    if len(texts) > MOST_MESSAGES:
        with st.expander(_("{count} more").format(count=len(texts) - MOST_MESSAGES)):
            layout.listed(texts[MOST_MESSAGES:])


def _set_aside(draft: Draft, reading: Reading) -> None:
    """Offered where single cells are at fault."""
    at_fault = any(m.severity == "error" and m.line is not None for m in reading.messages)
    if not (at_fault or draft.set_aside):
        return
    key = f"set aside {draft.draft_id}"
    st.session_state[key] = draft.set_aside
    st.checkbox(
        _("Load the good rows and set the others aside: they can be downloaded, mended and uploaded"), key=key,
        on_change=lambda: drafts.change(draft.draft_id, set_aside=st.session_state[key]),
    )  # fmt: skip


def _columns(draft: Draft, reading: Reading) -> None:
    """Each contract column beside its header and three sample values; another header can be chosen."""
    matched = {match.column: match for match in reading.matched}
    with st.expander(_("Columns: which header is what"), expanded=not matched):
        for column in KINDS[reading.kind or ""].columns:
            found = matched.get(column.name)
            _column(draft, reading, column.name, column.need, found)
        if reading.unused_headers:
            layout.quiet(_("Not used: {headers}").format(headers=", ".join(reading.unused_headers)))


def _column(draft: Draft, reading: Reading, name: str, need: str, found) -> None:
    left, middle, right = st.columns([2, 3, 4], vertical_alignment="center")
    with left:
        layout.text(f"{name} · {need}" if need == "required" else name)
    labels = {
        AS_RECOGNISED: _("{header} (recognised)").format(header=found.header) if found else _("(not found)"),
        NOT_IN_FILE: _("(not in this file)"),
    }
    labels |= {header: header for header in reading.headers if header.strip()}
    code, key = f"{drafts.COLUMN}{name}", f"column {draft.draft_id} {name}"
    st.session_state[key] = dict(draft.answers).get(code, AS_RECOGNISED)
    with middle:
        st.selectbox(
            _("Header of {column}").format(column=name), list(labels), format_func=labels.__getitem__, key=key,
            label_visibility="collapsed",
            on_change=lambda: drafts.answer(draft.draft_id, code, st.session_state[key] or None),
        )  # fmt: skip
    with right:
        layout.quiet(" · ".join(found.samples) if found else "")
