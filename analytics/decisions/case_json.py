"""The case as one JSON object: the shape that scripts rely on."""

from decimal import ROUND_FLOOR, Decimal

from analytics.decisions.case import Case, Revenue, Side
from analytics.decisions.interval import Interval
from analytics.decisions.lenses import Lens
from analytics.decisions.next_budget import NextBudget
from analytics.decisions.wording import known

CENT = Decimal("0.01")


def case_json(case: Case) -> dict:
    """Money with two decimals, ratios with six, days in ISO form, unknown null, an interval {value, low,
    high}.
    """
    return {
        "snapshot": case.snapshot,
        "window": _window(case),
        "revenue": _revenue(case.revenue),
        "orders": {
            name: {"count" if name == "refunds" else "orders": counted.orders, "value": _money(counted.value)}
            for name, counted in case.orders.items()
            if name != "unknown" or counted.orders
        },
        "acquisition": _side(case.acquisition, "cac"),
        "retention": _side(case.retention, "cost_per_customer"),
        "baseline_share": _ratio(
            case.baseline.value if case.baseline.known else case.assumptions.baseline_share
        ),
        "grade": case.grade,
        "break_even_baseline_share": _ratio(case.break_even.value),
        "probability_retention_better": _ratio(case.probability_retention_better),
        "verdict": case.verdict,
        "next_budget": _next_budget(case.next_budget),
        "sentence": case.sentence,
        "missing": [missing.text for missing in case.missing],
        "notes": list(case.notes),
    }


def _next_budget(found: NextBudget | None) -> dict | None:
    """Money over the horizon, on top of today's spends; caused: margin per unit of it, and of either part."""
    if found is None:
        return None
    parts = {name: _money(getattr(found, name)) for name in ("total", "existing", "acquisition")}
    caused = ("caused", "existing_caused", "acquisition_caused")
    return {**parts, **{name: _interval(getattr(found, name), _ratio) for name in caused}}


def _window(case: Case) -> dict | None:
    if case.window is None:
        return None
    costed = case.costed
    return {
        "first": case.window.first_day.isoformat(),
        "last": case.window.last_day.isoformat(),
        "costed_first": costed.first_day.isoformat() if costed else None,
        "costed_last": costed.last_day.isoformat() if costed else None,
    }


def _side(side: Side, name_of_cost: str) -> dict:
    return {
        "spend": _money(side.spend),
        "customers": side.customers,
        name_of_cost: _money(side.cost_per_customer),
        "booked": _lens(side.booked),
        "incremental": _lens(side.incremental),
        "marginal": {"roi": _interval(side.marginal.roi, _ratio)},
    }


def _lens(lens: Lens) -> dict:
    return {"margin": _interval(lens.margin, _money), "roi": _interval(lens.roi, _ratio)}


def _interval(interval: Interval, rounded) -> dict | None:
    if not interval.known:
        return None
    return {"value": rounded(interval.value), "low": rounded(interval.low), "high": rounded(interval.high)}


def _revenue(revenue: Revenue) -> dict:
    """Rounded so that the sources add up to the total to the cent."""
    parts = {
        "new": revenue.new,
        "referral": revenue.referral,
        "reorder": revenue.reorder,
        "unknown": revenue.unknown,
    }
    if not revenue.unknown:
        del parts["unknown"]
    total = Decimal(f"{revenue.total:.4f}").quantize(CENT)
    exact = {name: Decimal(f"{value:.4f}") for name, value in parts.items()}
    cents = {name: value.quantize(CENT, rounding=ROUND_FLOOR) for name, value in exact.items()}
    left = int((total - sum(cents.values())) / CENT)
    for name in sorted(exact, key=lambda name: cents[name] - exact[name])[:left]:
        cents[name] += CENT
    return {name: float(value) for name, value in cents.items()} | {"total": float(total)}


def _money(value: float) -> float | None:
    return None if not known(value) else round(value, 2) + 0.0


def _ratio(value: float) -> float | None:
    return None if not known(value) else round(value, 6) + 0.0
