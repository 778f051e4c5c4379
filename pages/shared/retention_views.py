"""The parts of the retention page: cohorts, one age over time, quarters, and how good the forecast was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import leaving_sentences
from analytics.decisions.leaving import learn, leaving
from analytics.language import gettext as _
from analytics.models.retention import revenue_retention
from analytics.reporting import retention_charts, retention_tables
from pages.shared import layout, retention_controls, retention_methods, session

if TYPE_CHECKING:
    from analytics.decisions.leaving import Leaving
    from analytics.models.churn import Judgement
    from analytics.models.retention import Cohorts
    from pages.shared.retention_controls import RetentionChoice


def answer() -> Leaving:
    """Who is leaving; the forecast is learnt once, whatever is looked at."""
    return session.answer(_leaving)


def _leaving(workspace, filters, assumptions) -> Leaving:
    return leaving(workspace, filters, assumptions, session.known(learn))


def cohorts(found: Cohorts, choice: RetentionChoice) -> None:
    """The cohort table with its controls."""
    retention_controls.show_cohorts(choice, found.has_margin)
    cells = found.table(choice.definition, choice.measure)
    layout.chart(
        retention_charts.cohort_heat(cells, found.curve(choice.definition, choice.measure), retention_controls.title(choice)),
        retention_tables.cohort_table(cells),
        _("Cohorts"),
        _(retention_methods.COHORTS),
    )  # fmt: skip


def age(found: Cohorts, choice: RetentionChoice) -> None:
    """One age over time."""
    retention_controls.show_age(choice)
    cells = found.at_age(choice.months, choice.definition, choice.measure)
    if len(cells):
        layout.chart(
            retention_charts.age_chart(
                cells, choice.months, _age_title(choice), choice.measure == "customers"
            ),
            retention_tables.cohort_table(cells),
            _("One month over time"),
            _(retention_methods.AGE),
        )
    layout.quiet(leaving_sentences.cohort_age(found, choice.months, choice.definition))


def quarters(choice: RetentionChoice) -> None:
    """Net and gross revenue retention."""
    retention_controls.show_distance(choice)
    lines = session.answer(_quarters, choice.quarters_before)
    if len(lines):
        layout.chart(
            retention_charts.quarter_chart(lines, _("Revenue kept from the same customers, by quarter")),
            retention_tables.quarter_table(lines),
            _("Revenue retention"),
            _(retention_methods.QUARTERS),
        )
    layout.quiet(leaving_sentences.quarters(lines, choice.quarters_before))


def forecast(judged: Judgement) -> None:
    """How good the forecast was."""
    layout.title(_("How good was the forecast, on days that it had not seen?"))
    layout.text(leaving_sentences.judgement(judged))
    left, right = st.columns(2, gap="large")
    with left:
        layout.chart(
            retention_charts.calibration_chart(judged.calibration),
            retention_tables.calibration_table(judged.calibration),
            _("Calibration"),
            _(retention_methods.FORECAST),
        )
    with right:
        layout.chart(
            retention_charts.lift_chart(judged.lift, judged.churn_rate),
            retention_tables.lift_table(judged.lift),
            _("Lift"),
            _(retention_methods.FORECAST),
        )


def _quarters(workspace, filters, _assumptions, quarters_before: int):
    return revenue_retention(workspace, filters, quarters_before)


def _age_title(choice: RetentionChoice) -> str:
    return _("Month {n} from cohort to cohort: {definition}").format(
        n=choice.months, definition=retention_controls.definition_label(choice.definition).lower()
    )
