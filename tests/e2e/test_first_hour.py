"""What an analyst does in the first hour: look at the sample, load three exports, read the answer, take one back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from analytics.decisions.case import case
from analytics.warehouse.store import Workspace
from tests.korean_company import FILES, UNKNOWN_HEADER

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=60_000)
SALES, REORDERS, SPEND = FILES
ANSWERS = {REORDERS: {"COLUMN:customer_id": UNKNOWN_HEADER}}
KINDS = {SALES: "sales", REORDERS: "reorders", SPEND: "spend"}


@pytest.fixture(scope="module")
def headlines(tmp_path_factory) -> dict[str, str]:
    """What the library says of the sample, of the three exports, and of these without spend."""
    place = tmp_path_factory.mktemp("library")
    with Workspace.open(place / "sample") as workspace:
        workspace.load_sample()
        said = {"sample": case(workspace).sentence}
    with Workspace.open(place / "own") as workspace:
        said["nothing"] = case(workspace).sentence
        for name in FILES:
            receipt = ingest(workspace, place, name)
            assert receipt.committed, receipt.reading.messages
            said[name] = case(workspace).sentence
    assert len(set(said.values())) == 5
    return said


def ingest(workspace: Workspace, place: Path, name: str):
    file = place / "export.csv"
    file.write_bytes(FILES[name]())
    return workspace.ingest(file, KINDS[name], name=name, answers=ANSWERS.get(name))


def headline(page) -> str:
    return page.locator("h1.ff-answer").inner_text()


def go_to(page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()


def card(page, name: str):
    return page.locator("[class*=st-key-card]").filter(has_text=name)


def choose(page, box, option: str) -> None:
    """Open a select box and take the option that begins so; a page that is still being drawn may close it again."""
    wanted = page.get_by_role("option", name=re.compile("^" + re.escape(option))).first
    for _attempt in range(10):
        box.click()
        try:
            wanted.click(timeout=3_000)
        except PlaywrightTimeout:
            continue
        return
    pytest.fail(f"There is no option {option!r} in {box}.")


def load_the_three_files(page) -> None:
    files = [{"name": name, "mimeType": "text/csv", "buffer": made()} for name, made in FILES.items()]
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(files)
    reorders, spend = card(page, REORDERS), card(page, SPEND)
    expect(page.get_by_text("2 of 3 files cannot be loaded as they are.")).to_be_visible()
    choose(page, reorders.get_by_label("Kind of export"), "reorders:")
    reorders.get_by_text("Columns: which header is what").click()
    choose(page, reorders.get_by_label("Header of customer_id"), UNKNOWN_HEADER)
    expect(reorders.get_by_text("Repair: it can be loaded")).to_be_visible()
    expect(spend.get_by_text(f"Spend counts as retention, by the programmes of {REORDERS}")).to_be_visible()
    page.get_by_role("button", name="Load 3 files: sales, reorders and spend").click()
    expect(page.get_by_role("link", name="See the case")).to_be_visible()
    expect(page.get_by_text("광고비_2026.csv: 18 rows read")).to_be_visible()


def test_a_deep_link_as_the_first_visit_of_all(visit):
    """Nobody has run app.py yet, which sets the page up."""
    page = visit.page
    page.goto(f"{visit.address}/sources?workspace=sample")
    expect(page.locator("h1.ff-answer")).to_contain_text("of revenue came from reorders and referrals")
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links.filter(has_text="Sources")).to_have_attribute("aria-current", "page")
    expect(links.filter(has_text="app")).to_have_count(0)


def test_sample_upload_answer_undo(visit, headlines):
    page = visit.page
    page.goto(visit.address)
    expect(page.locator("h1.ff-answer")).to_have_text(headlines["sample"], timeout=60_000)
    expect(page.get_by_text("Sample company, made up", exact=True)).to_be_visible()

    go_to(page, "Data")
    page.get_by_role("button", name="Leave the sample and load your own files").click()
    expect(page.locator("h1.ff-answer")).to_have_text(re.compile("^Nothing is loaded yet"))
    load_the_three_files(page)
    expect(page.get_by_text(f"Now: {headlines[SPEND]}")).to_be_visible()
    go_to(page, "Case")
    expect(page.locator("h1.ff-answer")).to_have_text(headlines[SPEND])

    go_to(page, "Data")
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Undo this upload …").click()
    expect(page.get_by_text(f"Then: {headlines[REORDERS]}")).to_be_visible()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("This upload was undone; its rows no longer count.")).to_be_visible()
    go_to(page, "Case")
    expect(page.locator("h1.ff-answer")).to_have_text(headlines[REORDERS])

    assert visit.errors == []
    assert visit.hosts - {""} == {visit.address.removeprefix("http://")}  # "" is data: and blob:
