"""Numbers as they are written."""

import math
from datetime import date

import pytest

from analytics.decisions import wording
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.language import speaking


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1_234_567.0, "EUR", "€1.2 M"),
        (999_499.0, "EUR", "€999,499"),
        (999_500.0, "EUR", "€1.0 M"),
        (88_000.4, None, "88,000"),
        (24.661, "USD", "$24.66"),
        (-1_500.0, "GBP", "−£1,500"),
        (-0.001, "EUR", "€0.00"),
        (2_100_000_000.0, "KRW", "₩2.1 bn"),
        (12.0, "SEK", "SEK 12.00"),
        (math.nan, "EUR", "n/a"),
        (None, "EUR", "n/a"),
    ],
)
def test_money(amount, currency, written):
    assert wording.money(amount, currency) == written


def test_numbers_below_nothing_have_a_minus_sign_as_money_has():
    assert wording.number(-1_234.5, 1) == "−1,234.5"
    assert wording.ratio(-0.156) == "−0.16"
    assert wording.ratio(-0.001) == "0.00"
    assert wording.percent(-0.12) == "−12 %"
    assert wording.with_range(Interval(-0.2, -0.4, 0.1)) == "−0.20 (−0.40 to 0.10)"


def test_money_in_full():
    assert wording.money_in_full(-1_234_567.8, "EUR") == "−€1,234,567.80"
    assert wording.money_in_full(0.125 + 0.125) == "0.25"


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.58, "58 %"), (1.0, "100 %"), (-0.001, "0 %"), (math.nan, "n/a"), (math.inf, "n/a")],
)
def test_percent(share, written):
    assert wording.percent(share) == written


@pytest.mark.parametrize(
    ("share", "written"), [(0.97, "97 %"), (1.0, "over 99 %"), (0.0, "under 1 %"), (math.nan, "n/a")]
)
def test_a_probability_never_claims_certainty(share, written):
    assert wording.probability(share) == written


def test_ranges():
    assert wording.with_range(Interval(1.634, 1.31, 1.94)) == "1.63 (1.31 to 1.94)"
    assert wording.with_range(Interval(1.634, math.nan, math.nan)) == "1.63"
    assert wording.with_range(NOT_KNOWN) == "n/a"
    assert wording.share_with_range(Interval(0.6, 0.4, 0.8)) == "60 % (40 to 80 %)"
    assert wording.share_with_range(Interval(0.6, 0.6, 0.6)) == "60 %"


def test_days_quarters_months_and_lists():
    assert wording.day(date(2026, 9, 30)) == "30 September 2026"
    assert wording.quarter(date(2026, 9, 30)) == "2026 Q3"
    assert [wording.months(n) for n in (1.0, 7, math.nan)] == ["1 month", "7 months", "n/a"]
    assert [wording.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (-45, 61, ["−€25", "€0", "€25", "€50"]),
        (0, 1.1, ["€0.00", "€0.25", "€0.50", "€0.75", "€1.00"]),
        (0, 1_200_000, ["€0", "€250,000", "€500,000", "€750,000", "€1,000,000"]),
        (0, 6_100_000, ["€0 M", "€2 M", "€4 M", "€6 M"]),
        (3, 3, []),
        (math.nan, 3, []),
    ],
)
def test_ticks_of_money_are_round_and_the_sign_stands_first(low, high, written):
    assert list(wording.money_ticks(low, high, "EUR").values()) == written


def test_an_axis_writes_shares_as_sentences_do():
    """A browser writes a minus sign, but no blank."""
    ticks = wording.percent_ticks()
    assert (ticks["20%"], ticks["−5%"], ticks["250%"]) == ("20 %", "−5 %", "250 %")
    with speaking("ko"):
        assert wording.percent_ticks()["20%"] == "20%"
