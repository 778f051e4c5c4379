"""Simulated companies with known truth: the exports of one, as an analyst would upload them."""

import calendar
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tests.simulation.kinds import KINDS, Kind
from tests.simulation.lives import Lives, live
from tests.simulation.truth import Truth, truth_of

LAST_MONTH = (2026, 9)  # the window's last
REGIONS = ("north", "south", "west")
EXPORTS = ("sales", "reorders", "referrals", "spend", "touchpoints")


@dataclass(frozen=True, eq=False)
class Company:
    """One frame per export, with the columns of the contract, and what is known of its kind."""

    sales: pd.DataFrame
    reorders: pd.DataFrame
    referrals: pd.DataFrame
    spend: pd.DataFrame
    touchpoints: pd.DataFrame
    truth: Truth

    def write(self, folder: Path) -> dict[str, Path]:
        """The exports as CSV files in the folder; kind of export -> file."""
        files = {name: Path(folder) / f"{name}.csv" for name in EXPORTS}
        for name, file in files.items():
            getattr(self, name).to_csv(file, index=False, lineterminator="\n")
        return files


def company(kind: str, seed: int) -> Company:
    """The company of this kind and seed: the same customers and orders each time."""
    made = _Books(KINDS[kind], np.random.default_rng([KINDS[kind].plan_seed, seed]))
    return Company(
        made.sales(), made.reorders(), made.referrals(), made.spend(), made.touchpoints(), truth_of(kind)
    )


class _Books:
    """Writes down what happened."""

    def __init__(self, kind: Kind, random: np.random.Generator):
        self.kind, self.random = kind, random
        self.lives: Lives = live(kind, random)
        self.people = self.lives.people
        self.months = _months(kind.months)
        self.ids = np.array([f"{number:06d}" for number in range(1, len(self.people) + 1)], dtype=object)
        self.region = random.choice(REGIONS, len(self.people))
        self.first_day = self._day(np.maximum(self.people.entered, 0.0))

    def sales(self) -> pd.DataFrame:
        """First orders of customers who came in the window."""
        who = np.flatnonzero(self.people.source >= 0)
        who = who[np.argsort(self.people.entered[who], kind="stable")]
        names = np.array([source.name for source in self.kind.sources], dtype=object)
        frame = self._orders("S", who, self.first_day[who], self.kind.first_order_factor)
        frame.insert(3, "channel", names[self.people.source[who]])
        return frame

    def reorders(self) -> pd.DataFrame:
        """All other orders, with the offer that was used and what it cost."""
        lives = self.lives
        by_time = np.argsort(lives.order_when, kind="stable")
        who, when, trigger = lives.order_who[by_time], lives.order_when[by_time], lives.order_trigger[by_time]
        frame = self._orders("R", who, self._day(when), 1.0)
        names = np.array([*(p.name for p in self.kind.programmes), None], dtype=object)
        frame.insert(3, "trigger", names[trigger])
        frame.insert(4, "incentive_cost", self._shared_out(trigger, when.astype(int)))
        return frame

    def referrals(self) -> pd.DataFrame:
        """Referrals that brought a customer, and as many that brought nobody."""
        people, random = self.people, self.random
        friend = np.flatnonzero(people.referrer >= 0)
        month = people.entered[friend].astype(int)
        first = self._day(month.astype(float))
        ago = random.integers(0, (self.first_day[friend] - first).astype(int) + 1)
        asked = people.asked_by[friend]
        names = np.array([*(p.name for p in self.kind.programmes), "word_of_mouth"], dtype=object)
        referrer = np.concatenate([people.referrer[friend]] * 2)
        came = np.repeat([True, False], len(friend))
        rewards = np.nan_to_num(self._shared_out(asked, month))
        return pd.DataFrame(
            {
                "referral_id": [f"F{number:05d}" for number in range(1, len(referrer) + 1)],
                "referrer_id": self.ids[referrer],
                "referred_at": _written(np.tile(self.first_day[friend] - ago, 2)),
                "referred_id": np.concatenate([self.ids[friend], np.full(len(friend), None)]),
                "kind": random.choice(["content", "conversation", "commendation"], len(referrer)),
                "status": np.where(came, "converted", "invited"),
                "reward_cost": np.where(came, np.tile(rewards, 2), 0.0),
                "channel": np.tile(names[asked], 2),
            }
        )

    def spend(self) -> pd.DataFrame:
        """Whole cost per month and name; months without spend have no row."""
        programmes = {programme.name for programme in self.kind.programmes}
        rows = [
            (
                f"{year}-{month:02d}",
                name,
                amounts[number],
                "retention" if name in programmes else "acquisition",
            )
            for number, (year, month) in enumerate(self.months)
            for name, amounts in self.kind.spend.items()
            if amounts[number] > 0
        ]
        return pd.DataFrame(rows, columns=["month", "channel", "amount", "motion"])

    def touchpoints(self) -> pd.DataFrame:
        """Touches of programmes, and contacts before a first order, of people who never bought too."""
        lives, programmes = self.lives, self.kind.programmes
        offers = pd.DataFrame(
            {
                "customer_id": self.ids[lives.touch_who],
                "touched_at": _written(self._day(lives.touch_month.astype(float)) - 1),
                "channel": np.array([p.name for p in programmes], dtype=object)[lives.touch_programme],
                "stage": np.array([p.stage for p in programmes], dtype=object)[lives.touch_programme],
                "direction": "outbound",
            }
        )
        if self.kind.holdout is not None:
            offers["arm"] = np.where(lives.touch_treated, "treated", "holdout")
        return pd.concat([offers, self._contacts()], ignore_index=True)

    def _contacts(self) -> pd.DataFrame:
        """One contact per first order in its own channel, and twice as many that led nowhere."""
        random = self.random
        buyer = np.flatnonzero((self.people.source >= 0) & (self.people.referrer < 0))
        names = np.array([source.name for source in self.kind.sources], dtype=object)
        channel = names[np.concatenate([self.people.source[buyer]] * 3)]
        first = np.datetime64(date(*self.months[0], 1))
        days = np.concatenate([self.first_day[buyer]] * 3) - random.integers(0, 15, 3 * len(buyer))
        strangers = [f"P{number:06d}" for number in range(1, 2 * len(buyer) + 1)]
        return pd.DataFrame(
            {
                "customer_id": np.concatenate([self.ids[buyer], np.array(strangers, dtype=object)]),
                "touched_at": _written(np.maximum(days, first)),
                "channel": channel,
                "stage": np.repeat(["action", "interest"], [len(buyer), 2 * len(buyer)]),
                "direction": "inbound",
            }
        )

    def _orders(self, letter: str, who: np.ndarray, days: np.ndarray, factor: float) -> pd.DataFrame:
        kind = self.kind
        scatter = self.random.gamma(kind.order_shape, 1 / kind.order_shape, len(who))
        amount = np.maximum(np.round(factor * self.people.value[who] * scatter, 2), 0.01)
        return pd.DataFrame(
            {
                "order_id": [f"{letter}{number:06d}" for number in range(1, len(who) + 1)],
                "customer_id": self.ids[who],
                "order_date": _written(days),
                "amount": amount,
                "margin": np.round(kind.margin_rate * amount, 2),
                "segment": np.array([name for name, _, _ in kind.segments], dtype=object)[
                    self.people.segment[who]
                ],
                "region": self.region[who],
            }
        )

    def _shared_out(self, programme: np.ndarray, month: np.ndarray) -> np.ndarray:
        """What each use of an offer cost: its share of the part of the month's spend that offers take up, at most 10."""
        cost = np.full(len(programme), np.nan)
        for number, one in enumerate(self.kind.programmes):
            mine = programme == number
            uses = np.bincount(month[mine], minlength=self.kind.months)
            each = np.minimum(one.offered * self.kind.spend[one.name] / np.maximum(uses, 1), 10.0)
            cost[mine] = np.floor(100 * each[month[mine]]) / 100
        return cost

    def _day(self, when: np.ndarray) -> np.ndarray:
        """Days of moments given in months; on the first of a month only programmes are at work."""
        starts = np.array([np.datetime64(date(year, month, 1)) for year, month in self.months])
        lengths = np.array([calendar.monthrange(year, month)[1] for year, month in self.months])
        number = when.astype(int)
        return starts[number] + 1 + ((when - number) * (lengths[number] - 1)).astype(int)


def _months(count: int) -> list[tuple[int, int]]:
    """The last so many (year, month)."""
    last = 12 * LAST_MONTH[0] + LAST_MONTH[1] - 1
    return [(number // 12, number % 12 + 1) for number in range(last - count + 1, last + 1)]


def _written(days: np.ndarray) -> np.ndarray:
    return np.datetime_as_string(days, unit="D").astype(object)
