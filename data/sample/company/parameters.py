"""Every number that Ostermeer Coffee & Tea is made of: what causes what, and how strongly.

Money is in EUR, rates are per week unless the name says otherwise, shares and probabilities are in [0, 1].
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

SEED = 20260930
FIRST_DAY = date(2024, 10, 1)
LAST_DAY = date(2026, 9, 30)
MONTHS = 24
BURN_IN_MONTHS = 48  # lived through but not exported, so that month 1 looks like an ongoing company
HORIZON_WEEKS = 52
WINDOW_WEEKS = 104  # week 0 starts on FIRST_DAY; two days of week 104 still belong to the data
LAST_YEAR_START_WEEK = 52
LAST_YEAR_START_MONTH = 12
NEVER = -10_000


@dataclass(frozen=True)
class PaidChannel:
    """New customers of a month ~ Poisson(base + ceiling * (1 - exp(-k * adstock))).

    adstock = this month's spend + carryover * last month's adstock, in EUR.
    rate_factor and price_factor: how often, and how much, its customers buy, against the average customer.
    """

    name: str
    monthly_spend: float
    base: float
    ceiling: float
    k: float
    carryover: float
    rate_factor: float = 1.0
    price_factor: float = 1.0


@dataclass(frozen=True)
class UnpaidChannel:
    """New customers of a month ~ Poisson(monthly_customers * season * growth)."""

    name: str
    monthly_customers: float
    rate_factor: float = 1.0
    price_factor: float = 1.0


@dataclass(frozen=True)
class Programme:
    """A retention programme: who is eligible, what is offered, and what the offer causes.

    Eligible: at least min_orders, last order min_gap to max_gap weeks ago, not touched for cooldown weeks.
    A treated customer's `lifts` rate is multiplied by 1 + ceiling * (1 - exp(-offer / scale)) in the
    active_weeks after the touch. offer is in EUR per redeemed order (ambassador: per referral that buys).
    loyal_factor multiplies the uplift of customers of more than a year.
    """

    name: str
    stage: str
    lifts: str
    min_orders: int
    min_gap: int
    max_gap: int
    cooldown: int
    active_weeks: int
    ceiling: float
    scale: float
    offer: float
    redeem_rate: float
    contact_cost: float
    monthly_fee: float
    loyal_factor: float = 1.0
    on_birthday: bool = False

    def uplift(self, offer):
        """Relative uplift of a treated customer's rate at `offer` EUR."""
        return self.ceiling * (1.0 - np.exp(-offer / self.scale))


@dataclass(frozen=True)
class Group:
    """A segment or region: its share of customers and its factor on price or order rate."""

    name: str
    share: float
    factor: float


@dataclass(frozen=True)
class Manager:
    """An account manager of office and hospitality customers, who causes nothing that they do.

    share, hospitality: how likely a customer, and one in hospitality, is this manager's, against the others.
    pace: above 0, customers who order more often are likelier to be this manager's.
    """

    name: str
    share: float
    hospitality: float = 1.0
    pace: float = 0.0


@dataclass(frozen=True)
class Product:
    """Share of orders, price against the customer's usual order, gross margin rate."""

    name: str
    share: float
    price_factor: float
    margin_rate: float


@dataclass(frozen=True)
class Behaviour:
    """How customers buy when nobody does anything to them.

    Order rate while active ~ Gamma(rate_shape) with mean rate_mean a week; the weekly chance to leave for
    good ~ Beta(leave_a, leave_b); usual order value ~ inverse gamma (the gamma-gamma model) with mean
    price_mean EUR; single orders scatter around it ~ Gamma(order_shape).
    """

    rate_shape: float = 1.6
    rate_mean: float = 0.126
    leave_a: float = 2.3
    leave_b: float = 34.0
    price_mean: float = 60.0
    price_shape: float = 6.0
    order_shape: float = 9.0
    first_order_factor: float = 0.92
    refund_rate: float = 0.015
    partial_refund_share: float = 0.4
    holdout_share: float = 0.10


@dataclass(frozen=True)
class Referral:
    """Word of mouth: referrals that buy, per customer and week, and what a referred customer is like."""

    natural_rate: float = 0.0023
    max_delay_days: int = 60
    max_gap_weeks: int = 26
    rate_factor: float = 1.25
    price_factor: float = 1.05


@dataclass(frozen=True)
class Company:
    """The whole company."""

    paid: tuple[PaidChannel, ...] = (
        PaidChannel("paid_search", 2350.0, 3.0, 77.0, 0.00027, 0.25, 1.05, 1.00),
        PaidChannel("social_ads", 1800.0, 2.0, 58.0, 0.00030, 0.30, 1.00, 1.00),
        PaidChannel("affiliates", 820.0, 2.0, 28.5, 0.00077, 0.10, 0.88, 0.96),
        PaidChannel("display", 800.0, 2.0, 14.5, 0.00070, 0.40, 0.95, 1.00),
    )
    unpaid: tuple[UnpaidChannel, ...] = (
        UnpaidChannel("organic", 10.5, 1.10, 1.00),
        UnpaidChannel("direct", 5.0, 1.10, 1.05),
        UnpaidChannel("email", 3.5, 1.05, 1.00),
    )
    programmes: tuple[Programme, ...] = (
        Programme(
            "loyalty_points",
            "incentivization",
            "orders",
            1,
            2,
            12,
            7,
            6,
            ceiling=0.56,
            scale=2.2,
            offer=2.50,
            redeem_rate=0.60,
            contact_cost=0.24,
            monthly_fee=90.0,
            loyal_factor=0.60,
        ),
        Programme(
            "welcome_back",
            "incentivization",
            "orders",
            1,
            13,
            26,
            14,
            5,
            ceiling=2.40,
            scale=5.0,
            offer=6.00,
            redeem_rate=0.75,
            contact_cost=0.55,
            monthly_fee=50.0,
        ),
        Programme(
            "ambassador",
            "activation",
            "referrals",
            2,
            0,
            12,
            16,
            9,
            ceiling=4.20,
            scale=13.0,
            offer=18.00,
            redeem_rate=0.0,
            contact_cost=0.45,
            monthly_fee=60.0,
        ),
        Programme(
            "birthday_gift",
            "incentivization",
            "orders",
            2,
            0,
            10,
            40,
            4,
            ceiling=0.03,
            scale=4.0,
            offer=7.00,
            redeem_rate=0.75,
            contact_cost=1.00,
            monthly_fee=25.0,
            on_birthday=True,
        ),
    )
    segments: tuple[Group, ...] = (
        Group("home", 0.80, 0.88),
        Group("office", 0.16, 1.40),
        Group("hospitality", 0.04, 1.80),
    )
    managers: tuple[Manager, ...] = (
        Manager("AM-01", 1.2),
        Manager("AM-02", 1.0, pace=0.9),
        Manager("AM-03", 1.4, pace=-0.25),
        Manager("AM-04", 0.9, hospitality=3.0),
        Manager("AM-05", 1.3, pace=0.25),
        Manager("AM-06", 1.0, pace=-0.7),
        Manager("AM-07", 1.1, hospitality=2.0),
        Manager("AM-08", 0.08, pace=0.5),
    )
    regions: tuple[Group, ...] = (
        Group("Netherlands", 0.42, 1.06),
        Group("Germany", 0.31, 0.97),
        Group("Belgium", 0.17, 0.98),
        Group("Austria", 0.10, 0.92),
    )
    products: tuple[Product, ...] = (
        Product("coffee", 0.66, 1.00, 0.42),
        Product("tea", 0.16, 0.85, 0.46),
        Product("gift_box", 0.11, 1.15, 0.38),
        Product("equipment", 0.07, 1.70, 0.32),
    )
    behaviour: Behaviour = field(default_factory=Behaviour)
    referral: Referral = field(default_factory=Referral)
    yearly_growth: float = 0.12
    # January to December: order rate against the year's average
    season: tuple[float, ...] = (0.92, 0.93, 0.96, 0.95, 0.94, 0.90, 0.86, 0.87, 0.97, 1.05, 1.28, 1.37)


OSTERMEER = Company()


def month_starts(months: range) -> np.ndarray:
    """Day numbers (FIRST_DAY is 0) on which the months begin; month 0 is FIRST_DAY's."""
    firsts = [date(FIRST_DAY.year + (9 + m) // 12, (9 + m) % 12 + 1, 1) for m in months]
    return np.array([(first - FIRST_DAY).days for first in firsts])


def month_of_day(day: np.ndarray) -> np.ndarray:
    """Month number (0 is FIRST_DAY's month) of day numbers."""
    starts = month_starts(range(-BURN_IN_MONTHS, MONTHS + 14))
    return np.searchsorted(starts, day, side="right") - 1 - BURN_IN_MONTHS


def iso_days(day: np.ndarray) -> list[str]:
    """ISO dates of day numbers."""
    lowest = int(day.min())
    names = [(FIRST_DAY + timedelta(days=d)).isoformat() for d in range(lowest, int(day.max()) + 1)]
    return [names[d - lowest] for d in day.tolist()]


LAST_DAY_NUMBER = (LAST_DAY - FIRST_DAY).days
