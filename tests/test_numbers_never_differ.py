"""One number, wherever it is read: pages, command line, deck, hand-out and workbook of one view say the same.

In text a figure stands as every sentence writes it; the workbook and the JSON objects hold it in full.
"""

import html
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from analytics.commands import main
from analytics.decisions.assumptions import Assumptions
from analytics.language import speaking
from analytics.reporting.deck import deck
from analytics.reporting.handout import handout
from analytics.reporting.slides import Story
from analytics.reporting.story import read_story
from analytics.reporting.story_numbers import written
from analytics.warehouse.filters import Filters
from analytics.warehouse.sample import SAMPLE_WORKSPACE
from analytics.warehouse.store import Workspace, home

pytestmark = pytest.mark.slow

MEETING = {"deck": "deck.pptx", "handout": "handout.html", "workbook": "workbook.xlsx"}
QUICK_SECONDS = 120


@dataclass(frozen=True)
class View:
    """The same view as an address and as options of a command."""

    address: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        return self.address.get("lang", "en")


NARROWED = {"from": "2025-10-01", "to": "2026-09-30", "baseline": "0.5", "horizon": "6"}
NARROWED_OPTIONS = ("--from", "2025-10-01", "--to", "2026-09-30", "--baseline-share", "0.5", "--horizon", "6")
VIEWS = {
    "all": View(),
    "narrowed": View(NARROWED, NARROWED_OPTIONS),
    "all, in Korean": View({"lang": "ko"}, ("--language", "ko")),
}


@dataclass(frozen=True, eq=False)
class Said:
    """What every place says of one view. page: texts of the case's and of the meeting's page."""

    language: str
    story: Story
    case: dict
    answers: dict[str, dict]
    files: dict[str, Path]
    page: dict[str, str]


@pytest.fixture(scope="module")
def directory(own_home) -> Path:
    place = home() / SAMPLE_WORKSPACE
    with Workspace.open(place) as workspace:
        if not workspace.entries:
            workspace.load_sample()
    return place


@pytest.fixture(scope="module", params=VIEWS)
def said(request, directory, tmp_path_factory, repository) -> Said:
    view, out = VIEWS[request.param], tmp_path_factory.mktemp("out")
    files = {command: out / name for command, name in MEETING.items()}
    by_command = MEETING if request.param == "all" else ("workbook",)  # each works the whole story out anew
    answers = {name: asked(name, str(files[name]), *view.options, place=directory) for name in by_command}
    with Workspace.open(directory) as workspace, speaking(view.language):
        told = read_as(workspace, view)
        if "deck" not in answers:
            files["deck"].write_bytes(deck(told))
            files["handout"].write_text(handout(told), encoding="utf-8")
        of_case = asked("case", *view.options, place=directory)
        pages = {page: seen(repository, page, view) for page in ("case", "present")}
        return Said(view.language, told, of_case, answers, files, pages)


def read_as(workspace, view: View) -> Story:
    """The story of the library."""
    if "from" not in view.address:
        return read_story(workspace)
    days = [date.fromisoformat(view.address[end]) for end in ("from", "to")]
    given = Assumptions.of(workspace.settings, baseline_share=0.5, horizon_months=6)
    return read_story(workspace, Filters(*days), given)


def asked(*command: str, place: Path) -> dict:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main([*command, "--workspace", str(place), "--json"]) == 0
    return json.loads(out.getvalue())


def seen(repository: Path, page: str, view: View) -> str:
    """Everything that a page says, without markup."""
    app = AppTest.from_file(str(repository / "app.py"), default_timeout=QUICK_SECONDS)
    app.query_params.update({"workspace": SAMPLE_WORKSPACE, **view.address})
    app.run()
    if page != "case":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return plain(
        " ".join(
            re.sub(r"<style.*?</style>|<[^>]*>", " ", block.value, flags=re.DOTALL) for block in app.html
        )
    )


def plain(text: str) -> str:
    """One blank between words, whatever broke the line."""
    return re.sub(r"\s+", " ", html.unescape(str(text)).replace("\N{NO-BREAK SPACE}", " ")).strip()


# Reading what was handed out


TERMS = {"dt": "dt", "dd": "dd", "th": "dt", "td": "dd"}


class Page(HTMLParser):
    """Text of a page, and its terms, or heads of rows, with what stands beside them."""

    def __init__(self, file: Path):
        super().__init__()
        self.words: list[str] = []
        self.pairs: list[tuple[str, list[str]]] = []
        self.inside = ""
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", *TERMS):
            self.inside = tag
        if tag in TERMS:
            self.pairs.append((TERMS[tag], []))

    def handle_endtag(self, tag):
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data):
        if self.inside in TERMS:
            self.pairs[-1][1].append(data)
        if self.inside not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return plain(" ".join(self.words))

    @property
    def terms(self) -> dict[str, str]:
        lines = [(tag, plain(" ".join(words))) for tag, words in self.pairs]
        found = [
            (term, text) for (tag, term), (after, text) in pairwise(lines) if (tag, after) == ("dt", "dd")
        ]
        return dict(reversed(found))  # figures and settings stand before definitions of the same name


def of_deck(file: Path) -> tuple[str, dict[str, str], list[str]]:
    """Text, terms (first two cells of every table's row), and the text of every slide."""
    slides, terms = [], {}
    for slide in Presentation(str(file)).slides:
        words = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                words.append(shape.text_frame.text)
            if shape.has_table:
                for row in shape.table.rows:
                    cells = [plain(cell.text_frame.text) for cell in row.cells]
                    words += cells
                    terms.setdefault(cells[0], cells[1])
        slides.append(plain(" ".join(words)))
    return " ".join(slides), terms, slides


def first_sheet(file: Path) -> Iterator[list]:
    """Rows of the sheet with the answer, its figures, and what they depend on."""
    yield from (list(row) for row in load_workbook(file).worksheets[0].iter_rows(values_only=True))


def every_cell(file: Path) -> list[str]:
    sheets = load_workbook(file).worksheets
    rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
    return [plain(cell) for row in rows for cell in row if cell is not None]


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == pytest.approx(other, rel=1e-6, abs=1e-6)


# The laws


def test_every_place_names_the_same_data(said):
    snapshot = said.case["snapshot"]
    assert {answer["snapshot"] for answer in said.answers.values()} == {snapshot} == {said.story.snapshot}
    assert all(snapshot in text for text in of_deck(said.files["deck"])[2])
    assert snapshot in Page(said.files["handout"]).text
    assert snapshot in every_cell(said.files["workbook"])


def test_every_place_says_the_same_sentence(said):
    sentence = plain(said.case["sentence"])
    assert sentence == plain(said.story.slides[0].headline)
    assert sentence in said.page["case"]
    assert sentence in said.page["present"]
    assert all(answer["slides"][0]["headline"] == said.case["sentence"] for answer in said.answers.values())


def test_every_headline_is_in_deck_hand_out_and_workbook(said):
    texts = {
        "deck": of_deck(said.files["deck"])[0],
        "handout": Page(said.files["handout"]).text,
        "workbook": " ".join(every_cell(said.files["workbook"])),
    }
    for slide in said.story.slides:
        assert [place for place, text in texts.items() if plain(slide.headline) not in text] == [], (
            slide.headline
        )


def test_the_commands_give_the_numbers_of_the_case(said):
    for answer in said.answers.values():
        numbers = answer["numbers"]
        for side in ("acquisition", "retention"):
            assert numbers[f"{side}_spend"]["value"] == said.case[side]["spend"]
            for lens in ("booked", "incremental"):
                for part in ("roi", "margin"):
                    mine, theirs = numbers[f"{side}_{lens}_{part}"], said.case[side][lens][part]
                    assert all(same(mine[end], theirs[end]) for end in ("value", "low", "high"))
        for name in ("baseline_share", "break_even_baseline_share", "probability_retention_better"):
            assert same(numbers[name]["value"], said.case[name])
        assert same(numbers["revenue_total"]["value"], said.case["revenue"]["total"])


def test_deck_hand_out_and_workbook_give_the_same_numbers(said):
    first, *others = (answer["numbers"] for answer in said.answers.values())
    for numbers in others:
        assert list(numbers) == list(first)
        for key, ends in numbers.items():
            assert all(same(ends[end], first[key][end]) for end in ("value", "low", "high")), key


def test_every_figure_is_written_alike(said):
    """As the case's page writes it: in the deck's appendix, in the hand-out, and where the page shows it."""
    slides = of_deck(said.files["deck"])[1]
    page = Page(said.files["handout"]).terms
    with speaking(said.language):
        texts = {
            row.label: plain(written(row.key, row.value, row.unit, said.story.currency))
            for row in said.story.numbers.itertuples()
        }
    assert {label: slides.get(plain(label)) for label in texts} == texts
    assert {label: page[plain(label)][: len(text)] for label, text in texts.items()} == texts
    rows = said.story.numbers.set_index("key")["label"]
    for key in ("cac", "cost_to_keep", "repeat_rate", "referred_share", "retention_budget_share"):
        assert f"{rows[key]} {texts[rows[key]]}" in said.page["case"]


def test_the_workbook_holds_the_numbers_in_full(said):
    found = {row[0]: row[1:4] for row in first_sheet(said.files["workbook"]) if isinstance(row[0], str)}
    for row in said.story.numbers.itertuples():
        values = (row.value, row.low, row.high)
        kept = [None if cell in ("", None) else cell for cell in found[row.label]]
        assert all(
            same(cell, None if pd.isna(value) else value) for cell, value in zip(kept, values, strict=True)
        ), row.key


def test_every_setting_stands_in_every_document(said):
    slides = of_deck(said.files["deck"])[1]
    page = Page(said.files["handout"]).terms
    workbook = {row[0]: row[1] for row in first_sheet(said.files["workbook"]) if isinstance(row[0], str)}
    for term, text in said.story.settings:
        assert (slides[plain(term)], page[plain(term)]) == (plain(text), plain(text))
        assert plain(workbook[term]) == plain(text)
