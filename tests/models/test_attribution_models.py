"""Attribution against published numbers and against its laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.models.attribution import MODELS, credit, credit_intervals
from analytics.models.journeys import from_frame
from analytics.models.markov import build_chain, removal_effects
from analytics.models.shapley import shapley_values

# Nine paths worth 3 each: docs/methods.md, "Attribution"; the Markov column is the exact solution.
NINE = pd.DataFrame({
    "path": ["A", "A > B", "A > B > C", "B", "B > A", "B > C > A", "C", "C > A", "C > B > A"],
    "conversions": [3.0] * 9, "value": [30.0] * 9, "nulls": [0.0] * 9,
})  # fmt: skip
NINE_CREDIT = {
    "first": (9, 9, 9),
    "last": (15, 6, 6),
    "linear": (10.5, 9, 7.5),
    "position": (11.1, 8.4, 7.5),
    "markov": (10.643, 8.515, 7.842),
}


@pytest.mark.parametrize("model", NINE_CREDIT)
def test_nine_paths(model):
    handed_out = credit(NINE, model)
    assert list(handed_out["channel"]) == ["A", "B", "C"]
    assert handed_out["conversions"].to_numpy() == pytest.approx(NINE_CREDIT[model], abs=6e-4)


def test_three_paths_of_which_one_won():
    # C1 > C2 > C3 won, C1 lost, C2 > C3 lost: conversion 1/3, credit 20, 40 and 40 %.
    frame = pd.DataFrame(
        {"path": ["C1 > C2 > C3", "C1", "C2 > C3"], "conversions": [1, 0, 0], "nulls": [0, 1, 1]}
    )
    assert credit(frame, "markov")["conversions"].to_numpy() == pytest.approx([0.2, 0.4, 0.4])


def test_shapley_value_of_a_published_game():
    # v(O)=7 v(F)=6 v(D)=4 v(OF)=15 v(OD)=7 v(FD)=9 v(OFD)=19
    worth = np.array([0, 7, 6, 15, 4, 7, 9, 19], dtype=float)
    assert shapley_values(worth) == pytest.approx([7.6667, 8.1667, 3.1667], abs=1e-4)


def test_time_decay_halves_with_every_half_life():
    frame = pd.DataFrame({"path": ["a > b > c"], "conversions": [7], "ages_days": ["14 > 7 > 0"]})
    assert credit(frame, "time_decay")["conversions"].to_numpy() == pytest.approx([1, 2, 4])


def test_last_non_direct_falls_back_on_direct():
    frame = pd.DataFrame({"path": ["ads > direct", "direct > direct"], "conversions": [5, 2]})
    assert dict(credit(frame, "last_non_direct")[["channel", "conversions"]].to_numpy()) == {
        "ads": 5,
        "direct": 2,
    }


journeys = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["a", "b", "c", "direct", "d"]), min_size=1, max_size=5),
        st.integers(0, 20), st.integers(0, 50), st.integers(0, 30),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def frame_of(drawn):
    return pd.DataFrame({
        "path": [" > ".join(path) for path, *_ in drawn],
        "conversions": [float(won) for _, won, _, _ in drawn],
        "value": [float(won * worth) for _, won, worth, _ in drawn],
        "nulls": [float(lost) for *_, lost in drawn],
        "ages_days": [" > ".join(str(3 * (len(path) - i)) for i in range(len(path))) for path, *_ in drawn],
    })  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=40)
@given(drawn=journeys, order=st.integers(1, 3))
def test_credit_sums_to_what_was_observed(model, drawn, order):
    frame = frame_of(drawn)
    handed_out = credit(frame, model, order=order)
    assert handed_out["conversions"].sum() == pytest.approx(frame["conversions"].sum(), abs=1e-9)
    assert handed_out["value"].sum() == pytest.approx(frame["value"].sum(), abs=1e-7)
    assert (handed_out["conversions"] >= 0).all()


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=40)
@given(drawn=journeys)
def test_the_order_of_rows_and_the_names_of_channels_do_not_matter(model, drawn):
    frame = frame_of([(["x" if c == "direct" else c for c in path], *rest) for path, *rest in drawn])
    names = {"a": "z", "b": "y", "c": "w", "x": "v", "d": "u"}
    renamed = frame.assign(path=[" > ".join(names[c] for c in p.split(" > ")) for p in frame["path"]]).iloc[
        ::-1
    ]
    before = {names[c]: n for c, n in credit(frame, model)[["channel", "conversions"]].to_numpy()}
    after = dict(credit(renamed, model)[["channel", "conversions"]].to_numpy())
    assert after == pytest.approx(before)


@pytest.mark.parametrize("model", MODELS)
def test_a_channel_that_never_won_anything_gets_nothing(model):
    frame = pd.DataFrame(
        {"path": ["a > b", "c"], "conversions": [4, 0], "nulls": [1, 9], "ages_days": ["2 > 0", "0"]}
    )
    handed_out = dict(credit(frame, model)[["channel", "conversions"]].to_numpy())
    assert handed_out["c"] == pytest.approx(0, abs=1e-12)


@settings(max_examples=40)
@given(drawn=journeys)
def test_repeating_a_step_changes_no_removal_effect_of_order_one(drawn):
    frame = frame_of(drawn)
    repeated = frame.assign(
        path=["{0} > {0}{1}".format(p.split(" > ")[0], p[len(p.split(" > ")[0]) :]) for p in frame["path"]]
    )
    plain, twice = from_frame(frame.drop(columns="ages_days")), from_frame(repeated.drop(columns="ages_days"))
    effects = [removal_effects(build_chain(j, 1), j.conversions, j.value, j.nulls)[0] for j in (plain, twice)]
    assert effects[1] == pytest.approx(effects[0], abs=1e-9)


@settings(max_examples=40)
@given(drawn=journeys, order=st.integers(1, 3))
def test_the_sparse_and_the_dense_solution_agree(drawn, order):
    from analytics.models import markov

    parsed = from_frame(frame_of(drawn).drop(columns="ages_days"))
    chain = build_chain(parsed, order)
    reward = markov._rewards(chain, parsed.conversions, parsed.value, parsed.conversions + parsed.nulls)
    for dense, sparse in zip(markov._dense(chain, *reward), markov._sparse(chain, *reward), strict=True):
        assert sparse == pytest.approx(dense, abs=1e-9)


def test_removal_effects_equal_the_chain_without_the_channel_run_by_hand():
    # a > b won 1, a lost 1: x(start) = 1/2; without a nothing is won, without b neither.
    frame = pd.DataFrame({"path": ["a > b", "a"], "conversions": [1, 0], "nulls": [0, 1]})
    parsed = from_frame(frame)
    effects, _ = removal_effects(build_chain(parsed, 1), parsed.conversions, parsed.value, parsed.nulls)
    assert effects == pytest.approx([1, 1])


def test_shapley_credit_equals_the_value_of_the_game_of_subset_sums():
    random = np.random.default_rng(5)
    names = ["a", "b", "c", "d"]
    paths = [" > ".join(random.choice(names, size=random.integers(1, 5))) for _ in range(30)]
    frame = pd.DataFrame({"path": paths, "conversions": random.integers(0, 9, 30)})
    worth = np.zeros(16)
    for path, won in frame.itertuples(index=False):
        members = sum(1 << names.index(c) for c in set(path.split(" > ")))
        worth[[s for s in range(16) if s & members == members]] += won
    assert credit(frame, "shapley")["conversions"].to_numpy() == pytest.approx(shapley_values(worth))


def test_intervals_cover_resampled_journeys():
    frame = NINE.assign(conversions=30.0, value=300.0, nulls=100.0)
    ours = credit_intervals(frame, "last", draws=2000)
    # The last touch of A is a Poisson count of 150: its 80 % interval is about ± 1.2816 √150.
    a = ours.set_index("channel").loc["A"]
    assert (a["conversions_high"] - a["conversions_low"]) == pytest.approx(
        2 * 1.2816 * np.sqrt(150), rel=0.06
    )
    assert a["conversions_low"] < a["conversions"] < a["conversions_high"]


def test_unusable_journeys_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="not known"):
        credit(NINE, "lucky")
    with pytest.raises(ValueError, match="ages_days"):
        credit(NINE, "time_decay")
    with pytest.raises(ValueError, match="empty step"):
        credit(pd.DataFrame({"path": ["a >  > b"], "conversions": [1]}), "last")
    with pytest.raises(ValueError, match="not negative"):
        credit(NINE.assign(conversions=-1), "last")
