"""The value of customers as one JSON object: the shape that scripts rely on."""

from analytics.decisions.customer_value import CustomerValue
from analytics.decisions.interval import Interval
from analytics.decisions.wording import known
from analytics.models.lifetime import BetaGeoNBD

GROUP_MONEY = ("first_order", "new_customer", "low", "high", "bought", "residual", "total")


def value_json(found: CustomerValue) -> dict:
    """Money with two decimals, parameters with six, days in ISO form, unknown null, an interval {value, low, high}.

    The time unit of the parameters is the day.
    """
    models = found.fit
    return {
        "snapshot": found.snapshot,
        "sentence": found.sentence,
        "measure": found.measure,
        "time_unit": "day",
        "today": found.today.isoformat() if found.today else None,
        "horizon_months": found.assumptions.horizon_months,
        "discount_rate": found.assumptions.discount_rate,
        "bg_nbd": _bg_nbd(models.won) if models else None,
        "bg_nbd_from_before_the_data": _bg_nbd(models.existing) if models and not models.is_pooled else None,
        "gamma_gamma": _parameters(models.order_value, "pqv") if models else None,
        "independence": _independence(found),
        "customers": found.customers,
        "customers_from_before_the_data": found.existing_customers,
        "residual_value": _money(found.residual.value),
        "residual_value_interval": _interval(found.residual),
        "total_value": _money(found.total.value),
        "new_customer_value": _interval(found.new_customer.total) if found.new_customer else None,
        "first_order_value": _money(found.new_customer.first_order) if found.new_customer else None,
        "referred_worth_more": _interval(found.referred, 6),
        "customer_equity": _equity(found),
        "holdout": _holdout(found),
        "groups": _groups(found),
        "channels": _channels(found),
        "median_deal": _money(found.deals.median),
        "missing": [lack.text for lack in found.missing],
        "notes": list(found.notes),
    }


def _bg_nbd(model: BetaGeoNBD) -> dict:
    parameters = _parameters(model, ("r", "alpha", "a", "b"))
    return parameters | {"log_likelihood": round(model.log_likelihood_, 4)}


def _parameters(model, names) -> dict:
    return {name: round(getattr(model, f"{name}_"), 6) for name in names}


def _independence(found: CustomerValue) -> dict | None:
    if found.fit is None:
        return None
    tested = found.fit.independence
    return {"correlation": _number(tested.correlation), "holds": tested.holds}


def _equity(found: CustomerValue) -> dict | None:
    if found.equity is None:
        return None
    parts = {name: _interval(getattr(found.equity, name)) for name in ("total", "residual", "future")}
    return parts | {"customers_won_per_month": round(found.equity.pace_per_month, 2)}


def _holdout(found: CustomerValue) -> dict | None:
    if found.holdout is None:
        return None
    return {"expected": _money(found.holdout.expected), "actual": _money(found.holdout.actual)}


def _groups(found: CustomerValue) -> list[dict]:
    return [
        {"by": row["by"], "name": row["name"], "customers": row["customers"]}
        | {name: _money(row[name]) for name in GROUP_MONEY}
        for row in found.groups.to_dict("records")
    ]


def _channels(found: CustomerValue) -> list[dict]:
    return [
        {
            "channel": row["channel"],
            "cac": _money(row["cac"]),
            "value": _money(row["value"]),
            "ltv_cac_ratio": _number(row["ltv_cac_ratio"]),
        }
        for row in found.channels.to_dict("records")
    ]


def _interval(interval: Interval, decimals: int = 2) -> dict | None:
    if not interval.known:
        return None
    parts = {"value": interval.value, "low": interval.low, "high": interval.high}
    return {name: _number(part, decimals) for name, part in parts.items()}


def _money(value: float) -> float | None:
    return _number(value, 2)


def _number(value: float, decimals: int = 6) -> float | None:
    return None if not known(value) else round(float(value), decimals) + 0.0
