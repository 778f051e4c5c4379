"""What is slow to import is imported while a visitor reads the first page, so that no later page waits for it."""

from __future__ import annotations

from threading import Thread

import streamlit as st

from analytics.models.churn_model import import_learners


@st.cache_resource(show_spinner=False)
def begin() -> None:
    """Once per process, in a thread of its own; call it after the page is drawn."""
    Thread(target=import_learners).start()
