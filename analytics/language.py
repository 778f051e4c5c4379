"""The language that sentences are written in: English where they stand, any other from its catalogue.

The language belongs to whoever is being answered, not to the process: several visitors share one, each in a language
of their own. So it is kept in a context variable, and work that is handed to another thread takes its context along.
"""

from __future__ import annotations

import gettext as standard
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "ko": "한국어"}
SOURCE = "en"
CATALOGUES = Path(__file__).with_name("locale")

_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def current() -> str:
    """The code of the language that is spoken in this context: "en", "ko"."""
    return _current.get()


def speak(language: str) -> None:
    """Speak `language` in this context from now on. ValueError names the languages there are."""
    if language not in LANGUAGES:
        raise ValueError(f"There is no language {language!r}; there are {', '.join(LANGUAGES)}.")
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block."""
    before = current()
    speak(language)
    try:
        yield
    finally:
        _current.set(before)


def gettext(message: str) -> str:
    """The message in the language of this context; as it stands where its catalogue lacks it."""
    language = _current.get()
    return message if language == SOURCE else catalogue(language).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for a number of things in the language of this context."""
    language = _current.get()
    if language == SOURCE:
        return one if count == 1 else many
    return catalogue(language).ngettext(one, many, count)


def marked(message: str) -> str:
    """The message as it stands, marked for the catalogue: for constants, which gettext then gets where they are used."""
    return message


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
