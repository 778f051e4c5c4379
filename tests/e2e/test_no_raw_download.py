"""The dashboard's tables offer no download but ours, which makes cells harmless."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=60_000)


def test_the_toolbar_of_a_table_offers_no_download(visit):
    page = visit.page
    page.goto(f"{visit.address}/sources?workspace=sample")
    expect(page.locator("h1.ff-answer")).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.hover()
    toolbar = page.get_by_test_id("stElementToolbar").filter(has=page.get_by_label("Fullscreen"))
    expect(toolbar.first).to_be_visible()
    assert page.get_by_label("Download as CSV").count() == 0
    assert page.get_by_label("Fullscreen").count() >= 1
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).first.click()
    content = waiting.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
