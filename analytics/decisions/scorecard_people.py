"""The people of the company: whose customers stay, come back and refer more than their mix of segments explains."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions.interval import Interval
from analytics.decisions.period import groups
from analytics.models.standardised import FEWEST_GROUPS, SUMS, shrunken, standardise

if TYPE_CHECKING:
    from analytics.decisions.scorecard_figures import Facts, Quarter

MEASURES = ("repeat", "kept", "referrals", "margin")
RECOGNISED = MEASURES[:3]  # margin depends on what customers can afford
RATES = ("repeat", "kept")  # shares of what they are held against; the others are totals
COLUMNS = (
    "rep_id", "measure", "customers", "value", "expected", "ratio", "low", "high", "verdict",
)  # fmt: skip
PERSONAL = ("rep_id",)  # columns that name people: an export can leave them out
QUARTERS = 4  # one quarter holds too few customers of one person
ABOVE, BELOW, OPEN = "above", "below", "cannot tell"


@dataclass(frozen=True)
class Recognition:
    """Somebody whose customers surely do more than expected of their segments, in one measure."""

    rep_id: str
    measure: str
    ratio: Interval


@dataclass(frozen=True, eq=False)
class People:
    """rows: frame of COLUMNS, one row per person and measure, people by name. first_day, last_day: of the window.

    value, expected: a share for repeat and kept, a number for referrals, money for margin. ratio: value against what
    is expected of the same segments, drawn towards 1, with low and high; NaN where it cannot be known.
    """

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    first_day: date | None = None
    last_day: date | None = None

    @property
    def recognised(self) -> tuple[Recognition, ...]:
        """Who is surely above, by name; measures in their order."""
        above = self.rows[(self.rows["verdict"] == ABOVE) & self.rows["measure"].isin(RECOGNISED)]
        return tuple(
            Recognition(row["rep_id"], row["measure"], Interval(row["ratio"], row["low"], row["high"]))
            for row in above.to_dict("records")
        )

    @property
    def count(self) -> int:
        """How many people have customers."""
        return self.rows["rep_id"].nunique()

    def of(self, measure: str) -> pd.DataFrame:
        """The rows of one measure."""
        return self.rows[self.rows["measure"] == measure].reset_index(drop=True)


NOBODY = People()


def read_people(facts: Facts) -> People:
    """Everybody's customers in the four quarters that end with the one looked at, as far as they are in the data."""
    window = [q for q in facts.quarters[-QUARTERS:] if q.finished or q is facts.quarters[-1]]
    days = {
        "first_day": window[0].first_day,
        "last_day": facts.days["last_day"],
        "previous_first": _quarter_before(facts.quarters, window[0]),
    }
    sums = facts.workspace.query(
        "scorecard_people", **days, **groups(facts.filters), margin_rate=facts.margin_rate
    )
    if not len(sums):
        return NOBODY
    rows = pd.concat([_measured(sums, measure) for measure in MEASURES], ignore_index=True)
    order = {measure: place for place, measure in enumerate(MEASURES)}
    rows = rows.sort_values(["rep_id", "measure"], key=lambda c: c.map(order) if c.name == "measure" else c)
    return People(rows.reset_index(drop=True), days["first_day"], days["last_day"])


def _quarter_before(quarters: tuple[Quarter, ...], first: Quarter) -> date:
    """Where revenue that can be kept begins: the quarter before the window, if it is wholly in the data."""
    earlier = [q for q in quarters if q.first_day < first.first_day and q.finished]
    return earlier[-1].first_day if earlier else first.first_day


def _measured(sums: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Frame of COLUMNS for one measure."""
    named = {f"{measure}_{name}": name for name in SUMS}
    parts = sums[["rep_id", "segment", *named]].rename(columns={**named, "rep_id": "group"})
    found = standardise(parts)
    if measure == "margin" and sums["without_margin"].sum():
        found[["done", "expected", "deviation"]] = np.nan
    expected = found["expected"].where(found["expected"] > 0)
    ratios = shrunken(
        (found["done"] / expected).to_numpy(float), (found["deviation"] / expected).to_numpy(float)
    )
    per = found["base"].where(found["base"] > 0) if measure in RATES else 1.0
    rows = pd.DataFrame(
        {
            "rep_id": found.index,
            "measure": measure,
            "customers": sums.groupby("rep_id")["customers"].sum().reindex(found.index).to_numpy(),
            "value": (found["done"] / per).to_numpy(),
            "expected": (found["expected"] / per).to_numpy(),
            **dict(zip(("ratio", "low", "high"), ratios.T, strict=True)),
        }
    )
    return rows.assign(verdict=_verdicts(ratios, len(found)))[list(COLUMNS)]


def _verdicts(ratios: np.ndarray, people: int) -> np.ndarray:
    """The same certainty as for the case: 80 % of the interval lie on one side of 1, so 90 % of the probability."""
    if people < FEWEST_GROUPS:
        return np.full(len(ratios), OPEN, dtype=object)
    return np.select([ratios[:, 1] > 1, ratios[:, 2] < 1], [ABOVE, BELOW], OPEN)
