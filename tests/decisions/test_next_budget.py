"""How the next money is split: near a tenth, never below today's spends, and the very split of the budget page."""

import math
from dataclasses import replace

import numpy as np
import pytest

from analytics.decisions.allocation import EXPECTED
from analytics.decisions.budget_split import Wish, split, worst_fifth
from analytics.decisions.interval import Interval
from analytics.decisions.next_budget import NextBudget, next_budget, round_amount
from tests.decisions.budget_company import company


@pytest.mark.parametrize(
    ("amount", "near"),
    [(9_965, 10_000), (3_000, 2_000), (3_300, 5_000), (77, 100), (0.14, 0.1), (1.5e6, 2e6)],
)
def test_round_amounts_are_the_nearest_in_proportion(amount, near):
    assert round_amount(amount) == pytest.approx(near)


def test_the_next_money_by_hand():
    """600 are spent in two months of 300, so the next 50 are split: points return most, 400 customers × 4 × ln 2 / 200 =
    5.5 a unit, search 3.5; as a twentieth of 300 moves these hardly, all of it goes to points.
    """
    found = next_budget(company())
    assert found is not None
    assert (found.total, found.existing, found.acquisition) == (50.0, 50.0, 0.0)
    assert found.share_now == pytest.approx(1 / 3)
    assert found.more_to_existing == 1
    assert 4.5 < found.caused.value < 5.6
    assert found.existing_caused.value == pytest.approx(found.caused.value)
    assert found.acquisition_caused.value == pytest.approx(
        12 * math.log(2) / 2
    )  # of the first unit: none goes there


def test_it_is_the_split_of_the_budget_page_for_that_total():
    model = company(ceiling=400.0)
    found = next_budget(model)
    wish = Wish(total=325.0, bounds=tuple((name, now, None) for name, now in model.current.items()))
    best = split(model, wish).spend
    assert found is not None
    assert found.existing == pytest.approx(2 * (best["points"] - 100.0), abs=0.05 * 50 / 2)
    assert all(best[name] >= now - 1e-6 for name, now in model.current.items())
    assert found.more_to_existing < 1
    gained = 2 * (model.money(best) - model.money(model.current)).mean()
    assert found.caused.value == pytest.approx(gained / 50 + 1)


def test_either_part_by_what_it_adds_alone():
    model = company(ceiling=120.0)
    found = next_budget(model)
    assert found is not None
    assert 0 < found.existing < found.total
    wish = Wish(total=325.0, bounds=tuple((name, now, None) for name, now in model.current.items()))
    best, today = split(model, wish).spend, model.current
    alone = {**today, "points": best["points"]}
    gained = (model.money(alone) - model.money(today)).mean()
    assert found.existing_caused.value == pytest.approx(gained / (best["points"] - 100.0) + 1)


def test_with_one_side_alone_there_is_nothing_to_choose():
    channels = company().channels
    assert next_budget(replace(company(), lines=tuple(channels))) is None


def test_where_nothing_is_spent_or_no_line_can_take_more_there_is_none():
    free = replace(company(), lines=tuple(replace(line, now=0.0) for line in company().lines))
    assert next_budget(free) is None
    full = replace(company(), lines=tuple(replace(line, high=60.0) for line in company().lines))
    assert next_budget(full) is None


def unsure():
    """Points may return anything from nothing to three times as much."""
    model = company()
    points = replace(
        model.lines[2], curve=replace(model.lines[2].curve, ceiling=np.array([0.2, 2.0, 5.0, 9.0]))
    )
    return replace(model, lines=(*model.lines[:2], points))


def test_what_is_unsure_gets_less_of_another_total():
    """The worst fifth gains more than by the split that is best on average."""
    model = unsure()
    asked = Wish(total=400.0, bounds=tuple((name, now, None) for name, now in model.current.items()))
    cautious, bold = split(model, asked).spend, split(model, replace(asked, risk=EXPECTED)).spend
    today = model.money(model.current)
    assert worst_fifth(model.money(cautious) - today) > worst_fifth(model.money(bold) - today)
    assert cautious["points"] < bold["points"]
    assert sum(cautious.values()) == pytest.approx(400.0)


def test_some_draws_alone():
    model = unsure().only(np.array([0, 3]))
    assert model.lines[2].curve.ceiling.tolist() == [0.2, 9.0]
    assert model.money(model.current) == pytest.approx(unsure().money(unsure().current)[[0, 3]])


def test_which_way_it_leans():
    found = NextBudget(100.0, 20.0, 0.2, Interval(1.0, 0.5, 1.5))
    assert found.more_to_existing == 0
    assert replace(found, existing=25.0).more_to_existing == 1
    assert replace(found, existing=15.0).more_to_existing == -1
    assert (
        replace(found, existing=20.0, share_now=0.19).more_to_existing == 0
    )  # as near as a rounded split can tell
