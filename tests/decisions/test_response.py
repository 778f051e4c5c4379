"""Response curves: what the model is, how honest its intervals are, and what it finds in the sample company."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.response import ExperimentResult, Response, fit_likelier, fit_response, season_index
from analytics.decisions.response_curve import Curve
from analytics.decisions.response_posterior import Months, ResponsePosterior, adstock
from analytics.decisions.response_priors import Priors

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
PAID = ("paid_search", "social_ads", "affiliates", "display")
EXPONENTIAL, HILL, COUNT, MONEY = "exponential", "hill", "count", "money"


def made_up(months: int, seed: int, spread: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    """Spend around 1,000 and new customers: 8 would come anyway, 30 e-fold at 1,000 a month."""
    rng = np.random.default_rng(seed)
    spend = 1000 * (1 + spread * rng.uniform(-1, 1, months))
    return spend, rng.poisson(8 + 30 * (1 - np.exp(-spend / 1000)))


def width(curve: Curve, spend: float) -> float:
    low, high = np.quantile(curve.caused(spend), [0.1, 0.9])
    return high - low


def test_a_curve_by_hand():
    """Half of the ceiling of 10 is reached at 100, on top of 2; the slope there is 10 × ln 2 / 100 / 2."""
    curve = Curve(base=2, ceiling=10, k=np.log(2) / 100, value_per_outcome=50)
    assert curve.outcome(100) == pytest.approx(7)
    assert curve.marginal(100) == pytest.approx(0.05 * np.log(2))
    assert curve.value(100) == pytest.approx(250)
    assert curve.marginal_return(100) == pytest.approx(2.5 * np.log(2))


def test_a_hill_curve_by_hand():
    """Shape 2, half-way at 100: 1/5 of the ceiling at 50, 4/5 at 200; the slope at 100 is 10 × 2 / 100 / 4."""
    curve = Curve(base=0, ceiling=10, k=0.01, family=HILL, shape=2.0)
    assert curve.caused(np.array([0, 50, 100, 200])) == pytest.approx([0, 2, 5, 8])
    assert curve.marginal(np.array([0, 100])) == pytest.approx([0, 0.05])


def test_draws_and_spends_make_a_table():
    curve = Curve(base=np.ones(3), ceiling=np.array([1.0, 2, 3]), k=0.01)
    assert curve.outcome(np.array([[0.0], [100.0]])).shape == (2, 3)


def test_adstock_by_hand():
    """Of 300, 0, 0 half is felt a month later; before the first month it was their mean, 100."""
    felt, _slope = adstock(np.array([300.0, 0, 0]), np.array([0.5]))
    assert felt[0].tolist() == [200, 100, 50]


def test_a_constant_spend_is_its_own_adstock():
    assert adstock(np.full(5, 70.0), np.array([0.0, 0.3, 0.9]))[0] == pytest.approx(70)


@pytest.mark.parametrize("noise", [COUNT, MONEY])
@pytest.mark.parametrize("family", [EXPONENTIAL, HILL])
@pytest.mark.parametrize("carryover", [None, 0.2])
def test_gradients_are_those_of_the_density(family, noise, carryover):
    rng = np.random.default_rng(1)
    tests = np.array([[0.0, 1.0, 0.6, 0.1], [0.5, 1.5, 0.2, 0.2]])
    months = Months(rng.uniform(0.2, 2, 9), rng.uniform(0, 2, 9), rng.uniform(0.8, 1.2, 9), 30.0, tests)
    posterior = ResponsePosterior(months, family, noise, carryover, Priors())
    for _ in range(5):
        at = posterior.start() + 0.5 * rng.standard_normal(len(posterior.names))
        steps = 1e-6 * np.eye(len(at))
        slopes = [(posterior(at + step)[0] - posterior(at - step)[0]) / 2e-6 for step in steps]
        assert posterior(at)[1] == pytest.approx(slopes, rel=1e-5, abs=1e-5)


def test_much_data_tells_the_truth():
    spend, outcome = made_up(1500, seed=2, spread=1.0)
    found = fit_response(spend, outcome, carryover=0.0)
    truth = np.array([8.0, 30.0, 0.001])
    errors = np.array([found.standard_errors_[name] for name in ("base", "ceiling", "k")])
    assert (np.abs(np.array([found.base_, found.ceiling_, found.k_]) - truth) < 2 * errors).all()
    assert found.carryover_ == 0
    assert "carryover" not in found.standard_errors_


def test_carryover_is_found_where_spend_jumps():
    rng = np.random.default_rng(3)
    spend = 3000.0 * (rng.random(400) < 0.3)
    felt = adstock(spend, np.array([0.4]))[0][0]
    found = fit_response(spend, rng.poisson(20 + 200 * (1 - np.exp(-felt / 1000))))
    assert found.carryover_ == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize("family", [EXPONENTIAL, HILL])
def test_predict_is_the_settled_outcome_of_the_most_probable_curve(family):
    found = fit_response(*made_up(12, seed=4), family)
    spend = np.array([0.0, 800.0, 1600.0])
    assert found.predict(spend) == pytest.approx(found.base_ + found.curve.caused(spend))
    assert found.predict(0) == pytest.approx(found.base_)


def test_the_unit_of_money_changes_nothing():
    spend, outcome = made_up(12, seed=5)
    euros, cents = fit_response(spend, outcome), fit_response(100 * spend, outcome)
    assert cents.k_ * 100 == pytest.approx(euros.k_)
    assert cents.draws(50).caused(100_000) == pytest.approx(euros.draws(50).caused(1000))


def test_money_outcomes_scale_with_their_unit():
    spend, outcome = made_up(12, seed=6)
    euros, cents = (fit_response(spend, unit * outcome, noise=MONEY) for unit in (1.0, 100.0))
    assert cents.ceiling_ == pytest.approx(100 * euros.ceiling_)
    assert cents.draws(50).base == pytest.approx(100 * euros.draws(50).base)


def test_draws_are_positive_and_the_same_for_the_same_seed():
    found = fit_response(*made_up(8, seed=7), HILL)
    drawn, again = found.draws(300, seed=3), found.draws(300, seed=3)
    for name in ("base", "ceiling", "k", "shape", "carryover"):
        assert getattr(drawn, name).shape == (300,)
        assert (getattr(drawn, name) > 0).all()
        assert (getattr(drawn, name) == getattr(again, name)).all()
    assert (drawn.carryover < 1).all()


def brute_quantiles(found: Response, spend: float) -> np.ndarray:
    """The posterior without any approximation near its peak: many draws of the prior, weighted by their likelihood."""
    posterior = found.posterior
    points = posterior.prior_draws(150_000, np.random.default_rng(9))
    log_weights = posterior.log_densities(points) - posterior.log_priors(points)
    curve = posterior.parameters(points)
    caused = curve["ceiling"] * -np.expm1(-curve["k"] * spend / found.mean_spend_)
    order = np.argsort(caused)
    share = np.exp(log_weights - log_weights.max())[order].cumsum()
    size = posterior.months.mean_outcome
    return size * caused[order][np.searchsorted(share, np.array([0.1, 0.5, 0.9]) * share[-1])]


@pytest.mark.parametrize("spread", [0.0, 0.4, 0.9])
def test_draws_are_those_of_the_exact_posterior(spread):
    """Resampling removes what the normal approximation gets wrong, also where months say little."""
    spend, outcome = made_up(12, seed=8, spread=spread)
    found = fit_response(spend, outcome)
    exact = brute_quantiles(found, 1000)
    drawn = np.quantile(found.draws(4000).caused(1000), [0.1, 0.5, 0.9])
    assert drawn == pytest.approx(exact, abs=0.05 * (exact[2] - exact[0]))
    assert found.effective_share() > 0.1


def test_a_constant_spend_teaches_nothing_about_what_it_causes():
    """The share of customers that it caused is what it was before: Beta(1.5, 1), whose ends are q^(2/3)."""
    drawn = fit_response(np.full(24, 1000.0), np.full(24, 40)).draws(4000)
    share = drawn.caused(1000) / drawn.outcome(1000)
    assert np.quantile(share, [0.1, 0.5, 0.9]) == pytest.approx(
        np.array([0.1, 0.5, 0.9]) ** (2 / 3), abs=0.03
    )


def test_more_months_tell_more():
    spend, outcome = made_up(240, seed=10, spread=0.9)
    widths = [
        width(fit_response(spend[:months], outcome[:months]).draws(1000), 1000) for months in (8, 24, 240)
    ]
    assert widths[0] > widths[1] > widths[2]


def test_an_experiment_sharpens_the_curve():
    spend, outcome = made_up(12, seed=11)
    without = fit_response(spend, outcome).draws(2000)
    holdout = ExperimentResult(low_spend=0, high_spend=1000, effect=12.0, standard_error=1.5)
    found = fit_response(spend, outcome, tests=[holdout]).draws(2000)
    assert width(found, 1000) < width(without, 1000) / 2
    assert np.median(found.caused(1000)) == pytest.approx(12, abs=2)


def test_two_experiments_bend_the_curve():
    """20 from nothing to 500 and 2 from there to 1,000: three quarters of the way or more is done at 500."""
    tests = [ExperimentResult(0, 500, 20.0, 0.5), ExperimentResult(500, 1000, 2.0, 0.5)]
    found = fit_response(*made_up(8, seed=12), tests=tests)
    assert found.predict(500) - found.predict(0) == pytest.approx(20, abs=1)
    assert found.predict(1000) - found.predict(500) == pytest.approx(2, abs=1)


@pytest.mark.parametrize(("shape", "family", "least"), [(4.0, HILL, 8), (0.0, EXPONENTIAL, 10)])
def test_an_s_shape_is_taken_where_the_months_speak_for_it(shape, family, least):
    """Ten channels of two years: nearly all truly S-shaped ones are known as such, and none of the others is taken for one."""
    found = []
    for seed in range(10):
        random = np.random.default_rng(seed)
        spend = random.uniform(100, 1_900, 24)
        curve = Curve(10.0, 80.0, 0.001, family=family, shape=shape or 1.0)
        found.append(fit_likelier(spend, random.poisson(curve.outcome(spend))).family)
    assert found.count(family) >= least


def test_within_a_year_no_s_shape_is_looked_for():
    spend = np.linspace(100, 1_900, 11)
    outcome = np.round(Curve(10.0, 800.0, 0.001, family=HILL, shape=6.0).outcome(spend))
    assert fit_likelier(spend, outcome).family == EXPONENTIAL


def test_evidence_is_the_mean_density_over_the_priors():
    """Against plain draws from the priors, of which there are many: a channel of few customers and three months."""
    found = fit_response(np.array([50.0, 100.0, 150.0]), np.array([1.0, 2.0, 2.0]), carryover=0.0)
    points = found.posterior.prior_draws(200_000, np.random.default_rng(1))
    agreement = found.posterior.log_densities(points) - found.posterior.log_priors(points)
    assert found.log_evidence == pytest.approx(np.log(np.exp(agreement).mean()), abs=0.3)


def test_season_is_not_credited_to_spend_that_follows_it():
    """Customers come by the season alone, and the budget follows it: without the season the spend gets the credit."""
    rng = np.random.default_rng(13)
    season = 1 + 0.4 * np.sin(np.arange(24) * np.pi / 6)
    outcome = rng.poisson(60 * season)
    spend = 1000 * season * (1 + 0.1 * rng.uniform(-1, 1, 24))
    with_season, without = (
        fit_response(spend, outcome, season=s).draws(1000).caused(1000) for s in (season, None)
    )
    assert np.median(with_season) < np.median(without) - 15


def test_overdispersed_counts_tell_less():
    rng = np.random.default_rng(14)
    spend = 1000 * (1 + 0.9 * rng.uniform(-1, 1, 24))
    mean = 8 + 60 * (1 - np.exp(-spend / 1000))
    calm, wild = rng.poisson(mean), rng.negative_binomial(mean / 9, 0.1)
    assert width(fit_response(spend, wild).draws(1000), 1000) > 1.3 * width(
        fit_response(spend, calm).draws(1000), 1000
    )


def test_an_extrapolation_lies_beyond_half_and_one_and_a_half_of_what_was_spent():
    spend = np.linspace(400, 1000, 12)
    found = fit_response(spend, np.full(12, 20))
    assert (found.observed_low_, found.observed_high_) == (400, 1000)
    assert found.is_extrapolation(np.array([199, 201, 1499, 1501])).tolist() == [True, False, False, True]


def test_a_year_without_a_customer_is_no_error():
    found = fit_response(made_up(12, seed=15)[0], np.zeros(12))
    assert 0 < found.predict(1000) < 0.2


@pytest.mark.parametrize(
    ("spend", "outcome", "more", "sentence"),
    [
        ([1.0, 2, 3], [1.0, 2], {}, "same months"),
        ([1.0, 2], [1.0, 2], {}, "at least 3"),
        ([1.0, 2, np.nan], [1.0, 2, 3], {}, "must be known"),
        ([1.0, 2, -3], [1.0, 2, 3], {}, "not be negative"),
        ([0.0, 0, 0], [1.0, 2, 3], {}, "Nothing was spent"),
        ([1.0, 2, 3], [1.0, -2, 3], {}, "cannot be negative"),
        ([1.0, 2, 3], [0.0, 0, 0], {"noise": MONEY}, "nothing in every month"),
        ([1.0, 2, 3], [1.0, 2, 3], {"carryover": 1.0}, "below 1"),
        ([1.0, 2, 3], [1.0, 2, 3], {"family": "linear"}, "exponential or hill"),
        ([1.0, 2, 3], [1.0, 2, 3], {"season": [1.0, 2]}, "number above 0 for each month"),
        ([1.0, 2, 3], [1.0, 2, 3], {"season": [1.0, 2, 0]}, "number above 0 for each month"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_a_sentence(spend, outcome, more, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit_response(spend, outcome, **more)


@pytest.mark.parametrize(
    "numbers", [(100, 100, 5, 1), (0, 100, 5, 0), (-1, 100, 5, 1), (0, 100, float("nan"), 1)]
)
def test_an_experiment_that_cannot_be_is_refused_in_a_sentence(numbers):
    with pytest.raises(ValueError, match="An experiment needs"):
        ExperimentResult(*numbers)


@pytest.mark.parametrize("noise", [COUNT, MONEY])
@pytest.mark.parametrize("family", [EXPONENTIAL, HILL])
def test_odd_months_are_fitted_without_ado(family, noise):
    """Months without spend, one campaign, huge or hardly any customers, outcomes that fall with spend."""
    rng = np.random.default_rng(17)
    for months, size in ((3, 2.0), (8, 0.2), (12, 1e6), (24, 50.0)):
        ramp = np.linspace(1, 0, months)
        for spend in (1e5 * (rng.random(months) < 0.3) + 1.0, np.eye(months)[months // 2], 1e-3 * (1 + ramp)):
            for outcome in (rng.poisson(size, months) + (noise == MONEY), np.round(size * (1 - ramp)) + 1):
                drawn = fit_response(spend, outcome, family, noise=noise).draws(100)
                assert np.isfinite(drawn.outcome(spend.mean())).all()


# Season of customers who came unpaid


def test_a_season_index_has_mean_one_and_leans_to_one():
    for months in (8, 12, 24):
        few = season_index(np.tile([1, 3], months // 2))
        many = season_index(np.tile([100, 300], months // 2))
        assert few.mean() == pytest.approx(1)
        assert np.ptp(few) < np.ptp(many) < 1.0 + 1e-9
        assert np.ptp(many) > 0.7


def test_a_season_index_finds_season_and_growth():
    rng = np.random.default_rng(16)
    month = np.arange(24)
    truth = (1 + 0.3 * np.sin(month * np.pi / 6)) * 1.3 ** (month / 12)
    found = season_index(rng.poisson(200 * truth))
    assert found == pytest.approx(truth / truth.mean(), abs=0.15)
    assert np.corrcoef(found, truth)[0, 1] > 0.95


def test_no_customers_no_season():
    assert season_index(np.zeros(8)).tolist() == [1.0] * 8


# Intervals on companies with known truth


def simulated(
    rng: np.random.Generator, months: int, family: str, noise: str
) -> tuple[Curve, np.ndarray, np.ndarray]:
    """A company whose truth is drawn from the priors, with budgets that move by 40 %."""
    posterior = ResponsePosterior(
        Months(*[np.ones(1)] * 3, 1.0, np.empty((0, 4))), family, noise, None, Priors()
    )
    point = posterior.prior_draws(1, rng)
    point[0, 0] = 0.0  # the level is what outcomes are scaled by
    found = {name: float(values[0]) for name, values in posterior.parameters(point).items()}
    size, mean_spend, variation = 40.0, float(np.exp(rng.normal(7, 1))), float(np.exp(point[0, -1]))
    truth = Curve(
        size * found["base"], size * found["ceiling"], found["k"] / mean_spend, 1.0, family, found["shape"]
    )
    spend = mean_spend * (1 + 0.4 * rng.uniform(-1, 1, months + 24))
    mean = truth.outcome(adstock(spend, np.array([found["carryover"]]))[0][0])[24:]
    if noise == MONEY:
        return truth, spend[24:], mean + variation * size * rng.standard_normal(months)
    return truth, spend[24:], rng.negative_binomial(mean / variation, 1 / (1 + variation))


def coverage(companies: int, months: int, family: str = EXPONENTIAL, noise: str = COUNT) -> np.ndarray:
    """How often the 80 % intervals of what spend causes, and of its next unit, hold the truth."""
    rng, hits = np.random.default_rng(months), []
    for company in range(companies):
        truth, spend, outcome = simulated(rng, months, family, noise)
        drawn, at = fit_response(spend, outcome, family, noise=noise).draws(400, seed=company), spend.mean()
        ends = [np.quantile(values, [0.1, 0.9]) for values in (drawn.caused(at), drawn.marginal(at))]
        hits.append([low <= value <= high for (low, high), value in zip(ends, (truth.caused(at), truth.marginal(at)), strict=True)])  # fmt: skip
    return np.mean(hits, axis=0)


def test_intervals_hold_the_truth_of_a_hundred_companies():
    assert coverage(100, 12) == pytest.approx([0.8, 0.8], abs=0.1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("months", "family", "noise"),
    [(8, EXPONENTIAL, COUNT), (24, EXPONENTIAL, COUNT), (12, EXPONENTIAL, MONEY), (12, HILL, COUNT)],
)
def test_intervals_hold_the_truth_of_other_hundreds(months, family, noise):
    assert coverage(100, months, family, noise) == pytest.approx([0.8, 0.8], abs=0.1)


@pytest.fixture(scope="module")
def sample():
    """Spend and new customers of the sample company by month and recorded channel, and its truth."""
    spend = pd.read_csv(SAMPLE / "spend.csv").pivot_table(index="month", columns="channel", values="amount")
    sales = pd.read_csv(SAMPLE / "sales.csv", dtype={"customer_id": str})
    first = sales[sales["amount"] > 0].drop_duplicates("customer_id")
    month = first["order_date"].str[:7].rename("month")
    customers = first.pivot_table(
        index=month, columns="channel", values="customer_id", aggfunc="count", fill_value=0
    )
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["channels"]
    return spend, customers, truth


def sample_curves(sample, channel: str, months: int) -> tuple[Curve, Curve, np.ndarray]:
    """Draws and truth of a channel's curve from the last months, and their spend.

    The truth's k is per unit of spend plus carryover × last month's adstock, which settles at spend / (1 − carryover).
    """
    spend, customers, truth = sample
    paid, won = spend[channel].to_numpy()[-months:], customers[channel].to_numpy()[-months:]
    unpaid = customers[["organic", "direct", "email"]].sum(axis=1).to_numpy()[-months:]
    known = truth[channel]
    settled = known["k_per_eur"] / (1 - known["carryover"])
    curve = Curve(known["base_per_month"], known["ceiling_per_month"], settled)
    return fit_response(paid, won, season=season_index(unpaid)).draws(1000), curve, paid


def test_the_customers_that_channels_of_the_sample_company_caused_are_in_the_interval(sample):
    inside = 0
    for channel in PAID:
        drawn, _truth, spend = sample_curves(sample, channel, 24)
        caused = drawn.caused(spend[:, None]).sum(axis=0)
        low, high = np.quantile(caused, [0.1, 0.9])
        inside += low <= sample[2][channel]["customers_caused"] <= high
    assert inside >= 3


@pytest.mark.parametrize("months", [8, 12, 24])
def test_what_the_next_euro_of_the_sample_company_wins_is_in_the_interval(sample, months):
    inside = 0
    for channel in PAID:
        drawn, truth, spend = sample_curves(sample, channel, months)
        low, high = np.quantile(drawn.marginal(spend.mean()), [0.1, 0.9])
        inside += low <= truth.marginal(spend.mean()) <= high
    assert inside >= 3
