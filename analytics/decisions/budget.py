"""What if we moved the money?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions import budget_sentences, missing
from analytics.decisions.allocation import Allocation, Group
from analytics.decisions.allocation_lines import Bounds
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget_effects import Simulation
from analytics.decisions.budget_inputs import read_inputs
from analytics.decisions.budget_model import BudgetModel
from analytics.decisions.budget_split import Wish, limits, split
from analytics.decisions.case import case
from analytics.decisions.experiments import Sharpened
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.decisions.missing import Missing
from analytics.decisions.period import read_known
from analytics.warehouse.experiments import Experiment
from analytics.warehouse.filters import Filters

FRONTIER_COLUMNS = ("share", "gain", "low", "high")
LINE_COLUMNS = ("name", "motion", "now", "best", "marginal_roi", "low", "high", "grade", "extrapolated")
SHARES = np.linspace(0, 1, 21)
OFF = 0.25  # how far the advice may be missed
SAME = 1e-6  # of a total: less is rounding


@dataclass(frozen=True, eq=False)
class Budget:
    """Everything that page and command line say; money per month, gains over the horizon's months.

    best: the split; gain: of it against today's. off: the smaller gain of moving a quarter too little or too much.
    frontier: frame of FRONTIER_COLUMNS, the best gain for each share of the budget spent on existing customers. lines: frame
    of LINE_COLUMNS. experiments: as typed in; sharpened: what they changed, by curve. Gains are not known without a model.
    """

    snapshot: str
    currency: str | None
    assumptions: Assumptions
    wish: Wish = field(default_factory=Wish)
    grade: str = "C"
    model: BudgetModel | None = None
    best: Allocation | None = None
    gain: Interval = NOT_KNOWN
    off: float = float("nan")
    frontier: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FRONTIER_COLUMNS)))
    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LINE_COLUMNS)))
    missing: tuple[Missing, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    sharpened: tuple[Sharpened, ...] = ()

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
    kept = workspace.settings.experiments
    found = Budget(workspace.snapshot, workspace.currency, assumptions, experiments=kept)
    known = read_known(workspace)
    if known is None:
        return replace(found, missing=(missing.no_orders(),))
    answer = case(workspace, filters, assumptions)
    inputs = read_inputs(workspace, filters, assumptions, answer, known)
    found = replace(
        found, grade=answer.grade, model=inputs.model, missing=inputs.missing, sharpened=inputs.sharpened
    )
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


def _frontier(found: Budget, total: float) -> pd.DataFrame:
    """The one that is there, where the total is the same: it does not depend on limits."""
    assert found.model is not None
    if found.best is not None and abs(sum(found.best.spend.values()) - total) <= SAME * total:
        return found.frontier
    return frontier(found.model, total)


def frontier(model: BudgetModel, total: float) -> pd.DataFrame:
    """Gain against today's split, with its range, by the share of `total` spent on existing customers: best within each."""
    today = model.money(model.current)
    bounds = limits(model, Wish())
    rows = []
    now = round(model.share(model.current), 4)  # not known where nothing was spent lately
    for part in sorted({*SHARES, now} if np.isfinite(now) else SHARES):
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
