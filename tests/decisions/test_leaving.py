"""What the retention page says: each outcome in its own words, reasons with the customer's numbers, the budget line."""

import math
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analytics.decisions import leaving_sentences
from analytics.decisions.leaving import (
    SAVE_COLUMNS,
    Group,
    Learnt,
    Leaving,
    budget_line,
    learn,
    leaving,
    leaving_json,
)
from analytics.decisions.leaving_reasons import reasons
from analytics.models.churn_model import REASONS
from analytics.models.retention import read_cohorts, revenue_retention
from tests.models.small_marts import SmallMarts

FORECAST = SimpleNamespace(horizon_days=90, today=date(2026, 6, 30))


def found(**changes) -> Leaving:
    """3,812 customers, 641 of them gone, 210 slipping."""
    parts = {
        "forecast": FORECAST,
        "customers": 3812,
        "gone": Group(641, 88_000, 85_000),
        "slipping": Group(210, 30_000, 19_000),
        "currency": "EUR",
    }
    return Leaving("0", **(parts | changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            "Of 3,812 customers, 641 who brought €88,000 of margin a year are likely gone; 210 more are slipping, with "
            "€19,000 a year at risk that may still be saved.",
        ),
        (
            {"by_revenue": True, "gone": Group()},
            "Of 3,812 customers, 210 are slipping, with €19,000 of revenue a year at risk that may still be saved; none "
            "is likely gone yet.",
        ),
        (
            {"slipping": Group()},
            "Of 3,812 customers, 641 who brought €88,000 of margin a year are likely gone; nobody else is slipping.",
        ),
        (
            {"gone": Group(), "slipping": Group()},
            "None of 3,812 customers has been silent for suspiciously long.",
        ),
        ({"customers": 0}, "No customer of these groups has ordered: choose fewer filters."),
        (
            {"customers": 3_000_000, "is_sampled": True, "gone": Group(641_234, 1e6, 1e6)},
            "Of 3,000,000 customers, about 641,000 who brought €1.0 M of margin a year are likely gone; about 210 more "
            "are slipping, with €19,000 a year at risk that may still be saved.",
        ),
    ],
)
def test_the_headline(changes, sentence):
    assert found(**changes).sentence == sentence


def test_without_orders_it_says_what_is_missing():
    empty = leaving(SmallMarts([]))
    assert empty.sentence == "No orders are loaded."
    assert [lack.kind for lack in empty.missing] == ["sales"]
    answer = leaving_json(empty)
    assert {
        answer[name] for name in ("auc", "brier", "baseline_auc", "lift_top_decile", "value_at_risk")
    } == {None}


def test_with_too_little_for_a_forecast_it_still_says_who_stays():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 200, 10)]
    rows = [(f"c{n}", day, 10) for n, day in enumerate(days)] + [("c0", date(2026, 4, 15), 10)]
    answer = leaving(SmallMarts(rows))
    # of the cohorts of January to March (4 + 2 + 3), one customer came again in the third month
    assert answer.sentence.startswith(
        "11 % of new customers order again in the third month after their first."
    )
    assert "needs 240 days of orders, and there are 191" in answer.sentence
    assert len(answer.missing) == 1


def saving(*values: float) -> pd.DataFrame:
    return pd.DataFrame({"value_at_risk": values}).reindex(columns=list(SAVE_COLUMNS))


def test_the_budget_reaches_the_first_of_the_list():
    listed = found(save_list=saving(50, 30, 20, 10))
    line = budget_line(listed, 25, 10)
    assert (line.customers, line.value_at_risk, line.cost) == (2, 80, 20)
    assert math.isnan(line.gain)
    assert leaving_sentences.budget(line, listed) == (
        "With €25.00 a month, these 2 customers: €80.00 of yearly margin is at risk with them."
    )


def test_what_an_offer_keeps_makes_it_a_gain():
    listed = found(save_list=saving(50, 30, 20, 10))
    line = budget_line(listed, 1_000, 10, kept_share=0.5)
    assert (line.customers, line.cost, line.gain) == (4, 40, 15)
    assert leaving_sentences.budget(line, listed).endswith("After €40.00 of offers, €15.00 would be gained.")


@pytest.mark.parametrize("asked", [(-1, 1), (1, 0), (1, 1, 1.5)])
def test_an_impossible_budget_is_refused(asked):
    with pytest.raises(ValueError, match="budget line needs"):
        budget_line(found(), *asked)


def test_reasons_are_the_two_largest_with_the_customer_s_numbers():
    parts = dict.fromkeys(REASONS, 0.0)
    model = SimpleNamespace(contributions=lambda rows: pd.DataFrame(
        [{**parts, "silence": 1.5, "trend": 0.7, "refunds": 0.6}, {**parts, "orders": 0.5, "silence": -1.0}, parts]
    ))  # fmt: skip
    people = pd.DataFrame(
        {"silent_days": [76, 40, 9], "gap_days": [25.6, 59, 20], "orders": [23, 1, 5], "segment": [None, None, "home"],
         "acquired_channel": ["search", None, None]}
    )  # fmt: skip
    past = pd.DataFrame(
        {"orders_lately": [1, 0, 2], "orders_before": [2, 0, 2], "refunds": [1, 0, 0], "order_days": [20, 1, 5],
         "tenure_days": [500.0, 40.0, 90.0], "recency_days": [76.0, 40.0, 9.0], "order_value": [900.0, 5.0, 50.0],
         "orders": [23, 1, 5], "orders_same_season": [0, 0, 1]}
    )  # fmt: skip
    learnt = SimpleNamespace(model=model, horizon_days=90)
    assert reasons(learnt, people, past, None) == [
        "silent 76 days, usually 26; 1 order in the last 90 days, 2 before",
        "has ordered only once",
        "silent for longer than usual",
    ]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words(reason):
    from analytics.decisions.leaving_reasons import _WORDS

    who = SimpleNamespace(silent_days=50, gap_days=20.0, orders=2, acquired_channel="search", segment="home")
    past = SimpleNamespace(
        orders=2, order_days=2, orders_lately=0, orders_before=1, refunds=2, orders_same_season=0, order_value=80.0,
        tenure_days=70.0, recency_days=50.0,
    )  # fmt: skip
    words = _WORDS[reason](who, past, FORECAST, "EUR")
    assert words
    assert "nan" not in words


def cohorts_at(rates: list[float], size: int = 400):
    """Cohorts of one size, month by month, of whom these parts come again in month 1."""
    rows = []
    for month, rate in enumerate(rates):
        first = date(2024 + month // 12, month % 12 + 1, 1)
        again = date(2024 + (month + 1) // 12, (month + 1) % 12 + 1, 5)
        rows += [(f"{month}-{n}", first, 1) for n in range(size)]
        rows += [(f"{month}-{n}", again, 1) for n in range(int(rate * size))]
    return read_cohorts(
        SmallMarts([*rows, ("end", date(2024 + len(rates) // 12, len(rates) % 12 + 1, 28), 1)])
    ).view()


@pytest.mark.parametrize(
    ("rates", "verdict"),
    [
        ([0.2] * 4 + [0.3] * 4, "it is getting better"),
        ([0.3] * 4 + [0.2] * 4, "it is getting worse"),
        ([0.25] * 8, "no clear change"),
    ],
)
def test_one_age_over_time_in_words(rates, verdict):
    text = leaving_sentences.cohort_age(cohorts_at(rates), 1)
    assert (
        text
        == f"Month 1: {100 * rates[-1]:.1f} % of the four newest cohorts, {100 * rates[0]:.1f} % of the four before: {verdict}."
    )


def test_too_few_cohorts_are_not_compared():
    assert "Too few cohorts" in leaving_sentences.cohort_age(cohorts_at([0.2, 0.3]), 1)


def test_the_newest_finished_quarter_in_words():
    marts = SmallMarts(
        [
            ("ann", "2026-01-01", 100),
            ("ann", "2026-04-01", 150),
            ("ben", "2026-03-01", 100),
            ("cat", "2026-06-30", 1),
        ]
    )
    text = leaving_sentences.quarters(revenue_retention(marts), 1)
    assert text == (
        "2026 Q2: those who bought in the quarter before brought 75 % of what they had brought then (net), and 50 % if "
        "nobody counts for more than before (gross). 50 % of them did not buy: at that rate 94 % within a year."
    )
    assert "No quarter" in leaving_sentences.quarters(revenue_retention(marts, quarters_before=4), 4)


def test_the_judgement_says_when_other_numbers_came_than_were_foretold():
    judged = SimpleNamespace(
        first_day=date(2026, 4, 2), last_day=date(2026, 6, 30), customers=1000, churn_rate=0.43, auc=0.739,
        baseline_auc=0.682, brier=0.2118, baseline_brier=0.2421,
        calibration=pd.DataFrame({"forecast": np.full(10, 0.52), "customers": np.full(10, 100)}),
    )  # fmt: skip
    text = leaving_sentences.judgement(judged)
    assert "43 % of 1,000 customers placed no order (52 % foretold: fewer than foretold)" in text
    assert "73.9 % of cases; the days since the last order alone tell it in 68.2 %" in text


def test_the_command_line_s_object_is_complete():
    rows = [(f"c{n}", date(2024, 1, 1) + timedelta(days=30 * k + n % 29), 10)
            for n in range(400) for k in range(0, 24, 1 + n % 9) if k < 6 + n % 19]  # fmt: skip
    marts = SmallMarts(rows)
    learnt = learn(marts)
    assert isinstance(learnt, Learnt)
    answer = leaving_json(leaving(marts, learnt=learnt))
    wanted = {
        "auc",
        "brier",
        "baseline_auc",
        "baseline_brier",
        "lift_top_decile",
        "customers_at_risk",
        "value_at_risk",
    }
    assert wanted <= set(answer)
    assert None not in {answer[name] for name in wanted}
    assert 0 <= answer["customers_at_risk"] <= answer["customers"] == 400
