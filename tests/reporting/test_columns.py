"""What tables say of their columns, and that nobody is named where nobody asked for it."""

import json
import re

import pandas as pd
import pytest

from analytics.language import speaking
from analytics.reporting import charts, columns, personal, tables
from analytics.reporting.handout import handout
from analytics.warehouse.store import Workspace
from tests.reporting.stories import sample_story, slide

WORD = re.compile(r"[\w@.-]+")


def test_what_is_said_of_columns_goes_with_the_table():
    table = columns.described(
        pd.DataFrame({"who": ["ann"], "spend": [3.0], "customers": [2], "CAC": [1.5]}),
        money=("spend", "CAC", "not there"),
        personal=("who",),
        ratios=(columns.Ratio("CAC", "spend", "customers"), columns.Ratio("CAC", "spend", "not there")),
    )
    kept = table.head(1).copy()
    assert columns.money_columns(kept) == {"spend", "CAC"}
    assert columns.personal_columns(kept) == ("who",)
    assert columns.ratios(kept) == (columns.Ratio("CAC", "spend", "customers"),)
    assert columns.ratios(kept.drop(columns="spend")) == ()


def test_columns_as_the_warehouse_calls_them_name_persons_without_being_said_to():
    rows = pd.DataFrame({"order_id": ["o1"], "Customer_ID": ["ann"], "E-mail": ["a@b.c"], "amount": [1.0]})
    assert columns.personal_columns(rows) == ("order_id", "Customer_ID", "E-mail")


def test_headers_are_known_in_the_language_they_are_written_in():
    with speaking("ko"):
        table = tables.order_table(pd.DataFrame({"order_id": ["o1"], "amount": [1.0], "day": ["2026-07-01"]}))
        assert columns.money_columns(table) == {"amount"}


def test_a_slide_without_persons_keeps_everything_else():
    named = slide(table=pd.DataFrame({"customer_id": ["ann"], "value": [1.0]}))
    kept = personal.without_persons(named)
    assert list(kept.table.columns) == ["value"]
    assert (kept.headline, kept.points, kept.method) == (named.headline, named.points, named.method)
    assert list(named.table.columns) == ["customer_id", "value"]


def test_marks_axes_and_notes_that_name_persons_lose_their_names():
    marks = {"type": "scatter", "x": [1], "y": [2], "customdata": ["ann"], "hovertemplate": "%{customdata}"}
    figure = charts.figure(
        [{**marks, "meta": columns.PERSONAL}, marks],
        "People",
        y={"ticktext": ["ann"], "tickvals": [2]},
        annotations=[{"text": "ann", "x": 1, "y": 2}],
        meta={personal.UNNAMED: {"yaxis": {"ticktext": ["person 1"]}, "annotations": [{"text": "somebody"}]}},
    )
    made = personal.unnamed(figure)
    assert made.data[0].customdata is None
    assert made.data[0].hoverinfo == "skip"
    assert list(made.data[1].customdata) == ["ann"]
    assert list(made.layout.yaxis.ticktext) == ["person 1"]
    assert (made.layout.annotations[0].text, made.layout.annotations[0].x) == ("somebody", 1)
    assert figure.data[0].customdata is not None


def test_a_chart_that_says_nothing_of_itself_loses_all_texts_beside_a_table_of_persons():
    bars = charts.figure([{"type": "bar", "x": [1], "y": ["a"], "text": ["ann"]}], "Bars")
    assert personal.unnamed(bars, is_suspect=True).data[0].text is None
    assert list(personal.unnamed(bars).data[0].text) == ["ann"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as workspace:
        workspace.load_sample()
        yield sample_story(workspace), names_of_persons(workspace)


def names_of_persons(workspace) -> set[str]:
    """Every customer, order, referral and sales person of the sample's files."""
    place = workspace.directory / "export"
    workspace.export(place)
    found = set()
    for file in place.glob("*.csv"):
        rows = pd.read_csv(file, dtype=str, usecols=lambda name: name in columns.NAMES_OF_PERSONS)
        for name in rows.columns:
            found |= set(rows[name].dropna())
    return found


def words_in_tables(story) -> set[str]:
    cells = {str(cell) for s in story.slides for cell in s.table.astype(object).to_numpy().ravel()}
    return {word for cell in cells for word in WORD.findall(cell)}


def words_in_data(page: str) -> set[str]:
    """Words of every text in the page: of its elements, and of the charts' data."""
    found = set()
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page):
        found |= {word for text in strings(json.loads(block)) for word in WORD.findall(text)}
    visible = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return found | set(WORD.findall(visible))


def strings(value):
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(part)


@pytest.mark.slow
def test_no_chart_and_no_table_of_the_sample_names_anybody_unless_asked(sample):
    story, names = sample
    assert len(names) > 10_000
    assert words_in_tables(story) & names
    assert words_in_data(handout(story, personal=True)) & names
    assert words_in_data(handout(story)) & names == set()
