"""What the verdict lacks and how to get it; and what to know about the numbers that are there."""

from dataclasses import dataclass

from analytics.decisions import wording
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import share
from analytics.decisions.period import Known, Period, same_name
from analytics.decisions.value_curve import HorizonValue
from analytics.decisions.window import Window
from analytics.language import gettext as _
from analytics.language import ngettext


@dataclass(frozen=True)
class Missing:
    """Something without which there is no verdict: what it is, how to get it, and the kind of export it is
    in.
    """

    what: str
    how: str
    kind: str | None = None

    @property
    def text(self) -> str:
        """Both in one line."""
        return f"{self.what} {self.how}"


def no_orders() -> Missing:
    """The workspace holds no orders."""
    return Missing(
        _("No orders are loaded."),
        _(
            "Export one row per deal with order number, customer number, date and amount, and load it as "
            "sales."
        ),
        "sales",
    )


def no_orders_in(window: Window, known: Known) -> Missing:
    """The window lies beside the data."""
    return Missing(
        _("No order lies between {first} and {last}.").format(
            first=wording.day(window.first_day), last=wording.day(window.last_day)
        ),
        _("Choose days between {first} and {last}, or fewer filters.").format(
            first=wording.day(known.orders.first_day), last=wording.day(known.orders.last_day)
        ),
    )


def blocking(period: Period, known: Known) -> tuple[Missing, ...]:
    """Everything without which the two sides cannot be compared."""
    found = [_margin(period), _reorders(period)]
    if known.spend is None:
        found.append(_spend_export())
    elif not period.spend_is_known:
        found.append(_spend_in_window(known.spend))
    elif period.by_group or period.by_channel:
        found.append(_spend_by_group())
    else:
        found += [_acquisition_spend(period), _retention_spend(period), _customers_won(period)]
    return tuple(missing for missing in found if missing)


def notes(
    period: Period, window: Window, assumptions: Assumptions, value: HorizonValue, currency
) -> tuple[str, ...]:
    """What a reader should know beside the numbers; value: of a new customer."""
    found = (
        _cut_window(period, window),
        _estimated_margin(period),
        _short_horizon(assumptions, value) if period.paid_channels else None,
        _unassigned(period, currency),
        _silent_channels(period),
        _charged_once(period, currency),
        _without_customer(period),
    )
    return tuple(note for note in found if note)


def estimated_margin_share(period: Period) -> float:
    """The part of all margin that was made with the margin rate; NaN when the margin is not known."""
    total = period.margin(period.orders)
    estimated = (period.margin_rate or 0.0) * float(period.orders["amount_without_margin"].sum())
    return share(estimated, total)


def _margin(period: Period) -> Missing | None:
    lines = period.orders[period.orders["source"] != "unknown"]
    count = int(lines["orders_without_margin"].sum())
    if period.margin_rate is not None or not count:
        return None
    what = ngettext(
        "{count} order has no margin, and no margin rate is set.",
        "{count} orders have no margin, and no margin rate is set.",
        count,
    ).format(count=wording.number(count))
    rate = share(float(lines["margin_given"].sum()), float(lines["amount_with_margin"].sum()))
    if not wording.known(rate):
        return Missing(what, _("Set a margin rate, or export a margin column with the orders."), "sales")
    how = _("Set a margin rate (the orders that have a margin average {rate}), or export the rest.")
    return Missing(what, how.format(rate=wording.percent(rate)), "sales")


def _reorders(period: Period) -> Missing | None:
    if period.orders_kept:
        return None
    return Missing(
        _("There is neither a reorder nor a referred first order."),
        _("Export repeat orders and load them as reorders, or widen the window."),
        "reorders",
    )


def _spend_export() -> Missing:
    return Missing(
        _("Spend is not loaded."),
        _("Export month, channel or programme, and amount from the books, and load it as spend."),
        "spend",
    )


def _spend_in_window(known: Window) -> Missing:
    return Missing(
        _("No spend is known for these days."),
        _("Spend is loaded for {first} to {last}: choose such days, or load the rest.").format(
            first=wording.day(known.first_day), last=wording.day(known.last_day)
        ),
        "spend",
    )


def _spend_by_group() -> Missing:
    return Missing(
        _("Spend is not recorded by segment or region, nor programmes by the channel that won the customer."),
        _("Take these filters away to compare the two sides."),
    )


def _acquisition_spend(period: Period) -> Missing | None:
    if period.acquisition_spend > 0:
        return None
    return Missing(
        _("Nothing was spent on winning customers."),
        _("Load the spend of the acquisition channels, or widen the window."),
        "spend",
    )


def _retention_spend(period: Period) -> Missing | None:
    if period.retention_spend > 0:
        return None
    return Missing(
        _("Nothing was spent on existing customers."),
        _("Load the spend of the retention programmes (motion: retention), incentives or rewards."),
        "spend",
    )


def _customers_won(period: Period) -> Missing | None:
    if period.customers_won or not period.paid_channels:
        return None
    return Missing(
        _("No first order came from a channel on which was spent ({channels}).").format(
            channels=wording.listed(list(period.paid_channels))
        ),
        _("Export the channel with the sales, spelled as in the spend."),
        "sales",
    )


def _cut_window(period: Period, window: Window) -> str | None:
    if period.window == window or not period.spend_is_known:
        return None
    return _(
        "Spend is known from {first} to {last} only: whatever is set against spend is computed for these "
        "days."
    ).format(first=wording.day(period.window.first_day), last=wording.day(period.window.last_day))


def _estimated_margin(period: Period) -> str | None:
    part = estimated_margin_share(period)
    if not wording.known(part) or part == 0:
        return None
    return _("{share} of all margin is estimated with the margin rate of {rate}.").format(
        share=wording.percent(part), rate=wording.percent(period.margin_rate)
    )


def _short_horizon(assumptions: Assumptions, value: HorizonValue) -> str | None:
    months = value.months
    if months >= assumptions.horizon_months:
        return None
    if value.foreseen:
        return _(
            "The data show {months} of a new customer's value; months {first} to {last} are a forecast, and the range is "
            "wider for it."
        ).format(
            months=wording.months(months),
            first=wording.number(months + 1),
            last=wording.number(months + value.foreseen),
        )
    return _(
        "The value of a new customer is counted over {months} instead of {horizon}: the data reach no "
        "further."
    ).format(months=wording.months(months), horizon=wording.number(assumptions.horizon_months))


def _unassigned(period: Period, currency: str | None) -> str | None:
    if not period.unassigned_spend:
        return None
    return _("{spend} of spend has no motion and is charged to neither side.").format(
        spend=wording.money(period.unassigned_spend, currency)
    )


def _silent_channels(period: Period) -> str | None:
    heard = {same_name(name) for name in period.won["channel"]}
    silent = [name for name in period.paid_channels if same_name(name) not in heard]
    if not silent or not period.customers_won:
        return None
    return _("No first order carries {channels}, though money was spent there: is the name the same?").format(
        channels=wording.listed(silent)
    )


def _charged_once(period: Period, currency: str | None) -> str | None:
    if not period.incentive_cost or not wording.known(period.programme_spend):
        return None
    return _(
        "Retention is charged with {extra} of incentives and rewards beside the spend of its programmes."
    ).format(extra=wording.money(period.incentive_cost, currency))


def _without_customer(period: Period) -> str | None:
    unknown = float(period.orders.loc[period.orders["source"] == "unknown", "revenue"].sum())
    part = share(unknown, float(period.orders["revenue"].sum()))
    if not wording.known(part) or part == 0:
        return None
    return _("{share} of revenue has no customer number and belongs to neither side.").format(
        share=wording.percent(part, 1)
    )
