"""The panel of the budget page: sliders beside THE chart, and what the split in hand brings; only it is drawn again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.decisions import budget_moves, wording
from analytics.language import gettext as _
from analytics.language import marked
from analytics.reporting import budget_charts, budget_tables
from pages.shared import (
    budget_detail,
    budget_methods,
    budget_picture,
    budget_scenarios,
    budget_state,
    layout,
    session,
)
from pages.shared.plain import escape, spoken

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from analytics.decisions.budget import Budget
    from analytics.decisions.budget_model import Line

STYLE = Path(__file__).with_name("budget.css")
SHOWN = "budget shown"
ECHO_DRAWS = 2
LINE_IN_HAND = "budget line in hand"
LABEL = marked("{name} a month; today {now}, best split {best}")
STEPS = 150  # about so many on a slider


def panel(found: Budget) -> None:
    """The panel with its style."""
    st.html(STYLE)
    _moving(found)


@st.fragment
def _moving(found: Budget) -> None:
    """Everything that a slider moves."""
    draw(found)
    session.mirror()


def draw(found: Budget) -> None:
    """Sliders, chart, figures, curve, cash and scenarios for the split in hand."""
    simulation = found.simulation
    assert simulation is not None
    st.session_state.setdefault(SHOWN, {"draws": 0})["draws"] += 1
    spend = budget_state.in_hand(found)
    effects = simulation.of(spend)
    above = st.container(key="budget-panel")
    with st.container():  # sent before the charts, which keep the browser busy for a while
        budget_detail.figures(found, effects)
    with above:
        left, right = st.columns([1, 1], gap="medium")
        with left:
            _buttons(found, spend)
            _master(found, spend)
            _lines(found, spend)
        with right:
            budget_picture.chart(
                budget_charts.frontier_chart(found, effects, simulation.observed_shares),
                lambda: budget_tables.frontier_table(found),
                _("Equity by share on existing customers"),
                _(budget_methods.FRONTIER),
            )
    budget_detail.curve_and_cash(found, effects, _line_in_hand(found))
    budget_scenarios.scenarios(found, effects)


def _buttons(found: Budget, spend: dict[str, float]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("Today"), on_click=budget_state.take, args=(found.current,), key="budget today")
        st.button(_("Best split"), on_click=budget_state.take_best, key="budget best", icon=":material/star:")
        st.session_state["budget free"] = budget_state.is_free()
        st.checkbox(
            _("Free total"),
            key="budget free",
            on_change=lambda: session.choose(
                budget_state.FREE, "1" if st.session_state["budget free"] else ""
            ),
            help=_("A slider then moves alone. Otherwise the others give or take, so that the total stays."),
        )
    total = wording.money(sum(spend.values()), found.currency)
    layout.quiet(_("{total} a month. ▏today, ◇ best split").format(total=total))


def _master(found: Budget, spend: dict[str, float]) -> None:
    """The share for existing customers, in percent: the lines of each side move in proportion."""
    model = found.model
    assert model is not None
    ends = budget_moves.share_limits(model, spend, budget_state.locked(found))
    low, high = math.ceil(100 * ends[0]), math.floor(100 * ends[1])
    if not (model.programmes and model.channels and low < high):
        return
    key = "budget share"
    _show(key, min(max(round(100 * model.share(spend), 1), low), high))
    now, best = (wording.number(100 * model.share(spent)) for spent in (model.current, found.recommended))
    with _named(_("Acquisition ◀ ▶ existing customers, in %"), now, best):
        st.slider(
            _("Share for existing customers in %; today {now}, best split {best}").format(now=now, best=best),
            float(low), float(high), step=1.0, key=key, format="%.1f", on_change=_set_share, args=(found,),
            label_visibility="collapsed",
        )  # fmt: skip


def _named(name: str, now: str, best: str) -> DeltaGenerator:
    """Where a slider stands, under what is read above it; its own label, hidden, says the same in words to be spoken."""
    place = st.container(gap=None)
    marks = f"▏{escape(now)} ◇ {escape(best)}"
    place.html(f'<div class="ff-slider" aria-hidden="true"><b>{escape(name)}</b> {marks}</div>')
    return place


def _lines(found: Budget, spend: dict[str, float]) -> None:
    assert found.model is not None
    columns = st.columns(2, gap="small")
    half = math.ceil(len(found.model.lines) / 2)
    for place, line in enumerate(found.model.lines):
        with columns[place // half]:
            _slider(found, line, spend[line.name])


def _slider(found: Budget, line: Line, money: float) -> None:
    largest = budget_moves.most(line)
    if not largest > 0:
        return
    step = _step(largest)
    whole = step >= 1
    highest = math.ceil(largest / step) * step
    key = f"budget line {line.name}"
    _show(key, min(round(money, 2), highest))
    now, best = (_money(found, money, whole) for money in (line.now, found.recommended[line.name]))
    with _named(line.name, now, best):
        st.slider(
            spoken(_(LABEL).format(name=line.name, now=now, best=best)), 0.0, highest, step=step, key=key,
            format="%,.0f" if whole else "%.2f", on_change=_set_line, args=(found, line.name, step),
            disabled=line.name in budget_state.locked(found), label_visibility="collapsed",
        )  # fmt: skip


def _money(found: Budget, amount: float, whole: bool) -> str:
    return f"{wording.symbol(found.currency)}{wording.number(amount, 0 if whole else 2)}"


def _step(largest: float) -> float:
    """1, 2 or 5 times a power of ten; cents where the amounts are small."""
    rough = largest / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough)
    return max(round(step, 2), 0.01)


def _show(key: str, value: float) -> None:
    """Set a slider, and remember what it stood at before."""
    shown = st.session_state.setdefault(SHOWN, {"draws": 0})
    before = st.session_state.get(key)
    if before is not None and before != value:
        shown[key] = before, shown["draws"]
    st.session_state[key] = float(value)


def _is_echo(key: str, step: float) -> bool:
    """Whether a slider was not moved, but only stands where an earlier run had set it.

    While one slider is moved fast, the browser still sends what the others showed before, which looks like a move. Nobody
    can drop a slider between two steps; and a place that it has just been moved away from is not believed at once.
    """
    value, shown = st.session_state[key], st.session_state[SHOWN]
    before, draw = shown.get(key, (None, 0))
    return abs(value / step - round(value / step)) > 1e-6 or (
        value == before and shown["draws"] - draw < ECHO_DRAWS
    )


def _set_line(found: Budget, name: str, step: float) -> None:
    assert found.model is not None
    amount = float(st.session_state[f"budget line {name}"])
    if _is_echo(f"budget line {name}", step):
        return
    st.session_state[LINE_IN_HAND] = name
    budget_state.take(
        budget_moves.moved(
            found.model,
            budget_state.in_hand(found),
            name,
            amount,
            budget_state.locked(found),
            budget_state.is_free(),
        )
    )


def _set_share(found: Budget) -> None:
    assert found.model is not None
    if _is_echo("budget share", 1.0):
        return
    share = st.session_state["budget share"] / 100
    budget_state.take(
        budget_moves.with_share(found.model, budget_state.in_hand(found), share, budget_state.locked(found))
    )


def _line_in_hand(found: Budget) -> Line:
    """The line that was moved last; at first the one that the advice gives most to."""
    assert found.model is not None
    change = {line.name: found.recommended[line.name] - line.now for line in found.model.lines}
    name = st.session_state.get(LINE_IN_HAND)
    name = name if name in change else max(change, key=change.__getitem__)
    return next(line for line in found.model.lines if line.name == name)
