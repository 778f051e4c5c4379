"""Who stays, who is leaving, whom to save?"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from analytics.decisions import leaving_sentences, missing
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import NAN
from analytics.decisions.leaving_reasons import reasons
from analytics.decisions.missing import Missing
from analytics.language import gettext as _
from analytics.models import churn
from analytics.models.churn import ChurnForecast, NotEnoughData, Standing
from analytics.models.retention import Cohorts, data_end, read_cohorts
from analytics.warehouse.filters import Filters

SAVE_COLUMNS = (
    "customer_id", "value_at_risk", "churn_probability", "probability_alive", "value_per_year", "last_day",
    "silent_days", "orders", "segment", "region", "acquired_channel", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Learnt:
    """The forecast, or in one sentence why there is none."""

    forecast: ChurnForecast | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Group:
    """Customers in one state: how many, what they brought per year, and that times their chance of no order."""

    customers: float = 0.0
    value_per_year: float = 0.0
    value_at_risk: float = 0.0


@dataclass(frozen=True, eq=False)
class Leaving:
    """Everything that page and command line say about who leaves.

    customers: with an order, in the filters' groups. gone, slipping, staying: where they stand; estimates where they
    are from a sample (is_sampled). by_revenue: value is revenue, as margins are not known. save_list: frame of
    SAVE_COLUMNS, the slipping ones with most value at risk first. cost_per_offer: what a redeemed offer cost on
    average over the last year, NaN where no cost is recorded.
    """

    snapshot: str
    currency: str | None
    forecast: ChurnForecast | None = None
    customers: int = 0
    gone: Group = Group()
    slipping: Group = Group()
    staying: Group = Group()
    is_sampled: bool = False
    by_revenue: bool = False
    save_list: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SAVE_COLUMNS)))
    cost_per_offer: float = NAN
    cohorts: Cohorts | None = None
    missing: tuple[Missing, ...] = ()

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return leaving_sentences.headline(self)


@dataclass(frozen=True)
class BudgetLine:
    """What a month's budget reaches: the first customers of the save list, and what is at risk with them.

    gain: what is kept of it less the cost; NaN where it is not known how many an offer keeps.
    """

    budget: float
    cost_per_offer: float
    customers: int
    value_at_risk: float
    cost: float
    gain: float = NAN


def learn(workspace) -> Learnt:
    """The workspace's forecast; for all customers, whatever is looked at."""
    try:
        return Learnt(churn.forecast(workspace))
    except NotEnoughData as problem:
        return Learnt(why_not=str(problem))


def leaving(
    workspace,
    filters: Filters | None = None,
    assumptions: Assumptions | None = None,
    learnt: Learnt | None = None,
) -> Leaving:
    """Where the customers of the filters' groups stand. The filters' days choose cohorts, not customers.

    learnt: of learn(workspace), where it is at hand.
    """
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    found = Leaving(workspace.snapshot, workspace.currency)
    if data_end(workspace) is None:
        return replace(found, missing=(missing.no_orders(),))
    cohorts = read_cohorts(workspace).view(filters, assumptions.margin_rate)
    found = replace(found, cohorts=cohorts, cost_per_offer=_cost_per_offer(workspace))
    learnt = learnt or learn(workspace)
    if learnt.forecast is None:
        return replace(found, missing=(Missing(learnt.why_not, _("Load earlier orders as well."), "sales"),))
    return _filled(found, workspace, learnt.forecast, filters, assumptions)


def budget_line(
    found: Leaving, budget: float, cost_per_offer: float, kept_share: float | None = None
) -> BudgetLine:
    """Whom a month's budget reaches at so much per offer; kept_share: the part of those reached whom it keeps.

    ValueError for a budget below 0, a cost of nothing, or a share outside [0, 1].
    """
    if budget < 0 or not cost_per_offer > 0 or not 0 <= (kept_share or 0.0) <= 1:
        raise ValueError(
            _("A budget line needs a budget of 0 or more, a cost above 0 and a share between 0 and 1.")
        )
    reached = min(len(found.save_list), math.floor(budget / cost_per_offer + 1e-9))
    at_risk = float(found.save_list["value_at_risk"].iloc[:reached].sum())
    cost = reached * cost_per_offer
    gain = NAN if kept_share is None else kept_share * at_risk - cost
    return BudgetLine(budget, cost_per_offer, reached, at_risk, cost, gain)


def leaving_json(found: Leaving) -> dict:
    """The command line's object: money with two decimals, what is not known as null."""
    judged = found.forecast.judged if found.forecast else None
    return {
        "snapshot": found.snapshot,
        "auc": _rounded(judged.auc, 4) if judged else None,
        "brier": _rounded(judged.brier, 4) if judged else None,
        "baseline_auc": _rounded(judged.baseline_auc, 4) if judged else None,
        "baseline_brier": _rounded(judged.baseline_brier, 4) if judged else None,
        "lift_top_decile": _rounded(judged.lift_top_decile, 4) if judged else None,
        "judged": {"first": judged.first_day.isoformat(), "last": judged.last_day.isoformat()}
        if judged
        else None,
        "horizon_days": found.forecast.horizon_days if found.forecast else None,
        "customers": found.customers if judged else None,
        "customers_gone": round(found.gone.customers) if judged else None,
        "value_gone": _rounded(found.gone.value_per_year, 2) if judged else None,
        "customers_at_risk": round(found.slipping.customers) if judged else None,
        "value_at_risk": _rounded(found.slipping.value_at_risk, 2) if judged else None,
        "value_is": ("revenue" if found.by_revenue else "margin") if judged else None,
        "sentence": found.sentence,
    }


def _filled(
    found: Leaving, workspace, forecast: ChurnForecast, filters: Filters, assumptions: Assumptions
) -> Leaving:
    standing = churn.standing(workspace, forecast, filters, assumptions.margin_rate)
    listed = standing.listed.assign(
        reason=reasons(forecast, standing.listed, standing.features, workspace.currency)
    )
    return replace(
        found,
        forecast=forecast,
        customers=standing.customers,
        gone=_group(standing, "likely gone"),
        slipping=_group(standing, "slipping"),
        staying=_group(standing, "staying"),
        is_sampled=standing.weight > 1,
        by_revenue=standing.by_revenue,
        save_list=listed[list(SAVE_COLUMNS)],
    )


def _group(standing: Standing, state: str) -> Group:
    return Group(standing.count(state), standing.value(state), standing.value(state, "value_at_risk"))


def _cost_per_offer(workspace) -> float:
    return float(workspace.query("offer_cost").iloc[0]["cost_per_offer"])


def _rounded(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None
