"""The keyboard alone suffices: to upload, to filter, to move a slider, to open what is folded; and one sees where one is."""

import pytest

from tests.e2e.dashboard import REPOSITORY
from tests.e2e.screenshots import AT_REST, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_STEPS = 90
NAME = r"""() => {
    const here = document.activeElement, label = here.getAttribute("aria-label") || here.innerText || "";
    return `${here.getAttribute("role") || here.type || here.tagName}: ${label}`.replace(/\s+/g, " ").slice(0, 80);
}"""
UNMARKED = """() => {
    const rings = [];
    for (let at = document.activeElement, up = 0; at && up < 5; at = at.parentElement, up++) {
        const {outlineStyle, outlineWidth} = getComputedStyle(at), {width, height} = at.getBoundingClientRect();
        rings.push(outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && Math.min(width, height) > 8);
    }
    return !rings.includes(true);
}"""


def step_to(page, wanted: str) -> str:
    """Press Tab until something whose kind and name hold `wanted` has the focus."""
    met = []
    for _press in range(MOST_STEPS):
        page.keyboard.press("Tab")
        met.append(page.evaluate(NAME))
        if wanted in met[-1]:
            return met[-1]
    return pytest.fail(f"Tab never comes to {wanted!r}, only to {met}")


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    page.locator(AT_REST).wait_for()


def wait_for_another(page, where: str, before: str) -> None:
    """Wait until another text stands there."""
    page.wait_for_function(
        "([where, before]) => ![before, undefined].includes(document.querySelector(where)?.innerText)",
        arg=[where, before],
    )


def test_a_file_is_uploaded(visit):
    page = visit.page
    page.goto(f"{visit.address}/data")
    settle(page)
    step_to(page, "Leave the sample and load your own files")
    press(page, "Enter")
    page.locator("[data-testid=stFileUploader]").wait_for()
    settle(page)
    nothing = page.locator("h1.ff-answer").inner_text()
    step_to(page, "submit: upload")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(REPOSITORY / "data" / "sample" / "referrals.csv")
    page.get_by_role("button", name="Load referrals").wait_for()
    step_to(page, "submit: Load referrals")
    press(page, "Enter")
    wait_for_another(page, "h1.ff-answer", nothing)


def test_days_are_chosen_and_what_is_folded_is_opened(visit):
    page = visit.page
    page.goto(f"{visit.address}/sources")
    settle(page)
    before = page.locator(".ff-badges").inner_text()
    step_to(page, "combobox: Days")
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    wait_for_another(page, ".ff-badges", before)
    settle(page)
    step_to(page, "Table")
    press(page, "Enter")
    page.locator("[data-testid=stPopoverBody] [data-testid=stDataFrame]").wait_for()
    press(page, "Escape")
    page.locator("[data-testid=stPopoverBody]").wait_for(state="detached")


def test_a_slider_moves_the_plan_and_tabs_change(visit):
    page = visit.page
    page.goto(f"{visit.address}/budget")
    settle(page)
    before = page.locator(".ff-budget").inner_text()
    step_to(page, "range: ")  # the sidebar's first
    while "existing customers" not in step_to(page, "range: "):
        pass
    press(page, *["ArrowLeft"] * 5)
    wait_for_another(page, ".ff-budget", before)
    step_to(page, "tab: Response curve")
    press(page, "ArrowRight")
    assert page.evaluate(NAME) == "tab: Cash by month, and value"
    assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_the_focus_is_can_be_seen(visit, scheme):
    page, unmarked = visit.page, []
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{visit.address}/budget")
    settle(page)
    for _press in range(50):
        page.keyboard.press("Tab")
        if page.evaluate(UNMARKED) and not page.evaluate("Boolean(document.activeElement.shadowRoot)"):
            unmarked.append(page.evaluate(NAME))
    assert unmarked == []
