"""What a budget brings: channels win customers, programmes raise what every customer brings, the won ones included.

    money per month = Σ_c A_c (V_c + e) + customers × e − spend,   e = Σ_p e_p

A_c: customers of a month that channel c wins at its spend; V_c: their value over the horizon without programmes; e_p:
what programme p adds per customer over the horizon; customers: today's active ones, spread over the months of the
horizon. All of it is held as draws, so that every answer has its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analytics.decisions.allocation import EXPECTED, Allocation, Group, allocate
from analytics.decisions.allocation_lines import Bounds
from analytics.decisions.economics import NAN
from analytics.decisions.response import KNOWN_FROM, KNOWN_TO
from analytics.decisions.response_curve import Curve

ACQUISITION, RETENTION = "acquisition", "retention"
LATELY_MONTHS = 3  # today's spends are the mean of these
_ROUNDS = 12  # of splitting as if customers and money per customer stayed as they are
_SETTLED = 1e-4  # of the total


@dataclass(frozen=True, eq=False)
class Line:
    """A channel or programme. now: money per month, lately; low, high: the smallest and the largest month observed.

    curve: a channel's customers per month, with their value without programmes; a programme's money per customer over the
    horizon, with a value of 1. grade: evidence of a programme's effect. spend, outcome: of the months, for the picture.
    spelled: the name in the spend, where the line has another one to be told apart.
    """

    name: str
    motion: str
    now: float
    low: float
    high: float
    curve: Curve
    grade: str = ""
    spend: tuple[float, ...] = ()
    outcome: tuple[float, ...] = ()
    spelled: str = ""

    def is_extrapolation(self, spend: float) -> bool:
        """Whether a monthly spend lies outside of what the months tell about."""
        return not KNOWN_FROM * self.low <= spend <= KNOWN_TO * self.high


@dataclass(frozen=True, eq=False)
class BudgetModel:
    """lines: channels first. customers: today's active ones / months of the horizon. arrival: per channel, the part of V_c
    that arrives in each month after the first order, (channels, horizon), rows add up to 1.
    """

    lines: tuple[Line, ...]
    customers: float
    horizon_months: int
    arrival: np.ndarray

    def only(self, chosen: np.ndarray) -> BudgetModel:
        """The same with some of the draws alone."""
        return replace(self, lines=tuple(replace(line, curve=line.curve.only(chosen)) for line in self.lines))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The lines' names, in their order."""
        return tuple(line.name for line in self.lines)

    @cached_property
    def channels(self) -> tuple[Line, ...]:
        """Lines that win customers."""
        return tuple(line for line in self.lines if line.motion == ACQUISITION)

    @cached_property
    def programmes(self) -> tuple[Line, ...]:
        """Lines for existing customers."""
        return tuple(line for line in self.lines if line.motion == RETENTION)

    @property
    def current(self) -> dict[str, float]:
        """Today's spends, money per month."""
        return {line.name: line.now for line in self.lines}

    def share(self, spend: Mapping[str, float]) -> float:
        """The part of a budget that goes to existing customers."""
        total = sum(spend.values())
        return sum(spend[line.name] for line in self.programmes) / total if total else NAN

    def won(self, spend: Mapping[str, float]) -> np.ndarray:
        """Customers of a month by channel, those who come anyway included, shape (channels, draws)."""
        return np.array([line.curve.outcome(spend[line.name]) for line in self.channels])

    def added(self, spend: Mapping[str, float]) -> np.ndarray:
        """Money per customer over the horizon that programmes add, shape (programmes, draws)."""
        return np.array([line.curve.value(spend[line.name]) for line in self.programmes])

    def money(self, spend: Mapping[str, float]) -> np.ndarray:
        """Money per month that comes of these spends, less the spends, shape (draws,)."""
        won, added = self.won(spend), self._sum(self.added(spend))
        values = np.array(
            [np.broadcast_to(line.curve.value_per_outcome, won.shape[1:]) for line in self.channels]
        )
        of_won = (won * values).sum(axis=0) if len(won) else 0.0
        return of_won + (self._sum(won) + self.customers) * added - sum(spend.values())

    def best(
        self,
        total: float | None,
        bounds: Bounds | None = None,
        locks: Mapping[str, float] | None = None,
        groups: Mapping[str, Group] | None = None,
        target_marginal_roi: float | None = None,
        risk: str = EXPECTED,
    ) -> Allocation:
        """The best split of `total` money per month; limits and errors as in allocation.allocate.

        Channels raise the customers that programmes work on, and programmes what a customer is worth: the split is found
        again with what the last one makes of both, until it stays.
        """
        spend = self.current
        size = sum(spend.values()) if total is None else total
        for _round in range(_ROUNDS):
            asked = (
                self.separated(spend),
                total,
                bounds,
                locks,
                groups,
                target_marginal_roi,
                risk,
                self.current,
            )
            found = allocate(*asked)
            if max(abs(found.spend[name] - spend[name]) for name in spend) <= _SETTLED * size:
                break
            spend = (
                {name: (spend[name] + found.spend[name]) / 2 for name in spend} if _round > 3 else found.spend
            )
        return found

    def separated(self, spend: Mapping[str, float]) -> dict[str, Curve]:
        """Each line's curve in money, where customers and money per customer are those of these spends."""
        added, customers = self._sum(self.added(spend)), self._sum(self.won(spend)) + self.customers
        return {
            line.name: replace(
                line.curve,
                value_per_outcome=line.curve.value_per_outcome + added
                if line.motion == ACQUISITION
                else line.curve.value_per_outcome * customers,
            )
            for line in self.lines
        }

    def marginal_returns(self, spend: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Money that the next unit on each line brings, draws by name."""
        return {name: curve.marginal_return(spend[name]) for name, curve in self.separated(spend).items()}

    def months(self, spend: Mapping[str, float], months: int) -> Months:
        """Customers and cash month by month when these spends replace today's, and stop after the horizon's months."""
        return _months(self, spend, months)

    def _sum(self, parts: np.ndarray) -> np.ndarray:
        return parts.sum(axis=0) if len(parts) else np.zeros(self._draws)

    @cached_property
    def _draws(self) -> int:
        return max(np.size(line.curve.ceiling) for line in self.lines)


@dataclass(frozen=True, eq=False)
class Months:
    """Arrays (months, draws): customers won by channels, margin of them and of programmes as it arrives, cash = margin −
    spend, and value: the same margin, counted in the month that causes it, less the spend.
    """

    customers: np.ndarray
    margin: np.ndarray
    cash: np.ndarray
    value: np.ndarray


def _months(model: BudgetModel, spend: Mapping[str, float], months: int) -> Months:
    plan = min(model.horizon_months, months)
    added = model._sum(model.added(spend))
    won = np.array([_transition(line, spend[line.name], plan) for line in model.channels])
    won = won.reshape(len(model.channels), plan, model._draws)
    values = [line.curve.value_per_outcome + added for line in model.channels]
    worth = won * np.reshape(values, (len(model.channels), 1, model._draws))
    paid = np.where(np.arange(months) < plan, sum(spend.values()), 0.0)[:, None]
    caused = _padded(worth.sum(axis=0) + model.customers * added, months)
    margin = _arriving(model.arrival, plan, months) @ worth.reshape(-1, model._draws)
    margin[:plan] += model.customers * added
    return Months(_padded(won.sum(axis=0), months), margin, margin - paid, caused - paid)


def _padded(rows: np.ndarray, months: int) -> np.ndarray:
    """With zeros after the plan's last month."""
    return np.concatenate([rows, np.zeros((months - len(rows), rows.shape[1]))])


def _arriving(arrival: np.ndarray, plan: int, months: int) -> np.ndarray:
    """The part of what channel c wins in month m that arrives in month n, shape (months, channels × plan)."""
    lag = np.arange(months)[:, None] - np.arange(plan)
    inside = (lag >= 0) & (lag < arrival.shape[-1])
    parts = np.where(inside, arrival[:, np.clip(lag, 0, arrival.shape[-1] - 1)], 0.0)
    return parts.transpose(1, 0, 2).reshape(months, -1)


def _transition(line: Line, spend: float, months: int) -> np.ndarray:
    """A channel's customers while its adstock moves from today's spend to the new one, shape (months, draws)."""
    left = np.cumprod(np.broadcast_to(line.curve.carryover, (months, np.size(line.curve.carryover))), axis=0)
    return line.curve.outcome(spend + (line.now - spend) * left)
