"""Which reward, for whom, after how long?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from analytics.decisions import incentive_sentences, missing
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import NAN, discount_factor, share
from analytics.decisions.incentive_contacts import Contacts
from analytics.decisions.incentive_costs import Offers, offers
from analytics.decisions.incentive_effects import Effects, Exposure
from analytics.decisions.incentive_grid import (
    BUYER_COLUMNS,
    CELL_COLUMNS,
    SCHEDULE_COLUMNS,
    buyers,
    grid,
    schedule,
)
from analytics.decisions.incentive_programmes import (
    KIND_COLUMNS,
    PROGRAMME_COLUMNS,
    kind_lines,
    programme_lines,
)
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.decisions.missing import Missing
from analytics.decisions.period import Known, groups, read_known
from analytics.decisions.uplift import measured
from analytics.language import gettext as _
from analytics.warehouse.filters import Filters


@dataclass(frozen=True)
class Liability:
    """outstanding: money that points not yet redeemed would cost; None: not known. cost_per_month: what redeemed points
    cost per month lately; months: how long the outstanding ones last at that pace. has_points: a programme gives them.
    """

    outstanding: float | None = None
    cost_per_month: float = NAN
    has_points: bool = False

    @property
    def months(self) -> float:
        """How many months of redeemed points are outstanding."""
        return NAN if self.outstanding is None else share(self.outstanding, self.cost_per_month)


@dataclass(frozen=True, eq=False)
class Incentives:
    """Everything that page and command line say about incentives; over all days on file.

    programmes, kinds, cells, buyers, schedule: frames of the columns declared with them. per_customer: margin that all
    programmes with arms together caused per customer, measured from the first eligible touch (intention to treat).
    is_wider: days were chosen that this does not keep to.
    customers: how many of them were reached. parts_per_customer: the same from the programmes' lines added up.
    """

    snapshot: str
    currency: str | None
    programmes: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(PROGRAMME_COLUMNS)))
    kinds: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(KIND_COLUMNS)))
    cells: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(CELL_COLUMNS)))
    buyers: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(BUYER_COLUMNS)))
    schedule: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(SCHEDULE_COLUMNS)))
    per_customer: Interval = NOT_KNOWN
    parts_per_customer: float = NAN
    customers: int = 0
    baseline: Interval = NOT_KNOWN
    liability: Liability = Liability()
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()
    is_wider: bool = False

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return incentive_sentences.headline(self)


def incentives(
    workspace, filters: Filters | None = None, assumptions: Assumptions | None = None
) -> Incentives:
    """Returns of all programmes for the customers of the filters' groups; the filters' days do not matter, as an offer
    works beyond any window.
    """
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    is_wider = filters.first_day is not None or filters.last_day is not None
    found = Incentives(
        workspace.snapshot, workspace.currency, baseline=assumptions.baseline, is_wider=is_wider
    )
    known = read_known(workspace)
    if known is None:
        return replace(found, missing=(missing.no_orders(),))
    made = _read_offers(workspace, filters, assumptions, known)
    found = replace(found, liability=_liability(workspace, made, known))
    if not len(made.totals):
        return replace(found, missing=(_no_programme(),))
    return _filled(found, workspace, made, known, filters, assumptions)


def programme_returns(workspace, filters: Filters, assumptions: Assumptions) -> pd.DataFrame:
    """Incentives.programmes alone, for whoever needs nothing else of the answer."""
    known = read_known(workspace)
    made = _read_offers(workspace, filters, assumptions, known) if known is not None else None
    if known is None or made is None or not len(made.totals):
        return pd.DataFrame(columns=list(PROGRAMME_COLUMNS))
    exposure = _read_exposure(workspace, filters, assumptions, known)
    contacts = Contacts(workspace, filters, assumptions, known, made)
    return programme_lines(made, exposure, exposure.effects(), assumptions, contacts.caused)


def _filled(
    found: Incentives, workspace, made: Offers, known: Known, filters: Filters, assumptions: Assumptions
) -> Incentives:
    exposure = _read_exposure(workspace, filters, assumptions, known)
    effects = exposure.effects()
    contacts = Contacts(workspace, filters, assumptions, known, made)
    lines = programme_lines(made, exposure, effects, assumptions, contacts.caused)
    cells = grid(made, exposure)
    arms = workspace.query("incentive_arms", **groups(filters))
    found = replace(
        found,
        programmes=lines,
        kinds=kind_lines(made, lines, exposure, effects),
        cells=cells.cells,
        buyers=buyers(exposure, arms) if len(exposure.programmes) else found.buyers,
        schedule=schedule(made, exposure, cells) if len(exposure.programmes) else found.schedule,
        per_customer=_together(arms, assumptions.margin_rate),
        parts_per_customer=_parts(exposure, effects, arms),
        customers=int(arms["is_treated"].sum()),
        missing=_missing(lines),
    )
    return replace(found, notes=incentive_sentences.notes(found, made.charged, contacts.notes))


def _read_offers(workspace, filters: Filters, assumptions: Assumptions, known: Known) -> Offers:
    lines = workspace.query("incentive_offers", **groups(filters))
    window = (known.orders.first_day, known.orders.last_day)
    return offers(lines, workspace.query("incentive_spend"), window, assumptions.margin_rate)


def _read_exposure(workspace, filters: Filters, assumptions: Assumptions, known: Known) -> Exposure:
    programmes = workspace.query("incentive_programmes")
    days = workspace.query("incentive_days", **groups(filters))
    margin = days["margin_given"] + (assumptions.margin_rate or 0.0) * days["amount_without_margin"]
    if assumptions.margin_rate is None:
        margin = margin.where(days["orders_without_margin"] == 0)
    scale = float(programmes["customers"].iloc[0] / programmes["sampled"].iloc[0]) if len(programmes) else 1.0
    return Exposure(days, programmes, margin.to_numpy(), _friend_value(workspace, assumptions, known), scale)


def _friend_value(workspace, assumptions: Assumptions, known: Known) -> float:
    """Margin of a referred customer over the horizon, first order included, each month discounted; 0 without any."""
    months = workspace.query(
        "incentive_friends", months=assumptions.horizon_months, data_last=known.orders.last_day
    )
    if assumptions.margin_rate is None and months["orders_without_margin"].sum():
        return NAN
    margin = months["margin_given"] + (assumptions.margin_rate or 0.0) * months["amount_without_margin"]
    discount = discount_factor(assumptions.discount_rate) ** months["months_since_first_order"]
    return float((discount * margin / months["customers"]).sum())


def _together(arms: pd.DataFrame, margin_rate: float | None) -> Interval:
    """Measured effect of all programmes on a customer's margin from the first eligible touch on."""
    if margin_rate is None and arms["is_without_margin"].any():
        return NOT_KNOWN
    rate = margin_rate or 0.0
    after = arms["margin_after"] + rate * arms["amount_without_margin_after"]
    before = arms["margin_before"] + rate * arms["amount_without_margin_before"]
    return measured(after, arms["is_treated"], np.column_stack([before, arms["orders_before"]]))


def _parts(exposure: Exposure, effects: Effects, arms: pd.DataFrame) -> float:
    caused = effects.margin_of(~exposure.by_friends) if len(exposure.programmes) else NOT_KNOWN
    return share(caused.value, float(arms["is_treated"].sum()))


def _liability(workspace, made: Offers, known: Known) -> Liability:
    points = made.totals[made.totals["kind"] == "points"] if len(made.totals) else made.totals
    days = (known.orders.last_day - known.orders.first_day).days + 1
    cost = float(points["incentive_cost"].sum()) if len(points) else NAN
    outstanding = workspace.settings.points_outstanding
    return Liability(outstanding, cost / days * 365 / 12, bool(len(points)))


def _no_programme() -> Missing:
    return Missing(
        _("No programme, incentive or reward is recorded."),
        _(
            "Export with each repeat order the programme that prompted it (trigger) and what its reward cost "
            "(incentive_cost), and load it as reorders."
        ),
        "reorders",
    )


def _missing(lines: pd.DataFrame) -> tuple[Missing, ...]:
    found = []
    if lines["booked"].isna().any():
        found.append(
            Missing(
                _("Not every order has a margin."),
                _("Set a margin rate, or export a margin column."),
                "sales",
            )
        )
    if not (lines["cost"] > 0).any():
        found.append(
            Missing(
                _("No programme has a cost."),
                _("Export the incentive_cost of reorders, or the spend of programmes by month."),
                "spend",
            )
        )
    if not (lines["grade"] == "A").any():
        found.append(
            Missing(
                _("No programme leaves some customers alone on purpose, so nothing it causes is measured."),
                _(
                    "Leave one eligible customer in ten out of each offer, drawn by lot, and export contacts with "
                    "the arm: treated or holdout."
                ),
                "touchpoints",
            )
        )
    return tuple(found)
