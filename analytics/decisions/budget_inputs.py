"""What the budget model is made of: response curves of channels, effects of programmes, and what customers are worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget_model import ACQUISITION, LATELY_MONTHS, BudgetModel, Line
from analytics.decisions.budget_programmes import read_programmes
from analytics.decisions.case import Case, read_curves
from analytics.decisions.channel_responses import (
    DRAWS,
    SEED,
    ChannelResponse,
    ChannelResponses,
    read_months,
)
from analytics.decisions.customer_base import shares_of_horizon
from analytics.decisions.economics import share
from analytics.decisions.experiments import Sharpened
from analytics.decisions.friends import with_friends
from analytics.decisions.missing import Missing
from analytics.decisions.period import Known, Period, groups, read_period, same_name
from analytics.decisions.response_curve import Curve
from analytics.decisions.value_curve import horizon_value, value_curve
from analytics.language import gettext as _
from analytics.warehouse.filters import Filters

ACTIVE_DAYS = 365  # who ordered within them is a customer of today


@dataclass(frozen=True, eq=False)
class Inputs:
    """The model, or what it lacks. sharpened: what typed-in experiments changed, by curve."""

    model: BudgetModel | None
    missing: tuple[Missing, ...] = ()
    sharpened: tuple[Sharpened, ...] = ()


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
    base = _base(workspace, filters, assumptions, months)
    programmes, changed = read_programmes(
        workspace, filters, assumptions, found, months, base, customers + won
    )
    programmes = tuple(_told_apart(line, channels) for line in programmes)
    arrival = np.array([worth.arrival for _line in channels])
    model = BudgetModel((*channels, *programmes), customers, assumptions.horizon_months, arrival)
    return Inputs(model, sharpened=(*responses.sharpened, *changed))


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
        first = share(period.margin(period.won), self.customers)
        flow = np.zeros(assumptions.horizon_months)
        flow[: len(horizon.by_month)] = self.baseline * np.maximum(horizon.by_month, 0.0)
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
    name = _("{name} (existing customers)").format(name=programme.name)
    return replace(programme, name=name, spelled=programme.name)


def _base(workspace, filters: Filters, assumptions: Assumptions, months: pd.DataFrame) -> pd.Series:
    """By month, what existing customers bought as a part of what they are foreseen to buy in a month of the horizon."""
    when = pd.DatetimeIndex(sorted(months["month"].unique()))
    rows = workspace.query(
        "reorder_revenue", first_month=when[0].date(), last_month=when[-1].date(), **groups(filters)
    )
    bought = rows.set_index("month")["revenue"].reindex(when).fillna(0.0).to_numpy(float)
    return pd.Series(shares_of_horizon(bought, assumptions.horizon_months), index=when)


def _too_few_months() -> Missing:
    return Missing(
        _(
            "Fewer than eight months hold both spend and new customers: what more or less spend would do cannot be told."
        ),
        _("Load the spend of earlier months, by month and channel."),
        "spend",
    )
