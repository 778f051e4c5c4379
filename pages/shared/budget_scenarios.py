"""Scenarios of the budget page: saved with the workspace by name, opened, removed, held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.language import gettext as _
from analytics.reporting import budget_charts, budget_tables
from analytics.warehouse.errors import WorkspaceError
from pages.shared import budget_methods, budget_plan, budget_state, layout, session

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.budget_effects import Effects
    from pages.shared.budget_state import Scenario

KIND = "scenario"
MOST = 4
NAME, CHOSEN, COMPARED, SAID = "budget name", "budget scenario", "budget compared", "budget said"


def scenarios(found: Budget, effects: Effects) -> None:
    """Save, open, remove, mark as the plan, compare."""
    saved = budget_state.saved(session.workspace().documents(KIND))
    layout.title(_("Scenarios"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="budget-scenarios"):
        st.text_input(
            _("Save the plan in hand as"), key=NAME, max_chars=80, placeholder=_("a name"), width=230
        )
        st.button(_("Save"), on_click=_save, args=(effects,), key="budget save")
        if saved:
            names = list(saved)
            if st.session_state.get(CHOSEN) not in names:
                st.session_state[CHOSEN] = names[-1]
            st.selectbox(_("Saved"), names, key=CHOSEN, width=230)
            st.button(_("Open"), on_click=_open, args=(found, saved), key="budget open")
            st.button(_("Remove"), on_click=_remove, key="budget remove")
        if st.button(_("Mark as the plan"), key="budget mark", help=_(budget_methods.PLAN)):
            budget_plan.mark(found, effects)
            st.rerun()
    if said := st.session_state.pop(SAID, ""):
        layout.problem(said)
    if saved:
        _compare(found, effects, saved)


def _compare(found: Budget, effects: Effects, saved: dict[str, Scenario]) -> None:
    simulation, model = found.simulation, found.model
    assert simulation is not None
    assert model is not None
    names = list(saved)
    if COMPARED in st.session_state:
        st.session_state[COMPARED] = [name for name in st.session_state[COMPARED] if name in saved]
    else:
        st.session_state[COMPARED] = names[-(MOST - 1) :]
    chosen = st.multiselect(
        _("Compare with the plan in hand"), names, key=COMPARED, max_selections=MOST - 1, width=600
    )
    if not chosen:
        return
    beside = [(_("plan in hand"), effects)]
    beside += [(name, simulation.of(saved[name].spends(model))) for name in chosen]
    table = budget_tables.compare_table(beside, found.currency)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.dataframe(table, hide_index=True, height=layout.table_height(len(table)))
        layout.csv(table, _("Scenarios"))
    with right:
        layout.chart(
            budget_charts.compare_chart(beside, found.currency),
            table,
            _("Gain of the scenarios"),
            _(budget_methods.FIGURES),
        )


def _save(effects: Effects) -> None:
    workspace, name = session.workspace(), st.session_state[NAME].strip()
    spend = {line: round(money, 2) for line, money in effects.spend.items()}
    if not name:
        st.session_state[SAID] = _("Give the scenario a name first.")
        return
    try:
        workspace.keep(KIND, name, {"spend": spend, "snapshot": workspace.snapshot})
    except WorkspaceError as problem:
        st.session_state[SAID] = str(problem)
        return
    st.session_state[NAME] = ""
    st.session_state[CHOSEN] = name
    if COMPARED in st.session_state:
        st.session_state[COMPARED] = [*dict.fromkeys([*st.session_state[COMPARED], name])][-(MOST - 1) :]


def _open(found: Budget, saved: dict[str, Scenario]) -> None:
    assert found.model is not None
    budget_state.take(saved[st.session_state[CHOSEN]].spends(found.model))


def _remove() -> None:
    try:
        session.workspace().keep(KIND, st.session_state[CHOSEN], None)
    except WorkspaceError as problem:
        st.session_state[SAID] = str(problem)
