"""The slides of the default story, one function each: None where there is nothing that the slide could say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analytics.decisions import (
    funnel_sentences,
    leaving_sentences,
    sentences,
    story_doubts,
    story_sentences,
    value_sentences,
    wording,
)
from analytics.decisions.next_test import power_curves
from analytics.decisions.story_doubts import Doubt
from analytics.language import gettext as _
from analytics.models.funnels import AIDAS, FLIPPED
from analytics.reporting import (
    budget_charts,
    charts,
    funnel_picture,
    funnel_tables,
    retention_charts,
    retention_tables,
    story_charts,
    story_methods,
    story_tables,
    tables,
    value_charts,
    value_tables,
)
from analytics.reporting.slides import Slide
from analytics.reporting.story_numbers import newest

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.case import Case
    from analytics.decisions.customer_value import CustomerValue
    from analytics.decisions.interval import Interval
    from analytics.decisions.next_test import NextTest
    from analytics.reporting.story import Answers


def question(answers: Answers) -> Slide | None:
    """The answer, with the returns by lens; where there is none yet, what is loaded and what is lacking."""
    case = answers.case
    if not len(case.revenue_by_quarter):
        return None
    return Slide(
        key="question",
        question=_("Should the next budget go to new or to existing customers?"),
        headline=case.sentence,
        points=story_sentences.question_points(case),
        evidence=_graded(case.grade, _("80 % intervals")) if case.verdict else "",
        page="case",
        **_lenses_or_coverage(answers),
        **_said(case.snapshot, story_doubts.question(case)),
    )


def _lenses_or_coverage(answers: Answers) -> dict[str, Any]:
    case, covered = answers.case, answers.coverage
    if case.lenses["roi"].notna().any():
        return {
            "name": _("Return by lens"),
            "figure": charts.lens_chart(case.lenses, _("needs response curves, from four quarters or more")),
            "table": tables.lens_table(case.lenses),
            "method": _(story_methods.QUESTION),
        }
    return {
        "name": _("Coverage"),
        "figure": charts.coverage_chart(covered.months, covered.kinds),
        "table": tables.coverage_table(covered.months),
        "method": _(story_methods.COVERAGE),
    }


def sources(answers: Answers) -> Slide | None:
    """Shares of budget and revenue; revenue by quarter where the budget is not known."""
    found, case = answers.sources, answers.case
    if not len(case.revenue_by_quarter):
        return None
    return Slide(
        key="sources",
        question=_("Where do revenue and cost come from?"),
        headline=found.sentence,
        points=story_sentences.source_points(case),
        method=_(story_methods.SOURCES),
        page="sources",
        **_bars_or_quarters(answers),
        **_said(found.snapshot, story_doubts.sources(case)),
    )


def _bars_or_quarters(answers: Answers) -> dict[str, Any]:
    found, case = answers.sources, answers.case
    if wording.known(found.budget_share_of_existing) and len(found.bars):
        return {
            "name": _("Shares"),
            "figure": charts.share_bars(found.bars, found.currency),
            "table": tables.bar_table(found.bars),
        }
    assert case.window is not None
    first, last = case.window.first_day, case.window.last_day
    return {
        "name": _("Revenue by quarter"),
        "figure": charts.revenue_chart(case.revenue_by_quarter, first, last, case.currency),
        "table": tables.revenue_table(case.revenue_by_quarter),
    }


def funnels(answers: Answers) -> Slide | None:
    """Both funnels side by side; None where either has no people on file."""
    found = answers.funnels
    if found.people is None or not (_peopled(answers, AIDAS) and _peopled(answers, FLIPPED)):
        return None
    return Slide(
        key="funnels",
        question=_("AIDAS against the flipped funnel"),
        headline=found.sentence,
        name=_("Both funnels"),
        figure=funnel_picture.funnel_slide(found),
        table=funnel_tables.stage_table(found),
        points=story_sentences.funnel_points(found),
        method=_(story_methods.FUNNELS),
        evidence=" · ".join(funnel_sentences.badges(found)),
        page="funnels",
        **_said(found.snapshot, story_doubts.funnels(found)),
    )


def _peopled(answers: Answers, stages: tuple[str, ...]) -> bool:
    rows = answers.funnels.stages
    return bool((rows.loc[rows["stage"].isin(stages), "people"].astype(float).fillna(0.0) > 0).any())


def caused(answers: Answers) -> Slide | None:
    """Booked margin beside caused margin, and why they differ."""
    case = answers.case
    if case.verdict is None or not case.retention.incremental.margin.known:
        return None
    margins = story_tables.margins(case)
    return Slide(
        key="caused",
        question=_("What was caused, and what would have come anyway?"),
        headline=story_sentences.caused(case),
        name=_("Booked and caused"),
        figure=story_charts.caused_chart(margins, case.currency),
        table=story_tables.margin_table(margins),
        points=story_sentences.caused_points(case),
        method=_(story_methods.CAUSED),
        evidence=_graded(case.grade, _range(case.retention.incremental.margin, case)),
        page="case",
        **_said(case.snapshot, story_doubts.caused(case)),
    )


def next_unit(answers: Answers) -> Slide | None:
    """What the next unit of budget returns, on either side and line by line."""
    case, found = answers.case, answers.budget
    if not (case.retention.marginal.roi.known and case.acquisition.marginal.roi.known and len(found.lines)):
        return None
    return Slide(
        key="next-unit",
        question=_("What does the next unit of budget earn?"),
        headline=story_sentences.next_unit(case),
        name=_("Return of the next unit"),
        figure=story_charts.marginal_chart(found.lines),
        table=story_tables.marginal_table(found),
        points=story_sentences.next_unit_points(found),
        method=_(story_methods.NEXT_UNIT),
        evidence=_graded(case.grade, _("80 % intervals")),
        page="budget",
        **_said(found.snapshot, story_doubts.next_unit(found)),
    )


def proposal(answers: Answers) -> Slide | None:
    """Which money to move, what it adds, and what is lost if that is wrong."""
    found = answers.budget
    if found.best is None or found.simulation is None:
        return None
    hand = found.simulation.of(found.recommended)
    return Slide(
        key="proposal",
        question=_("What if we moved the money?"),
        headline=found.sentence,
        name=_("Equity by share on existing customers"),
        figure=budget_charts.frontier_chart(found, hand, found.simulation.observed_shares),
        table=story_tables.split_table(found),
        points=story_sentences.proposal_points(found),
        method=_(story_methods.PROPOSAL),
        evidence=_graded(found.grade, _range(found.gain, found)),
        page="budget",
        **_said(found.snapshot, story_doubts.proposal(found)),
    )


def test(answers: Answers) -> Slide | None:
    """The holdout that would settle it, and how long it takes to see anything; where none would, where the answer turns."""
    case = answers.case
    if case.verdict is None or case.next_test is None:
        return None
    return Slide(
        key="test",
        question=_("What would settle it?"),
        headline=sentences.test_sentence(case),
        points=story_sentences.test_points(case),
        page="case",
        **(_power(case.next_test) if case.next_test.is_possible else _break_even(case)),
        **_said(case.snapshot, story_doubts.test(case)),
    )


def _power(found: NextTest) -> dict[str, Any]:
    curves = power_curves(found)
    return {
        "name": _("Power of the test"),
        "figure": story_charts.power_chart(curves, found),
        "table": story_tables.power_table(curves),
        "method": _(story_methods.TEST),
    }


def _break_even(case: Case) -> dict[str, Any]:
    lines = case.break_even_lines
    return {
        "name": _("Break-even"),
        "figure": charts.break_even_chart(lines, case.break_even, case.baseline, case.grade),
        "table": tables.break_even_table(lines),
        "method": _(story_methods.BREAK_EVEN),
    }


def value(answers: Answers) -> Slide | None:
    """What customers are worth, where no money can be moved yet; what deals are, where that cannot be foretold."""
    found = answers.value
    if found is None or found.fit is None or found.equity is None or found.new_customer is None:
        return None
    if not story_sentences.can_be_foretold(found):
        return _deals(found)
    return Slide(
        key="value",
        question=_("What is a deal, and a customer, worth?"),
        headline=found.sentence,
        name=_("Customer equity"),
        figure=value_charts.equity_chart(found.equity, found.measure, found.currency),
        table=value_tables.equity_table(found.equity),
        points=(value_sentences.equity(found),),
        method=_(story_methods.VALUE),
        evidence=_range(found.new_customer.total, found),
        page="value",
        **_said(found.snapshot, story_doubts.value(found)),
    )


def _deals(found: CustomerValue) -> Slide | None:
    lines = found.deals.lines
    if not len(lines[lines["by"] != "all"]):
        return None
    return Slide(
        key="value",
        question=_("What is a deal, and a customer, worth?"),
        headline=story_sentences.deals_only(found),
        name=_("Deal value"),
        figure=value_charts.deal_chart(lines, found.currency),
        table=value_tables.deal_table(lines),
        method=_(story_methods.DEALS),
        page="value",
        **_said(found.snapshot, story_doubts.deals(found)),
    )


def staying(answers: Answers) -> Slide | None:
    """Whether customers stay, where no money can be moved yet."""
    lines = answers.staying
    if newest(lines) is None:
        return None
    return Slide(
        key="staying",
        question=_("Who stays, who is leaving, whom to save?"),
        headline=leaving_sentences.quarters(lines, 1),
        name=_("Revenue retention"),
        figure=retention_charts.quarter_chart(lines, _("Revenue kept from the same customers, by quarter")),
        table=retention_tables.quarter_table(lines),
        method=_(story_methods.STAYING),
        page="retention",
        **_said(answers.case.snapshot, story_doubts.staying()),
    )


def _graded(grade: str, text: str) -> str:
    """How it is known, and how well."""
    return f"{sentences.grade_label(grade)} · {text}"


def _range(interval: Interval, found: Budget | Case | CustomerValue) -> str:
    written = wording.with_range(interval, lambda money: wording.money(money, found.currency))
    return _("80 % interval: {range}").format(range=written)


def _said(snapshot: str, doubt: Doubt) -> dict[str, Any]:
    return {"snapshot": snapshot, "question_asked": doubt.asked, "reply": doubt.reply}
