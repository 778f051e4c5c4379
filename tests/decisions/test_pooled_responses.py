"""What the channels of one company tell of each other's response curves."""

import numpy as np
import pytest

from analytics.decisions.pooled_responses import ALIKE, pooled_curves
from analytics.decisions.response import fit_response
from analytics.decisions.response_priors import Priors

DRAWS = 4_000
MONTHS = 24


def months(k: float, seed: int, base: float = 5.0, ceiling: float = 120.0):
    """Spends around 1 and the customers that came of them; k × mean spend is about k."""
    random = np.random.default_rng(seed)
    spend = random.uniform(0.1, 1.9, MONTHS)
    return spend, random.poisson(base + ceiling * (1 - np.exp(-k * spend))).astype(float)


def told_nothing(seed: int = 3):
    """A channel whose spend never changed: its months do not tell how it bends."""
    return np.ones(MONTHS), np.random.default_rng(seed).poisson(60.0, MONTHS).astype(float)


def median_k(curve) -> float:
    return float(np.median(curve.k))


def test_a_channel_alone_keeps_its_curve():
    response = fit_response(*months(1.5, 1))
    alone, pooled = response.draws(DRAWS), pooled_curves([response], DRAWS)[0]
    for end in (0.1, 0.5, 0.9):
        assert np.quantile(pooled.k, end) == pytest.approx(np.quantile(alone.k, end), rel=0.12)
        assert np.quantile(pooled.caused(1.0), end) == pytest.approx(
            np.quantile(alone.caused(1.0), end), rel=0.06
        )


def test_channels_that_tell_move_one_that_does_not():
    quiet = fit_response(*told_nothing())
    for k, higher in ((3.0, True), (0.2, False)):
        company = [*(fit_response(*months(k, seed)) for seed in range(4)), quiet]
        found = median_k(pooled_curves(company, DRAWS)[-1])
        assert (found > 1.15 * median_k(quiet.draws(DRAWS))) == higher
        assert (found < 0.87 * median_k(quiet.draws(DRAWS))) != higher


def test_nothing_told_leaves_the_prior_and_what_channels_share():
    """Two channels about which nothing is known: log k has the prior's spread, and correlates by what is shared."""
    quiet = [fit_response(*told_nothing(seed)) for seed in (1, 2)]
    logs = [np.log(curve.k) for curve in pooled_curves(quiet, DRAWS)]
    assert np.corrcoef(logs)[0, 1] == pytest.approx(ALIKE, abs=0.12)
    assert [float(np.std(log)) for log in logs] == pytest.approx([Priors().k_spread] * 2, rel=0.12)


def test_pooling_narrows_what_is_alike():
    company = [fit_response(*months(1.5, seed)) for seed in range(5)]
    pooled = pooled_curves(company, DRAWS)
    widths = [
        [float(np.std(np.log(c.k))) for c in curves] for curves in (pooled, [r.draws(DRAWS) for r in company])
    ]
    assert np.mean(widths[0]) < np.mean(widths[1])
    carried = [
        [float(np.mean(c.carryover)) for c in curves]
        for curves in (pooled, [r.draws(DRAWS) for r in company])
    ]
    assert np.mean(carried[0]) < np.mean(carried[1])  # nothing was carried over, and all five say so


def test_the_order_of_channels_does_not_matter_but_for_chance():
    company = [fit_response(*months(k, seed)) for seed, k in enumerate((0.7, 1.5, 2.5))]
    there, back = pooled_curves(company, DRAWS), pooled_curves(company[::-1], DRAWS)[::-1]
    for one, other in zip(there, back, strict=True):
        assert median_k(one) == pytest.approx(median_k(other), rel=0.2)


def test_draws_are_the_same_each_time_and_there_may_be_no_channel():
    company = [fit_response(*months(1.0, seed)) for seed in (1, 2)]
    one, other = (pooled_curves(company, 200, seed=5) for _time in range(2))
    assert all(np.array_equal(a.k, b.k) for a, b in zip(one, other, strict=True))
    assert pooled_curves([], 200) == []
