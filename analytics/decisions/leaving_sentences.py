"""What the retention page says in words: the headline, one age over time, the quarters, the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.language import ngettext
from analytics.models.retention import IN_MONTH, annual_rate

if TYPE_CHECKING:
    from analytics.decisions.leaving import BudgetLine, Leaving
    from analytics.models.churn import Judgement
    from analytics.models.retention import Cohorts

QUANTILE = 1.2815515655446004  # 80 % interval
COMPARED = 4  # cohorts on each side


def headline(found: Leaving) -> str:
    """Who stays, who is leaving, whom to save?"""
    if found.forecast is None:
        return _without_forecast(found)
    if not found.customers:
        return _("No customer of these groups has ordered: choose fewer filters.")
    if not round(found.gone.customers) and not round(found.slipping.customers):
        return _("None of {customers} customers has been silent for suspiciously long.").format(
            customers=wording.number(found.customers)
        )
    if not round(found.gone.customers):
        return _("Of {customers} customers, {slipping} are slipping, with {value} of {what} a year at risk that may "
                 "still be saved; none is likely gone yet.").format(**_parts(found))  # fmt: skip
    gone = _("Of {customers} customers, {gone} who brought {gone_value} of {what} a year are likely gone;")
    slipping = _("{slipping} more are slipping, with {value} a year at risk that may still be saved.")
    if not round(found.slipping.customers):
        slipping = _("nobody else is slipping.")
    return f"{gone} {slipping}".format(**_parts(found))


def badges(found: Leaving) -> list[str]:
    """What the forecast is about, and how good it was."""
    if found.forecast is None:
        return []
    judged = found.forecast.judged
    about = _("No order in the {days} days after {today}").format(
        days=wording.number(found.forecast.horizon_days), today=wording.day(found.forecast.today)
    )
    quality = _("Judged on days it had not seen: AUC {auc}, recency alone {baseline}").format(
        auc=wording.ratio(judged.auc), baseline=wording.ratio(judged.baseline_auc)
    )
    return [about, quality, _("Estimated from an even sample") if found.is_sampled else ""]


def definitions(found: Leaving) -> str:
    """What the words of the headline mean."""
    days = found.forecast.horizon_days if found.forecast else 0
    return _(
        "Slipping: silent for longer than usual between that customer's orders, and 50 to 90 % likely to place none in "
        "the next {days} days. Likely gone: silent for longer than usual, and 90 % or more. Value at risk: what a "
        "customer brought per year, times that chance. How much of it an offer would keep is not known before it is "
        "tested on some and withheld from others."
    ).format(days=wording.number(days))


def cohort_age(cohorts: Cohorts, months: int, definition: str = IN_MONTH) -> str:
    """Is month n getting better? The newest cohorts against those before them, weighted by size."""
    cells = cohorts.at_age(months, definition)
    if len(cells) < 2 * COMPARED:
        return _("Too few cohorts have finished month {n} to say whether it is getting better.").format(
            n=months
        )
    new, old = cells.tail(COMPARED), cells.iloc[-2 * COMPARED : -COMPARED]
    now, then = _pooled(new), _pooled(old)
    spread = QUANTILE * np.sqrt(now * (1 - now) / new["size"].sum() + then * (1 - then) / old["size"].sum())
    verdict = _("no clear change")
    if abs(now - then) > spread:
        verdict = _("it is getting better") if now > then else _("it is getting worse")
    return _("Month {n}: {now} of the four newest cohorts, {then} of the four before: {verdict}.").format(
        n=months, now=wording.percent(now, 1), then=wording.percent(then, 1), verdict=verdict
    )


def quarters(lines: pd.DataFrame, quarters_before: int) -> str:
    """The newest finished quarter in words."""
    finished = lines[lines["finished"] & (lines["revenue_before"] > 0)]
    if not len(finished):
        return _("No quarter has a whole one to be held against yet.")
    last = finished.iloc[-1]
    before = _("the quarter before") if quarters_before == 1 else _("the same quarter a year before")
    lost = 1 - float(last["customer_retention"])
    text = _(
        "{quarter}: those who bought in {before} brought {nrr} of what they had brought then (net), and {grr} if nobody "
        "counts for more than before (gross)."
    ).format(
        quarter=wording.quarter(last["quarter"]),
        before=before,
        nrr=wording.percent(last["nrr"]),
        grr=wording.percent(last["grr"]),
    )
    if quarters_before != 1:
        return text
    return (
        text
        + " "
        + _("{lost} of them did not buy: at that rate {yearly} within a year.").format(
            lost=wording.percent(lost), yearly=wording.percent(annual_rate(lost, 365 / 4))
        )
    )


def judgement(judged: Judgement) -> str:
    """How good the forecast was on days that it had not seen."""
    foretold = float(np.average(judged.calibration["forecast"], weights=judged.calibration["customers"]))
    gap = foretold - judged.churn_rate
    fit = _("as foretold")
    if abs(gap) > 0.02:
        fit = _("fewer than foretold") if gap > 0 else _("more than foretold")
    return _(
        "From {first} to {last}, which it had not seen, {left} of {customers} customers placed no order ({foretold} "
        "foretold: {fit}). Of two customers, one who left and one who stayed, it tells which in {auc} of cases; the days "
        "since the last order alone tell it in {baseline}. Its mean squared error (Brier) is {brier} against "
        "{baseline_brier}."
    ).format(
        first=wording.day(judged.first_day),
        last=wording.day(judged.last_day),
        left=wording.percent(judged.churn_rate),
        customers=wording.number(judged.customers),
        foretold=wording.percent(foretold),
        fit=fit,
        auc=wording.percent(judged.auc, 1),
        baseline=wording.percent(judged.baseline_auc, 1),
        brier=wording.number(judged.brier, 3),
        baseline_brier=wording.number(judged.baseline_brier, 3),
    )


def budget(line: BudgetLine, found: Leaving) -> str:
    """With X a month, these N customers."""
    count = ngettext("this {n} customer", "these {n} customers", line.customers)
    text = _("With {budget} a month, {customers}: {value} of yearly {what} is at risk with them.").format(
        budget=wording.money(line.budget, found.currency),
        customers=count.format(n=wording.number(line.customers)),
        value=wording.money(line.value_at_risk, found.currency),
        what=value_word(found),
    )
    if not wording.known(line.gain):
        return text
    return (
        text
        + " "
        + _("After {cost} of offers, {gain} would be gained.").format(
            cost=wording.money(line.cost, found.currency), gain=wording.money(line.gain, found.currency)
        )
    )


def value_word(found: Leaving) -> str:
    """What values are counted in."""
    return _("revenue") if found.by_revenue else _("margin")


def _parts(found: Leaving) -> dict[str, str]:
    return {
        "customers": wording.number(found.customers),
        "gone": _count(found, found.gone.customers),
        "gone_value": wording.money(found.gone.value_per_year, found.currency),
        "slipping": _count(found, found.slipping.customers),
        "value": wording.money(found.slipping.value_at_risk, found.currency),
        "what": value_word(found),
    }


def _count(found: Leaving, customers: float) -> str:
    if not found.is_sampled:
        return wording.number(customers)
    return _("about {count}").format(count=wording.number(float(f"{customers:.3g}")))


def _without_forecast(found: Leaving) -> str:
    lacking = " ".join(lack.what for lack in found.missing)
    curve = found.cohorts.curve() if found.cohorts is not None else pd.DataFrame()
    later = curve[curve["months_since_first_order"] == 3] if len(curve) else curve
    if not len(later):
        return lacking
    return _("{rate} of new customers order again in the third month after their first. {lacking}").format(
        rate=wording.percent(float(later["rate"].iloc[0])), lacking=lacking
    )


def _pooled(cells: pd.DataFrame) -> float:
    return float(cells["value"].sum() / cells["size"].sum())
