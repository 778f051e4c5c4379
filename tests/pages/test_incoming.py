"""Large files come by a request of their own: only with a fresh ticket, from the same browser and page, and whole."""

import asyncio
import tracemalloc

import pytest
from starlette.requests import Request

from analytics.warehouse.store import Workspace
from pages.shared import incoming

DATA = b"order_id,customer_id\n" * 1000
HOST = "127.0.0.1:8501"


@pytest.fixture
def place(tmp_path):
    with Workspace.open(tmp_path / "shop") as workspace:
        yield workspace.scratch_place()


@pytest.fixture(autouse=True)
def visits(monkeypatch):
    """The visits that go on; no ticket is left from elsewhere."""
    going_on = {"visit", "other"}
    monkeypatch.setattr(incoming, "_goes_on", lambda session_id: session_id in going_on)
    monkeypatch.setattr(incoming, "_tickets", {})
    return going_on


@pytest.fixture
def ticket(place):
    return incoming.issue("visit", "cookie", "sales.csv", len(DATA), place)


def send(token: str, parts=(DATA,), *, length: int | None = len(DATA), leaves: bool = False, **headers):
    """What the server answers to a request with a body that arrives in these parts."""
    given = {
        "host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin",
        "cookie": f"{incoming.COOKIE}=cookie", **headers,
    }  # fmt: skip
    if length is not None:
        given["content-length"] = str(length)
    scope = {
        "type": "http", "method": "PUT", "path": f"/incoming/{token}", "path_params": {"token": token},
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items() if v],
    }  # fmt: skip
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    end = {"type": "http.disconnect"} if leaves else {"type": "http.request", "body": b"", "more_body": False}
    waiting = iter([*messages, end])

    async def receive():
        return next(waiting)

    answer = asyncio.run(incoming.receive(Request(scope, receive)))
    return answer.status_code, answer.body.decode()


def test_a_file_arrives_whole_and_is_collected_once_by_its_visit(ticket):
    assert incoming.are_expected("visit")
    assert not incoming.have_arrived("visit")
    assert send(ticket.token, [DATA[:777], DATA[777:]]) == (200, "arrived")
    assert incoming.have_arrived("visit")
    assert incoming.collect("other") == []
    assert incoming.collect("visit") == [ticket]
    assert ticket.path.read_bytes() == DATA
    assert incoming.collect("visit") == []
    assert not incoming.are_expected("visit")


def test_a_ticket_is_used_once(ticket):
    assert send(ticket.token)[0] == 200
    assert send(ticket.token) == (403, "refused")
    assert ticket.path.read_bytes() == DATA


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": ""},
        {"origin": "null"},
        {"origin": f"http://{HOST}.evil.example"},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"cookie": f"{incoming.COOKIE}=another"},
        {"cookie": ""},
    ],
    ids=str,
)
def test_another_site_or_browser_is_refused_and_uses_nothing_up(ticket, headers):
    assert send(ticket.token, **headers) == (403, "refused")
    assert not ticket.path.exists()
    assert send(ticket.token)[0] == 200


def test_no_ticket_no_file(ticket):
    assert send("x" * 43) == (403, "refused")
    assert send("../../etc/passwd") == (403, "refused")


def test_a_ticket_expires(ticket, monkeypatch):
    ticket.issued -= incoming.BEGIN_SECONDS + 1
    assert send(ticket.token) == (403, "refused")
    assert not incoming.are_expected("visit")


def test_a_ticket_ends_with_its_visit(ticket, visits):
    visits.remove("visit")
    assert send(ticket.token) == (403, "refused")


@pytest.mark.parametrize("length", [None, 0, len(DATA) - 1, len(DATA) + 1, 10**12])
def test_only_the_announced_size_is_begun(ticket, length):
    assert send(ticket.token, length=length) == (400, "size")
    assert not ticket.path.exists()


@pytest.mark.parametrize("parts", [(DATA[:-1],), (DATA, b"x"), ()], ids=["shorter", "longer", "nothing"])
def test_more_or_less_than_announced_is_thrown_away(ticket, parts):
    assert send(ticket.token, parts) == (400, "incomplete")
    assert not ticket.place.path.exists()
    assert send(ticket.token) == (403, "refused")
    assert incoming.collect("visit") == []


def test_a_browser_that_leaves_in_the_middle_leaves_nothing(ticket):
    assert send(ticket.token, [DATA[:500]], leaves=True) == (400, "incomplete")
    assert not ticket.place.path.exists()


def test_one_that_falls_silent_is_given_up(ticket, monkeypatch):
    monkeypatch.setattr(incoming, "SILENCE_SECONDS", 0.05)

    async def silent():
        yield DATA[:100]
        await asyncio.sleep(30)

    with pytest.raises(TimeoutError):
        asyncio.run(incoming._write(silent(), ticket))


def test_a_full_disk_is_said(ticket, monkeypatch):
    async def full(_chunks, _ticket):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(incoming, "_write", full)
    assert send(ticket.token) == (507, "disk")
    assert not ticket.place.path.exists()


def test_what_nobody_fetches_goes_with_the_next_ticket(ticket, visits, tmp_path):
    send(ticket.token)
    path = ticket.place.path
    visits.remove("visit")
    with Workspace.open(tmp_path / "shop") as workspace:
        incoming.issue("other", "cookie", "b.csv", 1, workspace.scratch_place())
    assert ticket.token not in incoming._tickets
    del ticket
    assert path.exists()  # as long as the fixture holds it


def test_memory_stays_flat_however_large_the_file(place):
    """64 MB in parts of 64 kB: never more than the few that are on their way to the disk."""
    part, count = b"x" * 65536, 1024
    ticket = incoming.issue("visit", "cookie", "big.csv", len(part) * count, place)

    async def chunks():
        for _ in range(count):
            yield part

    tracemalloc.start()
    asyncio.run(incoming._write(chunks(), ticket))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ticket.path.stat().st_size == len(part) * count
    assert peak < 8 * incoming.WRITE_BYTES
