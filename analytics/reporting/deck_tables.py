"""Native tables: a chart's cells with their colours, and rows of a table, as many as fit on a slide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

import pandas as pd

from analytics.decisions import wording
from analytics.reporting.deck_axes import Axis
from analytics.reporting.deck_colors import GRID, PALE, PAPER, TEXT, Color, between, fill, stroke
from analytics.reporting.deck_figure import Drawing, Trace, known
from analytics.reporting.deck_shapes import EMU, Box, runs, spacing
from analytics.reporting.deck_words import LINE, Run, clean, lines_of, plain, short, width, wrapped

SIZES = (14.0, 13.0, 12.0)
PAD_X, PAD_Y = 4.0, 2.0
LEAST_COLUMN = 26.0
WIDEST = 0.45  # of the table: no column takes more
MOST_COLUMNS = 26


@dataclass(frozen=True)
class Cell:
    """Text in a table, and how it looks."""

    text: str
    align: str = "left"
    bold: bool = False
    color: Color | None = None
    is_hatched: bool = False


@dataclass(frozen=True)
class Grid:
    """A table ready to be drawn: its rows, the first as its head, widths and heights, and the size of its text."""

    rows: list[list[Cell]]
    widths: list[float]
    size: float
    heights: list[float]
    pad: float = PAD_X

    @property
    def height(self) -> float:
        """In points."""
        return sum(self.heights)


def heat_grid(drawing: Drawing, room: Box) -> tuple[Grid, int, int]:
    """The cells of a heat chart that fit into the room; how many rows and columns are left out."""
    panel = drawing.panels[0]
    heat = panel.of_kind("heatmap")[0]
    values, texts = heat.spec["z"], heat.spec.get("text") or heat.spec["z"]
    order = sorted(range(len(heat.y)), key=lambda n: -panel.y.place(heat.y[n]))
    most = max(int(room.h / _row_height(1, SIZES[-1])) - 1, 1)
    hatched = _unfinished(panel.traces)
    keeps_newest = bool(hatched)  # cohorts: the newest and their average are at the foot
    rows = order[-most:] if keeps_newest else order[:most]
    columns = list(range(min(len(heat.x), MOST_COLUMNS)))
    ends = _ends(heat)
    names_x, names_y = _names(panel.x, heat.x), _names(panel.y, heat.y)
    bold = _bold(panel.y)
    head = [Cell(""), *(Cell(names_x[c], "center") for c in columns)]
    body = [
        [Cell(short(names_y[r]), bold=names_y[r] in bold), *(_heat_cell(heat, values[r][c], texts[r][c], (heat.x[c], heat.y[r]) in hatched, ends) for c in columns)]
        for r in rows
    ]  # fmt: skip
    first = min(
        max(width(cell.text, SIZES[-1], cell.bold) for cell in (row[0] for row in body)) + 2 * PAD_X + 4,
        WIDEST * room.w,
    )
    rest = (room.w - first) / max(len(columns), 1)
    heights = [
        _row_height(_lines(head, [first] + [rest] * len(columns), SIZES[-1]), SIZES[-1]),
        *([_row_height(1, SIZES[-1])] * len(body)),
    ]
    stretch = min((room.h - heights[0]) / max(sum(heights[1:]), 1), 1.6)
    grid = Grid(
        [head, *body],
        [first] + [rest] * len(columns),
        SIZES[-1],
        [heights[0], *(h * stretch for h in heights[1:])],
        1.0,
    )
    return grid, len(order) - len(rows), len(heat.x) - len(columns)


def table_grids(table: pd.DataFrame, room: Box) -> list[Grid]:
    """A table's rows with their headers: in large letters if they fit at once, else in as many parts as they need."""
    for size in SIZES:
        grids = _grids(table, room, size)
        if len(grids) == 1:
            break
    return grids


def _grids(table: pd.DataFrame, room: Box, size: float) -> list[Grid]:
    head = [Cell(short(name), "right" if _is_number(table[name]) else "left", True) for name in table.columns]
    written = [[short(_written(value)) for value in table[name]] for name in table.columns]
    body = [
        [Cell(text, cell.align) for text, cell in zip(row, head, strict=True)]
        for row in zip(*written, strict=True)
    ]
    widths = _widths([head, *body], room.w, size)
    top = _row_height(_lines(head, widths, size), size)
    parts: list[list[list[Cell]]] = [[]]
    heights: list[list[float]] = [[]]
    for row in body:
        height = _row_height(_lines(row, widths, size), size)
        if parts[-1] and top + sum(heights[-1]) + height > room.h:
            parts.append([]), heights.append([])
        parts[-1].append(row), heights[-1].append(height)
    return [
        Grid([head, *part], widths, size, [top, *tall]) for part, tall in zip(parts, heights, strict=True)
    ]


def table_xml(number: int, at: Box, grid: Grid, name: str, described: str) -> str:
    """The table as a frame of a slide."""
    columns = "".join(f'<a:gridCol w="{round(width_ * EMU)}"/>' for width_ in grid.widths)
    rows = "".join(
        f'<a:tr h="{round(height * EMU)}">{"".join(_cell(cell, grid, is_head=not n) for cell in row)}</a:tr>'
        for n, (row, height) in enumerate(zip(grid.rows, grid.heights, strict=True))
    )
    off = f'<a:off x="{round(at.x * EMU)}" y="{round(at.y * EMU)}"/>'
    ext = f'<a:ext cx="{round(sum(grid.widths) * EMU)}" cy="{round(grid.height * EMU)}"/>'
    return (
        '<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvGraphicFramePr>'
        f'<p:cNvPr id="{number}" name={quoteattr(f"{clean(name)} {number}")} descr={quoteattr(clean(described))}/>'
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
        f"<p:xfrm>{off}{ext}</p:xfrm><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblPr firstRow="1"/>'
        f"<a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _cell(cell: Cell, grid: Grid, is_head: bool) -> str:
    ink = PAPER if cell.color and cell.color.is_dark else TEXT
    align = {"left": "l", "center": "ctr", "right": "r"}[cell.align]
    edge, pad = stroke(Color(GRID), 0.75), grid.pad if cell.align == "center" else PAD_X
    rim = "".join(
        edge.replace("a:ln", f"a:ln{side}", 1).replace("</a:ln>", f"</a:ln{side}>") for side in ("T", "B")
    )
    sides = "".join(f"<a:ln{side}><a:noFill/></a:ln{side}>" for side in ("L", "R"))
    color = cell.color or (Color(PALE) if is_head else None)
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{align}" eaLnBrk="0">{spacing(grid.size)}</a:pPr>'
        f"{runs([Run(cell.text, cell.bold)], grid.size, ink) if cell.text else ''}"
        f'<a:endParaRPr sz="{round(grid.size * 100)}" dirty="0"/></a:p></a:txBody>'
        f'<a:tcPr marL="{round(pad * EMU)}" marR="{round(pad * EMU)}" marT="{round(PAD_Y * EMU)}" '
        f'marB="{round(PAD_Y * EMU)}" anchor="ctr">{sides}{rim}{_filled(cell, color)}</a:tcPr></a:tc>'
    )


def _filled(cell: Cell, color: Color | None) -> str:
    if not cell.is_hatched or color is None:
        return fill(color)
    front, back = (
        fill(c).removeprefix("<a:solidFill>").removesuffix("</a:solidFill>")
        for c in (Color("#aab4bf"), color)
    )
    return f'<a:pattFill prst="ltUpDiag"><a:fgClr>{front}</a:fgClr><a:bgClr>{back}</a:bgClr></a:pattFill>'


def _ends(heat: Trace) -> tuple[float, float]:
    """The values at both ends of the colour scale."""
    every = [float(value) for row in heat.spec["z"] for value in row if known(value)] or [0.0]
    low, high = heat.spec.get("zmin"), heat.spec.get("zmax")
    return float(min(every) if low is None else low), float(max(every) if high is None else high)


def _heat_cell(heat: Trace, value: Any, text: Any, is_hatched: bool, ends: tuple[float, float]) -> Cell:
    if not known(value):
        return Cell("", "center")
    low, high = ends
    share = min(max((float(value) - low) / (high - low), 0.0), 1.0) if high > low else 0.0
    return Cell(plain(text), "center", color=between(heat.spec["colorscale"], share), is_hatched=is_hatched)


def _unfinished(traces: Sequence[Trace]) -> set[tuple[Any, Any]]:
    """The middles of the cells that a trace hatches."""
    found = set()
    for trace in traces:
        if trace.kind == "scatter" and trace.is_area:
            corners = [
                pair for pair in zip(trace.x, trace.y, strict=True) if known(pair[0]) and known(pair[1])
            ]
            for n in range(0, len(corners) - 4, 5):
                found.add((corners[n][0] + 0.5, corners[n][1] + 0.5))
    return found


def _names(axis: Axis, values: Sequence[Any]) -> list[str]:
    texts = {round(value, 6): markup for value, markup in axis.ticks}
    return [plain(texts.get(round(axis.place(value), 6), "")) for value in values]


def _bold(axis: Axis) -> set[str]:
    """The names of an axis that stand out."""
    return {
        plain(markup)
        for _value, markup in axis.ticks
        if any(run.bold for line in lines_of(markup) for run in line)
    }


def _widths(rows: Sequence[Sequence[Cell]], room: float, size: float) -> list[float]:
    """Every column as wide as its widest text, and, where that is more than there is room for, less for the wide ones."""
    wishes = [
        max(max(width(cell.text, size, cell.bold) for cell in column) * 1.03 + 2 * PAD_X + 4, LEAST_COLUMN)
        for column in zip(*rows, strict=True)
    ]
    if sum(wishes) <= room:
        spare = (room - sum(wishes)) / len(wishes)
        return [wish + spare for wish in wishes]
    cap = room / len(wishes)
    for _round in range(20):
        small = sum(wish for wish in wishes if wish <= cap)
        large = sum(wish > cap for wish in wishes)
        cap = (room - small) / large if large else cap
    return [min(wish, cap) for wish in wishes]


def _lines(cells: Sequence[Cell], widths: Sequence[float], size: float) -> int:
    return max(
        len(wrapped(c.text, size, w - 2 * PAD_X - 1, c.bold)) for c, w in zip(cells, widths, strict=True)
    )


def _row_height(lines: int, size: float) -> float:
    return lines * size * LINE + 2 * PAD_Y + 0.5


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _written(value: Any) -> str:
    """A number as it is read, with three digits that tell something; what is not known as "n/a"."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return wording.number(None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    decimals = (
        0
        if isinstance(value, int) or value == round(value) or abs(value) >= 1000
        else 2
        if abs(value) >= 1
        else 3
    )
    return wording.number(value, decimals)
