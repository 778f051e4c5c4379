"""Revenue and orders of the case, by where they came from."""

from dataclasses import dataclass

import pandas as pd

SOURCES = ("new", "referral", "reorder", "unknown")


@dataclass(frozen=True)
class Revenue:
    """Revenue by source, refunds included; unknown: orders without a customer number."""

    new: float = 0.0
    referral: float = 0.0
    reorder: float = 0.0
    unknown: float = 0.0

    @classmethod
    def of(cls, lines: pd.DataFrame) -> "Revenue":
        """Summed over the lines of orders_by_channel.sql."""
        by_source = {
            str(name): float(amount) for name, amount in lines.groupby("source")["revenue"].sum().items()
        }
        return cls(**by_source)

    @property
    def total(self) -> float:
        """All revenue."""
        return self.new + self.referral + self.reorder + self.unknown


NO_REVENUE = Revenue()


@dataclass(frozen=True)
class OrderCount:
    """How many orders (or refunds), and their value before refunds (of refunds: negative)."""

    orders: int = 0
    value: float = 0.0


def order_counts(lines: pd.DataFrame) -> dict[str, OrderCount]:
    """Orders by source, and refunds under "refunds"."""
    by_source = lines.groupby("source")[["orders", "order_value"]].sum()
    counts = {name: OrderCount(int(row.orders), float(row.order_value)) for name, row in by_source.iterrows()}
    found = {name: counts.get(name, OrderCount()) for name in SOURCES}
    refunds = OrderCount(int(lines["refunds"].sum()), float(lines["refund_value"].sum()))
    return found | {"refunds": refunds}


def by_quarter(lines: pd.DataFrame | None) -> pd.DataFrame:
    """Frame[quarter, source, revenue, orders] of the lines of orders_by_channel.sql; None: no lines."""
    columns = ["quarter", "source", "revenue", "orders"]
    if lines is None:
        return pd.DataFrame(columns=columns)
    return lines.groupby(["quarter", "source"], as_index=False)[["revenue", "orders"]].sum()[columns]
