"""Counts and sums of the exported files, for checks."""

from decimal import Decimal

MONEY = ("amount", "margin", "incentive_cost", "reward_cost", "cost")


def summary(tables: dict[str, dict[str, list[str]]]) -> dict[str, dict]:
    """Per file: rows, distinct customers, and the sum of each money column (EUR, as text)."""
    return {name: _counts(table) | _sums(table) for name, table in tables.items()}


def _counts(table: dict[str, list[str]]) -> dict[str, int]:
    counts = {"rows": len(next(iter(table.values())))}
    if "customer_id" in table:
        counts["customers"] = len(set(table["customer_id"]))
    return counts


def _sums(table: dict[str, list[str]]) -> dict[str, str]:
    return {name: str(sum(Decimal(v) for v in table[name] if v)) for name in MONEY if name in table}
