"""The hand-out as text: one file, nothing to fetch, every text escaped, and never too large for a mail."""

import base64
import hashlib
import itertools
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language import speaking
from analytics.reporting import charts, handout_charts, handout_tables
from analytics.reporting.columns import described
from analytics.reporting.handout import LIMITS, handout
from analytics.reporting.slides import Entry
from tests.reporting.stories import HOSTILE, slide, story

MEGABYTE = 1_000_000
ALIVE = '</script><script>window.alive=1</script><img src=x onerror="window.alive=1"> " \' & \u202e\u2028'
LOADS = {"src", "href", "srcset", "action", "data", "poster", "background", "formaction", "ping"}


class Reader(HTMLParser):
    """Elements of a page with their attributes, its scripts, and its text."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.elements, self.scripts, self.texts, self._script = [], [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._script = dict(attrs) if tag == "script" else None

    def handle_endtag(self, tag):
        self._script = None

    def handle_data(self, data):
        if self._script is not None:
            self.scripts.append((self._script, data))
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.elements if name == tag]


def whole_story(**more):
    slides = (slide(), slide(key="two", headline="Display brings one of four.", figure=None))
    return story(*slides, missing=("Social selling: load the export of prospects.",), **more)


def test_everything_a_reader_asks_stands_in_it():
    text = Reader(handout(whole_story())).text
    for said in (
        "Example company · 1 October 2025 to 30 September 2026", "Sample company, made up",
        "Should the next budget go to new or to existing customers?",
        "58\u00a0% of revenue came from reorders and referrals, on 13\u00a0% of the budget.", "Counted",
        "Search brings three of four.", "How is this computed? Orders are counted by the channel on record.",
        "A sceptic asks: Would they not have come anyway?", "A holdout of 10\u00a0% says: six of ten would.",
        "Cost to win a customer €61.25", "Return on retention spend 1.63 1.31 to 1.94", "Payback n/a",
        "Table: Customers by channel, 2 rows", "search 120", "Horizon 12 months", "What is missing Social selling",
        "CAC acquisition spend / customers won by paid channels", "1.2\u00a0% of revenue is set aside", "Money in euro.",
        "Snapshot a1b2c3d4",
    ):  # fmt: skip
        assert " ".join(said.split()) in text, said


def test_the_presenters_own_notes_stay_with_the_presenter():
    assert "Say this slowly." not in handout(whole_story())


def test_the_answer_comes_before_everything_else():
    text = Reader(handout(whole_story())).text
    places = [
        text.index(part) for part in ("58", "Display brings", "Headline figures", "Search brings", "Settings")
    ]
    assert places == sorted(places)


def test_nothing_in_it_is_fetched():
    page = Reader(handout(whole_story()))
    for tag, attrs in page.elements:
        for name in LOADS & set(attrs):
            assert attrs[name].startswith(("#", "data:")), (tag, name, attrs[name])
    style = "".join(page.texts)
    assert "url(" not in style
    assert "@import" not in style


def test_only_its_own_two_scripts_may_run():
    page = Reader(handout(whole_story()))
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    run = [text for attrs, text in page.scripts if attrs.get("type") != "application/json"]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in run]
    assert re.findall("sha256-([^']+)", policy) == digests
    assert len(run) == 2
    assert "unsafe" not in policy.split("script-src")[1].split(";")[0]
    assert not any(name.startswith("on") for _tag, attrs in page.elements for name in attrs)


def test_texts_are_shown_whatever_they_hold():
    named = pd.DataFrame({ALIVE: [ALIVE, *HOSTILE], "n": range(len(HOSTILE) + 1)})
    figure = charts.figure([{"type": "bar", "x": [1], "y": [ALIVE], "customdata": [ALIVE]}], ALIVE)
    page = handout(
        story(
            slide(
                headline=ALIVE, question=ALIVE, name=ALIVE, table=named, figure=figure, points=(ALIVE,), method=ALIVE,
                evidence=ALIVE, question_asked=ALIVE, reply=ALIVE, days=ALIVE, snapshot=ALIVE, settings=(Entry(ALIVE, ALIVE),),
            ),
            title=ALIVE, company=ALIVE, days=ALIVE, snapshot=ALIVE, settings=(Entry(ALIVE, ALIVE),), missing=(ALIVE,),
            definitions=(Entry(ALIVE, ALIVE),), quality=(ALIVE,), notes=(ALIVE,),
        )
    )  # fmt: skip
    read = Reader(page)
    assert read.all("img") == []
    assert len(read.scripts) == 4  # two that run, and the data of the look and of the chart
    assert "\u2028" not in page.replace(charts.script(), "")
    assert "\u202e" not in page.replace(charts.script(), "")
    assert '<img src=x onerror="window.alive=1">' in read.text
    drawn = json.loads(next(text for attrs, text in read.scripts if attrs.get("id") == "drawing-1"))
    assert drawn["data"][0]["y"] == [ALIVE]


@settings(max_examples=30)
@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=30))
def test_no_text_adds_an_element(words):
    usual = slide(figure=None)
    odd = slide(
        figure=None,
        headline=words,
        question=words,
        name=words,
        table=pd.DataFrame({words: [words]}),
        points=(words,),
    )
    count = {tag for tag, _attrs in Reader(handout(story(usual))).elements}
    read = Reader(handout(story(odd, company=words, title=words)))
    assert {tag for tag, _attrs in read.elements} <= count
    assert len(read.all("script")) == 3


def test_headings_are_in_order_and_every_cell_knows_its_header():
    page = Reader(handout(whole_story()))
    levels = [int(tag[1]) for tag, _attrs in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {attrs["scope"] for attrs in page.all("th")} == {"row", "col"}
    assert all(attrs["aria-label"] for tag, attrs in page.elements if attrs.get("role") in ("img", "region"))
    ids = [attrs["id"] for _tag, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_a_chart_says_in_words_what_it_shows():
    place = next(
        attrs for _tag, attrs in Reader(handout(whole_story())).elements if attrs.get("role") == "img"
    )
    assert place["aria-label"] == (
        "Chart: Customers by channel. 58\u00a0% of revenue came from reorders and referrals, on 13\u00a0% of the budget. Search "
        "brings three of four. Display brings the rest. Its numbers are in the table below."
    )


def test_its_language_is_said():
    assert Reader(handout(whole_story())).all("html") == [{"lang": "en"}]
    with speaking("ko"):
        assert Reader(handout(whole_story())).all("html") == [{"lang": "ko"}]


@pytest.mark.parametrize("length", [2, 3, 50])
def test_a_thinned_line_joins_nothing_that_a_gap_keeps_apart(length):
    """Parts of a line, each at a height of its own: wherever two points are neighbours they are of one part."""
    x, y = [], []
    for part in range(40):
        x += [*range(length), None]
        y += [part] * length + [None]
    line = {"type": "scatter", "mode": "lines", "x": x, "y": y, "customdata": [str(v) for v in y]}
    trace = json.loads(handout_charts.drawing(charts.figure([line], "Parts"), 100))["data"][0]
    pairs = [p for p in itertools.pairwise(trace["y"]) if None not in p]
    assert pairs
    assert all(before == after for before, after in pairs)
    assert len(trace["x"]) == len(trace["y"]) == len(trace["customdata"]) <= len(x)
    ends = {(v, w) for v, w in zip(x, y, strict=True) if v in (0, length - 1)}
    assert ends <= set(zip(trace["x"], trace["y"], strict=True))
    if length == 50:
        assert len(trace["x"]) < len(x) / 5


@pytest.mark.slow
def test_it_stays_under_six_megabytes_however_much_there_is():
    many = pd.DataFrame(
        {f"column {n}": [f"a fairly long name {row}" for row in range(20_000)] for n in range(12)}
    )
    x = np.random.default_rng(0).normal(size=50_000)
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": x[::-1],
        "customdata": [f"customer {v}" for v in x],
    }
    slides = [slide(key=str(n), table=many, figure=charts.figure([points], "Many")) for n in range(12)]
    page = handout(story(*slides))
    assert len(page.encode()) < 6 * MEGABYTE
    drawn = json.loads(next(text for attrs, text in Reader(page).scripts if attrs.get("id") == "drawing-1"))
    trace = drawn["data"][0]
    assert len(trace["x"]) == len(trace["y"]) == len(trace["customdata"]) >= LIMITS[-1].points / 2
    assert "of 20,000 rows; the workbook has all of them" in Reader(page).text


def test_small_tables_are_printed_and_large_ones_are_not():
    small = handout_tables.folded(pd.DataFrame({"n": range(5)}), "Small", None, 100)
    large = handout_tables.folded(pd.DataFrame({"n": range(50)}), "Large", None, 100)
    assert 'data-print="open"' in small
    assert 'data-print="open"' not in large
    assert handout_tables.folded(pd.DataFrame({"n": []}), "Empty", None, 100) == ""


def test_cells_are_read_as_what_they_are():
    table = described(
        pd.DataFrame(
            {
                "channel": ["search"],
                "spend": [1234.5],
                "share": [0.256],
                "n": [3],
                "rate": [0.5],
                "not": [np.nan],
            }
        ),
        money=("spend",),
        shares=("share",),
    )
    text = Reader(handout_tables.folded(table, "Table", "EUR", 10)).text
    assert text.endswith("search €1,234.50 25.6 % 3 0.500 n/a")


def test_charts_keep_only_what_they_need():
    figure = charts.figure([{"type": "bar", "x": [1 / 3], "y": ["a"]}], "Title", height=320, top=44)
    made = json.loads(handout_charts.drawing(figure, 100))
    assert made["data"][0]["x"] == [0.333333333333]
    assert {"title", "template", "meta"} & set(made["layout"]) == set()
    assert (made["layout"]["margin"]["t"], made["layout"]["height"]) == (14, 290)
    assert handout_charts.title(figure) == "Title"


def test_a_chart_with_much_to_read_keeps_its_width_on_a_phone():
    """More is written in a wordy one than fits a phone; a crowded one must not be narrow on paper either."""
    dots = {"type": "scatter", "mode": "markers", "x": [1], "y": [1]}
    assert handout_charts.kind(charts.figure([dots], "A")) == "chart"
    assert (
        handout_charts.kind(charts.figure([dots | {"mode": "markers+text", "text": ["ads"]}], "A"))
        == "chart wordy"
    )
    notes = [{"text": "12"}] * (handout_charts.CROWDED + 1)
    assert handout_charts.kind(charts.figure([dots], "A", annotations=notes)) == "chart crowded"
