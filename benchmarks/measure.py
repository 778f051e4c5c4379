"""Runs a command as a process of its own and says how long it took, on the clock and on the processor, and how much memory its family held."""

import json
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True)
class Run:
    """One run: wall-clock seconds of the process, seconds that it reports itself (or the same), peak MB.

    cpu_seconds: user and system, of the process and of those that it waited for, or those that it reports itself.
    """

    process_seconds: float
    work_seconds: float
    cpu_seconds: float
    peak_mb: float
    answer: dict


def run(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """Runs the command; its last line of output is a JSON object, in which "seconds" and "cpu_seconds" are optional.

    Peak memory is the largest sum of resident memory over the process and its descendants, looked at
    every 30 ms, and at least the high-water mark of any single one of them.
    """
    begin, cpu_before = time.perf_counter(), cpu_of(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=os.environ | (environment or {}), stdout=subprocess.PIPE, text=True
    ) as process:
        watch = Watch(process.pid)
        output = process.communicate()[0]
        seconds = time.perf_counter() - begin
        peak_mb = watch.stop()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    cpu = cpu_of(resource.RUSAGE_CHILDREN) - cpu_before
    answer = last_object(output)
    return Run(seconds, answer.get("seconds", seconds), answer.get("cpu_seconds", cpu), peak_mb, answer)


def cpu_seconds() -> float:
    """User and system seconds so far, of this process with its threads and of the processes that it waited for."""
    return cpu_of(resource.RUSAGE_SELF) + cpu_of(resource.RUSAGE_CHILDREN)


def cpu_of(whom: int) -> float:
    used = resource.getrusage(whom)
    return used.ru_utime + used.ru_stime


def last_object(output: str) -> dict:
    start = output.rfind("\n{")
    return json.loads(output[start + 1 :])


class Watch:
    """Looks at the memory of a family of processes from a thread, until it is stopped."""

    def __init__(self, pid: int):
        self.pid, self.peak_mb, self.over = pid, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self) -> None:
        while not self.over.wait(0.03):
            family = list(descendants(self.pid))
            together = sum(resident_mb(pid) for pid in family)
            alone = max((high_water_mb(pid) for pid in family), default=0.0)
            self.peak_mb = max(self.peak_mb, together, alone)

    def stop(self) -> float:
        self.over.set()
        self.thread.join()
        return self.peak_mb


def descendants(pid: int):
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        for child in read(task / "children").split():
            yield from descendants(int(child))


def resident_mb(pid: int) -> float:
    fields = read(Path(f"/proc/{pid}/statm")).split()
    return int(fields[1]) * PAGE_MB if fields else 0.0


def high_water_mb(pid: int) -> float:
    for line in read(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def read(file: Path) -> str:
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # the process has just ended


def in_turn(contenders: dict[str, list[str]], repeats: int, before_each=None) -> dict[str, list[Run]]:
    """Every contender once, then every contender again …: a slow minute of the machine falls on all alike."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, command in contenders.items():
            if before_each:
                before_each(name)
            runs[name].append(run(command))
    return runs


def middle(runs: list[Run]) -> Run:
    """The median of each figure."""
    return Run(
        median(r.process_seconds for r in runs),
        median(r.work_seconds for r in runs),
        median(r.cpu_seconds for r in runs),
        median(r.peak_mb for r in runs),
        runs[-1].answer,
    )


def print_table(title: str, header: tuple[str, ...], rows: list[tuple]) -> None:
    """A table in Markdown, so that it can be pasted into docs/performance.md."""
    cells = [header, *[tuple(map(str, row)) for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    rule = "|" + "|".join("-" * (w + 2) for w in widths) + "|"
    print("\n".join([f"\n{title}\n", lines[0], rule, *lines[1:]]), flush=True)
