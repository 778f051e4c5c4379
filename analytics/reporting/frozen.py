"""Figures and tables as plain JSON values, and back: what is kept of a slide so that it is the same years later.

A number that is not known stays not known (NaN), a day a day. Figures keep twelve digits, so that no amount of
money is rounded; tables keep every digit.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from analytics.reporting.charts import Figure

DIGITS = 12
FLOAT, WHOLE, BOOL, TEXT, DAY, MOMENT, LIST = "float", "whole", "bool", "text", "day", "moment", "list"
INFINITE = {"inf": math.inf, "-inf": -math.inf}
KINDS_OF_BOOL = (bool, np.bool_)
HOVER = ("customdata", "hovertemplate", "hovertext")


def figure_to_plain(figure: Figure, hover: bool = True) -> dict[str, Any]:
    """The figure as plain values. hover: False leaves out what shows only under the mouse."""
    plain = _plain(figure.to_plotly_json())
    if not hover:
        plain["data"] = [_still(trace) for trace in plain["data"]]
    return {"data": plain["data"], "layout": plain["layout"]}


def figure_of_plain(plain: dict[str, Any]) -> Figure:
    """The figure that figure_to_plain made these values of."""
    from analytics.reporting.charts import Figure

    return Figure(data=plain["data"], layout=plain["layout"], _validate=False)


def table_to_plain(table: pd.DataFrame) -> dict[str, Any]:
    """The table as plain values, column by column, with what is said of its columns; its index is not kept."""
    columns = [(str(name), table.iloc[:, place]) for place, name in enumerate(table.columns)]
    return {
        "rows": len(table),
        "about": {str(name): _plain(said) for name, said in table.attrs.items()},
        "columns": [{"name": name, **_column_to_plain(values)} for name, values in columns],
    }


def table_of_plain(plain: dict[str, Any]) -> pd.DataFrame:
    """The table that table_to_plain made these values of."""
    columns = plain["columns"]
    series = [_column_of_plain(column["kind"], column["values"]) for column in columns]
    table = pd.DataFrame(dict(enumerate(series)), index=pd.RangeIndex(plain["rows"]))
    table.columns = pd.Index([column["name"] for column in columns], dtype="object" if not columns else None)
    table.attrs = {name: _tuples(said) for name, said in plain["about"].items()}
    return table


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value


def _still(trace: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in trace.items() if name not in HOVER}
    needed = "customdata" in str(trace.get("texttemplate", ""))
    return kept | ({"customdata": trace["customdata"]} if needed else {"hoverinfo": "skip"})


def _plain(value: Any) -> Any:
    """Plain JSON of what a figure is made of."""
    if isinstance(value, dict):
        packed = _unpacked(value)
        return {str(k): _plain(v) for k, v in value.items()} if packed is None else _plain(packed)
    if isinstance(value, np.ndarray | pd.Series | pd.Index):
        return [_plain(part) for part in value.tolist()] if value.dtype.kind not in "mM" else _days(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, datetime | date):
        return None if value is pd.NaT else value.isoformat()
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def _days(values: np.ndarray | pd.Series | pd.Index) -> list[str | None]:
    """A whole day without its midnight."""
    return [
        None if day is pd.NaT else day.isoformat().removesuffix("T00:00:00")
        for day in pd.DatetimeIndex(values)
    ]


def _unpacked(value: dict[str, Any]) -> np.ndarray | None:
    """The numbers of an array that plotly has packed, as {"dtype": …, "bdata": …, "shape": …}."""
    if not {"dtype", "bdata"} <= value.keys():
        return None
    numbers = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(value["dtype"]))
    shape = value.get("shape")
    return numbers if shape is None else numbers.reshape([int(n) for n in str(shape).split(",")])


def _rounded(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}")


def _column_to_plain(values: pd.Series) -> dict[str, Any]:
    kind = _kind(values)
    write = WRITERS[kind]
    return {"kind": kind, "values": [write(value) for value in values.tolist()]}


def _kind(values: pd.Series) -> str:
    if values.dtype.kind in "biufM":
        return {"b": BOOL, "i": WHOLE, "u": WHOLE, "f": FLOAT, "M": MOMENT}[values.dtype.kind]
    known = [value for value in values.tolist() if not _is_missing(value)]
    for kind, types in (
        (LIST, (list, tuple, np.ndarray)),
        (MOMENT, datetime),
        (DAY, date),
        (TEXT, str),
        (BOOL, KINDS_OF_BOOL),
    ):
        if known and all(isinstance(value, types) for value in known):
            return (
                kind if kind != LIST or all(_is_number(part) for value in known for part in value) else TEXT
            )
    return FLOAT if known and all(map(_is_number, known)) else TEXT


def _column_of_plain(kind: str, values: list[Any]) -> pd.Series:
    if kind == FLOAT:
        return pd.Series([INFINITE.get(v, v) if isinstance(v, str) else v for v in values], dtype="float64")
    if kind == WHOLE:
        return pd.Series(values, dtype="float64" if None in values else "int64")
    if kind == BOOL:
        return pd.Series(values, dtype="object" if None in values else "bool")
    if kind == MOMENT:
        return pd.to_datetime(pd.Series(values, dtype="object"), format="ISO8601")
    if kind == DAY:
        days = [None if value is None else date.fromisoformat(value) for value in values]
        return pd.Series(days, dtype="object")
    if kind == LIST:
        return pd.Series([None if v is None else [_number(n) for n in v] for v in values], dtype="object")
    return pd.Series(values, dtype="str" if any(isinstance(value, str) for value in values) else "object")


def _number(value: Any) -> Any:
    return math.nan if value is None else INFINITE.get(value, value) if isinstance(value, str) else value


def _is_number(value: Any) -> bool:
    return _is_missing(value) or (
        isinstance(value, int | float | np.number) and not isinstance(value, KINDS_OF_BOOL)
    )


def _is_missing(value: Any) -> bool:
    return (
        value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))
    )


def _written_number(value: Any) -> float | str | None:
    if _is_missing(value):
        return None
    number = float(value)
    return number if math.isfinite(number) else ("inf" if number > 0 else "-inf")


def _written_whole(value: Any) -> int | None:
    return None if _is_missing(value) else int(value)


def _written_bool(value: Any) -> bool | None:
    return None if _is_missing(value) else bool(value)


def _written_moment(value: Any) -> str | None:
    return None if _is_missing(value) else value.isoformat()


def _written_text(value: Any) -> str | None:
    return None if _is_missing(value) else str(value)


def _written_list(value: Any) -> list[Any] | None:
    return None if value is None or _is_missing(value) else [_written_number(part) for part in value]


WRITERS: dict[str, Callable[[Any], Any]] = {
    FLOAT: _written_number,
    WHOLE: _written_whole,
    BOOL: _written_bool,
    TEXT: _written_text,
    DAY: _written_moment,
    MOMENT: _written_moment,
    LIST: _written_list,
}
