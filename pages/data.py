"""What do we know, and can it be trusted?"""

import streamlit as st

from analytics.decisions.coverage import coverage
from analytics.language import gettext as _
from analytics.reporting import charts, tables
from pages.shared import (
    controls,
    downloads,
    history,
    jobs,
    layout,
    methods,
    quality_report,
    session,
    uploading,
    workspace_settings,
)

controls.sidebar()
jobs.begin()
found = session.known(coverage)
layout.header(_("What do we know, and can it be trusted?"), found.sentence)

parts = {
    _("Upload"): uploading.show,
    _("History"): history.show,
    _("Quality"): quality_report.show,
    _("Templates and export"): downloads.show,
    _("Workspace and settings"): workspace_settings.show,
}
if found.kinds:
    layout.chart(
        charts.coverage_chart(found.months, found.kinds),
        tables.coverage_table(found.months),
        _("Coverage"),
        _(methods.COVERAGE),
    )
progress = st.container()
for tab, show in zip(st.tabs(list(parts)), parts.values(), strict=True):
    with tab:
        show()
with progress:
    jobs.watch()
