"""Labels of the attribution charts: readable, and each with its own place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reporting.credit_charts import path_names, spread_apart


def test_labels_that_would_meet_are_pushed_apart_around_their_middle():
    assert spread_apart(np.array([5.0, 5.0, 20.0]), 2.0) == pytest.approx([4, 6, 20])


def test_labels_with_room_stay_where_they_are():
    assert spread_apart(np.array([9.0, 1.0, 5.0]), 2.0) == pytest.approx([9, 1, 5])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15), st.floats(0.001, 0.2))
def test_labels_never_meet_and_keep_their_order(values, gap):
    places = spread_apart(np.array(values), gap)
    order = np.argsort(values, kind="stable")
    assert (np.diff(places[order]) >= gap * (1 - 1e-9)).all()
    assert places.sum() == pytest.approx(sum(values))


def test_paths_are_written_short():
    assert path_names(["a > a > b", "b"]) == ["a ×2 › b", "b"]


def test_long_paths_lose_their_middle_and_stay_different():
    """Two bars of one name would be drawn as one."""
    long = " > ".join(f"channel_{n}" for n in range(9))
    other = long.replace("channel_4", "channel_x")
    names = path_names([long, other])
    assert len(set(names)) == 2
    assert all(len(name) < 40 for name in names)


def test_names_from_files_are_not_html():
    assert path_names(["<b> > a"]) == ["&lt;b&gt; › a"]
