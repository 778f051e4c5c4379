"""Exports of widely used systems: columns with a name that says little alone (Name, Campaign), known by their company.

Such a column is proposed and confirmed by the analyst, never taken silently; the answer is remembered.
Headers as the systems' own help pages list them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """A system's export: `known_by` are headers (letters and digits only) that all stand in it."""

    name: str
    kinds: tuple[str, ...]
    known_by: frozenset[str]
    columns: dict[str, tuple[str, ...]]


_ORDERS = ("sales", "reorders")
SYSTEMS = (
    System("Shopify orders", _ORDERS, frozenset({"lineitemname", "financialstatus"}),
           {"order_id": ("name",), "customer_id": ("email",)}),
    System("WooCommerce orders", _ORDERS, frozenset({"orderid", "billingemail"}), {"customer_id": ("billingemail",)}),
    System("WooCommerce analytics", _ORDERS, frozenset({"nrevenue", "itemssold"}),
           {"order_id": ("order",), "amount": ("nrevenue",), "channel": ("attribution",)}),
    System("WooCommerce analytics", _ORDERS, frozenset({"netsales", "itemssold"}), {"channel": ("attribution", "origin")}),
    System("HubSpot deals", _ORDERS, frozenset({"dealname", "dealstage"}),
           {"order_id": ("recordid",), "customer_id": ("associatedcompanyids", "associatedcompany", "primaryassociatedcompany"),
            "channel": ("originaltrafficsource", "originalsource", "originalsourcetype")}),
    System("Salesforce opportunities", _ORDERS, frozenset({"opportunityname", "closedate"}), {"order_id": ("opportunityname",)}),
    System("Google Ads", ("spend",), frozenset({"campaign", "cost"}), {"channel": ("campaign",), "month": ("day",)}),
    System("Microsoft Advertising", ("spend",), frozenset({"campaign", "spend"}), {"channel": ("campaign",), "month": ("gregoriandate",)}),
    System("Meta Ads", ("spend",), frozenset({"campaignname", "amountspent"}),
           {"channel": ("campaignname",), "month": ("reportingstarts", "day")}),
)  # fmt: skip


def proposed(kind: str, column: str, headers: list[str]) -> set[str]:
    """The headers (letters and digits only) that `column` may stand under in the systems whose export this is."""
    present = set(headers)
    return {
        word
        for system in SYSTEMS
        if kind in system.kinds and system.known_by <= present
        for word in system.columns.get(column, ())
    }
