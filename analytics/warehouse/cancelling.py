"""Cancelling: a statement of the database that runs is stopped from another thread, up to the commit."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Protocol

import duckdb

from analytics.language import gettext as _
from analytics.warehouse.engine import Cursor
from analytics.warehouse.errors import Cancelled

LOOK_SECONDS = 0.02


class Lock(Protocol):
    """A lock or a semaphore."""

    def acquire(self, *, timeout: float) -> bool:
        """Whether it was got within so many seconds."""

    def release(self) -> None:
        """Let the next one have it."""


def cancelled() -> Cancelled:
    """What is raised when `stop` was set in time."""
    return Cancelled(_("It was cancelled; nothing was changed."))


@contextlib.contextmanager
def cancellable(cursor: Cursor, stop: threading.Event | None) -> Iterator[None]:
    """Raises Cancelled if `stop` is set before the block ends, and stops the statement that runs in it.

    A later `stop` changes nothing: once the block has been left, no statement of the cursor is stopped any more.
    """
    if stop is None:
        yield
        return
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(cursor, stop, over), daemon=True)
    watcher.start()
    try:
        yield
    except duckdb.Error as problem:
        if stop.is_set():
            raise cancelled() from problem
        raise
    finally:
        over.set()
        watcher.join()
    if stop.is_set():
        raise cancelled()


def _watch(cursor: Cursor, stop: threading.Event, over: threading.Event) -> None:
    """Again and again: between two statements there is nothing to stop."""
    while not over.is_set():
        if stop.wait(LOOK_SECONDS):
            cursor.interrupt()
            over.wait(LOOK_SECONDS)


@contextlib.contextmanager
def held(lock: Lock, stop: threading.Event | None) -> Iterator[None]:
    """The lock, once it is free; Cancelled if `stop` is set while it is waited for."""
    while not lock.acquire(timeout=LOOK_SECONDS):
        if stop is not None and stop.is_set():
            raise cancelled()
    try:
        yield
    finally:
        lock.release()
