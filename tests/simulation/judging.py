"""What the dashboard says of a simulated company, held against what is true of it."""

import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.decisions.budget_inputs import read_inputs
from analytics.decisions.budget_split import Wish, split
from analytics.decisions.case import Case, case
from analytics.decisions.interval import Interval
from analytics.decisions.period import read_known
from analytics.decisions.verdict import ACQUISITION, RETENTION
from analytics.warehouse import loading
from analytics.warehouse.filters import Filters
from analytics.warehouse.loading import Request
from analytics.warehouse.store import Workspace
from tests.simulation.companies import Company, company
from tests.simulation.truth import Truth

ENOUGH = 0.95  # of what the best split earns
NEARER = 5.0  # times that the causal estimate is to be nearer than the naive one
Z = 1.959964  # of a 95 % range
COLUMNS = ("kind", "measure", "count", "of", "share", "low", "high")


@dataclass(frozen=True)
class Split:
    """What the true world earns in 12 months, EUR: as today, as recommended, and at best with the same total."""

    today: float
    recommended: float
    best: float

    @property
    def enough(self) -> bool:
        return self.recommended >= self.best - (1 - ENOUGH) * abs(self.best)

    @property
    def worse_than_today(self) -> bool:
        return self.recommended < self.today - 1e-6 * abs(self.today)


@dataclass(frozen=True)
class Judgement:
    """One company: its true and stated incremental ROIs, the verdict, the naive estimate, the split (None: no advice).

    naive_roi: retention's, from customers who were touched against those who never were.
    """

    kind: str
    seed: int
    grade: str
    verdict: str | None
    better: str
    true_acquisition_roi: float
    true_retention_roi: float
    acquisition_roi: Interval
    retention_roi: Interval
    naive_roi: float
    split: Split | None

    @property
    def acquisition_covered(self) -> bool | None:
        return _covers(self.acquisition_roi, self.true_acquisition_roi)

    @property
    def retention_covered(self) -> bool | None:
        return _covers(self.retention_roi, self.true_retention_roi)

    @property
    def says(self) -> bool:
        """Whether it names one of both motions."""
        return self.verdict in (RETENTION, ACQUISITION)

    @property
    def wrong(self) -> bool | None:
        """Whether it names the motion that is not better; where both are even, either is wrong."""
        return self.verdict != self.better if self.says else None

    @property
    def naive_distance(self) -> float:
        return abs(self.naive_roi - self.true_retention_roi)

    @property
    def causal_distance(self) -> float:
        return abs(self.retention_roi.value - self.true_retention_roi)

    @property
    def honest(self) -> bool:
        """The causal estimate is at least NEARER times nearer than the naive one, or no side is named."""
        return not self.says or NEARER * self.causal_distance <= self.naive_distance


def judge(kind: str, seed: int) -> Judgement:
    """Loads the company into a workspace of its own and asks for the case and the split of the budget."""
    made = company(kind, seed)
    with tempfile.TemporaryDirectory() as folder, Workspace.open(Path(folder) / "workspace") as workspace:
        load(workspace, made, Path(folder))
        found = case(workspace)
        return judged(seed, made, found, recommended_split(workspace, found, made.truth))


def judge_all(kinds: Iterable[str], seeds: Iterable[int], jobs: int = 1) -> list[Judgement]:
    """Every kind with every seed, in that order; jobs: how many processes share the work."""
    return list(judge_each([(kind, seed) for kind in kinds for seed in seeds], jobs))


def judge_each(pairs: list[tuple[str, int]], jobs: int = 1) -> Iterator[Judgement]:
    """Each kind and seed as soon as it is judged, in their order."""
    if jobs <= 1 or not pairs:
        yield from (judge(kind, seed) for kind, seed in pairs)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(judge, *zip(*pairs, strict=True))


def load(workspace: Workspace, made: Company, folder: Path) -> None:
    """All exports of the company; nothing is discounted, because the truth is not.

    Stored together, as the sample company is: five uploads one after the other would build all tables five times.
    """
    workspace.change_settings(discount_rate=0.0)
    books = workspace._books
    requests = [Request(file, name) for name, file in made.write(folder).items()]
    with books.scratch_directory() as scratch:
        places = [scratch / request.path.stem for request in requests]
        for place in places:
            place.mkdir()
        read = [
            (loading.read_file(books, one, place), one) for one, place in zip(requests, places, strict=True)
        ]
        with books.lock:
            for receipt in loading.store(books, read, dry_run=False, tell=lambda _phase: None):
                if not receipt.committed:
                    raise AssertionError(f"An export was not loaded: {receipt.reading.messages}")


def judged(seed: int, made: Company, found: Case, split: Split | None) -> Judgement:
    truth = made.truth
    return Judgement(
        kind=truth.kind.name,
        seed=seed,
        grade=found.grade,
        verdict=found.verdict,
        better=truth.better,
        true_acquisition_roi=truth.acquisition_roi,
        true_retention_roi=truth.retention_roi,
        acquisition_roi=found.acquisition.incremental.roi,
        retention_roi=found.retention.incremental.roi,
        naive_roi=naive_retention_roi(made),
        split=split,
    )


def recommended_split(workspace: Workspace, found: Case, truth: Truth) -> Split | None:
    """The advice run in the true world; None where there is no advice."""
    advice = split_of_the_budget(workspace, found)
    if advice is None:
        return None
    current, recommended = (_known(spend, truth) for spend in advice)
    return Split(
        truth.earns(current),
        truth.earns(recommended),
        truth.best_earnings(sum(recommended.values())),
    )


def split_of_the_budget(
    workspace: Workspace, found: Case
) -> tuple[Mapping[str, float], Mapping[str, float]] | None:
    """Today's split and the recommended one, of a case that is known: what `budget` says, without all else that it says."""
    known = read_known(workspace)
    model = (
        None if known is None else read_inputs(workspace, Filters(), found.assumptions, found, known).model
    )
    return None if model is None else (model.current, split(model, Wish()).spend)


def _known(split: Mapping[str, float], truth: Truth) -> dict[str, float]:
    return {name: float(split.get(name, 0.0)) for name in truth.kind.names}


def naive_retention_roi(made: Company) -> float:
    """Margin per month of touched customers, from their first touch on, above that of customers never touched.

    What a report of "customers in the programme against the others" would say: it takes for an effect that good
    customers are the ones who are touched.
    """
    touches = made.touchpoints[made.touchpoints["channel"].isin(made.truth.programmes)]
    if "arm" in touches:
        touches = touches[touches["arm"] == "treated"]
    first_touch = pd.to_datetime(touches.groupby("customer_id")["touched_at"].min())
    orders = made.reorders.assign(day=pd.to_datetime(made.reorders["order_date"]))
    bought = pd.concat([made.sales, made.reorders]).groupby("customer_id")["order_date"].min()
    since = pd.to_datetime(bought).reindex(bought.index.union(first_touch.index))
    since.update(first_touch)
    end = orders["day"].max()
    months = (end - since).dt.days.clip(lower=0) * 12 / 365.25
    counted = orders[orders["day"] >= since.reindex(orders["customer_id"]).to_numpy()]
    margin = counted.groupby("customer_id")["margin"].sum().reindex(since.index, fill_value=0.0)
    touched = since.index.isin(first_touch.index)
    rate = margin[~touched].sum() / months[~touched].sum()
    caused = margin[touched].sum() - rate * months[touched].sum()
    return float(caused / made.truth.retention.cost - 1)


def table(judgements: Iterable[Judgement]) -> pd.DataFrame:
    """Frame of COLUMNS: per kind (and for "all") how often each measure holds, with its 95 % Wilson range.

    acquisition_covered, retention_covered: of the companies whose ROI is known. says: names a motion. wrong: of those
    that do. honest: see Judgement. enough, worse_than_today: of the companies with a recommended split.
    """
    judged = list(judgements)
    kinds = list(dict.fromkeys(one.kind for one in judged))
    rows = []
    for kind in [*kinds, "all"]:
        chosen = [one for one in judged if kind in (one.kind, "all")]
        for measure, answers in _measures(chosen).items():
            known = [answer for answer in answers if answer is not None]
            rows.append((kind, measure, sum(known), len(known), *wilson(sum(known), len(known))))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _measures(judged: list[Judgement]) -> dict[str, list[bool | None]]:
    return {
        "acquisition_covered": [one.acquisition_covered for one in judged],
        "retention_covered": [one.retention_covered for one in judged],
        "says": [one.says for one in judged],
        "wrong": [one.wrong for one in judged],
        "honest": [one.honest for one in judged],
        "enough": [one.split.enough if one.split else None for one in judged],
        "worse_than_today": [one.split.worse_than_today if one.split else None for one in judged],
    }


def wilson(count: int, of: int) -> tuple[float, float, float]:
    """A share and its 95 % range (Wilson 1927); NaN where there is nothing to count."""
    if not of:
        return math.nan, math.nan, math.nan
    share, z2 = count / of, Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    return share, max(0.0, middle - half), min(1.0, middle + half)


def _covers(found: Interval, true: float) -> bool | None:
    return bool(found.low <= true <= found.high) if np.isfinite([found.low, found.high]).all() else None
