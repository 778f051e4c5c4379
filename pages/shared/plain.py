"""Text from files and people, shown as text: no Markdown, HTML, formula, colour or emoji comes alive in it."""

import html
import re

PERCENT = re.compile(r"(?<=\d) (?=%)")  # a line must not break between a number and its sign
WORD_JOINER = "\u2060"  # invisible; what stands on its two sides is no longer one word for the renderer
UNSPOKEN = re.compile(r"[^\w\s.,;%€$£¥₩−-]|_")
PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^=\"'@/])")


def plain(text: str) -> str:
    """The text for places that render Markdown (labels, messages): every character is shown as it is."""
    lines = " ".join(text.splitlines())
    return PUNCTUATION.sub(r"\\\1", lines).replace(":", f":{WORD_JOINER}")


def spoken(text: str) -> str:
    """The text for names that are read aloud as they stand: without a sign that Markdown means anything by."""
    return " ".join(UNSPOKEN.sub(" ", text).split())


def escape(text: str) -> str:
    """The text for places that render HTML."""
    return PERCENT.sub("\N{NO-BREAK SPACE}", html.escape(text))
