"""Incentives as one JSON object: the tables behind the page, in the shape that scripts rely on."""

import pandas as pd

from analytics.decisions.incentive_grid import ALL
from analytics.decisions.incentive_sentences import TENURE_LABELS
from analytics.decisions.incentives import Incentives
from analytics.decisions.wording import known

INTERVALS = ("caused", "per_unit", "net", "anyway", "caused_per_redeemed")
COUNTS = ("customers", "held_out", "redeemed", "open_days")
SHARES = ("uptake", "share_of_customers", "share_of_redeemed", "redeemed_per_customer", "anyway", "per_unit")


def incentives_json(found: Incentives) -> dict:
    """Money with two decimals, shares and ratios with six, an interval as {value, low, high}, unknown null."""
    return {
        "snapshot": found.snapshot,
        "sentence": found.sentence,
        "programmes": _rows(found.programmes),
        "kinds": _rows(found.kinds),
        "grid": _rows(found.cells),
        "buyers": _rows(found.buyers),
        "schedule": _rows(found.schedule),
        "margin_per_customer": _interval(
            {
                "x": found.per_customer.value,
                "x_low": found.per_customer.low,
                "x_high": found.per_customer.high,
            },
            "x",
        ),
        "customers": found.customers,
        "points": {
            "outstanding": _number(found.liability.outstanding, 2),
            "cost_per_month": _number(found.liability.cost_per_month, 2),
            "months": _number(found.liability.months, 2),
        },
        "missing": [lack.text for lack in found.missing],
        "notes": list(found.notes),
    }


def _rows(frame: pd.DataFrame) -> list[dict]:
    return [_row(row) for row in frame.to_dict("records")]


def _row(row: dict) -> dict:
    ends = {f"{name}_{end}" for name in INTERVALS for end in ("low", "high")}
    return {name: _value(row, name) for name in row if name not in ends}


def _value(row: dict, name: str):
    value = row[name]
    if name == "tenure":
        return TENURE_LABELS[int(value)]
    if name in ("programme", "segment"):
        return None if value == ALL else value
    if name in INTERVALS:
        return _interval(row, name)
    if isinstance(value, str):
        return value
    if name in COUNTS:
        return None if not known(value) else round(value)
    return _number(value, 6 if name in SHARES or name.endswith("per_unit") else 2)


def _interval(row: dict, name: str) -> dict | None:
    digits = 6 if name in SHARES else 2
    ends = [_number(row[column], digits) for column in (name, f"{name}_low", f"{name}_high")]
    return None if ends[0] is None else dict(zip(("value", "low", "high"), ends, strict=True))


def _number(value: float | None, digits: int) -> float | None:
    return round(float(value), digits) + 0.0 if known(value) else None
