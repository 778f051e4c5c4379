"""Which channels deserve the credit for orders: a model's credit beside what was recorded, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analytics.decisions import credit_sentences, economics, interval, missing
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.economics import NAN, share
from analytics.decisions.journeys import (
    AMOUNTS,
    FIRST,
    LOOK_BACK_DAYS,
    MOTIONS,
    JourneyBook,
    read_journeys,
)
from analytics.decisions.missing import Missing
from analytics.decisions.period import same_name
from analytics.language import gettext as _
from analytics.models import attribution
from analytics.warehouse.filters import Filters

if TYPE_CHECKING:
    from analytics.decisions.journeys import Paths
    from analytics.decisions.window import Window
    from analytics.models.journeys import Journeys

RECORDED = "recorded"
MODELS = (*attribution.MODELS, RECORDED)
LINE_COLUMNS = (
    "channel", "recorded", "recorded_share", "credit", "low", "high", "share", "share_low", "share_high", "change",
)  # fmt: skip
RETURN_COLUMNS = (
    "channel", "spend", "conversions", "recorded_conversions", "cac", "recorded_cac", "revenue", "roas", "margin", "roi",
)  # fmt: skip
STEP_COLUMNS = ("channel", "contacts", "goes_on", "orders", "dies")
PATH_COLUMNS = ("path", "orders", "share", "lost")
MOST_PATHS = 10
DRAWS = 200
MOST_DRAWN_CONTACTS = 20_000_000  # contacts of distinct paths times draws: a few seconds
DRAWS_OF_ORDER = {1: 200, 2: 200, 3: 60}  # order 3 has hundreds of states and takes long


@dataclass(frozen=True)
class CreditChoice:
    """What is asked for: the model, its order (Markov only), what is credited, the look-back, and which orders.

    model: of MODELS; credited: of AMOUNTS; leads_to: first or reorder. ValueError for anything else.
    """

    model: str = "markov"
    order: int = 1
    credited: str = "conversions"
    look_back_days: int = LOOK_BACK_DAYS
    leads_to: str = FIRST

    def __post_init__(self):
        for name, known in (("model", MODELS), ("credited", AMOUNTS), ("leads_to", tuple(MOTIONS))):
            if getattr(self, name) not in known:
                raise ValueError(
                    _("The {name} {value!r} is not known; there are {known}.").format(
                        name=name, value=getattr(self, name), known=", ".join(known)
                    )
                )
        if self.order not in DRAWS_OF_ORDER:
            raise ValueError(
                _("The order of the Markov model is {order}; it must be 1, 2 or 3.").format(order=self.order)
            )


@dataclass(frozen=True, eq=False)
class ChannelCredit:
    """The answer.

    model: the model that the credit is of; `recorded` where no contacts are loaded, whatever was asked for.
    lines: frame of LINE_COLUMNS, most credit first; channel None: orders without a contact and without a record;
    low and high: 80 % interval; change = share − recorded_share. total: the sum of credit, and what was observed.
    models: frame[channel, *MODELS], every model's share. returns: frame of RETURN_COLUMNS, the channels with spend,
    in the days for which it is known; margin is that of the orders, or value where value is credited, and roi is booked
    on it. blended_cac: all spend / all orders.
    steps: frame of STEP_COLUMNS, what follows a contact. paths: frame of PATH_COLUMNS, the most frequent ones.
    """

    choice: CreditChoice
    model: str
    window: Window | None = None
    costed: Window | None = None
    total: float = NAN
    lost_share: float = NAN
    journeys: float = 0.0
    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LINE_COLUMNS)))
    models: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["channel", *MODELS]))
    returns: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RETURN_COLUMNS)))
    blended_cac: float = NAN
    steps: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(STEP_COLUMNS)))
    paths: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PATH_COLUMNS)))
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def sentence(self) -> str:
        """The headline."""
        return credit_sentences.headline(self)

    @property
    def named(self) -> pd.DataFrame:
        """The lines that belong to a channel."""
        return self.lines[self.lines["channel"].notna()]


def channel_credit(
    workspace,
    filters: Filters | None = None,
    assumptions: Assumptions | None = None,
    choice: CreditChoice | None = None,
) -> ChannelCredit:
    """Reads the journeys and hands out the credit. ValueError for a choice or window that is not possible."""
    choice = choice or CreditChoice()
    assumptions = assumptions or Assumptions.of(workspace.settings)
    book = read_journeys(workspace, filters or Filters(), assumptions, choice.look_back_days, choice.leads_to)
    return credit_of(book, choice)


def credit_of(book: JourneyBook, choice: CreditChoice) -> ChannelCredit:
    """The credit of journeys that are read already."""
    by_model = book.has_journeys and choice.model != RECORDED
    found = ChannelCredit(choice, choice.model if by_model else RECORDED, book.window)
    lacking = _lacking(book, choice)
    if not book.total("conversions") or not book.is_known(choice.credited):
        return replace(found, missing=lacking)
    handed_out = _handed_out(book, choice) if by_model else _as_recorded(book, choice.credited)
    found = replace(
        found,
        total=float(handed_out["credit"].sum()),
        lines=_lines(handed_out, _recorded(book, choice.credited)),
        missing=lacking,
        notes=credit_sentences.notes(book),
        **_returns(book, replace(choice, model=found.model)),
    )
    return _with_journeys(found, book) if book.has_journeys else found


def credit_json(found: ChannelCredit) -> dict:
    """model, total and credit per channel: money and orders with two decimals that add up to the total."""
    total = None if np.isnan(found.total) else round(found.total, 2)
    lines = found.lines
    rounded = _adding_up(lines["credit"].to_numpy(float), total or 0.0)
    return {
        "model": found.model,
        "total": total,
        "credit": [
            {
                "channel": line["channel"],
                "credit": credit,
                "low": _rounded(line["low"]),
                "high": _rounded(line["high"]),
            }
            for line, credit in zip(lines.to_dict("records"), rounded, strict=True)
        ],
    }


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 2) + 0.0


def _adding_up(values: np.ndarray, total: float) -> list[float]:
    """Values in hundredths whose sum is `total`: those furthest below their exact value are raised."""
    hundredths = np.floor(100 * values + 1e-9)
    left = round(100 * total - hundredths.sum())
    order = np.argsort(hundredths - 100 * values, kind="stable")
    hundredths[order[:left]] += 1
    return [float(value) for value in np.round(hundredths / 100, 2)]


def _lacking(book: JourneyBook, choice: CreditChoice) -> tuple[Missing, ...]:
    if book.known is None:
        return (missing.no_orders(),)
    if not book.total("conversions"):
        return (credit_sentences.no_such_orders(book),)
    if not book.is_known(choice.credited):
        return (credit_sentences.no_margin(),)
    return () if book.has_journeys or choice.model == RECORDED else (credit_sentences.no_contacts(book),)


# Credit


def _handed_out(book: JourneyBook, choice: CreditChoice) -> pd.DataFrame:
    """Frame[channel, credit, low, high] of the model, orders without contact and record last."""
    journeys = book.journeys(choice.credited, with_ages=choice.model == "time_decay")
    found = attribution.credit_intervals(journeys, choice.model, choice.order, draws=_draws(journeys, choice))
    kind = "conversions" if choice.credited == "conversions" else "value"
    lines = found.rename(columns={kind: "credit", f"{kind}_low": "low", f"{kind}_high": "high"})
    return _with_unseen(lines[["channel", "credit", "low", "high"]], book, choice.credited)


def _draws(journeys: Journeys, choice: CreditChoice) -> int:
    most = DRAWS_OF_ORDER[choice.order] if choice.model == "markov" else DRAWS
    return int(np.clip(MOST_DRAWN_CONTACTS // max(len(journeys.touch_path), 1), 10, most))


def _as_recorded(book: JourneyBook, amount: str) -> pd.DataFrame:
    """Frame[channel, credit, low, high]: each channel's orders, counted anew in each of many like samples."""
    rows = []
    for line in book.recorded.to_dict("records"):
        orders = interval.of_total(*[float(line["conversions"])] * 3)
        per_order = share(line[amount], line["conversions"])
        rows.append((line["channel"], line[amount], orders.low * per_order, orders.high * per_order))
    return pd.DataFrame(rows, columns=["channel", "credit", "low", "high"])


def _with_unseen(lines: pd.DataFrame, book: JourneyBook, amount: str) -> pd.DataFrame:
    if not book.unseen["conversions"] and not book.unseen[amount]:
        return lines
    orders = interval.of_total(*[book.unseen["conversions"]] * 3)
    per_order = share(book.unseen[amount], book.unseen["conversions"])
    row = [None, book.unseen[amount], orders.low * per_order, orders.high * per_order]
    return pd.DataFrame([*lines.to_numpy(object), row], columns=lines.columns).astype(
        {"credit": float, "low": float, "high": float}
    )


def _recorded(book: JourneyBook, amount: str) -> pd.DataFrame:
    return book.recorded[["channel", amount]].rename(columns={amount: "recorded"})


def _lines(handed_out: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Frame of LINE_COLUMNS: credit and record side by side, whatever capitals their names are written with."""
    both = _by_name(handed_out).join(_by_name(recorded).rename(columns={"channel": "on_record"}), how="outer")
    both["channel"] = both["channel"].where(both["channel"].notna(), both["on_record"])
    both["channel"] = both["channel"].astype(object).where(both.index != "", None)
    amounts = both[["credit", "low", "high", "recorded"]].fillna(0.0)
    total, total_recorded = amounts["credit"].sum() or NAN, amounts["recorded"].sum() or NAN
    both[amounts.columns] = amounts
    both = both.assign(
        share=amounts["credit"] / total,
        share_low=amounts["low"] / total,
        share_high=amounts["high"] / total,
        recorded_share=amounts["recorded"] / total_recorded,
    )
    both["change"] = both["share"] - both["recorded_share"]
    order = both.assign(unnamed=both.index == "").sort_values(
        ["unnamed", "credit", "recorded", "channel"], ascending=[True, False, False, True]
    )
    return order[list(LINE_COLUMNS)].reset_index(drop=True)


def _by_name(frame: pd.DataFrame) -> pd.DataFrame:
    """Indexed by the name as it is compared ("" = none); lines of one name are added up."""
    names = [_compared(name) for name in frame["channel"]]
    amounts = frame.drop(columns="channel").groupby(names).sum()
    spelled = dict(zip(names[::-1], frame["channel"][::-1], strict=True))
    return amounts.assign(channel=[spelled[name] for name in amounts.index])


def _compared(name: str | None) -> str:
    return "" if name is None or name != name else same_name(name)


# What it cost, and what the journeys look like


def _returns(book: JourneyBook, choice: CreditChoice) -> dict:
    """costed, returns and blended_cac, as in ChannelCredit: of the days for which spend is known."""
    costed = book.costed
    if costed is None or not costed.spend or not costed.total("conversions"):
        return {}
    earned = "value" if choice.credited == "value" else "margin"
    credited = {
        name: _credited(costed, replace(choice, credited=name)) for name in ("conversions", "revenue", earned)
    }
    recorded = _by_name(costed.recorded[["channel", "conversions"]])["conversions"].to_dict()
    rows = []
    for name, spend in sorted(costed.spend.items(), key=lambda line: (-line[1], line[0])):
        orders, revenue, margin = (amounts.get(name, 0.0) for amounts in credited.values())
        margin = margin if costed.is_known(earned) else NAN
        rows.append((
            _spelled(costed, name), spend, orders, recorded.get(name, 0.0), economics.cac(spend, orders),
            economics.cac(spend, recorded.get(name, 0.0)), revenue, economics.roas(revenue, spend), margin,
            economics.roi(margin, spend),
        ))  # fmt: skip
    return {
        "costed": costed.window,
        "returns": pd.DataFrame(rows, columns=list(RETURN_COLUMNS)),
        "blended_cac": economics.cac(sum(costed.spend.values()), costed.total("conversions")),
    }


def _spelled(book: JourneyBook, name: str) -> str:
    spellings = [*book.journeys("conversions").channels] if book.has_journeys else []
    return next((s for s in [*spellings, *book.recorded["channel"].dropna()] if _compared(s) == name), name)


def _credited(book: JourneyBook, choice: CreditChoice) -> dict[str, float]:
    """Channel, as names are compared, -> credit."""
    if choice.model == RECORDED or not book.has_journeys:
        lines = book.recorded[["channel", choice.credited]]
    else:
        lines = _credit(book, choice.model, choice)
    return _by_name(lines).drop(columns="channel").iloc[:, 0].to_dict()


def _credit(book: JourneyBook, model: str, choice: CreditChoice) -> pd.DataFrame:
    """Frame[channel, credit] without intervals."""
    kind = "conversions" if choice.credited == "conversions" else "value"
    journeys = book.journeys(choice.credited, with_ages=model == "time_decay")
    return attribution.credit(journeys, model, choice.order)[["channel", kind]].set_axis(
        ["channel", "credit"], axis=1
    )


def _with_journeys(found: ChannelCredit, book: JourneyBook) -> ChannelCredit:
    journeys = book.journeys(found.choice.credited)
    return replace(
        found,
        lost_share=share(book.lost, book.count),
        journeys=book.count,
        models=_models(found, book),
        steps=_steps(journeys),
        paths=_top_paths(book.paths) if book.paths else found.paths,
    )


def _models(found: ChannelCredit, book: JourneyBook) -> pd.DataFrame:
    """Frame[channel, *MODELS]: shares of all that is credited, in the order of the lines."""
    names = [_compared(channel) for channel in found.lines["channel"]]
    shares = {RECORDED: found.lines["recorded_share"].to_numpy()}
    for model in attribution.MODELS:
        lines = _with_unseen(
            _credit(book, model, found.choice).assign(low=NAN, high=NAN), book, found.choice.credited
        )
        credit = _by_name(lines[["channel", "credit"]])["credit"]
        shares[model] = (credit.reindex(names).fillna(0.0) / (credit.sum() or NAN)).to_numpy()
    return pd.DataFrame({"channel": found.lines["channel"], **{model: shares[model] for model in MODELS}})


def _steps(journeys: Journeys) -> pd.DataFrame:
    """Frame of STEP_COLUMNS, shares of the contacts of a channel: the journey goes on, ends in an order, or dies."""
    size, at = len(journeys.channels), journeys.touch_channel
    weight = journeys.conversions + journeys.nulls
    contacts = np.bincount(at, weight[journeys.touch_path], size)
    last = at[journeys.last]
    orders, dies = (np.bincount(last, amount, size) for amount in (journeys.conversions, journeys.nulls))
    with np.errstate(invalid="ignore", divide="ignore"):
        frame = pd.DataFrame({
            "channel": journeys.channels, "contacts": contacts, "goes_on": (contacts - orders - dies) / contacts,
            "orders": orders / contacts, "dies": dies / contacts,
        })  # fmt: skip
    return frame[frame["contacts"] > 0].sort_values(
        ["contacts", "channel"], ascending=[False, True], ignore_index=True
    )


def _top_paths(paths: Paths) -> pd.DataFrame:
    """Frame of PATH_COLUMNS: share of all orders with a path; lost: the part of its journeys without an order."""
    orders, nulls = paths.steps.conversions, paths.steps.nulls
    top = [at for at in np.argsort(-orders, kind="stable")[:MOST_PATHS] if orders[at] > 0]
    return pd.DataFrame({
        "path": [paths.text(at) for at in top],
        "orders": orders[top],
        "share": orders[top] / orders.sum(),
        "lost": nulls[top] / (nulls[top] + orders[top]),
    })  # fmt: skip
