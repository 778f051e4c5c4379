"""Said and happened: what a plan foresaw for the months after it, beside what came.

A plan is kept as it was made, with the ranges of its day: later data never change what was said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.decisions.budget_model import BudgetModel
from analytics.decisions.economics import NAN
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.decisions.period import read_known, same_name
from analytics.decisions.window import SLACK, month_end
from analytics.language import gettext as _

KIND = NAME = "plan"
MONTH_COLUMNS = ("month", "foreseen", "low", "high", "came", "inside", "planned_spend", "spend")
_SEED = 2_012


@dataclass(frozen=True)
class Plan:
    """spend: money per month by name; customers, together, margin: by month from first_month on.

    customers: new ones by the plan's paid channels; together: of all months so far; margin: as it arrives, of these and
    of programmes. channels: the names that the customers come from. snapshot: of the data that it was made from.
    """

    spend: dict[str, float]
    channels: tuple[str, ...]
    first_month: date
    customers: tuple[Interval, ...]
    together: tuple[Interval, ...]
    margin: tuple[Interval, ...]
    snapshot: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept with the workspace."""
        return {
            "spend": self.spend,
            "channels": list(self.channels),
            "first_month": self.first_month.isoformat(),
            "snapshot": self.snapshot,
            **{
                name: [[i.value, i.low, i.high] for i in getattr(self, name)]
                for name in ("customers", "together", "margin")
            },
        }

    @classmethod
    def from_json(cls, kept: Any) -> Plan | None:
        """None for nothing, or for what is no plan."""
        try:
            ranges = {
                name: tuple(Interval(*map(float, ends)) for ends in kept[name])
                for name in ("customers", "together", "margin")
            }
            spend = {str(name): float(money) for name, money in kept["spend"].items()}
            first = date.fromisoformat(kept["first_month"])
            return cls(spend, tuple(kept["channels"]), first, **ranges, snapshot=str(kept["snapshot"]))
        except (TypeError, KeyError, ValueError, AttributeError):
            return None


@dataclass(frozen=True, eq=False)
class SaidAndHappened:
    """months: frame of MONTH_COLUMNS, one row per month of the plan that is wholly in the data.

    together: what was foreseen for all of them; came: what came.
    """

    plan: Plan
    currency: str | None
    months: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MONTH_COLUMNS)))
    together: Interval = NOT_KNOWN
    came: float = NAN

    @cached_property
    def sentence(self) -> str:
        """How many months lie inside the band, and whether all of them together do."""
        if not len(self.months):
            return _("The plan begins in {month}; no whole month of it is loaded yet.").format(
                month=wording.month(self.plan.first_month)
            )
        inside = int(self.months["inside"].sum())
        return " ".join([self._counted(inside), self._summed(), self._spent()])

    def _counted(self, inside: int) -> str:
        months = wording.months(len(self.months))
        if inside == len(self.months):
            return _(
                "New customers of the {months} since the plan: all inside the foreseen 80 % band."
            ).format(months=months)
        return _(
            "New customers of the {months} since the plan: {inside} inside the foreseen 80 % band, {outside} outside."
        ).format(
            months=months,
            inside=wording.number(inside),
            outside=wording.number(len(self.months) - inside),
        )

    def _summed(self) -> str:
        if self.came > self.together.high:
            text = _("Together {came} came, more than foreseen: {foreseen}.")
        elif self.came < self.together.low:
            text = _("Together {came} came, fewer than foreseen: {foreseen}.")
        else:
            text = _("Together {came} came, as foreseen: {foreseen}.")
        foreseen = wording.with_range(self.together, wording.number)
        return text.format(came=wording.number(self.came), foreseen=foreseen)

    def _spent(self) -> str:
        planned, spent = float(self.months["planned_spend"].sum()), float(self.months["spend"].sum())
        return _("{spent} was spent, {planned} was planned.").format(
            spent=wording.money(spent, self.currency), planned=wording.money(planned, self.currency)
        )


def made(model: BudgetModel, spend: Mapping[str, float], first_month: date, snapshot: str) -> Plan:
    """The plan of these spends: what it foresees for each month of the horizon, chance in single months included."""
    found = model.months(spend, model.horizon_months)
    random = np.random.default_rng(_SEED).standard_normal(found.customers.shape)
    spread = np.sqrt(_dispersion(model) * found.customers.mean(axis=1, keepdims=True))
    customers = np.maximum(found.customers + spread * random, 0.0)
    return Plan(
        dict(spend),
        tuple(line.name for line in model.channels),
        first_month,
        _intervals(found.customers, customers),
        _intervals(found.customers.cumsum(axis=0), customers.cumsum(axis=0)),
        _intervals(found.margin, found.margin),
        snapshot,
    )


def first_month_after(workspace) -> date | None:
    """The month after the newest one with orders; None without orders."""
    known = read_known(workspace)
    return None if known is None else month_end(known.orders.last_day) + timedelta(days=1)


def said_and_happened(workspace, plan: Plan) -> SaidAndHappened:
    """The plan beside the months that are wholly in the data; a month counts once orders and spend reach its end."""
    found = SaidAndHappened(plan, workspace.currency)
    last = _last_whole_month(workspace)
    if last is None or last < plan.first_month:
        return found
    rows = workspace.query("response_months", first_month=plan.first_month, last_month=last)
    keys = rows["name"].map(lambda name: "" if pd.isna(name) else same_name(name))
    channels, lines = ({same_name(name) for name in names} for names in (plan.channels, plan.spend))
    customers = rows["customers"].where(keys.isin(channels), 0)
    spend = rows["spend"].astype(float).where(keys.isin(lines), 0.0)
    by_month = pd.DataFrame({"month": pd.to_datetime(rows["month"]), "came": customers, "spend": spend})
    months = _beside(plan, by_month.groupby("month").sum(), last)
    return SaidAndHappened(
        plan,
        workspace.currency,
        months,
        plan.together[len(months) - 1] if len(months) else NOT_KNOWN,
        float(months["came"].sum()),
    )


def _beside(plan: Plan, came: pd.DataFrame, last: date) -> pd.DataFrame:
    rows = []
    for month, foreseen in zip(
        pd.date_range(plan.first_month, periods=len(plan.customers), freq="MS"), plan.customers, strict=True
    ):
        if month > pd.Timestamp(last):
            break
        arrived, spend = came.loc[month, ["came", "spend"]] if month in came.index else (0.0, 0.0)
        inside = foreseen.low <= arrived <= foreseen.high
        planned = sum(plan.spend.values())
        rows.append((month, foreseen.value, foreseen.low, foreseen.high, arrived, inside, planned, spend))
    return pd.DataFrame(rows, columns=list(MONTH_COLUMNS))


def _last_whole_month(workspace) -> date | None:
    known = read_known(workspace)
    if known is None or known.spend is None:
        return None
    last = min(known.orders.last_day, known.spend.last_day)
    if last + SLACK >= month_end(last):
        return last.replace(day=1)
    return (last.replace(day=1) - timedelta(days=1)).replace(day=1)


def _dispersion(model: BudgetModel) -> float:
    """Variance of a month's customers as a multiple of their mean: 1 if they came by pure chance; seasons make it more.

    From the months that the curves were learnt from, weighed by how many customers a channel wins.
    """
    total = weights = 0.0
    for line in model.channels:
        if not line.outcome:
            continue
        means = np.array([float(np.mean(line.curve.outcome(money))) for money in line.spend])
        apart = np.mean((np.array(line.outcome) - means) ** 2 / np.maximum(means, 1e-9))
        total, weights = total + float(apart) * means.mean(), weights + means.mean()
    found = total / weights if weights else 1.0
    return max(found, 1.0) if math.isfinite(found) else 1.0


def _intervals(means: np.ndarray, drawn: np.ndarray) -> tuple[Interval, ...]:
    return tuple(of_draws(float(mean), month) for mean, month in zip(means.mean(axis=1), drawn, strict=True))
