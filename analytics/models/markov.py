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


@dataclass(frozen=True)
class Chain:
    """Transitions of journeys between states; a state is the last `order` channels of a journey.

    source, target: states of every distinct step (`states` = start as a source, end as a target). step, path: of every
    contact of a journey and of every journey's start, which step it is and which path it belongs to. last: the state
    in which a path ends. holds: boolean [states, channels], the channels that a state contains.
    """

    source: np.ndarray
    target: np.ndarray
    step: np.ndarray
    path: np.ndarray
    last: np.ndarray
    holds: np.ndarray

    @property
    def states(self) -> int:
        """Number of transient states besides the start."""
        return self.holds.shape[0]


MOST_DENSE_STATES = 400
MOST_KEYS = 10_000_000  # beyond this sorting needs less memory than a table


def build_chain(journeys: Journeys, order: int) -> Chain:
    """The chain of `order` over the distinct paths of `journeys`; ValueError unless order is 1, 2 or 3."""
    if order not in (1, 2, 3):
        raise ValueError("The order of the Markov model is 1, 2 or 3.")
    base = len(journeys.channels) + 1
    place = np.arange(len(journeys.touch_channel)) - journeys.first[journeys.touch_path]
    key = np.zeros(len(place), dtype=np.int64)
    for back in range(order):
        shifted = np.roll(journeys.touch_channel, back) + 1
        key = key * base + np.where(place >= back, shifted, 0)
    distinct, state = _numbered(key, base**order)
    holds = np.zeros((len(distinct), base), dtype=bool)
    rest = distinct.copy()
    for _ in range(order):
        holds[np.arange(len(distinct)), rest % base] = True
        rest //= base
    size, is_first = len(distinct) + 1, place == 0
    following = np.roll(state, -1)
    following[journeys.last] = len(distinct)  # the end
    steps = np.concatenate([len(distinct) * size + state[is_first], state * size + following])
    step_keys, step = _numbered(steps, size * size)
    path = np.concatenate([np.arange(len(journeys.length)), journeys.touch_path])
    return Chain(step_keys // size, step_keys % size, step, path, state[journeys.last], holds[:, 1:])


def _numbered(key: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The distinct keys, integers below `size`, in order, and for each key its place among them."""
    if size > MOST_KEYS:
        distinct, place = np.unique(key, return_inverse=True)
        return distinct, place
    distinct = np.flatnonzero(np.bincount(key, minlength=size))
    place_of = np.zeros(size, dtype=np.intp)
    place_of[distinct] = np.arange(len(distinct))
    return distinct, place_of[key]


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
    size = chain.states + 1
    flow = np.bincount(chain.step, journeys[chain.path], len(chain.source))
    out = np.bincount(chain.source, flow, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        probability = np.where(flow > 0, flow / out[chain.source], 0.0)
        ends = [np.nan_to_num(np.bincount(chain.last, amount, size) / out) for amount in (conversions, value)]
    moves = chain.target < chain.states  # not to the end
    return (probability[moves], chain.source[moves], chain.target[moves]), np.column_stack(ends)


Steps = tuple[
    np.ndarray, np.ndarray, np.ndarray
]  # probability, source and target of the steps between states


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
    from scipy.sparse.linalg import splu

    size = chain.states + 1
    inner = sparse.coo_array((steps[0], steps[1:]), shape=(size, size)).tocsr()
    identity = sparse.eye_array(size, format="csc")
    total = splu((identity - inner).tocsc()).solve(ends)[-1]
    lost = np.zeros((chain.holds.shape[1], 2))
    for channel in range(chain.holds.shape[1]):
        kept = np.append(~chain.holds[:, channel], True).astype(float)
        without = sparse.diags_array(kept) @ inner @ sparse.diags_array(kept)
        lost[channel] = total - splu((identity - without).tocsc()).solve(ends * kept[:, None])[-1]
    return _as_shares(lost, total)


def _as_shares(lost: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        effects = np.where(total != 0, lost / total, 0.0)
    return np.clip(effects[:, 0], 0.0, 1.0), effects[:, 1]
