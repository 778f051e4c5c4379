"""What a view can be narrowed to: the days that orders cover, in quarters, and the groups that occur in them."""

from dataclasses import dataclass
from datetime import date

from analytics.decisions import wording
from analytics.decisions.period import read_known
from analytics.decisions.window import Window, month_end
from analytics.language import gettext as _

MOST_NAMES = 500  # beyond it a column holds no groups that anybody would choose from


@dataclass(frozen=True)
class Preset:
    """Named days; None: as far as the data reach."""

    name: str
    label: str
    first_day: date | None
    last_day: date | None

    def same_days(self, other: "Preset") -> bool:
        """Whether both name the same days."""
        return (self.first_day, self.last_day) == (other.first_day, other.last_day)


@dataclass(frozen=True)
class FilterChoices:
    """first_day, last_day: of all orders (None without any). presets: all days first, then newest quarter first."""

    first_day: date | None = None
    last_day: date | None = None
    presets: tuple[Preset, ...] = ()
    segments: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


def filter_choices(workspace) -> FilterChoices:
    """Everything that the workspace's orders can be narrowed to."""
    known = read_known(workspace)
    if known is None:
        return FilterChoices()
    names = workspace.query("filter_names", most=MOST_NAMES)
    groups = {
        f"{group}s": tuple(names.loc[names["column_name"] == group, "name"])
        for group in ("segment", "region", "channel")
    }
    days = known.orders
    return FilterChoices(days.first_day, days.last_day, _presets(days), **groups)


def _presets(days: Window) -> tuple[Preset, ...]:
    everything = Preset("all", _("All days"), None, None)
    quarters = [Preset(_code(q), wording.quarter(q), q, _quarter_end(q)) for q in reversed(_quarters(days))]
    if len(quarters) <= 4:
        return (everything, *quarters)
    year = Preset("last four", _("Last four quarters"), quarters[3].first_day, quarters[0].last_day)
    return (everything, year, *quarters)


def _code(quarter: date) -> str:
    return f"{quarter.year} Q{(quarter.month + 2) // 3}"


def _quarters(days: Window) -> list[date]:
    """First days of the quarters that the days touch."""
    first = days.first_day.year * 4 + (days.first_day.month - 1) // 3
    last = days.last_day.year * 4 + (days.last_day.month - 1) // 3
    return [date(n // 4, 3 * (n % 4) + 1, 1) for n in range(first, last + 1)]


def _quarter_end(first_day: date) -> date:
    return month_end(first_day.replace(month=first_day.month + 2))
