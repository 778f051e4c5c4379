"""Customer equity: what customers, those of today and those still to be won, are worth."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from analytics.language import gettext as _

_HALVINGS = 200  # more than a float has digits


@dataclass(frozen=True)
class EquityTest:
    """Customer equity per prospect at yearly spends per prospect (acquisition) and per customer (retention), money.

    acquisition_rate and retention_rate, in [0, 1], are what the spends reach; acquisition_k and retention_k are the
    speeds of the two response curves, per unit of money. customer_value: of a customer just won, before what winning
    him cost. `equity` = acquisition_rate × customer_value − acquisition_spend.
    """

    acquisition_spend: float
    retention_spend: float
    acquisition_ceiling: float
    retention_ceiling: float
    acquisition_k: float
    retention_k: float
    margin: float
    discount_rate: float

    @property
    def acquisition_rate(self) -> float:
        """Share of prospects won."""
        return _reached(self.acquisition_spend, self.acquisition_ceiling, self.acquisition_k)

    @property
    def retention_rate(self) -> float:
        """Share of customers kept from one year to the next."""
        return _reached(self.retention_spend, self.retention_ceiling, self.retention_k)

    @property
    def customer_value(self) -> float:
        """V = m + Σ_t≥1 (m r − R) r^(t−1) / (1+d)^t = m + (m r − R) / (1 + d − r), over an infinite horizon."""
        kept = self.margin * self.retention_rate - self.retention_spend
        return self.margin + kept / (1 + self.discount_rate - self.retention_rate)

    @property
    def equity(self) -> float:
        """Customer equity per prospect: a V − A."""
        return self.acquisition_rate * self.customer_value - self.acquisition_spend

    @property
    def optimum(self) -> EquityTest:
        """The same business at the spends with the highest equity; there dA/da = dR/dr = V, or a spend is 0."""
        kept_best = self.at(self.acquisition_spend, self._best_retention())
        steepest = self.acquisition_ceiling * self.acquisition_k * kept_best.customer_value
        acquisition = math.log(steepest) / self.acquisition_k if steepest > 1 else 0.0
        return self.at(acquisition, kept_best.retention_spend)

    def at(self, acquisition_spend: float, retention_spend: float) -> EquityTest:
        """The same business at other spends."""
        return replace(self, acquisition_spend=acquisition_spend, retention_spend=retention_spend)

    def _best_retention(self) -> float:
        """Where the last unit put into retention adds nothing to V: V × dr/dR falls from above 1 to below."""

        def excess(spend: float) -> float:
            there = self.at(self.acquisition_spend, spend)
            slope = self.retention_k * (self.retention_ceiling - there.retention_rate)
            return there.customer_value * slope - 1

        if excess(0.0) <= 0:
            return 0.0
        high = 1 / self.retention_k
        while excess(high) > 0:
            high *= 2
        low = 0.0
        for _halving in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if excess(middle) > 0 else (low, middle)
        return (low + high) / 2


def customer_equity_test(
    acquisition_spend: float,
    acquisition_rate: float,
    acquisition_ceiling: float,
    retention_spend: float,
    retention_rate: float,
    retention_ceiling: float,
    margin: float,
    discount_rate: float,
) -> EquityTest:
    """What the balance of acquisition and retention is worth, and which balance would be worth most.

    Spends and margin: money per prospect, per customer and year, per customer and year. Rates and ceilings in [0, 1]:
    the rate is what today's spend reaches, the ceiling what no spend would pass. discount_rate: yearly. The curves
    rate = ceiling × (1 − e^(−k × spend)) go through nothing and today's point. ValueError for rates that are not
    between nothing and their ceiling, or spends or a discount rate that are not above 0.

    Source: Blattberg, Deighton (1996), Manage marketing by the customer equity test, Harvard Business Review 74(4).
    """
    if not (acquisition_spend > 0 and retention_spend > 0 and discount_rate > 0):
        raise ValueError(_("Both spends and the discount rate of the equity test must be above 0."))
    for rate, ceiling in ((acquisition_rate, acquisition_ceiling), (retention_rate, retention_ceiling)):
        if not 0 < rate < ceiling <= 1:
            raise ValueError(
                _(
                    "A rate of {rate} must lie above 0 and below its ceiling of {ceiling}, which is at most 1."
                ).format(rate=rate, ceiling=ceiling)
            )
    return EquityTest(
        acquisition_spend,
        retention_spend,
        acquisition_ceiling,
        retention_ceiling,
        -math.log1p(-acquisition_rate / acquisition_ceiling) / acquisition_spend,
        -math.log1p(-retention_rate / retention_ceiling) / retention_spend,
        margin,
        discount_rate,
    )


def _reached(spend: float, ceiling: float, k: float) -> float:
    return -ceiling * math.expm1(-k * spend)
