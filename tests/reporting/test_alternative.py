"""What is said of a chart where it cannot be seen, and which charts cannot be drawn as narrow as a phone."""

from datetime import date

import pandas as pd

from analytics.language import speaking
from analytics.reporting.alternative import alternative, is_crowded, title_of, without_rows
from analytics.reporting.charts import figure
from analytics.reporting.columns import described

CHANNELS = described(
    pd.DataFrame(
        {
            "channel": ["ads", "mail", "fairs", "friends"],
            "since": [date(2026, 1, 5)] * 4,
            "spend": [1200.0, 300.0, float("nan"), 10.0],
            "share": [0.5, 0.25, 0.2, 0.05],
            "orders": [12, 7, 4, 1],
            "ratio": [1.234, 2.0, 3.0, 4.0],
        }
    ),
    money=("spend",),
    shares=("share",),
)
DRAWN = figure([], "Share of <i>orders</i> &amp; spend")


def said(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_title_is_plain_text():
    assert title_of(DRAWN) == "Share of orders & spend"


def test_the_first_rows_are_said_in_the_words_of_the_pages():
    assert said(alternative(DRAWN, CHANNELS, "EUR")) == (
        "Chart: Share of orders & spend. The first of 4 rows: "
        "ads, 5 January 2026, spend €1,200, share 50.0 %, orders 12; "
        "mail, 5 January 2026, spend €300, share 25.0 %, orders 7; "
        "fairs, 5 January 2026, share 20.0 %, orders 4, ratio 3. Its numbers are in the table below."
    )


def test_a_short_table_is_said_whole():
    assert said(alternative(DRAWN, CHANNELS.tail(1), "EUR")) == (
        "Chart: Share of orders & spend. friends, 5 January 2026, spend €10.00, share 5.0 %, orders 1. "
        "Its numbers are in the table below."
    )


def test_a_question_is_not_given_another_full_stop():
    asked = figure([], "When has a cohort paid back?")
    assert without_rows(asked).startswith("Chart: When has a cohort paid back? Its numbers")
    assert alternative(asked, CHANNELS.head(0)) == without_rows(asked)


def test_it_is_said_in_korean():
    with speaking("ko"):
        assert alternative(DRAWN, CHANNELS, "EUR").startswith(
            "차트: Share of orders & spend. 4개 행 중 처음: ads, 2026년"
        )


def test_marks_that_carry_their_names_need_room():
    assert is_crowded(
        figure([{"type": "scatter", "mode": "markers+text", "x": [1], "y": [1], "text": ["ads"]}], "A")
    )
    assert not is_crowded(figure([{"type": "scatter", "mode": "markers", "x": [1], "y": [1]}], "A"))


def test_a_heat_table_with_numbers_needs_room_and_one_of_signs_does_not():
    heat = {"type": "heatmap", "z": [[1, 2]], "texttemplate": "%{text}"}
    assert is_crowded(figure([heat | {"text": [["", "12 %"]]}], "A"))
    assert not is_crowded(figure([heat | {"text": [["·", "◐"]]}], "A"))


def test_long_notes_side_by_side_need_room():
    notes = [{"text": "<b>customers still to be won</b>"}, {"text": "today's customers €1,200"}]
    assert is_crowded(figure([], "A", annotations=notes))
    assert not is_crowded(figure([], "A", annotations=notes[:1]))
    assert not is_crowded(figure([], "A", annotations=[{"text": "12 %"}] * 40))


def test_long_names_beside_an_axis_need_room():
    assert is_crowded(figure([], "A", y={"tickvals": [0], "ticktext": ["loyalty points, first half-year"]}))
    assert is_crowded(
        figure([], "A", x={"title": "against what is expected of the same segments (1: as expected)"})
    )


def test_several_notes_in_one_row_above_the_picture_need_room():
    row = [{"text": text, "y": 1, "yref": "paper"} for text in ("order", "next contact", "journey dies")]
    assert is_crowded(figure([], "A", annotations=row))
    assert not is_crowded(figure([], "A", annotations=row[:2]))
    assert not is_crowded(figure([], "A", annotations=[*row[:2], row[2] | {"y": 0.5}]))
