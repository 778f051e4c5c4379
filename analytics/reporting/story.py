"""The default story of a meeting: seven slides from the question to the test that would settle it.

What the data cannot tell has no slide; the story says what is missing and which export brings it. Where no money can be
moved yet, what customers are worth and whether they stay are told instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from analytics.decisions import story_sentences
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget import budget
from analytics.decisions.case import case
from analytics.decisions.coverage import Coverage, coverage
from analytics.decisions.customer_value import customer_value
from analytics.decisions.funnels import funnels
from analytics.decisions.quality import Finding, quality
from analytics.decisions.sources import sources
from analytics.language import gettext as _
from analytics.models.retention import revenue_retention
from analytics.reporting import story_definitions, story_slides
from analytics.reporting.slides import Slide, Story
from analytics.reporting.story_numbers import numbers
from analytics.warehouse.filters import Filters

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.case import Case
    from analytics.decisions.customer_value import CustomerValue
    from analytics.decisions.funnels import Funnels
    from analytics.decisions.missing import Missing
    from analytics.decisions.sources import Sources
    from analytics.warehouse.settings import Settings

Ask = Callable[[Callable[..., Any]], Any]  # a question function -> its answer
TELL = {
    "question": story_slides.question,
    "sources": story_slides.sources,
    "funnels": story_slides.funnels,
    "caused": story_slides.caused,
    "next-unit": story_slides.next_unit,
    "proposal": story_slides.proposal,
    "test": story_slides.test,
}
INSTEAD = (story_slides.value, story_slides.staying)


@dataclass(frozen=True, eq=False)
class Answers:
    """What the pages say, of one view of one workspace: all that a story is told from.

    company: the workspace's name. value, staying: asked for where no money can be moved yet; staying is the frame of
    revenue_retention() against the quarter before.
    """

    company: str
    filters: Filters
    settings: Settings
    case: Case
    sources: Sources
    funnels: Funnels
    budget: Budget
    coverage: Coverage
    quality: tuple[Finding, ...]
    value: CustomerValue | None = None
    staying: pd.DataFrame = field(default_factory=pd.DataFrame)


def story(answers: Answers) -> Story:
    """The slides that can be told, and all that stands behind them. Nothing is computed anew."""
    told = {key: tell(answers) for key, tell in TELL.items()}
    found = answers.case
    return Story(
        title=_("Should the next budget go to new or to existing customers?"),
        company=_("Sample company, made up") if found.is_sample else answers.company,
        is_sample=found.is_sample,
        currency=found.currency,
        snapshot=found.snapshot,
        days=story_definitions.days(found.window),
        slides=_in_order(answers, told),
        numbers=numbers(answers),
        settings=story_definitions.settings(answers),
        missing=_missing(answers, [key for key, slide in told.items() if slide is None]),
        definitions=story_definitions.definitions(found.figures),
        quality=story_definitions.quality(answers.coverage, answers.quality),
        notes=_notes(answers),
    )


def read_story(
    workspace, filters: Filters | None = None, assumptions: Assumptions | None = None, ask: Ask | None = None
) -> Story:
    """The story of a view. ask: how a question(workspace, filters, assumptions) is answered, where answers are kept."""
    return story(read_answers(workspace, filters, assumptions, ask))


def read_answers(
    workspace, filters: Filters | None = None, assumptions: Assumptions | None = None, ask: Ask | None = None
) -> Answers:
    """Everything that the story is told from. Raises ValueError for a window that ends before it begins."""
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    answer = ask or (lambda question: question(workspace, filters, assumptions))
    covered, findings = answer(checked)
    advice = answer(budget)
    found = answer(case)
    _worked_out = found.next_budget  # now, while the workspace is open
    is_open = advice.best is None
    return Answers(
        company=workspace.directory.name,
        filters=filters,
        settings=workspace.settings,
        case=found,
        sources=answer(sources),
        funnels=answer(funnels),
        budget=advice,
        coverage=covered,
        quality=findings,
        value=answer(customer_value) if is_open else None,
        staying=answer(staying) if is_open else pd.DataFrame(),
    )


def checked(
    workspace, _filters: Filters | None = None, _assumptions: Assumptions | None = None
) -> tuple[Coverage, tuple[Finding, ...]]:
    """What is loaded, and what looks odd in it; of all data, whatever is looked at."""
    return coverage(workspace), quality(workspace)


def staying(
    workspace, filters: Filters | None = None, _assumptions: Assumptions | None = None
) -> pd.DataFrame:
    """revenue_retention() against the quarter before; empty without orders."""
    lines = revenue_retention(workspace, filters) if coverage(workspace).kinds else pd.DataFrame()
    return lines


def _in_order(answers: Answers, told: dict[str, Slide | None]) -> tuple[Slide, ...]:
    """What is told instead stands where the case leaves off, before the test."""
    slides = [slide for key, slide in told.items() if slide and key != "test"]
    if slides and answers.budget.best is None:
        slides += [slide for slide in (tell(answers) for tell in INSTEAD) if slide]
    last = told["test"]
    return (*slides, last) if last else tuple(slides)


def _missing(answers: Answers, keys: list[str]) -> tuple[str, ...]:
    """Slides left out, those with the same reason together; then what else is not known."""
    reasons: dict[str, list[str]] = {}
    for key in keys:
        reasons.setdefault(_reason(answers, key), []).append(key)
    if len(keys) == len(TELL):
        return tuple(reasons)
    said = [story_sentences.left_out(keys, reason) for reason, keys in reasons.items()]
    also = [lack.text for lack in (*answers.case.missing, *answers.funnels.missing, *answers.sources.missing)]
    return (*said, *(text for text in dict.fromkeys(also) if not any(text in sentence for sentence in said)))


def _reason(answers: Answers, key: str) -> str:
    of_page: dict[str, tuple[Missing, ...]] = {
        "funnels": answers.funnels.missing,
        "next-unit": answers.budget.missing,
        "proposal": answers.budget.missing,
    }
    own = {
        "funnels": story_sentences.no_second_funnel(),
        "test": story_sentences.no_test(),
    }
    lacking = answers.case.missing or of_page.get(key, ())
    if key == "funnels" and len(answers.case.revenue_by_quarter):
        return own["funnels"]
    if lacking:
        return " ".join(lack.text for lack in lacking)
    return own.get(key, story_sentences.no_curves())


def _notes(answers: Answers) -> tuple[str, ...]:
    value = answers.value.notes if answers.value else ()
    said = (*answers.case.notes, *answers.funnels.notes, *answers.budget.notes, *value)
    return tuple(dict.fromkeys(said))
