"""The case: does the next unit of budget earn more with new customers or with existing ones?"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from weakref import ref

import numpy as np
import pandas as pd

from analytics.decisions import headline, lenses, sentences
from analytics.decisions.answered import once
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case_revenue import NO_REVENUE, OrderCount, Revenue, by_quarter, order_counts
from analytics.decisions.channel_responses import NO_RESPONSES, ChannelResponses, read_responses
from analytics.decisions.economics import NAN, share
from analytics.decisions.experiments import sentence
from analytics.decisions.figures import Figure, Standing, six_figures
from analytics.decisions.friends import friend_value, with_friends
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.decisions.lenses import CustomerSums, Evidence, Lens
from analytics.decisions.missing import (
    Missing,
    blocking,
    estimated_margin_share,
    no_orders,
    no_orders_in,
    notes,
)
from analytics.decisions.next_budget import NextBudget, next_budget
from analytics.decisions.next_test import NextTest, next_test
from analytics.decisions.period import Known, Period, groups, read_known, read_period
from analytics.decisions.retention_effect import RetentionEffect, adjusted_effect, retention_effect
from analytics.decisions.value_curve import LONGEST_MONTHS, HorizonValue, horizon_value, value_curve
from analytics.decisions.verdict import verdict
from analytics.decisions.window import Window
from analytics.warehouse.filters import Filters

ASSUMED = "C"  # grade of evidence without a measured uplift; A and B come with arms and with touchpoints


@dataclass(frozen=True)
class Side:
    """Acquisition or retention: spend, customers (won, or existing ones who bought again), cost of one,
    lenses.

    blended_cost: for acquisition, spend over all new customers. programmes, incentives: the parts of
    retention's spend; incentives_in_programmes: incentives and rewards that the programmes' spend contains
    already.
    """

    spend: float = NAN
    customers: int | None = None
    cost_per_customer: float = NAN
    booked: Lens = field(default_factory=Lens)
    incremental: Lens = field(default_factory=Lens)
    marginal: Lens = field(default_factory=Lens)
    blended_cost: float = NAN
    programmes: float = NAN
    incentives: float = NAN
    incentives_in_programmes: float = NAN


@dataclass(frozen=True, eq=False)
class Case:
    """Everything that the page and the command line say.

    window: the days asked for, of which revenue and orders are. costed: the part of it for which spend is
    known, of which everything else is. revenue_by_quarter: frame[quarter, source, revenue, orders].
    value_months: finished months that the value of a new customer is counted over; forecast_months: further
    ones that are foreseen. estimated_margin_share:
    made with the margin rate. grade: A, B or C, of what programmes caused. baseline: the share of reorders and referrals
    that would have come anyway, as measured or assumed. effect: what was measured, None under grade C. caused_share: the
    part of the customers won whom spend caused; not known where no response curve could be fitted. drawn: what the
    incremental lens is made of. responses: the paid channels' curves, of the costed window. asks: works out next_budget.
    """

    snapshot: str
    is_sample: bool
    currency: str | None
    assumptions: Assumptions
    window: Window | None = None
    costed: Window | None = None
    revenue: Revenue = NO_REVENUE
    orders: dict[str, OrderCount] = field(default_factory=dict)
    revenue_by_quarter: pd.DataFrame = field(default_factory=lambda: by_quarter(None))
    acquisition: Side = Side()
    retention: Side = Side()
    break_even: Interval = NOT_KNOWN
    probability_retention_better: float = NAN
    verdict: str | None = None
    figures: tuple[Figure, ...] = ()
    value_months: int = 0
    forecast_months: int = 0
    value_per_customer: float = NAN
    estimated_margin_share: float = NAN
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()
    grade: str = ASSUMED
    baseline: Interval = NOT_KNOWN
    effect: RetentionEffect | None = None
    caused_share: Interval = NOT_KNOWN
    next_test: NextTest | None = None
    drawn: lenses.Drawn | None = None
    responses: ChannelResponses = NO_RESPONSES
    asks: Callable[["Case"], NextBudget | None] | None = field(default=None, repr=False)

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return headline.headline(self)

    @cached_property
    def next_budget(self) -> NextBudget | None:
        """How the next money is best split; worked out when first asked for, while the workspace is open. None without a
        verdict on measured or adjusted evidence, and without response curves.
        """
        is_known = self.verdict is not None and self.effect is not None and bool(self.responses.channels)
        return self.asks(self) if is_known and self.asks is not None else None

    @cached_property
    def next_sentence(self) -> str:
        """What the next money, so split, is foreseen to cause; empty where that is not known."""
        return headline.foreseen(self)

    @cached_property
    def break_even_sentence(self) -> str:
        """At which baseline share the answer turns."""
        return sentences.break_even(self)

    @cached_property
    def evidence_sentence(self) -> str:
        """How it is known what programmes caused."""
        return sentences.evidence(self)

    @cached_property
    def naive_sentence(self) -> str:
        """The booked number beside the caused one, and why they differ; empty under grade C."""
        return sentences.naive(self)

    @cached_property
    def sceptic(self) -> sentences.Sceptic | None:
        """The strongest argument against, and what would settle it."""
        return sentences.sceptic(self)

    @cached_property
    def lenses(self) -> pd.DataFrame:
        """Frame[motion, lens, roi, low, high]: one row per side and lens, NaN where not known."""
        rows = [
            (motion, lens, roi.value, roi.low, roi.high)
            for motion, side in (("acquisition", self.acquisition), ("retention", self.retention))
            for lens in ("booked", "incremental", "marginal")
            for roi in [getattr(side, lens).roi]
        ]
        return pd.DataFrame(rows, columns=["motion", "lens", "roi", "low", "high"])

    @cached_property
    def break_even_lines(self) -> pd.DataFrame:
        """Frame[baseline_share, motion, roi]: both incremental ROIs from share 0 to 1; they are straight
        lines.
        """
        b = np.arange(21) / 20
        caused = self.caused_share.value if self.caused_share.known else 1.0
        won = caused * share(self.acquisition.booked.margin.value, self.acquisition.spend)
        slope = caused * share(
            (self.acquisition.customers or 0) * self.value_per_customer, self.acquisition.spend
        )
        kept = share(self.retention.booked.margin.value, self.retention.spend)
        return pd.concat(
            [
                pd.DataFrame({"baseline_share": b, "motion": "acquisition", "roi": won + b * slope - 1}),
                pd.DataFrame({"baseline_share": b, "motion": "retention", "roi": (1 - b) * kept - 1}),
            ],
            ignore_index=True,
        )


@once
def case(workspace, filters: Filters, assumptions: Assumptions) -> Case:
    """Everything that can be said about the case from the workspace's data.

    Without filters: all days that orders cover. Without assumptions: the workspace's settings. Raises
    ValueError for a window that ends before it begins.
    """
    asks = partial(_next_budget, ref(workspace), filters)  # weak: a case is kept with its workspace (once)
    found = Case(workspace.snapshot, workspace.is_sample, workspace.currency, assumptions, asks=asks)
    known = read_known(workspace)
    if known is None:
        return replace(found, missing=(no_orders(),))
    whole = read_period(workspace, known.window(filters), filters, assumptions.margin_rate, known)
    if not len(whole.orders):
        return replace(found, window=whole.window, missing=(no_orders_in(whole.window, known),))
    return _compared(_with_revenue(found, whole), workspace, filters, known, whole)


def _next_budget(workspace_of: ref, filters: Filters, found: Case) -> NextBudget | None:
    """None where the data have changed since the case was made, or the workspace is gone."""
    from analytics.decisions.budget_inputs import read_inputs  # which is made of a case

    workspace = workspace_of()
    if workspace is None or workspace.snapshot != found.snapshot:
        return None
    known = read_known(workspace)
    if known is None:
        return None
    model = read_inputs(workspace, filters, found.assumptions, found, known).model
    return None if model is None else next_budget(model)


def _with_revenue(found: Case, whole: Period) -> Case:
    """What needs no spend."""
    return replace(
        found,
        window=whole.window,
        revenue=Revenue.of(whole.orders),
        orders=order_counts(whole.orders),
        revenue_by_quarter=by_quarter(whole.orders),
    )


def _compared(found: Case, workspace, filters: Filters, known: Known, whole: Period) -> Case:
    """Sides, lenses, verdict and figures of the days for which spend is known."""
    assumptions = found.assumptions
    period = read_again(workspace, filters, whole, known.costed(whole.window), known)
    before = read_again(workspace, filters, whole, period.window.before(), known)
    curves = read_curves(workspace, filters, period.window, before.window, known)
    horizon = with_friends(
        horizon_value(value_curve(curves, period.won_channels, assumptions.margin_rate), assumptions), period
    )
    moments = _read_moments(workspace, filters, period, before.window, horizon, known)
    now, then = _standings(period, before, moments, curves)
    evidence = _evidence(period, horizon, moments)
    effect = _effect(workspace, filters, period, known, evidence, assumptions)
    responses = _responses(workspace, period, filters)
    caused = responses.caused_share
    compared = lenses.incremental(evidence, assumptions, effect, caused)
    marginal = lenses.marginal(compared, evidence, responses)
    missing = blocking(period, known)
    probability = NAN if missing else compared.probability_retention_better
    return replace(
        found,
        costed=period.window,
        acquisition=_acquisition(now, evidence, compared.acquisition, marginal[0]),
        retention=_retention(now, evidence, compared.retention, marginal[1]),
        grade=effect.grade if effect else ASSUMED,
        baseline=compared.baseline,
        effect=effect,
        drawn=compared.draws,
        responses=responses,
        next_test=_next_test(period, evidence, compared, effect, now.bought),
        caused_share=of_draws(float(caused.mean()), caused) if len(caused) else NOT_KNOWN,
        break_even=compared.break_even,
        probability_retention_better=probability,
        verdict=verdict(probability),
        figures=six_figures(now, then if before.window.is_covered_by(known.orders) else None),
        value_months=horizon.months,
        forecast_months=horizon.foreseen,
        value_per_customer=horizon.value_per_customer,
        estimated_margin_share=estimated_margin_share(period),
        missing=missing,
        notes=(
            *notes(period, whole.window, assumptions, horizon, found.currency),
            *(sentence(one, found.currency) for curve in responses.sharpened for one in curve.contradictions),
        ),
    )


def _standings(
    period: Period, before: Period, moments: pd.Series, curves: pd.DataFrame
) -> tuple[Standing, Standing]:
    now = Standing(
        period, int(moments["bought"]), int(moments["came_back"]), _curve(curves, period, "window")
    )
    bought, came_back = int(moments["bought_before"]), int(moments["came_back_before"])
    return now, Standing(before, bought, came_back, _curve(curves, before, "before"))


def read_again(workspace, filters, whole: Period, window: Window, known: Known) -> Period:
    """The same for other days; the very same where the days are."""
    if window == whole.window:
        return whole
    return read_period(workspace, window, filters, whole.margin_rate, known)


def read_curves(workspace, filters, window: Window, before: Window, known: Known) -> pd.DataFrame:
    """The value curves of all channels, split by whether the first order was in the window or in the one
    before.
    """
    return workspace.query(
        "value_curve",
        **_two_windows(window, before),
        **groups(filters),
        data_last=known.orders.last_day,
        months=LONGEST_MONTHS,
    )


def _read_moments(
    workspace, filters, period: Period, before: Window, horizon: HorizonValue, known: Known
) -> pd.Series:
    frame = workspace.query(
        "customer_moments",
        **_two_windows(period.window, before),
        **groups(filters),
        data_last=known.orders.last_day,
        paid=list(period.won_channels),
        programmes=list(period.charged_names),
        margin_rate=period.margin_rate,
        weights=horizon.weights,
        expected=horizon.expected,
        value_per_customer=horizon.value_per_customer,
        customers_won=float(period.customers_won),
    )
    return frame.iloc[0].fillna(0.0)


def _two_windows(window: Window, before: Window) -> dict[str, date]:
    return {
        "first_day": window.first_day,
        "last_day": window.last_day,
        "previous_first": before.first_day,
        "previous_last": before.last_day,
    }


def _evidence(period: Period, horizon: HorizonValue, moments: pd.Series) -> Evidence:
    """A side without a single order is taken as not loaded: not known, rather than a return of nothing."""
    return Evidence(
        acquisition_spend=period.acquisition_spend,
        customers_won=period.customers_won,
        won_margin=period.margin(period.won) if period.customers_won else NAN,
        value_per_customer=horizon.value_per_customer,
        programme_spend=period.programme_spend,
        incentive_cost=period.incentive_cost,
        kept_margin=period.margin(period.kept) if period.orders_kept else NAN,
        sums=_sums(moments),
        value_spread=horizon.spread,
    )


def _sums(moments: pd.Series) -> CustomerSums:
    names = ("a", "v", "r", "c")
    second = [[moments["".join(sorted(x + y, key="avrc".index))] for y in names] for x in names]
    third = [moments[3 * x] for x in names]
    return CustomerSums(
        np.array(second, dtype=float), np.array(third, dtype=float), moments["rrc"], moments["rcc"]
    )


def _curve(curves: pd.DataFrame, period: Period, name: str):
    return value_curve(curves, period.won_channels, period.margin_rate, name)


def _effect(
    workspace, filters: Filters, period: Period, known: Known, evidence: Evidence, assumptions: Assumptions
) -> RetentionEffect | None:
    """What programmes caused, as well as the data tell; None where it has to be assumed, or is for this view."""
    has_margin = np.isfinite(evidence.kept_margin) and np.isfinite(evidence.value_per_customer)
    if assumptions.baseline_is_given or not (has_margin and evidence.retention_spend > 0):
        return None
    asked = workspace, period.window, filters, assumptions.margin_rate
    found = retention_effect(*asked, friend_value(period, evidence.value_per_customer))
    return found or adjusted_effect(*asked, period.programmes)


def _next_test(
    period: Period, evidence: Evidence, found: lenses.Incremental, effect: RetentionEffect | None, bought: int
) -> NextTest | None:
    """From the spread of the measured outcome; without one, of the kept margin of those who bought."""
    equal = (1 + found.acquisition.roi.value) * evidence.retention_spend
    difference = found.retention.margin.value - equal
    days = (period.window.last_day - period.window.first_day).days + 1
    if effect is not None and effect.grade == "A":
        customers = effect.treated + effect.holdout
        difference *= customers / effect.treated  # as if nobody had been left alone
        parts = effect.treated * (1 + effect.treated / effect.holdout)
        deviation = float(effect.draws.std()) / np.sqrt(parts)
    else:
        customers = bought
        square = evidence.sums.second[2, 2] / max(bought, 1) - (evidence.kept_margin / max(bought, 1)) ** 2
        deviation = float(np.sqrt(max(square, 0.0)))
    return next_test(difference, deviation, customers, days)


def _responses(workspace, period: Period, filters: Filters) -> ChannelResponses:
    """Curves of all customers: spend is not known by segment, region or the channel that won a customer."""
    if filters.segments or filters.regions or filters.channels or not period.spend_is_known:
        return NO_RESPONSES
    return read_responses(workspace, period.window, workspace.settings.experiments)


def _acquisition(now: Standing, evidence: Evidence, incremental: Lens, marginal: Lens) -> Side:
    return Side(
        spend=evidence.acquisition_spend,
        customers=evidence.customers_won if now.period.spend_is_known else None,
        cost_per_customer=now.cac,
        booked=lenses.booked_acquisition(evidence),
        incremental=incremental,
        marginal=marginal,
        blended_cost=now.blended_cac,
    )


def _retention(now: Standing, evidence: Evidence, incremental: Lens, marginal: Lens) -> Side:
    return Side(
        spend=evidence.retention_spend,
        customers=now.came_back,
        cost_per_customer=now.cost_to_keep,
        booked=lenses.booked_retention(evidence),
        incremental=incremental,
        marginal=marginal,
        programmes=evidence.programme_spend,
        incentives=evidence.incentive_cost,
        incentives_in_programmes=now.period.incentive_cost_in_programmes,
    )
