"""Tables of what incentives cause: frames with headers for people."""

from __future__ import annotations

import pandas as pd

from analytics.decisions.incentive_grid import ALL
from analytics.decisions.incentive_kinds import LABELS
from analytics.decisions.incentive_sentences import TENURE_LABELS
from analytics.language import gettext as _

NAMES = {
    "programme": _("programme"), "kind": _("kind of reward"), "grade": _("evidence"), "open_days": _("days open"),
    "programmes": _("programmes"), "segment": _("segment"), "tenure": _("tenure"), "buyers": _("orders before"),
    "customers": _("customers with an offer"), "held_out": _("customers held out"), "uptake": _("uptake"),
    "redeemed": _("redeemed"), "cost": _("cost"), "booked": _("margin booked"),
    "booked_per_unit": _("booked / cost"), "caused": _("margin caused"), "caused_low": _("caused, from (80 %)"),
    "caused_high": _("caused, to (80 %)"), "per_unit": _("caused / cost"),
    "per_unit_low": _("caused / cost, from (80 %)"), "per_unit_high": _("caused / cost, to (80 %)"),
    "net": _("caused less cost"), "net_low": _("net, from (80 %)"), "net_high": _("net, to (80 %)"),
    "verdict": _("verdict"), "anyway": _("bought anyway"), "anyway_low": _("anyway, from (80 %)"),
    "anyway_high": _("anyway, to (80 %)"), "share_of_customers": _("share of customers"),
    "share_of_redeemed": _("share of redeemed offers"), "redeemed_per_customer": _("redeemed per customer"),
    "reward": _("reward per redeemed offer"), "caused_per_redeemed": _("margin caused per redeemed offer"),
    "caused_per_redeemed_low": _("from (80 %)"), "caused_per_redeemed_high": _("to (80 %)"), "step": _("step"),
    "suggested_reward": _("suggested reward"), "suggested_cost": _("cost as suggested"),
}  # fmt: skip


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Programmes, kinds, cells, buyers or schedule of Incentives with headers and words for people."""
    shown = frame.copy()
    words = {
        "tenure": TENURE_LABELS,
        "kind": LABELS,
        "segment": {ALL: _("all")},
        "programme": {ALL: _("all")},
    }
    for name, names in words.items():
        if name in shown:
            shown[name] = [names.get(value, value) for value in shown[name]]
    return shown.rename(columns=NAMES)
