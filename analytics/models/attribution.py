"""Which channels deserve the credit for conversions: rules, Markov removal effects and Shapley values.

Unit: a customer's journey, compressed to distinct paths with counts. Every model hands out exactly what was observed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.models import journeys as paths
from analytics.models.journeys import Journeys
from analytics.models.markov import Chain, build_chain, removal_effects
from analytics.models.shapley import credit_shares

MODELS = ("first", "last", "last_non_direct", "linear", "position", "time_decay", "markov", "shapley")
DIRECT = "direct"
INTERVAL = (0.1, 0.9)  # an 80 % interval


def credit(
    journeys: pd.DataFrame | Journeys, model: str, order: int = 1, half_life_days: float = 7.0
) -> pd.DataFrame:
    """Credit of every channel: DataFrame[channel, conversions, value], sorted by channel.

    journeys: DataFrame[path ("a > b > c"), conversions, value, nulls], one row per distinct path; time_decay also
    needs ages_days ("9 > 2 > 0", days from the touch to the end); or what from_frame made of it. Sums
    equal the observed totals for every model. `order` is that of the Markov model (1 to 3). ValueError for an unknown model or unusable journeys.
    """
    parsed = journeys if isinstance(journeys, Journeys) else paths.from_frame(journeys)
    shares = _Credit(parsed, model, order, half_life_days)
    handed_out = shares(parsed.conversions, parsed.value, parsed.nulls)
    return pd.DataFrame(
        {"channel": parsed.channels, "conversions": handed_out[:, 0], "value": handed_out[:, 1]}
    )


def credit_intervals(
    journeys: pd.DataFrame | Journeys,
    model: str,
    order: int = 1,
    half_life_days: float = 7.0,
    draws: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Credit with 80 % intervals by Poisson bootstrap over journeys.

    DataFrame[channel, conversions, conversions_low, conversions_high, value, value_low, value_high]. In each draw a
    path's journeys are drawn anew around their count; value moves with the conversions of its path.
    """
    parsed = journeys if isinstance(journeys, Journeys) else paths.from_frame(journeys)
    shares = _Credit(parsed, model, order, half_life_days)
    point = shares(parsed.conversions, parsed.value, parsed.nulls)
    random = np.random.default_rng(seed)
    drawn = np.empty((draws, len(parsed.channels), 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = np.nan_to_num(parsed.value / parsed.conversions)
    for i in range(draws):
        conversions = random.poisson(parsed.conversions).astype(float)
        drawn[i] = shares(conversions, conversions * worth, random.poisson(parsed.nulls).astype(float))
    low, high = np.quantile(drawn, INTERVAL, axis=0)
    return pd.DataFrame({
        "channel": parsed.channels,
        "conversions": point[:, 0], "conversions_low": low[:, 0], "conversions_high": high[:, 0],
        "value": point[:, 1], "value_low": low[:, 1], "value_high": high[:, 1],
    })  # fmt: skip


@dataclass
class _Credit:
    """A model made ready for given paths, so that it can be applied to many sets of counts."""

    journeys: Journeys
    model: str
    order: int
    half_life_days: float

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise ValueError(f"The model {self.model!r} is not known; choose one of {', '.join(MODELS)}.")
        if self.model == "markov":
            self.chain: Chain | None = build_chain(self.journeys, self.order)
        else:
            self.chain = None
            self.shares = _shares(self.journeys.earning, self.model, self.half_life_days)

    def __call__(self, conversions: np.ndarray, value: np.ndarray, nulls: np.ndarray) -> np.ndarray:
        """Credit [channels, 2]: conversions and value."""
        if self.chain is not None:
            effects = removal_effects(self.chain, conversions, value, nulls)
            totals = (conversions.sum(), value.sum())
            return np.column_stack([_normalised(e) * total for e, total in zip(effects, totals, strict=True)])
        at, path, share = self.shares
        channels = len(self.journeys.channels)
        handed_out = (np.bincount(at, share * amount[path], channels) for amount in (conversions, value))
        return np.column_stack(list(handed_out))


def _normalised(effects: np.ndarray) -> np.ndarray:
    total = effects.sum()
    return effects / total if total else np.zeros_like(effects)


Shares = tuple[
    np.ndarray, np.ndarray, np.ndarray | float
]  # channel, path, and its share of the path's credit


def _shares(journeys: Journeys, model: str, half_life_days: float) -> Shares:
    """Who gets which share of a path's credit; the shares of a path add up to one."""
    if model in ("first", "last", "last_non_direct"):
        chosen = {"first": journeys.first, "last": journeys.last}.get(model)
        one = _last_non_direct(journeys) if chosen is None else chosen
        return journeys.touch_channel[one], np.arange(len(one)), 1.0
    if model == "shapley":
        return credit_shares(journeys)
    touch_shares = {"linear": _linear, "position": _position}.get(model)
    shares = touch_shares(journeys) if touch_shares else _time_decay(journeys, half_life_days)
    return journeys.touch_channel, journeys.touch_path, shares


def _linear(journeys: Journeys) -> np.ndarray:
    return np.repeat(1.0 / journeys.length, journeys.length)


def _position(journeys: Journeys) -> np.ndarray:
    length = journeys.length
    shares = np.repeat(0.2 / np.maximum(length - 2, 1), length)
    for ends in (journeys.first, journeys.last):
        shares[ends] = np.select([length == 1, length == 2], [1.0, 0.5], 0.4)
    return shares


def _time_decay(journeys: Journeys, half_life_days: float) -> np.ndarray:
    if journeys.touch_age_days is None:
        raise ValueError(
            "The time decay model needs ages_days: the days from every touch to the end of the journey."
        )
    if half_life_days <= 0:
        raise ValueError("The half-life is a number of days above zero.")
    youngest = np.minimum.reduceat(journeys.touch_age_days, journeys.first)
    older = journeys.touch_age_days - np.repeat(youngest, journeys.length)
    weight = np.exp2(older / -half_life_days)
    return weight / np.repeat(np.add.reduceat(weight, journeys.first), journeys.length)


def _last_non_direct(journeys: Journeys) -> np.ndarray:
    is_direct = np.array([name.strip().lower() == DIRECT for name in journeys.channels], dtype=bool)
    if not is_direct.any():
        return journeys.last
    other = np.where(is_direct[journeys.touch_channel], -1, np.arange(len(journeys.touch_channel)))
    found = np.maximum.reduceat(other, journeys.first)
    return np.where(found < 0, journeys.last, found)
