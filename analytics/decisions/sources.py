"""Where do revenue and cost come from?"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pandas as pd

from analytics.decisions import missing, wording
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import read_again, read_curves
from analytics.decisions.case_revenue import NO_REVENUE, Revenue
from analytics.decisions.channel_table import (
    CHANNEL_COLUMNS,
    MOTIONS,
    QUARTER_COLUMNS,
    UNASSIGNED,
    ChannelTable,
)
from analytics.decisions.economics import NAN, share
from analytics.decisions.missing import Missing
from analytics.decisions.period import Known, Period, groups, read_known, read_period
from analytics.decisions.window import Window
from analytics.language import gettext as _
from analytics.warehouse.filters import Filters

BAR_COLUMNS = ("bar", "part", "motion", "amount", "share")


@dataclass(frozen=True, eq=False)
class Sources:
    """Everything on the page.

    window: the days of revenue; costed: the part of them whose spend is known, of which spend, cac and
    payback are. quarters: first days of the quarters with orders. bars: one row per part of the budget and of
    revenue. channels: one row per line, a channel or programme with its motion, largest revenue first;
    channel is None where none is recorded (name says so in words); cac and payback_months only where money
    was spent on winning customers, NaN where not known or not yet; revenue_by_quarter: tuples along quarters.
    by_quarter: one row per line and quarter. The lines add up to the revenue of all orders.
    """

    snapshot: str
    currency: str | None
    window: Window | None = None
    costed: Window | None = None
    revenue: Revenue = NO_REVENUE
    budget: float = NAN
    budget_share_of_existing: float = NAN
    quarters: tuple = ()
    bars: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BAR_COLUMNS)))
    channels: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CHANNEL_COLUMNS)))
    by_quarter: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(QUARTER_COLUMNS)))
    missing: tuple[Missing, ...] = ()

    @property
    def revenue_share_of_existing(self) -> float:
        """The part of revenue that came from reorders and referrals; NaN where there is no revenue."""
        total = self.revenue.total
        return share(self.revenue.reorder + self.revenue.referral, total) if total > 0 else NAN

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return _headline(self)


def sources(workspace, filters: Filters | None = None, assumptions: Assumptions | None = None) -> Sources:
    """Revenue, spend and their parts in the window. Raises ValueError for a window that ends before it
    begins.
    """
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    found = Sources(workspace.snapshot, workspace.currency)
    known = read_known(workspace)
    if known is None:
        return replace(found, missing=(missing.no_orders(),))
    whole = read_period(workspace, known.window(filters), filters, assumptions.margin_rate, known)
    if not len(whole.orders):
        return replace(found, window=whole.window, missing=(missing.no_orders_in(whole.window, known),))
    costed = read_again(workspace, filters, whole, known.costed(whole.window), known)
    curves = read_curves(workspace, filters, costed.window, costed.window.before(), known)
    return _filled(found, ChannelTable(whole, costed, curves), known)


def rows_behind(
    workspace, filters: Filters, motion: str, channel: str | None, limit: int = 1_000
) -> pd.DataFrame:
    """The newest orders behind one line of the channel table, at most `limit`.

    Frame[order_id, customer_id, day, amount, margin, kind, source, channel, trigger, segment, region,
    product]. A line of spend without a motion has no orders: ValueError.
    """
    sources_by_motion = {motion: source for source, motion in MOTIONS.items()}
    if motion not in sources_by_motion:
        raise ValueError(f"There are no orders behind a line of motion {motion!r}.")
    known = read_known(workspace)
    window = known.window(filters) if known else Window(date.min, date.max)
    return workspace.query(
        "orders_behind",
        first_day=window.first_day,
        last_day=window.last_day,
        **groups(filters),
        source=sources_by_motion[motion],
        channel=channel,
        limit=limit,
    )


def _filled(found: Sources, table: ChannelTable, known: Known) -> Sources:
    costed, revenue = table.costed, Revenue.of(table.whole.orders)
    budget = costed.acquisition_spend + costed.retention_spend + costed.unassigned_spend
    return replace(
        found,
        window=table.whole.window,
        costed=costed.window,
        revenue=revenue,
        budget=budget,
        budget_share_of_existing=share(costed.retention_spend, budget),
        quarters=table.quarters,
        bars=_bars(costed, revenue),
        channels=table.channels,
        by_quarter=table.by_quarter,
        missing=tuple(lack for lack in missing.blocking(costed, known) if lack.kind == "spend"),
    )


def _bars(costed: Period, revenue: Revenue) -> pd.DataFrame:
    """Frame of BAR_COLUMNS; share: of its own bar."""
    budget = [
        (_("winning customers"), "acquisition", costed.acquisition_spend),
        (_("programmes for existing customers"), "retention", costed.programme_spend),
        (_("incentives and rewards beside them"), "referral", costed.incentive_cost),
        (_("without a motion"), UNASSIGNED, costed.unassigned_spend),
    ]
    earned = [
        (_("new customers"), "acquisition", revenue.new),
        (_("referred customers"), "referral", revenue.referral),
        (_("reorders"), "retention", revenue.reorder),
        (_("without a customer number"), "unknown", revenue.unknown),
    ]
    rows = []
    for bar, parts in (("budget", budget), ("revenue", earned)):
        whole = sum(amount for _part, _motion, amount in parts)
        rows += [
            (bar, part, motion, amount, share(amount, whole)) for part, motion, amount in parts if amount != 0
        ]
    return pd.DataFrame(rows, columns=list(BAR_COLUMNS))


def _headline(found: Sources) -> str:
    if not found.quarters:
        return " ".join(lacking.what for lacking in found.missing)
    revenue = wording.percent(found.revenue_share_of_existing)
    if not wording.known(found.revenue_share_of_existing):
        return _("More was refunded than sold, so no source has a share of revenue.")
    if not wording.known(found.budget_share_of_existing):
        return _(
            "{revenue} of revenue came from reorders and referrals; what share of the budget they took is "
            "not known."
        ).format(revenue=revenue)
    budget = wording.percent(found.budget_share_of_existing)
    if found.revenue_share_of_existing < found.budget_share_of_existing:
        text = _("Reorders and referrals brought {revenue} of revenue, but took {budget} of the budget.")
    else:
        text = _("{revenue} of revenue came from reorders and referrals, on {budget} of the budget.")
    return text.format(revenue=revenue, budget=budget)
