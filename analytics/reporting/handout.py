"""The hand-out: one page that is read after the meeting, from a mail's attachment, without a network, and on paper.

Everything is within the file: plotly.js once, the charts' data, style. A strict content policy lets only its own two
scripts run and nothing be fetched. Every text is escaped: names from files are shown, and never come alive.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from analytics.decisions import wording
from analytics.language import current
from analytics.language import gettext as _
from analytics.reporting import charts, handout_charts, handout_tables
from analytics.reporting.deck_words import clean
from analytics.reporting.personal import without_persons
from analytics.reporting.slides import Entry, Slide, Story
from analytics.reporting.story_numbers import written

MOST_BYTES = 5_900_000
MOST_CARDS = 8  # headline figures before the slides
HERE = Path(__file__).parent


class Limits(NamedTuple):
    """How many rows of a table, and points of a trace, the page holds."""

    rows: int
    points: int


# The first with which the page stays under MOST_BYTES is taken.
LIMITS = (Limits(200, 3_000), Limits(80, 1_000), Limits(25, 300), Limits(8, 100))


def handout(story: Story, personal: bool = False) -> str:
    """The whole page as HTML, under 6 MB. personal: with the columns and hover texts that name persons."""
    slides = story.slides if personal else tuple(without_persons(slide) for slide in story.slides)
    room = MOST_BYTES - len(_scripts().encode())
    for limits in LIMITS:
        body = _body(story, slides, limits)
        if len(body.encode()) <= room:
            break
    return (
        f'<!doctype html>\n<html lang="{current()}">\n<head>\n{_head(story)}</head>\n'
        f"<body>\n{body}\n{_scripts()}</body>\n</html>\n"
    )


def _head(story: Story) -> str:
    name = " · ".join(clean(part) for part in (story.title, story.company, story.days) if part)
    return (
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<title>{escape(name)}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>\n{_read('handout.css')}{_paper(story)}</style>\n"
    )


def _policy() -> str:
    """Nothing but the two scripts of the page itself, its style, and pictures within it."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in (_plotly(), _read("handout.js")))
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _paper(story: Story) -> str:
    """Header and footer of printed pages: company, days, snapshot, page of pages."""
    left = _in_style(story.company)
    right = _in_style(_("Snapshot {snapshot}").format(snapshot=story.snapshot))
    page = _in_style(_("Page")) + ' " " counter(page) " / " counter(pages)'
    look = "font: 8pt system-ui, sans-serif; color: #52606d;"
    return (
        "@page { size: A4; margin: 19mm 13mm 16mm; "
        f"@top-left {{ content: {left}; {look} }} @top-right {{ content: {_in_style(story.days)}; {look} }} "
        f"@bottom-left {{ content: {right}; {look} }} @bottom-right {{ content: {page}; {look} }} }}\n"
    )


def _in_style(text: str) -> str:
    """The text as a string of CSS in which no letter means anything."""
    letters = (
        letter if letter.isalnum() and letter.isascii() else f"\\{ord(letter):x} " for letter in clean(text)
    )
    return f'"{"".join(letters)}"'


def _body(story: Story, slides: tuple[Slide, ...], limits: Limits) -> str:
    numbered, skip = list(enumerate(slides, 1)), _("To the slides")
    parts = [
        f'<a class="skip" href="#content">{escape(skip)}</a>',
        _answer(story, slides),
        '<main id="content">',
        _figures(story),
        *(_slide(story, slide, number, limits) for number, slide in numbered),
        _ground(story),
        "</main>",
        _foot(story),
        *(_drawing(slide, number, limits) for number, slide in numbered),
    ]
    return "\n".join(part for part in parts if part)


def _answer(story: Story, slides: tuple[Slide, ...]) -> str:
    """The question, the answer with how well it is known, and what every other slide says."""
    made_up = _("Sample company, made up")
    sample = _badge(made_up, "badge sample") if story.is_sample and story.company != made_up else ""
    first = slides[0] if slides else None
    answer = f'<p class="answer">{_text(first.headline)}</p>{_badge(first.evidence)}' if first else ""
    return (
        f'<header><p class="from">{_text(_joined(story.company, story.days))} {sample}</p>'
        f"<h1>{_text(story.title)}</h1>{answer}{_in_short(slides)}</header>"
    )


def _in_short(slides: tuple[Slide, ...]) -> str:
    """What the other slides say, each sentence once, as links to them."""
    first_at: dict[str, int] = {}
    for number, slide in enumerate(slides, 1):
        first_at.setdefault(slide.headline, number)
    rows = "".join(
        f'<li><a href="#slide-{number}">{_text(headline)}</a></li>'
        for headline, number in first_at.items()
        if number > 1
    )
    name = _("In short")
    return f'<nav aria-label="{escape(name)}"><ul class="short">{rows}</ul></nav>' if rows else ""


def _figures(story: Story) -> str:
    """The first of the headline figures; all of them stand behind the slides, where there are more."""
    cards = [
        f"<div><dt>{_text(row['label'])}</dt><dd>{_text(_written(row, row['value'], story))}"
        f'<span class="range">{_text(_range(row, story))}</span></dd></div>'
        for row in story.numbers.head(MOST_CARDS).to_dict("records")
    ]
    return _part(_("Headline figures"), f'<dl class="figures">{"".join(cards)}</dl>' if cards else "")


def _all_figures(story: Story) -> str:
    if len(story.numbers) <= MOST_CARDS:
        return ""
    heads = "".join(
        f'<th scope="col">{_text(head)}</th>' for head in (_("figure"), _("value"), _("80 % range"))
    )
    rows = "".join(
        f'<tr><th scope="row">{_text(row["label"])}</th><td>{_text(_written(row, row["value"], story))}</td>'
        f"<td>{_text(_range(row, story))}</td></tr>"
        for row in story.numbers.to_dict("records")
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _range(row: dict, story: Story) -> str:
    if not wording.known(row["low"]) or not wording.known(row["high"]):
        return ""
    low, high = (_written(row, row[end], story) for end in ("low", "high"))
    return _("{low} to {high}").format(low=low, high=high)


def _written(row: dict, value: float, story: Story) -> str:
    return written(row["key"], value, row["unit"], story.currency) if wording.known(value) else _("n/a")


def _slide(story: Story, slide: Slide, number: int, limits: Limits) -> str:
    parts = [
        f'<p class="question">{_text(slide.question)}</p>',
        f'<h2 id="title-{number}">{_text(slide.headline)}</h2>',
        _badge(slide.evidence),
        _chart(slide, number),
        _listed(slide.points, "points"),
        _titled(_("How is this computed?"), slide.method),
        _reply(slide),
        handout_tables.folded(slide.table, slide.name, story.currency, limits.rows),
        _elsewhere(story, slide),
    ]
    return f'<section class="slide" id="slide-{number}" aria-labelledby="title-{number}">{"".join(parts)}</section>'


def _chart(slide: Slide, number: int) -> str:
    if slide.figure is None:
        return ""
    kind = handout_charts.kind(slide.figure)
    instead = _("The chart could not be drawn here; its numbers are in the table.")
    return (
        f'<figure><figcaption>{_text(handout_charts.title(slide.figure))}</figcaption><div class="scroll" tabindex="0" '
        f'role="region" aria-label="{escape(clean(slide.name))}"><div class="{kind}" role="img" '
        f'aria-label="{escape(handout_charts.spoken(slide))}" data-drawing="drawing-{number}">{_text(instead)}</div></div>'
        "</figure>"
    )


def _drawing(slide: Slide, number: int, limits: Limits) -> str:
    if slide.figure is None:
        return ""
    return _data(f"drawing-{number}", handout_charts.drawing(slide.figure, limits.points))


def _reply(slide: Slide) -> str:
    """What a sceptic asks, and the answer."""
    if not slide.question_asked:
        return ""
    asked = _("A sceptic asks: {question}").format(question=slide.question_asked)
    return f'<div class="reply"><h3>{_text(asked)}</h3><p>{_text(slide.reply)}</p></div>'


def _elsewhere(story: Story, slide: Slide) -> str:
    """Said of a slide that was kept from other data, days or settings than the story's."""
    other = slide.snapshot if slide.snapshot != story.snapshot else ""
    parts = [_("Snapshot {snapshot}").format(snapshot=other)] if other else []
    parts += [slide.days] if slide.days and slide.days != story.days else []
    parts += [f"{entry.term}: {entry.text}" for entry in slide.settings]
    return f'<p class="quiet">{_text(_joined(*parts))}</p>' if parts else ""


def _ground(story: Story) -> str:
    """What the numbers rest on."""
    parts = [
        _part(_("All headline figures"), _all_figures(story)),
        _part(_("Settings"), _terms(story.settings)),
        _part(_("What is missing"), _listed(story.missing)),
        _part(_("Data quality"), _listed(story.quality)),
        _part(_("Notes"), _listed(story.notes)),
        _part(_("Definitions"), _terms(story.definitions)),
    ]
    found = "".join(parts)
    return f'<div class="ground">{found}</div>' if found else ""


def _foot(story: Story) -> str:
    said = (story.company, story.days, _("Snapshot {snapshot}").format(snapshot=story.snapshot))
    return f"<footer><p>{_text(_joined(*said))}</p></footer>"


def _part(title: str, content: str) -> str:
    return f"<section><h2>{_text(title)}</h2>{content}</section>" if content else ""


def _titled(title: str, text: str) -> str:
    return f"<h3>{_text(title)}</h3><p>{_text(text)}</p>" if text else ""


def _terms(entries: Iterable[Entry]) -> str:
    rows = "".join(
        f"<div><dt>{_text(entry.term)}</dt><dd>{_text(entry.text)}</dd></div>" for entry in entries
    )
    return f'<dl class="terms">{rows}</dl>' if rows else ""


def _listed(sentences: Iterable[str], kind: str = "") -> str:
    rows = "".join(f"<li>{_text(sentence)}</li>" for sentence in sentences if sentence)
    return f'<ul class="{kind}">{rows}</ul>' if rows else ""


def _badge(text: str, kind: str = "badge") -> str:
    return f'<span class="{kind}">{_text(text)}</span>' if text else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _text(text: str) -> str:
    """Any text as it stands within the page: escaped, and unable to turn the direction of what is around it."""
    return escape(clean(text))


def _scripts() -> str:
    look = handout_charts.for_page(
        {"template": handout_charts.LOOK, "config": {**charts.CONFIG, "responsive": True}}
    )
    own = _read("handout.js")
    return f"{_data('look', look)}\n<script>{_plotly()}</script>\n<script>{own}</script>\n"


def _data(name: str, json: str) -> str:
    return f'<script type="application/json" id="{name}">{json}</script>'


@cache
def _plotly() -> str:
    script = charts.script()
    if re.search("</script|<!--", script, re.IGNORECASE):
        raise ValueError(
            "This version of plotly.js cannot stand within a page: it holds the end of a script."
        )
    return script.replace("\r\n", "\n")


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
