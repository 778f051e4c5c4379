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

    source, target: state of every step (−1 = start, −2 = end); path: the journey that it belongs to.
    holds: boolean [states, channels], the channels that a state contains.
    """

    source: np.ndarray
    target: np.ndarray
    path: np.ndarray
    holds: np.ndarray

    @property
    def states(self) -> int:
        """Number of transient states besides the start."""
        return self.holds.shape[0]


START, END = -1, -2


def build_chain(journeys: Journeys, order: int) -> Chain:
    """The chain of `order` over the distinct paths of `journeys`; ValueError unless order is 1, 2 or 3."""
    if order not in (1, 2, 3):
        raise ValueError("The order of the Markov model is 1, 2 or 3.")
    channels, base = len(journeys.channels), len(journeys.channels) + 1
    place = np.arange(len(journeys.touch_channel)) - journeys.first[journeys.touch_path]
    key = np.zeros(len(place), dtype=np.int64)
    for back in range(order):
        shifted = np.roll(journeys.touch_channel, back) + 1
        key = key * base + np.where(place >= back, shifted, 0)
    distinct, state = np.unique(key, return_inverse=True)
    holds = np.zeros((len(distinct), channels + 1), dtype=bool)
    rest = distinct.copy()
    for _ in range(order):
        holds[np.arange(len(distinct)), rest % base] = True
        rest //= base
    is_first, is_last = place == 0, place == journeys.length[journeys.touch_path] - 1
    source = np.concatenate([np.full(is_first.sum(), START), state])
    target = np.concatenate([state[is_first], np.where(is_last, END, np.roll(state, -1))])
    path = np.concatenate([journeys.touch_path[is_first], journeys.touch_path])
    return Chain(source, target, path, holds[:, 1:])


def removal_effects(
    chain: Chain, conversions: np.ndarray, value: np.ndarray, nulls: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Share of conversions, and of value, that is lost when a channel leads nowhere; two arrays [channels] in [0, 1].

    conversions, value, nulls: one entry per path. A chain without conversions loses nothing.
    """
    reward = _rewards(chain, conversions, value, conversions + nulls)
    if chain.states <= 400:
        return _dense(chain, *reward)
    return _sparse(chain, *reward)


def _rewards(
    chain: Chain, conversions: np.ndarray, value: np.ndarray, journeys: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights of steps between states, and per state the expected conversions and value on leaving it for good."""
    weight = journeys[chain.path]
    size = chain.states + 1  # the start is the last state
    leaves = chain.target == END
    out = np.bincount(chain.source % size, weight, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(weight > 0, weight / out[chain.source % size], 0.0)
        ends = [
            np.nan_to_num(np.bincount(chain.source[leaves] % size, amount[chain.path[leaves]], size) / out)
            for amount in (conversions, value)
        ]
    return np.where(leaves, 0.0, share), np.column_stack(ends), out


def _dense(chain: Chain, share: np.ndarray, ends: np.ndarray, _: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = chain.states + 1
    moves = chain.target != END
    flat = (chain.source[moves] % size) * size + chain.target[moves]
    inner = np.bincount(flat, share[moves], size * size).reshape(size, size)
    fundamental = np.linalg.inv(np.eye(size) - inner)
    reached = fundamental @ ends  # expected conversions and value from every state on
    visits, total = fundamental[-1], reached[-1]
    lost = np.zeros((chain.holds.shape[1], 2))
    for channel in range(chain.holds.shape[1]):
        states = np.flatnonzero(chain.holds[:, channel])
        entries = np.linalg.solve(fundamental[np.ix_(states, states)].T, visits[states])
        lost[channel] = entries @ reached[states]
    return _as_shares(lost, total)


def _sparse(
    chain: Chain, share: np.ndarray, ends: np.ndarray, _: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    from scipy import sparse
    from scipy.sparse.linalg import splu

    size = chain.states + 1
    moves = chain.target != END
    at = (chain.source[moves] % size, chain.target[moves])
    inner = sparse.coo_array((share[moves], at), shape=(size, size)).tocsr()
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
