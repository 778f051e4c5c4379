"""Large files: each comes by a request of its own and goes to disk as it arrives, never into memory.

The page asks for a ticket first, with the file's name and size. A ticket is used once, within a minute, by the
browser that asked for it, from a page of the dashboard itself, for exactly as many bytes as were announced.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config, runtime

if TYPE_CHECKING:
    from analytics.warehouse.books import ScratchPlace

PATH = "incoming"
COOKIE = "_streamlit_xsrf"  # Streamlit gives one to every browser
BEGIN_SECONDS = 60.0
SILENCE_SECONDS = 60.0
WRITE_BYTES = 1024 * 1024
WAITING, ARRIVING, ARRIVED, FAILED = "waiting", "arriving", "arrived", "failed"

_tickets: dict[str, Ticket] = {}
_lock = threading.Lock()


@dataclass(eq=False)
class Ticket:
    """A file of `size` bytes that a visit (`session_id`) may send once, to lie at `path` in `place`."""

    session_id: str
    cookie: str
    name: str
    size: int
    place: ScratchPlace
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    state: str = WAITING
    issued: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return self.place.path / "file"

    @property
    def is_stale(self) -> bool:
        """Whether it was not used in time."""
        return self.state == WAITING and time.monotonic() - self.issued > BEGIN_SECONDS

    @property
    def is_useless(self) -> bool:
        """Whether nobody will send or fetch its file any more."""
        return self.is_stale or self.state == FAILED or not _goes_on(self.session_id)


def issue(session_id: str, cookie: str, name: str, size: int, place: ScratchPlace) -> Ticket:
    """A ticket for one file."""
    ticket = Ticket(session_id, cookie, name, size, place)
    with _lock:
        for old in [t for t in _tickets.values() if t.is_useless]:
            del _tickets[old.token]
        _tickets[ticket.token] = ticket
    return ticket


def collect(session_id: str) -> list[Ticket]:
    """The files of a visit that have arrived, each once."""
    with _lock:
        arrived = [t for t in _tickets.values() if t.session_id == session_id and t.state == ARRIVED]
        for ticket in arrived:
            del _tickets[ticket.token]
    return arrived


def are_expected(session_id: str) -> bool:
    """Whether a file of the visit may still come, or has come."""
    with _lock:
        return any(t.session_id == session_id and not t.is_useless for t in _tickets.values())


def have_arrived(session_id: str) -> bool:
    """Whether there is something to collect."""
    with _lock:
        return any(t.session_id == session_id and t.state == ARRIVED for t in _tickets.values())


def route() -> Route:
    """Where the browser sends a file to."""
    base = (config.get_option("server.baseUrlPath") or "").strip("/")
    return Route(f"{'/' + base if base else ''}/{PATH}/{{token}}", receive, methods=["PUT"])


async def receive(request: Request) -> Response:
    """Write the body to the place of its ticket; the answer is one word that says what became of it."""
    ticket = _tickets.get(request.path_params["token"])
    if ticket is None or not _is_ours(request, ticket):
        return PlainTextResponse("refused", 403)
    if request.headers.get("content-length") != str(ticket.size):
        return PlainTextResponse("size", 400)
    with _lock:
        if ticket.state != WAITING or ticket.is_stale:
            return PlainTextResponse("refused", 403)
        ticket.state = ARRIVING
    try:
        await _write(request.stream(), ticket)
    except (ClientDisconnect, TimeoutError, EOFError):
        return _failed(ticket, "incomplete", 400)
    except OSError:
        return _failed(ticket, "disk", 507)
    except BaseException:
        _failed(ticket, "incomplete", 500)
        raise
    ticket.state = ARRIVED
    return PlainTextResponse("arrived")


async def _write(chunks: AsyncIterator[bytes], ticket: Ticket) -> None:
    """Exactly the announced number of bytes, or EOFError; the disk is waited for in a thread."""
    received, waiting = 0, bytearray()
    with ticket.path.open("xb") as out:
        while chunk := await asyncio.wait_for(anext(chunks, b""), SILENCE_SECONDS):
            received += len(chunk)
            if received > ticket.size:
                raise EOFError
            waiting += chunk
            if len(waiting) >= WRITE_BYTES:
                await asyncio.to_thread(out.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(out.write, bytes(waiting))
    if received != ticket.size:
        raise EOFError


def _failed(ticket: Ticket, word: str, status: int) -> Response:
    ticket.state = FAILED
    ticket.place.let_go()
    return PlainTextResponse(word, status)


def _is_ours(request: Request, ticket: Ticket) -> bool:
    """Sent by a page of the dashboard, under a name that it goes by, in the browser that got the ticket."""
    host = request.headers.get("host", "")
    try:
        origin, name = urlsplit(request.headers.get("origin", "")), urlsplit(f"//{host}").hostname
    except ValueError:  # no address at all
        return False
    allowed = config.get_option("server.allowedHosts")
    return (
        origin.netloc == host
        and _goes_on(ticket.session_id)
        and (not allowed or name in allowed)
        and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and secrets.compare_digest(request.cookies.get(COOKIE, "").encode(), ticket.cookie.encode())
    )


def _goes_on(session_id: str) -> bool:
    """Whether the visit has not ended."""
    return runtime.exists() and runtime.get_instance().is_active_session(session_id)
