"""What was known of a customer on a past day: features that a forecast may learn from, and a guard against later ones.

Every feature names the column that holds the latest day it looked at. A feature without such a column, or one whose
day lies after the cut-off, knows the outcome: it is refused, not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.warehouse.filters import Filters

KEYS = ("cutoff", "customer_id")
WHOLE = 65_536  # shares of customers are counted in parts of this
MOST_SAMPLED = 25_000  # customers; more have not made the forecast better, only slower
MOST_LEVELS = 12  # channels or segments that get a column of their own; the rest are one


class LateFeature(ValueError):
    """A feature that knows what came after its cut-off; one sentence."""


@dataclass(frozen=True)
class Feature:
    """A column of churn_features.sql, and the column with the latest day that it looks at."""

    name: str
    day: str


FEATURES = (
    Feature("orders", "last_order_day"),
    Feature("order_days", "last_order_day"),
    Feature("refunds", "last_row_day"),
    Feature("order_value", "last_order_day"),
    Feature("revenue", "last_row_day"),
    Feature("recency_days", "last_order_day"),
    Feature("tenure_days", "first_order_day"),
    Feature("orders_lately", "last_order_day"),
    Feature("orders_before", "last_order_day"),
    Feature("orders_same_season", "last_order_day"),
    Feature("acquired_channel", "first_order_day"),
    Feature("segment", "segment_day"),
)


def read_features(
    workspace,
    cutoffs: Sequence[date],
    horizon_days: int,
    *,
    share: int = WHOLE,
    customers: Sequence[str] = (),
    filters: Filters | None = None,
) -> pd.DataFrame:
    """One row per cut-off and customer with an order by then: KEYS, the features, and their days.

    horizon_days: the length of "lately", and of the stretch that is foretold. share: of 65,536 parts of the customers
    how many are read, an even sample by the customer number; or only the `customers` named. Raises LateFeature.
    """
    groups = {k: v for k, v in (filters or Filters()).params().items() if not k.endswith("_day")}
    frame = workspace.query(
        "churn_features",
        cutoffs=list(cutoffs),
        days=horizon_days,
        share=share,
        customers=list(customers),
        **groups,
    )
    refuse_late(frame)
    return frame


def read_outcome(workspace, features: pd.DataFrame, horizon_days: int, share: int = WHOLE) -> np.ndarray:
    """For each row of read_features whether the customer placed no order in the horizon_days after the cut-off."""
    cutoffs = [day.date() for day in pd.to_datetime(features["cutoff"]).unique()]
    returns = workspace.query("churn_returns", cutoffs=cutoffs, days=horizon_days, share=share)
    keys = list(KEYS)
    back = pd.MultiIndex.from_frame(returns[keys])
    return ~pd.MultiIndex.from_frame(features[keys]).isin(back)


def refuse_late(frame: pd.DataFrame, features: Sequence[Feature] = FEATURES) -> None:
    """Raises LateFeature where a column has no day, or a day after its row's cut-off."""
    days = {feature.day for feature in features}
    named = {feature.name for feature in features}
    for column in frame.columns:
        if column not in named | days | set(KEYS):
            raise LateFeature(
                f"The feature {column!r} does not say up to which day it looks, so it is not used."
            )
    for feature in features:
        if feature.name not in frame:
            continue
        if feature.day not in frame:
            raise LateFeature(
                f"The feature {feature.name!r} does not say up to which day it looks, so it is not used."
            )
        late = pd.to_datetime(frame[feature.day]) > pd.to_datetime(frame["cutoff"])
        if late.any():
            raise LateFeature(
                f"The feature {feature.name!r} looks at {frame.loc[late, feature.day].iloc[0]:%Y-%m-%d}, after its "
                f"cut-off {frame.loc[late, 'cutoff'].iloc[0]:%Y-%m-%d}: it knows what the forecast is to tell."
            )


def share_for(customers: int, most: int = MOST_SAMPLED) -> int:
    """Of 65,536 parts how many to read, so that about `most` of the customers are read, and all where there are fewer."""
    return WHOLE if customers <= most else max(1, round(WHOLE * most / customers))


def mean_gap_days(frame: pd.DataFrame) -> np.ndarray:
    """Mean days between a customer's order days; NaN for customers of a single day."""
    days = frame["order_days"].to_numpy(float)
    span = frame["tenure_days"].to_numpy(float) - frame["recency_days"].to_numpy(float)
    return np.where(days > 1, span / np.maximum(days - 1, 1), np.nan)


def usual_gap_days(frame: pd.DataFrame) -> float:
    """The median of the customers' mean gaps; NaN where nobody has ordered on two days."""
    gaps = mean_gap_days(frame)
    return float(np.nanmedian(gaps)) if np.isfinite(gaps).any() else float("nan")


class Design:
    """Turns features into the columns that a model sees: logarithms, ratios, one column per channel and segment.

    Learnt from the frame it is made of: usual_gap_ (days; for customers of one order day), levels_.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        gap = usual_gap_days(frame)
        self.usual_gap_ = gap if np.isfinite(gap) else 30.0
        self.levels_ = {
            name: tuple(frame[name].value_counts().head(MOST_LEVELS).index)
            for name in ("acquired_channel", "segment")
        }

    def columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One row per row of the frame, all float and finite."""
        number = {f.name: frame[f.name].to_numpy(float) for f in FEATURES if f.name not in self.levels_}
        orders, recency, tenure = number["orders"], number["recency_days"], number["tenure_days"]
        gap = mean_gap_days(frame)
        usual = np.where(np.isfinite(gap), gap, self.usual_gap_)
        made = {
            "recency": np.log1p(recency),
            "overdue": np.log1p(recency) - np.log1p(usual),
            "tenure": np.log1p(tenure),
            "gap": np.log1p(np.where(np.isfinite(gap), gap, tenure)),
            "rate": np.log(orders / (tenure + 30.0)),
            "orders": np.log(orders),
            "lately": np.log1p(number["orders_lately"]),
            "trend": np.log1p(number["orders_lately"]) - np.log1p(number["orders_before"]),
            "value": np.log1p(np.maximum(number["order_value"] / orders, 0)),
            "revenue": np.log1p(np.maximum(number["revenue"], 0)),
            "refunds": number["refunds"] / orders,
            "season": np.log1p(number["orders_same_season"]),
            "before_data": frame["acquired_channel"].isna().to_numpy(float),
        }
        for name, levels in self.levels_.items():
            place = pd.Index(levels).get_indexer(pd.Index(frame[name]))
            made |= {f"{name} {level}": (place == n).astype(float) for n, level in enumerate(levels)}
        return pd.DataFrame(made)
