"""Referred against matched customers: by hand, by law, and on simulated companies whose truth is known."""

import numpy as np
import pytest

from analytics.decisions.referral_matching import Strata, lead


def strata(rows: list[tuple]) -> Strata:
    """rows: (referred, value, key, key, …)."""
    referred, value, *keys = zip(*rows, strict=True)
    return Strata.of([np.array(key) for key in keys], np.array(referred, bool), np.array(value, float))


def others(values: list[float], *keys: int) -> list[tuple]:
    return [(False, value, *keys) for value in values]


def referred(values: list[float], *keys: int) -> list[tuple]:
    return [(True, value, *keys) for value in values]


ONE = referred([10, 14], 0) + others([6, 8, 10, 8, 8], 0)


def test_one_stratum_by_hand():
    found = lead(strata(ONE))
    assert (found.referred, found.others) == (12, 8)
    assert found.difference.value == 4
    assert found.ratio.value == pytest.approx(0.5)
    assert (found.matched, found.of, found.peers, found.exactly) == (2, 2, 5, 2)
    # variance: of the referred ((10−12)² + (14−12)²) / 2², of the others (4 · 2² − …): 8 / 4 and 8 · (2/5)² / 4
    deviation = (8 / 4 + 8 * (2 / 5) ** 2 / 4) ** 0.5
    assert found.difference.high - found.difference.low == pytest.approx(2 * 1.2815515655 * deviation)


def test_strata_are_weighted_by_their_referred():
    rows = [*referred([9, 10, 11], 0), *others([8] * 6, 0), *referred([20], 1), *others([10] * 50, 1)]
    found = lead(strata(rows))
    assert (found.referred, found.others) == (12.5, 8.5)
    assert found.difference.value == 4


def test_where_a_stratum_has_too_few_others_the_next_coarser_one_stands_in():
    rows = [*referred([10], 0, 0), *others([1, 1, 1, 1], 0, 0), *others([6], 0, 1), *referred([7], 0, 1)]
    found = lead(strata(rows))  # 4 and 1 others: too few; together 5, with a mean of 2
    assert found.exactly == 0
    assert (found.matched, found.peers) == (2, 5)
    assert (found.referred, found.others) == (8.5, 2)


def test_who_has_no_peers_is_left_out_and_counted():
    found = lead(strata([*ONE, *referred([1_000], 1), *others([1], 1)]))
    assert (found.matched, found.of) == (2, 3)
    assert found.matched_share == pytest.approx(2 / 3)
    assert found.difference.value == 4


def test_the_sign_may_be_negative():
    found = lead(strata(referred([3, 4, 5] * 20, 0) + others([9, 10, 11] * 20, 0)))
    assert found.difference.value == -6
    assert found.difference.high < 0
    assert found.ratio.high < 0


def test_without_others_nothing_is_said():
    found = lead(strata(referred([1, 2], 0)))
    assert not found.difference.known
    assert found.matched == 0


def test_the_order_of_customers_changes_nothing():
    random = np.random.default_rng(3)
    rows = [(bool(random.random() < 0.3), float(random.gamma(1, 50)), int(random.integers(3)), int(random.integers(4)))
            for _ in range(300)]  # fmt: skip
    shuffled = [rows[n] for n in random.permutation(len(rows))]
    one, other = lead(strata(rows)), lead(strata(shuffled))
    assert one.difference.value == pytest.approx(other.difference.value)
    assert one.difference.low == pytest.approx(other.difference.low)


def test_eighty_percent_intervals_cover_the_truth_as_often_as_they_say():
    """200 companies: skewed values that depend on the stratum, referred worth 20 % more, strata of unequal mix."""
    hits = {"difference": 0, "ratio": 0}
    for seed in range(200):
        random = np.random.default_rng(seed)
        key = random.integers(0, 6, 900)
        is_referred = random.random(900) < 0.05 + 0.05 * key
        mean = 40 + 20.0 * key
        value = random.gamma(0.8, mean / 0.8) * np.where(is_referred, 1.2, 1.0)
        found = lead(Strata.of([key % 2, key], is_referred, value))
        # the truth of these referred: 20 % of what each would have brought
        truth = 0.2 * mean[is_referred].mean()
        hits["difference"] += found.difference.low <= truth <= found.difference.high
        hits["ratio"] += found.ratio.low <= 0.2 <= found.ratio.high
    assert 140 <= hits["difference"] <= 180
    assert 140 <= hits["ratio"] <= 180
