"""Native charts: one panel of a figure as a chart of PowerPoint with its data, exactly where its labels expect it."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from analytics.reporting.deck_axes import Axis
from analytics.reporting.deck_colors import GRID, QUIET, TEXT, Color, fill, stroke
from analytics.reporting.deck_figure import Panel, Trace
from analytics.reporting.deck_labels import Label, Spot, skip_of
from analytics.reporting.deck_layout import is_of_categories
from analytics.reporting.deck_series import Scale, bar_series, line_series, xy_series
from analytics.reporting.deck_shapes import Box, Text, paragraphs
from analytics.reporting.deck_sheet import Sheet
from analytics.reporting.deck_words import plain

SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
X_AXIS, Y_AXIS = 111_111, 222_222
PAD = 6.0


class NativeChart:
    """What python-pptx needs to make a chart part: its XML and the workbook inside it."""

    def __init__(self, xml: str, sheet: Sheet) -> None:
        self._xml = xml
        self.xlsx_blob = sheet.blob()

    def xml_bytes(self, _chart_type: object) -> bytes:
        """The chart's XML."""
        return self._xml.encode("utf-8")


def framed(spot: Spot, labels: Sequence[Label], room: Box) -> Box:
    """The frame of a panel's chart: its rectangle and what it writes around it itself."""
    own = [label.box for label in labels if label.kind in {"tick", "x title", "y title"}]
    box = spot.rect.around(own)
    x, y = max(box.x - PAD, room.x), max(box.y - PAD, room.y)
    # down to the room's end below a title: LibreOffice would shrink the chart to make room for it
    has_title = any(label.kind == "x title" for label in labels)
    bottom = room.bottom if has_title else min(box.bottom + PAD, room.bottom)
    return Box(x, y, min(box.right + PAD, room.right) - x, bottom - y)


def native_chart(spot: Spot, labels: Sequence[Label], frame: Box) -> NativeChart:
    """The panel as a chart in this frame. labels: of this panel, those that the chart writes itself among them."""
    sheet = Sheet()
    titles = {label.kind: label for label in labels}
    plot = (
        _categories(spot, titles, frame, sheet)
        if is_of_categories(spot.panel)
        else _xy(spot, titles, frame, sheet)
    )
    inner = _layout(spot.rect, frame)
    return NativeChart(
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {SPACES}><c:date1904 val="0"/>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea>{inner}{plot}<c:spPr><a:noFill/></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f"{_text_look(12.0)}</c:chartSpace>",
        sheet,
    )


def _xy(spot: Spot, titles: dict[str, Label], frame: Box, sheet: Sheet) -> str:
    x, y = spot.panel.x, spot.panel.y
    series = xy_series(
        spot.panel.traces, sheet, Scale((x.high - x.low) / spot.rect.w, (y.high - y.low) / spot.rect.h, x, y)
    )
    axes = _value_axis(x, X_AXIS, Y_AXIS, "b", titles.get("x title"), frame) + _value_axis(
        y, Y_AXIS, X_AXIS, "l", titles.get("y title"), frame
    )
    return (
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{series}<c:axId val="{X_AXIS}"/>'
        f'<c:axId val="{Y_AXIS}"/></c:scatterChart>{axes}'
    )


def _categories(spot: Spot, titles: dict[str, Label], frame: Box, sheet: Sheet) -> str:
    panel = spot.panel
    bars = panel.of_kind("bar")
    lines = [t for t in panel.traces if t.kind == "scatter" and not (t.is_text_only or t.is_area)]
    across = bool(bars) and bars[0].is_across
    names, values = (panel.y, panel.x) if across else (panel.x, panel.y)
    shown = [plain(text) for _place, text in names.ticks]
    heading = plain(names.title) or " "
    categories = (sheet.add(heading, shown), names.categories, shown)
    ids = f'<c:axId val="{X_AXIS}"/><c:axId val="{Y_AXIS}"/>'
    found = ""
    if bars:
        grouping = _grouping(panel, bars)
        stacked = grouping == "stacked"
        found += (
            f'<c:barChart><c:barDir val="{"bar" if across else "col"}"/><c:grouping val="{grouping}"/>'
            f'<c:varyColors val="0"/>{bar_series(bars, categories, sheet, stacked)}<c:gapWidth val="{_gap(spot, bars)}"/>'
            f'<c:overlap val="{100 if stacked else 0}"/>{ids}</c:barChart>'
        )
    if lines:
        found += (
            f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
            f'{line_series(lines, categories, sheet, len(bars))}<c:marker val="1"/>{ids}</c:lineChart>'
        )
    named, valued = ("y title", "x title") if across else ("x title", "y title")
    skip = 1 if across else skip_of(names, spot.rect.w)
    return (
        found
        + _name_axis(names, "l" if across else "b", titles.get(named), frame, skip)
        + _value_axis(values, Y_AXIS, X_AXIS, "b" if across else "l", titles.get(valued), frame, "between")
    )


def _grouping(panel: Panel, bars: Sequence[Trace]) -> str:
    mode = panel.bar_mode
    if mode in {"relative", "stack"} or any(bar.base for bar in bars):
        return "stacked"
    return "clustered"


def _gap(spot: Spot, bars: Sequence[Trace]) -> int:
    """Free room between bars, in percent of a bar."""
    panel = spot.panel
    beside = len(bars) if _grouping(panel, bars) == "clustered" else 1
    width = bars[0].spec.get("width")
    share = float(width) if isinstance(width, int | float) else 1 - panel.bar_gap
    return min(max(round(100 * (1 - share) / (share / beside)), 0), 500)


def _value_axis(
    axis: Axis, own: int, other: int, place: str, title: Label | None, frame: Box, crossing: str = "midCat"
) -> str:
    log = '<c:logBase val="10"/>' if axis.kind == "log" else ""
    low, high = (10**axis.low, 10**axis.high) if axis.kind == "log" else (axis.low, axis.high)
    native = bool(axis.number_format) and axis.is_visible
    step = f'<c:majorUnit val="{axis.step!r}"/>' if axis.number_format and axis.step > 0 else ""
    grid = axis.has_grid and bool(axis.number_format)
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling>{log}<c:orientation val="{"maxMin" if axis.is_reversed else "minMax"}"/>'
        f'<c:max val="{high!r}"/><c:min val="{low!r}"/></c:scaling><c:delete val="0"/><c:axPos val="{place}"/>'
        f"{_grid() if grid else ''}{_axis_title(title, frame)}"
        f'<c:numFmt formatCode={quoteattr(axis.number_format or "General")} sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="{"low" if native else "none"}"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_text_look(axis.size)}"
        f'<c:crossAx val="{other}"/><c:crosses val="min"/><c:crossBetween val="{crossing}"/>{step}</c:valAx>'
    )


def _name_axis(axis: Axis, place: str, title: Label | None, frame: Box, skip: int) -> str:
    shown = axis.is_visible and any(text for _place, text in axis.ticks)
    return (
        f'<c:catAx><c:axId val="{X_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{place}"/>{_axis_title(title, frame)}<c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="{"low" if shown else "none"}"/>'
        f"<c:spPr>{stroke(Color(GRID), 1)}</c:spPr>{_text_look(axis.size, turned=False)}"
        f'<c:crossAx val="{Y_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="50"/>'
        f'<c:tickLblSkip val="{skip}"/><c:tickMarkSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _axis_title(title: Label | None, frame: Box) -> str:
    if title is None:
        return ""
    text = title.text
    turn = ' rot="-5400000" vert="horz"' if text.turned else ' rot="0" vert="horz"'
    upright = Text(text.lines, text.size, "center", QUIET)
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/>{paragraphs(upright)}</c:rich></c:tx>"
        f'<c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/><c:x val="{_share(title.box.x - frame.x, frame.w)}"/>'
        f'<c:y val="{_share(title.box.y - frame.y, frame.h)}"/></c:manualLayout></c:layout><c:overlay val="1"/></c:title>'
    )


def _layout(rect: Box, frame: Box) -> str:
    parts = (rect.x - frame.x) / frame.w, (rect.y - frame.y) / frame.h, rect.w / frame.w, rect.h / frame.h
    places = "".join(f'<c:{name} val="{part:.5f}"/>' for name, part in zip("xywh", parts, strict=True))
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{places}</c:manualLayout></c:layout>"
    )


def _grid() -> str:
    return f"<c:majorGridlines><c:spPr>{stroke(Color(GRID), 0.75)}</c:spPr></c:majorGridlines>"


def _text_look(size: float, turned: bool | None = None) -> str:
    turn = ' rot="0" vert="horz"' if turned is False else ""
    return (
        f'<c:txPr><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}" b="0">{fill(Color(TEXT))}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    )


def _share(part: float, whole: float) -> str:
    return f"{min(max(part / whole, 0.0), 1.0):.5f}"
