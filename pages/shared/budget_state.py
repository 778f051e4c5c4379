"""What the budget page has in hand: a scenario and the limits of the advice, kept in the view and so in the address."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from analytics.decisions import budget_moves
from analytics.decisions.allocation import CAUTIOUS, EXPECTED
from analytics.decisions.budget import Budget, Wish, advised, budget
from pages.shared import session

if TYPE_CHECKING:
    from analytics.decisions.budget_model import BudgetModel

PLAN, FREE, LIMITS = "budget-plan", "budget-free", "budget-limits"
GOAL, AMOUNT, RISK = "budget-goal", "budget-amount", "budget-risk"
AS_TODAY, TOTAL, TARGET = "today", "total", "roi"


@dataclass(frozen=True)
class Scenario:
    """A split with a name. spend: (name, money per month) of every line."""

    spend: tuple[tuple[str, float], ...]
    name: str = ""

    def to_text(self) -> str:
        """As the address holds it: name:amount,name:amount."""
        return ",".join(
            f"{quote(name, safe='')}:{money:.2f}".removesuffix(".00") for name, money in self.spend
        )

    @classmethod
    def from_text(cls, text: str) -> Scenario:
        """What of the text can be read."""
        pairs = [part.rpartition(":") for part in text.split(",")]
        found = [(unquote(name), _amount(money)) for name, _colon, money in pairs]
        return cls(tuple((name, money) for name, money in found if name and money is not None))

    def spends(self, model: BudgetModel) -> dict[str, float]:
        """By name, money per month, as the model knows the lines."""
        return budget_moves.checked(model, dict(self.spend))


@dataclass(frozen=True)
class Limit:
    """What an analyst allows for one line: locked at today's spend, and at least and at most so much a month."""

    name: str
    lock: bool = False
    least: float | None = None
    most: float | None = None


def advice() -> tuple[Budget, str]:
    """The answer under the limits in hand; for limits that no split can keep, the answer without them, and why."""
    base = session.answer(budget)
    try:
        return session.answer(_advised, wish(base)), ""
    except ValueError as problem:
        return base, str(problem)


def _advised(_workspace, _filters, _assumptions, asked: Wish) -> Budget:
    base = session.answer(budget)
    return base if asked == Wish() else advised(base, asked)


def wish(base: Budget) -> Wish:
    """The limits in hand, for the lines that there are."""
    kept = [limit for limit in limits() if limit.name in base.current]
    goal, amount = session.choice(GOAL, (AS_TODAY, TOTAL, TARGET), AS_TODAY), _amount(session.written(AMOUNT))
    return Wish(
        amount if goal == TOTAL else None,
        amount if goal == TARGET else None,
        tuple((one.name, one.least, one.most) for one in kept if (one.least, one.most) != (None, None)),
        tuple((one.name, base.current[one.name]) for one in kept if one.lock),
        session.choice(RISK, (EXPECTED, CAUTIOUS), Wish().risk),
    )


def limits() -> tuple[Limit, ...]:
    """As the address holds them: name:locked:least:most, …"""
    found = []
    for part in session.written(LIMITS).split(","):
        name, *rest = part.split(":")
        if len(rest) == 3 and name:
            found.append(Limit(unquote(name), rest[0] == "1", _amount(rest[1]), _amount(rest[2])))
    return tuple(found)


def keep_limits(wanted: tuple[Limit, ...]) -> None:
    """Remember what is asked of the lines; those of which nothing is asked are left out."""
    asked = [one for one in wanted if one != Limit(one.name)]
    parts = [
        f"{quote(one.name, safe='')}:{'1' if one.lock else ''}:{_text(one.least)}:{_text(one.most)}"
        for one in asked
    ]
    session.choose(LIMITS, ",".join(parts))


def in_hand(found: Budget) -> dict[str, float]:
    """The split that sliders and figures show: the visitor's own, else the best one."""
    assert found.model is not None
    own = Scenario.from_text(session.written(PLAN))
    known = any(name in found.current for name, _money in own.spend)
    return own.spends(found.model) if known else dict(found.recommended)


def take(spend: Mapping[str, float]) -> None:
    """Have this split in hand, also in the address."""
    session.choose(PLAN, Scenario(tuple(spend.items())).to_text())


def take_best() -> None:
    """Have the best split in hand, whatever it is."""
    session.choose(PLAN, "")


def locked(found: Budget) -> set[str]:
    """Names of the lines that stay as they are."""
    return {name for name, _money in found.wish.locks}


def is_free() -> bool:
    """Whether a slider may change the total."""
    return session.written(FREE) == "1"


def saved(kept: Mapping[str, Any]) -> dict[str, Scenario]:
    """The workspace's scenarios by name; what is no scenario is left out."""
    found = {}
    for name, value in kept.items():
        spend = value.get("spend") if isinstance(value, dict) else None
        if isinstance(spend, dict) and all(isinstance(money, int | float) for money in spend.values()):
            found[name] = Scenario(tuple((line, float(money)) for line, money in spend.items()), name)
    return found


def _amount(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _text(amount: float | None) -> str:
    return "" if amount is None else f"{amount:g}"
