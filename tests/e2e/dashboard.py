"""Starts the dashboard as a process of its own, and finds the browser to look at it with."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60


def chromium() -> str | None:
    """Where the browser is; None where there is none."""
    return next((place for place in BROWSERS if Path(place).exists()), shutil.which("chromium"))


@contextlib.contextmanager
def running(home: Path, log: Path) -> Iterator[str]:
    """The address of a dashboard whose workspaces are in `home`; what it prints goes to `log`."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "FLIPPED_FUNNEL_HOME": str(home)}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=out, stderr=out)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_until_up(health: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(health, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The dashboard did not start.")
