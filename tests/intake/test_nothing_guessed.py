"""Files that could be loaded wrongly without a word: each is asked about, refused, or read for what it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from analytics.intake import days, encodings
from analytics.intake.mapping import recognise
from analytics.intake.reading import Reading
from tests.intake.conftest import HEADER

DAYS = [f"S-{i},00{i % 4},2026-07-{i:02d},email,{i * 10}.50" for i in range(1, 13)]
GOOD = HEADER + "\n".join(DAYS) + "\n"
TIMED = "order_date,order_id,customer_id,channel,amount\n" + "".join(
    f"2026-07-{i:02d} 10:20,ORD {i},00{i % 4},email,{i}.50\n" for i in range(1, 13)
)
Read = Callable[..., Reading]
Staged = Callable[..., list[tuple[Any, ...]]]


def questions(reading: Reading) -> dict[str, set[str]]:
    """What is asked, with the names of the choices."""
    return {m.code: {c.name for c in m.choices} for m in reading.messages if m.severity == "question"}


def errors(reading: Reading) -> set[tuple[str, int | None]]:
    return {(m.code, m.line) for m in reading.messages if m.severity == "error"}


CUT_OFF = {
    "in a time of day": (TIMED + "2026-07-13 10:2", 14),
    "after a time of day": (TIMED + "2026-07-13 10:20,ORD 1", 14),
    "in an id with a blank": (TIMED.replace("order_date,order_id", "order_id,order_date") + "ORD 13,00", 14),
    "where blank lines stand between the rows": (GOOD.replace("\n", "\n\n") + "S-13,00", 27),
    "below one blank line": (GOOD + "\nS-13,00", 15),
}


@pytest.mark.parametrize("what", CUT_OFF)
def test_a_row_that_was_cut_off_is_no_remark(read_text: Read, what: str) -> None:
    text, line = CUT_OFF[what]
    assert errors(read_text(text)) == {("E_CUT_OFF", line)}


def test_remarks_below_the_rows_are_still_left_out(read_text: Read) -> None:
    for remark in (
        "\nend of report\n",
        "\nTotal: 786.00\nConfidential\n",
        "\nprinted by ERP\n",
        "Total: Account,--,--,,786.00\n",
    ):
        reading = read_text(GOOD + remark)
        assert (reading.verdict, reading.rows.read) == ("repair", 12), remark


LAST_VALUES = {
    "a sum": (GOOD + "".join(f"T-{i},001,2026-07-12,email,{i}.25\n" for i in range(10, 20)) + "S-13,001,2026-07-13,email,13", "amount"),
    "a day": ("order_id,customer_id,channel,amount,order_date\n" + "".join(f"{i},1,e,{i}.50,2026-07-1{i}\n" for i in range(9)) + "9,1,e,5.50,2026-07-2", "order_date"),
    "a channel": ("order_id,customer_id,amount,order_date,channel\n" + "".join(f"{i},1,{i}.50,2026-07-{i},email\n" for i in range(10, 30)) + "9,1,5.50,2026-07-20,em", "channel"),
    "a customer": ("order_id,channel,amount,order_date,customer_id\n" + "".join(f"{i},e,{i}.50,2026-07-{i},0{i}7\n" for i in range(10, 30)) + "9,e,5.50,2026-07-20,01", "customer_id"),
}  # fmt: skip


@pytest.mark.parametrize("what", LAST_VALUES)
def test_a_last_value_that_may_have_been_cut_is_asked_about(read_text: Read, what: str) -> None:
    text, column = LAST_VALUES[what]
    reading = read_text(text)
    assert questions(reading) == {"E_LAST_LINE": {"whole", "set_aside"}}
    assert {m.column for m in reading.messages if m.severity == "question"} == {column}
    aside = read_text(text, answers={"E_LAST_LINE": "set_aside"})
    assert (aside.rows.set_aside, aside.rows.read) == (1, reading.rows.read)


WHOLE_ENDS = {
    "a shorter sum among a few": HEADER + "a,1,2026-07-01,e,100.50\nb,2,2026-07-02,e,90.25\nc,3,2026-07-03,e,9.5",
    "a word among longer ones": "order_id,customer_id,order_date,amount,channel\na,1,2026-07-01,10,webinar\nb,2,2026-07-01,10,email\nc,3,2026-07-02,10,web",
    "numbers that grew by a digit": "order_date,amount,customer_id,order_id\n" + "".join(f"2026-07-01,10,a,{i}\n" for i in range(1003, 999, -1)) + "2026-07-01,10,a,999",
    "a name among many": "order_id,order_date,amount,customer_id\n" + "".join(f"{i},2026-07-01,{i},anna{i}\n" for i in range(90, 120)) + "9,2026-07-01,5,anna",
    "a day without noughts": "order_id,customer_id,amount,order_date\na,1,5,10/12/2026\nb,1,5,10/13/2026\nc,1,5,1/14/2026",
}  # fmt: skip


@pytest.mark.parametrize("what", WHOLE_ENDS)
def test_a_last_value_that_is_only_short_is_no_question(read_text: Read, what: str) -> None:
    assert "E_LAST_LINE" not in questions(read_text(WHOLE_ENDS[what]))


def test_a_day_that_is_none_does_not_settle_the_order_of_the_others(read_text: Read) -> None:
    text = HEADER + "a,1,03/04/2026,e,1.5\nb,2,05/06/2026,e,2.5\nc,3,45/45/2026,e,3.5\n"
    assert read_text(text).verdict == "reject"
    assert "E_DATE_AMBIGUOUS" in questions(read_text(text, set_aside=True))


def test_years_of_two_digits_in_two_orders_are_refused(read_text: Read) -> None:
    text = HEADER + "a,1,31/07/26,e,1.5\nb,2,07/30/26,e,2.5\n"
    assert errors(read_text(text, set_aside=True)) == {("E_DATE_MIXED", 2), ("E_DATE_MIXED", 3)}


@pytest.mark.parametrize(
    "written", ["2026-07-31 10:00:00 KST", "31.07.2026 10:20 Uhr", "7/31/2026 3:05 PM EST", "31 July 2026"]
)
def test_days_with_zones_and_full_names_keep_the_day_as_written(read_text: Read, written: str) -> None:
    assert read_text(HEADER + f"a,1,{written},e,1.50\n").first_day == date(2026, 7, 31)


def test_a_word_that_begins_like_a_month_is_none() -> None:
    assert days.parse_month("Sept 2026") == (date(2026, 9, 1), 1)
    assert days.parse_month("2026/07/15") == (date(2026, 7, 1), 1)
    for text in ("Marketing 2026", "Junk-26", "Decathlon 2026", "Jul 05", "2026-13", "7월"):
        assert days.parse_month(text) is None


def test_a_product_that_no_amount_can_hold_is_refused_with_its_line(read_text: Read) -> None:
    header = "order_id,customer_id,order_date,quantity,unit_price\n"
    assert errors(read_text(header + "a,1,2026-07-01,99999999,99999999999\n")) == {("E_NUMBER_RANGE", 2)}


def test_one_sign_of_several_currencies_is_what_the_file_or_the_workspace_says(read_text: Read) -> None:
    dollars = HEADER + "a,1,2026-07-01,e,$5.00\n"
    assert read_text(dollars).currency == "USD"
    assert read_text(dollars, currency="CAD").verdict == "repair"
    assert ("E_CURRENCY", None) in errors(read_text(dollars, currency="EUR"))
    stated = "order_id,customer_id,order_date,amount,currency\na,1,2026-07-01,$5.00,AUD\n"
    assert read_text(stated).currency == "AUD"
    assert read_text(stated.replace("$5.00,AUD", "5.00,€"), currency="EUR").currency == "EUR"


def test_spend_in_another_currency_is_refused_too(read_text: Read) -> None:
    column = "month,channel,amount,currency\n2026-07,ads,5,USD\n"
    header = "month,channel,amount (USD)\n2026-07,ads,5\n"
    for text in (column, header):
        assert ("E_CURRENCY", None) in errors(read_text(text, "spend", currency="EUR"))
    assert read_text("월,채널,비용(원)\n2026-07,검색,5\n", None, currency="KRW").kind == "spend"


def test_rows_of_an_order_stay_together_when_one_is_set_aside(read_text: Read, staged_rows: Staged) -> None:
    text = "order_id,customer_id,order_date,product,amount\na,1,2026-07-01,tea,30\na,1,2026-07-01,cup,x\nb,2,2026-07-02,tea,5\nb,2,2026-07-09,tea,-5\n"
    reading = read_text(text, set_aside=True)
    assert staged_rows(reading, "order_id, amount") == [("b", Decimal(5)), ("b", Decimal(-5))]
    aside = (
        duckdb.connect()
        .execute("select line, reason from read_parquet(?)", [str(reading.set_aside)])
        .fetchall()
    )
    assert aside == [(2, "W_KEY_INCOMPLETE"), (3, "E_NUMBER")]


def test_rows_below_another_header_are_not_read_by_the_first_one(read_text: Read) -> None:
    text = GOOD + "order_id,channel,order_date,customer_id,amount\nc,e,2026-07-01,1,5\n"
    assert ("E_TWO_TABLES", 14) in errors(read_text(text, set_aside=True))


def test_rows_that_were_left_out_on_purpose_stay_out_when_mended_ones_come_back(
    read_text: Read, staged_rows: Staged
) -> None:
    text = "line,reason,order_id,customer_id,order_date,amount\n3,W_DUPLICATE_ROWS,a,1,2026-07-01,5\n4,E_NUMBER,b,'@anna,2026-07-01,'-7\n5,E_ORDER_STATE,c,2,2026-07-01,9\n"
    reading = read_text(text)
    assert staged_rows(reading, "order_id, customer_id, amount") == [("b", "@anna", Decimal(-7))]
    assert reading.rows.set_aside == 2


def test_mended_rows_complete_the_file(read_text: Read, staged_rows: Staged) -> None:
    damaged = GOOD.replace("110.50", "abc").replace("2026-07-03", "2026-07-33")
    first = read_text(damaged, set_aside=True)
    names = "order_id, customer_id, order_date, channel, amount"
    aside = (
        duckdb.connect().execute(f"select {names} from read_parquet(?)", [str(first.set_aside)]).fetchall()
    )
    mended = HEADER + "".join(",".join(row) + "\n" for row in aside).replace("abc", "110.50").replace(
        "07-33", "07-03"
    )
    second = read_text(mended)
    assert sorted(staged_rows(first, names) + staged_rows(second, names)) == sorted(
        staged_rows(read_text(GOOD), names)
    )


REMEMBERED = {
    "the other sign": ('a,1,2026-07-01,e,"1,234"', "a,1,2026-07-01,e,1.234", {"E_NUMBER_AMBIGUOUS": "thousands"}),
    "other separators": ("a,1,03/04/2026,e,1.5", "a,1,03.04.2026,e,1.5", {"E_DATE_AMBIGUOUS": "day_first"}),
    "other names": ("a,1,2026-07-01,E-Mail,1.5\nb,1,2026-07-01,email,1.5", "a,1,2026-07-01,U S,1.5\nb,1,2026-07-01,us,1.5", {"W_CATEGORY_MERGED": "merge"}),
    "copies": ("a,1,2026-07-01,e,1.5\na,1,2026-07-01,e,1.5", "b,1,2026-07-01,e,1.5\nb,1,2026-07-01,e,1.5", {"W_DUPLICATE_ROWS": "drop"}),
}  # fmt: skip


@pytest.mark.parametrize("what", REMEMBERED)
def test_a_remembered_answer_holds_only_for_what_it_was_given_for(read_text: Read, what: str) -> None:
    before, now, answers = REMEMBERED[what]
    first = read_text(HEADER + before + "\n", answers=answers)
    remembered = {f"sales:{first.headers_key}": first.answers}
    assert set(questions(read_text(HEADER + now + "\n", remembered=remembered))) == set(answers)
    again = read_text(HEADER + before + "\n", remembered=remembered)
    assert again.verdict == ("ask" if what == "copies" else "repair")


def test_a_remembered_answer_that_is_no_longer_possible_is_asked_anew(read_text: Read) -> None:
    remembered = {"E_DATE_AMBIGUOUS": "year_first", "E_DATE_AMBIGUOUS:about": "order2/"}
    text = HEADER + "a,1,11/02/00,e,1\nb,1,12/02/00,e,1\n"
    key = read_text(text).headers_key
    asked = questions(read_text(text, remembered={f"sales:{key}": remembered}))
    assert asked == {"E_DATE_AMBIGUOUS": {"day_first", "month_first"}}


def test_a_new_name_in_spend_is_asked_about_though_the_old_ones_are_known(
    read_text: Read, staged_rows: Staged
) -> None:
    text = "month,channel,amount\n2026-07,ads,100\n"
    first = read_text(text, "spend", answers={"E_MOTION_UNKNOWN": "acquisition"})
    remembered = {f"spend:{first.headers_key}": first.answers}
    asked = read_text(text + "2026-07,points,5\n", "spend", remembered=remembered)
    assert [
        m.text
        for m in asked.messages
        if m.severity == "question" and "points" in m.text and "ads" not in m.text
    ]
    told = read_text(
        text + "2026-07,points,5\n", "spend", remembered=remembered, answers={"E_MOTION_UNKNOWN": "retention"}
    )
    assert sorted(staged_rows(told, "channel, motion")) == [("ads", "acquisition"), ("points", "retention")]


def test_the_korean_cross_is_a_no(read_text: Read, staged_rows: Staged) -> None:
    header = "prospect_id,rep_id,channel,invited_at,need\n"
    korean = read_text(header + "a,r,l,2026-07-01,O\nb,r,l,2026-07-01,X\n", "prospects")
    assert staged_rows(korean, "need") == [(True,), (False,)]
    ticked = read_text(header + "a,r,l,2026-07-01,\nb,r,l,2026-07-01,X\n", "prospects")
    assert staged_rows(ticked, "need") == [(None,), (True,)]


def test_one_question_of_a_kind_is_asked_once(read_text: Read) -> None:
    text = "prospect_id,rep_id,channel,invited_at,met_at\na,r,l,03/04/2026,05/06/2026\n"
    asked = [m for m in read_text(text, "prospects").messages if m.severity == "question"]
    assert [m.code for m in asked] == ["E_DATE_AMBIGUOUS"]
    assert "invited_at" in asked[0].text
    assert "met_at" in asked[0].text


def test_months_in_another_notation_are_a_repair_and_said(read_text: Read) -> None:
    reading = read_text("month,channel,amount,motion\nJul 2026,ads,5,acquisition\n", "spend")
    assert (reading.verdict, reading.rows.repaired) == ("repair", 1)
    assert "W_MONTH_FORMAT" in {m.code for m in reading.messages}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_in_any_language(
    read_text: Read, staged_rows: Staged, encoding: str
) -> None:
    names = ("김민준", "王一丁", "田中さくら", "Иван")
    text = HEADER.replace("customer_id", "customer_name") + "".join(
        f"{i},{n},2026-07-01,e,5\n" for i, n in enumerate(names)
    )
    assert tuple(n for (n,) in staged_rows(read_text(text, encoding=encoding), "customer_id")) == names


CHINESE = ("韩梅梅", "刘洋", "李雷", "陈静")


@pytest.mark.parametrize("name", CHINESE)
def test_chinese_is_never_read_as_korean(name: str) -> None:
    assert encodings.guess_legacy([b"order_id,customer_name", f"1,{name}".encode("gb18030")]) != "cp949"


TOTALS = ("1,234", "1.234,00", "₩1,234", "1 234", "(1,234.00)", "1,234.00-")


@pytest.mark.parametrize("written", TOTALS)
def test_a_total_is_read_in_the_notation_in_which_it_is_true(read_text: Read, written: str) -> None:
    sign = "-" if written[0] == "(" or written[-1] == "-" else ""
    text = HEADER + f'a,1,2026-07-01,e,{sign}1000\nb,1,2026-07-02,e,{sign}234\nTotal,,,,"{written}"\n'
    assert (read_text(text).verdict, read_text(text).rows.read) == ("repair", 2)


def test_a_quarter_of_spend_reaches_beyond_a_named_month(read_text: Read) -> None:
    text = "month,channel,amount,motion\n2026Q3,ads,9,acquisition\n"
    assert read_text(text, "spend", period="2026Q3").verdict == "repair"
    assert "E_DATE_OUT_OF_QUARTER" in questions(read_text(text, "spend", period="2026-07"))


def test_rows_without_any_value_are_no_rows_and_that_is_said(read_text: Read) -> None:
    for text in (GOOD + ",,,,\n , ,,,\n", GOOD.replace("S-6,", ",,,,\nS-6,")):
        reading = read_text(text)
        assert (reading.verdict, reading.rows.read, reading.amount) == ("repair", 12, Decimal(786))
        assert "W_EMPTY_ROWS" in {m.code for m in reading.messages}


def test_a_carriage_return_within_a_row_is_refused_with_its_line(read_text: Read) -> None:
    assert errors(read_text(HEADER + "a,1,2026-07-01,e,5\nb,2,2026-07-01,e,6\rc,3,2026-07-02,e,7\n")) == {
        ("E_RAGGED", 3)
    }


def test_a_german_spend_file_is_proposed_not_taken(read_text: Read) -> None:
    text = "Monat;Kampagne;Kosten\n2026-07;Brand;1.234,50\n"
    assert set(questions(read_text(text, "spend"))) == {"W_HEADER_MAPPED", "E_MOTION_UNKNOWN"}
    assert recognise(("Monat", "Kampagne", "Kosten")) == "spend"


FEW_LETTERS = {
    "cp1250": ("Jiří Dvořák", "Győző Szűcs", "Kęska", "Zdeněk Němec", "Růžena", "Kamiński", "Petrović", "Babič Marič"),
    "cp1252": ("Hélène", "Ñandú Peña", "Søren Åberg", "Benoît Fête", "João Simões", "Lunedì Perù", "Bjørn Høj", "Loïc Où"),
    "cp1251": ("Иван Петров, 5 €", "Ольга «Попова»"),
    "gb18030": ("王小明 € 5",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "name"), [(e, name) for e, names in FEW_LETTERS.items() for name in names]
)
def test_an_encoding_is_told_by_one_name(encoding: str, name: str) -> None:
    assert encodings.guess_legacy([b"order_id,customer_name", f"1,{name}".encode(encoding)]) == encoding
