"""A deck of one's own: slides that were added from pages, kept with the workspace as they were.

Every slide is a document of its own, and their order is another one: two people who add, write and move at the same
time lose no slide. What a slide showed is never changed; the presenter's title, caption and note stand beside it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from analytics.decisions import wording
from analytics.language import SOURCE, catalogue, current
from analytics.language import gettext as _
from analytics.reporting.frozen import figure_of_plain, figure_to_plain, table_of_plain, table_to_plain
from analytics.reporting.slides import Entry, Slide, Story
from analytics.warehouse.documents import LARGEST_BYTES
from analytics.warehouse.errors import WorkspaceError

if TYPE_CHECKING:
    from analytics.warehouse.store import Workspace

KIND, ORDER_KIND, ORDER = "deck", "deck-order", "order"
ADDED, RENEWED, ALREADY = "added", "renewed", "already"
MOST_POINTS = 3
ROOM_FOR_WORDS = 20_000  # bytes that the presenter's own words may still take
TEXTS = (
    "question", "headline", "name", "snapshot", "method", "evidence", "question_asked", "reply", "page", "days",
)  # fmt: skip
OWN = ("title", "caption", "note")
NOT_SHOWN = {*OWN, "page", "added_at"}  # what a slide may differ in and still be the same as it was

_changing = threading.RLock()  # a workspace is open in one process: reading and writing back is one step


@dataclass(frozen=True, eq=False)
class Kept:
    """A slide of the deck. key: its id. value: as it is kept.

    title, caption, note: the presenter's own words, empty where there are none. added_at: UTC. language: of its texts.
    """

    key: str
    value: dict[str, Any]

    @property
    def title(self) -> str:
        """The headline of the presenter's own."""
        return self.value["title"]

    @property
    def caption(self) -> str:
        """What the presenter wrote to be shown on the slide."""
        return self.value["caption"]

    @property
    def note(self) -> str:
        """What the presenter wrote to be said."""
        return self.value["note"]

    @property
    def headline(self) -> str:
        """What the slide says: the presenter's own title, else the sentence that was on the page."""
        return self.title or self.value["headline"]

    @property
    def snapshot(self) -> str:
        """Of the data that its numbers were computed from."""
        return self.value["snapshot"]

    @property
    def language(self) -> str:
        """The code of the language that its texts are in."""
        return self.value["language"]

    @property
    def added_at(self) -> datetime:
        """When it was frozen, UTC."""
        return datetime.fromisoformat(self.value["added_at"])

    @cached_property
    def slide(self) -> Slide:
        """The slide as it is shown: what was frozen, with the presenter's own words."""
        value = self.value
        captions = (self.caption,) if self.caption else ()
        return Slide(
            key=self.key,
            figure=None if value["figure"] is None else figure_of_plain(value["figure"]),
            table=table_of_plain(value["table"]),
            personal=tuple(value["personal"]),
            points=(captions + tuple(value["points"]))[:MOST_POINTS],
            settings=tuple(Entry(*entry) for entry in value["settings"]),
            note=self.note,
            **{name: value[name] for name in TEXTS} | {"headline": self.headline},
        )


def key_of(slide: Slide) -> str:
    """The id of a slide in the deck: one chart of one view of one page is one slide, whatever data and language."""
    path, _mark, query = slide.page.partition("?")
    view = "&".join(part for part in query.split("&") if not part.startswith("lang="))
    page = f"{path}?{view}" if view else path
    return hashlib.sha256(json.dumps([page, _untranslated(slide.name)]).encode()).hexdigest()[:12]


def add(workspace: Workspace, slide: Slide) -> str:
    """Freeze the slide into the deck: ADDED at its end, RENEWED in its place, or ALREADY there and just the same.

    Raises WorkspaceError, one sentence, for a slide that is too large or that cannot be kept.
    """
    key, value = key_of(slide), frozen(slide)
    with _changing:
        values = _values(workspace)
        before = values.get(key)
        if before and _shown(before) == _shown(value):
            return ALREADY
        if before:
            value |= {name: before[name] for name in OWN}
        workspace.keep(KIND, key, value)
        if not before:
            workspace.keep(ORDER_KIND, ORDER, [*_ordered(_order(workspace), values), key])
    return RENEWED if before else ADDED


def frozen(slide: Slide) -> dict[str, Any]:
    """The slide as plain JSON values. Raises WorkspaceError where it is too large even without its hover texts."""
    value = {
        **{name: getattr(slide, name) for name in TEXTS},
        "title": "",
        "caption": "",
        "note": slide.note,
        "points": list(slide.points),
        "personal": list(slide.personal),
        "settings": [list(entry) for entry in slide.settings],
        "table": table_to_plain(slide.table),
        "figure": None,
        "language": current(),
        "added_at": datetime.now(UTC).isoformat(),
    }
    if slide.figure is None:
        if _fits(value):
            return value
    else:
        for hover in (True, False):
            value["figure"] = figure_to_plain(slide.figure, hover)
            if _fits(value):
                return value
    raise WorkspaceError(
        _("“{name}” is too large for a slide: choose fewer days or groups, then add it again.").format(
            name=slide.name
        )
    )


def kept(workspace: Workspace) -> tuple[Kept, ...]:
    """The deck's slides in their order; one that the order does not know comes last."""
    values = _values(workspace)
    return tuple(Kept(key, values[key]) for key in _ordered(_order(workspace), values))


def write(workspace: Workspace, key: str, **words: str) -> None:
    """Change title, caption or note of a slide; one that is no longer there stays away."""
    unknown = set(words) - set(OWN)
    if unknown:
        raise ValueError(f"A slide has no {', '.join(sorted(unknown))} of one's own.")
    with _changing:
        value = _values(workspace).get(key)
        if value is None:
            return
        written = {name: text.strip() for name, text in words.items()}
        if written.get("title") == value["headline"]:
            written["title"] = ""
        workspace.keep(KIND, key, value | written)


def move(workspace: Workspace, key: str, places: int) -> None:
    """Move a slide by so many places towards the end, or the beginning where negative."""
    with _changing:
        shown = _ordered(_order(workspace), _values(workspace))
        if key not in shown:
            return
        target = min(max(shown.index(key) + places, 0), len(shown) - 1)
        shown.remove(key)
        shown.insert(target, key)
        workspace.keep(ORDER_KIND, ORDER, shown)


def remove(workspace: Workspace, key: str) -> Removed | None:
    """Take a slide out of the deck; what restore needs to bring it back."""
    with _changing:
        values = _values(workspace)
        if key not in values:
            return None
        place = _ordered(_order(workspace), values).index(key)
        workspace.keep(KIND, key, None)
        return Removed(key, values[key], place)


@dataclass(frozen=True, eq=False)
class Removed:
    """A slide that was taken out, and the place that it had."""

    key: str
    value: dict[str, Any]
    place: int


def restore(workspace: Workspace, removed: Removed) -> None:
    """Bring a slide back to where it was, unless it was added again meanwhile."""
    with _changing:
        values = _values(workspace)
        if removed.key in values:
            return
        shown = _ordered(_order(workspace), values)
        shown.insert(min(removed.place, len(shown)), removed.key)
        workspace.keep(KIND, removed.key, removed.value)
        workspace.keep(ORDER_KIND, ORDER, shown)


def story_of(slides: tuple[Slide, ...], base: Story) -> Story:
    """The deck as a story: its own slides, with the numbers, settings and definitions of the story of the view."""
    old = [number for number, slide in enumerate(slides, 1) if slide.snapshot != base.snapshot]
    other = [number for number, slide in enumerate(slides, 1) if _is_of_another_view(slide, base)]
    notes = base.notes
    if old:
        notes += (
            _("Kept from earlier data, as each of them says: slide {numbers}.").format(numbers=_listed(old)),
        )
    if other:
        notes += (
            _("Kept with other filters or assumptions, as each of them says: slide {numbers}.").format(
                numbers=_listed(other)
            ),
        )
    return replace(base, title=_("Deck"), slides=slides, missing=(), notes=notes)


def _listed(numbers: list[int]) -> str:
    return wording.listed([wording.number(number) for number in numbers])


def _is_of_another_view(slide: Slide, base: Story) -> bool:
    """Whether what it was kept with differs from the story's; settings that follow from the data alone do not count."""
    of_data = {_("Days"), _("Days with spend"), _("Evidence"), _("Snapshot of the data")}
    here = {entry.term: entry.text for entry in base.settings if entry.term not in of_data}
    other_days = slide.snapshot == base.snapshot and slide.days not in ("", base.days)
    return other_days or any(here.get(entry.term, entry.text) != entry.text for entry in slide.settings)


def _shown(value: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name not in NOT_SHOWN}


def _untranslated(name: str) -> str:
    """The name as it stands in the code, in whatever language it is written now."""
    language = current()
    return name if language == SOURCE else _sources(language).get(name, name)


@cache
def _sources(language: str) -> dict[str, str]:
    """Translation -> message, of the catalogue's messages of one form."""
    messages = vars(catalogue(language))["_catalog"]
    return {text: message for message, text in messages.items() if isinstance(message, str) and message}


def _fits(value: dict[str, Any]) -> bool:
    return len(json.dumps(value)) <= LARGEST_BYTES - ROOM_FOR_WORDS


def _values(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Key → slide as it is kept, in the order of their last change; what is no slide is left out."""
    needed = {*TEXTS, *OWN, "points", "personal", "settings", "table", "figure", "language", "added_at"}
    found = workspace.documents(KIND)
    return {key: value for key, value in found.items() if isinstance(value, dict) and needed <= value.keys()}


def _order(workspace: Workspace) -> list[str]:
    order = workspace.documents(ORDER_KIND).get(ORDER)
    return [key for key in order if isinstance(key, str)] if isinstance(order, list) else []


def _ordered(order: list[str], values: dict[str, dict[str, Any]]) -> list[str]:
    placed = [key for key in dict.fromkeys(order) if key in values]
    late = sorted(values.keys() - set(placed), key=lambda key: (values[key]["added_at"], key))
    return placed + late
