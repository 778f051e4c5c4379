"""What a deal is worth: the distribution of order amounts by source and by channel, and the orders far above it."""

from dataclasses import dataclass, field

import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.period import groups
from analytics.decisions.window import Window
from analytics.language import gettext as _
from analytics.models.deal_value import outlier_bound, quantiles_of_classes

MOST_OUTLIERS = 20
FEWEST_ORDERS = 5  # of a line that is shown on its own
MOST_EXACT = (
    1_000_000  # of more orders quantiles come from classes of amounts: sorting them all would take seconds
)
QUANTILES = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
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
    (the one that won the customer, else as recorded); quantiles are exact up to MOST_EXACT orders, beyond it to 0.5 %.
    outliers: frame of OUTLIER_COLUMNS, the largest of those above the bound of their source; outliers_found: how many
    there are.
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
    asked = days | groups(filters)
    if workspace.query("deal_count", **asked)["orders"].iloc[0] > MOST_EXACT:
        lines = _lines(_of_classes(workspace.query("deal_classes", **asked)))
    else:
        lines = _lines(workspace.query("deal_values", **asked))
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


def _of_classes(classes: pd.DataFrame) -> pd.DataFrame:
    """What deal_values.sql says of all amounts, from classes of them."""
    ways = {"all": [], "channel": ["channel"], "source": ["source"]}
    lines = [line for by, keys in ways.items() for line in _lines_by(by, classes, keys)]
    columns = ["by", "name", "orders", "revenue", "mean", *QUANTILES]
    found = pd.DataFrame(lines, columns=columns)
    return found.sort_values(["by", "orders", "name"], ascending=[True, False, True], ignore_index=True)


def _lines_by(by: str, classes: pd.DataFrame, keys: list[str]) -> list[tuple]:
    merged = classes.groupby([*keys, "class_no"], dropna=False, as_index=False).agg(
        orders=("orders", "sum"), revenue=("revenue", "sum"), least=("least", "min"), most=("most", "max")
    )
    lines = []
    for name, part in merged.groupby(keys[0], dropna=False) if keys else [(None, merged)]:
        orders, revenue = int(part["orders"].sum()), float(part["revenue"].sum())
        quantiles = quantiles_of_classes(
            *(part[column].to_numpy() for column in ("orders", "least", "most")), tuple(QUANTILES.values())
        )
        lines.append((by, name, orders, revenue, revenue / orders, *quantiles))
    return lines
