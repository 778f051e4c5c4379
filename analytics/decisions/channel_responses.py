"""Response curves of the paid channels: how many customers a month's spend wins, learnt from the months of the costed window."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import pandas as pd

from analytics.decisions.experiments import Sharpened, of_line, result, sharpened
from analytics.decisions.period import same_name
from analytics.decisions.pooled_responses import pooled_curves
from analytics.decisions.response import (
    ExperimentResult,
    Response,
    fit_likelier,
    fit_response,
    season_index,
)
from analytics.decisions.response_curve import Curve
from analytics.decisions.window import Window
from analytics.warehouse.experiments import Experiment

ACQUISITION = "acquisition"
FEWEST_MONTHS = 8  # with fewer, only the prior would speak
DRAWS = 1_000
SEED = 1_996


@dataclass(frozen=True, eq=False)
class ChannelResponse:
    """name: as the spend spells it. spend, customers: by month, one length; caused: draws of how many of all these
    customers the spend caused, (DRAWS,). sharpened: what typed-in experiments changed, None without any.
    """

    name: str
    response: Response
    spend: np.ndarray
    customers: np.ndarray
    curve: Curve
    caused: np.ndarray
    sharpened: Sharpened | None = None

    @property
    def caused_share(self) -> np.ndarray:
        """The part of the channel's customers that its spend caused, draws in [0, 1]."""
        return np.clip(self.caused / max(self.customers.sum(), 1.0), 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class ChannelResponses:
    """months: first days of the months. channels: name -> its response, of paid channels that won anybody."""

    months: pd.DatetimeIndex
    channels: dict[str, ChannelResponse] = field(default_factory=dict)

    @property
    def sharpened(self) -> tuple[Sharpened, ...]:
        """What typed-in experiments changed."""
        return tuple(c.sharpened for c in self.channels.values() if c.sharpened is not None)

    @cached_property
    def caused_share(self) -> np.ndarray:
        """The part of all paid channels' customers that spend caused, (DRAWS,); empty where nothing was fitted."""
        if not self.channels:
            return np.zeros(0)
        caused = np.sum([c.caused_share * c.customers.sum() for c in self.channels.values()], axis=0)
        return caused / max(sum(c.customers.sum() for c in self.channels.values()), 1.0)

    @cached_property
    def marginal_share(self) -> np.ndarray:
        """Customers that 1 % more of every channel's spend would win, for each 1 % of the spend, (DRAWS,)."""
        spends = {name: float(c.spend.mean()) for name, c in self.channels.items()}
        more = [c.curve.marginal(spends[name]) * spends[name] for name, c in self.channels.items()]
        return np.sum(more, axis=0) / max(sum(spends.values()), 1e-12)


NO_RESPONSES = ChannelResponses(pd.DatetimeIndex([]))


def read_responses(workspace, window: Window, experiments: tuple[Experiment, ...] = ()) -> ChannelResponses:
    """Fits the curves of the paid channels on the whole months of the window; none with fewer than FEWEST_MONTHS.

    experiments: as typed in; those of channels sharpen these. The season is that of customers who came from channels
    without spend.
    """
    rows = read_months(workspace, window)
    if rows is None:
        return NO_RESPONSES
    months = pd.DatetimeIndex(sorted(rows["month"].unique()))
    spend = _by_month(rows[rows["motion"] == ACQUISITION], "spend", months)
    customers = _by_month(rows, "customers", months)
    free = [name for name in customers if name not in spend]
    season = season_index(customers[free].sum(axis=1).to_numpy() if free else np.zeros(len(months)))
    paid = {str(name): column.to_numpy(float) for name, column in spend.items() if column.sum() > 0}
    history = []
    for name, spent in paid.items():
        won = customers[name].to_numpy(float) if name in customers else np.zeros(len(months))
        if won.sum():
            mine = of_line(experiments, ACQUISITION, name)
            history.append(_History(_spelled(rows, name), spent, won, season / season.mean(), mine))
    return ChannelResponses(months, {found.name: found for found in _learnt(history)})


def read_months(workspace, window: Window) -> pd.DataFrame | None:
    """response_months.sql for the whole months of the window; None with fewer than FEWEST_MONTHS of them."""
    whole = window.whole_months()
    if whole is None:
        return None
    rows = workspace.query(
        "response_months",
        first_month=whole.first_day.replace(day=1),
        last_month=whole.last_day.replace(day=1),
    )
    rows = rows.assign(key=[None if pd.isna(name) else same_name(name) for name in rows["name"]])
    return rows if rows["month"].nunique() >= FEWEST_MONTHS else None


def _by_month(rows: pd.DataFrame, what: str, months: pd.DatetimeIndex) -> pd.DataFrame:
    named = rows[rows["key"].notna()]
    return named.pivot_table(index="month", columns="key", values=what, aggfunc="sum", fill_value=0).reindex(
        months, fill_value=0
    )


def _spelled(rows: pd.DataFrame, key: str) -> str:
    return str(rows.loc[(rows["key"] == key) & (rows["spend"] > 0), "name"].iloc[0])


@dataclass(frozen=True, eq=False)
class _History:
    """One channel's months, and the experiments with it; season with mean 1."""

    name: str
    spend: np.ndarray
    customers: np.ndarray
    season: np.ndarray
    experiments: tuple[Experiment, ...]

    def fit(self, tests: Sequence[ExperimentResult]) -> Response:
        """With these results of experiments; of the family that all of them and the months speak for."""
        return fit_response(self.spend, self.customers, self.likelier.family, season=self.season, tests=tests)

    @cached_property
    def likelier(self) -> Response:
        """With all that is known."""
        tests = [result(one) for one in self.experiments]
        return fit_likelier(self.spend, self.customers, season=self.season, tests=tests)


def _learnt(history: list[_History]) -> list[ChannelResponse]:
    """Each channel's curve with what the others tell of it."""
    responses = [one.likelier for one in history]
    curves = pooled_curves(responses, DRAWS, SEED)

    def again(place: int, tests: Sequence[ExperimentResult]) -> Curve:
        others = [*responses[:place], history[place].fit(tests), *responses[place + 1 :]]
        return pooled_curves(others, DRAWS, SEED)[place]

    found = []
    for place, (one, response, curve) in enumerate(zip(history, responses, curves, strict=True)):
        changed = None
        if one.experiments:
            spend = float(one.spend.mean())
            changed = sharpened(one.name, one.experiments, spend, partial(again, place), curve)
        caused = np.maximum(one.customers.sum() - np.asarray(curve.base) * one.season.sum(), 0.0)
        found.append(ChannelResponse(one.name, response, one.spend, one.customers, curve, caused, changed))
    return found
