"""A figure on a slide: native charts with the words, lines and areas around them, all in one group.

A figure without axes (funnels, trees) is drawn of shapes; one of cells becomes a table, elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml

from analytics.reporting.deck_colors import GRID, NEUTRAL, PAPER, Color, color_of, stroke
from analytics.reporting.deck_figure import Drawing, Trace, known
from analytics.reporting.deck_labels import TICK, Label, Spot, place
from analytics.reporting.deck_layout import Plan, is_of_categories, planned
from analytics.reporting.deck_native import framed, native_chart
from analytics.reporting.deck_shapes import (
    Box,
    Numbers,
    Point,
    chart_frame,
    group,
    line,
    mark,
    outline,
    rectangle,
    text_box,
)
from analytics.reporting.deck_words import plain

WRITTEN_BY_CHART = {TICK, "x title", "y title"}
LEAST_MARK = 4.0  # points: smaller marks are not seen


def add_chart(slide: Any, drawing: Drawing, room: Box, name: str, numbers: Numbers) -> Box:
    """Puts the figure into the room on a slide of python-pptx; the box that it covers."""
    plan = planned(drawing, room)
    said = plain(drawing.title) or name
    shapes = list(_beneath(drawing, plan, numbers))
    boxes = []
    if drawing.is_picture:
        shapes += [
            shape
            for spot in plan.spots
            for trace in spot.panel.traces
            for shape in _marks(trace, spot, numbers)
        ]
    else:
        for place_, spot in enumerate(plan.spots, 1):
            mine = _labels_of(spot, plan) if len(plan.spots) > 1 else plan.labels
            frame = framed(spot, mine, plan.room)
            boxes.append(frame)
            title = name if len(plan.spots) == 1 else f"{name} {place_}"
            shapes.append(_native(slide, spot, mine, frame, title, said, numbers))
        shapes += _above(drawing, plan, numbers)
    drawn = [label for label in plan.labels if label.kind not in WRITTEN_BY_CHART or drawing.is_picture]
    shapes += [shape for label in drawn for shape in _words(label, numbers)]
    covered = plan.spots[0].rect.around(
        [*boxes, *(label.box for label in drawn), *(s.rect for s in plan.spots)]
    )
    slide.shapes._spTree.append(parse_xml(group(numbers.next(), covered, shapes, name, said)))
    return covered


def _native(
    slide: Any, spot: Spot, labels: Sequence[Label], frame: Box, name: str, said: str, numbers: Numbers
) -> str:
    chart = native_chart(spot, labels, frame)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if is_of_categories(spot.panel) else XL_CHART_TYPE.XY_SCATTER
    return chart_frame(numbers.next(), frame, slide.part.add_chart_part(kind, chart), name, said)


def _labels_of(spot: Spot, plan: Plan) -> list[Label]:
    """Of several panels' labels, those that this one's chart writes: they stand straight below or beside it."""
    rect = spot.rect
    others = [other.rect.right for other in plan.spots if other.rect.right <= rect.x]
    left = max(others, default=plan.room.x)
    found = []
    for label in plan.labels:
        middle = label.box.x + label.box.w / 2
        if label.kind in WRITTEN_BY_CHART and left <= middle <= rect.right + 12:
            found.append(label)
    return found


def _words(label: Label, numbers: Numbers) -> Iterator[str]:
    if label.pointer:
        yield line(numbers.next(), *label.pointer, stroke(color_of(NEUTRAL), 1), "Pointer")
    name = "Title" if label.kind == "title" else "Label"
    yield text_box(numbers.next(), label.box, label.text, name, Color(PAPER) if label.is_backed else None)


def _beneath(drawing: Drawing, plan: Plan, numbers: Numbers) -> Iterator[str]:
    """What lies under the charts: areas, and the grid where ticks are words."""
    for spot in plan.spots:
        if not drawing.is_picture:
            yield from _grid(spot, numbers)
        for trace in spot.panel.traces:
            if trace.is_area and (points := _points(trace, spot)):
                yield outline(
                    numbers.next(), points, color_of(trace.spec.get("fillcolor")), stroke(None), "Band"
                )
    for shape in drawing.shapes:
        if drawing.is_picture or shape.get("type") != "line":
            yield from _shape(shape, plan, numbers)


def _above(drawing: Drawing, plan: Plan, numbers: Numbers) -> Iterator[str]:
    """Lines across the charts, over their grid."""
    for shape in drawing.shapes:
        if shape.get("type") == "line":
            yield from _shape(shape, plan, numbers)


def _grid(spot: Spot, numbers: Numbers) -> Iterator[str]:
    look = stroke(Color(GRID), 0.75)
    x, y = spot.panel.x, spot.panel.y
    if x.has_grid and not x.number_format and x.kind != "category":
        for value, _text in x.ticks:
            at = spot.across(x.share(value))
            yield line(numbers.next(), (at, spot.rect.y), (at, spot.rect.bottom), look, "Grid")
    if y.has_grid and not y.number_format and y.kind != "category":
        for value, _text in y.ticks:
            at = spot.down(y.share(value))
            yield line(numbers.next(), (spot.rect.x, at), (spot.rect.right, at), look, "Grid")


def _shape(shape: dict, plan: Plan, numbers: Numbers) -> Iterator[str]:
    edge = shape.get("line") or {}
    look = stroke(color_of(edge.get("color")), float(edge.get("width", 2)), str(edge.get("dash") or "solid"))
    color = color_of(shape["fillcolor"], float(shape.get("opacity", 1.0))) if shape.get("fillcolor") else None
    x_name, y_name = shape.get("xref", "x"), shape.get("yref", "y")
    if shape.get("type") == "path":
        points = [place(x, y, x_name, y_name, plan.spots, plan.paper) for x, y in _steps(shape["path"])]
        yield outline(numbers.next(), [points], color, look, "Outline")
        return
    begin = place(shape["x0"], shape["y0"], x_name, y_name, plan.spots, plan.paper)
    end = place(shape["x1"], shape["y1"], x_name, y_name, plan.spots, plan.paper)
    if shape.get("type") == "line":
        if ends := _clipped(begin, end, plan.room):
            yield line(numbers.next(), *ends, look, "Line")
        return
    box = _inside(begin, end, plan)
    yield rectangle(numbers.next(), box, color, look if edge.get("width", 1) else "", "Area")


def _inside(begin: Point, end: Point, plan: Plan) -> Box:
    """The rectangle between two corners, as far as it lies between the axes."""
    room = plan.spots[0].rect.around([spot.rect for spot in plan.spots])
    left, right = (min(max(x, room.x), room.right) for x in sorted((begin[0], end[0])))
    top, low = (min(max(y, room.y), room.bottom) for y in sorted((begin[1], end[1])))
    return Box(left, top, right - left, low - top)


def _clipped(begin: Point, end: Point, room: Box) -> tuple[Point, Point] | None:
    """The part of a line inside the room (Liang and Barsky 1984)."""
    low, high = 0.0, 1.0
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    for step, gap in (
        (-dx, begin[0] - room.x),
        (dx, room.right - begin[0]),
        (-dy, begin[1] - room.y),
        (dy, room.bottom - begin[1]),
    ):
        if step == 0:
            if gap < 0:
                return None
        elif step < 0:
            low = max(low, gap / step)
        else:
            high = min(high, gap / step)
    if low > high:
        return None
    return (begin[0] + low * dx, begin[1] + low * dy), (begin[0] + high * dx, begin[1] + high * dy)


def _steps(path: str) -> list[Point]:
    """The corners of a path of straight lines."""
    numbers = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _points(trace: Trace, spot: Spot) -> list[list[Point]]:
    """A trace's points, in strokes between its gaps."""
    pairs = list(zip(trace.x, trace.y, strict=True))
    strokes = [
        list(part)
        for is_known, part in groupby(pairs, lambda pair: known(pair[0]) and known(pair[1]))
        if is_known
    ]
    return [[spot.at(x, y) for x, y in part] for part in strokes if len(part) > 1]


def _marks(trace: Trace, spot: Spot, numbers: Numbers) -> Iterator[str]:
    """A trace of a picture: its lines as one shape, its marks each for itself."""
    if "lines" in trace.mode and not trace.is_area and (strokes := _points(trace, spot)):
        look = stroke(trace.color, float(trace.line.get("width", 2)), str(trace.line.get("dash") or "solid"))
        yield outline(numbers.next(), strokes, None, look, "Branches")
    if "markers" not in trace.mode:
        return
    for x, y, symbol, size, color in zip(
        trace.x, trace.y, trace.symbols, trace.sizes, trace.colors, strict=True
    ):
        if known(x) and known(y) and color.alpha > 0 and size > 0:
            yield mark(numbers.next(), spot.at(x, y), symbol, max(size, LEAST_MARK), color)
