"""Names of points stand where they cover nothing."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.reporting.label_places import PLACES, Box, free_places

ENDS = (100.0, 100.0)
points = st.tuples(st.floats(0, 100), st.floats(10, 90)).map(lambda at: (*at, at[1] - 5, at[1] + 5))


def test_a_point_alone_is_named_to_its_right():
    assert free_places([(50, 50, 45, 55)], ["ads"], ENDS) == ["middle right"]


def test_of_two_side_by_side_the_left_one_is_named_to_its_left():
    places = free_places([(50, 50, 45, 55), (55, 51, 46, 56)], ["search", "display"], ENDS)
    assert places == ["middle left", "middle right"]


def test_a_name_keeps_clear_of_the_range_of_a_point_far_below():
    places = free_places([(40, 60, 55, 65), (50, 40, 20, 61)], ["paid search", "display"], ENDS)
    assert places == ["middle left", "middle right"]


def test_boxes_that_only_touch_do_not_overlap():
    assert Box(0, 2, 0, 2).overlap(Box(2, 4, 0, 2)) == 0
    assert Box(0, 2, 0, 2).overlap(Box(1, 4, 1, 9)) == 1


@given(st.lists(points, max_size=8))
def test_every_point_has_a_place_that_plotly_knows(bars):
    places = free_places(bars, ["a name"] * len(bars), ENDS)
    assert len(places) == len(bars)
    assert set(places) <= set(PLACES)
