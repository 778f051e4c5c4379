"""In which currency a file is: by its currency column, by its headers, by the signs in its numbers; one in all."""

from __future__ import annotations

from collections import defaultdict

from analytics.intake import numbers
from analytics.intake.checks import Rows
from analytics.intake.contract import SALES, currency_of_header, normalised
from analytics.intake.messages import Message, error
from analytics.language import gettext as _

_COLUMN = SALES.column("currency")
_WORDS = {normalised(word) for word in (_COLUMN.name, *_COLUMN.synonyms, *_COLUMN.suggestions)}


def currencies(rows: Rows, signs: frozenset[str], workspace: str | None) -> tuple[str | None, list[Message]]:
    """The one currency of the file, and errors where there are several or where it is not the workspace's.

    `signs` are the codes that the signs in the numbers stand for. $ and ¥ belong to several currencies: which one
    is meant, the rows or the headers say, or else the workspace.
    """
    counts = _stated(rows)
    for code in sorted(signs - set(counts)):
        shared = set(numbers.SHARED_SIGNS.get(code, ()))
        if shared & set(counts):
            continue
        counts[workspace if workspace in shared else code] += 0
    if len(counts) > 1:
        said = ", ".join(
            _("{currency} ({count} rows)").format(currency=code, count=n) if n else code
            for code, n in sorted(counts.items())
        )
        return None, [
            error(
                "E_CURRENCY_MIXED",
                _("The file mixes currencies: {said}; one workspace holds one, so split the file.").format(
                    said=said
                ),
            )
        ]
    if not counts:
        return None, []
    code = next(iter(counts))
    if workspace and code != workspace:
        count = rows.loaded()[0]
        text = _(
            "All {count} rows are in {code}, but the workspace is in {workspace}; convert them, or load them into a "
            "workspace of their own."
        )
        return code, [error("E_CURRENCY", text.format(count=count, code=code, workspace=workspace))]
    return code, []


def _stated(rows: Rows) -> dict[str, int]:
    """Rows by currency code as the currency column says, and 0 rows for what a header of money says: Cost (USD)."""
    counts: dict[str, int] = defaultdict(int)
    for written, n in _written(rows):
        counts[numbers.code_of(written)] += n
    for typed in rows.columns.values():
        code = (
            currency_of_header(rows.table.layout.headers[typed.at]) if typed.column.type == "money" else None
        )
        if code:
            counts[code] += 0
    return counts


def _written(rows: Rows) -> list[tuple[str, int]]:
    if "currency" in rows.columns:
        return rows.query(  # type: ignore[return-value]
            "select currency, count(*) from typed where out is null and currency is not null group by 1"
        )
    if "currency" in {c.name for c in rows.kind.columns}:
        return []
    # A kind without such a column (spend, rewards) may have one in the file all the same.
    used = {typed.at for typed in rows.columns.values()}
    for at, header in enumerate(rows.table.layout.headers):
        if normalised(header) in _WORDS and at not in used:
            return rows.query(  # type: ignore[return-value]
                f"select {rows.table.clean(at)} as v, count(*) from {rows.table.scan} where v <> '' group by v"
            )
    return []
