"""A company whose customers buy as BG/NBD and Gamma-Gamma say, with parameters that are known."""

from datetime import date, timedelta

import numpy as np

FIRST_DAY, DAYS = date(2025, 1, 1), 540
RATE, RATE_DAYS, LEAVING, VALUE = 0.9, 30.0, (0.8, 3.0), (6.0, 4.0, 15.0)  # r, alpha, (a, b), (p, q, v)
CHANNELS = ("search", "display")


def orders(
    customers: int = 300, seed: int = 1, times: float = 1.0, referred_times: float = 1.0
) -> list[dict]:
    """Sales rows with a margin of 40 %; times: multiplies all money, referred_times that of every fourth customer."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        value = _value(random) * times * (referred_times if number % 4 == 0 else 1.0)
        for day in _days(random):
            amount = round(max(value * random.gamma(VALUE[0]) / VALUE[0], 0.01), 2)
            rows.append({
                "order_id": f"o{len(rows):05}", "customer_id": f"c{number:04}", "order_date": day.isoformat(),
                "amount": amount, "margin": round(0.4 * amount, 4), "channel": CHANNELS[number % 2],
                "segment": "home" if number % 3 else "office",
            })  # fmt: skip
    last = FIRST_DAY + timedelta(days=DAYS)
    return [*rows, rows[-1] | {"order_id": "last", "customer_id": "c-last", "order_date": last.isoformat()}]


def referrals(customers: int = 300, seed: int = 1) -> list[dict]:
    """Every fourth customer came by a referral, on the day of the first order."""
    first: dict[str, str] = {}
    for row in orders(customers, seed):
        first.setdefault(row["customer_id"], row["order_date"])
    return [
        {"referral_id": f"f{n:04}", "referrer_id": "somebody", "referred_id": f"c{n:04}",
         "referred_at": first[f"c{n:04}"]}
        for n in range(0, customers, 4)
    ]  # fmt: skip


def _value(random: np.random.Generator) -> float:
    """The customer's mean order value: inverse gamma."""
    p, q, v = VALUE
    return p * v / random.gamma(q)


def _days(random: np.random.Generator) -> list[date]:
    rate, leaving = random.gamma(RATE) / RATE_DAYS, random.beta(*LEAVING)
    clock = float(random.uniform(0, DAYS - 20))
    days = [FIRST_DAY + timedelta(days=int(clock))]
    while True:
        clock += random.exponential(1 / rate)
        if clock > DAYS:
            return days
        days.append(FIRST_DAY + timedelta(days=int(clock)))
        if random.uniform() < leaving:
            return days
