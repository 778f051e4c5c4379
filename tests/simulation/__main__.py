"""Judges the dashboard by companies whose truth is known, and writes what came out.

python -m tests.simulation --seeds 100                     docs/truth.md
    --kinds retention,tiny --jobs 2 --to FILE              some kinds only; in two processes; to another file
    --kept FILE                                            go on where an interrupted run stopped
"""

import argparse
from pathlib import Path

from tests.simulation.judging import Judgement
from tests.simulation.kept import judge_missing
from tests.simulation.kinds import KINDS
from tests.simulation.report import page

DOCS = Path(__file__).resolve().parents[2] / "docs" / "truth.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100, help="companies of each kind")
    parser.add_argument(
        "--first",
        type=int,
        default=200,
        help="the first seed; those below and from 1000 on served to choose methods",
    )
    parser.add_argument("--kinds", default=",".join(KINDS), help="separated by commas; all by default")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share the work")
    parser.add_argument("--to", type=Path, default=DOCS, help="the page that is written")
    parser.add_argument("--kept", type=Path, help="judgements, one a line: those in it are not made again")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    text = page(judge_missing(asked.kinds.split(","), seeds, asked.jobs, asked.kept, _tell))
    asked.to.write_text(text, encoding="utf-8")
    print(text)


def _tell(one: Judgement) -> None:
    print(f"{one.kind} {one.seed}: {one.verdict}", flush=True)


if __name__ == "__main__":
    main()
