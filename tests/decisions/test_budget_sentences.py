"""What the budget says of the limits that hold its advice back."""

from analytics.decisions.allocation import LOWER, MIN, Allocation, Binding
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget import Budget, Wish
from analytics.decisions.budget_sentences import bindings
from analytics.decisions.interval import NOT_KNOWN


def said(limit: Binding, wish: Wish) -> tuple[str, ...]:
    best = Allocation({"radio": 250.0}, 0.0, NOT_KNOWN, {}, 0.0, (limit,), 0.0)
    return bindings(Budget("abc", "EUR", Assumptions(), wish=wish, best=best))


def test_half_of_a_line_s_spend_that_nobody_asked_for_is_named_as_what_it_is():
    """A limit that the advice keeps by itself is no minimum that somebody set."""
    limit = Binding(MIN, "radio", 250.0, LOWER, 0.4)
    found = said(limit, Wish())
    assert found == (
        "radio keeps half of today's spend, €250, as nobody has seen what less of it does: each €1 less there would add €0.40.",
    )
    asked = said(limit, Wish(bounds=(("radio", 250.0, None),)))
    assert asked == ("The minimum of radio, €250: each €1 less there would add €0.40.",)
