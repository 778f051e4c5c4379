"""How the numbers on the pages are computed, in the words that stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import credit_sentences, sentences, wording
from analytics.language import gettext as _
from analytics.language import marked

if TYPE_CHECKING:
    from analytics.decisions.case import Case
    from analytics.decisions.channel_credit import ChannelCredit
    from analytics.decisions.window import Window

LENSES = marked(
    "Return on investment (ROI) = (margin − cost) / cost. Booked: acquisition owns the margin of first orders from "
    "paid channels, retention that of reorders and of referred first orders, in these days. Incremental: what the "
    "spend caused. Acquisition = the part of the customers won whom spend caused × (their first-order margin + baseline share × "
    "what they and their friends are expected to reorder over the horizon). Retention, measured (A): customers due for a "
    "programme, treated against left alone, whatever they did; adjusted (B): customers in contact against alike ones "
    "who were not; assumed (C): (1 − baseline share) × margin of reorders and referred first orders. Both add up to what both caused. Marginal: the return of the next unit of spend, off response curves fitted to spend and "
    "outcome by month, over at least four quarters. "
    "Bars are 80 % intervals: chance in who the customers are and, for incremental, what is not known of the baseline share and of the customers whom spend caused."
)
OVERLAP = marked(
    "Customer-months by how likely a programme's contact was, from what was known when the month began: with a contact above the "
    "line, without below it. Only where both are found can they be compared; months at either end, where "
    "nobody like them was in the other group, are left out."
)
MARGINAL_NEEDS = marked("needs response curves, from four quarters or more")
BREAK_EVEN = marked(
    "Both incremental returns are straight lines over the baseline share b, the part of reorders and referrals that "
    "would have come without programmes. They are equal at b = (kept − won) / (kept + value), where kept = margin of "
    "reorders and referred first orders per unit of retention spend, won = first-order margin and value = expected "
    "reorder margin over the horizon of the customers won, both per unit of acquisition spend. The grey band is the "
    "range that is measured or assumed; the bar at the crossing is its 80 % interval."
)
REVENUE = marked(
    "Every order has one source. New customers: a first order that was not referred. Referred customers: the first "
    "order of a referred customer. Reorders: any later order, and any order of a customer from before the data. "
    "Refunds are subtracted from the source of the order they belong to; the parts add up to all revenue, to the cent."
)
SHARES = marked(
    "Budget: spend of the channels that win customers, spend of programmes for existing customers, and incentives and "
    "rewards that no programme's spend contains. Revenue: all orders less refunds, by source. Each part is divided by "
    "the whole of its own bar. Spend is counted for the days for which it is known."
)
CHANNELS = marked(
    "Each order stands in exactly one line: a first order in the channel that its company recorded, a reorder in the "
    "programme that prompted it, a referred first order under referral. CAC = spend of a paid channel / first orders "
    "that carry it. Payback = the first month in which the accumulated margin per customer won reaches the CAC; only "
    "finished months count."
)
COVERAGE = marked(
    "A month is filled where rows reach from its first to its last week, or where the months beside it have rows too; "
    "in part where the rows begin or end within it; pale where there is none. Spend is by month and so always whole."
)

CREDIT = marked(
    "A journey is one person's contacts in order, within the look-back before the first order (or before a reorder, since "
    "the order before it); contacts that led to no order within a look-back are journeys too. Left: the channel that the "
    "company's own system recorded. Right: the model's share. Markov: journeys as a chain of channels; a channel's credit "
    "is in proportion to the orders that would be lost if it led nowhere, solved exactly. Shapley: a journey's order is "
    "shared equally by the channels it touched. Rules share it by place in the journey. Every model hands out exactly the "
    "orders observed. Bars: 80 % intervals from drawing journeys anew."
)
RETURNS = marked(
    "Cost = spend of a channel / orders credited to it. ROAS = revenue credited / spend. ROI = (margin credited − spend) / "
    "spend, booked: the margin of these orders alone, without what their customers buy later. Only channels with spend; "
    "days for which spend is known. Blended: all spend of this kind / all orders of this kind, paid for or not."
)
PATHS = marked(
    "The paths with most orders among all distinct paths, contacts in order; ×2 means twice in a row. In brackets of each "
    "line: the part of the journeys along exactly this path that ended without an order. An order without a contact in the "
    "look-back counts with the one channel that was recorded."
)
STEPS = marked(
    "Of all contacts of a channel: how many were followed by the order, by another contact of the same journey, or by "
    "nothing. A journey dies when no order follows its last contact within what is on file."
)
MODELS = marked(
    "Shares of what is credited. First and last contact; last contact that is not called direct; linear: all alike; "
    "position: 40 % first, 40 % last, 20 % between; time decay: half as much for every 7 days further back; Markov and "
    "Shapley: learnt from the journeys. Every column adds up to 100 %."
)


def case_badges(found: Case) -> list[str]:
    """Grade, probability and days of the case."""
    badges = [window_badge(found.window)]
    if found.verdict:
        chance = wording.probability(found.probability_retention_better)
        better = _("Retention is the better one with a probability of {chance}").format(chance=chance)
        is_said = found.next_budget is not None  # in the headline
        badges = [sentences.grade_label(found.grade), *([] if is_said else [better]), *badges]
    return badges


def credit_badges(found: ChannelCredit) -> list[str]:
    """Model, look-back and days of the credit."""
    if not len(found.lines):
        return [window_badge(found.window)]
    if found.model == "recorded":
        return [_("As recorded: last touch"), window_badge(found.window)]
    days = _("look-back {days} days").format(days=found.choice.look_back_days)
    return [credit_sentences.model_label(found.model, found.choice.order), days, window_badge(found.window)]


def window_badge(window: Window | None) -> str:
    """The days that are looked at."""
    if window is None:
        return ""
    return _("{first} to {last}").format(
        first=wording.day(window.first_day), last=wording.day(window.last_day)
    )
