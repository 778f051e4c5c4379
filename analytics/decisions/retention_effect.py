"""What the programmes for existing customers caused in a stretch of days, measured on a holdout (evidence grade A).

Customers are compared by the arm that they were in at their first eligible touch, whether they responded or not
(intention to treat). The outcome of a customer is

    margin of reorders from that touch to the window's end
    + friends brought × what a referred customer is worth over the horizon

less what was known before the touch explains (analysis of covariance; Deng, Xu, Kohavi, Walker 2013, "Improving the
sensitivity of online controlled experiments by utilizing pre-experiment data"). What the programmes caused is the
difference of the arms' means, for every treated customer.

What programmes change after the window is not counted: carrying the difference on at the treated customers' own rates
(BG/NBD) would take for granted that programmes which stop go on working, and overstates them in simulated companies.

Without a holdout the customers whom programmes made contact with in a month are compared with alike ones whom they did
not (evidence grade B): margin of reorders in that month, by augmented inverse propensity weighting on what was known when
the month began. It holds what a contact causes within its month; what it causes later, and friends, are left out.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.decisions import interval
from analytics.decisions.economics import NAN
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.decisions.period import groups, same_name
from analytics.decisions.uplift import adjusted, measured
from analytics.decisions.window import Window
from analytics.warehouse.filters import Filters

MEASURED, ADJUSTED = "A", "B"
MOST_CUSTOMERS = 20_000  # whom grade B looks at month by month; of more, every n-th
FEWEST = 30  # customers of either arm, with fewer no mean is worth its interval
DRAWS = 8_000
SEED = 1_710
DAYS_PER_YEAR = 365.25
ROWS_PER_COVARIATE = 10  # of the smaller arm: with fewer, adjusting adds more noise than it takes away


@dataclass(frozen=True, eq=False)
class RetentionEffect:
    """grade: A or B. treated, holdout: customers of either arm (B: customer-months with and without a contact). margin: what was caused over the horizon, money. in_window: the part of
    the window's reorders and referred orders that was caused, money. draws, window_draws: of both together, (DRAWS,).
    reorders, friends: the parts of margin; friends in money. unadjusted: the plain difference of the two groups, for
    every treated customer. trimmed, e_value, e_value_of_end, overlap: of grade B, see uplift.Adjusted.
    """

    grade: str
    treated: int
    holdout: int
    margin: Interval
    in_window: Interval
    draws: np.ndarray
    window_draws: np.ndarray
    reorders: Interval = NOT_KNOWN
    friends: Interval = NOT_KNOWN
    unadjusted: Interval = NOT_KNOWN
    trimmed: int = 0
    e_value: float = NAN
    e_value_of_end: float = NAN
    overlap: pd.DataFrame | None = None

    @property
    def holdout_share(self) -> float:
        """The part of the eligible customers that was left alone."""
        return self.holdout / (self.treated + self.holdout)


def retention_effect(
    workspace, window: Window, filters: Filters, margin_rate: float | None, friend_value: float
) -> RetentionEffect | None:
    """Asks the warehouse; None without a holdout, or with fewer than FEWEST customers in an arm.

    friend_value: margin of a referred customer over the horizon, first order included.
    """
    rows = workspace.query(
        "retention_outcomes",
        first_day=window.first_day,
        last_day=window.last_day,
        margin_rate=margin_rate,
        **groups(filters),
    )
    treated = rows["treated"].to_numpy(bool)
    if min(treated.sum(), (~treated).sum()) < FEWEST:
        return None
    return _measured(rows, treated, window, friend_value)


def adjusted_effect(
    workspace, window: Window, filters: Filters, margin_rate: float | None, programmes: tuple[str, ...]
) -> RetentionEffect | None:
    """Of contacts that were not drawn by lot; None where there are none, or nobody to compare with.

    programmes: their names as the spend spells them.
    """
    names = [same_name(name) for name in programmes]
    size = workspace.query("contact_customers", programmes=names).iloc[0]
    if not size["contacts"]:
        return None
    nth = max(1, math.ceil(size["customers"] / MOST_CUSTOMERS))
    rows = workspace.query(
        "contact_months",
        first_month=window.first_day.replace(day=1),
        last_month=window.last_day.replace(day=1),
        margin_rate=margin_rate,
        programmes=names,
        every_nth=nth,
        **groups(filters),
    )
    treated = rows["treated"].to_numpy(bool)
    if min(treated.sum(), (~treated).sum()) < FEWEST:
        return None
    outcome = rows["outcome"].to_numpy(float)
    found = adjusted(outcome, treated, _known_in(rows), among="treated")
    if not found.effect.known:
        return None
    contacts = nth * int(treated.sum())
    margin = _times(found.effect, contacts)
    spread = (margin.high - margin.low) / (2 * interval.QUANTILE)
    scores = np.random.default_rng(SEED).standard_normal(DRAWS // 2)
    draws = margin.value + spread * np.concatenate([scores, -scores])
    return RetentionEffect(
        grade=ADJUSTED,
        treated=contacts,
        holdout=nth * int((~treated).sum()),
        margin=margin,
        in_window=margin,
        draws=draws,
        window_draws=draws,
        reorders=margin,
        unadjusted=_times(measured(outcome, treated), contacts),
        trimmed=nth * found.trimmed,
        e_value=found.e_value,
        e_value_of_end=found.e_value_of_end,
        overlap=found.overlap,
    )


def _times(of_one: Interval, count: int) -> Interval:
    return Interval(count * of_one.value, count * of_one.low, count * of_one.high)


def _known_in(rows: pd.DataFrame) -> pd.DataFrame:
    """What was known when a month began."""
    orders = rows["orders_before"].to_numpy(float)
    month = (12 * rows["month"].dt.year + rows["month"].dt.month).to_numpy(float)
    return pd.DataFrame(
        {
            "orders": np.log1p(orders),
            "margin_per_order": rows["margin_before"] / np.maximum(orders, 1.0),
            "last_month": np.minimum(rows["orders_month_1"], 2),
            "month_before": np.minimum(rows["orders_month_2"], 2),
            "third_month": np.minimum(rows["orders_month_3"], 2),
            "silent": np.log1p(rows["silent_days"].clip(upper=1_000)),
            "tenure": np.log1p(rows["tenure_days"]),
            "rate": orders / (rows["tenure_days"] + 90),
            "treated_before": rows["treated_before"].astype(float),
            "existing": (rows["acquired_source"] == "existing").astype(float),
            "segment": rows["segment"].fillna(""),
            "trend": month,
            "season": np.sin(month * math.pi / 6),
            "other_season": np.cos(month * math.pi / 6),
        }
    )


def _measured(
    rows: pd.DataFrame, treated: np.ndarray, window: Window, friend_value: float
) -> RetentionEffect:
    reorders, friends = rows["reorder_margin"].to_numpy(), rows["friends"].to_numpy(float)
    known_value = friend_value if np.isfinite(friend_value) else 0.0
    so_far = float(rows["friends_margin"].sum()) / max(friends.sum(), 1.0)
    outcomes = np.column_stack(
        [
            reorders + known_value * friends,
            reorders + so_far * friends,
            reorders,
            known_value * friends,
        ]
    )
    effects = _Effects(outcomes, treated, _known_before(rows, window, (~treated).sum()))
    drawn = effects.draws()
    return RetentionEffect(
        grade=MEASURED,
        treated=int(treated.sum()),
        holdout=int((~treated).sum()),
        margin=effects.interval(0),
        in_window=effects.interval(1),
        draws=drawn[:, 0],
        window_draws=drawn[:, 1],
        reorders=effects.interval(2),
        friends=effects.interval(3),
        unadjusted=_Effects(outcomes[:, :1], treated, np.zeros((len(rows), 0))).interval(0),
    )


class _Effects:
    """Differences of means for every treated customer, of several outcomes (n, k) at once."""

    def __init__(self, outcomes: np.ndarray, treated: np.ndarray, covariates: np.ndarray) -> None:
        design = np.column_stack([np.ones(len(treated)), treated, covariates])
        found = np.linalg.lstsq(design, outcomes, rcond=None)[0]
        adjusted = outcomes - covariates @ found[2:]
        customers = treated.sum()
        means = [adjusted[arm].mean(axis=0) for arm in (treated, ~treated)]
        self.totals = customers * (means[0] - means[1])
        parts = np.where(
            treated[:, None],
            adjusted - means[0],
            -(adjusted - means[1]) * customers / (~treated).sum(),
        )
        lost = len(treated) / max(
            len(treated) - design.shape[1], 1
        )  # degrees of freedom that the adjustment takes
        self.second, self.third = lost * parts.T @ parts, (parts**3).sum(axis=0)

    def interval(self, place: int) -> Interval:
        """Of one outcome."""
        total, second, third = self.totals[place], self.second[place, place], self.third[place]
        return interval.of_total(float(total), float(second), float(third))

    def draws(self) -> np.ndarray:
        """Of all outcomes jointly, (DRAWS, k)."""
        return interval.draws(self.totals, self.second, self.third, DRAWS, SEED)


def _known_before(rows: pd.DataFrame, window: Window, smaller_arm: int) -> np.ndarray:
    """Covariates (n, p), centred: what was known at the first eligible touch, and how long is observed from there."""
    years = (pd.Timestamp(window.last_day) - rows["begins"]).dt.days.to_numpy() / DAYS_PER_YEAR
    silent = rows["silent_days_before"].to_numpy(float)
    known = [
        rows["margin_before"], rows["orders_before"], rows["first_margin"], np.log1p(np.maximum(silent, 0.0)),
        silent < 0, rows["tenure_days"] / DAYS_PER_YEAR, rows["acquired_source"] == "existing",
    ]  # fmt: skip
    columns = [years] + [np.asarray(column, float) * years for column in known]
    for name in ("segment", "region"):
        columns += [(rows[name] == value).to_numpy() * years for value in rows[name].dropna().unique()[1:]]
    columns += [np.asarray(column, float) for column in known]
    enough = columns[: max(smaller_arm // ROWS_PER_COVARIATE, 1)]
    covariates = np.column_stack(enough)
    return covariates - covariates.mean(axis=0)
