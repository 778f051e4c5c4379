"""The meeting in a real browser: slides by the arrow keys, full screen, a deck of one's own, and files to take along."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_first_hour import go_to, headline

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=60_000)
SLIDE = ".st-key-present-slide"
PICTURE = f"{SLIDE} .js-plotly-plot .main-svg >> nth=0"
IS_FULL = "document.fullscreenElement !== null"
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.st-key-present-slide p, .st-key-present-slide li,'
    + '.st-key-present-slide span, .st-key-present-slide .xtick text')].filter(e => e.textContent.trim() && e.getClientRects().length).map(e => {
        const box = document.createRange(); box.selectNodeContents(e);
        const size = parseFloat(getComputedStyle(e).fontSize);
        return size * (e.closest('svg') ? e.closest('.js-plotly-plot').getBoundingClientRect().width
            / e.closest('.js-plotly-plot').offsetWidth : 1);
    }))"""


def number(page, text: str) -> None:
    expect(page.locator(".ff-place")).to_have_text(text)


def inside(page) -> float:
    """How much of the slide's height the chart takes; it must not leave the slide."""
    slide, picture = page.locator(SLIDE).bounding_box(), page.locator(PICTURE).bounding_box()
    assert picture["x"] >= slide["x"] - 1
    assert picture["x"] + picture["width"] <= slide["x"] + slide["width"] + 1
    assert picture["y"] + picture["height"] <= slide["y"] + slide["height"] + 1
    return picture["height"] / slide["height"]


def open_the_meeting(visit) -> None:
    visit.page.goto(f"{visit.address}/?workspace=sample")
    expect(visit.page.locator("h1.ff-answer")).to_be_visible()
    go_to(visit.page, "The meeting")
    number(visit.page, "1 / 7")
    expect(visit.page.locator(PICTURE)).to_be_visible()


def nothing_went_wrong(visit) -> None:
    assert visit.errors == []
    assert visit.hosts - {""} == {visit.address.removeprefix("http://")}  # "" is data: and blob:


def test_the_meeting_by_keyboard(visit):
    page = visit.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    open_the_meeting(visit)
    first = headline(page)
    page.keyboard.press("ArrowRight")
    number(page, "2 / 7")
    expect(page.locator("h1.ff-answer")).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    number(page, "1 / 7")
    page.keyboard.press("PageDown")
    number(page, "2 / 7")
    assert "present-slide=" in page.url

    page.keyboard.press("f")
    page.wait_for_function(IS_FULL)
    expect(page.locator(SLIDE)).to_have_css("width", "1920px")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{SLIDE} .ff-source")).to_contain_text("3 / 7")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{SLIDE} .ff-source")).to_contain_text("2 / 7")
    page.wait_for_timeout(1_000)  # the chart is drawn after the words
    assert inside(page) > 0.5
    assert page.evaluate(SMALLEST) >= 18
    page.keyboard.press("Escape")
    page.wait_for_function(f"!({IS_FULL})")
    number(page, "2 / 7")

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    nothing_went_wrong(visit)


def test_a_chart_of_a_page_becomes_a_slide_and_leaves_as_a_deck(visit, tmp_path):
    page = visit.page
    page.goto(f"{visit.address}/?workspace=sample")
    said = page.locator("h1.ff-answer")
    expect(said).to_be_visible()
    answer = headline(page)
    page.get_by_role("button", name="Add to the deck").first.click()
    expect(page.get_by_text("is in the deck now")).to_be_visible()
    go_to(page, "The meeting")
    number(page, "1 / 7")
    page.get_by_role("radio", name="My deck").click()
    number(page, "1 / 1")
    expect(page.locator("h1.ff-answer")).to_have_text(answer)
    inside(page)

    page.get_by_label("Note, not on the slide").fill("Speak slowly")
    page.get_by_label("Note, not on the slide").press(
        "ArrowRight"
    )  # within a text, the arrows belong to the text
    page.get_by_label("Headline").fill("Retention pays")
    page.get_by_label("Headline").press("Tab")
    expect(page.locator("h1.ff-answer")).to_have_text("Retention pays")
    number(page, "1 / 1")

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Deck (.pptx)").click()
    file = tmp_path / "deck.pptx"
    waiting.value.save_as(file)
    assert file.read_bytes()[:2] == b"PK"
    assert waiting.value.suggested_filename.startswith("sample-deck-")
    nothing_went_wrong(visit)


def test_the_window_of_notes_follows_and_moves_the_slides(visit):
    page = visit.page
    open_the_meeting(visit)
    with page.expect_popup() as waiting:
        page.get_by_role("button", name="Notes in a window").click()
    notes = waiting.value
    expect(notes.locator("body")).to_contain_text("1 / 7")
    expect(notes.locator("body")).to_contain_text("A sceptic asks")
    notes.keyboard.press("ArrowRight")
    number(page, "2 / 7")
    expect(notes.locator("body")).to_contain_text("2 / 7")
    nothing_went_wrong(visit)
