"""The forest of referrals: cases by hand, laws on random forests, and the limit of word of mouth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.models.referrals import (
    below_everybody,
    forest,
    generations_below,
    viral_coefficient,
    viral_growth,
    viral_limit,
)

# 0 brought 1 and 2, 1 brought 3, 3 brought 4; 5 brought 6; 7 is alone
EIGHT = np.array([-1, 0, 0, 1, 3, -1, 5, -1])
WORTH = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0])


def test_eight_people_by_hand():
    found = forest(EIGHT)
    assert found.generation.tolist() == [0, 1, 1, 2, 3, 0, 1, 0]
    assert found.root.tolist() == [0, 0, 0, 0, 0, 5, 5, 7]
    assert found.descendants.tolist() == [4, 2, 0, 1, 0, 1, 0, 0]
    assert generations_below(found).tolist() == [3, 2, 0, 1, 0, 1, 0, 0]
    assert below_everybody(EIGHT, WORTH).tolist() == [30, 24, 0, 16, 0, 64, 0, 0]


@pytest.mark.parametrize(
    ("generations", "below"),
    [(0, [0] * 8), (1, [6, 8, 0, 16, 0, 64, 0, 0]), (2, [14, 24, 0, 16, 0, 64, 0, 0]), (9, [30, 24, 0, 16, 0, 64, 0, 0])],
)  # fmt: skip
def test_value_down_to_a_generation_by_hand(generations, below):
    assert below_everybody(EIGHT, WORTH, generations).tolist() == below


def test_rings_end_and_are_cut():
    # 0 ⇄ 1, 2 below the ring; 3 brought itself; 4 brought 5
    found = forest(np.array([1, 0, 1, 3, -1, 4]))
    assert found.on_ring.tolist() == [True, True, True, True, False, False]
    assert found.referrer.tolist() == [-1, -1, -1, -1, -1, 4]
    assert found.generation.tolist() == [-1, -1, -1, -1, 0, 1]
    assert found.descendants.tolist() == [0, 0, 0, 0, 1, 0]


def test_a_long_chain_takes_no_longer_road_than_its_logarithm():
    size = 70_000
    found = forest(np.arange(size) - 1)
    assert found.generation.tolist() == list(range(size))
    assert found.descendants.tolist() == list(range(size - 1, -1, -1))


def test_a_number_that_nobody_has_is_refused():
    with pytest.raises(ValueError, match="outside the people"):
        forest(np.array([-1, 7]))


def test_no_people_are_no_forest():
    assert len(forest(np.zeros(0, int))) == 0


@st.composite
def referrers(draw):
    """A forest in any order of people."""
    size = draw(st.integers(1, 40))
    above = [draw(st.integers(-1, place - 1)) for place in range(size)]
    order = draw(st.permutations(range(size)))
    shuffled = np.full(size, -1)
    for place, referrer in enumerate(above):
        shuffled[order[place]] = order[referrer] if referrer >= 0 else -1
    return shuffled


def ancestors(referrer: np.ndarray, person: int) -> list[int]:
    found = []
    while referrer[person] >= 0:
        person = int(referrer[person])
        found.append(person)
    return found


@given(referrers())
def test_generations_partition_the_referred_and_sums_are_those_of_a_walk(referrer):
    found, size = forest(referrer), len(referrer)
    value = np.arange(1.0, size + 1)
    up = [ancestors(referrer, person) for person in range(size)]
    assert found.generation.tolist() == [len(line) for line in up]
    assert found.root.tolist() == [line[-1] if line else person for person, line in enumerate(up)]
    counts = np.bincount(found.generation)
    assert counts[1:].sum() == np.count_nonzero(referrer >= 0)
    assert all(counts > 0)  # no generation without the one before it
    for person in range(size):
        below = [other for other in range(size) if person in up[other]]
        assert found.descendants[person] == len(below)
        assert below_everybody(referrer, value)[person] == value[below].sum()
        near = [other for other in below if up[other].index(person) < 2]
        assert below_everybody(referrer, value, 2)[person] == value[near].sum()
        deepest = max((up[other].index(person) + 1 for other in below), default=0)
        assert generations_below(found)[person] == deepest


@given(st.lists(st.integers(-1, 19), min_size=20, max_size=20))
def test_whatever_refers_to_whatever_it_ends(referrer):
    found = forest(np.array(referrer))
    assert ((found.generation >= -1) & (found.generation < 20)).all()
    people = found.generation[found.referrer >= 0]
    assert (people > 0).all()
    assert found.descendants.max() < 20


def test_k_below_one_leads_to_4348_and_no_further():
    """3.5 invitations at 22 % of 1,000 customers: the published arithmetic of viral growth."""
    k = viral_coefficient(3.5, 0.22)
    assert k == pytest.approx(0.77)
    assert round(viral_limit(1_000, k)) == 4_348
    assert viral_growth(1_000, k, 200)[-1] == pytest.approx(viral_limit(1_000, k))


@given(st.floats(0, 0.999), st.integers(0, 300), st.integers(1, 10**6))
def test_below_one_growth_never_passes_its_limit(k, cycles, customers):
    growth = viral_growth(customers, k, cycles)
    assert growth[0] == customers
    assert (np.diff(growth) >= 0).all()
    assert growth[-1] <= viral_limit(customers, k) * (1 + 1e-12)


@pytest.mark.parametrize("k", [1.0, 1.2])
def test_from_one_on_there_is_no_limit(k):
    assert np.isnan(viral_limit(1_000, k))
