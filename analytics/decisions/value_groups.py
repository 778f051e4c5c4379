"""Value by channel, segment and cohort, and the value of a channel's customers against what they cost."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.decisions.economics import cac, ltv_cac_ratio, share
from analytics.decisions.histories import Histories
from analytics.decisions.new_customers import NewCustomers
from analytics.decisions.period import Period, same_name
from analytics.language import gettext as _

GROUP_COLUMNS = (
    "by", "name", "customers", "first_order", "new_customer", "low", "high", "bought", "residual", "total",
)  # fmt: skip
CHANNEL_COLUMNS = ("channel", "customers", "cac", "value", "low", "high", "ltv_cac_ratio")
BY = ("channel", "segment", "cohort")
MOST_GROUPS = 50  # further ones would not be read


@dataclass(frozen=True, eq=False)
class Cells:
    """cell: for every customer the number of its cell: group and quarter of the first order. frame: one row per cell,
    source, channel, segment, region, cohort (2026 Q3; of customers from before the data nothing) and sums: customers,
    bought, residual.
    """

    cell: np.ndarray
    frame: pd.DataFrame

    @classmethod
    def of(cls, histories: Histories, residual: np.ndarray, bought: np.ndarray) -> "Cells":
        """Sorts the customers into cells and adds up what each has brought and is expected to bring."""
        by_age = _quarters(histories)
        names, place = np.unique(by_age, return_inverse=True)
        cell = histories.group.astype(np.int64) * len(names) + place[histories.T_days]
        size = len(histories.groups) * len(names)
        frame = histories.groups.loc[histories.groups.index.repeat(len(names))].reset_index(drop=True)
        frame["cohort"] = np.tile(names.astype(object), len(histories.groups))
        frame.loc[frame["source"] == "existing", "cohort"] = None
        return cls(
            cell,
            frame.assign(
                customers=np.bincount(cell, minlength=size),
                bought=np.bincount(cell, bought, size),
                residual=np.bincount(cell, residual, size),
            ),
        )


def _quarters(histories: Histories) -> np.ndarray:
    """The quarter of the first order by days since then."""
    ages = np.arange(histories.T_days.max(initial=0) + 1)
    days = pd.Timestamp(histories.last_day) - pd.to_timedelta(ages, unit="D")
    return np.array([wording.quarter(day) for day in days])


def by_group(cells: Cells, newcomers: NewCustomers) -> pd.DataFrame:
    """Frame of GROUP_COLUMNS: per customer of today's what was bought, what is expected and both; of a new one the
    total over the horizon. Largest groups first, cohorts in time.
    """
    rows = [row for by in BY for row in _rows(by, cells, newcomers)]
    return pd.DataFrame(rows, columns=list(GROUP_COLUMNS))


def _rows(by: str, cells: Cells, newcomers: NewCustomers) -> list[tuple]:
    frame = cells.frame
    nameless = {"segment": _("no segment recorded"), "channel": _("no channel recorded")}.get(by, "")
    names = frame[by].astype(object).where(frame[by].notna(), nameless)
    names = (
        names.where(frame["source"] != "existing", _("from before the data")) if by != "segment" else names
    )
    if set(names) <= {nameless, _("from before the data")}:
        return []
    sums = frame.groupby(names)[["customers", "bought", "residual"]].sum()
    sums = sums[sums["customers"] > 0]
    order = sums.index if by == "cohort" else sums.sort_values("customers", ascending=False).index
    return [_row(by, name, sums.loc[name], newcomers, (names == name).to_numpy(), seed)
            for seed, name in enumerate(list(order)[:MOST_GROUPS])]  # fmt: skip


def _row(
    by: str, name: str, sums: pd.Series, newcomers: NewCustomers, chosen: np.ndarray, seed: int
) -> tuple:
    value = newcomers.value(chosen, seed=100 * BY.index(by) + seed + 10)
    new = (value.total.value, value.total.low, value.total.high) if value.is_enough else (np.nan,) * 3
    n = sums["customers"]
    bought, residual = share(sums["bought"], n), share(sums["residual"], n)
    return (by, name, int(n), value.first_order, *new, bought, residual, bought + residual)


def against_cac(groups: pd.DataFrame, costed: Period) -> pd.DataFrame:
    """Frame of CHANNEL_COLUMNS: paid channels with what a customer of theirs cost and is worth, dearest value first."""
    if not costed.spend_is_known or costed.by_group:
        return pd.DataFrame(columns=list(CHANNEL_COLUMNS))
    spend = costed.spend[costed.spend["motion"] == "acquisition"]
    spend = spend.groupby(spend["channel"].map(same_name))["spend"].sum()
    won = costed.won.groupby("channel")["orders"].sum()
    rows = []
    for line in groups[(groups["by"] == "channel") & groups["new_customer"].notna()].itertuples():
        if line.name in won.index and same_name(line.name) in spend.index:
            cost = cac(float(spend[same_name(line.name)]), float(won[line.name]))
            ratio = ltv_cac_ratio(line.new_customer, cost)
            rows.append((line.name, line.customers, cost, line.new_customer, line.low, line.high, ratio))
    frame = pd.DataFrame(rows, columns=list(CHANNEL_COLUMNS))
    return frame.sort_values("value", ascending=False, ignore_index=True)
