"""Who is leaving: the chance of no order in the next days, judged on days that it had not seen.

Customers without a contract never say that they leave. Two views of it: a forecast (the chance of no order within the
horizon, learnt at one past day and judged on a later stretch), and P(alive) of BG/NBD (models/lifetime.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from threading import Thread

import numpy as np
import pandas as pd

from analytics.language import gettext as _
from analytics.models.churn_features import (
    mean_gap_days,
    read_features,
    read_outcome,
    refuse_late,
    share_for,
    usual_gap_days,
)
from analytics.models.churn_model import ChurnModel, import_learners
from analytics.models.lifetime import BetaGeoNBD
from analytics.models.retention import data_begin, data_end
from analytics.warehouse.filters import Filters

FEWEST_CUSTOMERS = 200  # at the day that is learnt from
FEWEST_OF_A_KIND = 25  # who came back, and who did not, in each of the two stretches
FEWEST_DAYS_BEFORE = 60  # of history at the day that is learnt from
BINS = 10
GONE, SLIPPING = (
    0.9,
    0.5,
)  # chance of no order, from which on a customer who is silent for too long counts as such
MOST_LISTED = 2_000
STATES = ("staying", "slipping", "likely gone")


class NotEnoughData(ValueError):
    """Too few customers or days for a forecast; one sentence that says what is there and what is needed."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """How good the forecast was on days that it had not seen, against one from recency alone.

    first_day, last_day: those days. lift_top_decile: how much more often than average the tenth of customers with the
    highest chance of leaving did leave. calibration: frame[forecast, observed, customers, low, high], one row per
    tenth of customers by their forecast, with the 80 % interval of a rate of so many customers. lift: frame[tenth,
    observed, ratio], from the highest forecast.
    """

    first_day: date
    last_day: date
    customers: int
    churn_rate: float
    auc: float
    brier: float
    baseline_auc: float
    baseline_brier: float
    lift_top_decile: float
    calibration: pd.DataFrame
    lift: pd.DataFrame


@dataclass(frozen=True, eq=False)
class ChurnForecast:
    """A model learnt from the last horizon_days before `today`, and how one like it did on them.

    alive: the other view; None where its model cannot be fitted. usual_gap_days: between two orders, for customers of
    one or two orders. features: of today, of the customers that it was learnt from, so that they need not be read again.
    """

    today: date
    horizon_days: int
    model: ChurnModel
    judged: Judgement
    alive: BetaGeoNBD | None
    usual_gap_days: float
    features: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class Standing:
    """Where customers stand today. people: frame[customer_id, segment, region, acquired_channel, orders, first_day,
    last_day, silent_days, gap_days, value_per_year, churn_probability, probability_alive, state, value_at_risk] of all,
    or of an even sample of them; each stands for `weight` customers. listed: the same of those who are slipping, most
    value at risk first, from among the dearest MOST_LISTED who are silent for too long. by_revenue: value is revenue,
    as margins are not known.
    """

    customers: int
    weight: float
    people: pd.DataFrame
    listed: pd.DataFrame
    features: pd.DataFrame
    by_revenue: bool

    def count(self, state: str) -> float:
        """Customers in a state; an estimate where they are a sample."""
        return float((self.people["state"] == state).sum() * self.weight)

    def value(self, state: str, column: str = "value_per_year") -> float:
        """The sum over customers in a state of value_per_year or value_at_risk."""
        return float(self.people.loc[self.people["state"] == state, column].sum() * self.weight)


def forecast(workspace, horizon_days: int | None = None) -> ChurnForecast:
    """Learns and judges; horizon_days: default the workspace's setting. Raises NotEnoughData."""
    days = horizon_days or workspace.settings.churn_horizon_days
    today, begin = data_end(workspace), data_begin(workspace)
    if today is None or begin is None:
        raise NotEnoughData(_("No orders are loaded, so there is nothing to learn who leaves from."))
    learn, judge = today - timedelta(days=2 * days), today - timedelta(days=days)
    _check_days(begin, learn, today, days)
    Thread(target=import_learners).start()  # while the warehouse reads
    share = share_for(_count(workspace, Filters()).customers)
    frame = read_features(workspace, [learn, judge, today], days, share=share)
    past = [frame[pd.to_datetime(frame["cutoff"]) == pd.Timestamp(day)] for day in (learn, judge, today)]
    churned = read_outcome(workspace, pd.concat(past[:2]), days, share)
    outcomes = churned[: len(past[0])], churned[len(past[0]) :]
    for day, outcome in zip((learn, judge), outcomes, strict=True):
        _check_customers(outcome, day, days)
    judged = judge_later(past[0], outcomes[0], past[1], outcomes[1], days)
    model = ChurnModel().fit(past[1], outcomes[1])
    return ChurnForecast(today, days, model, judged, _alive(past[2]), usual_gap_days(past[2]), past[2])


def judge_later(
    learnt: pd.DataFrame,
    learnt_churned: np.ndarray,
    later: pd.DataFrame,
    later_churned: np.ndarray,
    days: int,
) -> Judgement:
    """Learns from one cut-off and judges on a later one.

    Both are rows of read_features with their outcome. Raises LateFeature for a feature from after a cut-off, and
    ValueError where the stretch that is judged does not come after the one that is learnt from.
    """
    for rows in (learnt, later):
        refuse_late(rows)
    begin = pd.to_datetime(later["cutoff"]).min().date()
    if pd.to_datetime(learnt["cutoff"]).max().date() + timedelta(days=days) > begin:
        raise ValueError("The days that are judged must come after those that were learnt from.")
    chance = ChurnModel().fit(learnt, learnt_churned).predict(later)
    recency = ChurnModel(only=("recency",)).fit(learnt, learnt_churned).predict(later)
    return _judgement(chance, recency, later_churned, begin, days)


def standing(
    workspace, learnt: ChurnForecast, filters: Filters | None = None, margin_rate: float | None = None
) -> Standing:
    """Where the customers of the filters' groups stand on the last day of the data.

    Likely gone: silent for longer than is usual for him, and a chance of at least 90 % that no order comes within the
    horizon. Slipping: silent for longer than usual, and 50 to 90 %. Value: what a customer brought per year while he
    was active. Value at risk: that times the chance of no order.
    """
    filters = filters or Filters()
    counted = _count(workspace, filters)
    by_revenue = margin_rate is None and abs(counted.revenue_without_margin) >= 0.005
    asked = {
        "today": learnt.today,
        "usual_gap_days": learnt.usual_gap_days,
        "by_revenue": by_revenue,
        "margin_rate": margin_rate or 0.0,
        **_groups(filters),
    }
    share = share_for(counted.customers)
    sample = workspace.query("customer_values", **asked, share=share, only_silent=False, most=10**9)
    people, _rest = _standing_of(workspace, learnt, sample, share, filters)
    dearest = workspace.query("customer_values", **asked, share=65_536, only_silent=True, most=MOST_LISTED)
    listed, features = _standing_of(workspace, learnt, dearest, 0, filters)
    order = listed[listed["state"] == "slipping"].sort_values(
        ["value_at_risk", "customer_id"], ascending=[False, True]
    )
    return Standing(
        counted.customers,
        counted.customers / len(people) if len(people) else 1.0,
        people,
        order.reset_index(drop=True),
        features.loc[order.index].reset_index(drop=True),
        by_revenue,
    )


@dataclass(frozen=True)
class _Counted:
    customers: int
    revenue_without_margin: float


def _count(workspace, filters: Filters) -> _Counted:
    row = workspace.query("churn_customers", **_groups(filters)).iloc[0]
    return _Counted(int(row["customers"]), float(row["revenue_without_margin"]))


def _groups(filters: Filters) -> dict[str, list[str]]:
    return {
        "segments": list(filters.segments),
        "regions": list(filters.regions),
        "channels": list(filters.channels),
    }


def _standing_of(
    workspace, learnt: ChurnForecast, values: pd.DataFrame, share: int, filters: Filters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The customers of `values` with their chances and states, and their features in the same order."""
    named = () if share else tuple(values["customer_id"])
    if not len(values):
        named, share = (), 0
    if share and learnt.features is not None and not any(_groups(filters).values()):
        features = learnt.features
    else:
        features = read_features(
            workspace, [learnt.today], learnt.horizon_days, share=share, customers=named, filters=filters
        )
    features = (
        features.set_index("customer_id", drop=False).reindex(values["customer_id"]).reset_index(drop=True)
    )
    chance = learnt.model.predict(features) if len(features) else np.zeros(0)
    silent = (values["silent_days"] > values["gap_days"]).to_numpy()
    state = np.where(
        silent & (chance >= GONE), STATES[2], np.where(silent & (chance >= SLIPPING), STATES[1], STATES[0])
    )
    found = values.drop(columns="money").assign(
        churn_probability=chance,
        probability_alive=_probability_alive(learnt.alive, features),
        state=state,
        value_at_risk=chance * np.maximum(values["value_per_year"].to_numpy(float), 0.0),
    )
    return found, features


def _history(features: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """frequency (repeat days), recency and T of the literature, in days."""
    tenure = features["tenure_days"].to_numpy(float)
    return (
        features["order_days"].to_numpy(float) - 1,
        tenure - features["recency_days"].to_numpy(float),
        tenure,
    )


def _alive(features: pd.DataFrame) -> BetaGeoNBD | None:
    history = _history(features)
    if not len(features) or not history[0].any():
        return None
    try:
        return BetaGeoNBD().fit(*history)
    except RuntimeError:  # no optimum: the forecast stands without the other view
        return None


def _probability_alive(model: BetaGeoNBD | None, features: pd.DataFrame) -> np.ndarray:
    if model is None or not len(features):
        return np.full(len(features), np.nan)
    return model.probability_alive(*_history(features))


def _check_days(begin: date, learn: date, today: date, days: int) -> None:
    if (learn - begin).days < FEWEST_DAYS_BEFORE:
        raise NotEnoughData(
            _(
                "The forecast learns from {days} days and is judged on the next {days}, with {before} days "
                "before them: it needs {needed} days of orders, and there are {found}."
            ).format(
                days=days,
                before=FEWEST_DAYS_BEFORE,
                needed=2 * days + FEWEST_DAYS_BEFORE,
                found=(today - begin).days + 1,
            )
        )


def _check_customers(churned: np.ndarray, day: date, days: int) -> None:
    came_back, left = int((~churned).sum()), int(churned.sum())
    if len(churned) < FEWEST_CUSTOMERS or min(came_back, left) < FEWEST_OF_A_KIND:
        raise NotEnoughData(
            _(
                "On {day} there were {count:,} customers, of whom {came_back:,} ordered within {days} days: the "
                "forecast needs {needed}, and {each} each who did and who did not."
            ).format(
                day=day.isoformat(),
                count=len(churned),
                came_back=came_back,
                days=days,
                needed=FEWEST_CUSTOMERS,
                each=FEWEST_OF_A_KIND,
            )
        )


def _judgement(
    chance: np.ndarray, recency: np.ndarray, churned: np.ndarray, begin: date, days: int
) -> Judgement:
    from sklearn.metrics import roc_auc_score

    tenths = _tenths(chance, churned)
    return Judgement(
        first_day=begin + timedelta(days=1),
        last_day=begin + timedelta(days=days),
        customers=len(churned),
        churn_rate=float(churned.mean()),
        auc=float(roc_auc_score(churned, chance)),
        brier=float(np.mean((chance - churned) ** 2)),
        baseline_auc=float(roc_auc_score(churned, recency)),
        baseline_brier=float(np.mean((recency - churned) ** 2)),
        lift_top_decile=float(tenths["observed"].iloc[-1] / churned.mean()),
        calibration=tenths,
        lift=pd.DataFrame(
            {
                "tenth": np.arange(1, len(tenths) + 1),
                "observed": tenths["observed"].to_numpy()[::-1],
                "ratio": tenths["observed"].to_numpy()[::-1] / churned.mean(),
            }
        ),
    )


def _tenths(chance: np.ndarray, churned: np.ndarray) -> pd.DataFrame:
    """Customers in tenths by their forecast, lowest first, with what came."""
    order = np.argsort(chance, kind="stable")
    rows = []
    for part in np.array_split(order, BINS):
        observed, n = float(churned[part].mean()), len(part)
        low, high = _wilson(observed, n)
        rows.append((float(chance[part].mean()), observed, n, low, high))
    return pd.DataFrame(rows, columns=["forecast", "observed", "customers", "low", "high"])


def _wilson(rate: float, n: int) -> tuple[float, float]:
    """80 % interval of a rate seen in n customers (Wilson 1927)."""
    z = 1.2815515655446004
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


__all__ = [
    "GONE",
    "SLIPPING",
    "ChurnForecast",
    "Judgement",
    "NotEnoughData",
    "Standing",
    "forecast",
    "judge_later",
    "mean_gap_days",
    "standing",
]
