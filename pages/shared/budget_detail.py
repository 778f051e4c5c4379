"""Below the budget's sliders: the figures of the split in hand, the curve of the line moved last, and the cash."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import budget_moves, budget_sentences, wording
from analytics.language import gettext as _
from analytics.reporting import budget_charts, budget_tables
from pages.shared import budget_methods, budget_picture, layout
from pages.shared.plain import escape

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.budget_effects import Effect, Effects
    from analytics.decisions.budget_model import Line

Write = Callable[[float], str]


def figures(found: Budget, effects: Effects) -> None:
    """Today → plan, with 80 % bands."""

    def money(amount: float) -> str:
        return wording.money(amount, found.currency)

    horizon = wording.months(found.assumptions.horizon_months)
    total = sum(found.current.values())
    spend = _("{now} → {then}").format(now=money(total), then=money(effects.total))
    cards = [
        _card(_("Spend a month"), spend, _("{share} on existing customers").format(share=wording.percent(effects.share))),
        _effect(_("New customers a month (paid channels)"), effects.customers, _count),
        _effect(_("Margin of a month's new customers"), effects.of_new, money),
        _effect(_("Reorders and referrals that programmes cause, a month"), effects.of_programmes, money),
        _effect(_("Equity over {horizon}, less the spend").format(horizon=horizon), effects.equity, money),
    ]  # fmt: skip
    st.html(f'<div class="ff-figures ff-budget">{"".join(cards)}</div>')
    with st.popover(_("How are these computed?"), type="tertiary"):
        layout.text(_(budget_methods.FIGURES))


def _count(customers: float) -> str:
    return wording.number(customers, 1)


def _effect(label: str, effect: Effect, write: Write) -> str:
    values = _("{now} → {then}").format(now=write(effect.now.value), then=write(effect.then.value))
    sign = "+" if effect.change.value > 0 else ""
    change = _("{sign}{change} against today").format(
        sign=sign, change=wording.with_range(effect.change, write)
    )
    return _card(label, values, change)


def _card(label: str, value: str, change: str) -> str:
    return (
        f'<div class="ff-figure"><div class="ff-label">{escape(label)}</div>'
        f'<div class="ff-value">{escape(value)}</div><div class="ff-change">{escape(change)}</div></div>'
    )


def curve_and_cash(found: Budget, effects: Effects, line: Line) -> None:
    """Response curve of one line; cash by month, and value and cash so far. Only what is looked at is drawn: a chart that
    moves costs the browser more than all else of a move.
    """
    assert found.simulation is not None
    points = found.simulation.curve(line, budget_moves.most(line))
    curve, cash = st.tabs(
        [_("Response curve"), _("Cash by month, and value")], key="budget tabs", on_change="rerun"
    )
    if curve.open:
        with curve:
            here, best = effects.spend[line.name], found.recommended[line.name]
            budget_picture.chart(
                budget_charts.curve_chart(found, line, points, here, best),
                lambda: budget_tables.curve_table(points),
                _("Response curve"),
                _(budget_methods.CURVE),
            )
    if cash.open:
        with cash:
            budget_picture.chart(
                budget_charts.cash_chart(effects.cash, found.currency),
                lambda: budget_tables.cash_table(effects.cash),
                _("Cash and value"),
                _(budget_methods.CASH),
            )
    layout.quiet(budget_sentences.cash(effects, found.currency))
