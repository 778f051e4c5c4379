"""Days that are looked at: the window, the period before it, and the part of it whose spend is known."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.language import gettext as _

SLACK = timedelta(days=7)  # data that begin so shortly after a period's first day still cover it
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """First and last day, both included."""

    first_day: date
    last_day: date

    def __post_init__(self):
        if self.last_day < self.first_day:
            raise ValueError(
                _("The window ends on {last_day}, before it begins on {first_day}.").format(
                    last_day=self.last_day, first_day=self.first_day
                )
            )

    def before(self) -> "Window":
        """The period of equal length just before: by months where the window is whole months."""
        last_day = self.first_day - ONE_DAY
        if self.first_day.day == 1 and self.last_day == month_end(self.last_day):
            months = _month_number(self.last_day) - _month_number(self.first_day) + 1
            return Window(_month_start(_month_number(self.first_day) - months), last_day)
        return Window(self.first_day - (self.last_day - last_day), last_day)

    def is_covered_by(self, known: "Window | None") -> bool:
        """Whether something known for these other days is known for the window, save for a few days at its
        edges.
        """
        return (
            known is not None
            and known.first_day - SLACK <= self.first_day
            and self.last_day <= known.last_day + SLACK
        )

    def cut_to(self, known: "Window") -> "Window | None":
        """The part of the window that lies in these other days; None when there is none."""
        first_day, last_day = max(self.first_day, known.first_day), min(self.last_day, known.last_day)
        return Window(first_day, last_day) if first_day <= last_day else None

    def whole_months(self) -> "Window":
        """From the first day of the first month to the last day of the last."""
        return Window(self.first_day.replace(day=1), month_end(self.last_day))

    def widened_at_edges(self, known: "Window") -> "Window":
        """The window up to the ends of its months where it reaches the edge of what is known.

        Orders from 3 January on stand for all of January: its spend is not cut by two days.
        """
        first_day = self.first_day.replace(day=1) if self.first_day <= known.first_day else self.first_day
        last_day = month_end(self.last_day) if self.last_day >= known.last_day else self.last_day
        return Window(first_day, last_day)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month_number(day: date) -> int:
    return 12 * day.year + day.month - 1


def _month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
