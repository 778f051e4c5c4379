"""How pages look: header, text, charts with their table, figures, and what is said where data are missing.

Sentences hold names from files. They go through st.html escaped, so that nothing in them comes alive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.missing import Missing
from analytics.intake.contract import template_csv
from analytics.language import gettext as _
from analytics.reporting import tables
from analytics.reporting.alternative import alternative, is_crowded, title_of
from analytics.reporting.charts import CONFIG
from pages.shared import present_add, session
from pages.shared.plain import escape, plain

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.formats.style import Styler
    from streamlit.delta_generator import DeltaGenerator

    from analytics.decisions.change import Change
    from analytics.decisions.figures import Figure

STYLE = Path(__file__).with_name("style.css")
CSV = "text/csv"


def header(question: str, answer: str, badges: Iterable[str] = ()) -> None:
    """The question as a small title, the answer as the headline, and quiet badges below it."""
    badges = tuple(badges)
    present_add.remember(question, answer, badges)
    strong = [_("Sample company, made up")] if session.workspace().is_sample else []
    marks = [f'<span class="ff-badge ff-badge-strong">{escape(text)}</span>' for text in strong]
    marks += [f'<span class="ff-badge">{escape(text)}</span>' for text in badges if text]
    st.html(STYLE)
    st.html(
        f'<p class="ff-question">{escape(question)}</p><h1 class="ff-answer">{escape(answer)}</h1>'
        f'<div class="ff-badges">{"".join(marks)}</div>'
    )


def title(text: str) -> None:
    """The title of a part of a page."""
    st.html(f'<h2 class="ff-title">{escape(text)}</h2>')


def text(sentence: str) -> None:
    """A sentence."""
    st.html(f'<p class="ff-text">{escape(sentence)}</p>')


def quiet(sentence: str) -> None:
    """A sentence that stays in the background."""
    st.html(f'<p class="ff-quiet">{escape(sentence)}</p>')


def listed(sentences: Sequence[str]) -> None:
    """Sentences as a list; nothing where there is none."""
    if sentences:
        st.html(f'<ul class="ff-list">{"".join(f"<li>{escape(s)}</li>" for s in sentences)}</ul>')


def chart(figure: Any, table: pd.DataFrame, name: str, method: str) -> None:
    """A plotly figure with the table behind it, its CSV, and how it is computed."""
    with chart_frame(figure, name):
        chart_title(figure)
        spoken = alternative(figure, table, session.workspace().currency)
        st.plotly_chart(figure, key=f"chart {name}", config=CONFIG, alt=spoken)
        with st.container(horizontal=True, gap="small"):
            with st.popover(_("Table"), type="tertiary"):
                st.dataframe(signed(table), hide_index=True, placeholder=_("n/a"))
            csv(table, name)
            with st.popover(_("How is this computed?"), type="tertiary"):
                text(method)
            present_add.button(figure, table, name, method)


def chart_title(figure: Any) -> None:
    """The chart's title above its picture, on screens that are too narrow for it to stand within."""
    st.html(f'<p class="ff-chart-title">{escape(title_of(figure))}</p>')


def chart_frame(figure: Any, name: str) -> DeltaGenerator:
    """Where a chart stands: one that cannot be read as narrow as a phone is moved sideways there."""
    return st.container(gap=None, key=f"{'wide' if is_crowded(figure) else 'whole'} chart {name}")


def csv(table: pd.DataFrame, name: str, label: str | None = None) -> None:
    """Download of a table; the file's name carries the snapshot that its numbers were computed from."""
    st.download_button(
        label or "CSV",
        data=lambda: tables.safe_csv(table),
        file_name=tables.file_name(name, session.workspace().snapshot),
        mime=CSV,
        type="tertiary",
        on_click="ignore",
        key=f"csv {name}",
    )


def figures(shown: Sequence[Figure], currency: str | None) -> None:
    """Single figures with their change since the period before, their table and formulas."""
    compared = any(tables.figure_change(figure, currency) for figure in shown)
    title(_("Six figures, and the period of equal length before") if compared else _("Six figures"))
    cards = [
        f'<div class="ff-figure"><div class="ff-label">{escape(figure.label)}</div>'
        f'<div class="ff-value">{escape(tables.figure_value(figure, currency))}</div>'
        f'<div class="ff-change">{escape(tables.figure_change(figure, currency))}</div></div>'
        for figure in shown
    ]
    st.html(f'<div class="ff-figures">{"".join(cards)}</div>')
    with st.container(horizontal=True, gap="small"):
        csv(tables.figure_table(tuple(shown)), _("Six figures"))
        with st.popover(_("How is this computed?"), type="tertiary"):
            listed([f"{figure.label} = {figure.formula}" for figure in shown])
            if not compared:
                quiet(_("There is no period of equal length before these days to compare with."))
        formulas = " ".join(f"{figure.label} = {figure.formula}." for figure in shown)
        present_add.button(None, tables.figure_texts(tuple(shown), currency), _("Six figures"), formulas)


def signed(table: pd.DataFrame, write: Callable[[float], str] | None = None) -> pd.DataFrame | Styler:
    """The table, its numbers below nothing written with the sign that sentences have, and sorted as numbers all the same.

    A browser's own formats know the hyphen alone; so a column that holds one has no format of its own.
    """
    below = [str(name) for name in table.columns if is_below(table[name])]
    if not below:
        return table
    shown = table.style
    shown.format(write or _at_most_four, subset=below, na_rep="")
    return shown


def is_below(column: pd.Series) -> bool:
    """Whether numbers of the column lie below nothing."""
    return column.dtype.kind in "if" and bool((column < 0).any())


def _at_most_four(value: float) -> str:
    text = wording.number(value, 4)
    return text.rstrip("0").rstrip(".") if "." in text else text


def table_height(rows: int) -> int:
    """Pixels that a table needs to show all its rows, at most twenty."""
    return 35 * (min(rows, 20) + 1) + 3


def change(found: Change) -> None:
    """The headline and its figures before and after a change."""
    quiet(_("Now: {sentence}").format(sentence=found.before))
    text(_("Then: {sentence}").format(sentence=found.after))
    st.dataframe(found.figures, hide_index=True)


def missing(lacking: Sequence[Missing]) -> None:
    """What is missing and how to get it, each with the template of the export that it is in."""
    for lack in lacking:
        with st.container(border=True):
            text(lack.text)
            with st.container(horizontal=True, vertical_alignment="center"):
                if lack.kind:
                    template(lack.kind, lack.what)
                st.page_link("pages/data.py", label=_("Load data"), icon="📥")


def template(kind: str, place: str, label: str | None = None) -> None:
    """Download of the template of one kind of export."""
    st.download_button(
        label or _("Template: {kind}").format(kind=kind),
        data=template_csv(kind).encode("utf-8-sig"),
        file_name=f"{kind}-template.csv",
        mime=CSV,
        on_click="ignore",
        key=f"template {kind} {place}",
    )


def problem(sentence: str) -> None:
    """Something went wrong, in one sentence."""
    st.error(plain(sentence))
