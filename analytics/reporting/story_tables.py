"""Tables behind the charts that only slides show, with headers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.language import gettext as _
from analytics.reporting.columns import holds
from analytics.reporting.roles import LENS_LABELS, MOTION_LABELS, role

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.case import Case

MARGIN_COLUMNS = ("motion", "lens", "margin", "low", "high")


def margins(case: Case) -> pd.DataFrame:
    """Frame of MARGIN_COLUMNS: both sides' booked and caused margin, retention first."""
    rows = [
        (motion, lens, margin.value, margin.low, margin.high)
        for motion, side in (("retention", case.retention), ("acquisition", case.acquisition))
        for lens in ("booked", "incremental")
        for margin in [getattr(side, lens).margin]
    ]
    return pd.DataFrame(rows, columns=list(MARGIN_COLUMNS))


@holds(money=("margin", "from (80 %)", "to (80 %)"))
def margin_table(margins: pd.DataFrame) -> pd.DataFrame:
    """Frame[side, lens, margin, from, to] of margins()."""
    return pd.DataFrame(
        {
            _("side"): [role(motion).label for motion in margins["motion"]],
            _("lens"): [LENS_LABELS[lens] for lens in margins["lens"]],
            _("margin"): margins["margin"].to_numpy(),
            _("from (80 %)"): margins["low"].to_numpy(),
            _("to (80 %)"): margins["high"].to_numpy(),
        }
    )


@holds(money=("spend a month",))
def marginal_table(found: Budget) -> pd.DataFrame:
    """Frame[channel or programme, for, spend a month, return of the next unit, from, to] of Budget.lines."""
    lines = found.lines
    return pd.DataFrame(
        {
            _("channel or programme"): lines["name"].to_numpy(),
            _("for"): [MOTION_LABELS[motion] for motion in lines["motion"]],
            _("spend a month"): lines["now"].to_numpy(),
            _("return of the next unit"): lines["marginal_roi"].to_numpy(),
            _("from (80 %)"): lines["low"].to_numpy(),
            _("to (80 %)"): lines["high"].to_numpy(),
        }
    )


@holds(money=("a month now", "proposed", "change"))
def split_table(found: Budget) -> pd.DataFrame:
    """Frame[channel or programme, for, a month now, proposed, change] of Budget.lines."""
    lines = found.lines
    return pd.DataFrame(
        {
            _("channel or programme"): lines["name"].to_numpy(),
            _("for"): [MOTION_LABELS[motion] for motion in lines["motion"]],
            _("a month now"): lines["now"].to_numpy(),
            _("proposed"): lines["best"].to_numpy(),
            _("change"): (lines["best"] - lines["now"]).to_numpy(),
        }
    )


@holds(shares=("left alone", "probability to see it"))
def power_table(curves: pd.DataFrame) -> pd.DataFrame:
    """Frame[left alone, weeks, probability to see it] of power_curves()."""
    return pd.DataFrame(
        {
            _("left alone"): curves["share"].to_numpy(),
            _("weeks"): curves["weeks"].to_numpy(),
            _("probability to see it"): curves["power"].round(4).to_numpy(),
        }
    )
