"""What the cells of sound rows leave open: the state of an order, a customer who is none, a last line that may be cut."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from analytics.intake.checks import Rows, money_text
from analytics.intake.contract import normalised
from analytics.intake.layout import split
from analytics.intake.messages import Choice, note
from analytics.language import gettext as _
from analytics.language import ngettext

_STATE_HEADERS = frozenset(
    normalised(word)
    for word in (
        "status", "order status", "order state", "financial status", "payment status", "stage", "deal stage", "sales stage",
        "opportunity stage", "주문상태", "주문처리상태", "처리상태", "진행상태", "결제상태", "클레임상태", "거래단계", "영업단계",
    )
)  # fmt: skip
_WON = re.compile(r"\bwon\b|closedwon|성사|수주", re.IGNORECASE)
_NO_SALE = re.compile(
    r"cancel|void|\brefunded|declin|fail|expired|reject|trash|abandon|draft|\bpending|\bon[- ]hold|\blost\b|closedlost|"
    r"prospecting|qualif|negotiat|proposal|취소|반품|환불|미입금|입금전|입금대기|결제대기|미결제|실패|실주",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r"partial(ly)?[\s_-]*refund|refunded[\s_-]*partial|(부분|일부)\s*(환불|취소|반품)", re.IGNORECASE
)
_NOBODY = (
    "0", "-", "guest", "guest customer", "guest checkout", "guest user", "no customer", "비회원", "비회원구매", "비회원 구매",
    "n/a", "#n/a", "na", "null", "none", "unknown", "anonymous",
)  # fmt: skip
_NEAR = ("1", "2", "3", "4", "5")
_STAYS_OUT = ("W_DUPLICATE_ROWS", "E_ORDER_REPEATED", "E_KEY_REPEATED", "E_ORDER_STATE", "W_LEFT_OUT_BEFORE")
_MOST_STATES = 60
_TAIL = 128 * 1024
_HEAD_ROWS = 5000
_FEWEST_VALUES = 20  # from here on, a form that all other values share is no chance
_FEW_WORDS = 20
_SHORTEST_FORM = 4
_FULL_DAY = re.compile(r"\d{4}\D\d{2}\D\d{2}")


def ask(rows: Rows, trial: bool = False) -> bool:
    """Asks what only the analyst can know; with `trial` nothing is changed, and True means that rows would be."""
    before = _left_out_before(rows, trial)
    _last_line(rows)
    if rows.kind.name in ("sales", "reorders"):
        _nobody(rows, trial)
        _states(rows)
    return before or rows.answers.open


def _left_out_before(rows: Rows, trial: bool) -> bool:
    """In a file of rows that were set aside, those that were copies or had been corrected stay left out."""
    if tuple(rows.table.layout.headers[:2]) != ("line", "reason"):
        return False
    if trial:
        return True
    reasons = ", ".join(f"'{reason}'" for reason in _STAYS_OUT)
    again = f"record in (select record from {rows.table.numbered} where c1 in ({reasons}))"
    for name, typed in rows.columns.items():
        if typed.column.type == "text":  # the download put an apostrophe before what a spreadsheet would run
            rows.query(
                f"update typed set {name} = substr({name}, 2) where regexp_matches({name}, '^''[=+@\\t\\r-]')"
            )
    if count := rows.loaded(again)[0]:
        rows.leave_out("W_LEFT_OUT_BEFORE", again)
        text = _(
            "{count} rows had been left out on purpose (copies, corrected or cancelled rows); they stay left out."
        )
        rows.answers.messages.append(note("W_LEFT_OUT_BEFORE", text.format(count=count)))
    return True


def _nobody(rows: Rows, trial: bool) -> None:
    """Several orders of the customer 0, guest or 비회원: one customer, or orders without one?"""
    if "customer_id" not in rows.columns or not (names := _names_of_nobody(rows, trial)):
        return
    condition = "list_contains(?, lower(customer_id))"
    count, amount = rows.loaded(condition, [names])
    total, money = rows.loaded()
    choices = (
        Choice(
            "nobody",
            _("They are orders without a customer: revenue of no customer and no source."),
            total,
            money,
        ),
        Choice("customer", _("It is a customer with that number."), total, money),
    )
    text = ngettext(
        "{count} row has the customer {names} (worth {amount}); is that one customer, or none?",
        "{count} rows have the customer {names} (worth {amount}); is that one customer, or none?",
        count,
    )
    shown = ", ".join(f"'{name}'" for name in names)
    answer = rows.answers.ask(
        "E_CUSTOMER_NOBODY", text.format(count=count, names=shown, amount=money_text(amount)), choices,
        about=tuple(names), column=rows.header("customer_id"),
    )  # fmt: skip
    if answer == "nobody":
        rows.query(
            f"create or replace temp table nobody as select record from typed where {condition}", [names]
        )
        rows.query(f"update typed set customer_id = null, repaired = true where {condition}", [names])


def _names_of_nobody(rows: Rows, trial: bool) -> list[str]:
    """The names to ask about, in small letters: several orders raise the question, an answer holds from the first row.

    A trial looks for any such name, because it knows no answers.
    """
    words = ", ".join(f"'{word}'" for word in _NOBODY)
    orders: dict[str, int] = dict(
        rows.query(
            "select lower(customer_id) as name, count(distinct order_id) from typed where out is null "
            f"and lower(customer_id) in ({words}) group by name"
        )
    )
    known = rows.answers.known_about("E_CUSTOMER_NOBODY") & orders.keys()
    if not (trial or "E_CUSTOMER_NOBODY" in rows.answers.given):
        new = {name: count for name, count in orders.items() if name not in known}
        if not any(count > 1 and _is_nobody(rows, name, count) for name, count in new.items()):
            return sorted(known)
    return sorted(n for n, count in orders.items() if trial or n in known or _is_nobody(rows, n, count))


def _is_nobody(rows: Rows, name: str, orders: int) -> bool:
    return name != "0" or _is_no_number(rows, orders)


def _is_no_number(rows: Rows, orders: int) -> bool:
    """Whether the customer 0 is none of many numbered ones: it has far more orders, or no number is near."""
    near = ", ".join(f"'{number}'" for number in _NEAR)
    numbered, median = rows.query(
        f"select bool_or(customer_id in ({near})), median(n) from (select customer_id, count(distinct order_id) as n "
        "from typed where out is null and customer_id <> '0' group by customer_id)"
    )[0]
    return not numbered or (orders >= 3 and orders > 5 * median)


def _states(rows: Rows) -> None:
    """A column of states says cancelled, lost or pending: are these rows orders?"""
    used = {typed.at for typed in rows.columns.values()}
    for at, header in enumerate(rows.table.layout.headers):
        if (
            at not in used
            and normalised(header) in _STATE_HEADERS
            and _ask_state(rows, at, header.strip()[:40])
        ):
            return


def _ask_state(rows: Rows, at: int, header: str) -> bool:
    """Whether this column left something to ask. Rows of refunds are what they are: the state is not theirs to judge."""
    counts: dict[str, int] = dict(
        rows.query(f"select {rows.table.clean(at)} as v, count(*) from {rows.table.scan} group by v limit {_MOST_STATES + 1}")
    )  # fmt: skip
    states = {state for state in counts if state}
    won = any(_WON.search(state) for state in states)
    doubtful = sorted(
        s for s in states if not _PARTLY.search(s) and (not _WON.search(s) if won else _NO_SALE.search(s))
    )
    if not doubtful or len(counts) > _MOST_STATES:
        return False
    condition = (
        f"amount > 0 and record in (select record from (select record, {rows.table.clean(at)} as v from "
        f"{rows.table.numbered}) where list_contains(?, v))"
    )
    count, amount = rows.loaded(condition, [doubtful])
    if not count:
        return False
    total, money = rows.loaded()
    rest = None if money is None else money - (amount or Decimal(0))
    choices = (
        Choice(
            "set_aside",
            _("No: they count as 0.00, also where an earlier export has these orders."),
            total,
            rest,
        ),
        Choice("keep", _("Yes: they count as revenue."), total, money),
    )
    shown = ", ".join(f"'{state[:40]}' ({counts[state]})" for state in doubtful[:6]) + (
        " …" if len(doubtful) > 6 else ""
    )
    text = ngettext(
        "The column {header} says {states}; is this {count} row (worth {amount}) an order that counts?",
        "The column {header} says {states}; are these {count} rows (worth {amount}) orders that count?",
        count,
    )
    answer = rows.answers.ask(
        "E_ORDER_STATE", text.format(header=header, states=shown, count=count, amount=money_text(amount)), choices,
        about=tuple(doubtful), column=header,
    )  # fmt: skip
    if answer == "set_aside":
        _count_nothing(rows, condition, doubtful, count)
    return True


def _count_nothing(rows: Rows, condition: str, states: list[str], count: int) -> None:
    """Such rows stay with 0, so that this export, being the newest, holds for orders that were loaded as paid before."""
    nothing = ", ".join(
        f"{n} = 0" for n in ("amount", "margin", "incentive_cost") if n == "amount" or n in rows.columns
    )
    rows.query(f"update typed set {nothing}, repaired = true where out is null and {condition}", [states])
    text = ngettext(
        "{count} row counts as 0.00 because of the state of its order; earlier exports of the order no longer count.",
        "{count} rows count as 0.00 because of the state of their orders; earlier exports of these orders no longer count.",
        count,
    )
    rows.answers.messages.append(note("E_ORDER_STATE", text.format(count=count)))


def _last_line(rows: Rows) -> None:
    """A file that ends within a line, whose last value is shorter than all others: is that value whole?"""
    layout, text = rows.table.layout, rows.table.text
    at = rows.table.width - 1
    name = next((n for n, t in rows.columns.items() if t.at == at), None)
    if name is None or text.last_byte in (b"", b"\n", layout.quote.encode()):
        return
    with Path(rows.table.path).open("rb") as file:
        file.seek(max(0, text.path.stat().st_size - _TAIL))
        line = file.read().rsplit(b"\n", 1)[-1].decode("utf-8", errors="ignore").rstrip("\r")
    cells = split(line, layout.delimiter, layout.quote)
    if len(cells) != rows.table.width:
        return
    last = cells[at].strip()
    others = [
        v
        for (v,) in rows.query(
            f"select {rows.table.clean(at)} as v from {rows.table.scan} limit {_HEAD_ROWS}"
        )
    ]
    if last in others:
        others.remove(last)  # itself, where the file is short
    if not _looks_cut(last, others, rows.columns[name].column.type):
        return
    total, money = rows.loaded()
    final = "record = (select max(record) from typed)"
    count, amount = rows.loaded(final)
    choices = (
        Choice("whole", _("It is whole: load it."), total, money),
        Choice(
            "set_aside",
            _("Set it aside."),
            total - count,
            None if money is None else money - (amount or Decimal(0)),
        ),
    )
    header = layout.headers[at].strip()[:40]
    asked = _(
        "The file ends without a line end, and its last value ({header}: '{value}') is shorter than the others; is it whole?"
    )
    answer = rows.answers.ask(
        "E_LAST_LINE", asked.format(header=header, value=last[:40]), choices, column=header, value=last
    )
    if answer == "set_aside":
        rows.leave_out("E_LAST_LINE", final)


def _looks_cut(last: str, others: list[str], type: str) -> bool:
    """Whether all other values have a form that this one only begins: 12.5 among 10.50 and 20.50, ema among email.

    Many programs write no line end below the last row, so a few values that differ by chance must not look like it.
    """
    filled = [v for v in others if v]
    if not filled or (not last and len(filled) < len(others)):
        return False
    lengths = {len(v) for v in filled}
    shorter = len(lengths) == 1 and len(last) < min(lengths)
    if type in ("day", "month") and all(_FULL_DAY.match(v) for v in filled):
        return shorter
    if len(filled) < _FEWEST_VALUES:
        return False
    if type in ("money", "number"):
        decimals = {_decimals(v) for v in filled}
        return len(decimals) == 1 and _decimals(last) < decimals.pop()
    if type in ("day", "month"):
        return shorter
    words = set(filled)
    begins = last not in words and len(words) <= _FEW_WORDS and any(v.startswith(last) for v in words)
    return begins or (shorter and min(lengths) >= _SHORTEST_FORM)


def _decimals(text: str) -> int:
    match = re.search(r"[.,](\d+)\D*$", text)
    return len(match[1]) if match else 0
