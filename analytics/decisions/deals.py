"""What a deal is worth: the distribution of order amounts by source and by channel, and the orders far above it."""

from dataclasses import dataclass, field
from gettext import gettext as _

import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.period import groups
from analytics.decisions.window import Window
from analytics.models.deal_value import outlier_bound

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
    lines = _lines(workspace.query("deal_values", **days, **groups(filters)))
    if not len(lines):
        return Deals()
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


def _lines(found: pd.DataFrame) -> pd.DataFrame:
    """Sources in their order, then channels by size; lines of few orders are left out."""
    found = found.assign(
        name=found["name"].where(
            found["name"].notna(), found["by"].map({"channel": _("channel not known"), "all": ""})
        ),
        outlier_bound=outlier_bound(found["p25"].to_numpy(), found["p75"].to_numpy()),
    )
    found = found[(found["orders"] >= FEWEST_ORDERS) | (found["by"] == "all")]
    every, sources, channels = (found[found["by"] == by] for by in ("all", "source", "channel"))
    order = {name: place for place, name in enumerate(SOURCES)}
    sources = sources.sort_values("name", key=lambda names: names.map(order))
    return pd.concat([every, sources, channels], ignore_index=True)[list(DEAL_COLUMNS)]
