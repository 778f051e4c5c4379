"""Maximum likelihood on distinct rows with counts: compression, Newton's method, standard errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

Likelihood = Callable[[np.ndarray], tuple[float, np.ndarray]]  # log-parameters -> log-likelihood, gradient
_STEP = 1e-4
_LARGEST_STEP = 1.0  # in log-parameters: no parameter more than trebles at once
_BOUND = 12.0  # parameters stay between e⁻¹² and e¹²


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
    """Distinct rows of `columns` and how often each occurs (`counts` are added up; None = once per row)."""
    arrays = [np.asarray(column, float) for column in columns]
    weights = np.ones(len(arrays[0])) if counts is None else np.asarray(counts, float)
    if len({len(a) for a in (*arrays, weights)}) != 1:
        raise ValueError("All columns and counts need the same length.")
    if (weights < 0).any() or not np.isfinite(weights).all():
        raise ValueError("Counts must be finite and not negative.")
    names = [str(i) for i in range(len(arrays))]
    frame = pd.DataFrame({**dict(zip(names, arrays, strict=True)), "n": weights})
    grouped = frame.groupby(names, sort=True)["n"].sum().reset_index()
    return tuple(grouped[name].to_numpy() for name in names), grouped["n"].to_numpy()


def maximise(likelihood: Likelihood, start: np.ndarray, tolerance: float = 1e-10, most: int = 200) -> Fit:
    """Newton's method with step halving from `start`; RuntimeError where no optimum is found."""
    at = np.asarray(start, float)
    value, gradient = likelihood(at)
    for _ in range(most):
        step = _ascent(_hessian(likelihood, at), gradient)
        if gradient @ step < tolerance * (1 + abs(value)):
            break
        at, value, gradient, moved = _line_search(likelihood, at, step, value, gradient)
        if not moved:
            break
    else:
        raise RuntimeError(
            "The likelihood has no optimum within reach; there may be too few customers for this model."
        )
    return _finished(likelihood, at, value)


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
