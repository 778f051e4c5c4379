"""The deck: a story as a PowerPoint file, with charts and tables that can be edited there.

Made by python-pptx alone, without a browser and without pictures; python-pptx is imported in the deck's modules only.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.deck_figure import drawing_of
from analytics.reporting.deck_slides import (
    Said,
    body_of,
    chart_slide,
    pages_of_words,
    table_slide,
    title_slide,
    words_slide,
)
from analytics.reporting.deck_tables import table_grids
from analytics.reporting.deck_theme import empty_deck
from analytics.reporting.deck_words import clean
from analytics.reporting.personal import without_persons
from analytics.reporting.slides import Entry, Slide, Story
from analytics.reporting.story_numbers import written

MOST_POINTS = 3
MOST_TABLE_COLUMNS = 10
WORDS_SIZE = 16.0


def deck(story: Story, personal: bool = False) -> bytes:
    """The story as a .pptx of 16 : 9: title, a slide per message, what is missing, and an appendix.

    personal: whether columns that name persons, and their names in charts, are shown.
    """
    made = empty_deck()
    source = _source(story)
    lines = [
        story.company,
        story.days,
        _("Computed from the data of snapshot {snapshot}.").format(snapshot=story.snapshot),
    ]
    if story.is_sample:
        lines.append(_("Sample company, made up"))
    title_slide(made, story.title, list(dict.fromkeys(lines)), source)
    for slide in story.slides:
        for page in _message(made, slide if personal else without_persons(slide), story):
            _noted(page, slide)
    _words(
        made,
        _("What this story leaves out"),
        _("What is missing, and which export would bring it"),
        story.missing,
        source,
    )
    _appendix(made, story, source)
    _signed(made, story)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _message(made: Any, slide: Slide, story: Story) -> list[Any]:
    """The slides of one message: one with a chart, several where a table is long."""
    source = _source(story, slide)
    said = Said(slide.question, slide.headline, slide.evidence, slide.points[:MOST_POINTS], source)
    if slide.figure is not None:
        return [chart_slide(made, said, drawing_of(slide.figure), slide.name)]
    if len(slide.table.columns) and len(slide.table):
        return _tables(made, said, slide.table, slide.name)
    return [words_slide(made, said)]


def _tables(made: Any, said: Said, table: pd.DataFrame, name: str) -> list[Any]:
    """A table on as many slides as it needs, points on the first of them only."""
    left_out = len(table.columns) - MOST_TABLE_COLUMNS
    if left_out > 0:
        table = table.iloc[:, :MOST_TABLE_COLUMNS]
        said = said._replace(remark=_("Not shown: {n} more columns.").format(n=left_out))
    room = body_of(said)
    grids = table_grids(table, room._replace(h=room.h - (90 if said.points else 0)))
    pages = []
    for n, grid in enumerate(grids, 1):
        part = said._replace(points=said.points if n == 1 else ())
        if len(grids) > 1:
            part = part._replace(
                question=_("{question} ({n} of {all})").format(question=said.question, n=n, all=len(grids))
            )
        pages.append(table_slide(made, part, grid, name))
    return pages


def _words(made: Any, question: str, headline: str, sentences: Sequence[str], source: str) -> None:
    """Sentences on as many slides as they need; none for none."""
    if not sentences:
        return
    said = Said(question, headline, source=source)
    for page in pages_of_words(sentences, WORDS_SIZE, body_of(said)):
        words_slide(made, said._replace(points=tuple(page)), WORDS_SIZE)


def _appendix(made: Any, story: Story, source: str) -> None:
    """Figures, settings, terms, and what is known about the data."""
    question = _("Appendix")
    if len(story.numbers):
        said = Said(question, _("The figures of this story, with their 80 % ranges"), source=source)
        _tables(made, said, _figures(story), _("Figures"))
    for headline, entries, heads in (
        (
            _("What every number rests on: filters and assumptions"),
            story.settings,
            (_("setting"), _("value")),
        ),
        (_("What the terms mean"), story.definitions, (_("term"), _("meaning"))),
    ):
        if entries:
            _tables(made, Said(question, headline, source=source), _entries(entries, heads), headline)
    _words(made, question, _("What is known about the data"), (*story.quality, *story.notes), source)


def _figures(story: Story) -> pd.DataFrame:
    rows = []
    for row in story.numbers.to_dict("records"):
        value, low, high = (
            written(row["key"], row[end], row["unit"], story.currency) for end in ("value", "low", "high")
        )
        has_range = wording.known(row["low"]) and wording.known(row["high"])
        rows.append(
            (row["label"], value, _("{low} to {high}").format(low=low, high=high) if has_range else "")
        )
    return pd.DataFrame(rows, columns=[_("figure"), _("value"), _("80 % range")])


def _entries(entries: Sequence[Entry], heads: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([(entry.term, entry.text) for entry in entries], columns=list(heads))


def _noted(page: Any, slide: Slide) -> None:
    """What the presenter reads: message, the sceptic's question and its answer, method, and own words."""
    parts = [
        slide.note,
        slide.headline,
        *slide.points,
        _("A sceptic asks: {question}").format(question=slide.question_asked) if slide.question_asked else "",
        slide.reply,
        _("Method: {method}").format(method=slide.method) if slide.method else "",
        _("How well it is known: {evidence}").format(evidence=slide.evidence) if slide.evidence else "",
        *(f"{entry.term}: {entry.text}" for entry in slide.settings),
        _("From the page {page}, snapshot {snapshot}.").format(
            page=slide.page.partition("?")[0] or slide.key, snapshot=slide.snapshot
        ),
    ]
    page.notes_slide.notes_text_frame.text = "\n".join(clean(part) for part in parts if part.strip())


def _source(story: Story, slide: Slide | None = None) -> str:
    """Whose data, which days, which snapshot: the slide's own where it was kept from another view."""
    days = (slide.days if slide else "") or story.days
    snapshot = slide.snapshot if slide else story.snapshot
    source = _("Source: {company}, {days}; snapshot {snapshot}.").format(
        company=story.company, days=days, snapshot=snapshot
    )
    sample = _("Sample company, made up")
    return f"{sample}. {source}" if story.is_sample and story.company != sample else source


def _signed(made: Any, story: Story) -> None:
    """What the file says of itself."""
    about, now = made.core_properties, datetime.now(UTC).replace(tzinfo=None)
    about.title, about.subject = clean(story.title)[:255], clean(story.days)[:255]
    about.author = about.last_modified_by = clean(story.company)[:255]
    about.keywords = clean(f"snapshot {story.snapshot}")[:255]
    about.comments = about.category = ""
    about.created = about.modified = now
    about.revision = 1
