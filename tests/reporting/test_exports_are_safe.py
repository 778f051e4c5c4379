"""Whatever is downloaded or exported: no text of a file becomes a formula in the spreadsheet that opens it."""

import ast
import csv
import io
import tomllib

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.intake.contract import KINDS, template_csv
from analytics.reporting import tables
from analytics.warehouse.harmless import harmless, harmless_batch, is_formula

SIGNS = "=+-@＝＋－＠"
BLANKS = " \t\r\n\x00\x0b\xa0\u200b\u202e\u3000\ufeff"
TEXTS = st.text(st.sampled_from(SIGNS + BLANKS + "'\";,.|()!A1é한🎁"), max_size=8) | st.text(max_size=8)


def runs(cell: str) -> bool:
    """Whether a spreadsheet might run a cell: its first visible letter is a sign, and it is no plain number."""
    shown = cell.lstrip("".join(map(chr, range(33))) + BLANKS + "\x7f\u2028\u2029")
    number = shown.replace(".", "").replace(",", "").lstrip("+-")
    return cell[:1] in ("\t", "\r", "\n") or (
        shown[:1] != "" and shown[0] in SIGNS and not (number.isascii() and number.isdigit())
    )


@given(TEXTS)
def test_no_text_runs_once_it_is_harmless(text):
    assert not runs(harmless(text))
    assert harmless(harmless(text)) == harmless(text)


@given(TEXTS)
def test_nothing_of_a_text_is_lost_but_apostrophes_are_added(text):
    assert harmless(text).replace("'", "") == text.replace("'", "")


@given(st.lists(st.none() | TEXTS, max_size=5))
def test_exports_and_downloads_follow_one_rule(texts):
    batch = pa.record_batch({"a": pa.array(texts, pa.string()), "n": pa.array(range(len(texts)))})
    made = harmless_batch(batch)
    assert made["a"].to_pylist() == [None if text is None else harmless(text) for text in texts]
    assert made["n"].equals(batch["n"])
    assert made.schema == batch.schema


@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS)
def test_no_cell_and_no_header_of_a_download_runs(texts, name):
    frame = pd.DataFrame({name: texts, "twin": texts, "again": pd.Categorical(texts)})
    frame.columns = [name, "twin", "twin"]
    written = tables.safe_csv(frame).decode("utf-8-sig")
    for delimiter in ",":
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter))
        assert not [cell for row in rows for cell in row if runs(cell)]


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_no_cell_runs_where_another_sign_parts_the_columns(texts):
    """Opened where ; parts columns: what follows one within a text is a cell of its own."""
    for text in texts:
        for part in harmless(text).split(";")[1:]:
            assert not runs(part.lstrip("\"'")) or part.lstrip().startswith("'"), text


@pytest.mark.parametrize(
    "text", ["-12.50", "+3", "−€5,000", "2026-07-01", "a;b", "한국어", "3 × 4", "a - b", ""]
)
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["=1+1", "\u200b=1+1", "\x00=1", "＝1+1", "-2+3+cmd|' /C calc'!A0", "+1-2"])
def test_formulas_are_recognised(text):
    assert is_formula(text)


def test_days_and_numbers_are_left_alone():
    frame = pd.DataFrame({"day": pd.to_datetime(["2026-07-01"]), "n": [-1.5], "on": [True]})
    assert tables.safe_csv(frame).decode("utf-8-sig") == "day,n,on\r\n2026-07-01,-1.5,True\r\n"


def test_templates_hold_nothing_that_runs():
    for kind in KINDS:
        rows = csv.reader(io.StringIO(template_csv(kind)))
        assert not [cell for row in rows for cell in row if runs(cell)]


def test_the_dataframes_own_download_is_off(repository):
    """It does not make cells harmless."""
    settings = tomllib.loads((repository / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["disableDataExport"] is True


WRITERS = {"to_csv", "to_excel", "to_html", "to_clipboard", "to_markdown"}


def test_frames_become_files_in_one_place_only(repository):
    """Every download of a table goes through safe_csv: nobody else writes a frame as text."""
    found = {}
    for file in [*(repository / "pages").rglob("*.py"), *(repository / "analytics").rglob("*.py")]:
        calls = [n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
        writes = [c.func.attr for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr in WRITERS]
        if writes:
            found[file.relative_to(repository).as_posix()] = writes
    assert found.pop("analytics/intake/container.py") == [
        "to_csv"
    ]  # reads a spreadsheet into a file of its own
    assert found == {"analytics/reporting/tables.py": ["to_csv"]}


def test_every_download_is_of_a_kind_that_is_tried_here(repository):
    """A new download button is added with a look at what it hands out."""
    found = {
        file.relative_to(repository / "pages").as_posix()
        for file in (repository / "pages").rglob("*.py")
        if "download_button(" in file.read_text(encoding="utf-8")
    }
    tables_and_exports = {"shared/layout.py", "shared/downloads.py", "shared/budget_picture.py"}
    meeting = {"shared/present_exports.py"}  # deck, hand-out and workbook, each with tests of its own
    assert found == tables_and_exports | meeting
