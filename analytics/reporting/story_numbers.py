"""The headline figures of a story: the very numbers of the answers, so that no two places can say different ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import budget_sentences, wording
from analytics.decisions.economics import NAN, share
from analytics.decisions.funnel_sentences import FUNNEL_LABELS, STAGE_LABELS, STARTS, amount
from analytics.decisions.interval import NOT_KNOWN, Interval
from analytics.decisions.story_sentences import can_be_foretold
from analytics.language import gettext as _
from analytics.models.retention import annual_rate
from analytics.reporting.columns import described
from analytics.reporting.roles import LENS_LABELS, SOURCE_LABELS, role
from analytics.reporting.slides import HEADLINE_COLUMNS

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.case import Case, Side
    from analytics.decisions.customer_value import CustomerValue
    from analytics.decisions.funnels import Funnels
    from analytics.decisions.next_budget import NextBudget
    from analytics.reporting.story import Answers

Row = tuple[str, str, float, float, float, str]
PROBABILITY = "probability_retention_better"
FIRST = (  # what a reader looks for first; the others follow in the order of the slides
    PROBABILITY, "retention_incremental_roi", "acquisition_incremental_roi", "baseline_share", "break_even_baseline_share",
    "recommended_gain", "cac", "cost_to_keep", "revenue_total", "existing_revenue_share", "new_customer_value",
    "customer_equity", "net_revenue_retention", "repeat_rate",
)  # fmt: skip


def numbers(answers: Answers) -> pd.DataFrame:
    """Frame[HEADLINE_COLUMNS] of everything known that the slides say, the most important first."""
    rows = [
        *_case(answers),
        *_sources(answers),
        *_funnels(answers.funnels),
        *_budget(answers.budget),
        *_test(answers.case),
        *_value(answers.value),
        *_staying(answers.staying),
    ]
    rows.sort(key=lambda row: FIRST.index(row[0]) if row[0] in FIRST else len(FIRST))
    frame = pd.DataFrame(rows, columns=list(HEADLINE_COLUMNS)).drop_duplicates("key")
    return described(frame[frame["value"].map(wording.known)].reset_index(drop=True), unit="unit")


def written(key: str, value: float, unit: str, currency: str | None) -> str:
    """A headline figure as every sentence writes it: "€89,283", "73 %", "over 99 %", "1.31", "4,550"."""
    if key == PROBABILITY:
        return wording.probability(value)
    if unit == "money":
        return wording.money(value, currency)
    return {"share": wording.percent, "ratio": wording.ratio}.get(unit, amount)(value)


def numbers_json(frame: pd.DataFrame) -> dict[str, dict]:
    """key -> value, low, high: money with two decimals, everything else with six; unknown null."""
    found = {}
    for row in frame.to_dict("records"):
        digits = 2 if row["unit"] == "money" else 6
        ends = {
            name: round(float(row[name]), digits) + 0.0 if wording.known(row[name]) else None
            for name in ("value", "low", "high")
        }
        found[row["key"]] = {**ends, "unit": row["unit"]}
    return found


def _row(key: str, label: str, found: Interval | float, unit: str) -> Row:
    interval = found if isinstance(found, Interval) else Interval(float(found), NAN, NAN)
    return key, label, interval.value, interval.low, interval.high, unit


def _case(answers: Answers) -> Iterator[Row]:
    case = answers.case
    yield _row(
        PROBABILITY, _("Probability that retention is better"), case.probability_retention_better, "share"
    )
    for motion, side in (("retention", case.retention), ("acquisition", case.acquisition)):
        yield from _side(motion, side)
    anyway = _("Would have come anyway") if case.effect else _("Would have come anyway (assumed)")
    yield _row("baseline_share", anyway, _assumed_or_known(case), "share")
    yield _row("break_even_baseline_share", _("Break-even share, both sides equal"), case.break_even, "share")
    if case.effect is not None:
        yield _row(
            "holdout_share", _("Customers left alone in the holdout"), case.effect.holdout_share, "share"
        )
    units = {"money": "money", "share": "share", "months": "count"}
    left_out = {"cac", "cost_to_keep", *([] if "referrals" in answers.coverage.kinds else ["referred_share"])}
    for figure in case.figures:
        if figure.name not in left_out:
            yield _row(figure.name, figure.label, figure.value, units[figure.unit])
    if case.next_budget is not None:
        yield from _next_money(case.next_budget)


def _next_money(found: NextBudget) -> Iterator[Row]:
    yield _row("next_budget", _("Next money, on top of today's"), found.total, "money")
    yield _row("next_budget_existing", _("Next money for existing customers"), found.existing, "money")
    yield _row("next_budget_acquisition", _("Next money for winning customers"), found.acquisition, "money")
    yield _row(
        "next_budget_caused",
        _("Margin that a unit of the next money is foreseen to cause"),
        found.caused,
        "ratio",
    )
    of_existing = _("Margin that a unit of the next money is foreseen to cause with existing customers")
    yield _row("next_budget_existing_caused", of_existing, found.existing_caused, "ratio")
    of_acquisition = _("Margin that a unit of the next money is foreseen to cause in acquisition")
    yield _row("next_budget_acquisition_caused", of_acquisition, found.acquisition_caused, "ratio")
    yield _row("budget_share_now", _("Budget for existing customers today"), found.share_now, "share")


def _side(motion: str, side: Side) -> Iterator[Row]:
    name = role(motion).label
    costs = {
        "retention": ("cost_to_keep", _("Cost to keep a customer")),
        "acquisition": ("cac", _("Cost of a new customer (CAC)")),
    }
    yield _row(f"{motion}_spend", _("Spend: {side}").format(side=name), side.spend, "money")
    yield _row(*costs[motion], side.cost_per_customer, "money")
    for lens in ("booked", "incremental"):
        text = _("Margin, {lens}: {side}").format(lens=LENS_LABELS[lens].lower(), side=name)
        yield _row(f"{motion}_{lens}_margin", text, getattr(side, lens).margin, "money")
    per_unit = _("Margin caused per unit spent: {side}").format(side=name)
    yield _row(f"{motion}_caused_per_unit", per_unit, side.incremental.roi.plus(1), "ratio")
    for lens in ("booked", "incremental", "marginal"):
        text = _("Return on investment, {lens}: {side}").format(lens=LENS_LABELS[lens].lower(), side=name)
        yield _row(f"{motion}_{lens}_roi", text, getattr(side, lens).roi, "ratio")


def _assumed_or_known(case: Case) -> Interval:
    """As the case's JSON has it, where something is computed with it."""
    if not case.retention.incremental.margin.known:
        return NOT_KNOWN
    return case.baseline if case.baseline.known else case.assumptions.baseline


def _sources(answers: Answers) -> Iterator[Row]:
    revenue = answers.case.revenue
    if not len(answers.case.revenue_by_quarter):
        return
    for source in ("new", "referral", "reorder", "unknown"):
        value = getattr(revenue, source)
        if value:  # a source of nothing may be an export that was never loaded
            text = _("Revenue: {source}").format(source=SOURCE_LABELS[source])
            yield _row(f"revenue_{source}", text, value, "money")
    yield _row("revenue_total", _("Revenue in all"), revenue.total, "money")
    yield _row(
        "existing_revenue_share", _("Revenue from reorders and referrals"),
        answers.sources.revenue_share_of_existing, "share",
    )  # fmt: skip
    with_unassigned = answers.sources.budget_share_of_existing
    if with_unassigned != _share_of_budget(answers.case):
        text = _("Budget spent on reorders and referrals, of all spend")
        yield _row("existing_budget_share", text, with_unassigned, "share")


def _share_of_budget(case: Case) -> float:
    """The case's own share of the budget, which leaves out spend that has no motion."""
    return next((f.value for f in case.figures if f.name == "retention_budget_share"), NAN)


def _funnels(found: Funnels) -> Iterator[Row]:
    if found.people is None or found.costs is None:
        return
    if not wording.known(found.costs.cost("aidas") + found.costs.cost("flipped")):
        yield from _people(found)
        return
    yield _row(
        "satisfied_per_thousand",
        _("Satisfied customers per 1,000 of cost"),
        found.yielded("satisfaction"),
        "count",
    )
    start = next((stage for stage in STARTS if wording.known(found.stage(stage)["people"])), None)
    if start:
        per_thousand = share(1000.0, found.costs.cost("flipped"))
        text = _("{stage}: customers per 1,000 of cost").format(stage=STAGE_LABELS[start])
        yield _row(f"{start}_per_thousand", text, per_thousand * found.stage(start)["people"], "count")
    yield _row(
        "new_customers_per_thousand", _("New customers brought back per 1,000 of cost"), found.yielded("new customers"), "count"
    )  # fmt: skip
    for funnel in ("aidas", "flipped"):
        label = FUNNEL_LABELS[funnel]
        per_thousand = 1000 * share(found.margin(funnel).value, found.costs.cost(funnel))
        text = _("Margin caused per 1,000 of cost: {funnel}").format(funnel=label)
        yield _row(f"{funnel}_margin_per_thousand", text, per_thousand, "money")


def _people(found: Funnels) -> Iterator[Row]:
    """Where no cost is known, the people themselves."""
    assert found.people is not None
    for stage, people in found.stages.set_index("stage")["people"].items():
        text = _("People at the stage: {stage}").format(stage=STAGE_LABELS[stage])
        yield _row(f"people_{stage}", text, people, "count")
    yield _row("people_new_customers", STAGE_LABELS["new customers"], found.people.new_customers, "count")
    yield _row("customers", _("Customers"), found.people.customers, "count")


def _budget(found: Budget) -> Iterator[Row]:
    if found.model is None or found.best is None:
        return
    move = budget_sentences.largest_move(found)
    yield _row("recommended_gain", _("Equity that the proposal adds"), found.gain, "money")
    yield _row(
        "gain_if_25_percent_off",
        _("Equity it adds if a quarter too little or too much is moved"),
        found.off,
        "money",
    )
    if move:
        yield _row("largest_move", _("Largest move, a month"), move[2], "money")
    yield _row(
        "budget_share_now",
        _("Budget for existing customers today"),
        found.model.share(found.current),
        "share",
    )
    yield _row(
        "budget_share_best",
        _("Budget for existing customers as proposed"),
        found.model.share(found.recommended),
        "share",
    )
    yield _row("horizon_months", _("Horizon in months"), found.model.horizon_months, "count")


def _test(case: Case) -> Iterator[Row]:
    test = case.next_test
    if case.verdict is None or test is None or not test.is_possible:
        return
    yield _row("test_holdout_share", _("Next test: share left alone"), test.holdout_share, "share")
    yield _row("test_customers", _("Next test: customers due for a programme"), test.customers, "count")
    yield _row("test_holdout", _("Next test: customers left alone"), test.holdout, "count")
    yield _row("test_weeks", _("Next test: weeks"), test.weeks, "count")
    yield _row("test_power", _("Next test: power"), test.power, "share")


def _value(found: CustomerValue | None) -> Iterator[Row]:
    if found is None or found.fit is None:
        return
    if found.holdout is not None and not can_be_foretold(found):
        yield _row("median_deal", _("Median deal"), found.deals.median, "money")
        yield _row(
            "forecast_miss", _("Forecast of the last 90 days missed by"), abs(found.holdout.miss), "share"
        )
        return
    if found.new_customer is not None:
        yield _row("new_customer_value", _("Value of a new customer"), found.new_customer.total, "money")
        first = found.new_customer.first_order
        yield _row("first_order_value", _("Value of a new customer's first order"), first, "money")
    yield _row("referred_more", _("Referred customers are worth more by"), found.referred, "share")
    yield _row("residual_value", _("What today's customers still bring"), found.residual, "money")
    if found.equity is not None:
        yield _row("customer_equity", _("Customer equity"), found.equity.total, "money")


def _staying(lines: pd.DataFrame) -> Iterator[Row]:
    last = newest(lines)
    if last is None:
        return
    lost = 1 - float(last["customer_retention"])
    yield _row("net_revenue_retention", _("Net revenue retention, last quarter"), last["nrr"], "share")
    yield _row("gross_revenue_retention", _("Gross revenue retention, last quarter"), last["grr"], "share")
    yield _row("quarterly_loss", _("Customers of a quarter who did not buy in the next"), lost, "share")
    yield _row("yearly_loss", _("Customers lost in a year at that rate"), annual_rate(lost, 365 / 4), "share")


def newest(lines: pd.DataFrame) -> pd.Series | None:
    """The last finished quarter of revenue_retention(); None where there is none."""
    if not len(lines):
        return None
    finished = lines[lines["finished"] & (lines["revenue_before"] > 0)]
    return finished.iloc[-1] if len(finished) else None
