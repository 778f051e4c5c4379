"""Every chart of every page as a native slide, and what LibreOffice makes of the deck: all text there, all inside."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from analytics.language import speaking
from analytics.reporting import charts
from analytics.reporting.deck import deck
from analytics.reporting.deck_figure import drawing_of, known
from analytics.reporting.slides import Entry
from analytics.warehouse.store import Workspace
from tests.reporting.deck_reading import (
    CHART,
    box,
    charts_of,
    every_shape,
    headline,
    numbers_of,
    opened,
    overlap,
    problems,
    sizes,
    tables_of,
    texts_of,
    workbooks,
)
from tests.reporting.stories import HOSTILE, bar_figure, sample_story, slide, story

pytestmark = pytest.mark.slow

REQUIRED = "FLIPPED_FUNNEL_REQUIRE_BROWSER"
PICTURES = {"Both funnels", "Largest trees"}
CELLS = {"Revenue by channel and quarter", "Coverage", "Cohorts"}
PAGE = (960.0, 540.0)
KOREAN = "다음 예산 €10,000 중 기존 고객에 쓸 금액은 €6,000입니다. 지출 1단위당 유발한 마진은 2.31 (1.49∼3.12)입니다."


class Word(NamedTuple):
    """A word on a page of a PDF, in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as workspace:
        workspace.load_sample()
        return sample_story(workspace)


@pytest.fixture(scope="module")
def made(told) -> bytes:
    return deck(told)


@pytest.fixture(scope="module")
def pages(made) -> list:
    return list(opened(made).slides)


@pytest.fixture(scope="module")
def slides(told, pages):
    """(slide of the story, page of the deck) of every message."""
    return list(zip(told.slides, pages[1:], strict=False))


def test_the_package_holds_together(made):
    assert problems(made) == []


def test_every_message_has_its_slide(slides):
    assert len(slides) > 40
    for said, page in slides:
        assert headline(page).replace("\u00a0", " ") == said.headline


def test_every_chart_is_native_but_pictures_and_cells(slides):
    for said, page in slides:
        assert bool(charts_of(page)) == (said.name not in PICTURES | CELLS), said.name
        assert bool(tables_of(page)) == (said.name in CELLS), said.name
        assert not any(shape.shape_type == 13 for shape in every_shape(page.shapes)), said.name


def test_charts_hold_every_number_that_the_figure_draws(slides):
    for said, page in slides:
        shown = set().union(*(numbers_of(chart) for chart in charts_of(page)))
        drawn = set(_drawn(said.figure))
        if charts_of(page):
            assert drawn - shown == set(), said.name


def _drawn(figure) -> Iterator[float]:
    """The numbers of bars, lines and marks; names and days have no number."""
    for panel in drawing_of(figure).panels:
        for trace in panel.of_kind("bar") + panel.of_kind("scatter"):
            if (
                trace.is_text_only
                or trace.is_area
                or (trace.kind == "bar" and trace.base and panel.x.kind == "log")
            ):
                continue
            rows = trace.y if trace.kind == "bar" and trace.is_across else trace.x
            values = trace.x if trace.kind == "bar" and trace.is_across else trace.y
            yield from (
                round(float(v), 6)
                for r, v in zip(rows, values, strict=True)
                if known(r) and known(v) and not isinstance(v, str)
            )


def test_nothing_is_outside_of_a_slide_or_on_another_shape(pages):
    for page in pages:
        boxes = [box(shape) for shape in page.shapes]
        for n, one in enumerate(boxes):
            assert one[0] >= 0
            assert one[1] >= 0
            assert one[2] <= PAGE[0] + 0.01
            assert one[3] <= PAGE[1] + 0.01
            for other in boxes[n + 1 :]:
                assert min(overlap(one, other)) < 1, headline(page)


def test_no_label_lies_on_another(slides):
    for said, page in slides:
        labels = [shape for shape in every_shape(page.shapes) if shape.name.startswith("Label")]
        for n, one in enumerate(labels):
            for other in labels[n + 1 :]:
                across, down = overlap(box(one), box(other))
                assert across < 3.1 or down < 0.7, (said.name, one.text_frame.text, other.text_frame.text)


def test_no_text_is_under_12_points(made):
    assert min(sizes(made)) >= 12


def test_no_workbook_holds_a_formula(made):
    assert all(
        cell.data_type in "sndb"
        for book in workbooks(made)
        for row in book.active.iter_rows()
        for cell in row
    )


def test_names_of_persons_are_left_out(told, slides):
    said, page = next(pair for pair in slides if pair[0].name == "Largest trees")
    names = [str(name) for name in said.table.iloc[:, 0]]
    assert names
    assert not any(name in text for name in names for text in texts_of(page))


# What LibreOffice makes of it


@pytest.fixture(scope="module")
def office() -> str:
    """Where LibreOffice is; skips where it or pdftotext is missing, unless they are required."""
    missing = [name for name in ("soffice", "pdftotext") if shutil.which(name) is None]
    if missing and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{' and '.join(missing)} not installed, and {REQUIRED}=1 requires them.")
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed, so the deck is not tried in LibreOffice.")
    return str(shutil.which("soffice"))


def printed(office: str, folder, made: bytes) -> list[list[Word]]:
    """The words of every page of the PDF that LibreOffice makes of a deck."""
    (folder / "deck.pptx").write_bytes(made)
    own = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        office,
        own,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "deck.pptx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    subprocess.run(
        ["pdftotext", "-bbox", str(folder / "deck.pdf"), str(folder / "words.html")], check=True, timeout=60
    )
    text = re.sub(r"<!DOCTYPE[^>]*>", "", (folder / "words.html").read_text(encoding="utf-8"))
    space = "{http://www.w3.org/1999/xhtml}"
    return [
        [_word(node) for node in page.iter(f"{space}word")]
        for page in ElementTree.fromstring(text).iter(f"{space}page")
    ]


def _word(node) -> Word:
    return Word(node.text or "", *(float(node.get(name)) for name in ("xMin", "yMin", "xMax", "yMax")))


@pytest.fixture(scope="module")
def paper(office, made, tmp_path_factory):
    return printed(office, tmp_path_factory.mktemp("paper"), made)


def together(text: str) -> str:
    return "".join(text.split())


def lost(page, words: list[Word]) -> list[str]:
    """Texts of a slide that its printed page lacks, wherever on it they would stand."""
    seen = together("".join(word.text for word in words))
    letters = set(seen)
    found = [text for text in texts_of(page) if together(text) not in seen and text != "‹#›"]
    # lines of text boxes are printed in an order of their own
    return [
        text
        for text in found
        if not all(together(part) in seen for part in text.split()) or set(together(text)) - letters
    ]


def test_every_slide_is_printed_with_all_its_text(pages, paper):
    assert len(paper) == len(pages)
    for page, words in zip(pages, paper, strict=True):
        assert lost(page, words) == [], headline(page)


def test_every_printed_word_is_inside_the_page(paper):
    for words in paper:
        for word in words:
            assert word.left >= -0.5, word
            assert word.right <= PAGE[0] + 0.5, word
            assert word.top >= -0.5, word
            assert word.bottom <= PAGE[1] + 0.5, word


def test_nothing_runs_into_the_source_line(paper):
    for words in paper:
        foot = [word for word in words if word.bottom > 512]
        assert " ".join(word.text for word in foot).count("snapshot") == 1, foot
        assert len({round(word.top) for word in foot}) <= 2, foot


def test_headlines_take_no_more_lines_than_were_measured(pages, paper):
    for page, words in zip(pages[1:], paper[1:], strict=True):
        title = box(page.shapes.title)
        first = headline(page).split()[0]
        lines = [
            word for word in words if title[1] - 6 <= word.top <= title[3] + 2 and word.bottom - word.top > 20
        ]
        assert any(first.startswith(word.text) or word.text.startswith(first) for word in lines), headline(
            page
        )
        assert max(word.bottom for word in lines) <= title[3] + 6, headline(page)


@pytest.fixture(scope="module")
def korean() -> bytes:
    """A deck in Korean: sentences, an axis with a title of two lines, and names that mean harm."""
    axes = {"x": {"title": "지출 1단위당<br>(비용을 뺀 수익)"}, "y": {"range": [0, 1], "tickformat": ".0%"}}
    marks = {"type": "scatter", "mode": "markers", "x": [1, 2], "y": [0.0, 1.0]}
    names = bar_figure([name[:24] for name in HOSTILE], [1] * len(HOSTILE))
    with speaking("ko"):
        return deck(
            story(
                slide(headline=KOREAN, question=KOREAN, evidence="A: 측정 · 80% 구간", points=(KOREAN, "재구매와 추천"),
                      figure=bar_figure(["유료 검색", "추천 프로그램"], [3, 4])),
                slide(headline=KOREAN, points=(), figure=charts.figure([marks], "수익", **axes)),
                slide(headline=HOSTILE[-1], points=HOSTILE[:3], figure=names),
                title=KOREAN, company="가상의 회사", days="2025년 10월 1일∼2026년 9월 30일", missing=(KOREAN,) * 3,
                settings=tuple(Entry(f"설정 {n}", KOREAN) for n in range(14)),
            )
        )  # fmt: skip


@pytest.fixture(scope="module")
def korean_paper(office, korean, tmp_path_factory):
    return printed(office, tmp_path_factory.mktemp("korean"), korean)


def test_korean_and_hostile_words_are_printed_inside_the_page(korean, korean_paper):
    assert len(korean_paper) == len(opened(korean).slides)
    test_every_printed_word_is_inside_the_page(korean_paper)
    seen = together("".join(word.text for word in korean_paper[1]))
    assert together("유료 검색") in seen
    assert all(together(part) in seen for part in KOREAN.split() if part.isalpha())
    for page in korean_paper:
        assert max(word.bottom for word in page if word.top < 500) <= 512


def test_charts_are_printed_where_the_words_around_them_expect_them(korean, korean_paper):
    """Also below a title of two Korean lines, for which LibreOffice would shrink a chart that leaves it no room."""
    page = list(opened(korean).slides)[2]
    frame = next(shape for shape in every_shape(page.shapes) if getattr(shape, "has_chart", False))
    layout = frame.chart._chartSpace.find(f".//{CHART}plotArea/{CHART}layout/{CHART}manualLayout")
    share = {name: float(layout.find(f"{CHART}{name}").get("val")) for name in "yh"}
    _left, top, _right, bottom = box(frame)
    for text, height in (("0%", 0.0), ("100%", 1.0)):
        tick = next(word for word in korean_paper[2] if word.text == text and word.top > 130)
        expected = top + (bottom - top) * (share["y"] + (1 - height) * share["h"])
        assert (tick.top + tick.bottom) / 2 == pytest.approx(expected, abs=1.5), text
