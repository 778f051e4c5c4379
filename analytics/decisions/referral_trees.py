"""Communities: the largest trees of referrals, laid out for drawing, each with its largest branches only.

Drawing all of a hundred thousand referrals shows nothing. Ten trees with a few dozen people each can be read, and the
rest is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.models.referrals import NOBODY, Forest

TREES, PEOPLE, LEAVES, DEEPEST = (
    10,
    30,
    9,
    6,
)  # drawn: people, ends of branches and generations of a tree at most
SMALLEST = 2  # people of a tree
NODE_COLUMNS = (
    "tree", "person", "referrer_row", "generation", "place", "value", "descendants", "hidden", "customer_id",
)  # fmt: skip
TREE_COLUMNS = ("tree", "customer_id", "people", "drawn", "generations", "value")


@dataclass(frozen=True, eq=False)
class Communities:
    """nodes: frame of NODE_COLUMNS, the people who are drawn; referrer_row: row of who brought this one, −1: nobody;
    place: height among the branches of its tree; hidden: people directly below who are not drawn. trees: frame of
    TREE_COLUMNS, largest first. all_trees, all_people: of the whole forest.
    """

    nodes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(NODE_COLUMNS)))
    trees: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TREE_COLUMNS)))
    all_trees: int = 0
    all_people: int = 0

    @property
    def people_in_drawn(self) -> int:
        """People of the trees of which something is drawn."""
        return int(self.trees["people"].sum())

    @property
    def drawn(self) -> int:
        """People who are drawn."""
        return len(self.nodes)


def communities(
    forest: Forest, value: np.ndarray, ids: np.ndarray, is_looked_at: np.ndarray | None = None
) -> Communities:
    """The largest trees. value, ids: per person. is_looked_at: whose trees may be drawn, by who stands at the top."""
    below = forest.descendants
    at_top = (forest.referrer == NOBODY) & (below > 0)
    if is_looked_at is not None:
        at_top &= is_looked_at
    tops = np.flatnonzero(at_top)
    people = int((below[tops] + 1).sum())
    drawn = tops[np.lexsort((ids[tops].astype(str), -below[tops]))][:TREES] if len(tops) else tops
    order, starts = _by_root(forest, drawn)
    parts, trees = [], []
    for tree, top in enumerate(drawn):
        members = order[starts[tree] : starts[tree + 1]]
        nodes = _nodes(tree, _kept(forest, value, members), forest, value, ids)
        trees.append((tree, ids[top], len(members), len(nodes), int(forest.generation[members].max()),
                      float(value[members].sum())))  # fmt: skip
        parts.append(nodes.assign(referrer_row=_shifted(nodes["referrer_row"], sum(map(len, parts)))))
    nodes = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(NODE_COLUMNS))
    return Communities(nodes, pd.DataFrame(trees, columns=list(TREE_COLUMNS)), len(tops), people)


def _by_root(forest: Forest, tops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People of these trees, tree by tree, and where each tree begins."""
    place = np.full(len(forest), len(tops))
    place[tops] = np.arange(len(tops))
    tree = place[forest.root]
    members = np.flatnonzero(tree < len(tops))
    order = members[np.argsort(tree[members], kind="stable")]
    return order, np.searchsorted(tree[order], np.arange(len(tops) + 1))


def _kept(forest: Forest, value: np.ndarray, members: np.ndarray) -> np.ndarray:
    """The people with most below them: whoever is among them has the referrer among them too."""
    members = members[forest.generation[members] <= DEEPEST]
    order = np.lexsort((members, -value[members], -forest.descendants[members]))
    kept, ends = [], 0
    has_child: set[int] = set()
    for person in members[order[: PEOPLE * LEAVES]]:
        referrer = int(forest.referrer[person])
        new_end = referrer in has_child or referrer == NOBODY  # else the referrer's own end only moves on
        if ends + new_end > LEAVES:
            continue
        if referrer != NOBODY and referrer not in kept:
            continue
        kept.append(int(person))
        has_child.add(referrer)
        ends += new_end
        if len(kept) == PEOPLE:
            break
    return np.array(kept)


def _nodes(tree: int, people: np.ndarray, forest: Forest, value: np.ndarray, ids: np.ndarray) -> pd.DataFrame:
    row = {int(person): n for n, person in enumerate(people)}
    above = np.array([row.get(int(forest.referrer[person]), -1) for person in people])
    children: dict[int, list[int]] = {n: [] for n in range(len(people))}
    for n, parent in enumerate(above):
        if parent >= 0:
            children[parent].append(n)
    direct = np.bincount(forest.referrer[forest.referrer >= 0], minlength=len(forest))[people]
    return pd.DataFrame(
        {
            "tree": tree,
            "person": people,
            "referrer_row": above,
            "generation": forest.generation[people],
            "place": _places(children, above),
            "value": value[people],
            "descendants": forest.descendants[people],
            "hidden": direct - np.array([len(children[n]) for n in range(len(people))]),
            "customer_id": ids[people],
        }
    )


def _places(children: dict[int, list[int]], above: np.ndarray) -> np.ndarray:
    """Ends of branches at 0, 1, 2 …; everybody else in the middle of those directly below."""
    place, next_end = np.zeros(len(above)), 0
    stack = [(int(np.flatnonzero(above < 0)[0]), False)] if len(above) else []
    while stack:
        n, is_done = stack.pop()
        below = children[n]
        if not below:
            place[n], next_end = next_end, next_end + 1
        elif is_done:
            place[n] = (place[below[0]] + place[below[-1]]) / 2
        else:
            stack += [(n, True), *((child, False) for child in reversed(below))]
    return place


def _shifted(rows: pd.Series, by: int) -> np.ndarray:
    return np.where(rows >= 0, rows + by, -1)
