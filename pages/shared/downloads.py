"""What can be taken along: templates, the data dictionary, and everything that the workspace holds."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import streamlit as st

from analytics.intake.contract import KIND_LABELS, KINDS
from analytics.language import gettext as _
from analytics.reporting import tables
from analytics.warehouse.backup import back_up
from pages.shared import layout, session


def show() -> None:
    """The whole part of the page."""
    layout.title(_("Templates: the columns that each export should have"))
    for kind in KINDS.values():
        left, right = st.columns([6, 1], vertical_alignment="center")
        with left:
            layout.text(f"{KIND_LABELS[kind.name]}: {_(kind.grain)}; {_(kind.purpose)}.")
        with right:
            layout.template(kind.name, "downloads", _("Template"))
    dictionary = tables.dictionary_table()
    with st.expander(_("Data dictionary")):
        st.dataframe(dictionary, hide_index=True)
    layout.csv(dictionary, _("Data dictionary"), _("Download the data dictionary"))
    layout.title(_("Everything, as CSV and Parquet"))
    workspace = session.workspace()
    st.download_button(
        _("Export everything (zip)"), data=lambda: _zipped(workspace), mime="application/zip", on_click="ignore",
        file_name=f"flipped-funnel-{workspace.snapshot}.zip", disabled=not workspace.entries,
    )  # fmt: skip
    st.download_button(
        _("Backup (zip)"), data=lambda: _backup(workspace), mime="application/zip", on_click="ignore",
        file_name=f"flipped-funnel-backup-{workspace.snapshot}.zip", disabled=not workspace.entries, key="backup",
    )  # fmt: skip
    layout.quiet(
        _(
            "A backup holds every upload as it was stored, settings and plans; `restore` on the command line makes the "
            "workspace of it again. This workspace is in {path}."
        ).format(path=workspace.directory)
    )


def _backup(workspace) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "backup.zip"
        back_up(workspace.directory, file)
        return (
            file.read_bytes()
        )  # Streamlit keeps what it offers in memory; `backup` on the command line does not


def _zipped(workspace) -> bytes:
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place) / "export"
        workspace.export(directory)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(directory.rglob("*")):
                archive.write(file, file.relative_to(directory))
    return out.getvalue()
