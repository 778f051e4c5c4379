"""Paths as a tree, against counting every path by hand."""

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.models.contacts import Asked, collect
from analytics.models.path_tree import grow, numbered

drawn_paths = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=6), min_size=1, max_size=30)


def grown(paths):
    return grow(np.concatenate(paths), np.array([len(path) for path in paths]), 4)


@settings(max_examples=60)
@given(drawn_paths)
def test_equal_paths_share_a_node_that_spells_them(paths):
    tree, node = grown(paths)
    for path, at in zip(paths, node, strict=True):
        assert tree.written(np.array([at])).tolist() == path
    assert len(set(node.tolist())) == len({tuple(path) for path in paths})


@settings(max_examples=60)
@given(drawn_paths)
def test_what_passes_a_node_is_what_begins_with_its_path(paths):
    tree, node = grown(paths)
    passed = tree.passed(np.bincount(node, minlength=len(tree.label)))
    begins = Counter(tuple(path[:steps]) for path in paths for steps in range(1, len(path) + 1))
    spelled = {tuple(tree.written(np.array([at])).tolist()): count for at, count in enumerate(passed)}
    assert spelled == begins


def test_no_paths_make_no_tree():
    tree, node = grow(np.empty(0, np.int64), np.empty(0, np.int64), 4)
    assert len(node) == len(tree.label) == len(tree.passed(np.empty(0))) == 0


def test_numbering_many_keys_of_a_wide_range_equals_that_of_a_narrow_one():
    key = np.array([7, 3, 7, 0, 3])
    for size in (8, 10**9):
        distinct, place = numbered(key, size)
        assert (distinct.tolist(), place.tolist()) == ([0, 3, 7], [2, 1, 2, 0, 1])


def event(day: int, place: int, number: int) -> int:
    return (day << 36) | (place << 32) | number


def test_events_become_journeys():
    """Person 1 sees 5 and 6, orders (end 0), sees 7; person 2 sees 5, and 6 forty days later; person 3 is a customer."""
    person = np.array([1, 1, 1, 1, 1, 2, 2, 3], dtype=np.uint64)
    events = np.array([
        event(100, 1, 5), event(110, 1, 6), event(110, 9, 0), event(111, 0, 7), event(1048575, 15, 1),
        event(100, 0, 5), event(140, 0, 6), event(100, 11, 8),
    ])  # fmt: skip
    asked = Asked(
        end=np.array([0]), has_order=np.array([True]), end_day=np.array([110]),
        strangers=True, regulars=False, first_day=0, last_day=200, look_back_days=30,
    )  # fmt: skip
    found, late = collect([(person, events)], [asked, replace(asked, known_to=150)])
    journeys = sorted(
        (
            int(order),
            found.channel[first : first + length].tolist(),
            found.age_days[first : first + length].tolist(),
        )
        for order, first, length in zip(found.order, found.first, found.length, strict=True)
    )
    assert journeys == [(-1, [5], [0]), (-1, [6], [0]), (0, [5, 6], [10, 0])]
    assert (found.unfinished, late.unfinished) == (
        0,
        1,
    )  # the contact of day 140 may lead to an order until day 170
