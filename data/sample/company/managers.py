"""Account managers: who looks after which office and hospitality customer, and what is true of their customers.

Managers change nothing that customers do. They differ by the customers they were given: some of them look after
customers who order more often, so a true difference in repeat orders stands behind the names.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from company.books import Books, Orders, in_window
from company.parameters import SEED, Company
from company.population import People

NOBODY = -1
WEEKS_OF_A_QUARTER = 13


@dataclass(frozen=True)
class Portfolios:
    """manager: per person the index of the account manager, or -1."""

    company: Company
    manager: np.ndarray

    @cached_property
    def names(self) -> np.ndarray:
        """What stands in rep_id, per person; blank for none."""
        names = np.array([m.name for m in self.company.managers] + [""], dtype=object)
        return names[self.manager]


def portfolios(company: Company, people: People) -> Portfolios:
    """Every office and hospitality customer gets one manager for good; a seed of its own leaves all else as it is."""
    rng = np.random.default_rng([SEED, 11])
    business = people.segment > 0
    pace = np.log(people.rate)
    pace = (pace - pace[business].mean()) / pace[business].std()
    weights = np.array([[m.share * np.exp(m.pace * p) for m in company.managers] for p in pace])
    hospitality = np.array([m.hospitality for m in company.managers])
    weights *= np.where(people.segment[:, None] == 2, hospitality, 1.0)
    chances = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    drawn = (rng.random(len(people))[:, None] >= chances).sum(axis=1).clip(max=len(company.managers) - 1)
    return Portfolios(company, np.where(business, drawn, NOBODY))


def with_managers(table: dict[str, list], books: Books, made: Portfolios) -> dict[str, list]:
    """Sales or reorders with one more column."""
    rep = dict(zip(books.customer_ids, made.names.tolist(), strict=True))
    return table | {"rep_id": [rep[customer] for customer in table["customer_id"]]}


def manager_truth(books: Books, made: Portfolios) -> dict[str, dict]:
    """Per manager: customers in the files, their true order rate, and their true chance to order in a quarter.

    Both are of customers who still buy, in a usual week, without programmes; relative_* is against the customers of
    all managers.
    """
    everyone = _customers(books.orders, len(books.people)) & (made.manager != NOBODY)
    average = _true_rates(books.people, everyone)["repeat_chance_per_quarter"]
    found = {}
    for number, manager in enumerate(books.company.managers):
        mine = everyone & (made.manager == number)
        rates = _true_rates(books.people, mine)
        found[manager.name] = {
            "customers": int(mine.sum()),
            "hospitality_customers": int((mine & (books.people.segment == 2)).sum()),
            **{name: round(rate, 4) for name, rate in rates.items()},
            "relative_repeat_chance": round(rates["repeat_chance_per_quarter"] / average, 4),
        }
    return found


def _true_rates(people: People, mine: np.ndarray) -> dict[str, float]:
    """Averages over the people of `mine`."""
    rate = people.rate[mine]
    chance = 1 - np.exp(-WEEKS_OF_A_QUARTER * rate)
    return {"orders_per_week": float(rate.mean()), "repeat_chance_per_quarter": float(chance.mean())}


def _customers(orders: Orders, people: int) -> np.ndarray:
    """Who orders in the files."""
    seen = np.zeros(people, bool)
    seen[orders.person[in_window(orders.day)]] = True
    return seen
