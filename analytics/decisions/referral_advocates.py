"""Who brings others: the top advocates, the silent hubs, and the customers of each corner of the map."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.decisions.referral_network import Network
from analytics.decisions.referral_value import CORNERS, ValueMap
from analytics.models.referrals import generations_below

ADVOCATE_COLUMNS = (
    "customer_id", "referrals", "friends", "conversion", "descendants", "generations", "value_1", "value_2", "value_3",
    "value_all", "referral_value", "lifetime_value", "rewards", "generation", "last_referral_day", "last_order_day",
    "segment", "region", "acquired_channel",
)  # fmt: skip
LIST_COLUMNS = (
    "customer_id", "lifetime_value", "referral_value", "bought", "referrals", "friends", "descendants", "rewards",
    "last_order_day", "segment", "region", "acquired_channel",
)  # fmt: skip
HUB_COLUMNS = (
    "customer_id", "value_all", "descendants", "friends", "lifetime_value", "last_order_day", "last_reward_day",
    "last_contact_day", "last_referral_day", "segment", "region", "acquired_channel",
)  # fmt: skip
MOST_LISTED = 10_000  # longer lists are cut, and it is said
SILENT_DAYS = 180
HUB_SHARE = (
    0.75  # a hub brought more, through all generations, than three quarters of those who brought anybody
)


def advocates(network: Network, chosen: np.ndarray, referral_value: np.ndarray) -> pd.DataFrame:
    """Frame of ADVOCATE_COLUMNS: customers who referred somebody, most value brought first; at most MOST_LISTED.

    chosen: whether a customer is looked at; referral_value: per person.
    """
    people = np.flatnonzero(_looked_at(network, chosen) & (network.people["referrals"].to_numpy() > 0))
    people = _first(people, -network.below[people], network.people["customer_id"].to_numpy())
    customers = network.customer[people]
    rows, forest = network.people.iloc[people], network.forest
    frame = pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            **{name: rows[name].to_numpy() for name in ("referrals", "friends", "rewards", "last_referral_day")},
            "conversion": rows["friends"].to_numpy() / rows["referrals"].to_numpy(),
            "descendants": forest.descendants[people],
            "generations": generations_below(forest)[people],
            **{f"value_{n}": network.below_to(n)[people] for n in (1, 2, 3)},
            "value_all": network.below[people],
            "referral_value": referral_value[people],
            "lifetime_value": network.lifetime_value[customers],
            "generation": forest.generation[people],
            **_traits(network, customers),
        }
    )  # fmt: skip
    return frame[list(ADVOCATE_COLUMNS)]


def silent_hubs(
    network: Network, chosen: np.ndarray, last_contacts, last_day: date
) -> tuple[pd.DataFrame, int]:
    """Frame of HUB_COLUMNS and how many hubs there are in all: those without an order, a reward and a contact for
    SILENT_DAYS. last_contacts: asked with a list of ids, gives Series id -> day (None: contacts are not on file).
    """
    brought = np.flatnonzero(_looked_at(network, chosen) & (network.forest.descendants > 0))
    if not len(brought):
        return pd.DataFrame(columns=list(HUB_COLUMNS)), 0
    enough = np.quantile(network.below[brought], HUB_SHARE)
    hubs = brought[(network.below[brought] >= enough) & (network.below[brought] > 0)]
    hubs = _first(hubs, -network.below[hubs], network.people["customer_id"].to_numpy())
    customers, rows = network.customer[hubs], network.people.iloc[hubs]
    frame = pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            "value_all": network.below[hubs],
            "descendants": network.forest.descendants[hubs],
            "friends": rows["friends"].to_numpy(),
            "lifetime_value": network.lifetime_value[customers],
            "last_reward_day": rows["last_reward_day"].to_numpy(),
            "last_referral_day": rows["last_referral_day"].to_numpy(),
            **_traits(network, customers),
        }
    )
    contacts = None if last_contacts is None else last_contacts(list(frame["customer_id"]))
    days = pd.NaT if contacts is None else contacts.reindex(frame["customer_id"]).to_numpy()
    frame["last_contact_day"] = pd.Series(days, frame.index, dtype="datetime64[us]")
    since = pd.Timestamp(last_day - timedelta(days=SILENT_DAYS))
    lately = [pd.to_datetime(frame[f"last_{what}_day"]) > since for what in ("order", "reward", "contact")]
    silent = frame[~np.logical_or.reduce([part.to_numpy() for part in lately])]
    return silent[list(HUB_COLUMNS)].reset_index(drop=True), len(hubs)


def corner_lists(
    network: Network, chosen: np.ndarray, referral_value: np.ndarray, found: ValueMap
) -> dict[str, pd.DataFrame]:
    """Corner -> frame of LIST_COLUMNS, those first of whom most is to be had; at most MOST_LISTED each.

    referral_value: per customer; found: the map of the chosen customers.
    """
    return {
        name: _listed(network, np.flatnonzero(chosen)[found.corner == n], referral_value, by_referral)
        for n, (name, by_referral) in enumerate(zip(CORNERS, (True, False, True, False), strict=True))
    }


def _listed(
    network: Network, customers: np.ndarray, referral_value: np.ndarray, by_referral: bool
) -> pd.DataFrame:
    by = referral_value if by_referral else network.lifetime_value
    customers = _first(customers, -by[customers], network.ids)
    made = {
        name: network.of_customers(network.people[name].to_numpy())[customers]
        for name in ("referrals", "friends", "rewards")
    }
    frame = pd.DataFrame(
        {
            "customer_id": network.ids[customers],
            "lifetime_value": network.lifetime_value[customers],
            "referral_value": referral_value[customers],
            "bought": network.bought[customers],
            "descendants": network.of_customers(network.forest.descendants)[customers],
            **made,
            **_traits(network, customers),
        }
    )
    return frame[list(LIST_COLUMNS)]


def _looked_at(network: Network, chosen: np.ndarray) -> np.ndarray:
    return network.of_people(chosen, False).astype(bool)


def _first(places: np.ndarray, by: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The places with the smallest `by`, ids deciding between equals."""
    if len(places) > MOST_LISTED:
        kept = np.argpartition(by, MOST_LISTED - 1)[:MOST_LISTED]
        places, by = places[kept], by[kept]
    return places[np.lexsort((ids[places].astype(str), by))]


def _traits(network: Network, customers: np.ndarray) -> dict[str, np.ndarray]:
    histories = network.histories
    groups = histories.groups.iloc[histories.group[customers]]
    silent = histories.T_days[customers] - histories.recency_days[customers]
    return {
        "last_order_day": (pd.Timestamp(histories.last_day) - pd.to_timedelta(silent, unit="D")).to_numpy(),
        "segment": groups["segment"].to_numpy(),
        "region": groups["region"].to_numpy(),
        "acquired_channel": groups["channel"].to_numpy(),
    }
