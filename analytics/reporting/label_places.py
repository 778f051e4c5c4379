"""Where the names of points stand, so that none lies on another, or on another point's range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

PLACES = {  # where a name begins and how high its middle is, in widths and heights of the name itself
    "middle right": (0.0, 0.0),
    "middle left": (-1.0, 0.0),
    "top right": (0.0, 0.9),
    "top left": (-1.0, 0.9),
    "bottom right": (0.0, -0.9),
    "bottom left": (-1.0, -0.9),
}
WIDE, HIGH = 330, 220  # pixels within the axes of half a page: a wider picture has only more room
LETTER, LINE = 6.6, 17  # pixels
MARK = 7  # pixels, half of what a point and its range are wide
TAG = re.compile(r"<[^>]*>")


class Box(NamedTuple):
    """What a name or a range covers, in pixels."""

    left: float
    right: float
    low: float
    high: float

    def overlap(self, other: Box) -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.high, other.high) - max(self.low, other.low)
        return max(width, 0.0) * max(height, 0.0)


def free_places(
    bars: Sequence[tuple[float, float, float, float]], texts: Sequence[str], ends: tuple[float, float]
) -> list[str]:
    """For each point (x, y, low, high) the place of its text, in plotly's words; the axes run from 0 to `ends`.

    From below, each takes the first place where it covers nothing, else the one where it covers least.
    """
    across, up = WIDE / ends[0], HIGH / ends[1]
    ranges = [
        Box(x * across - MARK, x * across + MARK, low * up - 2, high * up + 2) for x, _y, low, high in bars
    ]
    chosen: dict[int, tuple[str, Box]] = {}
    for n in sorted(range(len(bars)), key=lambda n: bars[n][1]):
        taken = [box for m, box in enumerate(ranges) if m != n] + [box for _place, box in chosen.values()]
        boxes = {place: _box(bars[n][0] * across, bars[n][1] * up, texts[n], place) for place in PLACES}
        place = min(boxes, key=lambda place: sum(boxes[place].overlap(other) for other in taken))
        chosen[n] = place, boxes[place]
    return [chosen[n][0] for n in range(len(bars))]


def _box(x: float, y: float, text: str, place: str) -> Box:
    width = LETTER * len(TAG.sub("", text))
    across, up = PLACES[place]
    left, middle = x + across * width, y + up * LINE
    return Box(left, left + width, middle - LINE / 2, middle + LINE / 2)
