"""Charts show the frame's numbers, in the role's colour, with text from files as text."""

import itertools
import math
from datetime import date

import pandas as pd
import pytest

from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.reporting import charts
from analytics.reporting.roles import ROLES

LENSES = pd.DataFrame(
    [
        ("acquisition", "booked", -0.5, -0.6, -0.4),
        ("acquisition", "incremental", 0.1, -0.1, 0.3),
        ("acquisition", "marginal", math.nan, math.nan, math.nan),
        ("retention", "booked", 7.0, 6.0, 8.0),
        ("retention", "incremental", 2.0, 1.0, 3.0),
        ("retention", "marginal", math.nan, math.nan, math.nan),
    ],
    columns=["motion", "lens", "roi", "low", "high"],
)
EVIL = '<b onclick="x">a</b>'


def texts(figure) -> str:
    return " ".join(annotation.text for annotation in figure.layout.annotations)


def test_each_side_has_its_colour_and_its_shape():
    figure = charts.lens_chart(LENSES, "needs curves")
    marks = {(t.marker.color, t.marker.symbol) for t in figure.data if t.mode == "markers"}
    assert marks == {(ROLES[side].color, ROLES[side].symbol) for side in ("acquisition", "retention")}


def test_the_lens_chart_shows_values_and_ranges():
    figure = charts.lens_chart(LENSES, "needs curves")
    retention = figure.data[1]
    assert sorted(retention.x) == [2.0, 7.0]
    assert sorted(x + e for x, e in zip(retention.x, retention.error_x.array, strict=True)) == [3.0, 8.0]
    assert "needs curves" in texts(figure)


def test_a_lens_that_is_known_for_one_side_only_says_so():
    half = LENSES.assign(roi=LENSES["roi"].where(LENSES["motion"] == "retention"))
    assert texts(charts.lens_chart(half, "needs curves")).count("not known") == 2


def test_the_crossing_is_named():
    lines = pd.DataFrame(
        {
            "baseline_share": [0, 1, 0, 1],
            "motion": ["acquisition"] * 2 + ["retention"] * 2,
            "roi": [0, 0, 1, -1],
        }
    ).astype({"baseline_share": float, "roi": float})
    figure = charts.break_even_chart(lines, Interval(0.5, 0.4, 0.6), Interval(0.6, 0.4, 0.8))
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (0.5, 0.0)
    assert "equal at 50 %" in texts(figure)
    outside = charts.break_even_chart(lines, Interval(1.4, 1.3, 1.5), Interval(0.6, 0.6, 0.6))
    assert "equal" not in texts(outside)
    assert len(charts.break_even_chart(lines, NOT_KNOWN, Interval(0.6, 0.6, 0.6)).data) == 2


REVENUE = pd.DataFrame(
    {
        "quarter": [date(2026, 1, 1)] * 3 + [date(2026, 4, 1)] * 2,
        "source": ["new", "referral", "reorder", "new", "reorder"],
        "revenue": [10.0, 5.0, 20.0, 11.0, 21.0],
        "orders": [1, 1, 2, 1, 2],
    }
)


def test_revenue_bars_add_up_to_each_quarter():
    figure = charts.revenue_chart(REVENUE, date(2026, 1, 1), date(2026, 6, 30), "EUR")
    assert [sum(bar.y[n] for bar in figure.data) for n in (0, 1)] == [35.0, 32.0]


def test_a_quarter_that_is_covered_in_part_is_named_so():
    figure = charts.revenue_chart(REVENUE, date(2026, 2, 10), date(2026, 5, 20), None)
    assert list(figure.layout.xaxis.ticktext) == ["Q1<br>2026<br>from 10 Feb", "Q2<br>to 20 May"]


def test_names_beside_the_last_bar_never_meet():
    places = charts._label_places(pd.Series({"reorder": 100.0, "referral": 0.5, "new": 1.0}))
    heights = sorted(places.values())
    assert min(b - a for a, b in itertools.pairwise(heights)) > 8


BARS = pd.DataFrame(
    [
        ("budget", "winning customers", "acquisition", 80.0, 0.8),
        ("budget", EVIL, "retention", 20.0, 0.2),
        ("revenue", "reorders", "retention", 100.0, 1.0),
    ],
    columns=["bar", "part", "motion", "amount", "share"],
)


def test_a_bar_without_known_shares_is_left_out():
    unknown = BARS.assign(share=BARS["share"].where(BARS["bar"] == "revenue"))
    assert [trace.y[0] for trace in charts.share_bars(unknown, None).data] == ["Revenue"]


def test_text_from_files_is_escaped():
    figure = charts.share_bars(BARS, None)
    lines = pd.DataFrame(
        [("acquisition", EVIL, EVIL, date(2026, 1, 1), 1, 5.0, 1.0)],
        columns=["motion", "channel", "name", "quarter", "orders", "revenue", "spend"],
    )
    heat = charts.channel_heat(lines, None)
    assert "<b onclick" not in texts(figure) + "".join(heat.data[0].y)
    assert "<b onclick" not in "".join(trace.hovertemplate for trace in figure.data)


@pytest.mark.parametrize("state", ["full", "partial", "none"])
def test_the_calendar_shows_each_state_by_a_mark_of_its_own(state):
    months = pd.DataFrame(
        [("sales", date(2026, n, 1), s, 3) for n, s in enumerate(("full", "partial", "none"), start=1)],
        columns=["kind", "month", "state", "rows"],
    )
    cells = charts.coverage_chart(months, ["sales"]).data[0]
    at = [int(v) for v in cells.z[0]].index(charts.STATES.index(state))
    assert cells.text[0][at] == {"full": "", "partial": "◐", "none": "·"}[state]


def test_every_figure_is_named_and_bears_no_theme_of_its_own():
    figure = charts.revenue_chart(REVENUE, date(2026, 1, 1), date(2026, 6, 30), None)
    assert figure.layout.title.text
    assert figure.layout.paper_bgcolor is None
