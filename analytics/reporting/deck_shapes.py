"""Shapes of a slide in DrawingML: text boxes, rectangles, marks, lines and outlines. All lengths are points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from analytics import language
from analytics.reporting.deck_colors import Color, color_of, fill, stroke
from analytics.reporting.deck_words import LINE, Run, clean, line_width

EMU = 12_700
LANGUAGE_TAGS = {"en": "en-GB", "ko": "ko-KR"}
MARKS = {
    "circle": "ellipse", "square": "rect", "diamond": "diamond", "triangle-up": "triangle", "star": "star5", "x": "mathMultiply",
}  # fmt: skip
Point = tuple[float, float]


class Box(NamedTuple):
    """A place: left, top, width and height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    def overlaps(self, other: Box, across: float = 0.5, down: float = 0.5) -> bool:
        """Whether both share more than a rim of these widths."""
        shared = min(self.right, other.right) - max(self.x, other.x)
        return shared > across and min(self.bottom, other.bottom) - max(self.y, other.y) > down

    def around(self, others: Iterable[Box]) -> Box:
        """The least box that holds this one and the others."""
        every = [self, *others]
        x, y = min(box.x for box in every), min(box.y for box in every)
        return Box(x, y, max(box.right for box in every) - x, max(box.bottom for box in every) - y)


class Text(NamedTuple):
    """Lines of text with a size, and how they are set: left, center or right; turned: read from below."""

    lines: Sequence[Sequence[Run]]
    size: float
    align: str = "left"
    color: str = ""
    turned: bool = False

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height that it needs."""
        across = max((line_width(line, self.size) for line in self.lines), default=0.0) * 1.02 + 2
        down = len(self.lines) * self.size * LINE
        return (down, across) if self.turned else (across, down)


class Numbers:
    """Numbers for the shapes of one slide: each once."""

    def __init__(self, first: int) -> None:
        self._last = first - 1

    def next(self) -> int:
        """One that no shape has yet."""
        self._last += 1
        return self._last


def runs(line: Sequence[Run], size: float, color: str = "") -> str:
    """A line of runs."""
    tag = LANGUAGE_TAGS.get(language.current(), "en-GB")
    return "".join(
        f'<a:r><a:rPr lang="{tag}" sz="{round(size * 100)}" b="{int(run.bold)}" i="{int(run.italic)}" dirty="0">'
        f"{fill(color_of(run.color or color))}</a:rPr><a:t>{escape(run.text)}</a:t></a:r>"
        for run in line
    )


def paragraphs(text: Text) -> str:
    """Its lines, a paragraph each."""
    align = {"left": "l", "center": "ctr", "right": "r"}[text.align]
    return "".join(
        f'<a:p><a:pPr algn="{align}" marL="0" indent="0" eaLnBrk="0">{spacing(text.size)}'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/></a:pPr>{runs(line, text.size, text.color)}'
        f"{'' if line else _end(text.size)}</a:p>"
        for line in text.lines
    )


def spacing(size: float) -> str:
    """The distance of lines, the same in every font: Korean ones would take more than has been measured."""
    return f'<a:lnSpc><a:spcPts val="{round(size * LINE * 100)}"/></a:lnSpc>'


def text_box(number: int, box: Box, text: Text, name: str = "Label", color: Color | None = None) -> str:
    """Text exactly where it was measured: it does not wrap and its box does not grow."""
    turned = ' vert="vert270"' if text.turned else ""
    body = f'<a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"{turned}><a:noAutofit/></a:bodyPr>'
    return _shape(
        number, name, box, "rect", fill(color), stroke(None), f"{body}<a:lstStyle/>{paragraphs(text)}", True
    )


def flowing_text(number: int, box: Box, inside: str, name: str = "Point") -> str:
    """Paragraphs that wrap at the box's right edge."""
    body = '<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></a:bodyPr>'
    return _shape(number, name, box, "rect", fill(None), stroke(None), f"{body}<a:lstStyle/>{inside}", True)


def plate(number: int, box: Box, text: Text, color: Color, edge: Color | None, name: str) -> str:
    """Text on a plate with round corners."""
    body = '<a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:noAutofit/></a:bodyPr>'
    inside = f"{body}<a:lstStyle/>{paragraphs(text)}"
    return _shape(number, name, box, "roundRect", fill(color), stroke(edge, 0.75), inside)


def rectangle(number: int, box: Box, color: Color | None, line: str = "", name: str = "Area") -> str:
    """A rectangle; without a line if none is given."""
    return _shape(number, name, box, "rect", fill(color), line or stroke(None))


def mark(number: int, at: Point, symbol: str, size: float, color: Color) -> str:
    """A mark around a point, hollow where its symbol ends in "-open"."""
    shape, hollow = MARKS.get(symbol.removesuffix("-open"), "ellipse"), symbol.endswith("-open")
    box = Box(at[0] - size / 2, at[1] - size / 2, size, size)
    return _shape(
        number, "Mark", box, shape, fill(None if hollow else color), stroke(color if hollow else None, 1.5)
    )


def line(number: int, begin: Point, end: Point, look: str, name: str = "Line") -> str:
    """A straight line."""
    left, top = min(begin[0], end[0]), min(begin[1], end[1])
    box = Box(left, top, abs(end[0] - begin[0]), abs(end[1] - begin[1]))
    flip = ' flipV="1"' if (end[0] - begin[0]) * (end[1] - begin[1]) < 0 else ""
    return (
        f'<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="{number}" name={_name(name, number)}/><p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>'
        f'<p:spPr>{_place(box, flip)}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{look}</p:spPr></p:cxnSp>'
    )


def outline(
    number: int, strokes: Sequence[Sequence[Point]], color: Color | None, look: str, name: str = "Outline"
) -> str:
    """One shape of several strokes; closed and filled if it has a colour."""
    x, y = [p[0] for stroke_ in strokes for p in stroke_], [p[1] for stroke_ in strokes for p in stroke_]
    box = Box(min(x), min(y), max(max(x) - min(x), 0.01), max(max(y) - min(y), 0.01))
    steps = "".join(_steps(stroke_, box, color is not None) for stroke_ in strokes if len(stroke_) > 1)
    filled = "" if color else ' fill="none"'
    path = f'<a:path w="{_emu(box.w)}" h="{_emu(box.h)}"{filled}>{steps}</a:path>'
    geometry = f'<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{path}</a:pathLst></a:custGeom>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={_name(name, number)}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f"<p:spPr>{_place(box)}{geometry}{fill(color)}{look or stroke(None)}</p:spPr></p:sp>"
    )


def chart_frame(number: int, box: Box, relation: str, name: str, described: str) -> str:
    """The frame of a native chart."""
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name={_name(name, number)} descr={quoteattr(clean(described))}/>'
        f"<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>{_place(box, tag='p:xfrm')}"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )


def group(number: int, box: Box, inside: Iterable[str], name: str, described: str) -> str:
    """Shapes that move together; box: what they cover."""
    off, ext = _off(box), _ext(box)
    return (
        f'<p:grpSp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvGrpSpPr><p:cNvPr id="{number}" '
        f"name={_name(name, number)} descr={quoteattr(clean(described))}/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f"<p:grpSpPr><a:xfrm><a:off {off}/><a:ext {ext}/><a:chOff {off}/><a:chExt {ext}/></a:xfrm></p:grpSpPr>"
        f"{''.join(inside)}</p:grpSp>"
    )


def _shape(
    number: int,
    name: str,
    box: Box,
    shape: str,
    filled: str,
    look: str,
    inside: str = "",
    is_text: bool = False,
) -> str:
    text = f"<p:txBody>{inside}</p:txBody>" if inside else ""
    kind = ' txBox="1"' if is_text else ""
    return (
        f'<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr><p:cNvPr id="{number}" '
        f"name={_name(name, number)}/><p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr>"
        f'<p:spPr>{_place(box)}<a:prstGeom prst="{shape}"><a:avLst/></a:prstGeom>{filled}{look}</p:spPr>{text}</p:sp>'
    )


def _steps(points: Sequence[Point], box: Box, closed: bool) -> str:
    first, *rest = [f'<a:pt x="{_emu(x - box.x)}" y="{_emu(y - box.y)}"/>' for x, y in points]
    return (
        f"<a:moveTo>{first}</a:moveTo>"
        + "".join(f"<a:lnTo>{p}</a:lnTo>" for p in rest)
        + ("<a:close/>" if closed else "")
    )


def _place(box: Box, flip: str = "", tag: str = "a:xfrm") -> str:
    return f"<{tag}{flip}><a:off {_off(box)}/><a:ext {_ext(box)}/></{tag}>"


def _off(box: Box) -> str:
    return f'x="{_emu(box.x)}" y="{_emu(box.y)}"'


def _ext(box: Box) -> str:
    return f'cx="{max(_emu(box.w), 0)}" cy="{max(_emu(box.h), 0)}"'


def _emu(points: float) -> int:
    return round(points * EMU)


def _name(name: str, number: int) -> str:
    return quoteattr(f"{clean(name)} {number}")


def _end(size: float) -> str:
    return f'<a:endParaRPr sz="{round(size * 100)}" dirty="0"/>'
