"""One pass over the rows that tells which of them are plain, so that clean files take the short way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analytics.intake.contract import Column
from analytics.intake.damage import explain
from analytics.intake.table import QueryFailed, Table

# An id as a spreadsheet writes it once it took it for a date: 7-1 becomes 1-Jul.
SPREADSHEET_DATE = (
    "(?i)[0-9]{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    "|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-[0-9]{1,2}"
)
_DAMAGED_ID = (
    f"case when length(%v) between 5 and 6 then regexp_full_match(%v, '{SPREADSHEET_DATE}') "
    "when contains(%v, 'E+') then regexp_full_match(%v, '[0-9]([.,][0-9]+)?E[+][0-9]+') else false end"
)


@dataclass(frozen=True)
class Profile:
    """Counts of the rows, by column position; see `_facts` for what each name counts."""

    rows: int
    repeated_headers: int
    counts: dict[tuple[str, int], Any]

    def __call__(self, fact: str, at: int) -> int:
        """The count `fact` of column `at`; 0 where it was not counted."""
        return int(self.counts.get((fact, at)) or 0)


def profile(
    table: Table, matched: dict[str, int], columns: dict[str, Column], ids: tuple[str, ...]
) -> Profile:
    """Counts, in one scan: filled and touched cells, longest field, plain numbers, ISO days; damaged ids only if likely."""
    facts = [(("longest", i), f"max(strlen(c{i}))") for i in range(table.width)]
    facts += [(("filled", i), f"count(*) filter (v{i} <> '')") for i in range(table.width)]
    for name, at in matched.items():
        facts += [
            ((fact, at), text) for fact, text in _facts(columns[name], at, name in ids, table.text.blanks)
        ]
    first = next(iter(matched.values()))
    cleaned = ", ".join(f"c{i}, {table.clean(i)} as v{i}" for i in range(table.width))
    selected = ", ".join(text for _, text in facts)
    statement = f"select count(*), count(*) filter (v{first} = ?), {selected} from (select {cleaned} from {table.scan})"
    try:
        row = table.query(statement, [table.layout.headers[first].strip()])[0]
    except QueryFailed as failure:
        raise explain(table, str(failure)) from failure
    counts = dict(zip((key for key, _ in facts), row[2:], strict=True))
    counts |= _second_look(table, matched, columns, ids, counts)
    return Profile(row[0], row[1], counts)


def _second_look(
    table: Table,
    matched: dict[str, int],
    columns: dict[str, Column],
    ids: tuple[str, ...],
    counts: dict[tuple[str, int], Any],
) -> dict[tuple[str, int], Any]:
    """Costly facts, counted only for columns where the cheap ones leave a doubt."""
    doubtful = []
    for name, at in matched.items():
        v = table.clean(at)
        if name in ids and (counts["short", at] or table.text.exponents):
            doubtful.append((("damaged_id", at), f"count(*) filter ({_DAMAGED_ID.replace('%v', v)})"))
        written = (
            counts.get(("shortest", at)),
            counts.get(("longest_clean", at)),
            counts.get(("dashed", at)),
        )
        if columns[name].type == "day" and written != (10, 10, counts["iso", at]):
            doubtful.append((("iso", at), f"count(*) filter ({_ISO.format(v=v)})"))
    if not doubtful:
        return {}
    row = table.query(f"select {', '.join(text for _, text in doubtful)} from {table.scan}")[0]
    return dict(zip((key for key, _ in doubtful), row, strict=True))


_ISO = (
    "try_cast(left({v}, 10) as date) is not null and ({v})[5] = '-' and ({v})[8] = '-' and "
    "case when length({v}) = 10 then true else regexp_full_match(({v})[11:], '[T ][0-9]{{2}}:[0-9.:]+') end"
)


def _facts(column: Column, at: int, is_id: bool, blanks: bool) -> Iterator[tuple[str, str]]:
    v = f"v{at}"
    if blanks:  # a file without a blank in it has nothing to trim
        yield "touched", f"count(*) filter (c{at} <> {v})"
    if is_id:
        yield "short", f"count(*) filter (length({v}) between 5 and 6)"
    if column.type in ("money", "number"):
        point = f"strpos({v}, '.')"
        yield (
            "plain",
            f"count(*) filter (try_cast({v} as decimal(18, 4)) is not null and not contains({v}, 'e') "
            f"and not contains({v}, 'E') and not contains({v}, '_') and not starts_with({v}, '+'))",
        )
        yield "points", f"count(*) filter ({point} > 0)"
        yield (
            "thirds",
            f"count(*) filter ({point} between 2 and 5 and length({v}) - {point} = 3 and ltrim({v}, '-')[1] <> '0')",
        )
        yield "long", f"count(*) filter ({point} > 0 and length({v}) - {point} > 4)"
    if column.type == "day":
        yield "iso", f"count(try_cast(left({v}, 10) as date))"
        yield "dashed", f"count(*) filter (strpos({v}, '-') = 5)"
        yield "shortest", f"min(length({v})) filter ({v} <> '')"
        yield "longest_clean", f"max(length({v}))"
