"""Settings of a workspace: what the numbers assume where the data do not say it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from analytics.warehouse.engine import Cursor, rows, run
from analytics.warehouse.errors import WorkspaceError

MOTIONS = ("acquisition", "retention")


@dataclass(frozen=True)
class Settings:
    """What a workspace assumes.

    currency: code of its money, None = as the files say. margin_rate: gross margin / revenue in [0, 1]
    for rows without a margin, None = not known. baseline_share: the part of reorders and referrals that
    would have come anyway, in [0, 1], give or take baseline_share_range. discount_rate: yearly.
    referral_window_days: how long before a first order a referral may lie. churn_horizon_days: who places
    no order for so long has left, as far as the forecast is concerned. motions: (spend channel,
    acquisition | retention) pairs for names of which the files do not say it.
    """

    currency: str | None = None
    margin_rate: float | None = None
    baseline_share: float = 0.6
    baseline_share_range: float = 0.2
    discount_rate: float = 0.1
    horizon_months: int = 12
    referral_window_days: int = 90
    churn_horizon_days: int = 90
    motions: tuple[tuple[str, str], ...] = ()

    def changed(self, **changes: Any) -> Settings:
        """These settings with `changes`; WorkspaceError names the first that is not possible."""
        known = {field.name for field in fields(self)}
        for name in changes:
            if name not in known:
                raise WorkspaceError(f"There is no setting {name!r}; there are {', '.join(sorted(known))}.")
        new = replace(self, **changes)
        new = replace(
            new, motions=tuple(sorted((str(name), str(motion)) for name, motion in _pairs(new.motions)))
        )
        _check(new)
        return new


def _pairs(motions: Any) -> Any:
    return motions.items() if isinstance(motions, dict) else motions


def _check(settings: Settings) -> None:
    for name in ("margin_rate", "baseline_share", "baseline_share_range"):
        value = getattr(settings, name)
        if value is not None and not 0 <= value <= 1:
            raise WorkspaceError(f"{name} is {value}; it must lie between 0 and 1 (0.4 means 40 %).")
    if not 0 <= settings.discount_rate <= 10:
        raise WorkspaceError(
            f"discount_rate is {settings.discount_rate}; it must lie between 0 and 10 (0.1 = 10 %)."
        )
    if not 1 <= settings.horizon_months <= 120:
        raise WorkspaceError(f"horizon_months is {settings.horizon_months}; it must lie between 1 and 120.")
    if not 0 <= settings.referral_window_days <= 3650:
        raise WorkspaceError(
            f"referral_window_days is {settings.referral_window_days}; it must lie from 0 to 3650."
        )
    if not 7 <= settings.churn_horizon_days <= 730:
        raise WorkspaceError(
            f"churn_horizon_days is {settings.churn_horizon_days}; it must lie from 7 to 730."
        )
    for name, motion in settings.motions:
        if motion not in MOTIONS:
            raise WorkspaceError(
                f"The motion of {name!r} is {motion!r}; it must be acquisition or retention."
            )


def settings_to_json(settings: Settings) -> dict[str, Any]:
    """The settings as plain JSON values; motions as an object name -> motion."""
    return {**asdict(settings), "motions": dict(settings.motions)}


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
