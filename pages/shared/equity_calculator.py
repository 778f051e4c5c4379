"""The customer equity test for companies with no history: eight numbers in, the best two spends out."""

from __future__ import annotations

import streamlit as st

from analytics.decisions import wording
from analytics.decisions.equity import EquityTest, customer_equity_test
from analytics.language import gettext as _
from analytics.language import marked
from pages.shared import layout, session

METHOD = marked(
    "Blattberg, Deighton 1996. Share of prospects won = ceiling × (1 − e^(−k × spend per prospect)), share of customers kept "
    "likewise, both through today's points. Value of a customer V = m + (m r − R) / (1 + d − r), endless horizon; equity per "
    "prospect = share won × V − spend. At the best spends one more customer costs V, on either side."
)


def calculator(expanded: bool) -> None:
    """Draws it; the numbers start at the published example."""
    with st.expander(
        _("No history yet? The customer equity test, from eight numbers"),
        expanded=expanded,
        key="equity test",
    ):
        try:
            _answer(customer_equity_test(*_numbers()))
        except ValueError as problem:
            layout.problem(str(problem))
        layout.quiet(_(METHOD))


def _numbers() -> tuple[float, ...]:
    first, second, third = st.columns(3, gap="large")
    with first:
        won = (
            _number(_("Spend on winning, per prospect and year"), 1.0),
            _percent(_("Prospects won, in %"), 4.0),
        )
        most_won = _percent(_("At most, whatever is spent, in %"), 10.0, "most won")
    with second:
        kept = (
            _number(_("Spend on keeping, per customer and year"), 8.0),
            _percent(_("Customers kept, in %"), 60.0),
        )
        most_kept = _percent(_("At most, whatever is spent, in %"), 80.0, "most kept")
    with third:
        margin = _number(_("Margin per customer and year"), 50.0)
        rate = _percent(_("Discount rate, in % a year"), 10.0)
    return (*won, most_won, *kept, most_kept, margin, rate)


def _number(label: str, start: float) -> float:
    return st.number_input(label, min_value=0.0, value=start, key=f"equity {label}")


def _percent(label: str, start: float, key: str = "") -> float:
    name = f"equity {key or label}"
    return st.number_input(label, min_value=0.0, max_value=100.0, value=start, key=name) / 100


def _answer(found: EquityTest) -> None:
    best, currency = found.optimum, session.workspace().currency
    money = wording.money_in_full
    layout.text(
        _(
            "Today a prospect is worth {equity}. With {won} on winning and {kept} on keeping it would be {best}: "
            "a customer is then worth {value}."
        ).format(
            equity=money(found.equity, currency),
            won=money(best.acquisition_spend, currency),
            kept=money(best.retention_spend, currency),
            best=money(best.equity, currency),
            value=money(best.customer_value, currency),
        )
    )
