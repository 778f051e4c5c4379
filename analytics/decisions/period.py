"""What was ordered and spent in one stretch of days, by channel: read by named queries, summed by motion."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from analytics.decisions.economics import NAN, margin
from analytics.decisions.window import Window, month_end

KEPT = ("referral", "reorder")


@dataclass(frozen=True, eq=False)
class Period:
    """Frames: orders (orders_by_channel.sql), spend (spend_by_channel.sql), incentives (incentive_costs.sql).

    spend_is_known: spend is recorded for all of these days. by_channel: only the customers of some channels
    are looked at; by_group: only a segment or region is: no spend is recorded for these.
    """

    window: Window
    orders: pd.DataFrame
    spend: pd.DataFrame
    incentives: pd.DataFrame
    margin_rate: float | None
    spend_is_known: bool
    by_channel: bool = False
    by_group: bool = False

    @cached_property
    def paid_channels(self) -> tuple[str, ...]:
        """Channels on which acquisition spend was booked."""
        spend = self.spend[self.spend["motion"] == "acquisition"].groupby("channel")["spend"].sum()
        return tuple(spend[spend > 0].index)

    @cached_property
    def programmes(self) -> tuple[str, ...]:
        """Retention programmes with a spend of their own, which contains their incentives and rewards."""
        return tuple(sorted(self.spend.loc[self.spend["motion"] == "retention", "channel"].unique()))

    @property
    def won_channels(self) -> tuple[str, ...]:
        """The paid channels as the orders spell them; capitals make no difference."""
        return _spelled_as(self.paid_channels, self.orders["channel"])

    @property
    def charged_names(self) -> tuple[str, ...]:
        """The programmes with a spend of their own as incentives and rewards spell them."""
        return _spelled_as(self.programmes, self.incentives["programme"])

    @property
    def acquisition_spend(self) -> float:
        """Spend of motion acquisition."""
        return self._spend("acquisition") if self.spend_is_known and not self.by_group else NAN

    @property
    def programme_spend(self) -> float:
        """Spend of motion retention."""
        known = self.spend_is_known and not (self.by_group or self.by_channel)
        return self._spend("retention") if known else NAN

    @property
    def unassigned_spend(self) -> float:
        """Spend of lines without a motion, which no side is charged with."""
        return float(self.spend.loc[self.spend["motion"].isna(), "spend"].sum())

    @property
    def incentives_beside_programmes(self) -> pd.DataFrame:
        """The lines of incentives and rewards of programmes without a spend of their own."""
        return self.incentives[~self.incentives["programme"].isin(self.charged_names)]

    @property
    def incentive_cost(self) -> float:
        """Incentives and rewards that no programme's spend contains: charged beside it."""
        return float(self.incentives_beside_programmes["cost"].sum())

    @property
    def incentive_cost_in_programmes(self) -> float:
        """Incentives and rewards that a programme's spend contains already."""
        return float(self.incentives["cost"].sum()) - self.incentive_cost

    @property
    def retention_spend(self) -> float:
        """Everything that was spent on existing customers."""
        return self.programme_spend + self.incentive_cost

    @property
    def won(self) -> pd.DataFrame:
        """The lines of first orders, not referred, from paid channels."""
        return self.orders[(self.orders["source"] == "new") & self.orders["channel"].isin(self.won_channels)]

    @property
    def kept(self) -> pd.DataFrame:
        """The lines of reorders and of referred first orders."""
        return self.orders[self.orders["source"].isin(KEPT)]

    @property
    def customers_won(self) -> int:
        """Customers whose first order came from a paid channel."""
        return int(self.won["orders"].sum())

    @property
    def orders_kept(self) -> int:
        """Reorders and referred first orders."""
        return int(self.kept["orders"].sum())

    def new_customers(self, *sources: str) -> int:
        """First orders of these sources (new, referral)."""
        return int(self.orders.loc[self.orders["source"].isin(sources), "orders"].sum())

    def margin(self, lines: pd.DataFrame) -> float:
        """Margin of these lines of the orders frame; NaN where a row has none and no rate is known."""
        return margin_of(lines, self.margin_rate)

    def _spend(self, motion: str) -> float:
        return float(self.spend.loc[self.spend["motion"] == motion, "spend"].sum())


def read_period(workspace, window: Window, filters, margin_rate: float | None, known: "Known") -> Period:
    """Asks the warehouse for one stretch of days."""
    days = {"first_day": window.first_day, "last_day": window.last_day}
    spend_window = window.widened_at_edges(known.orders)
    spend_days = {"first_day": spend_window.first_day, "last_day": spend_window.last_day}
    return Period(
        window=window,
        orders=workspace.query("orders_by_channel", **days, **groups(filters)),
        spend=workspace.query("spend_by_channel", **spend_days, channels=list(filters.channels)),
        incentives=workspace.query("incentive_costs", **days),
        margin_rate=margin_rate,
        spend_is_known=window.is_covered_by(known.spend),
        by_channel=bool(filters.channels),
        by_group=bool(filters.segments or filters.regions),
    )


@dataclass(frozen=True)
class Known:
    """The days that orders cover, and the whole months that spend covers; None where nothing is loaded."""

    orders: Window
    spend: Window | None

    def window(self, filters) -> Window:
        """The days asked for, cut to the months that orders cover; by default all covered days."""
        first_day, last_day = (
            filters.first_day or self.orders.first_day,
            filters.last_day or self.orders.last_day,
        )
        if filters.first_day is None or filters.last_day is None:  # an open end never crosses the other one
            first_day, last_day = min(first_day, filters.last_day or first_day), max(last_day, first_day)
        asked = Window(first_day, last_day)
        return asked.cut_to(self.orders.whole_months()) or asked

    def costed(self, window: Window) -> Window:
        """The part of the window for which spend is known; the window where none is."""
        return (window.cut_to(self.spend) if self.spend else None) or window


def read_known(workspace) -> Known | None:
    """Which days the workspace knows; None without orders."""
    orders = workspace.query("order_days").iloc[0]
    if pd.isna(orders["first_day"]):
        return None
    spend = workspace.query("spend_coverage").iloc[0]
    spend_window = None
    if not pd.isna(spend["first_month"]):
        spend_window = Window(_date(spend["first_month"]), month_end(_date(spend["last_month"])))
    return Known(Window(_date(orders["first_day"]), _date(orders["last_day"])), spend_window)


def groups(filters) -> dict[str, list[str]]:
    """The filters other than days, as parameters of the queries: an empty list means all."""
    return {
        "segments": list(filters.segments),
        "regions": list(filters.regions),
        "channels": list(filters.channels),
    }


def margin_of(lines: pd.DataFrame, margin_rate: float | None) -> float:
    """Margin of lines with the columns margin_given, amount_without_margin, orders_without_margin."""
    return margin(
        float(lines["margin_given"].sum()),
        float(lines["amount_without_margin"].sum()),
        int(lines["orders_without_margin"].sum()),
        margin_rate,
    )


def same_name(name: str) -> str:
    """What two spellings of a channel's or programme's name have in common."""
    return name.strip().lower()


def _spelled_as(names: tuple[str, ...], spellings: pd.Series) -> tuple[str, ...]:
    wanted = {same_name(name) for name in names}
    return tuple(sorted(s for s in spellings.dropna().unique() if same_name(s) in wanted))


def _date(value) -> date:
    return date(value.year, value.month, value.day)
