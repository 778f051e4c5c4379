"""The budget plan: what is spent per channel, and how generous each programme is, month by month."""

from dataclasses import dataclass

import numpy as np

from company.parameters import BURN_IN_MONTHS, MONTHS, SEED, Company, PaidChannel

ALL_MONTHS = BURN_IN_MONTHS + MONTHS
SHIFT = 0.40  # budgets move by up to this share, so that response curves can be fitted
CHRISTMAS_PUSH = 1.15


@dataclass(frozen=True)
class Plan:
    """Monthly budgets; column 0 is the first month of the burn-in.

    spend: [paid channel, month], EUR. generosity: [programme, month], the offer against its usual value.
    """

    spend: np.ndarray
    generosity: np.ndarray

    def with_paid(self, factor: float, first_month: int) -> "Plan":
        """The same plan with all paid spend multiplied from first_month (0 = first exported) on."""
        spend = self.spend.copy()
        spend[:, BURN_IN_MONTHS + first_month :] *= factor
        return Plan(spend, self.generosity)


def make_plan(company: Company) -> Plan:
    """One plan for the company and for all its counterfactuals."""
    rng = np.random.default_rng([SEED, 1])
    levels = np.array([channel.monthly_spend for channel in company.paid])
    months = np.arange(ALL_MONTHS) - BURN_IN_MONTHS
    growth = (1 + company.yearly_growth) ** (months / 12)
    christmas = np.where(np.isin(months % 12, (1, 2)), CHRISTMAS_PUSH, 1.0)
    shifts = 1 + SHIFT * rng.uniform(-1, 1, (len(levels), ALL_MONTHS))
    spend = np.round(levels[:, None] * growth * christmas * shifts, 2)
    generosity = 1 + SHIFT * rng.uniform(-1, 1, (len(company.programmes), ALL_MONTHS))
    return Plan(spend, np.round(generosity, 2))


def adstock(channel: PaidChannel, spend: np.ndarray) -> np.ndarray:
    """Spend whose effect is still felt, EUR per month: spend + carryover * last month's adstock."""
    felt = np.zeros_like(spend)
    before = 0.0
    for month, amount in enumerate(spend):
        before = amount + channel.carryover * before
        felt[month] = before
    return felt


def expected_customers(channel: PaidChannel, spend: np.ndarray) -> np.ndarray:
    """Expected new customers per month: base + ceiling * (1 - exp(-k * adstock))."""
    return channel.base + channel.ceiling * (1 - np.exp(-channel.k * adstock(channel, spend)))
