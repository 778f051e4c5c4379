"""Axes of a chart as PowerPoint needs them: ends, ticks, number formats, and where a value stands."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from itertools import pairwise
from typing import Any

from analytics.reporting.deck_words import SMALLEST, plain, short

NICE = (1, 2, 2.5, 5, 10)
LONGEST_NAME = 48
ROOM = 0.05  # left free beyond marks on either side, in parts of the range
WRITTEN = re.compile(r"^([−-]?)([^\d−-]*)(\d[\d,]*(?:\.(\d+))?)(\D*)$")
SCALES = {1.0: "", 1e3: ",", 1e6: ",,", 1e9: ",,,"}


@dataclass(frozen=True)
class Axis:
    """kind: linear, log or category. low, high: its ends, in powers of ten for log, in places for categories.

    ticks: (value, markup), as text beside the chart where number_format is empty. step: between native ticks.
    """

    kind: str
    low: float
    high: float
    is_reversed: bool = False
    categories: tuple[Any, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    number_format: str = ""
    step: float = 0.0
    title: str = ""
    title_size: float = SMALLEST
    size: float = SMALLEST
    has_grid: bool = True
    is_visible: bool = True
    is_at_far_side: bool = False

    def share(self, value: Any) -> float:
        """Where a value stands: 0 at the low end, 1 at the high one (the other way round if reversed)."""
        place = self.place(value)
        part = (place - self.low) / (self.high - self.low)
        return 1 - part if self.is_reversed else part

    def place(self, value: Any) -> float:
        """The value in the axis's own units."""
        if self.kind == "category":
            return float(self.categories.index(value)) if isinstance(value, str | date) else float(value)
        if self.kind == "log":
            return math.log10(float(value)) if float(value) > 0 else self.low
        return float(value)

    def as_categories(self) -> Axis:
        """The axis of a chart with categories: each has the same room."""
        return replace(self, low=-0.5, high=len(self.categories) - 0.5)


def axis_of(
    spec: dict, values: Sequence[Any], *, is_bar_end: bool = False, with_marks: bool = True, about: int = 6
) -> Axis:
    """The axis of plotly's description and of all values that stand on it, ends of intervals included.

    is_bar_end: bars begin at its 0. with_marks: leave room beyond the values. about: how many ticks.
    """
    title = spec.get("title") or {}
    base = Axis(
        "linear", 0.0, 1.0,
        title=str((title.get("text") if isinstance(title, dict) else title) or ""),
        title_size=max(SMALLEST, float((title.get("font") or {}).get("size", SMALLEST)) if isinstance(title, dict) else SMALLEST),
        size=max(SMALLEST, float((spec.get("tickfont") or {}).get("size", SMALLEST))),
        has_grid=spec.get("showgrid", True) is not False,
        is_visible=spec.get("visible", True) is not False and spec.get("showticklabels", True) is not False,
        is_at_far_side=spec.get("side") == "top",
        is_reversed=_is_reversed(spec),
    )  # fmt: skip
    if spec.get("type") == "category" or any(isinstance(value, str | date) for value in values):
        return _wide(_of_categories(base, spec, values))
    numbers = [float(value) for value in values if value is not None and math.isfinite(float(value))]
    if spec.get("type") == "log":
        return _wide(_of_powers(base, spec, numbers))
    return _wide(_of_numbers(base, spec, numbers, is_bar_end, with_marks, about))


def _wide(axis: Axis) -> Axis:
    """The axis; one on which nothing stands has some length too."""
    return (
        axis
        if axis.high > axis.low
        else replace(axis, high=axis.low + 1.0, ticks=(), number_format="", step=0.0)
    )


def nice_step(span: float, about: int) -> float:
    """A round step that cuts the span into about so many parts."""
    rough = max(span, 1e-12) / about
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * nice for nice in NICE if power * nice >= rough * 0.999)


def excel_format(tickformat: str, step: float, prefix: str = "") -> str:
    """The number format of spreadsheets for one of plotly's."""
    lead = f'"{prefix}"' if prefix else ""
    if found := re.fullmatch(r",?\.(\d)%", tickformat):
        return f"{lead}0{_decimals(int(found[1]))}%"
    decimals = next((d for d in range(10) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 2)
    return f"{lead}#,##0{_decimals(decimals)}"


def written(value: float, number_format: str) -> str:
    """The number as such a format writes it."""
    lead = "".join(re.findall(r'^"([^"]*)"', number_format))
    percent, decimals = number_format.endswith("%"), len((re.findall(r"0\.(0+)", number_format) or [""])[0])
    text = f"{value * (100 if percent else 1) + 0.0:,.{decimals}f}"
    return f"{lead}{text}{'%' if percent else ''}"


def format_of_texts(ticks: Sequence[tuple[float, str]]) -> str:
    """The number format that writes these values just so; empty if there is none."""
    parts = [WRITTEN.match(plain(text)) for _value, text in ticks]
    if not ticks or not all(parts):
        return ""
    matches = [found for found in parts if found]
    prefix, suffix, decimals = matches[0][2], matches[0][5], matches[0][4] or ""
    alike = all((m[2], m[5], len(m[4] or "")) == (prefix, suffix, len(decimals)) for m in matches)
    numbers = [float(m[3].replace(",", "")) * (-1 if m[1] else 1) for m in matches]
    for scale, commas in SCALES.items() if alike else ():
        if all(
            abs(n * scale - v) < 1e-6 * max(abs(v), 1.0) for n, (v, _t) in zip(numbers, ticks, strict=True)
        ):
            return _scaled(
                prefix, f"#,##0{_decimals(len(decimals))}{commas}", suffix, any(m[1] for m in matches)
            )
    percent = suffix.strip() == "%" and alike
    if percent and all(abs(n / 100 - v) < 1e-9 for n, (v, _t) in zip(numbers, ticks, strict=True)):
        return f"0{_decimals(len(decimals))}{suffix}"
    return ""


def _scaled(prefix: str, number: str, suffix: str, has_minus: bool) -> str:
    lead, end = (f'"{part}"' if part else "" for part in (prefix.replace('"', ""), suffix.replace('"', "")))
    return f"{lead}{number}{end}" + (f';"−"{lead}{number}{end}' if has_minus else "")


def _decimals(count: int) -> str:
    return "." + "0" * count if count else ""


def _is_reversed(spec: dict) -> bool:
    ends = spec.get("range")
    return spec.get("autorange") == "reversed" or (ends is not None and float(ends[0]) > float(ends[1]))


def _of_categories(base: Axis, spec: dict, values: Sequence[Any]) -> Axis:
    known = list(dict.fromkeys(value for value in values if isinstance(value, str | date)))
    if spec.get("categoryorder") == "array":
        known = [name for name in spec.get("categoryarray", ()) if name in known]
    if any(isinstance(value, date) for value in known):
        known = sorted(known)
    known = known[::-1] if base.is_reversed else known
    ends = spec.get("range") or (-0.5, len(known) - 0.5)
    pattern = str(spec.get("tickformat", "")).replace("<br>", " ") or "%b %Y"
    names = [_shortened(value) if isinstance(value, str) else f"{value:{pattern}}" for value in known]
    return replace(
        base, kind="category", low=float(min(ends)), high=float(max(ends)), is_reversed=False, categories=tuple(known),
        ticks=tuple((float(n), name) for n, name in enumerate(names)),
    )  # fmt: skip


def _shortened(markup: str) -> str:
    """The name; one without end by its beginning."""
    return escape(short(plain(markup), LONGEST_NAME)) if len(plain(markup)) > LONGEST_NAME else markup


def _of_powers(base: Axis, spec: dict, numbers: list[float]) -> Axis:
    positive = [math.log10(n) for n in numbers if n > 0] or [0.0, 1.0]
    ends = spec.get("range") or (min(positive), max(positive) + 0.01)
    ticks = zip(spec.get("tickvals", ()), spec.get("ticktext", ()), strict=True)
    return replace(
        base,
        kind="log",
        low=float(min(ends)),
        high=float(max(ends)),
        ticks=tuple((float(v), t) for v, t in ticks),
    )


def _of_numbers(
    base: Axis, spec: dict, numbers: list[float], is_bar_end: bool, with_marks: bool, about: int
) -> Axis:
    low, high = _ends(spec, numbers, is_bar_end, with_marks)
    vals = [float(value) for value in spec.get("tickvals", ())]
    texts = list(spec.get("ticktext", ()))
    step = float(spec.get("dtick") or (_spacing(vals) if vals else nice_step(high - low, about)))
    if texts:
        ticks = tuple(zip(vals, (str(text) for text in texts), strict=True))
        code = format_of_texts(ticks) if step > 0 else ""
    else:
        code = excel_format(str(spec.get("tickformat", "")), step, str(spec.get("tickprefix", "")))
        vals = vals or _multiples(low, high, step)
        ticks = tuple((value, written(value, code)) for value in vals)
    snapped = _snapped(low, high, step, numbers) if step > 0 and code else None
    if snapped is None or (spec.get("tickvals") and not _fills(vals, snapped, high, step)):
        return replace(
            base, low=low, high=high, ticks=tuple(t for t in ticks if low - 1e-9 <= t[0] <= high + 1e-9)
        )
    if not spec.get("tickvals"):
        ticks = tuple((value, written(value, code)) for value in _multiples(snapped, high, step))
    return replace(base, low=snapped, high=high, number_format=code, step=step, ticks=ticks)


def _ends(spec: dict, numbers: list[float], is_bar_end: bool, with_marks: bool) -> tuple[float, float]:
    if spec.get("range") is not None:
        return float(min(spec["range"])), float(max(spec["range"]))
    held = [float(value) for value in spec.get("tickvals", ())] if spec.get("ticktext") is None else []
    known = [*numbers, *held, *([0.0] if is_bar_end or spec.get("rangemode") == "tozero" else [])] or [
        0.0,
        1.0,
    ]
    low, high = min(known), max(known)
    room = ROOM * (high - low or abs(high) or 1.0) if with_marks or is_bar_end else 0.0
    zero_based = is_bar_end or spec.get("rangemode") == "tozero"
    return (0.0 if zero_based and low >= 0 else low - room), (
        0.0 if zero_based and high <= 0 else high + room
    )


def _spacing(vals: list[float]) -> float:
    """The distance of ticks that stand at equal ones; else 0."""
    gaps = [b - a for a, b in pairwise(vals)]
    return (
        gaps[0]
        if gaps and all(abs(gap - gaps[0]) < 1e-6 * abs(gaps[0]) for gap in gaps) and gaps[0] > 0
        else 0.0
    )


def _snapped(low: float, high: float, step: float, numbers: list[float]) -> float | None:
    """The multiple of `step` nearest to the low end from which native ticks can count; None if there is none near."""
    above, below = math.ceil(low / step - 1e-9) * step, math.floor(low / step + 1e-9) * step
    if min(numbers, default=above) >= above - 1e-9 * (high - low):
        return above + 0.0
    return below + 0.0 if low - below <= 0.3 * (high - low) else None


def _fills(vals: list[float], low: float, high: float, step: float) -> bool:
    """Whether native ticks, which reach from one end to the other, are these."""
    return abs((vals[0] - low) / step - round((vals[0] - low) / step)) < 1e-6 and vals[
        -1
    ] + step > high - 1e-6 * (high - low)


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step + 0.0 for n in range(first, min(last, first + 60) + 1)]
