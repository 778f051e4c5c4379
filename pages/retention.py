"""Who stays, who is leaving, whom to save?"""

import streamlit as st

from analytics.decisions import leaving_sentences
from analytics.language import gettext as _
from pages.shared import controls, layout, retention_controls, retention_views, save_list

controls.sidebar()
choice = retention_controls.chosen()
with st.spinner(_("Learning who leaves. This takes a few seconds, once for these data.")):
    found = retention_views.answer()
layout.header(_("Who stays, who is leaving, whom to save?"), found.sentence, leaving_sentences.badges(found))
layout.missing(found.missing)

if found.cohorts and len(found.cohorts.sizes):
    retention_views.cohorts(found.cohorts, choice)
    left, right = st.columns(2, gap="large")
    with left:
        retention_views.age(found.cohorts, choice)
    with right:
        retention_views.quarters(choice)
if len(found.save_list):
    save_list.show(found)
if found.forecast:
    retention_views.forecast(found.forecast.judged)
