"""How numbers, money, shares and days are written in sentences: the one place that formats them.

Every function writes what is not known (NaN or None) as "n/a", never as 0.
"""

import math
from collections.abc import Callable
from datetime import date
from typing import TypeGuard

from analytics.decisions.interval import Interval
from analytics.language import gettext as _

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "KRW": "₩", "JPY": "¥", "CNY": "¥", "INR": "₹", "CHF": "CHF "}


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thousands separators: 1234567.8 is written "1,234,568"."""
    if not known(value):
        return _("n/a")
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"  # + 0.0: never "-0"


def ratio(value: float | None) -> str:
    """A ratio with two decimals, as ROI and ROAS are given: 1.634 is written "1.63"."""
    return number(value, 2)


def percent(value: float | None, decimals: int = 0) -> str:
    """A share or rate in percent: 0.58 is written "58 %"."""
    return _("n/a") if not known(value) else f"{number(100 * value, decimals)} %"


def probability(value: float | None) -> str:
    """A probability in percent that never claims certainty: "97 %", "over 99 %", "under 1 %"."""
    if not known(value):
        return _("n/a")
    if value > 0.99:
        return _("over 99 %")
    return _("under 1 %") if value < 0.01 else percent(value)


def money(value: float | None, currency: str | None = None) -> str:
    """Money as it is read aloud: "€1.2 M", "€88,000", "€24.66"; without a currency only the number."""
    if not known(value):
        return _("n/a")
    sign = "−" if round(value, 2) < 0 else ""
    return f"{sign}{symbol(currency)}{_short(abs(value))}"


def money_in_full(value: float | None, currency: str | None = None) -> str:
    """Money to the cent: "€1,234,567.80"."""
    if not known(value):
        return _("n/a")
    sign = "−" if round(value, 2) < 0 else ""
    return f"{sign}{symbol(currency)}{number(abs(value), 2)}"


def money_ticks(low: float, high: float, currency: str | None, about: int = 5) -> dict[float, str]:
    """Round amounts from low to high, about so many, as an axis writes them: "−€20", "€0", "€1.25 M"."""
    if not (known(low) and known(high) and high > low):
        return {}
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)
    unit, name = _unit_of(max(abs(low), abs(high)))
    decimals = next(d for d in range(12) if abs(step / unit * 10**d - round(step / unit * 10**d)) < 1e-6)
    decimals = max(decimals, 2) if decimals and unit == 1 else decimals  # cents come in twos
    values = [n * step for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    return {
        v: f"{'−' if v < 0 else ''}{symbol(currency)}{number(abs(v) / unit, decimals)}{name}" for v in values
    }


def _unit_of(amount: float) -> tuple[float, str]:
    if amount >= 2e9:
        return 1e9, " bn"
    return (1e6, " M") if amount >= 2e6 else (1.0, "")


def months(value: float | None) -> str:
    """A duration in whole months: "7 months"."""
    if not known(value):
        return _("n/a")
    return _("1 month") if round(value) == 1 else _("{count} months").format(count=number(value))


def day(value: date | None) -> str:
    """A calendar day: "30 September 2026"."""
    return _("n/a") if value is None else f"{value.day} {value:%B %Y}"


def quarter(value: date) -> str:
    """The quarter of a day: "2026 Q3"."""
    return f"{value.year} Q{(value.month + 2) // 3}"


def with_range(interval: Interval, write: Callable[[float], str] = ratio) -> str:
    """An estimate with its interval: "1.63 (1.31 to 1.94)"; the estimate alone where that is not known."""
    if not (known(interval.low) and known(interval.high)):
        return write(interval.value)
    return _("{value} ({low} to {high})").format(
        value=write(interval.value), low=write(interval.low), high=write(interval.high)
    )


def share_with_range(interval: Interval) -> str:
    """A share with its range, the sign written once: "60 % (40 to 80 %)"; without a range the share alone."""
    if not known(interval.low) or interval.low == interval.high:
        return percent(interval.value)
    return _("{value} ({low} to {high})").format(
        value=percent(interval.value), low=number(100 * interval.low), high=percent(interval.high)
    )


def symbol(currency: str | None) -> str:
    """What stands before an amount: a sign where there is a usual one, else the code and a blank."""
    if not currency:
        return ""
    return SYMBOLS.get(currency.upper(), f"{currency} ")


def listed(words: list[str]) -> str:
    """Words as a list in a sentence: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])


def known(value: float | None) -> TypeGuard[float]:
    """False for None, NaN, and an infinity that nobody may read as a number."""
    return value is not None and math.isfinite(value)


def _short(amount: float) -> str:
    if amount >= 999_500_000:
        return f"{number(amount / 1e9, 1)} bn"
    if amount >= 999_500:
        return f"{number(amount / 1e6, 1)} M"
    return number(amount, 0 if amount >= 100 else 2)
