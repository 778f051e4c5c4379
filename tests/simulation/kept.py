"""Judgements in a file, one a line, so that a run that was interrupted goes on where it stopped."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from analytics.decisions.interval import Interval
from tests.simulation.judging import Judgement, Split, judge_each

ROOT = Path(__file__).resolve().parents[2]
JUDGED = ("analytics/decisions", "analytics/models", "analytics/warehouse", "tests/simulation")
WORDS = ("sentences.py", "report.py", "kept.py", "_json.py")  # files that change no number end so


def judge_missing(
    kinds: Iterable[str],
    seeds: Iterable[int],
    jobs: int,
    file: Path | None,
    tell: Callable[[Judgement], None],
) -> list[Judgement]:
    """Every kind with every seed, in that order; those in the file that today's code judged are not judged again, the others
    are added to it as they come. file: None to keep nothing. tell: called with each new one.
    """
    pairs, code = [(kind, seed) for kind in kinds for seed in seeds], code_version()
    found = {} if file is None else read(file, code)
    for one in judge_each([pair for pair in pairs if pair not in found], jobs):
        found[one.kind, one.seed] = one
        tell(one)
        if file is not None:
            with file.open("a", encoding="utf-8") as lines:
                lines.write(to_line(one, code) + "\n")
    return [found[pair] for pair in pairs]


def read(file: Path, code: str) -> dict[tuple[str, int], Judgement]:
    """Kind and seed -> what this code judged; a line that was cut off by an interruption is left out."""
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        try:
            fields = json.loads(line)
        except ValueError:
            continue
        if fields.pop("code") == code:
            one = _judgement(fields)
            found[one.kind, one.seed] = one
    return found


def to_line(one: Judgement, code: str) -> str:
    """As JSON."""
    return json.dumps({**dataclasses.asdict(one), "code": code})


def code_version() -> str:
    """Names the code that judgements are made with."""
    files = sorted(
        path
        for room in JUDGED
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".sql") and not path.name.endswith(WORDS)
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _judgement(fields: dict) -> Judgement:
    intervals = {name: Interval(**fields[name]) for name in ("acquisition_roi", "retention_roi")}
    split = fields["split"] and Split(**fields["split"])
    return Judgement(**{**fields, **intervals, "split": split})
