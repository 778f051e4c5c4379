"""What programmes caused: holdouts worked out by hand, and seeded companies whose truth is known."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.retention_effect import DRAWS, adjusted_effect, retention_effect
from analytics.decisions.window import Window
from analytics.warehouse.filters import Filters
from tests.decisions.small_company import SmallCompany

YEAR = Window(date(2025, 1, 1), date(2025, 12, 31))
TOUCH = "2025-03-01"
NO_GROUPS = {"segments": [], "regions": [], "channels": []}


def arms(company, rows) -> SmallCompany:
    """rows: (customer, arm, day of the first eligible touch[, segment, margin and amount without margin before])."""
    for customer, arm, day, *rest in rows:
        segment, before, unknown = (*rest, None, 0, 0)[:3] if not rest else (*rest, 0, 0)[:3]
        company.con.execute(
            "insert into programme_arms values (?, null, ?, ?, ?, null, null, 'existing', 100, 2, ?, ?)",
            [customer, arm, day, segment, before, unknown],
        )
    return company


def holdout(treated=30.0, left_alone=20.0, customers=40, more=(), trigger=None):
    """As many customers in either arm, each with one reorder of the given margin after the touch."""
    margins = {"t": treated, "h": left_alone}
    orders = [
        (f"{arm}{n:02d}", "2025-06-01", 100, margin, "reorder", trigger if arm == "t" else None)
        for arm, margin in margins.items()
        for n in range(customers)
    ]
    names = {"t": "treated", "h": "holdout"}
    touched = [(f"{arm}{n:02d}", names[arm], TOUCH) for arm in margins for n in range(customers)]
    return arms(SmallCompany([*orders, *more]), touched)


def effect_of(company, friend_value=0.0, margin_rate=None, filters=None):
    return retention_effect(company, YEAR, filters or Filters(), margin_rate, friend_value)


def brought(company, friends):
    """friends: (referrer, referred), who are customers already."""
    for referrer, referred in friends:
        company.con.execute(
            "update customers set referrer_id = ? where customer_id = ?", [referrer, referred]
        )
    return company


def test_ten_more_from_each_of_forty_treated_customers():
    found = effect_of(holdout())
    assert (found.grade, found.treated, found.holdout, found.holdout_share) == ("A", 40, 40, 0.5)
    assert found.margin.value == pytest.approx(400)
    assert (found.margin.low, found.margin.high) == (pytest.approx(400), pytest.approx(400))
    assert found.draws.shape == (DRAWS,)
    assert np.ptp(found.draws) == pytest.approx(0, abs=1e-6)
    assert found.unadjusted.value == found.reorders.value == pytest.approx(400)
    assert found.friends.value == pytest.approx(0, abs=1e-9)


def test_a_programme_may_do_harm():
    assert effect_of(holdout(treated=20, left_alone=30)).margin.value == pytest.approx(-400)


def test_what_is_not_of_the_programmes_does_not_count():
    """Reorders before the touch and after the window, and first orders, of one treated customer."""
    usual = effect_of(holdout())
    more = [
        ("t00", "2025-02-28", 900, 800, "reorder", None),
        ("t00", "2026-01-01", 900, 800, "reorder", None),
        ("t00", "2024-11-01", 900, 800, "new", "search"),
    ]
    found = effect_of(holdout(more=more))
    assert found.unadjusted.value == pytest.approx(usual.unadjusted.value)
    on_the_day = effect_of(holdout(more=[("t00", TOUCH, 90, 80, "reorder", None)]))
    assert on_the_day.unadjusted.value == pytest.approx(480)  # the day of the touch counts, a refund, too
    refunded = effect_of(holdout(more=[("t00", "2025-07-01", -50, -15, "reorder", None)]))
    assert refunded.unadjusted.value == pytest.approx(385)


def test_whether_a_customer_responded_makes_no_difference():
    """By the arm, not by who took the offer."""
    assert effect_of(holdout(trigger="points")).margin == effect_of(holdout()).margin


def test_touched_before_the_window_a_customer_counts_from_its_first_day():
    company = holdout(more=[("t00", "2024-12-31", 90, 80, "reorder", None)])
    company.con.execute("update programme_arms set day = date '2024-06-01'")
    assert effect_of(company).unadjusted.value == pytest.approx(400)
    company.con.execute("update programme_arms set day = date '2026-01-01'")
    assert effect_of(company) is None  # nobody was due within it


def test_a_row_without_a_margin_is_made_with_the_rate():
    company = holdout(more=[("t00", "2025-06-02", 100, None, "reorder", None)])
    assert effect_of(company, margin_rate=0.4).unadjusted.value == pytest.approx(440)


def test_friends_are_worth_what_a_referred_customer_is_and_in_the_window_what_they_brought():
    """Four treated customers brought one each, who ordered for 25 so far; one came after the window."""
    more = [(f"f{n}", "2025-09-01", 60, 25, "referral", "friends") for n in range(4)]
    more += [("late", "2026-02-01", 60, 25, "referral", "friends")]
    friends = [(f"t{n:02d}", f"f{n}") for n in range(4)] + [("t05", "late")]
    found = effect_of(brought(holdout(more=more), friends), friend_value=90)
    assert found.friends.value == pytest.approx(4 * 90)
    assert found.margin.value == pytest.approx(400 + 4 * 90)
    assert found.in_window.value == pytest.approx(400 + 4 * 25)
    assert found.reorders.value == pytest.approx(400)


def test_fewer_than_thirty_in_an_arm_tell_nothing():
    assert effect_of(holdout(customers=29)) is None
    assert effect_of(holdout(customers=30)) is not None
    assert effect_of(SmallCompany([("a", TOUCH, 10, 5, "reorder", None)])) is None


def test_a_segment_is_measured_by_its_own_customers():
    company = holdout(more=[("t00", "2025-07-01", 90, 80, "reorder", None)])
    company.con.execute("update programme_arms set segment = if(customer_id[2:] < '35', 'home', 'office')")
    found = effect_of(company, filters=Filters(segments=("home",)))
    assert (found.treated, found.holdout) == (35, 35)
    assert found.unadjusted.value == pytest.approx(350 + 80)


class Told:
    """A warehouse that answers every question with one frame."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows

    def query(self, _name, **_parameters) -> pd.DataFrame:
        return self.rows


def customers(seed: int, count=400, effect=5.0, foretells=1.0) -> Told:
    """Half of them treated by lot; what they reorder follows what they did before, as strongly as `foretells`."""
    rng = np.random.default_rng(seed)
    before = rng.gamma(2.0, 20.0, count)
    treated = rng.permutation(count) < count // 2
    return Told(
        pd.DataFrame(
            {
                "treated": treated,
                "begins": pd.Timestamp("2025-01-01"),
                "segment": None,
                "region": None,
                "acquired_source": "existing",
                "tenure_days": 365,
                "orders_before": 2,
                "margin_before": before,
                "silent_days_before": 30,
                "first_margin": 0.0,
                "reorder_margin": foretells * before + rng.normal(0, 10, count) + effect * treated,
                "friends": 0,
                "friends_margin": 0.0,
            }
        )
    )


def widths(found) -> tuple[float, float]:
    return found.margin.high - found.margin.low, found.unadjusted.high - found.unadjusted.low


def test_adjusting_for_what_was_before_narrows_the_interval_where_it_foretells():
    """The spread is 10 of 30 without what was before: √(20² × 2) = 28.3 before it, 10 after."""
    adjusted, plain = widths(effect_of(customers(seed=1)))
    assert adjusted == pytest.approx(plain * 10 / np.hypot(10, 28.3), rel=0.2)
    adjusted, plain = widths(effect_of(customers(seed=1, foretells=0.0)))
    assert adjusted == pytest.approx(plain, rel=0.05)


def test_adjusting_moves_the_mean_to_neither_side():
    """Of 200 companies: both estimates lie around the truth of 200 × 5, and eight of ten intervals hold it."""
    found = [effect_of(customers(seed)) for seed in range(200)]
    adjusted = np.array([one.margin.value for one in found])
    plain = np.array([one.unadjusted.value for one in found])
    for values in (adjusted, plain):
        assert abs(values.mean() - 1_000) < 3 * values.std() / np.sqrt(len(values))
    assert adjusted.std() < 0.5 * plain.std()
    held = np.mean([one.margin.low <= 1_000 <= one.margin.high for one in found])
    assert 0.72 <= held <= 0.88


def test_the_draws_are_the_interval():
    found = effect_of(customers(seed=2))
    assert found.draws.mean() == pytest.approx(found.margin.value, rel=1e-4)
    low, high = np.quantile(found.draws, [0.1, 0.9])
    assert (low, high) == (
        pytest.approx(found.margin.low, rel=0.02),
        pytest.approx(found.margin.high, rel=0.02),
    )


# --- what the queries hand over


def outcomes(company, **changes):
    asked = {"first_day": YEAR.first_day, "last_day": YEAR.last_day, "margin_rate": None}
    return company.query("retention_outcomes", **(asked | NO_GROUPS | changes))


def test_outcomes_by_hand():
    company = SmallCompany(
        [
            ("ann", "2024-10-01", 50, 20, "new", "search"),
            ("ann", "2025-02-09", 40, 16, "reorder", None),  # 20 days before the touch
            ("ann", "2025-05-01", 30, 12, "reorder", None),
            ("ann", "2025-06-01", 10, None, "reorder", None),
            ("bob", "2025-04-01", 70, 28, "reorder", None),
            ("fay", "2025-07-01", 60, 24, "referral", "friends"),
            ("fay", "2025-08-01", 20, 8, "reorder", None),
        ]
    )
    arms(company, [("ann", "treated", TOUCH, "home", 36, 10), ("bob", "holdout", "2024-05-01")])
    brought(company, [("ann", "fay")])
    rows = outcomes(company, margin_rate=0.5).set_index("treated")
    ann, bob = rows.loc[True], rows.loc[False]
    assert ann["reorder_margin"] == 12 + 0.5 * 10
    assert ann["first_margin"] == 20
    assert ann["margin_before"] == 36 + 0.5 * 10
    assert ann["silent_days_before"] == 20
    assert (ann["friends"], ann["friends_margin"]) == (1, 24 + 8)
    assert (ann["begins"], bob["begins"]) == (pd.Timestamp(TOUCH), pd.Timestamp("2025-01-01"))
    assert (bob["reorder_margin"], bob["first_margin"], bob["friends"]) == (28, 0, 0)
    assert bob["silent_days_before"] == -1  # no reorder before


CONTACTS = [
    ("ann", "2025-02-10", "Points", None, None),
    ("ann", "2025-02-20", "points", None, None),  # the same month
    ("ann", "2025-03-05", " POINTS ", "outbound", None),
    ("ann", "2025-04-05", "points", "inbound", None),  # she wrote herself
    ("bob", "2025-02-05", "points", None, "holdout"),  # left alone
    ("bob", "2025-03-05", "search", None, None),  # no programme
    ("cat", "2025-03-31", "points", None, "treated"),
]


def contacted(touches=CONTACTS) -> SmallCompany:
    company = SmallCompany(
        [
            ("ann", "2024-12-05", 50, 20, "new", "search"),
            ("ann", "2025-01-20", 40, 16, "reorder", None),
            ("ann", "2025-02-15", 30, 12, "reorder", None),
            ("ann", "2025-02-25", -10, -4, "reorder", None),
            ("bob", "2024-11-30", 70, 28, "reorder", None),
            ("cat", "2025-02-01", 60, None, "new", "search"),
        ]
    )
    for customer, day, channel, direction, arm in touches:
        company.con.execute(
            "insert into touchpoints values (?, ?, ?, null, ?, 0, ?)",
            [customer, day, channel, direction, arm],
        )
    return company


def months(company, **changes) -> pd.DataFrame:
    asked = {
        "first_month": date(2025, 1, 1), "last_month": date(2025, 4, 1), "margin_rate": 0.5, "every_nth": 1,
        "programmes": ["points"],
    }  # fmt: skip
    rows = company.query("contact_months", **(asked | NO_GROUPS | changes))
    return rows.assign(month=rows["month"].dt.month).set_index(["customer_no", "month"])


ANN, BOB, CAT = 1, 2, 3


def test_months_in_which_a_customer_was_contacted():
    rows = months(contacted())
    # cat's first order is on 1 February: she is known when March begins
    assert [(c, m) for c, m in rows.index] == [
        *((c, m) for c in (ANN, BOB) for m in (1, 2, 3, 4)), (CAT, 3), (CAT, 4)
    ]  # fmt: skip
    treated = rows.index[rows["treated"]]
    assert list(treated) == [(ANN, 2), (ANN, 3), (CAT, 3)]
    assert list(rows.index[rows["treated_before"]]) == [(ANN, 3), (ANN, 4), (CAT, 4)]


def test_what_was_ordered_in_a_month_and_known_at_its_beginning():
    rows = months(contacted())
    february, march = rows.loc[(ANN, 2)], rows.loc[(ANN, 3)]
    assert february["outcome"] == 12 - 4  # the refund is of the month
    assert (february["orders_before"], february["margin_before"]) == (2, 36)
    assert (february["orders_month_1"], february["orders_month_2"], february["orders_month_3"]) == (1, 1, 0)
    assert (february["silent_days"], february["tenure_days"]) == (12, 58)  # since 20 January, 5 December
    assert march["outcome"] == 0
    assert (march["orders_before"], march["margin_before"]) == (3, 44)
    assert march["silent_days"] == 14  # a refund is no order
    assert rows.loc[(CAT, 3), "outcome"] == 0
    assert rows.loc[(CAT, 3), "margin_before"] == 30  # 60 at the rate
    assert rows.loc[(BOB, 1), "silent_days"] == 32


def test_of_many_customers_every_nth():
    assert set(months(contacted(), every_nth=2).index.get_level_values(0)) == {BOB}


def test_contacts_by_programmes_are_counted():
    row = contacted().query("contact_customers", programmes=["points"]).iloc[0]
    assert (row["customers"], row["contacts"]) == (3, 4)


# --- grade B


def chosen_company(seed=3, count=700, months=9, effect=10.0) -> tuple[SmallCompany, float]:
    """Programmes write to those who ordered last month, who order more anyway; whoever was written to and orders brings
    `effect` more. The company, and how much contacts caused.
    """
    rng = np.random.default_rng(seed)
    rate, caused = rng.choice([0.15, 0.75], count), 0.0
    starts = pd.date_range("2024-12-01", periods=months + 1, freq="MS")
    orders, touches = [], []
    before = np.zeros(count, bool)
    for number, start in enumerate(starts):
        ordered = rng.uniform(size=count) < rate
        written = rng.uniform(size=count) < np.where(before, 0.7, 0.2)
        for customer in np.flatnonzero(ordered | (number == 0)):
            gained = effect if number and written[customer] else 0.0
            orders.append((customer, start + pd.Timedelta(days=9), 20 + gained))
            caused += gained
        if number:
            touches += [(customer, start) for customer in np.flatnonzero(written)]
        before = ordered | (number == 0)
    company = SmallCompany([])
    told = pd.DataFrame(orders, columns=["customer", "day", "margin"])  # noqa: F841 -- DuckDB reads it by name
    sent = pd.DataFrame(touches, columns=["customer", "day"])  # noqa: F841 -- likewise
    company.con.execute(
        "insert into orders (order_id, customer_id, day, amount, margin, kind, source, customer_no) "
        "select 'o' || row_number() over (), 'c' || customer, day, 100, margin, 'order', 'reorder', customer from told"
    )
    company.con.execute(
        "insert into customers (customer_id, customer_no, first_day, last_day, acquired_source) "
        "select customer_id, any_value(customer_no), min(day), max(day), 'existing' from orders group by customer_id"
    )
    company.con.execute(
        "insert into touchpoints (customer_id, touched_at, channel) select 'c' || customer, day, 'points' from sent"
    )
    return company, caused


NINE_MONTHS = Window(date(2025, 1, 1), date(2025, 9, 30))


@pytest.fixture(scope="module")
def chosen():
    company, caused = chosen_company()
    return adjusted_effect(company, NINE_MONTHS, Filters(), None, ("Points",)), caused


def test_customers_chosen_because_they_buy_are_compared_with_those_who_buy_as_much(chosen):
    """The plain difference takes what buyers buy anyway for an effect, too."""
    found, caused = chosen
    assert found.grade == "B"
    assert found.margin.low < caused < found.margin.high
    assert found.margin.value == pytest.approx(caused, rel=0.1)
    assert found.unadjusted.low > 1.4 * caused
    assert found.in_window == found.margin


def test_the_e_value_says_how_strong_an_unseen_cause_would_have_to_be(chosen):
    found, _caused = chosen
    assert found.e_value > found.e_value_of_end > 1
    assert found.overlap["treated"].sum() == found.treated
    assert found.draws.mean() == pytest.approx(found.margin.value)


def test_without_contacts_nothing_is_adjusted():
    assert adjusted_effect(contacted([]), NINE_MONTHS, Filters(), None, ("points",)) is None
    assert adjusted_effect(contacted(), NINE_MONTHS, Filters(), None, ()) is None
    # three contacts are too few to compare
    assert adjusted_effect(contacted(), NINE_MONTHS, Filters(), 0.5, ("points",)) is None
