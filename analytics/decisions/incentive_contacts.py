"""What a programme without a holdout caused (grade B): the customers it contacted against others like them.

Whoever is contacted because of what they did (or did not do) is unlike the others in ways that no adjustment mends. So
the comparison is first made for the days before the contact, when the programme cannot have done anything: where those
contacted later differ even then, nothing is concluded (a placebo test; Lipsitch, Tchetgen, Cohen 2010).
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import share
from analytics.decisions.incentive_costs import Offers
from analytics.decisions.interval import Interval
from analytics.decisions.period import Known, groups
from analytics.decisions.uplift import Adjusted, adjusted
from analytics.language import gettext as _
from analytics.warehouse.filters import Filters

DAYS = 60  # of orders after each cut-off
MOST_CUTOFFS = 4
HISTORY_DAYS = 180  # known before the first cut-off
MOST_CUSTOMERS = 40_000  # of an even sample: more would make the answer no surer
COVARIATES = (
    "orders", "orders_lately", "revenue", "recency_days", "tenure_days", "segment", "acquired_channel", "season",
)  # fmt: skip


class Contacts:
    """Compares those contacted with others, programme by programme; notes: what is to be said about the comparisons."""

    def __init__(self, workspace, filters: Filters, assumptions: Assumptions, known: Known, offers: Offers):
        self.workspace, self.filters, self.assumptions = workspace, filters, assumptions
        self.known, self.offers = known, offers
        self.notes: tuple[str, ...] = ()

    def caused(self, name: str) -> tuple[Interval, float] | None:
        """Margin that the programme's contacts caused in all, and margin per redeemed order; None where nothing can be
        concluded: nobody contacted, nobody left out or alike, margins not known, or unlike before the contact already.
        """
        total = self.offers.totals.set_index("name").loc[name]
        cutoffs = self._cutoffs()
        if not total["offers"] > 0 or total["customers_held_out"] > 0 or not cutoffs:
            return None
        before = self._effect(name, [day - timedelta(days=DAYS) for day in cutoffs], DAYS)
        if before is None or not before.effect.low <= 0 <= before.effect.high:
            self.notes = (*self.notes, _unlike(str(total["programme"])))
            return None
        found = self._effect(name, cutoffs, 0)
        if found is None:
            return None
        self.notes = (*self.notes, _note(str(total["programme"]), found))
        ends = (found.effect.value, found.effect.low, found.effect.high)
        per_order = share(float(total["booked"]), float(total["redeemed"]))
        return Interval(*(end * float(total["offers"]) for end in ends)), per_order

    def _effect(self, name: str, cutoffs: list[date], lead: int) -> Adjusted | None:
        """Effect per contacted customer on the margin of DAYS from each cut-off on."""
        people = self._people(name, cutoffs, lead)
        rate = self.assumptions.margin_rate
        if rate is None and people["orders_without_margin"].sum():
            return None
        margin = people["margin_given"] + (rate or 0.0) * people["amount_without_margin"]
        season = pd.to_datetime(people["cutoff"]).dt.strftime("%Y-%m")
        known = people.assign(season=season)[list(COVARIATES)]
        found = adjusted(margin, people["is_contacted"], known, "treated", people["customer_id"])
        return found if found.effect.known else None

    def _people(self, name: str, cutoffs: list[date], lead: int) -> pd.DataFrame:
        size = float(self.offers.lines["customers"].sum()) + 1.0
        sampled = round(65536 * min(1.0, MOST_CUSTOMERS / size))
        people = self.workspace.query(
            "incentive_contacts", name=name, cutoffs=cutoffs, days=DAYS, lead=lead, share=sampled
        )
        asked = zip(("segment", "region", "acquired_channel"), groups(self.filters).values(), strict=True)
        for column, wanted in asked:
            people = people[people[column].isin(wanted)] if wanted else people
        return people

    def _cutoffs(self) -> list[date]:
        first = self.known.orders.first_day + timedelta(days=HISTORY_DAYS + DAYS)
        last = self.known.orders.last_day + timedelta(days=1 - DAYS)
        count = min(MOST_CUTOFFS, (last - first).days // DAYS + 1)
        return [last - timedelta(days=DAYS * back) for back in range(count)]


def _note(programme: str, found: Adjusted) -> str:
    return _(
        "{programme} has no holdout: those contacted are compared with others alike in what was known before "
        "({trimmed} were like nobody and are left out). An unseen cause that goes along with contact and with margin by "
        "a risk ratio of {e_value} each would explain the difference away."
    ).format(
        programme=programme, trimmed=wording.number(found.trimmed), e_value=wording.number(found.e_value, 1)
    )


def _unlike(programme: str) -> str:
    return _(
        "{programme} has no holdout, and those it contacted cannot be compared with others: too few are alike, or they "
        "bought differently before the contact already."
    ).format(programme=programme)
