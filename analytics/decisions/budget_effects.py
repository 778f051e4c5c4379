"""What a split brings, beside today's: customers, margin and equity, and the cash month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions.budget_model import BudgetModel, Line, Months
from analytics.decisions.economics import NAN
from analytics.decisions.interval import COVERAGE, Interval, of_draws

CASH_MONTHS = 24
CASH_COLUMNS = (
    "month",
    "cash",
    "cash_low",
    "cash_high",
    "so_far",
    "so_far_low",
    "so_far_high",
    "value",
    "value_low",
    "value_high",
)
POINTS = 60
_ENDS = ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)


@dataclass(frozen=True)
class Effect:
    """One figure today, under the split, and the change, each with its 80 % interval."""

    now: Interval
    then: Interval
    change: Interval


@dataclass(frozen=True, eq=False)
class Effects:
    """Of one split. spend: money per month by name; share: the part for existing customers.

    customers: new ones of a month by paid channels. of_new: what these bring over the horizon; of_programmes: what
    programmes add to them and to a month's existing customers, in reorders and referrals; equity: both less the spends,
    over the horizon's months. cash: frame of CASH_COLUMNS, the split less today's: cash of a month, cash so far, and the
    value created so far.
    """

    spend: dict[str, float]
    share: float
    customers: Effect
    of_new: Effect
    of_programmes: Effect
    equity: Effect
    cash: pd.DataFrame

    @property
    def total(self) -> float:
        """Money per month."""
        return sum(self.spend.values())

    @property
    def gain(self) -> Interval:
        """Of equity, against today's split."""
        return self.equity.change


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Draws, (draws,), of a month's customers and money, and of the months."""

    customers: np.ndarray
    of_new: np.ndarray
    of_programmes: np.ndarray
    money: np.ndarray
    months: Months


@dataclass(frozen=True, eq=False)
class Simulation:
    """Splits of one model beside today's, of which everything is drawn once."""

    model: BudgetModel

    def of(self, spend: Mapping[str, float]) -> Effects:
        """What these spends, money per month by name, bring."""
        then, now, months = self._draw(spend), self._today, self.model.horizon_months
        return Effects(
            dict(spend),
            self.model.share(spend),
            _effect(now.customers, then.customers),
            _effect(now.of_new, then.of_new),
            _effect(now.of_programmes, then.of_programmes),
            _effect(months * now.money, months * then.money),
            _cash(then.months, now.months),
        )

    @cached_property
    def observed_shares(self) -> tuple[float, float]:
        """The least and the largest share for existing customers among the months observed; NaN without months."""
        programmes = np.sum([line.spend for line in self.model.programmes], axis=0)
        whole = np.sum([line.spend for line in self.model.lines], axis=0)
        parts = np.divide(programmes, whole, out=np.full(np.shape(whole), NAN), where=np.asarray(whole) > 0)
        parts = parts[np.isfinite(parts)] if np.ndim(parts) else np.array([])
        return (float(parts.min()), float(parts.max())) if len(parts) else (NAN, NAN)

    def curve(self, line: Line, largest: float) -> pd.DataFrame:
        """curve_points, made once for each line."""
        if line.name not in self._curves:
            self._curves[line.name] = curve_points(self.model, line, largest)
        return self._curves[line.name]

    @cached_property
    def _curves(self) -> dict[str, pd.DataFrame]:
        return {}

    @cached_property
    def _today(self) -> _Drawn:
        return self._draw(self.model.current)

    def _draw(self, spend: Mapping[str, float]) -> _Drawn:
        model = self.model
        won = model.won(spend)
        added = model.added(spend).sum(axis=0) if model.programmes else np.zeros(won.shape[1:])
        values = np.array([np.broadcast_to(c.curve.value_per_outcome, won.shape[1:]) for c in model.channels])
        of_new, customers = (won * values).sum(axis=0), won.sum(axis=0)
        of_programmes = (customers + model.customers) * added
        money = of_new + of_programmes - sum(spend.values())
        return _Drawn(customers, of_new, of_programmes, money, model.months(spend, CASH_MONTHS))


def curve_points(model: BudgetModel, line: Line, largest: float) -> pd.DataFrame:
    """Frame[spend, outcome, low, high, observed]: a line's curve with its 80 % band up to a spend of `largest` a month.

    Outcome: a channel's new customers a month, those who come anyway included; the margin that a month of a programme
    causes, at today's number of customers. observed: False where the curve is an extrapolation.
    """
    spend = np.linspace(0.0, largest, POINTS)
    drawn = outcome(model, line, spend[:, None])
    low, high = np.quantile(drawn, _ENDS, axis=1)
    observed = [not line.is_extrapolation(money) for money in spend]
    columns = {"spend": spend, "outcome": drawn.mean(axis=1), "low": low, "high": high}
    return pd.DataFrame({**columns, "observed": observed})


def outcome(model: BudgetModel, line: Line, spend: float | np.ndarray) -> np.ndarray:
    """What curve_points draws, as draws in the last dimension."""
    if line in model.channels:
        return np.asarray(line.curve.outcome(spend)) * np.ones(1)
    reached = model.customers + float(model.won(model.current).sum(axis=0).mean()) if model.channels else 0.0
    return np.asarray(line.curve.value(spend)) * np.full(1, reached)


def _effect(now: np.ndarray, then: np.ndarray) -> Effect:
    return Effect(*(of_draws(float(drawn.mean()), drawn) for drawn in (now, then, then - now)))


def _cash(then: Months, now: Months) -> pd.DataFrame:
    cash = then.cash - now.cash
    parts = {"cash": cash, "so_far": cash.cumsum(axis=0), "value": (then.value - now.value).cumsum(axis=0)}
    columns: dict[str, np.ndarray] = {"month": np.arange(1, len(cash) + 1)}
    for name, drawn in parts.items():
        low, high = np.quantile(drawn, _ENDS, axis=1)
        columns |= {name: drawn.mean(axis=1), f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns, columns=list(CASH_COLUMNS))
