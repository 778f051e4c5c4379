"""The sidebar: filters and assumptions for all pages, and below them the workspace and how fresh its data are.

Every widget is set from the view before it is drawn and changes the view in its callback: the view is the one truth.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.filter_choices import FilterChoices, Preset, filter_choices
from analytics.language import LANGUAGES, current
from analytics.language import gettext as _
from analytics.warehouse.sample import SAMPLE_WORKSPACE
from pages.shared import present_link, session
from pages.shared.plain import plain

ALL_DAYS, OTHER_DAYS = "all", "other"
HORIZONS = (3, 6, 12, 18, 24, 36)
GROUPS = ("segments", "regions", "channels")


def sidebar() -> None:
    """Draw it; call this first on every page."""
    session.through_app()
    choices = session.known(filter_choices)
    with st.sidebar:
        _language()
        if choices.last_day:
            _days(choices)
            _groups(choices)
            _assumptions()
        _workspace(choices)
    session.mirror()


def _widget(draw: Callable[..., Any], label: str, key: str, value: Any, changed: Callable, **options) -> None:
    """A widget that shows `value` and hands what is chosen to `changed`."""
    st.session_state[key] = value
    draw(label, key=key, on_change=lambda: changed(st.session_state[key]), **options)


def _language() -> None:
    _widget(
        st.segmented_control, "Language · 언어", "language", session.spoken(), session.choose_language,
        options=list(LANGUAGES), format_func=LANGUAGES.__getitem__, required=True, label_visibility="collapsed",
    )  # fmt: skip
    # Streamlit says lang="en" of every page; a screen reader would read Korean with an English voice.
    st.html(f"<script>document.documentElement.lang = '{current()}'</script>", unsafe_allow_javascript=True)


def _days(choices: FilterChoices) -> None:
    filters = session.view().filters
    presets = {preset.name: preset for preset in choices.presets}
    here = Preset("", "", filters.first_day, filters.last_day)
    chosen = next((p.name for p in choices.presets if p.same_days(here)), OTHER_DAYS)
    labels = {name: preset.label for name, preset in presets.items()} | {OTHER_DAYS: _("Other days …")}

    def change(name: str) -> None:
        st.session_state["other days"] = name == OTHER_DAYS
        if name in presets:
            session.change(first_day=presets[name].first_day, last_day=presets[name].last_day)

    if st.session_state.get("other days"):
        chosen = OTHER_DAYS
    _widget(
        st.selectbox, _("Days"), "days", chosen, change, options=list(labels), format_func=labels.__getitem__
    )
    if chosen == OTHER_DAYS and choices.first_day and choices.last_day:
        first, last = filters.first_day or choices.first_day, filters.last_day or choices.last_day
        _widget(
            st.date_input, _("From and to"), "range", (first, last), _change_range, format="YYYY-MM-DD",
            min_value=min(first, choices.first_day), max_value=max(last, choices.last_day),
        )  # fmt: skip


def _change_range(days: tuple[date, ...]) -> None:
    if len(days) == 2:
        session.change(first_day=days[0], last_day=days[1])


def _groups(choices: FilterChoices) -> None:
    filters = session.view().filters
    labels = {
        "segments": _("Segment"),
        "regions": _("Region"),
        "channels": _("Channel that won the customer"),
    }
    active = any(getattr(filters, group) for group in GROUPS)
    if not any(getattr(choices, group) for group in GROUPS) and not active:
        return
    with st.expander(_("Segment, region, channel"), expanded=active):
        for group in GROUPS:
            known = list(dict.fromkeys([*getattr(choices, group), *getattr(filters, group)]))
            _widget(
                st.multiselect, labels[group], group, list(getattr(filters, group)),
                lambda values, group=group: session.change(**{group: tuple(values)}),
                options=known, placeholder=_("all"), disabled=not known,
            )  # fmt: skip


def _assumptions() -> None:
    used = session.assumptions()
    margin = None if used.margin_rate is None else round(100 * used.margin_rate, 2)
    _widget(
        st.number_input, _("Margin rate in %"), "margin", margin,
        lambda percent: session.change(margin_rate=None if percent is None else percent / 100),
        help=_("Margin / revenue, for the rows whose export states no margin."),
        min_value=0.0, max_value=100.0, step=1.0, format="%.6g", placeholder=_("not set"),
    )  # fmt: skip
    _widget(
        st.slider, _("Would have come anyway, in %"), "baseline", round(100 * used.baseline_share),
        lambda percent: session.change(baseline_share=percent / 100),
        min_value=0, max_value=100,
        help=_(
            "Baseline share: the part of reorders and referrals that would have come without programmes. Where it is "
            "measured, the measured share counts until this is moved."
        ),
    )  # fmt: skip
    horizon = sorted({*HORIZONS, used.horizon_months})
    _widget(
        st.select_slider, _("Horizon in months"), "horizon", used.horizon_months,
        lambda months: session.change(horizon_months=months), options=horizon,
    )  # fmt: skip


def _workspace(choices: FilterChoices) -> None:
    workspace = session.workspace()
    if workspace.is_sample:
        st.markdown(_("**Sample company**, made up to look around with."))
        if session.view().workspace == SAMPLE_WORKSPACE:
            st.button(_("Leave the sample"), on_click=session.switch, args=(session.OWN_WORKSPACE,))
    else:
        st.markdown(_("Workspace **{name}**").format(name=plain(session.view().workspace)))
        if not choices.last_day:
            st.button(_("Look at the sample"), on_click=session.switch, args=(SAMPLE_WORKSPACE,))
    until = (
        _("Orders until {day}.").format(day=wording.day(choices.last_day))
        if choices.last_day
        else _("No data yet.")
    )
    snapshot = _("Snapshot `{snapshot}`").format(snapshot=workspace.snapshot)
    st.caption(f"{plain(until)}  \n{snapshot}")
    present_link.copy("sidebar")
