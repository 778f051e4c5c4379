"""What each kind of simulated company is made of: every cause, and how strong it is.

Money is in EUR; time is in months, rates are per month. Nothing here is drawn: a kind's truth is one number.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

MEMORY_MONTHS = 3  # how far back a programme looks to decide whom it touches
STATES = 1 << MEMORY_MONTHS  # one bit per month, set where the customer ordered; bit 0 is last month's
ANY_MONTH = tuple(float(state > 0) for state in range(STATES))
KEEN = tuple(float(state.bit_count() >= 2) for state in range(STATES))
TWO_SILENT_MONTHS = tuple(float(state == 4) for state in range(STATES))


def by_months_with_orders(*chances: float) -> tuple[float, ...]:
    """The chance of a touch for customers who ordered in 0, 1, 2, 3 of the last three months."""
    return tuple(chances[state.bit_count()] for state in range(STATES))


@dataclass(frozen=True)
class Channel:
    """New customers of a month ~ Poisson(base + ceiling × (1 − e^(−k × spend))).

    level: mean monthly spend; 0 for a channel on which nothing is spent. rate_factor, price_factor: how often, and for
    how much, its customers buy, against the average customer.
    """

    name: str
    base: float
    level: float = 0.0
    ceiling: float = 0.0
    k: float = 0.0
    rate_factor: float = 1.0
    price_factor: float = 1.0

    def caused(self, spend):
        """Expected customers of a month that the spend causes."""
        return self.ceiling * (1 - np.exp(-self.k * np.asarray(spend, float)))


@dataclass(frozen=True)
class Programme:
    """A retention programme, and what its touches cause.

    On the first of each month it touches a customer with the chance that `touches` has for the months in which the
    customer ordered. In that month the touched customer's order rate (or, where it asks for referrals, the rate of
    friends brought) is multiplied by 1 + ceiling × (1 − e^(−k × spend of the month)); the uplift of the order rate is
    larger for those who order little, see Kind.response. redeemed: the share of touched customers' orders that use its
    offer. offered: the share of its spend that offers and rewards may take up.
    """

    name: str
    level: float
    ceiling: float
    k: float
    touches: tuple[float, ...] = ANY_MONTH
    brings_friends: bool = False
    redeemed: float = 0.6
    offered: float = 0.6
    stage: str = "incentivization"

    def lift(self, spend):
        """Relative uplift of the average touched customer's rate."""
        return self.ceiling * (1 - np.exp(-self.k * np.asarray(spend, float)))


@dataclass(frozen=True)
class Kind:
    """One kind of company.

    existing: customers of before the data who still buy when they begin. holdout: share of customers who are never
    touched; None: no holdout was kept. Order rate ~ gamma(rate_shape) with mean rate_mean; the rate of leaving for good
    ~ gamma(leave_shape) with mean leave_mean, of existing customers as it is among those who have stayed for
    existing_months. Usual order value ~ inverse gamma with mean price_mean, single orders scatter around it. friends:
    friends whom a customer brings unasked.
    """

    name: str
    channels: tuple[Channel, ...]
    programmes: tuple[Programme, ...]
    months: int = 18
    first_programme_month: int = 3
    existing: int = 1500
    existing_months: float = 18.0
    holdout: float | None = 0.15
    rate_shape: float = 1.5
    rate_mean: float = 0.35
    leave_shape: float = 2.0
    leave_mean: float = 0.06
    price_mean: float = 60.0
    price_shape: float = 6.0
    order_shape: float = 6.0
    first_order_factor: float = 0.9
    margin_rate: float = 0.4
    friends: float = 0.006
    referred: Channel = Channel("referral", 0.0, rate_factor=1.25, price_factor=1.05)
    segments: tuple[tuple[str, float, float], ...] = (("home", 0.8, 0.88), ("office", 0.2, 1.48))
    plan_seed: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that money is spent on: paid channels, then programmes."""
        return tuple(c.name for c in self.channels if c.level) + tuple(p.name for p in self.programmes)

    @property
    def sources(self) -> tuple[Channel, ...]:
        """Where customers come from, in the order of their numbers: channels, then referral."""
        return (*self.channels, self.referred)

    @property
    def margin_mean(self) -> float:
        """Expected margin of a repeat order of a customer with the average price, EUR."""
        return self.price_mean * self.margin_rate

    def response(self, rate):
        """How strongly a customer responds to offers: heavy buyers least (Liu 2007), the average one with 1."""
        return 2 / (1 + np.asarray(rate) / self.rate_mean)

    @cached_property
    def spend(self) -> dict[str, np.ndarray]:
        """Name -> EUR per month: level × a factor between 0.4 and 1.6, programmes nothing before they begin.

        Each is paused once: in one month a tenth of the level is spent.
        """
        random = np.random.default_rng([1898, self.plan_seed])
        plan = {}
        for thing in (*self.channels, *self.programmes):
            factors = random.uniform(0.4, 1.6, self.months)
            factors[random.integers(self.first_programme_month, self.months)] = 0.1
            if isinstance(thing, Programme):
                factors[: self.first_programme_month] = 0.0
            if thing.level:
                plan[thing.name] = np.round(thing.level * factors, 2)
        return plan


def _paid(level: float, ceiling: float, k: float) -> tuple[Channel, ...]:
    """Three paid channels of different size, and two on which nothing is spent."""
    return (
        Channel("paid_search", 5.0, level, ceiling, k / level, 1.05, 1.0),
        Channel("social_ads", 4.0, 0.7 * level, 0.75 * ceiling, 1.1 * k / level, 0.95, 1.0),
        Channel("affiliates", 2.0, 0.35 * level, 0.3 * ceiling, 3.0 * k / level, 0.9, 0.95),
        Channel("organic", 22.0, rate_factor=1.05),
        Channel("direct", 10.0, rate_factor=1.0, price_factor=1.05),
    )


def _programmes(level: float, lift: float, k: float, friends: float) -> tuple[Programme, ...]:
    """A loyalty scheme, a letter to those who fell silent, and a request to bring friends."""
    return (
        Programme("loyalty_points", level, lift, k / level),
        Programme("welcome_back", 0.3 * level, 3.0 * lift, 3.0 * k / level, TWO_SILENT_MONTHS),
        Programme(
            "ambassador", 0.3 * level, friends, 3.0 * k / level, KEEN, brings_friends=True, stage="activation"
        ),
    )


KINDS = {
    kind.name: kind
    for kind in (
        # channels nearly exhausted, programmes strong and small
        Kind("retention", _paid(5000.0, 72.0, 1.9), _programmes(1300.0, 0.62, 0.8, 4.5), plan_seed=1),
        # channels with room to grow, programmes weak and at their ceiling
        Kind("acquisition", _paid(2600.0, 92.0, 0.9), _programmes(2300.0, 0.20, 2.2, 1.2), plan_seed=2),
        Kind("even", _paid(3700.0, 80.0, 1.3), _programmes(2530.0, 0.45, 1.2, 3.0), plan_seed=3),
        # keen customers get the touches, which do little; nobody was held out
        Kind(
            "confounded",
            _paid(3500.0, 84.0, 1.2),
            (
                Programme(
                    "vip_mail", 1000.0, 0.16, 1.2 / 1000, by_months_with_orders(0.04, 0.25, 0.60, 0.80)
                ),
                Programme("catalogue", 450.0, 0.10, 1.2 / 450, by_months_with_orders(0.05, 0.20, 0.40, 0.50)),
            ),
            holdout=None,
            plan_seed=4,
        ),
        Kind(
            "tiny",
            (
                Channel("paid_search", 1.0, 600.0, 11.0, 1.1 / 600, 1.05),
                Channel("social_ads", 0.5, 340.0, 5.5, 1.1 / 340, 0.95),
                Channel("organic", 3.0, rate_factor=1.05),
            ),
            (
                Programme("loyalty_points", 110.0, 0.45, 1.2 / 110),
                Programme("welcome_back", 30.0, 1.2, 1.2 / 30, TWO_SILENT_MONTHS),
            ),
            months=8,
            existing=100,
            plan_seed=5,
        ),
    )
}
