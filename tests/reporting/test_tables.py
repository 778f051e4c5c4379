"""Tables: CSV that is safe to open, and figures as they are read."""

import csv
import io
import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.decisions.figures import Figure
from analytics.reporting import tables


def cells(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(tables.safe_csv(frame).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1+1", "＝1+1", '=HYPERLINK("http://x")'],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert cells(pd.DataFrame({"a": [text]}))[1][0].replace("\r\n", "\n")[:1] == "'"


@pytest.mark.parametrize("text", ["-12.50", "+3", "-1,234.50", "plain", "a=b", "S-1001", "", "2026-07-01"])
def test_numbers_and_ordinary_text_stay_as_they_are(text):
    assert cells(pd.DataFrame({"a": ["x", text]}))[2] == [text]


def test_numbers_below_zero_stay_numbers():
    assert cells(pd.DataFrame({"a": [-1.5]}))[1] == ["-1.5"]


def test_headers_are_neutralised_too():
    assert cells(pd.DataFrame({"=a": [1]}))[0] == ["'=a"]


PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_no_cell_of_any_text_begins_as_a_formula(texts):
    for row in cells(pd.DataFrame({"a": texts}))[1:]:
        start = row[0].lstrip() if row else ""
        assert not start.startswith(("=", "@")), row
        if start.startswith(("+", "-")):
            assert PLAIN_NUMBER.fullmatch(row[0])


def test_korean_survives_a_spreadsheet():
    assert tables.safe_csv(pd.DataFrame({"채널": ["검색광고"]})).startswith(b"\xef\xbb\xbf")


def test_file_names_hold_words_and_the_snapshot_only():
    assert tables.file_name("Return by lens", "1a2b") == "return-by-lens-1a2b.csv"
    assert tables.file_name("../=<script>") == "script.csv"


def figure(value, previous, unit="money", better="lower", not_yet=False) -> Figure:
    return Figure("cac", "CAC", value, previous, unit, better, "a / b", not_yet)


def test_a_change_says_where_it_goes_and_whether_that_is_better():
    assert tables.figure_change(figure(40.0, 50.0), "EUR") == "▼ €10.00, better (before: €50.00)"
    assert tables.figure_change(figure(60.0, 50.0), None) == "▲ 10.00, worse (before: 50.00)"
    share = figure(0.58, 0.55, "share", "higher")
    assert tables.figure_change(share, None) == "▲ 3.0 points, better (before: 55 %)"
    assert tables.figure_change(figure(0.2, 0.1, "share", ""), None) == "▲ 10.0 points (before: 10 %)"


def test_what_is_not_known_is_never_a_number():
    assert tables.figure_value(figure(math.nan, math.nan), "EUR") == "n/a"
    assert tables.figure_value(figure(math.nan, math.nan, "months", not_yet=True), "EUR") == "not yet"
    assert tables.figure_change(figure(1.0, math.nan), "EUR") == ""
