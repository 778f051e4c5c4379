"""Tables of typed-in experiments, and of what they changed in the response curves; as texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.interval import Interval
from analytics.language import gettext as _
from analytics.reporting.roles import MOTION_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from analytics.decisions.experiments import Sharpened
    from analytics.warehouse.experiments import Experiment

PER = 1_000  # of spend: k of a single unit would be noughts


def experiment_table(kept: Sequence[Experiment], currency: str | None) -> pd.DataFrame:
    """One row per experiment: days, spends a month, and what was measured with its range."""
    rows = [
        {
            _("experiment"): one.name,
            _("channel or programme"): one.line,
            _("side"): MOTION_LABELS[one.motion],
            _("first day"): one.first_day.isoformat(),
            _("last day"): one.last_day.isoformat(),
            _("spend a month, with"): wording.money(one.spend_with, currency),
            _("without"): wording.money(one.spend_without, currency),
            _("caused over these days (80 %)"): wording.with_range(
                Interval(one.effect, one.low, one.high), _writer(one.motion, currency)
            ),
        }
        for one in kept
    ]
    return pd.DataFrame(rows)


def sharpened_table(found: Sequence[Sharpened], currency: str | None) -> pd.DataFrame:
    """Two rows per curve, without and with its experiments: ceiling, k, and what the mean spend causes a month."""
    rows = []
    for curve in found:
        write = _writer(curve.motion, currency)
        stages = (
            (_("months alone"), curve.ceiling_before, curve.k_before, curve.caused_before),
            (_("with experiments"), curve.ceiling, curve.k, curve.caused),
        )
        for stage, ceiling, k, caused in stages:
            per = Interval(*(PER * end for end in (k.value, k.low, k.high)))
            rows.append(
                {
                    _("channel or programme"): curve.line,
                    _("learnt from"): stage,
                    _("ceiling a month (80 %)"): wording.with_range(ceiling, write),
                    _("k per {spend} of spend (80 %)").format(spend=wording.number(PER)): wording.with_range(
                        per
                    ),
                    _("caused a month at the mean spend (80 %)"): wording.with_range(caused, write),
                }
            )
    return pd.DataFrame(rows)


def _writer(motion: str, currency: str | None) -> Callable[[float], str]:
    """Customers of a channel, money of a programme."""
    if motion == "acquisition":
        return lambda customers: wording.number(customers, 0 if abs(customers) >= 100 else 1)
    return lambda money: wording.money(money, currency)
