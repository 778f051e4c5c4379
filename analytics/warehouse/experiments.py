"""Experiments that an analyst types in: what a holdout or a test in some regions measured of one channel or programme."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from analytics.language import gettext as _
from analytics.warehouse.errors import WorkspaceError

MOTIONS = ("acquisition", "retention")
LONGEST_NAME = 80
AMOUNTS = ("spend_with", "spend_without", "effect", "low", "high")
ORDER = "LINE,MOTION,FIRST_DAY,LAST_DAY,SPEND_WITH,SPEND_WITHOUT,EFFECT,LOW,HIGH"


@dataclass(frozen=True)
class Experiment:
    """What one test measured.

    line: the channel or programme, as the spend names it; motion: acquisition for a channel, retention for a programme.
    first_day, last_day: of the test. spend_with, spend_without: money a month with and without what was tested, of the
    whole company. effect: over all days of the test, what the difference in spend caused: new customers of a channel,
    margin of a programme; low, high: its 80 % range. WorkspaceError, in one sentence, for what cannot be.
    """

    name: str
    line: str
    motion: str
    first_day: date
    last_day: date
    spend_with: float
    spend_without: float
    effect: float
    low: float
    high: float

    def __post_init__(self) -> None:
        name = _("The experiment {name!r}").format(name=self.name)
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise WorkspaceError(
                _("An experiment needs a name of at most {most} characters.").format(most=LONGEST_NAME)
            )
        if not self.line.strip():
            raise WorkspaceError(_("{name} names no channel or programme.").format(name=name))
        if self.motion not in MOTIONS:
            raise WorkspaceError(
                _("{name} is of {motion!r}; write acquisition or retention.").format(
                    name=name, motion=self.motion
                )
            )
        if self.last_day < self.first_day:
            raise WorkspaceError(
                _("{name} ends on {last_day}, before it begins on {first_day}.").format(
                    name=name, last_day=self.last_day, first_day=self.first_day
                )
            )
        for part in AMOUNTS:
            if not math.isfinite(getattr(self, part)):
                raise WorkspaceError(_("{name} has no {part}; write a number.").format(name=name, part=part))
        if not 0 <= self.spend_without < self.spend_with:
            raise WorkspaceError(
                _(
                    "{name} spends {spend_with:g} with and {spend_without:g} without what was tested; the first must "
                    "be the larger, and neither below 0."
                ).format(name=name, spend_with=self.spend_with, spend_without=self.spend_without)
            )
        if not (self.low <= self.effect <= self.high and self.low < self.high):
            raise WorkspaceError(
                _(
                    "{name} measured {effect:g} in a range from {low:g} to {high:g}; the range must hold the effect "
                    "and have a width."
                ).format(name=name, effect=self.effect, low=self.low, high=self.high)
            )

    @classmethod
    def of(cls, name: str, parts: Mapping[str, Any]) -> Experiment:
        """From plain values, as JSON or a form holds them; WorkspaceError for one that cannot be read."""
        known = {field.name for field in fields(cls)} - {"name"}
        if set(parts) != known:
            raise WorkspaceError(
                _("The experiment {name!r} needs {names}, and nothing else.").format(
                    name=name, names=", ".join(sorted(known))
                )
            )
        return cls(
            name.strip(),
            str(parts["line"]).strip(),
            str(parts["motion"]).strip(),
            _day(name, "first_day", parts["first_day"]),
            _day(name, "last_day", parts["last_day"]),
            *(_amount(name, part, parts[part]) for part in AMOUNTS),
        )

    @classmethod
    def from_text(cls, name: str, text: str) -> Experiment:
        """From ORDER in one text, as the command line gives it. WorkspaceError for a text that holds something else."""
        parts = text.rsplit(",", 8)  # a name of spend may hold a comma, the rest may not
        if len(parts) != 9:
            raise WorkspaceError(
                _("The experiment {name!r} is {text!r}; write {order}, or none.").format(
                    name=name, text=text, order=ORDER
                )
            )
        return cls.of(name, dict(zip(ORDER.lower().split(","), parts, strict=True)))

    def to_json(self) -> dict[str, Any]:
        """Plain values by name, without the experiment's own; days in ISO form."""
        plain = {part: value for part, value in asdict(self).items() if part != "name"}
        return plain | {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}


def experiments_of(given: Any) -> tuple[Experiment, ...]:
    """Experiments by name, from themselves or from name -> plain values. WorkspaceError for two of one name."""
    items = given.items() if isinstance(given, Mapping) else [(one.name, one) for one in given]
    found = [one if isinstance(one, Experiment) else Experiment.of(str(name), one) for name, one in items]
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise WorkspaceError(
                _("There are two experiments {name!r}; give each its own name.").format(name=name)
            )
    return tuple(sorted(found, key=lambda one: one.name))


def experiments_after(
    kept: Iterable[Experiment], changes: Iterable[tuple[str, str]]
) -> tuple[Experiment, ...]:
    """The experiments with some typed in as texts; "none" takes one away. WorkspaceError for one that is not there."""
    found = {one.name: one for one in kept}
    for name, text in changes:
        if text != "none":
            found[name] = Experiment.from_text(name, text)
        elif found.pop(name, None) is None:
            raise WorkspaceError(_("There is no experiment {name!r} to take away.").format(name=name))
    return tuple(found.values())


def _day(name: str, part: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as problem:
        raise WorkspaceError(
            _("The experiment {name!r} has {value!r} as its {part}; write a day as 2026-07-31.").format(
                name=name, value=value, part=part
            )
        ) from problem


def _amount(name: str, part: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as problem:
        raise WorkspaceError(
            _("The experiment {name!r} has {value!r} as its {part}; write a number.").format(
                name=name, value=value, part=part
            )
        ) from problem
