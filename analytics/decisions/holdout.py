"""Is the model right? Fitted without the last days of the data, it foretells the orders of these days."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN, share
from analytics.decisions.histories import Histories
from analytics.decisions.lifetime_fit import fit_purchases
from analytics.warehouse.marts import HOLDOUT_DAYS

MOST_FREQUENT = 6  # repeat days from here on are one class
COLUMNS = ("frequency", "customers", "expected", "actual")


@dataclass(frozen=True, eq=False)
class Holdout:
    """Days with an order in the last HOLDOUT_DAYS, of customers who had ordered before: expected and actual (NaN where
    the data are too short). by_frequency: frame of COLUMNS, by repeat days before (the last class: or more).
    """

    customers: int
    expected: float
    actual: float
    by_frequency: pd.DataFrame

    @property
    def miss(self) -> float:
        """How many more came than were expected, as a share of those expected."""
        return share(self.actual - self.expected, self.expected)


def holdout(histories: Histories) -> Holdout:
    """Fits to what was known before the holdout, and holds the forecast against what came."""
    there = histories.was_there & (histories.T_days_before >= 0)
    x, tx, T = (
        column[there]
        for column in (histories.frequency_before, histories.recency_days_before, histories.T_days_before)
    )
    is_existing = histories.is_existing[there]
    models = fit_purchases(x, tx, T, is_existing) if len(T) and T.max() >= HOLDOUT_DAYS else None
    if models is None:
        return Holdout(int(there.sum()), NAN, NAN, pd.DataFrame(columns=list(COLUMNS)))
    expected = np.empty(len(x))
    for model, part in zip(models, (~is_existing, is_existing), strict=True):
        expected[part] = model.conditional_expected_purchases(HOLDOUT_DAYS, x[part], tx[part], T[part])
    actual = (histories.frequency - histories.frequency_before)[there]
    return Holdout(len(x), float(expected.sum()), float(actual.sum()), _by_frequency(x, expected, actual))


def _by_frequency(x: np.ndarray, expected: np.ndarray, actual: np.ndarray) -> pd.DataFrame:
    kind = np.minimum(x, MOST_FREQUENT)
    customers = np.bincount(kind, minlength=MOST_FREQUENT + 1)
    columns = (np.arange(MOST_FREQUENT + 1), customers, np.bincount(kind, expected, MOST_FREQUENT + 1),
               np.bincount(kind, actual, MOST_FREQUENT + 1))  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))[customers > 0].reset_index(drop=True)
