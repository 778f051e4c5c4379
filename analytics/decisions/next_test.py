"""The holdout that would settle it: how many customers to leave alone, for how many weeks.

A test of w weeks that leaves the share h of N customers alone measures the margin that programmes cause with N customers
with the standard error σ √(w / W) √(N / (h (1 − h))), where σ is the spread of a customer's margin over the W weeks
observed. The difference that it has to show is how far retention's margin lies from what would make both returns equal; it
grows with time. The verdict needs a probability of 0.9, so the difference has to be (1.28 + 0.84) standard errors for a power of 80 %.
"""

import math
from dataclasses import dataclass, field

import pandas as pd

from analytics.decisions.interval import QUANTILE

POWER = 0.8
POWER_QUANTILE = 0.8416212335729143  # of the standard normal distribution at POWER
SHARES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
MOST_WEEKS = 52
DAYS_PER_WEEK = 7
CURVE_SHARES = (0.1, 0.2)  # shown beside the share that is advised, where they are at most half of it
FEWEST_WEEKS_SHOWN = 8
CURVE_COLUMNS = ("share", "weeks", "power")


@dataclass(frozen=True)
class NextTest:
    """customers: due for a programme; holdout: of them to leave alone for so many weeks; weeks 0: none would do.

    exact_weeks: those at which the power is reached, before they are rounded up to whole ones.
    """

    customers: int
    holdout_share: float
    weeks: int
    power: float = POWER
    exact_weeks: float = field(default=math.nan, compare=False)

    @property
    def holdout(self) -> int:
        """Customers to leave alone."""
        return round(self.customers * self.holdout_share)

    @property
    def is_possible(self) -> bool:
        """Whether any test of a year or less would do."""
        return self.weeks > 0

    def power_after(self, weeks: float, share: float) -> float:
        """Probability that a test of so many weeks with this share left alone shows the difference; NaN where none would do.

        Signal over noise grows with √weeks and with √(share (1 − share)).
        """
        if not (self.is_possible and math.isfinite(self.exact_weeks)):
            return math.nan
        spread = share * (1 - share) / (self.holdout_share * (1 - self.holdout_share))
        signal = (QUANTILE + POWER_QUANTILE) * math.sqrt(spread * weeks / self.exact_weeks)
        return math.erfc((QUANTILE - signal) / math.sqrt(2)) / 2


def next_test(difference: float, deviation: float, customers: int, observed_days: int) -> NextTest | None:
    """The test that leaves the fewest customer-weeks alone.

    difference: money over the observed days by which retention's margin, were none of the customers left alone, exceeds,
    or falls short of, equal returns. deviation: standard deviation of a customer's margin over these days. None where any
    of it is not known.
    """
    if not (math.isfinite(difference) and deviation > 0 and customers > 0 and observed_days > 0):
        return None
    weeks_observed = observed_days / DAYS_PER_WEEK
    possible = []
    for share in SHARES:
        # difference × w / W ≥ quantiles × deviation × √(w / W) × √(N / (h (1 − h))), solved for w
        error = deviation * math.sqrt(customers / (share * (1 - share)))
        exact = (
            weeks_observed * ((QUANTILE + POWER_QUANTILE) * error / difference) ** 2
            if difference
            else math.inf
        )
        if exact <= MOST_WEEKS:
            weeks = max(math.ceil(exact), 1)
            possible.append((share * weeks, share, weeks, exact))
    if not possible:
        return NextTest(customers, 0.0, 0)
    _cost, share, weeks, exact = min(possible)
    return NextTest(customers, share, weeks, exact_weeks=float(exact))


def power_curves(test: NextTest) -> pd.DataFrame:
    """Frame of CURVE_COLUMNS: the power of the test after so many weeks, for the share advised and for much smaller ones.

    Up to twice the weeks that are advised, at most 52.
    """
    smaller = (share for share in CURVE_SHARES if share <= test.holdout_share / 2)
    last = min(max(2 * test.weeks, FEWEST_WEEKS_SHOWN), MOST_WEEKS)
    rows = [
        (share, weeks, test.power_after(weeks, share))
        for share in sorted({*smaller, test.holdout_share})
        for weeks in range(1, last + 1)
        if test.is_possible
    ]
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))
