"""Maximum likelihood on distinct rows with counts: compression, Newton's method, standard errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Likelihood = Callable[[np.ndarray], tuple[float, np.ndarray]]  # log-parameters -> log-likelihood, gradient
_STEP = 1e-4
_LARGEST_STEP = 1.0  # in log-parameters: no parameter more than trebles at once
_BOUND = 12.0  # parameters stay between e⁻¹² and e¹²
_TOLERANCE = 1e-9  # of the gain in log-likelihood that a further step would still bring
_ROUNDING = 1e-14  # of the log-likelihood: a smaller gain cannot be told from rounding
_WIDEST = 1 << 20  # whole numbers up to here are counted by place instead of being sorted
_MOST_KEYS = 1 << 62
_ROOMY = 4  # possible keys per row up to which counting by place beats sorting


@dataclass(frozen=True)
class Fit:
    """An optimum: log-parameters, log-likelihood, covariance of the log-parameters, standard errors of the parameters."""

    log_parameters: np.ndarray
    log_likelihood: float
    covariance: np.ndarray
    standard_errors: np.ndarray


def compressed(
    columns: tuple[np.ndarray, ...], counts: np.ndarray | None
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Distinct rows of `columns`, in order, and how often each occurs (`counts` are added up; None = once per row)."""
    arrays = [np.asarray(column, float) for column in columns]
    weights = None if counts is None else np.asarray(counts, float)
    if len({len(a) for a in arrays} | ({len(weights)} if weights is not None else set())) != 1:
        raise ValueError("All columns and counts need the same length.")
    if weights is not None and ((weights < 0).any() or not np.isfinite(weights).all()):
        raise ValueError("Counts must be finite and not negative.")
    tables, rows = zip(*(places(array) for array in arrays), strict=True)
    if np.prod([float(len(table)) for table in tables]) > _MOST_KEYS:
        return _compressed_rows(np.column_stack(arrays), weights)
    keys, sums = _counted(_keys(tables, rows), weights)
    return tuple(_decoded(keys, tables)), sums


def levels(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values of a column in ascending order, and for each row which of them it has."""
    whole = _whole(column)
    if whole is None:
        return np.unique(column, return_inverse=True)
    seen = np.zeros(int(whole.max()) + 1, bool)
    seen[whole] = True
    return np.flatnonzero(seen).astype(float), (np.cumsum(seen, dtype=np.int32) - 1)[whole]


def places(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Like levels, but quicker: of whole numbers, the table may hold values that no row has."""
    whole = _whole(column)
    return levels(column) if whole is None else (np.arange(int(whole.max()) + 1.0), whole)


def _whole(column: np.ndarray) -> np.ndarray | None:
    """The column as integers where all are whole numbers, none negative or large."""
    if not len(column) or not (column.min() >= 0 and column.max() < _WIDEST):
        return None
    whole = column.astype(np.int32)
    return whole if column.dtype.kind in "iu" or (whole == column).all() else None


def _compressed_rows(
    rows: np.ndarray, weights: np.ndarray | None
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    distinct, where = np.unique(rows, axis=0, return_inverse=True)
    return tuple(distinct.T), np.bincount(where.ravel(), weights, len(distinct)).astype(float)


def _keys(tables: tuple[np.ndarray, ...], places: tuple[np.ndarray, ...]) -> np.ndarray:
    small = np.prod([float(len(table)) for table in tables]) <= np.iinfo(np.int32).max
    keys = places[0].astype(np.int32 if small else np.int64)  # short ones are sorted in half the time
    for table, place in zip(tables[1:], places[1:], strict=True):
        keys = keys * len(table) + place
    return keys


def _counted(keys: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if weights is not None:
        distinct, where = np.unique(keys, return_inverse=True)
        return distinct, np.bincount(where, weights, len(distinct))
    if len(keys) and keys.max() < _ROOMY * len(keys):
        counts = np.bincount(keys)
        distinct = np.flatnonzero(counts)
        return distinct, counts[distinct].astype(float)
    ordered = np.sort(keys)
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else keys
    return ordered[first], np.diff(np.append(first, len(ordered))).astype(float)


def _decoded(keys: np.ndarray, tables: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    columns = []
    for table in reversed(tables):
        keys, place = np.divmod(keys, max(len(table), 1))
        columns.append(table[place])
    return columns[::-1]


def maximise(likelihood: Likelihood, start: np.ndarray, most: int = 200) -> Fit:
    """Newton's method with step halving from `start`; RuntimeError where no optimum is found."""
    at = np.asarray(start, float)
    value, gradient = likelihood(at)
    for _ in range(most):
        step = _ascent(_hessian(likelihood, at), gradient)
        if _is_small(float(gradient @ step), value):
            break
        at, value, gradient, moved = _line_search(likelihood, at, step, value, gradient)
        if not moved:
            break
    else:
        raise RuntimeError(
            "The likelihood has no optimum within reach; there may be too few customers for this model."
        )
    return _finished(likelihood, at, value)


def maximise_guided(likelihood: Likelihood, guide: Likelihood, start: np.ndarray, most: int = 30) -> Fit:
    """The optimum of a costly likelihood with the help of a cheap one that is close to it, its `guide`.

    The search begins at the guide's optimum and steps along the guide's curvature, so that each step costs one
    evaluation; the covariance is the guide's, taken at the optimum. Where that does not close in, Newton's method.
    """
    found = maximise(guide, start)
    near = found.log_parameters
    if np.abs(near).max() >= _BOUND:
        return (
            found  # no optimum lies within reach, and every step of the costly search would end at the bound
        )
    curvature = _hessian(guide, near)
    at, (value, gradient) = near, likelihood(near)
    for _ in range(most):
        step = _ascent(curvature, gradient)
        if _is_small(float(gradient @ step), value):
            return _finished(guide, at, value)
        at, before = np.clip(at + step, -_BOUND, _BOUND), gradient @ step
        value, gradient = likelihood(at)
        if not gradient @ _ascent(curvature, gradient) < before:
            break
    return maximise(likelihood, near)


def drawn(at: np.ndarray, covariance: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Draws of log-parameters, shape (count, parameters): normal around `at`, in opposite pairs, within bounds."""
    variances, directions = np.linalg.eigh(covariance)
    half = np.random.default_rng(seed).standard_normal((count // 2, len(at)))
    scores = np.concatenate([half, -half]) * np.sqrt(np.maximum(variances, 0.0))
    return np.clip(at + scores @ directions.T, -_BOUND, _BOUND)


def _is_small(gain: float, value: float) -> bool:
    return bool(gain < _TOLERANCE + _ROUNDING * abs(value))


def _hessian(likelihood: Likelihood, at: np.ndarray) -> np.ndarray:
    rows = []
    for i in range(len(at)):
        shift = np.zeros_like(at)
        shift[i] = _STEP
        rows.append((likelihood(at + shift)[1] - likelihood(at - shift)[1]) / (2 * _STEP))
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2


def _ascent(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Newton's direction where the surface is concave, else along the curvature's absolute value: always uphill."""
    curvature, directions = np.linalg.eigh(-hessian)
    floor = max(float(np.abs(curvature).max()) * 1e-9, 1e-12)
    step = directions @ ((directions.T @ gradient) / np.maximum(np.abs(curvature), floor))
    longest = float(np.abs(step).max())
    return step * min(1.0, _LARGEST_STEP / longest) if longest else step


def _line_search(
    likelihood: Likelihood, at: np.ndarray, step: np.ndarray, value: float, gradient: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray, bool]:
    for halving in range(30):
        tried = np.clip(at + step / 2**halving, -_BOUND, _BOUND)
        new_value, new_gradient = likelihood(tried)
        if np.isfinite(new_value) and new_value > value:
            return tried, new_value, new_gradient, True
    return at, value, gradient, False


def _finished(likelihood: Likelihood, at: np.ndarray, value: float) -> Fit:
    information = -_hessian(likelihood, at)
    covariance = np.linalg.pinv(information, hermitian=True)
    errors = np.exp(at) * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return Fit(at, value, covariance, errors)
