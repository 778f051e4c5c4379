"""What looks odd in the loaded data, each with rows to look at."""

from __future__ import annotations

import streamlit as st

from analytics.decisions.quality import quality, shown
from analytics.language import gettext as _
from pages.shared import layout, session
from pages.shared.plain import plain


def show() -> None:
    """The whole part of the page."""
    if not session.workspace().entries:
        layout.text(_("Nothing was uploaded yet, so there is nothing to check."))
        return
    findings = session.known(quality)
    odd = [finding for finding in findings if finding.count]
    for finding in odd:
        with st.expander(plain(shown(finding))):
            layout.text(finding.text)
            st.dataframe(finding.rows, hide_index=True, height="auto" if len(finding.rows) < 10 else 320)
            if finding.count > len(finding.rows):
                layout.quiet(_("The first {count} are shown.").format(count=len(finding.rows)))
            layout.csv(finding.rows, finding.title)
    layout.quiet(_("Checked, and nothing found:"))
    layout.listed([finding.title for finding in findings if not finding.count])
