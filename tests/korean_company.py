"""A small company's three exports as a Korean shop system writes them: Korean headers, CP949."""

from datetime import date, timedelta

CUSTOMERS = 120
FIRST_DAY = date(2026, 1, 2)
CHANNELS = ("검색광고", "소셜광고", "자연유입")
UNKNOWN_HEADER = "구매자코드"  # stands for the customer number, and the mapping cannot know it


def sales() -> bytes:
    """One first order per customer, spread over half a year."""
    lines = ["주문번호,고객번호,주문일,결제금액,유입채널,마진"]
    for n in range(CUSTOMERS):
        day = FIRST_DAY + timedelta(days=n * 178 // CUSTOMERS)
        amount = 30_000 + 500 * (n % 17)
        lines.append(f"S-{n:04d},{n:06d},{day},{amount},{CHANNELS[n % 3]},{amount * 2 // 5}")
    return _written(lines)


def reorders() -> bytes:
    """Two thirds of the customers buy again two weeks later, half of them prompted by points."""
    lines = [f"주문번호,{UNKNOWN_HEADER},재주문일,결제금액,프로그램,마진"]
    for n in range(CUSTOMERS):
        if n % 3 == 2:
            continue
        day = min(FIRST_DAY + timedelta(days=n * 178 // CUSTOMERS + 14), date(2026, 6, 30))
        amount = 24_000 + 700 * (n % 13)
        lines.append(f"R-{n:04d},{n:06d},{day},{amount},{'적립금' if n % 2 else ''},{amount * 2 // 5}")
    return _written(lines)


def spend() -> bytes:
    """Six months of two channels and one programme."""
    lines = ["월,채널,비용"]
    for month in range(1, 7):
        lines += [f"2026-{month:02d},검색광고,210000", f"2026-{month:02d},소셜광고,180000"]
        lines.append(f"2026-{month:02d},적립금,40000")
    return _written(lines)


FILES = {"판매_2026.csv": sales, "재구매_2026.csv": reorders, "광고비_2026.csv": spend}


def _written(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("cp949")
