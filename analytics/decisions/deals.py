"""What a deal is worth: the distribution of order amounts by source and by channel, and the orders far above it."""

from dataclasses import dataclass, field
from gettext import gettext as _

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.period import groups
from analytics.decisions.window import Window
from analytics.models.deal_value import DealValue, deal_value

MOST_OUTLIERS = 20
FEWEST_ORDERS = 5  # of a line that is shown on its own
SOURCES = ("new", "referral", "reorder", "unknown")
DEAL_COLUMNS = (
    "by",
    "name",
    "orders",
    "revenue",
    "mean",
    "p5",
    "p25",
    "median",
    "p75",
    "p95",
    "outlier_bound",
)
OUTLIER_COLUMNS = ("order_id", "customer_id", "day", "amount", "source", "channel", "product")


@dataclass(frozen=True, eq=False)
class Deals:
    """Orders of the window before refunds, in money. lines: frame of DEAL_COLUMNS, by 'all', 'source' and 'channel'
    (the one that won the customer, else as recorded). outliers: frame of OUTLIER_COLUMNS, the largest of those above
    the bound of their source; outliers_found: how many there are.
    """

    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DEAL_COLUMNS)))
    outliers: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OUTLIER_COLUMNS)))
    outliers_found: int = 0

    @property
    def median(self) -> float:
        """The median amount of all orders; NaN without any."""
        every = self.lines.loc[self.lines["by"] == "all", "median"]
        return float(every.iloc[0]) if len(every) else NAN


def deals(workspace, filters, window: Window) -> Deals:
    """Asks the warehouse for the amounts of the window."""
    days = {"first_day": window.first_day, "last_day": window.last_day}
    amounts = workspace.query("deal_values", **days, **groups(filters))
    if not len(amounts):
        return Deals()
    lines = _lines(amounts)
    bounds = lines[(lines["by"] == "source") & lines["outlier_bound"].notna()]
    outliers = workspace.query(
        "deals_above",
        **days,
        **groups(filters),
        sources=list(bounds["name"]),
        bounds=[float(bound) for bound in bounds["outlier_bound"]],
        most=MOST_OUTLIERS,
    )
    found = int(outliers["found"].iloc[0]) if len(outliers) else 0
    return Deals(lines, outliers[list(OUTLIER_COLUMNS)], found)


def _lines(amounts: pd.DataFrame) -> pd.DataFrame:
    amounts = amounts.assign(channel=amounts["channel"].astype(object).fillna(_("channel not known")))
    rows = [_line("all", "", amounts)]
    by_source = dict(iter(amounts.groupby("source", sort=True)))
    rows += [_line("source", name, by_source[name]) for name in SOURCES if name in by_source]
    channels = [_line("channel", str(name), part) for name, part in amounts.groupby("channel", sort=True)]
    rows += sorted(channels, key=lambda row: (-row[3], row[1]))
    frame = pd.DataFrame(rows, columns=list(DEAL_COLUMNS))
    return frame[(frame["orders"] >= FEWEST_ORDERS) | (frame["by"] == "all")].reset_index(drop=True)


def _line(by: str, name: str, part: pd.DataFrame) -> tuple:
    found: DealValue = deal_value(part["amount"].to_numpy(), part["orders"].to_numpy(np.int64))
    return (
        by, name, found.orders, found.revenue, found.mean, found.p5, found.p25, found.median, found.p75, found.p95,
        found.outlier_bound,
    )  # fmt: skip
