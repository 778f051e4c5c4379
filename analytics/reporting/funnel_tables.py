"""Tables behind the funnels page, with headers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.funnel_sentences import FUNNEL_LABELS, STAGE_LABELS
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.columns import MONEY, SHARES, Ratio, described, holds

if TYPE_CHECKING:
    from analytics.decisions.funnel_difference import FunnelDifference
    from analytics.decisions.funnels import Funnels

SOURCE_TEXTS = Texts(
    {
        "contacts": marked("contacts"),
        "orders": marked("orders"),
        "books": marked("incentives and referrals"),
        "no groups": marked("not known by group"),
        "nothing": marked("no data"),
    }
)
RULE_TEXTS = Texts(
    {
        "named": marked("the line names the stage"),
        "shared": marked("in proportion to its contacts"),
        "first seen": marked("no contacts: where its people are first seen"),
        "books": marked("incentives and rewards in no programme's spend"),
        "unallocated": marked("not allocated"),
        "beside": marked("contacts in no line of spend"),
    }
)


@holds(money=("spend", "contacts in no spend", "cost per person", "margin caused"),
       shares=("of start", "of step before", "against the quarter before"),
       ratios=(Ratio("cost per person", "spend", "people", plus="contacts in no spend"),))  # fmt: skip
def stage_table(found: Funnels) -> pd.DataFrame:
    """Funnels.stages with headers for people, and the new customers as last row."""
    lines = found.stages
    table = pd.DataFrame(
        {
            _("funnel"): [FUNNEL_LABELS[funnel] for funnel in lines["funnel"]],
            _("stage"): [STAGE_LABELS[stage] for stage in lines["stage"]],
            _("people"): lines["people"].to_numpy(),
            _("at this stage or one before"): lines["reached"].to_numpy(),
            _("of start"): lines["share_of_start"].round(4).to_numpy(),
            _("of step before"): lines["share_of_step"].round(4).to_numpy(),
            _("spend"): lines["spend"].to_numpy(),
            _("contacts in no spend"): lines["contact_cost"].to_numpy(),
            _("cost per person"): lines["cost_per_person"].to_numpy(),
            _("margin caused"): lines["margin"].round(2).to_numpy(),
            _("median days"): lines["median_days"].to_numpy(),
            _("against the quarter before"): lines["change"].round(4).to_numpy(),
            _("known from"): [SOURCE_TEXTS[source] for source in lines["source"]],
        }
    )
    if found.people is not None:
        table.loc[len(table), [_("funnel"), _("stage"), _("people"), _("known from")]] = [
            FUNNEL_LABELS["flipped"], STAGE_LABELS["new customers"], found.people.new_customers, _("referrals that bought"),
        ]  # fmt: skip
    return table


@holds(money=("cost",))
def yield_table(yields: pd.DataFrame) -> pd.DataFrame:
    """Funnels.yields_by_quarter with headers for people."""
    return pd.DataFrame(
        {
            _("quarter"): [wording.quarter(day) for day in yields["quarter"]],
            _("outcome"): [STAGE_LABELS[outcome] for outcome in yields["outcome"]],
            _("people"): yields["people"].to_numpy(),
            _("cost"): yields["cost"].round(2).to_numpy(),
            _("per 1,000"): yields["per_thousand"].round(2).to_numpy(),
            _("from (80 %)"): yields["low"].round(2).to_numpy(),
            _("to (80 %)"): yields["high"].round(2).to_numpy(),
            _("finished"): yields["finished"].to_numpy(),
        }
    )


def difference_table(found: FunnelDifference) -> pd.DataFrame:
    """FunnelDifference.steps with headers for people."""
    labels = {
        "people": _("people"), "share": _("share"), "low": _("from (80 %)"), "high": _("to (80 %)"), "cost": _("cost"),
        "cost_per_person": _("cost per person"), "margin": _("margin caused"), "median_days": _("median days"),
    }  # fmt: skip
    steps = found.steps
    columns = {_("stage"): [STAGE_LABELS[stage] for stage in steps["stage"]]}
    for part, text in labels.items():
        for side, name in (("first", found.first), ("second", found.second)):
            columns[f"{text}, {name}"] = steps[f"{part}_{side}"].round(4).to_numpy()
    kinds = {MONEY: ("cost", "cost_per_person", "margin"), SHARES: ("share", "low", "high")}
    headers = {
        kind: tuple(f"{labels[part]}, {name}" for part in parts for name in (found.first, found.second))
        for kind, parts in kinds.items()
    }
    return described(pd.DataFrame(columns), money=headers[MONEY], shares=headers[SHARES])


@holds(money=("cost",))
def cost_table(found: Funnels) -> pd.DataFrame:
    """FunnelCosts.lines with headers for people, dearest first."""
    lines = (
        found.costs.lines
        if found.costs
        else pd.DataFrame(columns=["funnel", "stage", "name", "rule", "cost"])
    )
    if found.costs:
        lines = lines[lines["funnel"].isin(found.costs.known)]
    lines = lines.sort_values("cost", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            _("funnel"): [FUNNEL_LABELS[funnel] for funnel in lines["funnel"]],
            _("stage"): [STAGE_LABELS.get(stage, _("no stage")) for stage in lines["stage"]],
            _("channel or programme"): lines["name"].to_numpy(),
            _("cost"): lines["cost"].astype(float).round(2).to_numpy(),
            _("how it got there"): [RULE_TEXTS[rule] for rule in lines["rule"]],
        }
    )
