"""The people of referrals: who brought whom, and what every customer has brought and is expected to bring."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.histories import DAYS_PER_MONTH, MARGIN, Histories, read_histories
from analytics.decisions.lifetime_fit import Horizon, fit
from analytics.models.referrals import Forest, below_everybody, forest
from analytics.warehouse.filters import Filters

FEWEST_FOLLOWED = 30  # referred customers whose first months are over, for these months to be compared
SHORTER_MONTHS = (12, 6, 3)


@dataclass(frozen=True, eq=False)
class Network:
    """All customers with an order, and all people whom a referral names.

    histories: of the customers, in the order of ids. person: a customer's number among the people, −1: no referral
    names this one. residual: what a customer is expected to bring over the horizon, discounted; NaN where the models
    cannot be fitted. followed_value, came_back: what the first followed_months brought and whether a second order was
    among it; NaN where they are not over. people: frame of queries/referral_people.sql, by number; forest: of these.
    """

    ids: np.ndarray
    histories: Histories
    person: np.ndarray
    residual: np.ndarray
    followed_months: int
    followed_value: np.ndarray
    came_back: np.ndarray
    people: pd.DataFrame
    forest: Forest

    @property
    def in_margin(self) -> bool:
        """Whether money is margin; else it is revenue."""
        return self.histories.measure == MARGIN

    @property
    def expects(self) -> bool:
        """Whether the lifetime models could be fitted."""
        return not np.isnan(self.residual).any()

    @cached_property
    def bought(self) -> np.ndarray:
        """What each customer has brought so far."""
        return self.histories.first_value + self.histories.repeat_value

    @cached_property
    def value(self) -> np.ndarray:
        """What each customer has brought and is expected to bring; the former alone where nothing is foretold."""
        return self.bought + np.nan_to_num(self.residual)

    @cached_property
    def lifetime_value(self) -> np.ndarray:
        """CLV: what each customer is expected to bring; what was brought where nothing is foretold."""
        return self.residual if self.expects else self.bought

    @cached_property
    def customer(self) -> np.ndarray:
        """A person's place among the customers, −1: has not ordered."""
        place = np.full(len(self.people), -1)
        known = np.flatnonzero(self.person >= 0)
        place[self.person[known]] = known
        return place

    @cached_property
    def person_value(self) -> np.ndarray:
        """value by person; 0 for who has not ordered."""
        return self.of_people(self.value, 0.0)

    @cached_property
    def below(self) -> np.ndarray:
        """Value of all whom a person brought, directly and through others."""
        return below_everybody(self.forest.referrer, self.person_value)

    def below_to(self, generations: int) -> np.ndarray:
        """The same, down to so many generations."""
        return below_everybody(self.forest.referrer, self.person_value, generations)

    def of_people(self, column: np.ndarray, lacking: float) -> np.ndarray:
        """A column of customers by person."""
        return np.where(self.customer >= 0, column[self.customer], lacking)

    def of_customers(self, column: np.ndarray) -> np.ndarray:
        """A column of people by customer; 0 for customers whom no referral names."""
        return np.where(self.person >= 0, column[self.person], 0) if len(column) else np.zeros(len(self.ids))


def read_network(workspace, assumptions: Assumptions, last_day: date) -> Network:
    """All customers and people, whatever filters look at: a friend's worth does not depend on them."""
    histories = read_histories(workspace, Filters(), assumptions.margin_rate, last_day)
    models = fit(histories)
    months = _followed_months(workspace, assumptions.horizon_months, last_day)
    rows = workspace.query(
        "referral_customers",
        last_day=last_day,
        followed_days=followed_days(months),
        in_margin=histories.measure == MARGIN,
        margin_rate=assumptions.margin_rate or 0.0,
    )
    mine = _with_ids(histories, rows)
    residual = np.full(len(rows), np.nan)
    if models is not None:
        horizon = Horizon.of(assumptions.horizon_months, assumptions.discount_rate)
        residual = models.purchases(mine, horizon) * models.order_values(mine)
    people = workspace.query("referral_people")
    return Network(
        ids=rows["customer_id"].to_numpy(),
        histories=mine,
        person=rows["person_no"].to_numpy(),
        residual=residual,
        followed_months=months,
        followed_value=rows["followed_value"].to_numpy(float),
        came_back=rows["came_back"].to_numpy(float),
        people=people,
        forest=forest(people["referrer_no"].to_numpy()),
    )


def followed_days(months: int) -> int:
    """Days that stand for so many months from the first order on, that day included."""
    return round(DAYS_PER_MONTH * months)


def _with_ids(histories: Histories, rows: pd.DataFrame) -> Histories:
    """The same histories in the order of rows, which know their ids."""
    names = {field.name for field in fields(histories)} & set(rows.columns)
    return replace(histories, **{name: rows[name].to_numpy() for name in names})


def _followed_months(workspace, horizon_months: int, last_day: date) -> int:
    """The horizon if enough referred customers have lived through it, else the longest shorter time of which that holds."""
    steps = [horizon_months, *(months for months in SHORTER_MONTHS if months < horizon_months)]
    found = workspace.query(
        "referral_followed", days=[followed_days(months) for months in steps], last_day=last_day
    )
    counts = dict(zip(found["days"], found["referred"], strict=True))
    return next((m for m in steps if counts[followed_days(m)] >= FEWEST_FOLLOWED), steps[-1])
