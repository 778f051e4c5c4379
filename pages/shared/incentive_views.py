"""The parts of the incentives page: grid, programmes, who would have bought anyway, schedule, points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import incentive_sentences
from analytics.decisions.incentive_grid import ALL
from analytics.language import gettext as _
from analytics.reporting import incentive_charts, incentive_tables
from pages.shared import incentive_methods, layout, session

if TYPE_CHECKING:
    from analytics.decisions.incentives import Incentives

CHOICE = "incentives-programme"


def grid(found: Incentives) -> None:
    """Segment × tenure of one programme, or of all together."""
    known = [name for name in dict.fromkeys(found.cells["programme"]) if name != ALL]
    chosen = session.choice(CHOICE, known, ALL)
    labels = {name: name or _("all programmes") for name in [ALL, *known]}
    st.session_state[CHOICE] = chosen
    st.segmented_control(
        _("Programme"), list(labels), format_func=labels.__getitem__, label_visibility="collapsed", key=CHOICE,
        required=True, on_change=lambda: session.choose(CHOICE, st.session_state[CHOICE]),
    )  # fmt: skip
    cells = found.cells[found.cells["programme"] == chosen]
    title = _("Margin caused per unit of cost, by segment and tenure: {programme}").format(
        programme=labels[chosen]
    )
    layout.chart(
        incentive_charts.grid_chart(cells, title),
        incentive_tables.table(cells),
        _("Incentives by segment and tenure"),
        _(incentive_methods.GRID),
    )


def programmes(found: Incentives) -> None:
    """Programmes side by side, naive beside causal."""
    if not (found.programmes["cost"] > 0).any():
        return
    layout.chart(
        incentive_charts.programme_chart(found.programmes),
        incentive_tables.table(found.programmes),
        _("Programmes"),
        _(incentive_methods.PROGRAMMES),
    )
    with st.expander(_("By kind of reward, as the programmes' names say it")):
        table = incentive_tables.table(found.kinds)
        st.dataframe(table, hide_index=True, placeholder=_("n/a"))
        layout.csv(table, _("Kinds of reward"))


def buyers(found: Incentives) -> None:
    """Which customers would have bought anyway."""
    if not found.buyers["anyway"].notna().any():
        return
    layout.chart(
        incentive_charts.buyer_chart(found.buyers),
        incentive_tables.table(found.buyers),
        _("Bought anyway"),
        _(incentive_methods.BUYERS),
    )
    layout.quiet(incentive_sentences.buyers(found))


def schedule(found: Incentives) -> None:
    """The suggested schedule and its cost."""
    if len(found.schedule):
        layout.chart(
            incentive_charts.schedule_chart(found.schedule, found.currency),
            incentive_tables.table(found.schedule),
            _("Reward schedule"),
            _(incentive_methods.SCHEDULE),
        )
    layout.text(incentive_sentences.schedule(found))


def points(found: Incentives) -> None:
    """The liability of points."""
    if found.liability.has_points or found.liability.outstanding is not None:
        layout.title(_("Points outstanding"))
        layout.text(incentive_sentences.liability(found))
