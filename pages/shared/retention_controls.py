"""The controls of the retention page: definition, measure, the month that is followed, and what quarters are held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from analytics.language import gettext as _
from analytics.models.retention import DEFINITIONS, IN_MONTH, MEASURES
from pages.shared import session

AGES = tuple(str(n) for n in range(1, 13))
DISTANCES = ("1", "4")
NAMES = {part: f"retention-{part}" for part in ("definition", "measure", "age", "against")}


@dataclass(frozen=True)
class RetentionChoice:
    """definition, measure: of the cohort table. months: the age that is followed. quarters_before: 1 or 4."""

    definition: str = IN_MONTH
    measure: str = "customers"
    months: int = 3
    quarters_before: int = 1


def chosen() -> RetentionChoice:
    """What the visitor asks for."""
    return RetentionChoice(
        session.choice(NAMES["definition"], DEFINITIONS, IN_MONTH),
        session.choice(NAMES["measure"], MEASURES, "customers"),
        int(session.choice(NAMES["age"], AGES, "3")),
        int(session.choice(NAMES["against"], DISTANCES, "1")),
    )


def show_cohorts(choice: RetentionChoice, has_margin: bool) -> None:
    """Definition and measure, above the cohort table."""
    left, right = st.columns([1.5, 1])
    with left:
        _select(_("Who counts as staying"), "definition", DEFINITIONS, choice.definition, definition_label)
    with right:
        measures = MEASURES if has_margin else MEASURES[:2]
        _select(_("Counted in"), "measure", measures, choice.measure, _measure_label)


def show_age(choice: RetentionChoice) -> None:
    """Which month is followed over time."""
    _select(_("Follow month"), "age", AGES, str(choice.months), str)


def show_distance(choice: RetentionChoice) -> None:
    """Which quarter a quarter is held against."""
    _select(_("Held against"), "against", DISTANCES, str(choice.quarters_before), _distance_label)


def definition_label(name: str) -> str:
    """The definition's name as it is read."""
    return _("Active in month n") if name == IN_MONTH else _("Active in month n or later")


def title(choice: RetentionChoice) -> str:
    """The cohort table's title."""
    what = {"customers": _("customers"), "revenue": _("revenue"), "margin": _("margin")}[choice.measure]
    return _("{definition}, in % of the cohort's {what}, by month of the first order").format(
        definition=definition_label(choice.definition), what=what
    )


def _measure_label(name: str) -> str:
    return {"customers": _("customers"), "revenue": _("revenue"), "margin": _("margin")}[name]


def _distance_label(name: str) -> str:
    return _("the quarter before") if name == "1" else _("the same quarter a year before")


def _select(label: str, part: str, options: Sequence[str], value: str, written: Callable[[str], str]) -> None:
    key = NAMES[part]
    st.session_state[key] = value if value in options else options[0]
    st.selectbox(
        label,
        options,
        key=key,
        format_func=written,
        on_change=lambda: session.choose(key, st.session_state[key]),
    )
