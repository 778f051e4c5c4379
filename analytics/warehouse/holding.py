"""Holding: one process at a time has a workspace's directory; the kernel takes it from a process that ends.

The database has a lock of its own, which says nothing once its file was moved or is gone.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
import weakref
from pathlib import Path

from analytics.language import gettext as _
from analytics.warehouse.errors import WarehouseBusy

LOCK = ".lock"
RETRY_SECONDS = 0.05
_BY_ANOTHER = (errno.EWOULDBLOCK, errno.EACCES)


class Hold:
    """The directory is this holder's until let_go(), or until the holder is gone.

    directory: is there. wait_seconds: how long another holder is waited for. Raises WarehouseBusy. A file system that
    knows no such lock leaves everything to that of the database.
    """

    def __init__(self, directory: Path, wait_seconds: float) -> None:
        handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        self.let_go = weakref.finalize(self, os.close, handle)
        try:
            _take(handle, directory, wait_seconds)
        except BaseException:
            self.let_go()
            raise


def _take(handle: int, directory: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno not in _BY_ANOTHER:
                return
            if time.monotonic() >= deadline:
                raise busy(directory, os.pread(handle, 20, 0).decode("ascii", "replace")) from problem
            time.sleep(RETRY_SECONDS)
        else:
            with contextlib.suppress(OSError):  # a full disk: then nobody learns the number
                os.ftruncate(handle, 0)
                os.pwrite(handle, str(os.getpid()).encode(), 0)
            return


def busy(directory: Path, number: str | None) -> WarehouseBusy:
    """What is raised while the process with that number, None or no number if it is not known, has the workspace."""
    known = number is not None and number.isdecimal()
    who = _("process {number}").format(number=number) if known else _("another process")
    return WarehouseBusy(
        _(
            "The workspace {workspace} is in use by {who}: close the app or the command that has it open, or "
            "try again when it is done."
        ).format(workspace=directory, who=who)
    )
