"""AIDAS against the flipped funnel."""

import streamlit as st

from analytics.decisions.funnels import funnels
from analytics.language import gettext as _
from pages.shared import controls, funnel_controls, funnel_methods, funnel_parts, layout, session

controls.sidebar()
choice = funnel_controls.chosen()
found = session.answer(funnels)
layout.header(_("AIDAS against the flipped funnel"), found.sentence, funnel_methods.funnel_badges(found))

funnel_parts.picture(found)
layout.missing(found.missing)
left, right = st.columns(2, gap="large")
with left:
    funnel_parts.ends(found)
with right:
    funnel_parts.ways(found)
if found.people:
    funnel_parts.difference(choice)
    funnel_parts.costs(found)
layout.listed(found.notes)
