"""Referrals as one JSON object: the shape that scripts rely on."""

from __future__ import annotations

import pandas as pd

from analytics.decisions.interval import Interval
from analytics.decisions.referral_matching import Lead
from analytics.decisions.referral_sentences import NEXT_STEPS
from analytics.decisions.referrals import Referrals
from analytics.decisions.wording import known

MOST_ADVOCATES = 20
MONEY = {
    "value", "value_low", "value_high", "low", "high", "rewards", "cost_per_customer", "lifetime_value",
    "referral_value", "value_1", "value_2", "value_3", "value_all", "difference", "others",
}  # fmt: skip
NOT_MONEY = {"low": "conversion", "high": "conversion"}  # where this column stands beside them


def referral_json(found: Referrals) -> dict:
    """Money with two decimals, shares and ratios with six, days in ISO form, unknown null, intervals {value, low, high}."""
    reach, window = found.reach, found.window
    return {
        "snapshot": found.snapshot,
        "sentence": found.sentence,
        "window": {"first": window.first_day.isoformat(), "last": window.last_day.isoformat()} if window else None,
        "measure": "margin" if found.in_margin else "revenue",
        "customers": reach.customers,
        "referrers": reach.referrers,
        "invitations": reach.invitations,
        "converted": reach.converted,
        "invitations_per_customer": _number(reach.invitations_per_customer),
        "conversion": _interval(reach.conversion, 6),
        "k": _interval(reach.k, 6),
        "limit": _number(reach.limit, 2),
        "cycle_days": _interval(found.cycle.days),
        "generation_days": _interval(found.cycle.generation_days),
        "caused_share": found.terms.caused_share,
        "acquisition_cost_saved": _number(found.terms.cost_saved, 2),
        "worth_per_referral": _interval(found.worth),
        "second_generation_share": _interval(found.generations.second_share, 6),
        "generations": _rows(found.generations.totals),
        "generations_by_quarter": _rows(found.generations.by_quarter),
        "three_cs": _rows(found.kinds),
        "advocates": _rows(found.advocates.head(MOST_ADVOCATES)),
        "hubs": found.all_hubs,
        "silent_hubs": _rows(found.hubs.head(MOST_ADVOCATES)),
        "map": [row | {"next_step": NEXT_STEPS[row["corner"]]} for row in _rows(found.map.corners)],
        "tenths": _rows(found.map.tenths),
        "trees": _rows(found.communities.trees),
        "referred_against_others": _leads(found),
        "abuse": _rows(found.abuse.counts),
        "missing": [lack.text for lack in found.missing],
        "notes": list(found.notes),
    }  # fmt: skip


def _leads(found: Referrals) -> dict:
    leads = found.leads
    return {
        "months": leads.months,
        "margin" if found.in_margin else "revenue": _lead(leads.margin, 2),
        "came_back": _lead(leads.came_back, 6),
        "value": _lead(leads.value, 2),
        "by_quarter": _rows(leads.by_quarter),
    }


def _lead(lead: Lead, decimals: int) -> dict | None:
    if not lead.matched:
        return None
    return {
        "referred": _number(lead.referred, decimals),
        "others": _number(lead.others, decimals),
        "difference": _interval(lead.difference, decimals),
        "ratio": _interval(lead.ratio, 6),
        "matched_share": _number(lead.matched_share),
    }


def _rows(frame: pd.DataFrame) -> list[dict]:
    shares = {column for column, beside in NOT_MONEY.items() if beside in frame.columns}
    money = MONEY - shares
    return [
        {name: _plain(value, 2 if name in money else 6) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value, decimals: int):
    if isinstance(value, str | bool):
        return value
    if value is None or pd.isna(value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    number = round(float(value), decimals) + 0.0
    return int(number) if number == int(number) and not isinstance(value, float) else number


def _interval(interval: Interval, decimals: int = 2) -> dict | None:
    if not interval.known:
        return None
    parts = {"value": interval.value, "low": interval.low, "high": interval.high}
    return {name: _number(part, decimals) for name, part in parts.items()}


def _number(value: float, decimals: int = 6) -> float | None:
    return None if not known(value) else round(float(value), decimals) + 0.0
