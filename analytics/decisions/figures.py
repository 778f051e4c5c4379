"""The six figures under the case, each with the period of equal length before."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from analytics.decisions import economics
from analytics.decisions.economics import NAN, share
from analytics.decisions.period import Period
from analytics.decisions.value_curve import ValueCurve
from analytics.language import gettext as _


@dataclass(frozen=True)
class Figure:
    """One figure: unit is money, months or share; better is "lower", "higher" or "" where neither is.

    NaN is "not known"; for months also "not yet" (see not_yet).
    """

    name: str
    label: str
    value: float
    previous: float
    unit: str
    better: str
    formula: str
    not_yet: bool = False

    @property
    def change(self) -> float:
        """value − previous, in the figure's unit; NaN when either is not known."""
        return self.value - self.previous


@dataclass(frozen=True, eq=False)
class Standing:
    """A period with what only single customers tell: how many bought, and how many of these came back."""

    period: Period
    bought: int
    came_back: int
    curve: ValueCurve

    @property
    def cac(self) -> float:
        """Acquisition spend / customers won by paid channels."""
        return economics.cac(self.period.acquisition_spend, self.period.customers_won)

    @property
    def blended_cac(self) -> float:
        """Acquisition spend / all new customers, organic and referred ones included."""
        return economics.cac(self.period.acquisition_spend, self.period.new_customers("new", "referral"))

    @property
    def cost_to_keep(self) -> float:
        """Retention spend / existing customers who bought again."""
        return share(self.period.retention_spend, self.came_back)

    @property
    def payback_months(self) -> int | None:
        """First month in which the margin per customer won reaches the cac; None: not yet, or not known."""
        won = self.period.margin(self.period.won)
        first_order_margin = share(won, self.period.customers_won)
        return economics.payback_months(self.curve.accumulated(first_order_margin), self.cac)

    @property
    def payback_is_known(self) -> bool:
        """Whether cac and margins are known, so that no payback means "not yet"."""
        won = share(self.period.margin(self.period.won), self.period.customers_won)
        return all(math.isfinite(x) for x in (self.cac, *self.curve.accumulated(won)))


def six_figures(now: Standing, before: Standing | None) -> tuple[Figure, ...]:
    """The figures of the window beside those of the period before (None: there is none)."""
    return tuple(
        Figure(
            name, label, of(now), of(before) if before else NAN, unit, better, formula, _not_yet(name, now)
        )
        for name, label, unit, better, formula, of in _definitions()
    )


def _not_yet(name: str, standing: Standing) -> bool:
    return name == "payback_months" and standing.payback_is_known and standing.payback_months is None


Definition = tuple[str, str, str, str, str, Callable[[Standing], float]]


def _definitions() -> tuple[Definition, ...]:
    """Name, label, unit, which way is better, formula in words, and the figure itself."""
    return (*_costs(), *_shares())


def _costs() -> tuple[Definition, ...]:
    return (
        (
            "cac",
            _("Cost of a new customer (CAC)"),
            "money",
            "lower",
            _("acquisition spend / customers whose first order came from a paid channel"),
            lambda s: s.cac,
        ),
        (
            "cost_to_keep",
            _("Cost to keep a customer"),
            "money",
            "lower",
            _("retention spend / existing customers who bought again"),
            lambda s: s.cost_to_keep,
        ),
        (
            "payback_months",
            _("Payback"),
            "months",
            "lower",
            _("first month in which the margin per customer won, added up, reaches the CAC"),
            lambda s: NAN if s.payback_months is None else float(s.payback_months),
        ),
    )


def _shares() -> tuple[Definition, ...]:
    return (
        (
            "repeat_rate",
            _("Repeat rate"),
            "share",
            "higher",
            _("customers with a reorder / customers with any order"),
            lambda s: share(s.came_back, s.bought),
        ),
        (
            "referred_share",
            _("New customers who were referred"),
            "share",
            "higher",
            _("referred first orders / all first orders"),
            lambda s: share(s.period.new_customers("referral"), s.period.new_customers("new", "referral")),
        ),
        (
            "retention_budget_share",
            _("Budget spent on existing customers"),
            "share",
            "",
            _("retention spend / (acquisition spend + retention spend)"),
            lambda s: share(s.period.retention_spend, s.period.acquisition_spend + s.period.retention_spend),
        ),
    )
