"""How a cohort's margin per customer grows towards what the customers cost: one curve per quarter of the first order."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from analytics.decisions.economics import NAN, cac, payback_months
from analytics.decisions.period import Period, groups, margin_of

CURVE_COLUMNS = ("cohort_quarter", "months", "margin_per_customer", "cac")
COHORT_COLUMNS = ("cohort_quarter", "customers", "cac", "margin_per_customer", "months", "payback_months")


@dataclass(frozen=True, eq=False)
class PaybackCurves:
    """curves: frame of CURVE_COLUMNS, accumulated margin per customer until the end of calendar month 1, 2, … (the
    first order is in month 1), as far as the whole cohort has finished it. cohorts: frame of COHORT_COLUMNS, one row
    per quarter, as it stands after its last finished month; payback_months is NaN where not yet.
    """

    curves: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CURVE_COLUMNS)))
    cohorts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COHORT_COLUMNS)))


def payback_curves(workspace, filters, costed: Period, last_day: date) -> PaybackCurves:
    """The curves of the quarters whose spend is known, of customers from the paid channels."""
    if not costed.spend_is_known or not costed.won_channels:
        return PaybackCurves()
    lines = workspace.query("cohort_margin", won_channels=list(costed.won_channels), **groups(filters))
    if not len(lines):
        return PaybackCurves()
    costs = _costs(costed)
    curves, cohorts = [], []
    for quarter, cohort in lines.groupby("cohort_quarter", sort=True):
        if quarter not in costs:
            continue
        margins = _accumulated(cohort, costed.margin_rate, last_day)
        if margins:
            month = payback_months(margins, costs[quarter])
            customers = int(cohort.loc[cohort["months_since_first_order"] == 0, "customers"].sum())
            cohorts.append((quarter, customers, costs[quarter], margins[-1], len(margins), month or NAN))
            curves += [
                (quarter, number, value, costs[quarter]) for number, value in enumerate(margins, start=1)
            ]
    return PaybackCurves(
        pd.DataFrame(curves, columns=list(CURVE_COLUMNS)), pd.DataFrame(cohorts, columns=list(COHORT_COLUMNS))
    )


def _costs(costed: Period) -> dict[pd.Timestamp, float]:
    """Acquisition spend of a quarter / customers that it won, for the quarters that lie whole in the window."""
    spend = costed.spend[costed.spend["motion"] == "acquisition"].groupby("quarter")["spend"].sum()
    won = costed.won.groupby("quarter")["orders"].sum()
    window = costed.window
    whole = [
        quarter for quarter in won.index
        if (quarter.date() - window.first_day).days >= -7
        and ((quarter + pd.offsets.QuarterEnd(0)).date() - window.last_day).days <= 7
    ]  # fmt: skip
    costs = {quarter: cac(float(spend.get(quarter, 0.0)), float(won[quarter])) for quarter in whole}
    return {quarter: cost for quarter, cost in costs.items() if cost > 0}


def _accumulated(cohort: pd.DataFrame, margin_rate: float | None, last_day: date) -> list[float]:
    """Margin per customer up to each month that all of the cohort has finished."""
    customers = cohort.loc[cohort["months_since_first_order"] == 0, "customers"].sum()
    latest = cohort["cohort_month"].max()
    ended = pd.Timestamp(last_day) + pd.Timedelta(days=1)
    finished = 12 * (ended.year - latest.year) + ended.month - latest.month
    by_age = dict(iter(cohort.groupby("months_since_first_order")))
    total, margins = 0.0, []
    for age in range(finished):
        total += margin_of(by_age[age], margin_rate) if age in by_age else 0.0
        margins.append(total / customers if customers else NAN)
    return margins
