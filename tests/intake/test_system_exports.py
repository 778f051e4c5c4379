"""Exports as shops, sales systems and advertisers write them: what is matched at first sight, and what is asked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from analytics.intake.contract import KINDS, currency_of_header, normalised
from analytics.intake.mapping import recognise
from analytics.intake.reading import Reading
from analytics.warehouse.store import Workspace

Read = Callable[..., Reading]

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Id,Source\n"
    "#1001,a@b.c,paid,2026-07-01 10:00:00 +0900,fulfilled,EUR,50.00,5.00,0.00,55.00,,2026-07-01 09:59:00 +0900,1,Tea,20.00,Ann,999,web\n"
    "#1001,a@b.c,,,,,,,,,,2026-07-01 09:59:00 +0900,3,Cup,10.00,,,\n"
    "#1002,d@e.f,voided,,,EUR,20.00,5.00,0.00,25.00,,2026-07-03 09:59:00 +0900,1,Tea,20.00,Bob,1000,web\n"
)
CAFE24 = (
    "주문번호,품목별 주문번호,주문일시,주문자명,주문자ID,상품명,수량,판매가,총 결제금액,결제수단,유입경로,주문 상태\n"
    '20260701-0001,20260701-0001-01,2026-07-01 10:00:00,김민준,kim,차,1,10000,"30,000",카드,네이버,배송완료\n'
    '20260701-0001,20260701-0001-02,2026-07-01 10:00:00,김민준,kim,컵,2,10000,"30,000",카드,네이버,배송완료\n'
    '20260702-0001,20260702-0001-01,2026-07-02 10:00:00,이서연,lee,컵,2,10000,"20,000",카드,네이버,취소완료\n'
)
EXPORTS: dict[str, tuple[str, str, dict[str, str], set[str]]] = {
    "Shopify": (SHOPIFY, "sales", {"order_id": "Name", "customer_id": "Email", "order_date": "Created at", "amount": "Total", "currency": "Currency", "channel": "Source"},
                {"W_HEADER_MAPPED", "E_AMOUNT_ON_ONE_LINE", "E_ORDER_STATE"}),
    "Cafe24": (CAFE24, "sales", {"order_id": "주문번호", "customer_id": "주문자ID", "order_date": "주문일시", "amount": "총 결제금액", "channel": "유입경로"},
               {"E_NUMBER_AMBIGUOUS", "E_ORDER_STATE", "E_TOTAL_REPEATED"}),
    "SmartStore": ("상품주문번호,주문번호,구매자명,구매자ID,결제일,주문상태,상품번호,상품명,수량,상품가격,상품별 총 주문금액,유입경로\n"
                   "2026070112345671,2026070112345670,김민준,kim***,2026.07.01 10:00,구매확정,1,차,1,10000,10000,검색\n", "sales",
                   {"order_id": "주문번호", "customer_id": "구매자ID", "order_date": "결제일", "amount": "상품별 총 주문금액", "channel": "유입경로"}, set()),
    "WooCommerce": ("order_id,order_number,order_date,status,order_total,order_currency,customer_id,billing_email\n"
                    "1,1,2026-07-01 10:00,wc-completed,10.00,EUR,0,a@b\n2,2,2026-07-02 10:00,wc-cancelled,10.00,EUR,0,a@b\n", "sales",
                    {"order_id": "order_id", "customer_id": "customer_id", "amount": "order_total", "currency": "order_currency"},
                    {"E_CUSTOMER_NOBODY", "E_ORDER_STATE"}),
    "WooCommerce analytics": ("Date,Order #,N. Revenue,Status,Customer,Customer type,Product(s),Items Sold,Coupon(s),Attribution\n"
                              "2026-07-01 10:00:00,1,50,completed,Ann,new,Tea,1,,Organic\n", "sales",
                              {"order_id": "Order #", "amount": "N. Revenue", "channel": "Attribution"}, {"W_HEADER_MAPPED"}),
    "Salesforce": ("Opportunity ID,Account ID,Account Name,Amount,Close Date,Stage,Lead Source,Opportunity Owner\n"
                   "006A,001A,Acme,1000.00,2026-07-03,Closed Won,Web,Ann\n006B,001B,Beta,2000.00,2026-07-04,Closed Lost,Web,Ann\n"
                   "006C,001B,Beta,3000.00,2026-07-05,Prospecting,,Ann\n", "sales",
                   {"order_id": "Opportunity ID", "customer_id": "Account ID", "order_date": "Close Date", "channel": "Lead Source", "rep_id": "Opportunity Owner"},
                   {"E_ORDER_STATE"}),
    "HubSpot": ("Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company,Original Traffic Source\n"
                "1,x,Closed won,2026-07-03 10:20,Ann,1000,Sales,Acme,Organic Search\n", "sales",
                {"order_id": "Record ID", "customer_id": "Associated Company", "channel": "Original Traffic Source", "rep_id": "Deal owner"},
                {"W_HEADER_MAPPED"}),
    "Google Ads": ('Campaign report\n"1 July 2026 - 30 September 2026"\nMonth,Campaign,Currency code,Cost\n'
                   '2026-07-01,Brand,EUR,"1,200.50"\n2026-07-01,Generic,EUR,90.10\nTotal: Account, --,EUR,"1,290.60"\n', "spend",
                   {"month": "Month", "channel": "Campaign", "amount": "Cost"}, {"W_HEADER_MAPPED", "E_MOTION_UNKNOWN"}),
    "Meta Ads": ("Campaign name,Reporting starts,Reporting ends,Amount spent (EUR)\nBrand,2026-07-01,2026-07-31,120.50\n", "spend",
                 {"month": "Reporting starts", "channel": "Campaign name", "amount": "Amount spent (EUR)"}, {"W_HEADER_MAPPED", "E_MOTION_UNKNOWN"}),
}  # fmt: skip


@pytest.mark.parametrize("system", EXPORTS)
def test_a_system_s_export_is_matched_at_first_sight_and_what_is_doubtful_is_asked(
    read_text: Read, system: str
) -> None:
    text, kind, matched, asked = EXPORTS[system]
    reading = read_text(text, None)
    assert reading.kind == kind
    assert matched.items() <= {m.column: m.header for m in reading.matched}.items()
    assert {m.code for m in reading.messages if m.severity == "question"} == asked


def test_shopify_s_amounts_stand_once_and_its_voided_orders_do_not_count(
    read_text: Read, staged_rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    answers = {
        "W_HEADER_MAPPED": "confirm",
        "E_AMOUNT_ON_ONE_LINE": "order_total",
        "E_ORDER_STATE": "set_aside",
    }
    reading = read_text(SHOPIFY, answers=answers)
    assert (reading.verdict, reading.rows.read, reading.rows.set_aside) == ("repair", 3, 0)
    rows = staged_rows(reading, "order_id, customer_id, amount")
    assert rows == [
        ("#1001", "a@b.c", Decimal(55)),
        ("#1001", "a@b.c", Decimal(0)),
        ("#1002", "d@e.f", Decimal(0)),
    ]


@pytest.mark.parametrize(("answer", "total"), [("once", 30_000), ("each", 60_000)])
def test_a_total_said_on_every_line_counts_as_the_analyst_says(
    read_text: Read, answer: str, total: int
) -> None:
    answers = {"E_TOTAL_REPEATED": answer, "E_NUMBER_AMBIGUOUS": "thousands", "E_ORDER_STATE": "set_aside"}
    assert read_text(CAFE24, answers=answers).amount == total


LINES = "order_id,customer_id,order_date,amount,product\n"


def alike(orders: int, first: int = 0) -> str:
    """Orders of two lines, 100.00 on each."""
    return "".join(
        f"o{i},c{i},2026-07-01,100.00,{p}\n" for i in range(first, first + orders) for p in ("tea", "cup")
    )


def asked(reading: Reading) -> set[str]:
    return {m.code for m in reading.messages if m.severity == "question"}


OWN_PRICES = "x1,c,2026-07-01,50.00,tea\nx1,c,2026-07-01,20.00,cup\n"


def test_one_order_with_other_prices_does_not_hide_totals_that_are_repeated(read_text: Read) -> None:
    text = LINES + alike(5) + OWN_PRICES
    assert asked(read_text(text)) == {"E_TOTAL_REPEATED"}
    assert read_text(text, answers={"E_TOTAL_REPEATED": "once"}).amount == 570
    assert read_text(text, answers={"E_TOTAL_REPEATED": "each"}).amount == 1070


def test_what_was_answered_on_totals_is_applied_or_asked_anew(read_text: Read) -> None:
    first = read_text(LINES + alike(5), answers={"E_TOTAL_REPEATED": "once"})
    remembered = {f"sales:{first.headers_key}": first.answers}
    assert read_text(LINES + alike(1), remembered=remembered).amount == 100
    assert read_text(LINES + alike(5) + OWN_PRICES, remembered=remembered).amount == 570
    assert asked(read_text(LINES + alike(1) + OWN_PRICES, remembered=remembered)) == {"E_TOTAL_REPEATED"}
    given = {"E_TOTAL_REPEATED": "once"}
    assert read_text(LINES + alike(1) + OWN_PRICES, answers=given).amount == 170


def test_two_equal_prices_by_chance_are_no_question(read_text: Read) -> None:
    single = "".join(f"s{i},c{i},2026-07-01,{i}.00,tea\n" for i in range(10, 110))
    for text in (alike(1), alike(2), alike(3) + OWN_PRICES.replace("x1", "x2") + OWN_PRICES):
        assert asked(read_text(LINES + single + text)) == set()


def test_a_blank_amount_among_lines_with_their_own_is_a_fault(read_text: Read) -> None:
    order = "a,1,2026-07-01,10.00,tea\na,1,2026-07-01,12.00,cup\na,1,2026-07-01,,pen\n"
    once = "b,1,2026-07-01,10.00,tea\nb,1,2026-07-01,,cup\n"
    first = read_text(LINES + once, answers={"E_AMOUNT_ON_ONE_LINE": "order_total"})
    assert first.amount == 10
    remembered = {f"sales:{first.headers_key}": first.answers}
    reading = read_text(LINES + order + once, remembered=remembered)
    assert [(m.code, m.line) for m in reading.messages if m.severity == "error"] == [("E_VALUE_MISSING", 4)]


def test_lines_with_prices_of_their_own_are_added_up_without_a_question(read_text: Read) -> None:
    header = "order_id,customer_id,order_date,product,quantity,unit_price,amount\n"
    equal = header + "a,1,2026-07-01,tea,1,10,10\na,1,2026-07-01,cup,2,5,10\n"
    assert (read_text(equal).verdict, read_text(equal).amount) == ("accept", 20)


def test_a_line_without_an_amount_and_without_an_order_that_has_one_is_a_fault(read_text: Read) -> None:
    header = "order_id,customer_id,order_date,amount\n"
    reading = read_text(header + "a,1,2026-07-01,5\nb,1,2026-07-01,\n")
    assert [(m.code, m.line) for m in reading.messages] == [("E_VALUE_MISSING", 3)]


@pytest.mark.parametrize(("answer", "customers"), [("nobody", {None, "7"}), ("customer", {"0", "7"})])
def test_orders_of_the_customer_0_are_asked_about(
    read_text: Read,
    staged_rows: Callable[..., list[tuple[Any, ...]]],
    answer: str,
    customers: set[str | None],
) -> None:
    text = "order_id,customer_id,order_date,amount\na,0,2026-07-01,5\nb,0,2026-07-02,5\nc,7,2026-07-02,5\n"
    answers = {"E_CUSTOMER_NOBODY": answer}
    assert {c for (c,) in staged_rows(read_text(text, answers=answers), "customer_id")} == customers


CUSTOMERS = "order_id,customer_id,order_date,amount\n"


def bought(*customers: str) -> str:
    return CUSTOMERS + "".join(f"o{i},{c},2026-07-01,{5 + i}\n" for i, c in enumerate(customers))


@pytest.mark.parametrize(
    "customers",
    [("Guest Customer",) * 2, ("Guest", "GUEST"), ("No Customer", "no customer"), ("0", "0", "0", *"12345")],
)
def test_orders_of_nobody_are_known_in_any_spelling(read_text: Read, customers: tuple[str, ...]) -> None:
    expected = {"E_CUSTOMER_NOBODY"} if customers[0] != "0" else set()
    assert asked(read_text(bought(*customers))) == expected


def test_the_customer_0_of_numbered_ones_is_asked_about_where_it_has_far_more_orders(read_text: Read) -> None:
    assert asked(read_text(bought(*(str(i % 9) for i in range(90))))) == set()
    assert asked(read_text(bought(*["0"] * 6, *"123456"))) == {"E_CUSTOMER_NOBODY"}


def test_an_answer_on_guests_holds_from_the_first_row(
    read_text: Read, staged_rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    first = read_text(bought("guest", "guest", "c1"), answers={"E_CUSTOMER_NOBODY": "nobody"})
    assert first.verdict == "repair"
    remembered = {f"sales:{first.headers_key}": first.answers}
    for options in ({"remembered": remembered}, {"answers": {"E_CUSTOMER_NOBODY": "nobody"}}):
        reading = read_text(bought("Guest", "c2"), **options)
        assert staged_rows(reading, "customer_id") == [(None,), ("c2",)]
    assert asked(read_text(bought("c1", "c2", "guest", ""), remembered=remembered)) == {"E_CUSTOMER_BLANK"}


def test_a_question_on_guests_names_all_that_its_answer_changes(read_text: Read) -> None:
    reading = read_text(bought("Guest", "guest", "N/A", "c1"))
    assert [m.text for m in reading.messages if m.severity == "question"] == [
        "3 rows have the customer 'guest', 'n/a' (worth 18.00); is that one customer, or none?"
    ]
    assert asked(read_text(bought("Guest", "N/A", "c1"))) == set()


STATES = "order_id,customer_id,order_date,amount,order status\n"


def test_an_order_cancelled_since_no_longer_counts_as_it_was_loaded_before(
    tmp_path: Path,
) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    for name, states in (("first.csv", ("paid", "paid")), ("second.csv", ("paid", "cancelled"))):
        file = tmp_path / name
        file.write_text(STATES + f"a,1,2026-07-01,10.00,{states[0]}\nb,1,2026-07-02,12.00,{states[1]}\n")
        receipt = workspace.ingest(file, "sales", answers={"E_ORDER_STATE": "set_aside"})
        assert receipt.committed
    assert receipt.reading.rows.set_aside == 0
    assert [m.text for m in receipt.reading.messages if m.code == "E_ORDER_STATE"][-1].startswith(
        "1 row counts as 0.00"
    )
    with workspace._books.engine.cursor() as cursor:
        orders = cursor.execute("select order_id, amount, kind from orders order by order_id").fetchall()
        customers = cursor.execute("select sum(orders), sum(revenue) from customers").fetchall()
    assert orders == [("a", Decimal(10), "order"), ("b", Decimal(0), "nil")]
    assert customers == [(1, Decimal(10))]


@pytest.mark.parametrize(
    "state", ["partially refunded", "partially_refunded", "Partially-Refunded", "partial refund", "부분 환불"]
)
def test_an_order_refunded_in_part_counts(read_text: Read, state: str) -> None:
    assert asked(read_text(STATES + f"a,1,2026-07-01,10,paid\nb,1,2026-07-02,12,{state}\n")) == set()


def test_one_row_is_spoken_of_as_one(read_text: Read) -> None:
    reading = read_text(STATES + "a,1,2026-07-01,10,paid\nb,1,2026-07-02,12,cancelled\n")
    assert [m.text for m in reading.messages if m.severity == "question"] == [
        "The column order status says 'cancelled' (1); is this 1 row (worth 12.00) an order that counts?"
    ]


def test_a_refund_with_the_state_refunded_is_no_question(read_text: Read) -> None:
    text = (
        "order_id,customer_id,order_date,amount,status\na,1,2026-07-01,5,paid\na,1,2026-07-02,-5,refunded\n"
    )
    assert read_text(text).verdict == "repair"  # the column of states is not stored, and that is said


def test_every_kind_is_recognised_by_its_own_headers_and_by_its_korean_ones() -> None:
    for kind in KINDS.values():
        assert recognise(tuple(c.name for c in kind.columns)) == kind.name
        assert recognise(kind.required) == ("sales" if kind.name == "reorders" else kind.name)
        korean = [next((w for w in c.synonyms if not w.isascii()), None) for c in kind.columns]
        assert recognise(tuple(k for k in korean if k)) == kind.name


@pytest.mark.parametrize(
    ("header", "code", "name"),
    [
        ("결제금액(원)", "KRW", "결제금액"),
        ("Cost (USD)", "USD", "cost"),
        ("Amount [€]", "EUR", "amount"),
        ("Name (first)", None, "namefirst"),
    ],
)
def test_a_currency_in_a_header_is_no_part_of_its_name(header: str, code: str | None, name: str) -> None:
    assert (currency_of_header(header), normalised(header)) == (code, name)
