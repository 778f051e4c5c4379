"""Lines of an order in systems that state the order's amount: on its first line only, or again on every line."""

from __future__ import annotations

import re

from analytics.intake.checks import Rows, money_text
from analytics.intake.messages import Choice, Message
from analytics.language import gettext as _
from analytics.language import ngettext

_FEWEST_ORDERS = 3
_MOST_OF_THEM = 0.8
_ORDER_TOTAL = re.compile(r"total|총", re.IGNORECASE)
_LINE_TOTAL = re.compile(r"line|item|product|상품|품목", re.IGNORECASE)


def completed(rows: Rows) -> list[Message]:
    """Asks whether lines without an amount belong to an order whose amount stands on another line; changes `typed`.

    Returns no messages of its own: the question is kept with the answers. Such lines then count with 0.
    """
    fault = "fault_amount" if "amount" in rows.columns and rows.columns["amount"].fault else None
    if fault is None or rows.kind.name not in ("sales", "reorders"):
        return []
    # Where several lines have amounts, each line has its own, and one without is a fault.
    condition = (
        f"{fault} = 'E_VALUE_MISSING' and order_id in (select order_id from typed where amount >= 0 "
        "group by order_id having count(*) = 1)"
    )
    count, _amount = rows.loaded(condition)
    if not count:
        return []
    total, money = rows.loaded()
    found = rows.lines(condition)
    text = ngettext(
        "{count} row has no {amount}, but another row of the same {order} has one; is it a further line of an order "
        "whose amount stands once?",
        "{count} rows have no {amount}, but another row of the same {order} has one; are they further lines of an order "
        "whose amount stands once?",
        count,
    )
    choices = (
        Choice(
            "order_total",
            _("Yes: the amount is that of the whole order; these lines add nothing to it."),
            total,
            money,
        ),
    )
    rows.answers.ask(
        "E_AMOUNT_ON_ONE_LINE",
        text.format(count=count, amount=rows.header("amount"), order=rows.header("order_id")), choices,
        line=found[0][1], column=rows.header("amount"),
    )  # fmt: skip
    _fill(rows, condition)  # also while the question is open, so that no line is called a fault
    return []


def _fill(rows: Rows, condition: str) -> None:
    """Such lines get the amount 0, and the day and the customer of their order where they have none."""
    rows.query(
        "create or replace temp table order_heads as select order_id, min(order_date) as day, "
        f"{'min(customer_id)' if 'customer_id' in rows.columns else 'null'} as customer "
        "from typed where amount is not null and order_id is not null group by order_id"
    )
    rows.query(
        f"create or replace temp table added_lines as select record from typed where out is null and {condition}"
    )
    changes = ["amount = 0", "repaired = true", "fault_amount = null", "order_date = coalesce(order_date, h.day)",
               "fault_order_date = nullif(fault_order_date, 'E_VALUE_MISSING')"]  # fmt: skip
    if "customer_id" in rows.columns:
        changes += [
            "customer_id = coalesce(customer_id, h.customer)",
            "fault_customer_id = nullif(fault_customer_id, 'E_VALUE_MISSING')",
        ]
    rows.query(
        f"update typed set {', '.join(changes)} from order_heads h where h.order_id = typed.order_id "
        "and typed.record in (select record from added_lines)"
    )


def repeated_totals(rows: Rows) -> None:
    """Every line of an order has the same amount: its own price, or the order's total said again on each line?"""
    if "amount" not in rows.columns or _is_product(rows):
        return
    rows.query(
        "create or replace temp table line_orders as select order_id, count(distinct amount) = 1 as equal "
        "from typed where out is null and amount > 0 and record not in (select record from repeats) "
        "group by order_id having count(*) > 1"
    )
    orders, equal = rows.query("select count(*), count(*) filter (equal) from line_orders")[0]
    known = rows.answers.all.get("E_TOTAL_REPEATED")
    mostly = equal >= _MOST_OF_THEM * orders
    if not equal or not (known or (mostly and (equal >= _FEWEST_ORDERS or _says_total(rows)))):
        return
    _ask_totals(rows, equal, () if mostly or known == "each" else ("orders with other amounts",))


def _says_total(rows: Rows) -> bool:
    """Whether the header calls the amount a total of the order: then one such order is no chance."""
    header = rows.header("amount")
    return bool(_ORDER_TOTAL.search(header) and not _LINE_TOTAL.search(header))


def _ask_totals(rows: Rows, orders: int, about: tuple[str, ...]) -> None:
    """Asks once for all orders whose lines are equal; an answer given where most differ is remembered as such."""
    again = "record in (select record from said_again)"
    rows.query(
        "create or replace temp table said_again as select record from typed where out is null and amount > 0 "
        "and order_id in (select order_id from line_orders where equal) "
        "qualify row_number() over (partition by order_id order by record) > 1"
    )
    _count, amount = rows.loaded(again)
    total, money = rows.loaded()
    choices = (
        Choice("once", _("It is the amount of the whole order: count it once."), total,
               None if money is None else money - (amount or 0)),
        Choice("each", _("It is the price of each line: add them up."), total, money),
    )  # fmt: skip
    text = ngettext(
        "All lines of an order have the same {header} in {orders} order (worth {amount}); is it the price of each line?",
        "All lines of an order have the same {header} in {orders} orders (worth {amount}); is it the price of each line?",
        orders,
    )
    answer = rows.answers.ask(
        "E_TOTAL_REPEATED", text.format(header=rows.header("amount"), orders=orders, amount=money_text(amount)), choices,
        about=about, line=rows.lines(again)[0][1], column=rows.header("amount"),
    )  # fmt: skip
    if answer == "once":
        margin = ", margin = 0" if "margin" in rows.columns else ""
        rows.query(f"update typed set amount = 0, repaired = true{margin} where {again}")


def _is_product(rows: Rows) -> bool:
    """Whether the amount is quantity × price in every row: then it is the line's own."""
    if not {"quantity", "unit_price"} <= set(rows.columns):
        return False
    other = "quantity is null or unit_price is null or abs(quantity * unit_price - amount) > 0.01"
    return rows.loaded(other)[0] == 0
