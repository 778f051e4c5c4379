"""Where a chart's panels stand in the room that a slide has for it: as large as its words leave room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from analytics.reporting.deck_axes import Axis
from analytics.reporting.deck_figure import Drawing, Panel, Trace
from analytics.reporting.deck_labels import Label, Spot, apart, labels_of
from analytics.reporting.deck_shapes import Box, Text
from analytics.reporting.deck_words import LINE, Run, lines_of, plain, wrapped

TITLE_SIZE = 15.0
STRETCH = 1.5  # a chart is drawn at most so many times higher than it was made for
ROUNDS = 4
FOOT, SIDE = 11.0, 5.0  # points free below and beside the titles of axes
LEAST = 0.25  # of the room in each direction remains between the axes, whatever the words need


@dataclass(frozen=True)
class Plan:
    """A figure in its place: its panels between their axes, every label, and the room that all of it takes."""

    spots: tuple[Spot, ...]
    labels: tuple[Label, ...]
    room: Box
    paper: Box


def planned(drawing: Drawing, room: Box) -> Plan:
    """The figure as large as the room allows; room: for everything, its title included."""
    title = title_of(drawing, room)
    head = title.box.h + 6 if title else 0.0
    height = min(room.h - head, STRETCH * drawing.height)
    foot = max((_foot(panel.x) for panel in drawing.panels), default=0.0)
    height -= foot
    side = 0.0 if drawing.is_picture else SIDE
    inner = Box(room.x + side, room.y + head, room.w - side, height)
    panels = _beside_one_another([_categorised(panel) for panel in drawing.panels])
    drawing = replace(drawing, panels=tuple(panels))
    margins = [0.0] * 4 if drawing.is_picture else [4.0, 6.0, 8.0, 4.0]  # left, top, right, bottom
    for _round in range(ROUNDS):
        paper = _paper(inner, margins)
        spots = _spots(panels, paper)
        labels = labels_of(drawing, spots, paper)
        beyond = _beyond(labels, inner)
        if max(beyond) < 0.5:
            break
        margins = [margin + more for margin, more in zip(margins, beyond, strict=True)]
    paper = _paper(inner, margins)
    spots = _spots(panels, paper)
    labels = apart(labels_of(drawing, spots, paper), inner)
    return Plan(
        tuple(spots),
        (*([title] if title else []), *labels),
        Box(room.x, room.y, room.w, head + height + foot),
        paper,
    )


def title_of(drawing: Drawing, room: Box) -> Label | None:
    """The figure's title, at the top of the room."""
    words = plain(drawing.title)
    if not words:
        return None
    lines = [[Run(line, bold=True)] for line in wrapped(words, TITLE_SIZE, room.w - 4, bold=True)]
    return Label(
        Box(room.x, room.y, room.w, len(lines) * TITLE_SIZE * LINE), Text(lines, TITLE_SIZE), "title"
    )


def is_of_categories(panel: Panel) -> bool:
    """Whether a native chart with categories shows it: bars from 0 or from one another, or lines over names."""
    bars = panel.of_kind("bar")
    marks = [trace for trace in panel.of_kind("scatter") if not (trace.is_text_only or trace.is_area)]
    if not bars:
        return (
            panel.x.kind == "category" and panel.y.kind == "linear" and _fit(marks, set(panel.x.categories))
        )
    across = bars[0].is_across
    value = panel.x if across else panel.y
    if value.kind != "linear" or (any(bar.base for bar in bars) and not _stacks(panel)):
        return False
    return not marks if across else _fit(marks, {x for bar in bars for x in bar.x})


def _fit(marks: Sequence[Trace], names: set[Any]) -> bool:
    """Whether every trace has at most one point for each name, and none elsewhere."""
    return all(set(trace.x) <= names and len(set(trace.x)) == len(trace.x) for trace in marks)


def _foot(axis: Axis) -> float:
    """What is left free below the title of an x axis: LibreOffice shrinks a chart whose title comes near its edge, and
    sets Korean letters with more room than has been measured.
    """
    if not axis.title:
        return 0.0
    lines = lines_of(axis.title)
    return FOOT + (0.0 if plain(axis.title).isascii() else len(lines) * axis.title_size * 0.8)


def _beside_one_another(panels: list[Panel]) -> list[Panel]:
    """The panels; of those that share a y axis, only the first writes its ticks."""
    seen: set[str] = set()
    found = []
    for panel in panels:
        shown = replace(panel.y, is_visible=panel.y.is_visible and panel.y_name not in seen)
        found.append(replace(panel, y=shown))
        seen.add(panel.y_name)
    return found


def _stacks(panel: Panel) -> bool:
    """Whether bars that begin elsewhere begin where another of the same name ends."""
    ends: dict[object, list[tuple[float, float]]] = {}
    for bar in panel.of_kind("bar"):
        names, values = (bar.y, bar.x) if bar.is_across else (bar.x, bar.y)
        begins = bar.base or (0.0,) * len(values)
        for name, begin, value in zip(names, begins, values, strict=True):
            ends.setdefault(name, []).append((begin, begin + value))
    for parts in ends.values():
        reached = 0.0
        for begin, end in sorted(parts):
            if abs(begin - reached) > 1e-6 * max(abs(end), 1e-9):
                return False
            reached = end
    return True


def _categorised(panel: Panel) -> Panel:
    """The panel with an axis of categories where a native chart needs one, also where plotly's has numbers."""
    if not is_of_categories(panel):
        return panel
    bars = panel.of_kind("bar")
    way = "y" if bars and bars[0].is_across else "x"
    axis: Axis = getattr(panel, way)
    if axis.kind == "category":
        return replace(panel, **{way: axis.as_categories()})
    places = sorted({value for bar in bars for value in getattr(bar, way)})
    names = {round(value, 9): text for value, text in axis.ticks}
    ticks = tuple(
        (place, names.get(round(place, 9), _number(place, axis.number_format, places))) for place in places
    )
    if (
        set(names) <= {round(place, 9) for place in places}
        and len(names) < len(places)
        and not axis.number_format
    ):
        ticks = tuple((place, names.get(round(place, 9), "")) for place in places)
    step = min((b - a for a, b in pairwise(places)), default=1.0)
    return replace(panel, **{way: replace(
        axis, kind="category", low=places[0] - step / 2, high=places[-1] + step / 2, categories=tuple(places), ticks=ticks,
        number_format="",
    )})  # fmt: skip


def _number(place: float, code: str, places: Sequence[float]) -> str:
    factor, sign = (100, "%") if code.endswith("%") else (1, "")
    decimals = next(
        (
            d
            for d in range(4)
            if all(abs(factor * p * 10**d - round(factor * p * 10**d)) < 1e-6 for p in places)
        ),
        4,
    )
    return f"{factor * place:,.{decimals}f}{sign}"


def _paper(inner: Box, margins: Sequence[float]) -> Box:
    left, top, right, bottom = margins
    across = min(1.0, (1 - LEAST) * inner.w / max(left + right, 1e-9))
    down = min(1.0, (1 - LEAST) * inner.h / max(top + bottom, 1e-9))
    return Box(
        inner.x + left * across,
        inner.y + top * down,
        inner.w - (left + right) * across,
        inner.h - (top + bottom) * down,
    )


def _spots(panels: Sequence[Panel], paper: Box) -> list[Spot]:
    return [
        Spot(panel, Box(paper.x + begin * paper.w, paper.y, (end - begin) * paper.w, paper.h))
        for panel in panels
        for begin, end in [panel.x_domain]
    ]


def _beyond(labels: Sequence[Label], inner: Box) -> list[float]:
    """How far labels reach beyond the room: left, top, right, bottom."""
    boxes = [label.box for label in labels]
    return [
        max([inner.x - min((box.x for box in boxes), default=inner.x), 0.0]),
        max([inner.y - min((box.y for box in boxes), default=inner.y), 0.0]),
        max([max((box.right for box in boxes), default=inner.right) - inner.right, 0.0]),
        max([max((box.bottom for box in boxes), default=inner.bottom) - inner.bottom, 0.0]),
    ]
