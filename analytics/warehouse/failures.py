"""Failures: what the disk or the memory did to the database, told as a sentence that says what to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import duckdb

from analytics.language import gettext as _
from analytics.warehouse.errors import WorkspaceError

_OF_THE_MACHINE = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException)
# A checksum of the database's file does not fit (the exception has no class of its own), or the file is cut off.
_DAMAGED = ("corrupt", "could not read enough bytes")
_FULL = "failed to commit"


def is_of_the_machine(problem: duckdb.Error) -> bool:
    """Whether disk or memory failed, rather than the program."""
    text = str(problem).lower()
    return isinstance(problem, _OF_THE_MACHINE) or _is_damage(text) or _FULL in text


def is_interruption(problem: BaseException) -> bool:
    """Whether somebody pressed Ctrl-C; the database tells it in words only, while one of its statements runs."""
    said = isinstance(problem, RuntimeError) and str(problem) == "Query interrupted"
    return said or isinstance(problem, KeyboardInterrupt)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """What fails in the block because of disk or memory is raised as WorkspaceError; nothing is changed by it.

    A statement that Ctrl-C ended raises KeyboardInterrupt, as it does everywhere else.
    """
    try:
        yield
    except RuntimeError as problem:
        if not is_interruption(problem):
            raise
        raise KeyboardInterrupt from problem
    except duckdb.Error as problem:
        if not is_of_the_machine(problem):
            raise
        raise WorkspaceError(_sentence(str(problem).splitlines()[0].rstrip("."))) from problem


def _is_damage(text: str) -> bool:
    return any(sign in text for sign in _DAMAGED)


def _is_missing_file(text: str) -> bool:
    return "no files found" in text or ("no such file" in text and ".parquet" in text)


def _sentence(why: str) -> str:
    if _is_damage(why.lower()):
        return _(
            "The workspace's database is damaged ({why}): close the app, and run `recover`, which builds it anew from the "
            "journal and the stored files."
        ).format(why=why)
    if _is_missing_file(why.lower()):
        return _(
            "A stored file of the workspace is gone, so nothing was changed ({why}): `doctor` tells of which upload it is, "
            "and what to do."
        ).format(why=why)
    return _(
        "Nothing was changed, because the workspace's files failed: {why}. Make room on the disk or in "
        "memory, or run `doctor`."
    ).format(why=why)
