"""What a sceptic asks of each slide of the story, and what the numbers answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analytics.decisions import budget_sentences, value_sentences, wording
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.case import Case
    from analytics.decisions.customer_value import CustomerValue
    from analytics.decisions.funnels import Funnels


class Doubt(NamedTuple):
    """What a sceptic asks of a slide, and what is answered."""

    asked: str
    reply: str


def question(case: Case) -> Doubt:
    """The strongest argument against the answer; without an answer, why revenue alone is none."""
    if case.sceptic is None:
        return Doubt(
            _("Why not decide by where revenue comes from?"),
            _(
                "Revenue says what came in, not what caused it: loyal customers reorder without being asked. A return takes "
                "what was spent, and the margin that it caused."
            ),
        )
    return Doubt(_("What is the strongest argument against it?"), case.sceptic.argument)


def sources(case: Case) -> Doubt:
    """That reorders come by themselves."""
    asked = _("Do reorders not come by themselves?")
    if not case.baseline.known:
        return Doubt(
            asked,
            _(
                "Many do, and how many is not known here. These bars say where revenue came from, not what spend caused."
            ),
        )
    share = wording.share_with_range(case.baseline)
    if case.effect is None:
        text = _(
            "Many do: {share} of reorders and referrals is assumed to come anyway. These bars say where revenue came from, not "
            "what spend caused."
        )
    else:
        text = _(
            "Many do: {share} of reorders and referrals would have come anyway. These bars say where revenue came from, not what "
            "spend caused."
        )
    return Doubt(asked, text.format(share=share))


def funnels(found: Funnels) -> Doubt:
    """That the flipped funnel lives off the classic one."""
    said = [_("It does: whoever is thanked was won before.")]
    if found.costs is not None and wording.known(found.costs.cost("flipped")):
        said.append(_("Each funnel is charged with its own cost."))
    said.append(_("Only friends of customers who had been activated by then count as brought back."))
    return Doubt(
        _("Does the flipped funnel not live off customers whom the classic one won?"), " ".join(said)
    )


def caused(case: Case) -> Doubt:
    """The weak point of each kind of evidence."""
    effect = case.effect
    if effect is None:
        asked = _("Why should {share} be right?").format(
            share=wording.percent(case.assumptions.baseline_share)
        )
        return Doubt(asked, _("Nobody has to believe it. {turn}").format(turn=case.break_even_sentence))
    if effect.grade == "A":
        asked = _("Are {count} customers left alone enough to tell?").format(
            count=wording.number(effect.holdout)
        )
        reply = _("The chance in so few is what the range shows: a return of {roi}. {turn}")
        return Doubt(
            asked,
            reply.format(
                roi=wording.with_range(case.retention.incremental.roi), turn=case.break_even_sentence
            ),
        )
    asked = _("Did whoever chose the customers not know who would buy?")
    reply = _(
        "Perhaps. What they knew would have to make contact and orders {e_value} times as likely to explain it away."
    )
    return Doubt(asked, reply.format(e_value=wording.number(effect.e_value, 1)))


def next_unit(found: Budget) -> Doubt:
    """That a return does not stay what it is."""
    said = [_("No: every curve bends, and beyond what the months show it is an extrapolation.")]
    tested = {one.line for one in found.sharpened}
    if found.model is not None and any(line.name not in tested for line in found.model.programmes):
        said.append(
            _(
                "What programmes cause is known at one level of spend only, unless a test tells more; how it bends is assumed."
            )
        )
    return Doubt(_("Would twice the money earn twice as much?"), " ".join(said))


def proposal(found: Budget) -> Doubt:
    """What is lost if the advice is wrong."""
    if not found.gain.value > 0:
        return Doubt(
            _("Should nothing be done at all?"),
            _("A month with far more or far less spend on one line would show more than these months do."),
        )
    limits = budget_sentences.bindings(found)[:1]
    return Doubt(
        _("What is lost if the advice is wrong?"),
        " ".join(part for part in (budget_sentences.if_off(found), risk(found), *limits) if part),
    )


def risk(found: Budget) -> str:
    """What the lower end of the range means in money; empty where nothing is gained to begin with."""
    if not (found.gain.value > 0 and wording.known(found.gain.low)):
        return ""
    if found.gain.low >= 0:
        return _("At the lower end of the 80 % range it still adds {low}.").format(
            low=wording.money(found.gain.low, found.currency)
        )
    return _("At the lower end of the 80 % range it loses {loss}.").format(
        loss=wording.money(-found.gain.low, found.currency)
    )


def test(case: Case) -> Doubt:
    """Why another test; or, where there was none, what one costs."""
    effect, test = case.effect, case.next_test
    if effect is not None and effect.grade == "A":
        reply = _("There was, of {count} customers: it leaves the return between {low} and {high}.")
        roi = case.retention.incremental.roi
        return Doubt(
            _("Was there not a holdout already?"),
            reply.format(
                count=wording.number(effect.holdout),
                low=wording.ratio(roi.low),
                high=wording.ratio(roi.high),
            ),
        )
    if test is None or not test.is_possible:
        reply = _(
            "What either side can lose: returns of {retention} on existing customers, {acquisition} in acquisition."
        )
        return Doubt(
            _("What then should decide?"),
            reply.format(
                retention=wording.with_range(case.retention.incremental.roi),
                acquisition=wording.with_range(case.acquisition.incremental.roi),
            ),
        )
    return Doubt(
        _("Does a holdout not lose sales?"),
        _(
            "Only what programmes cause with {count} customers in {weeks} weeks. If they cause nothing, nothing is lost."
        ).format(count=wording.number(test.holdout), weeks=wording.number(test.weeks)),
    )


def value(found: CustomerValue) -> Doubt:
    """Whether the forecast can be relied on."""
    return Doubt(_("Is that forecast any good?"), value_sentences.forecast(found))


def deals(found: CustomerValue) -> Doubt:
    """Why no value is named."""
    return Doubt(_("Why not name the value of a customer?"), value_sentences.forecast(found))


def staying() -> Doubt:
    """That a quarter without an order is no farewell."""
    return Doubt(
        _("Is a customer who skips a quarter lost?"),
        _(
            "Not for certain: who orders once a year skips three. It compares one quarter with the next, no more."
        ),
    )
