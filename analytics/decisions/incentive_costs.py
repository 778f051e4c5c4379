"""What programmes cost, each unit of money charged once, and how many offers were made and redeemed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN, share
from analytics.decisions.incentive_kinds import kind_of

TENURES = (0, 1, 2, 3, 4)  # bands of programme_offers.sql; the last: customers from before the data


@dataclass(frozen=True, eq=False)
class Offers:
    """lines: incentive_offers.sql with cost (the spend line that contains incentives, rewards and touches, spread over
    customers like these; without a spend line for the whole time these three themselves) and booked (margin of
    redeemed orders, NaN where not known). charged: names of programmes with a spend line that is used.
    """

    lines: pd.DataFrame
    charged: tuple[str, ...] = ()

    @property
    def totals(self) -> pd.DataFrame:
        """One row per programme, over all segments and tenures; dearest first."""
        whole = self.lines[self.lines["tenure_band"].isna()]
        sums = whole.groupby("name", sort=False).sum(numeric_only=True, min_count=1)
        named = sums.assign(programme=whole.groupby("name")["programme"].first())
        named["kind"] = [kind_of(programme) for programme in named["programme"]]
        return named.sort_values(["cost", "redeemed"], ascending=False).reset_index()

    def cell(self, name: str | None, segment: str | None, band: int | None) -> dict[str, float]:
        """Sums over the lines of a programme, segment and tenure band; None: all of them."""
        lines = self.lines
        chosen = lines["tenure_band"].isna() if band is None else lines["tenure_band"] == band
        if name is not None:
            chosen = chosen & (lines["name"] == name)
        if segment is not None:
            chosen = chosen & (lines["segment"] == segment)
        numbers = lines[chosen].select_dtypes("number").drop(columns="tenure_band")
        return {column: float(numbers[column].sum(skipna=column != "booked")) for column in numbers}


def offers(
    lines: pd.DataFrame, spend: pd.DataFrame, known: tuple[date, date], margin_rate: float | None
) -> Offers:
    """lines: incentive_offers.sql. spend: incentive_spend.sql. known: first and last day of orders."""
    covering = {
        row["name"]: row["spend"] / row["direct_cost"]
        for row in spend.to_dict("records")
        if row["direct_cost"] > 0 and _covers(row, known)
    }
    factor = lines["name"].map(covering).fillna(1.0).astype(float)
    booked = lines["margin_given"] + (margin_rate or 0.0) * lines["amount_without_margin"]
    if margin_rate is None:
        booked = booked.where(lines["orders_without_margin"] == 0, NAN)
    band = lines["tenure_band"].astype(float)
    made = lines.assign(cost=lines["direct_cost"] * factor, booked=booked, tenure_band=band)
    return Offers(made, tuple(sorted(covering)))


def uptake(cell: dict[str, float]) -> float:
    """Share of the customers who got an offer that redeemed one (or brought a friend); NaN where offers are unknown."""
    return share(cell["customers_offered_and_redeemed"], cell["customers"])


def segments(lines: pd.DataFrame, most: int) -> list[str]:
    """The segments with most redeemed offers."""
    whole = lines[lines["tenure_band"].isna() & lines["segment"].notna()]
    sums = whole.groupby("segment")[["redeemed", "friends", "customers"]].sum()
    order = np.lexsort((sums.index, -sums["customers"], -(sums["redeemed"] + sums["friends"])))
    return [str(name) for name in sums.index[order][:most]]


def _covers(row: dict, known: tuple[date, date]) -> bool:
    """Whether a spend line holds all that a programme cost: up to the last month, and from the first one with orders or,
    where it begins later and is not less than the direct cost, from the programme's own beginning.
    """
    first, last = (12 * day.year + day.month for day in known)
    begins, ends = (12 * day.year + day.month for day in (row["first_month"], row["last_month"]))
    return last <= ends and (begins <= first or row["spend"] >= row["direct_cost"])
