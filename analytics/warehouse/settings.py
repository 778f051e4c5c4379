"""Settings of a workspace: what the numbers assume where the data do not say it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from analytics.language import gettext as _
from analytics.warehouse.engine import Cursor, rows, run
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.experiments import MOTIONS, Experiment, experiments_of

# figure of the scorecard -> the smallest and the largest goal that can be meant: shares, and days to an answer
GOALS = {
    "retention_budget_share": (0.0, 1.0),
    "repeat_rate": (0.0, 1.0),
    "nrr": (0.0, 10.0),
    "grr": (0.0, 1.0),
    "referral_rate": (0.0, 1.0),
    "answer_days": (0.0, 14.0),
    "unanswered_share": (0.0, 1.0),
    "satisfaction": (0.0, 1.0),
}


@dataclass(frozen=True)
class Settings:
    """What a workspace assumes.

    currency: code of its money, None = as the files say. margin_rate: gross margin / revenue in [0, 1]
    for rows without a margin, None = not known. baseline_share: the part of reorders and referrals that
    would have come anyway, in [0, 1], give or take baseline_share_range. referral_caused_share: the part of
    referred customers who would not have come otherwise, in [0, 1]; Kumar, Petersen, Leone (2007) tell them from
    the others by asking new customers, and until that is done half and half stands. discount_rate: yearly.
    referral_window_days: how long before a first order a referral may lie. churn_horizon_days: who places
    no order for so long has left, as far as the forecast is concerned. points_outstanding: what redeeming all
    loyalty points would cost that customers hold, as the books have it, None = not known. motions: (spend channel,
    acquisition | retention) pairs for names of which the files do not say it. goals: (figure of the
    scorecard, what it should reach) pairs: shares as 0.6 for 60 %, answer_days in days. experiments: what holdouts and
    tests in some regions measured, which sharpens the response curves.
    """

    currency: str | None = None
    margin_rate: float | None = None
    baseline_share: float = 0.6
    baseline_share_range: float = 0.2
    referral_caused_share: float = 0.5
    discount_rate: float = 0.1
    horizon_months: int = 12
    referral_window_days: int = 90
    churn_horizon_days: int = 90
    points_outstanding: float | None = None
    motions: tuple[tuple[str, str], ...] = ()
    goals: tuple[tuple[str, float], ...] = ()
    experiments: tuple[Experiment, ...] = ()

    def changed(self, **changes: Any) -> Settings:
        """These settings with `changes`; WorkspaceError names the first that is not possible."""
        known = {field.name for field in fields(self)}
        for name in changes:
            if name not in known:
                raise WorkspaceError(
                    _("There is no setting {name!r}; there are {names}.").format(
                        name=name, names=", ".join(sorted(known))
                    )
                )
        new = replace(self, **changes)
        new = replace(
            new, motions=tuple(sorted((str(name), str(motion)) for name, motion in _pairs(new.motions)))
        )
        new = replace(new, goals=_goals(new.goals), experiments=experiments_of(new.experiments))
        _check(new)
        return new


def _pairs(motions: Any) -> Any:
    return motions.items() if isinstance(motions, dict) else motions


def goals_after(settings: Settings, changes: list[tuple[str, str]]) -> dict[str, float]:
    """The goals with some set as texts; "none" takes one away. WorkspaceError for a text that is no number."""
    goals = dict(settings.goals)
    for name, text in changes:
        if text == "none":
            goals.pop(name, None)
            continue
        try:
            goals[name] = float(text)
        except ValueError as problem:
            raise WorkspaceError(
                _("The goal of {name} is {text!r}; write a number, as 0.6, or none.").format(
                    name=name, text=text
                )
            ) from problem
    return goals


def _goals(goals: Any) -> tuple[tuple[str, float], ...]:
    """The goals by name; WorkspaceError names the first that cannot be meant."""
    found = sorted((str(name), goal) for name, goal in dict(_pairs(goals)).items())
    for name, goal in found:
        if name not in GOALS:
            raise WorkspaceError(
                _("There is no figure {name!r} to set a goal for; there are {names}.").format(
                    name=name, names=", ".join(GOALS)
                )
            )
        low, high = GOALS[name]
        if not isinstance(goal, int | float) or not low <= goal <= high:
            raise WorkspaceError(
                _("The goal of {name} is {goal}; it must lie from {low:g} to {high:g}.").format(
                    name=name, goal=goal, low=low, high=high
                )
            )
    return tuple((name, float(goal)) for name, goal in found)


def _check(settings: Settings) -> None:
    for name in ("margin_rate", "baseline_share", "baseline_share_range", "referral_caused_share"):
        value = getattr(settings, name)
        if value is not None and not 0 <= value <= 1:
            raise WorkspaceError(
                _("{name} is {value}; it must lie between 0 and 1 (0.4 means 40 %).").format(
                    name=name, value=value
                )
            )
    if settings.points_outstanding is not None and not 0 <= settings.points_outstanding < 1e15:
        raise WorkspaceError(
            _(
                "points_outstanding is {points_outstanding}; it must be an amount of money of 0 or more."
            ).format(points_outstanding=settings.points_outstanding)
        )
    if not 0 <= settings.discount_rate <= 10:
        raise WorkspaceError(
            _("discount_rate is {discount_rate}; it must lie between 0 and 10 (0.1 = 10 %).").format(
                discount_rate=settings.discount_rate
            )
        )
    if not 1 <= settings.horizon_months <= 120:
        raise WorkspaceError(
            _("horizon_months is {horizon_months}; it must lie between 1 and 120.").format(
                horizon_months=settings.horizon_months
            )
        )
    if not 0 <= settings.referral_window_days <= 3650:
        raise WorkspaceError(
            _("referral_window_days is {referral_window_days}; it must lie from 0 to 3650.").format(
                referral_window_days=settings.referral_window_days
            )
        )
    if not 7 <= settings.churn_horizon_days <= 730:
        raise WorkspaceError(
            _("churn_horizon_days is {churn_horizon_days}; it must lie from 7 to 730.").format(
                churn_horizon_days=settings.churn_horizon_days
            )
        )
    for name, motion in settings.motions:
        if motion not in MOTIONS:
            raise WorkspaceError(
                _("The motion of {name!r} is {motion!r}; it must be acquisition or retention.").format(
                    name=name, motion=motion
                )
            )


def settings_to_json(settings: Settings) -> dict[str, Any]:
    """The settings as plain JSON values; motions as an object name -> motion, goals as figure -> number, experiments as
    name -> parts.
    """
    experiments = {one.name: one.to_json() for one in settings.experiments}
    return {
        **asdict(settings),
        "motions": dict(settings.motions),
        "goals": dict(settings.goals),
        "experiments": experiments,
    }


def load_settings(cursor: Cursor) -> tuple[Settings, int]:
    """The stored settings, and how often they were changed."""
    stored = {row["name"]: json.loads(row["value"]) for row in rows(cursor, "ledger/settings")}
    revision = stored.pop("revision", 0)
    return Settings().changed(**stored), revision


def store_settings(cursor: Cursor, settings: Settings, revision: int) -> None:
    """Replace what is stored; inside the caller's transaction."""
    run(cursor, "ledger/clear_settings")
    for name, value in {**settings_to_json(settings), "revision": revision}.items():
        run(cursor, "ledger/add_setting", name=name, value=json.dumps(value))
