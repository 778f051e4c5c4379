"""Which channels deserve the credit?"""

import streamlit as st

from analytics.decisions import credit_sentences
from analytics.language import gettext as _
from analytics.reporting import credit_charts, credit_tables
from pages.shared import controls, credit_controls, credit_lines, layout, methods, session

controls.sidebar()
choice = credit_controls.chosen()
found = credit_controls.answer(choice)
currency = session.workspace().currency
layout.header(_("Which channels deserve the credit?"), found.sentence, methods.credit_badges(found))

if found.window:
    credit_controls.show(choice, only_record=not len(found.models))
if len(found.lines):
    draw = credit_charts.credit_bars if found.model == "recorded" else credit_charts.slope_chart
    layout.chart(draw(found), credit_tables.credit_table(found), _("Credit by channel"), _(methods.CREDIT))
layout.missing(found.missing)
if len(found.returns):
    credit_lines.returns(found, currency)
if len(found.steps):
    left, right = st.columns(2, gap="large")
    with left:
        layout.chart(
            credit_charts.path_chart(found), credit_tables.path_table(found), _("Top paths"), _(methods.PATHS)
        )
    with right:
        layout.chart(
            credit_charts.step_chart(found),
            credit_tables.step_table(found),
            _("What follows"),
            _(methods.STEPS),
        )
        layout.quiet(credit_sentences.lost(found))
if len(found.models):
    credit_lines.models(found)
    layout.quiet(credit_sentences.disagreement(found))
layout.listed(found.notes)
