"""The tables behind the incentives page, worked out by hand: cost, uptake, returns, bought anyway, schedule."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.incentive_costs import Offers, offers, uptake
from analytics.decisions.incentive_effects import Effects, Exposure
from analytics.decisions.incentive_grid import KEEP, LIFT, STOP, Grid, schedule
from analytics.decisions.incentive_kinds import kind_of
from analytics.decisions.incentive_programmes import (
    CANNOT_TELL,
    DOES_NOT_PAY,
    PAYS,
    anyway,
    kind_lines,
    programme_lines,
    returns,
    verdict,
)
from analytics.decisions.interval import NOT_KNOWN, Interval

NAN = math.nan
DAYS = date(2026, 1, 1), date(2026, 6, 30)
NUMBERS = (
    "customers", "customers_held_out", "customers_redeemed", "customers_offered_and_redeemed", "offers", "redeemed",
    "friends", "margin_given", "amount_without_margin", "orders_without_margin", "incentive_cost", "direct_cost",
)  # fmt: skip


def line(programme, tenure, *numbers, segment="home") -> dict:
    names = {"programme": programme, "name": programme.lower(), "segment": segment, "tenure_band": tenure}
    return names | dict(zip(NUMBERS, numbers, strict=True))


# points: eight customers got an offer, four of them redeemed one; two were held out. gift: nobody is held out
LINES = pd.DataFrame([
    line("Points", 0.0, 5, 1, 3, 3, 9, 3, 0, 60, 0, 0, 9, 12),
    line("Points", 1.0, 3, 1, 1, 1, 4, 1, 0, 20, 0, 0, 3, 4),
    line("Points", NAN, 8, 2, 4, 4, 13, 4, 0, 80, 0, 0, 12, 16),
    line("gift", 0.0, 2, 0, 2, 1, 2, 2, 0, 30, 10, 1, 20, 22),
    line("gift", NAN, 2, 0, 2, 1, 2, 2, 0, 30, 10, 1, 20, 22),
])  # fmt: skip
SPEND = pd.DataFrame(
    {
        "name": ["points", "gift"], "spend": [32.0, 99.0], "direct_cost": [16.0, 22.0],
        "first_month": [date(2026, 1, 1), date(2026, 1, 1)], "last_month": [date(2026, 6, 1), date(2026, 4, 1)],
    }
)  # fmt: skip


def made(margin_rate=0.5) -> Offers:
    return offers(LINES, SPEND, DAYS, margin_rate)


def test_spend_of_all_months_is_the_cost_and_else_what_is_recorded():
    """Points' spend of 32 holds 16 of rewards and contacts: each costs double. The gift's spend ends in April."""
    found = made()
    assert found.charged == ("points",)
    assert found.cell("points", None, None)["cost"] == 32
    assert [found.cell("points", "home", band)["cost"] for band in (0, 1)] == [24, 8]
    assert found.cell("gift", None, None)["cost"] == 22
    assert found.cell(None, None, None)["cost"] == 54


@pytest.mark.parametrize(("spend", "charged"), [(99.0, ("gift", "points")), (21.0, ("points",))])
def test_spend_that_begins_later_is_the_cost_unless_it_is_less_than_what_is_recorded(spend, charged):
    """A programme may begin after the data do; spend below the 22 recorded cannot be all of it."""
    later = SPEND.assign(
        spend=[32.0, spend],
        first_month=[date(2026, 1, 1), date(2026, 3, 1)],
        last_month=[date(2026, 6, 1), date(2026, 6, 1)],
    )
    assert offers(LINES, later, DAYS, 0.5).charged == charged


def test_margins_are_made_with_the_rate_or_not_known():
    assert made().cell("gift", None, None)["booked"] == 35
    assert math.isnan(made(None).cell("gift", None, None)["booked"])
    assert made(None).cell("points", None, None)["booked"] == 80


def test_uptake_is_a_share_of_the_customers_who_got_an_offer():
    assert uptake(made().cell("points", None, None)) == 0.5
    assert uptake(made().cell("gift", None, None)) == 0.5  # the other one redeemed without an offer on file
    assert math.isnan(uptake(made().cell("points", "office", None)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("loyalty_points", "points"), ("Spring coupon", "discount"), ("birthday gift coupon", "discount"),
        ("추석 사은품", "gift"), ("포인트 적립", "points"), ("10% 할인", "discount"), ("newsletter", "content"),
        ("VIP lounge", "access"), ("welcome_back", "other"), ("wholesale", "other"),
    ],
)  # fmt: skip
def test_the_kind_is_read_off_the_name(name, kind):
    assert kind_of(name) == kind


def test_returns_by_hand():
    found = returns(32.0, 80.0, Interval(48.0, 40.0, 64.0))
    assert (found["booked_per_unit"], found["per_unit"], found["net"]) == (2.5, 1.5, 16)
    assert (found["per_unit_low"], found["per_unit_high"], found["verdict"]) == (1.25, 2, PAYS)


def test_a_programme_without_a_cost_has_no_return():
    found = returns(0.0, 80.0, Interval(48.0, 40.0, 64.0))
    assert math.isnan(found["per_unit"])
    assert math.isnan(found["booked_per_unit"])
    assert found["verdict"] == CANNOT_TELL


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (Interval(1.5, 1.1, 2), PAYS), (Interval(0.5, -1, 0.9), DOES_NOT_PAY), (Interval(1.5, 0.9, 2), CANNOT_TELL),
        (NOT_KNOWN, CANNOT_TELL), (Interval(3.0, NAN, NAN), CANNOT_TELL),
    ],
)  # fmt: skip
def test_only_what_the_whole_interval_says_is_said(interval, said):
    assert verdict(interval) == said


def test_of_four_redeemed_offers_one_was_caused():
    assert anyway(Interval(1.0, 0.4, 2.0), 4) == Interval(0.75, 0.5, 0.9)
    assert not anyway(NOT_KNOWN, 4).known
    assert not anyway(Interval(1.0, 0.4, 2.0), 0).known


@given(st.floats(-50, 50), st.floats(0, 20), st.floats(0, 20), st.floats(0.1, 100))
def test_the_part_bought_anyway_is_a_share_between_its_ends(caused, below, above, redeemed):
    found = anyway(Interval(caused, caused - below, caused + above), redeemed)
    assert 0 <= found.low <= found.value <= found.high <= 1


def effects(margin: float, spread: float, events: float) -> Effects:
    """One programme; draws evenly around its estimate."""
    around = np.linspace(-spread, spread, 2000)[:, None]
    return Effects(
        np.array([margin]),
        margin + around,
        np.array([events]),
        events + around / 20,
        np.array([8.0]),
        np.array([2.0]),
    )


def exposure(by_friends=False) -> Exposure:
    programmes = pd.DataFrame(
        {"programme": ["Points"], "name": ["points"], "by_friends": [by_friends], "open_days": [60]}
    )
    return Exposure(pd.DataFrame(), programmes, np.zeros(0), 50.0, 1.0)


def lines(adjust=lambda _name: None) -> pd.DataFrame:
    found = programme_lines(made(), exposure(), effects(48, 10, 2.4), Assumptions(baseline_share=0.6), adjust)
    return found.set_index("programme")


def test_a_programme_with_a_holdout_is_measured():
    points = lines().loc["Points"]
    assert (points["grade"], points["kind"], points["open_days"]) == ("A", "points", 60)
    assert (points["cost"], points["booked"], points["caused"], points["per_unit"]) == (32, 80, 48, 1.5)
    assert points["caused_low"] == pytest.approx(40, abs=0.1)  # the middle 80 % of 38 … 58
    assert points["verdict"] == PAYS
    assert points["anyway"] == pytest.approx(0.4)  # 1 − 2.4 / 4


def test_a_programme_without_a_holdout_is_assumed():
    """60 %, give or take 20, would have come anyway: of 35 booked, 14 (7 to 21) were caused, at a cost of 22."""
    gift = lines().loc["gift"]
    assert (gift["grade"], gift["caused"]) == ("C", pytest.approx(14))
    assert (gift["caused_low"], gift["caused_high"]) == pytest.approx((7, 21))
    assert (gift["anyway"], gift["anyway_low"], gift["anyway_high"]) == pytest.approx((0.6, 0.4, 0.8))
    assert gift["verdict"] == DOES_NOT_PAY


def test_where_contacts_allow_it_it_is_adjusted():
    gift = lines(lambda _name: (Interval(35.0, 17.5, 52.5), 17.5)).loc["gift"]
    assert (gift["grade"], gift["caused"]) == ("B", 35)
    assert (gift["anyway"], gift["anyway_low"], gift["anyway_high"]) == (
        0,
        0,
        0.5,
    )  # two caused orders of two, one at least


def test_programmes_of_one_kind_are_added_up():
    found = lines().reset_index()
    same = found.assign(kind="points")
    [kind] = kind_lines(made(), same, exposure(), effects(48, 10, 2.4)).to_dict("records")
    assert (kind["kind"], kind["programmes"], kind["grade"]) == ("points", "Points, gift", "C")
    assert (kind["cost"], kind["booked"], kind["caused"]) == (54, 115, pytest.approx(62))
    assert kind["per_unit"] == pytest.approx(62 / 54)


def steps(*found: Effects) -> list[tuple]:
    """What the schedule says of a programme of two bands: redeemed 3 and 1, costs 24 and 8, rewards of 3 each."""
    made_schedule = schedule(made(), exposure(), Grid(by_tenure=dict(enumerate(found))))
    return list(zip(made_schedule["step"], made_schedule["suggested_reward"], strict=True))


def test_a_reward_rises_only_where_it_pays_and_causes_more_than_before():
    """A band causes 60 / 3 = 20 per redeemed offer and then 40, 20 ± 2 or 40 ± 45."""
    first = effects(60, 6, 1)
    assert steps(first, effects(40, 5, 1)) == [(KEEP, 3.0), (LIFT, 3.75)]
    assert steps(first, effects(20, 2, 1)) == [(KEEP, 3.0), (KEEP, 3.0)]
    assert steps(first, effects(40, 45, 1)) == [(KEEP, 3.0), (CANNOT_TELL, 3.0)]


def test_a_reward_stops_where_it_does_not_pay_and_comes_back_where_it_does():
    assert steps(effects(6, 3, 1), effects(20, 2, 1)) == [(STOP, 0.0), (LIFT, 3.75)]
    assert steps(effects(6, 3, 1), effects(NAN, 3, 1)) == [(STOP, 0.0), (CANNOT_TELL, 3.0)]


def test_the_schedule_s_cost_is_that_of_as_many_redeemed_offers():
    found = schedule(made(), exposure(), Grid(by_tenure={0: effects(60, 6, 1), 1: effects(40, 5, 1)}))
    assert list(found["cost"]) == [9, 3]
    assert list(found["suggested_cost"]) == [9, 3.75]


def test_a_programme_judged_by_friends_has_no_schedule_of_rewards_per_order():
    found = schedule(made(), exposure(by_friends=True), Grid(by_tenure={0: effects(60, 6, 1)}))
    assert not len(found)
