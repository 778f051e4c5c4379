"""Referrals that something is wrong with: to oneself, in a ring, twice, or rewarded for nothing; counted and listed."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analytics.decisions.period import groups
from analytics.decisions.window import Window
from analytics.language import Texts, marked

MANY_A_DAY = 5  # referrals by one customer on one day
MOST_ROWS = 10_000
COUNT_COLUMNS = ("what", "referrals", "rewards")
ROW_COLUMNS = (
    "what", "referral_id", "referrer_id", "referred_id", "referred_at", "status", "kind", "channel", "reward_cost",
    "that_day",
)  # fmt: skip
LABELS = Texts(
    {
        "self": marked("referred themselves"),
        "cycle": marked("referred somebody above them: a ring"),
        "second referrer": marked("a second referrer for one customer"),
        "rewarded, never bought": marked("rewarded, but the friend never bought"),
        "rewarded, all refunded": marked("rewarded, but all that the friend bought was refunded"),
        "rewarded, was a customer": marked("rewarded for somebody who was a customer already"),
        "many on one day": marked("{many} or more by one customer on one day"),
    }
)


@dataclass(frozen=True, eq=False)
class Abuse:
    """counts: frame of COUNT_COLUMNS, one row for each of LABELS, 0 included; a referral may stand in several. rows:
    frame of ROW_COLUMNS, newest first, at most MOST_ROWS of each kind.
    """

    counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COUNT_COLUMNS)))
    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ROW_COLUMNS)))

    @property
    def found(self) -> int:
        """Kinds of fault that occur."""
        return int((self.counts["referrals"] > 0).sum())


def label(what: str) -> str:
    """What is wrong, of COUNT_COLUMNS' "what", in words."""
    return LABELS[what].format(many=MANY_A_DAY)


def read_abuse(workspace, window: Window, filters) -> Abuse:
    """What is wrong with the referrals made in these days."""
    rows = workspace.query(
        "referral_abuse",
        first_day=window.first_day,
        last_day=window.last_day,
        many=MANY_A_DAY,
        most=MOST_ROWS,
        **groups(filters),
    )
    firsts = rows.drop_duplicates("what").set_index("what")
    counts = [
        (what, int(firsts["found"].get(what, 0)), float(firsts["rewards_found"].get(what, 0.0)))
        for what in LABELS
    ]
    order = {what: n for n, what in enumerate(LABELS)}
    listed = rows.sort_values("what", key=lambda whats: whats.map(order), kind="stable", ignore_index=True)
    return Abuse(pd.DataFrame(counts, columns=list(COUNT_COLUMNS)), listed[list(ROW_COLUMNS)])
