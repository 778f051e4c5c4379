"""Charts of attribution: how credit moves between the record and a model, and how journeys go."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import wording
from analytics.decisions.credit_sentences import credited_label, model_label, share_text
from analytics.decisions.interval import Interval
from analytics.decisions.journeys import FIRST, MOTIONS
from analytics.language import gettext as _
from analytics.models.journeys import SEPARATOR
from analytics.reporting.charts import FAINT, NEUTRAL, figure, go
from analytics.reporting.roles import role

if TYPE_CHECKING:
    import pandas as pd

    from analytics.decisions.channel_credit import ChannelCredit, CreditChoice

MOST_LINES = 12
PIXELS_PER_LABEL = 21
LONGEST_PATH = 36
LONGEST_NAME = 24
UNSEEN = "\u200b"
REFERRAL = "referral"
AFTERWARDS = ("orders", "goes_on", "dies")


def slope_chart(found: ChannelCredit) -> go.Figure:
    """Each channel's share as recorded on the left and under the model, with its 80 % interval, on the right."""
    lines = found.lines.assign(largest=found.lines[["share", "recorded_share"]].max(axis=1))
    lines = lines.nlargest(MOST_LINES, "largest").reset_index(drop=True)
    movers = _movers(lines)
    top = float(lines[["share_high", "recorded_share"]].max().max()) * 1.04
    height = max(390, 96 + PIXELS_PER_LABEL * len(lines))
    gap = PIXELS_PER_LABEL / (height - 96) * top
    left, right = (spread_apart(lines[side].to_numpy(float), gap) for side in ("recorded_share", "share"))
    # labels may be pushed beyond the values
    low, high = min(0.0, *left, *right) - gap / 2, max(top, *left, *right) + gap / 2
    choice = found.choice
    label = model_label(found.model, choice.order)
    return figure(
        [_slope(line, movers, choice) for line in lines.itertuples()],
        _("Share of {what}: on record, and by the model").format(what=credited_label(choice.credited, choice.leads_to)),
        x={"range": [-0.6, 1.75], "tickvals": [0, 1], "showgrid": True, "side": "top", "tickfont": {"size": 13},
           "ticktext": [f"<b>{_record_label(choice)}</b>", _("<b>{model}</b> (bars: 80 % interval)").format(model=label)]},
        y={"range": [low, high], "showgrid": False, "showticklabels": False},
        annotations=[_slope_label(line, y, movers, side) for side, places in ((0, left), (1, right))
                     for line, y in zip(lines.itertuples(), places, strict=True)],
        shapes=[_leader(side, value, y) for side, places, values in ((0, left, "recorded_share"), (1, right, "share"))
                for value, y in zip(lines[values], places, strict=True)],
        height=height, top=70,
    )  # fmt: skip


def credit_bars(found: ChannelCredit) -> go.Figure:
    """The recorded shares alone, where there is nothing to set beside them."""
    lines = found.lines.head(MOST_LINES)[::-1]
    choice = found.choice
    names = [_line_name(channel) for channel in lines["channel"]]
    texts = [_share_text(line) for line in lines.itertuples()]
    bars = {
        "type": "bar", "orientation": "h", "x": lines["share"].to_numpy(float), "y": names,
        "marker": {"color": [_color(channel, choice) for channel in lines["channel"]]},
        "error_x": {"array": (lines["share_high"] - lines["share"]).to_numpy(float),
                    "arrayminus": (lines["share"] - lines["share_low"]).to_numpy(float),
                    "color": NEUTRAL, "thickness": 2, "width": 5},
        "customdata": texts, "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }  # fmt: skip
    return figure(
        [bars],
        _("Share of {what} as recorded, with its 80 % interval").format(
            what=credited_label(choice.credited, choice.leads_to)
        ),
        x={"range": [0, float(lines["share_high"].max()) * 1.25], "tickformat": ".0%", "title": _("share")},
        y={"showgrid": False},
        annotations=[_end_text(name, line.share_high, text)
                     for name, line, text in zip(names, lines.itertuples(), texts, strict=True)],
        height=100 + 30 * len(lines), bargap=0.35,
    )  # fmt: skip


def path_chart(found: ChannelCredit) -> go.Figure:
    """ChannelCredit.paths: the paths that lead to most orders, longest bar on top."""
    paths = found.paths[::-1]
    names = path_names(list(paths["path"]))
    texts = [
        _("{orders}; {lost} die").format(orders=wording.number(p.orders), lost=wording.percent(p.lost))
        for p in paths.itertuples()
    ]
    bars = {
        "type": "bar", "orientation": "h", "x": paths["orders"].to_numpy(float), "y": names,
        "marker": {"color": role(MOTIONS[found.choice.leads_to]).color},
        "customdata": [escape(path) for path in paths["path"]],
        "hovertemplate": _("{path}: {count} orders").format(path="%{customdata}", count="%{x}") + "<extra></extra>",
    }  # fmt: skip
    return figure(
        [bars],
        _("Most frequent paths: orders, and how many die"),
        x={"range": [0, float(paths["orders"].max()) * 1.8], "showticklabels": False, "showgrid": False},
        y={"showgrid": False, "tickfont": {"size": 12}},
        annotations=[
            _end_text(name, x, text) for name, x, text in zip(names, paths["orders"], texts, strict=True)
        ],
        height=70 + 28 * len(paths),
        bargap=0.35,
    )


def step_chart(found: ChannelCredit) -> go.Figure:
    """ChannelCredit.steps: of the contacts of each channel, how many led to an order, went on, or were the last."""
    steps = found.steps.head(MOST_LINES)[::-1]
    labels = {
        "orders": _("order") if found.choice.leads_to == FIRST else _("reorder"),
        "goes_on": _("next contact"),
        "dies": _("journey dies"),
    }
    names = [f"{_line_name(s.channel)} ({wording.number(s.contacts)})" for s in steps.itertuples()]
    return figure(
        [_step_bar(part, labels[part], steps, names, found.choice) for part in AFTERWARDS],
        _("What follows a contact (their number in brackets)"),
        x={"range": [0, 1], "showticklabels": False, "showgrid": False},
        y={"showgrid": False, "tickfont": {"size": 12}},
        annotations=[_step_name(part, labels[part]) for part in AFTERWARDS],
        height=96 + 28 * len(steps), top=70, barmode="stack", bargap=0.3,
    )  # fmt: skip


def path_names(paths: list[str]) -> list[str]:
    """Paths short enough for an axis, all different: "a > a > b" is "a ×2 › b", and the middle of long ones is cut."""
    names: list[str] = []
    for path in paths:
        runs = [(name, len(list(same))) for name, same in groupby(path.split(SEPARATOR))]
        text = " › ".join(name if count == 1 else f"{name} ×{count}" for name, count in runs)
        half = (LONGEST_PATH - 3) // 2
        short = escape(text if len(text) <= LONGEST_PATH else f"{text[:half]} … {text[-half:]}")
        alike = sum(name.rstrip(UNSEEN) == short for name in names)
        names.append(short + UNSEEN * alike)  # an axis draws bars of one name as one
    return names


def spread_apart(values: np.ndarray, gap: float) -> np.ndarray:
    """The places nearest to `values` (least squares), in their order, that are at least `gap` apart."""
    order = np.argsort(values, kind="stable")
    blocks: list[list[float]] = []  # [mean, size] of labels that touch; pool adjacent violators
    for rank, value in enumerate(values[order]):
        blocks.append([value - gap * rank, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            total = blocks[-1][1] + size
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + mean * size) / total, total]
    places = np.empty(len(values))
    flat = np.concatenate([np.full(int(size), mean) for mean, size in blocks]) if blocks else np.empty(0)
    places[order] = flat + gap * np.arange(len(values))
    return places


def _movers(lines: pd.DataFrame) -> set:
    """The channels that win and lose most."""
    named = lines[lines["channel"].notna()].sort_values("change")
    return {named.iloc[0]["channel"], named.iloc[-1]["channel"]} if len(named) > 1 else set(named["channel"])


def _slope(line, movers: set, choice: CreditChoice) -> dict:
    strong = line.channel in movers
    text = f"{_line_name(line.channel)}: {wording.percent(line.recorded_share, 1)} → {_share_text(line)}"
    color = _color(line.channel, choice)
    return {
        "type": "scatter", "mode": "lines+markers", "x": [0, 1], "y": [line.recorded_share, line.share],
        "line": {"color": color, "width": 4 if strong else 1.6}, "marker": {"size": 9 if strong else 6, "color": color},
        "opacity": 1 if strong else 0.55, "cliponaxis": False,
        "error_y": {"array": [0, line.share_high - line.share], "arrayminus": [0, line.share - line.share_low],
                    "color": color, "thickness": 2, "width": 5},
        "customdata": [text, text], "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _slope_label(line, y: float, movers: set, side: int) -> dict:
    name = _line_name(line.channel)
    share = wording.percent(line.recorded_share) if side == 0 else _share_text(line)
    text = f"{name} {share}" if side == 0 else f"{share} {name}"
    return {
        "x": side, "y": y, "xanchor": "left" if side else "right", "xshift": 24 if side else -24, "showarrow": False,
        "text": f"<b>{text}</b>" if line.channel in movers else text, "font": {"size": 13},
    }  # fmt: skip


def _leader(side: int, value: float, y: float) -> dict:
    """From a point to its label, which other labels may have pushed away."""
    near, far = (-0.02, -0.055) if side == 0 else (1.02, 1.055)
    return {
        "type": "line",
        "x0": near,
        "y0": value,
        "x1": far,
        "y1": y,
        "line": {"color": NEUTRAL, "width": 0.8},
    }


def _share_text(line) -> str:
    return share_text(Interval(line.share, line.share_low, line.share_high))


def _step_bar(part: str, label: str, steps: pd.DataFrame, names: list[str], choice: CreditChoice) -> dict:
    shares = steps[part].to_numpy(float)
    texts = [wording.percent(value) for value in shares]
    color = {"orders": role(MOTIONS[choice.leads_to]).color, "goes_on": FAINT, "dies": NEUTRAL}[part]
    return {
        "type": "bar", "orientation": "h", "x": shares, "y": names,
        "marker": {"color": color, "pattern": {"shape": "/" if part == "dies" else "", "fgopacity": 0.35, "size": 6}},
        "text": [_inside(text, part) if value >= 0.13 else "" for text, value in zip(texts, shares, strict=True)],
        "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
        "insidetextfont": {"size": 12},
        "customdata": texts, "hovertemplate": f"%{{y}}: {label} %{{customdata}}<extra></extra>",
    }  # fmt: skip


def _inside(text: str, part: str) -> str:
    return f'<span style="color:white">{text}</span>' if part == "orders" else text


def _step_name(part: str, label: str) -> dict:
    """What a part of the bars is, above them: at the left, in the middle and at the right end."""
    place, anchor = {"orders": (0.0, "left"), "goes_on": (0.45, "center"), "dies": (1.0, "right")}[part]
    return {
        "x": place, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": anchor, "showarrow": False,
        "text": f"<b>{label}</b>", "font": {"size": 12.5},
    }  # fmt: skip


def _end_text(name: str, x: float, text: str) -> dict:
    return {
        "x": x,
        "y": name,
        "xanchor": "left",
        "xshift": 8,
        "showarrow": False,
        "text": text,
        "font": {"size": 12.5},
    }


def _color(channel: str | None, choice: CreditChoice) -> str:
    if channel is None:
        return NEUTRAL
    return role("referral" if channel.strip().lower() == REFERRAL else MOTIONS[choice.leads_to]).color


def _line_name(channel: str | None) -> str:
    if channel is None:
        return _("none on record")
    return escape(channel if len(channel) <= LONGEST_NAME else channel[: LONGEST_NAME - 1] + "…")


def _record_label(choice: CreditChoice) -> str:
    return _("last touch, as recorded") if choice.leads_to == FIRST else _("programme, as recorded")
