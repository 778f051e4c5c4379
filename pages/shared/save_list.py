"""The list of customers to save, with the budget line: "with X a month, these N customers"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import leaving_sentences, wording
from analytics.decisions.leaving import budget_line
from analytics.language import gettext as _
from analytics.reporting import retention_tables
from pages.shared import layout, retention_methods

if TYPE_CHECKING:
    from analytics.decisions.leaving import Leaving

START_COST, START_CUSTOMERS = 5.0, 100


@st.fragment
def show(found: Leaving) -> None:
    """Title, budget, the customers it reaches, and their download."""
    layout.title(_("Whom to save: slipping customers, most value at risk first"))
    layout.quiet(leaving_sentences.definitions(found))
    cost = found.cost_per_offer if wording.known(found.cost_per_offer) else START_COST
    by_budget, by_cost, by_share = st.columns(3)
    with by_budget:
        budget = st.number_input(
            _("Budget a month"), 0.0, None, float(round(cost * START_CUSTOMERS)), step=50.0, format="%.6g",
            key="offer budget",
        )  # fmt: skip
    with by_cost:
        cost = st.number_input(
            _("Cost of one offer"), 0.01, None, round(cost, 2), step=0.5, format="%.6g", key="offer cost"
        )
    with by_share:
        kept = st.number_input(
            _("Of those reached an offer keeps, in %"), 0.0, 100.0, None, step=1.0, format="%.6g",
            placeholder=_("not known"), key="offer keeps",
            help=_("Only a test with a holdout tells. Leave it empty as long as there was none."),
        )  # fmt: skip
    line = budget_line(found, budget, cost, None if kept is None else kept / 100)
    layout.text(leaving_sentences.budget(line, found))
    table = retention_tables.save_table(found.save_list.head(line.customers))
    st.dataframe(
        table, hide_index=True, height=layout.table_height(min(len(table), 10)), column_config=_columns(found),
        placeholder=_("n/a"),
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        layout.csv(
            table, _("Customers to save, within the budget"), _("These {n} as CSV").format(n=len(table))
        )
        everybody = retention_tables.save_table(found.save_list)
        layout.csv(everybody, _("Customers to save"), _("All {n} as CSV").format(n=len(everybody)))
        with st.popover(_("How is this computed?"), type="tertiary"):
            layout.text(_(retention_methods.SAVE))


def _columns(found: Leaving) -> dict:
    unit = wording.symbol(found.currency)
    money = {
        name: st.column_config.NumberColumn(format=f"{unit}%,.0f", width=width)
        for name, width in ((_("value at risk"), 98), (_("value per year"), 104))
    }
    shares = {
        name: st.column_config.NumberColumn(format="percent", width=width)
        for name, width in ((_("chance of no order"), 128), (_("P(alive)"), 75))
    }
    return {
        **money,
        **shares,
        _("customer"): st.column_config.TextColumn(width=85),
        _("why"): st.column_config.TextColumn(width=395),
        _("orders"): st.column_config.NumberColumn(width=60),
    }
