"""How the next money, on top of today's spends, is best split between new and existing customers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.decisions.budget_model import BudgetModel, Line
from analytics.decisions.budget_split import Wish, split
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws

PART = 0.1  # of what is spent over the horizon: so little more that the curves still tell about it
STEP = 0.05  # of the amount, which the split is rounded to: nobody knows it better


@dataclass(frozen=True)
class NextBudget:
    """total: money on top of today's spends over the horizon; existing: the part of it for existing customers, rounded to a
    twentieth of it. share_now: the part of today's budget that they get. caused: margin that each unit of it causes over
    the horizon, with its 80 % interval; existing_caused, acquisition_caused: each unit of either part, and where a part is
    nothing, the first unit on the side's best line.
    """

    total: float
    existing: float
    share_now: float
    caused: Interval
    existing_caused: Interval = NOT_KNOWN
    acquisition_caused: Interval = NOT_KNOWN

    @property
    def acquisition(self) -> float:
        """The part for winning customers."""
        return self.total - self.existing

    @property
    def more_to_existing(self) -> int:
        """1 where existing customers get a larger part of it than of today's budget, −1 a smaller one, 0 as much as can be
        told from a rounded split.
        """
        more = self.existing / self.total - self.share_now
        return 0 if abs(more) <= STEP / 2 else 1 if more > 0 else -1


def next_budget(model: BudgetModel) -> NextBudget | None:
    """The cautious split of a round amount near a tenth of what is spent over the horizon, while no line gets less than
    today; the very split of the budget page for that total and today's spends as minima. None where nothing is spent, or
    where no line can take so much more, or one of the sides has no line: then there is nothing to choose.
    """
    today, months = model.current, model.horizon_months
    spent = sum(today.values())
    if not (spent > 0 and model.channels and model.programmes):
        return None
    total = round_amount(PART * months * spent)
    least = tuple((name, now, None) for name, now in today.items())
    best = split(model, Wish(total=spent + total / months, bounds=least))
    added = sum(best.spend.values()) - spent
    if not added > (1 - STEP) * total / months:
        return None
    draws = (model.money(best.spend) - model.money(today)) / added + 1  # money is less the spend
    existing = sum(best.spend[line.name] - line.now for line in model.programmes)
    part = STEP * round(max(existing, 0.0) / added / STEP)
    sides = (_caused(model, side, best.spend) for side in (model.programmes, model.channels))
    return NextBudget(total, part * total, model.share(today), of_draws(float(draws.mean()), draws), *sides)


def _caused(model: BudgetModel, side: tuple[Line, ...], spend: Mapping[str, float]) -> Interval:
    """Margin per unit of what one side gets on top of today's spends, while the other side stays as it is."""
    today = model.current
    added = sum(spend[line.name] - line.now for line in side)
    if added > STEP / 2 * (sum(spend.values()) - sum(today.values())):
        alone = today | {line.name: spend[line.name] for line in side}
        draws = (model.money(alone) - model.money(today)) / added + 1  # money is less the spend
    else:
        returns = model.marginal_returns(today)
        draws = max((returns[line.name] for line in side), key=lambda drawn: drawn.mean())
    return of_draws(float(draws.mean()), draws)


def round_amount(amount: float) -> float:
    """1, 2 or 5 times a power of ten, the nearest one in proportion."""
    power = 10.0 ** math.floor(math.log10(amount))
    return min((power * nice for nice in (1, 2, 5, 10)), key=lambda near: abs(math.log(near / amount)))
