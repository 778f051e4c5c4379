"""Pauses: lets a test stop an upload at a named point, to end the process there. Does nothing otherwise.

Set FLIPPED_FUNNEL_TEST_PAUSE to one of POINTS: the process then writes "paused: <point>" to standard error
and waits to be killed. With " for a moment" after the name it writes the same and goes on at once.
"""

from __future__ import annotations

import os
import sys
import time

VARIABLE = "FLIPPED_FUNNEL_TEST_PAUSE"
POINTS = ("staged", "renamed", "ledger", "before commit", "committed", "journal")
MOMENT = " for a moment"


def pause(point: str) -> None:
    """Wait here for ever if a test named this point."""
    named = os.environ.get(VARIABLE, "")
    if named.removesuffix(MOMENT) != point:
        return
    print(f"paused: {point}", file=sys.stderr, flush=True)
    while not named.endswith(MOMENT):
        time.sleep(60)
