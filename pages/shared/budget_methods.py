"""How the budget's numbers are computed, in the words that stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import sentences, wording
from analytics.language import gettext as _
from analytics.language import marked

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget

FRONTIER = marked(
    "For each share of today's total that goes to existing customers, both sides' money is split within the side as well as "
    "can be, and the equity over the horizon is set against that of today's split. The band is the 80 % interval over draws "
    "of response curves, values and programme effects. ● today, ★ the best split within the limits, ◆ the plan in hand with "
    "its own interval. The line is the best in the mean; a cautious best split stops before it. Lines are not moved beyond 1.5 times their largest month. Shaded: shares of the months observed; "
    "beside them nobody has been yet."
)
FIGURES = marked(
    "New customers: what the response curves of the paid channels give at these spends once the effect has settled, those "
    "who come anyway included. Margin of new customers: these × what a customer of the channel brings over the horizon "
    "without programmes. Reorders and referrals that programmes cause: what programmes add per customer over the horizon × "
    "(a month's share of today's active customers + organic and won ones). Equity: both less the spend, × the months of the "
    "horizon. Ranges are 80 % intervals over 1,000 joint draws; the change is drawn with both splits alike."
)
CURVE = marked(
    "Channels: customers = base + ceiling × (1 − e^(−k × spend)), spend with its carry-over (Blattberg, Deighton 1996), "
    "learnt from the months that stand as rings. An S-shaped curve (Hill) takes its place where at least a year of months, with "
    "the tests typed in, is twenty times as probable under it (Laplace's approximation of the Bayes factor); in simulated "
    "channels of two years that was so for six to nine in ten of the truly S-shaped ones, and for none of the others. Programmes: the margin that a month's customers bring because of them, "
    "known at one level of spend; how it bends is assumed. Band: 80 % interval. Dashed: outside of 0.5 to 1.5 times the "
    "months observed, an extrapolation."
)
CASH = marked(
    "The split in hand from the next month on for as many months as the horizon has, less today's split kept as long. Cash of "
    "a month: margin that arrives in it less its spend; customers pay over the months after their first order. Value: the "
    "same margin counted in the month that causes it. Both end at the same sum; what lies between them is still to come. "
    "Advertising works on for a while after it is paid (carry-over), so the first months are still partly today's."
)
SPLIT = marked(
    "The best split makes the next unit of money return the same on every line that is at no limit; exact for curves that "
    "bend evenly. Cautious: the way from today's split towards it, as far as at most one draw in twenty loses by it, "
    "and no line below half of today unless it surely does not earn its cost; of another "
    "total, where the worst fifth of the draws gains most between what is best on average and what is best in these. "
    "The price of a limit is what one unit of money "
    "more, or less, at this limit would add a month. Marginal ROI: what the next unit of today's spend returns, less that unit."
)
PLAN = marked(
    "The plan in hand is kept with the workspace as the plan, with the 80 % band of new customers that it foresees for each "
    "month: draws of the response curves, with the chance of single months as large as in the months observed. Later data do "
    "not change what was said. Margin that programmes cause cannot be seen in the orders, so customers and spend are compared."
)

TESTS = marked(
    "A channel switched off in some regions, or customers of a programme left alone, measure what months can hardly tell. "
    "Type in what the whole company spent, or would have spent, a month with and without what was tested, and what the "
    "difference caused over the days of the test: new customers of a channel, margin of a programme, with the 80 % range "
    "of the result. A test in a part of the market is scaled to all of it first. The curve is learnt anew from months and "
    "tests together, each by how sure it is; a test that lies further from all else than chance explains is named."
)


def badges(found: Budget) -> list[str]:
    """Grade, range and horizon of the advice."""
    if found.best is None:
        return []
    gain = wording.with_range(found.gain, lambda money: wording.money(money, found.currency))
    return [
        sentences.grade_label(found.grade),
        _("80 % interval: {gain}").format(gain=gain),
        _("Horizon: {months}").format(months=wording.months(found.assumptions.horizon_months)),
    ]
