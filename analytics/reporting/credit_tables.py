"""Tables of attribution: frames with headers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions.credit_sentences import model_label
from analytics.decisions.journeys import FIRST
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.channel_credit import ChannelCredit


def credit_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.lines: what each channel is credited with, beside what is recorded."""
    lines = found.lines
    return pd.DataFrame(
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


def model_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.models: every model's shares, the chosen model's first after the record."""
    models = [name for name in found.models.columns if name not in ("channel", "recorded")]
    order = ["recorded", *sorted(models, key=lambda name: name != found.model)]
    named = {
        model_label(name, found.choice.order): found.models[name].astype(float).round(3) for name in order
    }
    return pd.DataFrame({_("channel"): _names(found.models["channel"]), **named})


def return_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.returns: what was spent, and what the credit makes of it."""
    first = found.choice.leads_to == FIRST
    rows = found.returns
    cost = _("CAC") if first else _("cost of a reorder")
    orders = _("first orders credited") if first else _("reorders credited")
    return pd.DataFrame(
        {
            _("channel"): rows["channel"].to_numpy(),
            _("spend"): rows["spend"].to_numpy(float),
            orders: rows["conversions"].to_numpy(float).round(1),
            cost: rows["cac"].to_numpy(float),
            _("{cost}, as recorded").format(cost=cost): rows["recorded_cac"].to_numpy(float),
            _("revenue"): rows["revenue"].to_numpy(float),
            _("ROAS"): rows["roas"].to_numpy(float),
            _("first-year margin") if found.choice.credited == "value" else _("margin"): rows[
                "margin"
            ].to_numpy(float),
            _("ROI, booked"): rows["roi"].to_numpy(float),
        }
    )


def path_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.paths with headers for people."""
    names = {
        "path": _("path"),
        "orders": _("orders"),
        "share": _("of all orders"),
        "lost": _("such journeys that die"),
    }
    return found.paths.rename(columns=names)


def step_table(found: ChannelCredit) -> pd.DataFrame:
    """ChannelCredit.steps with headers for people."""
    names = {
        "channel": _("channel"), "contacts": _("contacts"), "goes_on": _("next contact"), "orders": _("order"),
        "dies": _("journey dies"),
    }  # fmt: skip
    return found.steps.rename(columns=names)


def _names(channels: pd.Series) -> list[str]:
    return [_("none on record") if channel is None else channel for channel in channels]
