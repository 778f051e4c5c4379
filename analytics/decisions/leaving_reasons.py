"""Why the forecast thinks that a customer is leaving, in words with the customer's own numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _
from analytics.language import ngettext
from analytics.models.churn import ChurnForecast

MOST_REASONS = 2
SMALLEST = 0.1  # log-odds that a reason must add to be worth a word


def reasons(
    learnt: ChurnForecast, people: pd.DataFrame, features: pd.DataFrame, currency: str | None
) -> list[str]:
    """For each customer the two things that raise the chance of leaving most; both frames in one order."""
    if not len(people):
        return []
    parts = learnt.model.contributions(features)
    order = np.argsort(-parts.to_numpy(), axis=1, kind="stable")[:, :MOST_REASONS]
    values = np.take_along_axis(parts.to_numpy(), order, axis=1)
    names = np.array(parts.columns)[order]
    rows = zip(people.itertuples(), features.itertuples(), names, values, strict=True)
    return [
        _joined(
            [
                _WORDS[n](who, past, learnt, currency)
                for n, v in zip(mine, sizes, strict=True)
                if v >= SMALLEST
            ]
        )
        for who, past, mine, sizes in rows
    ]


def _joined(words: list[str]) -> str:
    return "; ".join(words) if words else _("silent for longer than usual")


def _silence(who: Any, _past: Any, _learnt: ChurnForecast, _currency: str | None) -> str:
    days, usual = wording.number(who.silent_days), wording.number(who.gap_days)
    if who.orders > 2:
        return _("silent {days} days, usually {usual}").format(days=days, usual=usual)
    return _("silent {days} days (others: {usual})").format(days=days, usual=usual)


def _rhythm(who: Any, past: Any, _learnt: ChurnForecast, _currency: str | None) -> str:
    if past.order_days < 2:
        return _("customer for {days} days, with orders on one of them").format(
            days=wording.number(past.tenure_days)
        )
    return _("orders only every {usual} days").format(
        usual=wording.number((past.tenure_days - past.recency_days) / (past.order_days - 1))
    )


def _orders(who: Any, _past: Any, _learnt: ChurnForecast, _currency: str | None) -> str:
    if who.orders == 1:
        return _("has ordered only once")
    return _("has ordered only {count} times").format(count=wording.number(who.orders))


def _trend(_who: Any, past: Any, learnt: ChurnForecast, _currency: str | None) -> str:
    if not past.orders_lately:
        return _("no order in the last {days} days, {before} before").format(
            days=wording.number(learnt.horizon_days), before=wording.number(past.orders_before)
        )
    return ngettext(
        "{now} order in the last {days} days, {before} before",
        "{now} orders in the last {days} days, {before} before",
        past.orders_lately,
    ).format(
        now=wording.number(past.orders_lately),
        before=wording.number(past.orders_before),
        days=wording.number(learnt.horizon_days),
    )


def _value(_who: Any, past: Any, _learnt: ChurnForecast, currency: str | None) -> str:
    return _("orders of {money} on average").format(
        money=wording.money(past.order_value / past.orders, currency)
    )


def _refunds(_who: Any, past: Any, _learnt: ChurnForecast, _currency: str | None) -> str:
    if not past.refunds:
        return _("no refund so far")
    return ngettext("{count} refund", "{count} refunds", past.refunds).format(
        count=wording.number(past.refunds)
    )


def _season(_who: Any, past: Any, _learnt: ChurnForecast, _currency: str | None) -> str:
    return (
        _("ordered in this season last year")
        if past.orders_same_season
        else _("not a customer of this season")
    )


def _channel(who: Any, _past: Any, _learnt: ChurnForecast, _currency: str | None) -> str:
    if not isinstance(who.acquired_channel, str):
        return _("channel not known")
    return _("won through {channel}").format(channel=who.acquired_channel)


def _segment(who: Any, _past: Any, _learnt: ChurnForecast, _currency: str | None) -> str:
    return _("segment {name}").format(name=who.segment if isinstance(who.segment, str) else _("not known"))


_WORDS: dict[str, Callable[[Any, Any, ChurnForecast, str | None], str]] = {
    "silence": _silence,
    "rhythm": _rhythm,
    "orders": _orders,
    "trend": _trend,
    "value": _value,
    "refunds": _refunds,
    "season": _season,
    "channel": _channel,
    "segment": _segment,
}
