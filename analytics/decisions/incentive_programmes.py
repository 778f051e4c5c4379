"""One line per programme, and per kind of reward: what it cost, what the books show, and what it caused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import NAN, share
from analytics.decisions.incentive_costs import Offers, uptake
from analytics.decisions.incentive_effects import Effects, Exposure
from analytics.decisions.interval import NOT_KNOWN, Interval

PAYS, DOES_NOT_PAY, CANNOT_TELL = "pays", "does not pay", "cannot tell"
RETURN_COLUMNS = (
    "cost", "booked", "booked_per_unit", "caused", "caused_low", "caused_high", "per_unit", "per_unit_low",
    "per_unit_high", "net", "net_low", "net_high", "verdict",
)  # fmt: skip
PROGRAMME_COLUMNS = (
    "programme", "kind", "grade", "open_days", "customers", "held_out", "uptake", "redeemed", *RETURN_COLUMNS,
    "anyway", "anyway_low", "anyway_high",
)  # fmt: skip
KIND_COLUMNS = ("kind", "programmes", "grade", "redeemed", *RETURN_COLUMNS)


@dataclass(frozen=True)
class Caused:
    """Margin and redeemed orders (or friends) that would not have come without the programme, and how it is known."""

    grade: str
    margin: Interval
    events: Interval


def verdict(per_unit: Interval) -> str:
    """Whether margin caused per unit of cost is above 1, below 1, or not told by the data."""
    if not per_unit.known or not np.isfinite(per_unit.low + per_unit.high):
        return CANNOT_TELL
    return PAYS if per_unit.low > 1 else DOES_NOT_PAY if per_unit.high < 1 else CANNOT_TELL


def returns(cost: float, booked: float, caused: Interval) -> dict:
    """RETURN_COLUMNS: the booked and the caused margin against the cost. No cost: the returns are not known."""
    per_unit = Interval(*(share(end, cost) if cost > 0 else NAN for end in _ends(caused)))
    net = caused.plus(-cost)
    return {
        "cost": cost,
        "booked": booked,
        "booked_per_unit": share(booked, cost) if cost > 0 else NAN,
        **_named("caused", caused),
        **_named("per_unit", per_unit),
        **_named("net", net),
        "verdict": verdict(per_unit),
    }


def programme_lines(
    offers: Offers,
    exposure: Exposure,
    effects: Effects,
    assumptions: Assumptions,
    adjust: Callable[[str], tuple[Interval, float] | None],
) -> pd.DataFrame:
    """Frame of PROGRAMME_COLUMNS, dearest first.

    adjust(name): caused margin (grade B) where contacts without arms allow it, and the orders that it stands for; None
    where they do not.
    """
    rows = []
    for total in offers.totals.to_dict("records"):
        mine = (exposure.programmes["name"] == total["name"]).to_numpy(dtype=bool)
        by_friends = (
            bool((exposure.by_friends & mine).any()) if mine.any() else total["friends"] > total["redeemed"]
        )
        redeemed = total["friends"] if by_friends else total["redeemed"]
        booked = total["friends"] * exposure.friend_value if by_friends else total["booked"]
        caused = _caused(total["name"], mine, effects, redeemed, booked, assumptions, adjust)
        open_days = float(exposure.programmes.loc[mine, "open_days"].iloc[0]) if mine.any() else NAN
        rows.append(
            {
                "programme": total["programme"], "kind": total["kind"], "grade": caused.grade, "open_days": open_days,
                "customers": total["customers"], "held_out": total["customers_held_out"],
                "uptake": uptake(total), "redeemed": redeemed,
                **returns(total["cost"], booked, caused.margin), **_named("anyway", anyway(caused.events, redeemed)),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(PROGRAMME_COLUMNS))


def kind_lines(
    offers: Offers, programmes: pd.DataFrame, exposure: Exposure, effects: Effects
) -> pd.DataFrame:
    """Frame of KIND_COLUMNS: programmes of one kind added up; an effect that is measured for all of them keeps its
    joint interval, otherwise the ends are added (as if they moved together: the wider answer).
    """
    names = dict(zip(offers.totals["programme"], offers.totals["name"], strict=True))
    rows = []
    for kind, lines in programmes.groupby("kind", sort=False):
        mine = exposure.programmes["name"].isin([names[p] for p in lines["programme"]]).to_numpy(dtype=bool)
        ends = [float(lines[column].sum(skipna=False)) for column in ("caused", "caused_low", "caused_high")]
        caused = Interval(*ends)
        if (lines["grade"] == "A").all():
            caused = effects.margin_of(mine) if caused.known else NOT_KNOWN
        rows.append(
            {
                "kind": kind, "programmes": ", ".join(lines["programme"]), "grade": lines["grade"].max(),
                "redeemed": lines["redeemed"].sum(),
                **returns(lines["cost"].sum(), lines["booked"].sum(skipna=False), caused),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(KIND_COLUMNS))


def anyway(caused: Interval, redeemed: float) -> Interval:
    """The part of redeemed offers whose order (or friend) would have come without: 1 − caused / redeemed, in [0, 1]."""
    if not caused.known or not redeemed > 0:
        return NOT_KNOWN
    value, low, high = (min(max(1 - end / redeemed, 0.0), 1.0) for end in _ends(caused))
    return Interval(value, high, low)


def _caused(
    name, mine, effects: Effects, redeemed: float, booked: float, assumptions: Assumptions, adjust
) -> Caused:
    if mine.any() and effects.events_of(mine).known:
        return Caused("A", effects.margin_of(mine), effects.events_of(mine))
    found = adjust(name)
    if found is not None:
        margin, margin_per_order = found
        orders = Interval(*(share(end, margin_per_order) for end in _ends(margin)))
        return Caused("B", margin, orders)
    baseline = assumptions.baseline
    parts = Interval(1 - baseline.value, 1 - baseline.high, 1 - baseline.low)
    return Caused("C", _times(parts, booked), _times(parts, redeemed))


def _times(parts: Interval, whole: float) -> Interval:
    low, high = sorted((parts.low * whole, parts.high * whole))
    return Interval(parts.value * whole, low, high)


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.value, interval.low, interval.high


def _named(name: str, interval: Interval) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), _ends(interval), strict=True))
