"""The budget's answer as one JSON object: the shape that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import wording
from analytics.decisions.wording import known
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.allocation import Binding
    from analytics.decisions.budget import Budget
    from analytics.decisions.budget_model import Line
    from analytics.decisions.interval import Interval


def budget_json(found: Budget) -> dict:
    """Money per month with two decimals, gains over the horizon; curves in the channel's own unit: customers or money."""
    model, best = found.model, found.best
    return {
        "snapshot": found.snapshot,
        "sentence": found.sentence,
        "grade": found.grade if found.best else None,
        "horizon_months": found.assumptions.horizon_months,
        "current": _spend(found.current),
        "recommended": _spend(found.recommended),
        "share_now": _number(model.share(model.current)) if model else None,
        "share_best": _number(model.share(best.spend)) if model and best else None,
        "expected_gain": _interval(found.gain),
        "gain_if_25_percent_off": _number(found.off, 2),
        "unspent": _number(best.unspent, 2) if best else None,
        "binding": [_binding(limit) for limit in best.binding] if best else [],
        "curves": [_curve(line) for line in model.lines] if model else [],
        "missing": [lack.text for lack in found.missing],
        "notes": list(found.notes),
    }


def split_lines(found: Budget) -> list[str]:
    """Today's and the best spend of every line, as text."""
    return [
        _("{name}: {now} a month now, {best} in the best split").format(
            name=row["name"],
            now=wording.money(row["now"], found.currency),
            best=wording.money(row["best"], found.currency),
        )
        for row in found.lines.to_dict("records")
    ]


def _spend(spend: dict[str, float]) -> dict[str, float | None]:
    return {name: _number(money, 2) for name, money in spend.items()}


def _binding(limit: Binding) -> dict:
    return {
        "limit": f"{limit.kind} {limit.name}".strip(),
        "amount": _number(limit.limit, 2),
        "direction": limit.direction,
        "shadow_price": _number(limit.shadow_price, 4),
    }


def _curve(line: Line) -> dict:
    curve = line.curve
    parts = {"base": curve.base, "ceiling": curve.ceiling, "k": curve.k}
    return {
        "channel": line.name,
        "motion": line.motion,
        **{name: _number(float(np.mean(part)), 9) for name, part in parts.items()},
        "observed_low": _number(line.low, 2),
        "observed_high": _number(line.high, 2),
    }


def _interval(interval: Interval) -> dict | None:
    if not interval.known:
        return None
    return {name: _number(getattr(interval, name), 2) for name in ("value", "low", "high")}


def _number(value: float, decimals: int = 6) -> float | None:
    return None if not known(value) else round(float(value), decimals) + 0.0
