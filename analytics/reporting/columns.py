"""What the columns of a table hold: money, shares, names of persons, ratios of two others. Said where a table is made.

It travels with the frame (frame.attrs), so that a workbook can write amounts as money and ratios as formulas, and
whatever leaves the house can leave persons out. A column of which nothing is said is a plain number, day or text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple, ParamSpec

import pandas as pd

from analytics.language import gettext as _

MONEY, SHARES, PERSONAL, RATIOS, UNIT = "money", "shares", "personal", "ratios", "unit"
# Columns as files and the warehouse call them: whoever has the company's books finds a person by any of them.
NAMES_OF_PERSONS = frozenset(
    {"customer_id", "referrer_id", "referred_id", "referral_id", "order_id", "prospect_id", "rep_id", "person_id",
     "customer_name", "email", "e-mail", "phone"}
)  # fmt: skip

Asked = ParamSpec("Asked")


class Ratio(NamedTuple):
    """column = (numerator + plus) / denominator − less, of columns of the same table; less is 1 for an ROI.

    plus: a column that is added to the numerator; empty for none.
    """

    column: str
    numerator: str
    denominator: str
    less: float = 0.0
    plus: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it takes."""
        return tuple(name for name in (self.column, self.numerator, self.denominator, self.plus) if name)


def holds(
    money: tuple[str, ...] = (),
    shares: tuple[str, ...] = (),
    personal: tuple[str, ...] = (),
    ratios: tuple[Ratio, ...] = (),
    unit: str = "",
) -> Callable[[Callable[Asked, pd.DataFrame]], Callable[Asked, pd.DataFrame]]:
    """For a function that makes a table: what its columns hold, by their English headers; see described.

    Headers may stand in the table as they are given, or in the language of the context.
    """

    def telling(make: Callable[Asked, pd.DataFrame]) -> Callable[Asked, pd.DataFrame]:
        @wraps(make)
        def made(*args: Asked.args, **kwargs: Asked.kwargs) -> pd.DataFrame:
            return described(
                make(*args, **kwargs),
                money=(*money, *(_(name) for name in money)),
                shares=(*shares, *(_(name) for name in shares)),
                personal=(*personal, *(_(name) for name in personal)),
                ratios=tuple(
                    Ratio(_(r.column), _(r.numerator), _(r.denominator), r.less, _(r.plus)) for r in ratios
                ),
                unit=_(unit) if unit else "",
            )

        return made

    return telling


def described(
    table: pd.DataFrame,
    money: tuple[str, ...] = (),
    shares: tuple[str, ...] = (),
    personal: tuple[str, ...] = (),
    ratios: tuple[Ratio, ...] = (),
    unit: str = "",
) -> pd.DataFrame:
    """The table, knowing of its columns which are money, shares (of 1), names of persons, or ratios of two others.

    unit: the column that says for each row whether its numbers are "money", "share" or something else. What is said
    of columns that the table lacks, or was said of them before, is kept out, or kept.
    """
    known = set(table.columns)
    for kind, names in ((MONEY, money), (SHARES, shares), (PERSONAL, personal)):
        before = table.attrs.get(kind, ())
        table.attrs[kind] = tuple(dict.fromkeys([*before, *(name for name in names if name in known)]))
    whole = tuple(r for r in ratios if known.issuperset(r.columns))
    table.attrs[RATIOS] = tuple(table.attrs.get(RATIOS, ())) + whole
    table.attrs[UNIT] = unit if unit in known else table.attrs.get(UNIT, "")
    return table


def personal_columns(table: pd.DataFrame) -> tuple[str, ...]:
    """Columns that name persons: those that were said to, and those that files and the warehouse call so."""
    said = set(table.attrs.get(PERSONAL, ()))
    return tuple(str(c) for c in table.columns if c in said or str(c).strip().lower() in NAMES_OF_PERSONS)


def money_columns(table: pd.DataFrame) -> frozenset[str]:
    """Columns of amounts."""
    return frozenset(table.attrs.get(MONEY, ()))


def share_columns(table: pd.DataFrame) -> frozenset[str]:
    """Columns of shares and rates, 1 being the whole."""
    return frozenset(table.attrs.get(SHARES, ()))


def unit_column(table: pd.DataFrame) -> str:
    """The column that names the unit of each row's numbers; empty where one unit holds for a whole column."""
    name = table.attrs.get(UNIT, "")
    return name if name in table.columns else ""


def ratios(table: pd.DataFrame) -> tuple[Ratio, ...]:
    """Columns that are a ratio of two others which are there."""
    said = [Ratio(*r) for r in table.attrs.get(RATIOS, ())]
    return tuple(r for r in said if set(r.columns) <= set(table.columns))
