"""What a moved figure sends is what plotly's own figure would send."""

import base64

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analytics.reporting import budget_charts
from analytics.reporting.charts import Moving
from analytics.reporting.moving import sent
from tests.decisions.budget_company import advice


def read(part):
    """Numbers as plotly.js reads them back."""
    if isinstance(part, dict):
        if "bdata" in part:
            return np.frombuffer(base64.b64decode(part["bdata"]), part["dtype"]).astype(float).tolist()
        return {name: read(value) for name, value in part.items()}
    if isinstance(part, list | tuple | np.ndarray):
        return [read(value) for value in part]
    return float(part) if isinstance(part, int | float | np.number) and not isinstance(part, bool) else part


@pytest.mark.parametrize("chart", ["frontier", "curve", "cash"])
def test_a_moved_figure_says_what_plotly_s_own_says(chart):
    found = advice()
    effects, line = found.simulation.of(found.recommended), found.model.lines[0]
    figure = {
        "frontier": lambda: budget_charts.frontier_chart(found, effects, found.simulation.observed_shares),
        "curve": lambda: budget_charts.curve_chart(
            found, line, found.simulation.curve(line, 300.0), 150.0, 100.0
        ),
        "cash": lambda: budget_charts.cash_chart(effects.cash, "EUR"),
    }[chart]()
    assert isinstance(figure, Moving)
    assert str(read(figure.to_dict())) == str(read(go.Figure.to_dict(figure)))


def test_arrays_of_anything_but_numbers_are_lists():
    assert sent({"x": np.array(["a", "b"]), "y": pd.Series([1, 2]), "z": (np.array([]), None)}) == {
        "x": ["a", "b"], "y": [1, 2], "z": [[], None]
    }  # fmt: skip
