"""The series of native charts: their marks, lines, intervals and labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.language import gettext as _
from analytics.reporting.deck_axes import Axis
from analytics.reporting.deck_colors import PAPER, Color, color_of, fill, stroke
from analytics.reporting.deck_figure import Errors, Trace, known, series_name
from analytics.reporting.deck_shapes import Text, paragraphs
from analytics.reporting.deck_sheet import Sheet, numbers, words
from analytics.reporting.deck_words import lines_of, plain

SYMBOLS = {
    "circle": "circle", "diamond": "diamond", "square": "square", "triangle-up": "triangle", "x": "x", "star": "star",
    "line-ew": "dash", "cross": "plus",
}  # fmt: skip
STROKES = {"x", "star", "cross", "line-ew"}  # symbols that are lines
STANDING = "line-ns"  # a mark that PowerPoint lacks: an interval of a fixed length stands for it
PATTERNS = {
    "/": "wdUpDiag",
    "\\": "wdDnDiag",
    "x": "openDmnd",
    "-": "horz",
    "|": "vert",
    "+": "cross",
    ".": "pct20",
}
INSIDE = {"inside": "ctr", "outside": "outEnd"}


@dataclass(frozen=True)
class Scale:
    """What a point of length is worth on each axis: for bars and marks drawn as lines."""

    x_per_point: float
    y_per_point: float
    x: Axis
    y: Axis


def xy_series(traces: Sequence[Trace], sheet: Sheet, scale: Scale) -> str:
    """Scatter traces and bars that float, as series of an XY chart; text and areas are drawn beside it."""
    shown = [trace for trace in traces if not (trace.is_text_only or trace.is_area)]
    names = names_of(shown)
    spans = [
        (trace, name)
        for trace, name in zip(shown, names, strict=True)
        if trace.error_x or trace.kind == "bar"
    ]
    found = [_span(n, trace, name, sheet, scale) for n, (trace, name) in enumerate(spans)]
    marks = [(trace, name) for trace, name in zip(shown, names, strict=True) if trace.kind == "scatter"]
    found += [_xy(n, trace, name, sheet, scale) for n, (trace, name) in enumerate(marks, len(spans))]
    return "".join(found)


def bar_series(
    traces: Sequence[Trace], categories: tuple[str, Sequence[Any], Sequence[str]], sheet: Sheet, stacked: bool
) -> str:
    """Bars as series over categories: (the column of their names, their values, their names)."""
    pairs = zip(traces, names_of(traces), strict=True)
    return "".join(_bar(n, trace, name, categories, sheet, stacked) for n, (trace, name) in enumerate(pairs))


def line_series(
    traces: Sequence[Trace], categories: tuple[str, Sequence[Any], Sequence[str]], sheet: Sheet, first: int
) -> str:
    """Lines and marks as series over categories."""
    names = names_of(traces)
    pairs = zip(traces, names, strict=True)
    return "".join(_line(first + n, trace, name, categories, sheet) for n, (trace, name) in enumerate(pairs))


def names_of(traces: Sequence[Trace]) -> list[str]:
    """Names for the data sheet, each once."""
    names = [series_name(trace, n) for n, trace in enumerate(traces, 1)]
    names = [_("series {n}").format(n=name) if name.isdigit() else plain(name) for name in names]
    count, seen = Counter(names), Counter()
    for n, name in enumerate(names):
        seen[name] += 1
        if count[name] > 1:
            names[n] = f"{name} {seen[name]}"
    return names


def _xy(n: int, trace: Trace, name: str, sheet: Sheet, scale: Scale) -> str:
    x = [_number(scale.x, value) for value in trace.x]
    y = [_number(scale.y, value) for value in trace.y]
    if scale.y.ticks and not scale.y.number_format:
        rows = {round(value, 6): plain(text) for value, text in scale.y.ticks}
        sheet.add(_("row"), ["" if value is None else rows.get(round(value, 6), "") for value in y])
    across = sheet.add(f"{name}, x", x)
    down = sheet.add(name, y)
    head = f'<c:idx val="{n}"/><c:order val="{n}"/><c:tx>{sheet.heading(down)}</c:tx>'
    look = f"<c:spPr>{_stroke(trace)}</c:spPr>{_marker(trace)}{_own_markers(trace)}"
    intervals = _intervals(trace, sheet, scale)
    points = f"<c:xVal>{numbers(across, x)}</c:xVal><c:yVal>{numbers(down, y)}</c:yVal>"
    return f'<c:ser>{head}{look}{intervals}{points}<c:smooth val="0"/></c:ser>'


def _bar(n: int, trace: Trace, name: str, categories, sheet: Sheet, stacked: bool) -> str:
    values, places = _by_category(trace, categories[1])
    column = sheet.add(name, values)
    head = f'<c:idx val="{n}"/><c:order val="{n}"/><c:tx>{sheet.heading(column)}</c:tx>'
    edge = (trace.spec.get("marker") or {}).get("line") or {}
    outline = (
        stroke(color_of(edge["color"]), float(edge.get("width", 1))) if edge.get("color") else stroke(None)
    )
    look = f'<c:spPr>{_filled(trace, trace.color)}{outline}</c:spPr><c:invertIfNegative val="0"/>'
    own = "".join(
        f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr>{_filled(trace, color)}{outline}</c:spPr></c:dPt>'
        for place, color in zip(places, trace.colors, strict=True)
        if color != trace.color
    )
    errors = trace.error_x if trace.is_across else trace.error_y
    intervals = _errors(_moved(errors, places, len(values)), name, "", sheet) if errors else ""
    cells = f"<c:cat>{words(categories[0], categories[2])}</c:cat><c:val>{numbers(column, values)}</c:val>"
    return f"<c:ser>{head}{look}{own}{_bar_labels(trace, places, stacked)}{intervals}{cells}</c:ser>"


def _line(n: int, trace: Trace, name: str, categories, sheet: Sheet) -> str:
    values, places = _by_category(trace, categories[1])
    column = sheet.add(name, values)
    head = f'<c:idx val="{n}"/><c:order val="{n}"/><c:tx>{sheet.heading(column)}</c:tx>'
    look = f"<c:spPr>{_stroke(trace)}</c:spPr>{_marker(trace)}{_own_markers(trace, places)}"
    errors = trace.error_y
    intervals = _errors(_moved(errors, places, len(values)), name, "y", sheet) if errors else ""
    cells = f"<c:cat>{words(categories[0], categories[2])}</c:cat><c:val>{numbers(column, values)}</c:val>"
    return f'<c:ser>{head}{look}{intervals}{cells}<c:smooth val="0"/></c:ser>'


def _by_category(trace: Trace, places: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """The trace's value for every category, and which category each of its points is."""
    names, values = (trace.y, trace.x) if trace.kind == "bar" and trace.is_across else (trace.x, trace.y)
    where = {value: n for n, value in enumerate(places)}
    found: list[Any] = [None] * len(places)
    for name, value in zip(names, values, strict=True):
        found[where[name]] = float(value) if known(value) else None
    return found, [where[name] for name in names]


def _number(axis: Axis, value: Any) -> float | None:
    if not known(value):
        return None
    return axis.place(value) if axis.kind == "category" else float(value)


def _stroke(trace: Trace) -> str:
    if "lines" not in trace.mode:
        return stroke(None)
    return stroke(
        trace.color, float(trace.line.get("width", 2)), str(trace.line.get("dash") or "solid"), "rnd"
    )


def _marker(trace: Trace) -> str:
    if "markers" not in trace.mode or not trace.symbols:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    usual = Counter(_looks(trace)).most_common(1)[0][0]
    return _one_marker(*usual)


def _own_markers(trace: Trace, places: Sequence[int] | None = None) -> str:
    """Points that look different from most of their series."""
    if "markers" not in trace.mode or not trace.symbols:
        return ""
    looks = _looks(trace)
    usual = Counter(looks).most_common(1)[0][0]
    return "".join(
        f'<c:dPt><c:idx val="{places[n] if places else n}"/>{_one_marker(*look)}<c:bubble3D val="0"/></c:dPt>'
        for n, look in enumerate(looks)
        if look != usual
    )


def _looks(trace: Trace) -> list[tuple[str, float, Color]]:
    edge = ((trace.spec.get("marker") or {}).get("line") or {}).get("color")
    lined = [s.startswith("line-") and isinstance(edge, str) for s in trace.symbols]
    colors = [
        color_of(edge) if is_line else color for color, is_line in zip(trace.colors, lined, strict=True)
    ]
    return list(zip(trace.symbols, trace.sizes, colors, strict=True))


def _one_marker(symbol: str, size: float, color: Color) -> str:
    if size <= 0 or color.alpha <= 0 or symbol.startswith(STANDING):
        return '<c:marker><c:symbol val="none"/></c:marker>'
    hollow = symbol.endswith("-open") or symbol in STROKES
    kind = SYMBOLS.get(symbol.removesuffix("-open"), "circle")
    # pale rather than empty: LibreOffice draws no edges, and would show nothing
    inner = fill(Color(color.hex, 0.3).over_paper() if symbol.endswith("-open") else color)
    edge = stroke(color, 2.0) if hollow else stroke(Color(PAPER), 0.5)
    return f'<c:marker><c:symbol val="{kind}"/><c:size val="{min(max(round(size), 2), 72)}"/><c:spPr>{inner}{edge}</c:spPr></c:marker>'


def _filled(trace: Trace, color: Color) -> str:
    shape = ((trace.spec.get("marker") or {}).get("pattern") or {}).get("shape", "")
    if shape not in PATTERNS:
        return fill(color)
    front, back = (
        fill(c).removeprefix("<a:solidFill>").removesuffix("</a:solidFill>") for c in (Color(PAPER), color)
    )
    return f'<a:pattFill prst="{PATTERNS[shape]}"><a:fgClr>{front}</a:fgClr><a:bgClr>{back}</a:bgClr></a:pattFill>'


def _intervals(trace: Trace, sheet: Sheet, scale: Scale) -> str:
    """Ranges up and down of an XY series, and marks that stand."""
    if trace.error_y:
        return _errors(trace.error_y, sheet.columns[-1][0], "y", sheet)
    if any(symbol.startswith(STANDING) for symbol in trace.symbols) and "markers" in trace.mode:
        return _standing(trace, scale)
    return ""


def _span(n: int, trace: Trace, name: str, sheet: Sheet, scale: Scale) -> str:
    """Ranges to the left and right, and bars that float, as lines from end to end with gaps between them: LibreOffice
    leaves out intervals of their own length that lie.
    """
    lies = bool(trace.error_x) or trace.is_across
    ends: list[float | None] = []
    rows: list[float | None] = []
    for low, high, row in _ranges(trace, lies):
        ends += [low, high, None]
        rows += [_number(scale.y if lies else scale.x, row)] * 2 + [None]
    x, y = (ends, rows) if lies else (rows, ends)
    across = sheet.add(_("{name}, from and to").format(name=name), x)
    down = sheet.add(_("{name}, range").format(name=name), y)
    bar = float(trace.spec.get("width") or 0.5) / (scale.y_per_point if lies else scale.x_per_point)
    thick = trace.error_x.thickness if trace.error_x else bar
    color = trace.error_x.color if trace.error_x else trace.color
    head = f'<c:idx val="{n}"/><c:order val="{n}"/><c:tx>{sheet.heading(down)}</c:tx><c:spPr>{stroke(color, thick)}</c:spPr>'
    points = f"<c:xVal>{numbers(across, x)}</c:xVal><c:yVal>{numbers(down, y)}</c:yVal>"
    return (
        f'<c:ser>{head}<c:marker><c:symbol val="none"/></c:marker>{_span_colors(trace, thick)}{points}'
        '<c:smooth val="0"/></c:ser>'
    )


def _ranges(trace: Trace, lies: bool) -> list[tuple[float, float, Any]]:
    """Both ends, and the row (or column), of each range."""
    if trace.error_x:
        points = zip(trace.x, trace.y, trace.error_x.minus, trace.error_x.plus, strict=True)
        return [(x - down, x + up, y) for x, y, down, up in points if known(x) and known(y)]
    values, rows = (trace.x, trace.y) if lies else (trace.y, trace.x)
    bases = trace.base or (0.0,) * len(values)
    bars = zip(bases, values, rows, strict=True)
    return [(base, base + value, row) for base, value, row in bars if known(value) and known(row)]


def _span_colors(trace: Trace, thick: float) -> str:
    """Floating bars of a colour of their own."""
    if trace.error_x:
        return ""
    return "".join(
        f'<c:dPt><c:idx val="{3 * place + 1}"/><c:marker><c:symbol val="none"/></c:marker><c:bubble3D val="0"/>'
        f"<c:spPr>{stroke(color, thick)}</c:spPr></c:dPt>"
        for place, color in enumerate(trace.colors)
        if color != trace.color
    )


def _standing(trace: Trace, scale: Scale) -> str:
    edge = (trace.spec.get("marker") or {}).get("line") or {}
    reach = max(trace.sizes) / 2 * scale.y_per_point
    look = stroke(color_of(edge.get("color") or trace.color.hex), float(edge.get("width") or 2))
    return (
        '<c:errBars><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="fixedVal"/><c:noEndCap val="1"/>'
        f'<c:val val="{reach!r}"/><c:spPr>{look}</c:spPr></c:errBars>'
    )


def _errors(errors: Errors, name: str, way: str, sheet: Sheet) -> str:
    up = sheet.add(_("{name}, up").format(name=name), errors.plus)
    direction = f'<c:errDir val="{way}"/>' if way else ""
    plus = numbers(up, errors.plus)
    down = sheet.add(_("{name}, down").format(name=name), errors.minus)
    is_band = errors.thickness > 6
    look = stroke(errors.color, errors.thickness, cap="flat" if is_band else "rnd")
    return (
        f'<c:errBars>{direction}<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="{int(is_band)}"/>'
        f"<c:plus>{plus}</c:plus><c:minus>{numbers(down, errors.minus)}</c:minus><c:spPr>{look}</c:spPr></c:errBars>"
    )


def _moved(errors: Errors, places: Sequence[int], count: int) -> Errors:
    """Intervals of points, as those of categories."""
    plus, minus = [0.0] * count, [0.0] * count
    for n, place in enumerate(places):
        plus[place], minus[place] = errors.plus[n], errors.minus[n]
    return Errors(tuple(plus), tuple(minus), errors.color, errors.thickness)


def _bar_labels(trace: Trace, places: Sequence[int], stacked: bool) -> str:
    """What stands in or at the end of each bar."""
    if not any(trace.texts):
        return ""
    where = INSIDE.get(trace.spots[0] if trace.spots else "", "ctr")
    where = (
        "inEnd" if stacked and where == "outEnd" else where
    )  # PowerPoint calls a file broken that says otherwise
    shown = (
        '<c:showLegendKey val="0"/><c:showVal val="{0}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )
    labels = []
    for place, markup in sorted(zip(places, trace.texts, strict=True)):
        if plain(markup):
            rich = (
                f"<c:rich><a:bodyPr/><a:lstStyle/>{paragraphs(Text(lines_of(markup), 12, 'center'))}</c:rich>"
            )
            labels.append(
                f'<c:dLbl><c:idx val="{place}"/><c:tx>{rich}</c:tx><c:dLblPos val="{where}"/>{shown.format(1)}</c:dLbl>'
            )
        else:
            labels.append(f'<c:dLbl><c:idx val="{place}"/><c:delete val="1"/></c:dLbl>')
    return f"<c:dLbls>{''.join(labels)}{shown.format(0)}</c:dLbls>"
