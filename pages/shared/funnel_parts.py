"""Parts of the funnels page: the picture, what a unit of budget yields, two groups held against each other, costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions.funnel_difference import funnel_difference
from analytics.language import gettext as _
from analytics.reporting import funnel_charts, funnel_picture, funnel_tables
from analytics.reporting.alternative import alternative
from analytics.reporting.charts import CONFIG
from pages.shared import funnel_controls, funnel_methods, layout, session

if TYPE_CHECKING:
    from analytics.decisions.funnels import Funnels
    from pages.shared.funnel_controls import FunnelChoice

STYLE = Path(__file__).with_name("funnel.css")
LARGE = 1.32  # on 1920 × 1080 the picture then fills the first screen


def picture(found: Funnels) -> None:
    """Both funnels; larger on a wide screen, one above the other on a narrow one, as funnel.css chooses."""
    if found.people is None:
        return
    st.html(STYLE)
    table = funnel_tables.stage_table(found)
    others = {
        "funnel-narrow": funnel_picture.funnel_stack(found),
        "funnel-large": funnel_picture.funnel_picture(found, LARGE),
    }
    for key, figure in others.items():
        with st.container(key=key):
            st.plotly_chart(
                figure, key=f"chart {key}", config=CONFIG, alt=alternative(figure, table, found.currency)
            )
    with st.container(key="funnel-wide"):
        layout.chart(
            funnel_picture.funnel_picture(found),
            table,
            _("Both funnels"),
            _(funnel_methods.STAGES),
        )


def ends(found: Funnels) -> None:
    """What comes out at the end of either funnel, by quarter."""
    _yields(
        found,
        ("satisfaction", "new customers"),
        _("At the end: satisfied customers and new ones, per 1,000 of cost"),
        _("Yield at the end"),
    )


def ways(found: Funnels) -> None:
    """What happens in the flipped funnel on the way, by quarter."""
    _yields(
        found,
        ("acknowledgement", "activation"),
        _("On the way: thanked and activated, per 1,000 of cost"),
        _("Yield on the way"),
    )


def _yields(found: Funnels, outcomes: tuple[str, ...], title: str, name: str) -> None:
    lines = found.yields_by_quarter
    lines = lines[lines["outcome"].isin(outcomes) & lines["per_thousand"].notna()]
    if len(lines):
        layout.chart(
            funnel_charts.yield_chart(lines, outcomes, title),
            funnel_tables.yield_table(lines),
            name,
            _(funnel_methods.YIELDS),
        )


def difference(choice: FunnelChoice) -> None:
    """Two quarters or segments, step by step."""
    if not choice.can_compare:
        return
    layout.title(_("Two quarters or segments against each other"))
    funnel_controls.show(choice)
    found = session.answer(funnel_difference, choice.by, choice.first, choice.second)
    layout.text(found.sentence)
    if found.steps[["share_first", "share_second"]].notna().any(axis=None):
        layout.chart(
            funnel_charts.difference_chart(found),
            funnel_tables.difference_table(found),
            _("Difference"),
            _(funnel_methods.DIFFERENCE),
        )


def costs(found: Funnels) -> None:
    """Every part of the cost, and how it got to its stage."""
    table = funnel_tables.cost_table(found)
    if not len(table):
        return
    with st.expander(_("Which cost stands at which stage, and why")):
        st.dataframe(table, hide_index=True, height=layout.table_height(len(table)))
        with st.container(horizontal=True):
            layout.csv(table, _("Funnel costs"))
            with st.popover(_("How is this computed?"), type="tertiary"):
                layout.text(_(funnel_methods.COSTS))
