"""Typed-in experiments: they sharpen curves towards the truth, and what contradicts is said."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analytics.decisions.budget_programmes import _Known
from analytics.decisions.channel_responses import read_responses
from analytics.decisions.experiments import DAYS_PER_MONTH, of_line, result, sentence, sharpened, unused
from analytics.decisions.response import fit_response
from analytics.decisions.response_curve import Curve
from analytics.warehouse.experiments import Experiment
from tests.decisions.test_channel_responses import WINDOW, company

DAYS = (date(2026, 1, 1), date(2026, 12, 31))  # 365 days are 365 / 30.4375 months
MONTHS = 365 / DAYS_PER_MONTH
TRUE = Curve(22.0, 12.0, 0.001)  # most come anyway, which months of one spend cannot know
SEEDS = range(12)


def tried(effect: float, off: float = 3.0, name: str = "north", **changes) -> Experiment:
    """A channel without its 1,000 a month for a year; effect and half of its range per month."""
    whole, half = MONTHS * effect, MONTHS * off
    made = Experiment(name, "search", "acquisition", *DAYS, 1_000.0, 0.0, whole, whole - half, whole + half)
    return replace(made, **changes)


def months(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two years of a channel whose spend hardly moves, so that they tell little of what it causes."""
    random = np.random.default_rng(seed)
    spend = 1_000 * (1 + 0.15 * random.uniform(-1, 1, 24))
    return spend, random.poisson(TRUE.outcome(spend))


def test_a_result_per_month_by_hand():
    """240 customers in a year of 365 days, from 180 to 300: 20.01 a month, give or take 60 / 1.2816 in the year."""
    one = Experiment("n", "search", "acquisition", *DAYS, 900.0, 100.0, 240.0, 180.0, 300.0)
    found = result(one)
    assert (found.low_spend, found.high_spend) == (100.0, 900.0)
    assert found.effect == pytest.approx(240 * 30.4375 / 365)
    assert found.standard_error == pytest.approx(60 / 1.28155 * 30.4375 / 365, rel=1e-4)


def test_experiments_belong_to_a_line_of_their_side_however_it_is_spelled():
    one, other = tried(20, line=" Search"), tried(20, name="other", motion="retention")
    assert of_line((one, other), "acquisition", "search") == (one,)
    assert of_line((one, other), "retention", "SEARCH ") == (other,)


def test_a_typed_in_result_narrows_the_posterior_and_moves_it_to_the_truth():
    """In twelve simulated channels: what 1,000 a month cause is known three times as well, and nearer to the truth."""
    true = float(TRUE.caused(1_000.0))
    widths, errors = [], []
    for seed in SEEDS:
        spend, customers = months(seed)
        measured = true + 1.5 * np.random.default_rng(100 + seed).standard_normal()
        for tests in ((), (result(tried(measured, 1.5 * 1.28155)),)):
            caused = fit_response(spend, customers, tests=tests).draws(1_000).caused(1_000.0)
            low, high = np.quantile(caused, [0.1, 0.9])
            widths.append(high - low)
            errors.append(abs(float(np.median(caused)) - true))
    before, after = np.reshape(widths, (-1, 2)).T
    assert (after < before).all()
    assert np.median(before / after) > 3
    off_before, off_after = np.reshape(errors, (-1, 2)).T
    assert off_after.mean() < off_before.mean() / 2


def test_curves_of_a_company_are_sharpened_and_show_it():
    """Only the channel that was tested; its name may be spelled in another way, and programmes' tests are not its own."""
    plain = read_responses(company(), WINDOW)
    kept = (tried(1.0, 0.5, line="SEARCH"), tried(9.0, name="club", line="search", motion="retention"))
    found = read_responses(company(), WINDOW, kept)
    assert plain.sharpened == ()
    (changed,) = found.sharpened
    assert (changed.line, [one.name for one in changed.experiments]) == ("search", ["north"])
    assert changed.caused.high - changed.caused.low < changed.caused_before.high - changed.caused_before.low
    assert changed.ceiling_before.value == pytest.approx(np.median(plain.channels["search"].curve.ceiling))
    assert changed.ceiling.value == pytest.approx(np.median(found.channels["search"].curve.ceiling))
    assert not np.array_equal(found.caused_share, plain.caused_share)


@pytest.mark.parametrize(
    ("effects", "named"), [((8.0,), set()), ((8.0, 9.0), set()), ((3.0, 19.0), {"0", "1"})]
)
def test_contradictions_are_named_and_not_averaged_away(effects, named):
    """Months that tell little agree with either result; two that exclude each other are both named."""
    spend, customers = months(3)
    kept = tuple(tried(effect, 1.0, str(place)) for place, effect in enumerate(effects))

    def learn(tests) -> Curve:
        return fit_response(spend, customers, tests=tests).draws(1_000)

    found = sharpened("search", kept, 1_000.0, learn, learn([result(one) for one in kept]))
    assert {one.experiment.name for one in found.contradictions} == named
    for one in found.contradictions:
        said = sentence(one, "EUR")
        assert f"The experiment {one.experiment.name} measured" in said
        assert "contradict each other by more than chance" in said


def test_an_experiment_of_a_line_without_a_curve_is_said():
    found = read_responses(company(), WINDOW, (tried(1.0, 0.5),))
    lost = tried(1.0, line="radio", name="airwaves")
    assert unused((tried(1.0, 0.5),), found.sharpened) == ()
    (said,) = unused((tried(1.0, 0.5), lost), found.sharpened)
    assert said.startswith("The experiment airwaves is not used: no curve of radio")


# --- programmes: normal levels, so that most can be worked out by hand

YEAR = np.full(12, 1_000.0)
ALONE = _Known(
    {"club": YEAR}, np.array([1_000.0]), np.array([12]), np.array([1_000.0]), np.array([250_000.0]), {"club": "C"},
    0.0, 1e18, np.ones(12),
)  # fmt: skip


def club(effect: float, error: float, low: float = 0.0, high: float = 1_000.0):
    return result(tried(effect, error * 1.2815515655446, spend_with=high, spend_without=low))


def caused(known: _Known, tests=(), spend=1_000.0) -> np.ndarray:
    return known.curves({"club": tests})["club"].caused(spend)


def test_a_holdout_at_the_mean_spend_by_hand():
    """1,000 ± 500 before, 2,000 ± 500 measured: 1,500 ± 354. How the curve bends is not told by it."""
    drawn = caused(ALONE, (club(2_000.0, 500.0),))
    assert drawn.mean() == pytest.approx(1_500, rel=0.01)
    assert drawn.std() == pytest.approx(500 / np.sqrt(2), rel=0.1)  # of 500 opposite pairs
    bend = ALONE.curves({"club": (club(2_000.0, 500.0),)})["club"].k
    assert np.quantile(bend, [0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(ALONE.curves({})["club"].k, [0.1, 0.5, 0.9]), rel=0.15
    )


def test_a_test_is_held_against_the_customers_of_then():
    """A company that doubles: a month of the horizon brings 2,000, but a test of the months behind measured 1,000."""
    doubling = replace(ALONE, base=np.full(12, 0.5))
    assert caused(doubling).mean() == pytest.approx(2_000, rel=0.01)
    then = doubling.curves({}, np.ones(12))["club"].caused(1_000.0)
    assert then.mean() == pytest.approx(1_000, rel=0.01)


def test_a_month_of_twice_the_spend_tells_how_a_programme_bends():
    """Known at 1,000; twice the money caused only a tenth more: nearly all that is possible is reached."""
    sure = replace(ALONE, variance=np.array([100.0]))
    before, after = (caused(sure, tests, 1e6) for tests in ((), (club(100.0, 30.0, 1_000.0, 2_000.0),)))
    assert caused(sure, (club(100.0, 30.0, 1_000.0, 2_000.0),)).mean() == pytest.approx(1_000, rel=0.02)
    assert np.median(before) > 1_800
    assert np.median(after) == pytest.approx(1_100, rel=0.05)
    assert after.std() < before.std() / 5
