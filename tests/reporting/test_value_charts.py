"""Charts of value: names from files stay text, and what is drawn is what was found."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.customer_equity import Equity
from analytics.decisions.customer_value import CustomerValue
from analytics.decisions.interval import Interval
from analytics.decisions.payback_curves import CURVE_COLUMNS, PaybackCurves
from analytics.decisions.value_groups import CHANNEL_COLUMNS
from analytics.reporting import value_charts

HOSTILE = "<b>ads</b>"


@pytest.fixture
def found():
    channels = [(HOSTILE, 90, 50.0, 80.0, 70.0, 90.0, 1.6), ("search", 40, 20.0, 75.0, 60.0, 90.0, 3.75)]
    curves = [(quarter, month, 20.0 * month, 50.0) for quarter, months in (("2026-01-01", 5), ("2026-04-01", 2))
              for month in range(1, months + 1)]  # fmt: skip
    frame = pd.DataFrame(curves, columns=list(CURVE_COLUMNS))
    frame["cohort_quarter"] = pd.to_datetime(frame["cohort_quarter"])
    return replace(
        CustomerValue("0" * 12, False, "EUR", Assumptions()),
        channels=pd.DataFrame(channels, columns=list(CHANNEL_COLUMNS)),
        payback=PaybackCurves(frame),
    )


def test_a_channel_s_name_is_never_markup(found):
    figure = value_charts.value_against_cac(found)
    assert "&lt;b&gt;ads&lt;/b&gt;" in figure.data[0].text[0]
    assert HOSTILE not in str(figure.data[0].customdata)


def test_value_against_cac_draws_both_lines_through_the_origin(found):
    lines = value_charts.value_against_cac(found).layout.shapes
    assert [round(line.y1 / line.x1) for line in lines] == [1, 3]
    assert all(line.x0 == line.y0 == 0 for line in lines)


def test_a_cohort_s_line_crosses_0_where_it_has_paid_back(found):
    lines = value_charts.payback_chart(found).data
    assert list(lines[0].y) == [-30.0, -10.0, 10.0, 30.0, 50.0]
    assert [line.text[-1] for line in lines] == ["2026 Q1", "2026 Q2"]


def test_customer_equity_is_one_bar_of_its_parts():
    equity = Equity(
        Interval(100.0, 90.0, 110.0), Interval(50.0, 40.0, 60.0), Interval(150.0, 135.0, 165.0), 3.0
    )
    bars = value_charts.equity_chart(equity, "margin", "EUR").data
    assert [(bar.base[0], bar.x[0]) for bar in bars] == [(0.0, 100.0), (100.0, 50.0)]


def test_deals_are_drawn_on_a_scale_that_holds_them():
    rows = [("source", "new", 9, 90.0, 10.0, 1.0, 5.0, 9.0, 12.0, 40.0, 99.0),
            ("channel", HOSTILE, 9, 90.0, 10.0, 2.0, 6.0, 8.0, 13.0, 70.0, 99.0)]  # fmt: skip
    columns = [
        "by",
        "name",
        "orders",
        "revenue",
        "mean",
        "p5",
        "p25",
        "median",
        "p75",
        "p95",
        "outlier_bound",
    ]
    figure = value_charts.deal_chart(pd.DataFrame(rows, columns=columns), "EUR")
    low, high = (10**end for end in figure.layout.xaxis.range)
    assert low < 1.0
    assert high > 70.0
    assert HOSTILE not in str(figure.layout.yaxis.ticktext)


def test_foretold_stands_beside_what_came():
    frame = pd.DataFrame({"frequency": [0, 1], "customers": [5, 3], "expected": [2.4, 1.6], "actual": [3, 1]})
    foretold, came = value_charts.holdout_chart(frame).data
    assert np.array_equal(foretold.y, [2.4, 1.6])
    assert np.array_equal(came.y, [3, 1])
    assert list(came.x) == ["0", "1 or more"]
