"""From text columns to the table `typed`: one row per row of the file, with its values, its faults and its line."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.intake import days, numbers
from analytics.intake.contract import Column
from analytics.intake.table import Lines, Table

_YES = "'yes', 'y', 'true', 't', '1', 'x', '예', '네', 'ja', 'oui', 'si', 'sí', 'o', '○', '✓', '✔'"
_NO = "'no', 'n', 'false', 'f', '0', '', '아니오', '아니요', 'nein', 'non', '×', '✗'"


@dataclass(frozen=True)
class Typed:
    """How one column is read: SQL for its value, for its fault (a message code or null), and whether it changed."""

    column: Column
    at: int
    value: str
    fault: str | None = None
    changed: str | None = None
    join: str = ""

    @property
    def plain(self) -> bool:
        """True where the value is read straight from the text and cannot fail."""
        return not self.join and self.fault is None


def text_column(column: Column, at: int, touched: bool, blank_is_fault: bool) -> Typed:
    """A text column; blanks are null."""
    fault = f"case when s.v{at} = '' then 'E_VALUE_MISSING' end" if blank_is_fault else None
    return Typed(column, at, f"nullif(s.v{at}, '')", fault, f"s.v{at} <> s.c{at}" if touched else None)


def number_column(
    table: Table, column: Column, seen: numbers.NumberColumn, touched: bool, blank_is_fault: bool
) -> Typed:
    """A money or number column as DECIMAL(18, 4)."""
    at = column_at = seen.at
    changed = f"s.v{at} <> s.c{at}" if touched else None
    missing = f"case when s.v{at} = '' then 'E_VALUE_MISSING' end" if blank_is_fault else None
    if seen.plain:
        return Typed(column, at, f"try_cast(nullif(s.v{at}, '') as decimal(18, 4))", missing, changed)
    numbers.make_map(table, seen)
    alias = f"m{column_at}"
    fault = f"coalesce({alias}.fault, {missing or 'null'})"
    return Typed(column, at, f"{alias}.value", fault, _or(changed, f"coalesce({alias}.changed, false)"),
                 f"left join number_map_{at} {alias} on {alias}.v = s.v{at}")  # fmt: skip


def day_column(column: Column, seen: days.DayColumn, touched: bool, blank_is_fault: bool) -> Typed:
    """A day column as DATE."""
    at = seen.at
    changed = f"s.v{at} <> s.c{at}" if touched else None
    missing = f"case when s.v{at} = '' then 'E_VALUE_MISSING' end" if blank_is_fault else None
    if seen.plain:
        return Typed(column, at, f"try_cast(left(nullif(s.v{at}, ''), 10) as date)", missing, changed)
    fault = f"coalesce(m{at}.fault, {missing or 'null'})"
    return Typed(column, at, f"m{at}.value", fault, _or(changed, f"coalesce(m{at}.changed, false)"),
                 f"left join day_map_{at} m{at} on m{at}.v = s.v{at}")  # fmt: skip


def month_column(table: Table, column: Column, at: int) -> Typed:
    """A month column as the first day of the month; month_map_<at> also holds how many months it stands for."""
    texts = table.query(f"select distinct {table.clean(at)} as v from {table.scan} limit 20000")
    table.query(
        f"create or replace temp table month_map_{at} (v varchar, value date, months int, changed boolean)"
    )
    for (text,) in texts:
        if (parsed := days.parse_month(text)) is not None:
            written = parsed[1] == 1 and text in (parsed[0].strftime("%Y-%m"), parsed[0].isoformat())
            table.query(
                f"insert into month_map_{at} values (?, ?, ?, ?)", [text, parsed[0], parsed[1], not written]
            )
    fault = f"case when s.v{at} = '' then 'E_VALUE_MISSING' when m{at}.v is null then 'E_MONTH' end"
    return Typed(column, at, f"m{at}.value", fault, f"coalesce(m{at}.changed, false)",
                 f"left join month_map_{at} m{at} on m{at}.v = s.v{at}")  # fmt: skip


def yes_no_column(column: Column, at: int) -> Typed:
    """A yes/no column as BOOLEAN; blank is null."""
    # A cross is a tick where it stands alone, and a no beside the Korean O.
    cross = f"lower(s.v{at}) = 'x' and bool_or(lower(s.v{at}) in ('o', '○')) over ()"
    value = (
        f"case when s.v{at} = '' then null when {cross} then false when lower(s.v{at}) in ({_YES}) then true "
        f"when lower(s.v{at}) in ({_NO}) then false end"
    )
    fault = f"case when s.v{at} <> '' and lower(s.v{at}) not in ({_YES}, {_NO}) then 'E_YES_NO' end"
    return Typed(column, at, value, fault)


def worded(typed: Typed) -> Typed:
    """A text column of which only certain words are understood (motion, arm, direction): anything else is a fault."""
    words = ", ".join(f"'{w}'" for w in typed.column.words)  # words of the contract, none from a file
    at = typed.at
    fault = f"case when s.v{at} <> '' and lower(s.v{at}) not in ({words}) then 'E_WORD' end"
    return Typed(typed.column, at, f"lower({typed.value})", fault, typed.changed)


def _or(one: str | None, other: str) -> str:
    return f"({one} or {other})" if one else other


def values_sql(columns: list[Typed]) -> str:
    """The select list of the contract columns; amount is quantity × unit_price where the file has no amount."""
    parts = [f"{t.value} as {t.column.name}" for t in columns]
    parts += [f"m{t.at}.months as spread_months" for t in columns if t.column.type == "month"]
    names = {t.column.name: t for t in columns}
    if "amount" not in names and {"quantity", "unit_price"} <= set(names):
        # Wide enough for any product: one that is too large for an amount is null, which is said.
        product = f"cast({names['quantity'].value} as decimal(38, 4)) * ({names['unit_price'].value})"
        parts.append(f"try_cast({product} as decimal(18, 4)) as amount")
    return ", ".join(parts)


def source_sql(table: Table, columns: list[Typed], numbered: bool) -> str:
    """The rows with cleaned texts v<i> beside the written ones c<i>, and the joins to the maps."""
    used = sorted({t.at for t in columns})
    rows = table.numbered if numbered else table.scan
    record = "record, " if numbered else ""
    cleaned = ", ".join(f"c{i}, {table.clean(i)} as v{i}" for i in used)
    joins = " ".join(t.join for t in columns if t.join)
    return f"(select {record}{cleaned} from {rows}) s {joins}"


def build_typed(table: Table, columns: list[Typed], lines: Lines, header_rows: bool) -> None:
    """Creates the temp table `typed`: record, line, values, fault_<column>, repaired, and `out` (why a row is left out)."""
    faults = ", ".join(f"{t.fault or 'null::varchar'} as fault_{t.column.name}" for t in columns)
    changes = [t.changed for t in columns if t.changed]
    repaired = f"coalesce({' or '.join(changes)}, false)" if changes else "false"
    out = "null::varchar"
    parameters: list[str] = []
    if header_rows:
        first = columns[:3]
        parameters = [table.layout.headers[t.at].strip() for t in first]
        out = f"case when {' and '.join(f's.v{t.at} = ?' for t in first)} then 'header' end"
    table.query(
        f"create or replace temp table typed as select s.record, {values_sql(columns)}, {faults}, {repaired} as repaired, "
        f"{out} as out from {source_sql(table, columns, numbered=True)}",
        parameters,
    )
    table.query("alter table typed add column line bigint")
    if lines.simple:
        table.query("update typed set line = record + ?", [lines.first - 1])
    else:
        _join_lines(table, lines)


def _join_lines(table: Table, lines: Lines) -> None:
    with open("lines.csv", "w", encoding="ascii") as file:
        file.writelines(f"{record},{line}\n" for record, line in enumerate(lines.all, start=1))
    table.query(
        "update typed set line = l.line from read_csv('lines.csv', auto_detect=false, header=false, "
        "columns={'record': 'BIGINT', 'line': 'BIGINT'}) l where l.record = typed.record"
    )
