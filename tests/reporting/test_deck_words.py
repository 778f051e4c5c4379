"""Text on slides: what is taken out of it, how plotly's markup is read, how wide it is and where it breaks."""

from html import escape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reporting.deck_colors import Color, between, color_of, fill
from analytics.reporting.deck_words import Run, clean, fitted, lines_of, plain, short, width, wrapped
from tests.reporting.stories import HOSTILE

SENTENCE = "Out of every 1,000 spent, the classic funnel ends with 7.1 satisfied customers."


def test_what_xml_cannot_hold_and_what_turns_text_around_is_taken_out():
    assert clean("a\x00b\x0bc\u202ed\ud800e\ufffe") == "abcde"
    assert clean("two\n lines\tand  blanks ") == "two lines and blanks"
    assert clean("58 % of 7") == "58\u00a0% of 7"


@given(st.text())
def test_any_text_can_be_written_as_xml(text):
    assert ElementTree.fromstring(f"<a>{escape(clean(text))}</a>").tag == "a"


def test_markup_becomes_runs():
    assert lines_of("<b>Booked</b>  acquisition<br><i>n/a</i>") == [
        [Run("Booked", bold=True), Run("  acquisition")], [Run("n/a", italic=True)],
    ]  # fmt: skip
    assert lines_of('<span style="color:#0072b2">■</span> a &amp; b')[0] == [
        Run("■", color="#0072b2"),
        Run(" a & b"),
    ]
    assert lines_of("  text  ") == [[Run("text")]]


def test_escaped_names_come_back_as_they_were():
    for name in HOSTILE:
        assert plain(escape(name)) == clean(name)


def test_widths_are_arials():
    assert width("iii", 10) == pytest.approx(6.66)
    assert width("WWW", 10) == pytest.approx(28.32)
    assert width("58", 12, bold=True) == pytest.approx(13.344)
    assert width("한국어", 12) == pytest.approx(36)
    assert width("é", 10) == width("e", 10)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80), st.floats(30, 400))
def test_no_line_is_wider_than_its_room(text, room):
    words = clean(text)
    lines = wrapped(words, 12, room)
    assert all(width(line, 12) <= room or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())


def test_text_takes_the_largest_size_that_fits():
    assert fitted("short", 200, 40, (28, 22)).size == 28
    assert fitted(SENTENCE, 300, 60, (28, 22, 14)).size == 14
    cut = fitted(SENTENCE * 5, 200, 30, (14, 12))
    assert (cut.size, len(cut.lines)) == (12, 2)
    assert cut.lines[-1].endswith("…")
    assert all(width(line, 12) <= 200 for line in cut.lines)


def test_a_number_keeps_its_sign():
    lines = wrapped(clean("worth 12 % more"), 12, width("worth 12 ", 12))
    assert lines == ["worth", "12\u00a0%", "more"]


def test_long_names_are_cut():
    assert len(short("x" * 1000)) == 320
    assert short("x" * 1000).endswith("…")


def test_colours_of_roles_are_the_themes():
    assert 'schemeClr val="accent1"' in fill(color_of("#0072b2"))
    assert 'alpha val="18000"' in fill(color_of("rgba(123,135,148,0.18)"))
    assert 'schemeClr val="accent4"' in fill(color_of("rgba(123,135,148,0.18)"))
    assert 'srgbClr val="123456"' in fill(color_of("#123456"))
    assert fill(None) == "<a:noFill/>"


def test_a_colour_between_two_is_mixed_as_it_is_seen_on_paper():
    assert between([(0, "#000000"), (1, "#ffffff")], 0.5).hex == "#808080"
    assert between([(0, "rgba(0,0,0,0)"), (1, "#000000")], 0).hex == "#ffffff"
    assert Color("#000000", 0.5).over_paper().hex == "#808080"


def test_text_on_dark_cells_is_white():
    assert Color("#0072b2").is_dark
    assert not Color("#f2f4f7").is_dark
