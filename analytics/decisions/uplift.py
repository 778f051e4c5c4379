"""What a programme caused: measured on a holdout (grade A), or adjusted for what was known before (grade B)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.interval import NOT_KNOWN, Interval, of_total

FEWEST_CUSTOMERS = 10  # in an arm; below it nothing can be told
FOLDS = 5
SEED = 2_013
OVERLAP = (
    0.02,
    0.98,
)  # whose propensity lies beyond was (nearly) never or always treated: nobody to compare with
OVERLAP_COLUMNS = ("low", "high", "treated", "untreated")
BINS = 20


@dataclass(frozen=True, eq=False)
class Adjusted:
    """effect: mean difference per customer with its 80 % interval. customers: how many it rests on; trimmed: how many
    were left out, as nobody like them was in the other group. e_value: how strongly an unseen cause would have to go
    along with treatment and with outcome (risk ratio of each) to explain the effect away; e_value_of_end: the same for
    the interval's end nearest 0 (1: the interval holds 0). overlap: frame of OVERLAP_COLUMNS, customers by propensity.
    """

    effect: Interval = NOT_KNOWN
    trimmed: int = 0
    e_value: float = NAN
    e_value_of_end: float = NAN
    customers: int = 0
    overlap: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OVERLAP_COLUMNS)))


def measured(outcome, treated, before=None) -> Interval:
    """Mean effect per customer of having been in the treated arm of a randomised test (intention to treat).

    outcome: (n,) money or counts. treated: (n,) booleans. before: None, (n,) or (n, k) amounts known before the first
    eligible touch: the outcome is then adjusted for them with one slope for both arms (CUPED; Deng, Xu, Kohavi, Walker
    2013), which narrows the interval and changes the expected effect not at all. 80 % interval from the sums of powers
    of the customers' influences. Unknown when an arm holds fewer than FEWEST_CUSTOMERS, or an outcome is not known.
    """
    y, arm = np.asarray(outcome, dtype=float), np.asarray(treated, dtype=bool)
    _check_lengths(y, arm)
    if min(arm.sum(), (~arm).sum()) < FEWEST_CUSTOMERS or not np.isfinite(y).all():
        return NOT_KNOWN
    if before is not None:
        y = y - _foretold(y, arm, _columns(before, len(y)))
    effect, influence = 0.0, np.empty(len(y))
    for mask, sign in ((arm, 1.0), (~arm, -1.0)):
        count, mean = int(mask.sum()), float(y[mask].mean())
        effect += sign * mean
        # n − 1: the arm's own mean takes up a part of its spread
        influence[mask] = sign * (y[mask] - mean) / math.sqrt(count * (count - 1))
    return of_total(effect, float(np.sum(influence**2)), float(np.sum(influence**3)))


def adjusted(outcome, treated, covariates, among: str = "all", clusters=None) -> Adjusted:
    """Mean effect per customer where treatment was not drawn by lot: augmented inverse propensity weighting.

    outcome: (n,). treated: (n,) booleans. covariates: (n, k) array or frame of what was known before the treatment;
    words become indicators. among: "all" or "treated", whose mean effect. clusters: (n,) names of who the rows belong
    to, where one customer has several (they stay in one fold, and vary together). Propensities (logistic regression) and
    outcomes (ridge regression per group), both on covariates, squares and products, are foretold for each of FOLDS
    folds by the others (Chernozhukov et al. 2018). Right when either of the two models is; never proof. Customers
    beyond OVERLAP are left out and counted.
    """
    y, arm = np.asarray(outcome, dtype=float), np.asarray(treated, dtype=bool)
    _check_lengths(y, arm)
    if min(arm.sum(), (~arm).sum()) < FOLDS * FEWEST_CUSTOMERS or not np.isfinite(y).all():
        return Adjusted()
    x = _numbers(covariates)
    who = np.arange(len(y)) if clusters is None else pd.factorize(np.asarray(clusters))[0]
    fold = (np.random.default_rng(SEED).permutation(who.max() + 1) % FOLDS)[who]
    propensity, with_it, without = (np.empty(len(y)) for _part in range(3))
    for number in range(FOLDS):
        there, rest = fold == number, fold != number
        propensity[there] = _propensity(x[rest], arm[rest], x[there])
        with_it[there] = _expected(x[rest & arm], y[rest & arm], x[there])
        without[there] = _expected(x[rest & ~arm], y[rest & ~arm], x[there])
    return doubly_robust(y, arm, propensity, with_it, without, among, who)


def doubly_robust(
    outcome, treated, propensity, with_it, without, among: str = "all", clusters=None
) -> Adjusted:
    """The estimate from given nuisances (n,): propensities, expected outcomes with and without the treatment.
    clusters: None, or (n,) whole numbers from 0 on that name the customers.

    among all (Robins, Rotnitzky, Zhao 1994): mean of m₁ − m₀ + t (y − m₁) / e − (1 − t) (y − m₀) / (1 − e); among the
    treated: mean of t (y − m₀) − (1 − t) (y − m₀) e / (1 − e), over the share treated.
    """
    y, arm, e = np.asarray(outcome, float), np.asarray(treated, bool), np.asarray(propensity, float)
    m1, m0 = np.asarray(with_it, float), np.asarray(without, float)
    shown = _overlap(e, arm)
    kept = (e >= OVERLAP[0]) & (e <= OVERLAP[1])
    trimmed = int((~kept).sum())
    y, arm, e, m1, m0 = (part[kept] for part in (y, arm, e, m1, m0))
    if min(arm.sum(), (~arm).sum()) < FEWEST_CUSTOMERS:
        return Adjusted(trimmed=trimmed, customers=len(y), overlap=shown)
    effect, influence = _among_all(y, arm, e, m1, m0) if among == "all" else _among_treated(y, arm, e, m0)
    if clusters is not None:
        influence = np.bincount(np.asarray(clusters)[kept], influence)
    interval = of_total(effect, float(np.sum(influence**2)), float(np.sum(influence**3)))
    deviation = math.sqrt((y[arm].var(ddof=1) + y[~arm].var(ddof=1)) / 2)
    nearest = _nearest_zero(interval)
    return Adjusted(interval, trimmed, e_value(effect, deviation), e_value(nearest, deviation), len(y), shown)


def e_value(effect: float, deviation: float) -> float:
    """E-value of a mean difference: the risk ratio is taken as exp(0.91 × effect / standard deviation of the outcome)
    (VanderWeele, Ding 2017; the conversion is Chinn's, 2000).
    """
    if not (math.isfinite(effect) and deviation > 0):
        return NAN
    return e_value_of_ratio(math.exp(0.91 * effect / deviation))


def e_value_of_ratio(risk_ratio: float) -> float:
    """E-value of a risk ratio: RR + √(RR (RR − 1)); of its inverse below 1."""
    ratio = max(risk_ratio, 1 / risk_ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def _check_lengths(outcome: np.ndarray, treated: np.ndarray) -> None:
    if outcome.shape != treated.shape or outcome.ndim != 1:
        raise ValueError(
            f"Outcome {outcome.shape} and treated {treated.shape} have to be two columns of one length."
        )


def _columns(before, count: int) -> np.ndarray:
    columns = np.asarray(before, dtype=float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if len(columns) != count:
        raise ValueError(f"before has {len(columns)} rows for {count} outcomes.")
    return columns


def _foretold(y: np.ndarray, arm: np.ndarray, before: np.ndarray) -> np.ndarray:
    """What the amounts before foretell of the outcome, around its mean: slopes from within the arms."""
    within_y, within = y.copy(), before.copy()
    for mask in (arm, ~arm):
        within_y[mask] -= y[mask].mean()
        within[mask] -= before[mask].mean(axis=0)
    slopes = np.linalg.lstsq(within, within_y, rcond=None)[0]
    return (before - before.mean(axis=0)) @ slopes


def _numbers(covariates) -> np.ndarray:
    """Standardised columns: numbers, their squares and products, words as indicators; what is not known is the mean,
    with an indicator of its own.
    """
    frame = pd.DataFrame(covariates)
    words = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    numbers = frame.drop(columns=words).astype(float)
    unknown = numbers.isna().to_numpy()
    unknown = unknown[:, unknown.any(axis=0)].astype(float)
    base = _standardised(numbers.fillna(numbers.mean()).fillna(0.0).to_numpy())
    products = [base[:, i] * base[:, j] for i in range(base.shape[1]) for j in range(i + 1)]
    parts = [base, unknown, *(column[:, None] for column in products)]
    if words:
        told = frame[words].astype("object")
        parts.append(pd.get_dummies(told, dummy_na=True, drop_first=True, dtype=float).to_numpy())
    return _standardised(np.concatenate(parts, axis=1))


def _standardised(columns: np.ndarray) -> np.ndarray:
    """Columns around 0 with a deviation of 1; those that are the same everywhere are left out."""
    spread = columns.std(axis=0)
    kept = spread > 1e-12
    return (columns[:, kept] - columns[:, kept].mean(axis=0)) / spread[kept]


def _propensity(x: np.ndarray, arm: np.ndarray, asked: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    if not x.shape[1]:
        return np.full(len(asked), arm.mean())
    # a few steps with the whole curvature: with hundreds of columns ten times faster than the default
    return LogisticRegression(C=0.3, solver="newton-cholesky").fit(x, arm).predict_proba(asked)[:, 1]


def _expected(x: np.ndarray, y: np.ndarray, asked: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import Ridge

    return Ridge(10.0).fit(x, y).predict(asked) if x.shape[1] else np.full(len(asked), y.mean())


def _among_all(y, arm, e, m1, m0) -> tuple[float, np.ndarray]:
    each = m1 - m0 + np.where(arm, (y - m1) / e, -(y - m0) / (1 - e))
    effect = float(each.mean())
    return effect, (each - effect) / len(each)


def _among_treated(y, arm, e, m0) -> tuple[float, np.ndarray]:
    each = np.where(arm, y - m0, -(y - m0) * e / (1 - e))
    effect = float(each.sum() / arm.sum())
    return effect, (each - arm * effect) / arm.sum()


def _overlap(propensity: np.ndarray, arm: np.ndarray) -> pd.DataFrame:
    edges = np.linspace(0, 1, BINS + 1)
    counts = [np.histogram(propensity[mask], edges)[0] for mask in (arm, ~arm)]
    return pd.DataFrame(dict(zip(OVERLAP_COLUMNS, (edges[:-1], edges[1:], *counts), strict=True)))


def _nearest_zero(found: Interval) -> float:
    if found.low <= 0 <= found.high:
        return 0.0
    return found.low if found.low > 0 else found.high
