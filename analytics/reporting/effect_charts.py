"""Pictures of how an effect is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.reporting.charts import NEUTRAL, Figure, figure
from analytics.reporting.roles import role

if TYPE_CHECKING:
    import pandas as pd

RETENTION = role("retention").color


def overlap_chart(overlap: pd.DataFrame) -> Figure:
    """Adjusted.overlap as bars up (with a contact) and down (without), in shares of either group, by propensity."""
    middle = (overlap["low"] + overlap["high"]) / 2
    groups = (("treated", _("with a contact"), 1, RETENTION), ("untreated", _("without"), -1, NEUTRAL))
    shares = {name: overlap[name] / max(overlap[name].sum(), 1) for name, *_rest in groups}
    top = max(float(share.max()) for share in shares.values())
    return figure(
        [
            {
                "type": "bar", "x": middle, "y": sign * shares[name], "marker": {"color": color},
                "customdata": [wording.number(count) for count in overlap[name]],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
            for name, _label, sign, color in groups
        ],
        _("Are there alike customers with and without a contact?"),
        x={"title": _("how likely a contact was"), "range": [0, 1], "tickformat": ".0%"},
        y={"showticklabels": False, "range": [-1.15 * top, 1.15 * top]},
        annotations=[
            {"x": 0.99, "xanchor": "right", "y": sign * top, "showarrow": False, "text": f"<b>{label}</b>", "font": {"color": color, "size": 13}}
            for _name, label, sign, color in groups
        ],
        height=230, barmode="relative", bargap=0.08,
    )  # fmt: skip
