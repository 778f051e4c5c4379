"""How deal value and lifetime value are computed, in the words that stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.language import marked
from pages.shared.methods import window_badge

if TYPE_CHECKING:
    from analytics.decisions.customer_value import CustomerValue

AGAINST_CAC = marked(
    "Value of a new customer = mean margin of the first order + margin of repeat orders per repeat order expected by now × "
    "repeat orders expected over the horizon, discounted by month. Expected orders are those of a BG/NBD model (Fader, "
    "Hardie, Lee 2005) at each customer's age, so that young and old channels can be compared. CAC = spend of the channel / "
    "first orders that carry it, for the days whose spend is known. The number is value / CAC. Bars: 80 % intervals from "
    "draws of the fitted parameters and from chance in who the customers are."
)
PAYBACK = marked(
    "Accumulated margin per customer of those won through paid channels in a quarter, first order included, less the CAC of "
    "that quarter; not discounted. Only calendar months that the whole cohort has finished. Paid back: the first month in "
    "which the line reaches 0."
)
EQUITY = marked(
    "Residual value: for each of today's customers, orders expected over the horizon (BG/NBD) × expected value of an order "
    "(Gamma-Gamma; Fader, Hardie 2013), each month discounted to today. Customers still to be won: as many a month as in the "
    "last 90 days, each with what a new customer brings until the horizon's end, discounted to today. Costs of winning them "
    "are not subtracted. The range is an 80 % interval from draws of the fitted parameters."
)
DEALS = marked(
    "Amounts of the orders in these days, before refunds. The tick is the median; half of all orders lie in the thick bar, "
    "nine tenths in the thin one. First by source, then by the channel that won the customer. An outlier is more than three "
    "interquartile ranges of its source above the upper quartile, counted in logarithms, and at least four times as large."
)
HEALTH = marked(
    "The models are fitted to everything but the last 90 days, and foretell the orders of these days for the customers that "
    "were there before. Orders of one customer on one day count once."
)
GROUPS = marked(
    "A new one: what a new customer is worth over the horizon, first order included, with its 80 % interval. Today's "
    "customers, per head: bought so far, first orders included and not discounted; residual, what is expected from today "
    "over the horizon, discounted; total, both. Groups of fewer than 30 customers have no value of a new one."
)


def value_badges(found: CustomerValue) -> list[str]:
    """Range, measure and days of the value of a new customer."""
    if found.fit is None:
        return [window_badge(found.window)]
    badges = [] if found.in_margin else [_("In revenue: margin is not known")]
    if found.new_customer:
        total = wording.with_range(
            found.new_customer.total, lambda value: wording.money(value, found.currency)
        )
        badges.append(_("80 % interval: {total}").format(total=total))
    badges.append(_("Values from {day}").format(day=wording.day(found.today)))
    return [*badges, window_badge(found.window)]
