"""A plotly figure as plain numbers: its panels, their traces and axes, its notes and shapes."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from analytics.reporting.deck_axes import Axis, axis_of
from analytics.reporting.deck_colors import NEUTRAL, Color, color_of
from analytics.reporting.roles import ROLES

MOST_POINTS = 2000


@dataclass(frozen=True)
class Errors:
    """How far intervals reach up and down from each point; thickness in points."""

    plus: tuple[float, ...]
    minus: tuple[float, ...]
    color: Color
    thickness: float


@dataclass(frozen=True)
class Trace:
    """One trace. kind: bar, scatter or heatmap. colors, symbols and sizes: of its marks, one for each point.

    base: where bars begin. texts: markup beside each point; spots: where beside it.
    """

    kind: str
    mode: str
    x: tuple[Any, ...]
    y: tuple[Any, ...]
    spec: dict
    colors: tuple[Color, ...] = ()
    symbols: tuple[str, ...] = ()
    sizes: tuple[float, ...] = ()
    base: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    spots: tuple[str, ...] = ()
    error_x: Errors | None = None
    error_y: Errors | None = None
    left_out: int = 0

    @property
    def is_across(self) -> bool:
        """Whether its bars lie."""
        return self.spec.get("orientation") == "h"

    @property
    def is_text_only(self) -> bool:
        """Whether it shows nothing but text."""
        return self.kind == "scatter" and self.mode == "text"

    @property
    def is_area(self) -> bool:
        """Whether it fills an outline."""
        return self.kind == "scatter" and self.spec.get("fill") == "toself"

    @property
    def line(self) -> dict:
        """Its line, as plotly describes it."""
        return self.spec.get("line") or {}

    @property
    def color(self) -> Color:
        """The colour of its line, or of its first mark."""
        if "lines" in self.mode and self.line.get("color"):
            return color_of(self.line["color"], float(self.spec.get("opacity", 1.0)))
        return self.colors[0] if self.colors else color_of(None)


@dataclass(frozen=True)
class Panel:
    """Traces on one pair of axes; x_domain: which part of the figure's width is theirs. bar_mode, bar_gap: how bars of
    one name stand to each other, and which part of their room is left free.
    """

    traces: tuple[Trace, ...]
    x: Axis
    y: Axis
    x_name: str = "x"
    y_name: str = "y"
    x_domain: tuple[float, float] = (0.0, 1.0)
    bar_mode: str = "group"
    bar_gap: float = 0.2

    def of_kind(self, kind: str) -> list[Trace]:
        """Its traces of this kind."""
        return [trace for trace in self.traces if trace.kind == kind]


@dataclass(frozen=True)
class Drawing:
    """A figure, taken apart. height: in the pixels it was made for."""

    title: str
    height: float
    panels: tuple[Panel, ...]
    notes: tuple[dict, ...]
    shapes: tuple[dict, ...]
    layout: dict = field(default_factory=dict)

    @property
    def is_table(self) -> bool:
        """Whether it shows numbers in cells."""
        return any(panel.of_kind("heatmap") for panel in self.panels)

    @property
    def is_picture(self) -> bool:
        """Whether it has no axes, so that only shapes can show it."""
        return all(
            self.layout.get(f"{way}axis{panel_name[1:]}", {}).get("visible", True) is False
            for panel in self.panels
            for way, panel_name in (("x", panel.x_name), ("y", panel.y_name))
        )

    @property
    def thinned(self) -> tuple[tuple[int, int], ...]:
        """(points drawn, points there are) of traces with more points than a chart of PowerPoint should hold."""
        traces = [trace for panel in self.panels for trace in panel.traces]
        return tuple((len(trace.x), len(trace.x) + trace.left_out) for trace in traces if trace.left_out)


def drawing_of(figure: Any) -> Drawing:
    """The figure's parts, with arrays as tuples. Hover texts are not among them."""
    found = _decoded(figure if isinstance(figure, dict) else figure.to_plotly_json())
    layout = found.get("layout", {})
    traces: dict[tuple[str, str], list[Trace]] = {}
    for spec in found.get("data", ()):
        if spec.get("visible", True) is True:
            pair = (spec.get("xaxis", "x"), spec.get("yaxis", "y"))
            traces.setdefault(pair, []).append(_trace(spec))
    traces = traces or {("x", "y"): []}
    shared = {
        name: [t for pair, ts in traces.items() for t in ts if name in pair]
        for pair in traces
        for name in pair
    }
    panels = [_panel(pair, mine, shared, layout) for pair, mine in traces.items()]
    title = layout.get("title") or {}
    return Drawing(
        str(title.get("text") or ""), float(layout.get("height") or 320), tuple(panels),
        tuple(layout.get("annotations") or ()), tuple(layout.get("shapes") or ()), layout,
    )  # fmt: skip


def known(value: Any) -> bool:
    """Whether a value can be drawn."""
    return isinstance(value, str | date) or (value is not None and math.isfinite(float(value)))


def series_name(trace: Trace, place: int) -> str:
    """What a trace is called in the chart's data sheet: its name, its role by colour, or its place."""
    roles = {role.color: role.label for name, role in ROLES.items() if name != "neutral"}
    return str(trace.spec.get("name") or roles.get(trace.color.hex) or "") or f"{place}"


def _panel(pair: tuple[str, str], mine: list[Trace], shared: dict[str, list[Trace]], layout: dict) -> Panel:
    specs = [layout.get(f"{name[0]}axis{name[1:]}", {}) for name in pair]
    piles = layout.get("barmode") in {"stack", "relative"}
    x, y = (_axis(spec, shared[name], way, piles) for spec, name, way in zip(specs, pair, "xy", strict=True))
    domain = specs[0].get("domain") or (0.0, 1.0)
    bars = (str(layout.get("barmode") or "group"), float(layout.get("bargap") or 0.2))
    return Panel(tuple(mine), x, y, *pair, (float(domain[0]), float(domain[1])), *bars)


def _axis(spec: dict, traces: list[Trace], way: str, piles: bool) -> Axis:
    bars = [trace for trace in traces if trace.kind == "bar" and trace.is_across == (way == "x")]
    values = [value for trace in traces for value in _values(trace, way)] + (
        _piled(bars, way) if piles else []
    )
    marks = any("markers" in trace.mode or trace.texts for trace in traces)
    return axis_of(spec, values, is_bar_end=bool(bars), with_marks=marks, about=6 if way == "x" else 5)


def _piled(bars: list[Trace], way: str) -> list[Any]:
    """How far bars of one name reach together, up and down."""
    sums: dict[tuple[Any, bool], float] = {}
    for bar in bars:
        for name, value in zip(bar.y if way == "x" else bar.x, getattr(bar, way), strict=True):
            if known(value):
                sums[name, value >= 0] = sums.get((name, value >= 0), 0.0) + value
    return list(sums.values())


def _values(trace: Trace, way: str) -> list[Any]:
    """Every value on one axis, ends of bars and intervals included."""
    found = [value for value in getattr(trace, way) if known(value)]
    if trace.kind == "bar" and trace.base and trace.is_across == (way == "x"):
        found = [b + v for b, v in zip(trace.base, found, strict=True)] + list(trace.base)
    errors: Errors | None = getattr(trace, f"error_{way}")
    if errors:
        points = zip(getattr(trace, way), errors.plus, errors.minus, strict=False)
        found += [
            end
            for v, up, down in points
            if known(v) and not isinstance(v, str | date)
            for end in (v + up, v - down)
        ]
    return found


def _trace(spec: dict) -> Trace:
    kind = spec.get("type", "scatter")
    x, y = tuple(spec.get("x", ())), tuple(spec.get("y", ()))
    if kind == "heatmap":
        return Trace(kind, "", x, y, spec)
    count = min(len(x), len(y))
    kept = _kept(count)
    pick = lambda values: tuple(values[place] for place in kept)  # noqa: E731, one choice for every part
    marker = spec.get("marker") or {}
    line = spec.get("line") or {}
    opacity = float(spec.get("opacity", 1.0)) * float(marker.get("opacity", 1.0))
    look = marker.get("color") or line.get("color") or NEUTRAL
    colors = [color_of(color, opacity) for color in _each(look, count)]
    return Trace(
        kind, str(spec.get("mode") or ("lines" if kind == "scatter" else "")), pick(x), pick(y), spec,
        pick(colors), pick([str(s or "circle") for s in _each(marker.get("symbol"), count)]),
        pick([float(s if s is not None else 7) for s in _each(marker.get("size"), count)]),
        pick([float(b) for b in _each(spec["base"], count)]) if spec.get("base") is not None else (),
        pick([str(t or "") for t in _each(spec.get("text"), count)]) if spec.get("text") is not None else (),
        pick([str(t or "") for t in _each(spec.get("textposition"), count)]),
        _errors(spec.get("error_x"), kept, count), _errors(spec.get("error_y"), kept, count), count - len(kept),
    )  # fmt: skip


def _kept(count: int) -> Sequence[int]:
    """Which of so many points are drawn: all, or evenly as many as PowerPoint should hold, both ends among them."""
    if count <= MOST_POINTS:
        return range(count)
    return [round(n * (count - 1) / (MOST_POINTS - 1)) for n in range(MOST_POINTS)]


def _errors(spec: dict | None, kept: Iterable[int], count: int) -> Errors | None:
    if not spec or spec.get("visible") is False or spec.get("array") is None:
        return None
    reach = [_number(value) for value in _each(spec["array"], count)]
    down = (
        [_number(value) for value in _each(spec["arrayminus"], count)]
        if spec.get("arrayminus") is not None
        else reach
    )
    plus, minus = tuple(reach[n] for n in kept), tuple(down[n] for n in kept)
    if not any(plus) and not any(minus):
        return None
    return Errors(plus, minus, color_of(spec.get("color")), float(spec.get("thickness", 2)))


def _number(value: Any) -> float:
    return float(value) if value is not None and math.isfinite(float(value)) else 0.0


def _each(value: Any, count: int) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] * count


def _decoded(value: Any) -> Any:
    """Arrays as lists of Python's own numbers and days."""
    if isinstance(value, dict):
        if "bdata" in value:
            array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
            shape = [int(part) for part in str(value.get("shape", array.size)).split(",")]
            return array.reshape(shape).tolist()
        return {
            key: _decoded(part) for key, part in value.items() if key not in {"customdata", "hovertemplate"}
        }
    if isinstance(value, np.ndarray):
        return _decoded(value.tolist())
    if isinstance(value, list | tuple):
        return [_decoded(part) for part in value]
    if isinstance(value, datetime):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value
