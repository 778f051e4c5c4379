"""What programmes for existing customers bring at their spends: what was measured of each and of all, as curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions import interval
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget_model import LATELY_MONTHS, RETENTION, Line
from analytics.decisions.channel_responses import DRAWS, SEED
from analytics.decisions.experiments import Sharpened, of_line, result, sharpened
from analytics.decisions.incentives import programme_returns
from analytics.decisions.period import same_name
from analytics.decisions.response import ExperimentResult
from analytics.decisions.response_curve import EXPONENTIAL, Curve, reach
from analytics.decisions.response_priors import reach_draws
from analytics.decisions.window import Window
from analytics.warehouse.filters import Filters

if TYPE_CHECKING:
    from analytics.decisions.case import Case

USUAL_RETURN, USUAL_SPREAD = 1.0, 2.0  # what a programme brings per unit before anything is measured
MEASURED = "A"
_BENDS = 8 * DRAWS  # of which experiments choose

Tests = Mapping[str, Sequence[ExperimentResult]]  # by the programme's name


def read_programmes(
    workspace,
    filters: Filters,
    assumptions: Assumptions,
    found: Case,
    months: pd.DataFrame,
    base: pd.Series,
    customers: float,
) -> tuple[tuple[Line, ...], tuple[Sharpened, ...]]:
    """The lines of all programmes with spend, and what typed-in experiments changed in them.

    months: response_months.sql. base: by month, what existing customers bought as a part of what they will in a month of
    the horizon. customers: those of a month whom programmes work on.
    """
    spend = months[months["motion"] == RETENTION]
    names = [str(name) for name in spend.groupby("name")["spend"].sum().loc[lambda s: s > 0].index]
    if not names:
        return (), ()
    when = sorted(months["month"].unique())
    table = spend.pivot_table(index="month", columns="name", values="spend", aggfunc="sum").reindex(when)
    by_month = {name: table[name].fillna(0.0).to_numpy(float) for name in names}
    known = _known(
        workspace, filters, assumptions, found, by_month, base.reindex(when).fillna(1.0).to_numpy(float)
    )
    kept = workspace.settings.experiments
    tried = {name: mine for name in names if (mine := of_line(kept, RETENTION, name))}
    tests = {name: [result(one) for one in mine] for name, mine in tried.items()}
    curves, then = known.curves(tests), np.ones(len(when))
    lines = tuple(
        _line(
            name, by_month[name], curves[name], customers, MEASURED if name in tried else known.grades[name]
        )
        for name in names
    )
    changed = tuple(
        sharpened(
            name, mine, float(by_month[name].mean()),
            lambda others, name=name: known.curves({**tests, name: others}, then)[name],
            known.curves(tests, then)[name],
        )
        for name, mine in tried.items()
    )  # fmt: skip
    return lines, changed


@dataclass(frozen=True, eq=False)
class _Known:
    """Of each programme: spend by month, mean spend and number of the months with any, and the money that it caused in
    each of these, mean and variance; of all together over all months, whole, give or take error (a variance). grades:
    evidence by name. base: see read_programmes.
    """

    by_month: Mapping[str, np.ndarray]
    spend: np.ndarray
    active: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    grades: dict[str, str]
    whole: float
    error: float
    base: np.ndarray

    def curves(self, tests: Tests, base: np.ndarray | None = None) -> dict[str, Curve]:
        """Money per month of the horizon that each programme causes, in draws, once the tests are known too; how a curve
        bends is the prior, unless tests tell. What it caused in the months, at their spends and among the customers of
        then, tells its height. base: ones for a month among the customers of then, which is what a test measured.
        """
        mean, variance, reached = self.mean.copy(), self.variance.copy(), []
        for place, name in enumerate(self.by_month):
            seed, mine = SEED + 100 + place, tests.get(name, ())
            if mine:
                told = _with_tests(mean[place], variance[place], self.spend[place], mine, seed)
                mean[place], variance[place] = told[:2]
            reached.append(told[2] if mine else reach_draws(DRAWS, seed))
        caused = _together(mean * self.active, variance * self.active**2, self.whole, self.error)
        found = {}
        for (name, spent), money, x, usual in zip(
            self.by_month.items(), caused, reached, self.spend, strict=True
        ):
            felt = (self.base if base is None else base) @ reach(np.outer(spent, x / usual), EXPONENTIAL)
            found[name] = Curve(0.0, money / felt, x / usual)
        return found


def _known(
    workspace,
    filters: Filters,
    assumptions: Assumptions,
    found: Case,
    by_month: Mapping[str, np.ndarray],
    base: np.ndarray,
) -> _Known:
    """Normal: the prior says that a programme earns itself back, give or take twice as much; then comes what was measured of
    the programme alone; what was measured of all of them together is kept beside.
    """
    assert found.drawn is not None
    lines = programme_returns(workspace, filters, assumptions)
    own = {same_name(line["programme"]): line for line in lines.to_dict("records")}
    in_window = _shares_in_window(workspace, found.costed)
    active = np.array([(spent > 0).sum() for spent in by_month.values()])
    money = np.array([spent.sum() for spent in by_month.values()]) / active
    mean, variance, grades = USUAL_RETURN * money, (USUAL_SPREAD * money) ** 2, {}
    for place, name in enumerate(by_month):
        line = own.get(same_name(name), {})
        part = in_window.get(same_name(name), np.nan) / active[place]
        value, low, high = (
            float(line.get(end, np.nan)) * part for end in ("caused", "caused_low", "caused_high")
        )
        known = bool(np.isfinite(value + low + high)) and high > low
        grades[name] = str(line["grade"]) if known else found.grade
        if known:
            error = ((high - low) / (2 * interval.QUANTILE)) ** 2
            weight = variance[place] / (variance[place] + error)
            mean[place] += weight * (value - mean[place])
            variance[place] *= 1 - weight
    whole = found.drawn.retention
    return _Known(
        by_month, money, active, mean, variance, grades, float(whole.mean()), float(whole.var()), base
    )


def _shares_in_window(workspace, window: Window | None) -> dict[str, float]:
    """By programme, the part of what it brought on all days that came in the window: its measured effect is of all days,
    its spend of the window.
    """
    assert window is not None
    days = {"first_day": window.first_day, "last_day": window.last_day}
    use = workspace.query("programme_use", **days).to_dict("records")
    return {line["name"]: line["used_in_window"] / line["used"] for line in use}


def _with_tests(
    mean: float, variance: float, spend: float, tests: Sequence[ExperimentResult], seed: int
) -> tuple[float, float, np.ndarray]:
    """Mean and variance of a level, and draws of how its curve bends, once tests are known.

    Given x = k × spend, a test measures the level times a known number, so the level stays normal; draws of x count as
    much as they foresaw what was measured. That level and bend then hang together is left out, which only widens.
    """
    x = reach_draws(_BENDS, seed)
    levels, spreads, weights = np.full(len(x), mean), np.full(len(x), variance), np.zeros(len(x))
    for test in tests:
        high, low = (reach(x * money / spend, EXPONENTIAL) for money in (test.high_spend, test.low_spend))
        step = (high - low) / reach(x, EXPONENTIAL)
        foreseen = spreads * step**2 + test.standard_error**2
        off = test.effect - step * levels
        weights -= off**2 / (2 * foreseen) + np.log(foreseen) / 2
        gain = spreads * step / foreseen
        levels, spreads = levels + gain * off, spreads * (1 - gain * step)
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    centre = float(weights @ levels)
    chosen = np.searchsorted(np.cumsum(weights), (np.arange(DRAWS) + 0.5) / DRAWS).clip(max=len(x) - 1)
    order = np.random.default_rng(seed).permutation(DRAWS)
    return centre, float(weights @ (spreads + (levels - centre) ** 2)), x[chosen][order]


def _line(name: str, spend: np.ndarray, curve: Curve, customers: float, grade: str) -> Line:
    """curve: money per month; the line's is money per customer over the horizon."""
    return Line(
        name=name,
        motion=RETENTION,
        now=float(spend[-LATELY_MONTHS:].mean()),
        low=float(spend.min()),
        high=float(spend.max()),
        curve=Curve(0.0, curve.ceiling / customers, curve.k),
        grade=grade,
        spend=tuple(map(float, spend)),
    )


def _together(mean: np.ndarray, variance: np.ndarray, whole: float, error: float) -> np.ndarray:
    """Draws (programmes, DRAWS) of what each one brings, once it is known what all bring together, give or take error."""
    gain = variance / (variance.sum() + error)
    centre = mean + gain * (whole - mean.sum())
    covariance = np.diag(variance) - np.outer(gain, variance)
    half = np.random.default_rng(SEED + 7).standard_normal((DRAWS // 2, len(mean)))
    values, directions = np.linalg.eigh(covariance)
    away = half @ (directions * np.sqrt(np.clip(values, 0.0, None))).T
    return (centre + np.concatenate([away, -away])).T
