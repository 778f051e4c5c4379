"""How damaged and unusual exports are read: one small file each, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analytics.intake.reading import Reading
from tests.intake.conftest import HEADER

DAYS = [f"S-{i},00{i % 4},2026-07-{i:02d},email,{i * 10}.50" for i in range(1, 13)]
GOOD = HEADER + "\n".join(DAYS) + "\n"  # twelve orders worth 786.00


def one(*cells: str, header: str = HEADER) -> str:
    return header + "\n".join(cells) + "\n"


def codes(reading: Reading) -> set[str]:
    return {m.code for m in reading.messages}


ACCEPTED = {
    "tabs": GOOD.replace(",", "\t"),
    "sep= line of Excel": "sep=;\n" + GOOD.replace(",", ";"),
    "every field quoted": "".join(
        ",".join(f'"{c}"' for c in line.split(",")) + "\n" for line in GOOD.splitlines()
    ),
    "separator within quotes": GOOD.replace("email", '"a, b"'),
    "line feed within quotes": GOOD.replace("S-2,002,2026-07-02,email", 'S-2,002,2026-07-02,"news\nletter"'),
    "no line end at the end": GOOD.rstrip("\n"),
    "blank lines between rows": GOOD.replace("S-3,", "\nS-3,").replace("S-7,", "\n\nS-7,"),
    "CRLF": GOOD.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("what", ACCEPTED)
def test_unusual_but_sound_files_are_accepted_whole(read_text: Callable[..., Reading], what: str) -> None:
    reading = read_text(ACCEPTED[what])
    assert (reading.verdict, reading.rows.read, reading.amount) == ("accept", 12, Decimal(786))


REPAIRED = {
    "totals row in Korean": (GOOD + "합계,,,,786.00\n", "W_FOOTER"),
    "totals row without a word": (GOOD + ",,,,786.00\n", "W_FOOTER"),
    "grand total and a remark": (GOOD + "Grand Total,,,,786.00\n\nprinted by ERP\n", "W_FOOTER"),
    "header once more in the middle": (GOOD.replace("S-6,", HEADER + "S-6,"), "W_HEADER_REPEATED"),
    "vertical tab": (GOOD.replace("email", "e\x0bmail"), "W_CONTROL_CHARS"),
}


@pytest.mark.parametrize("what", REPAIRED)
def test_repairs_are_named_and_no_row_is_lost_or_doubled(
    read_text: Callable[..., Reading], what: str
) -> None:
    text, code = REPAIRED[what]
    reading = read_text(text)
    assert (reading.verdict, reading.rows.read, reading.amount) == ("repair", 12, Decimal(786))
    assert code in codes(reading)


NUMBERS = {
    "parentheses": ("(19.99)", "-19.99"),
    "a minus sign that is no hyphen": ("−19.99", "-19.99"),
    "blank thousands": ("1 234.50", "1234.5"),
    "Indian grouping": ('"1,23,456.50"', "123456.5"),
    "millions": ('"1,234,567"', "1234567"),
    "noise of a float": ("19.990000000000002", "19.99"),
    "a plus sign": ("+5", "5"),
    "euros behind": ("12.50 €", "12.5"),
}


@pytest.mark.parametrize("what", NUMBERS)
def test_numbers_in_other_notations(read_text: Callable[..., Reading], what: str) -> None:
    written, value = NUMBERS[what]
    reading = read_text(one(f"a,1,2026-07-01,e,{written}", "b,1,2026-07-02,e,2.25"))
    assert (reading.verdict, reading.amount) == ("repair", Decimal(value) + Decimal("2.25"))
    assert (reading.rows.accepted, reading.rows.repaired) == (1, 1)


@pytest.mark.parametrize("written", ["abc", "N/A", "#REF!", "1.2.3", "12:30", "--5", "0x10", "1_000"])
def test_what_is_no_number_is_refused_with_its_place(read_text: Callable[..., Reading], written: str) -> None:
    reading = read_text(one("a,1,2026-07-01,e,1.50", f"b,1,2026-07-02,e,{written}"))
    (fault,) = reading.messages
    assert (reading.verdict, fault.code, fault.line, fault.column, fault.value) == (
        "reject",
        "E_NUMBER",
        3,
        "amount",
        written,
    )


def test_points_that_could_be_thousands_are_asked_unless_another_number_settles_it(
    read_text: Callable[..., Reading],
) -> None:
    doubtful = one("a,1,2026-07-01,e,1.234", "b,1,2026-07-02,e,2.500")
    assert read_text(doubtful).verdict == "ask"
    settled = one("a,1,2026-07-01,e,1.234", "b,1,2026-07-02,e,2.5")
    assert read_text(settled).amount == Decimal("3.734")
    german = one("a;1;2026-07-01;e;1.234", "b;1;2026-07-02;e;2,5", header=HEADER.replace(",", ";"))
    assert read_text(german).amount == Decimal("1236.5")


def test_a_currency_without_cents_settles_commas(read_text: Callable[..., Reading]) -> None:
    rows = one('a,1,2026-07-01,e,"12,000"', 'b,1,2026-07-02,e,"6,500"')
    assert read_text(rows).verdict == "ask"
    assert read_text(rows, currency="KRW").amount == Decimal(18500)


DATES = {
    "26/07/31": date(2026, 7, 31),
    "7/31/2026 3:05 PM": date(2026, 7, 31),
    "2026-07-31 오후 3:05:00": date(2026, 7, 31),
    "2026. 7. 31. 오전 11:05": date(2026, 7, 31),
    "31-Jul-26": date(2026, 7, 31),
    '"Jul 31, 2026"': date(2026, 7, 31),
    '"Friday, 31 July 2026"': date(2026, 7, 31),
    "20260731": date(2026, 7, 31),
    "2026年7月31日": date(2026, 7, 31),
    "31.07.2026": date(2026, 7, 31),
    "2026-07-31T23:30:00+09:00": date(2026, 7, 31),
    "1785456000": date(2026, 7, 31),
    "46234": date(2026, 7, 31),
}


@pytest.mark.parametrize("written", DATES)
def test_days_in_other_notations_keep_the_calendar_day(
    read_text: Callable[..., Reading], written: str
) -> None:
    reading = read_text(one(f"a,1,{written},e,1.50"))
    assert (reading.verdict, reading.first_day) == ("repair", DATES[written])


def test_one_impossible_day_among_sound_ones_is_named_and_can_be_set_aside(
    read_text: Callable[..., Reading],
) -> None:
    text = one(*(f"a{i},1,{i:02d}/07/2026,e,1" for i in range(1, 29)), "z,1,31/06/2026,e,5")
    refused = read_text(text)
    assert [(m.code, m.line) for m in refused.messages if m.severity == "error"] == [("E_DATE", 30)]
    loaded = read_text(text, set_aside=True)
    assert (loaded.verdict, loaded.rows.read, loaded.rows.set_aside, loaded.amount) == (
        "repair",
        29,
        1,
        Decimal(28),
    )


def test_rows_that_are_set_aside_keep_their_text_and_line(
    read_text: Callable[..., Reading], staged_rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    reading = read_text(GOOD.replace("110.50", "abc").replace("S-3,", "\nS-3,"), set_aside=True)
    import duckdb

    rows = (
        duckdb.connect()
        .execute("select line, reason, order_id, amount from read_parquet(?)", [str(reading.set_aside)])
        .fetchall()
    )
    assert rows == [(13, "E_NUMBER", "S-11", "abc")]
    assert (7, "S-5") in staged_rows(reading, "line, order_id")


REFUSED = {
    "semicolons from a line on": (
        "\n".join([HEADER.strip(), *DAYS[:9], *(d.replace(",", ";") for d in DAYS[9:])]),
        "E_DELIMITER_MIXED",
        11,
    ),
    "last row cut off": (GOOD[:-12], "E_CUT_OFF", 13),
    "a second table": (
        GOOD + "\nreferral_id,referrer_id,referred_at\nR-1,1,2026-07-01\n",
        "E_TWO_TABLES",
        15,
    ),
    "an extra field": (GOOD.replace("S-5,", "x,S-5,"), "E_RAGGED", 6),
    "a quote never closed": (GOOD.replace("S-12,", '"S-12,'), "E_QUOTE_UNCLOSED", 13),
    "a field beyond the limit": (GOOD.replace("S-4,", "S" * 70000 + ","), "E_FIELD_TOO_LONG", 5),
    "a subtotal among the rows": (GOOD.replace("S-6,", "Subtotal,,,,10.00\nS-6,"), "E_VALUE_MISSING", 7),
}


@pytest.mark.parametrize("what", REFUSED)
def test_damaged_files_are_refused_with_the_line(read_text: Callable[..., Reading], what: str) -> None:
    text, code, line = REFUSED[what]
    reading = read_text(text)
    assert reading.verdict == "reject"
    assert (code, line) in {(m.code, m.line) for m in reading.messages}


ENCODINGS = {
    "cp1250": ("Łukasz Żółć", "Świętosław Wąs"),
    "cp1252": ("Hélène Bœuf", "François Naïf"),
    "cp1251": ("Иван Петров", "Мария Кузнецова"),
    "cp932": ("田中さくら", "鈴木ひろし"),
    "gb18030": ("王小明", "李雷"),
    "cp949": ("김민준", "이서연"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_legacy_encodings_are_told_by_their_letters(
    read_text: Callable[..., Reading], staged_rows: Callable[..., list[tuple[Any, ...]]], encoding: str
) -> None:
    rows = [f"{i},{name},2026-07-0{i},e,5" for i, name in enumerate(ENCODINGS[encoding], start=1)]
    reading = read_text(one(*rows, header=HEADER.replace("customer_id", "customer_name")), encoding=encoding)
    assert (reading.verdict, codes(reading)) == ("repair", {"W_ENCODING_GUESSED"})
    assert tuple(name for (name,) in staged_rows(reading, "customer_id")) == ENCODINGS[encoding]


def test_two_encodings_in_one_file_are_refused(read_text: Callable[..., Reading]) -> None:
    reading = read_text(
        (HEADER + "1,Jörg,2026-07-01,e,5\n").encode() + "2,Müller,2026-07-02,e,6\n".encode("cp1252")
    )
    assert [(m.code, m.line) for m in reading.messages] == [("E_ENCODING", 3)]


def test_repeated_order_ids_are_asked_unless_the_rows_are_lines(read_text: Callable[..., Reading]) -> None:
    text = one("a,1,2026-07-31,e,19.99", "a,1,2026-07-31,e,5", "b,2,2026-07-31,e,5")
    asked = read_text(text)
    (question,) = [m for m in asked.messages if m.severity == "question"]
    assert {c.name: c.amount for c in question.choices} == {
        "order_lines": Decimal("29.99"),
        "corrections": Decimal(10),
    }
    assert read_text(text, answers={"E_ORDER_REPEATED": "corrections"}).amount == Decimal(10)
    lines = one("a,1,2026-07-31,e,19.99,tea", "a,1,2026-07-31,e,5,cup", header=HEADER.strip() + ",product\n")
    assert read_text(lines).verdict == "accept"


def test_a_refund_of_the_same_day_is_no_repeat(read_text: Callable[..., Reading]) -> None:
    reading = read_text(one("a,1,2026-07-31,e,19.99", "a,1,2026-07-31,e,-5"))
    assert (reading.verdict, reading.amount) == ("accept", Decimal("14.99"))


def test_answers_are_remembered_for_the_same_headers_and_that_is_said(
    read_text: Callable[..., Reading],
) -> None:
    text = one("a,1,2026-07-31,e,19.99", "b,,2026-07-31,e,5")
    first = read_text(text, answers={"E_CUSTOMER_BLANK": "set_aside"})
    again = read_text(text, remembered={f"sales:{first.headers_key}": first.answers})
    assert (again.verdict, again.rows) == ("repair", first.rows)
    assert "N_ANSWER_REMEMBERED" in codes(again)


def test_an_answer_that_is_no_choice_is_refused(read_text: Callable[..., Reading]) -> None:
    reading = read_text(one("b,,2026-07-31,e,5", "c,1,2026-07-31,e,5"), answers={"E_CUSTOMER_BLANK": "maybe"})
    assert codes(reading) == {"E_ANSWER"}


def test_a_header_is_matched_as_the_analyst_says(read_text: Callable[..., Reading]) -> None:
    text = one("a,1,2026-07-31,e,7", header="order_id,customer_id,order_date,channel,netto_wert\n")
    assert "E_COLUMNS_MISSING" in codes(read_text(text))
    reading = read_text(text, answers={"COLUMN:amount": "netto_wert"})
    assert (reading.verdict, reading.amount, reading.answers) == (
        "accept",
        Decimal(7),
        {"COLUMN:amount": "netto_wert"},
    )


def test_two_headers_that_could_be_the_amount_are_asked(read_text: Callable[..., Reading]) -> None:
    text = one("a,1,2026-07-31,19.99,18", header="order_id,customer_id,order_date,total,revenue\n")
    assert read_text(text).verdict == "ask"
    assert read_text(text, answers={"COLUMN:amount": "revenue"}).amount == Decimal(18)


def test_quantity_times_unit_price_stands_for_the_amount(read_text: Callable[..., Reading]) -> None:
    reading = read_text(
        one("a,1,2026-07-31,3,2.55", header="InvoiceNo,CustomerID,InvoiceDate,Quantity,UnitPrice\n")
    )
    assert (reading.verdict, reading.amount) == ("accept", Decimal("7.65"))


def test_another_currency_than_the_workspace_s_is_refused(read_text: Callable[..., Reading]) -> None:
    text = one("a,1,2026-07-31,5,USD", header="order_id,customer_id,order_date,amount,currency\n")
    assert codes(read_text(text, currency="EUR")) == {"E_CURRENCY"}
    assert read_text(text).currency == "USD"
    mixed = text + "b,1,2026-07-31,5,EUR\n"
    assert codes(read_text(mixed)) == {"E_CURRENCY_MIXED"}


def test_spend_by_quarter_is_spread_to_the_cent(
    read_text: Callable[..., Reading], staged_rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    reading = read_text(
        "month,channel,amount,motion\n2026Q3,ads,100,acquisition\nJul 2026,display,5,acquisition\n", "spend"
    )
    rows = sorted(staged_rows(reading, "channel, month, amount"))
    assert rows[:3] == [("ads", date(2026, 7, 1), Decimal("33.33")), ("ads", date(2026, 8, 1), Decimal("33.33")),
                        ("ads", date(2026, 9, 1), Decimal("33.34"))]  # fmt: skip
    assert (reading.last_day, "W_QUARTER_SPREAD" in codes(reading)) == (date(2026, 9, 30), True)


def test_what_spend_is_for_is_learnt_from_names_or_asked(
    read_text: Callable[..., Reading], staged_rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    text = "month,channel,amount\n2026-07,ads,100\n2026-07,points,50\n"
    known = {"channel": ("ads",), "trigger": ("points",)}
    assert read_text(text, "spend", known_names=known).verdict == "accept"
    asked = read_text(text, "spend", known_names={"channel": ("ads",)})
    assert [m.code for m in asked.messages] == ["E_MOTION_UNKNOWN"]
    told = read_text(text, "spend", known_names={"channel": ("ads",)}, answers={"MOTION:points": "retention"})
    assert sorted(staged_rows(told, "channel, motion")) == [("ads", None), ("points", "retention")]


def test_the_kind_is_recognised_from_the_headers(read_text: Callable[..., Reading]) -> None:
    assert read_text(GOOD, None).kind == "sales"
    assert read_text(GOOD.replace("channel", "trigger"), None).kind == "reorders"
    assert read_text("referral_id,referrer_id,referred_at\nR,1,2026-07-01\n", None).kind == "referrals"
    assert read_text("a,b\n1,2\n", None).kind is None


HOSTILE = ["x'); drop table typed; --", 'a"; select 1', "c0", "*", "{0}", "?", "$1", "%s", "\\", "[*]"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_headers_and_values_never_become_sql(
    read_text: Callable[..., Reading], staged_rows: Callable[..., list[tuple[Any, ...]]], name: str
) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    rows = [f"{i},{quoted},0{i}/07/2026,{quoted},({i}.50),{quoted}" for i in (1, 2)]
    text = one(*rows, "3,x,13/07/2026,e,1.50,y", header=HEADER.strip() + f",{quoted}\n")
    reading = read_text(text)
    assert (reading.verdict, reading.rows.read, reading.amount) == ("repair", 3, Decimal("-2.50"))
    assert sorted(staged_rows(reading, "customer_id"))[-1] == max(("x",), (name,))


def test_what_an_open_question_leaves_unknown_is_not_stated(read_text: Callable[..., Reading]) -> None:
    reading = read_text(one("a,1,03/04/2026,e,1.50", "b,1,05/06/2026,e,2.50"))
    assert (reading.verdict, reading.first_day, reading.last_day) == ("ask", None, None)
    assert codes(reading) == {"E_DATE_AMBIGUOUS"}
    assert read_text(one("a,1,2026-07-01,e,1.234", "b,1,2026-07-02,e,2.500")).amount is None


def test_limits_are_settings(read_text: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLIPPED_FUNNEL_LIMIT_ROWS", "5")
    (refused,) = read_text(GOOD).messages
    assert (refused.code, "12 rows; the limit is 5" in refused.text) == ("E_TOO_MANY_ROWS", True)
    monkeypatch.setenv("FLIPPED_FUNNEL_LIMIT_ROWS", "many")
    with pytest.raises(ValueError, match="whole number"):
        read_text(GOOD)
