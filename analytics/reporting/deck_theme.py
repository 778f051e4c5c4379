"""The deck's theme, master and layouts: fonts, colours and places that a company can change in one go."""

from __future__ import annotations

from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Pt

from analytics.reporting.deck_colors import ACCENTS, PALE, PAPER, QUIET, TEXT
from analytics.reporting.deck_shapes import EMU, Box

WIDTH, HEIGHT = 960.0, 540.0  # points: 16 to 9
LEFT, ROOM = 40.0, 880.0
QUESTION = Box(LEFT, 20, ROOM, 20)
HEADLINE = Box(LEFT, 42, ROOM, 68)
BODY = Box(LEFT, 120, ROOM, 376)
FOOTER = Box(LEFT, 512, 800, 18)
NUMBER = Box(LEFT + 820, 512, 60, 18)
LATIN, EAST_ASIAN = "Arial", "Malgun Gothic"
SCRIPTS = {
    "Hang": "Malgun Gothic",
    "Jpan": "Yu Gothic",
    "Hans": "Microsoft YaHei",
    "Hant": "Microsoft JhengHei",
}
SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
TITLE, CHART, TABLE, WORDS = "Title", "Headline and chart", "Headline and table", "Headline and words"
KINDS = {TITLE: "title", CHART: "cust", TABLE: "cust", WORDS: "obj"}
SLOTS = {CHART: "chart", TABLE: "tbl", WORDS: ""}
ASKED, SLOT, SAID, SOURCE, PAGE = 13, 14, 15, 11, 12  # the placeholders' numbers


def empty_deck() -> Any:
    """A presentation of python-pptx without slides, of this theme and with these layouts."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    deck.part._element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}sldSz").attrib.pop(
        "type", None
    )
    _drop_leftovers(deck)
    master = deck.slide_master
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _theme().encode("utf-8")
    for layout in list(deck.slide_layouts)[len(KINDS) :]:
        deck.slide_layouts.remove(layout)
    for layout, name in zip(deck.slide_layouts, KINDS, strict=True):
        _replace(layout._element, _layout(name))
        layout._element.set("type", KINDS[name])
        layout._element.attrib.pop("preserve", None)
    _replace(master._element, _master())
    styles = master._element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}txStyles")
    master._element.replace(styles, parse_xml(_styles()))
    return deck


def layout_called(deck: Any, name: str) -> Any:
    """The layout of this name."""
    return next(layout for layout in deck.slide_layouts if layout.name == name)


def placeholder(
    number: int, kind: str, index: int | None, box: Box | None, inside: str, anchor: str = "t"
) -> str:
    """A placeholder; without a box it stands where its layout has it."""
    kind_ = f' type="{kind}"' if kind else ""
    index_ = "" if index is None else f' idx="{index}"'
    place = "" if box is None else _place(box)
    name = {"title": "Title", "ctrTitle": "Title", "ftr": "Source", "sldNum": "Slide number"}.get(
        kind, "Text"
    )
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{name} {number}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f"</p:cNvSpPr><p:nvPr><p:ph{kind_}{index_}/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody>"
        f'<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:noAutofit/></a:bodyPr>'
        f"<a:lstStyle/>{inside}</p:txBody></p:sp>"
    )


def _drop_leftovers(deck: Any) -> None:
    """The template's own picture and printer settings are of no use."""
    package = deck.part.package
    for part in (package, deck.part):
        for key, relation in list(part._rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/printerSettings")):
                part._rels.pop(key)


def _replace(element: Any, shapes: str) -> None:
    """Other shapes on a master or layout, and its name if it is a layout's."""
    old = element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}cSld")
    element.replace(old, parse_xml(shapes))


def _master() -> str:
    rule = (
        f'<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="9" name="Rule"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/></p:nvCxnSpPr><p:spPr>'
        f"{_place(Box(LEFT, 506, ROOM, 0))}"
        '<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="6350"><a:solidFill><a:schemeClr val="bg2">'
        '<a:lumMod val="90000"/></a:schemeClr></a:solidFill></a:ln></p:spPr></p:cxnSp>'
    )
    shapes = [
        placeholder(2, "title", None, HEADLINE, _prompt("Headline")),
        placeholder(3, "body", 1, BODY, _prompt("Text")),
        placeholder(4, "ftr", 3, FOOTER, _prompt("", 1200), "ctr"),
        placeholder(5, "sldNum", 4, NUMBER, _page_number(), "ctr"),
    ]
    background = '<p:bg><p:bgRef idx="1001"><a:schemeClr val="bg1"/></p:bgRef></p:bg>'
    return f"<p:cSld {SPACES}>{background}{_tree([*shapes, rule])}</p:cSld>"


def _layout(name: str) -> str:
    if name == TITLE:
        shapes = [
            _bar(),
            placeholder(2, "ctrTitle", None, Box(80, 130, 800, 170), _prompt("Title"), "b"),
            placeholder(3, "subTitle", 1, Box(80, 320, 800, 120), _prompt("Company and days", 2000)),
        ]
    else:
        slot = SLOTS[name]
        shapes = [
            placeholder(2, "title", None, HEADLINE, _prompt("Headline: one sentence")),
            placeholder(3, "body", ASKED, QUESTION, _prompt("Question", 1400), "ctr"),
            placeholder(4, slot, SLOT, BODY, _prompt("", 1600)),
        ]
        if name != WORDS:
            shapes.append(placeholder(5, "body", SAID, Box(690, 120, 230, 376), _prompt("Points", 1600)))
    shapes += [
        placeholder(6, "ftr", SOURCE, FOOTER, _prompt("", 1200), "ctr"),
        placeholder(7, "sldNum", PAGE, NUMBER, _page_number(), "ctr"),
    ]
    return f'<p:cSld {SPACES} name="{name}">{_tree(shapes)}</p:cSld>'


def _bar() -> str:
    """The colours of the roles, at the left of the title."""
    parts = []
    for n, accent in enumerate(("accent1", "accent2", "accent3")):
        parts.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{20 + n}" name="Role {n + 1}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
            f'{_place(Box(LEFT, 130 + 103.4 * n, 8, 103.4))}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            f'<a:solidFill><a:schemeClr val="{accent}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
        )
    return "".join(parts)


def _tree(shapes: list[str]) -> str:
    head = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    return f"<p:spTree>{head}{''.join(shapes)}</p:spTree>"


def _prompt(text: str, size: int | None = None) -> str:
    look = f'<a:rPr lang="en-GB" sz="{size}"/>' if size else '<a:rPr lang="en-GB"/>'
    return f"<a:p><a:r>{look}<a:t>{text}</a:t></a:r></a:p>" if text else "<a:p/>"


def _page_number() -> str:
    return f'<a:p><a:pPr algn="r"/>{page_field()}</a:p>'


def page_field(number: str = "‹#›") -> str:
    """The number of the slide, which PowerPoint keeps right."""
    return (
        '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-GB" sz="1200">'
        '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill></a:rPr>'
        f"<a:t>{number}</a:t></a:fld>"
    )


def _place(box: Box) -> str:
    numbers = [round(part * EMU) for part in box]
    return '<a:xfrm><a:off x="{}" y="{}"/><a:ext cx="{}" cy="{}"/></a:xfrm>'.format(*numbers)


def _styles() -> str:
    def levels(size: int, bold: int, color: str, bullet: str, indent: int) -> str:
        return "".join(
            f'<a:lvl{n}pPr marL="{indent * n}" indent="{-indent}" algn="l" rtl="0"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
            f'<a:spcBef><a:spcPts val="0"/></a:spcBef>{bullet}<a:defRPr sz="{size}" b="{bold}" kern="1200">'
            f'<a:solidFill><a:schemeClr val="{color}"/></a:solidFill><a:latin typeface="+m{"j" if bold else "n"}-lt"/>'
            f'<a:ea typeface="+m{"j" if bold else "n"}-ea"/><a:cs typeface="+m{"j" if bold else "n"}-cs"/></a:defRPr></a:lvl{n}pPr>'
            for n in range(1, 10)
        )

    none = "<a:buNone/>"
    return (
        f"<p:txStyles {SPACES}><p:titleStyle>{levels(2400, 1, 'tx1', none, 0)}</p:titleStyle>"
        f"<p:bodyStyle>{levels(1600, 0, 'tx1', none, 0)}</p:bodyStyle>"
        f"<p:otherStyle>{levels(1200, 0, 'tx1', none, 0)}</p:otherStyle></p:txStyles>"
    )


def _theme() -> str:
    pairs = [("dk1", TEXT), ("lt1", PAPER), ("dk2", QUIET), ("lt2", PALE)]
    pairs += [(f"accent{n}", color) for n, color in enumerate(ACCENTS, 1)] + [
        ("hlink", ACCENTS[0]),
        ("folHlink", QUIET),
    ]
    colors = "".join(f'<a:{name}><a:srgbClr val="{color[1:].upper()}"/></a:{name}>' for name, color in pairs)
    scripts = "".join(f'<a:font script="{script}" typeface="{face}"/>' for script, face in SCRIPTS.items())
    font = f'<a:latin typeface="{LATIN}"/><a:ea typeface="{EAST_ASIAN}"/><a:cs typeface="{LATIN}"/>{scripts}'
    solid = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525" cap="flat" cmpd="sng" algn="ctr">{solid}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Flipped Funnel"><a:themeElements>'
        f'<a:clrScheme name="Flipped Funnel">{colors}</a:clrScheme><a:fontScheme name="Flipped Funnel">'
        f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Flat"><a:fillStyleLst>{solid * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{solid * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements><a:objectDefaults/><a:extraClrSchemeLst/></a:theme>"
    )
