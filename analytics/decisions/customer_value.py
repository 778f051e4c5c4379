"""What is a customer worth: from today on, and with what was already bought; by channel, segment and cohort."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions import missing, value_sentences
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.customer_equity import Equity, equity
from analytics.decisions.deals import Deals, deals
from analytics.decisions.histories import MARGIN, Histories, read_histories
from analytics.decisions.holdout import Holdout, holdout
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.decisions.lifetime_fit import Horizon, LifetimeFit, fit, residual_draws
from analytics.decisions.missing import Missing
from analytics.decisions.new_customers import NewCustomers, NewCustomerValue, new_customers
from analytics.decisions.payback_curves import PaybackCurves, payback_curves
from analytics.decisions.period import Known, Period, read_known, read_period
from analytics.decisions.value_groups import CHANNEL_COLUMNS, GROUP_COLUMNS, Cells, against_cac, by_group
from analytics.decisions.window import Window
from analytics.warehouse.filters import Filters


@dataclass(frozen=True, eq=False)
class CustomerValue:
    """Everything that the page and the command line say. Money is margin, or revenue where margin is not known.

    today: the last day of the data, from which residual value counts; the window is of deals, cac and payback, values
    are of all customers. residual: what today's customers are expected to bring over the horizon, discounted. bought:
    what they have brought so far, first orders included; total: both. new_customer: first order and repeat orders
    over the horizon of one who comes now. referred: how much more a referred one is worth, as a share. groups: frame
    of GROUP_COLUMNS. channels: frame of CHANNEL_COLUMNS, paid channels only, in margin only.
    """

    snapshot: str
    is_sample: bool
    currency: str | None
    assumptions: Assumptions
    window: Window | None = None
    costed: Window | None = None
    today: date | None = None
    measure: str = MARGIN
    customers: int = 0
    existing_customers: int = 0
    customers_who_came_back: int = 0
    fit: LifetimeFit | None = None
    residual: Interval = NOT_KNOWN
    bought: float = float("nan")
    total: Interval = NOT_KNOWN
    new_customer: NewCustomerValue | None = None
    referred: Interval = NOT_KNOWN
    equity: Equity | None = None
    groups: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(GROUP_COLUMNS)))
    channels: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CHANNEL_COLUMNS)))
    payback: PaybackCurves = field(default_factory=PaybackCurves)
    deals: Deals = field(default_factory=Deals)
    holdout: Holdout | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def in_margin(self) -> bool:
        """Whether money is margin; else it is revenue, and must be called so."""
        return self.measure == MARGIN

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return value_sentences.headline(self)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know about the numbers."""
        return value_sentences.notes(self)


def customer_value(
    workspace, filters: Filters | None = None, assumptions: Assumptions | None = None
) -> CustomerValue:
    """Deal value and lifetime value. Raises ValueError for a window that ends before it begins."""
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    found = CustomerValue(workspace.snapshot, workspace.is_sample, workspace.currency, assumptions)
    known = read_known(workspace)
    if known is None:
        return replace(found, missing=(missing.no_orders(),))
    window = known.window(filters)
    histories = read_histories(workspace, filters, assumptions.margin_rate, known.orders.last_day)
    found = _described(replace(found, deals=deals(workspace, filters, window)), histories, window)
    with ThreadPoolExecutor(1) as pool:  # the two fits take longest, and neither waits for the other
        judged = pool.submit(holdout, histories)
        models = fit(histories) if len(histories) else None
        if models is None:
            return replace(found, missing=(value_sentences.too_little(found),))
        valued = replace(_valued(found, histories, models), holdout=judged.result())
    return _against_cost(valued, workspace, filters, known) if valued.in_margin else valued


def _described(found: CustomerValue, histories: Histories, window: Window) -> CustomerValue:
    return replace(
        found,
        window=window,
        today=histories.last_day,
        measure=histories.measure,
        customers=len(histories),
        existing_customers=int(histories.is_existing.sum()),
        customers_who_came_back=int(np.count_nonzero(histories.frequency)),
        missing=() if histories.measure == MARGIN else (value_sentences.no_margin(histories),),
    )


def _valued(found: CustomerValue, histories: Histories, models: LifetimeFit) -> CustomerValue:
    horizon = Horizon.of(found.assumptions.horizon_months, found.assumptions.discount_rate)
    order_values = models.order_values(histories)
    residual = models.purchases(histories, horizon) * order_values
    draws = residual_draws(models, histories, horizon, residual, order_values)
    bought = histories.first_value + histories.repeat_value
    cells = Cells.of(histories, residual, bought)
    newcomers = new_customers(histories, models, horizon, cells.cell, len(cells.frame))
    everyone = newcomers.value()
    total = of_draws(float(residual.sum()), draws)
    return replace(
        found,
        fit=models,
        residual=total,
        bought=float(bought.sum()),
        total=total.plus(float(bought.sum())),
        new_customer=everyone if everyone.total.known else None,
        referred=_referred(newcomers, cells),
        equity=equity(histories, horizon, total, draws, everyone),
        groups=by_group(cells, newcomers),
    )


def _referred(newcomers: NewCustomers, cells: Cells) -> Interval:
    source = cells.frame["source"].to_numpy()
    return newcomers.value(source == "referral", seed=1).against(newcomers.value(source == "new", seed=2))


def _against_cost(found: CustomerValue, workspace, filters: Filters, known: Known) -> CustomerValue:
    """What needs spend: cac by channel, and payback by cohort."""
    assert found.window is not None
    costed: Period = read_period(
        workspace, known.costed(found.window), filters, found.assumptions.margin_rate, known
    )
    return replace(
        found,
        costed=costed.window,
        channels=against_cac(found.groups, costed),
        payback=payback_curves(workspace, filters, costed, known.orders.last_day),
    )
