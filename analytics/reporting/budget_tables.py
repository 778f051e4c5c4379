"""Tables of the budget: frames with headers for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.interval import Interval
from analytics.language import gettext as _
from analytics.language import marked
from analytics.reporting.columns import holds
from analytics.reporting.roles import MOTION_LABELS

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget, Wish
    from analytics.decisions.budget_effects import Effect, Effects
    from analytics.decisions.budget_plan import SaidAndHappened

LIMIT_COLUMNS = ("name", "motion", "now", "best", "lock", "least", "most", "marginal_roi")
FROM, TO = marked("from (80 %)"), marked("to (80 %)")


@holds(money=("now", "best", "least", "most"))
def limit_table(found: Budget, wish: Wish) -> pd.DataFrame:
    """Frame of LIMIT_COLUMNS: what is asked of each line, beside what it gets; marginal_roi as text with its range."""
    least, most = ({name: ends[place] for name, *ends in wish.bounds} for place in (0, 1))
    locked = {name for name, _money in wish.locks}
    rows = [
        (
            row["name"],
            MOTION_LABELS[row["motion"]],
            round(row["now"]),
            round(row["best"]),
            row["name"] in locked,
            least.get(row["name"]),
            most.get(row["name"]),
            wording.with_range(Interval(row["marginal_roi"], row["low"], row["high"])),
        )
        for row in found.lines.to_dict("records")
    ]
    table = pd.DataFrame(rows, columns=list(LIMIT_COLUMNS))
    return table.astype({"lock": bool, "least": float, "most": float})


@holds(money=("equity gained, at best", "from (80 %)", "to (80 %)"), shares=("share on existing customers",))
def frontier_table(found: Budget) -> pd.DataFrame:
    """Budget.frontier with headers for people."""
    line = found.frontier
    return pd.DataFrame(
        {
            _("share on existing customers"): line["share"].round(4).to_numpy(),
            _("equity gained, at best"): line["gain"].round().to_numpy(),
            _(FROM): line["low"].round().to_numpy(),
            _(TO): line["high"].round().to_numpy(),
        }
    )


@holds(money=("spend a month",))
def curve_table(points: pd.DataFrame) -> pd.DataFrame:
    """curve_points with headers for people."""
    return pd.DataFrame(
        {
            _("spend a month"): points["spend"].round(2).to_numpy(),
            _("outcome a month"): points["outcome"].round(2).to_numpy(),
            _(FROM): points["low"].round(2).to_numpy(),
            _(TO): points["high"].round(2).to_numpy(),
            _("extrapolation"): ~points["observed"].to_numpy(bool),
        }
    )


@holds(money=("cash of the month", "from (80 %)", "to (80 %)", "cash so far", "cash so far, from", "cash so far, to",
              "value so far", "value so far, from", "value so far, to"))  # fmt: skip
def cash_table(cash: pd.DataFrame) -> pd.DataFrame:
    """Effects.cash with headers for people."""
    names = {
        "month": _("month"), "cash": _("cash of the month"), "cash_low": _(FROM), "cash_high": _(TO),
        "so_far": _("cash so far"), "so_far_low": _("cash so far, from"), "so_far_high": _("cash so far, to"),
        "value": _("value so far"), "value_low": _("value so far, from"), "value_high": _("value so far, to"),
    }  # fmt: skip
    return cash.round(2).rename(columns=names)


def compare_table(scenarios: Sequence[tuple[str, Effects]], currency: str | None) -> pd.DataFrame:
    """One column per scenario: spends, total, share, new customers, margins, and the gain with its range; as texts."""

    def money(amount: float) -> str:
        return wording.money(amount, currency)

    columns = {}
    for name, effects in scenarios:
        columns[name] = {
            **{line: money(amount) for line, amount in effects.spend.items()},
            _("total a month"): money(effects.total),
            _("share on existing customers"): wording.percent(effects.share),
            _("new customers a month"): _ranged(effects.customers, wording.number),
            _("margin of new customers"): _ranged(effects.of_new, money),
            _("margin that programmes cause"): _ranged(effects.of_programmes, money),
            _("equity gained"): wording.with_range(effects.gain, money),
        }
    table = pd.DataFrame(columns)
    return table.rename_axis(_("a month")).reset_index()


@holds(money=("planned spend", "spend"))
def plan_table(found: SaidAndHappened) -> pd.DataFrame:
    """SaidAndHappened.months with headers for people."""
    months = found.months
    return pd.DataFrame(
        {
            _("month"): [f"{month:%Y-%m}" for month in months["month"]],
            _("foreseen new customers"): months["foreseen"].round(1).to_numpy(),
            _(FROM): months["low"].round(1).to_numpy(),
            _(TO): months["high"].round(1).to_numpy(),
            _("came"): months["came"].to_numpy(),
            _("inside"): months["inside"].to_numpy(bool),
            _("planned spend"): months["planned_spend"].round(2).to_numpy(),
            _("spend"): months["spend"].round(2).to_numpy(),
        }
    )


def _ranged(effect: Effect, write) -> str:
    return wording.with_range(effect.then, write)
