"""Tables of what incentives cause: frames with headers for people."""

from __future__ import annotations

import pandas as pd

from analytics.decisions.incentive_grid import ALL
from analytics.decisions.incentive_kinds import LABELS
from analytics.decisions.incentive_sentences import BUYER_LABELS, TENURE_LABELS
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.columns import Ratio, holds

NAMES = Texts({
    "programme": marked("programme"), "kind": marked("kind of reward"), "grade": marked("evidence"), "open_days": marked("days open"),
    "programmes": marked("programmes"), "segment": marked("segment"), "tenure": marked("tenure"), "buyers": marked("orders before"),
    "customers": marked("customers with an offer"), "held_out": marked("customers held out"), "uptake": marked("uptake"),
    "redeemed": marked("redeemed"), "cost": marked("cost"), "booked": marked("margin booked"),
    "booked_per_unit": marked("booked / cost"), "caused": marked("margin caused"), "caused_low": marked("caused, from (80 %)"),
    "caused_high": marked("caused, to (80 %)"), "per_unit": marked("caused / cost"),
    "per_unit_low": marked("caused / cost, from (80 %)"), "per_unit_high": marked("caused / cost, to (80 %)"),
    "net": marked("caused less cost"), "net_low": marked("net, from (80 %)"), "net_high": marked("net, to (80 %)"),
    "verdict": marked("verdict"), "anyway": marked("bought anyway"), "anyway_low": marked("anyway, from (80 %)"),
    "anyway_high": marked("anyway, to (80 %)"), "share_of_customers": marked("share of customers"),
    "share_of_redeemed": marked("share of redeemed offers"), "redeemed_per_customer": marked("redeemed per customer"),
    "reward": marked("reward per redeemed offer"), "caused_per_redeemed": marked("margin caused per redeemed offer"),
    "caused_per_redeemed_low": marked("from (80 %)"), "caused_per_redeemed_high": marked("to (80 %)"), "step": marked("step"),
    "suggested_reward": marked("suggested reward"), "suggested_cost": marked("cost as suggested"),
})  # fmt: skip

MONEY = (
    "cost", "margin booked", "margin caused", "caused, from (80 %)", "caused, to (80 %)", "caused less cost",
    "net, from (80 %)", "net, to (80 %)", "reward per redeemed offer", "margin caused per redeemed offer",
    "from (80 %)", "to (80 %)", "suggested reward", "cost as suggested",
)  # fmt: skip
SHARES = (
    "uptake", "bought anyway", "anyway, from (80 %)", "anyway, to (80 %)", "share of customers",
    "share of redeemed offers",
)  # fmt: skip
RATIOS = (Ratio("booked / cost", "margin booked", "cost"), Ratio("caused / cost", "margin caused", "cost"))


@holds(money=MONEY, shares=SHARES, ratios=RATIOS)
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Programmes, kinds, cells, buyers or schedule of Incentives with headers and words for people."""
    shown = frame.copy()
    words = {
        "tenure": TENURE_LABELS,
        "kind": LABELS,
        "buyers": BUYER_LABELS,
        "segment": {ALL: _("all")},
        "programme": {ALL: _("all")},
    }
    for name, names in words.items():
        if name in shown:
            shown[name] = [names.get(value, value) for value in shown[name]]
    return shown.rename(columns=NAMES)
