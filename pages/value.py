"""What is a deal, and a customer, worth?"""

import streamlit as st

from analytics.decisions.customer_value import customer_value
from analytics.language import gettext as _
from pages.shared import controls, layout, session, value_methods, value_parts

controls.sidebar()
found = session.answer(customer_value)
layout.header(_("What is a deal, and a customer, worth?"), found.sentence, value_methods.value_badges(found))

layout.missing(found.missing)
value_parts.against_cost(found)
value_parts.equity(found)
left, right = st.columns(2, gap="large")
with left:
    value_parts.deals(found)
if found.fit:
    with right:
        value_parts.health(found)
    value_parts.groups(found)
layout.listed(found.notes)
