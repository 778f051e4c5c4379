"""The goals of the scorecard: one number per figure, kept with the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.settings import GOALS
from pages.shared import layout, session

if TYPE_CHECKING:
    from analytics.decisions.scorecard import Line, Scorecard


def edit(found: Scorecard) -> None:
    """A form in a popover; an empty field is no goal."""
    with st.popover(_("Goals"), icon="🎯"), st.form("goals", border=False):
        layout.quiet(_("Leave a field empty for no goal. Goals are kept with the workspace."))
        goals = {line.name: _field(line) for line in found.lines}
        if st.form_submit_button(_("Save goals")):
            _save({name: goal for name, goal in goals.items() if goal is not None})


def _field(line: Line) -> float | None:
    """Shares in percent, days as days."""
    scale, unit = (100.0, _("in %")) if line.definition.unit == "share" else (1.0, _("in days"))
    bound = _("at least") if line.definition.better == "higher" else _("at most")
    low, high = GOALS[line.name]
    goal = st.number_input(
        _("{figure}, {bound}, {unit}").format(figure=line.definition.label, bound=bound, unit=unit),
        scale * low, scale * high, round(scale * line.goal, 6) if wording.known(line.goal) else None,
        step=1.0, format="%.6g", placeholder=_("no goal"), key=f"goal {line.name}",
    )  # fmt: skip
    return None if goal is None else round(goal / scale, 8)


def _save(goals: dict[str, float]) -> None:
    try:
        session.workspace().change_settings(goals=goals)
    except WorkspaceError as problem:
        layout.problem(str(problem))
        return
    st.rerun()
