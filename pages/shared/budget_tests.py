"""Results of tests on the budget page: typed in, kept with the workspace, removed, and what they changed in the curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from analytics.language import gettext as _
from analytics.reporting import experiment_tables
from analytics.reporting.roles import MOTION_LABELS
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.experiments import Experiment
from pages.shared import budget_methods, layout, session

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget

CHOSEN = "budget test chosen"
DAYS = ("first_day", "last_day")


def tests(found: Budget) -> None:
    """The whole part of the page, folded."""
    with st.expander(_("A test was run: type in its result")):
        layout.text(_(budget_methods.TESTS))
        if found.experiments:
            _kept(found)
        if found.sharpened:
            layout.title(_("What the tests changed in the curves"))
            table = experiment_tables.sharpened_table(found.sharpened, found.currency)
            st.dataframe(table, hide_index=True, height=layout.table_height(len(table)))
            layout.csv(table, _("Curves and tests"))
        if found.model:
            _form(found)


def _kept(found: Budget) -> None:
    table = experiment_tables.experiment_table(found.experiments, found.currency)
    st.dataframe(table, hide_index=True, height=layout.table_height(len(table)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        names = [one.name for one in found.experiments]
        if st.session_state.get(CHOSEN) not in names:
            st.session_state[CHOSEN] = names[0]
        name = st.selectbox(_("Test"), names, key=CHOSEN, width=320)
        if st.button(_("Remove this test"), key="budget test remove"):
            _store(tuple(one for one in found.experiments if one.name != name))


def _form(found: Budget) -> None:
    assert found.model is not None
    lines = {line.name: (line.spelled or line.name, line.motion) for line in found.model.lines}
    with st.form("budget test", border=False):
        first, second, third = st.columns(3)
        parts: dict[str, Any] = {}
        with first:
            name = st.text_input(_("Name of the test"), max_chars=80, key="budget test name")
            chosen = st.selectbox(
                _("Channel or programme"), list(lines), key="budget test line",
                format_func=lambda line: f"{line} ({MOTION_LABELS[lines[line][1]]})",
            )  # fmt: skip
            for part, label in zip(DAYS, (_("First day"), _("Last day")), strict=True):
                parts[part] = st.date_input(label, None, format="YYYY-MM-DD", key=f"budget test {part}")
        with second:
            parts["spend_with"] = _amount("spend_with", _("Spend a month, with"))
            parts["spend_without"] = _amount("spend_without", _("Spend a month, without"), 0.0)
        with third:
            parts["effect"] = _amount("effect", _("Caused over these days: new customers, or margin"))
            parts["low"] = _amount("low", _("from (80 % range)"))
            parts["high"] = _amount("high", _("to (80 % range)"))
        if st.form_submit_button(_("Keep the result")):
            _add(found.experiments, name, *lines[chosen], parts)


def _amount(part: str, label: str, value: float | None = None) -> float | None:
    return st.number_input(label, value=value, step=1.0, format="%.6g", key=f"budget test {part}")


def _add(kept: tuple[Experiment, ...], name: str, line: str, motion: str, parts: dict[str, Any]) -> None:
    """A test of the same name is replaced; an empty field is named."""
    if empty := [part for part, value in parts.items() if value is None]:
        layout.problem(
            _(
                "A test needs its days, its spends, and what was measured with its range; {count} are empty."
            ).format(count=len(empty))
        )
        return
    try:
        one = Experiment.of(name, {"line": line, "motion": motion, **parts})
    except WorkspaceError as problem:
        layout.problem(str(problem))
        return
    _store((*(other for other in kept if other.name != one.name), one))


def _store(kept: tuple[Experiment, ...]) -> None:
    try:
        session.workspace().change_settings(experiments=kept)
    except WorkspaceError as problem:
        layout.problem(str(problem))
        return
    st.rerun()
