"""Referrals in words, written from the numbers: one sentence for each outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.decisions.economics import share
from analytics.decisions.missing import Missing
from analytics.decisions.referral_advocates import SILENT_DAYS
from analytics.decisions.referral_value import reward_roi
from analytics.language import Texts, marked, ngettext
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.interval import Interval
    from analytics.decisions.referral_lead import Leads
    from analytics.decisions.referrals import Referrals

CORNER_LABELS = Texts(
    {
        "champions": marked("Champions"),
        "affluents": marked("Affluents"),
        "advocates": marked("Advocates"),
        "misers": marked("Misers"),
    }
)
NEXT_STEPS = Texts({
    "champions": marked("Buy and bring others. Thank them in person, tell them first, and ask nothing more of them."),
    "affluents": marked("Buy, but bring nobody. Ask them to recommend you, and reward the referral, not the purchase."),
    "advocates": marked("Bring others, but buy little. Offer them something to buy: a bundle, a next step, a trial."),
    "misers": marked("Neither yet. Try both at little cost, an offer for two with a friend; spend no more on who stays here."),
})  # fmt: skip


def no_referrals() -> Missing:
    """No referral is on file."""
    return Missing(
        _("No referrals are loaded."),
        _(
            "Export one row per referral made, with its number, who referred, the day, and the new customer once known, "
            "and load it as referrals; export those that came to nothing too."
        ),
        "referrals",
    )


def headline(found: Referrals) -> str:
    """How many refer, what a referral is worth, whether friends refer in turn, and how fast it goes."""
    if not found.reach.customers:
        return _nothing(found)
    reach = found.reach
    if not reach.invitations:
        return _("None of {customers} customers has referred anybody in these days.").format(
            customers=wording.number(reach.customers)
        )
    who = _who(reach.referrer_share)
    if not reach.converted:
        return _("{who}, but none of {count} invitations has brought an order yet.").format(
            who=who, count=wording.number(reach.invitations)
        )
    return _("{who}; {worth}, {friends}: K = {k}, cycle {cycle}.").format(
        who=who, worth=_worth(found), friends=_friends(found), k=wording.ratio(reach.k.value), cycle=_days(found.cycle.days.value),
    )  # fmt: skip


def _nothing(found: Referrals) -> str:
    if found.missing:
        return found.missing[0].what
    return _("No customer of these groups has ordered: choose fewer filters, or later days.")


def _who(part: float) -> str:
    one_in = round(1 / part) if part else 0
    if one_in <= 1:
        return _("{share} of customers referred someone").format(share=wording.percent(part))
    return _("One customer in {count} referred someone").format(count=wording.in_words(one_in))


def _worth(found: Referrals) -> str:
    value = found.worth.value
    if not wording.known(value):
        return _("what a referral that bought is worth is not known")
    text = _("each referral that bought is worth {money}") if value >= 0 else _("each referral that bought costs {money} more than it brings")  # fmt: skip
    if value >= 0 and not found.in_margin:
        text = _("each referral that bought is worth {money} of revenue")
    return text.format(money=wording.money(abs(value), found.currency))


def _friends(found: Referrals) -> str:
    totals = found.generations.totals
    second = int(totals.loc[totals["generation"] > 1, "referred"].sum())
    if not second:
        return _("but their friends do not refer yet")
    return _("and their friends have begun to refer")


def _days(days: float) -> str:
    if not wording.known(days):
        return _("not known")
    return _("1 day") if round(days) == 1 else _("{count} days").format(count=wording.number(days))


def badges(found: Referrals) -> list[str]:
    """The ranges of the headline's numbers, and what they rest on."""
    if not found.reach.converted:
        return []
    assumed = _("Assumes that {share} would not have come otherwise").format(
        share=wording.percent(found.terms.caused_share)
    )
    return [
        _("80 % interval of K: {low} to {high}").format(
            low=wording.ratio(found.reach.k.low), high=wording.ratio(found.reach.k.high)
        ),
        _("of a referral's worth: {range}").format(range=_range(found.worth, found.currency)),
        assumed,
        "" if found.in_margin else _("In revenue: margin is not known"),
    ]


def spread(found: Referrals) -> str:
    """K in its parts, and where it leads."""
    reach = found.reach
    if not reach.invitations:
        return ""
    text = _(
        "K: {customers} customers made {invitations} invitations, {each} each. {converted} brought a customer, a "
        "conversion of {conversion}. So each customer brings {k} more."
    ).format(
        customers=wording.number(reach.customers),
        invitations=wording.number(reach.invitations),
        each=wording.ratio(reach.invitations_per_customer),
        converted=wording.number(reach.converted),
        conversion=wording.share_with_range(reach.conversion),
        k=wording.with_range(reach.k),
    )
    if not wording.known(reach.limit):
        return text + " " + _("From 1 on nothing but the number of people ends it.")
    return text + " " + _(
        "Below 1 that ends: these {customers} become {limit} and no more, however long one waits."
    ).format(customers=wording.number(reach.customers), limit=wording.number(reach.limit))  # fmt: skip


def cycle(found: Referrals) -> str:
    """How long a round takes."""
    days, generation = found.cycle.days, found.cycle.generation_days
    if not days.known:
        return ""
    text = _(
        "Cycle: half of the friends who bought did so within {days} of the invitation ({low} to {high})."
    ).format(days=_days(days.value), low=wording.number(days.low), high=wording.number(days.high))
    if not generation.known:
        return text
    return text + " " + _(
        "From the first order of who invites to that of the friend, a whole generation, it is {days} ({low} to {high}), "
        "so far as generations are over."
    ).format(days=_days(generation.value), low=wording.number(generation.low), high=wording.number(generation.high))  # fmt: skip


def second_generation(found: Referrals) -> str:
    """Whether the referred refer in turn, and whether that grows."""
    made = found.generations
    if not made.referred:
        return ""
    text = _("{share} of {referred} referred customers came through a customer who had been referred too.").format(
        share=wording.share_with_range(made.second_share), referred=wording.number(made.referred)
    )  # fmt: skip
    quarters = made.second_share_by_quarter
    if len(quarters) < 5:
        return text
    now, before = quarters.iloc[-1], quarters.iloc[-5]
    return text + " " + _("In {quarter} it was {now}, four quarters earlier {before}.").format(
        quarter=wording.quarter(quarters.index[-1]), now=wording.percent(now), before=wording.percent(before)
    )  # fmt: skip


def worth(found: Referrals) -> str:
    """What a referral is worth, between the ends of what nobody knows for sure."""
    if not wording.known(found.worth.value):
        return ""
    low, high = sorted(found.worth_ends)
    saved = found.terms.cost_saved
    text = _(
        "A referral that bought is worth {worth} if {share} would not have come otherwise; between {low} and {high} "
        "depending on that share, which only asking new customers tells."
    ).format(
        worth=_range(found.worth, found.currency),
        share=wording.percent(found.terms.caused_share),
        low=wording.money(low, found.currency),
        high=wording.money(high, found.currency),
    )
    if not wording.known(saved):
        return (
            text + " " + _("What was saved on the others is not counted: spend is not known for these days.")
        )
    return text + " " + _("On each of the others {saved} of acquisition cost was saved.").format(
        saved=wording.money(saved, found.currency)
    )  # fmt: skip


def light_and_heavy(found: Referrals) -> str:
    """Whether those who buy least bring most."""
    tenths, lead = found.map.tenths, found.map.light_lead
    if not wording.known(lead):
        return ""
    best = tenths.loc[tenths["referral_value"].idxmax()]
    who = _("lighter") if lead > 0 else _("heavier")
    return _(
        "Per head the {who} half of customers brings more by referring. Most comes from tenth {tenth} by lifetime value "
        "(1: highest): {value} each, and {share} of them refer."
    ).format(
        who=who,
        tenth=wording.number(best["tenth"]),
        value=wording.money(best["referral_value"], found.currency),
        share=wording.percent(best["referrer_share"]),
    )


def trees(found: Referrals) -> str:
    """What is drawn, and what is not."""
    made = found.communities
    if not made.drawn:
        return ""
    text = ngettext(
        "{trees} tree of people in all, {people} people. Drawn: {drawn} of the {inside} people of the largest one.",
        "{trees} trees in all, with {people} people. Drawn: {drawn} of the {inside} people of the {largest} largest.",
        made.all_trees,
    ).format(
        trees=wording.number(made.all_trees),
        people=wording.number(made.all_people),
        drawn=wording.number(made.drawn),
        inside=wording.number(made.people_in_drawn),
        largest=wording.number(len(made.trees)),
    )
    rest = made.all_people - made.people_in_drawn
    if not rest:
        return text
    return text + " " + _("{rest} are in the {others} smaller trees.").format(
        rest=wording.number(rest), others=wording.number(made.all_trees - len(made.trees))
    )  # fmt: skip


def hubs(found: Referrals) -> str:
    """How many of those who brought most are silent."""
    if not found.all_hubs:
        return _("Nobody has brought a customer yet, so there are no hubs.")
    seen = (
        _("ordered, been rewarded or been contacted") if found.has_contacts else _("ordered or been rewarded")
    )
    text = _("Of {all} customers who brought most (the upper quarter), {silent} have not {seen} for {days} days.").format(
        all=wording.number(found.all_hubs), silent=wording.number(len(found.hubs)), seen=seen, days=SILENT_DAYS
    )  # fmt: skip
    if found.has_contacts:
        return text
    return text + " " + _("Whether they were contacted is not known: touchpoints are not loaded.")


def comparison(found: Referrals) -> str:
    """Referred against matched customers, with the sign that the numbers have."""
    leads = found.leads
    if not leads.margin.matched:
        return _(
            "No referred customer's first {months} are over, so there is nothing to compare yet."
        ).format(months=wording.months(leads.months))
    lead, money = leads.margin, "margin" if found.in_margin else "revenue"
    what = {"margin": _("margin"), "revenue": _("revenue")}[money]
    text = _(
        "Referred customers brought {referred} of {what} in their first {months}, comparable others {others}: {verdict}. "
        "{share} of {count} referred customers have others to compare with."
    ).format(
        referred=wording.money(lead.referred, found.currency),
        others=wording.money(lead.others, found.currency),
        what=what,
        months=wording.months(leads.months),
        verdict=_verdict(lead.ratio),
        share=wording.percent(lead.matched_share),
        count=wording.number(lead.of),
    )
    return " ".join(part for part in (text, _repeat(leads), _reward(found)) if part)


def _verdict(ratio: Interval) -> str:
    if not ratio.known:
        return _("how much more or less cannot be told")
    ends = {"low": _signed(ratio.low), "high": _signed(ratio.high)}
    if ratio.low > 0:
        return _("{share} more ({low} to {high})").format(share=wording.percent(ratio.value), **ends)
    if ratio.high < 0:
        return _("{share} less ({low} to {high})").format(share=wording.percent(-ratio.value), **ends)
    return _("whether that is more or less cannot be told ({low} to {high})").format(**ends)


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{wording.percent(abs(value))}"


def _repeat(leads: Leads) -> str:
    lead = leads.came_back
    return _("{referred} of them ordered again in that time, of the others {others}.").format(
        referred=wording.percent(lead.referred), others=wording.percent(lead.others)
    )


def _reward(found: Referrals) -> str:
    """The arithmetic of a reward: what the lead is worth against what the referral cost."""
    reward = share(found.reach.rewards, found.reach.converted)
    if not (found.in_margin and wording.known(reward) and reward > 0):
        return ""
    gained = found.leads.margin.difference.value
    return _("Against a reward of {reward} for each, the lead alone returns {roi} per unit.").format(
        reward=wording.money(reward, found.currency), roi=wording.ratio(reward_roi(gained, reward))
    )


def abuse(found: Referrals) -> str:
    """How much is wrong."""
    counts = found.abuse.counts
    if not found.abuse.found:
        return _("Nothing is wrong with these referrals: none to oneself, no ring, no reward for nothing.")
    total = float(counts.loc[counts["what"].str.startswith("rewarded"), "rewards"].sum())
    text = ngettext(
        "{count} kind of fault occurs.", "{count} kinds of fault occur.", found.abuse.found
    ).format(count=wording.number(found.abuse.found))
    if not total:
        return text + " " + _("None of them was paid for in vain.")
    return text + " " + _("{money} of rewards was paid for nothing.").format(
        money=wording.money(total, found.currency)
    )  # fmt: skip


def notes(found: Referrals) -> tuple[str, ...]:
    """What a reader should know beside the numbers."""
    if not found.reach.invitations:
        return ()
    lines = (_only_successes(found), _young(), _not_counted(found), _by_strangers(found), _rewards(found), _so_far(found),
             _on_rings())  # fmt: skip
    return tuple(line for line in lines if line)


def _only_successes(found: Referrals) -> str:
    if not found.reach.lists_only_successes:
        return ""
    return _(
        "Every invitation on file brought a customer, so the export seems to list successes only: conversion and "
        "invitations per customer say nothing then. K, their product, holds all the same; export invitations in vain too."
    )


def _young() -> str:
    return _("The newest invitations may still bring somebody: conversion and K of recent days are too low.")


def _not_counted(found: Referrals) -> str:
    count = found.reach.not_counted
    if not count:
        return ""
    return ngettext(
        "{count} referral invites nobody new (oneself, a ring, or a customer already) and is not counted as an invitation.",
        "{count} referrals invite nobody new (oneself, a ring, or a customer already) and are not counted as invitations.",
        count,
    ).format(count=wording.number(count))


def _by_strangers(found: Referrals) -> str:
    count = found.reach.by_strangers
    if not count:
        return ""
    return ngettext(
        "{count} referral is by somebody without an order and counts for no customer.",
        "{count} referrals are by people without an order and count for no customer.",
        count,
    ).format(count=wording.number(count))


def _rewards(found: Referrals) -> str:
    if found.reach.rewards_known:
        return ""
    return _(
        "No rewards are recorded, so nothing is subtracted for them: export reward_cost with the referrals."
    )


def _so_far(found: Referrals) -> str:
    if found.expects:
        return ""
    return _(
        "Too few customers came back for a forecast: values are what customers have brought so far, and the map's "
        "lifetime value too."
    )


def _on_rings() -> str:
    return _(
        "A referral that would close a ring is not followed: every tree begins with somebody who was not referred."
    )


def _range(interval: Interval, currency: str | None) -> str:
    return wording.with_range(interval, lambda value: wording.money(value, currency))
