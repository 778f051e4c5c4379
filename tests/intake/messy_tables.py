"""Orders whose truth is known, and the many ways in which a system may write them to a file."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

NAMES = {
    "utf-8": ("김민준", "田中さくら", "王小明", "Łukasz Żółć", "Hélène Bœuf", "Иван Петров", "O'Neil, Pat", '24" Ltd'),
    "cp949": ("김민준", "이서연", "박지훈", "똠방각하", "최유나", "정하은"),
    "cp932": ("田中さくら", "鈴木ひろし", "佐藤ゆい", "高橋まこと", "伊藤みなみ"),
    "gb18030": ("王小明", "李雷", "韩梅梅", "张伟", "刘洋", "陈静"),
    "cp1252": ("Hélène Bœuf", "François Naïf", "Jörg Müller", "Ñandú Peña", "Søren Åberg", "Strauß & Söhne"),
    "cp1250": ("Łukasz Żółć", "Świętosław Wąs", "Jiří Dvořák", "Škoda Žižek", "Győző Szűcs", "Małgorzata Kęska"),
    "cp1251": ("Иван Петров", "Мария Кузнецова", "Алексей Смирнов", "Ольга Попова"),
}  # fmt: skip
NAMES["utf-16-le"] = NAMES["utf-16-be"] = NAMES["utf-8-sig"] = NAMES["utf-8"]
_UNICODE = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be")
CHANNELS = ("email", "paid_search", "organic", "referral")
DAY_STYLES: dict[
    str, tuple[str, str | None]
] = {  # how a day is written, and the answer where that could be doubted
    "iso": ("{y}-{m:02}-{d:02}", None),
    "time": ("{y}-{m:02}-{d:02} 10:{d:02}:00", None),
    "zone": ("{y}-{m:02}-{d:02}T23:10:00+09:00", None),
    "slashed": ("{y}/{m:02}/{d:02}", None),
    "british": ("{d:02}/{m:02}/{y}", "day_first"),
    "american": ("{m}/{d}/{y}", "month_first"),
    "german": ("{d:02}.{m:02}.{y}", "day_first"),
    "dashed": ("{d:02}-{m:02}-{y}", "day_first"),
    "short": ("{d:02}/{m:02}/{s:02}", "day_first"),
    "korean": ("{y}. {m}. {d}.", None),
    "hangul": ("{y}년 {m}월 {d}일", None),
    "compact": ("{y}{m:02}{d:02}", None),
    "named": ("{d}-{name}-{y}", None),
    "serial": ("{serial}", None),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIGNS = ("", "", "", "€", "$", "₩", "EUR ", " €", " 원")


@dataclass(frozen=True)
class Row:
    """One order, or one line or refund of an order."""

    order_id: str
    customer_id: str
    day: date
    channel: str
    amount: Decimal

    @property
    def facts(self) -> tuple[str, str, date, str, Decimal]:
        """What must arrive, to the letter and to the cent."""
        return self.order_id, self.customer_id, self.day, self.channel, self.amount


@dataclass(frozen=True)
class Dialect:
    """How a file is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    quote_all: bool = False
    line_end: str = "\n"
    last_line_end: bool = True
    days: str = "iso"
    decimal: str = "."
    thousands: str = ""
    sign: str = ""
    negative: str = "-"
    columns: tuple[str, ...] = ("order_id", "customer_id", "order_date", "channel", "amount")
    headers: str = "own"
    preamble: int = 0
    footer: str = ""
    blank_lines: bool = False
    empty_columns: int = 0
    container: str = "csv"

    @property
    def answers(self) -> dict[str, str]:
        """What somebody who knows the file would answer."""
        order = DAY_STYLES[self.days][1]
        return {
            "E_NUMBER_AMBIGUOUS": "thousands",
            "W_CATEGORY_MERGED": "keep_apart",
            "E_ORDER_REPEATED": "order_lines",
            "W_HEADER_MAPPED": "confirm",
            "E_DATE_OUT_OF_QUARTER": "keep",
            "W_DUPLICATE_ROWS": "drop",
            "E_HEADER_DUPLICATE": "first",
        } | ({"E_DATE_AMBIGUOUS": order} if order else {})


_HEADERS = {
    "own": {},
    "spaced": {"order_id": "Order ID", "customer_id": "Customer ID", "order_date": "Order Date", "channel": "Channel", "amount": "Amount"},
    "korean": {"order_id": "주문번호", "customer_id": "고객번호", "order_date": "주문일", "channel": "유입채널", "amount": "결제금액"},
    "german": {"order_id": "Bestellnummer", "customer_id": "Kundennummer", "order_date": "Bestelldatum", "channel": "Kanal", "amount": "Betrag"},
}  # fmt: skip


def some_rows(chance: random.Random, dialect: Dialect, count: int | None = None) -> list[Row]:
    """8 to 30 rows: orders, some refunds and some second lines; cents unless the dialect is in won."""
    names = NAMES[dialect.encoding]
    named = chance.random() < 0.5 or dialect.encoding not in _UNICODE
    whole = dialect.sign.strip() in ("₩", "원")
    rows: list[Row] = []
    for i in range(count or chance.randint(8, 30)):
        cents = chance.choice(
            (chance.randint(1, 99), chance.randint(100, 99_999), chance.randint(100_000, 250_000_000))
        )
        amount = Decimal(cents * 100 if whole else cents) / 100
        customer = chance.choice(names) if named else f"{chance.randint(1, 40):06}"
        day = date(2026, 7, 1) + timedelta(chance.randint(0, 91))
        rows.append(
            Row(
                f"{i + 1:05}" if chance.random() < 0.3 else f"S-{1000 + i}",
                customer,
                day,
                CHANNELS[i % 4],
                amount,
            )
        )
        if chance.random() < 0.15:
            rows.append(replace(rows[-1], day=day + timedelta(3), amount=-amount))
        elif chance.random() < 0.1:
            rows.append(replace(rows[-1], amount=amount + 1))
    return rows  # fmt: skip


def some_dialect(chance: random.Random) -> Dialect:
    """Any of the ways in which files come; one in ten is plain."""
    if chance.random() < 0.1:
        return Dialect(days=chance.choice(("iso", "time")))
    encoding = chance.choice(("utf-8", "utf-8", "utf-8-sig", *NAMES))
    decimal, thousands = chance.choice(
        ((".", ""), (".", ","), (",", ""), (",", "."), (".", "'"), (".", "’"), (",", "\xa0"), (",", "\u2009"), (".", "\u202f"), (".", "indian"))
    )  # fmt: skip
    if not _writes(thousands, encoding):
        thousands = ""
    signs = [
        s
        for s in SIGNS
        if _writes(s, encoding) and (encoding in ("cp949", *_UNICODE) or s.strip() not in ("₩", "원"))
    ]
    columns = list(Dialect.columns)
    if chance.random() < 0.5:
        chance.shuffle(columns)
    days = chance.choice([s for s in DAY_STYLES if s != "hangul" or encoding in ("cp949", *_UNICODE)])
    container = chance.choice(("csv", "csv", "csv", "gz", "xlsx"))
    headers = chance.choice([h for h in _HEADERS if h != "korean" or encoding in ("cp949", *_UNICODE)])
    return Dialect(
        encoding=encoding, delimiter=chance.choice(",,;\t|"), quote=chance.choice('"""\''), quote_all=chance.random() < 0.2,
        line_end=chance.choice(("\n", "\n", "\r\n", "\r")), last_line_end=chance.random() < 0.8, days=days,
        decimal=decimal, thousands=thousands, sign=chance.choice(signs), negative=chance.choice(("-", "-", "()", "behind")),
        columns=tuple(columns), headers=headers, preamble=chance.choice((0, 0, 0, 1, 4)),
        footer=chance.choice(("", "", "", "total", "remark")), blank_lines=chance.random() < 0.1,
        empty_columns=chance.choice((0, 0, 0, 2)), container=container,
    )  # fmt: skip


def _writes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def written_day(day: date, style: str) -> str:
    """A day in one of DAY_STYLES."""
    return DAY_STYLES[style][0].format(
        y=day.year, m=day.month, d=day.day, s=day.year % 100, name=_MONTHS[day.month - 1], serial=(day - date(1899, 12, 30)).days
    )  # fmt: skip


def written_amount(amount: Decimal, dialect: Dialect) -> str:
    """An amount with its grouping, its decimal sign, its currency and its own kind of minus."""
    whole = dialect.sign.strip() in ("₩", "원")
    text = f"{abs(amount):.{0 if whole else 2}f}"
    digits, _point, cents = text.partition(".")
    if dialect.thousands == "indian":
        digits = _grouped(digits[:-3], 2, ",") + "," + digits[-3:] if len(digits) > 3 else digits
    elif dialect.thousands:
        digits = _grouped(digits, 3, dialect.thousands)
    text = digits + (dialect.decimal + cents if cents else "")
    text = dialect.sign + text if not dialect.sign.startswith(" ") else text + dialect.sign
    if amount >= 0:
        return text
    return {"-": f"-{text}", "()": f"({text})", "behind": f"{text}-"}[dialect.negative]


def _grouped(digits: str, size: int, sign: str) -> str:
    head = len(digits) % size
    parts = ([digits[:head]] if head else []) + [digits[i : i + size] for i in range(head, len(digits), size)]
    return sign.join(parts)


def cells(rows: list[Row], dialect: Dialect) -> list[list[str]]:
    """Header and rows as texts."""
    header = [_HEADERS[dialect.headers].get(c, c) for c in dialect.columns] + [""] * dialect.empty_columns
    write: dict[str, Callable[[Row], str]] = {
        "order_id": lambda r: r.order_id, "customer_id": lambda r: r.customer_id, "channel": lambda r: r.channel,
        "order_date": lambda r: written_day(r.day, dialect.days), "amount": lambda r: written_amount(r.amount, dialect),
    }  # fmt: skip
    return [
        header,
        *([write[c](row) for c in dialect.columns] + [""] * dialect.empty_columns for row in rows),
    ]


def line(fields: list[str], dialect: Dialect) -> str:
    """One line of a file, with its line end."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if dialect.quote_all or dialect.quote == "'" else csv.QUOTE_MINIMAL
    csv.writer(
        out,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=quoting,
        lineterminator=dialect.line_end,
    ).writerow(fields)
    return out.getvalue()  # fmt: skip


def lines(rows: list[Row], dialect: Dialect) -> list[str]:
    """All lines of a file, from the preamble to the footer."""
    table = cells(rows, dialect)
    made = [line([f"Export {i}: orders of the shop"], dialect) for i in range(dialect.preamble)]
    made += [line(fields, dialect) for fields in table]
    if dialect.blank_lines:
        made = [part for text in made for part in (text, dialect.line_end)][:-1]
    if dialect.footer == "total":
        total = written_amount(sum((r.amount for r in rows), Decimal(0)), dialect)
        made.append(line(["Total" if i == 0 else total if c == "amount" else "" for i, c in enumerate(dialect.columns)], dialect)
                    if dialect.columns[0] != "amount" else line(["Total", total], dialect))  # fmt: skip
    elif dialect.footer == "remark":
        made += [dialect.line_end, line(["End of report"], dialect)]
    if not dialect.last_line_end:
        made[-1] = made[-1].removesuffix(dialect.line_end)
    return made


def packed(text: str | bytes, dialect: Dialect) -> tuple[bytes, str]:
    """The bytes of a file and its name."""
    raw = text
    if isinstance(raw, str):
        raw = (b"\xff\xfe" if dialect.encoding == "utf-16-le" and len(raw) % 2 else b"") + raw.encode(
            dialect.encoding
        )
    return (gzip.compress(raw), "orders.csv.gz") if dialect.container == "gz" else (raw, "orders.csv")  # fmt: skip


def workbook(rows: list[Row], dialect: Dialect) -> tuple[bytes, str]:
    """The rows as an .xlsx: ids as text, amounts as numbers, days as dates or as texts."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for _i in range(dialect.preamble):
        sheet.append(["Export of orders"])
    table = cells(rows, dialect)
    sheet.append(table[0])
    for row, fields in zip(rows, table[1:], strict=True):
        typed: dict[str, object] = {"amount": float(row.amount)}
        if dialect.days == "iso":
            typed["order_date"] = datetime(row.day.year, row.day.month, row.day.day)
        sheet.append([typed.get(c, f) for c, f in zip(dialect.columns, fields, strict=False)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "orders.xlsx"


def file_of(rows: list[Row], dialect: Dialect) -> tuple[bytes, str]:
    """The whole file, undamaged."""
    if dialect.container == "xlsx":
        return workbook(rows, dialect)
    return packed("".join(lines(rows, dialect)), dialect)
