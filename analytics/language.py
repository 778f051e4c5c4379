"""The language that sentences are written in: English where they stand, any other from its catalogue.

The language belongs to whoever is being answered, not to the process: several visitors share one, each in a language
of their own. So it is kept in a context variable, and work that is handed to another thread takes its language along.
"""

from __future__ import annotations

import gettext as standard
import io
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

LANGUAGES = {"en": "English", "ko": "한국어"}
SOURCE = "en"
CATALOGUES = Path(__file__).with_name("locale")

P = ParamSpec("P")
Code = TypeVar("Code", bound=Hashable)
R = TypeVar("R")

_current: ContextVar[str | None] = ContextVar("language", default=None)
_ask: Callable[[], str] = lambda: SOURCE  # noqa: E731 - a name to put another in


def current() -> str:
    """The code of the language that is spoken in this context: "en", "ko"."""
    return _current.get() or _ask()


def speak(language: str) -> None:
    """Speak `language` in this context from now on. ValueError names the languages there are."""
    if language not in LANGUAGES:
        raise ValueError(f"There is no language {language!r}; there are {', '.join(LANGUAGES)}.")
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block."""
    before = _current.get()
    speak(language)
    try:
        yield
    finally:
        _current.set(before)


def in_this_language(work: Callable[P, R]) -> Callable[P, R]:
    """`work`, which speaks what is spoken now, wherever and whenever it is called: for threads and deferred work."""
    language = current()

    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(language):
            return work(*args, **kwargs)

    return spoken


def when_not_told(ask: Callable[[], str]) -> None:
    """Whom to ask for the language in a context that nobody has told: a thread that a server begins for a visitor."""
    global _ask  # noqa: PLW0603 - one server, asked in one way
    _ask = ask


def gettext(message: str) -> str:
    """The message in the language of this context; as it stands where its catalogue lacks it."""
    language = _current.get() or _ask()
    if language == SOURCE or not message:  # an empty message is a catalogue's own header
        return message
    return catalogue(language).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for a number of things in the language of this context."""
    language = _current.get() or _ask()
    if language == SOURCE:
        return one if count == 1 else many
    return catalogue(language).ngettext(one, many, count)


def marked(message: str) -> str:
    """The message as it stands, marked for the catalogue: for constants, which gettext then gets where they are used."""
    return message


class Texts(Mapping[Code, str]):
    """Marked messages by code, each read in the language of the context: labels and headings that are constants."""

    def __init__(self, messages: Mapping[Code, str]) -> None:
        self._messages = dict(messages)

    def __getitem__(self, code: Code) -> str:
        return gettext(self._messages[code])

    def __iter__(self) -> Iterator[Code]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)


@cache
def catalogue(language: str) -> standard.GNUTranslations:
    """The catalogue of a language, read once; its .po file is the only form that is kept."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (CATALOGUES / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return standard.GNUTranslations(compiled)
