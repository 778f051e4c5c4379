"""Progress: how far a change of a workspace is, for whoever waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MARTS = "marts/"
NOT_A_TABLE = "marts/marts_version"
USUAL_SECONDS = 0.01  # of a statement that has not been seen yet
# What the slow statements took for a million orders: what the first change of a process is foretold by.
SLOW = {
    "marts/orders": 2.3,
    "staging/shared_orders": 0.9,
    "staging/first_orders": 0.8,
    "marts/person_stages": 0.7,
    "staging/customer_month": 0.4,
    "staging/programme_orders": 0.4,
    "marts/customer_histories": 0.4,
    "staging/programme_customers": 0.3,
    "marts/customers": 0.3,
    "staging/known_customers": 0.3,
    "staging/customer_spans": 0.2,
    "marts/revenue_retention": 0.2,
}
_seconds: dict[str, float] = dict(SLOW)


@dataclass(frozen=True)
class Step:
    """Where a change is: `phase` is reading, storing, computing or committing, done in this order.

    done, of: parts of the phase that are finished, and how many there are; 0 of 0 where it has none. share: of the
    phase's time, 0 to 1, as far as that can be foretold; it is expected to reach `next_share` after `seconds`. From
    `committing` on it can no longer be cancelled.
    """

    phase: str
    done: int = 0
    of: int = 0
    share: float = 0.0
    next_share: float = 0.0
    seconds: float = 0.0


Progress = Callable[[Step], None]


def unheard(_step: Step) -> None:
    """Nobody asked to be told of progress."""


class Rebuild:
    """Called before each statement of a rebuild: says how many tables are made, of how many.

    names: the statements that will be run. How long each takes is learnt from the last rebuild of this process.
    """

    def __init__(self, tell: Progress, names: Sequence[str]) -> None:
        self._tell = tell
        self._tables = {name for name in names if name.startswith(MARTS) and name != NOT_A_TABLE}
        self._expected = {name: _seconds.get(name, USUAL_SECONDS) for name in names}
        self._began = self._begun = time.perf_counter()
        self._name = ""
        self._took: dict[str, float] = {}
        self._share = 0.0

    def __call__(self, name: str) -> None:
        """The statement of this name comes next."""
        self._note()
        self._name = name
        self._tell(self._step(name))

    def end(self) -> None:
        """The rebuild is done."""
        self._note()
        _seconds.update(self._took)

    def _note(self) -> None:
        now = time.perf_counter()
        if self._name:
            self._took[self._name] = self._took.get(self._name, 0.0) + now - self._begun
        self._begun = now

    def _step(self, name: str) -> Step:
        """What was foretold is stretched by how much longer, or shorter, the statements so far took."""
        done = sum(self._expected.get(name, 0.0) for name in self._took)
        every = sum(self._expected.values())
        next_one = 0.0 if name in self._took else self._expected.get(name, 0.0)
        stretch = (self._begun - self._began) / done if done else 1.0
        self._share = max(self._share, done / every)
        next_share = max(self._share, (done + next_one) / every)
        made = len(self._tables & self._took.keys())
        return Step("computing", made, len(self._tables), self._share, next_share, next_one * stretch)
