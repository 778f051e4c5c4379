"""Rows repeated word for word, and keys that come again with other contents: copies, lines, or corrections?"""

from __future__ import annotations

from analytics.intake import checks, lines
from analytics.intake.checks import Rows, money_text
from analytics.intake.messages import Choice, note
from analytics.language import gettext as _


def check_repeats(rows: Rows) -> None:
    """Rows repeated word for word, and keys repeated with other contents: lines, or corrections?"""
    rows.query("create or replace temp table repeats (record bigint)")
    if rows.kind.key and not _repeated_keys(rows):
        return
    _repeated_rows(rows)
    if rows.kind.value == "amount" and rows.kind.name != "spend":
        _repeated_orders(rows)
    elif rows.kind.key:
        _repeated_other(rows)


def _repeated_keys(rows: Rows) -> bool:
    key = ", ".join(rows.kind.key)
    return rows.query(f"select count(*) - count(distinct ({key})) from typed where out is null")[0][0] > 0


def _repeated_rows(rows: Rows) -> None:
    every = ", ".join(f"c{i}" for i in range(rows.table.width))
    counted = "t.out is null"
    if "customer_id" in rows.columns and rows.answers.all.get("E_CUSTOMER_BLANK") != "keep":
        counted += f" and not ({checks.without_customer(rows, 't')})"
    rows.query(
        f"create or replace temp table repeats as with hashed as (select record, hash({every}) as h from {rows.table.numbered}), "
        f"used as (select h.record, h.h from hashed h join typed t on t.record = h.record where {counted}), "
        f"alike as (select record from used where h in (select h from used group by h having count(*) > 1)) "
        f"select record from (select record, {every} from {rows.table.numbered}) where record in (select record from alike) "
        f"qualify row_number() over (partition by {every} order by record) > 1"
    )
    again = "record in (select record from repeats)"
    count, amount = rows.loaded(again)
    if not count:
        return
    total, money = rows.loaded()
    found = rows.lines(again)
    choices = (
        Choice(
            "drop",
            _("Count each such row once."),
            total - count,
            None if money is None else money - (amount or 0),
        ),
        Choice("keep", _("Keep all: they are separate lines that happen to be equal."), total, money),
    )
    code = "W_DUPLICATE_ROWS"
    shown = ", ".join(str(line) for _record, line in found[:8]) + (" …" if count > 8 else "")
    text = _(
        "{count} rows repeat another row word for word (lines {shown}, worth {amount}); are they copies?"
    ).format(count=count, shown=shown, amount=money_text(amount))
    answer = rows.answers.ask(code, text, choices, line=found[0][1])
    if answer is None:
        rows.answers.messages += [
            note(code, _("Line {line} repeats an earlier line word for word.").format(line=line), line=line)
            for _record, line in found
        ]
    elif answer == "drop":
        rows.leave_out(code, again)


def _repeated_orders(rows: Rows) -> None:
    """Order ids with several positive rows: lines of one order, unless the later row corrects the earlier one."""
    customer = "customer_id" if "customer_id" in rows.columns else "''"
    shared = rows.query(
        f"select count(*) from (select order_id from typed where out is null group by order_id having count(distinct {customer}) > 1)"
    )[0][0]
    if shared:
        rows.answers.messages.append(
            note(
                "N_ORDER_SHARED",
                _(
                    "{count} order ids are used by several customers; they are counted as one order each."
                ).format(count=shared),
            )
        )
    if {"product", "quantity", "unit_price"} & set(rows.columns):
        lines.repeated_totals(rows)
        return  # lines name what was bought: the contract adds them up
    again = "record in (select record from corrected)"
    rows.query(
        f"create or replace temp table corrected as select record from typed where out is null and amount > 0 "
        f"and record not in (select record from repeats) "
        f"qualify row_number() over (partition by order_id, {customer} order by record desc) > 1"
    )
    count, amount = rows.loaded(again)
    if not count:
        return
    total, money = rows.loaded()
    found = rows.lines(again)
    choices = (
        Choice("order_lines", _("They are lines of one order: add them up."), total, money),
        Choice("corrections", _("The later row corrects the earlier one: count the last."), total - count,
               None if money is None else money - (amount or 0)),
    )  # fmt: skip
    answer = rows.answers.ask(
        "E_ORDER_REPEATED", _("{count} rows have an order id that comes again later with other contents; what are they?").format(count=count), choices,
        line=found[0][1], column=rows.header("order_id"),
    )  # fmt: skip
    if answer == "corrections":
        rows.leave_out("E_ORDER_REPEATED", again)


def _repeated_other(rows: Rows) -> None:
    key = ", ".join(rows.kind.key)
    if rows.kind.name == "spend" and "stage" in rows.columns:
        key += ", stage"
    rows.query(
        f"create or replace temp table corrected as select record from typed where out is null "
        f"and record not in (select record from repeats) "
        f"qualify row_number() over (partition by {key} order by record desc) > 1"
    )
    again = "record in (select record from corrected)"
    count, amount = rows.loaded(again)
    if not count:
        return
    total, money = rows.loaded()
    last = Choice("last_wins", _("The later row corrects the earlier one: count the last."), total - count,
                  None if money is None else money - (amount or 0))  # fmt: skip
    add_up = Choice("add_up", _("They are parts of one sum: add them up."), total, money)
    choices = (add_up, last) if rows.kind.name == "spend" else (last,)
    found = rows.lines(again)
    keys = " and ".join(rows.header(k) for k in rows.kind.key)
    answer = rows.answers.ask(
        "E_KEY_REPEATED",
        _("{count} rows have the same {keys} as a later row; what are they?").format(count=count, keys=keys),
        choices,
        line=found[0][1],
    )
    if answer == "last_wins":
        rows.leave_out("E_KEY_REPEATED", again)
