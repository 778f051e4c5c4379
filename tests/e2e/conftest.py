"""The dashboard as a process of its own, and a real browser that looks at it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.dashboard import ARGUMENTS, chromium, running

REQUIRED = "FLIPPED_FUNNEL_REQUIRE_BROWSER"


@dataclass
class Visit:
    """A page, and what the browser reported while it was looked at."""

    page: Any
    address: str
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Where the browser is; skips where there is none, unless it is required."""
    found = chromium()
    if found is None and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"No Chromium is installed, and {REQUIRED}=1 requires one.")
    if found is None:
        pytest.skip("No Chromium is installed, so the pages are not tried in a real browser.")
    return found


@pytest.fixture
def address(browser_path, tmp_path) -> Iterator[str]:
    """A dashboard that nobody has visited yet; nothing may go wrong in it unseen."""
    log = tmp_path / "server.log"
    with running(tmp_path / "home", log) as here:
        yield here
    assert "Traceback" not in log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def visit(browser_path, address) -> Iterator[Visit]:
    """A browser window of 1280 × 800 on the dashboard."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(30_000)
        here = Visit(page, address)
        page.on(
            "console", lambda message: here.errors.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda problem: here.errors.append(str(problem)))
        page.on("request", lambda request: here.hosts.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda socket: here.hosts.add(urlsplit(socket.url).netloc))
        yield here
        browser.close()
