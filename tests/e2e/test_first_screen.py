"""The first screen: answer and main chart without scrolling, and text from files that never comes alive."""

import pytest
from playwright.sync_api import expect

from analytics.warehouse.store import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=60_000)
EVIL = "<img src=x onerror=alert(1)> :red[x] $x^2$ **b**"
HEADER = "order_id,customer_id,order_date,amount,channel,segment"


@pytest.fixture
def evil_workspace(address, tmp_path):
    """A workspace whose channel, segment and file name are what an attacker would write."""
    file = tmp_path / "orders.csv"
    rows = [f"S-{n},C-{n},2026-07-{n:02d},{10 * n},{EVIL},{EVIL}" for n in range(1, 20)]
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    with Workspace.open(tmp_path / "home" / "evil") as workspace:
        assert workspace.ingest(file, "sales", name=f"{EVIL}.csv").committed
    return "evil"


def test_the_answer_and_the_main_chart_need_no_scrolling(visit):
    page = visit.page
    page.goto(f"{visit.address}/?workspace=sample")
    expect(page.locator("h1.ff-answer")).to_be_visible()
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart.locator(".main-svg").first).to_be_visible()
    box = chart.bounding_box()
    assert box["y"] + box["height"] <= 800
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_text_from_files_is_only_ever_shown(visit, evil_workspace):
    page = visit.page
    opened = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    for name in ("sources", "data", ""):
        page.goto(f"{visit.address}/{name}?workspace={evil_workspace}&segment={EVIL.replace(' ', '%20')}")
        expect(page.locator("h1.ff-answer")).to_be_visible()
        expect(page.get_by_test_id("stSidebar").get_by_text("Segment, region, channel")).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
    assert opened == []
    assert visit.hosts - {""} == {visit.address.removeprefix("http://")}
