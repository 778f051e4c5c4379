"""What every command is made of: exit statuses, what it gives, and how its arguments are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from analytics.intake.contract import Period

AddCommand = Callable[..., argparse.ArgumentParser]  # name, function -> its parser
DONE, USAGE, QUESTION, REFUSED, TOO_LITTLE = 0, 2, 3, 4, 5


@dataclass(frozen=True)
class Outcome:
    """What a command gives: its exit status, its JSON object, and the same as text."""

    status: int
    answer: dict[str, Any]
    text: str


class UsageError(Exception):
    """The command line asks for something that cannot be meant; one sentence."""


class Misunderstood(Exception):
    """The arguments are none that `parser` knows; one sentence."""

    def __init__(self, parser: argparse.ArgumentParser, problem: str) -> None:
        super().__init__(problem)
        self.parser = parser


class Parser(argparse.ArgumentParser):
    """Raises Misunderstood, where argparse would end the program; whoever asked for JSON gets it also then."""

    def error(self, message: str) -> NoReturn:
        """What argparse calls when it does not understand."""
        raise Misunderstood(self, message)


def period(text: str) -> Period:
    """A quarter, month or year as an argument."""
    try:
        return Period.parse(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def day(text: str) -> date:
    """A day as an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-07-31") from problem


def choice(text: str) -> tuple[str, str]:
    """CODE=CHOICE as an argument."""
    name, sign, value = text.rpartition("=")
    if not sign or not name or not value:
        raise argparse.ArgumentTypeError(f"{text!r} has no choice; write it as CODE=CHOICE")
    return name, value


def amount(text: str) -> tuple[str, float]:
    """NAME=AMOUNT as an argument."""
    name, _sign, value = text.rpartition("=")
    try:
        money = float(value)
    except ValueError:
        name, money = "", 0.0
    if not name.strip() or not 0 <= money < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of a channel; write it as paid_search=3000")
    return name.strip(), money
