"""Every outcome in its own words, written from numbers worked out by hand."""

import re
from datetime import date

import pytest

from analytics.decisions.case import case
from analytics.decisions.case_json import case_json
from analytics.warehouse.filters import Filters
from tests.decisions.small_company import Settings, SmallCompany

SURE = Settings(baseline_share=0.6, baseline_share_range=0.2, discount_rate=0.0)


def company(
    acquisition_spend=1_000, retention_spend=1_000, won=100, kept=100, settings=SURE, margin=20.0, **changes
):
    """`won` customers by search and `kept` existing ones with one reorder, of the same margin each."""
    orders = [(f"n{i:03d}", "2025-01-05", 50, margin, "new", "search") for i in range(won)]
    orders += [(f"e{i:03d}", "2025-01-10", 50, margin, "reorder", None) for i in range(kept)]
    orders += [("z", "2025-03-31", 0.01, 0, "reorder", None)]
    spend = [("2025-01-01", "search", "acquisition", acquisition_spend)] if acquisition_spend else []
    spend += [("2025-03-01", "club", "retention", retention_spend)] if retention_spend else []
    return SmallCompany(**({"orders": orders, "spend": spend, "settings": settings} | changes))


AGAINST = r"against −0\.60 \(−0\.6\d to −0\.5\d\) in acquisition: retention is ahead as long as fewer than 80 % would"


def test_retention():
    found = case(company(acquisition_spend=5_000))
    # retention: 0.4 × 2000 / 1000; acquisition: 2000 / 5000; equal where (1 − b) × 2 = 0.4
    assert found.verdict == "retention"
    assert found.sentence.startswith(
        "If 60 % (40 to 80 %) of reorders and referrals would have come anyway, each unit spent on existing customers "
        "earns −0.20 ("
    )
    assert re.search(AGAINST, found.sentence)
    assert found.break_even.value == pytest.approx(0.8)
    assert found.break_even_sentence.startswith("Retention is ahead as long as fewer than 80 % (7")
    assert found.sceptic is not None
    assert "From 80 % on, acquisition is ahead" in found.sceptic.argument
    assert "holdout" in found.sceptic.settled_by
    assert found.sentence.endswith("Neither returns what it costs.")


def test_a_side_that_pays_back_is_not_called_a_loss():
    assert "Neither returns" not in case(company(acquisition_spend=4_000, retention_spend=500)).sentence


def test_acquisition():
    found = case(company(retention_spend=4_000))
    # retention: 0.4 × 2000 / 4000; acquisition: 2000 / 1000; no share makes retention better
    assert found.verdict == "acquisition"
    assert "each unit spent on winning customers earns 1.00 (" in found.sentence
    assert "against −0.80 (" in found.sentence
    assert found.sentence.endswith("acquisition is ahead whatever that share.")
    assert found.break_even.value < 0
    assert found.break_even_sentence.startswith("Retention is behind whatever part")
    assert found.sceptic is not None
    assert "also those that would have come without the advertisement" in found.sceptic.argument


def test_acquisition_unless_the_share_is_small():
    found = case(company(acquisition_spend=1_250))
    # retention: 0.4 × 2000 / 1000; acquisition: 2000 / 1250; equal where (1 − b) × 2 = 1.6
    assert found.verdict == "acquisition"
    assert found.sentence.endswith("acquisition is ahead unless fewer than 20 % would have come anyway.")


def test_too_close_to_call():
    found = case(company(acquisition_spend=2_500))
    assert found.verdict == "too close to call"
    assert 0.1 < found.probability_retention_better < 0.9
    assert found.sentence.startswith("Too close to call: if 60 % (40 to 80 %)")
    assert "retention is ahead as long as fewer than 60 % would have come anyway." in found.sentence
    assert found.sceptic is not None
    assert "The answer turns on an assumption" in found.sceptic.argument


def test_without_spend_there_is_no_verdict_and_it_says_how_to_get_one():
    found = case(company(acquisition_spend=0, retention_spend=0))
    assert found.verdict is None
    assert found.sentence == (
        "Not enough data for a verdict. Spend is not loaded. "
        "What is known: 50 % of revenue came from reorders and referrals."
    )
    assert found.sceptic is None
    assert [missing.kind for missing in found.missing] == ["spend"]
    answer = case_json(found)
    assert answer["verdict"] is None
    assert answer["probability_retention_better"] is None
    assert answer["acquisition"]["spend"] is None
    assert answer["acquisition"]["customers"] is None
    assert answer["acquisition"]["booked"] == {"margin": None, "roi": None}
    assert answer["retention"]["booked"]["margin"]["value"] == 2_000.0
    assert answer["missing"][0].startswith(
        "Spend is not loaded. Export month, channel or programme, and amount"
    )


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"retention_spend": 0}, "Nothing was spent on existing customers."),
        ({"acquisition_spend": 0}, "Nothing was spent on winning customers."),
        ({"kept": 0, "orders": [("n1", "2025-01-05", 50, 20, "new", "search")]}, "neither a reorder nor"),
        ({"won": 0}, r"No first order came from a channel on which was spent (search)."),
    ],
)
def test_a_side_without_spend_or_customers_is_named(changes, what):
    found = case(company(**changes))
    assert found.verdict is None
    assert any(what in missing.what for missing in found.missing)
    rois = found.lenses.loc[found.lenses["lens"] == "booked", "roi"]
    assert rois.isna().sum() == 1  # the side that lacks something has no return, not one of nothing
    assert found.sentence.startswith("Not enough data for a verdict.")


def test_an_empty_workspace():
    found = case(SmallCompany([]))
    assert found.sentence == "Not enough data for a verdict. No orders are loaded."
    answer = case_json(found)
    assert answer["window"] is None
    assert answer["revenue"]["total"] == 0.0
    assert len(found.lenses) == 6
    assert len(found.revenue_by_quarter) == 0


def test_a_window_beside_the_data():
    found = case(company(), Filters(first_day=date(2030, 1, 1), last_day=date(2030, 3, 31)))
    assert found.verdict is None
    assert "No order lies between 1 January 2030 and 31 March 2030." in found.sentence
    assert "between 5 January 2025 and 31 March 2025" in found.missing[0].how


def test_spend_is_not_shared_out_among_segments():
    found = case(company(), Filters(segments=("home",)))
    assert "No order lies" in found.sentence  # no order of this company has a segment
    orders = [
        ("a", "2025-01-05", 50, 20, "new", "search", None, "home"),
        ("b", "2025-01-05", 50, 20, "reorder", None),
    ]
    found = case(company(orders=orders), Filters(segments=("home",)))
    assert found.revenue.total == 50.0
    assert found.verdict is None
    assert any("Spend is not recorded by segment" in missing.what for missing in found.missing)
    assert case_json(found)["acquisition"]["spend"] is None


def test_spend_without_a_motion_is_charged_to_nobody_and_said():
    usual = company()
    spend = [*usual.spend, ("2025-02-01", "agency", None, 500)]
    found = case(company(spend=spend))
    assert found.acquisition.spend + found.retention.spend == 2_000.0
    assert any(note.startswith("500 of spend has no motion") for note in found.notes)


def test_a_channel_that_brought_nobody_is_asked_about():
    spend = [*company().spend, ("2025-02-01", "radio", "acquisition", 500)]
    found = case(company(spend=spend))
    assert found.acquisition.spend == 1_500.0
    assert any("No first order carries radio" in note for note in found.notes)
