"""What the slides say that no page says: headlines of their own, what to read off a chart, and what has no slide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import budget_sentences, sentences, value_sentences, wording
from analytics.decisions.funnel_sentences import amount
from analytics.decisions.interval import Interval
from analytics.language import gettext as _
from analytics.language import ngettext

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.case import Case
    from analytics.decisions.customer_value import CustomerValue
    from analytics.decisions.funnels import Funnels


# The question


def question_points(case: Case) -> tuple[str, ...]:
    """What the next money is foreseen to cause, where the answer turns, and what was spent so far."""
    if case.verdict is None:
        return tuple(lack.text for lack in case.missing[:3])
    first = _foreseen(case) if case.next_budget else sentences.probability(case)
    return (first, case.break_even_sentence, _spent_so_far(case))


def _foreseen(case: Case) -> str:
    assert case.next_budget is not None
    return _("The next {total}, so split, is foreseen to cause {caused} of margin a unit.").format(
        total=wording.money(case.next_budget.total, case.currency),
        caused=wording.with_range(case.next_budget.caused),
    )


def _spent_so_far(case: Case) -> str:
    return _("Spent so far: {retention} on existing customers, {acquisition} on winning new ones.").format(
        retention=wording.money(case.retention.spend, case.currency),
        acquisition=wording.money(case.acquisition.spend, case.currency),
    )


# Where revenue comes from


def source_points(case: Case) -> tuple[str, ...]:
    """Revenue in its parts, and what a customer cost."""
    revenue = case.revenue
    texts = {
        "reorder": _("{money} from reorders"),
        "referral": _("{money} from referred customers"),
        "new": _("{money} from new customers"),
        "unknown": _("{money} without a customer number"),
    }
    parts = [
        text.format(money=wording.money(getattr(revenue, name), case.currency))
        for name, text in texts.items()
        if getattr(revenue, name)  # a source of nothing may be an export that was never loaded
    ]
    said = [
        _("{total} of revenue: {parts}.").format(
            total=wording.money(revenue.total, case.currency), parts=wording.listed(parts)
        )
    ]
    cac, keep = case.acquisition.cost_per_customer, case.retention.cost_per_customer
    if wording.known(cac) and wording.known(keep):
        text = _("Winning a customer cost {cac}; keeping one who bought again cost {keep}.")
        said.append(
            text.format(cac=wording.money(cac, case.currency), keep=wording.money(keep, case.currency))
        )
    return tuple(said)


# The two funnels


def funnel_points(found: Funnels) -> tuple[str, ...]:
    """The yields with their ranges, and who was activated."""
    texts = {
        "satisfaction": _("Satisfied customers per 1,000 of cost: {range}."),
        "new customers": _("New customers brought back per 1,000 of cost: {range}."),
    }
    said = [
        text.format(range=wording.with_range(found.yielded(outcome), amount))
        for outcome, text in texts.items()
        if found.yielded(outcome).known
    ]
    activated = float(found.stage("activation")["people"])
    if found.people is not None and wording.known(activated) and wording.known(found.people.new_customers):
        said.append(
            _("{activated} customers were activated, and brought {new} new ones.").format(
                activated=wording.number(activated), new=wording.number(found.people.new_customers)
            )
        )
    return tuple(said)


# What was caused


def caused(case: Case) -> str:
    """The booked margin of retention beside the caused one."""
    booked, margin, share = case.retention.booked.margin, case.retention.incremental.margin, case.baseline
    values = {
        "booked": wording.money(booked.value, case.currency),
        "caused": _money_with_range(margin, case.currency),
        "share": wording.share_with_range(share),
    }
    if case.effect is None:
        text = _(
            "If {share} of reorders and referrals would have come anyway, programmes caused {caused} of margin, not the {booked} "
            "that the books show; that share is assumed."
        )
    elif not margin.low > 0:
        text = _(
            "The books credit existing customers with {booked} of margin; whether programmes caused any of it cannot be told: "
            "{caused}."
        )
    elif share.value <= sentences.EDGE:
        text = _("Programmes caused as much margin as the books show, {booked}: {caused}.")
    else:
        text = _(
            "Programmes caused {caused} of margin, not the {booked} that the books show: {share} of that would have come anyway."
        )
    return text.format(**values)


def caused_points(case: Case) -> tuple[str, ...]:
    """How it is known, the same for acquisition, and why booked and caused differ."""
    booked, caused = case.acquisition.booked.margin, case.acquisition.incremental.margin
    acquisition = _(
        "Acquisition: {booked} in first orders; {caused} caused, with later reorders, without those who would have come anyway."
    ).format(
        booked=wording.money(booked.value, case.currency), caused=_money_with_range(caused, case.currency)
    )
    why = _("They differ because loyal customers buy, and use offers, without being asked.")
    return (case.evidence_sentence, *((acquisition,) if caused.known else ()), why)


# The next unit


def next_unit(case: Case) -> str:
    """What the next unit of budget returns on either side, and whether the ranges are apart."""
    kept, won = case.retention.marginal.roi, case.acquisition.marginal.roi
    text = _(
        "The next unit of budget earns {retention} beyond its cost with existing customers, against {acquisition} in "
        "acquisition{apart}."
    )
    return text.format(
        retention=wording.with_range(kept), acquisition=wording.with_range(won), apart=_apart(kept, won)
    )


def _apart(kept: Interval, won: Interval) -> str:
    ends = (kept.low, kept.high, won.low, won.high)
    if not all(map(wording.known, ends)) or kept.low > won.high or won.low > kept.high:
        return ""
    return _("; the two ranges overlap")


def next_unit_points(found: Budget) -> tuple[str, ...]:
    """The best and the worst line, and how many cannot be told from earning nothing."""
    lines = found.lines.sort_values("marginal_roi", kind="stable")
    if len(lines) < 2:
        return ()
    worst, best = lines.iloc[0], lines.iloc[-1]
    unsure = int(((lines["low"] <= 0) & (lines["high"] >= 0)).sum())
    said = [
        _("Most: {name}, {roi}.").format(name=best["name"], roi=_line_return(best)),
        _("Least: {name}, {roi}.").format(name=worst["name"], roi=_line_return(worst)),
    ]
    if unsure:
        text = ngettext(
            "{count} line of {all} has a range with 0 in it: whether its next unit earns its cost cannot be told.",
            "{count} lines of {all} have a range with 0 in it: whether their next unit earns its cost cannot be told.",
            unsure,
        )
        said.append(text.format(count=wording.number(unsure), all=wording.number(len(lines))))
    return tuple(said)


def _line_return(line) -> str:
    return wording.with_range(Interval(line["marginal_roi"], line["low"], line["high"]))


# The proposal


def proposal_points(found: Budget) -> tuple[str, ...]:
    """What it means for existing customers, and the moves that the headline does not name."""
    if found.model is None or budget_sentences.largest_move(found) is None or not found.gain.value > 0:
        return ()
    share = _("{then} of the budget then goes to existing customers, against {now} today.").format(
        then=wording.percent(found.model.share(found.recommended)),
        now=wording.percent(found.model.share(found.current)),
    )
    return (share, *budget_sentences.moves(found)[1:3])


# The test


def test_points(case: Case) -> tuple[str, ...]:
    """What has to be done, and how much of the test would do for a first look; without one, where the answer turns."""
    test = case.next_test
    if test is None or not test.is_possible:
        return (case.break_even_sentence,)
    half = _("Stopped after half the weeks, it shows it with a probability of {power}.").format(
        power=wording.percent(test.power_after(test.weeks / 2, test.holdout_share))
    )
    return (
        _("Draw them by lot before programmes begin, and export contacts with arm = treated or holdout."),
        half,
    )


# Value and retention, where the answer is not known yet


def can_be_foretold(found: CustomerValue) -> bool:
    """Whether the forecast did well enough on days that it had not seen to be shown to a meeting."""
    held = found.holdout
    return held is None or not wording.known(held.miss) or abs(held.miss) <= value_sentences.FAR


def deals_only(found: CustomerValue) -> str:
    """What a deal is worth, where what a customer will bring cannot be foretold."""
    held = found.holdout
    assert held is not None
    return _(
        "The median deal is worth {deal}; what a customer will bring cannot be foretold: the forecast of the last 90 days was "
        "off by {off}."
    ).format(deal=wording.money(found.deals.median, found.currency), off=wording.percent(abs(held.miss)))


def _money_with_range(interval: Interval, currency: str | None) -> str:
    return wording.with_range(interval, lambda value: wording.money(value, currency))


# What is left out


def slide_name(key: str) -> str:
    """A slide of the default story, as it is named in a sentence."""
    return {
        "question": _("the question"),
        "sources": _("where revenue comes from"),
        "funnels": _("the two funnels"),
        "caused": _("what was caused"),
        "next-unit": _("what the next unit earns"),
        "proposal": _("the proposal"),
        "test": _("the test that would settle it"),
    }[key]


def left_out(keys: list[str], reason: str) -> str:
    """Slides that cannot be told, and why."""
    names = wording.listed([slide_name(key) for key in keys])
    text = ngettext("No slide yet on {slides}: {reason}", "No slides yet on {slides}: {reason}", len(keys))
    return text.format(slides=names, reason=reason)


def no_curves() -> str:
    """Why nothing is said about the next unit though there is an answer."""
    return _(
        "Response curves could not be learnt. Load the spend of paid channels for at least eight months, beside their first orders."
    )


def no_test() -> str:
    """Why no test is proposed."""
    return _(
        "The size of a test needs the spend and the margin of both sides. Load both as spend and with the sales."
    )


def no_second_funnel() -> str:
    """Why the funnels are not set side by side."""
    return _("One of the funnels has no people on file. Load contacts as touchpoints, and referrals.")
