"""How a column of numbers is written: decimal sign, thousands, signs of currency; decided for the file as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from analytics.intake.answers import Answers
from analytics.intake.messages import Choice, Message, error, note
from analytics.intake.profile import Profile
from analytics.intake.table import LineOf, Table, sql
from analytics.language import gettext as _

# Currencies without a minor unit: 12,000 can only be twelve thousand.
_NO_MINOR_UNIT = {"KRW", "JPY"}
_SIGNS = {
    "₩": "KRW", "원": "KRW", "krw": "KRW", "$": "USD", "usd": "USD", "us$": "USD", "€": "EUR", "eur": "EUR",
    "£": "GBP", "gbp": "GBP", "¥": "JPY", "円": "JPY", "jpy": "JPY", "元": "CNY", "cny": "CNY", "rmb": "CNY",
    "zł": "PLN", "pln": "PLN", "kč": "CZK", "czk": "CZK", "chf": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK",
    "inr": "INR", "₹": "INR", "aud": "AUD", "cad": "CAD",
}  # fmt: skip

# One sign, several currencies: which one is meant, the file says elsewhere, or the workspace.
SHARED_SIGNS = {"USD": ("CAD", "AUD", "NZD", "SGD", "HKD", "MXN"), "JPY": ("CNY",)}


def code_of(written: str) -> str:
    """The currency code of a sign, a word or a code: € is EUR, krw is KRW."""
    text = written.strip()
    return _SIGNS.get(text.casefold(), text.upper())


@dataclass
class NumberColumn:
    """What the texts of one column show; `decimal` is '.' or ',' once it is settled."""

    name: str
    at: int
    plain: bool
    families: dict[str, tuple[int, int, str]] = field(
        default_factory=dict
    )  # family → cells, first record, example
    decimal: str | None = None
    currencies: frozenset[str] = frozenset()


def is_plain(profile: Profile, at: int) -> bool:
    """True where every filled cell is written as 1234.5 and nothing about it can be doubted."""
    doubtful = profile("points", at) == profile("thirds", at) > 0
    return profile("plain", at) == profile("filled", at) and not doubtful and not profile("long", at)


def inspect(table: Table, profile: Profile, name: str, at: int, currency: str | None) -> NumberColumn:
    """Groups the texts of a column by the way they are written; `currency` is the workspace's, if it is known."""
    if is_plain(profile, at):
        return NumberColumn(name, at, True, decimal="." if profile("points", at) else None)
    table.query(
        f"create or replace temp table cell_values as select v, count(*) as n, min(record) as record from "
        f"(select record, {table.clean(at)} as v from {table.numbered}) where v <> '' group by v"
    )
    table.query(sql("number_shapes"))
    table.query(f"create or replace temp table number_shapes_{at} as select * from number_shapes")
    rows = table.query(
        "select family, sum(n), min(record), min(v) from number_shapes group by family union all "
        "select 'sign ' || lower(sign), sum(n), min(record), min(v) from number_shapes where sign <> '' group by lower(sign)"
    )
    families = {
        family: (int(n), record, v) for family, n, record, v in rows if not family.startswith("sign ")
    }
    signs = frozenset(
        _SIGNS[family.removeprefix("sign ")] for family, *_rest in rows if family.startswith("sign ")
    )
    return NumberColumn(
        name,
        at,
        False,
        families,
        _own_decimal(families, signs or frozenset({currency} if currency else ())),
        signs,
    )


def _own_decimal(families: dict[str, tuple[int, int, str]], currencies: frozenset[str]) -> str | None:
    if "point" in families and "comma" not in families:
        return "."
    if "comma" in families and "point" not in families:
        return ","
    either = {"either_comma", "either_point"} & set(families)
    if len(either) == 1 and currencies and currencies <= _NO_MINOR_UNIT:
        return "." if "either_comma" in either else ","
    return None


def settle(
    table: Table, columns: list[NumberColumn], answers: Answers, headers: tuple[str, ...], line_of: LineOf
) -> list[Message]:
    """Decides the decimal sign of every column; errors where two conventions are mixed, a question where none shows."""
    messages: list[Message] = []
    shown, asked = {c.decimal for c in columns if c.decimal}, False
    for column in columns:
        if column.plain or column.decimal:
            continue
        mixed = _mixed(column, headers, line_of)
        if mixed:
            messages += mixed
        elif not {"either_comma", "either_point"} & set(column.families):
            column.decimal = "."
        elif len(shown) == 1:
            column.decimal = next(iter(shown))
        elif not asked:  # the answer settles the other columns too
            messages += _ask(table, column, answers, headers)
            asked, shown = True, shown | ({column.decimal} if column.decimal else set())
    return messages


def _mixed(column: NumberColumn, headers: tuple[str, ...], line_of: LineOf) -> list[Message]:
    pairs = (("point", "comma"), ("either_point", "either_comma"))
    for one, other in pairs:
        if one in column.families and other in column.families:
            found = sorted((column.families[one], column.families[other]), key=lambda f: f[1])
            return [
                error("E_NUMBER_MIXED",
                      _("Line {line}, column {header}: '{value}' is written in another way than other numbers of the "
"column (1.234,56 and 1,234.56): two systems were glued together; split the file.").format(line=line_of(record), header=headers[column.at], value=value),
                      line=line_of(record), column=headers[column.at], value=value)
                for _family, record, value in found
            ]  # fmt: skip
    return []


def _ask(table: Table, column: NumberColumn, answers: Answers, headers: tuple[str, ...]) -> list[Message]:
    comma = "either_comma" in column.families
    cells, _record, example = column.families["either_comma" if comma else "either_point"]
    signs = {"thousands": "." if comma else ",", "decimal": "," if comma else "."}
    choices = []
    for name, sign in signs.items():
        total = table.query(
            f"select sum(w.value * s.n) from ({_values(column.at)}) w join number_shapes_{column.at} s using (v)",
            {"decimal": sign},
        )[0][0]
        text = (
            _("Three digits behind the sign are thousands: the column adds up to {total}.")
            if name == "thousands"
            else _("Three digits behind the sign are decimals: the column adds up to {total}.")
        )
        choices.append(
            Choice(
                name,
                text.format(total=f"{total:,.3f}"),
                cells,
                total,
            )
        )
    answer = answers.ask(
        "E_NUMBER_AMBIGUOUS",
        _(
            "Is '{example}' in column {header} a number with thousands or with decimals? The file does not "
            "settle it."
        ).format(example=example, header=headers[column.at]),
        tuple(choices),
        about=("," if comma else ".",),
        column=headers[column.at],
        value=example,
    )
    column.decimal = signs.get(answer or "")
    return []


def _values(at: int) -> str:
    return sql("number_values").replace("number_shapes", f"number_shapes_{at}")


def make_map(table: Table, column: NumberColumn) -> None:
    """Creates number_map_<at>: every text of the column with its value, fault and whether it was changed."""
    table.query(
        f"create or replace temp table number_map_{column.at} as {_values(column.at)}",
        {"decimal": column.decimal or "."},
    )


def repair_notes(table: Table, column: NumberColumn, header: str) -> list[Message]:
    """What was done to the numbers of a column, counted."""
    if column.plain:
        return []
    counted = table.query(
        f"select coalesce(sum(n) filter (changed and fault is null and family <> 'scientific'), 0), "
        f"coalesce(sum(n) filter (family = 'scientific'), 0), "
        f"coalesce(sum(n) filter (fault is null and length(regexp_extract(x, '[.]([0-9]+)$', 1)) > 4), 0) "
        f"from number_map_{column.at} join (select v, n, x, family from number_shapes_{column.at}) s using (v)"
    )[0]
    changed, scientific, rounded = (int(c) for c in counted)
    notes = []
    if rounded:
        notes.append(
            note(
                "W_NUMBER_ROUNDED",
                _("{count} numbers in {header} were rounded to four decimals.").format(
                    count=rounded, header=header
                ),
                column=header,
            )
        )
    if changed > rounded:
        example = table.query(
            f"select v from number_map_{column.at} where changed and fault is null order by length(v), v limit 1"
        )[0][0]
        notes.append(note("W_NUMBER_FORMAT",
                          _("{count} numbers in {header} were read from another notation (such as '{example}').").format(count=changed, header=header, example=example),
                          column=header))  # fmt: skip
    if scientific:
        notes.append(note("W_PRECISION_LOST",
                          _("{count} numbers in {header} are in scientific notation (such as 1.2E+03), which drops digits; "
"compare the total.").format(count=scientific, header=header), column=header))  # fmt: skip
    return notes
