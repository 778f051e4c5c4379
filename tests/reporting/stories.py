"""Stories for tests: one made by hand in a few rows, and one of the sample company with a slide for every chart."""

from datetime import date

import numpy as np
import pandas as pd

from analytics.decisions import channel_credit
from analytics.decisions.budget import budget
from analytics.decisions.budget_effects import curve_points
from analytics.decisions.budget_plan import Plan, SaidAndHappened
from analytics.decisions.case import case
from analytics.decisions.coverage import coverage
from analytics.decisions.customer_value import customer_value
from analytics.decisions.funnel_difference import QUARTERS, difference_choices, funnel_difference
from analytics.decisions.funnels import funnels
from analytics.decisions.incentive_grid import ALL
from analytics.decisions.incentives import incentives
from analytics.decisions.leaving import learn, leaving
from analytics.decisions.referrals import referrals
from analytics.decisions.scorecard import scorecard
from analytics.decisions.sources import sources
from analytics.models.retention import IN_MONTH, revenue_retention
from analytics.reporting import (
    budget_charts,
    budget_tables,
    charts,
    credit_charts,
    credit_tables,
    effect_charts,
    funnel_charts,
    funnel_picture,
    funnel_tables,
    incentive_charts,
    incentive_tables,
    referral_charts,
    referral_tables,
    retention_charts,
    retention_tables,
    scorecard_charts,
    scorecard_tables,
    tables,
    value_charts,
    value_tables,
)
from analytics.reporting.slides import HEADLINE_COLUMNS, Entry, Slide, Story
from analytics.warehouse.filters import Filters

SNAPSHOT = "a1b2c3d4"
LONG_NAME = "Ünïcode & <b>bold</b> " * 25
HOSTILE = (
    "=1+1", "+SUM(A1)", "-2+3", "@cmd", "\tTab", "\rReturn", "\x0bvertical\x00nul", "emoji 🎁🧑‍🤝‍🧑", "עברית \u202eright to left",
    "<script>&amp;</script>", 'quote" and \'quote\'', "한국어 채널", LONG_NAME,
)  # fmt: skip
LOAD = "Load the export of spend: its template is on the data page."


def story(*slides: Slide, **more) -> Story:
    """A story of these slides; what is not given is short and made up."""
    parts = {
        "title": "Should the next budget go to new or to existing customers?",
        "company": "Example company",
        "is_sample": True,
        "currency": "EUR",
        "snapshot": SNAPSHOT,
        "days": "1 October 2025 to 30 September 2026",
        "slides": slides,
        "numbers": headline_numbers(),
        "settings": (Entry("Horizon", "12 months"), Entry("Margin rate", "as stated in the rows")),
        "definitions": (Entry("CAC", "acquisition spend / customers won by paid channels"),),
        "quality": ("1.2 % of revenue is set aside for lack of a customer number.",),
        "notes": ("Money in euro.",),
    }
    return Story(**(parts | more))


def slide(**more) -> Slide:
    """A slide with a small chart and table; what is not given is short and made up."""
    table = pd.DataFrame({"Channel": ["search", "display"], "Customers": [120, 40]})
    parts = {
        "key": "sources",
        "question": "Where do revenue and cost come from?",
        "headline": "58 % of revenue came from reorders and referrals, on 13 % of the budget.",
        "name": "Customers by channel",
        "snapshot": SNAPSHOT,
        "figure": bar_figure(list(table["Channel"]), list(table["Customers"])),
        "table": table,
        "points": ("Search brings three of four.", "Display brings the rest."),
        "method": "Orders are counted by the channel on record.",
        "evidence": "Counted",
        "question_asked": "Would they not have come anyway?",
        "reply": "A holdout of 10 % says: six of ten would.",
        "note": "Say this slowly.",
        "page": "sources",
    }
    return Slide(**(parts | more))


def bar_figure(names: list[str], values: list[float]):
    """Horizontal bars, one for each name; text is escaped as everywhere in charts."""
    from html import escape

    bars = {"type": "bar", "orientation": "h", "x": values, "y": [escape(name) for name in names]}
    return charts.figure([bars], "Customers by channel", x={"title": "customers"}, height=320)


def headline_numbers() -> pd.DataFrame:
    """One figure of every unit, and one that is not known."""
    nan = float("nan")
    rows = [
        ("cac", "Cost to win a customer", 61.25, nan, nan, "money"),
        ("repeat_rate", "Customers who ordered again", 0.421, 0.4, 0.44, "share"),
        ("retention_roi", "Return on retention spend", 1.63, 1.31, 1.94, "ratio"),
        ("customers", "Customers", 6021.0, nan, nan, "count"),
        ("payback", "Payback", nan, nan, nan, "count"),
    ]
    return pd.DataFrame(rows, columns=list(HEADLINE_COLUMNS))


def sample_story(workspace) -> Story:
    """Every chart of every page, made of the workspace, one slide each, in the order of the pages."""
    makers = (
        _case,
        _sources,
        _credit,
        _value,
        _retention,
        _funnels,
        _referrals,
        _incentives,
        _scorecard,
        _budget,
    )
    slides = [made for maker in makers for made in maker(workspace)]
    return story(
        *slides,
        currency=workspace.settings.currency,
        snapshot=workspace.snapshot,
        missing=("Social selling: " + LOAD,),
    )


def _of(workspace, question: str, headline: str, evidence: str = ""):
    """A function that makes the slides of one page."""

    def made(name: str, figure, table=None, **more) -> Slide:
        return slide(
            key=name.lower().replace(" ", "-"), question=question, headline=headline, name=name,
            snapshot=workspace.snapshot, figure=figure, table=pd.DataFrame() if table is None else table,
            evidence=evidence, points=more.pop("points", ()), **more,
        )  # fmt: skip

    return made


def _case(workspace) -> list[Slide]:
    found = case(workspace)
    made = _of(
        workspace, "Should the next budget go to new or to existing customers?", found.sentence, "C: assumed"
    )
    days, currency = found.window, workspace.settings.currency
    shown = [
        made(
            "Return by lens", charts.lens_chart(found.lenses, "needs response curves, from four quarters or more"),
            tables.lens_table(found.lenses), points=(found.naive_sentence, found.evidence_sentence),
        ),
        made(
            "Break-even", charts.break_even_chart(found.break_even_lines, found.break_even, found.baseline, found.grade),
            tables.break_even_table(found.break_even_lines), points=(found.break_even_sentence,),
        ),
        made("Revenue by quarter", charts.revenue_chart(found.revenue_by_quarter, days.first_day, days.last_day, currency),
             tables.revenue_table(found.revenue_by_quarter)),
    ]  # fmt: skip
    if found.effect and found.effect.overlap is not None:
        shown.append(made("Overlap", effect_charts.overlap_chart(found.effect.overlap), found.effect.overlap))
    return shown


def _sources(workspace) -> list[Slide]:
    found, currency = sources(workspace), workspace.settings.currency
    made = _of(workspace, "Where do revenue and cost come from?", found.sentence)
    loaded = coverage(workspace)
    return [
        made("Shares", charts.share_bars(found.bars, currency), tables.bar_table(found.bars)),
        made("Revenue by channel and quarter", charts.channel_heat(found.by_quarter, currency),
             tables.quarter_table(found.by_quarter)),
        made("Coverage", charts.coverage_chart(loaded.months, loaded.kinds), tables.coverage_table(loaded.months)),
    ]  # fmt: skip


def _credit(workspace) -> list[Slide]:
    found = channel_credit.channel_credit(workspace)
    made = _of(workspace, "Which channels deserve the credit?", found.sentence, "B: modelled")
    return [
        made("Credit by channel", credit_charts.slope_chart(found), credit_tables.credit_table(found)),
        made("Recorded credit", credit_charts.credit_bars(found), credit_tables.credit_table(found)),
        made("Top paths", credit_charts.path_chart(found), credit_tables.path_table(found)),
        made("What follows", credit_charts.step_chart(found), credit_tables.step_table(found)),
    ]


def _value(workspace) -> list[Slide]:
    found = customer_value(workspace)
    made = _of(
        workspace, "What is a deal, and a customer, worth?", found.sentence, "B: modelled, tested on 90 days"
    )
    lines, equity = found.deals.lines, found.equity
    return [
        made("Value against CAC", value_charts.value_against_cac(found), value_tables.channel_table(found)),
        made("Payback by cohort", value_charts.payback_chart(found), value_tables.payback_table(found)),
        made("Customer equity", value_charts.equity_chart(equity, found.measure, found.currency),
             value_tables.equity_table(equity)),
        made("Deal value", value_charts.deal_chart(lines, found.currency), value_tables.deal_table(lines)),
        made("Foretold and actual orders", value_charts.holdout_chart(found.holdout.by_frequency),
             value_tables.holdout_table(found.holdout.by_frequency)),
    ]  # fmt: skip


def _retention(workspace) -> list[Slide]:
    found = leaving(workspace, None, None, learn(workspace))
    made = _of(workspace, "Who stays, who is leaving, whom to save?", found.sentence)
    cells = found.cohorts.table(IN_MONTH, "customers")
    third = found.cohorts.at_age(3, IN_MONTH, "customers")
    lines = revenue_retention(workspace, Filters(), 1)
    judged = found.forecast.judged
    return [
        made("Cohorts", retention_charts.cohort_heat(cells, found.cohorts.curve(IN_MONTH, "customers"), "Customers who ordered in the month, in percent"),
             retention_tables.cohort_table(cells)),
        made("One month over time", retention_charts.age_chart(third, 3, "Month 3 from cohort to cohort", True),
             retention_tables.cohort_table(third)),
        made("Revenue retention", retention_charts.quarter_chart(lines, "Revenue kept from the same customers, by quarter"),
             retention_tables.quarter_table(lines)),
        made("Calibration", retention_charts.calibration_chart(judged.calibration),
             retention_tables.calibration_table(judged.calibration)),
        made("Lift", retention_charts.lift_chart(judged.lift, judged.churn_rate), retention_tables.lift_table(judged.lift)),
    ]  # fmt: skip


def _funnels(workspace) -> list[Slide]:
    found = funnels(workspace)
    made = _of(workspace, "AIDAS against the flipped funnel", found.sentence)
    yields = found.yields_by_quarter
    named = difference_choices(workspace).of(QUARTERS)
    difference = funnel_difference(workspace, Filters(), None, QUARTERS, named[0], named[1])
    return [
        made("Both funnels", funnel_picture.funnel_picture(found), funnel_tables.stage_table(found)),
        made("Yield at the end", funnel_charts.yield_chart(yields, ("satisfaction", "new customers"), "At the end: satisfied customers and new ones, per 1,000 of cost"),
             funnel_tables.yield_table(yields)),
        made("Yield on the way", funnel_charts.yield_chart(yields, ("acknowledgement", "activation"), "On the way: thanked and activated, per 1,000 of cost"),
             funnel_tables.yield_table(yields)),
        made("Difference", funnel_charts.difference_chart(difference), funnel_tables.difference_table(difference)),
    ]  # fmt: skip


def _referrals(workspace) -> list[Slide]:
    found = referrals(workspace)
    made = _of(workspace, "Who brings whom?", found.sentence)
    leads, currency = found.leads, found.currency
    titles = ("lifetime value (CLV): expected over 12 months", "referral value (CRV)")
    trees = referral_tables.tree_table(found.communities)
    return [
        made("Generations", referral_charts.generation_chart(found.generations.totals, currency),
             referral_tables.generation_table(found.generations)),
        made("Second generation by quarter", referral_charts.second_generation_chart(found.generations),
             referral_tables.generation_quarter_table(found.generations)),
        made("Map of customers", referral_charts.map_chart(found.points, found.map, currency, titles),
             referral_tables.map_table(found.map)),
        made("Largest trees", referral_charts.tree_chart(found.communities, currency), trees,
             personal=tuple(trees.columns[:1])),
        made("Three Cs", referral_charts.kind_chart(found.kinds, currency, "worth of each"),
             referral_tables.kind_table(found.kinds)),
        made("Referred against others", referral_charts.lead_chart(leads.by_quarter, leads.margin.difference, "Referred customers against comparable others: margin of the first 12 months", currency),
             referral_tables.lead_table(leads)),
    ]  # fmt: skip


def _incentives(workspace) -> list[Slide]:
    found = incentives(workspace)
    made = _of(workspace, "Which reward, for whom, after how long?", found.sentence)
    cells = found.cells[found.cells["programme"] == ALL]
    return [
        made("Incentives by segment and tenure", incentive_charts.grid_chart(cells, "Margin caused per unit of cost, by segment and tenure: all programmes"),
             incentive_tables.table(cells)),
        made("Programmes", incentive_charts.programme_chart(found.programmes), incentive_tables.table(found.programmes)),
        made("Bought anyway", incentive_charts.buyer_chart(found.buyers), incentive_tables.table(found.buyers)),
        made("Reward schedule", incentive_charts.schedule_chart(found.schedule, found.currency),
             incentive_tables.table(found.schedule)),
    ]  # fmt: skip


def _scorecard(workspace) -> list[Slide]:
    found = scorecard(workspace)
    made = _of(workspace, "How did the quarter go for existing customers?", found.sentence)
    people = found.people
    numbers = scorecard_tables.people_numbers(people)
    return [
        made("Shares of the quarter", scorecard_charts.share_chart(found.lines), scorecard_tables.figure_table(found)),
        made("Quarter by quarter", scorecard_charts.history_chart(found.line("repeat_rate")),
             scorecard_tables.history_table(found.line("repeat_rate"))),
        made("People", scorecard_charts.people_chart(people.of("repeat"), "Customers who came back, against what is expected", found.currency),
             numbers, personal=tuple(numbers.columns[:1])),
    ]  # fmt: skip


def _budget(workspace) -> list[Slide]:
    found = budget(workspace)
    made = _of(workspace, "What if we moved the money?", found.sentence, "B: adjusted · 80 % interval")
    simulation, currency = found.simulation, found.currency
    best = simulation.of(found.recommended)
    model = found.model
    line = next(line for line in model.lines if line.motion == "acquisition")
    points = curve_points(model, line, 1.6 * max(line.spend))
    scenarios = [("plan in hand", best), ("today", simulation.of(found.current))]
    return [
        made("Equity by share on existing customers", budget_charts.frontier_chart(found, best, simulation.observed_shares),
             budget_tables.frontier_table(found)),
        made("Response curve", budget_charts.curve_chart(found, line, points, best.spend[line.name], found.recommended[line.name]),
             budget_tables.curve_table(points)),
        made("Cash and value", budget_charts.cash_chart(best.cash, currency), budget_tables.cash_table(best.cash)),
        made("Gain of the scenarios", budget_charts.compare_chart(scenarios, currency),
             budget_tables.compare_table(scenarios, currency)),
        made("Plan and outcome", budget_charts.plan_chart(said_and_happened())),
    ]  # fmt: skip


def said_and_happened() -> SaidAndHappened:
    """Three months of a plan."""
    months = pd.DataFrame(
        {
            "month": [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)],
            "foreseen": [140.0, 142.0, 143.0], "low": [120.0, 121.0, 122.0], "high": [160.0, 163.0, 165.0],
            "came": [151, 118, 140], "inside": np.array([True, False, True]),
        }
    )  # fmt: skip
    return SaidAndHappened(Plan({}, (), date(2026, 7, 1), (), (), ()), "EUR", months)
