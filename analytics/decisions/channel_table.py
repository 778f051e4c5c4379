"""Revenue, spend and their ratios by line: a channel, a programme, or referrals, each order in exactly one
line.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analytics.decisions import economics
from analytics.decisions.economics import NAN, share
from analytics.decisions.period import Period, same_name
from analytics.decisions.value_curve import value_curve
from analytics.language import gettext as _

MOTIONS = {"new": "acquisition", "referral": "referral", "reorder": "retention", "unknown": "unknown"}
UNASSIGNED = "unassigned"
LINE = ["motion", "channel"]
CHANNEL_COLUMNS = (
    "motion", "channel", "name", "spend", "spend_share", "orders", "new_customers", "revenue",
    "revenue_share", "margin", "cac", "payback_months", "revenue_by_quarter",
)  # fmt: skip
QUARTER_COLUMNS = ("motion", "channel", "name", "quarter", "orders", "revenue", "spend")
NOWHERE = ""  # stands for "no channel recorded" while frames are grouped


@dataclass(frozen=True, eq=False)
class ChannelTable:
    """whole: the window; costed: the part whose spend is known; curves: value_curve.sql of that part."""

    whole: Period
    costed: Period
    curves: pd.DataFrame

    @cached_property
    def by_quarter(self) -> pd.DataFrame:
        """Frame of QUARTER_COLUMNS: one row per line and quarter."""
        both = pd.concat([self._order_lines[[*LINE, "quarter", "orders", "revenue"]], self._spend_lines])
        frame = both.groupby([*LINE, "quarter"], as_index=False)[["orders", "revenue", "spend"]].sum()
        frame["orders"] = frame["orders"].astype(int)
        frame["spend"] = frame["spend"].where(
            [self._spend_is_known(motion) for motion in frame["motion"]], NAN
        )
        return self._presentable(frame, QUARTER_COLUMNS)

    @cached_property
    def channels(self) -> pd.DataFrame:
        """Frame of CHANNEL_COLUMNS: one row per line, largest revenue first."""
        lines = self.by_quarter.assign(channel=self.by_quarter["channel"].fillna(NOWHERE))
        frame = lines.groupby(LINE, as_index=False)[["orders", "revenue", "spend"]].sum(min_count=1)
        frame["spend_share"] = frame["spend"] / (frame["spend"].sum() or NAN)
        frame["revenue_share"] = frame["revenue"] / (frame["revenue"].sum() or NAN)
        frame["new_customers"] = frame["orders"].where(frame["motion"].isin(["acquisition", "referral"]), 0)
        keys = list(zip(frame["motion"], frame["channel"], strict=True))
        frame["margin"] = [self._margin(*key) for key in keys]
        frame["cac"] = [self._cac(*key) for key in keys]
        frame["payback_months"] = [self._payback(*key) for key in keys]
        frame["revenue_by_quarter"] = self._sparks(lines, keys)
        order = frame.sort_values(["revenue", "spend", *LINE], ascending=[False, False, True, True])
        return self._presentable(order.reset_index(drop=True), CHANNEL_COLUMNS)

    @cached_property
    def quarters(self) -> tuple:
        """First days of the quarters with orders, in order."""
        return tuple(sorted(self.whole.orders["quarter"].unique()))

    @cached_property
    def _order_lines(self) -> pd.DataFrame:
        orders = self.whole.orders
        return orders.assign(motion=orders["source"].map(MOTIONS), channel=_named(orders["channel"]))

    @cached_property
    def _spend_lines(self) -> pd.DataFrame:
        """Frame[motion, channel, quarter, spend]: booked spend, and costs beside it."""
        spend = self.costed.spend
        booked = spend.assign(
            motion=_named(spend["motion"]).replace(NOWHERE, UNASSIGNED),
            channel=spend["channel"].map(lambda name: self._spelling.get(same_name(name), name)),
        )
        referral = (booked["motion"] == "retention") & booked["channel"].isin(self._bring_friends)
        booked["motion"] = booked["motion"].where(~referral, "referral")
        beside = self.costed.incentives_beside_programmes.assign(
            motion=lambda costs: costs["cost_kind"].map({"incentive": "retention", "reward": "referral"})
        ).rename(columns={"programme": "channel", "cost": "spend"})
        lines = pd.concat(
            [part[[*LINE, "quarter", "spend"]] for part in (booked, beside) if len(part)] or [booked]
        )
        return lines.assign(channel=_named(lines["channel"]))

    @cached_property
    def _spelling(self) -> dict[str, str]:
        """How the orders spell a name."""
        return {same_name(name): name for name in sorted(self.whole.orders["channel"].dropna().unique())}

    @cached_property
    def _bring_friends(self) -> set[str]:
        """Names that stand among referred first orders and not among reorders."""
        names = {motion: set(lines["channel"]) for motion, lines in self._order_lines.groupby("motion")}
        return names.get("referral", set()) - names.get("retention", set())

    def _spend_is_known(self, motion: str) -> bool:
        known = self.costed.spend_is_known and not self.costed.by_group
        return known and (motion == "acquisition" or not self.costed.by_channel)

    def _of(self, period: Period, motion: str, channel: str) -> pd.DataFrame:
        orders = period.orders
        return orders[(orders["source"].map(MOTIONS) == motion) & (_named(orders["channel"]) == channel)]

    def _margin(self, motion: str, channel: str) -> float:
        return self.whole.margin(self._of(self.whole, motion, channel))

    def _cac(self, motion: str, channel: str) -> float:
        if motion != "acquisition" or not self._spend_is_known(motion):
            return NAN
        lines = self._spend_lines
        spend = lines.loc[(lines["motion"] == motion) & (lines["channel"] == channel), "spend"]
        return economics.cac(float(spend.sum()), self._won(channel)) if len(spend) else NAN

    def _payback(self, motion: str, channel: str) -> float:
        cac = self._cac(motion, channel)
        if not math.isfinite(cac):
            return NAN
        first = share(self.costed.margin(self._of(self.costed, motion, channel)), self._won(channel))
        curve = value_curve(self.curves, [channel], self.costed.margin_rate, "window")
        months = economics.payback_months(curve.accumulated(first), cac)
        return NAN if months is None else float(months)

    def _won(self, channel: str) -> int:
        return int(self._of(self.costed, "acquisition", channel)["orders"].sum())

    def _sparks(self, lines: pd.DataFrame, keys: list[tuple[str, str]]) -> list[tuple[float, ...]]:
        revenue = lines.set_index([*LINE, "quarter"])["revenue"].to_dict()
        return [tuple(revenue.get((*key, quarter), 0.0) for quarter in self.quarters) for key in keys]

    def _presentable(self, frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
        names = [_name(*key) for key in zip(frame["motion"], frame["channel"], strict=True)]
        channel = frame["channel"].astype(object).where(frame["channel"] != NOWHERE, None)
        return frame.assign(name=names, channel=channel)[list(columns)]


def _named(names: pd.Series) -> pd.Series:
    return names.astype(object).where(names.notna(), NOWHERE)


def _name(motion: str, channel: str) -> str:
    if channel != NOWHERE:
        return channel
    return {
        "retention": _("no programme recorded"),
        "referral": _("referred, no channel recorded"),
        "unknown": _("no customer number"),
    }.get(motion, _("no channel recorded"))
