"""Every text of a drawn page that a visitor can read: widgets, sentences, tables' headers, charts and their hovers."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

SAID = {"body", "label", "help", "placeholder", "options", "content", "alt", "text", "value"}
DRAWN = {"title", "text", "ticktext", "customdata", "hovertemplate", "hovertext", "name"}
SETTINGS = re.compile(r"[A-Z_]+")  # names of Streamlit's own settings: COLLAPSED, STRETCH


def texts(app: AppTest) -> list[str]:
    """What the page says, piece by piece, without its markup."""
    found = [text for node in _nodes(app._tree) for text in _of_element(node)]
    return [plain for text in found if (plain := _plain(text)) and not SETTINGS.fullmatch(plain)]


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)


def _of_element(node: Any) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if proto is None:
        return
    if node.type == "arrow_data_frame":
        yield from map(str, node.value.columns)
    said = MessageToDict(proto)
    yield from _under(said, SAID)
    yield from _under([json.loads(spec) for spec in _under(said, {"spec"})], DRAWN)


def _under(part: Any, names: set[str], name: str = "") -> Iterator[str]:
    """The strings that stand under one of these names, however deep."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _under(value, names, key if key in names or not isinstance(value, list) else name)
    elif isinstance(part, list):
        for value in part:
            yield from _under(value, names, name)
    elif isinstance(part, str) and name in names:
        yield part


def _plain(text: str) -> str:
    without = re.sub(r"<style.*?</style>|<svg.*?</svg>|<script.*?</script>", " ", text, flags=re.DOTALL)
    without = re.sub(r"%\{[^}]*\}|`[^`]*`", " ", without)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", without)).split())
