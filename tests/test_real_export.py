"""A real export (a UK wholesaler's order lines, 2010-12 to 2011-12, CC0), from the file to the case.

The file lies beside the repository; where it does not, these tests are skipped.
"""

import html
import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from analytics.decisions.case import case
from analytics.decisions.case_json import case_json
from analytics.reporting.deck import deck
from analytics.reporting.handout import handout
from analytics.reporting.story import read_story
from analytics.reporting.workbook import workbook
from analytics.warehouse.store import Workspace

EXPORT = Path(__file__).resolve().parents[2] / "shared" / "data" / "online_retail.csv.gz"
ANSWERS = {"E_CUSTOMER_BLANK": "set_aside", "W_DUPLICATE_ROWS": "keep"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not EXPORT.exists(), reason=f"{EXPORT.name} is not beside the repository"),
]


@pytest.fixture(scope="module")
def wholesaler(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("wholesaler")) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def asked(wholesaler):
    return wholesaler.ingest(EXPORT, "sales")


@pytest.fixture(scope="module")
def loaded(wholesaler, asked):
    return wholesaler.ingest(EXPORT, "sales", answers=ANSWERS)


def test_it_asks_for_lines_without_customer_and_lines_repeated_word_for_word(asked):
    questions = {m.code: m for m in asked.reading.messages if m.severity == "question"}
    assert (asked.reading.verdict, asked.committed, set(questions)) == ("ask", False, set(ANSWERS))
    assert "135080 rows" in questions["E_CUSTOMER_BLANK"].text
    assert "5225 rows" in questions["W_DUPLICATE_ROWS"].text
    assert {c.name: c.rows for c in questions["E_CUSTOMER_BLANK"].choices} == {
        "set_aside": 406_829,
        "keep": 541_909,
    }


def test_with_the_answers_every_line_is_accounted_for(loaded):
    rows = loaded.reading.rows
    assert loaded.committed
    assert (rows.read, rows.accepted + rows.repaired, rows.set_aside) == (541_909, 406_829, 135_080)
    assert loaded.reading.amount == Decimal("8300065.814")


def test_orders_refunds_and_sources_are_those_that_are_known(wholesaler, loaded):
    found = case_json(case(wholesaler))
    assert found["orders"]["new"] == {"orders": 4_338, "value": 1_846_498.00}
    assert found["orders"]["reorder"] == {"orders": 14_194, "value": 7_064_909.90}
    assert found["orders"]["refunds"] == {"count": 3_654, "value": -611_342.09}
    assert found["revenue"]["total"] == 8_300_065.81
    assert found["verdict"] is None  # no spend: there is nothing to compare returns with


def test_the_customers_are_those_that_ordered(wholesaler, loaded):
    with wholesaler._books.engine.cursor() as cursor:
        statement = "select count(distinct customer_id), sum(amount), count(*) from orders where amount > 0"
        assert cursor.execute(statement).fetchone() == (4_338, Decimal("8911407.904"), 18_532)


def test_its_meeting_is_told_what_can_be_told_and_no_more(wholesaler, loaded):
    told = read_story(wholesaler)
    assert [slide.key for slide in told.slides] == ["question", "sources", "value", "staying"]
    first, second, third, _fourth = (slide.headline for slide in told.slides)
    assert first.startswith("Not enough data for a verdict.")
    assert second == (
        "79 % of revenue came from reorders and referrals; what share of the budget they took is not known."
    )
    assert "cannot be foretold" in third  # the last quarter before Christmas is not like the others
    assert any("No slide yet on the two funnels" in text for text in told.missing)
    assert any("load it as spend" in text for text in told.missing)


def test_its_deck_hand_out_and_workbook_can_be_made(wholesaler, loaded):
    told = read_story(wholesaler)
    slides = Presentation(io.BytesIO(deck(told))).slides
    assert len(slides) > len(told.slides)
    page = html.unescape(handout(told)).replace("\N{NO-BREAK SPACE}", " ")
    assert all(slide.headline in page for slide in told.slides)
    sheets = load_workbook(io.BytesIO(workbook(told))).sheetnames
    assert len(sheets) == len(told.slides) + 3
