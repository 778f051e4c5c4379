"""What only the rows together can tell: faults, blanks, days, repeats, spellings, totals; each said once, counted.

All checks look at the temp table `typed` (see values.build_typed) and mark the rows that are left out in `out`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analytics.intake import spellings
from analytics.intake.answers import Answers
from analytics.intake.contract import Kind, Period
from analytics.intake.layout import known_headers
from analytics.intake.messages import Choice, Message, error, note
from analytics.intake.table import Table
from analytics.intake.values import Typed
from analytics.language import gettext as _
from analytics.language import marked

MOST_LINES = 20
_FAULTS = {
    "E_VALUE_MISSING": marked("is blank, but every row needs it"),
    "E_DATE": marked("is no day that exists; write days as 2026-07-31"),
    "E_MONTH": marked("is no month; write months as 2026-07"),
    "E_NUMBER": marked("is no number; write numbers as 1234.56"),
    "E_NUMBER_UNIT": marked("is a percentage, but the column holds money; export the amount"),
    "E_NUMBER_RANGE": marked("is larger than any amount of money can be (14 digits); correct it"),
    "E_YES_NO": marked("is neither yes nor no"),
    "E_WORD": marked("is not one of the words that this column takes"),
}


@dataclass(frozen=True)
class Rows:
    """What the checks work on."""

    table: Table
    kind: Kind
    columns: dict[str, Typed]
    answers: Answers
    period: Period | None
    today: date

    def query(self, statement: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Runs SQL on the scratch database."""
        return self.table.query(statement, parameters)

    def header(self, name: str) -> str:
        """The header of a contract column as written in the file."""
        return self.table.layout.headers[self.columns[name].at].strip() if name in self.columns else name

    def lines(self, condition: str, parameters: Sequence[Any] = ()) -> list[tuple[int, int]]:
        """(record, line) of the first rows in use that fulfil a condition made of this module's own words."""
        statement = f"select record, line from typed where out is null and ({condition}) order by record limit {MOST_LINES}"
        return self.query(statement, parameters)

    def leave_out(self, reason: str, condition: str, parameters: Sequence[Any] = ()) -> None:
        """Marks rows as set aside."""
        self.query(f"update typed set out = '{reason}' where out is null and ({condition})", parameters)

    def loaded(self, condition: str = "true", parameters: Sequence[Any] = ()) -> tuple[int, Decimal | None]:
        """Rows and money in use that fulfil a condition."""
        value = "sum(amount)" if self.has_amount else "null"
        return self.query(
            f"select count(*), {value} from typed where out is null and ({condition})", parameters
        )[0]  # type: ignore[return-value]

    @property
    def has_amount(self) -> bool:
        """Whether rows carry an amount of money."""
        return self.kind.value == "amount"


def faults(rows: Rows, set_aside: bool) -> list[Message]:
    """Cells without a value that can be read; with `set_aside` their rows are left out instead."""
    faulty = [n for n, t in rows.columns.items() if t.fault]
    if too_large := _too_large(rows):
        return too_large
    if not faulty:
        return []
    return [*_empty_rows(rows), *_faulty_rows(rows, faulty, set_aside)]


def _faulty_rows(rows: Rows, faulty: list[str], set_aside: bool) -> list[Message]:
    anywhere = " or ".join(f"fault_{n} is not null" for n in faulty)
    count = rows.loaded(anywhere)[0]
    if not count:
        return []
    if set_aside:
        if header := _other_header(rows, anywhere):
            return header
        reason = f"coalesce({', '.join(f'fault_{n}' for n in faulty)})"
        rows.query(f"update typed set out = {reason} where out is null and ({anywhere})")
        text = _(
            "{count} rows with cells that cannot be read were set aside; download, mend and upload them."
        )
        return [note("W_ROWS_SET_ASIDE", text.format(count=count)), *_whole_keys(rows)]
    messages = [m for n in faulty for m in _cell_errors(rows, n)]
    if count > len({m.line for m in messages}):
        messages.append(
            error(
                messages[0].code,
                _("{count} rows in all have such cells; mend the export, or set these rows aside.").format(
                    count=count
                ),
            )
        )
    return messages


def repeated_headers(rows: Rows) -> list[Message]:
    """The header once more between the rows: no row, and counted."""
    count = rows.query("select count(*) from typed where out = 'header'")[0][0]
    text = _("The header stands {count} times more between the rows; left out.")
    return [note("W_HEADER_REPEATED", text.format(count=count))] if count else []


def _empty_rows(rows: Rows) -> list[Message]:
    """Rows without any value, as spreadsheets leave them below a table, are no rows; that is said."""
    missing = [
        f"fault_{n} = 'E_VALUE_MISSING'"
        for n in rows.kind.required
        if n in rows.columns and rows.columns[n].fault
    ]
    if not missing or not rows.loaded(" and ".join(missing))[0]:
        return []
    empty = " and ".join(f"{rows.table.clean(at)} = ''" for at in range(rows.table.width))
    condition = f"record in (select record from {rows.table.numbered} where {empty})"
    if not (count := rows.loaded(condition)[0]):
        return []
    rows.leave_out("header", condition)
    return [note("W_EMPTY_ROWS", _("{count} rows without any value were left out.").format(count=count))]


def _too_large(rows: Rows) -> list[Message]:
    """Products of quantity and price that no amount can hold."""
    if not {"quantity", "unit_price"} <= set(rows.columns) or "amount" in rows.columns:
        return []
    found = rows.lines("amount is null and quantity is not null and unit_price is not null")
    cells = rows.table.cells(rows.columns["unit_price"].at, [record for record, _line in found])
    header = rows.header("unit_price")
    code = "E_NUMBER_RANGE"
    return [
        error(code, _("Line {line}, column {header}: '{cell}' {fault}.").format(line=line, header=header, cell=cells[record][:40],
              fault=_(_FAULTS[code])), line=line, column=header, value=cells[record])
        for record, line in found
    ]  # fmt: skip


def _other_header(rows: Rows, faulty: str) -> list[Message]:
    """A header among the rows whose columns stand in another order: the rows below it must not be read by the first."""
    for record, line in rows.lines(faulty):
        cells = rows.query(
            f"select * exclude (record) from {rows.table.numbered} where record = ?", [record]
        )[0]
        if known_headers([cell or "" for cell in cells]) >= 2:
            text = _("A second table begins on line {line}; save each table as a file of its own.")
            return [error("E_TWO_TABLES", text.format(line=line), line=line)]
    return []


def _whole_keys(rows: Rows) -> list[Message]:
    """Rows that share the key of a row at fault are set aside with it: once mended, it would replace them."""
    key = rows.kind.key or tuple(n for n in ("customer_id", "touched_at", "channel") if n in rows.columns)
    shared = " and ".join(f"o.{k} is not distinct from typed.{k}" for k in key)
    known = " and ".join(f"{k} is not null" for k in key)
    positive = " and coalesce({amount}, 1) > 0" if rows.has_amount and "order_id" in key else ""
    same = (
        f"{known}{positive.format(amount='amount')} and exists (select 1 from typed o where o.out is not null "
        f"and o.out <> 'header' and {shared}{positive.format(amount='o.amount')})"
    )
    count = rows.loaded(same)[0]
    if not count:
        return []
    rows.leave_out("W_KEY_INCOMPLETE", same)
    text = _(
        "{count} further rows of the same {keys} were set aside with them: once mended, they belong together."
    )
    return [
        note("W_KEY_INCOMPLETE", text.format(count=count, keys=" and ".join(rows.header(k) for k in key)))
    ]


def _cell_errors(rows: Rows, name: str) -> list[Message]:
    found = rows.query(
        f"select record, line, fault_{name} from typed where out is null and fault_{name} is not null order by record limit {MOST_LINES}"
    )
    if not found:
        return []
    cells = rows.table.cells(rows.columns[name].at, [record for record, _line, _code in found])
    header = rows.header(name)
    return [
        error(code, _("Line {line}, column {header}: '{cell}' {fault}.").format(line=line, header=header, cell=cells[record][:40], fault=_(_FAULTS[code])),
              line=line, column=header, value=cells[record])
        for record, line, code in found
    ]  # fmt: skip


def blank_customers(rows: Rows) -> None:
    """Orders without a customer: counted as revenue, or set aside; only the analyst can know."""
    absent = "customer_id" not in rows.columns
    blank = "true" if absent else without_customer(rows)
    count, amount = rows.loaded(blank)
    if not count:
        return
    total, money = rows.loaded()
    keep = Choice(
        "keep",
        _("Load them: they count as revenue, but belong to no customer and to no source."),
        total,
        money,
    )
    aside = Choice(
        "set_aside", _("Set them aside."), total - count, None if money is None else money - (amount or 0)
    )
    answer = rows.answers.ask(
        "E_CUSTOMER_BLANK",
        _no_customer_column(rows, count, amount)
        if absent
        else _("{count} rows have no customer (worth {amount}); should they be loaded?").format(
            count=count, amount=money_text(amount)
        ),
        (keep,) if absent else (aside, keep),
    )
    if answer == "set_aside":
        rows.leave_out("E_CUSTOMER_BLANK", blank)
        rows.answers.messages += _whole_keys(rows)


def without_customer(rows: Rows, table: str = "typed") -> str:
    """The condition of rows whose customer is blank, but not by an answer that they are orders without one."""
    said = rows.answers.used.get("E_CUSTOMER_NOBODY") == "nobody"
    known = f" and {table}.record not in (select record from nobody)" if said else ""
    return f"{table}.customer_id is null{known}"


def _no_customer_column(rows: Rows, count: int, amount: Decimal | None) -> str:
    used = {typed.at for typed in rows.columns.values()}
    spare = [
        repr(h.strip()[:40]) for i, h in enumerate(rows.table.layout.headers) if i not in used and h.strip()
    ]
    if spare:
        text = _(
            "No header is known as the customer; say which header it is ({headers}), or should the {count} rows "
            "(worth {amount}) be loaded without customers?"
        )
    else:
        text = _(
            "No header is known as the customer; add it to the export, or should the {count} rows (worth {amount}) be "
            "loaded without customers?"
        )
    return text.format(headers=", ".join(spare[:5]), count=count, amount=money_text(amount))


def days_outside(rows: Rows) -> None:
    """Days outside the named period, or so far off that they can hardly be meant."""
    day = rows.kind.day
    if day not in rows.columns:
        return
    first, last = (
        (rows.period.first_day, rows.period.last_day)
        if rows.period
        else (date(1980, 1, 1), rows.today + timedelta(days=400))
    )
    # A quarter in a named month reaches beyond it, though it begins within.
    end = f"({day} + to_months(spread_months - 1))::date" if rows.columns[day].column.type == "month" else day
    condition = f"{day} is not null and ({day} < ? or {end} > ?)"
    count, amount = rows.loaded(condition, [first, last])
    if not count:
        return
    total, money = rows.loaded()
    found = rows.lines(condition, [first, last])
    choices = [
        Choice("keep", _("Load them as they are."), total, money),
        Choice(
            "set_aside", _("Set them aside."), total - count, None if money is None else money - (amount or 0)
        ),
        *_other_calendars(rows, total, money),
    ]
    text = (
        _("{count} rows are not in {period} (lines {lines}); are they meant?")
        if rows.period
        else _("{count} rows are before 1980 or after {last} (lines {lines}); are they meant?")
    )
    shown = ", ".join(str(line) for _record, line in found[:8]) + (" …" if count > 8 else "")
    code = "E_DATE_OUT_OF_QUARTER"
    answer = rows.answers.ask(
        code,
        text.format(
            count=count, period=rows.period.text if rows.period else "", last=last.isoformat(), lines=shown
        ),
        tuple(choices),
        line=found[0][1],
        column=rows.header(day),
    )
    if answer is None:
        rows.answers.messages += located(rows, code, day, found, _("is outside the period"))
    elif answer == "set_aside":
        rows.leave_out(code, condition, [first, last])


def _other_calendars(rows: Rows, total: int, money: Decimal | None) -> list[Choice]:
    at = rows.columns[rows.kind.day].at
    maps = rows.query("select count(*) from duckdb_tables() where table_name = ?", [f"day_map_{at}"])[0][0]
    if not maps:
        return []
    choices = []
    if rows.query("select count(*) from date_shapes where family = 'serial'")[0][0]:
        choices.append(
            Choice(
                "date_system_1904",
                _("They are day numbers of a workbook with the 1904 date system."),
                total,
                money,
            )
        )
    if rows.query(f"select count(*) from day_map_{at} where year(value) >= 2400")[0][0]:
        choices.append(Choice("buddhist_years", _("They are Buddhist years (2569 = 2026)."), total, money))
    return choices


def located(rows: Rows, code: str, name: str, found: list[tuple[int, int]], why: str) -> list[Message]:
    """One note for each (record, line) in `found`, with the cell of column `name` as written."""
    if name not in rows.columns:
        return []
    cells = rows.table.cells(rows.columns[name].at, [record for record, _line in found])
    header = rows.header(name)
    return [
        note(
            code,
            _("Line {line}, column {header}: '{cell}' {why}.").format(
                line=line, header=header, cell=cells[record][:40], why=why
            ),
            line=line,
            column=header,
            value=cells[record],
        )
        for record, line in found
    ]


def one_name_each(rows: Rows, known: dict[str, tuple[str, ...]]) -> None:
    """Channels and programmes that differ in spelling only: one, or several?"""
    for name in ("channel", "trigger"):
        if name not in rows.columns:
            continue
        counts = dict(
            rows.query(
                f"select {name}, count(*) from typed where out is null and {name} is not null group by {name}"
            )
        )
        variants = spellings.variants(counts, known.get(name, ()))
        if not variants:
            continue
        shown = "; ".join(
            f"{', '.join(repr(v) for v in others)} → '{kept}'" for kept, others in list(variants.items())[:5]
        )
        choices = (
            Choice("merge", _("Each is one and the same: {shown}.").format(shown=shown), rows.loaded()[0]),
            Choice("keep_apart", _("They are different ones; keep them apart."), rows.loaded()[0]),
        )
        answer = rows.answers.ask("W_CATEGORY_MERGED", _("Names in {header} differ in spelling only ({shown}); are they the same?").format(
                                      header=rows.header(name), shown=shown), choices, tuple(spellings.folded(v) for v in variants),
                                  column=rows.header(name))  # fmt: skip
        if answer == "merge":
            for kept, others in variants.items():
                rows.query(
                    f"update typed set {name} = ?, repaired = true where list_contains(?, {name})",
                    [kept, list(others)],
                )


def damaged_ids(rows: Rows, counts: dict[str, int]) -> None:
    """Ids that a spreadsheet turned into dates or shortened: what they were, nobody can tell from the file."""
    for name, count in counts.items():
        if not count or rows.columns[name].column.type != "text":
            continue
        total, money = rows.loaded()
        choices = (Choice("keep", _("Load them as they are written."), total, money),)
        rows.answers.ask(
            "E_ID_DAMAGED",
            _(
                "{count} values in {header} look like ids that a spreadsheet changed (1-Jul for 7-1, 1.2E+12); "
                "export again as text, or load them as they are?"
            ).format(count=count, header=rows.header(name)),
            choices,
            column=rows.header(name),
        )


def totals_row(rows: Rows) -> None:
    """A totals row below the rows is left out; where it states another sum, the analyst must know."""
    cells = rows.table.layout.totals
    if not cells or not rows.has_amount:
        return
    total, money = rows.loaded()
    readings = _stated(rows, cells)
    if not readings or money is None or any(abs(stated - money) < Decimal("0.005") for stated in readings):
        return
    stated = readings[0]
    choices = (
        Choice(
            "ignore_total",
            _("Load the rows; the stated total is wrong or counts something else."),
            total,
            money,
        ),
    )
    rows.answers.ask(
        "W_TOTALS_MISMATCH",
        _("The totals row states {stated}, but the rows add up to {sum}; are rows missing?").format(
            stated=money_text(stated), sum=money_text(money)
        ),
        choices,
        value=str(stated),
    )


def _stated(rows: Rows, cells: tuple[str, ...]) -> list[Decimal]:
    """The total as its cell can be read: the likelier notation first, as a total alone does not tell its own."""
    texts = (
        [cells[rows.columns["amount"].at]]
        if "amount" in rows.columns and len(cells) == rows.table.width
        else list(cells)
    )
    for text in texts:
        digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdecimal() or c in ".,")
        if not any(c.isdecimal() for c in digits):
            continue
        sign = -1 if re.search(r"^\W*[-−(]|-\W*$", text.strip()) else 1
        point, comma = digits.replace(",", ""), digits.replace(".", "").replace(",", ".")
        both = (point, comma) if digits.rfind(".") >= digits.rfind(",") else (comma, point)
        return [sign * Decimal(d) for d in both if re.fullmatch(r"\d*\.?\d*", d) and d != "."]
    return []


def money_text(amount: Decimal | None) -> str:
    """A sum for a sentence."""
    return _("an unknown sum") if amount is None else f"{amount:,.2f}"
