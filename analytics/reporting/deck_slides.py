"""The slides: title, one message with its chart or table, and words; every text is measured before it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from pptx.oxml import parse_xml

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.deck_charts import add_chart
from analytics.reporting.deck_colors import NEUTRAL, PALE, QUIET, Color, color_of
from analytics.reporting.deck_figure import Drawing
from analytics.reporting.deck_layout import title_of
from analytics.reporting.deck_shapes import (
    Box,
    Numbers,
    Text,
    flowing_text,
    plate,
    rectangle,
    runs,
    spacing,
    text_box,
)
from analytics.reporting.deck_tables import Grid, heat_grid, table_xml
from analytics.reporting.deck_theme import (
    ASKED,
    CHART,
    FOOTER,
    HEADLINE,
    LEFT,
    PAGE,
    QUESTION,
    ROOM,
    SAID,
    SLOT,
    SOURCE,
    TABLE,
    TITLE,
    WORDS,
    layout_called,
    page_field,
    placeholder,
)
from analytics.reporting.deck_words import LINE, Fit, Run, clean, fitted, width, wrapped

HEADLINE_SIZES = ((28, 2), (26, 2), (24, 2), (24, 3), (22, 3), (22, 4))
POINT_SIZES = (16, 15, 14, 13, 12)
BELOW_SIZES = (14, 13, 12)
SMALL = 12.0
BODY_END = 500.0
SIDE = 226.0  # width of the points beside a chart
AIR = 12.0
PICTURE_MORE = 16.0  # points that a picture reaches into the right margin


class Said(NamedTuple):
    """What stands on a slide around its chart. source: where it is from. remark: what is left out of the chart."""

    question: str
    headline: str
    badge: str = ""
    points: tuple[str, ...] = ()
    source: str = ""
    remark: str = ""


@dataclass
class Sheet:
    """A slide being made: shapes are numbered as they come."""

    slide: Any
    numbers: Numbers
    place: int

    @classmethod
    def new(cls, deck: Any, layout: str) -> Sheet:
        """An empty slide of a layout."""
        slide = deck.slides.add_slide(layout_called(deck, layout))
        tree = slide.shapes._spTree
        for shape in list(slide.shapes):
            tree.remove(shape._element)
        return cls(slide, Numbers(2), len(deck.slides))

    def add(self, xml: str) -> None:
        """One shape more, on top of the others."""
        self.slide.shapes._spTree.append(parse_xml(xml))

    def text(
        self, kind: str, index: int | None, box: Box | None, fit: Fit, *, bold=False, color="", anchor="t"
    ) -> None:
        """A placeholder with lines that have been measured: they are set as one paragraph, which wraps as measured."""
        line = runs([Run(" ".join(fit.lines), bold)], fit.size, color)
        look = f'<a:pPr eaLnBrk="0">{spacing(fit.size)}</a:pPr>'
        self.add(placeholder(self.numbers.next(), kind, index, box, f"<a:p>{look}{line}</a:p>", anchor))


def title_slide(deck: Any, title: str, lines: Sequence[str], source: str) -> Any:
    """The first slide."""
    sheet = Sheet.new(deck, TITLE)
    sheet.text(
        "ctrTitle",
        None,
        None,
        fitted(clean(title), 800, 168, (40, 36, 32, 28, 24), bold=True),
        bold=True,
        anchor="b",
    )
    inside = "".join(_title_line(line, is_first=not n) for n, line in enumerate(lines))
    sheet.add(placeholder(sheet.numbers.next(), "subTitle", 1, None, inside))
    _foot(sheet, source)
    return sheet.slide


def _title_line(line: str, is_first: bool) -> str:
    size = 20.0 if is_first else 16.0
    fit = fitted(clean(line), 800, size * LINE, (size,))
    look = f'<a:pPr eaLnBrk="0">{spacing(size)}<a:spcBef><a:spcPts val="400"/></a:spcBef></a:pPr>'
    return f"<a:p>{look}{runs([Run(fit.lines[0])], size, '' if is_first else QUIET)}</a:p>"


def chart_slide(deck: Any, said: Said, drawing: Drawing, name: str) -> Any:
    """A message with its chart, and what to read off it at the side, or below a wide one."""
    sheet = Sheet.new(deck, CHART)
    body = _head(sheet, said)
    if drawing.is_table:
        room, points = _divided(body, said.points, below=len(drawing.panels[0].traces[0].x) > 9)
        title = title_of(drawing, room)
        if title:
            sheet.add(text_box(sheet.numbers.next(), title.box, title.text, "Title"))
            room = room._replace(y=title.box.bottom + 6, h=room.bottom - title.box.bottom - 6)
        grid, rows, columns = heat_grid(drawing, room)
        at = Box(room.x, room.y, room.w, grid.height)
        sheet.add(table_xml(sheet.numbers.next(), at, grid, name, name))
        said = said._replace(remark=_left_out(rows, columns))
    else:
        wide = drawing.is_picture or len(drawing.panels) > 2
        room, points = _divided(body, said.points, below=wide)
        if drawing.is_picture:
            room = room._replace(w=room.w + PICTURE_MORE)
        add_chart(sheet.slide, drawing, room, name, sheet.numbers)
        if drawing.thinned:
            drawn, there = drawing.thinned[0]
            said = said._replace(
                remark=_("Of {there} points, {drawn} are drawn, evenly chosen.").format(
                    there=wording.number(there), drawn=wording.number(drawn)
                )
            )
    _points(sheet, said.points, points)
    _foot(sheet, said.source, said.remark)
    return sheet.slide


def table_slide(deck: Any, said: Said, grid: Grid, name: str) -> Any:
    """A message with a table."""
    sheet = Sheet.new(deck, TABLE)
    body = _head(sheet, said)
    room, points = _divided(body, said.points, below=True)
    sheet.add(table_xml(sheet.numbers.next(), Box(room.x, room.y, room.w, grid.height), grid, name, name))
    _points(sheet, said.points, points)
    _foot(sheet, said.source, said.remark)
    return sheet.slide


def words_slide(deck: Any, said: Said, size: float = 18) -> Any:
    """A message with sentences only."""
    sheet = Sheet.new(deck, WORDS)
    body = _head(sheet, said)
    sheet.add(placeholder(sheet.numbers.next(), "", SLOT, body, _bulleted(said.points, size)))
    _foot(sheet, said.source, said.remark)
    return sheet.slide


def body_of(said: Said) -> Box:
    """The room below the headline and what belongs to it."""
    fit = headline_fit(said.headline)
    top = HEADLINE.y + fit.height + AIR
    if said.badge and not _is_beside(said):
        top += 26
    return Box(LEFT, top, ROOM, BODY_END - top)


def pages_of_words(points: Sequence[str], size: float, room: Box) -> list[list[str]]:
    """Sentences in as many lots as their room asks for."""
    pages: list[list[str]] = [[]]
    used = 0.0
    for point in points:
        height = len(wrapped(clean(point), size, room.w - 18)) * size * LINE + size * 0.6
        if pages[-1] and used + height > room.h:
            pages.append([])
            used = 0.0
        pages[-1].append(point)
        used += height
    return pages


@lru_cache(maxsize=64)
def headline_fit(headline: str) -> Fit:
    """The headline in the largest size in which it is not too many lines; one without end is cut."""
    text = clean(headline)
    for size, most in HEADLINE_SIZES:
        lines = wrapped(text, size, ROOM - 2, bold=True)
        if len(lines) <= most and not (
            len(lines) > 1 and _is_widow(lines[-1], size) and size > HEADLINE_SIZES[-1][0]
        ):
            return Fit(size, tuple(lines))
    return fitted(text, ROOM - 2, HEADLINE_SIZES[-1][1] * 22 * LINE, (22,), bold=True)


def _is_widow(line: str, size: float) -> bool:
    """Whether a last line is so short that the headline would better do without it."""
    return width(line, size, bold=True) < 0.2 * ROOM


def _head(sheet: Sheet, said: Said) -> Box:
    """Headline, question and badge; gives back the room below."""
    fit = headline_fit(said.headline)
    sheet.text("title", None, HEADLINE._replace(h=fit.height), fit, bold=True)
    across = _badge_width(said.badge) if said.badge else 0.0
    beside = _is_beside(said)
    room = ROOM - across - 16 if said.badge and beside else ROOM
    sheet.text(
        "body",
        ASKED,
        QUESTION._replace(w=room),
        fitted(clean(said.question), room, 18, (14, 13, 12)),
        color=QUIET,
        anchor="ctr",
    )
    if said.badge:
        y = QUESTION.y if beside else HEADLINE.y + fit.height + 6
        _badge(sheet, said.badge, y, min(across, ROOM), beside)
    return body_of(said)


def _is_beside(said: Said) -> bool:
    """Whether the badge has room beside the question; else it stands below the headline."""
    return _badge_width(said.badge) + width(clean(said.question), 14) + 24 <= ROOM


def _badge_width(badge: str) -> float:
    return width(clean(badge), SMALL) * 1.03 + 20


def _badge(sheet: Sheet, badge: str, y: float, across: float, at_right: bool) -> None:
    """How well it is known, on a quiet plate."""
    line = fitted(clean(badge), across - 16, SMALL * LINE, (SMALL,)).lines[0]
    box = Box(LEFT + ROOM - across if at_right else LEFT, y, across, 20)
    text = Text([[Run(line)]], SMALL, "center", QUIET)
    sheet.add(plate(sheet.numbers.next(), box, text, Color(PALE), None, "Evidence"))


def _divided(body: Box, points: Sequence[str], below: bool) -> tuple[Box, Box]:
    """Room for the chart, and for what to read off it: at its side, or below."""
    if not points:
        return body, Box(body.x, body.bottom, 0, 0)
    if not below:
        return body._replace(w=body.w - SIDE - 24), Box(body.right - SIDE, body.y + 4, SIDE, body.h - 4)
    each = (body.w - 20 * (len(points) - 1)) / len(points)
    high = max(fitted(clean(point), each - 14, 70, BELOW_SIZES).height for point in points) + 8
    return body._replace(h=body.h - high - 6), Box(body.x, body.bottom - high, body.w, high)


def _points(sheet: Sheet, points: Sequence[str], room: Box) -> None:
    """What to read off the chart, beside a thin rule."""
    if not points:
        return
    if room.w > SIDE + 1:
        _points_below(sheet, points, room)
        return
    size, kept = _sized_points(points, room)
    high = min(_points_height(kept, size, room.w) - size * 0.6, room.h)
    _rule(sheet, Box(room.x - 12, room.y, 2.5, high))
    sheet.add(
        placeholder(
            sheet.numbers.next(), "body", SAID, room._replace(h=high), _bulleted(kept, size, bullet=False)
        )
    )


def _points_below(sheet: Sheet, points: Sequence[str], room: Box) -> None:
    """Side by side; only the first stands in the layout's own place."""
    each = (room.w - 20 * (len(points) - 1)) / len(points)
    for n, point in enumerate(points):
        fit = fitted(clean(point), each - 14, room.h - 4, BELOW_SIZES)
        box = Box(room.x + n * (each + 20) + 10, room.y + 4, each - 10, room.h - 4)
        _rule(sheet, Box(box.x - 10, box.y, 2.5, box.h))
        inside = _bulleted([" ".join(fit.lines)], fit.size, bullet=False)
        number = sheet.numbers.next()
        sheet.add(flowing_text(number, box, inside) if n else placeholder(number, "body", SAID, box, inside))


def _rule(sheet: Sheet, box: Box) -> None:
    sheet.add(rectangle(sheet.numbers.next(), box, color_of(NEUTRAL), name="Rule"))


def _points_height(points: Sequence[str], size: float, room: float) -> float:
    return sum(len(wrapped(point, size, room - 6)) * size * LINE + size * 0.6 for point in points)


def _sized_points(points: Sequence[str], room: Box) -> tuple[float, list[str]]:
    """The largest size in which all points fit; at the smallest, each has its part of the room."""
    texts = [clean(point) for point in points]
    for size in POINT_SIZES:
        if _points_height(texts, size, room.w) <= room.h:
            return size, texts
    share = room.h / len(texts) - SMALL
    return SMALL, [" ".join(fitted(text, room.w - 6, share, (SMALL,)).lines) for text in texts]


def _bulleted(points: Sequence[str], size: float, bullet: bool = True) -> str:
    mark = '<a:buClr><a:schemeClr val="accent4"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>' if bullet else "<a:buNone/>"  # fmt: skip
    look = 'marL="203200" indent="-203200"' if bullet else 'marL="0" indent="0"'
    return "".join(
        f'<a:p><a:pPr {look} eaLnBrk="0">{spacing(size)}<a:spcAft><a:spcPts val="{round(size * 60)}"/></a:spcAft>{mark}</a:pPr>{runs([Run(clean(point))], size)}</a:p>'
        for point in points
    )


def _foot(sheet: Sheet, source: str, remark: str = "") -> None:
    text = " ".join(part for part in (remark, source) if part)
    sheet.text(
        "ftr",
        SOURCE,
        None,
        fitted(clean(text), FOOTER.w - 4, SMALL * LINE, (SMALL,)),
        color=QUIET,
        anchor="ctr",
    )
    number = f'<a:p><a:pPr algn="r"/>{page_field(str(sheet.place))}</a:p>'
    sheet.add(placeholder(sheet.numbers.next(), "sldNum", PAGE, None, number, "ctr"))


def _left_out(rows: int, columns: int) -> str:
    parts = [
        _("{n} more rows").format(n=wording.number(rows)) if rows else "",
        _("{n} more columns").format(n=wording.number(columns)) if columns else "",
    ]
    said = ", ".join(part for part in parts if part)
    return _("Not shown: {what}.").format(what=said) if said else ""
