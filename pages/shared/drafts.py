"""Files that are dropped but not yet loaded, with the analyst's answers so far: kept while moving between pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.intake.contract import KINDS
from pages.shared import jobs, session

if TYPE_CHECKING:
    from analytics.intake.messages import Message
    from analytics.intake.reading import Reading
    from analytics.warehouse.books import ScratchPlace
    from analytics.warehouse.prepared import Names, Prepared

DRAFTS, INLET = "drafts", "inlet"
COLUMN = "COLUMN:"


@dataclass(frozen=True)
class Draft:
    """A dropped file: `path` is where its bytes lie, `name` what the analyst calls it, never used as a path.

    kind: as chosen, None = as recognised. answers: code of a question → choice. questions: all that were asked.
    before: the names that the files dropped with it bring, where they matter to its reading. place: the directory of
    `path`, which goes with the draft.
    """

    draft_id: str
    name: str
    path: Path
    kind: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    set_aside: bool = False
    questions: tuple[Message, ...] = ()
    before: tuple[Names, ...] = ()
    place: ScratchPlace | None = None

    @property
    def signature(self) -> str:
        """What a reading of the file depends on, apart from the workspace."""
        return f"{self.draft_id} {self.kind} {self.answers} {self.set_aside} {self.before}"


def drafts() -> tuple[Draft, ...]:
    """Every draft in the order in which they were dropped."""
    return tuple(st.session_state.setdefault(DRAFTS, {}).values())


def take(files: Iterable) -> None:
    """Keep uploaded files as drafts."""
    for file in files:
        place = session.workspace().scratch_place()
        path = place.path / "file"
        path.write_bytes(file.getbuffer())
        add(file.name, path, place)


def add(name: str, path: Path, place: ScratchPlace) -> None:
    """A draft of the file at `path` in `place`."""
    draft_id = uuid.uuid4().hex[:12]
    st.session_state.setdefault(DRAFTS, {})[draft_id] = Draft(draft_id, name, path, place=place)


def take_from_inlet() -> None:
    """Empty the file uploader into the drafts; a new uploader takes its place."""
    take(st.session_state[inlet()] or ())
    st.session_state[INLET] = st.session_state.get(INLET, 0) + 1


def inlet() -> str:
    """The key of the current file uploader."""
    return f"files {st.session_state.get(INLET, 0)}"


def change(draft_id: str, **changes) -> None:
    """Replace parts of a draft; another kind begins without answers."""
    if "kind" in changes:
        changes = {**changes, "answers": (), "questions": (), "set_aside": False}
    kept = st.session_state[DRAFTS]
    if draft_id not in kept:
        return
    kept[draft_id] = replace(kept[draft_id], **changes)


def answer(draft_id: str, code: str, choice: str | None) -> None:
    """Answer a question, or match a column; None takes the answer back."""
    draft = st.session_state[DRAFTS].get(draft_id)
    answers = dict(draft.answers) if draft else {}
    answers.pop(code, None)
    if choice is not None:
        answers[code] = choice
    change(draft_id, answers=tuple(sorted(answers.items())))


def questions(draft: Draft, reading: Reading) -> tuple[Message, ...]:
    """What is asked now, and what was asked and answered before, so that an answer can be changed."""
    asked = {m.code: m for m in reading.messages if m.severity == "question" and m.choices}
    answered = {m.code: m for m in draft.questions if m.code in dict(draft.answers)}
    found = tuple((answered | asked).values())
    if found != draft.questions:
        change(draft.draft_id, questions=found)
    return found


def remove(draft_id: str) -> None:
    """Forget a draft and its bytes."""
    draft = st.session_state[DRAFTS].pop(draft_id, None)
    if draft is not None:
        jobs.forget(f"read {draft_id}")
        if draft.place is not None:
            draft.place.let_go()


def in_order(read: Iterable[tuple[Draft, Prepared]]) -> list[tuple[Draft, Prepared]]:
    """Drafts in the order in which they are loaded: that of the contract, for each kind the earlier days first."""
    kinds = list(KINDS)

    def place(pair: tuple[Draft, Prepared]) -> tuple[int, str]:
        reading = pair[1].receipt.reading
        return kinds.index(reading.kind or kinds[0]), str(reading.first_day)

    return sorted(read, key=place)


def tell_each_other(read: Iterable[tuple[Draft, Prepared]]) -> bool:
    """Let every draft know the names of those before it; whether one has to be read again for that."""
    before: list[Names] = []
    again = False
    for draft, prepared in in_order(read):
        if prepared.must_be_read_again(before):
            change(draft.draft_id, before=tuple(before))
            again = again or draft.before != tuple(before)
        if prepared.is_ready and prepared.brings:
            before.append(prepared.brings)
    return again
