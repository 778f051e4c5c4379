"""Are referred customers worth more than comparable ones who came otherwise? In all, and by quarter of the first order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.decisions.referral_matching import Lead, Strata, lead
from analytics.decisions.referral_network import Network, followed_days
from analytics.decisions.window import Window

BANDS = (0.25, 0.5, 0.75)  # of the first-order value of the referred: their quarters
BY_QUARTER_COLUMNS = ("quarter", "referred", "others", "difference", "low", "high", "customers")
FEWEST_IN_QUARTER = 5
NOT_COMPARED = Lead()


@dataclass(frozen=True, eq=False)
class Leads:
    """Of customers whose first `months` are over: margin (or revenue) and share who came back in these months, and
    value, what they have brought and are expected to bring. by_quarter: frame of BY_QUARTER_COLUMNS of the first.
    """

    months: int = 0
    margin: Lead = NOT_COMPARED
    came_back: Lead = NOT_COMPARED
    value: Lead = NOT_COMPARED
    by_quarter: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BY_QUARTER_COLUMNS)))


def leads(network: Network, chosen: np.ndarray, window: Window) -> Leads:
    """The referred among the chosen customers won in the window, against the others among them."""
    histories, months = network.histories, network.followed_months
    source = histories.groups["source"].to_numpy()[histories.group]
    days = histories.T_days
    first, last = [(histories.last_day - day).days for day in (window.first_day, window.last_day)]
    whole = days >= followed_days(months) - 1
    kept = np.flatnonzero(chosen & (source != "existing") & whole & (days >= last) & (days <= first))
    is_referred = source[kept] == "referral"
    if not is_referred.any():
        return Leads(months)
    keys, quarters = _keys(network, kept, is_referred)
    columns = network.followed_value, network.came_back, network.value
    strata = [Strata.of(keys, is_referred, column[kept]) for column in columns]
    margin, came_back, value = (lead(part) for part in strata)
    return Leads(months, margin, came_back, value, _by_quarter(strata[0], quarters))


def _keys(network: Network, kept: np.ndarray, is_referred: np.ndarray) -> tuple[list[np.ndarray], list]:
    """Codes of quarter, segment, first-order value band and region; and the quarters that occur, in order."""
    histories = network.histories
    first_days = pd.Timestamp(histories.last_day) - pd.to_timedelta(histories.T_days[kept], unit="D")
    number = (4 * first_days.year + first_days.quarter).to_numpy()
    quarter = number - number.min()
    starts = [pd.Timestamp((n - 1) // 4, 3 * ((n - 1) % 4) + 1, 1) for n in np.unique(number)]
    first_value = histories.first_value[kept]
    bounds = np.quantile(first_value[is_referred], BANDS)
    band = np.searchsorted(bounds, first_value, side="right")
    names = [
        pd.factorize(histories.groups[name], use_na_sentinel=False)[0][histories.group[kept]]
        for name in ("segment", "region")
    ]
    return [quarter, names[0], band, names[1]], starts


def _by_quarter(strata: Strata, quarters: list) -> pd.DataFrame:
    """The same for the referred of each quarter; quarters with too few of them are left out."""
    present, cell = np.unique(strata.levels[-1], return_inverse=True)
    rows = []
    for n in range(len(present)):
        found = lead(strata, cell == n)
        if found.matched >= FEWEST_IN_QUARTER:
            rows.append((n, found.referred, found.others, found.difference.value, found.difference.low,
                         found.difference.high, found.matched))  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(BY_QUARTER_COLUMNS))
    return frame.assign(quarter=[quarters[n] for n in frame["quarter"]])
