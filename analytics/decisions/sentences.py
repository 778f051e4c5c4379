"""The case in words, written from its numbers: one sentence for each outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.decisions.verdict import ACQUISITION, RETENTION, TOO_CLOSE
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.case import Case

EDGE = 0.005  # a share that is written "0 %" or "100 %" is said in words instead


@dataclass(frozen=True)
class Sceptic:
    """The strongest argument against the answer, and what would settle it."""

    argument: str
    settled_by: str


def grade_label(grade: str) -> str:
    """What stands on the badge beside every incremental number."""
    return {"A": _("A: measured"), "B": _("B: adjusted"), "C": _("C: assumed")}[grade]


def test_sentence(case: Case) -> str:
    """The test that would settle it: how many customers to leave alone, and for how long."""
    test = case.next_test
    if test is None:
        return ""
    if not test.is_possible:
        return _(
            "No holdout of today's customers would settle it: the difference is too small for how unlike customers are. "
            "Decide by risk, or test the channels by region."
        )
    return _(
        "Leave {share} of the {customers} customers due for a programme alone for {weeks} weeks ({count} customers): if the "
        "difference is as large as it looks, the test shows it with a probability of {power}."
    ).format(
        share=wording.percent(test.holdout_share),
        customers=wording.number(test.customers),
        weeks=wording.number(test.weeks),
        count=wording.number(test.holdout),
        power=wording.percent(test.power),
    )


def break_even(case: Case) -> str:
    """The baseline share at which both sides are equal, in words."""
    share = case.break_even
    if not share.known:
        return _("The break-even share needs the spend and the margin of both sides.")
    if share.value <= EDGE:
        return _("Retention is behind whatever part of reorders and referrals would have come anyway.")
    if share.value >= 1 - EDGE:
        return _("Retention is ahead whatever part of reorders and referrals would have come anyway.")
    return _(
        "Retention is ahead as long as fewer than {break_even} of reorders and referrals would have come "
        "anyway."
    ).format(break_even=wording.share_with_range(share))


def sceptic(case: Case) -> Sceptic | None:
    """What to say to somebody who doubts the answer; None without an answer."""
    if case.verdict is None:
        return None
    if case.effect is not None and case.effect.grade == "A":
        return Sceptic(_against_measured(case), _larger_test(case))
    share = wording.percent(case.assumptions.baseline_share)
    argument = {RETENTION: _against_retention, ACQUISITION: _against_acquisition, TOO_CLOSE: _against_both}
    against = argument[case.verdict](case).format(
        share=share, break_even=wording.percent(case.break_even.value)
    )
    return Sceptic(
        against if case.effect is None else _against_adjusted(case),
        _(
            "A holdout: leave a random part of the customers who are due for a programme alone, export the "
            "contacts with arm = treated or holdout, and load them as touchpoints. The share is then "
            "measured, not assumed."
        )
        + (" " + test_sentence(case) if case.next_test and case.next_test.is_possible else ""),
    )


def _against_measured(case: Case) -> str:
    effect = case.effect
    assert effect is not None
    return _(
        "{count} customers were left alone: chance among so few alone moves the return between {low} and {high}. It holds "
        "for the programmes as they were, at what they cost; twice the money would not cause twice as much."
    ).format(
        count=wording.number(effect.holdout),
        low=wording.ratio(case.retention.incremental.roi.low),
        high=wording.ratio(case.retention.incremental.roi.high),
    )


def _against_adjusted(case: Case) -> str:
    effect = case.effect
    assert effect is not None
    return _(
        "Contacts were not drawn by lot: whoever chose the customers may have known more of them than these exports. A cause "
        "nobody recorded that makes contact and orders {e_value} times as likely would explain all of it."
    ).format(e_value=wording.number(effect.e_value, 1))


def _larger_test(case: Case) -> str:
    if case.next_test is None:
        return _("More customers in the holdout, for longer.")
    return test_sentence(case)


def probability(case: Case) -> str:
    """How sure the answer is, in words."""
    if not wording.known(case.probability_retention_better):
        return _("The probability that retention is better is not known.")
    if case.effect is not None:
        return _("Probability that retention is better: {probability}.").format(
            probability=wording.probability(case.probability_retention_better)
        )
    return _("Probability that retention is better, over the range of the share: {probability}.").format(
        probability=wording.probability(case.probability_retention_better)
    )


def evidence(case: Case) -> str:
    """How what programmes caused is known, in a sentence."""
    effect = case.effect
    if effect is None:
        return _("Assumed, not measured: nobody was left alone to compare with.")
    if effect.grade == "A":
        return _(
            "Measured on a holdout: {share} of the customers due for a programme were left alone."
        ).format(share=wording.percent(effect.holdout_share))
    return _(
        "Adjusted, not proven: customers whom programmes made contact with are compared with alike ones. A cause nobody "
        "recorded would have to make both contact and orders {e_value} times as likely to explain it away."
    ).format(e_value=wording.number(effect.e_value, 1))


def naive(case: Case) -> str:
    """The number that looks only at the books beside the caused one, and why they differ; empty where not known."""
    booked, caused = case.retention.booked.margin, case.retention.incremental.margin
    if not (booked.known and caused.known and case.effect):
        return ""
    return _(
        "The books show {booked} of margin from reorders and referred customers; programmes caused {caused}. Of "
        "what the books show, {share} would have come anyway: loyal customers buy, and use offers, without being asked."
    ).format(
        booked=wording.money(booked.value, case.currency),
        caused=wording.with_range(caused, lambda value: wording.money(value, case.currency)),
        share=wording.share_with_range(case.baseline),
    )


def _against_retention(case: Case) -> str:
    if case.break_even.value >= 1 - EDGE:
        return _(
            "That {share} would have come anyway is assumed, not measured; and programmes are charged with "
            "their spend alone, not with the work behind them."
        )
    return _(
        "That {share} would have come anyway is assumed, not measured: loyal customers use an offer for "
        "what they would have bought. From {break_even} on, acquisition is ahead."
    )


def _against_acquisition(case: Case) -> str:
    if case.break_even.value <= EDGE:
        return _(
            "Acquisition is credited with every first order from a paid channel, also those that would have "
            "come without the advertisement, and with what these customers buy later; retention only with "
            "this window."
        )
    return _(
        "That {share} would have come anyway is assumed, not measured: below {break_even}, retention is "
        "ahead. And acquisition is credited with every first order from a paid channel, also those that "
        "would have come anyway."
    )


def _against_both(case: Case) -> str:
    if not math.isfinite(case.break_even.value) or not EDGE < case.break_even.value < 1 - EDGE:
        return _(
            "The customers observed are too few, or too unlike one another, to tell the two sides apart."
        )
    return _(
        "The answer turns on an assumption: below {break_even} of reorders that would have come anyway "
        "retention is ahead, above it acquisition; {share} is assumed."
    )
