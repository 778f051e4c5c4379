"""Tables behind the retention page, with headers for people."""

from __future__ import annotations

import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.columns import Ratio, holds


@holds(shares=("rate",), ratios=(Ratio("rate", "active or brought", "cohort"),))
def cohort_table(cells: pd.DataFrame) -> pd.DataFrame:
    """Frame[first order in, month, of the cohort, active or brought, rate, finished] of Cohorts.table or at_age."""
    return pd.DataFrame(
        {
            _("first order in"): [f"{day:%Y-%m}" for day in cells["cohort_month"]],
            _("month"): cells["months_since_first_order"].to_numpy(),
            _("cohort"): cells["size"].to_numpy(),
            _("active or brought"): cells["value"].to_numpy(),
            _("rate"): cells["rate"].to_numpy(),
            _("finished"): cells["finished"].to_numpy(),
        }
    )


@holds(money=("revenue before", "their revenue now"), shares=("net retention", "gross retention"),
       ratios=(Ratio("net retention", "their revenue now", "revenue before"),))  # fmt: skip
def quarter_table(lines: pd.DataFrame) -> pd.DataFrame:
    """revenue_retention() with headers for people."""
    return pd.DataFrame(
        {
            _("quarter"): [wording.quarter(day) for day in lines["quarter"]],
            _("customers before"): lines["customers_before"].to_numpy(),
            _("of whom bought"): lines["customers_now"].to_numpy(),
            _("revenue before"): lines["revenue_before"].to_numpy(),
            _("their revenue now"): lines["revenue_now"].to_numpy(),
            _("net retention"): lines["nrr"].to_numpy(),
            _("gross retention"): lines["grr"].round(4).to_numpy(),
            _("finished"): lines["finished"].to_numpy(),
        }
    )


@holds(
    money=("value at risk", "value per year"),
    shares=("chance of no order", "P(alive)"),
    personal=("customer",),
)
def save_table(save_list: pd.DataFrame) -> pd.DataFrame:
    """Leaving.save_list with headers for people."""
    return pd.DataFrame(
        {
            _("customer"): save_list["customer_id"].to_numpy(),
            _("value at risk"): save_list["value_at_risk"].round(2).to_numpy(),
            _("chance of no order"): save_list["churn_probability"].round(3).to_numpy(),
            _("why"): save_list["reason"].to_numpy(),
            _("value per year"): save_list["value_per_year"].round(2).to_numpy(),
            _("P(alive)"): save_list["probability_alive"].round(3).to_numpy(),
            _("last order"): pd.to_datetime(save_list["last_day"]).dt.date.to_numpy(),
            _("orders"): save_list["orders"].to_numpy(),
            _("segment"): save_list["segment"].to_numpy(),
            _("region"): save_list["region"].to_numpy(),
            _("won through"): save_list["acquired_channel"].to_numpy(),
        }
    )


@holds(shares=("foretold", "came", "from (80 %)", "to (80 %)"))
def calibration_table(tenths: pd.DataFrame) -> pd.DataFrame:
    """Judgement.calibration with headers for people."""
    names = {"forecast": _("foretold"), "observed": _("came"), "customers": _("customers"),
             "low": _("from (80 %)"), "high": _("to (80 %)")}  # fmt: skip
    return tenths.round(4).rename(columns=names)


@holds(shares=("placed no order",))
def lift_table(tenths: pd.DataFrame) -> pd.DataFrame:
    """Judgement.lift with headers for people."""
    names = {"tenth": _("tenth"), "observed": _("placed no order"), "ratio": _("times the average")}
    return tenths.round(4).rename(columns=names)
