"""The tables of both funnels: worked out by hand, and the laws that they keep."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.models.funnels import (
    AIDAS,
    FLIPPED,
    aidas,
    flipped,
    median_days,
    per_thousand,
    shared_by_contacts,
)

EIGHT = {"awareness": 8, "interest": 7, "desire": 6, "action": 4, "satisfaction": 2}
BITS = dict(zip(FLIPPED, (1, 2, 4, 8), strict=True))
SETS = st.dictionaries(st.integers(1, 15), st.integers(1, 50), min_size=1)


def column(frame, name):
    return [None if math.isnan(value) else round(value, 4) for value in frame[name]]


def sets(counts):
    return pd.DataFrame(list(counts.items()), columns=["stages", "people"])


def test_eight_people_along_aidas():
    """Of four who bought, three were observed long enough, and two of these were satisfied."""
    found = aidas(EIGHT, AIDAS, finished=3, satisfied=2)
    assert column(found, "people") == [8, 7, 6, 4, 2]
    assert column(found, "share_of_start") == [1, 0.875, 0.75, 0.5, 0.25]
    assert column(found, "share_of_step") == [None, 0.875, 0.8571, 0.6667, 0.6667]


def test_a_stage_that_nothing_shows_is_left_out_and_the_next_step_is_taken_from_the_last_known():
    found = aidas(EIGHT, {"awareness", "desire", "action"}, 3, 2)
    assert column(found, "people") == [8, None, 6, 4, None]
    assert column(found, "share_of_step") == [None, None, 0.75, 0.6667, None]


def test_without_contacts_aidas_begins_at_action():
    found = aidas(EIGHT, {"action", "satisfaction"}, 4, 2)
    assert column(found, "share_of_start") == [None, None, None, 1, 0.5]


def test_nobody_gives_no_share():
    assert column(aidas(dict.fromkeys(AIDAS, 0), AIDAS, 0, 0), "share_of_step") == [None] * 5


def test_seven_customers_of_ten_in_the_flipped_funnel():
    """Three thanked only, two thanked and activated, one in dialogue, one with an incentive and activated."""
    found = flipped(sets({1: 3, 9: 2, 2: 1, 12: 1}), BITS, 10)
    assert column(found, "people") == [5, 1, 1, 3]
    assert column(found, "reached") == [5, 6, 7, 7]
    assert column(found, "share_of_start") == [0.5, 0.1, 0.1, 0.3]
    assert column(found, "share_of_step") == [0.5, 0, 0, 1]


def test_a_flipped_stage_that_nothing_shows():
    """Dialogue is not known: the incentive's step is taken from those who were thanked."""
    bits = {stage: bit for stage, bit in BITS.items() if stage != "dialogue"}
    found = flipped(sets({1: 3, 5: 1}), bits, 8)
    assert column(found, "people") == [4, None, 1, 0]
    assert column(found, "share_of_step") == [0.5, None, 0.25, 0]


@given(SETS, st.integers(0, 500))
def test_shares_lie_between_nothing_and_all_and_nobody_reached_is_lost(counts, more):
    found = flipped(sets(counts), BITS, sum(counts.values()) + more)
    for name in ("share_of_start", "share_of_step"):
        assert all(math.isnan(value) or 0 <= value <= 1 for value in found[name])
    assert found["reached"].is_monotonic_increasing
    assert (found["people"] <= found["reached"]).all()


@given(SETS)
def test_the_order_of_rows_changes_nothing(counts):
    there, back = sets(counts), sets(dict(reversed(counts.items())))
    pd.testing.assert_frame_equal(flipped(there, BITS, 900), flipped(back, BITS, 900))


def test_the_median_of_days_counted():
    """Interest 3, 9 → 6; action 2, 2, 2, 40 → 2; desire 5."""
    rows = [("interest", 9, 1), ("interest", 3, 1), ("action", 2, 3), ("action", 40, 1), ("desire", 5, 1)]
    waits = pd.DataFrame(rows, columns=["stage", "days", "people"])
    assert median_days(waits) == {"interest": 6, "action": 2, "desire": 5}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4)), min_size=1, unique_by=lambda row: row[0]))
def test_the_median_is_that_of_everybody_in_a_row(rows):
    waits = pd.DataFrame([("interest", *row) for row in rows], columns=["stage", "days", "people"])
    everybody = pd.Series([days for days, people in rows for _ in range(people)])
    assert median_days(waits)["interest"] == everybody.median()


def test_money_follows_contacts():
    assert shared_by_contacts(300, {"awareness": 2, "interest": 1, "desire": 0}) == {
        "awareness": 200,
        "interest": 100,
    }
    assert shared_by_contacts(300, {}) == {}


@given(st.floats(0.01, 1e6), st.dictionaries(st.sampled_from(AIDAS), st.integers(0, 1000), min_size=1))
def test_no_money_is_lost_on_the_way(amount, contacts):
    shared = shared_by_contacts(amount, contacts)
    assert sum(shared.values()) == pytest.approx(amount if any(contacts.values()) else 0)


def test_people_per_thousand():
    assert per_thousand(9, 1000) == 9
    assert per_thousand(3, 1500) == 2
    assert math.isnan(per_thousand(3, 0))
    assert math.isnan(per_thousand(3, float("nan")))
