"""A chart that a slider moves: as layout.chart, but its table is made only while somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from analytics.language import gettext as _
from analytics.language import in_this_language, marked
from analytics.reporting import tables
from analytics.reporting.alternative import without_rows
from analytics.reporting.charts import CONFIG
from pages.shared import layout, present_add, session

if TYPE_CHECKING:
    import pandas as pd

TABLE, METHOD = marked("Table"), marked("How is this computed?")


def chart(figure: Any, table: Callable[[], pd.DataFrame], name: str, method: str) -> None:
    """A plotly figure with the table behind it, its CSV, and how it is computed."""
    with st.container(gap=None):
        layout.chart_title(figure)
        st.plotly_chart(figure, key=f"chart {name}", config=CONFIG, alt=without_rows(figure))
        with st.container(horizontal=True, gap="small"):
            shown = st.popover(_(TABLE), type="tertiary", key=f"table {name}", on_change="rerun")
            if shown.open:
                shown.dataframe(table(), hide_index=True, placeholder=_("n/a"))
            st.download_button(
                "CSV",
                data=in_this_language(lambda: tables.safe_csv(table())),
                file_name=tables.file_name(name, session.workspace().snapshot),
                mime=layout.CSV,
                type="tertiary",
                on_click="ignore",
                key=f"csv {name}",
            )
            with st.popover(_(METHOD), type="tertiary"):
                layout.text(method)
            present_add.button(figure, table, name, method)
