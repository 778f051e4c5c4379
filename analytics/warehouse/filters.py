"""Filters: which days, segments, regions and channels a number is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Filters:
    """What a page or command looks at; an empty tuple means all, and a day that is None is not a bound.

    first_day, last_day: both included; None = as far as sales and reorders reach.
    channels: for orders the channel that won the customer, for spend the line's own channel.
    """

    first_day: date | None = None
    last_day: date | None = None
    segments: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def params(self) -> dict[str, Any]:
        """The values of $first_day, $last_day, $segments, $regions and $channels in a named query."""
        return {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "segments": list(self.segments),
            "regions": list(self.regions),
            "channels": list(self.channels),
        }
