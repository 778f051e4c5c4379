"""Files that are dropped but not yet loaded, with the analyst's answers so far: kept while moving between pages."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.intake.contract import KINDS
from pages.shared import jobs

if TYPE_CHECKING:
    from analytics.intake.messages import Message
    from analytics.intake.reading import Reading

DRAFTS, DIRECTORY, INLET = "drafts", "drafts directory", "inlet"
COLUMN = "COLUMN:"


@dataclass(frozen=True)
class Draft:
    """A dropped file: `path` is where its bytes lie, `name` what the analyst calls it, never used as a path.

    kind: as chosen, None = as recognised. answers: code of a question → choice. questions: all that were asked.
    """

    draft_id: str
    name: str
    path: Path
    kind: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    set_aside: bool = False
    questions: tuple[Message, ...] = ()

    @property
    def signature(self) -> str:
        """What a reading of the file depends on, apart from the workspace."""
        return f"{self.draft_id} {self.kind} {self.answers} {self.set_aside}"


class Scratch:
    """A directory of this visit for dropped files; it goes when the visit ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="flipped-funnel-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def drafts() -> tuple[Draft, ...]:
    """Every draft in the order in which they were dropped."""
    return tuple(st.session_state.setdefault(DRAFTS, {}).values())


def take(files: Iterable) -> None:
    """Keep uploaded files as drafts."""
    if DIRECTORY not in st.session_state:
        st.session_state[DIRECTORY] = Scratch()
    for file in files:
        draft_id = uuid.uuid4().hex[:12]
        path = st.session_state[DIRECTORY].path / draft_id
        path.write_bytes(file.getbuffer())
        st.session_state.setdefault(DRAFTS, {})[draft_id] = Draft(draft_id, file.name, path)


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
        draft.path.unlink(missing_ok=True)


def in_order(ready: Iterable[tuple[Draft, Reading]]) -> list[tuple[Draft, Reading]]:
    """Ready drafts in the order in which they are loaded: that of the contract, for each kind the earlier days first."""
    kinds = list(KINDS)
    return sorted(ready, key=lambda pair: (kinds.index(pair[1].kind or kinds[0]), str(pair[1].first_day)))
