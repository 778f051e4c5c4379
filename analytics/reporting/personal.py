"""What names persons is left out of whatever leaves the house, unless it is asked for.

Tables say which of their columns name persons (columns.described). A chart says it of a trace by meta=PERSONAL: its
texts go. For axes and notes that name persons, layout.meta holds under UNNAMED what stands there instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analytics.reporting.columns import PERSONAL, personal_columns

if TYPE_CHECKING:
    from analytics.reporting.charts import Figure
    from analytics.reporting.slides import Slide

UNNAMED = "unnamed"
TEXTS = ("customdata", "text", "hovertext", "hovertemplate", "ids")


def without_persons(slide: Slide) -> Slide:
    """The slide with no column, hover text, axis or note that names a person.

    Sentences stay as they are: whoever writes a slide's words keeps persons out of them.
    """
    named = {*slide.personal, *personal_columns(slide.table)}
    kept = slide.table[[name for name in slide.table.columns if str(name) not in named]]
    drawn = None if slide.figure is None else unnamed(slide.figure, bool(named))
    return replace(slide, table=kept, figure=drawn, personal=())


def unnamed(figure: Figure, is_suspect: bool = False) -> Figure:
    """A copy of the figure that names no person.

    is_suspect: its table names persons; a figure that says nothing of itself then loses the texts of all its marks.
    """
    parts = {
        "data": [trace.to_plotly_json() for trace in figure.data],
        "layout": figure.layout.to_plotly_json(),
    }
    made = type(figure)(**parts, _validate=False)
    marked = [trace for trace in made.data if trace.meta == PERSONAL]
    instead = (made.layout.meta or {}).get(UNNAMED) if isinstance(made.layout.meta, dict) else None
    for trace in marked if marked or instead or not is_suspect else made.data:
        trace.update({name: None for name in TEXTS if name in trace}, overwrite=True)
        trace.update(hoverinfo="skip")
    if instead:
        made.layout.update(instead)
    made.layout.meta = None
    return made
