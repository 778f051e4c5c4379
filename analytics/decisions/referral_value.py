"""Customer referral value, and the map of customers by what they buy and what they bring (Kumar, Petersen, Leone 2007).

    CRV = caused share × value of the friends who bought
        + (1 − caused share) × acquisition cost saved on them
        − rewards paid for all referrals

Only friends count whose first order is credited to the customer; theirs are in their own referral value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN, roi, share
from analytics.decisions.interval import NOT_KNOWN, Interval, PairSums, of_ratio
from analytics.models.referrals import Forest

CORNERS = ("champions", "affluents", "advocates", "misers")
CORNER_COLUMNS = ("corner", "customers", "lifetime_value", "referral_value", "friends")
TENTH_COLUMNS = ("tenth", "customers", "lifetime_value", "referral_value", "referrer_share")
TENTHS = 10


@dataclass(frozen=True)
class Terms:
    """What a referral is valued by. caused_share: the part of friends who would not have come otherwise. cost_saved:
    what winning one of the others would have cost; NaN: not known, and then not counted.
    """

    caused_share: float
    cost_saved: float = NAN

    def of_friends(self, value: np.ndarray) -> np.ndarray:
        """Value of friends who bought, before rewards."""
        saved = np.nan_to_num(self.cost_saved)
        return self.caused_share * value + (1 - self.caused_share) * saved


@dataclass(frozen=True, eq=False)
class ValueMap:
    """Customers by lifetime value (CLV) and referral value (CRV). high_from: the median CLV; above it, it is high; a
    CRV is high above 0. corner: per customer a place in CORNERS. corners, tenths: frames of CORNER_COLUMNS and
    TENTH_COLUMNS, the latter from the highest CLV down.
    """

    high_from: float = NAN
    corner: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    corners: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CORNER_COLUMNS)))
    tenths: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TENTH_COLUMNS)))

    @property
    def light_lead(self) -> float:
        """Mean referral value of the lighter half of customers less that of the heavier half."""
        if len(self.tenths) < TENTHS:
            return NAN
        half = TENTHS // 2
        means = [
            share(float((part["referral_value"] * part["customers"]).sum()), float(part["customers"].sum()))
            for part in (self.tenths.iloc[half:], self.tenths.iloc[:half])
        ]
        return means[0] - means[1]


def referral_value(forest: Forest, value: np.ndarray, rewards: np.ndarray, terms: Terms) -> np.ndarray:
    """CRV per person. value: of each person as a customer; rewards: paid for each person's referrals."""
    friends = np.flatnonzero(forest.referrer >= 0)
    brought = terms.of_friends(value[friends])
    return np.bincount(forest.referrer[friends], brought, len(forest)) - rewards


def worth_per_friend(referrer: np.ndarray, value: np.ndarray, rewards: float, terms: Terms) -> Interval:
    """What a referral that bought is worth, with its 80 % interval over referrers. referrer, value: per friend who
    bought; rewards: paid for all referrals, those in vain included.
    """
    if not len(value):
        return NOT_KNOWN
    place = np.unique(referrer, return_inverse=True)[1]
    y = np.bincount(place).astype(float)
    x = np.bincount(place, terms.of_friends(value)) - rewards * y / y.sum()
    sums = {name: float(np.prod([{"x": x, "y": y}[part] for part in name], axis=0).sum()) for name in
            ("x", "y", "xx", "xy", "yy", "xxx", "xxy", "xyy", "yyy")}  # fmt: skip
    return of_ratio(PairSums(**sums), 0.0)


def reward_roi(value_gained: float, reward: float) -> float:
    """(value gained − reward) / reward: 40 gained for 25 is 0.60 (Schmitt, Skiera, Van den Bulte 2011)."""
    return roi(value_gained, reward)


def value_map(lifetime_value: np.ndarray, referral_value: np.ndarray, friends: np.ndarray) -> ValueMap:
    """The map of customers, one place each."""
    if not len(lifetime_value):
        return ValueMap()
    high_from = float(np.median(lifetime_value))
    corner = 2 * (lifetime_value <= high_from) + (
        referral_value <= 0
    )  # champions, affluents, advocates, misers
    columns = lifetime_value, referral_value, friends
    return ValueMap(high_from, corner, _corners(corner, *columns), _tenths(*columns))


def _corners(corner: np.ndarray, clv: np.ndarray, crv: np.ndarray, friends: np.ndarray) -> pd.DataFrame:
    customers = np.bincount(corner, minlength=len(CORNERS))
    sums = [np.bincount(corner, column, len(CORNERS)) for column in (clv, crv, friends)]
    rows = [
        (name, int(customers[n]), share(sums[0][n], customers[n]), share(sums[1][n], customers[n]), int(sums[2][n]))
        for n, name in enumerate(CORNERS)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(CORNER_COLUMNS))


def _tenths(clv: np.ndarray, crv: np.ndarray, friends: np.ndarray) -> pd.DataFrame:
    order = np.argsort(-clv, kind="stable")
    rows = [
        (n + 1, len(part), clv[part].mean(), crv[part].mean(), (friends[part] > 0).mean())
        for n, part in enumerate(np.array_split(order, TENTHS))
        if len(part)
    ]
    return pd.DataFrame(rows, columns=list(TENTH_COLUMNS))
