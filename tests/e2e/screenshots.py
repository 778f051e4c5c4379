"""Takes the screenshots of the documentation, and of every page in three states for a critical look.

python -m tests.e2e.screenshots                       docs/screenshot.png; docs/screenshots: every page of the sample
                                                      company in each language, light and dark
python -m tests.e2e.screenshots --all FOLDER          every page: sample, empty and core data; three sizes, light and dark
    --pages value,retention --views 1280-light,390-light --states sample --languages ko --whole
                                                      some of them only; the whole page, not only its first screen
"""

import argparse
import tempfile
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from analytics.language import LANGUAGES
from analytics.warehouse.store import Workspace
from tests.e2e.dashboard import ARGUMENTS, REPOSITORY, chromium, running

PAGES = tuple(sorted(file.stem for file in (REPOSITORY / "pages").glob("*.py")))
STATES = {"sample": (), "empty": (), "core": ("sales", "reorders", "referrals")}
VIEWS = {
    "1280-light": (1280, 800),
    "1280-dark": (1280, 800),
    "1920-light": (1920, 1080),
    "390-light": (390, 844),
}
DOCS = REPOSITORY / "docs"
ALBUM = DOCS / "screenshots"
ALBUM_VIEWS = ("1280-light", "1280-dark")
COLORS = 128  # of a palette: a fifth of the size, and the eye sees no difference on these pages
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
DRAWN = """() => !document.querySelector('[data-testid=stSkeleton]')
    && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(chart => chart.querySelector('.main-svg'))"""


def take(browser: Browser, address: str, target: Path, view: str = "1280-light", whole: bool = False) -> None:
    """One page as a visitor first sees it, or the whole of it."""
    width, height = VIEWS[view]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=view.rpartition("-")[2]
    )
    page = context.new_page()
    page.goto(address)
    settle(page)
    if whole:
        length = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, int(length))})
        settle(page)
    page.screenshot(path=target)
    context.close()


def settle(page: Page) -> None:
    page.locator("h1.ff-answer").wait_for(timeout=60_000)
    page.locator(AT_REST).wait_for(timeout=60_000)
    page.wait_for_function(DRAWN, timeout=60_000)  # after the page has come to rest
    page.wait_for_timeout(1_000)  # its letters are laid out anew once the fonts are there


def prepare(home: Path) -> None:
    """The workspaces of the states; the sample is loaded by the dashboard itself."""
    for state, kinds in STATES.items():
        if state != "sample":
            with Workspace.open(home / state) as workspace:
                for kind in kinds:
                    workspace.ingest(REPOSITORY / "data" / "sample" / f"{kind}.csv", kind)


def take_all(browser: Browser, address: str, chosen: argparse.Namespace) -> None:
    """Every chosen page in every chosen state, view and language."""
    chosen.all.mkdir(parents=True, exist_ok=True)
    for view, state, language, page in product(chosen.views, chosen.states, chosen.languages, chosen.pages):
        target = chosen.all / f"{page}-{state}-{view}-{language}.png"
        take(browser, _link(address, page, state, language), target, view, chosen.whole)


def take_album(browser: Browser, address: str) -> None:
    """The pictures of the documentation, and the page that shows them side by side."""
    take(browser, _link(address, "case", "sample", "en"), DOCS / "screenshot.png")
    ALBUM.mkdir(exist_ok=True)
    for view, language, page in product(ALBUM_VIEWS, LANGUAGES, PAGES):
        target = ALBUM / _picture(page, language, view)
        take(browser, _link(address, page, "sample", language), target, view)
        Image.open(target).convert("RGB").quantize(COLORS).save(target, optimize=True)
    (ALBUM / "README.md").write_text(_album(), encoding="utf-8")


def _link(address: str, page: str, state: str, language: str) -> str:
    return f"{address}/{'' if page == 'case' else page}?workspace={state}&lang={language}"


def _picture(page: str, language: str, view: str) -> str:
    return f"{page}-{language}-{view.rpartition('-')[2]}.png"


def _album() -> str:
    """Markdown: one line of pictures per page, one column per language and theme."""
    columns = list(product(ALBUM_VIEWS, LANGUAGES))
    heads = [f"{LANGUAGES[language]}, {view.rpartition('-')[2]}" for view, language in columns]
    lines = [
        "# Every page as it opens, with the sample company",
        "",
        "Taken by `make screenshots` in a real browser at 1280 × 800.",
        "",
        f"| page | {' | '.join(heads)} |",
        f"| --- | {' | '.join('---' for _ in heads)} |",
    ]
    for page in PAGES:
        pictures = [f"![{page}]({_picture(page, language, view)})" for view, language in columns]
        lines.append(f"| {page} | {' | '.join(pictures)} |")
    return "\n".join([*lines, ""])


def _some_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    def some(text: str) -> list[str]:
        names = text.split(",")
        if unknown := set(names) - set(known):
            raise argparse.ArgumentTypeError(
                f"there is no {', '.join(sorted(unknown))}; there are {', '.join(known)}"
            )
        return names

    return some


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    for name, known in (
        ("pages", PAGES),
        ("views", tuple(VIEWS)),
        ("states", tuple(STATES)),
        ("languages", tuple(LANGUAGES)),
    ):
        parser.add_argument(f"--{name}", type=_some_of(known), default=list(known), metavar="A,B")
    parser.add_argument("--whole", action="store_true", help="the whole page, not only its first screen")
    return parser.parse_args()


def main() -> None:
    chosen = _arguments()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        home = Path(place) / "home"
        if chosen.all:
            prepare(home)
        with running(home, Path(place) / "server.log") as address:
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            if chosen.all:
                take_all(browser, address, chosen)
            else:
                take_album(browser, address)
            browser.close()


if __name__ == "__main__":
    main()
