"""A calibrated chance that a customer places no order in the days to come.

Two learners that err in different ways, a logistic regression and gradient-boosted trees (scikit-learn). How far each
is trusted, and the calibration of their sum, is one logistic regression on rows that neither had seen (Platt 1999;
stacking, Wolpert 1992): few customers lean on the first, many on the second.
"""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd

from analytics.models.churn_features import Design

FEW_ROWS = 10_000  # up to here calibration uses every row in turn, beyond it one quarter of them
MOST_ROWS = 120_000  # rows that are learnt from: more have not made it better in the third digit, only slower
CLIP = 1e-6
SEED = 20090915

REASONS = {
    "silence": ("recency", "overdue"),
    "rhythm": ("gap", "rate", "tenure"),
    "orders": ("orders",),
    "trend": ("lately", "trend"),
    "value": ("value", "revenue"),
    "refunds": ("refunds",),
    "season": ("season",),
    "channel": ("before_data", "acquired_channel "),
    "segment": ("segment ",),
}


def import_learners() -> None:
    """Imports scikit-learn, which takes a second: to be done beside other work, before a model is needed."""
    import sklearn.ensemble
    import sklearn.linear_model  # noqa: F401


class ChurnModel:
    """Fitted: design_, typical_ (columns of a customer who came back), weights_ (of both learners) and offset_."""

    def __init__(self, only: tuple[str, ...] = ()) -> None:
        """only: the columns of the design to use (all if empty): what recency alone can tell is the baseline."""
        self.only = only

    def fit(self, features: pd.DataFrame, churned: np.ndarray) -> Self:
        """Learns from read_features rows and their outcome (True: no order came). Both outcomes must occur."""
        churned = np.asarray(churned, bool)
        if churned.all() or not churned.any():
            raise ValueError("Both outcomes must occur: some customers came back, some did not.")
        if len(churned) > MOST_ROWS:
            some = np.sort(np.random.default_rng(SEED).choice(len(churned), MOST_ROWS, replace=False))
            features, churned = features.iloc[some], churned[some]
        self.design_ = Design(features)
        columns = self.design_.columns(features)
        x = self._matrix(columns)
        held_out, log_odds, learners = _held_out(x, churned)
        self.weights_, self.offset_ = _trust(log_odds, churned[held_out])
        self._learners = _Learners(x, churned) if learners is None else learners
        self.typical_ = columns[~churned].median()
        return self

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Chance in [0, 1], per row, that no order comes."""
        return _chance(self._log_odds(self.design_.columns(features)))

    def contributions(self, features: pd.DataFrame) -> pd.DataFrame:
        """Per row and reason of REASONS: by how much it raises the log-odds of leaving.

        It is the difference to the same customer with this one thing as it is, typically, with those who came back.
        """
        columns = self.design_.columns(features)
        here = self._log_odds(columns)
        found = {}
        for reason, names in REASONS.items():
            mine = [
                c
                for c in columns
                if c in names or c.startswith(tuple(n for n in names if n.endswith(" ")) or "\0")
            ]
            found[reason] = (
                here - self._log_odds(columns.assign(**self.typical_[mine])) if mine else 0.0 * here
            )
        return pd.DataFrame(found)

    def _log_odds(self, columns: pd.DataFrame) -> np.ndarray:
        return self.offset_ + self._learners.log_odds(self._matrix(columns)) @ self.weights_

    def _matrix(self, columns: pd.DataFrame) -> np.ndarray:
        return (columns[list(self.only)] if self.only else columns).to_numpy(float)


class _Learners:
    """Both learners on one set of rows."""

    def __init__(self, x: np.ndarray, churned: np.ndarray) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.linear_model import LogisticRegression

        self.center, self.scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
        self.linear = LogisticRegression(C=0.1, max_iter=300).fit(self._scaled(x), churned)
        self.trees = HistGradientBoostingClassifier(
            max_iter=60,
            learning_rate=0.08 if len(x) <= FEW_ROWS else 0.12,
            max_leaf_nodes=8 if len(x) <= FEW_ROWS else 15,
            min_samples_leaf=40,
            l2_regularization=5.0,
            early_stopping=False,
            random_state=SEED,
        ).fit(x, churned)

    def log_odds(self, x: np.ndarray) -> np.ndarray:
        """(rows, 2): by the regression, by the trees."""
        if not len(x):
            return np.zeros((0, 2))
        return np.column_stack(
            [self.linear.decision_function(self._scaled(x)), self.trees.decision_function(x)]
        )

    def _scaled(self, x: np.ndarray) -> np.ndarray:
        return (x - self.center) / self.scale


def _held_out(x: np.ndarray, churned: np.ndarray) -> tuple[np.ndarray, np.ndarray, _Learners | None]:
    """Rows, the log-odds that learners give them which have not seen them, and these learners.

    Of many rows three quarters are learnt from, once: one more quarter would hardly make the learners better, but
    learning again would take twice as long. Of few rows every third is left out in turn; no learners are kept then.
    """
    many = len(x) > FEW_ROWS
    parts = np.random.default_rng(SEED).integers(0, 4 if many else 3, len(x))
    if many:
        inside, outside = np.flatnonzero(parts), np.flatnonzero(parts == 0)
        if len(np.unique(churned[inside])) == 2:
            learners = _Learners(x[inside], churned[inside])
            return outside, learners.log_odds(x[outside]), learners
    rows, log_odds = [], []
    for fold in range(3):
        inside, outside = np.flatnonzero(parts != fold), np.flatnonzero(parts == fold)
        if len(np.unique(churned[inside])) == 2 and len(outside):
            rows.append(outside)
            log_odds.append(_Learners(x[inside], churned[inside]).log_odds(x[outside]))
    if not rows:
        return np.zeros(0, int), np.zeros((0, 2)), None
    return np.concatenate(rows), np.concatenate(log_odds), None


def _trust(log_odds: np.ndarray, churned: np.ndarray) -> tuple[np.ndarray, float]:
    """The weights of both learners, none below 0, and the offset, that foretell best what they had not seen."""
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(churned)) < 2:
        return np.array([0.5, 0.5]), 0.0
    for used in ([0, 1], [1], [0]):
        fitted = LogisticRegression(C=1e6).fit(log_odds[:, used], churned)
        if (fitted.coef_[0] > 0).all():
            weights = np.zeros(2)
            weights[used] = fitted.coef_[0]
            return weights, float(fitted.intercept_[0])
    return np.zeros(2), float(np.log(churned.mean() / (1 - churned.mean())))  # neither tells anything


def _chance(log_odds: np.ndarray) -> np.ndarray:
    return np.clip(1 / (1 + np.exp(-log_odds)), CLIP, 1 - CLIP)
