"""The workbook: the answer, the table behind every slide with ratios as formulas, definitions, and data quality.

Nothing in it comes alive that was not written here: text from files is written as text, whatever it begins with, and
neither formulas nor links are made of it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.deck_words import clean
from analytics.reporting.personal import without_persons
from analytics.reporting.workbook_cells import Formats, line, text
from analytics.reporting.workbook_sheets import sheet_names, table_sheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from analytics.reporting.slides import Entry, Slide, Story

WIDTHS = (44, 18, 18, 18, 40)
PAPER_A4 = 9
OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip


def workbook(story: Story, personal: bool = False) -> bytes:
    """The story as an .xlsx file. personal: with the columns that name persons."""
    from xlsxwriter import Workbook

    slides = story.slides if personal else tuple(without_persons(slide) for slide in story.slides)
    shown = [slide for slide in slides if len(slide.table) and len(slide.table.columns)]
    answer, definitions, quality = _("Answer"), _("Definitions"), _("Data quality")
    names = sheet_names([answer, *(slide.name for slide in shown), definitions, quality])
    out = io.BytesIO()
    with Workbook(out, OPTIONS) as book:
        book.set_properties(
            {"title": clean(story.title), "company": clean(story.company), "comments": _origin(story)}
        )
        formats = Formats(book, story.currency)
        _answer(_sheet(book, story, names[0]), story, slides, formats)
        for slide, name in zip(shown, names[1:-2], strict=True):
            table_sheet(_sheet(book, story, name, slide), slide, formats, _kept(story, slide))
        _definitions(_sheet(book, story, names[-2]), story, formats)
        _quality(_sheet(book, story, names[-1]), story, formats)
    return out.getvalue()


def _sheet(book: Workbook, story: Story, name: str, slide: Slide | None = None) -> Worksheet:
    """An empty sheet that prints on A4, as many pages long as it takes, with company, days and snapshot.

    slide: whose table it holds; it may be of other days and data than the story.
    """
    sheet = book.add_worksheet(name)
    sheet.set_paper(PAPER_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.65)
    company, days, origin = (
        _for_print(part)
        for part in (story.company, (slide.days if slide else "") or story.days, _origin(slide or story))
    )
    sheet.set_header(f"&L&8{company}&R&8{days}")
    sheet.set_footer(f"&L&8{origin}&R&8&P / &N")
    sheet.hide_gridlines(2)
    return sheet


def _for_print(words: str) -> str:
    """Words in a printed header: & begins an instruction there, and a digit would be read as part of a font's size."""
    return " " + clean(words)[:70].replace("&", "&&")


def _origin(made: Story | Slide) -> str:
    return _("Snapshot {snapshot}").format(snapshot=clean(made.snapshot))


def _kept(story: Story, slide: Slide) -> str:
    """Said of a slide that was kept from other data, days or settings than the story's."""
    parts = [_origin(slide)] if slide.snapshot != story.snapshot else []
    parts += [slide.days] if slide.days and slide.days != story.days else []
    parts += [f"{entry.term}: {entry.text}" for entry in slide.settings]
    return " · ".join(clean(part) for part in parts)


def _answer(sheet: Worksheet, story: Story, slides: tuple[Slide, ...], formats: Formats) -> None:
    """Title, what every slide says, the headline figures, and what they depend on."""
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    row = line(sheet, 0, story.title, formats.quiet)
    for number, headline in enumerate(dict.fromkeys(slide.headline for slide in slides)):
        row = line(sheet, row, headline, formats.wrapped if number else formats.answer)
    row = _figures(sheet, row + 1, story, formats)
    row = _entries(sheet, row + 1, _("Settings"), [*_facts(story), *story.settings], formats)
    _list(sheet, row + 1, _("What is missing"), story.missing, formats)


def _figures(sheet: Worksheet, row: int, story: Story, formats: Formats) -> int:
    """The headline figures as numbers, with their ranges; the row below them."""
    headers = (_("Headline figure"), _("value"), _("from (80 %)"), _("to (80 %)"))
    for column, header in enumerate(headers):
        text(sheet, row, column, header, formats.header_right if column else formats.header)
    for figure in story.numbers.to_dict("records"):
        row += 1
        text(sheet, row, 0, figure["label"], formats.text)
        is_whole = figure["unit"] == "count" and float(figure["value"]).is_integer()
        unit = "whole" if is_whole else figure["unit"]
        for column, name in enumerate(("value", "low", "high"), 1):
            if wording.known(figure[name]):
                sheet.write_number(row, column, figure[name], formats.number(unit))
            else:
                text(sheet, row, column, _("n/a") if name == "value" else "", formats.right)
    return row + 1


def _facts(story: Story) -> Iterator[Entry]:
    from analytics.reporting.slides import Entry

    yield Entry(_("Company"), story.company)
    if story.is_sample:
        yield Entry(_("Data"), _("Sample company, made up"))
    yield Entry(_("Days"), story.days)
    yield Entry(_("Snapshot"), story.snapshot)
    yield Entry(_("Currency"), story.currency or _("not set"))


def _entries(sheet: Worksheet, row: int, title: str, entries: Iterable[Entry], formats: Formats) -> int:
    text(sheet, row, 0, title, formats.header)
    text(sheet, row, 1, "", formats.header)
    for entry in entries:
        row += 1
        text(sheet, row, 0, entry.term, formats.text)
        text(sheet, row, 1, entry.text, formats.text)
    return row + 1


def _list(sheet: Worksheet, row: int, title: str, sentences: Iterable[str], formats: Formats) -> int:
    sentences = list(sentences)
    if not sentences:
        return row
    text(sheet, row, 0, title, formats.header)
    row += 1
    for sentence in sentences:
        row = line(sheet, row, sentence, formats.wrapped)
    return row + 1


def _definitions(sheet: Worksheet, story: Story, formats: Formats) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 104)
    for column, header in enumerate((_("term"), _("what it means"))):
        text(sheet, 0, column, header, formats.header)
    for row, entry in enumerate(story.definitions, 1):
        text(sheet, row, 0, entry.term, formats.text)
        text(sheet, row, 1, entry.text, formats.wrapped)
    sheet.freeze_panes(1, 0)


def _quality(sheet: Worksheet, story: Story, formats: Formats) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    row = _list(sheet, 0, _("Data quality"), story.quality, formats)
    _list(sheet, row, _("Notes"), story.notes, formats)
