"""The scorecard's sentences: one for each outcome."""

from dataclasses import replace
from datetime import date
from math import nan

import pytest

from analytics.decisions import scorecard_sentences as sentences
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.decisions.scorecard import Line, Scorecard
from analytics.decisions.scorecard_figures import Quarter, definitions
from analytics.decisions.scorecard_people import Recognition

BY_NAME = {d.name: d for d in definitions(by_stage=True)}
QUARTER = Quarter(date(2026, 7, 1), True)


def line(name, value, goal=nan, before=nan, year=nan) -> Line:
    values = [Interval(v, v - 0.01, v + 0.01) if v == v else NOT_KNOWN for v in (value, before, year)]
    return Line(BY_NAME[name], *values, goal=goal)


def said(*lines: Line, quarter: Quarter = QUARTER) -> str:
    return sentences.headline(Scorecard("0", False, "EUR", quarter, (quarter,), lines))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            [line("grr", 0.82, 0.7), line("repeat_rate", 0.6, 0.59), line("referral_rate", 1 / 12, 0.12)],
            "Two of three goals are met in 2026 Q3: 82 % of revenue is kept, but only one customer in twelve "
            "referred somebody (goal: 12.0 %).",
        ),
        (
            [line("unanswered_share", 0.2, 0.3), line("answer_days", 2, 2)],
            "All two goals are met in 2026 Q3: 80 % of the questions were answered.",
        ),
        (
            [line("nrr", 0.9, 1), line("answer_days", 3, 1)],
            "None of the two goals is met in 2026 Q3: the median answer took 3 days (goal: 1 day).",
        ),
        ([line("satisfaction", 0.5, 0.4)], "The one goal is met in 2026 Q3: 50 % of the new customers are satisfied."),
        (
            [line("repeat_rate", 0.5, before=0.4, year=0.3)],
            "In 2026 Q3 the largest move is in repeat rate: 50.0 %, after 40.0 % in the quarter before and 30.0 % a "
            "year before.",
        ),
        (
            [line("repeat_rate", 0.5, before=0.4, year=0.5), line("grr", 0.5, before=0.5, year=0.4)],
            "In 2026 Q3 the largest move against the quarter before is in repeat rate: 50.0 %, after 40.0 %; against "
            "the year before it is in gross revenue retention: 50.0 %, after 40.0 %.",
        ),
        (
            [line("repeat_rate", 0.5, before=0.5)],
            "In 2026 Q3 no figure moved against the quarter before by more than chance does.",
        ),
        ([line("repeat_rate", nan)], "Nothing can be said about 2026 Q3 yet."),
    ],
)  # fmt: skip
def test_headline(lines, sentence):
    assert said(*lines) == sentence


def test_an_unfinished_quarter_is_said_so():
    unfinished = replace(QUARTER, finished=False)
    assert "2026 Q3 so far" in said(line("grr", 0.8, 0.5), quarter=unfinished)
    assert sentences.quarter_label(unfinished) == "2026 Q3 (unfinished)"


@pytest.mark.parametrize(
    ("interval", "unit", "text"),
    [
        (Interval(0.709, 0.69, 0.727), "share", "70.9 % (69.0 to 72.7 %)"),
        (Interval(0.2, nan, nan), "share", "20.0 %"),
        (Interval(5.5, 4, 7), "days", "5.5 days (4 to 7)"),
        (Interval(1, nan, nan), "days", "1 day"),
        (NOT_KNOWN, "days", "n/a"),
    ],
)
def test_with_range(interval, unit, text):
    assert sentences.with_range(interval, unit) == text


def test_recognition():
    one = Recognition("Ann", "repeat", Interval(1.12, 1.04, 1.2))
    assert sentences.recognition(one) == (
        "Ann: customers come back 12 % (4 to 20 %) more often than in the same segments elsewhere."
    )
