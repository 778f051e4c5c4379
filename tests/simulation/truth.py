"""The known truth of a kind of company: what each motion, programme and channel caused, and which split is best.

As in the sample company: acquisition owns the first 12 months' margin of the customers it caused, at the value they
have without programmes, and of friends these bring unasked; retention owns the change in margin of customers who are
there anyway, until 12 months after the window, and the first 12 months' margin of friends who would not have come.
Nothing is discounted. Every number is an expectation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from tests.simulation.expectation import HORIZON, Effects, Expectation, Flow, expectation
from tests.simulation.kinds import KINDS, Kind

EVEN = 0.05  # two returns that are no further apart count as equal
STEP = 0.01


@dataclass(frozen=True)
class Return:
    """What something cost, and the margin that it caused, EUR; roi = margin / cost − 1."""

    cost: float
    margin: float

    @property
    def roi(self) -> float:
        return self.margin / self.cost - 1


@dataclass(frozen=True)
class Truth:
    """Everything that is known of a kind of company. Splits are EUR per month by name of channel or programme."""

    kind: Kind

    @cached_property
    def acquisition(self) -> Return:
        spent = sum(self.kind.spend[name].sum() for name in self.channels)
        return Return(float(spent), self._window.acquisition_margin)

    @cached_property
    def retention(self) -> Return:
        spent = sum(self.kind.spend[name].sum() for name in self.programmes)
        return Return(float(spent), self._window.retention_margin)

    @property
    def acquisition_roi(self) -> float:
        return self.acquisition.roi

    @property
    def retention_roi(self) -> float:
        return self.retention.roi

    @property
    def better(self) -> str:
        """Which motion earned more per unit of spend: retention, acquisition or even."""
        ahead = self.retention_roi - self.acquisition_roi
        if abs(ahead) <= EVEN:
            return "even"
        return "retention" if ahead > 0 else "acquisition"

    @property
    def baseline_share(self) -> float:
        """Of the margin of reorders and referred first orders in the window: the part that comes without programmes."""
        return self._window.baseline_share

    @cached_property
    def channels(self) -> tuple[str, ...]:
        return tuple(channel.name for channel in self.kind.channels if channel.level)

    @cached_property
    def programmes(self) -> tuple[str, ...]:
        return tuple(programme.name for programme in self.kind.programmes)

    @cached_property
    def programme_returns(self) -> dict[str, Return]:
        """Each programme: by how much retention would own less without it alone."""
        found = {}
        for name in self.programmes:
            without = self._effects({**self.kind.spend, name: 0 * self.kind.spend[name]})
            lost = self.retention.margin - without.retention_margin
            found[name] = Return(float(self.kind.spend[name].sum()), lost)
        return found

    @cached_property
    def caused_customers(self) -> dict[str, float]:
        """Customers whom each paid channel's spend caused in the window."""
        return {
            channel.name: float(channel.caused(self.kind.spend[channel.name]).sum())
            for channel in self.kind.channels
            if channel.level
        }

    @cached_property
    def marginal_roi(self) -> dict[str, float]:
        """By name: what 1 % more of this line's spend would have caused in the window, per unit of it, less one."""
        before = self.acquisition.margin + self.retention.margin
        found = {}
        for name in self.kind.names:
            more = self._effects({**self.kind.spend, name: (1 + STEP) * self.kind.spend[name]})
            caused = more.acquisition_margin + more.retention_margin - before
            found[name] = caused / (STEP * float(self.kind.spend[name].sum())) - 1
        return found

    @cached_property
    def today(self) -> dict[str, float]:
        """Mean monthly spend since the programmes began: today's split."""
        first = self.kind.first_programme_month
        return {name: float(self.kind.spend[name][first:].mean()) for name in self.kind.names}

    def earns(self, split: Mapping[str, float]) -> float:
        """Expected margin that the next 12 months of this monthly spend cause, less the spend, EUR.

        The company goes on from where the window ends; what counts is defined as for the window. A name that is
        missing gets nothing; one that is not known raises KeyError.
        """
        unknown = set(split) - set(self.kind.names)
        if unknown:
            raise KeyError(f"There is neither a channel nor a programme {', '.join(sorted(unknown))}.")
        spend = {name: np.full(HORIZON, float(split.get(name, 0.0))) for name in self.kind.names}
        flow = self.flow(spend, self._window.end)
        found = self.expected.effects(flow)
        return found.acquisition_margin + found.retention_margin - HORIZON * sum(split.values())

    def best_split(self, total: float) -> dict[str, float]:
        """The split of `total` EUR a month that earns most."""
        return dict(zip(self.kind.names, _best_split(self.kind.name, round(total, 2)), strict=True))

    def best_earnings(self, total: float) -> float:
        """What the best split of `total` EUR a month earns."""
        return self.earns(self.best_split(total))

    @property
    def expected(self) -> Expectation:
        """The closed form behind every number."""
        return expectation(self.kind.name)

    @cached_property
    def _window(self) -> Effects:
        return self._effects(self.kind.spend)

    def _effects(self, spend: Mapping[str, np.ndarray]) -> Effects:
        return self.expected.effects(self.flow(spend, self.expected.start()))

    def flow(self, spend: Mapping[str, np.ndarray], start: np.ndarray) -> Flow:
        """What this monthly spend lets come and lifts, from this beginning."""
        months = len(next(iter(spend.values())))
        nothing = np.zeros(months)
        sources = self.kind.sources
        return Flow(
            start=start,
            base=np.array([np.full(months, source.base) for source in sources]),
            caused=np.array([source.caused(spend.get(source.name, nothing)) for source in sources]),
            lifts=np.array([p.lift(spend[p.name]) for p in self.kind.programmes]),
        )


@cache
def truth_of(name: str) -> Truth:
    """The truth of the kind of this name; worked out once."""
    return Truth(KINDS[name])


@cache
def _best_split(name: str, total: float) -> tuple[float, ...]:
    """Climbs along the true curves (SLSQP on the shares, none below 0), from today's split."""
    from scipy.optimize import minimize

    truth = truth_of(name)
    names = truth.kind.names

    def lost(shares: np.ndarray) -> float:
        return -truth.earns(dict(zip(names, total * shares, strict=True))) / (HORIZON * total)

    today = np.array([truth.today[name] for name in names])
    found = minimize(
        lost,
        today / today.sum(),
        method="SLSQP",
        bounds=[(0.0, 1.0)] * len(names),
        constraints={"type": "eq", "fun": lambda shares: shares.sum() - 1},
        options={"ftol": 1e-9},
    )
    shares = np.clip(found.x, 0.0, 1.0)
    return tuple(float(total * share) for share in shares / shares.sum())
