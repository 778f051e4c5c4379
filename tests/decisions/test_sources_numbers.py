"""Where revenue and cost come from, worked out by hand."""

import math
from datetime import date

import pytest

from analytics.decisions.case import case
from analytics.decisions.sources import rows_behind, sources
from analytics.warehouse.filters import Filters
from tests.decisions.small_company import SmallCompany
from tests.decisions.test_case_numbers import ORDERS, company

APRIL = ("gina", "2025-04-10", 40, 16, "new", "organic")


@pytest.fixture(scope="module")
def found():
    return sources(company())


def line(found, motion, channel):
    chosen = found.channels[found.channels["motion"] == motion]
    rows = chosen[chosen["channel"].isna() if channel is None else chosen["channel"] == channel]
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_sentence(found):
    assert found.sentence == "70 % of revenue came from reorders and referrals, on 26 % of the budget."
    assert found.revenue_share_of_existing == pytest.approx(540 / 770)
    assert found.budget_share_of_existing == pytest.approx(43 / 163)


def test_the_lines_add_up_to_all_revenue_and_all_spend(found):
    assert found.channels["revenue"].sum() == pytest.approx(770.0)
    assert found.channels["revenue_share"].sum() == pytest.approx(1.0)
    assert found.channels["spend"].sum() == pytest.approx(163.0)
    assert found.channels["orders"].sum() == 9
    assert found.channels["new_customers"].sum() == 4
    assert found.by_quarter["revenue"].sum() == pytest.approx(770.0)
    assert found.by_quarter["spend"].sum() == pytest.approx(163.0)


def test_an_acquisition_channel(found):
    search = line(found, "acquisition", "search")
    assert (search.spend, search.orders, search.revenue, search.margin) == (120.0, 2, 150.0, 60.0)
    assert search.cac == 60.0
    assert math.isnan(search.payback_months)
    assert search.spend_share == pytest.approx(120 / 163)


def test_a_channel_on_which_nothing_was_spent_has_no_cac(found):
    organic = line(found, "acquisition", "organic")
    assert organic.spend == 0.0
    assert math.isnan(organic.cac)


def test_programmes_and_what_is_paid_beside_them(found):
    assert line(found, "retention", "loyalty").spend == 30.0  # its incentive of 10 is part of it
    assert line(found, "retention", "points").spend == 5.0
    assert line(found, "referral", "friends").spend == 8.0
    assert line(found, "referral", "friends").new_customers == 1
    assert line(found, "retention", None)["name"] == "no programme recorded"
    assert line(found, "retention", None).revenue == 180.0


def test_a_referral_programme_has_its_spend_where_its_friends_are():
    spend = [*company().spend, ("2025-02-01", "Friends", "retention", 12)]
    found = sources(company(spend=spend))
    friends = line(found, "referral", "friends")
    assert friends.spend == 12.0  # the reward of 8 is part of it
    assert found.channels["spend"].sum() == pytest.approx(167.0)


def test_revenue_by_quarter():
    found = sources(company(orders=[*ORDERS, APRIL]))
    assert [day.isoformat()[:10] for day in found.quarters] == ["2025-01-01", "2025-04-01"]
    assert line(found, "acquisition", "organic").revenue_by_quarter == (80.0, 40.0)
    assert line(found, "acquisition", "search").revenue_by_quarter == (150.0, 0.0)


def test_the_bars(found):
    bars = found.bars
    budget = bars[bars["bar"] == "budget"]
    assert budget["amount"].tolist() == [120.0, 30.0, 13.0]
    assert budget["share"].sum() == pytest.approx(1.0)
    revenue = bars[bars["bar"] == "revenue"]
    assert dict(zip(revenue["motion"], revenue["amount"], strict=True)) == {
        "acquisition": 230.0,
        "referral": 60.0,
        "retention": 480.0,
    }


def test_what_the_case_says_is_what_the_sources_say(found):
    other = case(company())
    assert found.revenue == other.revenue
    assert found.budget == pytest.approx(other.acquisition.spend + other.retention.spend)
    assert line(found, "acquisition", "search").cac == other.acquisition.cost_per_customer


def test_without_spend():
    found = sources(company(spend=[], rewards=[]))
    assert found.sentence == (
        "70 % of revenue came from reorders and referrals; what share of the budget they took is not known."
    )
    assert found.missing[0].what == "Spend is not loaded."
    assert found.channels["spend"].isna().all()
    assert found.channels["revenue"].sum() == pytest.approx(770.0)


def test_when_existing_customers_cost_more_than_they_bring():
    spend = [("2025-01-01", "search", "acquisition", 10), ("2025-01-01", "club", "retention", 990)]
    found = sources(company(spend=spend))
    assert found.sentence == "Reorders and referrals brought 70 % of revenue, but took 99 % of the budget."


def test_an_empty_workspace_and_a_window_beside_the_data():
    assert sources(SmallCompany([])).sentence == "No orders are loaded."
    assert list(sources(SmallCompany([])).channels.columns) == list(sources(company()).channels.columns)
    beside = sources(company(), Filters(first_day=date(2030, 1, 1)))
    assert beside.sentence.startswith("No order lies between")


def test_a_channel_filter_follows_the_customers_it_won():
    found = sources(company(), Filters(channels=("search",)))
    assert found.revenue.reorder == 80.0  # anna's
    assert found.revenue.referral == 0.0
    assert line(found, "acquisition", "search").cac == 60.0
    assert "not known" in found.sentence


def test_the_rows_behind_a_line():
    behind = rows_behind(company(), Filters(), "acquisition", "search")
    assert behind["amount"].tolist() == [-50.0, 100.0, 100.0]  # newest first
    assert behind["customer_id"].tolist() == ["bert", "bert", "anna"]
    assert len(rows_behind(company(), Filters(), "acquisition", "search", limit=2)) == 2
    assert rows_behind(company(), Filters(), "retention", None)["amount"].sum() == 180.0
    assert rows_behind(company(), Filters(), "retention", "points")["customer_id"].tolist() == ["finn"]
    with pytest.raises(ValueError, match="unassigned"):
        rows_behind(company(), Filters(), "unassigned", "agency")
