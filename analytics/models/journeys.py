"""Journeys as arrays: distinct paths with their counts, flattened to one row per touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.models.path_tree import Tree, grow

SEPARATOR = " > "
COUNTS = ("conversions", "value", "nulls")


@dataclass(frozen=True)
class Journeys:
    """Distinct paths; `touch_*` have one entry per touch, the others one per path.

    channels: names in sorted order. touch_channel: index into channels. touch_path: index of the path.
    touch_age_days: days from the touch to the end of the journey, or None. length: touches per path. tree: the paths
    with what they share, its labels indices into channels, and node: the node of each path; None where not known.
    """

    channels: tuple[str, ...]
    touch_channel: np.ndarray
    touch_path: np.ndarray
    touch_age_days: np.ndarray | None
    length: np.ndarray
    conversions: np.ndarray
    value: np.ndarray
    nulls: np.ndarray
    tree: Tree | None = None
    node: np.ndarray | None = None

    @property
    def first(self) -> np.ndarray:
        """Position of the first touch of every path in the touch arrays."""
        return np.concatenate(([0], np.cumsum(self.length)[:-1])).astype(np.intp)

    @property
    def last(self) -> np.ndarray:
        """Position of the last touch of every path."""
        return (np.cumsum(self.length) - 1).astype(np.intp)

    @property
    def earning(self) -> Journeys:
        """The paths up to the last one that has conversions or value; of the others no rule has anything to hand out."""
        earns = np.flatnonzero((self.conversions != 0) | (self.value != 0))
        paths = int(earns[-1]) + 1 if len(earns) else 1
        if paths >= len(self.length):
            return self
        touches = int(self.length[:paths].sum())
        ages = None if self.touch_age_days is None else self.touch_age_days[:touches]
        return Journeys(
            self.channels, self.touch_channel[:touches], self.touch_path[:touches], ages, self.length[:paths],
            self.conversions[:paths], self.value[:paths], self.nulls[:paths],
        )  # fmt: skip

    def in_tree(self) -> tuple[Tree, np.ndarray]:
        """The paths with what they share, and the node of each."""
        if self.tree is not None and self.node is not None:
            return self.tree, self.node
        return grow(self.touch_channel, self.length, len(self.channels))


def from_frame(frame: pd.DataFrame) -> Journeys:
    """Journeys of DataFrame[path ("a > b > c"), conversions, value, nulls, ages_days ("9 > 2 > 0", optional)].

    Missing value or nulls count as zero; equal paths (with equal ages) are added up. ValueError where a path is
    empty, a count is negative or not finite, or ages and touches differ in number.
    """
    if "path" not in frame or "conversions" not in frame:
        raise ValueError("Journeys need the columns path and conversions.")
    keys = ["path"] + (["ages_days"] if "ages_days" in frame else [])
    full = frame.assign(**{name: frame.get(name, 0.0) for name in COUNTS})
    if "ages_days" in full:
        full["ages_days"] = full["ages_days"].map(_as_text)
    counts = full[list(COUNTS)].to_numpy(float)
    if not np.isfinite(counts).all() or (counts[:, [0, 2]] < 0).any():
        raise ValueError("Counts of journeys must be finite, and conversions and nulls not negative.")
    distinct = full.groupby(keys, sort=True, observed=True)[list(COUNTS)].sum().reset_index()
    return _flattened(distinct)


def _as_text(ages: object) -> str:
    return (
        ages if isinstance(ages, str) else SEPARATOR.join(str(age) for age in np.atleast_1d(np.asarray(ages)))
    )


def _flattened(distinct: pd.DataFrame) -> Journeys:
    steps = distinct["path"].str.split(SEPARATOR.strip(), regex=False)
    touches = steps.explode().str.strip()
    if touches.isna().any() or (touches == "").any():
        raise ValueError("A path has an empty step; write paths as 'a > b > c'.")
    length = steps.str.len().to_numpy(np.intp)
    codes, names = pd.factorize(touches, sort=True)
    ages = None
    if "ages_days" in distinct:
        listed = distinct["ages_days"].str.split(SEPARATOR.strip(), regex=False)
        if (listed.str.len().to_numpy() != length).any():
            raise ValueError("ages_days needs one age for every step of its path.")
        ages = listed.explode().astype(float).to_numpy()
    return Journeys(
        tuple(str(n) for n in names), codes.astype(np.intp), np.repeat(np.arange(len(distinct)), length), ages, length,
        *(distinct[name].to_numpy(float) for name in COUNTS),
    )  # fmt: skip
