"""The case in words, written from its numbers: one sentence for each outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.decisions.verdict import ACQUISITION, RETENTION, TOO_CLOSE

if TYPE_CHECKING:
    from analytics.decisions.case import Case

EDGE = 0.005  # a share that is written "0 %" or "100 %" is said in words instead


@dataclass(frozen=True)
class Sceptic:
    """The strongest argument against the answer, and what would settle it."""

    argument: str
    settled_by: str


def headline(case: Case) -> str:
    """The answer in one or two sentences; names what is missing where there is none."""
    if case.verdict is None:
        return _not_enough(case)
    return _comparison(case) + _loss(case)


def grade_label(grade: str) -> str:
    """What stands on the badge beside every incremental number."""
    return {"A": _("A: measured"), "B": _("B: adjusted"), "C": _("C: assumed")}[grade]


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
    share = wording.percent(case.assumptions.baseline_share)
    argument = {RETENTION: _against_retention, ACQUISITION: _against_acquisition, TOO_CLOSE: _against_both}
    return Sceptic(
        argument[case.verdict](case).format(share=share, break_even=wording.percent(case.break_even.value)),
        _(
            "A holdout: leave a random part of the customers who are due for a programme alone, export the "
            "contacts with arm = treated or holdout, and load them as touchpoints. The share is then "
            "measured, not assumed."
        ),
    )


def probability(case: Case) -> str:
    """How sure the answer is, in words."""
    if not wording.known(case.probability_retention_better):
        return _("The probability that retention is better is not known.")
    return _("Probability that retention is better, over the range of the share: {probability}.").format(
        probability=wording.probability(case.probability_retention_better)
    )


def _comparison(case: Case) -> str:
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
    return " " + _("Neither returns what it costs.") if best < 0 else ""


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
