"""One world: the candidates live week by week under the programmes and the spend that this world has.

The luck of a week (who would order at which rate) depends on seed and week only, so worlds are comparable
person by person (common random numbers).
"""

from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np

from company.parameters import BURN_IN_MONTHS, NEVER, WINDOW_WEEKS, Company, month_of_day
from company.plan import Plan
from company.population import LONGEST_GAP_WEEKS, People, customers_per_month


@dataclass(frozen=True)
class World:
    """What differs from the company as it is, from first_week (and first_month) on.

    off: programmes never offered. generosity: factor on the offers of the named programmes.
    paid: factor on all paid spend.
    """

    first_week: int = 0
    first_month: int = 0
    off: frozenset[str] = frozenset()
    generosity: float = 1.0
    generous: frozenset[str] = frozenset()
    paid: float = 1.0
    last_touch_week: int = WINDOW_WEEKS - 1


@dataclass
class State:
    """What a week needs to know of the weeks before: one entry, or [programme, entry], per candidate."""

    customer: np.ndarray
    orders: np.ndarray
    last_order: np.ndarray
    last_touch: np.ndarray
    active_until: np.ndarray
    offer: np.ndarray


@dataclass
class Diary:
    """What happened, as lists of one array per week; see Events."""

    orders: list = field(default_factory=list)
    touches: list = field(default_factory=list)
    referrals: list = field(default_factory=list)


@dataclass(frozen=True)
class Events:
    """Rows of a diary. orders: person, week, programme (-1: none), incentive EUR.
    touches: person, week, programme, treated. referrals: friend, asked, reward EUR.
    """

    customer: np.ndarray
    orders: np.ndarray
    touches: np.ndarray
    referrals: np.ndarray


class Simulation:
    """People and their luck, ready to live through any number of worlds."""

    def __init__(self, company: Company, plan: Plan, people: People, seed: list[int]):
        self.company, self.plan, self.people, self.seed = company, plan, people, seed
        self.first_week = people.first_week
        self.season = np.array(company.season)
        self._weekly: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self._friend_order = np.argsort(people.cause_day, kind="stable")
        self._friend_order = self._friend_order[people.parent[self._friend_order] >= 0]
        self._friend_week = people.cause_day[self._friend_order] // 7

    def history(self) -> State:
        """Where the company stands when the data begin; the holdout's open offers are withdrawn."""
        _, state = self.live(World(), self._newborn(), range(-5 * BURN_IN_MONTHS, 0))
        state.active_until[:, self.people.holdout] = NEVER
        return state

    def _newborn(self) -> State:
        """Nobody has done anything yet."""
        n, programmes = len(self.people), len(self.company.programmes)
        never = np.full((programmes, n), NEVER)
        return State(
            np.zeros(n, bool),
            np.ones(n, int),
            self.first_week.copy(),
            never,
            never.copy(),
            np.zeros((programmes, n)),
        )

    def live(self, world: World, start: State, weeks: range) -> tuple[Events, State]:
        """Live through the weeks from a copy of `start`; returns what happened and the state at the end."""
        state, diary = deepcopy(start), Diary()
        self._admit_strangers(world, state)
        for week in weeks:
            everyone, buyers, luck = self._week(week)
            self._refer(world, state, diary, week)
            self._order(state, diary, week, buyers, luck)
            if week <= world.last_touch_week:
                self._touch(world, state, diary, week, everyone)
        return _events(state, diary), state

    def _week(self, week: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Who could be touched, who could buy, the buyers' two random numbers; kept for the next world."""
        if week not in self._weekly:
            after_first = self.first_week < week
            everyone = np.flatnonzero(after_first & (week <= self.people.last_week + LONGEST_GAP_WEEKS))
            buyers = everyone[week <= self.people.last_week[everyone]]
            rng = np.random.default_rng([*self.seed, 10_000 + week])
            self._weekly[week] = everyone, buyers, rng.random((2, len(buyers)), dtype=np.float32)
        return self._weekly[week]

    def _admit_strangers(self, world: World, state: State) -> None:
        """Those for whom the month's spend is enough become customers (on their first day)."""
        strangers = np.flatnonzero(self.people.parent < 0)
        rates = customers_per_month(self.company, self.plan.with_paid(world.paid, world.first_month))
        month = month_of_day(self.people.first_day[strangers]) + BURN_IN_MONTHS
        enough = rates[self.people.source[strangers], month] > self.people.threshold[strangers]
        state.customer[strangers] = enough

    def _refer(self, world: World, state: State, diary: Diary, week: int) -> None:
        """Customers bring friends; those who were asked bring more."""
        low, high = np.searchsorted(self._friend_week, [week, week + 1])
        friends = self._friend_order[low:high]
        parents = self.people.parent[friends]
        pleased = state.customer[parents] & (
            week - state.last_order[parents] <= self.company.referral.max_gap_weeks
        )
        programme = next(i for i, p in enumerate(self.company.programmes) if p.lifts == "referrals")
        asked = state.active_until[programme, parents] >= week
        reward = np.where(asked, state.offer[programme, parents], 0.0)
        rate = 1 + self.company.programmes[programme].uplift(reward)
        come = pleased & (self.people.threshold[friends] < rate)
        state.customer[friends[come]] = True
        diary.referrals.append(np.column_stack([friends[come], asked[come], reward[come]]))

    def _order(self, state: State, diary: Diary, week: int, buyers: np.ndarray, luck: np.ndarray) -> None:
        """Customers who still buy place at most one repeat order a week."""
        here = state.customer[buyers]
        buyers, luck = buyers[here], luck[:, here]
        month = int(month_of_day(np.array(7 * week + 3)))
        rate = self.people.rate[buyers] * self.season[(month + 9) % 12]
        trigger, incentive = np.full(len(buyers), -1), np.zeros(len(buyers))
        for row, programme in enumerate(self.company.programmes):
            if programme.lifts != "orders":
                continue
            on = state.active_until[row, buyers] >= week
            offer = state.offer[row, buyers]
            loyal = np.where(week - self.first_week[buyers] > 52, programme.loyal_factor, 1.0)
            rate = rate * (1 + on * loyal * programme.uplift(offer))
            redeemed = on & (luck[1] < programme.redeem_rate)
            trigger[redeemed], incentive[redeemed] = row, offer[redeemed]
        bought = luck[0] < 1 - np.exp(-rate)
        who = buyers[bought]
        state.orders[who] += 1
        state.last_order[who] = week
        diary.orders.append(
            np.column_stack([who, np.full(len(who), week), trigger[bought], incentive[bought]])
        )

    def _touch(self, world: World, state: State, diary: Diary, week: int, everyone: np.ndarray) -> None:
        """Each programme reaches whom it finds eligible; its effect begins the week after."""
        everyone = everyone[state.customer[everyone]]
        gap, orders = week - state.last_order[everyone], state.orders[everyone]
        month = int(month_of_day(np.array(7 * week))) + BURN_IN_MONTHS
        changed = week >= world.first_week
        for row, programme in enumerate(self.company.programmes):
            if changed and programme.name in world.off:
                continue
            fit = (gap >= programme.min_gap) & (gap <= programme.max_gap) & (orders >= programme.min_orders)
            if programme.on_birthday:
                fit &= self.people.birthday_week[everyone] == week % 52
            who = everyone[fit]
            who = who[week - state.last_touch[row, who] >= programme.cooldown]
            # the holdout was drawn when the data begin
            treated = ~self.people.holdout[who] | (week < 0)
            factor = world.generosity if changed and programme.name in world.generous else 1.0
            offer = round(factor * programme.offer * self.plan.generosity[row, month], 2)
            state.last_touch[row, who] = week
            state.active_until[row, who[treated]] = week + programme.active_weeks
            state.offer[row, who[treated]] = offer
            diary.touches.append(
                np.column_stack([who, np.full(len(who), week), np.full(len(who), row), treated])
            )


def _events(state: State, diary: Diary) -> Events:
    stacked = (
        np.vstack(rows) if rows else np.empty((0, 4))
        for rows in (diary.orders, diary.touches, diary.referrals)
    )
    return Events(state.customer.copy(), *stacked)
