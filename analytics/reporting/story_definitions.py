"""What every number of a story rests on: filters and assumptions as they were, the terms used, and the state of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import sentences, wording
from analytics.decisions.allocation import CAUTIOUS
from analytics.decisions.quality import shown
from analytics.language import gettext as _
from analytics.reporting.roles import MOTION_LABELS
from analytics.reporting.slides import Entry

if TYPE_CHECKING:
    from analytics.decisions.assumptions import Assumptions
    from analytics.decisions.coverage import Coverage
    from analytics.decisions.figures import Figure
    from analytics.decisions.quality import Finding
    from analytics.decisions.window import Window
    from analytics.reporting.story import Answers
    from analytics.warehouse.filters import Filters

MENDED_THERE = frozenset({"currency", "quality_without_motion"})


def days(window: Window | None) -> str:
    """The window as it is written; empty where there is none."""
    if window is None:
        return ""
    return _("{first} to {last}").format(
        first=wording.day(window.first_day), last=wording.day(window.last_day)
    )


def settings(answers: Answers) -> tuple[Entry, ...]:
    """Every filter and every assumption that a number depends on."""
    case = answers.case
    return (
        Entry(_("Days"), days(case.window) or _("none")),
        *([Entry(_("Days with spend"), days(case.costed))] if case.costed != case.window else []),
        *_groups(answers.filters),
        Entry(_("Currency"), case.currency or _("not named")),
        *_assumed(case.assumptions),
        Entry(_("Evidence"), sentences.grade_label(case.grade) if case.verdict else _("none yet")),
        *_workspace(answers),
        *_asked_of_the_budget(answers),
        Entry(_("Snapshot of the data"), case.snapshot),
    )


def of_view(filters: Filters, assumptions: Assumptions) -> tuple[Entry, ...]:
    """The filters and assumptions of a view, whatever is asked of it."""
    return (*_groups(filters), *_assumed(assumptions))


def _groups(filters: Filters) -> list[Entry]:
    names = {
        _("Segment"): filters.segments,
        _("Region"): filters.regions,
        _("Channel that won the customer"): filters.channels,
    }
    return [Entry(name, wording.listed(list(chosen)) or _("all")) for name, chosen in names.items()]


def _assumed(assumptions: Assumptions) -> list[Entry]:
    margin = _("not set") if assumptions.margin_rate is None else wording.percent(assumptions.margin_rate, 1)
    given = (
        _("{share}, set for this view")
        if assumptions.baseline_is_given
        else _("{share}, where it is not measured")
    )
    return [
        Entry(_("Margin rate of rows without a margin"), margin),
        Entry(_("Assumed to come anyway"), given.format(share=wording.share_with_range(assumptions.baseline))),
        Entry(_("Discount rate per year"), wording.percent(assumptions.discount_rate, 1)),
        Entry(_("Horizon"), wording.months(assumptions.horizon_months)),
    ]  # fmt: skip


def _workspace(answers: Answers) -> list[Entry]:
    """Settings that no view changes."""
    kept = answers.settings
    named = [f"{name}: {MOTION_LABELS[motion]}" for name, motion in kept.motions]
    typed = [one.name for one in kept.experiments]
    return [
        Entry(_("Days between a referral and its order, at most"), wording.number(kept.referral_window_days)),
        Entry(
            _("Referred customers who would not have come otherwise"),
            wording.percent(kept.referral_caused_share),
        ),
        Entry(_("Days without an order that count as having left"), wording.number(kept.churn_horizon_days)),
        *([Entry(_("Spend lines told apart by hand"), wording.listed(named))] if named else []),
        *([Entry(_("Experiments typed in"), wording.listed(typed))] if typed else []),
    ]


def _asked_of_the_budget(answers: Answers) -> list[Entry]:
    """The limits that the proposal keeps."""
    found = answers.budget
    if found.best is None:
        return []
    wish = found.wish

    def money(amount: float) -> str:
        return wording.money(amount, found.currency)

    risk = _("cautious") if wish.risk == CAUTIOUS else _("best in the mean")
    entries = [Entry(_("Proposal"), risk)]
    if wish.total is not None:
        entries.append(Entry(_("Total a month"), money(wish.total)))
    if wish.target_marginal_roi is not None:
        entries.append(Entry(_("Least return of the next unit"), wording.ratio(wish.target_marginal_roi)))
    entries += [Entry(_("Locked: {name}").format(name=name), money(amount)) for name, amount in wish.locks]
    for name, least, most in wish.bounds:
        ends = [] if least is None else [_("at least {money}").format(money=money(least))]
        ends += [] if most is None else [_("at most {money}").format(money=money(most))]
        entries.append(Entry(_("Limit: {name}").format(name=name), wording.listed(ends)))
    return entries


def definitions(figures: tuple[Figure, ...]) -> tuple[Entry, ...]:
    """The terms that slides use, each with its formula; figures: of the case."""
    return (
        *_money_terms(),
        *(Entry(figure.label, figure.formula) for figure in figures),
        *_terms_of_evidence(),
    )


def _money_terms() -> tuple[Entry, ...]:
    return (
        Entry(_("New, referred, reorder"), _("an order's source: a customer's first order that was not referred; the first order of a referred customer; any later order")),
        Entry(_("Return on investment (ROI)"), _("(margin − cost) / cost")),
        Entry(_("Booked"), _("the margin that the books show: first orders from paid channels for acquisition; reorders and referred first orders for retention")),
        Entry(_("Incremental"), _("the margin that the spend caused, over the horizon: what would have come anyway is taken off")),
        Entry(_("Marginal"), _("what the next unit of spend returns: margin that it adds − 1, off response curves")),
        Entry(_("Would have come anyway (baseline share)"), _("part of reorders and referrals that would have come without programmes: 1 − caused / booked margin where it is measured")),
        Entry(_("Break-even share"), _("baseline share at which both incremental returns are equal")),
        Entry(_("Equity"), _("what customers of the plan's months bring over the horizon, and what programmes add to today's customers, less the spend")),
    )  # fmt: skip


def _terms_of_evidence() -> tuple[Entry, ...]:
    return (
        Entry(_("A, B, C"), _("how what programmes caused is known. A: measured on customers left alone by lot. B: adjusted, alike customers compared. C: assumed")),
        Entry(_("Range (80 % interval)"), _("where the true value lies in four of five cases; its method stands with each figure")),
        Entry(_("Probability that retention is better"), _("share of draws in which its incremental ROI is the higher one; 90 % or more is called retention, 10 % or less acquisition")),
        Entry(_("Power"), _("probability that a test shows a difference that is there")),
    )  # fmt: skip


def quality(covered: Coverage, findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """What is loaded, what looks odd with what it means, and what was checked without finding anything."""
    odd = [_odd(finding) for finding in findings if finding.count]
    fine = [finding.title for finding in findings if not finding.count]
    checked = [_("Checked, and nothing found: {checks}.").format(checks="; ".join(fine))] if fine else []
    return (covered.sentence, *odd, *(checked if covered.kinds else []))


def _odd(finding: Finding) -> str:
    """What some findings say is how to mend them on the data page, which nobody is on here."""
    text = "" if finding.name in MENDED_THERE else f" {finding.text}"
    return f"{shown(finding)}.{text}"
