"""The headline of the funnels: other words for every other outcome; and two quarters held against each other."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.decisions import funnel_sentences
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.funnel_difference import (
    DIFFERENCE_COLUMNS,
    QUARTERS,
    SEGMENTS,
    FunnelDifference,
    difference_choices,
    funnel_difference,
)
from analytics.decisions.funnels import funnels
from analytics.decisions.interval import Interval
from analytics.warehouse.filters import Filters
from tests.decisions.funnel_company import FIRST_QUARTER, opened


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("nine")) as found:
        yield found


@pytest.fixture(scope="module")
def found(workspace):
    return funnels(workspace, FIRST_QUARTER)


def without_spend(found, *funnel_names):
    """As if nothing had been spent on these funnels."""
    lines = found.costs.lines[~found.costs.lines["funnel"].isin(funnel_names)]
    return replace(found, costs=replace(found.costs, lines=lines))


def test_the_usual_headline(found):
    """1 satisfied on 512, 2 thanked and 1 brought on 90."""
    assert replace(found, verdict="retention").sentence == (
        "Out of every 1,000 spent, the classic funnel ends with 2.0 satisfied customers; "
        "the flipped one starts with 22 thanked ones and brings 11 new ones back."
    )


def test_where_the_flipped_one_is_worse(found):
    margins = {"aidas": Interval(614.4, 1, 2), "flipped": Interval(36, 1, 2)}
    assert replace(found, verdict="acquisition", margins=margins, currency="EUR").sentence == (
        "Here the classic funnel is the better one: out of every 1,000 spent it ends with 2.0 satisfied customers and "
        "causes €1,200 of margin; the flipped one starts with 22 thanked ones, brings 11 new ones back and causes €400."
    )


def test_where_the_spend_is_not_known(found):
    costs = replace(found.costs, known=())
    assert replace(found, costs=costs).sentence == (
        "8 people came to know the company, 4 bought for the first time and 1 of these were satisfied; of 5 customers "
        "2 were thanked and 1 were activated, who brought 1 new ones. What a unit of budget yields needs the spend."
    )


def test_where_nothing_was_spent(found):
    assert without_spend(found, "flipped").sentence.endswith(
        "; nothing was spent on the flipped one, and it brought 1 new customers."
    )
    assert without_spend(found, "aidas").sentence.startswith(
        "Nothing was spent on the classic funnel; the flipped one"
    )
    assert without_spend(found, "aidas", "flipped").sentence.startswith("Nothing was spent on either funnel")


def test_where_nobody_was_thanked(found):
    stages = found.stages.copy()
    stages.loc[stages["stage"] == "acknowledgement", "people"] = np.nan
    assert "starts with 11 ones in dialogue" in replace(found, stages=stages, verdict=None).sentence


def test_what_is_said_beside_the_numbers(found):
    notes = " ".join(found.notes)
    assert "Satisfied: a contact of that stage within 180 days of the first order." in notes
    assert "incentivization: customers with an incentive or a rewarded referral" in notes
    assert "marked ⁺, 5.00 of contacts that no line of spend contains" in notes
    assert "20.00 of spend belongs to no stage" in notes


def test_the_ranges_are_written(found):
    badges = funnel_sentences.badges(found)
    assert badges[0].startswith("Per 1,000, 80 % intervals: 2.0 (")
    assert badges[1] == "Margin caused, C: assumed"


@pytest.mark.parametrize(
    ("value", "text"), [(31.4, "31"), (4.04, "4.0"), (4, "4"), (0.346, "0.35"), (0, "0"), (9.96, "10")]
)
def test_how_a_yield_is_written(value, text):
    assert funnel_sentences.amount(value) == text


def steps(**shares):
    """stage=(first, second) shares with intervals of two points."""
    rows = []
    for stage, (first, second) in shares.items():
        row = {"funnel": "aidas", "stage": stage, "share_first": first, "share_second": second}
        for side, share in (("first", first), ("second", second)):
            row |= {f"low_{side}": share - 0.02, f"high_{side}": share + 0.02}
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(DIFFERENCE_COLUMNS))


def test_the_step_that_differs_most_is_named():
    found = FunnelDifference("home", "office", steps(action=(0.5, 0.6), satisfaction=(0.4, 0.2)))
    assert found.sentence == "home and office differ most at satisfaction: 40 % against 20 %."


def test_what_chance_explains_is_no_difference():
    found = FunnelDifference("home", "office", steps(action=(0.5, 0.51)))
    assert found.sentence == "Between home and office no step differs by more than chance explains."


def test_nothing_to_compare():
    assert FunnelDifference("home", "office").sentence == "Nothing can be compared between home and office."


def test_two_segments_and_two_quarters(workspace):
    choices = difference_choices(workspace)
    assert choices.quarters == ("2026q4", "2026q3", "2026q2", "2026q1")
    assert choices.segments == ("home", "office")
    assumptions = Assumptions.of(workspace.settings)
    made = funnel_difference(workspace, FIRST_QUARTER, assumptions, SEGMENTS, "home", "office")
    people = made.steps.set_index("stage")[["people_first", "people_second"]]
    assert list(people.loc["action"]) == [2, 2]
    assert list(people.loc["acknowledgement"]) == [1, 1]
    assert list(people.loc["dialogue"]) == [0, 1]
    made = funnel_difference(workspace, Filters(), assumptions, QUARTERS, "2026q1", "2026q2")
    assert (made.first, made.second) == ("2026 Q1", "2026 Q2")
    assert not len(made.steps)  # nobody ordered in the second quarter
