"""Tables of referrals: frames with headers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.referral_abuse import LABELS
from analytics.decisions.referral_lead import BY_QUARTER_COLUMNS
from analytics.decisions.referral_sentences import CORNER_LABELS, NEXT_STEPS
from analytics.language import gettext as _
from analytics.reporting.referral_charts import KIND_LABELS, generation_name

if TYPE_CHECKING:
    from analytics.decisions.referral_generations import Generations
    from analytics.decisions.referral_lead import Leads
    from analytics.decisions.referral_trees import Communities
    from analytics.decisions.referral_value import ValueMap

TRAITS = {
    "last_order_day": _("last order"),
    "last_referral_day": _("last referral"),
    "last_reward_day": _("last reward"),
    "last_contact_day": _("last contact"),
    "segment": _("segment"),
    "region": _("region"),
    "acquired_channel": _("won through"),
}
MONEY = {
    "value_1": _("friends' value"),
    "value_2": _("and their friends'"),
    "value_3": _("to the third generation"),
    "value_all": _("value of all below"),
    "referral_value": _("referral value (CRV)"),
    "lifetime_value": _("lifetime value (CLV)"),
    "rewards": _("rewards"),
    "bought": _("bought so far"),
}
COUNTS = {
    "customer_id": _("customer"),
    "referrals": _("referrals"),
    "friends": _("friends who bought"),
    "conversion": _("of the referrals"),
    "descendants": _("people below"),
    "generations": _("generations below"),
    "generation": _("own generation"),
}


def people_table(people: pd.DataFrame) -> pd.DataFrame:
    """Advocates, silent hubs or the list of a corner, with headers for people."""
    days = {
        name: pd.to_datetime(people[name]).dt.date
        for name in people.columns
        if name.startswith("last_") and name.endswith("_day")
    }
    money = {name: people[name].astype(float).round(2) for name in MONEY if name in people.columns}
    shares = {"conversion": people["conversion"].round(3)} if "conversion" in people.columns else {}
    return people.assign(**days, **money, **shares).rename(columns=COUNTS | MONEY | TRAITS)


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


def generation_quarter_table(made: Generations) -> pd.DataFrame:
    """Generations.by_quarter, one row per quarter and one column per generation."""
    wide = made.by_quarter.pivot(index="quarter", columns="generation", values="referred").fillna(0)
    wide.columns = [generation_name(n) for n in wide.columns]
    wide.insert(0, _("first order in"), [wording.quarter(day) for day in wide.index])
    wide[_("second or later, of all")] = made.second_share_by_quarter.round(4)
    return wide.reset_index(drop=True)


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


def tree_table(made: Communities) -> pd.DataFrame:
    """Communities.trees with headers for people."""
    names = {
        "customer_id": _("begins with"), "people": _("people"), "drawn": _("drawn"), "generations": _("generations"),
        "value": _("value"),
    }  # fmt: skip
    return made.trees.round({"value": 2}).rename(columns=names)[list(names.values())]


def kind_table(kinds: pd.DataFrame) -> pd.DataFrame:
    """Referrals.kinds with headers for people."""
    return pd.DataFrame(
        {
            _("kind"): [KIND_LABELS[kind] for kind in kinds["kind"]],
            _("invitations"): kinds["invitations"].to_numpy(),
            _("referrers"): kinds["referrers"].to_numpy(),
            _("brought a customer"): kinds["converted"].to_numpy(),
            _("conversion"): kinds["conversion"].round(4).to_numpy(),
            _("from (80 %)"): kinds["low"].round(4).to_numpy(),
            _("to (80 %)"): kinds["high"].round(4).to_numpy(),
            _("value of each"): kinds["value"].round(2).to_numpy(),
            _("value from (80 %)"): kinds["value_low"].round(2).to_numpy(),
            _("value to (80 %)"): kinds["value_high"].round(2).to_numpy(),
            _("rewards"): kinds["rewards"].round(2).to_numpy(),
            _("reward for each"): kinds["cost_per_customer"].round(2).to_numpy(),
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


def abuse_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Abuse.counts with headers for people."""
    return pd.DataFrame(
        {
            _("what"): [LABELS[what] for what in counts["what"]],
            _("referrals"): counts["referrals"].to_numpy(),
            _("rewards paid for them"): counts["rewards"].round(2).to_numpy(),
        }
    )


def abuse_rows_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Abuse.rows with headers for people."""
    names = {
        "what": _("what"), "referral_id": _("referral"), "referrer_id": _("referrer"), "referred_id": _("referred"),
        "referred_at": _("day"), "status": _("status"), "kind": _("kind"), "channel": _("channel"),
        "reward_cost": _("reward"), "that_day": _("by the same on that day"),
    }  # fmt: skip
    days = pd.to_datetime(rows["referred_at"]).dt.date
    return rows.assign(what=rows["what"].map(LABELS), referred_at=days).rename(columns=names)
