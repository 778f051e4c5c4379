"""What a change of the data does to the headline figures, before it is made."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import Case, case
from analytics.language import gettext as _
from analytics.warehouse.cancelling import cancelled
from analytics.warehouse.filters import Filters
from analytics.warehouse.preview import copy_of
from analytics.warehouse.progress import Progress, Step, unheard


@dataclass(frozen=True, eq=False)
class Change:
    """The headline before and after, and frame[figure, now, then] of what it is made of, as texts."""

    before: str
    after: str
    figures: pd.DataFrame


def preview(
    workspace,
    act: Callable,
    filters: Filters,
    assumptions: Assumptions,
    tell: Progress = unheard,
    stop: threading.Event | None = None,
) -> Change:
    """What `act(workspace)` would change; it is done to a copy. Raises Cancelled soon after `stop` is set."""
    tell(Step("copying"))
    before = case(workspace, filters, assumptions)
    with copy_of(workspace) as copy:
        _go_on(stop)
        act(copy)
        _go_on(stop)
        tell(Step("comparing"))
        after = case(copy, filters, assumptions)
        currency, said = copy.currency, after.sentence
    return Change(before.sentence, said, headline_figures(before, after, currency))


def changed(before: Case, after: Case, currency: str | None) -> Change:
    """What a change that was made has changed; figures: frame[figure, before, now]."""
    figures = headline_figures(before, after, currency)
    figures.columns = [_("figure"), _("before"), _("now")]
    return Change(before.sentence, after.sentence, figures)


def _go_on(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise cancelled()


def headline_figures(before: Case, after: Case, currency: str | None) -> pd.DataFrame:
    """Frame[figure, now, then]: the headline figures of two cases as texts."""
    return pd.DataFrame(
        [(label, write(before, currency), write(after, currency)) for label, write in _figures()],
        columns=[_("figure"), _("now"), _("then")],
    )


def _figures() -> tuple[tuple[str, Callable[[Case, str | None], str]], ...]:
    return (
        (_("revenue"), lambda c, currency: wording.money_in_full(c.revenue.total, currency)),
        (_("orders"), lambda c, _currency: wording.number(_orders(c))),
        (_("days"), lambda c, _currency: _days(c)),
        (_("acquisition, incremental return"), lambda c, _currency: _roi(c.acquisition)),
        (_("retention, incremental return"), lambda c, _currency: _roi(c.retention)),
        (_("break-even share"), lambda c, _currency: wording.percent(c.break_even.value)),
        (_("answer"), lambda c, _currency: c.verdict or _("not enough data")),
    )


def _orders(found: Case) -> int:
    return sum(counted.orders for source, counted in found.orders.items() if source != "refunds")


def _days(found: Case) -> str:
    if found.window is None:
        return _("n/a")
    return _("{first} to {last}").format(
        first=wording.day(found.window.first_day), last=wording.day(found.window.last_day)
    )


def _roi(side) -> str:
    return wording.with_range(side.incremental.roi)
