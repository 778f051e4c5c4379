"""Windows, the period before, and the edges of what is known."""

from datetime import date

import pytest

from analytics.decisions.window import Window


def days(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("window", "before"),
    [
        (days("2026-07-01", "2026-09-30"), days("2026-04-01", "2026-06-30")),  # a quarter before a quarter
        (days("2026-01-01", "2026-03-31"), days("2025-10-01", "2025-12-31")),
        (days("2026-02-01", "2026-02-28"), days("2026-01-01", "2026-01-31")),
        (days("2025-01-01", "2025-12-31"), days("2024-01-01", "2024-12-31")),  # months count, not 365 days
        (days("2026-03-10", "2026-03-19"), days("2026-02-28", "2026-03-09")),  # ten days before ten days
        (days("2026-03-10", "2026-03-10"), days("2026-03-09", "2026-03-09")),
    ],
)
def test_the_period_before_has_equal_length(window, before):
    assert window.before() == before


def test_a_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        days("2026-03-02", "2026-03-01")


def test_spend_of_the_months_at_the_edges_of_the_data_counts_whole():
    orders = days("2025-01-03", "2025-03-28")
    assert orders.widened_at_edges(orders) == days("2025-01-01", "2025-03-31")
    assert days("2025-02-10", "2025-03-28").widened_at_edges(orders) == days("2025-02-10", "2025-03-31")
    assert days("2025-02-10", "2025-02-20").widened_at_edges(orders) == days("2025-02-10", "2025-02-20")


def test_a_few_days_without_orders_at_an_edge_are_covered():
    window = days("2025-01-01", "2025-03-31")
    assert window.is_covered_by(days("2025-01-06", "2025-03-28"))
    assert not window.is_covered_by(days("2025-01-20", "2025-03-31"))
    assert not window.is_covered_by(days("2025-01-01", "2025-02-28"))
    assert not window.is_covered_by(None)


def test_windows_that_do_not_meet_have_nothing_in_common():
    assert days("2025-01-01", "2025-01-31").cut_to(days("2025-02-01", "2025-02-28")) is None
    assert days("2025-01-01", "2025-02-10").cut_to(days("2025-02-01", "2025-02-28")) == days(
        "2025-02-01", "2025-02-10"
    )
