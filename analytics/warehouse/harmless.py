"""Text that a spreadsheet would run as a formula, and how it is kept from that: one rule for every CSV that is written.

A text is made harmless by an apostrophe before it if it begins, after blanks, with =, +, - or @ (also as wide letters),
or with a tab or a line end. A plain number is left as it is: a spreadsheet reads it and runs nothing. Where a text
holds ; or a tab and one of these signs behind it, the apostrophe goes between them: where ; parts the columns of a
CSV, a new cell would begin there.
Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

# Both Python's re and Arrow's RE2 read these patterns alike: blanks are listed, since the two differ in what \s is.
_BLANKS = "[\\x00-\\x20\\x7f-\\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
_SIGNS = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
FORMULA = f"^(?:{_BLANKS}*{_SIGNS}|[\\t\\r\\n])"
NUMBER = "^[+-]?[0-9]+(?:[.,][0-9]+)*$"
INNER = f'([;\\t])("*{_BLANKS}*"*)({_SIGNS})'
_formula, _number, _inner = re.compile(FORMULA), re.compile(NUMBER.replace("$", "\\Z")), re.compile(INNER)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text."""
    return bool(_formula.match(text)) and not _number.match(text)


def harmless(text: str) -> str:
    """The text as a spreadsheet only shows it."""
    inner = _inner.sub(r"\1'\2\3", text)
    return f"'{inner}" if is_formula(text) else inner


def harmless_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with every text as `harmless` makes it."""
    import pyarrow as pa

    columns = [_harmless_column(c) if pa.types.is_string(c.type) else c for c in batch.columns]
    return pa.record_batch(columns, schema=batch.schema)


def _harmless_column(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    runs = pc.and_not(
        pc.match_substring_regex(column, FORMULA),
        pc.match_substring_regex(column, NUMBER.replace("$", "\\z")),
    )
    inner = pc.replace_substring_regex(column, INNER, r"\1'\2\3")
    return pc.if_else(runs, pc.binary_join_element_wise("'", inner, ""), inner)
