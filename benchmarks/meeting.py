"""What a meeting takes along, from a warm workspace: the answers, the story told from them, deck, hand-out and workbook.

    python -m benchmarks.meeting --orders 1e7 --repeats 3
    python -m benchmarks.meeting --home somewhere

The workspace is that of benchmarks.pages. Each line is a process of its own: `answers` works out everything that the
story is told from; the others have the answers at hand and time one step. Floors: python-pptx writing as many empty slides
as the deck has, and the bytes of plotly.js, which every hand-out holds. CPU seconds are those of all threads.
"""

import argparse
import io
import json
import os
import pickle
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Run, in_turn, middle, print_table
from benchmarks.pages import WORKSPACE, middle_of, prepare, timed

STORY = "story.pickle"
EMPTY, SCRIPT = "floor: empty slides by python-pptx", "floor: bytes of plotly.js"
STEPS = ("answers, cold", "story from answers", "deck", "hand-out", "workbook", EMPTY, SCRIPT)
HEADER = ("work", "s", "CPU s", "KB", "peak MB")


def answers(home: Path) -> dict:
    """Everything that the story is told from; the story is kept for the steps after it."""
    from analytics.reporting.story import read_answers, story
    from analytics.warehouse.store import Workspace

    with Workspace.open(home / WORKSPACE) as workspace:
        kept = []
        taken = timed(lambda: kept.append(read_answers(workspace)))
        told = story(kept[0])
        (home / STORY).write_bytes(pickle.dumps(told))
        return {"taken": taken, "slides": len(told.slides), "orders": _orders(kept[0])}


def telling(home: Path) -> dict:
    from analytics.reporting.story import read_answers, story
    from analytics.warehouse.store import Workspace

    with Workspace.open(home / WORKSPACE) as workspace:
        found = read_answers(workspace)
        return {"taken": timed(lambda: story(found))}


def _orders(found) -> int:
    return sum(count.orders for name, count in found.case.orders.items() if name != "refunds")


def made(home: Path, step: str) -> dict:
    """One of the documents, from the story at hand."""
    from analytics.reporting.deck import deck
    from analytics.reporting.handout import handout
    from analytics.reporting.workbook import workbook

    story = pickle.loads((home / STORY).read_bytes())
    make = {"deck": deck, "hand-out": lambda told: handout(told).encode(), "workbook": workbook}[step]
    kept: list[bytes] = []
    return {"taken": timed(lambda: kept.append(make(story))), "bytes": len(kept[0])}


def empty_slides(home: Path) -> dict:
    """As many slides as the story has, with nothing on them."""
    from pptx import Presentation

    count = len(pickle.loads((home / STORY).read_bytes()).slides)
    kept: list[bytes] = []

    def write() -> None:
        deck, file = Presentation(), io.BytesIO()
        for _number in range(count):
            deck.slides.add_slide(deck.slide_layouts[6])
        deck.save(file)
        kept.append(file.getvalue())

    return {"taken": timed(write), "bytes": len(kept[0])}


def script(_home: Path) -> dict:
    """plotly.js as it comes with plotly, copied once."""
    from plotly.offline import get_plotlyjs

    kept: list[bytes] = []
    return {"taken": timed(lambda: kept.append(get_plotlyjs().encode())), "bytes": len(kept[0])}


def compare(repeats: int, home: Path) -> None:
    this = [sys.executable, "-m", "benchmarks.meeting", "--home", str(home), "--contender"]
    runs = in_turn({step: [*this, step] for step in STEPS}, repeats)
    first = runs[STEPS[0]][0].answer
    title = f"A meeting of {first['slides']} slides on {first['orders']:,} orders, medians of {repeats}"
    print_table(title, HEADER, [line(step, mine) for step, mine in runs.items()])


def line(step: str, mine: list[Run]) -> tuple[str, ...]:
    wall, cpu = (middle_of(mine, "taken", what) for what in ("wall", "cpu"))
    size = mine[0].answer.get("bytes")
    return (
        step,
        f"{wall:.2f}",
        f"{cpu:.2f}",
        "" if size is None else f"{size / 1_000:,.0f}",
        f"{middle(mine).peak_mb:,.0f}",
    )


def contend(step: str, home: Path) -> dict:
    if step in ("deck", "hand-out", "workbook"):
        return made(home, step)
    return {STEPS[0]: answers, STEPS[1]: telling, EMPTY: empty_slides, SCRIPT: script}[step](home)


def main() -> None:
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=float, default=1e7, help="number of orders")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--home", type=Path, help="keeps the workspace; its orders are then those of the first time"
    )
    parser.add_argument("--contender", choices=STEPS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        print(json.dumps(contend(arguments.contender, arguments.home)))
        return
    with tempfile.TemporaryDirectory() as directory:
        home = (arguments.home or Path(directory)).absolute()
        prepare(home, int(arguments.orders))
        compare(arguments.repeats, home)


if __name__ == "__main__":
    main()
