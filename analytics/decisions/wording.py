"""How numbers, money, shares and days are written in sentences: the one place that formats them.

Each is written as the language of the context writes it; the examples are English. Every function writes what is not
known (NaN or None) as "n/a", never as 0.
"""

import math
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypeGuard

from analytics.decisions.interval import Interval
from analytics.language import SOURCE, current
from analytics.language import gettext as _

SMALL_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
MILLION, HUNDRED_MILLION, BILLION, TRILLION = 1e6, 1e8, 1e9, 1e12
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "KRW": "₩", "JPY": "¥", "CNY": "¥", "INR": "₹", "CHF": "CHF "}


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thousands separators: 1234567.8 is written "1,234,568"."""
    if not known(value):
        return _("n/a")
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", "−")  # + 0.0: never "−0"


def in_words(count: int) -> str:
    """A small count as English sentences write it, "no" to "twelve"; in figures above, and in other languages."""
    return SMALL_NUMBERS[count] if current() == SOURCE and count < len(SMALL_NUMBERS) else number(count)


def ratio(value: float | None) -> str:
    """A ratio with two decimals, as ROI and ROAS are given: 1.634 is written "1.63"."""
    return number(value, 2)


def percent(value: float | None, decimals: int = 0) -> str:
    """A share or rate in percent: 0.58 is written "58 %"."""
    if not known(value):
        return _("n/a")
    return (
        f"{number(100 * value, decimals)} %" if current() == SOURCE else f"{number(100 * value, decimals)}%"
    )


def percent_ticks() -> dict[str, str]:
    """How an axis writes its shares, by what a browser would write: {"20%": "20 %"}."""
    return {
        f"{n}%".replace("-", "−"): percent(n / 100) for n in range(-100, 301) if -20 <= n <= 100 or n % 5 == 0
    }


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
    texts = {
        v: f"{'−' if v < 0 else ''}{symbol(currency)}{number(abs(v) / unit, decimals)}{name}" for v in values
    }
    if 0.0 in texts and current() != SOURCE:
        texts[0.0] = f"{symbol(currency)}0"
    return texts


def _unit_of(amount: float) -> tuple[float, str]:
    if current() == "ko":
        units = (
            (TRILLION, TRILLION, "조"),
            (HUNDRED_MILLION, HUNDRED_MILLION, "억"),
            (2 * MILLION, 1e4, "만"),
        )
        return next(((unit, name) for least, unit, name in units if amount >= least), (1.0, ""))
    if amount >= 2 * BILLION:
        return BILLION, " bn"
    return (MILLION, " M") if amount >= 2 * MILLION else (1.0, "")


def months(value: float | None) -> str:
    """A duration in whole months: "7 months"."""
    if not known(value):
        return _("n/a")
    return _("1 month") if round(value) == 1 else _("{count} months").format(count=number(value))


def day(value: date | None) -> str:
    """A calendar day: "30 September 2026"."""
    if value is None:
        return _("n/a")
    return f"{value.day} {value:%B %Y}" if current() == SOURCE else _by_pattern(value, "yMMMMd")


def month(value: date) -> str:
    """A calendar month: "September 2026"."""
    return f"{value:%B %Y}" if current() == SOURCE else _by_pattern(value, "yMMMM")


def month_in_short(value: date, with_year: bool = True) -> str:
    """A calendar month where there is little room: "Sep 2026", or "Sep"."""
    if current() == SOURCE:
        return f"{value:%b %Y}" if with_year else f"{value:%b}"
    return _by_pattern(value, "yMMM" if with_year else "MMM")


def day_in_short(value: date) -> str:
    """A day of a year that is known: "10 Feb"."""
    return f"{value.day} {value:%b}" if current() == SOURCE else _by_pattern(value, "MMMd")


def month_ticks() -> str:
    """How an axis of days names its months, as a pattern of d3-time-format: "Sep" above "2026"."""
    return "%b<br>%Y" if current() == SOURCE else "%Y<br>%m"


def quarter(value: date) -> str:
    """The quarter of a day: "2026 Q3"."""
    if current() == SOURCE:
        return f"{value.year} Q{(value.month + 2) // 3}"
    return _by_pattern(value, "yQQQ")


def quarter_on_axis(value: date) -> str:
    """The quarter below its year, as short as an axis needs it: "2026<br>Q3"."""
    place = (value.month + 2) // 3
    return f"{value.year}<br>Q{place}" if current() == SOURCE else f"{value.year}<br>{place}Q"


def _by_pattern(value: date, skeleton: str) -> str:
    """The parts of a day that the skeleton asks for, in the language's own order (Unicode's CLDR, read by Babel)."""
    locale, pattern = _pattern(current(), skeleton)
    return pattern.apply(date(value.year, value.month, value.day), locale)


@cache
def _pattern(language: str, skeleton: str) -> tuple[Any, Any]:
    from babel import Locale
    from babel.dates import match_skeleton

    locale = Locale.parse(language)
    return locale, locale.datetime_skeletons[match_skeleton(skeleton, locale.datetime_skeletons)]


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
    if current() == "ko":
        return _short_in_korean(amount)
    if amount >= 999_500_000:
        return f"{number(amount / 1e9, 1)} bn"
    if amount >= 999_500:
        return f"{number(amount / 1e6, 1)} M"
    return number(amount, 0 if amount >= 100 else 2)


def _short_in_korean(amount: float) -> str:
    """In units of ten thousand, as Korean counts: "123만", "1,234만", "1.23억", "12.3억", "1.2조"."""
    if amount >= 0.9995 * TRILLION:
        return f"{_three_digits(amount / TRILLION)}조"
    if amount >= 0.99995 * HUNDRED_MILLION:
        return f"{_three_digits(amount / HUNDRED_MILLION)}억"
    if amount >= 0.9995 * MILLION:
        return f"{number(amount / 1e4)}만"
    return number(amount, 0 if amount >= 100 else 2)


def _three_digits(amount: float) -> str:
    text = number(amount, 2 if amount < 9.995 else 1 if amount < 99.95 else 0)
    return text.rstrip("0").rstrip(".") if "." in text else text
