"""A file that is too large for the ordinary way in: to disk with progress, cancelled, refused, and while elsewhere."""

import os
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=60_000)
HEADER = "order_id,customer_id,order_date,amount,channel\n"
SALES = HEADER + "".join(f"S-{n},C-{n % 7},2026-0{1 + n % 6}-0{1 + n % 9},{n}.50,search\n" for n in range(40))
MEGABYTE = 1024 * 1024
MOST_MORE_MEGABYTES = 60  # of memory, for a file of four times as much


@pytest.fixture
def own_page(visit):
    """The data page of a workspace of one's own, with the way in for large files open."""
    page = visit.page
    page.goto(visit.address)
    expect(page.locator("h1.ff-answer")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Data").click()
    page.get_by_role("button", name="Leave the sample and load your own files").click()
    page.get_by_text("A file of more than 200 MB").click()
    expect(page.get_by_role("button", name="Choose large files")).to_be_visible()
    return page


def give(page, *files) -> None:
    page.locator("[class*=stBidiComponent], [data-testid=stBidiComponentRegular]").last.locator(
        "input[type=file]"
    ).set_input_files(files)


def server_memory(address: str) -> int:
    """Megabytes that the dashboard's process holds."""
    port = address.rsplit(":", 1)[1]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            status = (process / "status").read_text()
        except OSError:
            continue
        if b"streamlit" in command and port.encode() in command:
            return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) // 1024
    pytest.fail("The dashboard has no process.")


def test_a_large_file_becomes_a_draft_and_memory_stays_flat(own_page, visit, tmp_path):
    """240 MB of text that is no export: what is looked at is its way to the disk."""
    file = tmp_path / "large.csv"
    with file.open("wb") as out:
        for _ in range(240):
            out.write(b"x" * MEGABYTE)
    before = server_memory(visit.address)
    give(own_page, file)
    expect(own_page.get_by_text("large.csv has arrived.")).to_be_visible()
    expect(own_page.get_by_text("Reject: it cannot be loaded as it is.")).to_be_visible()
    assert server_memory(visit.address) - before < MOST_MORE_MEGABYTES
    assert visit.errors == []


def test_by_keyboard_a_file_is_chosen_loaded_and_stands_in_the_receipt(own_page, visit, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(SALES)
    own_page.get_by_role("button", name="Choose large files").focus()
    with own_page.expect_file_chooser() as chooser:
        own_page.keyboard.press("Space")
    chooser.value.set_files(file)
    expect(own_page.get_by_role("button", name="Load sales")).to_be_visible()
    own_page.get_by_role("button", name="Load sales").focus()
    own_page.keyboard.press("Enter")
    expect(own_page.get_by_text("orders.csv: 40 rows read = 40 accepted")).to_be_visible()
    expect(own_page.get_by_text(re.compile("^Now: "))).to_be_visible()
    assert visit.errors == []


def test_one_that_cannot_be_taken_is_refused_before_it_is_sent(own_page, visit, tmp_path):
    sent = []
    own_page.on("request", lambda request: sent.append(request.url) if "/incoming/" in request.url else None)
    (tmp_path / "picture.png").write_bytes(b"x")
    give(own_page, tmp_path / "picture.png")
    expect(own_page.get_by_text("picture.png is no file of these kinds")).to_be_visible()
    huge = tmp_path / "huge.csv"
    huge.touch()
    os.truncate(huge, 3 * 1024**3)  # takes no room
    give(own_page, huge)
    expect(
        own_page.get_by_text(re.compile("huge.csv has 3,221 MB, and at most 2,147 MB are taken"))
    ).to_be_visible()
    assert sent == []


def test_cancelled_on_the_way_nothing_of_it_is_kept(own_page, visit, tmp_path):
    """The connection is made slow, so that there is a middle."""
    slow = own_page.context.new_cdp_session(own_page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2 * MEGABYTE,
    })  # fmt: skip
    file = tmp_path / "slow.csv"
    file.write_bytes(b"x" * 60 * MEGABYTE)
    give(own_page, file)
    expect(own_page.get_by_text(re.compile(r"slow.csv: [1-9]\d* % \(\d+ of 63 MB\)"))).to_be_visible()
    own_page.get_by_role("button", name="Cancel").click()
    expect(own_page.get_by_text("slow.csv: cancelled; nothing of it is kept.")).to_be_visible()
    expect(own_page.locator("[class*=st-key-card]")).to_have_count(0)


def test_it_goes_on_while_another_page_is_looked_at(own_page, visit, tmp_path):
    slow = own_page.context.new_cdp_session(own_page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4 * MEGABYTE,
    })  # fmt: skip
    file = tmp_path / "orders.csv"
    file.write_text(SALES + "\n" * 16 * MEGABYTE)
    give(own_page, file)
    expect(own_page.get_by_text(re.compile(r"orders.csv: [1-9]\d* %"))).to_be_visible()
    navigation = own_page.get_by_test_id("stSidebarNav")
    with own_page.expect_response(lambda response: "/incoming/" in response.url, timeout=60_000) as answer:
        navigation.get_by_role("link", name="Scorecard").click()
    assert answer.value.status == 200
    navigation.get_by_role("link", name="Data").click()
    expect(own_page.locator("[class*=st-key-card]").filter(has_text="orders.csv")).to_be_visible()
    assert visit.errors == []


def test_a_stranger_cannot_send_anything(visit):
    request = urllib.request.Request(f"{visit.address}/incoming/{'x' * 43}", data=b"x", method="PUT")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    with refused.value as answer:
        assert answer.code == 403
