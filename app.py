"""Flipped Funnel: page config, theme and navigation. Everything else is drawn by the pages."""

import os

# Small matrix code runs up to ten times slower with spinning threads; read when numpy is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

from pages.shared import warm_up

st.set_page_config(page_title="Flipped Funnel", page_icon="pages/shared/icon.svg", layout="wide")
st.navigation(
    [
        st.Page("pages/case.py", title="Case", icon="⚖️", default=True),
        st.Page("pages/scorecard.py", title="Scorecard", icon="🎯"),
        st.Page("pages/sources.py", title="Sources", icon="🧭"),
        st.Page("pages/attribution.py", title="Attribution", icon="🏅"),
        st.Page("pages/value.py", title="Value", icon="💎"),
        st.Page("pages/retention.py", title="Retention", icon="🌱"),
        st.Page("pages/funnels.py", title="Funnels", icon="🔁"),
        st.Page("pages/referrals.py", title="Referrals", icon="🤝"),
        st.Page("pages/incentives.py", title="Incentives", icon="🎁"),
        st.Page("pages/budget.py", title="Budget", icon="💶"),
        st.Page("pages/data.py", title="Data", icon="📥"),
    ]
).run()
warm_up.begin()
