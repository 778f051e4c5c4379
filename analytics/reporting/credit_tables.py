"""Tables of attribution: frames with headers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions.credit_sentences import model_label
from analytics.decisions.journeys import FIRST
from analytics.language import gettext as _
from analytics.reporting.columns import Ratio, described, holds

if TYPE_CHECKING:
    from analytics.decisions.channel_credit import ChannelCredit


@holds(shares=("share as recorded", "share", "change of share"))
def credit_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.lines: what each channel is credited with, beside what is recorded."""
    lines = found.lines
    table = pd.DataFrame(
        {
            _("channel"): _names(lines["channel"]),
            _("as recorded"): lines["recorded"].astype(float),
            _("credit"): lines["credit"].astype(float),
            _("from (80 %)"): lines["low"].astype(float),
            _("to (80 %)"): lines["high"].astype(float),
            _("share as recorded"): lines["recorded_share"].astype(float),
            _("share"): lines["share"].astype(float),
            _("change of share"): lines["change"].astype(float),
        }
    )
    amounts = (_("as recorded"), _("credit"), _("from (80 %)"), _("to (80 %)"))
    return table if found.choice.credited == "conversions" else described(table, money=amounts)


def model_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.models: every model's shares, the chosen model's first after the record."""
    models = [name for name in found.models.columns if name not in ("channel", "recorded")]
    order = ["recorded", *sorted(models, key=lambda name: name != found.model)]
    named = {
        model_label(name, found.choice.order): found.models[name].astype(float).round(3) for name in order
    }
    table = pd.DataFrame({_("channel"): _names(found.models["channel"]), **named})
    return described(table, shares=tuple(named))


def return_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.returns: what was spent, and what the credit makes of it."""
    first = found.choice.leads_to == FIRST
    rows = found.returns
    cost = _("CAC") if first else _("cost of a reorder")
    orders = _("first orders credited") if first else _("reorders credited")
    recorded = _("{cost}, as recorded").format(cost=cost)
    margin = _("first-year margin") if found.choice.credited == "value" else _("margin")
    table = pd.DataFrame(
        {
            _("channel"): rows["channel"].to_numpy(),
            _("spend"): rows["spend"].to_numpy(float),
            orders: rows["conversions"].to_numpy(float),
            cost: rows["cac"].to_numpy(float),
            recorded: rows["recorded_cac"].to_numpy(float),
            _("revenue"): rows["revenue"].to_numpy(float),
            _("ROAS"): rows["roas"].to_numpy(float),
            margin: rows["margin"].to_numpy(float),
            _("ROI, booked"): rows["roi"].to_numpy(float),
        }
    )
    ratios = (
        Ratio(cost, _("spend"), orders),
        Ratio(_("ROAS"), _("revenue"), _("spend")),
        Ratio(_("ROI, booked"), margin, _("spend"), 1.0),
    )
    return described(table, money=(_("spend"), cost, recorded, _("revenue"), margin), ratios=ratios)


@holds(shares=("of all orders",))
def path_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.paths with headers for people."""
    names = {
        "path": _("path"),
        "orders": _("orders"),
        "share": _("of all orders"),
        "lost": _("such journeys that die"),
    }
    return found.paths.rename(columns=names)


@holds(shares=("next contact", "order", "journey dies"))
def step_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.steps with headers for people."""
    names = {
        "channel": _("channel"), "contacts": _("contacts"), "goes_on": _("next contact"), "orders": _("order"),
        "dies": _("journey dies"),
    }  # fmt: skip
    return found.steps.rename(columns=names)


def _names(channels: pd.Series) -> list[str]:
    return [_("none on record") if channel is None else channel for channel in channels]
