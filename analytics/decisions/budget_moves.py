"""Moving a budget's money by hand: one line, or a whole side, while the total stays and nobody gets more than fits."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

from analytics.decisions.budget_model import BudgetModel, Line
from analytics.decisions.response import KNOWN_TO


def most(line: Line) -> float:
    """The largest monthly spend that a line is tried with: 1.5 times its largest month, at least twice today's."""
    return max(KNOWN_TO * line.high, 2 * line.now)


def moved(
    model: BudgetModel,
    spend: Mapping[str, float],
    name: str,
    amount: float,
    locked: Collection[str] = (),
    is_free: bool = False,
) -> dict[str, float]:
    """The spends after one line is set to `amount`: the others give or take in proportion, so that the total stays.

    What they cannot give or take limits the amount. locked: lines that stay as they are. is_free: the total may change,
    and the line moves alone.
    """
    limits = _limits(model)
    amount = min(max(amount, 0.0), limits[name])
    if is_free:
        return {**spend, name: amount}
    others = [other for other in model.names if other != name and other not in locked]
    room = sum(spend.values()) - sum(spend[other] for other in locked if other != name)
    amount = min(max(amount, room - sum(limits[other] for other in others)), room)
    return {**spend, name: amount, **spread(model, spend, others, room - amount)}


def with_share(
    model: BudgetModel, spend: Mapping[str, float], share: float, locked: Collection[str] = ()
) -> dict[str, float]:
    """The spends when `share` of the same total goes to existing customers; the lines of a side move in proportion."""
    low, high = share_limits(model, spend, locked)
    total = sum(spend.values())
    money = min(max(share, low), high) * total
    found = dict(spend)
    for side, amount in ((model.programmes, money), (model.channels, total - money)):
        free = [line.name for line in side if line.name not in locked]
        found |= spread(model, spend, free, amount - _taken(side, spend, locked))
    return found


def share_limits(
    model: BudgetModel, spend: Mapping[str, float], locked: Collection[str] = ()
) -> tuple[float, float]:
    """The least and the largest share of this total that can go to existing customers."""
    total = sum(spend.values())
    if not total > 0:
        return 0.0, 0.0
    limits = _limits(model)
    ends = []
    for side in (model.programmes, model.channels):
        taken = _taken(side, spend, locked)
        ends.append((taken, taken + sum(limits[line.name] for line in side if line.name not in locked)))
    (least, largest), (others_least, others_largest) = ends
    return max(least, total - others_largest) / total, min(largest, total - others_least) / total


def spread(
    model: BudgetModel, spend: Mapping[str, float], names: Iterable[str], money: float
) -> dict[str, float]:
    """`money` over these lines in proportion to their spends, none above its most; where nothing is spent, to today's."""
    limits, left = _limits(model), {name: spend[name] for name in names}
    if not sum(left.values()) > 0:
        today = {name: model.current[name] for name in left}
        left = today if sum(today.values()) > 0 else dict.fromkeys(left, 1.0)
    found: dict[str, float] = {}
    while left:
        whole = sum(left.values())
        parts = {name: money * part / whole if whole > 0 else 0.0 for name, part in left.items()}
        full = [name for name in left if parts[name] > limits[name]]
        if not full:
            return found | {name: max(part, 0.0) for name, part in parts.items()}
        for name in full:
            found[name] = limits[name]
            money -= limits[name]
            del left[name]
    return found


def checked(model: BudgetModel, spend: Mapping[str, float]) -> dict[str, float]:
    """Spends from elsewhere as this model knows them: today's for lines that are not named, nothing above the most."""
    limits = _limits(model)
    found = {name: spend.get(name, now) for name, now in model.current.items()}
    return {
        name: min(max(amount, 0.0), limits[name]) if math.isfinite(amount) else model.current[name]
        for name, amount in found.items()
    }


def _limits(model: BudgetModel) -> dict[str, float]:
    return {line.name: most(line) for line in model.lines}


def _taken(side: Iterable[Line], spend: Mapping[str, float], locked: Collection[str]) -> float:
    return sum(spend[line.name] for line in side if line.name in locked)
