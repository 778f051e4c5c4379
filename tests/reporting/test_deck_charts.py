"""From a plotly figure to a native chart: which kind, with which numbers, axes, intervals and words, and where."""

import math

import numpy as np
import pytest
from pptx.enum.chart import XL_CHART_TYPE as KIND

from analytics.reporting import charts
from analytics.reporting.deck import deck
from analytics.reporting.deck_axes import axis_of, excel_format, format_of_texts, nice_step, written
from analytics.reporting.deck_figure import drawing_of
from analytics.reporting.deck_labels import WORD, Label, Spot, apart
from analytics.reporting.deck_layout import planned
from analytics.reporting.deck_shapes import Box, Text
from analytics.reporting.deck_words import Run
from tests.reporting.deck_reading import (
    CHART,
    DRAWING,
    box,
    charts_of,
    every_shape,
    numbers_of,
    opened,
    tables_of,
    texts_of,
)
from tests.reporting.stories import slide, story

ROOM = Box(40, 120, 880, 370)


def page_of(figure):
    return opened(deck(story(slide(figure=figure, points=())))).slides[1]


def chart_of(figure):
    (chart,) = charts_of(page_of(figure))
    return chart


def spot_of(figure) -> Spot:
    return planned(drawing_of(figure), ROOM).spots[0]


def plot_of(page) -> tuple[float, float]:
    """Top and height of what lies between the axes of a page's only chart."""
    frame = next(shape for shape in every_shape(page.shapes) if getattr(shape, "has_chart", False))
    _left, top, _right, bottom = box(frame)
    layout = frame.chart._chartSpace.find(f".//{CHART}plotArea/{CHART}layout/{CHART}manualLayout")
    share = {name: float(layout.find(f"{CHART}{name}").get("val")) for name in "yh"}
    return top + (bottom - top) * share["y"], (bottom - top) * share["h"]


def bars(values=(1.0, 2.0), names=("a", "b"), **more) -> dict:
    return {"type": "bar", "x": list(names), "y": list(values), **more}


def marks(x, y, **more) -> dict:
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, **more}


@pytest.mark.parametrize(
    ("traces", "layout", "kind"),
    [
        ([bars()], {}, KIND.COLUMN_CLUSTERED),
        ([bars(), bars()], {"barmode": "relative"}, KIND.COLUMN_STACKED),
        ([{"type": "bar", "orientation": "h", "y": ["a", "b"], "x": [1, 2]}], {}, KIND.BAR_CLUSTERED),
        ([{"type": "scatter", "mode": "lines", "x": ["a", "b"], "y": [1, 2]}], {}, KIND.LINE),
        ([marks([1, 2], [3, 4])], {}, KIND.XY_SCATTER),
        ([{"type": "scatter", "mode": "lines", "x": [1, 2], "y": [3, 4]}], {}, KIND.XY_SCATTER),
    ],
)
def test_the_kind_of_a_chart_is_that_of_its_traces(traces, layout, kind):
    assert chart_of(charts.figure(traces, "t", **layout)).chart_type in {kind, *_variants(kind)}


def _variants(kind):
    return {
        KIND.LINE: {KIND.LINE_MARKERS},
        KIND.XY_SCATTER: {KIND.XY_SCATTER_LINES, KIND.XY_SCATTER_LINES_NO_MARKERS},
    }.get(kind, set())


def test_arrays_of_numpy_are_numbers_like_any_other():
    chart = chart_of(charts.figure([marks(np.array([1.5, 2.5]), np.array([0.25, np.nan]))], "t"))
    assert {1.5, 2.5, 0.25} <= numbers_of(chart)


def test_bars_from_one_another_are_stacked_ones():
    parts = [
        {"type": "bar", "orientation": "h", "x": [0.2], "y": ["all"], "base": [0.0]},
        {"type": "bar", "orientation": "h", "x": [0.8], "y": ["all"], "base": [0.2]},
    ]
    chart = chart_of(charts.figure(parts, "t", barmode="overlay"))
    assert chart.chart_type == KIND.BAR_STACKED
    assert [list(series.values) for series in chart.plots[0].series] == [[0.2], [0.8]]


def test_bars_that_float_keep_both_ends():
    floating = {"type": "bar", "orientation": "h", "x": [30.0], "y": [0], "base": [10.0], "width": 0.5}
    chart = chart_of(
        charts.figure(
            [floating], "t", x={"type": "log", "range": [0, 2], "tickvals": [1, 10], "ticktext": ["1", "10"]}
        )
    )
    assert {10.0, 40.0} <= numbers_of(chart)
    assert chart._chartSpace.find(f".//{CHART}logBase") is not None


def test_several_points_of_one_name_are_all_kept():
    chart = chart_of(charts.figure([marks(["a", "a", "b"], [1.0, 2.0, 3.0])], "t"))
    assert chart.chart_type in {KIND.XY_SCATTER}
    assert {1.0, 2.0, 3.0} <= numbers_of(chart)


def test_marks_over_lying_bars_keep_their_places():
    bar = {"type": "bar", "orientation": "h", "x": [4.0, 5.0], "y": [0, 1], "width": 0.5}
    chart = chart_of(charts.figure([bar, marks([7.0, 8.0], [0, 1])], "t"))
    assert {0.0, 4.0, 5.0, 7.0, 8.0} <= numbers_of(chart)


def test_bars_and_a_line_between_them_stand_on_the_same_numbers():
    line = {"type": "scatter", "mode": "lines", "x": [0.5, 1.5], "y": [6.0, 7.0]}
    chart = chart_of(charts.figure([bars((4.0, 5.0), (1, 2)), line], "t"))
    assert {0.5, 1.5, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0} <= numbers_of(chart)


def test_bars_and_a_line_over_the_same_names_share_a_chart():
    line = {"type": "scatter", "mode": "lines", "x": ["a", "b"], "y": [6.0, 7.0]}
    chart = chart_of(charts.figure([bars((4.0, 5.0)), line], "t"))
    assert [list(plot.series[0].values) for plot in chart.plots] == [[4.0, 5.0], [6.0, 7.0]]


def test_intervals_up_and_down_are_error_bars():
    chart = chart_of(
        charts.figure(
            [marks([1, 2], [5.0, 6.0], error_y={"array": [1.0, 2.0], "arrayminus": [0.5, 0.25]})], "t"
        )
    )
    spread = chart._chartSpace.find(f".//{CHART}errBars")
    ends = {
        way: [float(v.text) for v in spread.find(f"{CHART}{way}").iter(f"{CHART}v")]
        for way in ("plus", "minus")
    }
    assert ends == {"plus": [1.0, 2.0], "minus": [0.5, 0.25]}


def test_intervals_to_both_sides_are_lines_from_end_to_end():
    chart = chart_of(charts.figure([marks([5.0], [1], error_x={"array": [1.0], "arrayminus": [0.5]})], "t"))
    span, points = chart.plots[0].series
    assert [float(v.text) for v in span._element.find(f"{CHART}xVal").iter(f"{CHART}v")] == [4.5, 6.0]
    assert [float(v.text) for v in points._element.find(f"{CHART}xVal").iter(f"{CHART}v")] == [5.0]


def test_an_axis_has_the_figures_ends_title_and_number_format():
    figure = charts.figure(
        [marks([0.1, 0.9], [1, 2])], "t", x={"title": "share of all", "range": [0, 1], "tickformat": ".0%"}
    )
    chart = chart_of(figure)
    axis = chart._chartSpace.findall(f".//{CHART}valAx")[0]
    assert axis.find(f"{CHART}numFmt").get("formatCode") == "0%"
    ends = axis.find(f"{CHART}scaling")
    assert (ends.find(f"{CHART}min").get("val"), ends.find(f"{CHART}max").get("val")) == ("0.0", "1.0")
    assert [node.text for node in axis.find(f"{CHART}title").iter(f"{DRAWING}t")] == ["share of all"]


def test_names_of_rows_are_written_where_the_rows_are():
    figure = charts.figure(
        [marks([1, 2], [0, 1])],
        "t",
        y={"tickvals": [0, 1], "ticktext": ["low row", "<b>high</b> row"], "range": [-0.5, 1.5]},
    )
    page = page_of(figure)
    spots = {shape.text_frame.text: box(shape) for shape in every_shape(page.shapes) if shape.has_text_frame}
    _top, height = plot_of(page)
    middle = {name: (spots[name][1] + spots[name][3]) / 2 for name in ("low row", "high row")}
    assert middle["low row"] - middle["high row"] == pytest.approx(height / 2, rel=0.001)


def test_a_note_stands_at_its_place():
    figure = charts.figure(
        [marks([0, 10], [0, 10])], "t", x={"range": [0, 10]}, y={"range": [0, 10]},
        annotations=[{"x": 5, "y": 5, "text": "<b>middle</b>", "showarrow": False}],
    )  # fmt: skip
    plan = planned(drawing_of(figure), ROOM)
    note = next(label for label in plan.labels if label.text.lines[0][0].text == "middle")
    x, y = plan.spots[0].at(5, 5)
    assert (note.box.x + note.box.w / 2, note.box.y + note.box.h / 2) == (pytest.approx(x), pytest.approx(y))


def test_a_dotted_line_across_is_a_line_at_its_value():
    figure = charts.figure(
        [marks([0, 10], [0, 10])], "t", x={"range": [0, 10]}, y={"range": [0, 10]},
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 2.5, "y1": 2.5}],
    )  # fmt: skip
    page = page_of(figure)
    line = next(shape for shape in every_shape(page.shapes) if shape.name.startswith("Line"))
    top, height = plot_of(page)
    assert box(line)[1] == pytest.approx(top + 0.75 * height, abs=0.1)


def test_a_heat_chart_is_a_table_with_coloured_cells():
    heat = {"type": "heatmap", "z": [[0.0, 1.0], [0.5, None]], "x": ["Q1", "Q2"], "y": ["below", "above"],
            "text": [["0", "100"], ["50", ""]], "colorscale": [[0, "#ffffff"], [1, "#0072b2"]]}  # fmt: skip
    page = page_of(charts.figure([heat], "Shares"))
    (table,) = tables_of(page)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["", "Q1", "Q2"],
        ["above", "50", ""],
        ["below", "0", "100"],
    ]
    assert table.cell(2, 2).fill.fore_color.theme_color.name == "ACCENT_1"
    assert "Shares" in texts_of(page)


def test_a_heat_chart_too_large_for_a_slide_says_what_it_leaves_out():
    heat = {"type": "heatmap", "z": [[1.0] * 3] * 40, "x": ["a", "b", "c"], "y": [f"row {n}" for n in range(40)],
            "colorscale": [[0, "#ffffff"], [1, "#0072b2"]]}  # fmt: skip
    page = page_of(charts.figure([heat], "t"))
    shown = len(tables_of(page)[0].rows) - 1
    assert 10 < shown < 40
    assert any(f"{40 - shown} more rows" in text for text in texts_of(page))


def test_a_figure_without_axes_is_drawn_of_shapes():
    hidden = {"visible": False, "range": [0, 10]}
    figure = charts.figure(
        [marks([5], [5], marker={"size": 20, "symbol": "diamond"})], "t", x=hidden, y=hidden,
        shapes=[{"type": "path", "path": "M 0 0 L 10 0 L 5 8 Z", "fillcolor": "#0072b2"}, {"type": "rect", "x0": 1, "x1": 2, "y0": 1, "y1": 2}],
    )  # fmt: skip
    page = page_of(figure)
    assert charts_of(page) == []
    (group,) = [shape for shape in page.shapes if shape.shape_type == 6]
    assert [shape.name.split()[0] for shape in group.shapes] == ["Outline", "Area", "Mark", "Title"]


def test_panels_side_by_side_are_a_chart_each():
    second = marks([1, 2], [1, 2]) | {"xaxis": "x2"}
    figure = charts.figure(
        [marks([3, 4], [1, 2]), second], "t", x={"domain": [0, 0.45]}, xaxis2={"domain": [0.55, 1]}
    )
    first, other = charts_of(page_of(figure))
    assert 4.0 in numbers_of(first)
    assert 4.0 not in numbers_of(other)


def test_labels_leave_no_label_on_another():
    text = Text([[Run("label")]], 12)
    boxes = [Label(Box(100, 100 + n, 40, 14), text, WORD) for n in range(5)]
    found = apart(boxes, Box(0, 0, 300, 300))
    for n, one in enumerate(found):
        assert not any(one.box.overlaps(other.box, 3, 0.7) for other in found[n + 1 :])


def test_words_to_the_right_of_a_chart_get_their_room():
    short, long = (
        charts.figure(
            [marks([0, 1], [0, 1])],
            "t",
            annotations=[
                {"xref": "paper", "x": 1, "xanchor": "left", "y": 1, "text": text, "showarrow": False}
            ],
        )
        for text in ("a", "a much longer note")
    )
    assert spot_of(long).rect.right < spot_of(short).rect.right
    assert all(label.box.right <= ROOM.right for label in planned(drawing_of(long), ROOM).labels)


@pytest.mark.parametrize(
    ("ticks", "code"),
    [
        ([(0, "€0"), (50_000, "€50,000")], '"€"#,##0'),
        ([(-20, "−€20"), (0, "€0")], '"€"#,##0;"−""€"#,##0'),
        ([(1_250_000, "€1.25 M"), (2_500_000, "€2.50 M")], '"€"#,##0.00,," M"'),
        ([(0.0, "0 %"), (0.5, "50 %")], "0\u00a0%"),
        ([(0, "Q1"), (1, "Q2")], ""),
        ([(0, "first"), (1, "second")], ""),
        ([(1, "2"), (2, "3")], ""),
        ([], ""),
    ],
)
def test_a_number_format_is_found_only_where_it_writes_just_these_texts(ticks, code):
    assert format_of_texts(ticks) == code


def test_number_formats_write_what_plotly_writes():
    assert excel_format(".0%", 0.2) == "0%"
    assert excel_format(".1%", 0.2) == "0.0%"
    assert excel_format("", 0.25) == "#,##0.00"
    assert excel_format("", 500, "€") == '"€"#,##0'
    assert written(0.25, "0%") == "25%"
    assert written(1500, '"€"#,##0') == "€1,500"


def test_steps_are_round():
    assert [nice_step(span, 5) for span in (1, 7, 12, 90, 1000)] == [0.2, 2, 2.5, 20, 200]


def test_native_ticks_count_from_a_multiple_of_their_step():
    axis = axis_of({"range": [-0.03, 1.03], "tickformat": ".0%"}, [0.1, 0.9])
    assert (axis.low, axis.step, axis.ticks[0]) == (0.0, 0.2, (0.0, "0%"))


def test_ticks_only_where_the_figure_wants_them_are_words():
    axis = axis_of({"range": [0, 1.7], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}, [0.3])
    assert axis.number_format == ""
    assert [text for _value, text in axis.ticks] == ["0%", "25%", "50%", "75%", "100%"]


def test_a_reversed_axis_of_names_begins_at_the_top():
    figure = charts.figure([marks([1, 2], ["first", "second"])], "t", y={"autorange": "reversed"})
    spot = spot_of(figure)
    assert spot.at(1, "first")[1] < spot.at(2, "second")[1]


def test_an_axis_of_powers_puts_ten_times_as_much_one_step_further():
    figure = charts.figure(
        [marks([1, 100], [0, 1])],
        "t",
        x={"type": "log", "range": [0, 2], "tickvals": [1, 10, 100], "ticktext": ["1", "10", "100"]},
    )
    spot = spot_of(figure)
    places = [spot.at(x, 0)[0] for x in (1, 10, 100)]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1])


def test_days_are_names_in_their_order():
    from datetime import date

    axis = axis_of({"tickformat": "%b<br>%Y"}, [date(2026, 2, 1), date(2026, 1, 1)])
    assert [text for _place, text in axis.ticks] == ["Jan 2026", "Feb 2026"]
    assert math.isclose(axis.share(date(2026, 1, 1)), 0.25)
