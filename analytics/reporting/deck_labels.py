"""Where the words of a chart stand: ticks, titles of axes, notes, and texts beside points, each in a measured box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analytics.reporting.deck_axes import Axis
from analytics.reporting.deck_figure import Drawing, Panel, Trace, known
from analytics.reporting.deck_shapes import Box, Point, Text
from analytics.reporting.deck_words import SMALLEST, Run, lines_of, plain, width, wrapped

GAP = 4.0
PICTURE_WIDTH = 1250.0  # pixels for which figures without axes are made
FAR = 20.0  # a note further from its place than so many pixels keeps its distance to what has grown
TICK = "tick"  # drawn by the chart itself
WORD = "word"  # drawn as text, and moved where it would lie on another
FIXED = "fixed"  # drawn as text just here


@dataclass(frozen=True)
class Label:
    """Words at a place. kind: TICK, WORD or FIXED. pointer: from where to where a line leads to what is meant.
    is_backed: nothing may shine through, as it stands on lines.
    """

    box: Box
    text: Text
    kind: str
    pointer: tuple[Point, Point] | None = None
    is_backed: bool = False

    def moved(self, across: float, down: float) -> Label:
        """The same words elsewhere; the pointer's tip stays."""
        box = self.box._replace(x=self.box.x + across, y=self.box.y + down)
        tip = self.pointer
        return replace(
            self, box=box, pointer=((tip[0][0] + across, tip[0][1] + down), tip[1]) if tip else None
        )


@dataclass(frozen=True)
class Spot:
    """A panel in its place: the rectangle between its axes."""

    panel: Panel
    rect: Box

    def at(self, x: object, y: object) -> Point:
        """Where a value stands on the slide."""
        return self.across(self.panel.x.share(x)), self.down(self.panel.y.share(y))

    def across(self, share: float) -> float:
        """From the left."""
        return self.rect.x + share * self.rect.w

    def down(self, share: float) -> float:
        """From the bottom."""
        return self.rect.bottom - share * self.rect.h


def labels_of(drawing: Drawing, spots: Sequence[Spot], paper: Box) -> list[Label]:
    """Every label of the figure but its title, for panels in these places; paper: what plotly calls so."""
    found: list[Label] = []
    scale = picture_scale(drawing, paper)
    for spot in spots:
        ticks = [*_ticks_below(spot), *_ticks_beside(spot)]
        found += [*ticks, *_titles(spot, ticks)]
        found += [label for trace in spot.panel.traces for label in _texts(spot, trace)]
    stretch = max(paper.h / max(drawing.height - 90, 100.0), 1.0)
    return found + [label for note in drawing.notes for label in _note(note, spots, paper, scale, stretch)]


def picture_scale(drawing: Drawing, paper: Box) -> float:
    """How much smaller than its own words a figure without axes is drawn; those with axes keep their size."""
    return min(1.0, paper.w / PICTURE_WIDTH) if drawing.is_picture else 1.0


def skip_of(axis: Axis, room: float) -> int:
    """Every how-manieth name of an axis of categories has room in a row of so many points in all."""
    slot = room / max(len(axis.categories), 1)
    names = [plain(text) for _place, text in axis.ticks] or [""]
    for skip in range(1, len(names) + 1):
        shown = names[::skip]
        if all(
            len(wrapped(name, axis.size, slot * skip - GAP)) <= 2
            and _longest(name, axis.size) <= slot * skip - GAP
            for name in shown
        ):
            return skip
    return max(len(names), 1)


def sized(pixels: float) -> float:
    """The size of text in points: as many as pixels, and never too small to read from the back of a room."""
    return max(SMALLEST, float(pixels))


def anchored(at: Point, extent: tuple[float, float], xanchor: str, yanchor: str) -> Box:
    """The box of this extent that has the point at its left, center or right and top, middle or bottom."""
    x = at[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[xanchor] * extent[0]
    y = at[1] - {"top": 0.0, "middle": 0.5, "bottom": 1.0}[yanchor] * extent[1]
    return Box(x, y, *extent)


def _longest(name: str, size: float) -> float:
    return max((width(word, size) for word in name.split()), default=0.0)


def _ticks_below(spot: Spot) -> Iterator[Label]:
    axis, rect = spot.panel.x, spot.rect
    if not axis.is_visible:
        return
    if axis.kind == "category":
        yield from _names_below(spot)
        return
    y, yanchor = (rect.y - GAP, "bottom") if axis.is_at_far_side else (rect.bottom + GAP, "top")
    kind = TICK if axis.number_format else FIXED
    for value, markup in axis.ticks:
        text = Text(lines_of(markup), axis.size, "center")
        yield Label(anchored((spot.across(axis.share(value)), y), text.extent, "center", yanchor), text, kind)


def _names_below(spot: Spot) -> Iterator[Label]:
    axis, rect = spot.panel.x, spot.rect
    skip = skip_of(axis, rect.w)
    slot = rect.w * skip / len(axis.categories) - GAP
    for place, markup in axis.ticks[::skip]:
        lines = [[Run(line)] for line in wrapped(plain(markup), axis.size, slot)]
        text = Text(lines, axis.size, "center")
        at = (spot.across(axis.share(place)), rect.bottom + GAP)
        yield Label(anchored(at, text.extent, "center", "top"), text, TICK)


def _ticks_beside(spot: Spot) -> Iterator[Label]:
    axis, rect = spot.panel.y, spot.rect
    if not axis.is_visible:
        return
    kind = TICK if axis.number_format or (axis.kind == "category" and spot.panel.of_kind("bar")) else FIXED
    for value, markup in axis.ticks:
        text = Text(lines_of(markup), axis.size, "right")
        at = (rect.x - 6, spot.down(axis.share(value)))
        yield Label(anchored(at, text.extent, "right", "middle"), text, kind)


def _titles(spot: Spot, ticks: Sequence[Label]) -> Iterator[Label]:
    """The titles of both axes, beyond their ticks."""
    rect, x, y = spot.rect, spot.panel.x, spot.panel.y
    if x.title:
        low = max([rect.bottom, *(t.box.bottom for t in ticks if t.box.y >= rect.bottom)])
        text = Text(_broken(x.title, x.title_size, max(rect.w, 260)), x.title_size, "center", turned=False)
        yield Label(anchored((rect.x + rect.w / 2, low + GAP), text.extent, "center", "top"), text, "x title")
    if y.title:
        left = min([rect.x, *(t.box.x for t in ticks if t.box.right <= rect.x)])
        text = Text(_broken(y.title, y.title_size, max(rect.h, 150)), y.title_size, "center", turned=True)
        yield Label(
            anchored((left - 2 * GAP, rect.y + rect.h / 2), text.extent, "right", "middle"), text, "y title"
        )


def _broken(markup: str, size: float, room: float) -> list[list[Run]]:
    """The markup's lines, those that are too long in several."""
    lines = []
    for line in lines_of(markup):
        words = "".join(run.text for run in line)
        lines += [[Run(part)] for part in wrapped(words, size, room)]
    return lines


def _texts(spot: Spot, trace: Trace) -> Iterator[Label]:
    """Texts beside points; those of bars are labels of the chart."""
    if trace.kind != "scatter" or "text" not in trace.mode:
        return
    size = sized((trace.spec.get("textfont") or {}).get("size", 13))
    marked = "markers" in trace.mode
    for n, markup in enumerate(trace.texts):
        if not (markup.strip() and known(trace.x[n]) and known(trace.y[n])):
            continue
        down, across = (trace.spots[n] or "middle right").split()
        gap = (trace.sizes[n] / 2 if marked else 0.0 if down == "middle" else GAP) + GAP
        x, y = spot.at(trace.x[n], trace.y[n])
        gap += 2.0 if down == "middle" and not marked else 0.0
        at = (
            x + {"left": -gap, "right": gap}.get(across, 0.0),
            y + {"top": -gap, "bottom": gap}.get(down, 0.0),
        )
        anchor = {"left": "right", "right": "left"}.get(across, "center")
        text = Text(lines_of(markup), size, anchor)
        yield Label(anchored(at, text.extent, anchor, {"top": "bottom", "bottom": "top"}.get(down, "middle")), text, WORD,
                    is_backed=spot.panel.y.has_grid and not spot.panel.y.number_format)  # fmt: skip


def _note(note: dict, spots: Sequence[Spot], paper: Box, scale: float, stretch: float) -> Iterator[Label]:
    lines = lines_of(note.get("text") or "")
    if not any(lines):
        return
    font = note.get("font") or {}
    points = note.get("showarrow", True) is not False
    tip = place(
        note.get("x", 0), note.get("y", 0), note.get("xref", "x"), note.get("yref", "y"), spots, paper
    )
    up = float(note.get("yshift") or 0)
    at = (tip[0] + float(note.get("xshift") or 0), tip[1] - up * (stretch if abs(up) > FAR else 1.0))
    if points:
        at = (at[0] + float(note.get("ax") or 0), at[1] + float(note.get("ay", -30)))
    xanchor, yanchor = _anchors(note, points)
    align = {"left": "left", "right": "right"}.get(xanchor, "center")
    align = str(note.get("align") or align) if len(lines) > 1 else align
    turned = abs(float(note.get("textangle") or 0)) == 90
    text = Text(lines, sized(scale * font.get("size", 13)), align, str(font.get("color") or ""), turned)
    box = anchored(at, text.extent, xanchor, yanchor)
    foot = (min(max(tip[0], box.x + 6), box.right - 6), box.bottom if box.y < tip[1] else box.y)
    yield Label(box, text, WORD, (foot, tip) if points else None)


def place(x: object, y: object, xref: str, yref: str, spots: Sequence[Spot], paper: Box) -> Point:
    """Where plotly's coordinates lead: in a panel, in a panel's own part of the paper, or on all of it."""
    spot = next((s for s in spots if s.panel.x_name == xref.split()[0]), spots[0])
    row = next((s for s in spots if s.panel.y_name == yref.split()[0]), spots[0])
    if xref == "paper":
        across = paper.x + float(x) * paper.w  # ty: ignore[invalid-argument-type]
    else:
        across = spot.across(float(x) if xref.endswith("domain") else spot.panel.x.share(x))  # ty: ignore[invalid-argument-type]
    if yref == "paper" or yref.endswith("domain"):
        return across, row.down(float(y))  # ty: ignore[invalid-argument-type]
    return across, row.down(row.panel.y.share(y))


def _anchors(note: dict, points: bool) -> tuple[str, str]:
    """Left, center or right, and top, middle or bottom, of what is written at the place."""
    found = []
    for way, names in (("x", ("left", "center", "right")), ("y", ("bottom", "middle", "top"))):
        said = note.get(f"{way}anchor", "auto")
        if said == "auto" and note.get(f"{way}ref") == "paper" and not points:
            value = float(note.get(way, 0))
            said = names[0] if value < 1 / 3 else names[2] if value > 2 / 3 else names[1]
        found.append(names[1] if said == "auto" else said)
    return found[0], found[1]


def apart(labels: Sequence[Label], inside: Box) -> list[Label]:
    """The labels, those that are words moved up or down until none lies on another, all inside the box."""
    found = [_inside(label, inside) for label in labels]
    for _round in range(40):
        clashes = [
            (i, j) for i in range(len(found)) for j in range(i + 1, len(found))
            if found[i].box.overlaps(found[j].box, 3.0, 0.6) and WORD in (found[i].kind, found[j].kind)
        ]  # fmt: skip
        if not clashes:
            break
        for i, j in clashes:
            upper, lower = sorted((i, j), key=lambda n: (found[n].box.y + found[n].box.h / 2, n))
            overlap = found[upper].box.bottom - found[lower].box.y
            free = [n for n in (upper, lower) if found[n].kind == WORD]
            for n in free:
                way = -1 if n == upper else 1
                found[n] = _inside(found[n].moved(0, way * (overlap / len(free) + 0.3)), inside)
    return found


def _inside(label: Label, inside: Box) -> Label:
    box = label.box
    across = max(inside.x - box.x, 0) or min(inside.right - box.right, 0)
    down = max(inside.y - box.y, 0) or min(inside.bottom - box.bottom, 0)
    return label.moved(across, down) if across or down else label
