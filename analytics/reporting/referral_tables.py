"""Tables of referrals: frames with headers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import referral_abuse, wording
from analytics.decisions.referral_lead import BY_QUARTER_COLUMNS
from analytics.decisions.referral_sentences import CORNER_LABELS, NEXT_STEPS
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.columns import Ratio, holds
from analytics.reporting.referral_charts import KIND_LABELS, generation_name

if TYPE_CHECKING:
    from analytics.decisions.referral_generations import Generations
    from analytics.decisions.referral_lead import Leads
    from analytics.decisions.referral_trees import Communities
    from analytics.decisions.referral_value import ValueMap

TRAITS = Texts(
    {
        "last_order_day": marked("last order"),
        "last_referral_day": marked("last referral"),
        "last_reward_day": marked("last reward"),
        "last_contact_day": marked("last contact"),
        "segment": marked("segment"),
        "region": marked("region"),
        "acquired_channel": marked("won through"),
    }
)
MONEY = Texts(
    {
        "value_1": marked("friends' value"),
        "value_2": marked("and their friends'"),
        "value_3": marked("to the third generation"),
        "value_all": marked("value of all below"),
        "referral_value": marked("referral value (CRV)"),
        "lifetime_value": marked("lifetime value (CLV)"),
        "rewards": marked("rewards"),
        "bought": marked("bought so far"),
    }
)
COUNTS = Texts(
    {
        "customer_id": marked("customer"),
        "referrals": marked("referrals"),
        "friends": marked("friends who bought"),
        "conversion": marked("of the referrals"),
        "descendants": marked("people below"),
        "generations": marked("generations below"),
        "generation": marked("own generation"),
    }
)

MONEY_HEADERS = (
    "friends' value", "and their friends'", "to the third generation", "value of all below", "referral value (CRV)",
    "lifetime value (CLV)", "rewards", "bought so far",
)  # fmt: skip


@holds(money=MONEY_HEADERS, shares=("of the referrals",), personal=("customer",),
       ratios=(Ratio("of the referrals", "friends who bought", "referrals"),))  # fmt: skip
def people_table(people: pd.DataFrame) -> pd.DataFrame:
    """Advocates, silent hubs or the list of a corner, with headers for people."""
    days = {
        name: pd.to_datetime(people[name]).dt.date
        for name in people.columns
        if name.startswith("last_") and name.endswith("_day")
    }
    money = {name: people[name].astype(float).round(2) for name in MONEY if name in people.columns}
    return people.assign(**days, **money).rename(columns={**COUNTS, **MONEY, **TRAITS})


@holds(money=("mean value", "from (80 %)", "to (80 %)"), shares=("of all",))
def generation_table(made: Generations) -> pd.DataFrame:
    """Generations.totals with headers for people."""
    totals = made.totals
    return pd.DataFrame(
        {
            _("generation"): [generation_name(n) for n in totals["generation"]],
            _("referred customers"): totals["referred"].to_numpy(),
            _("of all"): totals["share"].round(4).to_numpy(),
            _("mean value"): totals["value"].round(2).to_numpy(),
            _("from (80 %)"): totals["low"].round(2).to_numpy(),
            _("to (80 %)"): totals["high"].round(2).to_numpy(),
        }
    )


@holds(shares=("second or later, of all",))
def generation_quarter_table(made: Generations) -> pd.DataFrame:
    """Generations.by_quarter, one row per quarter and one column per generation."""
    wide = made.by_quarter.pivot(index="quarter", columns="generation", values="referred").fillna(0)
    wide.columns = [generation_name(n) for n in wide.columns]
    wide.insert(0, _("first order in"), [wording.quarter(day) for day in wide.index])
    wide[_("second or later, of all")] = made.second_share_by_quarter.round(4)
    return wide.reset_index(drop=True)


@holds(money=("mean CLV", "mean CRV"))
def map_table(found: ValueMap) -> pd.DataFrame:
    """ValueMap.corners with headers for people and the next step for each."""
    corners = found.corners
    return pd.DataFrame(
        {
            _("corner"): [CORNER_LABELS[name] for name in corners["corner"]],
            _("customers"): corners["customers"].to_numpy(),
            _("mean CLV"): corners["lifetime_value"].round(2).to_numpy(),
            _("mean CRV"): corners["referral_value"].round(2).to_numpy(),
            _("friends who bought"): corners["friends"].to_numpy(),
            _("next step"): [NEXT_STEPS[name] for name in corners["corner"]],
        }
    )


@holds(money=("mean CLV", "mean CRV"), shares=("brought somebody",))
def tenth_table(found: ValueMap) -> pd.DataFrame:
    """ValueMap.tenths with headers for people."""
    tenths = found.tenths
    return pd.DataFrame(
        {
            _("tenth by CLV"): tenths["tenth"].to_numpy(),
            _("customers"): tenths["customers"].to_numpy(),
            _("mean CLV"): tenths["lifetime_value"].round(2).to_numpy(),
            _("mean CRV"): tenths["referral_value"].round(2).to_numpy(),
            _("brought somebody"): tenths["referrer_share"].round(4).to_numpy(),
        }
    )


@holds(money=("value",), personal=("begins with",))
def tree_table(made: Communities) -> pd.DataFrame:
    """Communities.trees with headers for people."""
    names = {
        "customer_id": _("begins with"), "people": _("people"), "drawn": _("drawn"), "generations": _("generations"),
        "value": _("value"),
    }  # fmt: skip
    return made.trees.round({"value": 2}).rename(columns=names)[list(names.values())]


@holds(money=("value of each", "value from (80 %)", "value to (80 %)", "rewards", "reward for each"),
       shares=("conversion", "from (80 %)", "to (80 %)"),
       ratios=(Ratio("conversion", "brought a customer", "invitations"),
               Ratio("reward for each", "rewards", "brought a customer")))  # fmt: skip
def kind_table(kinds: pd.DataFrame) -> pd.DataFrame:
    """Referrals.kinds with headers for people."""
    return pd.DataFrame(
        {
            _("kind"): [KIND_LABELS[kind] for kind in kinds["kind"]],
            _("invitations"): kinds["invitations"].to_numpy(),
            _("referrers"): kinds["referrers"].to_numpy(),
            _("brought a customer"): kinds["converted"].to_numpy(),
            _("conversion"): kinds["conversion"].to_numpy(),
            _("from (80 %)"): kinds["low"].round(4).to_numpy(),
            _("to (80 %)"): kinds["high"].round(4).to_numpy(),
            _("value of each"): kinds["value"].round(2).to_numpy(),
            _("value from (80 %)"): kinds["value_low"].round(2).to_numpy(),
            _("value to (80 %)"): kinds["value_high"].round(2).to_numpy(),
            _("rewards"): kinds["rewards"].to_numpy(),
            _("reward for each"): kinds["cost_per_customer"].to_numpy(),
        }
    )


def lead_table(leads: Leads) -> pd.DataFrame:
    """Leads in all and by quarter, with headers for people."""
    measures = {
        _("first {months}").format(months=wording.months(leads.months)): leads.margin,
        _("ordered again"): leads.came_back,
        _("value so far and expected"): leads.value,
    }
    rows = [
        (name, lead.referred, lead.others, lead.difference.value, lead.difference.low, lead.difference.high, lead.matched)
        for name, lead in measures.items()
    ]  # fmt: skip
    quarters = leads.by_quarter
    names = [_("first months, {quarter}").format(quarter=wording.quarter(day)) for day in quarters["quarter"]]
    rows += zip(names, *(quarters[name] for name in BY_QUARTER_COLUMNS[1:]), strict=True)
    columns = [_("measure"), _("referred"), _("comparable others"), _("difference"), _("from (80 %)"), _("to (80 %)"),
               _("referred customers")]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).round(4)


@holds(money=("rewards paid for them",))
def abuse_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Abuse.counts with headers for people."""
    return pd.DataFrame(
        {
            _("what"): [referral_abuse.label(what) for what in counts["what"]],
            _("referrals"): counts["referrals"].to_numpy(),
            _("rewards paid for them"): counts["rewards"].round(2).to_numpy(),
        }
    )


@holds(money=("reward",), personal=("referral", "referrer", "referred"))
def abuse_rows_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Abuse.rows with headers for people."""
    names = {
        "what": _("what"), "referral_id": _("referral"), "referrer_id": _("referrer"), "referred_id": _("referred"),
        "referred_at": _("day"), "status": _("status"), "kind": _("kind"), "channel": _("channel"),
        "reward_cost": _("reward"), "that_day": _("by the same on that day"),
    }  # fmt: skip
    days = pd.to_datetime(rows["referred_at"]).dt.date
    return rows.assign(what=rows["what"].map(referral_abuse.label), referred_at=days).rename(columns=names)
