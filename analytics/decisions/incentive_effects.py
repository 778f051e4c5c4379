"""What open offers caused among chosen customers: orders and margin that would not have come without them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.interval import NOT_KNOWN, Interval, of_draws
from analytics.models.incentives import Spells, fit_lifts

DRAWS = 2_000
SEED = 2_007
FEWEST_CUSTOMERS = 20  # with days on which the offer was open, in each arm; below it the cell cannot be told


@dataclass(frozen=True, eq=False)
class Effects:
    """Arrays (k,) by programme: caused margin and caused events (orders; friends of programmes that act by friends),
    their draws (DRAWS, k), and how many customers of each arm had days with the offer open. NaN where too few had.
    """

    margin: np.ndarray
    margin_draws: np.ndarray
    events: np.ndarray
    event_draws: np.ndarray
    treated: np.ndarray
    held_out: np.ndarray

    def margin_of(self, chosen: np.ndarray) -> Interval:
        """Caused margin of the chosen programmes together, as far as known (a mask or a number)."""
        return _together(self.margin, self.margin_draws, chosen)

    def events_of(self, chosen: np.ndarray) -> Interval:
        """Caused events of the chosen programmes together."""
        return _together(self.events, self.event_draws, chosen)


@dataclass(frozen=True, eq=False)
class Exposure:
    """days: incentive_days.sql. programmes: incentive_programmes.sql. friend_value: margin of a referred customer over
    the horizon. margin: of each row of days, NaN where not known. scale: customers per customer in days.
    """

    days: pd.DataFrame
    programmes: pd.DataFrame
    margin: np.ndarray
    friend_value: float
    scale: float

    @property
    def by_friends(self) -> np.ndarray:
        """Which programmes are judged by friends."""
        return self.programmes["by_friends"].to_numpy(dtype=bool)

    def effects(self, chosen: np.ndarray | None = None, seed: int = 0) -> Effects:
        """The effects on the chosen rows of days (a mask; None: all)."""
        rows = np.ones(len(self.days), dtype=bool) if chosen is None else chosen
        days = self.days[rows]
        bits = self.programmes["programme_no"].to_numpy(dtype=np.int64)
        is_open, is_treated = _bits(days["open_set"], bits), _bits(days["treated_set"], bits)
        shares = np.full((DRAWS + 1, len(bits)), NAN)
        counts = [_customers(days["customer_no"], is_open & arm) for arm in (is_treated, ~is_treated)]
        enough = np.minimum(*counts) >= FEWEST_CUSTOMERS
        for by_friends, events in ((False, "orders"), (True, "friends")):
            mine = enough & (self.by_friends == by_friends)
            if mine.any():
                shares[:, mine] = _shares(days, events, is_open[:, mine], is_treated[:, mine], seed)
        reached = is_open & is_treated
        events = np.where(self.by_friends, _sums(days["friends"], reached), _sums(days["orders"], reached))
        margin = np.where(self.by_friends, events * self.friend_value, _sums(self.margin[rows], reached))
        caused, amount = shares * events * self.scale, shares * margin * self.scale
        return Effects(
            amount[0], amount[1:], caused[0], caused[1:], *(count * self.scale for count in counts)
        )


def _shares(
    days: pd.DataFrame, events: str, is_open: np.ndarray, is_treated: np.ndarray, seed: int
) -> np.ndarray:
    """Caused shares and below them their draws, shape (DRAWS + 1, k)."""
    spells = Spells(
        *(days[name].to_numpy() for name in ("customer_no", "age_band", "days", events)), is_open, is_treated
    )
    lifts = fit_lifts(spells)
    return np.vstack([lifts.caused_shares(), lifts.draws(DRAWS, SEED + seed)])


def _together(value: np.ndarray, draws: np.ndarray, chosen: np.ndarray) -> Interval:
    known = chosen & np.isfinite(value)
    if not known.any():
        return NOT_KNOWN
    return of_draws(float(value[known].sum()), draws[:, known].sum(axis=1))


def _bits(sets: pd.Series, bits: np.ndarray) -> np.ndarray:
    return (sets.to_numpy(dtype=np.int64)[:, None] >> bits) & 1 == 1


def _sums(column, mask: np.ndarray) -> np.ndarray:
    values = np.asarray(column, dtype=float)
    return np.array([values[there].sum() for there in mask.T])


def _customers(names: pd.Series, mask: np.ndarray) -> np.ndarray:
    numbers = names.to_numpy()
    return np.array([len(np.unique(numbers[there])) for there in mask.T], dtype=float)
