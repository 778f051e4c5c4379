"""Every customer's history as arrays: repeat days, recency, time observed, and the money of first and repeat orders."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions.period import groups
from analytics.language import gettext as _
from analytics.warehouse.marts import HOLDOUT_DAYS

DAYS_PER_MONTH = 365.25 / 12
MARGIN, REVENUE = "margin", "revenue"


@dataclass(frozen=True, eq=False)
class Histories:
    """Arrays of one length, one place per customer; times in whole days, from the first day with an order.

    last_day: the day they are told on. measure: 'margin', or 'revenue' where margin is not known for all orders.
    group: number in groups, a frame[source, channel, segment, region] by that number. frequency: days with a repeat
    order. *_before: as it stood HOLDOUT_DAYS before last_day; frequency_before is -1 for who came later. first_value:
    of the first day (0 for customers from before the data). repeat_value: of all other orders, which are of
    repeat_days days. revenue_without_margin: of orders that state none; stated_margin_rate: of the others.
    """

    last_day: date
    measure: str
    revenue_without_margin: float
    stated_margin_rate: float
    groups: pd.DataFrame
    group: np.ndarray
    T_days: np.ndarray
    frequency: np.ndarray
    recency_days: np.ndarray
    frequency_before: np.ndarray
    recency_days_before: np.ndarray
    repeat_days: np.ndarray
    first_value: np.ndarray
    repeat_value: np.ndarray

    def __len__(self) -> int:
        return len(self.group)

    @cached_property
    def is_existing(self) -> np.ndarray:
        """Whether the customer is from before the data, so that the first purchase is not known."""
        return (self.groups["source"] == "existing").to_numpy(bool)[self.group]

    @property
    def was_there(self) -> np.ndarray:
        """Whether the customer had ordered before the holdout."""
        return self.frequency_before >= 0

    @property
    def T_days_before(self) -> np.ndarray:
        """Days observed before the holdout; negative for who came later."""
        return self.T_days - HOLDOUT_DAYS

    @cached_property
    def monetary_value(self) -> np.ndarray:
        """Mean value of a day with repeat orders; 0 where there is none, or where more was refunded than bought."""
        return np.maximum(self.repeat_value, 0.0) / np.maximum(self.repeat_days, 1)


def read_histories(workspace, filters, margin_rate: float | None, last_day: date) -> Histories:
    """Asks the warehouse for all customers of the filters' groups, whenever they were won, up to the last day."""
    chosen = workspace.query("history_groups", **groups(filters))
    numbers = [int(number) for number in chosen["group_no"]]
    totals = workspace.query("history_totals", groups=numbers).iloc[0]
    without = float(totals["revenue_without_margin"])
    in_margin = margin_rate is not None or without == 0
    rows = workspace.query(
        "customer_histories",
        groups=numbers,
        last_day=last_day,
        in_margin=in_margin,
        margin_rate=margin_rate or 0.0,
    )
    stated = float(totals["margin_revenue"])
    return Histories(
        last_day=last_day,
        measure=MARGIN if in_margin else REVENUE,
        revenue_without_margin=without,
        stated_margin_rate=float(totals["margin"]) / stated if stated else np.nan,
        groups=_by_number(chosen),
        group=rows["group_no"].to_numpy(),
        **{name: rows[name].to_numpy() for name in rows.columns if name != "group_no"},
    )


def measure_name(measure: str) -> str:
    """How sentences and axes call the money that is counted."""
    return _("margin") if measure == MARGIN else _("revenue")


def _by_number(chosen: pd.DataFrame) -> pd.DataFrame:
    size = int(chosen["group_no"].max()) + 1 if len(chosen) else 0
    return chosen.set_index("group_no").reindex(range(size))
