"""Long work beside the page: it shows how far it is, can be cancelled, and the page can be left meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import streamlit as st

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.language import in_this_language, marked
from analytics.warehouse.errors import Cancelled, WorkspaceError
from analytics.warehouse.progress import Progress, Step
from pages.shared.plain import plain

Work = Callable[[Progress, threading.Event], Any]
PATIENCE_SECONDS = 1.0  # a run of the page simply waits so long, in all, for what is quickly done
LOOK_EVERY_SECONDS = 0.5
MOST_OF_IT = 0.95  # where the bar waits for a file that takes longer than those before it
# phase: from which part of the bar to which, and what is said
PHASES = {"copying": (0.0, 0.05, marked("making a copy to try it on")), "storing": (0.0, 0.05, marked("storing")),
          "computing": (0.05, 0.9, marked("computing the tables")), "committing": (0.9, 0.95, marked("storing")),
          "comparing": (0.95, 1.0, marked("comparing the headline figures"))}  # fmt: skip
CANCELLABLE = ("", "reading", "copying", "storing", "computing", "comparing")
JOBS, WATCHED, UNTIL = "jobs", "watched jobs", "waited for until"


class _Pace:
    """Seconds per byte of reading: learnt from the last file that was read."""

    seconds = 1e-7


class Job:
    """`work(tell, stop)` in a thread of its own: tell(step) says how far it is, `stop` is set to cancel it.

    size: bytes that it reads, 0 for work of another kind.
    """

    def __init__(self, work: Work, size: int = 0) -> None:
        self.step, self.size = Step(""), size
        self.stop = threading.Event()
        self._begun = self._stepped = time.monotonic()
        thread = ThreadPoolExecutor(max_workers=1)
        self._future = thread.submit(in_this_language(self._work), work)
        thread.shutdown(wait=False)

    def _work(self, work: Work) -> Any:
        result = work(self._tell, self.stop)
        if self.size:
            _Pace.seconds = (time.monotonic() - self._begun) / self.size
        return result

    def _tell(self, step: Step) -> None:
        if step.phase == "reading":
            self._begun = time.monotonic()
        self.step, self._stepped = step, time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Whether it is done, at the latest after `seconds`."""
        return bool(wait([self._future], max(seconds, 0)).done)

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1, as far as that can be foretold."""
        if self.wait(0):
            return 1.0
        if self.size:
            took = time.monotonic() - self._begun if self.step.phase else 0.0
            return _slowing(took / (self.size * _Pace.seconds))
        first, last, _words = PHASES.get(self.step.phase, (0.0, 0.0, ""))
        return first + (last - first) * min(self._within(self.step), 1.0)

    def _within(self, step: Step) -> float:
        """The share of the phase: within a step it goes on by the clock."""
        took = (time.monotonic() - self._stepped) / step.seconds if step.seconds else 0.0
        return step.share + (step.next_share - step.share) * _slowing(took)

    @property
    def says(self) -> str:
        """What is being done."""
        words = _(PHASES[self.step.phase][2]) if self.step.phase in PHASES else ""
        if not self.step.of:
            return words
        return _("{doing}: {done} of {all}").format(
            doing=words, done=wording.number(self.step.done), all=wording.number(self.step.of)
        )

    @property
    def may_be_cancelled(self) -> bool:
        """Whether cancelling it would still take everything back."""
        return self.step.phase in CANCELLABLE and not self.stop.is_set()

    @property
    def problem(self) -> str:
        """Why it came to nothing, in one sentence; empty when it did not."""
        failed = self._future.exception()
        return str(failed) if isinstance(failed, WorkspaceError) else ""

    @property
    def was_cancelled(self) -> bool:
        """Whether it came to nothing because that was wished."""
        return isinstance(self._future.exception(), Cancelled)

    @property
    def result(self) -> Any:
        """What the work returned; raises what it failed with."""
        return self._future.result()


def _slowing(share: float) -> float:
    """A share that was foretold: what takes longer goes on ever more slowly, and never stands still."""
    return MOST_OF_IT * share / (share + 0.25)


def start(key: str, work: Work, size: int = 0) -> Job:
    """The job under `key`, started if there is none."""
    if key not in _jobs():
        _jobs()[key] = Job(work, size)
    return _jobs()[key]


def run(key: str, label: str, work: Work, size: int = 0) -> Job | None:
    """The job under `key`, started if there is none; None while it runs: see watch."""
    start(key, work, size)
    return look(key, label)


def look(key: str, label: str) -> Job | None:
    """The job under `key`, which was started, if it is done; None while it runs: see watch."""
    job = _jobs()[key]
    if job.wait(st.session_state.get(UNTIL, 0) - time.monotonic()):
        return job
    _watched()[key] = label
    return None


def forget(key: str) -> None:
    """The next run under `key` begins anew; one that still runs is cancelled."""
    job = _jobs().pop(key, None)
    if job is not None:
        job.stop.set()


def say_problem(job: Job) -> None:
    """Why a job came to nothing; a wish that was met is no failure."""
    (st.info if job.was_cancelled else st.error)(plain(job.problem))


def watch() -> None:
    """Show how far the jobs are that this run of the page waits for; it is drawn anew when one of them is done.

    Call it once, at the end of a page.
    """
    if _watched():
        _progress()


def begin() -> None:
    """A new run of the page: it waits for nothing yet."""
    st.session_state[WATCHED] = {}
    st.session_state[UNTIL] = time.monotonic() + PATIENCE_SECONDS


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _progress() -> None:
    running = {key: (_jobs()[key], label) for key, label in _watched().items() if key in _jobs()}
    if not running or any(job.wait(0) for job, _label in running.values()):
        st.rerun()
    reading = [job for job, _label in running.values() if job.size]
    if reading:
        every = [job for job in _jobs().values() if job.size]
        share = sum(job.share * job.size for job in every) / sum(job.size for job in every)
        names = [label for job, label in running.values() if job.size]
        _bar("reading", share, _reading_words(names, len(every)), reading)
    for key, (job, label) in running.items():
        if not job.size:
            _bar(key, job.share, f"{label} {job.says}", [job])


def _reading_words(names: list[str], count: int) -> str:
    if count == 1:
        return _("{file}: reading and checking").format(file=names[0])
    return _("Reading and checking: {done} of {all} files").format(
        done=wording.number(count - len(names)), all=wording.number(count)
    )


def _bar(key: str, share: float, words: str, jobs: list[Job]) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.progress(share, text=plain(words) + " …")
    open_to_it = [job for job in jobs if job.may_be_cancelled]
    right.button(
        _("Cancel"), key=f"cancel {key}", disabled=not open_to_it,
        on_click=_stop, args=(open_to_it,),
    )  # fmt: skip


def _stop(jobs: list[Job]) -> None:
    for job in jobs:
        job.stop.set()


def _jobs() -> dict[str, Job]:
    return st.session_state.setdefault(JOBS, {})


def _watched() -> dict[str, str]:
    return st.session_state.setdefault(WATCHED, {})
