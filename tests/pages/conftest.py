"""Pages as a visitor gets them, in each of the four states of a workspace."""

import html
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from analytics.warehouse.store import Workspace

CORE = ("sales", "reorders", "referrals")
STATES = {
    "sample": ("sample", None),
    "empty": ("nothing-yet", ()),
    "core": ("core-only", CORE),
    "full": ("everything", (*CORE, "spend", "touchpoints")),
}
PAGES = ("case", "data", "sources", "attribution")
QUICK_SECONDS = 60
HEADLINE = '<h1 class="ff-answer">'


@pytest.fixture(autouse=True, scope="session")
def let_go(own_home):
    """What the pages keep open is closed before the directories go."""
    yield
    st.cache_resource.clear()


@pytest.fixture(scope="session")
def home(own_home, repository) -> Path:
    """The workspaces of the four states; the sample is left to the pages to load."""
    place = Path(os.environ["FLIPPED_FUNNEL_HOME"])
    for name, kinds in STATES.values():
        if kinds is not None:
            with Workspace.open(place / name) as workspace:
                for kind in kinds:
                    receipt = workspace.ingest(repository / "data" / "sample" / f"{kind}.csv", kind)
                    assert receipt.committed, receipt.reading.messages
    return place


@pytest.fixture
def visit(home, repository) -> Callable[..., AppTest]:
    """visit(state, page, **address): the page, drawn once."""

    def visit(state: str, page: str = "case", **address) -> AppTest:
        app = AppTest.from_file(str(repository / "app.py"), default_timeout=QUICK_SECONDS)
        app.query_params.update({"workspace": STATES[state][0], **address})
        app.run()
        return app if page == "case" else app.switch_page(f"pages/{page}.py").run()

    return visit


def answer(app: AppTest) -> str:
    """The headline as text."""
    head = next(block.value for block in app.html if HEADLINE in block.value)
    return html.unescape(head.split(HEADLINE)[1].split("</h1>")[0]).replace("\N{NO-BREAK SPACE}", " ")
