"""The parts of the scorecard: the quarter's chooser, its figures, their pictures, and the people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import scorecard_sentences, wording
from analytics.decisions.scorecard_figures import Quarter, quarters_of
from analytics.decisions.scorecard_people import RATES
from analytics.language import gettext as _
from analytics.reporting import scorecard_charts, scorecard_tables
from pages.shared import layout, present_add, scorecard_methods, session

if TYPE_CHECKING:
    from analytics.decisions.scorecard import Scorecard
    from analytics.decisions.scorecard_people import People

QUARTER, FIGURE, MEASURE = "scorecard-quarter", "scorecard-figure", "scorecard-measure"
DEFAULT_FIGURE = "repeat_rate"


def chosen_quarter() -> date | None:
    """The first day of the quarter that is asked for; None: the newest finished one."""
    named = {_name(quarter): quarter.first_day for quarter in session.known(quarters_of)}
    return named.get(session.choice(QUARTER, tuple(named), ""))


def controls(found: Scorecard, edit_goals: Callable[[Scorecard], None]) -> None:
    """Which quarter, and its goals."""
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        labels = {_name(q): scorecard_sentences.quarter_label(q) for q in found.quarters[::-1]}
        shown = _name(found.quarter) if found.quarter else ""
        _select(_("Quarter"), QUARTER, labels, shown)
    with right:
        edit_goals(found)


def figures(found: Scorecard) -> None:
    """One row per figure."""
    table = scorecard_tables.shown_table(found)
    without_goals = {name: None for name in (_("goal"), _("reached")) if not table[name].any()}
    st.dataframe(
        table, hide_index=True, height=layout.table_height(len(table)), placeholder=_("n/a"),
        column_config={
            _("figure"): st.column_config.TextColumn(width=250),
            _("value (80 % range)"): st.column_config.TextColumn(width=175),
            _("last eight quarters"): st.column_config.LineChartColumn(width=150),
        } | without_goals,
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        layout.csv(scorecard_tables.figure_table(found), _("Scorecard"))
        with st.popover(_("How is this computed?"), type="tertiary"):
            layout.listed([f"{line.definition.label}: {line.definition.formula}." for line in found.lines])
            layout.text(_(scorecard_methods.FIGURES))
        words = table.drop(columns=[_("last eight quarters"), *without_goals])
        present_add.button(None, words, _("Scorecard"), _(scorecard_methods.FIGURES))


def pictures(found: Scorecard) -> None:
    """The shares of the quarter, and one figure over the quarters."""
    if any(line.definition.unit == "share" and line.value.known for line in found.lines):
        layout.chart(
            scorecard_charts.share_chart(found.lines), scorecard_tables.figure_table(found),
            _("Shares of the quarter"), _(scorecard_methods.FIGURES),
        )  # fmt: skip
    labels = {
        line.name.replace("_", "-"): line.definition.label
        for line in found.lines
        if any(past.known for _day, past in line.history)
    }
    if labels:
        _one_figure(found, labels)


def _one_figure(found: Scorecard, labels: dict[str, str]) -> None:
    shown = session.choice(FIGURE, tuple(labels), DEFAULT_FIGURE.replace("_", "-"))
    shown = shown if shown in labels else next(iter(labels))
    narrow, _wide = st.columns([1, 2])
    with narrow:
        _select(_("Follow"), FIGURE, labels, shown)
    line = found.line(shown.replace("-", "_"))
    layout.chart(
        scorecard_charts.history_chart(line), scorecard_tables.history_table(line),
        _("Quarter by quarter"), _(scorecard_methods.FIGURES),
    )  # fmt: skip


def people(found: Scorecard) -> None:
    """Recognition first; then everybody, by name."""
    mine = found.people
    if not mine.count:
        return
    layout.title(
        _("Whose customers stay, come back and refer: {first} to {last}").format(
            first=wording.day(mine.first_day), last=wording.day(mine.last_day)
        )
    )
    if mine.recognised:
        layout.listed([scorecard_sentences.recognition(one) for one in mine.recognised])
    else:
        layout.text(scorecard_sentences.recognition_missing(mine))
    _people_chart(mine, found.currency)
    _people_table(mine, found.currency)


def _people_chart(mine: People, currency: str | None) -> None:
    measures = scorecard_methods.MEASURES
    chosen = session.choice(MEASURE, tuple(measures), "repeat")
    narrow, _wide = st.columns([1, 2])
    with narrow:
        _select(_("Compare"), MEASURE, measures, chosen)
    rows = mine.of(chosen)
    if rows["ratio"].notna().any():
        layout.chart(
            scorecard_charts.people_chart(rows, scorecard_methods.PEOPLE_TITLES[chosen], currency),
            scorecard_tables.people_numbers(mine),
            _("People"),
            _(scorecard_methods.PEOPLE),
        )
    else:
        layout.quiet(_("Of this nothing can be told: there is nobody, or nothing known, to compare with."))


def _people_table(mine: People, currency: str | None) -> None:
    table = scorecard_tables.people_table(mine)
    unit = wording.symbol(currency)
    st.dataframe(
        table, hide_index=True, height=layout.table_height(len(table)), placeholder=_("n/a"),
        column_config={
            column: column_config
            for measure, label in scorecard_tables.MEASURE_LABELS.items()
            for column, column_config in _pair(measure, label, unit if measure == "margin" else "").items()
        } | {_("recognised for"): st.column_config.TextColumn(width=125)},
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        layout.csv(table, _("People of the scorecard"))
        with st.popover(_("How is this computed?"), type="tertiary"):
            layout.text(_(scorecard_methods.PEOPLE))


def _pair(measure: str, label: str, unit: str) -> dict:
    """What customers did, and what was expected."""
    form = "percent" if measure in RATES else f"{unit}%,.0f" if measure == "margin" else "%,.1f"
    return {
        label: st.column_config.NumberColumn(format="%,.0f" if form == "%,.1f" else form, width=92),
        scorecard_tables.expected_of(measure): st.column_config.NumberColumn(
            _("expected"), format=form, width=72
        ),
    }


def _name(quarter: Quarter) -> str:
    return f"{quarter.first_day.year}-q{(quarter.first_day.month + 2) // 3}"


def _select(label: str, key: str, labels: Mapping[str, str], value: str) -> None:
    st.session_state[key] = value
    st.selectbox(
        label,
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: session.choose(key, st.session_state[key]),
    )
