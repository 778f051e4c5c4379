"""Charts of the budget: equity against the share for existing customers, response curves, cash, scenarios, and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from analytics.decisions import wording
from analytics.decisions.allocation import CAUTIOUS
from analytics.language import gettext as _
from analytics.reporting.charts import FAINT, NEUTRAL, Figure, figure, money_axis, with_unit
from analytics.reporting.roles import role

if TYPE_CHECKING:
    import pandas as pd

    from analytics.decisions.budget import Budget
    from analytics.decisions.budget_effects import Effects
    from analytics.decisions.budget_model import Line
    from analytics.decisions.budget_plan import SaidAndHappened

HAND = "#cc79a7"  # what the analyst has in hand; of the same set for colour-blind readers as the roles
BAND = "rgba(123,135,148,0.22)"
ZERO = {"color": NEUTRAL, "width": 1.5, "dash": "dot"}
LONGEST_NAME = 28
FIXED = {"automargin": False}  # room found by trial takes the browser three rounds of drawing


def frontier_chart(found: Budget, hand: Effects, observed: tuple[float, float], height: int = 400) -> Figure:
    """Budget.frontier, the best gain for each share, with its band; today ●, the best split ★, the plan in hand ◆.

    observed: the least and the largest share among the months, shaded.
    """
    assert found.model is not None
    assert found.best is not None
    model, currency, line = found.model, found.currency, found.frontier
    best = (model.share(found.best.spend), found.gain.value)
    today = (model.share(model.current), 0.0)
    name = _("best split: {gain}").format(gain=wording.money(best[1], currency))
    marks = [
        _marks((*today, "circle", NEUTRAL, 11, _("today")), (*best, "star", NEUTRAL, 20, name)),
        _hand(hand, currency),
    ]
    x, ends = line["share"].to_numpy(float), [best[1], hand.gain.value, hand.gain.low, hand.gain.high]
    return figure(
        [_band(x, line["low"], line["high"]), _line(x, line["gain"], NEUTRAL), *marks],
        _("Equity gained over {months}").format(months=wording.months(model.horizon_months)),
        x={"title": _("share of budget spent on existing customers<br>(shaded: as in the months observed)"),
           "tickformat": ".0%", "range": _wide(min(*x, hand.share), max(*x, hand.share)), **FIXED},
        y=money_axis(_("equity against today's split"), [*line["low"], *line["high"], *ends], currency) | FIXED,
        shapes=[_shade(*observed), _level(0.0)],
        annotations=_mark_names(found, hand, today, best),
        height=height, is_checked=False, margin={"l": 88, "r": 12, "t": 44, "b": 62},
    )  # fmt: skip


def curve_chart(found: Budget, line: Line, points: pd.DataFrame, spend: float, best: float) -> Figure:
    """curve_points of one line: solid where months tell, dashed beyond; its months as rings; ● ★ ◆ as elsewhere."""
    x, y = points["spend"].to_numpy(float), points["outcome"].to_numpy(float)
    mine, is_channel = role(line.motion), line.motion == "acquisition"
    seen = points["observed"].to_numpy(bool)
    marks = _marks(
        *(
            (money, float(np.interp(money, x, y)), symbol, color, size, name)
            for money, symbol, color, size, name in (
                (line.now, "circle", NEUTRAL, 11, _("today")),
                (best, "star", NEUTRAL, 19, _("best split")),
                (spend, "diamond", HAND, 10, _("plan in hand")),
            )
        )
    )
    parts = [_line(x, np.where(where, y, np.nan), mine.color, dash) for where, dash in _stretches(seen)]
    title = _("{name}: new customers a month") if is_channel else _("{name}: margin that a month causes")
    highs = [*points["high"], *line.outcome]
    y_axis = (
        {"title": _("new customers a month"), "rangemode": "tozero"}
        if is_channel
        else money_axis(_("margin over the horizon"), [*highs, *points["low"]], found.currency)
    )
    return figure(
        [_band(x, points["low"], points["high"]), *parts, _months(line), marks],
        title.format(name=escape(_short(line.name))),
        x=money_axis("", x, found.currency) | {"title": _spend_title(line, found.currency)} | FIXED | {"range": _wide(0.0, float(x.max()))},
        y=y_axis | FIXED,
        height=300, is_checked=False, margin={"l": 80, "r": 12, "t": 44, "b": 62},
    )  # fmt: skip


def cash_chart(cash: pd.DataFrame, currency: str | None) -> Figure:
    """Effects.cash in two halves: the cash of each month; and value created and cash received so far, each against today.

    What lies between the two lines at the right is still to come.
    """
    x, right = cash["month"].to_numpy(), {"xaxis": "x2", "yaxis": "y2"}
    bars = {
        "type": "bar", "x": x, "y": cash["cash"].to_numpy(), "marker": {"color": HAND, "opacity": 0.75},
        "hovertemplate": _("month {month}: {money}").format(month="%{x}", money="%{y:,.0f}") + "<extra></extra>",
    }  # fmt: skip
    months = {
        "title": _("month of the plan"),
        "dtick": 6,
        "tick0": 0,
        "showgrid": False,
        "range": [0, len(cash) + 1],
    }
    so_far = money_axis("", [*cash["value_low"], *cash["value_high"]], currency)
    return figure(
        [_band(x, cash["cash_low"], cash["cash_high"]), bars, _band(x, cash["value_low"], cash["value_high"]) | right,
         _line(x, cash["value"], NEUTRAL, "dash") | right, _line(x, cash["so_far"], HAND) | right],
        _("Cash by month, and value and cash so far, against today's split"),
        x=months | FIXED | {"domain": [0, 0.43]},
        y=money_axis("", [*cash["cash_low"], *cash["cash_high"]], currency) | FIXED,
        xaxis2=months | FIXED | {"domain": [0.57, 1], "anchor": "y2", "fixedrange": True, "zeroline": False,
                                 "title": {"text": months["title"], "font": {"size": 12.5}}},
        yaxis2=so_far | FIXED | {"anchor": "x2", "fixedrange": True, "zeroline": False, "title": {"text": ""}},
        annotations=[_corner(0.01, _("cash of the month, with its 80 % band")),
                     _corner(0.58, _("<b>- -</b>  value created, with its 80 % band<br><b>—</b>  cash received"))],
        shapes=[_level(0.0), _level(0.0) | {"xref": "x2 domain", "yref": "y2"}],
        height=300, bargap=0.35, is_checked=False, margin={"l": 66, "r": 12, "t": 84, "b": 42},
    )  # fmt: skip


def compare_chart(scenarios: Sequence[tuple[str, Effects]], currency: str | None) -> Figure:
    """The gain of each scenario against today's split, with its 80 % interval."""
    names = [escape(_short(name)) for name, _effects in scenarios]
    gains = [effects.gain for _name, effects in scenarios]
    values = np.array([gain.value for gain in gains])
    texts = [wording.with_range(gain, lambda money: wording.money(money, currency)) for gain in gains]
    dots = {
        "type": "scatter", "mode": "markers", "x": values, "y": names,
        "marker": {"color": HAND, "symbol": "diamond", "size": 12},
        "error_x": {"array": np.array([gain.high for gain in gains]) - values,
                    "arrayminus": values - np.array([gain.low for gain in gains]), "color": HAND, "thickness": 2.5},
        "customdata": texts, "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }  # fmt: skip
    return figure(
        [dots],
        _("Equity gained against today's split"),
        x=money_axis(_("over the horizon"), [end for gain in gains for end in (gain.low, gain.high)], currency),
        y={"autorange": "reversed", "showgrid": False, "tickfont": {"size": 13}},
        shapes=[{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": ZERO}],
        height=110 + 42 * len(names),
    )  # fmt: skip


def plan_chart(found: SaidAndHappened) -> Figure:
    """Foreseen new customers of each month with their band, and those who came: ● inside, ✕ outside."""
    months = found.months
    x = [wording.month_in_short(month) for month in months["month"]]
    foreseen = {
        "type": "scatter", "mode": "markers", "x": x, "y": months["foreseen"].to_numpy(),
        "marker": {"symbol": "line-ew", "size": 22, "line": {"width": 3, "color": NEUTRAL}},
        "error_y": {"array": (months["high"] - months["foreseen"]).to_numpy(), "color": BAND, "thickness": 18, "width": 0,
                    "arrayminus": (months["foreseen"] - months["low"]).to_numpy()},
        "hovertemplate": _("foreseen") + ": %{y:,.0f}<extra></extra>",
    }  # fmt: skip
    inside = months["inside"].to_numpy(bool)
    came = {
        "type": "scatter", "mode": "markers+text", "x": x, "y": months["came"].to_numpy(), "cliponaxis": False,
        "marker": {"color": role("acquisition").color, "size": 12, "symbol": np.where(inside, "circle", "x").tolist()},
        "text": [f"  {wording.number(number)}" for number in months["came"]], "textposition": "middle right",
        "hovertemplate": _("came") + ": %{y:,.0f}<extra></extra>",
    }  # fmt: skip
    return figure(
        [foreseen, came],
        _("New customers of each month: foreseen band, and who came (✕: outside)"),
        x={"type": "category", "showgrid": False},
        y={"title": _("new customers of the plan's channels"), "rangemode": "tozero"},
        height=300,
    )


def _marks(*marks: tuple[float, float, str, str, int, str]) -> dict:
    """(x, y, symbol, colour, size, what it is) of each."""
    x, y, symbols, colors, sizes, texts = map(list, zip(*marks, strict=True))
    return {
        "type": "scatter", "mode": "markers", "x": np.array(x), "y": np.array(y), "customdata": texts, "cliponaxis": False,
        "marker": {"symbol": symbols, "color": colors, "size": sizes, "line": {"width": 1, "color": "white"}},
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _hand(hand: Effects, currency: str | None) -> dict:
    """The plan in hand with its interval."""
    gain = hand.gain
    mark = _marks((hand.share, gain.value, "diamond", HAND, 11, _in_hand(hand, currency)))
    if gain.high > gain.low:
        mark["error_y"] = {"array": [gain.high - gain.value], "arrayminus": [gain.value - gain.low], "color": HAND,
                           "thickness": 2}  # fmt: skip
    return mark


def _in_hand(hand: Effects, currency: str | None) -> str:
    return _("plan in hand: {gain}, {share} on existing customers, {total} a month").format(
        gain=wording.with_range(hand.gain, lambda money: wording.money(money, currency)),
        share=wording.percent(hand.share),
        total=wording.money(hand.total, currency),
    )


def _mark_names(found: Budget, hand: Effects, today: tuple, best: tuple) -> list[dict]:
    """Names beside the marks; the plan in hand is named where it is another than today's and the best one."""
    names = [
        _note(today, _("today"), "top", "left"),
        _note(
            (best[0], _top_of_band(found.frontier, hand, best)),
            _best_name(found).format(gain=wording.money(best[1], found.currency)),
            "bottom",
            "left" if best[0] < 0.5 * float(found.frontier["share"].max()) else "right",
        ),
    ]
    span = max(float(np.ptp(found.frontier["gain"])), 1e-9) if len(found.frontier) else 1e-9
    here = (hand.share, hand.gain.value)
    if all(abs(here[0] - x) > 0.02 or abs(here[1] - y) > 0.06 * span for x, y in (today, best)):
        text = _("plan: {gain}").format(gain=wording.money(here[1], found.currency))
        names.append(_note(here, text, "top", "right" if here[0] > best[0] else "left", 4))
    return names


def _top_of_band(frontier: pd.DataFrame, hand: Effects, best: tuple) -> float:
    """What lies highest above the best split: the band, or the interval of a plan that is nearly it."""
    around = frontier.loc[(frontier["share"] - best[0]).abs() <= 0.06, "high"]
    near = [hand.gain.high] if abs(hand.share - best[0]) < 0.06 and wording.known(hand.gain.high) else []
    return max([best[1], *around.dropna(), *near])


def _best_name(found: Budget) -> str:
    """A cautious advice stays below the line, which is the best in the mean."""
    return _("cautious best: {gain}") if found.wish.risk == CAUTIOUS else _("best: {gain}")


def _note(at: tuple[float, float], text: str, yanchor: str, xanchor: str, shift: int = 7) -> dict:
    return {
        "x": at[0], "y": at[1], "text": f"<b>{text}</b>", "showarrow": False, "xanchor": xanchor, "yanchor": yanchor,
        "yshift": shift if yanchor == "bottom" else -shift, "font": {"size": 12.5},
        "xshift": {"left": 6, "right": -6}.get(xanchor, 0),
    }  # fmt: skip


def _corner(x: float, text: str) -> dict:
    return {
        "x": x, "xref": "paper", "xanchor": "left", "y": 1.02, "yref": "paper", "yanchor": "bottom", "showarrow": False,
        "text": text, "align": "left", "font": {"size": 12},
    }  # fmt: skip


def _line(x, y, color: str, dash: str = "solid") -> dict:
    return {
        "type": "scatter", "mode": "lines", "x": np.asarray(x), "y": np.asarray(y, float), "hoverinfo": "skip",
        "line": {"color": color, "width": 2.5, "dash": dash},
    }  # fmt: skip


def _band(x, low, high) -> dict:
    x = np.asarray(x, float)
    return {
        "type": "scatter", "mode": "lines", "x": np.concatenate([x, x[::-1]]), "line": {"width": 0}, "hoverinfo": "skip",
        "y": np.concatenate([np.asarray(low, float), np.asarray(high, float)[::-1]]), "fill": "toself",
        "fillcolor": BAND,
    }  # fmt: skip


def _stretches(seen: np.ndarray) -> list[tuple[np.ndarray, str]]:
    """Which points to draw solid, and which dashed: these reach to the next solid one, so that no gap is left."""
    beyond = ~seen
    beyond[:-1] |= ~seen[1:]
    beyond[1:] |= ~seen[:-1]
    return [(seen, "solid"), (beyond, "dash")]


def _spend_title(line: Line, currency: str | None) -> str:
    text = (
        _("{spend}<br>(dashed: extrapolation; rings: months)")
        if line.outcome
        else _("{spend}<br>(dashed: extrapolation; ticks: months)")
    )
    return text.format(spend=with_unit(_("spend a month"), currency))


def _months(line: Line) -> dict:
    """The months observed: where their outcome is not known, as ticks on the axis."""
    known = bool(line.outcome)
    return {
        "type": "scatter", "mode": "markers", "x": np.array(line.spend),
        "y": np.array(line.outcome) if known else np.zeros(len(line.spend)),
        "marker": {"symbol": "circle-open" if known else "line-ns", "size": 8 if known else 11, "color": NEUTRAL,
                   "line": {"width": 1.5, "color": NEUTRAL}},
        "hovertemplate": _("a month") + (": %{y:,.0f}" if known else "") + "<extra></extra>",
    }  # fmt: skip


def _shade(low: float, high: float) -> dict:
    low, high = (low, high) if wording.known(low) and wording.known(high) else (0.0, 0.0)
    return {"type": "rect", "x0": low, "x1": high, "yref": "paper", "y0": 0, "y1": 1, "fillcolor": FAINT,
            "line": {"width": 0}, "layer": "below"}  # fmt: skip


def _level(y: float) -> dict:
    return {
        "type": "line",
        "xref": "x domain",
        "x0": 0,
        "x1": 1,
        "y0": y,
        "y1": y,
        "line": ZERO,
        "layer": "below",
    }


def _wide(low: float, high: float) -> list[float]:
    room = 0.04 * max(high - low, 1e-9)
    return [low - room, high + room]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
