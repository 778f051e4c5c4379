"""How far word of mouth spreads: invitations, conversion, K with its limit, cycle time, and the three Cs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN, share
from analytics.decisions.interval import NOT_KNOWN, QUANTILE, Interval, PairSums, of_ratio
from analytics.decisions.period import groups
from analytics.decisions.window import Window
from analytics.models.referrals import viral_coefficient, viral_limit

KIND_COLUMNS = (
    "kind", "invitations", "referrers", "converted", "conversion", "low", "high", "value", "value_low", "value_high",
    "rewards", "cost_per_customer",
)  # fmt: skip
KINDS = ("content", "conversation", "commendation", "other", "not recorded")
FEWEST_FOR_RANGE = 5  # customers whose scatter says anything
ONLY_SUCCESSES = 10  # so many invitations without one in vain: the export lists successes only


@dataclass(frozen=True)
class Reach:
    """What the customers of these days' groups did. customers: who had ordered by the last day; all of them, whether
    they invited or not. invitations: referrals they made in these days, less those that invite nobody new
    (not_counted). converted: those whose friend's first order is credited to them. by_strangers: referrals in these
    days by people without an order, which count nowhere. rewards: paid for the referrals of these days.
    """

    customers: int = 0
    referrers: int = 0
    invitations: int = 0
    converted: int = 0
    rejected: int = 0
    not_counted: int = 0
    by_strangers: int = 0
    rewards: float = 0.0
    rewards_known: int = 0
    conversion: Interval = NOT_KNOWN
    k: Interval = NOT_KNOWN

    @property
    def invitations_per_customer(self) -> float:
        """Over all customers, those who invited nobody included."""
        return share(self.invitations, self.customers)

    @property
    def referrer_share(self) -> float:
        """The part of customers who invited somebody."""
        return share(self.referrers, self.customers)

    @property
    def limit(self) -> float:
        """Customers in the end, if today's bring K each, these K again …; NaN from K = 1 on."""
        return viral_limit(self.customers, self.k.value)

    @property
    def lists_only_successes(self) -> bool:
        """Whether no invitation was in vain: then the export leaves those out, and conversion says nothing."""
        return self.converted == self.invitations >= ONLY_SUCCESSES


@dataclass(frozen=True)
class Cycle:
    """Median days, with 80 % intervals: from the invitation to the friend's first order, and from the referrer's own
    first order to the friend's (a generation; known for referrers won in the data).
    """

    days: Interval = NOT_KNOWN
    generation_days: Interval = NOT_KNOWN


def read_reach(workspace, window: Window, filters) -> Reach:
    """K and its parts in these days."""
    row = workspace.query("referral_reach", **_days(window), **groups(filters)).iloc[0]
    names = ("customers", "referrers", "invitations", "converted", "rejected", "not_counted", "by_strangers")
    counts = {name: int(row[name]) for name in names}
    n, x = float(row["customers"]), float(row["converted"])
    per_customer = PairSums(x, n, row["xx"], x, n, row["xxx"], row["xx"], x, n)
    k = of_ratio(per_customer, 0.0)
    value = viral_coefficient(share(row["invitations"], n), share(x, row["invitations"])) if x else k.value
    return Reach(
        **counts,
        rewards=float(row["rewards"]),
        rewards_known=int(row["rewards_known"]),
        conversion=_conversion(row),
        k=Interval(value, k.low, k.high),
    )


def read_cycle(workspace, window: Window, filters) -> Cycle:
    """How long a round takes, of invitations made in these days."""
    rows = workspace.query("referral_cycle", **_days(window), **groups(filters))
    parts = {since: median(part["days"], part["friends"]) for since, part in rows.groupby("since")}
    return Cycle(parts.get("invitation", NOT_KNOWN), parts.get("referrer", NOT_KNOWN))


def read_kinds(workspace, window: Window, filters, friends: pd.DataFrame) -> pd.DataFrame:
    """Frame of KIND_COLUMNS: content, conversation and commendation side by side, and whatever else is recorded.

    friends: frame[kind, value] of customers whose first order is credited to these invitations.
    """
    rows = workspace.query("referral_kinds", **_days(window), **groups(filters)).set_index("kind")
    values = {kind: mean(part["value"].to_numpy()) for kind, part in friends.groupby("kind")}
    found = [_kind(kind, rows.loc[kind], values.get(kind, NOT_KNOWN)) for kind in KINDS if kind in rows.index]
    return pd.DataFrame(found, columns=list(KIND_COLUMNS))


def mean(values: np.ndarray) -> Interval:
    """A mean over customers, with its 80 % interval; without one for fewer than FEWEST_FOR_RANGE."""
    if 0 < len(values) < FEWEST_FOR_RANGE:
        return Interval(float(values.mean()), NAN, NAN)
    x, n = values, float(len(values))
    total = float(x.sum())
    xx = float((x * x).sum())
    return of_ratio(PairSums(total, n, xx, total, n, float((x**3).sum()), xx, total, n), 0.0)


def median(days: pd.Series, counts: pd.Series) -> Interval:
    """The median of days that occur so often, with the 80 % interval of order statistics."""
    order = np.argsort(days.to_numpy())
    sorted_days, reached = days.to_numpy()[order], np.cumsum(counts.to_numpy()[order])
    n = int(reached[-1])

    def at(rank: float) -> float:
        return float(sorted_days[np.searchsorted(reached, min(max(math.ceil(rank), 1), n))])

    half = QUANTILE * math.sqrt(n) / 2
    return Interval((at((n + 1) // 2) + at(n // 2 + 1)) / 2, at(n / 2 - half), at(n / 2 + half + 1))


def _kind(kind: str, row: pd.Series, value: Interval) -> tuple:
    conversion = _conversion(row)
    rewards = float(row["rewards"]) if row["rewards_known"] else NAN
    cost = share(rewards, float(row["converted"]))
    return (
        kind, int(row["invitations"]), int(row["referrers"]), int(row["converted"]), conversion.value, conversion.low,
        conversion.high, value.value, value.low, value.high, rewards, cost,
    )  # fmt: skip


def _conversion(row: pd.Series) -> Interval:
    powers = {name: float(row[name]) for name in ("xx", "xy", "yy", "xxx", "xxy", "xyy", "yyy")}
    found = of_ratio(PairSums(float(row["converted"]), float(row["invitations"]), **powers), 0.0)
    return Interval(found.value, max(found.low, 0.0), min(found.high, 1.0)) if found.known else found


def _days(window: Window) -> dict:
    return {"first_day": window.first_day, "last_day": window.last_day}
