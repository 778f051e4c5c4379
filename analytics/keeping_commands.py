"""The commands that keep a workspace safe: backup, restore and recover. They do not open it as the others do."""

from __future__ import annotations

import argparse
from pathlib import Path

from analytics.command_line import DONE, AddCommand, Outcome
from analytics.language import gettext as _
from analytics.language import ngettext


def add_keeping(add: AddCommand) -> None:
    """Add them to the command line."""
    for name, command, meaning in (
        ("backup", backup, "where to write; an earlier backup there is replaced"),
        ("restore", restore, "the backup"),
    ):
        parser = add(name, command, opens=False)
        parser.add_argument("file", type=Path, metavar="FILE.zip", help=meaning)
    add("recover", recover, opens=False).add_argument(
        "--without",
        action="append",
        default=[],
        metavar="UPLOAD_ID",
        help="leave this upload out, as if undone: its stored file is gone",
    )


def backup(directory: Path, chosen: argparse.Namespace) -> Outcome:
    """Write everything that the workspace was built from to one file; the dashboard may run meanwhile."""
    from analytics.warehouse.backup import back_up

    made = back_up(directory, chosen.file)
    answer = {
        "file": str(chosen.file),
        "uploads": made.uploads,
        "files": made.files,
        "bytes": made.size_bytes,
        "snapshot": made.snapshot,
    }
    first = ngettext("{file}: {count} upload.", "{file}: {count} uploads.", made.uploads).format(
        file=chosen.file, count=made.uploads
    )
    return Outcome(DONE, answer, first)


def restore(directory: Path, chosen: argparse.Namespace) -> Outcome:
    """Make the workspace of a backup in a new or empty directory; every file is checked."""
    from analytics.warehouse.backup import restore as restore_backup

    made = restore_backup(chosen.file, directory)
    answer = {"uploads": made.uploads, "standing": made.standing, "snapshot": made.snapshot}
    first = ngettext(
        "Restored to {directory}: {count} upload.", "Restored to {directory}: {count} uploads.", made.uploads
    ).format(directory=directory, count=made.uploads)
    return Outcome(DONE, answer, first)


def recover(directory: Path, chosen: argparse.Namespace) -> Outcome:
    """Build a lost or damaged database anew from the journal and the stored files; the old one is set aside."""
    from analytics.warehouse import recovery

    made = recovery.recover(directory, chosen.without)
    aside = None if made.set_aside is None else str(made.set_aside)
    answer = {
        "uploads": made.uploads,
        "standing": made.standing,
        "set_aside": aside,
        "snapshot": made.snapshot,
    }
    lines = [
        _("Built anew: {standing} of {count} uploads stand.").format(
            standing=made.standing, count=made.uploads
        )
    ]
    if aside:
        lines.append(_("What was there before is in {directory}.").format(directory=aside))
    return Outcome(DONE, answer, "\n".join(lines))
