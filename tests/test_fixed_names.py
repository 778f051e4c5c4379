"""The names that notebooks, scripts and scheduled jobs rely on: every key, its kind of value, and how it is rounded."""

import inspect
import math

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.allocation import allocate
from analytics.decisions.equity import customer_equity_test
from analytics.decisions.response import fit_response
from analytics.decisions.uplift import adjusted, measured
from analytics.models.attribution import credit
from analytics.models.lifetime import BetaGeoNBD, GammaGamma, ShiftedBetaGeometric
from analytics.warehouse.store import Workspace

NUMBER, COUNT, TEXT, LIST, OBJECT = "number", "count", "text", "list", "object"
MONEY, DAY, INTERVAL = "money", "day", "interval"

RETURNS = {"booked.margin": INTERVAL, "booked.roi": INTERVAL, "incremental.margin": INTERVAL,
           "incremental.roi": INTERVAL, "marginal.roi": INTERVAL}  # fmt: skip
CASE = {
    "snapshot": TEXT, "window": OBJECT, "window.first": DAY, "window.last": DAY,
    "revenue.new": MONEY, "revenue.referral": MONEY, "revenue.reorder": MONEY, "revenue.total": MONEY,
    "acquisition.spend": MONEY, "acquisition.customers": COUNT, "acquisition.cac": MONEY,
    **{f"acquisition.{name}": kind for name, kind in RETURNS.items()},
    "retention.spend": MONEY, "retention.customers": COUNT, "retention.cost_per_customer": MONEY,
    **{f"retention.{name}": kind for name, kind in RETURNS.items()},
    "baseline_share": NUMBER, "grade": TEXT, "break_even_baseline_share": NUMBER,
    "probability_retention_better": NUMBER, "verdict": TEXT, "sentence": TEXT,
}  # fmt: skip
COMMANDS = {
    "uploads": {"uploads": LIST, "snapshot": TEXT},
    "doctor": {"sound": "yes_no", "findings": LIST, "snapshot": TEXT},
    "settings": {"settings": OBJECT, "snapshot": TEXT},
    "case": CASE,
    "attribution": {"model": TEXT, "total": NUMBER, "credit": LIST},
    "value": {
        **{f"bg_nbd.{name}": NUMBER for name in ("r", "alpha", "a", "b", "log_likelihood")},
        **{f"gamma_gamma.{name}": NUMBER for name in ("p", "q", "v")},
        "customers": COUNT, "residual_value": MONEY, "holdout.expected": NUMBER, "holdout.actual": NUMBER,
    },
    "churn": {
        "auc": NUMBER, "brier": NUMBER, "baseline_auc": NUMBER, "lift_top_decile": NUMBER, "customers_at_risk": COUNT,
        "value_at_risk": MONEY,
    },
    "funnels": {"aidas": OBJECT, "flipped": OBJECT},
    "referrals": {"generations": LIST, "three_cs": LIST, "k": INTERVAL},
    "incentives": {"programmes": LIST, "kinds": LIST, "grid": LIST, "buyers": LIST},
    "budget": {
        "current": OBJECT, "recommended": OBJECT, "expected_gain": INTERVAL, "binding": LIST, "curves": LIST,
    },
}  # fmt: skip
ROWS = {
    ("attribution", "credit"): {"channel": TEXT, "credit": MONEY, "low": MONEY, "high": MONEY},
    ("budget", "binding"): {"limit": TEXT, "shadow_price": NUMBER},
    ("budget", "curves"): {
        "channel": TEXT, "base": NUMBER, "ceiling": NUMBER, "k": NUMBER, "observed_low": MONEY, "observed_high": MONEY,
    },
}  # fmt: skip
VERDICTS = ("retention", "acquisition", "too close to call", None)


@pytest.fixture(scope="session")
def core(tmp_path_factory, repository):
    """Sales, reorders and referrals; no spend, no contacts."""
    directory = tmp_path_factory.mktemp("core") / "company"
    with Workspace.open(directory) as workspace:
        for kind in ("sales", "reorders", "referrals"):
            assert workspace.ingest(repository / "data" / "sample" / f"{kind}.csv", kind).committed
    return directory


@pytest.fixture(params=["sample", "core", "empty"])
def state(request, tmp_path):
    return (
        tmp_path / "empty" if request.param == "empty" else request.getfixturevalue(request.param)
    ), request.param


def value_at(answer: dict, path: str):
    """The value at a path of names; null on the way is null. KeyError: a name is not there."""
    value = answer
    for name in path.split("."):
        if value is None:
            return None
        value = value[name]
    return value


def is_of(kind: str, value) -> bool:
    if value is None:
        return True
    if kind == INTERVAL:
        parts = [value[name] for name in ("value", "low", "high")]
        return set(value) == {"value", "low", "high"} and all(is_of(NUMBER, part) for part in parts)
    if kind in (NUMBER, MONEY, COUNT):
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        whole = kind != COUNT or isinstance(value, int)
        return number and whole and (kind != MONEY or round(value, 2) == value)
    if kind == DAY:
        return isinstance(value, str) and str(np.datetime64(value, "D")) == value
    return isinstance(value, {TEXT: str, LIST: list, OBJECT: dict, "yes_no": bool}[kind])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_name_is_there_in_every_state_with_its_kind_of_value(ask, state, command):
    directory, name = state
    status, answer = ask(command, directory)
    assert status in ((0,) if name == "sample" else (0, 5))
    wrong = [path for path, kind in COMMANDS[command].items() if not is_of(kind, value_at(answer, path))]
    assert wrong == []
    for (of, key), columns in ROWS.items():
        if of == command:
            assert [row for row in answer[key] if not all(is_of(k, row[c]) for c, k in columns.items())] == []
    if name == "sample":
        assert [path for path in COMMANDS[command] if value_at(answer, path) is None] == []


def test_a_case_says_one_of_three_things_and_adds_up(ask, state):
    _status, answer = ask("case", state[0])
    assert answer["verdict"] in VERDICTS
    assert answer["grade"] in ("A", "B", "C", None)
    parts = [answer["revenue"][name] for name in ("new", "referral", "reorder")]
    assert answer["revenue"]["total"] == pytest.approx(sum(parts), abs=0.02)


PARAMETERS = {
    credit: "journeys model order half_life_days",
    BetaGeoNBD.fit: "self frequency recency T counts",
    BetaGeoNBD.expected_purchases: "self t",
    BetaGeoNBD.conditional_expected_purchases: "self t frequency recency T",
    BetaGeoNBD.probability_alive: "self frequency recency T",
    GammaGamma.fit: "self frequency monetary_value counts",
    GammaGamma.expected_value: "self frequency monetary_value",
    ShiftedBetaGeometric.fit: "self lost remaining",
    ShiftedBetaGeometric.survival: "self n",
    measured: "outcome treated before",
    adjusted: "outcome treated covariates",
    fit_response: "spend outcome family",
    allocate: "curves total bounds locks groups",
    customer_equity_test: "acquisition_spend acquisition_rate acquisition_ceiling retention_spend retention_rate "
    "retention_ceiling margin discount_rate",
}


@pytest.mark.parametrize("function", PARAMETERS, ids=lambda function: function.__qualname__)
def test_parameters_keep_their_names_and_order(function):
    fixed = PARAMETERS[function].split()
    parameters = list(inspect.signature(function).parameters.values())
    assert [p.name for p in parameters[: len(fixed)]] == fixed
    assert all(p.default is not p.empty for p in parameters[len(fixed) :])


def test_credit_of_every_model_adds_up():
    journeys = pd.DataFrame(
        {
            "path": ["a > b > c", "b", "a > c"],
            "conversions": [3, 2, 0],
            "value": [30.0, 10.0, 0.0],
            "nulls": [1, 0, 4],
            "ages_days": ["9 > 2 > 0", "1", "3 > 1"],
        }
    )
    models = "first last last_non_direct linear position time_decay markov shapley"
    for model in models.split():
        found = credit(journeys, model)
        assert list(found.columns) == ["channel", "conversions", "value"]
        assert found[["conversions", "value"]].sum().tolist() == pytest.approx([5, 40])


def test_lifetime_models_have_their_results(repository):
    customers = pd.read_csv(repository / "tests" / "golden" / "cdnow_summary.csv").head(400)
    frequency, recency, T = (customers[name].to_numpy() for name in ("frequency", "recency", "T"))
    fitted = BetaGeoNBD().fit(frequency, recency, T)
    for name in ("r_", "alpha_", "a_", "b_", "log_likelihood_"):
        assert math.isfinite(getattr(fitted, name))
    assert len(fitted.standard_errors_) == 4
    assert fitted.expected_purchases(10.0) > 0
    assert fitted.conditional_expected_purchases(10.0, frequency, recency, T).shape == (400,)
    assert (fitted.probability_alive(frequency, recency, T) <= 1).all()
    bought = frequency > 0
    amounts = np.random.default_rng(1).gamma(5, 10, bought.sum())
    spent = GammaGamma().fit(frequency[bought], amounts)
    assert min(spent.p_, spent.q_, spent.v_) > 0
    assert spent.expected_value(frequency[bought], np.full(bought.sum(), 50.0)).shape == (bought.sum(),)
    staying = ShiftedBetaGeometric().fit(np.array([131, 126, 90, 60, 42, 34, 26]), 491)
    assert (staying.alpha_, staying.beta_) == pytest.approx((0.668, 3.806), abs=0.15)
    assert 0 < staying.survival(3) < staying.survival(2) < 1


def test_effects_responses_and_splits_have_their_results():
    rng = np.random.default_rng(2)
    treated = rng.random(600) < 0.5
    before = rng.normal(10, 2, 600)
    outcome = before + 3 * treated + rng.normal(0, 1, 600)
    effect = measured(outcome, treated, before=before)
    assert effect.low < effect.value < effect.high
    found = adjusted(outcome, treated, before.reshape(-1, 1))
    assert found.trimmed >= 0
    assert found.e_value >= 1
    spend = np.linspace(100, 1000, 24)
    curve = fit_response(
        spend, 5 + 40 * (1 - np.exp(-0.003 * spend)) + rng.normal(0, 1, 24), family="exponential"
    )
    assert min(curve.ceiling_, curve.k_) > 0
    assert curve.base_ >= 0
    assert curve.predict(np.array([500.0])).shape == (1,)
    assert curve.draws(7).ceiling.shape == (7,)
    split = allocate({"a": curve, "b": curve}, 800.0)
    assert split is not None
    tested = customer_equity_test(20.0, 0.2, 0.6, 10.0, 0.3, 0.8, 50.0, 0.1)
    assert math.isfinite(tested.equity)
    assert math.isfinite(tested.customer_value)
    assert tested.optimum is not None
