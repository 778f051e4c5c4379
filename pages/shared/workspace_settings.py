"""Which workspace, and what its numbers assume."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.decisions.quality import quality
from analytics.language import gettext as _
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.sample import SAMPLE_WORKSPACE
from pages.shared import layout, session

MOTIONS = ("", "acquisition", "retention")


def show() -> None:
    """The whole part of the page."""
    left, right = st.columns(2, gap="large")
    with left:
        _choose()
    with right:
        _settings()


def _choose() -> None:
    layout.title(_("Workspace"))
    here = session.view().workspace
    names = list(dict.fromkeys([here, SAMPLE_WORKSPACE, *session.names()]))
    st.session_state["choose workspace"] = here
    st.selectbox(
        _("Look at"), names, key="choose workspace",
        on_change=lambda: session.switch(st.session_state["choose workspace"]),
    )  # fmt: skip
    with st.form("new workspace", clear_on_submit=True):
        name = st.text_input(_("New workspace: letters, digits, blanks, - and _"), max_chars=40).strip()
        if st.form_submit_button(_("Create")):
            _create(name)


def _create(name: str) -> None:
    if not session.is_name(name):
        layout.problem(
            _("The name must begin with a letter or digit and hold only letters, digits, blanks, - and _.")
        )
        return
    session.switch(name)
    st.rerun()


def _settings() -> None:
    settings = session.workspace().settings
    layout.title(_("Settings of this workspace"))
    with st.form("settings"):
        currency = st.text_input(_("Currency (code, as EUR)"), settings.currency or "", max_chars=3)
        margin = st.number_input(
            _("Margin rate in %, for rows without a margin"), 0.0, 100.0,
            None if settings.margin_rate is None else 100 * settings.margin_rate, placeholder=_("not set"),
        )  # fmt: skip
        baseline = st.slider(_("Baseline share in %"), 0, 100, round(100 * settings.baseline_share))
        spread = st.slider(_("give or take, in %"), 0, 50, round(100 * settings.baseline_share_range))
        caused = st.slider(
            _("Referred customers who would not have come otherwise, in %"), 0, 100,
            round(100 * settings.referral_caused_share),
            help=_("Ask new customers: would you have come without the recommendation? Half stands until you know."),
        )  # fmt: skip
        discount = st.number_input(
            _("Discount rate in % a year"), 0.0, 1000.0, 100 * settings.discount_rate, step=1.0
        )
        points = st.number_input(
            _("Loyalty points outstanding: what redeeming all of them would cost"), 0.0, None,
            settings.points_outstanding, placeholder=_("not known"),
        )  # fmt: skip
        motions = _motions(dict(settings.motions))
        if st.form_submit_button(_("Save")):
            _save(
                currency=currency.strip().upper() or None,
                margin_rate=None if margin is None else margin / 100,
                baseline_share=baseline / 100,
                baseline_share_range=spread / 100,
                referral_caused_share=caused / 100,
                discount_rate=discount / 100,
                points_outstanding=points,
                motions=motions,
            )


def _motions(known: dict[str, str]) -> dict[str, str]:
    """For each name of spend that is neither channel nor programme: what it is for."""
    finding = next(f for f in session.known(quality) if f.name == "quality_without_motion")
    names = list(dict.fromkeys([*known, *(finding.rows["channel"] if finding.count else [])]))
    labels = {"": _("neither"), "acquisition": _("winning customers"), "retention": _("existing customers")}
    chosen = {
        name: st.selectbox(
            _("Spend on {name} is for").format(name=name), MOTIONS, MOTIONS.index(known.get(name, "")),
            format_func=labels.__getitem__,
        )
        for name in names
    }  # fmt: skip
    return {name: motion for name, motion in chosen.items() if motion}


def _save(**changes: Any) -> None:
    try:
        session.workspace().change_settings(**changes)
    except WorkspaceError as problem:
        layout.problem(str(problem))
        return
    session.change(margin_rate=None, baseline_share=None)
    st.rerun()
