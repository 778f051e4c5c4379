"""Long work beside the page: it shows how far it is, can be cancelled, and the page can be left meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import streamlit as st

from analytics.language import gettext as _
from analytics.language import in_this_language, marked
from analytics.warehouse.errors import WorkspaceError
from pages.shared.plain import plain

Tell = Callable[[str], None]
Work = Callable[[Tell, threading.Event], Any]
PATIENCE_SECONDS = 1.0  # work that takes no longer than this is simply waited for
LOOK_EVERY_SECONDS = 0.5
LAST_MOMENT = 0.5  # later than this a job cannot be cancelled: what it does is done whole
PHASES = {"reading": (0.3, marked("reading and checking")), "storing": (0.6, marked("storing")),
          "computing": (0.8, marked("computing the tables"))}  # fmt: skip
JOBS, WATCHED = "jobs", "watched jobs"


class Job:
    """`work(tell, stop)` in a thread of its own: tell(phase) says how far it is, `stop` is set to cancel it."""

    def __init__(self, work: Work) -> None:
        self.phase = ""
        self.stop = threading.Event()
        thread = ThreadPoolExecutor(max_workers=1)
        self._future = thread.submit(in_this_language(work), self._tell, self.stop)
        thread.shutdown(wait=False)

    def _tell(self, phase: str) -> None:
        self.phase = phase

    def wait(self, seconds: float) -> bool:
        """Whether it is done, at the latest after `seconds`."""
        return bool(wait([self._future], seconds).done)

    @property
    def problem(self) -> str:
        """Why it came to nothing, in one sentence; empty when it did not."""
        failed = self._future.exception()
        return str(failed) if isinstance(failed, WorkspaceError) else ""

    @property
    def result(self) -> Any:
        """What the work returned; raises what it failed with."""
        return self._future.result()


def start(key: str, work: Work) -> Job:
    """The job under `key`, started if there is none."""
    if key not in _jobs():
        _jobs()[key] = Job(work)
    return _jobs()[key]


def run(key: str, label: str, work: Work) -> Job | None:
    """The job under `key`, started if there is none; None while it runs: see watch."""
    job = start(key, work)
    if job.wait(PATIENCE_SECONDS):
        return job
    _watched()[key] = label
    return None


def forget(key: str) -> None:
    """The next run under `key` begins anew; one that still runs is cancelled."""
    job = _jobs().pop(key, None)
    if job is not None:
        job.stop.set()


def watch() -> None:
    """Show how far the jobs are that this run of the page waits for; it is drawn anew when one of them is done.

    Call it once, at the end of a page.
    """
    if _watched():
        _progress()


def begin() -> None:
    """A new run of the page: it waits for nothing yet."""
    st.session_state[WATCHED] = {}


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _progress() -> None:
    running = {key: (_jobs()[key], label) for key, label in _watched().items() if key in _jobs()}
    if not running or any(job.wait(0) for job, _label in running.values()):
        st.rerun()
    for key, (job, label) in running.items():
        left, right = st.columns([5, 1], vertical_alignment="center")
        share, words = PHASES.get(job.phase, (0.1, ""))
        left.progress(share, text=plain(f"{label} {_(words)}") + " …")
        right.button(_("Cancel"), on_click=job.stop.set, disabled=share > LAST_MOMENT, key=f"cancel {key}")


def _jobs() -> dict[str, Job]:
    return st.session_state.setdefault(JOBS, {})


def _watched() -> dict[str, str]:
    return st.session_state.setdefault(WATCHED, {})
