"""Staging: reads an uploaded file in a process of its own, so that a hostile or huge one harms nobody else.

The child has limits on memory, processor time and wall clock, sees no file but the upload and its scratch
directory, and is killed with everything it started when it overstays or the analyst cancels.
Run as `python -m analytics.warehouse.staging`: a JSON request comes in, a Reading as JSON goes out.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from analytics.intake.contract import Limits, Period
from analytics.intake.messages import error
from analytics.intake.reading import QueryFailed, Reading, ReadOptions, read
from analytics.language import current, speak
from analytics.language import gettext as _
from analytics.warehouse.disk import is_text
from analytics.warehouse.errors import Cancelled

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
CHILD_MEMORY = "240MB"  # of DuckDB's own; what does not fit goes to the scratch directory
POLL_SECONDS = 0.05
ERRORS = "stderr.txt"

Query = Callable[..., list[tuple[Any, ...]]]


def stage(
    path: Path,
    name: str,
    kind: str | None,
    options: ReadOptions,
    directory: Path,
    stop: threading.Event | None = None,
) -> Reading:
    """Read `path`, shown to people as `name`, in a child process that writes into `directory` (empty).

    A child that dies or overstays its limits gives a Reading with verdict reject: E_TOO_HEAVY, or E_PROGRAM.
    Raises Cancelled when `stop` is set.
    """
    request = {
        "path": str(_with_a_name_of_text(Path(path).absolute(), directory)),
        "name": name,
        "kind": kind,
        "directory": str(directory),
        "options": _options_to_json(options),
        "language": current(),
    }
    child = _start(directory)
    try:
        output, problem = _talk(child, json.dumps(request), options.limits.seconds, stop)
    finally:
        _kill_group(child)
    if problem is None and child.returncode == 0:
        return Reading.from_json(output)
    return _refused(name, kind, problem, (directory / ERRORS).read_text("utf-8", "replace").strip())


def _with_a_name_of_text(path: Path, directory: Path) -> Path:
    """The file, or a copy where its path is no text: the database could not be told of it."""
    if is_text(path):
        return path
    place = directory / f"upload{path.suffix if is_text(Path(path.suffix)) else ''}"
    shutil.copyfile(path, place)
    return place


def _start(directory: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with (directory / ERRORS).open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "analytics.warehouse.staging"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            env=environment,
            cwd=PACKAGE_ROOT,  # modules come from the program, never from where it was started
            start_new_session=True,
        )


def _talk(
    child: subprocess.Popen[str], request: str, seconds: float, stop: threading.Event | None
) -> tuple[str, str | None]:
    """The child's output, and what went wrong if it had to be stopped."""
    deadline = time.monotonic() + seconds
    to_send: str | None = request
    while True:
        try:
            return child.communicate(to_send, timeout=POLL_SECONDS)[0], None
        except subprocess.TimeoutExpired:
            to_send = None
        if stop is not None and stop.is_set():
            raise Cancelled(_("The upload was cancelled; nothing of it is stored."))
        if time.monotonic() > deadline:
            return "", _("reading it took longer than {seconds:g} seconds, which is the limit").format(
                seconds=seconds
            )


def _kill_group(child: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _refused(name: str, kind: str | None, problem: str | None, errors: str) -> Reading:
    """The child was stopped, ran out of what it may use, or met a fault of the program, which is logged."""
    fault = errors.rpartition("\n")[2].partition(":")[0]
    if problem is None and fault and not fault.endswith("MemoryError"):
        logging.getLogger(__name__).error("Reading an upload failed:\n%s", errors)
        text = _(
            "The file was not loaded because of a fault in the program ({fault}): please report it."
        ).format(fault=fault)
        message = error("E_PROGRAM", text)
    else:
        why = problem or _("reading it needed more memory or time than one file may use")
        text = _(
            "The file was not loaded because {why}: split it by quarter or month, or save it as plain CSV."
        ).format(why=why)
        message = error("E_TOO_HEAVY", text)
    shown = "".join(c if c.isprintable() else " " for c in name)[-120:]
    return Reading(shown, kind, "reject", messages=(message,))


def _options_to_json(options: ReadOptions) -> dict[str, Any]:
    return {
        "period": options.period.text if options.period else None,
        "answers": options.answers,
        "remembered": options.remembered,
        "set_aside": options.set_aside,
        "known_names": options.known_names,
        "currency": options.currency,
        "today": options.today.isoformat() if options.today else None,
        "limits": asdict(options.limits),
    }


def _options_from_json(raw: dict[str, Any]) -> ReadOptions:
    return ReadOptions(
        period=Period.parse(raw["period"]) if raw["period"] else None,
        answers=raw["answers"],
        remembered=raw["remembered"],
        set_aside=raw["set_aside"],
        known_names={column: tuple(names) for column, names in raw["known_names"].items()},
        currency=raw["currency"],
        today=date.fromisoformat(raw["today"]) if raw["today"] else None,
        limits=Limits(**raw["limits"]),
    )


# What follows runs in the child.


def main() -> int:
    """Answer one request; the exit status is 0 when a Reading was written."""
    request = json.load(sys.stdin)
    directory, options = Path(request["directory"]), _options_from_json(request["options"])
    speak(request["language"])
    _limit_resources(options.limits)
    with _scratch_database(directory, Path(request["path"])) as query:
        reading = read(
            query,
            Path(request["path"]),
            name=request["name"],
            kind=request["kind"],
            directory=directory,
            options=options,
        )
    sys.stdout.write(reading.to_json())
    return 0


def _limit_resources(limits: Limits) -> None:
    processors = os.cpu_count() or 1
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    seconds = limits.seconds * processors
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextlib.contextmanager
def _scratch_database(directory: Path, source: Path) -> Iterator[Query]:
    import duckdb

    config: dict[str, Any] = {
        "memory_limit": CHILD_MEMORY,
        "temp_directory": str(directory / "duckdb"),
        "threads": int(os.environ.get("FLIPPED_FUNNEL_THREADS") or os.cpu_count() or 2),
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("set allowed_directories = $paths", {"paths": [str(directory)]})
        connection.execute("set allowed_paths = $paths", {"paths": [str(source.resolve())]})
        connection.execute("set enable_external_access = false")

        def query(sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
            try:
                result = connection.execute(sql, parameters) if parameters else connection.execute(sql)
                return result.fetchall() if result.description else []
            except duckdb.Error as problem:
                raise QueryFailed(str(problem)) from problem

        yield query


if __name__ == "__main__":
    sys.exit(main())
