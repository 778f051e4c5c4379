"""Text on slides: made safe, read from a chart's markup, measured and broken into lines.

Widths are those of Arial, of Liberation Sans, and of any other font of the same metrics.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

LINE = 1.2  # height of a line of text, in parts of its size
SMALLEST = 12.0
LONGEST_CELL = 320
PLAIN = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
)  # fmt: skip
OTHERS = {
    "·": 333,
    "…": 1000,
    "—": 1000,
    "‘": 222,
    "’": 278,
    "▲": 990,
    "▼": 990,
    "→": 1000,
    "⁺": 750,
    "◆": 750,
    "•": 350,
}
WIDE, USUAL, EMOJI = 1000, 604, 1350
# Some programmes leave a little room between Korean or Chinese and other letters.
SEAMS = re.compile(
    r"(?<=[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff])(?=[!-~])|(?<=[!-~])(?=[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff])"
)
SEAM = 220
# What XML cannot hold, and what would turn the direction of the text around it.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
TOKEN = re.compile(r"(<[^<>]*>)")
PERCENT = re.compile(r"(?<=\d) (?=%)")  # a line must not break between a number and its sign
COLOR = re.compile(r"color:\s*(#[0-9a-fA-F]{6}|white|black)")
NAMED = {"white": "#ffffff", "black": "#000000"}


class Run(NamedTuple):
    """Text of one look. color: "#rrggbb", or empty for the usual one."""

    text: str
    bold: bool = False
    italic: bool = False
    color: str = ""


class Fit(NamedTuple):
    """Text that has been made to fit: its size in points, and its lines."""

    size: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """In points."""
        return len(self.lines) * self.size * LINE


def clean(text: object) -> str:
    """The text without what a file of XML cannot hold; line ends and tabs become blanks."""
    return PERCENT.sub("\N{NO-BREAK SPACE}", " ".join(FORBIDDEN.sub("", str(text)).split()))


def short(text: object, longest: int = LONGEST_CELL) -> str:
    """The clean text, cut at so many characters."""
    found = clean(text)
    return found if len(found) <= longest else found[: longest - 1].rstrip() + "…"


def lines_of(markup: object) -> list[list[Run]]:
    """What plotly's markup (b, i, br, span with a colour, escaped characters) says, line by line."""
    lines: list[list[Run]] = [[]]
    bold = italic = False
    colors: list[str] = []
    for token in TOKEN.split(str(markup)):
        tag = token.lower().replace(" ", "") if token.startswith("<") else ""
        if tag in {"<b>", "</b>"}:
            bold = tag == "<b>"
        elif tag in {"<i>", "</i>"}:
            italic = tag == "<i>"
        elif tag in {"<br>", "<br/>"}:
            lines.append([])
        elif tag.startswith("<span"):
            found = COLOR.search(token)
            colors.append(NAMED.get(found[1], found[1]) if found else "")
        elif tag == "</span>":
            colors = colors[:-1]
        elif token:
            text = FORBIDDEN.sub("", unescape(token)).translate({9: " ", 10: " ", 13: " "})
            lines[-1].append(Run(text, bold, italic, next((c for c in reversed(colors) if c), "")))
    return _trimmed(lines)


def plain(markup: object) -> str:
    """The words of plotly's markup, in one line."""
    return clean(" ".join("".join(run.text for run in line) for line in lines_of(markup)))


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide the text is, in points."""
    if text.isascii():
        table = BOLD if bold else PLAIN
        return sum(table[ord(letter) - 32] if 32 <= ord(letter) < 127 else 0 for letter in text) * size / 1000
    letters = [_width(letter, BOLD if bold else PLAIN) for letter in text]
    return (sum(letters) + SEAM * len(SEAMS.findall(text))) * size / 1000


def line_width(line: Sequence[Run], size: float) -> float:
    """How wide a line of runs is, in points."""
    return sum(width(run.text, size, run.bold) for run in line)


def wrapped(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than `room` points; a word that is wider is cut into several."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, size, room, bold)
        lines += full
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, size: float, room: float, bold: bool) -> list[str]:
    """A word in pieces that fit; at least a letter each."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size, bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def fitted(text: str, room: float, height: float, sizes: Sequence[float], bold: bool = False) -> Fit:
    """The largest of `sizes` (falling) at which the text fits; at the smallest, what does not fit is cut off."""
    fit = Fit(sizes[-1], ())
    for size in sizes:
        fit = Fit(size, tuple(wrapped(text, size, room, bold)))
        if fit.height <= height + 0.01:
            return fit
    most = max(int((height + 0.01) / (fit.size * LINE)), 1)
    last = fit.lines[most - 1]
    while last and width(last + "…", fit.size, bold) > room:
        last = last[:-1]
    return Fit(fit.size, (*fit.lines[: most - 1], last.rstrip() + "…"))


def _trimmed(lines: list[list[Run]]) -> list[list[Run]]:
    """Blanks at the ends of lines, with which charts keep text away from points, are taken off."""
    found = []
    for line in lines:
        runs = [run for run in line if run.text]
        if runs:
            runs[0] = runs[0]._replace(text=runs[0].text.lstrip())
            runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip())
        found.append([run for run in runs if run.text])
    return found


def _width(letter: str, table: Sequence[int]) -> int:
    code = ord(letter)
    if 32 <= code < 127:
        return table[code - 32]
    if letter in OTHERS:
        return OTHERS[letter]
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    if code >= 0x1F000:
        return EMOJI
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE
    simple = unicodedata.normalize("NFD", letter)[0]
    return table[ord(simple) - 32] if 32 <= ord(simple) < 127 else USUAL
