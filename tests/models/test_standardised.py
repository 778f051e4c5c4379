"""Standardised ratios: what a group did against its mix of segments, and that luck is not taken for merit."""

import numpy as np
import pandas as pd
import pytest

from analytics.models.standardised import shrunken, standardise


def sums(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    """(group, segment, x, b) per customer as sums per group and segment."""
    frame = pd.DataFrame(rows, columns=["group", "segment", "x", "b"])
    frame = frame.assign(xx=frame["x"] ** 2, xb=frame["x"] * frame["b"], bb=frame["b"] ** 2)
    return frame.groupby(["group", "segment"], as_index=False).sum()


HAND = [
    # of offices one in two comes back, of hotels three in four
    *[("Ann", "office", x, 1) for x in (1, 0)],
    *[("Ben", "office", x, 1) for x in (1, 0)],
    *[("Ann", "hotel", x, 1) for x in (1, 1)],
    *[("Ben", "hotel", x, 1) for x in (1, 0)],
]


def test_expected_is_what_the_same_segments_did_on_average():
    found = standardise(sums(HAND))
    assert found.loc["Ann", "done"] == 3
    assert found.loc["Ben", "done"] == 2
    assert found["expected"].tolist() == [2.5, 2.5]  # 2 × 1/2 + 2 × 3/4
    # variance of a share p: 2 × 1/2 × 1/2 + 2 × 3/4 × 1/4
    assert found["deviation"].tolist() == pytest.approx([(0.5 + 0.375) ** 0.5] * 2)


def test_what_is_expected_adds_up_to_what_was_done():
    rng = np.random.default_rng(1)
    rows = [
        (f"g{rng.integers(4)}", f"s{rng.integers(3)}", float(rng.poisson(2)), float(rng.integers(1, 5)))
        for _ in range(60)
    ]
    found = standardise(sums(rows))
    assert found["expected"].sum() == pytest.approx(found["done"].sum())


def test_a_group_of_one_segment_alone_is_as_expected():
    found = standardise(sums([("Ann", "home", 1, 1), ("Ann", "home", 0, 1), ("Ben", "office", 1, 1)]))
    assert (found["done"] == found["expected"]).all()


def test_few_customers_are_drawn_towards_one_and_many_are_not():
    ratio = np.array([1.5, 1.5, 0.8, 0.9, 1.1, 0.7])
    deviation = np.array([0.5, 0.05, 0.05, 0.05, 0.05, 0.05])
    found = shrunken(ratio, deviation)
    assert found[0, 0] < 1.2
    assert found[0, 1] < 1 < found[0, 2]
    assert found[1, 0] == pytest.approx(1.5, abs=0.05)
    assert found[1, 1] > 1


def test_equal_groups_stay_equal_and_certainty_needs_a_spread():
    found = shrunken(np.ones(5), np.full(5, 0.1))
    assert found[:, 0] == pytest.approx(np.ones(5))
    assert (found[:, 1] < 1).all()
    assert (found[:, 2] > 1).all()


@pytest.mark.parametrize("ratio", [[1.4], [np.nan, 1.2], []])
def test_alone_nobody_can_be_compared(ratio):
    assert np.isnan(shrunken(np.array(ratio), np.full(len(ratio), 0.1))).all()


def simulated(seed: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Eight people with five to 150 customers: true ratios to what all of them do, and the shrunken intervals."""
    rng = np.random.default_rng(seed)
    size = rng.integers(5, 150, 8)
    true = 1 + spread * rng.standard_normal(8)
    rows = sums(
        [
            (f"g{n}", "home", float(x), 1.0)
            for n in range(8)
            for x in rng.random(size[n]) < np.clip(0.6 * true[n], 0, 1)
        ]
    )
    found = standardise(rows)
    expected = found["expected"].to_numpy()
    against_all = true / np.average(true, weights=size)
    return against_all, shrunken(
        found["done"].to_numpy() / expected, found["deviation"].to_numpy() / expected
    )


def test_intervals_cover_the_truth_in_about_80_percent_of_200_companies():
    hits = [
        (found[:, 1] <= true) & (true <= found[:, 2])
        for true, found in (simulated(s, 0.1) for s in range(200))
    ]
    assert 0.70 <= np.mean(hits) <= 0.90


def test_where_all_are_alike_hardly_anybody_is_held_to_be_above():
    above = [simulated(seed, 0.0)[1][:, 1] > 1 for seed in range(200)]
    assert np.mean(above) < 0.03
