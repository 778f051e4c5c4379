"""Makes an orders export of any size on the spot: about 46 bytes a row, a customer for every three rows."""

from pathlib import Path

import duckdb

CHANNELS = ("paid search", "organic", "email", "display", "affiliate", "social", "referral", "store")
PROGRAMMES = ("loyalty points", "win back")

ORDERS = """
copy (
    with drawn as (
        select i, (hash(i, 'customer') % greatest($rows // 3, 1))::bigint as customer from range($rows) r(i)
    )
    select
        'o' || lpad(i::varchar, 8, '0') as order_id,
        'c' || lpad(customer::varchar, 7, '0') as customer_id,
        date '2024-01-01' + (hash(i) % 731)::integer as order_date,
        $channels[1 + (hash(customer) % len($channels))::integer] as channel,
        ((500 + hash(i, 'amount') % 20000) / 100)::decimal(18, 2) as amount
    from drawn
) to $file (header)
"""


def write_orders(file: Path, rows: int) -> None:
    """Writes order_id, customer_id, order_date, channel, amount; the same bytes for the same number of rows.

    Days cover 2024 and 2025; each customer keeps one channel; amounts are 5.00 to 204.99.
    """
    with duckdb.connect() as con:
        con.execute(ORDERS, {"rows": rows, "channels": list(CHANNELS), "file": str(file)})


def write_spend(file: Path) -> None:
    """Writes month, channel, amount, motion: eight channels and two retention programmes over 24 months."""
    lines = ["month,channel,amount,motion"]
    for month in (f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)):
        lines += [f"{month},{channel},{40_000 + 1_000 * len(channel)}.00,acquisition" for channel in CHANNELS]
        lines += [f"{month},{programme},25000.00,retention" for programme in PROGRAMMES]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
