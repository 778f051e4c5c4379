"""Who brings whom, how far does it go, and what is it worth?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.decisions import missing, referral_sentences, value_sentences
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import NAN
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.decisions.missing import Missing
from analytics.decisions.period import Known, groups, read_known, read_period
from analytics.decisions.referral_abuse import Abuse, read_abuse
from analytics.decisions.referral_advocates import (
    ADVOCATE_COLUMNS,
    HUB_COLUMNS,
    advocates,
    corner_lists,
    silent_hubs,
)
from analytics.decisions.referral_generations import Generations, generations
from analytics.decisions.referral_lead import Leads, leads
from analytics.decisions.referral_network import Network, read_network
from analytics.decisions.referral_rates import KIND_COLUMNS, Cycle, Reach, read_cycle, read_kinds, read_reach
from analytics.decisions.referral_trees import Communities, communities
from analytics.decisions.referral_value import Terms, ValueMap, referral_value, value_map, worth_per_friend
from analytics.decisions.window import Window
from analytics.warehouse.filters import Filters

MOST_POINTS = 1_500  # of the map: more cannot be told apart


@dataclass(frozen=True, eq=False)
class Referrals:
    """Everything that page and command line say about referrals. Money is margin, or revenue where margin is not known.

    The window is of invitations, of the referred by their first order, and of abuse; values, advocates and the map are
    of all days up to today, the last day with an order. The filters' groups choose who refers, and for generations and
    the comparison who was referred. worth: of a referral that bought; worth_ends: the same if none, and if all, of
    the friends would not have come otherwise. expects: whether values hold what customers are still expected to bring.
    """

    snapshot: str
    is_sample: bool
    currency: str | None
    assumptions: Assumptions
    window: Window | None = None
    today: date | None = None
    in_margin: bool = True
    expects: bool = False
    has_contacts: bool = False
    terms: Terms = field(default_factory=lambda: Terms(0.5))
    reach: Reach = field(default_factory=Reach)
    cycle: Cycle = field(default_factory=Cycle)
    worth: Interval = NOT_KNOWN
    worth_ends: tuple[float, float] = (NAN, NAN)
    generations: Generations = field(default_factory=Generations)
    kinds: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(KIND_COLUMNS)))
    map: ValueMap = field(default_factory=ValueMap)
    lists: dict[str, pd.DataFrame] = field(default_factory=dict)
    points: pd.DataFrame = field(default_factory=pd.DataFrame)
    advocates: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ADVOCATE_COLUMNS)))
    hubs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(HUB_COLUMNS)))
    all_hubs: int = 0
    communities: Communities = field(default_factory=Communities)
    leads: Leads = field(default_factory=Leads)
    abuse: Abuse = field(default_factory=Abuse)
    missing: tuple[Missing, ...] = ()

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return referral_sentences.headline(self)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know about the numbers."""
        return referral_sentences.notes(self)


def referrals(
    workspace,
    filters: Filters | None = None,
    assumptions: Assumptions | None = None,
    network: Callable[[date], Network] | None = None,
) -> Referrals:
    """Word of mouth in numbers. Raises ValueError for a window that ends before it begins.

    network: gives that of read_network for the last day, where it is at hand; it depends on no filter.
    """
    filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
    found = Referrals(workspace.snapshot, workspace.is_sample, workspace.currency, assumptions)
    known = read_known(workspace)
    if known is None:
        return replace(found, missing=(missing.no_orders(),))
    window, extent = known.window(filters), workspace.query("referral_extent").iloc[0]
    found = replace(found, window=window, today=known.orders.last_day)
    if not extent["referrals"]:
        return replace(found, missing=(referral_sentences.no_referrals(),))
    found = replace(
        found,
        has_contacts=bool(extent["has_contacts"]),
        terms=_terms(workspace, window, assumptions, known),
        reach=read_reach(workspace, window, filters),
        cycle=read_cycle(workspace, window, filters),
        abuse=read_abuse(workspace, window, filters),
    )
    today = known.orders.last_day
    people = network(today) if network else read_network(workspace, assumptions, today)
    chosen = _chosen(workspace, people, filters)
    return _valued(_peopled(found, workspace, people, chosen), workspace, filters, people, chosen)


def _terms(workspace, window: Window, assumptions: Assumptions, known: Known) -> Terms:
    """The acquisition cost that is saved on a friend is that of a customer won by the paid channels."""
    period = read_period(workspace, known.costed(window), Filters(), assumptions.margin_rate, known)
    won, spend = period.customers_won, period.acquisition_spend
    cost = spend / won if won and spend > 0 else NAN
    return Terms(workspace.settings.referral_caused_share, cost)


def _chosen(workspace, network: Network, filters: Filters) -> np.ndarray:
    """Whether a customer belongs to the filters' groups."""
    numbers = workspace.query("history_groups", **groups(filters))["group_no"].to_numpy()
    return np.isin(np.arange(len(network.histories.groups)), numbers)[network.histories.group]


def _peopled(found: Referrals, workspace, network: Network, chosen: np.ndarray) -> Referrals:
    """Who refers: advocates, hubs, trees, and the map of customers."""
    rewards = network.people["rewards"].to_numpy(float)
    by_person = referral_value(network.forest, network.person_value, rewards, found.terms)
    by_customer = network.of_customers(by_person)
    friends = network.of_customers(network.people["friends"].to_numpy())
    mapped = value_map(network.lifetime_value[chosen], by_customer[chosen], friends[chosen])
    hubs, all_hubs = silent_hubs(network, chosen, _contacts(found, workspace), network.histories.last_day)
    ids = network.people["customer_id"].to_numpy()
    looked_at = None if chosen.all() else network.of_people(chosen, False).astype(bool)
    return replace(
        found,
        in_margin=network.in_margin,
        expects=network.expects,
        map=mapped,
        lists=corner_lists(network, chosen, by_customer, mapped),
        points=referrers_on_map(network, chosen, by_customer),
        advocates=advocates(network, chosen, by_person),
        hubs=hubs,
        all_hubs=all_hubs,
        communities=communities(network.forest, network.person_value, ids, looked_at),
    )


def referrers_on_map(network: Network, chosen: np.ndarray, referral_value: np.ndarray) -> pd.DataFrame:
    """Frame[customer_id, lifetime_value, referral_value, friends] of chosen customers who referred, an even part of
    them where they are too many to be told apart.
    """
    made = network.of_customers(network.people["referrals"].to_numpy())
    people = np.flatnonzero(chosen & (made > 0))
    people = people[np.argsort(network.person[people])]
    people = people[:: max(1, -(-len(people) // MOST_POINTS))]
    return pd.DataFrame(
        {
            "customer_id": network.ids[people],
            "lifetime_value": network.lifetime_value[people],
            "referral_value": referral_value[people],
            "friends": network.of_customers(network.people["friends"].to_numpy())[people],
        }
    )


def _contacts(found: Referrals, workspace):
    """Asks for the newest contact of some customers; None where no contacts are on file."""
    if not found.has_contacts:
        return None

    def newest(customers: list[str]) -> pd.Series:
        rows = workspace.query("referral_contacts", customers=customers)
        return rows.set_index("customer_id")["last_contact_day"]

    return newest


def _valued(found: Referrals, workspace, filters: Filters, network: Network, chosen: np.ndarray) -> Referrals:
    """What referrals of these days are worth, by generation and kind, and against customers who came otherwise."""
    assert found.window is not None
    people, window = network.people, found.window
    invited = pd.to_datetime(people["referred_at"])
    by_chosen = network.of_people(chosen, False).astype(bool)
    in_days = (invited >= pd.Timestamp(window.first_day)) & (invited <= pd.Timestamp(window.last_day))
    referrer = network.forest.referrer
    friends = np.flatnonzero(in_days.to_numpy() & (referrer >= 0) & by_chosen[referrer])
    value = network.person_value[friends]
    asked = [replace(found.terms, caused_share=share) for share in (found.terms.caused_share, 0.0, 1.0)]
    worths = [worth_per_friend(referrer[friends], value, found.reach.rewards, terms) for terms in asked]
    lines = pd.DataFrame({"kind": people["kind"].to_numpy()[friends], "value": value})
    lacking = () if network.in_margin else (value_sentences.no_margin(network.histories),)
    return replace(
        found,
        worth=worths[0],
        worth_ends=(worths[1].value, worths[2].value),
        kinds=read_kinds(workspace, window, filters, lines),
        generations=generations(network, chosen, window),
        leads=leads(network, chosen, window),
        missing=lacking,
    )
