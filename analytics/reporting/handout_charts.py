"""Charts in the hand-out: what plotly.js needs to draw them, as light as possible, and what is read aloud instead.

Colours of text, grid and background are the page's, so that light, dark and paper work; a chart's title stands above it
as text, where it can wrap.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analytics.language import gettext as _
from analytics.reporting.alternative import is_crowded
from analytics.reporting.deck_words import clean, plain
from analytics.reporting.frozen import figure_to_plain

if TYPE_CHECKING:
    from analytics.reporting.charts import Figure
    from analytics.reporting.slides import Slide

TITLE_HEIGHT, LEAST_TOP = 30, 10
CROWDED, MANY_CELLS = 40, 6  # notes within one picture, cells in a row
UNJOINED = ("markers", "text", "markers+text")  # modes whose points no line joins
GRID = "rgba(123,135,148,0.28)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans KR', sans-serif"
_AXIS = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GRID, "tickcolor": GRID}
LOOK = {
    "layout": {
        "font": {"family": FONT}, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": _AXIS, "yaxis": _AXIS, "colorway": ["#0072b2", "#d55e00", "#009e73", "#7b8794"],
        "hoverlabel": {"font": {"family": FONT}, "align": "left"},
    }
}  # fmt: skip


def title(figure: Figure) -> str:
    """The chart's title in plain words."""
    return plain(figure.layout.title.text or "")


def kind(figure: Figure) -> str:
    """The classes of the chart's place: crowded where so much is written in it that even paper is too narrow as it is,
    wordy where a phone is.
    """
    if _is_packed(figure):
        return "chart crowded"
    return "chart wordy" if is_crowded(figure) else "chart"


def _is_packed(figure: Figure) -> bool:
    if len(figure.layout.annotations) > CROWDED:
        return True
    heats = any(trace.type == "heatmap" for trace in figure.data)
    plain_traces = figure_to_plain(figure, hover=False)["data"] if heats else []
    return any(len(row) > MANY_CELLS for trace in plain_traces for row in trace.get("z", ())[:1])


def spoken(slide: Slide) -> str:
    """What stands for the chart where it cannot be seen."""
    parts = [title(slide.figure) if slide.figure is not None else slide.name, slide.headline, *slide.points]
    text = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    return _("Chart: {text}").format(text=clean(text)) + " " + _("Its numbers are in the table below.")


def drawing(figure: Figure, most_points: int) -> str:
    """The figure as JSON of ASCII letters that is safe within a page: {"data", "layout"}, thinned to so many points."""
    made = figure_to_plain(figure)
    data = [_thinned(trace, most_points) for trace in made["data"]]
    layout = {
        name: value for name, value in made["layout"].items() if name not in ("title", "template", "meta")
    }
    top = layout.get("margin", {}).get("t", 44)
    kept = max(top - TITLE_HEIGHT, LEAST_TOP)
    layout["margin"] = {**layout.get("margin", {}), "t": kept}
    layout["height"] = layout.get("height", 320) - (top - kept)
    return for_page({"data": data, "layout": layout})


def for_page(value: Any) -> str:
    """JSON in which no letter means anything to a page's reader: no <, >, &, and nothing beyond ASCII."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _thinned(trace: dict[str, Any], most: int) -> dict[str, Any]:
    """The trace with every n-th of its points, where they are too many."""
    size = max((len(trace[axis]) for axis in ("x", "y") if isinstance(trace.get(axis), list)), default=0)
    step = -(-size // most)
    return _only(trace, size, _places(trace, size, step)) if step > 1 and "z" not in trace else trace


def _places(trace: dict[str, Any], size: int, step: int) -> list[int]:
    """Which points stay: of a line with gaps its gaps and the ends of its parts too, so that it joins nothing apart."""
    axes = [trace[axis] for axis in ("x", "y") if isinstance(trace.get(axis), list)]
    gaps = {n for values in axes for n, value in enumerate(values) if value is None}
    if not gaps or trace.get("mode") in UNJOINED:
        return list(range(0, size, step))
    kept, begun = [], 0
    for n in range(size):
        begun = n + 1 if n in gaps else begun
        if n in gaps or (n - begun) % step == 0 or n + 1 in gaps or n + 1 == size:
            kept.append(n)
    return kept


def _only(value: Any, size: int, places: list[int]) -> Any:
    if isinstance(value, dict):
        return {name: _only(part, size, places) for name, part in value.items()}
    return [value[n] for n in places] if isinstance(value, list) and len(value) == size else value
