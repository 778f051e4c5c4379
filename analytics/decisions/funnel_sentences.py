"""The two funnels in words: one headline for each outcome, and what to know about the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.decisions.economics import share
from analytics.decisions.missing import Missing
from analytics.decisions.sentences import grade_label
from analytics.decisions.verdict import ACQUISITION
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.models.funnels import AIDAS, FLIPPED

if TYPE_CHECKING:
    from analytics.decisions.funnel_people import Sources
    from analytics.decisions.funnels import Funnels

STAGE_LABELS = Texts(
    {
        "awareness": marked("Awareness"),
        "interest": marked("Interest"),
        "desire": marked("Desire"),
        "action": marked("Action"),
        "satisfaction": marked("Satisfaction"),
        "acknowledgement": marked("Acknowledgement"),
        "dialogue": marked("Dialogue"),
        "incentivization": marked("Incentivization"),
        "activation": marked("Activation"),
        "new customers": marked("New customers"),
    }
)
STARTS = Texts(
    {
        "acknowledgement": marked("{count} thanked ones"),
        "dialogue": marked("{count} ones in dialogue"),
        "incentivization": marked("{count} ones with an incentive"),
        "activation": marked("{count} activated ones"),
    }
)
FUNNEL_LABELS = Texts({"aidas": marked("Classic funnel"), "flipped": marked("Flipped funnel")})


def headline(found: Funnels) -> str:
    """What a unit of budget yields at the end of either funnel; other words for every other outcome."""
    if found.people is None or found.costs is None:
        return found.missing[0].what if found.missing else _("Not enough data.")
    classic, flipped = found.costs.cost("aidas"), found.costs.cost("flipped")
    if not (wording.known(classic) and wording.known(flipped)):
        return _without_money(found)
    if not classic and not flipped:
        return _("Nothing was spent on either funnel in these days. {people}").format(people=_people(found))
    if found.verdict == ACQUISITION and classic and flipped:
        return _worse(found)
    return _("{classic}; {flipped}.").format(
        classic=_classic(found, classic), flipped=_flipped(found, flipped)
    )


def amount(value: float) -> str:
    """A yield as it is read: "31", "4.2", "0.35"; whole from 10 on."""
    if not wording.known(value):
        return wording.number(value)
    decimals = 0 if value >= 9.95 or value == round(value) else 1 if value >= 0.95 else 2
    return wording.number(value, decimals)


def yield_range(found: Funnels, outcome: str) -> str:
    """A yield with its 80 % interval."""
    return wording.with_range(found.yielded(outcome), amount)


def badges(found: Funnels) -> list[str]:
    """Ranges of the headline's numbers, and the grade of the margins."""
    if found.people is None or not len(found.yields):
        return []
    known = {
        "satisfaction": _("{range} satisfied"),
        "new customers": _("{range} new"),
    }
    ranges = [
        text.format(range=yield_range(found, outcome))
        for outcome, text in known.items()
        if found.yielded(outcome).known
    ]
    texts = [_("Per 1,000, 80 % intervals: {ranges}").format(ranges=", ".join(ranges))] if ranges else []
    if any(found.margin(funnel).known for funnel in FUNNEL_LABELS):
        texts.append(_("Margin caused, {grade}").format(grade=grade_label(found.grade)))
    return texts


def missing(sources: Sources) -> tuple[Missing, ...]:
    """Exports without which stages stay empty."""
    found = []
    if sources.contacts is None:
        found.append(
            Missing(
                _("Contacts are not loaded: who was aware, interested, thanked or in dialogue is not known."),
                _("Export one row per contact with customer number, day, channel and stage, and load it as touchpoints."),
                "touchpoints",
            )
        )  # fmt: skip
    if sources.stages["activation"] == "nothing":
        found.append(
            Missing(
                _("No referral that bought is on file: whom customers bring is not known."),
                _("Export one row per referral with the referrer, the friend and the day, and load it as referrals."),
                "referrals",
            )
        )  # fmt: skip
    return tuple(found)


def notes(found: Funnels) -> tuple[str, ...]:
    """How stages are known, what is not finished, and what the costs hold."""
    if found.people is None or found.sources is None:
        return ()
    texts = (
        _how_satisfied(found),
        _by_books(found),
        _not_by_group(found),
        _not_finished(found),
        _unasked(found),
        _contacts_end(found),
        _beside(found),
        _unallocated(found),
    )
    return tuple(text for text in texts if text)


def _classic(found: Funnels, cost: float) -> str:
    if not cost:
        return _("Nothing was spent on the classic funnel")
    return _("Out of every 1,000 spent, the classic funnel ends with {count} satisfied customers").format(
        count=amount(found.yielded("satisfaction").value)
    )


def _flipped(found: Funnels, cost: float) -> str:
    new = found.people.new_customers if found.people else 0.0
    if not cost:
        return _("nothing was spent on the flipped one, and it brought {count} new customers").format(
            count=wording.number(new)
        )
    return _("the flipped one {start} and {end}").format(start=_start(found), end=_end(found))


def _start(found: Funnels) -> str:
    for stage, text in STARTS.items():
        people = found.stage(stage)["people"]
        if wording.known(people):
            per_unit = 1000 * share(people, found.costs.cost("flipped")) if found.costs else people
            return _("starts with {people}").format(people=text.format(count=amount(per_unit)))
    return _("starts with nobody on file")


def _end(found: Funnels) -> str:
    brought = found.yielded("new customers").value
    if not wording.known(brought):
        return _("nobody knows whom it brings: no referral that bought is on file")
    if not brought:
        return _("brings no new one back")
    return _("brings {count} new ones back").format(count=amount(brought))


def _worse(found: Funnels) -> str:
    return _(
        "Here the classic funnel is the better one: out of every 1,000 spent it ends with {satisfied} satisfied customers "
        "and causes {classic} of margin; the flipped one {start}, {end} and causes {flipped}."
    ).format(
        satisfied=amount(found.yielded("satisfaction").value),
        classic=_margin_per_thousand(found, "aidas"),
        start=_start(found),
        end=_end(found),
        flipped=_margin_per_thousand(found, "flipped"),
    )


def _margin_per_thousand(found: Funnels, funnel: str) -> str:
    cost = found.costs.cost(funnel) if found.costs else 0.0
    return wording.money(1000 * share(found.margin(funnel).value, cost), found.currency)


def _without_money(found: Funnels) -> str:
    why = (
        _("What a unit of budget yields is not known by group.")
        if found.by_group
        else _("What a unit of budget yields needs the spend.")
    )
    return _("{people} {why}").format(people=_people(found), why=why)


def _people(found: Funnels) -> str:
    """Both funnels counted in people, from whatever stage is known."""
    rows = found.stages.set_index("stage")["people"]
    texts = {
        "awareness": _("{count} people came to know the company"),
        "interest": _("{count} people were interested"),
        "desire": _("{count} people wanted to buy"),
    }
    begun = [texts[s].format(count=wording.number(rows[s])) for s in texts if wording.known(rows[s])][:1]
    classic = [*begun, _("{count} bought for the first time").format(count=wording.number(rows["action"])),
               _("{count} of these were satisfied").format(count=wording.number(rows["satisfaction"]))]  # fmt: skip
    words = {
        "acknowledgement": _("{count} were thanked"),
        "dialogue": _("{count} were in dialogue"),
        "incentivization": _("{count} got an incentive"),
        "activation": _("{count} were activated"),
    }
    kept = [words[s].format(count=wording.number(rows[s])) for s in words if wording.known(rows[s])]
    kept = [*kept[:1], *kept[1:][-1:]]
    customers = found.people.customers if found.people else 0.0
    new = found.people.new_customers if found.people else 0.0
    if not kept:
        return _("{classic}; of the flipped funnel nothing is on file.").format(
            classic=wording.listed(classic)
        )
    brought = (
        _("who brought {count} new ones").format(count=wording.number(new))
        if new > 0
        else _("who brought no new one")
    )
    return _("{classic}; of {customers} customers {kept}, {brought}.").format(
        classic=wording.listed(classic), customers=wording.number(customers), kept=wording.listed(kept), brought=brought
    )  # fmt: skip


def _how_satisfied(found: Funnels) -> str:
    if found.sources and found.sources.stages["satisfaction"] == "contacts":
        return _("Satisfied: a contact of that stage within 180 days of the first order.")
    return _("Satisfied: a second order within 180 days of the first, as no contact says who was satisfied.")


def _by_books(found: Funnels) -> str | None:
    sources = found.sources.stages if found.sources else {}
    texts = {
        "incentivization": _("incentivization: customers with an incentive or a rewarded referral"),
        "activation": _("activation: customers whose referral bought"),
    }
    shown = [text for stage, text in texts.items() if sources.get(stage) == "books"]
    if not shown:
        return None
    return _("No contact carries these stages, so the books stand in: {stages}.").format(
        stages=wording.listed(shown)
    )


def _not_by_group(found: Funnels) -> str | None:
    if not found.sources or "no groups" not in found.sources.stages.values():
        return None
    return _(
        "People who never bought have no segment, region or channel that won them: with such a filter AIDAS begins at action."
    )


def _not_finished(found: Funnels) -> str | None:
    if found.people is None or found.people.finished >= found.people.won:
        return None
    return _(
        "{count} of {won} customers won have not been observed for 180 days yet: they are left out of satisfaction's share "
        "of the step before, and may still add to its people."
    ).format(
        count=wording.number(found.people.won - found.people.finished), won=wording.number(found.people.won)
    )


def _unasked(found: Funnels) -> str | None:
    people = found.people
    if people is None or not people.referred > people.new_customers:
        return None
    return _("{count} more new customers were referred by customers whom nobody had asked to.").format(
        count=wording.number(people.referred - people.new_customers)
    )


def _contacts_end(found: Funnels) -> str | None:
    days = found.sources.contacts if found.sources else None
    if found.window is None or days is None or found.window.is_covered_by(days):
        return None
    return _("Contacts are on file from {first} to {last} only.").format(
        first=wording.day(days.first_day), last=wording.day(days.last_day)
    )


def _beside(found: Funnels) -> str | None:
    cost = sum(found.costs.beside(f) for f in found.costs.known) if found.costs else 0.0
    if not cost:
        return None
    return _(
        "Costs are the spend of the case page and, marked ⁺, {money} of contacts that no line of spend contains."
    ).format(money=wording.money(cost, found.currency))


def _unallocated(found: Funnels) -> str | None:
    cost = sum(found.costs.unallocated(f) for f in found.costs.known) if found.costs else 0.0
    if not cost:
        return None
    return _(
        "{money} of spend belongs to no stage: its names occur in no contact, order or referral."
    ).format(money=wording.money(cost, found.currency))


def stage_order() -> tuple[str, ...]:
    """All stages, and what comes of them, in the order in which they are read."""
    return (*AIDAS, *FLIPPED, "new customers")
