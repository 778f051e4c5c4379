"""Everybody who could ever become a customer, drawn once, so that all worlds share the same people and luck.

A candidate becomes a customer where the world's rate exceeds the candidate's threshold (thinning): more
spend, or more asking, adds customers and never swaps them. So worlds differ by their causes alone.
"""

from dataclasses import dataclass, fields

import numpy as np

from company.parameters import (
    BURN_IN_MONTHS,
    HORIZON_WEEKS,
    MONTHS,
    WINDOW_WEEKS,
    Behaviour,
    Company,
    month_starts,
)
from company.plan import ALL_MONTHS, Plan, expected_customers

LAST_WEEK = WINDOW_WEEKS + HORIZON_WEEKS
LONGEST_GAP_WEEKS = 27


@dataclass(frozen=True)
class People:
    """One array entry per candidate.

    source: index into sources(company). cause_day: the day of the click or the referral (day 0 = FIRST_DAY);
    first_day: of the first order. threshold: see the module. parent: index of the referrer, -1 for none.
    rate: orders per week. last_week: the last week in which the customer still buys. price: usual order, EUR.
    """

    source: np.ndarray
    cause_day: np.ndarray
    first_day: np.ndarray
    threshold: np.ndarray
    parent: np.ndarray
    rate: np.ndarray
    last_week: np.ndarray
    price: np.ndarray
    segment: np.ndarray
    region: np.ndarray
    holdout: np.ndarray
    birthday_week: np.ndarray

    @property
    def first_week(self) -> np.ndarray:
        """Week of the first order."""
        return self.first_day // 7

    def __len__(self) -> int:
        return len(self.source)


def sources(company: Company) -> list[str]:
    """Names of the sources of new customers, as recorded in sales."""
    return [channel.name for channel in (*company.paid, *company.unpaid)] + ["referral"]


def draw_people(company: Company, plan: Plan, seed: list[int], scale: int = 1) -> People:
    """All candidates; a company `scale` times as big gives expectations with little noise."""
    rng = np.random.default_rng(seed)
    generations = [_strangers(company, plan, rng, scale)]
    offset = 0
    while len(generations[-1]):
        friends = _friends(company, generations[-1], offset, rng)
        offset += len(generations[-1])
        generations.append(friends)
    return People(*(np.concatenate([getattr(g, f.name) for g in generations]) for f in fields(People)))


def customers_per_month(company: Company, plan: Plan) -> np.ndarray:
    """Expected new customers [paid and unpaid source, month] under the plan."""
    paid = [
        expected_customers(channel, spend) for channel, spend in zip(company.paid, plan.spend, strict=True)
    ]
    months = np.arange(ALL_MONTHS) - BURN_IN_MONTHS
    season = np.array(company.season)[(months + 9) % 12]
    growth = (1 + company.yearly_growth) ** (months / 12)
    unpaid = [channel.monthly_customers * season * growth for channel in company.unpaid]
    return np.array(paid + unpaid)


def _strangers(company: Company, plan: Plan, rng: np.random.Generator, scale: int) -> People:
    """Candidates who nobody referred: as many as the highest possible rate brings."""
    highest = customers_per_month(company, plan)
    for row, channel in enumerate(company.paid):
        highest[row] = channel.base + channel.ceiling
    counts = rng.poisson(scale * highest)
    source = np.repeat(np.arange(len(highest)), counts.sum(axis=1))
    month = np.concatenate([np.repeat(np.arange(ALL_MONTHS), row) for row in counts])
    starts = month_starts(range(-BURN_IN_MONTHS, MONTHS + 1))
    length = np.diff(starts)[month]
    day = starts[month] + (rng.random(len(month)) * length).astype(int)
    threshold = rng.random(len(month)) * highest[source, month]
    return _characters(company, rng, source, day, day, threshold, np.full(len(month), -1))


def _friends(company: Company, parents: People, offset: int, rng: np.random.Generator) -> People:
    """Candidates whom a customer could refer, were the customer always asked with the best of rewards."""
    asking = next(p for p in company.programmes if p.lifts == "referrals")
    weeks = np.maximum(np.minimum(parents.last_week, LAST_WEEK) - parents.first_week, 0)
    highest = 1 + asking.ceiling
    count = rng.poisson(company.referral.natural_rate * highest * weeks)
    parent = np.repeat(np.arange(len(parents)), count)
    week = parents.first_week[parent] + 1 + (rng.random(len(parent)) * weeks[parent]).astype(int)
    referred_day = 7 * week + rng.integers(0, 7, len(parent))
    # friends tend to buy soon: half of them within 18 days
    delay = 1 + (company.referral.max_delay_days * rng.beta(1, 2, len(parent))).astype(int)
    threshold = rng.random(len(parent)) * highest
    source = np.full(len(parent), len(sources(company)) - 1)
    return _characters(company, rng, source, referred_day, referred_day + delay, threshold, parent + offset)


def _characters(company, rng, source, cause_day, first_day, threshold, parent) -> People:
    """How each candidate would behave as a customer."""
    n = len(source)
    segment, region = _pick(rng, company.segments, n), _pick(rng, company.regions, n)
    quality = [(c.rate_factor, c.price_factor) for c in (*company.paid, *company.unpaid, company.referral)]
    rate_factor, price_factor = np.array(quality).T
    behaviour = company.behaviour
    rate = behaviour.rate_mean * rng.gamma(behaviour.rate_shape, 1 / behaviour.rate_shape, n)
    rate *= rate_factor[source] * np.array([r.factor for r in company.regions])[region]
    price = (
        _usual_order(behaviour, rng, n)
        * price_factor[source]
        * np.array([s.factor for s in company.segments])[segment]
    )
    leaving = rng.beta(behaviour.leave_a, behaviour.leave_b, n)
    last_week = first_day // 7 + rng.geometric(leaving) - 1
    holdout = rng.random(n) < behaviour.holdout_share
    birthday = rng.integers(0, 52, n)
    return People(
        source,
        cause_day,
        first_day,
        threshold,
        parent,
        rate,
        last_week,
        price,
        segment,
        region,
        holdout,
        birthday,
    )


def _usual_order(behaviour: Behaviour, rng: np.random.Generator, n: int) -> np.ndarray:
    """Usual order values, EUR: inverse gamma with mean price_mean."""
    return behaviour.price_mean * (behaviour.price_shape - 1) / rng.gamma(behaviour.price_shape, 1.0, n)


def _pick(rng: np.random.Generator, groups, n: int) -> np.ndarray:
    """n random indices into groups, by their shares."""
    return rng.choice(len(groups), size=n, p=[group.share for group in groups])
