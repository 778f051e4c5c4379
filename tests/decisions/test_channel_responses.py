"""Months of spend and customers by hand, and what the curves of the sample company make of them."""

import json
from datetime import date

import numpy as np
import pytest

from analytics.decisions.channel_responses import (
    DRAWS,
    ChannelResponse,
    ChannelResponses,
    read_months,
    read_responses,
)
from analytics.decisions.response import season_index
from analytics.decisions.response_curve import Curve
from analytics.decisions.window import Window
from analytics.warehouse.store import Workspace
from tests.decisions.small_company import SmallCompany

MONTHS = 10
WINDOW = Window(date(2025, 1, 1), date(2025, 10, 31))
SPENT = (100, 200, 300, 400, 100, 200, 300, 400, 100, 200)
WON = (2, 3, 4, 4, 2, 3, 4, 4, 2, 3)
FREE = (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)


def firsts(channel, counts, source="new"):
    """So many first orders in each month."""
    return [
        (f"{channel}{source}{month}-{number}", f"2025-{month:02d}-15", 50, 20, source, channel)
        for month, count in enumerate(counts, 1)
        for number in range(count)
    ]


def spent(channel, amounts=SPENT, motion="acquisition"):
    return [(f"2025-{month:02d}-01", channel, motion, amount) for month, amount in enumerate(amounts, 1)]


def company(orders=None, spend=None) -> SmallCompany:
    usual = [
        *firsts("search", WON),
        *firsts("organic", FREE),
        *firsts("search", (3,) * MONTHS, source="referral"),
        ("search1-0", "2025-05-05", 50, 20, "reorder", None),
    ]
    return SmallCompany(orders or usual, spend or [*spent("search"), *spent("club", motion="retention")])


def test_months_by_hand():
    """Referred first orders and reorders are not the channel's."""
    rows = read_months(company(), WINDOW)
    assert rows is not None
    sums = rows.groupby(["key", "month"])[["spend", "customers"]].sum()
    assert tuple(sums.loc["search", "spend"]) == tuple(sums.loc["club", "spend"]) == SPENT
    assert tuple(sums.loc["search", "customers"]) == WON
    assert tuple(sums.loc["organic", "customers"]) == FREE
    assert (sums.loc["organic", "spend"] == 0).all()
    assert (sums.loc["club", "customers"] == 0).all()
    assert set(rows.loc[rows["spend"] > 0, "key"] + " " + rows.loc[rows["spend"] > 0, "motion"]) == {
        "search acquisition", "club retention"
    }  # fmt: skip


def test_channels_are_those_with_acquisition_spend_that_won_anybody():
    spend = [
        *spent("search"),
        *spent("radio"),
        *spent("club", motion="retention"),
        *spent("agency", motion=None),
    ]
    found = read_responses(company(spend=spend), WINDOW)
    assert list(found.channels) == ["search"]
    search = found.channels["search"]
    assert tuple(search.spend) == SPENT
    assert tuple(search.customers) == WON
    assert len(found.months) == MONTHS


def test_names_spelled_differently_meet():
    """As the spend spells them, from month to month and within one; no customer is counted twice."""
    spend = spent(" Search", SPENT[:5] + (0,) * 5) + spent("search", (0,) * 5 + SPENT[5:])
    orders = [*firsts("SEARCH", WON[:4]), *firsts("search ", (0,) * 4 + WON[4:]), *firsts("organic", FREE)]
    found = read_responses(company(orders, spend), WINDOW).channels
    assert len(found) == 1
    (search,) = found.values()
    assert search.name.strip().lower() == "search"
    assert tuple(search.spend) == SPENT
    assert tuple(search.customers) == WON


def test_a_name_with_spend_of_both_motions_counts_its_customers_once():
    """An email channel wins customers, and an email programme keeps them."""
    spend = [
        *spent("search"),
        *spent("search", (50,) * MONTHS, "retention"),
        *spent("search", (9,) * MONTHS, None),
    ]
    search = read_responses(company(spend=spend), WINDOW).channels["search"]
    assert tuple(search.spend) == SPENT
    assert tuple(search.customers) == WON


def test_months_with_no_customer_and_months_with_no_spend_are_nothing():
    spend = [row for row in spent("search") if row[0] != "2025-04-01"]
    orders = firsts("search", (*WON[:6], 0, *WON[7:])) + firsts("organic", FREE)
    search = read_responses(company(orders, spend), WINDOW).channels["search"]
    assert tuple(search.spend) == (*SPENT[:3], 0, *SPENT[4:])
    assert tuple(search.customers) == (*WON[:6], 0, *WON[7:])


def test_the_season_is_that_of_customers_who_came_without_spend():
    """Half of what the channel wins comes anyway and grows as organic customers do."""
    found = read_responses(company(), WINDOW).channels["search"].response
    season = season_index(np.array(FREE))
    assert season[-1] > 1.5 * season[0]
    assert found.posterior.months.season == pytest.approx(season / season.mean())
    alone = company([*firsts("search", WON)])
    flat = read_responses(alone, WINDOW).channels["search"].response.posterior.months.season
    assert flat == pytest.approx(np.ones(MONTHS))


@pytest.mark.parametrize(("last_day", "channels"), [(date(2025, 7, 31), 0), (date(2025, 8, 31), 1)])
def test_fewer_than_eight_months_tell_nothing(last_day, channels):
    found = read_responses(company(), Window(date(2025, 1, 1), last_day))
    assert len(found.channels) == channels
    assert len(found.caused_share) == channels * DRAWS


def test_what_spend_caused_is_what_did_not_come_anyway():
    """31 customers of ten months less the base of each; never more than came, never less than none."""
    search = read_responses(company(), WINDOW).channels["search"]
    assert search.caused == pytest.approx(np.maximum(sum(WON) - MONTHS * search.curve.base, 0))
    assert search.caused_share.min() >= 0
    assert search.caused_share.max() <= 1
    assert search.caused_share.mean() == pytest.approx(np.mean(search.caused) / sum(WON), rel=0.02)


def channel(name, ceiling, spend, customers, caused) -> ChannelResponse:
    curve = Curve(0.0, np.full(2, ceiling), np.full(2, 0.001))
    return ChannelResponse(name, None, np.array(spend), np.array(customers), curve, np.array(caused))


def test_shares_of_all_channels_by_hand():
    """Of 30 and 10 customers, 15 and 10 (or 30 and 0) were caused; 1 % of 3,000 and 1,000 more wins, for each unit,
    (3000 × 0.1 e⁻³ + 1000 × 0.02 e⁻¹) / 4000.
    """
    found = ChannelResponses(
        None,
        {
            "search": channel("search", 100.0, [2_000.0, 4_000.0], [10, 20], [15.0, 30.0]),
            "radio": channel("radio", 20.0, [1_000.0, 1_000.0], [5, 5], [10.0, 0.0]),
        },
    )
    assert found.caused_share == pytest.approx([25 / 40, 30 / 40])
    by_hand = (3_000 * 0.1 * np.exp(-3) + 1_000 * 0.02 * np.exp(-1)) / 4_000
    assert found.marginal_share == pytest.approx([by_hand, by_hand])


def test_nothing_fitted_has_no_share():
    assert len(ChannelResponses(None).caused_share) == 0


# --- the sample company, whose truth is known


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as opened:
        opened.load_sample()
        return read_responses(opened, Window(date(2024, 10, 1), date(2026, 9, 30)))


@pytest.fixture(scope="module")
def truth(repository):
    return json.loads((repository / "data/sample/truth.json").read_text(encoding="utf-8"))["channels"]


def test_every_paid_channel_of_the_sample_has_a_curve(found, truth):
    assert set(found.channels) == set(truth)
    assert len(found.months) == 24
    for name, one in found.channels.items():
        assert one.spend.sum() == pytest.approx(truth[name]["spend"])


@pytest.mark.parametrize("name", ["paid_search", "social_ads", "affiliates", "display"])
def test_the_true_number_of_customers_caused_is_in_the_interval_or_near(found, truth, name):
    low, high = np.quantile(found.channels[name].caused, [0.1, 0.9])
    true = truth[name]["customers_caused"]
    assert low - 0.15 * true <= true <= high + 0.15 * true


def test_all_channels_of_the_sample_together(found, truth):
    """The true share, and that the next unit of spend wins fewer than the average one, but some."""
    customers = sum(one.customers.sum() for one in found.channels.values())
    low, high = np.quantile(found.caused_share, [0.1, 0.9])
    assert low <= sum(one["customers_caused"] for one in truth.values()) / customers <= high
    average = found.caused_share * customers / sum(one.spend.sum() for one in found.channels.values())
    assert (found.marginal_share > 0).all()
    assert np.mean(found.marginal_share < average) > 0.95
    assert found.marginal_share.mean() < average.mean()
