"""The page on which the judgements stand: docs/truth.md."""

from collections.abc import Callable
from statistics import median
from textwrap import fill

import pandas as pd

from analytics.warehouse.settings import Settings
from tests.simulation.judging import ENOUGH, NEARER, Judgement, table
from tests.simulation.truth import Truth, truth_of

DESCRIPTIONS = {
    "retention": "channels nearly exhausted, programmes strong and small; 15 % of customers held out",
    "acquisition": "channels with room to grow, programmes weak and at their ceiling; 15 % held out",
    "even": "both motions return the same; 15 % held out",
    "confounded": "keen customers get the touches, which do little; nobody is held out",
    "tiny": "under 300 customers in eight months; 15 % held out",
}
HEAD = """# Is it right? The dashboard against companies whose truth is known

Written by `make truth`; the code is in `tests/simulation/`, and `make test` judges a tenth as many companies.

Five kinds of company are simulated by code of their own, which shares nothing with the sample company's. Each is
exported as CSV, loaded like any upload, and asked for its case with the settings as they come (only the discount rate
is 0, because nothing in the truth is discounted). What the dashboard says is then held against what is true.

## The companies
Customers arrive through channels, Poisson(base + ceiling × (1 − e^(−k × spend))) a month; they order as a Poisson
process at a rate that is gamma-distributed among them, until they leave for good after a time of their own; order values
are gamma-distributed around each customer's usual one. Programmes touch customers on the first of a month, by what these
ordered in the three months before; in that month a touch multiplies the order rate by 1 + ceiling × (1 − e^(−k × spend)) ×
2 / (1 + rate / mean rate), so that it moves heavy buyers least. One programme asks for referrals instead. Spend varies by
month between 0.4 and 1.6 times its level, with one month's pause; programmes begin in month 4.

A programme changes how often customers order, not when they leave, and whom it touches depends only on the months in
which they ordered. So everything true is a finite sum over types of customer and these months: an expectation, no draw.
The definitions are those of `data/sample/README.md`: acquisition owns the first 12 months' margin of the customers it
caused, without programmes, and of friends they bring unasked; retention owns the change in margin of customers who are
there anyway and the first 12 months' margin of friends who would not have come. The truth of a kind is the same for all
seeds; a seed decides who happens to come, order and be held out.

Methods were tuned on the seeds from 1000 on, and seeds from 0 to 15 were looked at while that was done; what is judged below
has seeds from 200 on, which nobody had seen. The kinds are the same and were known when priors and rules were chosen, so
what helps all companies of such kinds alike can have been tuned to, what happens in single ones cannot.
"""
MEASURES = """
## What was found
Shares with their 95 % range (Wilson). *Covered*: the 80 % interval holds the true incremental ROI; 70 to 90 % is wanted.
*Names a side*: the verdict is retention or acquisition. *Wrong*: of those, how many name the side that is not better;
where both are even, either is wrong; under 10 % is wanted over all companies.
"""
DISTANCES = f"""
## How far off
Medians over the seeds. *Naive*: retention's ROI if touched customers are compared with those never touched.
*Distance*: from the true ROI. Where keen customers are touched the naive estimate is to be far off, and the dashboard's
at least {NEARER:.0f} times nearer, or it is to say that it cannot tell.
"""
SPLITS = f"""
## What the advice earns
The recommended monthly split is run for 12 months in the true world, beside today's and the best of the same total. It
is to earn at least {ENOUGH:.0%} of the best, and less than today's in at most 10 % of the companies. The advice goes towards
the split that is best on average as far as at most one draw in twenty loses by it, and leaves each line that may earn its
cost half of its spend; where every step is less sure, it stays.
"""
NO_SPLITS = """
## What the advice earns
No split was recommended to any of these companies, so there is nothing to judge yet.
"""
ASSUMED = """
## What this does not show
{count} of the {of} companies were judged with evidence grade C: the part of reorders that would have come anyway was
assumed ({assumed}), not learnt from the company. An interval then holds the truth where the assumption happens to, and a
verdict is conditional on it; {baselines}. Read the figures of those companies as what an assumption is worth, not as a
test of a method.
"""
LIMITS = """
## Limits
The companies obey rules that a model can learn: no seasons, no competitors, no memory of past spend, effects that end
with the month of the touch. A method that fails here is wrong; one that passes is not thereby right for a real company.
"""


def page(judgements: list[Judgement]) -> str:
    """Markdown."""
    shares = table(judgements)
    kinds = list(dict.fromkeys(one.kind for one in judgements))
    splits = [one for one in judgements if one.split]
    parts = [HEAD, _truths([truth_of(kind) for kind in kinds]), MEASURES, _found(judgements, shares, kinds)]
    parts += [DISTANCES, _distances(judgements, shares, kinds)]
    parts += [SPLITS, _splits(splits, shares)] if splits else [NO_SPLITS]
    assumed = [one for one in judgements if one.grade == "C"]
    if assumed:
        baselines = ", ".join(f"{truth_of(kind).baseline_share:.2f} ({kind})" for kind in kinds)
        parts.append(
            _filled(
                ASSUMED.format(
                    count=len(assumed),
                    of=len(judgements),
                    assumed=f"{Settings().baseline_share:g} ± {Settings().baseline_share_range:g}",
                    baselines=f"the true baseline shares are {baselines}",
                )
            )
        )
    return "".join([*parts, LIMITS])


def _filled(section: str) -> str:
    """A heading and one paragraph, its lines broken anew."""
    heading, paragraph = section.strip().split("\n", 1)
    return f"\n{heading}\n{fill(' '.join(paragraph.split()), 120)}\n"


def _truths(truths: list[Truth]) -> str:
    rows = [
        (
            one.kind.name,
            DESCRIPTIONS[one.kind.name],
            _roi(one.acquisition_roi),
            _roi(one.retention_roi),
            one.better,
            f"{one.baseline_share:.3f}",
            _by_name(one.marginal_roi, _roi),
            _by_name(one.today, _money),
            _by_name(one.best_split(sum(one.today.values())), _money),
            f"{one.earns(one.today) / one.best_earnings(sum(one.today.values())):.1%}",
        )
        for one in truths
    ]
    head = ("kind", "what it is", "acquisition ROI", "retention ROI", "better", "baseline share")
    budget = ("kind", "marginal ROI in the window", "today's monthly split", "best split of the same total",
              "today's earns, of the best")  # fmt: skip
    return _markdown(head, [row[:6] for row in rows]) + _markdown(budget, [row[:1] + row[6:] for row in rows])


def _found(judgements: list[Judgement], shares: pd.DataFrame, kinds: list[str]) -> str:
    measures = ("acquisition_covered", "retention_covered", "says", "wrong")
    rows = []
    for kind in [*kinds, "all"]:
        chosen = [one for one in judgements if kind in (one.kind, "all")]
        grades = "/".join(sorted({one.grade for one in chosen}))
        rows.append((kind, str(len(chosen)), grades, *(_share(shares, kind, name) for name in measures)))
    head = ("kind", "companies", "grade", "acquisition ROI covered", "retention ROI covered", "names a side",
            "wrong, of those")  # fmt: skip
    return _markdown(head, rows)


def _distances(judgements: list[Judgement], shares: pd.DataFrame, kinds: list[str]) -> str:
    rows = []
    for kind in kinds:
        chosen = [one for one in judgements if one.kind == kind]
        truth = truth_of(kind)
        rows.append(
            (
                kind,
                f"{_roi(truth.acquisition_roi)} / {_middle(chosen, lambda one: one.acquisition_roi.value)}",
                f"{_roi(truth.retention_roi)} / {_middle(chosen, lambda one: one.retention_roi.value)}",
                _middle(chosen, lambda one: one.naive_roi),
                _middle(chosen, lambda one: one.naive_distance).lstrip("+"),
                _middle(chosen, lambda one: one.causal_distance).lstrip("+"),
                _share(shares, kind, "honest"),
            )
        )
    head = ("kind", "acquisition ROI, true / said", "retention ROI, true / said", "naive retention ROI",
            "naive distance", "dashboard's distance", "at least 5 times nearer, or no side named")  # fmt: skip
    return _markdown(head, rows)


def _splits(splits: list[Judgement], shares: pd.DataFrame) -> str:
    kinds = list(dict.fromkeys(one.kind for one in splits))
    rows = []
    for kind in [*kinds, "all"]:
        earned = [
            one.split.recommended / one.split.best
            for one in splits
            if kind in (one.kind, "all") and one.split
        ]
        enough, worse = (_share(shares, kind, name) for name in ("enough", "worse_than_today"))
        rows.append((kind, str(len(earned)), f"{median(earned):.1%}", enough, worse))
    head = (
        "kind",
        "companies",
        "median share of the best",
        f"earns at least {ENOUGH:.0%}",
        "earns less than today's",
    )
    return _markdown(head, rows)


def _share(shares: pd.DataFrame, kind: str, measure: str) -> str:
    row = shares[(shares["kind"] == kind) & (shares["measure"] == measure)].iloc[0]
    return f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})" if row["of"] else "n/a"


def _middle(chosen: list[Judgement], value: Callable[[Judgement], float]) -> str:
    known = [value(one) for one in chosen if value(one) == value(one)]
    return _roi(median(known)) if known else "n/a"


def _by_name(numbers: dict[str, float], written: Callable[[float], str]) -> str:
    return ", ".join(f"{name} {written(number)}" for name, number in numbers.items())


def _roi(number: float) -> str:
    return f"{number:+.2f}"


def _money(number: float) -> str:
    return f"{number:,.0f}"


def _markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
