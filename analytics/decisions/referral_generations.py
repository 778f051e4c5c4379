"""Generations of the referred: the first came through customers who were not referred themselves, the second through the
first, and so on. The second one is the point: from there on word of mouth goes on by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.decisions.economics import share
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.decisions.referral_network import Network
from analytics.decisions.referral_rates import mean
from analytics.decisions.window import Window

LAST = 4  # this generation and all later ones are counted together
TOTAL_COLUMNS = ("generation", "referred", "share", "value", "low", "high")
QUARTER_COLUMNS = ("quarter", "generation", "referred")


@dataclass(frozen=True, eq=False)
class Generations:
    """totals: frame of TOTAL_COLUMNS, one row per generation from 1 on (LAST: and later): the referred, their part of
    all referred, and their mean value with its 80 % interval. by_quarter: frame of QUARTER_COLUMNS, by the quarter of
    the first order. second_share: the part of the referred who came through a referred customer.
    """

    totals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TOTAL_COLUMNS)))
    by_quarter: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(QUARTER_COLUMNS)))
    second_share: Interval = NOT_KNOWN

    @property
    def referred(self) -> int:
        """All referred customers; the generations partition them."""
        return int(self.totals["referred"].sum())

    @property
    def second_share_by_quarter(self) -> pd.Series:
        """quarter -> the part of those referred in it who came through a referred customer."""
        lines = self.by_quarter
        later = lines["referred"].where(lines["generation"] > 1, 0).groupby(lines["quarter"]).sum()
        return later / lines.groupby("quarter")["referred"].sum()


def generations(network: Network, chosen: np.ndarray, window: Window) -> Generations:
    """The referred among the chosen customers whose first order lies in the window."""
    days = network.histories.T_days
    age = [(network.histories.last_day - day).days for day in (window.last_day, window.first_day)]
    generation = network.of_customers(network.forest.generation)
    referred = np.flatnonzero(chosen & (generation > 0) & (days >= age[0]) & (days <= age[1]))
    mine, value = np.minimum(generation[referred], LAST), network.value[referred]
    if not len(referred):
        return Generations()
    totals = [_total(n, value[mine == n], len(mine)) for n in range(1, int(mine.max()) + 1)]
    first_days = pd.Timestamp(network.histories.last_day) - pd.to_timedelta(days[referred], unit="D")
    quarter = pd.DatetimeIndex(first_days).to_period("Q").start_time
    counts = pd.DataFrame({"quarter": quarter, "generation": mine}).value_counts().rename("referred")
    lines = counts.reset_index().sort_values(["quarter", "generation"], ignore_index=True)
    return Generations(
        pd.DataFrame(totals, columns=list(TOTAL_COLUMNS)), lines[list(QUARTER_COLUMNS)], mean((mine > 1).astype(float))
    )  # fmt: skip


def _total(generation: int, value: np.ndarray, of: int) -> tuple:
    worth = mean(value) if len(value) else NOT_KNOWN
    return generation, len(value), share(len(value), of), worth.value, worth.low, worth.high
