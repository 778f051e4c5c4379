"""The picture of the two funnels, side by side and one above the other.

It is drawn in its own units: x in percent of the width, y in pixels from the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analytics.decisions import wording
from analytics.decisions.funnel_sentences import STAGE_LABELS, amount
from analytics.language import Texts, marked
from analytics.language import gettext as _
from analytics.reporting.charts import NEUTRAL, Figure, figure
from analytics.reporting.roles import role

if TYPE_CHECKING:
    import pandas as pd

    from analytics.decisions.funnels import Funnels

ROLE = {"aidas": role("acquisition").color, "flipped": role("retention").color}
LOOP = role("referral").color
HEAD, ROW, BAR, FOOT = 52, 76, 30, 66
NAMES = Texts({"aidas": marked("<b>AIDAS</b>  outside in"), "flipped": marked("<b>Flipped</b>  inside out")})
HEADERS = (
    marked("of step<br>(of start)"),
    marked("cost"),
    marked("per<br>person"),
    marked("margin<br>caused"),
    marked("median<br>days"),
)
PALE = 0.22
MARKED = 0.005  # contacts in no line of spend are marked where they are at least this part of a cost
LEAST_WIDTH = 0.5


EVERY, ON_PHONE, ON_SLIDE = (0, 1, 2, 3, 4), (0, 2, 3), (0, 2)  # which of the columns are shown


class Half(NamedTuple):
    """Where a funnel stands: left and right end of its bars, right ends of the columns that are shown, all in percent."""

    funnel: str
    left: float
    right: float
    columns: tuple[float, ...]
    top: float = 0.0
    shown: tuple[int, ...] = EVERY

    @property
    def is_whole(self) -> bool:
        """Whether every column is shown, and so money as bars and sums too."""
        return self.shown == EVERY

    @property
    def is_brief(self) -> bool:
        """Whether only what is read from afar is shown."""
        return self.shown == ON_SLIDE

    @property
    def middle(self) -> float:
        """The axis that its bars stand around."""
        return (self.left + self.right) / 2

    def y(self, row: float) -> float:
        """The middle of a row's bar; the first row is 0."""
        return self.top + HEAD + (row + 0.62) * ROW


WIDE = (
    Half("aidas", 2.2, 21.2, (26.0, 32.6, 37.6, 43.8, 48.4)),
    Half("flipped", 53.0, 72.0, (77.2, 83.8, 88.8, 95.0, 99.7)),
)
SLIDE = (
    Half("aidas", 2.2, 29.2, (37.5, 47.0), shown=ON_SLIDE),
    Half("flipped", 53.0, 80.0, (88.3, 97.8), shown=ON_SLIDE),
)
FROM_AFAR = 1.25  # times the letters of a screen
COLUMN_WIDTH = 5.0
MEETING = 50.4
WIDE_HEIGHT = HEAD + 5 * ROW + FOOT + 46


def funnel_picture(found: Funnels, enlarged: float = 1.0) -> Figure:
    """Both funnels side by side: people as widths, and the same columns and money scale on both sides.

    enlarged: how many times larger than for a screen of 1280 pixels.
    """
    return _side_by_side(found, WIDE, _title(found), enlarged)


def funnel_slide(found: Funnels) -> Figure:
    """The same with no more than can be read from afar: people, the share of each step, and what one person cost."""
    return _side_by_side(found, SLIDE, _("People at every stage, on one scale, and what each of them cost"))


def _side_by_side(found: Funnels, halves: tuple[Half, Half], title: str, enlarged: float = 1.0) -> Figure:
    scales = _scales(found, halves)
    parts = [_half(found, half, *scales) for half in halves]
    shapes = [shape for part in parts for shape in part.shapes]
    shapes += _joint(*halves) + _loop(found, halves, scales[0])
    notes = [note for part in parts for note in part.notes] + _joint_note() + _loop_note(found)
    if halves is SLIDE:
        notes = [{**note, "font": {"size": FROM_AFAR * note["font"]["size"]}} for note in notes]
    return _drawn([part.hovers for part in parts], shapes, notes, title, WIDE_HEIGHT, enlarged)


def funnel_stack(found: Funnels) -> Figure:
    """Both funnels one above the other, with fewer columns: for narrow screens."""
    height = HEAD + 5 * ROW + FOOT
    halves = [
        Half(funnel, 1.0, 52.0, (66.0, 83.0, 99.0), top, ON_PHONE)
        for funnel, top in (("aidas", 0.0), ("flipped", height))
    ]
    scales = _scales(found, halves)
    parts = [_half(found, half, *scales) for half in halves]
    shapes = [shape for part in parts for shape in part.shapes]
    notes = [note for part in parts for note in part.notes]
    return _drawn([part.hovers for part in parts], shapes, notes, _title(found), 2 * height + 30)


# The picture's parts


class Part(NamedTuple):
    """What one funnel is drawn of."""

    shapes: list[dict]
    notes: list[dict]
    hovers: dict


def _drawn(hovers, shapes, notes, title: str, height: float, enlarged: float = 1.0) -> Figure:
    hidden = {"visible": False, "showgrid": False}
    notes = [{**note, "font": {"size": enlarged * note["font"]["size"]}} for note in notes]
    return figure(
        hovers, title, x={**hidden, "range": [0, 100]}, y={**hidden, "range": [height, 0]},
        annotations=notes, shapes=shapes, height=int(enlarged * height) + 34, margin={"l": 0, "r": 0, "t": 30, "b": 4},
    )  # fmt: skip


def _title(found: Funnels) -> str:
    if found.compared is None:
        return _("People, cost, margin caused and days at every stage; both sides on the same scales")
    return _(
        "People, cost, margin caused and days at every stage; ▲▼ {quarter} against the quarter before"
    ).format(quarter=wording.quarter(found.compared[0]))


def _scales(found: Funnels, halves) -> tuple[float, float]:
    """Percent of width per person, and per unit of money: the same for both funnels."""
    widest = min(half.right - half.left for half in halves)
    people = found.stages[["people", "reached"]].max().max()
    money = found.stages[["cost", "margin"]].max().max()
    return (
        widest / people if people > 0 else 0.0,
        COLUMN_WIDTH / money if wording.known(money) and money > 0 else 0.0,
    )


def _half(found: Funnels, half: Half, per_person: float, per_money: float) -> Part:
    rows = found.stages[found.stages["funnel"] == half.funnel]
    shapes, notes = _silhouette(found, half, rows, per_person), _heads(found, half)
    for place, row in enumerate(rows.itertuples()):
        shapes += _bars(half, place, row, per_person)
        notes += [_name_note(half, place, row), *_cells(found, half, place, row)]
        if half.is_whole:
            shapes += _money_bars(half, place, row, per_money)
        if not wording.known(row.people):
            notes.append(_no_data(half, place, row))
    if half.funnel == "flipped":
        shapes += _new_bar(found, half, per_person)
        notes.append(_new_note(found, half))
    return Part(shapes, notes + _foot(found, half), _hovers(found, half, rows))


def _silhouette(found: Funnels, half: Half, rows: pd.DataFrame, per_person: float) -> list[dict]:
    """The pale outline of the funnel, from bar to bar: everybody at a stage or, flipped, at it or before."""
    known = [
        (place, reached * per_person / 2)
        for place, reached in enumerate(rows["reached"])
        if wording.known(reached)
    ]
    new = found.people.new_customers if found.people else 0.0
    if half.funnel == "flipped" and known:
        known.append((4, known[-1][1] + (new * per_person / 2 if wording.known(new) else 0.0)))
    if len(known) < 2:
        return []
    right = [
        (half.middle + width, half.y(place) + dy) for place, width in known for dy in (-BAR / 2, BAR / 2)
    ]
    left = [(2 * half.middle - x, y) for x, y in reversed(right)]
    path = "M " + " L ".join(f"{x:.3f} {y:.1f}" for x, y in right + left) + " Z"
    return [
        {"type": "path", "path": path, "fillcolor": ROLE[half.funnel], "opacity": PALE, "line": {"width": 0}}
    ]


def _bars(half: Half, place: int, row, per_person: float) -> list[dict]:
    y = half.y(place)
    if not wording.known(row.people):
        return [_rectangle(half.left, half.right, y, BAR, line={"color": NEUTRAL, "width": 1, "dash": "dot"})]
    width = max(row.people * per_person, LEAST_WIDTH if row.people else 0.0) / 2
    return [_rectangle(half.middle - width, half.middle + width, y, BAR, fillcolor=ROLE[half.funnel])]


def _new_bar(found: Funnels, half: Half, per_person: float) -> list[dict]:
    if found.people is None or not found.people.new_customers > 0:
        return []
    begin, end = _new_ends(found, half, per_person)
    return [_rectangle(begin, end, half.y(4), BAR, fillcolor=LOOP)]


def _new_ends(found: Funnels, half: Half, per_person: float) -> tuple[float, float]:
    """Left and right end of the new customers' bar, which lengthens that of the customers reached."""
    new = (found.people.new_customers if found.people else 0.0) * per_person
    reached = found.stages.loc[found.stages["funnel"] == half.funnel, "reached"].max()
    end = half.middle + ((reached * per_person if wording.known(reached) else 0.0) + new) / 2
    return end - max(new, 2 * LEAST_WIDTH), end


def _money_bars(half: Half, place: int, row, per_money: float) -> list[dict]:
    """Thin bars under cost and margin, on one scale for everything."""
    found = []
    for value, right, color in (
        (row.cost, half.columns[1], NEUTRAL),
        (row.margin, half.columns[3], ROLE[half.funnel]),
    ):
        if wording.known(value) and value > 0:
            found.append(_rectangle(right - value * per_money, right, half.y(place) + 15, 5, fillcolor=color))
    return found


def _rectangle(x0: float, x1: float, y: float, height: float, **style) -> dict:
    return {
        "type": "rect",
        "x0": x0,
        "x1": x1,
        "y0": y - height / 2,
        "y1": y + height / 2,
        "line": {"width": 0},
        **style,
    }


def _heads(found: Funnels, half: Half) -> list[dict]:
    texts = {column: _(HEADERS[column]) for column in half.shown}
    if half.is_brief:
        texts[0] = _("of step")
    customers = wording.number(found.people.customers if found.people else None)
    counted = (
        _("people")
        if half.funnel == "aidas"
        else _("people, of {customers} customers").format(customers=customers)
    )
    low = half.top + HEAD - 4
    columns = [
        _text(x, low, text, size=11.5, xanchor="right", yanchor="bottom")
        for x, text in zip(half.columns, texts.values(), strict=True)
    ]
    return [
        _text(half.left, half.top + 2, NAMES[half.funnel], size=16, yanchor="top"),
        _text(half.left, low, counted, size=11.5, yanchor="bottom"),
        *columns,
    ]


def _name_note(half: Half, place: int, row) -> dict:
    count = f"  <b>{wording.number(row.people)}</b>" if wording.known(row.people) else ""
    text = f"{STAGE_LABELS[row.stage]}{count}{'' if half.is_brief else _moved(row.change)}"
    return _text(half.left, half.y(place) - BAR / 2 - 3, text, size=14, yanchor="bottom")


def _moved(change: float) -> str:
    if not wording.known(change):
        return ""
    arrow = "▲" if change > 0.0005 else "▼" if change < -0.0005 else "="
    return f"  <span style='font-size:0.8em'>{arrow} {wording.percent(abs(change))}</span>"


def _no_data(half: Half, place: int, row) -> dict:
    text = _("not known by group") if row.source == "no groups" else _("no data")
    return _text(half.middle, half.y(place), f"<i>{text}</i>", size=12, xanchor="center")


def _cells(found: Funnels, half: Half, place: int, row) -> list[dict]:
    plus = "⁺" if row.contact_cost > MARKED * row.cost else ""
    texts = (
        wording.percent(row.share_of_step) if wording.known(row.share_of_step) else "",
        f"{_money(row.cost, found)}{plus}",
        _money(row.cost_per_person, found),
        _money(row.margin, found),
        wording.number(row.median_days) if wording.known(row.median_days) else "",
    )
    shown = [texts[column] for column in half.shown]
    y = half.y(place)
    cells = [
        _text(x, y, text, size=13, xanchor="right")
        for x, text in zip(half.columns, shown, strict=True)
        if text
    ]
    if texts[0] and place and not half.is_brief:
        cells.append(
            _text(
                half.columns[0], y + 15, f"({wording.percent(row.share_of_start)})", size=11, xanchor="right"
            )
        )
    return cells


def _money(value: float, found: Funnels) -> str:
    if not wording.known(value):
        return _("n/a")
    return wording.money(value, found.currency)


def _new_note(found: Funnels, half: Half) -> dict:
    new = found.people.new_customers if found.people else float("nan")
    text = _("New customers  <i>no data</i>") if not wording.known(new) else _("New customers  <b>{count}</b>").format(
        count=wording.number(new)
    )  # fmt: skip
    return _text(half.left, half.y(4) - BAR / 2 - 3, text, size=14, yanchor="bottom")


def _foot(found: Funnels, half: Half) -> list[dict]:
    """With how many people it begins and ends, what 1,000 of its cost yield, and what was spent and caused in all."""
    if found.costs is None:
        return []
    y = half.top + HEAD + 5 * ROW + 16
    cost, caused = found.costs.cost(half.funnel), found.margin(half.funnel)
    texts = [
        _text(half.left, y, _from_to(found, half), size=17),
        _text(half.left, y + 23, _yielded(found, half), size=14),
    ]
    if not half.is_whole:
        return texts
    plus = "⁺" if found.costs.beside(half.funnel) > MARKED * cost else ""
    total = [
        _text(half.columns[1], y, f"<b>{_money(cost, found)}{plus}</b>", size=13, xanchor="right"),
        _text(half.columns[3], y, f"<b>{_money(caused.value, found)}</b>", size=13, xanchor="right"),
    ]
    if wording.known(caused.low) and wording.known(caused.high):
        ends = _("{low} to {high}").format(low=_money(caused.low, found), high=_money(caused.high, found))
        total.append(_text(half.columns[3], y + 17, f"({ends})", size=11, xanchor="right"))
    return texts + total


def _from_to(found: Funnels, half: Half) -> str:
    """People at the two ends: "15,673 → 1,122", "3,760 → 4,522 + 297 new"."""
    rows = found.stages[(found.stages["funnel"] == half.funnel) & found.stages["people"].notna()]
    if not len(rows):
        return ""
    begin, end = wording.number(rows["people"].iloc[0]), wording.number(rows["reached"].iloc[-1])
    new = found.people.new_customers if found.people and half.funnel == "flipped" else float("nan")
    if wording.known(new):
        return _("<b>{begin} → {end} + {new} new</b>").format(begin=begin, end=end, new=wording.number(new))
    return _("<b>{begin} → {end}</b>").format(begin=begin, end=end)


def _yielded(found: Funnels, half: Half) -> str:
    words = {
        "aidas": _("1,000 yield <b>{count}</b> satisfied"),
        "flipped": _("1,000 yield <b>{count}</b> new customers"),
    }
    per_thousand = found.yielded("satisfaction" if half.funnel == "aidas" else "new customers")
    return words[half.funnel].format(count=amount(per_thousand.value)) if per_thousand.known else ""


def _joint(left: Half, right: Half) -> list[dict]:
    """Where both meet: customers won at action are today's customers, with whom the flipped funnel begins."""
    begin, end = left.y(3), right.y(0)
    path = (
        f"M {left.columns[-1] + 0.5:.2f} {begin:.1f} L {MEETING} {begin:.1f} L {MEETING} {end:.1f} "
        f"L {right.left - 1.2:.2f} {end:.1f}"
    )
    return [_line(path, NEUTRAL), *_head(right.left - 0.5, end, NEUTRAL)]


def _joint_note() -> list[dict]:
    middle = (WIDE[0].y(3) + WIDE[1].y(0)) / 2
    note = _text(MEETING + 0.7, middle, _("today's customers"), size=12, xanchor="center")
    return [{**note, "textangle": -90}]


def _loop(found: Funnels, halves: tuple[Half, Half], per_person: float) -> list[dict]:
    """New customers, brought by activated ones, enter awareness: the line that closes the loop."""
    if found.people is None or not found.people.new_customers > 0:
        return []
    left, right = halves
    begin, end, low, edge = right.y(4), left.y(0), WIDE_HEIGHT - 10, 0.4
    down = right.columns[-1] + 1.4 if right.is_brief else right.right + 2.6
    _start, start = _new_ends(found, right, per_person)
    path = (
        f"M {start:.2f} {begin:.1f} L {down:.2f} {begin:.1f} L {down:.2f} {low:.1f} L {edge} {low:.1f} L {edge} {end:.1f} "
        f"L {left.left - 1.2:.2f} {end:.1f}"
    )
    return [_line(path, LOOP, 3), *_head(left.left - 0.5, end, LOOP)]


def _loop_note(found: Funnels) -> list[dict]:
    if found.people is None or not found.people.new_customers > 0:
        return []
    text = _("<b>{count} new customers</b>, brought by activated ones, begin again").format(
        count=wording.number(found.people.new_customers)
    )
    return [_text(36, WIDE_HEIGHT - 14, text, size=14, xanchor="center", yanchor="bottom")]


def _line(path: str, color: str, width: float = 2) -> dict:
    return {"type": "path", "path": path, "line": {"color": color, "width": width}}


def _head(x: float, y: float, color: str) -> list[dict]:
    """The head of an arrow that points to the right."""
    path = f"M {x:.2f} {y:.1f} L {x - 0.9:.2f} {y - 6:.1f} L {x - 0.9:.2f} {y + 6:.1f} Z"
    return [{"type": "path", "path": path, "fillcolor": color, "line": {"width": 0}}]


def _hovers(found: Funnels, half: Half, rows: pd.DataFrame) -> dict:
    texts = []
    for row in rows.to_dict("records"):
        lines = [
            f"<b>{STAGE_LABELS[row['stage']]}</b>",
            _("{count} people").format(count=wording.number(row["people"])),
        ]
        if half.funnel == "flipped":
            reached = wording.number(row["reached"])
            lines.append(_("{count} at this stage or one before").format(count=reached))
        lines.append(_("cost {cost}").format(cost=wording.money_in_full(row["cost"], found.currency)))
        margin = wording.money_in_full(row["margin"], found.currency)
        lines.append(_("margin caused {margin}").format(margin=margin))
        texts.append("<br>".join(lines))
    return {
        "type": "scatter", "mode": "markers", "x": [half.middle] * len(rows),
        "y": [half.y(place) for place in range(len(rows))], "marker": {"size": 26, "opacity": 0},
        "customdata": texts, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _text(
    x: float, y: float, text: str, size: float = 13, xanchor: str = "left", yanchor: str = "middle"
) -> dict:
    return {"x": x, "y": y, "text": text, "showarrow": False, "xanchor": xanchor, "yanchor": yanchor,
            "font": {"size": size}, "align": "right" if xanchor == "right" else xanchor, "borderpad": 0}  # fmt: skip
