"""Moving money by hand: the total stays, nobody gets more than fits, locked lines stay."""

import pytest

from analytics.decisions import budget_moves
from tests.decisions.budget_company import company

MODEL = company()  # three lines at 100 a month; the most of each is 1.5 x 200


def test_the_others_give_in_proportion():
    found = budget_moves.moved(MODEL, {"search": 100, "display": 50, "points": 150}, "search", 200)
    assert found == pytest.approx({"search": 200, "display": 25, "points": 75})


def test_a_locked_line_gives_nothing():
    found = budget_moves.moved(MODEL, MODEL.current, "search", 160, locked=["points"])
    assert found == pytest.approx({"search": 160, "display": 40, "points": 100})


def test_what_the_others_cannot_give_limits_the_move():
    found = budget_moves.moved(MODEL, MODEL.current, "search", 250, locked=["points"])
    assert found == pytest.approx({"search": 200, "display": 0, "points": 100})


def test_what_the_others_cannot_take_limits_the_cut():
    spend = {"search": 250.0, "display": 250.0, "points": 250.0}
    found = budget_moves.moved(MODEL, spend, "search", 0)
    assert found == pytest.approx({"search": 150, "display": 300, "points": 300})


def test_with_a_free_total_a_line_moves_alone_up_to_its_most():
    assert budget_moves.moved(MODEL, MODEL.current, "search", 999, is_free=True)["search"] == 300
    assert budget_moves.moved(MODEL, MODEL.current, "search", 20, is_free=True)["display"] == 100


def test_the_share_moves_each_side_in_proportion():
    found = budget_moves.with_share(MODEL, {"search": 150, "display": 50, "points": 100}, 0.6)
    assert found == pytest.approx({"search": 90, "display": 30, "points": 180})


def test_the_share_ends_where_a_side_is_full_or_locked():
    assert budget_moves.share_limits(MODEL, MODEL.current) == pytest.approx((0, 1))
    assert budget_moves.share_limits(MODEL, MODEL.current, ["search"]) == pytest.approx((0, 2 / 3))
    found = budget_moves.with_share(MODEL, MODEL.current, 1.0, ["search"])
    assert found == pytest.approx({"search": 100, "display": 0, "points": 200})


def test_a_full_line_leaves_the_rest_to_the_others():
    found = budget_moves.spread(MODEL, {"search": 90, "display": 10}, ["search", "display"], 400)
    assert found == pytest.approx({"search": 300, "display": 100})


def test_where_nothing_is_spent_money_comes_back_as_today():
    nothing = {"search": 0.0, "display": 0.0, "points": 300.0}
    found = budget_moves.with_share(MODEL, nothing, 0.5)
    assert found == pytest.approx({"search": 75, "display": 75, "points": 150})


def test_what_comes_from_a_link_is_kept_within_what_there_is():
    found = budget_moves.checked(MODEL, {"search": 1e9, "display": float("nan"), "radio": 5.0})
    assert found == {"search": 300, "display": 100, "points": 100}
