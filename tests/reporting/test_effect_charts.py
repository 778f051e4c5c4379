"""Pictures of how an effect is known hold the numbers that they are made from."""

import pandas as pd
import pytest

from analytics.reporting.effect_charts import overlap_chart


def test_either_group_adds_up_to_one_on_its_own_side_of_the_line():
    overlap = pd.DataFrame(
        {"low": [0.0, 0.5], "high": [0.5, 1.0], "treated": [10, 30], "untreated": [90, 10]}
    )
    above, below = overlap_chart(overlap).data
    assert list(above.y) == pytest.approx([0.25, 0.75])
    assert list(below.y) == pytest.approx([-0.9, -0.1])
    assert list(above.customdata) == ["10", "30"]


def test_a_group_without_anybody_is_drawn_as_nothing():
    overlap = pd.DataFrame({"low": [0.0], "high": [1.0], "treated": [0], "untreated": [5]})
    assert list(overlap_chart(overlap).data[0].y) == [0.0]
