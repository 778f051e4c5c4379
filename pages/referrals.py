"""Who brings whom?"""

import streamlit as st

from analytics.decisions import referral_sentences
from analytics.language import gettext as _
from pages.shared import controls, layout, referral_parts

controls.sidebar()
with st.spinner(_("Following referrals. This takes a moment, once for these data.")):
    found = referral_parts.answer()
layout.header(_("Who brings whom?"), found.sentence, referral_sentences.badges(found))

layout.missing(found.missing)
if found.reach.customers:
    referral_parts.generations(found)
    referral_parts.value_map(found)
    referral_parts.people(found)
    referral_parts.trees(found)
    referral_parts.kinds(found)
    referral_parts.comparison(found)
    referral_parts.abuse(found)
    layout.listed(found.notes)
