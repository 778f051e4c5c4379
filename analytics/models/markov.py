"""Removal effects of channels in an absorbing Markov chain of order 1 to 3, solved exactly.

Source: Anderl, Becker, von Wangenheim, Schumann (2016), Mapping the customer journey, Int. J. of Research in
Marketing 33(3). The closed form for sets of states follows from first-entry decomposition: with N = (I − Q)⁻¹, the
expected visits to a set C are n_C = f_C N_CC, where f_C is the distribution of the first entry into C, so what is
lost when C leads nowhere is f_C x_C = n_C N_CC⁻¹ x_C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.models.journeys import Journeys
from analytics.models.path_tree import Tree, numbered


@dataclass(frozen=True)
class Chain:
    """Transitions of journeys between states; a state is the last `order` channels of a journey.

    source, target: states of every distinct step (source `states` = the start). tree, node: the paths, and the node at
    which each ends. step: of every node of the tree, its last step. state: of every node, where it leads. holds:
    boolean [states, channels], the channels that a state contains.
    """

    source: np.ndarray
    target: np.ndarray
    tree: Tree
    node: np.ndarray
    step: np.ndarray
    state: np.ndarray
    holds: np.ndarray

    @property
    def states(self) -> int:
        """Number of transient states besides the start."""
        return self.holds.shape[0]


MOST_DENSE_STATES = 400


def build_chain(journeys: Journeys, order: int) -> Chain:
    """The chain of `order` over the distinct paths of `journeys`; ValueError unless order is 1, 2 or 3."""
    if order not in (1, 2, 3):
        raise ValueError("The order of the Markov model is 1, 2 or 3.")
    base = len(journeys.channels) + 1
    tree, node = journeys.in_tree()
    key = _last_steps(tree, order, base)
    distinct, state = numbered(key, base**order)
    holds = np.zeros((len(distinct), base), dtype=bool)
    for back in range(order):
        holds[np.arange(len(distinct)), distinct // base**back % base] = True
    size = len(distinct) + 1
    before = np.append(state, len(distinct))[tree.parent]  # the start, where there is no parent
    steps, step = numbered(before.astype(np.int64) * size + state, size * size)
    return Chain(steps // size, steps % size, tree, node, step, state, holds[:, 1:])


def _last_steps(tree: Tree, order: int, base: int) -> np.ndarray:
    """A number for the last `order` channels of every node; digits of `base`, zero where there are fewer."""
    key = tree.label.astype(np.int64) + 1
    here = tree.parent
    for back in range(1, order):
        inner = here >= 0
        key += np.where(inner, tree.label[here] + 1, 0) * base**back
        here = np.where(inner, tree.parent[here], -1)
    return key


def removal_effects(
    chain: Chain, conversions: np.ndarray, value: np.ndarray, nulls: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Share of conversions, and of value, that is lost when a channel leads nowhere; two arrays [channels] in [0, 1].

    conversions, value, nulls: one entry per path. A chain without conversions loses nothing.
    """
    steps, ends = _rewards(chain, conversions, value, conversions + nulls)
    return (_dense if chain.states <= MOST_DENSE_STATES else _sparse)(chain, steps, ends)


Steps = tuple[
    np.ndarray, np.ndarray, np.ndarray
]  # probability, source and target of the steps between states


def _rewards(
    chain: Chain, conversions: np.ndarray, value: np.ndarray, journeys: np.ndarray
) -> tuple[Steps, np.ndarray]:
    """The steps with their probability, and per state the expected conversions and value on leaving it for good."""
    size, nodes = chain.states + 1, len(chain.step)
    ended = np.bincount(chain.node, journeys, nodes)
    flow = np.bincount(chain.step, chain.tree.passed(ended), len(chain.source))
    out = np.bincount(chain.source, flow, size)
    out[:-1] += np.bincount(chain.state, ended, size)[:-1]
    last = chain.state[chain.node]
    with np.errstate(invalid="ignore", divide="ignore"):
        probability = np.where(flow > 0, flow / out[chain.source], 0.0)
        ends = [np.nan_to_num(np.bincount(last, amount, size) / out) for amount in (conversions, value)]
    return (probability, chain.source, chain.target), np.column_stack(ends)


def _dense(chain: Chain, steps: Steps, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = chain.states + 1
    inner = np.zeros((size, size))
    inner[steps[1], steps[2]] = steps[0]
    fundamental = np.linalg.inv(np.eye(size) - inner)
    reached = fundamental @ ends  # expected conversions and value from every state on
    visits, total = fundamental[-1], reached[-1]
    lost = np.zeros((chain.holds.shape[1], 2))
    for channel in range(chain.holds.shape[1]):
        states = np.flatnonzero(chain.holds[:, channel])
        entries = np.linalg.solve(fundamental[np.ix_(states, states)].T, visits[states])
        lost[channel] = entries @ reached[states]
    return _as_shares(lost, total)


def _sparse(chain: Chain, steps: Steps, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from scipy import sparse

    size = chain.states + 1
    inner = sparse.coo_array((steps[0], steps[1:]), shape=(size, size)).tocsc()
    total = _earned(inner, ends)
    lost = np.zeros((chain.holds.shape[1], 2))
    for channel in range(chain.holds.shape[1]):
        kept = np.append(np.flatnonzero(~chain.holds[:, channel]), chain.states)
        lost[channel] = total - _earned(inner[kept][:, kept], ends[kept])
    return _as_shares(lost, total)


def _earned(inner, ends: np.ndarray) -> np.ndarray:
    """Conversions and value expected from the start, the last of the states, between which `inner` leads."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    left = sparse.eye_array(inner.shape[0], format="csc") - inner
    # States are in the order of their channels; every other order that was tried fills the factors more.
    return splu(left.tocsc(), permc_spec="NATURAL").solve(ends)[-1]


def _as_shares(lost: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        effects = np.where(total != 0, lost / total, 0.0)
    return np.clip(effects[:, 0], 0.0, 1.0), effects[:, 1]
