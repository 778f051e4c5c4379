"""A slider's move on the budget page: its arithmetic, the server's time for what is drawn again, and until it is seen.

    python -m benchmarks.budget_page --draws 1000 --moves 15
    python -m benchmarks.budget_page --browser

The arithmetic is that of one split of twelve channels and four programmes over 24 months, beside today's. Its floor is one
exponential for every number that the model's curves need: channels x months of the plan x draws. The server's time is that
of everything that a slider draws again (sliders, charts, figures) on the sample company, best split and frontier left as
they are. With --browser: from the key that moves a slider to the figures' change, and to the picture's, in headless
Chromium; Streamlit itself waits before it sends a slider's value, and that wait is part of it.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

CHANNELS, PROGRAMMES, HORIZON = 12, 4, 12
WATCH = """
() => {
  const times = window.moves = {};
  new MutationObserver(changes => {
    const seen = performance.now();
    for (const { target } of changes) {
      const place = target.nodeType === 1 ? target : target.parentElement;
      if (place && place.closest('[data-testid=stPlotlyChart]')) times.pictures = seen;
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  document.addEventListener('keydown', () => { times.begin = performance.now(); }, true);
}
"""


def company(draws: int):
    """A model of made-up curves of the usual size."""
    import numpy as np

    from analytics.decisions.budget_model import BudgetModel, Line
    from analytics.decisions.response_curve import Curve

    random = np.random.default_rng(7)

    def line(number: int, motion: str) -> Line:
        now = float(random.uniform(500, 5_000))
        ceiling = random.lognormal(4 if motion == "acquisition" else 0, 0.3, draws)
        value = random.normal(70, 8, draws) if motion == "acquisition" else 1.0
        curve = Curve(
            5.0,
            ceiling,
            random.lognormal(0, 0.3, draws) / now,
            value,
            carryover=random.uniform(0, 0.5, draws),
        )
        return Line(f"{motion} {number}", motion, now, 0.6 * now, 1.4 * now, curve, spend=(now,) * 24)

    lines = [line(n, "acquisition") for n in range(CHANNELS)] + [
        line(n, "retention") for n in range(PROGRAMMES)
    ]
    arrival = np.full((CHANNELS, HORIZON), 1 / HORIZON)
    return BudgetModel(tuple(lines), 400.0, HORIZON, arrival)


def milliseconds(work: Callable[[], object], times: int) -> float:
    work()
    taken = []
    for _time in range(times):
        begin = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begin))
    return median(taken)


def arithmetic(draws: int, moves: int) -> tuple[float, float]:
    """Of one move, and of its floor."""
    import numpy as np

    from analytics.decisions import budget_moves
    from analytics.decisions.budget_effects import Simulation

    model = company(draws)
    simulation, turn = Simulation(model), iter(range(10**6))

    def move() -> None:
        amount = model.lines[0].now * (0.5 + (next(turn) % 20) / 20)
        simulation.of(budget_moves.moved(model, model.current, model.lines[0].name, amount))

    numbers = np.random.default_rng(1).random(CHANNELS * HORIZON * draws)
    return milliseconds(move, moves), milliseconds(lambda: np.exp(numbers), moves)


def server(home: Path, moves: int) -> list[float]:
    """Milliseconds of what each move draws again, on the sample company."""
    os.environ["FLIPPED_FUNNEL_HOME"] = str(home)
    from streamlit.testing.v1 import AppTest

    from benchmarks.measure import REPOSITORY
    from pages.shared import budget_panel

    taken: list[float] = []
    draw = budget_panel.draw

    def timed(found) -> None:
        begin = time.perf_counter()
        draw(found)
        taken.append(1000 * (time.perf_counter() - begin))

    setattr(budget_panel, "draw", timed)  # noqa: B010 - a type checker would not let it be replaced
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=600)
    app.query_params["workspace"] = "sample"
    app.run()
    app.switch_page("pages/budget.py").run()
    slider = next(s.key for s in app.slider if s.key and s.key.startswith("budget line"))
    for move in range(moves):
        app.slider(key=slider).set_value(500 + 20 * move).run()
        if app.exception:
            raise SystemExit(f"The page failed: {app.exception}")
    return taken[1:]


def browser(home: Path, moves: int) -> dict[str, float]:
    """Median milliseconds from the key to the figures' and to the pictures' change."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.dashboard import ARGUMENTS, chromium, running

    home.mkdir()
    seen: dict[str, list[float]] = {"figures": [], "pictures": []}
    with running(home, home / "server.log") as address, sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = opened.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}/budget?workspace=sample")
        page.locator(".ff-budget").wait_for(timeout=120_000)
        page.wait_for_timeout(3_000)
        page.locator(".st-key-budget-panel input[type=range]").nth(1).focus()
        page.evaluate(WATCH)
        for move in range(moves + 1):
            before = page.locator(".ff-budget").inner_text()
            page.keyboard.press("ArrowRight" if move % 8 < 4 else "ArrowLeft")
            page.wait_for_function(
                "old => document.querySelector('.ff-budget').innerText !== old", arg=before
            )
            changed = page.evaluate("() => performance.now() - window.moves.begin")
            page.wait_for_timeout(1_200)
            times = page.evaluate("() => window.moves")
            if move:
                seen["figures"].append(changed)
                seen["pictures"].append(times["pictures"] - times["begin"])
        opened.close()
    return {name: median(values) for name, values in seen.items()}


def main() -> None:
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")
    from benchmarks.measure import print_table

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--moves", type=int, default=15)
    parser.add_argument("--browser", action="store_true", help="also in headless Chromium")
    arguments = parser.parse_args()
    ours, floor = arithmetic(arguments.draws, 3 * arguments.moves)
    rows = [
        ("floor: one exponential per number", f"{floor:.1f}", "1"),
        (
            f"arithmetic, {CHANNELS + PROGRAMMES} lines x {arguments.draws} draws",
            f"{ours:.1f}",
            f"{ours / floor:.1f}",
        ),
    ]
    with tempfile.TemporaryDirectory() as place:
        taken = server(Path(place) / "server", arguments.moves)
        rows.append(
            ("server, all that is drawn again", f"{median(taken):.0f}", f"{median(taken) / floor:.0f}")
        )
        if arguments.browser:
            for name, value in browser(Path(place) / "browser", arguments.moves).items():
                rows.append((f"browser, until the {name} change", f"{value:.0f}", f"{value / floor:.0f}"))
    print_table("A slider's move on the budget page, medians", ("work", "ms", "x floor"), rows)


if __name__ == "__main__":
    main()
