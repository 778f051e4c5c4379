"""The deck as PowerPoint opens it: slides, placeholders, notes, appendix, and text that is nothing but text."""

import numpy as np
import pandas as pd
import pytest
from pptx.util import Pt

from analytics.reporting import charts
from analytics.reporting.columns import described
from analytics.reporting.deck import deck
from analytics.reporting.deck_shapes import Box
from analytics.reporting.deck_tables import table_grids
from analytics.reporting.slides import Entry
from tests.reporting.deck_reading import (
    DRAWING,
    box,
    charts_of,
    every_shape,
    headline,
    notes,
    numbers_of,
    opened,
    overlap,
    problems,
    sizes,
    tables_of,
    texts_of,
    texts_of_chart,
    workbooks,
)
from tests.reporting.stories import HOSTILE, LOAD, bar_figure, slide, story


@pytest.fixture(scope="module")
def small():
    words = slide(key="words", figure=None, table=pd.DataFrame(), headline="Two things are to be decided.")
    table = slide(key="table", figure=None, headline="Search wins.")
    return deck(story(slide(), table, words, missing=("Social selling: " + LOAD,)))


@pytest.fixture(scope="module")
def pages(small):
    return list(opened(small).slides)


def test_the_package_holds_together(small):
    assert problems(small) == []


def test_slides_are_16_to_9_and_every_one_has_a_title(small, pages):
    made = opened(small)
    assert (made.slide_width, made.slide_height) == (Pt(960), Pt(540))
    assert [headline(page) for page in pages] == [
        "Should the next budget go to new or to existing customers?",
        "58\u00a0% of revenue came from reorders and referrals, on 13\u00a0% of the budget.",
        "Search wins.",
        "Two things are to be decided.",
        "What is missing, and which export would bring it",
        "The figures of this story, with their 80\u00a0% ranges",
        "What every number rests on: filters and assumptions",
        "What the terms mean",
        "What is known about the data",
    ]


def test_layouts_are_real_ones(small, pages):
    made = opened(small)
    assert [layout.name for layout in made.slide_layouts] == [
        "Title", "Headline and chart", "Headline and table", "Headline and words",
    ]  # fmt: skip
    assert [page.slide_layout.name for page in pages[:4]] == [layout.name for layout in (
        made.slide_layouts[0], made.slide_layouts[1], made.slide_layouts[2], made.slide_layouts[3],
    )]  # fmt: skip
    for page in pages:
        kinds = {shape.placeholder_format.type for shape in page.placeholders}
        assert {"FOOTER", "SLIDE_NUMBER"} <= {kind.name for kind in kinds}


def test_theme_holds_the_colours_of_the_roles_and_fonts_for_korean(small):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(small)) as package:
        theme = package.read("ppt/theme/theme1.xml").decode()
    assert '<a:accent1><a:srgbClr val="0072B2"/>' in theme
    assert '<a:accent2><a:srgbClr val="D55E00"/>' in theme
    assert '<a:accent3><a:srgbClr val="009E73"/>' in theme
    assert '<a:ea typeface="Malgun Gothic"/>' in theme


def test_a_chart_is_native_and_holds_the_figures_numbers(small, pages):
    (chart,) = charts_of(pages[1])
    assert chart.plots[0].categories[0] == "search"
    assert list(chart.plots[0].series[0].values) == [120.0, 40.0]
    assert charts_of(pages[2]) == []


def test_what_stands_around_a_chart(pages):
    said = texts_of(pages[1])
    assert "Where do revenue and cost come from?" in said
    assert "Counted" in said
    assert {"Search brings three of four.", "Display brings the rest."} <= set(said)
    assert any("1 October 2025 to 30 September 2026" in text and "a1b2c3d4" in text for text in said)


def test_notes_hold_message_doubt_method_and_own_words(pages):
    said = notes(pages[1])
    for part in ("Say this slowly.", "58\u00a0% of revenue", "Would they not have come anyway?",
                 "A holdout of 10\u00a0% says", "Orders are counted by the channel on record.", "a1b2c3d4"):  # fmt: skip
        assert part in said


def test_a_slide_kept_from_another_view_says_which():
    kept = slide(
        snapshot="older", days="Q1 2025", settings=(Entry("Segment", "home"),), page="value?workspace=secret"
    )
    page = opened(deck(story(kept))).slides[1]
    assert any("Q1 2025" in text and "older" in text for text in texts_of(page))
    assert "Segment: home" in notes(page)
    assert "From the page value, snapshot older." in notes(page)
    assert "workspace=secret" not in notes(page)


def test_figures_of_the_appendix_are_written_by_their_unit(pages):
    rows = [[cell.text for cell in row.cells] for row in tables_of(pages[5])[0].rows]
    assert rows[1:] == [
        ["Cost to win a customer", "€61.25", ""],
        ["Customers who ordered again", "42\u00a0%", "40\u00a0% to 44\u00a0%"],
        ["Return on retention spend", "1.63", "1.31 to 1.94"],
        ["Customers", "6,021", ""],
        ["Payback", "n/a", ""],
    ]


def test_what_is_missing_is_said_only_where_something_is(pages):
    assert any("Social selling" in text for text in texts_of(pages[4]))
    whole = opened(deck(story(slide())))
    assert not any("What is missing" in headline(page) for page in whole.slides)


def test_nothing_is_outside_of_a_slide_or_on_another_shape(pages):
    for page in pages:
        boxes = [box(shape) for shape in page.shapes]
        for left, top, right, bottom in boxes:
            assert left >= 0
            assert top >= 0
            assert right <= 960.01
            assert bottom <= 540.01
        for n, one in enumerate(boxes):
            for other in boxes[n + 1 :]:
                assert min(overlap(one, other)) < 1


def test_no_text_is_under_12_points_and_no_headline_under_22(small, pages):
    assert min(sizes(small)) >= 12
    for page in pages:
        assert page.shapes.title.text_frame.paragraphs[0].runs[0].font.size >= Pt(22)


@pytest.mark.parametrize("words", [8, 25, 60, 200])
def test_a_headline_of_any_length_leaves_room_for_the_chart(words):
    page = opened(deck(story(slide(headline="Existing customers bring more " * (words // 4)))))
    page = page.slides[1]
    title = box(page.shapes.title)
    chart = next(shape for shape in page.shapes if shape.shape_type == 6)
    assert title[3] <= box(chart)[1]
    assert chart.height >= Pt(150)


def test_a_long_badge_stands_below_the_headline():
    page = opened(
        deck(story(slide(evidence="A: measured · 80 % interval: " + "1.63 (1.31 to 1.94), " * 6)))
    ).slides[1]
    badge = next(shape for shape in page.shapes if shape.name.startswith("Evidence"))
    assert box(badge)[1] >= box(page.shapes.title)[3]


def test_a_long_table_goes_on_over_several_slides_with_its_head():
    table = pd.DataFrame({"Customer group": [f"group {n}" for n in range(60)], "Orders": range(60)})
    made = opened(deck(story(slide(figure=None, table=table))))
    pages = [
        page for page in made.slides if tables_of(page) and "group" in tables_of(page)[0].cell(1, 0).text
    ]
    assert len(pages) > 1
    rows = [row.cells[0].text for page in pages for row in tables_of(page)[0].rows]
    assert [text for text in rows if text != "Customer group"] == [f"group {n}" for n in range(60)]
    assert rows.count("Customer group") == len(pages)
    assert f"(1 of {len(pages)})" in " ".join(texts_of(pages[0]))


@pytest.mark.parametrize("rows", [0, 1, 2, 19, 20, 21, 100])
def test_a_table_keeps_every_row(rows):
    grids = table_grids(pd.DataFrame({"n": range(rows)}), Box(0, 0, 880, 380))
    assert [row[0].text for grid in grids for row in grid.rows[1:]] == [str(n) for n in range(rows)]
    assert all(grid.height <= 380 for grid in grids)


def test_a_wide_table_says_what_it_leaves_out():
    table = pd.DataFrame([[1] * 14], columns=[f"c{n}" for n in range(14)])
    page = opened(deck(story(slide(figure=None, table=table)))).slides[1]
    assert len(tables_of(page)[0].columns) == 10
    assert any("4 more columns" in text for text in texts_of(page))


def test_columns_that_name_persons_are_left_out_unless_asked_for():
    table = described(pd.DataFrame({"Person": ["Ann Lee", "Bo Kim"], "Orders": [3, 4]}), personal=("Person",))
    named = slide(figure=None, table=table, personal=("Person",))
    quiet, loud = (deck(story(named), personal=asked) for asked in (False, True))
    assert not any("Ann" in text for page in opened(quiet).slides for text in texts_of(page))
    assert any("Ann Lee" in text for page in opened(loud).slides for text in texts_of(page))


def test_hover_texts_are_not_taken_over():
    figure = bar_figure(["search"], [3])
    figure.data[0].update(customdata=["secret customer"], hovertemplate="%{customdata} secret")
    made = deck(story(slide(figure=figure)))
    assert all("secret" not in text for page in opened(made).slides for text in texts_of(page))
    assert all(
        "secret" not in str(value) for book in workbooks(made) for row in book.active.values for value in row
    )


def test_text_never_becomes_a_formula_in_the_workbook_of_a_chart():
    figure = bar_figure(list(HOSTILE), list(range(1, len(HOSTILE) + 1)))
    named = charts.figure(
        [{"type": "scatter", "mode": "lines", "name": "=HYPERLINK(1)", "x": ["=a", "+b"], "y": [1, 2]}],
        "=1+1",
        y={"title": "=2"},
    )
    made = deck(story(slide(figure=figure), slide(figure=named)))
    cells = [cell for book in workbooks(made) for row in book.active.iter_rows() for cell in row]
    assert cells
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=1+1" in [cell.value for cell in cells]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]


def test_hostile_names_do_not_break_the_file():
    table = pd.DataFrame({"Name": HOSTILE, "=Count": range(len(HOSTILE))})
    every = [slide(headline=name, question=name, evidence=name, points=(name,) * 3, note=name, method=name, name=name,
                   figure=bar_figure(list(HOSTILE), [1.0] * len(HOSTILE)), table=table) for name in HOSTILE]  # fmt: skip
    made = deck(
        story(*every, slide(figure=None, table=table), title=HOSTILE[-1], company=HOSTILE[6], days=HOSTILE[-1],
              missing=HOSTILE, quality=HOSTILE, definitions=tuple(Entry(name, name) for name in HOSTILE))
    )  # fmt: skip
    assert problems(made) == []
    pages = list(opened(made).slides)
    assert headline(pages[1]) == "=1+1"
    assert "\u202e" not in "".join(text for page in pages for text in texts_of(page))
    assert "한국어 채널" in texts_of_chart(charts_of(pages[1])[0])
    assert "<script>&amp;</script>" in texts_of_chart(charts_of(pages[1])[0])
    for page in pages:
        for shape in page.shapes:
            assert box(shape)[2] <= 960.01
            assert box(shape)[3] <= 540.01


def test_a_story_of_nothing_is_a_deck_too():
    empty = story(
        numbers=pd.DataFrame(columns=story().numbers.columns),
        settings=(),
        definitions=(),
        quality=(),
        notes=(),
    )
    made = deck(empty)
    assert problems(made) == []
    assert len(opened(made).slides) == 1


def test_a_chart_of_nothing_is_drawn_empty():
    nothing = [
        {"type": "scatter", "mode": "markers", "x": [], "y": []},
        {"type": "bar", "x": ["a"], "y": [np.nan]},
    ]
    for traces in ([], *([trace] for trace in nothing)):
        assert problems(deck(story(slide(figure=charts.figure(traces, "Nothing"))))) == []


def test_too_many_points_are_thinned_and_the_slide_says_so():
    x = np.arange(5000)
    page = opened(
        deck(
            story(
                slide(
                    figure=charts.figure([{"type": "scatter", "mode": "markers", "x": x, "y": x % 7}], "Many")
                )
            )
        )
    ).slides[1]
    (chart,) = charts_of(page)
    assert len(list(chart.plots[0].series[0].values)) == 2000
    assert {0.0, 4999.0} <= numbers_of(chart)
    assert any("Of 5,000 points, 2,000 are drawn" in text for text in texts_of(page))


def test_charts_and_tables_are_described_for_who_cannot_see_them(pages):
    frames = [shape for page in pages for shape in every_shape(page.shapes) if shape.shape_type in (3, 19)]
    assert frames
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in frames)


def test_korean_text_is_marked_as_korean():
    from analytics.language import speaking

    with speaking("ko"):
        page = opened(deck(story(slide(headline="매출의 58 %가 재구매와 추천에서 나왔습니다.")))).slides[1]
    run = page.shapes.title.text_frame.paragraphs[0].runs[0]
    assert run._r.find(f"{DRAWING}rPr").get("lang") == "ko-KR"
