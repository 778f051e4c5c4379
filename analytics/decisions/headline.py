"""The headline of the case: what to do with the next money, and what the money so far has caused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.decisions.sentences import EDGE
from analytics.decisions.verdict import ACQUISITION, RETENTION, TOO_CLOSE
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.case import Case
    from analytics.decisions.next_budget import NextBudget


def headline(case: Case) -> str:
    """The answer in one or two sentences; names what is missing where there is none."""
    if case.verdict is None:
        return _not_enough(case)
    return _comparison(case) + _loss(case)


def _comparison(case: Case) -> str:
    if case.effect is None:
        return _assumed(case)
    return _known(case) if case.next_budget is None else _split(case, case.next_budget)


def _split(case: Case, found: NextBudget) -> str:
    """What to do with the next money, and what the money so far has caused on either side."""
    verdict = case.verdict or TOO_CLOSE
    texts = {
        (RETENTION, True): _(
            "Of the next {total}, put {existing} into existing customers: each unit there is foreseen to cause {retention} of margin, against {acquisition} in acquisition."
        ),
        (RETENTION, False): _(
            "So far retention is ahead. Yet of the next {total}, put {won} into acquisition, more of it than of today's "
            "budget ({rest}): that is the cautious split. Each unit is foreseen to cause {retention} of margin with "
            "existing customers, against {acquisition} in acquisition."
        ),
        (ACQUISITION, False): _(
            "Of the next {total}, put {won} into winning customers: each unit there is foreseen to cause {acquisition} of margin, against {retention} on existing ones."
        ),
        (ACQUISITION, True): _(
            "So far acquisition is ahead. Yet of the next {total}, put {existing} into existing customers, more of it than "
            "of today's budget ({share}): that is the cautious split. Each unit is foreseen to cause {acquisition} of "
            "margin in acquisition, against {retention} on existing customers."
        ),
    }
    too_close = _(
        "Too close to call. Until a test tells, put {existing} of the next {total} into existing customers: each unit "
        "there is foreseen to cause {retention} of margin, against {acquisition} in acquisition."
    )
    leans = found.more_to_existing > 0 if verdict == ACQUISITION else found.more_to_existing >= 0
    said = texts.get((verdict, leans), too_close).format(
        **{name: _money(case, getattr(found, name)) for name in ("total", "existing")},
        won=_money(case, found.acquisition),
        share=wording.percent(found.share_now),
        rest=wording.percent(1 - found.share_now),
        retention=wording.with_range(found.existing_caused),
        acquisition=wording.with_range(found.acquisition_caused),
    )
    return " ".join((said, _so_far(case, verdict)))


def _so_far(case: Case, verdict: str) -> str:
    """What the money spent until now has caused, how that is known, and how sure it is which side was ahead; the winner first."""
    so_far = _(
        "So far, {evidence}: {retention} against {acquisition}; probability that retention was better: {probability}."
    )
    if verdict == ACQUISITION:
        so_far = _(
            "So far, {evidence}: {acquisition} against {retention}; probability that retention was better: {probability}."
        )
    evidence = _("adjusted for what was known of the customers, not proven")
    if case.effect is not None and case.effect.grade == "A":
        evidence = _("measured on a holdout of {share}").format(
            share=wording.percent(case.effect.holdout_share)
        )
    return so_far.format(
        evidence=evidence,
        retention=wording.with_range(case.retention.incremental.roi.plus(1)),
        acquisition=wording.with_range(case.acquisition.incremental.roi.plus(1)),
        probability=wording.probability(case.probability_retention_better),
    )


def foreseen(case: Case) -> str:
    """What the next money is foreseen to cause, split as the headline has it; empty where that is not known."""
    found = case.next_budget
    if found is None:
        return ""
    text = _(
        "The next {total} come on top of today's spends (the mean of the last three months), over {horizon}, on the lines that "
        "the budget page's cautious split raises (of today's spends {share} are for existing customers); altogether a unit of them is foreseen to cause {caused} of margin. The "
        "chart's marginal lens is of 1 % more on every line alike. Margin a unit is a return of the chart plus the unit itself."
    )
    said = text.format(
        total=_money(case, found.total),
        horizon=wording.months(case.assumptions.horizon_months),
        share=wording.percent(found.share_now),
        caused=wording.with_range(found.caused),
    )
    return " ".join((said, *_unearned(case, found)))


def _unearned(case: Case, found: NextBudget) -> Iterator[str]:
    """Which part of the next money is foreseen not to come back."""
    for money, caused in (
        (found.existing, found.existing_caused),
        (found.acquisition, found.acquisition_caused),
    ):
        if money > 0 and caused.value < 1 <= found.caused.value:
            text = _(
                "{money} of them are foreseen to return less than they cost, {caused} a unit: on average it would be better "
                "not to spend these."
            )
            yield text.format(money=_money(case, money), caused=wording.with_range(caused))


def _money(case: Case, amount: float) -> str:
    return wording.money(amount, case.currency)


def _known(case: Case) -> str:
    texts = {
        RETENTION: _(
            "Each unit spent on existing customers earned {retention} beyond its cost, against {acquisition} in "
            "acquisition: retention is ahead. {evidence}"
        ),
        ACQUISITION: _(
            "Each unit spent on winning customers earned {acquisition} beyond its cost, against {retention} on existing "
            "ones: acquisition is ahead. {evidence}"
        ),
        TOO_CLOSE: _(
            "Too close to call: each unit spent on existing customers earned {retention} beyond its cost, and "
            "{acquisition} in acquisition. {evidence}"
        ),
    }
    return texts[case.verdict or TOO_CLOSE].format(
        retention=wording.with_range(case.retention.incremental.roi),
        acquisition=wording.with_range(case.acquisition.incremental.roi),
        evidence=_short_evidence(case),
    )


def _short_evidence(case: Case) -> str:
    effect = case.effect
    if effect is not None and effect.grade == "A":
        return _("Measured on a holdout of {share}.").format(share=wording.percent(effect.holdout_share))
    return _("Adjusted for what was known of the customers, not proven.")


def _assumed(case: Case) -> str:
    texts = {
        RETENTION: _(
            "If {share} of reorders and referrals would have come anyway, each unit spent on existing "
            "customers earns {retention} beyond its cost, against {acquisition} in acquisition: retention is "
            "ahead{condition}."
        ),
        ACQUISITION: _(
            "If {share} of reorders and referrals would have come anyway, each unit spent on winning "
            "customers earns {acquisition} beyond its cost, against {retention} on existing ones: acquisition "
            "is ahead{condition}."
        ),
        TOO_CLOSE: _(
            "Too close to call: if {share} of reorders and referrals would have come anyway, each unit "
            "spent on existing customers earns {retention} beyond its cost, and {acquisition} in "
            "acquisition{condition}."
        ),
    }
    return texts[case.verdict or TOO_CLOSE].format(
        share=wording.share_with_range(case.assumptions.baseline),
        retention=wording.with_range(case.retention.incremental.roi),
        acquisition=wording.with_range(case.acquisition.incremental.roi),
        condition=_condition(case),
    )


def _condition(case: Case) -> str:
    """The end of the sentence: on which share the answer turns."""
    share = case.break_even.value
    if not math.isfinite(share):
        return ""
    if not EDGE < share < 1 - EDGE:
        return "" if case.verdict == TOO_CLOSE else _(" whatever that share")
    texts = {
        RETENTION: _(" as long as fewer than {break_even} would have come anyway"),
        ACQUISITION: _(" unless fewer than {break_even} would have come anyway"),
        TOO_CLOSE: _("; retention is ahead as long as fewer than {break_even} would have come anyway"),
    }
    return texts[case.verdict or TOO_CLOSE].format(break_even=wording.percent(share))


def _loss(case: Case) -> str:
    """Said when even the better side does not return what it costs."""
    best = max(case.acquisition.incremental.roi.value, case.retention.incremental.roi.value)
    if best < 0:
        return " " + _("Neither returns what it costs.")
    found = case.next_budget
    if found is None or found.caused.value >= 1:
        return ""
    return " " + _("But the next {total} would return less than it costs: {caused} a unit.").format(
        total=_money(case, found.total), caused=wording.with_range(found.caused)
    )


def _not_enough(case: Case) -> str:
    known = _revenue_so_far(case)
    lacking = " ".join(missing.what for missing in case.missing[:2])
    return " ".join(part for part in (_("Not enough data for a verdict."), lacking, known) if part)


def _revenue_so_far(case: Case) -> str:
    revenue = case.revenue
    if not revenue.total > 0:
        return ""
    return _("What is known: {share} of revenue came from reorders and referrals.").format(
        share=wording.percent((revenue.reorder + revenue.referral) / revenue.total)
    )
