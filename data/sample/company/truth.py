"""The known truth: what acquisition and retention programmes caused, from worlds with and without them.

Expectations: the worlds are lived by a company SCALE times as large; all is divided by SCALE again.
Margins are expected margins per order (after refunds), so only who orders when is left to chance.
"""

from dataclasses import dataclass

import numpy as np

from company.parameters import (
    BURN_IN_MONTHS,
    HORIZON_WEEKS,
    LAST_DAY_NUMBER,
    LAST_YEAR_START_MONTH,
    LAST_YEAR_START_WEEK,
    MONTHS,
    SEED,
    WINDOW_WEEKS,
    Company,
    month_starts,
)
from company.plan import Plan, adstock, expected_customers
from company.population import LAST_WEEK, People, draw_people
from company.world import Events, Simulation, State, World

SCALE = 6
STEP = 0.2  # marginal returns: between 20 % less and 20 % more


@dataclass(frozen=True)
class Window:
    """The weeks and months in which a motion is switched off to see what it causes."""

    name: str
    first_week: int
    first_month: int

    @property
    def first_day(self) -> int:
        """Day number on which the window begins."""
        return int(month_starts(range(self.first_month, self.first_month + 1))[0])

    @property
    def months(self) -> int:
        """Months until the data end."""
        return MONTHS - self.first_month


WINDOWS = (
    Window("all_24_months", 0, 0),
    Window("last_four_quarters", LAST_YEAR_START_WEEK, LAST_YEAR_START_MONTH),
)


@dataclass(frozen=True)
class Result:
    """What a motion or programme cost, and the margin that is set against it, EUR."""

    cost: float
    margin: float

    def figures(self) -> dict[str, float]:
        """For the truth file."""
        return {
            "cost": round(self.cost, 2),
            "margin": round(self.margin, 2),
            "roi": round(self.margin / self.cost - 1, 4),
        }


def expected_margins(company: Company, people: People) -> tuple[np.ndarray, np.ndarray]:
    """Expected margin of a candidate's first order and of a repeat order, EUR, after refunds."""
    per_price = sum(p.share * p.price_factor * p.margin_rate for p in company.products)
    behaviour = company.behaviour
    kept = 1 - behaviour.refund_rate * (1 - behaviour.partial_refund_share / 2)
    repeat = people.price * per_price * kept
    return repeat * behaviour.first_order_factor, repeat


def truth(company: Company, plan: Plan) -> dict:
    """Everything that truth.json holds, apart from what was measured on the exported files."""
    seed = [SEED, 4]
    people = draw_people(company, plan, seed, SCALE)
    simulation = Simulation(company, plan, people, [SEED, 5])
    start = simulation.history()
    facts: dict = {}
    for window in WINDOWS:
        judge = _Judge(simulation, start, window)
        facts[window.name] = judge.verdicts()
        if window.first_week == 0:
            facts["channels"] = judge.channels()
            facts["referred_customers"] = judge.referred_customers()
    return facts


class _Judge:
    """Lives through the worlds of one window and compares them."""

    def __init__(self, simulation: Simulation, start: State, window: Window):
        self.simulation, self.window = simulation, window
        self.company, self.people = simulation.company, simulation.people
        self.first_margin, self.margin = expected_margins(self.company, self.people)
        self.names = frozenset(p.name for p in self.company.programmes)
        if window.first_week:
            _, start = simulation.live(World(), start, range(window.first_week))
        self.start = start
        self.both = self._live()
        self.acquisition_alone = self._live(off=self.names)
        self.neither = self._live(off=self.names, paid=0.0)

    def verdicts(self) -> dict:
        """Costs, caused margins and returns of both motions in this window."""
        retention = Result(
            float(self._costs_in_window().sum()), self._retention_margin(self.both, self.acquisition_alone)
        )
        caused = self._acquisition_margin(self.acquisition_alone, self.neither)
        acquisition = Result(self._paid_spend(), caused)
        return {
            "acquisition": acquisition.figures() | {"marginal_roi": self._marginal_acquisition()},
            "retention": retention.figures() | {"marginal_roi": self._marginal_retention()},
            "retention_share_of_budget": round(retention.cost / (retention.cost + acquisition.cost), 4),
            "customers_caused_by_acquisition": round(self._caused_customers(), 1),
            "baseline_share": self._baseline_share(),
            "one_clock": self._one_clock(),
            "booked": self._booked(retention.cost),
            "programmes": self._programmes(),
        }

    def channels(self) -> dict[str, dict]:
        """Per paid channel: its response curve and expected return (friends not counted)."""
        facts = {}
        for channel, spend in zip(self.company.paid, self.simulation.plan.spend, strict=True):
            inside = slice(BURN_IN_MONTHS + self.window.first_month, None)
            cost = spend[inside].sum()
            worth = self._year_value(channel.rate_factor, channel.price_factor)
            caused = (expected_customers(channel, spend) - channel.base)[inside].sum()
            felt = adstock(channel, spend)
            # customers per 100 % more spend in every month
            more = (channel.ceiling * channel.k * np.exp(-channel.k * felt) * felt)[inside].sum()
            facts[channel.name] = {
                "base_per_month": channel.base,
                "ceiling_per_month": channel.ceiling,
                "k_per_eur": channel.k,
                "carryover": channel.carryover,
                "spend": round(float(cost), 2),
                "customers_caused": round(float(caused), 1),
                "caused_cac": round(float(cost / caused), 2),
                "twelve_month_margin_per_customer": round(worth, 2),
                "roi": round(float(caused * worth / cost - 1), 4),
                "marginal_roi": round(float(more * worth / cost - 1), 4),
            }
        return facts

    def referred_customers(self) -> dict[str, float]:
        """How much more a referred customer is worth than the same person unreferred, without programmes."""
        factor = self.company.referral
        referred = self._year_value(factor.rate_factor, factor.price_factor)
        stranger = self._year_value(1.0, 1.0)
        return {
            "order_rate_factor": factor.rate_factor,
            "order_value_factor": factor.price_factor,
            "twelve_month_margin": round(referred, 2),
            "twelve_month_margin_if_not_referred": round(stranger, 2),
            "uplift": round(referred / stranger - 1, 4),
        }

    def _year_value(self, rate_factor: float, price_factor: float) -> float:
        """Mean margin of the first 12 months, EUR, if all candidates had these factors (average season)."""
        people, company = self.people, self.company
        own = np.array(
            [(c.rate_factor, c.price_factor) for c in (*company.paid, *company.unpaid, company.referral)]
        )
        rate_change, price_change = np.array([rate_factor, price_factor])[:, None] / own[people.source].T
        weeks = np.clip(people.last_week - people.first_week, 0, HORIZON_WEEKS)
        repeats = weeks * (1 - np.exp(-people.rate * rate_change))
        return float(((self.first_margin + repeats * self.margin) * price_change).mean())

    def _live(self, **changes) -> Events:
        world = World(first_week=self.window.first_week, first_month=self.window.first_month, **changes)
        events, _ = self.simulation.live(world, self.start, range(self.window.first_week, LAST_WEEK + 1))
        return events

    def _came_in_window(self, events: Events) -> np.ndarray:
        """Customers whose click or referral fell into the window."""
        day = self.people.cause_day
        return events.customer & (day >= self.window.first_day) & (day <= LAST_DAY_NUMBER)

    def _first_year(self, events: Events) -> np.ndarray:
        """Margin of everybody's first 12 months, first order included (0 for who is no customer)."""
        who, week = events.orders[:, 0].astype(int), events.orders[:, 1]
        within = week <= self.people.first_week[who] + HORIZON_WEEKS
        return self.first_margin * events.customer + self._sum_orders(who[within])

    def _all_until_horizon(self, events: Events) -> np.ndarray:
        """Margin of everybody from the window's first day until 12 months after its last."""
        first = (self.people.first_day >= self.window.first_day) & (self.people.first_week <= LAST_WEEK)
        return self.first_margin * (events.customer & first) + self._sum_orders(
            events.orders[:, 0].astype(int)
        )

    def _sum_orders(self, who: np.ndarray) -> np.ndarray:
        return np.bincount(who, minlength=len(self.people)) * self.margin

    def _acquisition_margin(self, more: Events, less: Events) -> float:
        """12-month value of the customers whom `more` has beyond `less`, friends they bring included."""
        value = self._first_year(more) * self._came_in_window(more) - self._first_year(
            less
        ) * self._came_in_window(less)
        return float(value.sum()) / SCALE

    def _retention_margin(self, more: Events, less: Events) -> float:
        """Uplift of customers in both worlds, and 12 months of the referred ones whom `more` alone has."""
        common = more.customer & less.customer
        uplift = (self._all_until_horizon(more) - self._all_until_horizon(less))[common].sum()
        friends = [
            self._first_year(e)[e.customer & ~common & self._came_in_window(e)].sum() for e in (more, less)
        ]
        return float(uplift + friends[0] - friends[1]) / SCALE

    def _caused_customers(self) -> float:
        more, less = (
            self._came_in_window(e) & (self.people.parent < 0) for e in (self.acquisition_alone, self.neither)
        )
        return float(more.sum() - less.sum()) / SCALE

    def _paid_spend(self, factor: float = 1.0) -> float:
        first = BURN_IN_MONTHS + self.window.first_month
        return factor * float(self.simulation.plan.spend[:, first:].sum())

    def _costs(self, events: Events) -> np.ndarray:
        """Contacts, incentives and rewards per programme, EUR, as the books would show them."""
        programmes = self.company.programmes
        treated = events.touches[events.touches[:, 3] == 1, 2].astype(int)
        costs = np.bincount(treated, minlength=len(programmes)) * np.array(
            [p.contact_cost for p in programmes]
        )
        trigger = events.orders[:, 2].astype(int)
        costs += np.bincount(trigger + 1, events.orders[:, 3], len(programmes) + 1)[1:]
        bought = self.people.first_day[events.referrals[:, 0].astype(int)] >= self.window.first_day
        costs += np.array([p.lifts == "referrals" for p in programmes]) * events.referrals[bought, 2].sum()
        return costs / SCALE

    def _costs_in_window(self) -> np.ndarray:
        """Per programme, EUR: fees and what the window's touches cost (offers made earlier are left out)."""
        fees = np.array([p.monthly_fee for p in self.company.programmes]) * self.window.months
        return fees + self._costs(self.both) - self._costs(self.acquisition_alone)

    def _programmes(self) -> dict[str, dict]:
        """Each programme against the world that lacks it alone."""
        facts = {}
        for programme, cost in zip(self.company.programmes, self._costs_in_window(), strict=True):
            without = self._live(off=frozenset({programme.name}))
            facts[programme.name] = Result(float(cost), self._retention_margin(self.both, without)).figures()
        return facts

    def _marginal_retention(self) -> float:
        """Return of the next EUR: offers STEP more generous against STEP less."""
        more, less = (self._live(generosity=1 + step, generous=self.names) for step in (STEP, -STEP))
        cost = float((self._costs(more) - self._costs(less)).sum())
        return round(self._retention_margin(more, less) / cost - 1, 4)

    def _marginal_acquisition(self) -> float:
        """Return of the next EUR: paid spend STEP higher against STEP lower, no programmes."""
        more, less = (self._live(off=self.names, paid=1 + step) for step in (STEP, -STEP))
        cost = self._paid_spend(1 + STEP) - self._paid_spend(1 - STEP)
        return round(self._acquisition_margin(more, less) / cost - 1, 4)

    def _books(self, events: Events) -> tuple[float, float]:
        """Margin in the window: first orders from paid channels; reorders and referred first orders."""
        who, week = events.orders[:, 0].astype(int), events.orders[:, 1]
        reorders = self.margin[who[week < WINDOW_WEEKS]].sum()
        day = self.people.first_day
        first = events.customer & (day >= self.window.first_day) & (day <= LAST_DAY_NUMBER)
        referred = self.first_margin[first & (self.people.parent >= 0)].sum()
        paid = self.first_margin[first & (self.people.source < len(self.company.paid))].sum()
        return float(paid) / SCALE, float(reorders + referred) / SCALE

    def _baseline_share(self) -> float:
        """Margin of reorders and referrals in the window without programmes, as a share of that with them."""
        return round(self._books(self.acquisition_alone)[1] / self._books(self.both)[1], 4)

    def _booked(self, retention_cost: float) -> dict[str, dict]:
        """What the books would show."""
        paid, kept = self._books(self.both)
        return {
            "acquisition": Result(self._paid_spend(), paid).figures(),
            "retention": Result(retention_cost, kept).figures(),
        }

    def _one_clock(self) -> dict[str, float]:
        """All margin until 12 months after the window: here the two motions add up to what both caused."""
        both, alone, neither = (
            float(self._all_until_horizon(e).sum()) / SCALE
            for e in (self.both, self.acquisition_alone, self.neither)
        )
        return {
            "acquisition_margin": round(alone - neither, 2),
            "retention_margin": round(both - alone, 2),
            "both_margin": round(both - neither, 2),
        }
