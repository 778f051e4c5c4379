"""Tables of the scorecard: its figures, their quarters, and the people whose customers stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import scorecard_sentences, wording
from analytics.decisions.scorecard_people import ABOVE, MEASURES, RATES, RECOGNISED
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.columns import described, holds

if TYPE_CHECKING:
    from analytics.decisions.scorecard import Line, Scorecard
    from analytics.decisions.scorecard_people import People

MEASURE_LABELS = Texts(
    {
        "repeat": marked("come back"),
        "kept": marked("revenue kept"),
        "referrals": marked("referrals"),
        "margin": marked("margin"),
    }
)
RECOGNISED_FOR = Texts(
    {"repeat": marked("coming back"), "kept": marked("staying"), "referrals": marked("referring")}
)


def shown_table(found: Scorecard) -> pd.DataFrame:
    """One row per figure as it is read, with the known values of the last eight quarters for a small line."""
    rows = [
        (
            line.definition.label,
            scorecard_sentences.with_range(line.value, line.definition.unit),
            _written(line, line.before.value),
            _written(line, line.year_before.value),
            _written(line, line.goal) if wording.known(line.goal) else "",
            scorecard_sentences.STATUS[line.status],
            [past.value for _day, past in line.history if past.known],
        )
        for line in found.lines
    ]
    return pd.DataFrame(
        rows,
        columns=[_("figure"), _("value (80 % range)"), _("quarter before"), _("year before"), _("goal"),
                 _("reached"), _("last eight quarters")],
    )  # fmt: skip


@holds(unit="unit")
def figure_table(found: Scorecard) -> pd.DataFrame:
    """The figures as numbers: shares as shares, days as days."""
    rows = [
        (
            line.definition.label, line.value.value, line.value.low, line.value.high, line.before.value,
            line.year_before.value, line.goal, scorecard_sentences.STATUS[line.status], line.definition.unit,
            line.definition.formula,
        )
        for line in found.lines
    ]  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=[_("figure"), _("value"), _("from (80 %)"), _("to (80 %)"), _("quarter before"), _("year before"),
                 _("goal"), _("reached"), _("unit"), _("how it is computed")],
    )  # fmt: skip


def history_table(line: Line) -> pd.DataFrame:
    """One row per quarter of one figure."""
    rows = [(wording.quarter(day), past.value, past.low, past.high) for day, past in line.history]
    headers = (line.definition.label, _("from (80 %)"), _("to (80 %)"))
    table = pd.DataFrame(rows, columns=[_("quarter"), *headers])
    return described(table, shares=headers) if line.definition.unit == "share" else table


@holds(money=("margin",), shares=("come back", "revenue kept"), personal=("person",))
def people_table(people: People, named: bool = True) -> pd.DataFrame:
    """One row per person, by name: what their customers did, and that against what their segments lead one to expect.

    named: False leaves out the column that says who it is.
    """
    found = pd.DataFrame(
        {_("person"): people.of("repeat")["rep_id"], _("customers"): people.of("repeat")["customers"]}
    )
    for measure in MEASURES:
        rows, digits = people.of(measure), 3 if measure in RATES else 1
        found[MEASURE_LABELS[measure]] = rows["value"].round(digits).to_numpy()
        found[expected_of(measure)] = rows["expected"].round(digits).to_numpy()
    expected = {measure: expected_of(measure) for measure in MEASURES}
    described(found, money=(expected["margin"],), shares=tuple(expected[measure] for measure in RATES))
    found[_("recognised for")] = [_recognised(people, rep_id) for rep_id in found[_("person")]]
    return found if named else found.drop(columns=_("person"))


@holds(personal=("person",))
def people_numbers(people: People, named: bool = True) -> pd.DataFrame:
    """One row per person and measure, as numbers; named as in people_table."""
    rows = people.rows
    found = pd.DataFrame(
        {
            _("person"): rows["rep_id"],
            _("measure"): rows["measure"].map(MEASURE_LABELS),
            _("customers"): rows["customers"],
            _("value"): rows["value"],
            _("expected of the same segments"): rows["expected"],
            _("against expected"): rows["ratio"],
            _("from (80 %)"): rows["low"],
            _("to (80 %)"): rows["high"],
        }
    )
    return found if named else found.drop(columns=_("person"))


def expected_of(measure: str) -> str:
    """Header of what a person's customers were expected to do."""
    return _("{measure}, expected").format(measure=MEASURE_LABELS[measure])


def value_of(measure: str, value: float, currency: str | None) -> str:
    """What a person's customers did, as it is read."""
    if measure in RATES:
        return wording.percent(value)
    return wording.money(value, currency) if measure == "margin" else wording.number(value)


def _recognised(people: People, rep_id: str) -> str:
    """What somebody is recognised for; "cannot tell" where nothing is settled either way."""
    mine = people.rows[(people.rows["rep_id"] == rep_id) & people.rows["measure"].isin(RECOGNISED)]
    above = [RECOGNISED_FOR[name] for name in mine.loc[mine["verdict"] == ABOVE, "measure"]]
    if above:
        return wording.listed(above)
    return _("cannot tell") if (mine["verdict"] == "cannot tell").all() else ""


def _written(line: Line, value: float) -> str:
    return scorecard_sentences.written(value, line.definition.unit, 1)
