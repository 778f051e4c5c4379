"""The channel table: sortable, and a click on a line shows the orders behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.sources import rows_behind
from analytics.language import gettext as _
from analytics.reporting import tables
from pages.shared import layout, methods, present_add, session

if TYPE_CHECKING:
    from analytics.decisions.sources import Sources

MOST_ROWS = 1_000
WITHOUT_ORDERS = "unassigned"


def show(found: Sources, currency: str | None) -> None:
    """The table with its downloads, and the orders of the line that is chosen."""
    table = tables.channel_table(found.channels)
    chosen = st.dataframe(
        table, hide_index=True, column_config=_columns(currency), on_select="rerun",
        selection_mode="single-row", key="channel lines",
        height=layout.table_height(len(table)), placeholder=_("n/a"),
    )  # fmt: skip
    with st.container(horizontal=True):
        layout.csv(table, _("Channels"))
        with st.popover(_("How is this computed?"), type="tertiary"):
            layout.text(_(methods.CHANNELS))
        present_add.button(
            None, table.drop(columns=_("by quarter")), _("Channels and programmes"), _(methods.CHANNELS)
        )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(found.channels):
        _orders_behind(found.channels.iloc[rows[0]])
    else:
        layout.quiet(_("Choose a line at its left edge to see the orders behind it."))


def _columns(currency: str | None) -> dict:
    unit = wording.symbol(currency)
    whole = {name: st.column_config.NumberColumn(format=f"{unit}%,.0f", width="small")
             for name in (_("revenue"), _("margin"), _("spend"))}  # fmt: skip
    counts = {_("orders"): st.column_config.NumberColumn(format="%,.0f", width="small")}
    return {
        **whole,
        **counts,
        _("CAC"): st.column_config.NumberColumn(format=f"{unit}%,.2f", width="small"),
        _("of revenue"): st.column_config.NumberColumn(format="percent", width="small"),
        _("payback"): st.column_config.NumberColumn(
            format=_("{count} months").format(count="%.0f"), width=85
        ),
        _("by quarter"): st.column_config.BarChartColumn(y_min=0, width=88),
    }


def _orders_behind(line) -> None:
    layout.title(_("The newest orders behind {line}").format(line=line["name"]))
    if line["motion"] == WITHOUT_ORDERS:
        layout.quiet(_("Spend without a motion has no orders: say on the data page what it is for."))
        return
    orders = rows_behind(
        session.workspace(), session.view().filters, line["motion"], line["channel"], MOST_ROWS
    )
    layout.quiet(
        _("{shown} of {all} orders").format(
            shown=wording.number(len(orders)), all=wording.number(line["orders"])
        )
    )
    table = tables.order_table(orders)
    money = {name: st.column_config.NumberColumn(format="%,.2f") for name in ("amount", "margin")}
    st.dataframe(table, hide_index=True, height=300, column_config=money, placeholder="")
    layout.csv(table, _("Orders behind a line"))
