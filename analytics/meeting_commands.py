"""The commands that write what a meeting takes along: deck, hand-out and workbook, all of the same story."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.command_line import DONE, TOO_LITTLE, AddCommand, Outcome
from analytics.language import gettext as _
from analytics.language import ngettext
from analytics.question_commands import asked, case_arguments

if TYPE_CHECKING:
    from analytics.reporting.slides import Story
    from analytics.warehouse.store import Workspace

Make = Callable[["Story", bool], bytes]


def add_meetings(add: AddCommand) -> None:
    """Add them to the command line."""
    for name, command, file in (
        ("deck", deck, "FILE.pptx"),
        ("handout", handout, "FILE.html"),
        ("workbook", workbook, "FILE.xlsx"),
    ):
        parser = add(name, command)
        parser.add_argument("file", type=Path, metavar=file, help="where to write; what is there is replaced")
        case_arguments(parser)
        parser.add_argument(
            "--personal",
            action="store_true",
            help="with the columns that name persons, which stay out otherwise",
        )


def deck(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Write the slides for the meeting as a presentation: the question, the proposal, and the test that would settle it."""

    def make(story: Story, personal: bool) -> bytes:
        from analytics.reporting.deck import deck as make_deck

        return make_deck(story, personal)

    return _written(workspace, chosen, make)


def handout(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Write the hand-out of the meeting: one page of HTML with every slide, its chart, its table and how it is computed."""

    def make(story: Story, personal: bool) -> bytes:
        from analytics.reporting.handout import handout as make_handout

        return make_handout(story, personal).encode("utf-8")

    return _written(workspace, chosen, make)


def workbook(workspace: Workspace, chosen: argparse.Namespace) -> Outcome:
    """Write the numbers behind the meeting as a workbook: headline figures, assumptions, and the table of every slide."""

    def make(story: Story, personal: bool) -> bytes:
        from analytics.reporting.workbook import workbook as make_workbook

        return make_workbook(story, personal)

    return _written(workspace, chosen, make)


def _written(workspace: Workspace, chosen: argparse.Namespace, make: Make) -> Outcome:
    """The story of the view, made and written; where not one slide can be told, only what is missing."""
    from analytics.reporting.story import read_story

    story = asked(read_story, workspace, chosen)
    if not story.slides:
        return Outcome(
            TOO_LITTLE,
            _answer(story, None, 0),
            "\n".join([_("There is nothing to show yet."), *story.missing]),
        )
    content = make(story, chosen.personal)
    _write(chosen.file, content)
    return Outcome(DONE, _answer(story, chosen.file, len(content)), _text(story, chosen.file))


def _write(file: Path, content: bytes) -> None:
    from analytics.warehouse.errors import WorkspaceError

    try:
        file.write_bytes(content)
    except OSError as problem:
        text = _(
            "The file {file} cannot be written ({reason}): choose another place, or close it where it is open."
        )
        raise WorkspaceError(text.format(file=file, reason=problem.strerror)) from problem


def _answer(story: Story, file: Path | None, size: int) -> dict[str, Any]:
    from analytics.reporting.story_numbers import numbers_json

    return {
        "file": None if file is None else str(file),
        "bytes": size,
        "snapshot": story.snapshot,
        "slides": [{"key": slide.key, "headline": slide.headline} for slide in story.slides],
        "missing": list(story.missing),
        "numbers": numbers_json(story.numbers),
    }


def _text(story: Story, file: Path) -> str:
    count = len(story.slides)
    first = ngettext("{file}: {count} slide.", "{file}: {count} slides.", count).format(
        file=file, count=count
    )
    headlines = [f"  {number}. {slide.headline}" for number, slide in enumerate(story.slides, 1)]
    return "\n".join([first, *headlines, *story.missing])
