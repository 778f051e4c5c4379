"""What the named queries hand over, row by row, worked out by hand."""

from datetime import date

import pytest

from tests.decisions.small_company import SmallCompany
from tests.decisions.test_case_numbers import MONTH, ORDERS, REWARDS, SPEND

NO_GROUPS = {"segments": [], "regions": [], "channels": []}
DAYS = {
    "first_day": date(2025, 1, 1),
    "last_day": date(2025, 3, 31),
    "previous_first": date(2024, 10, 1),
    "previous_last": date(2024, 12, 31),
}
LATE = [
    ("hugo", "2025-03-20", 100, 40, "new", "search"),
    ("hugo", "2025-03-25", 50, 20, "reorder", None),  # in his month 0, which is not finished
]


def test_sums_of_powers():
    """Three customers won, of whom anna and bert have finished months 0 and 1; anna reordered for 20 in month 1."""
    company = SmallCompany([*ORDERS, *LATE], SPEND, REWARDS)
    value = 10 * MONTH
    row = company.query(
        "customer_moments",
        **DAYS,
        **NO_GROUPS,
        data_last=date(2025, 3, 31),
        paid=["search"],
        programmes=["loyalty"],
        margin_rate=None,
        weights=[1 / 2, MONTH / 2],
        expected=[0.0, 0.0, 5 * MONTH],
        value_per_customer=value,
        customers_won=3.0,
    ).iloc[0]
    a = {"anna": 40, "bert": 20, "hugo": 40}
    v = {"anna": value + 3 * 5 * MONTH, "bert": value - 3 * 5 * MONTH, "hugo": value}
    r = {"anna": 32, "dora": 24, "emil": 120, "finn": 40, "hugo": 20}
    c = {"emil": 8, "finn": 5}
    amounts = {"a": a, "v": v, "r": r, "c": c}
    names = (
        "aa",
        "av",
        "ar",
        "ac",
        "vv",
        "vr",
        "vc",
        "rr",
        "rc",
        "cc",
        "aaa",
        "vvv",
        "rrr",
        "ccc",
        "rrc",
        "rcc",
    )
    for name in names:
        expected = 0.0
        for customer in ("anna", "bert", "cleo", "dora", "emil", "finn", "hugo"):
            product = 1.0
            for letter in name:
                product *= amounts[letter].get(customer, 0.0)
            expected += product
        assert row[name] == pytest.approx(expected), name
    assert (row["bought"], row["came_back"]) == (7, 4)
    assert (row["bought_before"], row["came_back_before"]) == (0, 0)
    assert sum(v.values()) == pytest.approx(3 * value)  # what all add is the total itself


def test_the_months_of_the_value_curve():
    """A month is whole on the day of the month of the first order."""
    orders = [
        ("anna", "2025-01-10", 100, 40, "new", "search"),
        ("anna", "2025-02-09", 10, 1, "reorder", None),  # the last day of month 0
        ("anna", "2025-02-10", 10, 2, "reorder", None),  # the first day of month 1
        ("anna", "2025-03-09", 10, 4, "reorder", None),  # the last day of month 1
        ("anna", "2025-03-10", 10, None, "reorder", None),  # month 2 is not finished
        ("bert", "2025-02-10", 100, 40, "new", "search"),  # finished month 0 on the very last day
        ("bert", "2025-02-11", 10, None, "reorder", None),
        ("cleo", "2024-12-31", 100, 40, "new", "search"),
        ("dora", "2025-01-10", 100, 40, "referral", "search"),
        ("dora", "2025-01-11", 10, 64, "reorder", None),  # brought, not won
    ]
    frame = SmallCompany(orders).query(
        "value_curve", **DAYS, **NO_GROUPS, data_last=date(2025, 3, 9), months=60
    )
    columns = ["period", "months_since_first_order", "customers", "margin_given", "amount_without_margin"]
    rows = [tuple(row) for row in frame[columns].to_numpy().tolist()]
    assert rows == [
        ("before", 0, 1, 0.0, 0.0),
        ("before", 1, 1, 0.0, 0.0),
        ("window", 0, 2, 1.0, 10.0),
        ("window", 1, 1, 6.0, 0.0),
    ]
    assert set(frame["channel"]) == {"search"}
    assert frame["orders_without_margin"].tolist() == [0, 0, 1, 0]


def test_spend_of_a_month_partly_asked_for():
    frame = SmallCompany(ORDERS, SPEND).query(
        "spend_by_channel", first_day=date(2025, 1, 31), last_day=date(2025, 2, 14), channels=[]
    )
    spend = frame.set_index(["motion", "channel"])["spend"].groupby(level=[0, 1]).sum()
    assert spend[("acquisition", "search")] == pytest.approx(60 / 31 + 40 * 14 / 28, abs=1e-4)
    assert spend[("retention", "loyalty")] == pytest.approx(10 / 31 + 10 * 14 / 28, abs=1e-4)


def test_what_a_programme_brought_in_the_window_and_on_all_days():
    """However it is spelled; refunds bring nothing; a friend who came counts like an order."""
    company = SmallCompany(
        [
            ("anna", "2024-12-30", 60, 30, "new", "search"),
            ("anna", "2024-12-31", 60, 30, "reorder", "Points "),
            ("anna", "2025-01-31", 60, 30, "reorder", "points"),
            ("anna", "2025-02-01", -60, -30, "reorder", "points"),
            ("anna", "2025-04-01", 60, 30, "reorder", "points"),
        ],
        rewards=[("anna", "2025-02-05", 5.0, "points")],
    )
    days = {"first_day": date(2025, 1, 1), "last_day": date(2025, 3, 31)}
    found = company.query("programme_use", **days)
    assert found.to_dict("records") == [{"name": "points", "used": 4, "used_in_window": 2}]
