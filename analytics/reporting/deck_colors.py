"""Colours of the deck: those of the roles are the theme's accents, so that another theme recolours every slide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from analytics.reporting.roles import ROLES

TEXT, QUIET, PAPER, PALE, GRID = "#1f2933", "#52606d", "#ffffff", "#f2f4f7", "#d9dee4"
NEUTRAL = ROLES["neutral"].color
ACCENTS = (
    ROLES["acquisition"].color,
    ROLES["retention"].color,
    ROLES["referral"].color,
    ROLES["neutral"].color,
    "#cc79a7",
    "#e69f00",
)
SCHEME = {TEXT: "tx1", PAPER: "bg1", QUIET: "tx2", PALE: "bg2"} | {
    color: f"accent{number}" for number, color in enumerate(ACCENTS, 1)
}
PARTS = re.compile(r"rgba?\(([^)]*)\)")
NAMED = {"white": PAPER, "black": "#000000"}


class Color(NamedTuple):
    """A colour "#rrggbb" and how much of it covers what is below, 0 to 1."""

    hex: str
    alpha: float = 1.0

    def over_paper(self) -> Color:
        """The colour that is seen on white."""
        mixed = (round(255 + (part - 255) * self.alpha) for part in _parts(self.hex))
        return Color("#" + "".join(f"{part:02x}" for part in mixed))

    @property
    def is_dark(self) -> bool:
        """Whether white text is easier to read on it than dark text."""
        red, green, blue = ((part / 255) ** 2.2 for part in _parts(self.hex))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.18


def color_of(written: object, opacity: float = 1.0) -> Color:
    """What plotly writes as a colour; what it leaves to the page is the text's colour."""
    text = str(written or TEXT).strip().lower()
    if found := PARTS.match(text):
        numbers = [float(part) for part in found[1].split(",")]
        alpha = numbers[3] if len(numbers) > 3 else 1.0
        return Color("#" + "".join(f"{round(part):02x}" for part in numbers[:3]), alpha * opacity)
    text = NAMED.get(text, text)
    return Color(text if re.fullmatch("#[0-9a-f]{6}", text) else TEXT, opacity)


def between(scale: Sequence[tuple[float, str]], share: float) -> Color:
    """The colour at `share` (0 to 1) of a plotly colour scale, as it is seen on white."""
    stops = [(float(place), color_of(color)) for place, color in scale]
    low = max((stop for stop in stops if stop[0] <= share), default=stops[0])
    high = min((stop for stop in stops if stop[0] >= share), default=stops[-1])
    part = (share - low[0]) / (high[0] - low[0]) if high[0] > low[0] else 0.0
    ends = (_parts(low[1].over_paper().hex), _parts(high[1].over_paper().hex))
    return Color("#" + "".join(f"{round(a + part * (b - a)):02x}" for a, b in zip(*ends, strict=True)))


def fill(color: Color | None) -> str:
    """A fill in DrawingML; None for none."""
    if color is None or color.alpha <= 0:
        return "<a:noFill/>"
    alpha = f'<a:alpha val="{round(100_000 * color.alpha)}"/>' if color.alpha < 1 else ""
    if name := SCHEME.get(color.hex):
        return f'<a:solidFill><a:schemeClr val="{name}">{alpha}</a:schemeClr></a:solidFill>'
    return f'<a:solidFill><a:srgbClr val="{color.hex[1:].upper()}">{alpha}</a:srgbClr></a:solidFill>'


def stroke(color: Color | None, points: float = 1.0, dash: str = "solid", cap: str = "flat") -> str:
    """A line in DrawingML; None for none."""
    if color is None or points <= 0 or color.alpha <= 0:
        return "<a:ln><a:noFill/></a:ln>"
    kinds = {"dot": "sysDot", "dash": "dash", "longdash": "lgDash", "dashdot": "dashDot"}
    kind = f'<a:prstDash val="{kinds[dash]}"/>' if dash in kinds else ""
    return f'<a:ln w="{round(points * 12_700)}" cap="{cap}">{fill(color)}{kind}<a:round/></a:ln>'


def _parts(hex_: str) -> tuple[int, int, int]:
    return int(hex_[1:3], 16), int(hex_[3:5], 16), int(hex_[5:7], 16)
