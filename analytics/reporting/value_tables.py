"""Tables of deal value and lifetime value: frames with headers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.histories import measure_name
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.columns import Ratio, described, holds
from analytics.reporting.roles import SOURCE_LABELS

if TYPE_CHECKING:
    from analytics.decisions.customer_equity import Equity
    from analytics.decisions.customer_value import CustomerValue

BY_LABELS = Texts(
    {"channel": marked("channel"), "segment": marked("segment"), "cohort": marked("first order in")}
)


@holds(money=("a new one", "from (80 %)", "to (80 %)", "first order", "bought so far", "residual", "total"))
def group_table(found: CustomerValue, by: str) -> pd.DataFrame:
    """One row per channel, segment or cohort: value of a new customer, and of today's ones per head."""
    rows = found.groups[found.groups["by"] == by]
    return pd.DataFrame(
        {
            BY_LABELS[by]: rows["name"].to_numpy(),
            _("customers"): rows["customers"].to_numpy(),
            _("a new one"): rows["new_customer"].to_numpy(),
            _("from (80 %)"): rows["low"].to_numpy(),
            _("to (80 %)"): rows["high"].to_numpy(),
            _("first order"): rows["first_order"].to_numpy(),
            _("bought so far"): rows["bought"].to_numpy(),
            _("residual"): rows["residual"].to_numpy(),
            _("total"): rows["total"].to_numpy(),
        }
    )


@holds(money=("CAC", "from (80 %)", "to (80 %)"))
def channel_table(found: CustomerValue) -> pd.DataFrame:
    """CustomerValue.channels with headers for people."""
    names = {
        "channel": _("channel"), "customers": _("customers"), "cac": _("CAC"),
        "value": _("value: {measure}").format(measure=measure_name(found.measure)), "low": _("from (80 %)"),
        "high": _("to (80 %)"), "ltv_cac_ratio": _("value / CAC"),
    }  # fmt: skip
    ratio = Ratio(names["ltv_cac_ratio"], names["value"], names["cac"])
    return described(found.channels.rename(columns=names), money=(names["value"],), ratios=(ratio,))


@holds(money=("CAC", "margin per customer so far"))
def payback_table(found: CustomerValue) -> pd.DataFrame:
    """PaybackCurves.cohorts with headers for people."""
    cohorts = found.payback.cohorts
    return pd.DataFrame(
        {
            _("first order in"): [wording.quarter(day) for day in cohorts["cohort_quarter"]],
            _("customers"): cohorts["customers"].to_numpy(),
            _("CAC"): cohorts["cac"].to_numpy(),
            _("margin per customer so far"): cohorts["margin_per_customer"].to_numpy(),
            _("finished months"): cohorts["months"].to_numpy(),
            _("paid back in month"): [
                _("not yet") if pd.isna(month) else wording.number(month)
                for month in cohorts["payback_months"]
            ],
        }
    )


@holds(money=("value", "from (80 %)", "to (80 %)"))
def equity_table(equity: Equity) -> pd.DataFrame:
    """Frame[part, value, from, to]."""
    parts = {
        _("today's customers"): equity.residual,
        _("customers still to be won"): equity.future,
        _("customer equity"): equity.total,
    }
    return pd.DataFrame(
        [(name, part.value, part.low, part.high) for name, part in parts.items()],
        columns=[_("part"), _("value"), _("from (80 %)"), _("to (80 %)")],
    )


@holds(money=("revenue before refunds", "mean", "5 %", "25 %", "median", "75 %", "95 %", "outlier above"))
def deal_table(lines: pd.DataFrame) -> pd.DataFrame:
    """Deals.lines with headers for people."""
    labels = {"all": _("all"), "source": _("source"), "channel": _("channel")}
    names = [
        SOURCE_LABELS[name] if by == "source" else name
        for by, name in zip(lines["by"], lines["name"], strict=True)
    ]
    return pd.DataFrame(
        {
            _("by"): [labels[by] for by in lines["by"]],
            _("name"): names,
            _("orders"): lines["orders"].to_numpy(),
            _("revenue before refunds"): lines["revenue"].to_numpy(),
            _("mean"): lines["mean"].to_numpy(),
            _("5 %"): lines["p5"].to_numpy(),
            _("25 %"): lines["p25"].to_numpy(),
            _("median"): lines["median"].to_numpy(),
            _("75 %"): lines["p75"].to_numpy(),
            _("95 %"): lines["p95"].to_numpy(),
            _("outlier above"): lines["outlier_bound"].to_numpy(),
        }
    )


@holds(money=("amount",), personal=("order", "customer"))
def outlier_table(outliers: pd.DataFrame) -> pd.DataFrame:
    """Deals.outliers with headers for people."""
    names = {
        "order_id": _("order"), "customer_id": _("customer"), "day": _("day"), "amount": _("amount"),
        "source": _("source"), "channel": _("channel"), "product": _("product"),
    }  # fmt: skip
    labelled = outliers.assign(
        source=[SOURCE_LABELS[source] for source in outliers["source"]],
        day=pd.to_datetime(outliers["day"]).dt.date,
    )
    return labelled.rename(columns=names)


def holdout_table(by_frequency: pd.DataFrame) -> pd.DataFrame:
    """Holdout.by_frequency with headers for people."""
    names = {
        "frequency": _("repeat orders before"), "customers": _("customers"), "expected": _("orders foretold"),
        "actual": _("orders that came"),
    }  # fmt: skip
    return by_frequency.rename(columns=names)
