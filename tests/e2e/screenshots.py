"""Takes the screenshots of the documentation, and of every page in three states for a critical look.

python -m tests.e2e.screenshots                 docs/screenshot.png
python -m tests.e2e.screenshots --all FOLDER    every page: sample, empty and core data; two sizes, light and dark
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from analytics.warehouse.store import Workspace
from tests.e2e.dashboard import ARGUMENTS, REPOSITORY, chromium, running

PAGES = ("", "data", "sources")
STATES = {"sample": (), "empty": (), "core": ("sales", "reorders", "referrals")}
VIEWS = ((1280, 800, "light"), (1280, 800, "dark"), (1920, 1080, "light"), (390, 844, "light"))
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"


def take(browser: Browser, address: str, target: Path, width=1280, height=800, scheme="light") -> None:
    """One page as a visitor first sees it."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.locator("h1.ff-answer").wait_for(timeout=60_000)
    page.locator(AT_REST).wait_for(timeout=60_000)
    page.wait_for_timeout(1_500)  # charts are drawn after the page has come to rest
    page.screenshot(path=target)
    context.close()


def prepare(home: Path) -> None:
    """The workspaces of the states; the sample is loaded by the dashboard itself."""
    for state, kinds in STATES.items():
        if state != "sample":
            with Workspace.open(home / state) as workspace:
                for kind in kinds:
                    workspace.ingest(REPOSITORY / "data" / "sample" / f"{kind}.csv", kind)


def take_all(browser: Browser, address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for width, height, scheme in VIEWS:
        for state in STATES:
            for page in PAGES:
                name = f"{page or 'case'}-{state}-{width}-{scheme}.png"
                take(browser, f"{address}/{page}?workspace={state}", folder / name, width, height, scheme)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    folder = parser.parse_args().all
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        home = Path(place) / "home"
        if folder:
            prepare(home)
        with running(home, Path(place) / "server.log") as address:
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            take(browser, f"{address}/?workspace=sample", REPOSITORY / "docs" / "screenshot.png")
            if folder:
                take_all(browser, address, folder)
            browser.close()


if __name__ == "__main__":
    main()
