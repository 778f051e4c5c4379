"""Answers that other answers are made of: worked out once for the same data and the same question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from analytics import language
from analytics.decisions.assumptions import Assumptions
from analytics.warehouse.filters import Filters

Answer = TypeVar("Answer")
Question = Callable[..., Answer]
MOST = 4  # answers kept of each workspace: one may hold some megabytes of draws

_kept: WeakKeyDictionary[Any, OrderedDict] = WeakKeyDictionary()
_lock = Lock()


def once(question: Callable[[Any, Filters, Assumptions], Answer]) -> Question[Answer]:
    """The question, which returns the very object of before where nothing has changed that its answer depends on.

    question: (workspace, filters, assumptions) -> a value that nobody changes. Its sentences are written once, in the
    language of whoever asked first, so every language has an answer of its own.
    """

    @wraps(question)
    def asked(
        workspace: Any, filters: Filters | None = None, assumptions: Assumptions | None = None
    ) -> Answer:
        filters, assumptions = filters or Filters(), assumptions or Assumptions.of(workspace.settings)
        key = (question, workspace.snapshot, filters, assumptions, language.current())
        with _lock:
            answers = _kept.setdefault(workspace, OrderedDict())
            if key in answers:
                answers.move_to_end(key)
                return answers[key]
        answer = question(workspace, filters, assumptions)
        if workspace.snapshot != key[1]:  # a file was loaded meanwhile: of which data it tells is not known
            return asked(workspace, filters, assumptions)
        with _lock:
            answers[key] = answer
            while len(answers) > MOST:
                answers.popitem(last=False)
        return answer

    return asked
