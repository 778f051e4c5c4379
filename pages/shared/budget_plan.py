"""The plan on the budget page: a split marked as the plan, and what was foreseen beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import budget_plan
from analytics.decisions.budget_plan import KIND, NAME, Plan
from analytics.language import gettext as _
from analytics.reporting import budget_charts, budget_tables
from analytics.warehouse.errors import WorkspaceError
from pages.shared import budget_methods, layout, session

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.budget_effects import Effects


def mark(found: Budget, effects: Effects) -> None:
    """Keep the split in hand as the plan, with what it foresees from the month after the data on."""
    workspace = session.workspace()
    first = budget_plan.first_month_after(workspace)
    assert found.model is not None
    assert first is not None
    spend = {name: round(money, 2) for name, money in effects.spend.items()}
    plan = budget_plan.made(found.model, spend, first, workspace.snapshot)
    try:
        workspace.keep(KIND, NAME, plan.to_json())
    except WorkspaceError as problem:
        layout.problem(str(problem))
        st.stop()


def said_and_happened() -> None:
    """What the plan foresaw for each month since, and what came; nothing without a plan."""
    workspace = session.workspace()
    plan = Plan.from_json(workspace.documents(KIND).get(NAME))
    if plan is None:
        return
    found = budget_plan.said_and_happened(workspace, plan)
    layout.title(_("Said and happened"))
    layout.text(found.sentence)
    if len(found.months):
        layout.chart(
            budget_charts.plan_chart(found),
            budget_tables.plan_table(found),
            _("Plan and outcome"),
            _(budget_methods.PLAN),
        )
    st.button(_("Forget the plan"), on_click=workspace.keep, args=(KIND, NAME, None), key="budget forget")
