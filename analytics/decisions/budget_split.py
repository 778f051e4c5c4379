"""The split of a budget that an analyst's wish leads to: the best one on average, or as far towards it as is sure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analytics.decisions.allocation import CAUTIOUS, EXPECTED, Allocation
from analytics.decisions.budget_model import BudgetModel
from analytics.decisions.response import KNOWN_FROM, KNOWN_TO
from analytics.language import gettext as _

STEPS = np.linspace(0, 1, 41)  # of the way from today's split to the best one on average
SAME_TOTAL = 1e-6
LOSING = 0.05  # the chance to earn less than without the move that a cautious split takes
_HALVINGS, _HEDGES = 50, 2


@dataclass(frozen=True)
class Wish:
    """What an analyst asks of the split, money per month. total: None for as much as is spent now, or, with a target for
    the marginal ROI, as much as reaches it. bounds: (least, most) by name; locks: given spends. risk: expected for the split
    that is best on average; cautious for as much of the way there as can be gone with a chance to lose of at most LOSING,
    and without leaving a line less than half of today's spend that may well earn its cost.
    """

    total: float | None = None
    target_marginal_roi: float | None = None
    bounds: tuple[tuple[str, float | None, float | None], ...] = ()
    locks: tuple[tuple[str, float], ...] = ()
    risk: str = CAUTIOUS


def split(model: BudgetModel, wish: Wish) -> Allocation:
    """The best split; nothing goes further beyond the months observed than is asked for. ValueError for an unknown risk."""
    if wish.risk not in (EXPECTED, CAUTIOUS):
        raise ValueError(_("The risk of a split is expected or cautious."))
    today = sum(model.current.values())
    total = wish.total
    if total is None and wish.target_marginal_roi is None:
        total = today
    best = model.best(total, limits(model, wish), dict(wish.locks), None, wish.target_marginal_roi)
    if wish.risk == EXPECTED:
        return best
    spent = sum(best.spend.values())
    if abs(spent - today) <= SAME_TOTAL * today:
        return _as_far_as_sure(model, best, wish)
    return best if wish.target_marginal_roi is not None else _hedged(model, best, wish)


def _as_far_as_sure(model: BudgetModel, best: Allocation, wish: Wish) -> Allocation:
    """The way from today's split towards the best one, as far as the chance to lose by it stays at most LOSING.

    What is best on average rests on the luckiest of the estimates; the less is known, the sooner a further step may harm.
    """
    total = sum(best.spend.values())
    start = _nearest_to_today(model, total, wish)
    if start is None:
        return best
    best = _without_deep_cuts(model, best, total, wish)
    money, steps = model.money(start), _steps(start, best.spend)
    sure = [step for step in steps[1:] if np.mean(model.money(step) < money) <= LOSING]
    return _instead(best, sure[-1] if sure else start)


def _without_deep_cuts(model: BudgetModel, best: Allocation, total: float, wish: Wish) -> Allocation:
    """The best split that leaves every line at least KNOWN_FROM of today's spend, where nothing else was asked of it: what
    the first units bring, nobody has seen. A line that as a whole does not earn its cost, with a chance of at most LOSING
    that it does, may be stopped. The best one where so much cannot be left.
    """
    today, money = model.current, model.money(model.current)
    earns = {name: np.mean(model.money({**today, name: 0.0}) < money) > LOSING for name in today}
    least = {name: KNOWN_FROM * now if earns[name] else 0.0 for name, now in today.items()}
    asked = {name for name, low, _high in wish.bounds if low is not None}
    bounds = {
        name: (low if name in asked else min(least[name], math.inf if high is None else high), high)
        for name, (low, high) in limits(model, wish).items()
    }
    if sum(low or 0.0 for low, _high in bounds.values()) + sum(dict(wish.locks).values()) > total:
        return best
    return model.best(total, bounds, dict(wish.locks), None, wish.target_marginal_roi)


def _hedged(model: BudgetModel, best: Allocation, wish: Wish) -> Allocation:
    """Of another total than today's, there is no split to stay at: the worst fifth gains most somewhere between what is
    best on average and what is best in these worst cases (two steps of the conditional gradient method; Frank, Wolfe 1956).
    """
    found, money, total = best, model.money(model.current), sum(best.spend.values())
    for _step in range(_HEDGES):
        gains = model.money(found.spend) - money
        worst = model.only(np.argsort(gains)[: max(len(gains) // 5, 1)])
        there = worst.best(total, limits(model, wish), dict(wish.locks)).spend
        found = _on_the_way(model, found, found.spend, there)
    return found


def _on_the_way(
    model: BudgetModel, best: Allocation, start: Mapping[str, float], there: Mapping[str, float]
) -> Allocation:
    """Between two splits of one total: where the worst fifth of what may be true gains most against today's split."""
    money = model.money(model.current)
    steps = _steps(start, there)
    worst = [worst_fifth(model.money(step) - money) for step in steps]
    return _instead(best, steps[int(np.argmax(worst))])


def _steps(start: Mapping[str, float], there: Mapping[str, float]) -> list[dict[str, float]]:
    return [{name: now + float(far) * (there[name] - now) for name, now in start.items()} for far in STEPS]


def _instead(best: Allocation, chosen: dict[str, float]) -> Allocation:
    near = SAME_TOTAL * sum(chosen.values())
    held = any(abs(chosen[name] - amount) > near for name, amount in best.spend.items())
    return replace(best, spend=chosen, binding=() if held else best.binding)  # caution comes before a limit


def _nearest_to_today(model: BudgetModel, total: float, wish: Wish) -> dict[str, float] | None:
    """Today's split with what was asked for: given spends as given, the others in proportion within their limits, so that
    the total is spent; None where these cannot take it.
    """
    bounds, locks = limits(model, wish), dict(wish.locks)

    def scaled(factor: float) -> dict[str, float]:
        return {
            name: float(locks[name]) if name in locks else float(np.clip(factor * now, *bounds[name]))
            for name, now in model.current.items()
        }

    low, high = 0.0, 1.0  # of factor / (1 + factor): one half is today's split itself
    for _step in range(_HALVINGS):
        middle = (low + high) / 2
        spend = scaled(middle / (1 - middle))
        left = total - sum(spend.values())
        if abs(left) <= SAME_TOTAL * total:
            return spend
        low, high = (middle, high) if left > 0 else (low, middle)
    return None


def worst_fifth(draws: np.ndarray) -> float:
    """Mean of the lowest fifth of draws (conditional value at risk)."""
    count = max(len(draws) // 5, 1)
    return float(np.partition(draws, count - 1)[:count].mean())


def limits(model: BudgetModel, wish: Wish) -> dict[str, tuple[float | None, float | None]]:
    """What was asked for, else from nothing to where a curve becomes an extrapolation, or what is spent today."""
    bounds: dict[str, tuple[float | None, float | None]] = {
        line.name: (0.0, max(KNOWN_TO * line.high, line.now)) for line in model.lines
    }
    for name, least, most in wish.bounds:
        low, high = bounds.get(name, (0.0, None))
        bounds[name] = (low if least is None else least, high if most is None else most)
    locked = {name for name, _money in wish.locks}
    return {name: ends for name, ends in bounds.items() if name not in locked}
