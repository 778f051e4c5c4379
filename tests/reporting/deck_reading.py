"""How tests read a deck: as a presentation, as a package of parts, and as workbooks inside its charts."""

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

import openpyxl
from pptx import Presentation
from pptx.util import Pt

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
POINT = Pt(1)


def opened(deck: bytes):
    return Presentation(io.BytesIO(deck))


def every_shape(shapes) -> Iterator:
    """Shapes, those inside of groups included."""
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:
            yield from every_shape(shape.shapes)


def charts_of(slide) -> list:
    return [shape.chart for shape in every_shape(slide.shapes) if getattr(shape, "has_chart", False)]


def tables_of(slide) -> list:
    return [shape.table for shape in slide.shapes if getattr(shape, "has_table", False)]


def texts_of(slide) -> list[str]:
    """Every text on a slide, line by line, that of charts apart."""
    found = [
        p.text
        for shape in every_shape(slide.shapes)
        if shape.has_text_frame
        for p in shape.text_frame.paragraphs
    ]
    found += [cell.text for table in tables_of(slide) for row in table.rows for cell in row.cells]
    return [text for text in found if text]


def headline(slide) -> str:
    return slide.shapes.title.text_frame.text


def notes(slide) -> str:
    return slide.notes_slide.notes_text_frame.text


def numbers_of(chart) -> set[float]:
    """Every number that a chart holds."""
    values = chart._chartSpace.iter(f"{CHART}numCache")
    return {round(float(v.text), 6) for cache in values for v in cache.iter(f"{CHART}v")}


def texts_of_chart(chart) -> list[str]:
    return [
        v.text or "" for cache in chart._chartSpace.iter(f"{CHART}strCache") for v in cache.iter(f"{CHART}v")
    ]


def box(shape) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in points."""
    left, top = shape.left / POINT, shape.top / POINT
    return left, top, left + shape.width / POINT, top + shape.height / POINT


def overlap(one, other) -> tuple[float, float]:
    """How much two boxes share, across and down; negative where they are apart."""
    return (min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1]))


def sizes(deck: bytes) -> set[float]:
    """Sizes of text in points, of slides and charts."""
    found = set()
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        for name in package.namelist():
            if name.startswith(("ppt/slides/slide", "ppt/charts/chart")):
                tree = ElementTree.fromstring(package.read(name))
                found |= {
                    int(node.get("sz")) / 100
                    for node in tree.iter()
                    if node.tag.startswith(DRAWING) and node.get("sz")
                }
    return found


def workbooks(deck: bytes) -> Iterator:
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        for name in package.namelist():
            if name.endswith(".xlsx"):
                yield openpyxl.load_workbook(io.BytesIO(package.read(name)))


def problems(deck: bytes) -> list[str]:
    """What PowerPoint would offer to repair: names twice, parts without a type, relations to nothing, numbers twice."""
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        names = package.namelist()
        found = [f"twice: {name}" for name, count in Counter(names).items() if count > 1]
        parts = {name: package.read(name) for name in names}
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    endings = {node.get("Extension", "").lower() for node in types}
    overrides = {node.get("PartName", "") for node in types}
    found += [
        f"override of nothing: {name}" for name in overrides if name and name.removeprefix("/") not in parts
    ]
    for name, blob in parts.items():
        if (
            name != "[Content_Types].xml"
            and f"/{name}" not in overrides
            and name.rsplit(".", 1)[-1].lower() not in endings
        ):
            found.append(f"no type: {name}")
        if name.endswith((".xml", ".rels")):
            found += _of_xml(name, ElementTree.fromstring(blob), parts)
    return found


def _of_xml(name: str, tree, parts: dict[str, bytes]) -> Iterator[str]:
    if name.endswith(".rels"):
        base = posixpath.dirname(posixpath.dirname(name))
        for relation in tree:
            target = posixpath.normpath(posixpath.join("/", base, relation.get("Target", ""))).removeprefix(
                "/"
            )
            if relation.get("TargetMode") != "External" and target not in parts:
                yield f"{name}: leads to {target}"
        return
    folder, file = posixpath.split(name)
    relations = parts.get(f"{folder}/_rels/{file}.rels")
    known = {node.get("Id") for node in ElementTree.fromstring(relations)} if relations else set()
    used = {value for node in tree.iter() for key, value in node.attrib.items() if key.startswith(RELATION)}
    for missing in used - known:
        yield f"{name}: {missing} is no relation"
    if name.startswith("ppt/slides/"):
        numbers = Counter(node.get("id") for node in tree.iter() if node.tag.endswith("}cNvPr"))
        yield from (f"{name}: number {number} twice" for number, count in numbers.items() if count > 1)
