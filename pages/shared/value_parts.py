"""Parts of the value page: deals with their outliers, how good the forecast was, and the table of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import value_sentences, wording
from analytics.language import gettext as _
from analytics.reporting import value_charts, value_tables
from pages.shared import layout, present_add, value_methods

if TYPE_CHECKING:
    from analytics.decisions.customer_value import CustomerValue


def against_cost(found: CustomerValue) -> None:
    """What a customer is worth against what one cost, by channel and over time."""
    left, right = st.columns(2, gap="large")
    if len(found.channels):
        with left:
            layout.chart(
                value_charts.value_against_cac(found),
                value_tables.channel_table(found),
                _("Value against CAC"),
                _(value_methods.AGAINST_CAC),
            )
    if len(found.payback.curves):
        with right if len(found.channels) else st.container():
            layout.chart(
                value_charts.payback_chart(found),
                value_tables.payback_table(found),
                _("Payback by cohort"),
                _(value_methods.PAYBACK),
            )


def equity(found: CustomerValue) -> None:
    """Customer equity and its parts."""
    if found.equity is None:
        return
    layout.chart(
        value_charts.equity_chart(found.equity, found.measure, found.currency),
        value_tables.equity_table(found.equity),
        _("Customer equity"),
        _(value_methods.EQUITY),
    )
    layout.quiet(value_sentences.equity(found))


def deals(found: CustomerValue) -> None:
    """The distribution of deal values, and the deals far above it."""
    lines = found.deals.lines
    if not len(lines[lines["by"] != "all"]):
        return
    layout.chart(
        value_charts.deal_chart(lines, found.currency),
        value_tables.deal_table(lines),
        _("Deal value"),
        _(value_methods.DEALS),
    )
    if not found.deals.outliers_found:
        layout.quiet(_("No deal stands far above the others."))
        return
    largest = found.deals.outliers.iloc[0]
    layout.quiet(
        _("{count} deals stand far above the others; the largest is order {order}, {amount}.").format(
            count=wording.number(found.deals.outliers_found),
            order=largest["order_id"],
            amount=wording.money_in_full(float(largest["amount"]), found.currency),
        )
    )
    with st.expander(_("Deals far above the others")):
        table = value_tables.outlier_table(found.deals.outliers)
        st.dataframe(table, hide_index=True)
        layout.csv(table, _("Outliers"))


def health(found: CustomerValue) -> None:
    """How many orders the model foretold for the last quarter, and how many came."""
    if found.holdout is not None and len(found.holdout.by_frequency):
        layout.chart(
            value_charts.holdout_chart(found.holdout.by_frequency),
            value_tables.holdout_table(found.holdout.by_frequency),
            _("Foretold and actual orders"),
            _(value_methods.HEALTH),
        )
    layout.text(value_sentences.forecast(found))


def groups(found: CustomerValue) -> None:
    """Value by channel, segment or cohort."""
    known = [by for by in value_tables.BY_LABELS if (found.groups["by"] == by).any()]
    if not known:
        return
    layout.title(
        _("Per customer: a new one over {horizon}, and today's so far, from today, and both").format(
            horizon=value_sentences.horizon(found)
        )
    )
    labels = {"channel": _("Channel"), "segment": _("Segment"), "cohort": _("Cohort")}
    chosen = st.segmented_control(
        _("By"), known, default=known[0], format_func=labels.__getitem__, label_visibility="collapsed",
        key="value by", required=True,
    )  # fmt: skip
    table = value_tables.group_table(found, chosen or known[0])
    money = {name: st.column_config.NumberColumn(format="%,.2f", width="small") for name in table.columns[2:]}
    money[table.columns[1]] = st.column_config.NumberColumn(format="%,.0f", width="small")
    st.dataframe(
        table,
        hide_index=True,
        column_config=money,
        placeholder=_("n/a"),
        height=layout.table_height(len(table)),
    )
    with st.container(horizontal=True):
        layout.csv(table, _("Value by group"))
        with st.popover(_("How is this computed?"), type="tertiary"):
            layout.text(_(value_methods.GROUPS))
        present_add.button(None, table, _("Value by group"), _(value_methods.GROUPS))
