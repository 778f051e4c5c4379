"""Expectations of a company in closed form: who is there, what they order, whom they bring, month by month.

Customers are a mass over type (order rate × rate of leaving × segment), source, arm and state (in which of the last
three months they ordered). Types are the nodes of Gauss-Laguerre quadrature, so that a sum over types is an integral
over customers; the states form a Markov chain, because a touch depends on them alone; and programmes change how often a
customer orders, not when the customer leaves. So every expectation is a finite sum. No number is drawn.
"""

from dataclasses import dataclass
from functools import cache
from math import gamma

import numpy as np

from tests.simulation.kinds import KINDS, STATES, Kind

RATE_NODES, LEAVE_NODES = 14, 8
HORIZON = 12  # months

Lifted = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Types:
    """Arrays of shape (sources + 1, types): existing customers stand last. weight adds up to 1 in each row."""

    rate: np.ndarray
    leave: np.ndarray
    weight: np.ndarray
    response: np.ndarray
    price: np.ndarray  # (sources + 1,)


@dataclass(frozen=True)
class Flow:
    """One stretch of months in one world.

    new: customers per source and month who are not referred, (sources, months). lifts: per programme and month. start:
    mass at its beginning, (2 arms, sources + 1, states, types), arm 0 is treated.
    """

    start: np.ndarray
    base: np.ndarray
    caused: np.ndarray
    lifts: np.ndarray


@dataclass(frozen=True)
class Effects:
    """What acquisition and retention caused, EUR of margin; the baseline share; the mass at the end."""

    acquisition_margin: float
    retention_margin: float
    baseline_share: float
    end: np.ndarray


class Expectation:
    """One kind of company, ready to live through any spending."""

    def __init__(self, kind: Kind):
        self.kind, self.types = kind, _types(kind)
        treated = 1 - (kind.holdout or 0.0)
        self.arms = np.array([treated, 1 - treated])
        self.touches = np.array([p.touches for p in kind.programmes])
        self.brings_friends = np.array([p.brings_friends for p in kind.programmes])
        self.friend = len(kind.channels)  # number of the source "referral"
        leave, rate = self.types.leave, self.types.rate
        self.stays = np.exp(-leave)
        self.month_orders = rate * (1 - self.stays) / leave
        self.entry_stays = (1 - self.stays) / leave
        self.entry_orders = rate * (1 - self.entry_stays) / leave
        self.margin = kind.margin_mean * self.types.price
        self.first_margin = kind.first_order_factor * self.margin

    def effects(self, flow: Flow) -> Effects:
        """Both worlds and neither, compared as the truth is defined."""
        alone_friends, alone_orders, _ = self._without_programmes(flow, flow.base + flow.caused)
        neither_friends, _, _ = self._without_programmes(flow, flow.base)
        common_orders, caused_friends, caused_orders, end = self._with_programmes(flow, alone_friends)
        year = self.year_value
        acquisition = flow.caused.sum(axis=1) @ year[: self.friend + 1]
        acquisition += (alone_friends - neither_friends).sum() * year[self.friend]
        uplift = (common_orders - alone_orders) @ self.margin
        retention = uplift + caused_friends @ self._friend_values(flow.lifts)
        first = self.first_margin[self.friend]
        without = alone_orders @ self.margin + alone_friends.sum() * first
        bought = common_orders @ self.margin + caused_orders * self.margin[self.friend]
        with_all = bought + (alone_friends + caused_friends).sum() * first
        return Effects(float(acquisition), float(retention), float(without / with_all), end)

    def window_margin(self, flow: Flow) -> float:
        """All margin of these months: first orders and reorders."""
        alone_friends, _, _ = self._without_programmes(flow, flow.base + flow.caused)
        common_orders, caused_friends, caused_orders, _ = self._with_programmes(flow, alone_friends)
        come = (flow.base + flow.caused).sum(axis=1)
        come[self.friend] += (alone_friends + caused_friends).sum()
        first = come @ self.first_margin[:-1]
        return float(first + common_orders @ self.margin + caused_orders * self.margin[self.friend])

    @property
    def year_value(self) -> np.ndarray:
        """Margin of a customer's first 12 months without programmes, first order included, by source."""
        leave, rate = self.types.leave, self.types.rate
        orders = (self.types.weight * rate * (1 - np.exp(-HORIZON * leave)) / leave).sum(axis=1)
        return (self.first_margin + self.margin * orders)[:-1]

    def start(self) -> np.ndarray:
        """The existing customers when the data begin, by state as their own order rate has it."""
        mass = np.zeros((2, len(self.types.price), STATES, self.types.rate.shape[1]))
        ordered = 1 - np.exp(-self.types.rate[-1])
        months = np.array([state.bit_count() for state in range(STATES)])[:, None]
        states = ordered**months * (1 - ordered) ** (STATES.bit_length() - 1 - months)
        mass[:, -1] = self.kind.existing * self.types.weight[-1] * states * self.arms[:, None, None]
        return mass

    def _without_programmes(self, flow: Flow, new: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Friends per month, reorders per source, mass at the end by source and type."""
        mass, orders, friends = flow.start.sum(axis=(0, 2)), np.zeros(len(self.types.price)), []
        for month in range(new.shape[1]):
            friends.append(self.kind.friends * mass.sum())
            come = np.append(new[:, month], 0.0)
            come[self.friend] += friends[-1]
            come = come[:, None] * self.types.weight
            orders += (mass * self.month_orders + come * self.entry_orders).sum(axis=1)
            mass = mass * self.stays + come * self.entry_stays
        return np.array(friends), orders, mass

    def _with_programmes(self, flow: Flow, natural_friends: np.ndarray):
        """Reorders per source of who is there anyway; friends caused per month, and their reorders; mass at the end."""
        new = flow.base + flow.caused
        common, brought = flow.start, np.zeros_like(flow.start)
        orders, brought_orders, friends = np.zeros(len(self.types.price)), 0.0, []
        for month, world in enumerate(self._worlds(flow.lifts)):
            come = np.append(new[:, month], 0.0)
            come[self.friend] += natural_friends[month]
            asked = (
                self.kind.friends
                * (self._friends_factor(flow.lifts[:, month]) * (common + brought).sum(axis=(1, 3))).sum()
            )
            unasked = self.kind.friends * common.sum()
            friends.append(asked - unasked)
            bought, common = self._month(common, come, world)
            orders += bought
            come = np.zeros_like(come)
            come[self.friend] = friends[-1]
            bought, brought = self._month(brought, come, world)
            brought_orders += bought[self.friend]
        return orders, np.array(friends), brought_orders, common + brought

    def _month(self, mass: np.ndarray, come: np.ndarray, world: Lifted) -> tuple[np.ndarray, np.ndarray]:
        """Reorders per source in one month, and the mass at its end; come: newcomers per source."""
        factor, silent = world
        come = come[:, None] * self.types.weight
        orders = (mass * factor).sum(axis=(0, 2)) * self.month_orders + come * self.entry_orders
        after = _shifted(mass * self.stays[:, None, :], silent)
        after[:, :, 1] += self.arms[:, None, None] * come * self.entry_stays
        return orders.sum(axis=1), after

    def _worlds(self, lifts: np.ndarray) -> list[Lifted]:
        """What each month's lifts do to orders; months with the same lifts share it."""
        found = {
            tuple(now): self._lifted(now) for now in {tuple(column): column for column in lifts.T}.values()
        }
        return [found[tuple(now)] for now in lifts.T]

    def _lifted(self, lifts: np.ndarray) -> Lifted:
        """Factor on the order rate, and chance of a month without an order; (arms, sources + 1, states, types)."""
        rate, response = self.types.rate[:, None, :], self.types.response[:, None, :]
        factor = np.ones((2, len(rate), STATES, rate.shape[-1]))
        silent = np.broadcast_to(np.exp(-rate), factor.shape).copy()
        for touches, lift, friends in zip(self.touches, lifts, self.brings_friends, strict=True):
            if not friends:
                chance = touches[:, None]
                factor[0] += chance * lift * response
                silent[0] *= 1 - chance + chance * np.exp(-rate * lift * response)
        return factor, silent

    def _friends_factor(self, lifts: np.ndarray) -> np.ndarray:
        """Factor on the rate of friends brought; (arms, states)."""
        factor = np.ones((2, STATES))
        for touches, lift, friends in zip(self.touches, lifts, self.brings_friends, strict=True):
            factor[0] += friends * touches * lift
        return factor

    def _friend_values(self, lifts: np.ndarray) -> np.ndarray:
        """Margin of the first 12 months of a friend who comes in month 0, 1, …, programmes included.

        Who comes at u of a month, u even over (0, 1), is counted until u of the month 12 months later: eleven whole
        months, and the part of the last in which e^(−leave × (12 − u)) are left.
        """
        own, months = self.friend, lifts.shape[1]
        leave, rate, weight = self.types.leave[own], self.types.rate[own], self.types.weight[own]
        later = np.hstack([lifts, np.zeros((len(lifts), HORIZON))])  # programmes end with the months
        worlds = self._worlds(later)
        factor, silent = (np.stack([world[part][:, own] for world in worlds], axis=1) for part in (0, 1))
        mass = np.zeros((2, months, STATES, len(weight)))
        mass[:, :, 1] = (self.arms[:, None] * weight * self.entry_stays[own])[:, None]
        orders = np.full(months, (weight * self.entry_orders[own]).sum())
        for age in range(1, HORIZON + 1):
            now = slice(age, age + months)
            bought = (mass * factor[:, now]).sum(axis=(0, 2))
            if age < HORIZON:
                orders += bought @ self.month_orders[own]
                mass = _shifted(mass * self.stays[own], silent[:, now])
        alive = mass.sum(axis=(0, 2))
        last = rate * np.exp(-HORIZON * leave) * ((np.exp(leave) - 1) / leave - 1) / leave
        orders += (bought / alive) @ (weight * last)
        return self.first_margin[own] + self.margin[own] * orders


def _shifted(mass: np.ndarray, silent: np.ndarray) -> np.ndarray:
    """The states after one more month, in which nothing was ordered with chance `silent`; (…, states, types).

    The oldest month is forgotten: of two states that differ in nothing else, the masses meet.
    """
    quiet = mass * silent
    both = np.stack([quiet, mass - quiet], axis=-2)  # (…, states, ordered, types)
    halves = both.reshape(*mass.shape[:-2], 2, STATES // 2, 2, mass.shape[-1])
    return halves.sum(axis=-4).reshape(mass.shape)


def _types(kind: Kind) -> Types:
    """Nodes of both gamma distributions times segments, for every source and for existing customers."""
    rate, rate_weight = _gamma_nodes(kind.rate_shape, kind.rate_mean, RATE_NODES)
    segment = np.array([factor for _, _, factor in kind.segments])
    share = np.array([share for _, share, _ in kind.segments])
    decay = kind.leave_shape / kind.leave_mean  # of who has stayed for t months: decay + t
    stayed = [0.0] * len(kind.sources) + [kind.existing_months]
    nodes = [_gamma_nodes(kind.leave_shape, kind.leave_shape / (decay + t), LEAVE_NODES) for t in stayed]
    factors = [source.rate_factor for source in kind.sources] + [1.0]
    rates = np.multiply.outer(segment, rate).ravel()
    weights = np.multiply.outer(share, rate_weight).ravel()
    return Types(
        rate=np.array([np.repeat(factor * rates, LEAVE_NODES) for factor in factors]),
        leave=np.array([np.tile(leave, len(rates)) for leave, _ in nodes]),
        weight=np.array([np.multiply.outer(weights, weight).ravel() for _, weight in nodes]),
        response=np.array([np.repeat(kind.response(factor * rates), LEAVE_NODES) for factor in factors]),
        price=np.array([source.price_factor for source in kind.sources] + [1.0]),
    )


def _gamma_nodes(shape: float, mean: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a gamma distribution: generalised Gauss-Laguerre quadrature."""
    from scipy.special import roots_genlaguerre

    nodes, weights = roots_genlaguerre(count, shape - 1)
    return nodes * mean / shape, weights / gamma(shape)


@cache
def expectation(name: str) -> Expectation:
    """Of the kind of this name; made once."""
    return Expectation(KINDS[name])
