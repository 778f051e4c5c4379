"""Should the next budget go to new or to existing customers?"""

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.case import case
from analytics.language import gettext as _
from analytics.reporting import charts, effect_charts, tables
from pages.shared import controls, layout, methods, session

controls.sidebar()
found = session.answer(case)
currency = session.workspace().currency
layout.header(
    _("Should the next budget go to new or to existing customers?"),
    found.sentence,
    methods.case_badges(found),
)

if found.lenses["roi"].notna().any():
    layout.chart(
        charts.lens_chart(found.lenses, _(methods.MARGINAL_NEEDS)),
        tables.lens_table(found.lenses),
        _("Return by lens"),
        _(methods.LENSES),
    )
if found.naive_sentence:
    layout.text(found.naive_sentence)
    layout.quiet(" ".join(filter(None, (found.evidence_sentence, found.next_sentence))))
if found.effect and found.effect.overlap is not None:
    layout.chart(
        effect_charts.overlap_chart(found.effect.overlap),
        found.effect.overlap,
        _("Overlap"),
        _(methods.OVERLAP),
    )
layout.missing(found.missing)

left, right = st.columns(2, gap="large")
if found.break_even.known:
    with left:
        layout.chart(
            charts.break_even_chart(found.break_even_lines, found.break_even, found.baseline, found.grade),
            tables.break_even_table(found.break_even_lines),
            _("Break-even"),
            _(methods.BREAK_EVEN),
        )
        layout.quiet(found.break_even_sentence)
if found.window and len(found.revenue_by_quarter):
    with right if found.break_even.known else st.container():
        days = found.window
        layout.chart(
            charts.revenue_chart(found.revenue_by_quarter, days.first_day, days.last_day, currency),
            tables.revenue_table(found.revenue_by_quarter),
            _("Revenue by quarter"),
            _(methods.REVENUE),
        )
        layout.quiet(
            _("Revenue: {money}.").format(money=wording.money_in_full(found.revenue.total, currency))
        )

if found.figures:
    layout.figures(found.figures, currency)
if found.sceptic:
    with st.container(border=True):
        layout.title(_("For the sceptic"))
        layout.text(found.sceptic.argument)
        layout.text(_("What would settle it: {test}").format(test=found.sceptic.settled_by))
layout.listed(found.notes)
