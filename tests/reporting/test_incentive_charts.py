"""Pictures of incentives show every interval whole, or say that it goes on."""

import pandas as pd
import pytest

from analytics.reporting.incentive_charts import FARTHEST, schedule_chart


def schedule(*lows: float) -> pd.DataFrame:
    rows = [
        {"programme": "gift", "tenure": n, "reward": 5.0, "caused_per_redeemed": 1.0, "caused_per_redeemed_low": low,
         "caused_per_redeemed_high": 10.0, "step": "stop", "suggested_reward": 0.0}
        for n, low in enumerate(lows)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_an_interval_below_nothing_lies_within_the_picture():
    drawn = schedule_chart(schedule(-18.0, 2.0), "EUR")
    assert drawn.layout.xaxis.range[0] < -18.0
    assert not len(drawn.data[-1].x)


def test_one_that_is_far_longer_than_all_else_is_cut_and_marked():
    drawn = schedule_chart(schedule(-500.0, 2.0), "EUR")
    edge = drawn.layout.xaxis.range[0]
    assert edge == pytest.approx(-FARTHEST * 10.0)
    assert list(drawn.data[-1].x) == [edge]
    assert drawn.data[-1].marker.symbol == "triangle-left"
