"""What happens to files on their way: cut off, shifted, mixed, repeated; each with what may still be loaded of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.intake.messy_tables import Dialect, Row, cells, line, lines, packed


@dataclass(frozen=True)
class Damaged:
    """A damaged file; `truth` are the rows it may be loaded as (None: it must not be loaded at all)."""

    file: tuple[bytes, str]
    truth: list[Row] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    must_load: bool = False


Damage = Callable[[random.Random, list[Row], Dialect], Damaged | None]


def _bare(dialect: Dialect) -> Dialect:
    return replace(dialect, preamble=0, footer="", blank_lines=False, last_line_end=True)


def _at(chance: random.Random, rows: list[Row]) -> int:
    return chance.randint(1, len(rows))  # a line below the header


def cut_off(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged | None:
    """Cut anywhere in the second half, but not between two lines: what is lost there, no reader can know."""
    dialect = replace(_bare(dialect), footer="", empty_columns=0, sign="")
    made = lines(rows, dialect)
    keep = chance.randint(len(made) // 2, len(made) - 2)
    whole = made[keep].removesuffix(dialect.line_end)
    cut = chance.randint(1, len(whole) - 1)
    text = "".join(made[:keep]) + whole[:cut]
    if whole[:cut].endswith("\r"):
        return None
    last = _last_cell(whole, cut, dialect)
    if last and dialect.columns[-1] == "amount" and dialect.negative == "behind":
        return None  # 12.00- without its sign is a number like all others
    if last and dialect.columns[-1] in ("customer_id", "order_id", "channel", "order_date", "amount"):
        return (
            Damaged(packed(text, dialect), None, {"E_LAST_LINE": "nobody knows"})
            if _shows(rows[:keep], dialect, whole, cut)
            else None
        )
    return Damaged(packed(text, dialect))  # fmt: skip


def _last_cell(whole: str, cut: int, dialect: Dialect) -> bool:
    """Whether the cut is in the last cell of the line."""
    return (
        dialect.delimiter not in whole[cut:]
        and whole[:cut].count(dialect.delimiter) >= len(dialect.columns) - 1
    )


def _shows(rows: list[Row], dialect: Dialect, whole: str, cut: int) -> bool:
    """Whether a shortened last cell can be told from a whole one at all."""
    name = dialect.columns[-1]
    left = whole[:cut].rpartition(dialect.delimiter)[2].strip("\"'")
    others = [row[-1] for row in cells(rows, replace(dialect, empty_columns=0))[1:]]
    if len(others) < 20 and name != "order_date":
        return False
    if name == "channel":
        return left not in others and any(o.startswith(left) for o in others)
    if name == "amount":
        return all("." in o or "," in o for o in others)
    if name == "order_date":
        alike = len({len(o) for o in others}) == 1 and len(left) < len(others[0])
        return alike and (len(others) >= 20 or all(re.match(r"\d{4}\D\d{2}\D\d{2}", o) for o in others))
    return False


def a_field_more(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """A separator that is not quoted."""
    made = lines(rows, _bare(dialect))
    i = _at(chance, rows)
    made[i] = "x" + dialect.delimiter + made[i]
    return Damaged(packed("".join(made), dialect))


def a_field_less(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """A row without its last cell."""
    table = cells(rows, dialect)
    i = _at(chance, rows)
    table[i] = table[i][:-1]
    return Damaged(packed("".join(line(c, dialect) for c in table), dialect))


def shifted(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """The cells of one row moved one column to the right; the last is lost."""
    table = cells(rows, replace(dialect, empty_columns=0))
    i = _at(chance, rows)
    table[i] = ["", *table[i][:-1]]
    return Damaged(packed("".join(line(c, dialect) for c in table), dialect))


def swapped(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """From a row on, day and amount stand in each other's column."""
    dialect = replace(dialect, days="iso")
    table = cells(rows, dialect)
    one, other = dialect.columns.index("order_date"), dialect.columns.index("amount")
    for fields in table[_at(chance, rows) :]:
        fields[one], fields[other] = fields[other], fields[one]
    return Damaged(packed("".join(line(c, dialect) for c in table), dialect))


def another_header(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """From a row on, a second export with its columns in another order."""
    order = list(dialect.columns)
    while tuple(order) == dialect.columns:
        chance.shuffle(order)
    i = chance.randint(2, len(rows) - 2)
    first, second = (
        lines(rows[:i], _bare(dialect)),
        lines(rows[i:], replace(_bare(dialect), columns=tuple(order))),
    )
    return Damaged(packed("".join(first + second), dialect))


def same_header(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """Two exports pasted together: the same header once more."""
    i = chance.randint(2, len(rows) - 2)
    dialect = replace(_bare(dialect), empty_columns=0)
    text = "".join(lines(rows[:i], dialect) + lines(rows[i:], dialect))
    return Damaged(packed(text, dialect), rows)


def mixed_separators(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """From a row on, another separator."""
    dialect = replace(_bare(dialect), quote='"')
    other = replace(dialect, delimiter="," if dialect.delimiter != "," else ";")
    i = _at(chance, rows)
    text = "".join(lines(rows, dialect)[:i] + lines(rows, other)[i:])
    return Damaged(packed(text, dialect))


def mixed_encodings(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged | None:
    """One row in another encoding."""
    if dialect.encoding != "utf-8":
        return None
    names = {"cp949": "김민준", "cp1252": "Jörg Müller"}
    encoding = chance.choice(list(names))
    i = _at(chance, rows)
    rows = [replace(row, customer_id="Zoë " + names[encoding]) for row in rows[:-1]] + [
        replace(rows[-1], customer_id=names[encoding])
    ]
    made = lines(rows, _bare(dialect))
    i = len(made) - 1
    try:
        raw = "".join(made[:i]).encode() + made[i].encode(encoding) + "".join(made[i + 1 :]).encode()
    except UnicodeEncodeError:
        return None
    return Damaged(packed(raw, dialect))  # fmt: skip


def repeated_rows(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """Some rows twice, word for word."""
    again = chance.sample(rows, 3)
    text = "".join(lines([*rows, *again], _bare(dialect)))
    return Damaged(packed(text, dialect), rows, must_load=True)


def nul(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged | None:
    """A NUL byte in a cell."""
    if dialect.encoding.startswith("utf-16"):
        return None
    made = lines(rows, _bare(dialect))
    i = _at(chance, rows)
    made[i] = made[i][:2] + "\x00" + made[i][2:]
    return Damaged(packed("".join(made), dialect))


def a_bad_cell(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """A day or an amount that is none."""
    table = cells(rows, dialect)
    column, value = chance.choice(
        [("amount", v) for v in ("abc", "NaN", "Infinity", "1e309", "#REF!", "12%", "", "1.2.3", "9" * 30)]
        + [
            ("order_date", v)
            for v in ("2025-02-29", "31/02/2026", "Q3", "", "0000-00-00", "99999", "2026-13-01")
        ]
    )
    table[_at(chance, rows)][dialect.columns.index(column)] = value
    return Damaged(packed("".join(line(c, dialect) for c in table), dialect))


def an_unclosed_quote(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """A quotation mark at the beginning of a cell that never ends."""
    dialect = replace(_bare(dialect), quote='"', quote_all=False, columns=Dialect.columns)
    made = lines(rows, dialect)
    made[_at(chance, rows)] = '"' + made[_at(chance, rows)]
    return Damaged(packed("".join(made), dialect))


def same_column_twice(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged:
    """The amount stands twice, with other values."""
    table = cells(rows, replace(dialect, empty_columns=0))
    at = dialect.columns.index("amount")
    table = [[*fields, fields[at] if i == 0 else "0"] for i, fields in enumerate(table)]
    return Damaged(packed("".join(line(c, dialect) for c in table), dialect))


def blanks_and_invisible_signs(chance: random.Random, rows: list[Row], dialect: Dialect) -> Damaged | None:
    """Blanks around every cell, zero-width spaces and control characters within."""
    if not dialect.encoding.startswith("utf-8"):
        return None
    dialect = replace(_bare(dialect), empty_columns=0)
    table = cells(rows, dialect)
    marks = [" ", "\xa0", "\u200b", "  ", "\x0b"]
    table = [
        table[0],
        *([chance.choice(marks) + c + chance.choice(marks) for c in fields] for fields in table[1:]),
    ]
    return Damaged(packed("".join(line(c, dialect) for c in table), dialect), rows, must_load=True)


DAMAGES: dict[str, Damage] = {
    made.__name__: made
    for made in (
        cut_off, a_field_more, a_field_less, shifted, swapped, another_header, same_header, mixed_separators, mixed_encodings,
        repeated_rows, nul, a_bad_cell, an_unclosed_quote, same_column_twice, blanks_and_invisible_signs,
    )
}  # fmt: skip
