"""Where do revenue and cost come from?"""

from analytics.decisions.sources import sources
from analytics.language import gettext as _
from analytics.reporting import charts, tables
from pages.shared import channel_lines, controls, layout, methods, session

controls.sidebar()
found = session.answer(sources)
currency = session.workspace().currency
layout.header(_("Where do revenue and cost come from?"), found.sentence, [methods.window_badge(found.window)])

if len(found.bars):
    layout.chart(
        charts.share_bars(found.bars, currency), tables.bar_table(found.bars), _("Shares"), _(methods.SHARES)
    )
layout.missing(found.missing)
if len(found.channels):
    layout.title(_("Channels and programmes"))
    channel_lines.show(found, currency)
if found.quarters:
    layout.chart(
        charts.channel_heat(found.by_quarter, currency),
        tables.quarter_table(found.by_quarter),
        _("Revenue by channel and quarter"),
        _(methods.CHANNELS),
    )
