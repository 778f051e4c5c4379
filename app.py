"""Flipped Funnel: the server, page config, theme and navigation. Everything else is drawn by the pages."""

import os

# Small matrix code runs up to ten times slower with spinning threads; read when numpy is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

from analytics.language import gettext as _
from analytics.language import speak
from pages.shared import incoming, present_add, session, warm_up

if __name__ == "app":  # imported by the server, once; a visit runs it under another name
    app = st.App("app.py", routes=[incoming.route()])
else:
    st.set_page_config(page_title="Flipped Funnel", page_icon="pages/shared/icon.svg", layout="wide")
    speak(session.spoken())
    page = st.navigation(
        [
            st.Page("pages/case.py", title=_("Case"), icon="⚖️", default=True),
            st.Page("pages/scorecard.py", title=_("Scorecard"), icon="🎯"),
            st.Page("pages/sources.py", title=_("Sources"), icon="🧭"),
            st.Page("pages/attribution.py", title=_("Attribution"), icon="🏅"),
            st.Page("pages/value.py", title=_("Value"), icon="💎"),
            st.Page("pages/retention.py", title=_("Retention"), icon="🌱"),
            st.Page("pages/funnels.py", title=_("Funnels"), icon="🔁"),
            st.Page("pages/referrals.py", title=_("Referrals"), icon="🤝"),
            st.Page("pages/incentives.py", title=_("Incentives"), icon="🎁"),
            st.Page("pages/budget.py", title=_("Budget"), icon="💶"),
            st.Page("pages/present.py", title=_("The meeting"), icon="📽️"),
            st.Page("pages/data.py", title=_("Data"), icon="📥"),
        ]
    )
    present_add.be_at(page.url_path)
    page.run()
    warm_up.begin()
