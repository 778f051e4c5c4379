"""What typed-in experiments make of the curves: as the fits take them, what changed by them, and what contradicts what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.decisions import wording
from analytics.decisions.interval import QUANTILE, Interval, of_draws
from analytics.decisions.period import same_name
from analytics.decisions.response import ExperimentResult
from analytics.decisions.response_curve import Curve
from analytics.language import gettext as _
from analytics.warehouse.experiments import Experiment

DAYS_PER_MONTH = 365.25 / 12
FAR = 2.0  # standard deviations: chance alone puts one measurement in twenty further away from what was foreseen

Foreseen = Callable[[Sequence[ExperimentResult]], Curve]  # the curve in draws, learnt with these results


@dataclass(frozen=True)
class Contradiction:
    """An experiment that lies further from all else than chance explains. foreseen: its effect over its days, as months and
    the other experiments have it.
    """

    experiment: Experiment
    foreseen: Interval


@dataclass(frozen=True)
class Sharpened:
    """One curve before and after its experiments. line: as the spend names it; ceiling: outcome per month; k: per unit of
    monthly spend; caused: outcome per month at a monthly spend of `spend`; medians, each with its 80 % interval.
    """

    line: str
    motion: str
    experiments: tuple[Experiment, ...]
    ceiling_before: Interval
    ceiling: Interval
    k_before: Interval
    k: Interval
    spend: float
    caused_before: Interval
    caused: Interval
    contradictions: tuple[Contradiction, ...] = ()


def of_line(experiments: Iterable[Experiment], motion: str, line: str) -> tuple[Experiment, ...]:
    """The experiments of one channel or programme, however it is spelled."""
    return tuple(e for e in experiments if e.motion == motion and same_name(e.line) == same_name(line))


def result(experiment: Experiment) -> ExperimentResult:
    """As the fit takes it: the effect per month, and its standard error from the width of the 80 % range."""
    months = _months(experiment)
    return ExperimentResult(
        experiment.spend_without,
        experiment.spend_with,
        experiment.effect / months,
        (experiment.high - experiment.low) / (2 * QUANTILE) / months,
    )


def sharpened(
    line: str, experiments: tuple[Experiment, ...], spend: float, learn: Foreseen, after: Curve
) -> Sharpened:
    """What the experiments of one line changed. spend: money a month of today; after: the curve learnt with all of them,
    in draws.
    """
    before = learn(())
    return Sharpened(
        line=line,
        motion=experiments[0].motion,
        experiments=experiments,
        ceiling_before=_interval(before.ceiling),
        ceiling=_interval(after.ceiling),
        k_before=_interval(before.k),
        k=_interval(after.k),
        spend=spend,
        caused_before=_interval(before.caused(spend)),
        caused=_interval(after.caused(spend)),
        contradictions=_contradictions(experiments, learn, before),
    )


def sentence(found: Contradiction, currency: str | None) -> str:
    """What was measured beside what was foreseen, in words."""
    one = found.experiment

    def write(amount: float) -> str:
        return wording.number(amount) if one.motion == "acquisition" else wording.money(amount, currency)

    return _(
        "The experiment {name} measured {measured} of {line}, where months and other experiments foresee {foreseen}: they "
        "contradict each other by more than chance. All of them stand in the curve; find out what differed, or remove "
        "the one that is wrong."
    ).format(
        name=one.name,
        line=one.line,
        measured=wording.with_range(Interval(one.effect, one.low, one.high), write),
        foreseen=wording.with_range(found.foreseen, write),
    )


def unused(experiments: Iterable[Experiment], found: Iterable[Sharpened]) -> tuple[str, ...]:
    """A sentence for each experiment whose channel or programme has no curve."""
    used = {one.name for curve in found for one in curve.experiments}
    return tuple(
        _(
            "The experiment {name} is not used: no curve of {line} could be fitted from the months of this view."
        ).format(name=one.name, line=one.line)
        for one in experiments
        if one.name not in used
    )


def _contradictions(
    experiments: tuple[Experiment, ...], learn: Foreseen, before: Curve
) -> tuple[Contradiction, ...]:
    """Each experiment against the curve that months and the other experiments make."""
    found = []
    for one in experiments:
        others = [result(other) for other in experiments if other is not one]
        curve, measured = learn(others) if others else before, result(one)
        draws = curve.caused(measured.high_spend) - curve.caused(measured.low_spend)
        spread = np.hypot(float(np.std(draws)), measured.standard_error)
        if abs(measured.effect - float(np.mean(draws))) > FAR * spread:
            found.append(Contradiction(one, _interval(_months(one) * draws)))
    return tuple(found)


def _months(experiment: Experiment) -> float:
    return ((experiment.last_day - experiment.first_day).days + 1) / DAYS_PER_MONTH


def _interval(draws) -> Interval:
    """Around the median: what is known of a ceiling from months alone is skewed, and its mean of little use."""
    drawn = np.atleast_1d(np.asarray(draws, float))
    return of_draws(float(np.median(drawn)), drawn)
