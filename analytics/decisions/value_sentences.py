"""The value of customers in words, written from the numbers: one sentence for each outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.decisions.histories import measure_name
from analytics.decisions.lifetime_fit import FEWEST_REPEATERS
from analytics.decisions.missing import Missing
from analytics.language import gettext as _
from analytics.language import ngettext
from analytics.warehouse.marts import HOLDOUT_DAYS

if TYPE_CHECKING:
    from analytics.decisions.customer_value import CustomerValue
    from analytics.decisions.histories import Histories

CLOSE, FAR = 0.10, 0.25  # a forecast off by less is close, by more is not to be relied on


def headline(found: CustomerValue) -> str:
    """What a new customer is worth; else what today's customers still bring; else why nobody can say."""
    if found.fit is None:
        return _not_enough(found)
    text = _new_customer(found) if found.new_customer else _today(found)
    return text + _referred(found) + "."


def _new_customer(found: CustomerValue) -> str:
    assert found.new_customer is not None
    return _(
        "A new customer is worth {total} of {measure} over {horizon} (total), of which {first} comes with the first order"
    ).format(
        total=wording.money(found.new_customer.total.value, found.currency),
        measure=measure_name(found.measure),
        horizon=horizon(found),
        first=wording.money(found.new_customer.first_order, found.currency),
    )


def _today(found: CustomerValue) -> str:
    """All customers are from before the data."""
    return _(
        "Today's {customers} customers are expected to bring {residual} of {measure} over {horizon}"
    ).format(
        customers=wording.number(found.customers),
        residual=wording.with_range(found.residual, lambda value: wording.money(value, found.currency)),
        measure=measure_name(found.measure),
        horizon=horizon(found),
    )


def _referred(found: CustomerValue) -> str:
    more = found.referred
    if not more.known:
        return ""
    if more.low > 0:
        return _("; referred ones are worth {share} more").format(share=wording.share_with_range(more))
    low, high = wording.number(-100 * more.high), wording.percent(-more.low)
    if more.high < 0:
        return _("; referred ones are worth {share} ({low} to {high}) less").format(
            share=wording.percent(-more.value), low=low, high=high
        )
    return _("; whether referred ones are worth more cannot be told ({low} to {high})").format(
        low=_signed(more.low), high=_signed(more.high)
    )


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{wording.percent(abs(value))}"


def horizon(found: CustomerValue) -> str:
    """The horizon in words."""
    months = found.assumptions.horizon_months
    return _("a year") if months == 12 else wording.months(months)


def _not_enough(found: CustomerValue) -> str:
    lacking = " ".join(lack.what for lack in found.missing[-1:])
    if not wording.known(found.deals.median):
        return _("Not enough data to say what a customer is worth. {lacking}").format(lacking=lacking)
    return _(
        "The median deal is worth {deal}; what a customer is worth cannot be told yet. {lacking}"
    ).format(deal=wording.money(found.deals.median, found.currency), lacking=lacking)


def too_little(found: CustomerValue) -> Missing:
    """Why there is no lifetime value, and what to do."""
    what = ngettext(
        "Only {count} customer has ordered on more than one day, and the models need {fewest}.",
        "Only {count} customers have ordered on more than one day, and the models need {fewest}.",
        found.customers_who_came_back,
    )
    if found.customers_who_came_back >= FEWEST_REPEATERS:
        what = _("Too few customers have repeat orders of positive value; the models need {fewest}.")
    return Missing(
        what.format(count=wording.number(found.customers_who_came_back), fewest=FEWEST_REPEATERS),
        _("Load repeat orders as reorders, or a longer stretch of sales, or take filters away."),
        "reorders",
    )


def no_margin(histories: Histories) -> Missing:
    """Why values are in revenue."""
    what = _(
        "Orders worth {revenue} state no margin, so values are counted in revenue, not in margin."
    ).format(revenue=wording.money(histories.revenue_without_margin))
    rate = histories.stated_margin_rate
    if not wording.known(rate):
        return Missing(what, _("Set a margin rate, or export a margin column with the orders."), "sales")
    how = _("Set a margin rate (the orders that have a margin average {rate}), or export the rest.")
    return Missing(what, how.format(rate=wording.percent(rate)), "sales")


def forecast(found: CustomerValue) -> str:
    """How the model did on the last days, in words."""
    held = found.holdout
    if held is None or not wording.known(held.expected):
        return _(
            "The data are too short to try the model out: it takes {days} days to learn from and {days} to be judged on."
        ).format(days=HOLDOUT_DAYS)
    counts = {"expected": wording.number(held.expected), "actual": wording.number(held.actual)}
    if abs(held.miss) < 0.005:
        text = _("Fitted without the last {days} days, the model foretold {expected} orders; {actual} came.")
    elif held.miss > 0:
        text = _(
            "Fitted without the last {days} days, the model foretold {expected} orders; {actual} came, {off} more."
        )
    else:
        text = _(
            "Fitted without the last {days} days, the model foretold {expected} orders; {actual} came, {off} fewer."
        )
    told = text.format(days=HOLDOUT_DAYS, off=wording.percent(abs(held.miss)), **counts)
    return f"{told} {_verdict(abs(held.miss))}"


def _verdict(miss: float) -> str:
    if miss <= CLOSE:
        return _("That is close: the values can be relied on as an average.")
    if miss <= FAR:
        return _(
            "That is somewhat off, as a busy or quiet season or a change in programmes can be: read the values as "
            "rough."
        )
    return _(
        "That is far off: something has changed that the model does not know, so do not rely on the values."
    )


def independence(found: CustomerValue) -> str:
    """Whether value and frequency go together, and what that means."""
    if found.fit is None:
        return ""
    tested = found.fit.independence
    if not wording.known(tested.correlation):
        return _(
            "Whether frequent customers spend more per order cannot be tested: there are too few of them."
        )
    number = wording.ratio(tested.correlation)
    if found.fit.own_mean is None:
        return _(
            "How often customers order and how much they spend per order hardly go together (correlation {number}), "
            "so both can be modelled apart."
        ).format(number=number)
    if tested.holds:
        return _(
            "Order values are too uneven for a mean of all customers to be foretold, so each customer's own mean is "
            "used, drawn towards the mean of those who order as often."
        )
    more = _("more") if tested.correlation > 0 else _("less")
    return _(
        "Customers who order more often also spend {more} per order (correlation {number}): modelled apart, the "
        "values of frequent and of rare customers would be mixed up. Each customer's own mean is used instead, drawn "
        "towards the mean of those who order as often."
    ).format(more=more, number=number)


def equity(found: CustomerValue) -> str:
    """The parts of customer equity in a sentence."""
    equity = found.equity
    if equity is None:
        return ""
    return _(
        "Customer equity over {horizon}: {total} of {measure}, discounted to {today}. What winning new customers "
        "costs is not subtracted. Today's pace: {pace} a month, as in the last {days} days."
    ).format(
        horizon=horizon(found),
        total=wording.with_range(equity.total, lambda value: wording.money(value, found.currency)),
        measure=measure_name(found.measure),
        today=wording.day(found.today),
        pace=wording.number(equity.pace_per_month),
        days=HOLDOUT_DAYS,
    )


def notes(found: CustomerValue) -> tuple[str, ...]:
    """What a reader should know beside the numbers."""
    if found.fit is None:
        return ()
    lines = [independence(found), _from_before(found), _of_days()]
    return tuple(line for line in lines if line)


def _from_before(found: CustomerValue) -> str:
    if not found.existing_customers:
        return ""
    text = (
        ngettext(
            "{count} customer is from before the data: the first purchase is not known, so the time of this one runs "
            "from the first order seen.",
            "{count} customers are from before the data: their first purchase is not known, so their time runs from "
            "the first order seen.",
            found.existing_customers,
        )
        if found.fit is None or found.fit.is_pooled
        else ngettext(
            "{count} customer is from before the data: the first purchase is not known, so the time of this one runs "
            "from the first order seen, and they are fitted apart.",
            "{count} customers are from before the data: their first purchase is not known, so their time runs from "
            "the first order seen, and they are fitted apart.",
            found.existing_customers,
        )
    )
    return text.format(count=wording.number(found.existing_customers))


def _of_days() -> str:
    return _(
        "Orders of one customer on one day count as one. Incentives and rewards are not subtracted, and values include "
        "what today's programmes cause."
    )
