"""What the budget model is made of: response curves of channels, effects of programmes, and what customers are worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from analytics.decisions import interval
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget_model import ACQUISITION, RETENTION, BudgetModel, Line
from analytics.decisions.case import Case, read_curves
from analytics.decisions.channel_responses import (
    DRAWS,
    SEED,
    ChannelResponse,
    ChannelResponses,
    read_months,
)
from analytics.decisions.economics import share
from analytics.decisions.friends import with_friends
from analytics.decisions.incentives import incentives
from analytics.decisions.missing import Missing
from analytics.decisions.period import Known, Period, read_period, same_name
from analytics.decisions.response_curve import Curve, reach
from analytics.decisions.response_priors import reach_draws
from analytics.decisions.value_curve import horizon_value, value_curve
from analytics.language import gettext as _
from analytics.warehouse.filters import Filters

LATELY_MONTHS = 3  # today's spends are the mean of these
ACTIVE_DAYS = 365  # who ordered within them is a customer of today
LATE_QUARTERS, MOST_GROWTH = 2, 3.0
USUAL_RETURN, USUAL_SPREAD = 1.0, 1.0  # what a programme brings per unit before anything is measured


@dataclass(frozen=True, eq=False)
class Inputs:
    """The model, or what it lacks. horizon_months: of plan and value; organic: new customers per month who cost nothing."""

    model: BudgetModel | None
    missing: tuple[Missing, ...] = ()


def read_inputs(workspace, filters: Filters, assumptions: Assumptions, found: Case, known: Known) -> Inputs:
    """Reads the model of the case's costed window."""
    if found.verdict is None or found.drawn is None or found.costed is None:
        return Inputs(None, found.missing)
    months = read_months(workspace, found.costed)
    responses = found.responses
    if months is None or not responses.channels:
        return Inputs(None, (_too_few_months(),))
    period = read_period(workspace, found.costed, filters, assumptions.margin_rate, known)
    worth = _Worth(workspace, filters, assumptions, found, known, period)
    channels = tuple(
        _channel(c, months, worth, number) for number, c in enumerate(responses.channels.values())
    )
    organic = _organic(months, responses)
    since = known.orders.last_day - timedelta(days=ACTIVE_DAYS)
    active = float(workspace.query("active_customers", since=since).iloc[0]["customers"])
    customers = active / assumptions.horizon_months + organic
    won = sum(float(c.customers.mean()) for c in responses.channels.values())
    programmes = _programmes(
        workspace, filters, assumptions, found, months, (customers + won) / _growth(period)
    )
    programmes = tuple(_told_apart(line, channels) for line in programmes)
    arrival = np.array([worth.arrival for _line in channels])
    return Inputs(BudgetModel((*channels, *programmes), customers, assumptions.horizon_months, arrival))


class _Worth:
    """What a customer of each channel is worth over the horizon without programmes."""

    def __init__(
        self, workspace, filters: Filters, assumptions: Assumptions, found: Case, known: Known, period: Period
    ) -> None:
        window = period.window
        self.curves = read_curves(workspace, filters, window, window.before(), known)
        self.period, self.assumptions = period, assumptions
        drawn = found.drawn
        assert drawn is not None
        self.baseline = float(np.mean(drawn.b))
        self.pooled = np.resize(drawn.value, DRAWS)
        self.customers = max(period.customers_won, 1)
        curve = value_curve(self.curves, period.won_channels, assumptions.margin_rate)
        horizon = horizon_value(curve, assumptions)
        months = np.diff(np.array(horizon.expected)) * curve.customers[: horizon.months]
        first = share(period.margin(period.won), self.customers)
        flow = np.zeros(assumptions.horizon_months)
        flow[: len(months)] = self.baseline * np.maximum(months, 0.0)
        flow[0] += max(first, 0.0)
        self.arrival = flow / flow.sum() if flow.sum() > 0 else np.eye(len(flow))[0]

    def draws(self, channel: str, number: int) -> np.ndarray:
        """Of a customer of this channel, money, (DRAWS,): the pooled value times how the channel's stands to it."""
        names = [name for name in self.period.won_channels if same_name(name) == same_name(channel)]
        lines = self.period.won[self.period.won["channel"].isin(names)]
        count = float(lines["orders"].sum())
        if not count:
            return self.pooled
        rest = with_friends(
            horizon_value(value_curve(self.curves, names, self.assumptions.margin_rate), self.assumptions),
            self.period,
        )
        own = share(self.period.margin(lines), count) + self.baseline * rest.value_per_customer
        spread = float(self.pooled.std()) * np.sqrt(max(self.customers / count - 1, 0.0))
        noise = np.random.default_rng([SEED, number]).standard_normal(DRAWS)
        return self.pooled * share(own, float(self.pooled.mean())) + spread * noise


def _channel(found: ChannelResponse, months: pd.DataFrame, worth: _Worth, number: int) -> Line:
    value = worth.draws(found.name, number)
    curve = Curve(
        found.curve.base,
        found.curve.ceiling,
        found.curve.k,
        value,
        found.curve.family,
        found.curve.shape,
        found.curve.carryover,
    )
    return Line(
        name=found.name,
        motion=ACQUISITION,
        now=float(found.spend[-LATELY_MONTHS:].mean()),
        low=float(found.spend.min()),
        high=float(found.spend.max()),
        curve=curve,
        spend=tuple(map(float, found.spend)),
        outcome=tuple(map(float, found.customers)),
    )


def _organic(months: pd.DataFrame, responses: ChannelResponses) -> float:
    """New customers per month from channels without spend."""
    paid = {same_name(name) for name in responses.channels}
    free = months[~months["key"].isin(paid)]
    return float(free["customers"].sum()) / max(len(responses.months), 1)


def _told_apart(programme: Line, channels: tuple[Line, ...]) -> Line:
    """Names tie numbers to lines: email may be a channel and a programme."""
    if same_name(programme.name) not in {same_name(line.name) for line in channels}:
        return programme
    return replace(programme, name=_("{name} (existing customers)").format(name=programme.name))


def _growth(period: Period) -> float:
    """How much more existing customers buy lately than on average in the window: programmes work on that much more."""
    by_quarter = period.kept.groupby("quarter")[["revenue"]].sum()["revenue"].to_numpy(float)
    if len(by_quarter) <= LATE_QUARTERS or not by_quarter.mean() > 0:
        return 1.0
    return float(np.clip(by_quarter[-LATE_QUARTERS:].mean() / by_quarter.mean(), 0.5, MOST_GROWTH))


def _programmes(
    workspace, filters: Filters, assumptions: Assumptions, found: Case, months: pd.DataFrame, customers: float
) -> tuple[Line, ...]:
    """customers: those of a month whom programmes work on."""
    spend = months[months["motion"] == RETENTION]
    names = [str(name) for name in spend.groupby("name")["spend"].sum().loc[lambda s: s > 0].index]
    if not names:
        return ()
    when = sorted(months["month"].unique())
    by_month = (
        spend.pivot_table(index="month", columns="name", values="spend", aggfunc="sum")
        .reindex(when)
        .fillna(0.0)
    )
    levels, grades = _levels(
        workspace, filters, assumptions, found, {n: float(by_month[n].mean()) for n in names}, len(when)
    )
    return tuple(
        _programme(name, by_month[name].to_numpy(float), levels[name] / customers, grades[name], number)
        for number, name in enumerate(names)
    )


def _programme(name: str, spend: np.ndarray, level: np.ndarray, grade: str, number: int) -> Line:
    """level: money per customer over the horizon at the mean spend, (DRAWS,); how it bends is the prior."""
    reached = reach_draws(DRAWS, SEED + 100 + number)
    k = reached / spend.mean()
    part = reach(reached, "exponential")
    return Line(
        name=name,
        motion=RETENTION,
        now=float(spend[-LATELY_MONTHS:].mean()),
        low=float(spend.min()),
        high=float(spend.max()),
        curve=Curve(0.0, level / part, k),
        grade=grade,
        spend=tuple(map(float, spend)),
    )


def _levels(
    workspace, filters: Filters, assumptions: Assumptions, found: Case, spend: dict[str, float], months: int
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Money per month that each programme caused at its mean spend, (DRAWS,), and its grade.

    Normal: the prior says that a programme earns itself back, give or take as much; then comes what was measured of the
    programme alone, then what was measured of all of them together.
    """
    assert found.drawn is not None
    lines = incentives(workspace, filters, assumptions).programmes
    own = {same_name(line["programme"]): line for line in lines.to_dict("records")}
    money = np.array(list(spend.values()))
    mean, variance, grades = USUAL_RETURN * money, (USUAL_SPREAD * money) ** 2, {}
    for place, name in enumerate(spend):
        line = own.get(same_name(name), {})
        value, low, high = (
            float(line.get(part, np.nan)) / months for part in ("caused", "caused_low", "caused_high")
        )
        known = bool(np.isfinite(value + low + high)) and high > low
        grades[name] = str(line["grade"]) if known else found.grade
        if known:
            error = ((high - low) / (2 * interval.QUANTILE)) ** 2
            weight = variance[place] / (variance[place] + error)
            mean[place] += weight * (value - mean[place])
            variance[place] *= 1 - weight
    whole = found.drawn.retention / months
    return dict(
        zip(spend, _together(mean, variance, float(whole.mean()), float(whole.var())), strict=True)
    ), grades


def _together(mean: np.ndarray, variance: np.ndarray, whole: float, error: float) -> np.ndarray:
    """Draws (programmes, DRAWS) of what each one brings, once it is known what all bring together, give or take error."""
    gain = variance / (variance.sum() + error)
    centre = mean + gain * (whole - mean.sum())
    covariance = np.diag(variance) - np.outer(gain, variance)
    half = np.random.default_rng(SEED + 7).standard_normal((DRAWS // 2, len(mean)))
    values, directions = np.linalg.eigh(covariance)
    away = half @ (directions * np.sqrt(np.clip(values, 0.0, None))).T
    return (centre + np.concatenate([away, -away])).T


def _too_few_months() -> Missing:
    return Missing(
        _(
            "Fewer than eight months hold both spend and new customers: what more or less spend would do cannot be told."
        ),
        _("Load the spend of earlier months, by month and channel."),
        "spend",
    )
