"""The tables of the attribution page: what credit costs and returns, and what every model says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import credit_sentences, wording
from analytics.language import gettext as _
from analytics.reporting import credit_tables
from pages.shared import layout, methods, present_add

if TYPE_CHECKING:
    from analytics.decisions.channel_credit import ChannelCredit


def returns(found: ChannelCredit, currency: str | None) -> None:
    """Cost per order, ROAS and ROI of the channels with spend."""
    layout.title(_("What an order costs, and what the spend returns, under this model"))
    table = credit_tables.return_table(found)
    unit = wording.symbol(currency)
    columns = {name: _column(name, unit) for name in table.columns[1:] if not layout.is_below(table[name])}
    _table(table, _("Returns"), _(methods.RETURNS), columns)
    layout.quiet(credit_sentences.blended(found, currency))


def _column(name: str, unit: str):
    """A column of the return table; the unit belongs to money."""
    if name in (_("ROAS"), _("ROI, booked")):
        return st.column_config.NumberColumn(name, format="%.2f")
    if name in (_("first orders credited"), _("reorders credited")):
        return st.column_config.NumberColumn(name, format="%,.0f")
    whole = name in (_("spend"), _("revenue"), _("margin"), _("first-year margin"))
    return st.column_config.NumberColumn(name, format=unit + ("%,.0f" if whole else "%,.2f"))


def models(found: ChannelCredit) -> None:
    """The shares under every model."""
    layout.title(_("What every model says"))
    table = credit_tables.model_table(found)
    columns = {name: st.column_config.NumberColumn(format="percent") for name in table.columns[1:]}
    _table(table, _("All models"), _(methods.MODELS), columns)


def _table(table, name: str, method: str, columns: dict) -> None:
    st.dataframe(
        layout.signed(table, wording.ratio), hide_index=True, column_config=columns, placeholder=_("n/a"), key=f"table {name}",
        height=layout.table_height(len(table)),
    )  # fmt: skip
    with st.container(horizontal=True):
        layout.csv(table, name)
        with st.popover(_("How is this computed?"), type="tertiary"):
            layout.text(method)
        present_add.button(None, table, name, method)
