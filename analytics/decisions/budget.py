"""What if we moved the money?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions import budget_sentences, missing
from analytics.decisions.allocation import CAUTIOUS, EXPECTED, Allocation, Group
from analytics.decisions.allocation_lines import Bounds
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget_effects import Simulation
from analytics.decisions.budget_inputs import read_inputs
from analytics.decisions.budget_model import BudgetModel
from analytics.decisions.case import case
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.decisions.missing import Missing
from analytics.decisions.period import read_known
from analytics.decisions.response import KNOWN_TO
from analytics.language import gettext as _
from analytics.warehouse.filters import Filters

FRONTIER_COLUMNS = ("share", "gain", "low", "high")
LINE_COLUMNS = ("name", "motion", "now", "best", "marginal_roi", "low", "high", "grade", "extrapolated")
SHARES = np.linspace(0, 1, 21)
STEPS = np.linspace(0, 1, 41)  # of the way from today's split to the best one on average
SAME_TOTAL = 1e-6
_HALVINGS = 50
OFF = 0.25  # how far the advice may be missed
SAME = 1e-6  # of a total: less is rounding


@dataclass(frozen=True)
class Wish:
    """What an analyst asks of the split, money per month. total: None for as much as is spent now, or, with a target for
    the marginal ROI, as much as reaches it. bounds: (least, most) by name; locks: given spends. risk: expected for the split
    that is best on average; cautious for as much of the way there as the worst fifth of what may be true gains by.
    """

    total: float | None = None
    target_marginal_roi: float | None = None
    bounds: tuple[tuple[str, float | None, float | None], ...] = ()
    locks: tuple[tuple[str, float], ...] = ()
    risk: str = CAUTIOUS


@dataclass(frozen=True, eq=False)
class Budget:
    """Everything that page and command line say; money per month, gains over the horizon's months.

    best: the split; gain: of it against today's. off: the smaller gain of moving a quarter too little or too much.
    frontier: frame of FRONTIER_COLUMNS, the best gain for each share of the budget spent on existing customers. lines: frame
    of LINE_COLUMNS. Gains are not known without a model.
    """

    snapshot: str
    currency: str | None
    assumptions: Assumptions
    wish: Wish = Wish()
    grade: str = "C"
    model: BudgetModel | None = None
    best: Allocation | None = None
    gain: Interval = NOT_KNOWN
    off: float = float("nan")
    frontier: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FRONTIER_COLUMNS)))
    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LINE_COLUMNS)))
    missing: tuple[Missing, ...] = ()

    @property
    def current(self) -> dict[str, float]:
        """Today's spends by name, money per month."""
        return self.model.current if self.model else {}

    @property
    def recommended(self) -> dict[str, float]:
        """The best split by name, money per month."""
        return self.best.spend if self.best else {}

    @cached_property
    def simulation(self) -> Simulation | None:
        """Any split beside today's; None without a model."""
        return Simulation(self.model) if self.model else None

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return budget_sentences.headline(self)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know about the numbers."""
        return budget_sentences.notes(self)


def budget(
    workspace,
    filters: Filters | None = None,
    assumptions: Assumptions | None = None,
    wish: Wish | None = None,
) -> Budget:
    """The best split of the budget. ValueError, in one sentence, for limits that no split can keep."""
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    found = Budget(workspace.snapshot, workspace.currency, assumptions)
    known = read_known(workspace)
    if known is None:
        return replace(found, missing=(missing.no_orders(),))
    answer = case(workspace, filters, assumptions)
    inputs = read_inputs(workspace, filters, assumptions, answer, known)
    found = replace(found, grade=answer.grade, model=inputs.model, missing=inputs.missing)
    return found if inputs.model is None else advised(found, wish or Wish())


def advised(found: Budget, wish: Wish) -> Budget:
    """The same with the split that a wish leads to."""
    model = found.model
    if model is None:
        return found
    best = split(model, wish)
    gains = model.horizon_months * (model.money(best.spend) - model.money(model.current))
    return replace(
        found,
        wish=wish,
        best=best,
        gain=of_draws(float(gains.mean()), gains),
        off=min(_moved(model, best.spend, 1 - OFF), _moved(model, best.spend, 1 + OFF)),
        frontier=_frontier(found, sum(best.spend.values())),
        lines=_lines(model, best.spend),
    )


def split(model: BudgetModel, wish: Wish) -> Allocation:
    """The best split; nothing goes further beyond the months observed than is asked for. ValueError for an unknown risk."""
    if wish.risk not in (EXPECTED, CAUTIOUS):
        raise ValueError(_("The risk of a split is expected or cautious."))
    total = wish.total
    if total is None and wish.target_marginal_roi is None:
        total = sum(model.current.values())
    best = model.best(total, _bounds(model, wish), dict(wish.locks), None, wish.target_marginal_roi)
    return best if wish.risk == EXPECTED else _as_far_as_sure(model, best, wish)


def _as_far_as_sure(model: BudgetModel, best: Allocation, wish: Wish) -> Allocation:
    """The way from today's split towards the best one, as far as the worst fifth of what may be true gains most by it.

    What is best on average rests on the luckiest of the estimates; the less is known, the sooner a further step may harm.
    """
    today, there = model.current, best.spend
    start = _nearest_to_today(model, sum(there.values()), wish)
    if abs(sum(there.values()) - sum(today.values())) > SAME_TOTAL * sum(today.values()) or start is None:
        return best  # another total is asked for: there is no way between the two that spends it
    money = model.money(today)
    steps = [{name: now + float(far) * (there[name] - now) for name, now in start.items()} for far in STEPS]
    worst = [worst_fifth(model.money(step) - money) for step in steps]
    sure = int(np.argmax(worst))
    binding = (
        best.binding if sure == len(STEPS) - 1 else ()
    )  # caution holds the others back before a limit does
    return replace(best, spend=steps[sure], binding=binding)


def _nearest_to_today(model: BudgetModel, total: float, wish: Wish) -> dict[str, float] | None:
    """Today's split with what was asked for: given spends as given, the others in proportion within their limits, so that
    the total is spent; None where these cannot take it.
    """
    bounds, locks = _bounds(model, wish), dict(wish.locks)

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


def _frontier(found: Budget, total: float) -> pd.DataFrame:
    """The one that is there, where the total is the same: it does not depend on limits."""
    assert found.model is not None
    if found.best is not None and abs(sum(found.best.spend.values()) - total) <= SAME * total:
        return found.frontier
    return frontier(found.model, total)


def frontier(model: BudgetModel, total: float) -> pd.DataFrame:
    """Gain against today's split, with its range, by the share of `total` spent on existing customers: best within each."""
    today = model.money(model.current)
    bounds = _bounds(model, Wish())
    rows = []
    for part in sorted({*SHARES, round(model.share(model.current), 4)}):
        spend = _within(model, total, part, bounds)
        if spend is not None:
            gains = model.horizon_months * (model.money(spend) - today)
            rows.append((part, float(gains.mean()), *_ends(gains)))
    return pd.DataFrame(rows, columns=list(FRONTIER_COLUMNS))


def _within(model: BudgetModel, total: float, part: float, bounds: Bounds) -> dict[str, float] | None:
    """The best split of either side's money on its own; None where a side cannot spend as much within the bounds."""
    groups = {}
    for side, money in ((model.channels, (1 - part) * total), (model.programmes, part * total)):
        most = sum(bounds[line.name][1] or 0.0 for line in side)
        if money > most * (1 + 1e-9):
            return None
        groups[side[0].name if side else ""] = Group(tuple(line.name for line in side), money)
    groups.pop("", None)
    return model.best(total, bounds, None, groups).spend


def _bounds(model: BudgetModel, wish: Wish) -> dict[str, tuple[float | None, float | None]]:
    """What was asked for, else from nothing to where a curve becomes an extrapolation, or what is spent today."""
    bounds: dict[str, tuple[float | None, float | None]] = {
        line.name: (0.0, max(KNOWN_TO * line.high, line.now)) for line in model.lines
    }
    for name, least, most in wish.bounds:
        low, high = bounds.get(name, (0.0, None))
        bounds[name] = (low if least is None else least, high if most is None else most)
    locked = {name for name, _money in wish.locks}
    return {name: limits for name, limits in bounds.items() if name not in locked}


def _moved(model: BudgetModel, best: Mapping[str, float], far: float) -> float:
    """The gain of going `far` times the way from today's split to the best one."""
    spend = {name: max(now + far * (best[name] - now), 0.0) for name, now in model.current.items()}
    return model.horizon_months * float((model.money(spend) - model.money(model.current)).mean())


def _lines(model: BudgetModel, best: Mapping[str, float]) -> pd.DataFrame:
    returns = model.marginal_returns(model.current)
    rows = []
    for line in model.lines:
        draws = np.broadcast_to(returns[line.name], (max(np.size(returns[line.name]), 1),)) - 1
        ends = _ends(draws)
        rows.append(
            (line.name, line.motion, line.now, best[line.name], float(draws.mean()), *ends, line.grade,
             line.is_extrapolation(best[line.name]))
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(LINE_COLUMNS))


def _ends(draws: np.ndarray) -> tuple[float, float]:
    found = of_draws(float(np.mean(draws)), draws)
    return found.low, found.high
