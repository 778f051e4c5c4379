"""The best split and its limits: what to move, which limit binds and what it costs, and the table to change them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from analytics.decisions import budget_sentences
from analytics.decisions.allocation import CAUTIOUS, EXPECTED
from analytics.decisions.budget import Wish
from analytics.decisions.wording import symbol
from analytics.language import gettext as _
from analytics.reporting import budget_tables
from pages.shared import budget_methods, budget_state, layout, session
from pages.shared.budget_state import AS_TODAY, TARGET, TOTAL, Limit

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget

EDITED = "budget limits edited"  # counts, so that the table begins anew with what it was changed to


def best_split(found: Budget) -> None:
    """The advice as moves, what is left of it if it is missed, and the limits that bind."""
    left, right = st.columns(2, gap="large")
    with left:
        layout.title(_("The best split"))
        moves = budget_sentences.moves(found)
        layout.listed(moves or [_("Leave the money where it is.")])
        if said := budget_sentences.if_off(found):
            layout.text(said)
    with right:
        layout.title(_("What holds it back, and what that costs"))
        layout.listed(budget_sentences.bindings(found) or [_("No limit holds it back.")])


def limits(found: Budget) -> None:
    """How much is to be split, how boldly, and what each line may get."""
    layout.title(_("Limits"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        _goal(found)
        _risk(found)
    table = budget_tables.limit_table(found, budget_state.wish(found))
    key = f"budget limits {st.session_state.setdefault(EDITED, 0)}"
    changed = st.data_editor(
        table, key=key, hide_index=True, placeholder="–", column_config=_columns(found), height=layout.table_height(len(table)),
        disabled=[name for name in table.columns if name not in ("lock", "least", "most")],
        column_order=[name for name in table.columns if name != "motion"],
    )  # fmt: skip
    if not changed.equals(table):
        budget_state.keep_limits(tuple(_limit(row) for row in changed.to_dict("records")))
        st.session_state[EDITED] += 1
        st.rerun()
    with st.container(horizontal=True):
        layout.csv(table, _("Limits"))
        with st.popover(_("How is this computed?"), type="tertiary"):
            layout.text(_(budget_methods.SPLIT))


def _limit(row: dict) -> Limit:
    least, most = (None if pd.isna(row[end]) else float(row[end]) for end in ("least", "most"))
    return Limit(row["name"], bool(row["lock"]), least, most)


def _columns(found: Budget) -> dict:
    number, money = st.column_config.NumberColumn, f"{symbol(found.currency)}%,d"
    return {
        "name": _("channel or programme"),
        "now": number(_("today"), format=money),
        "best": number(_("best split"), format=money),
        "lock": st.column_config.CheckboxColumn(_("lock"), help=_("Stays at today's spend.")),
        "least": number(_("min"), min_value=0.0, format=money),
        "most": number(_("max"), min_value=0.0, format=money),
        "marginal_roi": st.column_config.TextColumn(
            _("marginal ROI today (80 %)"), help=_("What the next unit of money earns beyond itself.")
        ),
    }


def _goal(found: Budget) -> None:
    labels = {AS_TODAY: _("As much as today"), TOTAL: _("Another total"), TARGET: _("As much as earns …")}
    goal = session.choice(budget_state.GOAL, tuple(labels), AS_TODAY)
    st.session_state["budget goal"] = goal
    st.selectbox(
        _("How much to split"), list(labels), format_func=labels.__getitem__, key="budget goal", width=220,
        on_change=_set_goal, args=(found,),
    )  # fmt: skip
    if goal == AS_TODAY:
        return
    scale = 100.0 if goal == TARGET else 1.0
    amount = found.wish.target_marginal_roi if goal == TARGET else found.wish.total
    st.session_state["budget amount"] = round(scale * (amount or 0.0), 2)
    st.number_input(
        _("Marginal ROI of at least, in %") if goal == TARGET else _("Total a month"),
        min_value=0.0, step=5.0 if goal == TARGET else 100.0, format="%.6g", key="budget amount", width=220,
        on_change=lambda: session.choose(budget_state.AMOUNT, f"{st.session_state['budget amount'] / scale:g}"),
    )  # fmt: skip


def _set_goal(found: Budget) -> None:
    goal = st.session_state["budget goal"]
    amounts = {AS_TODAY: "", TOTAL: f"{sum(found.current.values()):.0f}", TARGET: "0"}
    session.choose(budget_state.GOAL, "" if goal == AS_TODAY else goal)
    session.choose(budget_state.AMOUNT, amounts[goal])


def _risk(found: Budget) -> None:
    labels = {CAUTIOUS: _("Cautious"), EXPECTED: _("Expected")}
    st.session_state["budget risk"] = found.wish.risk
    st.segmented_control(
        _("How boldly"), list(labels), format_func=labels.__getitem__, key="budget risk", required=True,
        on_change=lambda: session.choose(
            budget_state.RISK,
            "" if st.session_state["budget risk"] == Wish().risk else st.session_state["budget risk"],
        ),
        help=_(
            "Expected: best for the mean of what may be true. Cautious: towards it only as far as the chance to lose by "
            "it stays at most 5 %, and no line that may earn its cost below half of today."
        ),
    )  # fmt: skip
