"""How the numbers of the funnels page are computed, in the words that stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import funnel_sentences
from analytics.language import marked
from pages.shared.methods import window_badge

if TYPE_CHECKING:
    from analytics.decisions.funnels import Funnels

STAGES = marked(
    "AIDAS: everybody who bought for the first time in these days, and everybody first contacted in them who has not bought. "
    "Whoever reached a later stage counts in all earlier ones; a return to an earlier stage undoes nothing. Action is the "
    "first order; a contact called action without an order counts as desire. Satisfaction is a contact of that stage within "
    "180 days of the first order or, where no contact has that stage, a second order within them; its share of the step "
    "before leaves out customers not observed for 180 days. Flipped: customers who were contacted at a stage in these days; "
    "those deliberately left alone are not counted. Where no contact has the stage: incentivization = an order with an "
    "incentive or programme, or a rewarded referral; activation = a referral that bought. A contact without a stage counts "
    "as awareness before the first order, and as dialogue after it if it came from the customer. The dark bar is who is "
    "at the stage, the pale one who is at it or at one before. Share of the step before: AIDAS people / people at the step "
    "before; flipped: of those at the step before, the part that is at this one too. Share of start: of awareness; flipped: "
    "of all customers known by the last day. New customers: first orders in these days of friends whose referrer had been "
    "activated by then. Margin caused is the incremental lens of the case page: at action the margin of first orders won, at "
    "satisfaction what these customers would reorder without programmes over the horizon, at incentivization and at "
    "activation what retention caused, in proportion to the booked margin of reorders and of referred first orders. Days: median since the step before, first time each. "
    "▲▼: people in the last whole quarter against the quarter before, each as it stood at the same age."
)
COSTS = marked(
    "All spend of the case page, each part once. A line of spend that names a stage of its funnel stands there. Any other is "
    "shared over the stages of its contacts in these days, in proportion to their number. A name without contacts stands "
    "where its people are first seen: a channel that orders carry at action, a programme that orders or rewards carry at "
    "incentivization, one that only referrals carry at activation; else it is not allocated. Incentives and rewards that no "
    "programme's spend contains stand at incentivization. Marked ⁺: costs of contacts on channels without any spend, which "
    "no line of spend contains; they are added here and are not in the case page's spend."
)
YIELDS = marked(
    "People / all cost of their funnel in the quarter × 1,000, contacts in no line of spend included. Satisfied: of the "
    "customers won in the quarter. New customers: brought by activated ones. Bars are 80 % intervals of a number of people. "
    "A hollow mark is a quarter whose customers have not all been observed for 180 days."
)
DIFFERENCE = marked(
    "AIDAS: people / people at the step before. Flipped: people / all customers known by the last day. Bars are 80 % "
    "intervals of a share in so many people. A difference is said when it is larger than both intervals together explain."
)


def funnel_badges(found: Funnels) -> list[str]:
    """Ranges, grade and days."""
    return [*funnel_sentences.badges(found), window_badge(found.window)]
