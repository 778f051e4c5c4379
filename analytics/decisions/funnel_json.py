"""The two funnels as one JSON object, the shape that scripts rely on, and as lines of text."""

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.funnel_sentences import STAGE_LABELS
from analytics.decisions.funnels import Funnels
from analytics.decisions.interval import Interval
from analytics.decisions.wording import known
from analytics.language import gettext as _
from analytics.models.funnels import FUNNELS

MONEY = ("spend", "contact_cost", "cost", "cost_per_person", "margin")
SHARES = ("share_of_start", "share_of_step", "change")


def funnels_json(found: Funnels) -> dict:
    """Money and yields with two decimals, shares with six, days in ISO form, unknown null, intervals {value, low, high}.

    spend of all stages and unallocated add up to the spend of the `case` command.
    """
    window, people = found.window, found.people
    return {
        "snapshot": found.snapshot,
        "window": {"first": window.first_day.isoformat(), "last": window.last_day.isoformat()} if window else None,
        "sentence": found.sentence,
        "aidas": _funnel(found, "aidas"),
        "flipped": _funnel(found, "flipped"),
        "customers": _count(people.customers) if people else None,
        "new_customers_brought": _count(people.new_customers) if people else None,
        "new_customers_referred": _count(people.referred) if people else None,
        "satisfaction_not_finished": _count(people.won - people.finished) if people else None,
        "grade": found.grade if people else None,
        "verdict": found.verdict,
        "per_1000": {line["outcome"]: _yield(line) for line in found.yields.to_dict("records")},
        "per_1000_by_quarter": [
            {"quarter": line["quarter"].isoformat(), "outcome": line["outcome"], "finished": line["finished"], **_yield(line)}
            for line in found.yields_by_quarter.to_dict("records")
        ],
        "change_against": found.compared[1].isoformat() if found.compared else None,
        "costs": _costs(found),
        "missing": [lack.text for lack in found.missing],
        "notes": list(found.notes),
    }  # fmt: skip


def stage_lines(found: Funnels) -> list[str]:
    """One line of text per stage: people, share of the step before, cost and margin caused."""
    return [
        _(
            "  {stage}: {people} people, {share} of the step before, cost {cost}, margin caused {margin}"
        ).format(
            stage=STAGE_LABELS[row["stage"]],
            people=wording.number(row["people"]),
            share=wording.percent(row["share_of_step"]),
            cost=wording.money_in_full(row["cost"], found.currency),
            margin=wording.money_in_full(row["margin"], found.currency),
        )
        for row in found.stages.to_dict("records")
    ]


def _funnel(found: Funnels, funnel: str) -> dict | None:
    if found.costs is None:
        return None
    return {
        "spend": _money(found.costs.spend(funnel)),
        "contact_cost": _money(found.costs.beside(funnel)),
        "unallocated": _money(found.costs.unallocated(funnel)),
        "margin": _interval(found.margin(funnel)),
        "stages": [_stage(row) for _n, row in found.stages[found.stages["funnel"] == funnel].iterrows()],
    }


def _stage(row: pd.Series) -> dict:
    return {
        "stage": row["stage"],
        "source": row["source"],
        "people": _count(row["people"]),
        "reached": _count(row["reached"]),
        **{name: _rounded(row[name], 6) for name in SHARES},
        **{name: _money(row[name]) for name in MONEY},
        "median_days": _rounded(row["median_days"], 1),
    }


def _yield(line: dict) -> dict:
    return {"value": _money(line["per_thousand"]), "low": _money(line["low"]), "high": _money(line["high"])}


def _costs(found: Funnels) -> list[dict]:
    if found.costs is None:
        return []
    known_lines = found.costs.lines[
        found.costs.lines["funnel"].isin([f for f in FUNNELS if f in found.costs.known])
    ]
    return [
        {"funnel": line.funnel, "stage": line.stage, "name": line.name_, "rule": line.rule, "cost": _money(line.cost)}
        for line in known_lines.rename(columns={"name": "name_"}).itertuples()
    ]  # fmt: skip


def _interval(found: Interval) -> dict | None:
    if not found.known:
        return None
    return {"value": _money(found.value), "low": _money(found.low), "high": _money(found.high)}


def _money(value: float) -> float | None:
    return _rounded(value, 2)


def _count(value: float) -> int | None:
    return int(value) if known(value) else None


def _rounded(value: float, decimals: int) -> float | None:
    return round(float(value), decimals) if known(value) else None
