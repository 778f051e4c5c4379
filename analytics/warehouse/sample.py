"""The sample company: one small company's exports, to look around with before one's own are loaded."""

from __future__ import annotations

from pathlib import Path

from analytics.language import gettext as _
from analytics.warehouse.errors import WorkspaceError

SAMPLE_DIRECTORY = Path(__file__).resolve().parents[2] / "data" / "sample"
SAMPLE_CURRENCY = "EUR"  # as its README says; its files have no currency column
SAMPLE_KINDS = ("sales", "reorders", "referrals", "spend", "touchpoints")
SAMPLE_WORKSPACE = "sample"


def sample_file(kind: str) -> Path:
    """The sample company's export of one kind."""
    file = SAMPLE_DIRECTORY / f"{kind}.csv"
    if not file.is_file():
        raise WorkspaceError(
            _("The sample company's {kind} export is not there: {file} belongs to the program.").format(
                kind=kind, file=file
            )
        )
    return file
