"""What do we know, and for which days? One row per kind of export and month."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.economics import share
from analytics.decisions.window import SLACK, month_end
from analytics.intake.contract import CORE, KIND_LABELS, KINDS
from analytics.language import gettext as _
from analytics.language import ngettext

COLUMNS = ("kind", "month", "state", "rows")
MOST_SHOWN_MONTHS = 60


@dataclass(frozen=True, eq=False)
class Coverage:
    """months: frame[kind, month, state, rows], state full, partial or none, for every month that any kind has.

    last_day: kind → last day with rows. unknown_share: the part of revenue without a customer number.
    set_aside: rows that the standing uploads left out.
    """

    months: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    last_day: dict[str, date] = field(default_factory=dict)
    unknown_share: float = 0.0
    set_aside: int = 0

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that have rows, in the order of the contract."""
        return tuple(kind for kind in KINDS if kind in self.last_day)

    @property
    def gaps(self) -> tuple[tuple[str, date], ...]:
        """(kind, month) without rows between months that have some."""
        return tuple(gap for kind in self.kinds for gap in _gaps(self.months, kind))

    @cached_property
    def sentence(self) -> str:
        """The headline of the data page."""
        return _headline(self)


def coverage(workspace) -> Coverage:
    """Which days of which export the workspace holds."""
    found = workspace.query("coverage")
    if not len(found):
        return Coverage()
    found = found.assign(**{name: found[name].dt.date for name in ("month", "first_day", "last_day")})
    revenue = workspace.query("revenue_by_source").set_index("source")["revenue"]
    return Coverage(
        months=_states(found),
        last_day=_last_days(found),
        unknown_share=share(float(revenue.get("unknown", 0.0)), float(revenue.sum())),
        set_aside=sum(entry.rows_set_aside for entry in workspace.entries if entry.stands),
    )


def _states(found: pd.DataFrame) -> pd.DataFrame:
    """Every kind × month of the last five years that any kind has."""
    every = [m.date() for m in pd.date_range(found["month"].min(), found["month"].max(), freq="MS")]
    rows = []
    for kind in KINDS:
        mine = found[found["kind"] == kind].set_index("month")
        for month in every[-MOST_SHOWN_MONTHS:]:
            count = int(mine["rows"].get(month, 0))
            rows.append((kind, month, _state(kind, mine, month) if count else "none", count))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _state(kind: str, mine: pd.DataFrame, month: date) -> str:
    """Full where rows reach to both ends of the month, or where there are rows before and after it."""
    days = mine.loc[month]
    filled = sorted(mine.index)
    begins = days["first_day"] - SLACK <= month or filled[0] < month
    ends = days["last_day"] + SLACK >= month_end(month) or filled[-1] > month
    return "full" if kind == "spend" or (begins and ends) else "partial"


def _last_days(found: pd.DataFrame) -> dict[str, date]:
    last = found.groupby("kind")["last_day"].max().to_dict()
    return last | ({"spend": month_end(last["spend"])} if "spend" in last else {})


def _gaps(months: pd.DataFrame, kind: str) -> list[tuple[str, date]]:
    mine = months[months["kind"] == kind]
    filled = mine.loc[mine["rows"] > 0, "month"]
    between = mine["month"].between(filled.min(), filled.max()) if len(filled) else mine["month"].isna()
    return [(kind, month) for month in mine.loc[between & (mine["rows"] == 0), "month"]]


def _headline(found: Coverage) -> str:
    core = [kind for kind in CORE if kind in found.last_day]
    if not found.kinds:
        return _("Nothing is loaded yet: begin with an export of your sales.")
    if not core:
        return _("{kinds} are loaded, but no orders yet.").format(kinds=_named(found.kinds))
    return " ".join([_extent(found, core), _faults(found)])


def _named(kinds: Sequence[str]) -> str:
    return wording.listed([KIND_LABELS[kind] for kind in kinds])


def _extent(found: Coverage, core: list[str]) -> str:
    months = found.months[found.months["kind"].isin(core) & (found.months["rows"] > 0)]
    quarters = len({(month.year, (month.month + 2) // 3) for month in months["month"]})
    until = max(found.last_day[kind] for kind in core if kind != "referrals" or core == ["referrals"])
    absent = [kind for kind in CORE if kind not in core]
    text = (
        ngettext(
            "{count} quarter of {kinds}, until {day}; {absent} not loaded yet.",
            "{count} quarters of {kinds}, until {day}; {absent} not loaded yet.",
            quarters,
        )
        if absent
        else ngettext(
            "{count} quarter of {kinds}, until {day}.", "{count} quarters of {kinds}, until {day}.", quarters
        )
    )
    return text.format(
        count=wording.in_words(quarters).capitalize(),
        kinds=_named(core),
        day=wording.day(until),
        absent=_named(absent),
    )


def _faults(found: Coverage) -> str:
    said = []
    if found.unknown_share:
        part = wording.percent(found.unknown_share, 1)
        said.append(_("{share} of revenue has no customer number").format(share=part))
    if found.set_aside:
        said.append(_("{rows} rows are set aside").format(rows=wording.number(found.set_aside)))
    if found.gaps:
        said.append(_("{count} months in between have no rows").format(count=wording.number(len(found.gaps))))
    if not said:
        return _("No month in between is empty, and no row is set aside.")
    text = wording.listed(said)
    return text[0].upper() + text[1:] + "."
