"""Paths that share their beginnings, as a tree: counting by node is quicker than looking at every step of every path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

_ROOMY = 4  # possible keys per row up to which numbering by place beats sorting


@dataclass(frozen=True, eq=False)
class Tree:
    """A node is a path, its parent the path without the last step.

    parent: of every node, -1 for a path of one step. label: the last step. depth: number of steps. Sorted by depth.
    """

    parent: np.ndarray
    label: np.ndarray
    depth: np.ndarray

    @cached_property
    def levels(self) -> list[int]:
        """Where the nodes of each depth begin, and the end."""
        deepest = int(self.depth.max(initial=0))
        return np.searchsorted(self.depth, np.arange(1, deepest + 2)).tolist()

    def passed(self, ended: np.ndarray) -> np.ndarray:
        """How much passes each node or ends there, from how much ends there."""
        flow = ended.astype(float)
        for depth in range(len(self.levels) - 2, 0, -1):
            above, begin, end = self.levels[depth - 1 : depth + 2]
            flow[above:begin] += np.bincount(self.parent[begin:end] - above, flow[begin:end], begin - above)
        return flow

    def written(self, nodes: np.ndarray) -> np.ndarray:
        """The steps of the paths at `nodes`, one path after the other."""
        length = self.depth[nodes]
        steps = np.empty(int(length.sum()), dtype=self.label.dtype)
        at, here = np.cumsum(length) - 1, nodes
        while len(here):
            steps[at] = self.label[here]
            here = self.parent[here]
            inner = here >= 0
            at, here = at[inner] - 1, here[inner]
        return steps


def grow(steps: np.ndarray, length: np.ndarray, base: int) -> tuple[Tree, np.ndarray]:
    """The tree of all paths, and the node of each. steps: integers below `base`, one path of `length` after the other."""
    node = np.empty(len(length), dtype=np.int32)
    at, left, which = (
        np.cumsum(length, dtype=np.int64) - length,
        length,
        np.arange(len(length), dtype=np.int32),
    )
    parents, labels, sizes = [np.empty(0, np.int64)], [np.empty(0, np.int64)], []
    begin, above, key, size = 0, np.full(1, -1), steps[at].astype(np.int64), base
    while len(key):
        distinct, place = numbered(key, size)
        parents.append(above[distinct // base])
        labels.append(distinct % base)
        sizes.append(len(distinct))
        node[which] = begin + place
        goes_on = np.flatnonzero(left > len(sizes))
        which, at, left = which[goes_on], at[goes_on], left[goes_on]
        key = place[goes_on] * np.int64(base) + steps[at + len(sizes)]
        above = np.arange(begin, begin + len(distinct))
        begin, size = begin + len(distinct), len(distinct) * base
    depth = np.repeat(np.arange(1, len(sizes) + 1, dtype=np.int32), sizes)
    parent, label = (np.concatenate(column).astype(np.int32) for column in (parents, labels))
    return Tree(parent, label, depth), node


def numbered(key: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The distinct keys, integers below `size`, in order, and for each key its place among them."""
    if size > _ROOMY * len(key) + 1000:
        return np.unique(key, return_inverse=True)
    seen = np.zeros(size, dtype=bool)
    seen[key] = True
    distinct = np.flatnonzero(seen)
    place_of = np.empty(size, dtype=np.int32)
    place_of[distinct] = np.arange(len(distinct), dtype=np.int32)
    return distinct, place_of[key]
