"""The controls of the attribution page: model, order, look-back, what is credited, and which orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from analytics.decisions import channel_credit
from analytics.decisions.channel_credit import MODELS, ChannelCredit, CreditChoice
from analytics.decisions.credit_sentences import MODEL_LABELS
from analytics.decisions.journeys import AMOUNTS, FIRST, LOOK_BACK_DAYS, MOTIONS, REORDER, read_journeys
from analytics.language import gettext as _
from pages.shared import session

ORDERS = ("1", "2", "3")
LOOK_BACKS = ("7", "14", "30", "60", "90", "180", "365")
NAMES = {part: f"attribution-{part}" for part in ("model", "order", "days", "credit", "orders")}


def chosen() -> CreditChoice:
    """What the visitor asks for."""
    leads_to = session.choice(NAMES["orders"], tuple(MOTIONS), FIRST)
    credited = session.choice(NAMES["credit"], AMOUNTS, "conversions")
    return CreditChoice(
        model=session.choice(NAMES["model"], MODELS, "markov"),
        order=int(session.choice(NAMES["order"], ORDERS, "1")),
        credited="margin" if (leads_to, credited) == (REORDER, "value") else credited,
        look_back_days=int(session.choice(NAMES["days"], LOOK_BACKS, str(LOOK_BACK_DAYS))),
        leads_to=leads_to,
    )


def answer(choice: CreditChoice) -> ChannelCredit:
    """The credit; journeys are read once for all models."""
    return session.answer(_credit, choice)


def _credit(_workspace, _filters, _assumptions, choice: CreditChoice) -> ChannelCredit:
    book = session.answer(read_journeys, choice.look_back_days, choice.leads_to)
    return channel_credit.credit_of(book, choice)


def show(choice: CreditChoice, only_record: bool) -> None:
    """The row of controls; those of models rest where there is only the record to go by."""
    by_model, by_order, by_days, by_credit, by_orders = st.columns([1.3, 0.8, 0.9, 1.4, 1.0])
    amounts = [name for name in AMOUNTS if choice.leads_to == FIRST or name != "value"]
    with by_model:
        _select(_("Model"), "model", MODELS, choice.model, MODEL_LABELS.__getitem__, disabled=only_record)
    with by_order:
        _select(
            _("Order (Markov)"), "order", ORDERS, str(choice.order), str, disabled=only_record or choice.model != "markov",
            help=_("How many contacts before the last one matter for what comes next."),
        )  # fmt: skip
    with by_days:
        _select(
            _("Look-back"), "days", LOOK_BACKS, str(choice.look_back_days), _days_label, disabled=only_record
        )
    with by_credit:
        _select(_("Share out"), "credit", amounts, choice.credited, _amount_label)
    with by_orders:
        _select(_("Journeys to"), "orders", tuple(MOTIONS), choice.leads_to, _orders_label)


def _select(
    label: str, part: str, options: Sequence[str], value: str, written: Callable[[str], str], **more
) -> None:
    key = NAMES[part]
    st.session_state[key] = value
    st.selectbox(
        label, options, key=key, format_func=written,
        on_change=lambda: session.choose(key, st.session_state[key]), **more,
    )  # fmt: skip


def _amount_label(name: str) -> str:
    return {
        "conversions": _("orders"),
        "revenue": _("revenue"),
        "margin": _("margin"),
        "value": _("first-year margin"),
    }[name]


def _orders_label(name: str) -> str:
    return _("first orders") if name == FIRST else _("reorders")


def _days_label(days: str) -> str:
    return _("{days} days").format(days=days)
