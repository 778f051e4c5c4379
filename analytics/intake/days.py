"""How a column of days is written: ISO, day or month first, Korean, Excel's numbers; decided for the file as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from analytics.intake.answers import Answers
from analytics.intake.contract import Period
from analytics.intake.messages import Choice, Message, error, note
from analytics.intake.profile import Profile
from analytics.intake.table import LineOf, Table, sql
from analytics.language import gettext as _

EXCEL_1900, EXCEL_1904 = date(1899, 12, 30), date(1904, 1, 1)
_ORDERS = {"day_first": "dmy", "month_first": "mdy", "year_first": "ymd"}
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december"]  # fmt: skip


@dataclass
class DayColumn:
    """What the texts of a day column show; `plain` = all ISO days, nothing to decide."""

    name: str
    at: int
    plain: bool
    orders: dict[str, str] = field(default_factory=dict)
    families: dict[str, int] = field(default_factory=dict)
    settled: bool = True


def inspect(table: Table, profile: Profile, name: str, at: int) -> DayColumn:
    """Groups the texts of a column by the way they are written; leaves `date_shapes` where that is not ISO."""
    if profile("iso", at) == profile("filled", at):
        return DayColumn(name, at, True)
    table.query(
        f"create or replace temp table cell_values as select v, count(*) as n, min(record) as record from "
        f"(select record, {table.clean(at)} as v from {table.numbered}) where v <> '' group by v"
    )
    table.query(sql("date_shapes"))
    rows = table.query("select family, sum(n) from date_shapes where family <> 'bad' group by family")
    return DayColumn(name, at, False, families={family: int(n) for family, n in rows})


def settle(
    table: Table,
    column: DayColumn,
    answers: Answers,
    header: str,
    line_of: LineOf,
    period: Period | None,
    today: date,
) -> list[Message]:
    """Decides day or month first for every family of a column, and creates day_map_<at>."""
    if column.plain:
        return []
    messages: list[Message] = []
    for family in sorted(f for f in column.families if f.startswith("order")):
        messages += _settle_family(table, column, family, answers, header, line_of, period, today)
    _place(table, column.orders)
    serial, era = _calendar(answers)
    table.query(
        f"create or replace temp table day_map_{column.at} as {sql('date_values')}",
        {"serial_origin": serial, "era": era},
    )
    return messages + (_notes(table, column, header) if column.settled else [])


def _settle_family(
    table: Table,
    column: DayColumn,
    family: str,
    answers: Answers,
    header: str,
    line_of: LineOf,
    period: Period | None,
    today: date,
) -> list[Message]:
    first, second = _proofs(table, family)
    if first and second and "2" not in family:
        return _mixed(table, family, (first, second), header, line_of)
    tried = {name: _try(table, family, _ORDERS[name]) for name in _candidates(family)}
    hopeless = frozenset.intersection(
        *(t.faults for t in tried.values())
    )  # no day in any order: proves nothing
    latest = today + timedelta(days=366)
    fitting = [n for n, t in tried.items() if t.faults == hopeless]
    sound = [n for n in fitting if "4" in family or ((last := tried[n].last) is not None and last <= latest)]
    if not fitting:
        return _mixed(table, family, _no_order(table, family, tried), header, line_of)
    if len(sound) > 1 and _same_days(table, family, sound):
        sound = sound[:1]
    if len(sound) == 1 or not sound:
        column.orders[family] = _ORDERS[(sound or fitting)[0]]
        return []
    choices = tuple(Choice(n, _said(n, tried[n], period), tried[n].cells) for n in sound)
    example = table.query("select min(v) from date_shapes where family = ?", [family])[0][0]
    answer = answers.ask(
        "E_DATE_AMBIGUOUS",
        _(
            "Is '{example}' in column {header} written day first or month first? No day in the file settles "
            "it."
        ).format(example=example, header=header),
        choices,
        about=(family,),
        column=header,
        value=example,
    )
    if answer is None:
        column.settled = False
    column.orders[family] = _ORDERS[answer or sound[0]]
    return []


def _candidates(family: str) -> tuple[str, ...]:
    return ("day_first", "month_first") if "4" in family else ("day_first", "month_first", "year_first")


@dataclass(frozen=True)
class _Tried:
    cells: int
    faults: frozenset[str]
    first: date | None
    last: date | None


def _place(table: Table, orders: dict[str, str]) -> None:
    table.query("create or replace temp table date_orders (family varchar, way varchar)")
    for family, way in orders.items():
        table.query("insert into date_orders values (?, ?)", [family, way])


def _try(table: Table, family: str, way: str) -> _Tried:
    _place(table, {family: way})
    row = table.query(
        f"select sum(s.n), list(v) filter (w.value is null), min(w.value), max(w.value) "
        f"from ({sql('date_values')}) w join date_shapes s using (v) where s.family = $family",
        {"serial_origin": EXCEL_1900, "era": 0, "family": family},
    )[0]
    return _Tried(int(row[0]), frozenset(row[1] or ()), row[2], row[3])


def _no_order(table: Table, family: str, tried: dict[str, _Tried]) -> tuple[int, int]:
    """First records of two cells that no one order fits."""
    faults = min((t.faults for t in tried.values()), key=len)
    return table.query(
        "select min(record) filter (list_contains($faults, v)), min(record) filter (not list_contains($faults, v)) "
        "from date_shapes where family = $family",
        {"faults": list(faults), "family": family},
    )[0]  # type: ignore[return-value]


def _same_days(table: Table, family: str, orders: list[str]) -> bool:
    if "4" not in family:
        return False
    return table.query("select count(*) from date_shapes where family = ? and a <> b", [family])[0][0] == 0


def _proofs(table: Table, family: str) -> tuple[int | None, int | None]:
    """First records that prove day first (first part above 12) and month first (second part above 12)."""
    return table.query(
        "select min(record) filter (a between 13 and 31 and b <= 12), min(record) filter (b between 13 and 31 and a <= 12) "
        "from date_shapes where family = ?",
        [family],
    )[0]  # type: ignore[return-value]


def _mixed(
    table: Table, family: str, records: tuple[int, int], header: str, line_of: LineOf
) -> list[Message]:
    shown = dict(
        table.query("select record, v from date_shapes where list_contains(?, record)", [list(records)])
    )
    return [
        error("E_DATE_MIXED",
              _("Line {line}, column {header}: '{cell}' has another order of day and month than other dates of "
"the column, so neither order fits the file; export it with dates as 2026-07-31.").format(line=line_of(record), header=header, cell=shown[record]),
              line=line_of(record), column=header, value=shown[record])
        for record in sorted(records)
    ]  # fmt: skip


def _said(name: str, tried: _Tried, period: Period | None) -> str:
    words = {"day_first": _("Day first"), "month_first": _("Month first"), "year_first": _("Year first")}[
        name
    ]
    if tried.first is None or tried.last is None:
        return f"{words}."
    inside = period and period.first_day <= tried.first and tried.last <= period.last_day
    text = (
        _("{order}: the days run from {first} to {last}, all within {period}.")
        if inside
        else _("{order}: the days run from {first} to {last}.")
    )
    return text.format(
        order=words,
        first=tried.first.isoformat(),
        last=tried.last.isoformat(),
        period=period.text if period else "",
    )


def _calendar(answers: Answers) -> tuple[date, int]:
    choice = answers.all.get("E_DATE_OUT_OF_QUARTER")
    return (EXCEL_1904 if choice == "date_system_1904" else EXCEL_1900), (
        543 if choice == "buddhist_years" else 0
    )


def _notes(table: Table, column: DayColumn, header: str) -> list[Message]:
    serial = column.families.get("serial", 0)
    changed = table.query(
        f"select coalesce(sum(n), 0) from day_map_{column.at} join date_shapes using (v) where changed and fault is null"
    )
    other = int(changed[0][0]) - serial
    notes = []
    if serial:
        notes.append(
            note(
                "W_DATE_SERIAL",
                _("{count} days in {header} are Excel day numbers and were turned into days.").format(
                    count=serial, header=header
                ),
                column=header,
            )
        )
    if other > 0:
        written = sorted(
            set(column.orders.values()) | {f for f in column.families if not f.startswith("order")}
        )
        said = {"dmy": _("day first"), "mdy": _("month first"), "ymd": _("year first"), "compact": "20260731", "serial": _("Excel numbers"),
                "epoch_s": _("seconds since 1970"), "epoch_ms": _("milliseconds since 1970")}  # fmt: skip
        how = ", ".join(said.get(w, _("month names")) for w in written)
        notes.append(
            note(
                "W_DATE_FORMAT",
                _("{other} days in {header} are not written as 2026-07-31; they were read as: {how}.").format(
                    other=other, header=header, how=how
                ),
                column=header,
            )
        )
    return notes


def parse_month(text: str) -> tuple[date, int] | None:
    """First day and number of months (1, or 3 for a quarter) of a month as people write it; None if it is none."""
    s = text.strip().lower()
    if match := re.fullmatch(
        r"(\d{4})\s*[-/. ]?\s*q([1-4])|q([1-4])\s*[-/. ]?\s*(\d{4})|(\d{4})년\s*([1-4])분기", s
    ):
        year, quarter = match[1] or match[4] or match[5], match[2] or match[3] or match[6]
        return date(int(year), 3 * int(quarter) - 2, 1), 3
    year_month = None
    if match := re.fullmatch(
        r"(\d{4})\s*[-/.]\s*(\d{1,2})\.?|(\d{4})\s*[년年]\s*(\d{1,2})\s*[월月]|((?:19|20)\d{2})(\d{2})", s
    ):
        year_month = int(match[1] or match[3] or match[5]), int(match[2] or match[4] or match[6])
    elif match := re.fullmatch(r"(\d{1,2})\s*[-/.]\s*(\d{4})", s):
        year_month = int(match[2]), int(match[1])
    elif match := re.fullmatch(r"(\d{4})([-/.])\s?(\d{1,2})\2\s?\d{1,2}\.?(?:[t ].*)?", s):
        year_month = int(match[1]), int(match[3])
    elif match := re.fullmatch(
        r"([a-z]{3,9})\.?(?:[\s\-/,']*(\d{4})|\s?[\-/'](\d{2}))|(\d{4})[\s\-/]*([a-z]{3,9})\.?", s
    ):
        name, year = match[1] or match[5], match[2] or match[3] or match[4]  # Jul 05 may be a day: no month
        if (number := _month(name)) is not None:
            year_month = int(year) + (2000 if len(year) == 2 else 0), number
    if year_month is None or not 1 <= year_month[1] <= 12 or not 1900 <= year_month[0] <= 2200:
        return None
    return date(*year_month, 1), 1


def _month(name: str) -> int | None:
    """1 to 12 for a name written whole or by its first three letters; sept is in use too. Marketing is no March."""
    for number, month in enumerate(_MONTHS, start=1):
        if name in (month, month[:3], month[:4] if month == "september" else month):
            return number
    return None
