"""Which reward, for whom, after how long?"""

import streamlit as st

from analytics.decisions import incentive_sentences
from analytics.decisions.incentives import incentives
from analytics.language import gettext as _
from pages.shared import controls, incentive_views, layout, session

controls.sidebar()
with st.spinner(_("Working out what each offer caused. This takes a few seconds, once for these data.")):
    found = session.answer(incentives)
layout.header(_("Which reward, for whom, after how long?"), found.sentence, incentive_sentences.badges(found))

if len(found.cells):
    incentive_views.grid(found)
left, right = st.columns([1.15, 1], gap="large")
with left:
    incentive_views.programmes(found)
with right:
    incentive_views.buyers(found)
if len(found.programmes):
    incentive_views.schedule(found)
    incentive_views.points(found)
layout.missing(found.missing)
layout.listed(found.notes)
