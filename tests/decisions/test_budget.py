"""The budget: a model of two channels and two programmes by hand, its laws, and the sample company."""

import csv
import math
from dataclasses import replace

import numpy as np
import pytest

from analytics.decisions import budget_programmes
from analytics.decisions.allocation import CAUTIOUS, EXPECTED
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget import Budget, Wish, advised, budget, frontier, split
from analytics.decisions.budget_model import ACQUISITION, RETENTION, BudgetModel, Line
from analytics.decisions.budget_split import LOSING, worst_fifth
from analytics.decisions.case import case
from analytics.decisions.response import KNOWN_FROM
from analytics.decisions.response_curve import Curve
from analytics.warehouse.store import Workspace
from tests.decisions.budget_company import company
from tests.decisions.small_company import SmallCompany
from tests.warehouse.staged_files import load, reorder, sale, spend


def line(name, motion, now, ceiling, k, value=1.0, base=0.0, carryover=0.0, low=None, high=None) -> Line:
    curve = Curve(
        base, np.atleast_1d(ceiling).astype(float), np.atleast_1d(k).astype(float), value, carryover=carryover
    )
    return Line(
        name, motion, now, now / 2 if low is None else low, 2 * now if high is None else high, curve, curve
    )


def hand(draws=1, **changes) -> BudgetModel:
    """100 customers of today each month; a half of every ceiling is reached at today's spends.

    search wins 10 of 20 with 1,000, worth 200 each, 2 come anyway; radio 4 of 8 with 500, worth 100. points adds 5 of 10
    per customer with 400, gift 1 of 2 with 200.
    """
    half, one = math.log(2), np.ones(draws)
    lines = (
        line("search", ACQUISITION, 1_000, 20 * one, half / 1_000, 200.0, base=2.0),
        line("radio", ACQUISITION, 500, 8 * one, half / 500, 100.0),
        line("points", RETENTION, 400, 10 * one, half / 400),
        line("gift", RETENTION, 200, 2 * one, half / 200),
    )
    parts = {"lines": lines, "customers": 100.0, "horizon_months": 12, "arrival": np.eye(12)[[0, 0]]}
    return BudgetModel(**(parts | changes))


def random_model(seed: int, draws=20) -> BudgetModel:
    """Three channels and two programmes of the scales of real ones, with draws."""
    rng = np.random.default_rng(seed)

    def spread():
        return np.exp(0.3 * rng.standard_normal(draws))

    lines = [
        line(f"channel {n}", ACQUISITION, rng.uniform(500, 4_000), rng.uniform(10, 60) * spread(),
             rng.uniform(0.2, 2) / 2_000 * spread(), rng.uniform(60, 120), base=rng.uniform(0, 5))
        for n in range(3)
    ] + [
        line(f"programme {n}", RETENTION, rng.uniform(200, 800), rng.uniform(2, 8) * spread(),
             rng.uniform(0.3, 2) / 500 * spread())
        for n in range(2)
    ]  # fmt: skip
    return BudgetModel(tuple(lines), rng.uniform(100, 400), 12, np.full((3, 12), 1 / 12))


SEEDS = range(8)


def mean_money(model, spend) -> float:
    return float(model.money(spend).mean())


def test_money_of_todays_split_by_hand():
    """Won: 2 + 10 and 4. Each customer gains 5 + 1. 12 × 206 + 4 × 106 + 100 × 6 − 2,100."""
    model = hand()
    assert model.won(model.current)[:, 0] == pytest.approx([12, 4])
    assert model.added(model.current)[:, 0] == pytest.approx([5, 1])
    assert model.money(model.current) == pytest.approx([12 * 206 + 4 * 106 + 100 * 6 - 2_100])
    assert model.share(model.current) == pytest.approx(600 / 2_100)


def test_every_draw_is_a_company_of_its_own():
    """In the second one points adds 15 of 30."""
    model = hand(draws=2)
    points = replace(model.lines[2], curve=replace(model.lines[2].curve, ceiling=np.array([10.0, 30.0])))
    model = replace(model, lines=(*model.lines[:2], points, model.lines[3]))
    first = 12 * 206 + 4 * 106 + 100 * 6 - 2_100
    assert model.money(model.current) == pytest.approx([first, first + 10 * (12 + 4 + 100)])


def test_marginal_returns_by_hand():
    """At half of the ceiling the next unit brings ln 2 × half of it / spend, times what it is worth."""
    returns = hand().marginal_returns(hand().current)
    assert returns["search"] == pytest.approx([10 * math.log(2) / 1_000 * 206])
    assert returns["points"] == pytest.approx([5 * math.log(2) / 400 * (100 + 16)])


@pytest.mark.parametrize("seed", SEEDS)
def test_marginal_returns_are_the_slope_of_the_money(seed):
    model = random_model(seed)
    for name, returns in model.marginal_returns(model.current).items():
        more, less = (model.money(model.current | {name: model.current[name] + step}) for step in (1, -1))
        assert returns - 1 == pytest.approx((more - less) / 2, abs=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_at_no_limit_return_the_same(seed):
    model = random_model(seed)
    spend = model.best(sum(model.current.values())).spend
    assert sum(spend.values()) == pytest.approx(sum(model.current.values()))
    returns = {name: float(drawn.mean()) for name, drawn in model.marginal_returns(spend).items()}
    inside = [returns[name] for name in spend if spend[name] > 1e-6]
    assert len(inside) > 1
    assert max(inside) - min(inside) < 1e-3 * max(inside)
    assert all(returns[name] <= max(inside) * 1.001 for name in spend)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_move_of_money_betters_the_best_split(seed):
    model = random_model(seed)
    total = sum(model.current.values())
    best = model.best(total).spend
    most, rng = mean_money(model, best), np.random.default_rng(seed)
    others = [
        model.current,
        *(dict(zip(best, total * rng.dirichlet(np.ones(5)), strict=True)) for _ in range(200)),
    ]
    for source in best:
        for target in best:
            step = min(best[source], 0.02 * total)
            if source != target:
                others.append(best | {source: best[source] - step, target: best[target] + step})
    assert max(mean_money(model, other) for other in others) <= most * (1 + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_to_spend_never_brings_less(seed):
    """What it brings before the spend: all of a total is spent where anything returns."""
    model = random_model(seed)
    brought = []
    for total in np.linspace(500, 20_000, 12):
        spend = model.best(float(total)).spend
        brought.append(mean_money(model, spend) + sum(spend.values()))
    assert (np.diff(brought) > -1e-6 * np.array(brought[1:])).all()


def test_the_order_of_lines_makes_no_difference():
    model = random_model(1)
    other = replace(model, lines=(*model.lines[2::-1], *model.lines[:2:-1]))
    total = sum(model.current.values())
    assert other.money(other.current) == pytest.approx(model.money(model.current))
    assert other.best(total).spend == pytest.approx(model.best(total).spend, rel=1e-3)


def test_money_in_another_unit_moves_the_same_part():
    model = random_model(2)
    cents = []
    for one in model.lines:
        curve = replace(one.curve, k=one.curve.k / 100, value_per_outcome=100 * one.curve.value_per_outcome)
        cents.append(replace(one, now=100 * one.now, low=100 * one.low, high=100 * one.high, curve=curve))
    total = sum(model.current.values())
    there, here = replace(model, lines=tuple(cents)).best(100 * total).spend, model.best(total).spend
    assert {name: money / 100 for name, money in there.items()} == pytest.approx(here, rel=1e-3)


@pytest.mark.parametrize("risk", [EXPECTED, CAUTIOUS])
@pytest.mark.parametrize("total", [None, 6_000])
def test_locks_and_bounds_hold(risk, total):
    model = random_model(3)
    wish = Wish(
        total=total,
        risk=risk,
        bounds=(("channel 0", model.current["channel 0"] + 100, None), ("channel 1", None, 900)),
        locks=(("programme 0", 321),),
    )
    total = total or sum(model.current.values())
    best = split(model, wish)
    assert best.spend["programme 0"] == pytest.approx(321)
    assert best.spend["channel 0"] >= model.current["channel 0"] + 100 - 1e-6
    assert best.spend["channel 1"] <= 900 + 1e-6
    assert sum(best.spend.values()) + best.unspent == pytest.approx(total)


def test_a_lock_at_todays_spends_moves_nothing():
    model = random_model(4)
    found = advised(Budget("", None, Assumptions(), model=model), Wish(locks=tuple(model.current.items())))
    assert found.gain.value == pytest.approx(0)
    assert found.sentence.startswith("Today's split is about as good as any")


def test_nothing_goes_further_beyond_the_months_observed_than_is_asked_for():
    model = random_model(5)
    for total in (2_000, 30_000):
        for one, money in zip(model.lines, split(model, Wish(total=total)).spend.values(), strict=True):
            assert money <= 1.5 * one.high * (1 + 1e-9)
    assert split(model, Wish(total=60_000)).unspent > 0
    asked = split(model, Wish(total=60_000, bounds=tuple((name, None, 1e6) for name in model.names)))
    assert asked.unspent == pytest.approx(0, abs=1)


def test_a_free_total_stops_where_the_next_unit_returns_what_is_asked():
    model = random_model(6)
    wish = Wish(target_marginal_roi=0.2, bounds=tuple((name, None, 1e6) for name in model.names))
    spend = split(model, wish).spend
    returns = {name: float(drawn.mean()) for name, drawn in model.marginal_returns(spend).items()}
    assert any(spend[name] > 0 for name in spend)
    for name, money in spend.items():
        assert returns[name] == pytest.approx(1.2, rel=2e-3) if money > 0 else returns[name] <= 1.2


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (
            Wish(bounds=(("channel 0", 900, 100),)),
            r"The minimum of channel 0, 900(\.00)?, is above its maximum, 100",
        ),
        (
            Wish(total=1_000, locks=(("channel 0", 2_000),)),
            "is below the 2,000(.00)? that minima and locks already take",
        ),
        (Wish(locks=(("television", 5),)), "There is no response curve of television"),
        (Wish(bounds=(("television", 5, 10),)), "There is no response curve of television"),
        (Wish(bounds=(("channel 0", -5, 10),)), "at least 0"),
        (Wish(target_marginal_roi=-2), "must be above −1"),
    ],
)
def test_what_no_split_can_keep_is_said_in_one_sentence(wish, sentence):
    with pytest.raises(ValueError, match=sentence) as raised:
        split(random_model(7), wish)
    assert str(raised.value).endswith(".")
    assert str(raised.value).count(". ") == 0


def loose(model: BudgetModel, risk: str) -> Wish:
    """A wish that lets every line go down to nothing."""
    return Wish(bounds=tuple((name, 0.0, None) for name in model.current), risk=risk)


def test_a_cautious_split_goes_as_far_as_one_draw_in_twenty_loses():
    model, today = wide_model(), wide_model().money(wide_model().current)
    cautious, there = (split(model, loose(model, risk)).spend for risk in (CAUTIOUS, EXPECTED))
    losing = [np.mean(model.money(spend) < today) for spend in (cautious, there)]
    assert losing[0] <= LOSING < losing[1]
    start = model.current
    far = (cautious["points"] - start["points"]) / (there["points"] - start["points"])
    further = {name: now + (far + 1 / 40) * (there[name] - now) for name, now in start.items()}
    assert np.mean(model.money(further) < today) > LOSING


def test_a_cautious_split_leaves_each_line_half_of_its_spend_unless_asked():
    for seed in range(5):
        model = random_model(seed)
        found = split(model, Wish()).spend
        today, money = model.current, model.money(model.current)
        earning = [n for n in today if np.mean(model.money({**today, n: 0.0}) < money) > LOSING]
        assert all(found[name] >= KNOWN_FROM * today[name] - 1e-6 for name in earning)
    name = model.names[0]
    assert split(model, Wish(locks=((name, 0.0),))).spend[name] == 0


def test_where_every_step_may_harm_todays_split_is_kept():
    model = hand(draws=10)
    points = replace(model.lines[2], curve=replace(model.lines[2].curve, ceiling=np.linspace(-60, 90, 10)))
    model = replace(model, lines=(*model.lines[:2], points, model.lines[3]))
    assert split(model, Wish()).spend == pytest.approx(model.current)


def test_a_cautious_split_gives_the_worst_fifth_more_than_the_expected_one():
    model, today = wide_model(), wide_model().money(wide_model().current)
    cautious, expected = (
        model.money(split(model, Wish(risk=risk)).spend) - today for risk in (CAUTIOUS, EXPECTED)
    )
    assert worst_fifth(cautious) > worst_fifth(expected)
    assert cautious.mean() < expected.mean()
    assert worst_fifth(cautious) >= 0  # today's split is one of those it chooses from


def test_a_cautious_split_lies_on_the_way_to_the_expected_one():
    model = wide_model()
    there, found, now = (
        *(split(model, loose(model, risk)).spend for risk in (EXPECTED, CAUTIOUS)),
        model.current,
    )
    far = {name: (found[name] - now[name]) / (there[name] - now[name]) for name in now}
    assert 0 < far["points"] < 1
    assert list(far.values()) == pytest.approx([far["points"]] * 4)


def wide_model() -> BudgetModel:
    """Of points nobody knows whether it causes little or twenty times as much."""
    model = hand(draws=20)
    points = replace(model.lines[2], curve=replace(model.lines[2].curve, ceiling=np.linspace(4, 80, 20)))
    return replace(model, lines=(*model.lines[:2], points, model.lines[3]))


def test_the_worst_fifth_by_hand():
    assert worst_fifth(np.array([5.0, 1, 9, 2, 7, 3, 8, 4, 6, 10])) == 1.5


# --- month by month


def test_twelve_months_bring_twelve_times_the_money_when_all_has_arrived():
    """Half of a customer's worth arrives with the first order, half eleven months later."""
    arrival = np.zeros((2, 12))
    arrival[:, [0, 11]] = 0.5
    model = hand(arrival=arrival)
    found = model.months(model.current, 24)
    assert found.customers[:, 0] == pytest.approx([16.0] * 12 + [0.0] * 12)
    assert found.cash.sum() == pytest.approx(12 * float(model.money(model.current)[0]))
    # before the twelfth month: half of 12 × 206 + 4 × 106, and 100 × 6
    assert found.margin[:11, 0] == pytest.approx([1_448 + 600] * 11)
    assert found.margin[11, 0] == pytest.approx(2 * 1_448 + 600)
    assert found.margin[12:, 0] == pytest.approx([1_448.0] * 11 + [0.0])


def test_cash_is_margin_less_the_spend_of_the_plan():
    model = random_model(1)
    found = model.months(model.current, 24)
    paid = (found.margin - found.cash)[:, 0]
    assert paid == pytest.approx([sum(model.current.values())] * 12 + [0.0] * 12)
    assert found.margin.shape == (24, 20)


def test_a_plan_shorter_than_the_horizon_is_cut():
    found = hand().months(hand().current, 5)
    assert found.cash.shape == (5, 1)
    assert found.customers[:, 0] == pytest.approx([16.0] * 5)


def test_adstock_moves_from_todays_level_to_the_new_one():
    """Search is stopped; half of what it left works on each month: 500, 250, ... of spend."""
    model = hand()
    search = replace(model.lines[0], curve=replace(model.lines[0].curve, carryover=0.5))
    model = replace(model, lines=(search, *model.lines[1:]))
    found = model.months(model.current | {"search": 0.0}, 12).customers[:, 0]
    # 20 × (1 − 2^(−adstock / 1000)) beside 2 that come anyway and 4 of radio
    assert found == pytest.approx([6 + 20 * (1 - 2 ** (-(0.5**month))) for month in range(1, 13)])
    unchanged = model.months(model.current, 12).customers[:, 0]
    assert unchanged == pytest.approx([16.0] * 12)


# --- the advice


@pytest.fixture(scope="module")
def random_advice():
    return advised(Budget("", "EUR", Assumptions(), model=random_model(2)), Wish(risk=EXPECTED))


def test_the_frontier_holds_todays_share_and_is_highest_near_the_best_one(random_advice):
    model, found = random_advice.model, random_advice.frontier.set_index("share")
    today = round(model.share(model.current), 4)
    assert today in found.index
    assert found["gain"].max() <= random_advice.gain.value * (1 + 1e-6)
    assert found["gain"].idxmax() == pytest.approx(model.share(random_advice.recommended), abs=0.05)
    assert found.loc[today, "gain"] >= -1e-6  # the same share, better split within either side
    assert (found["low"] <= found["gain"]).all()
    assert (found["gain"] <= found["high"]).all()


def test_moving_too_little_or_too_much_brings_less(random_advice):
    assert 0 < random_advice.off < random_advice.gain.value


def test_a_side_alone_has_a_frontier_of_its_own():
    model = hand(lines=hand().lines[:2])
    found = frontier(model, 1_500)
    assert set(found["share"]) == {0.0}


def test_the_gain_by_hand():
    """All of radio's and gift's money stays where it is; 200 more on points, 200 less on search."""
    model = hand()
    wish = Wish(locks=(("search", 800), ("radio", 500), ("points", 600), ("gift", 200)))
    found = advised(Budget("", None, Assumptions(), model=model), wish)
    won, added = 2 + 20 * (1 - 2**-0.8) + 4, 10 * (1 - 2**-1.5) + 1
    money = (won - 4) * 200 + 4 * 100 + (won + 100) * added - 2_100
    today = 12 * 206 + 4 * 106 + 100 * 6 - 2_100
    assert found.gain.value == pytest.approx(12 * (money - today))
    points = found.lines.set_index("name").loc["points"]
    assert points["marginal_roi"] == pytest.approx(5 * math.log(2) / 400 * 116 - 1)
    assert (points["now"], points["best"]) == (400, 600)


def test_beyond_half_to_one_and_a_half_times_the_months_a_curve_is_an_extrapolation():
    one = line("search", ACQUISITION, 1_000, 20, 0.001, low=800, high=1_200)
    assert [one.is_extrapolation(spend) for spend in (399, 400, 1_800, 1_801)] == [True, False, False, True]


# --- companies


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as opened:
        opened.load_sample()
        yield opened


@pytest.fixture(scope="module")
def sample(workspace):
    return budget(workspace)


@pytest.fixture(scope="module")
def on_average(sample):
    return advised(sample, Wish(risk=EXPECTED))


def test_what_does_not_pay_gets_nothing(sample, on_average):
    assert sample.grade == "A"
    assert on_average.recommended["birthday_gift"] == 0.0
    assert sample.recommended["birthday_gift"] < 0.5 * sample.current["birthday_gift"]
    gift = sample.lines.set_index("name").loc["birthday_gift"]
    assert gift["high"] < 0


def test_the_advice_moves_money_to_existing_customers_and_gains(sample):
    assert sample.gain.low > 0
    assert sample.off > 0
    assert sum(sample.recommended.values()) + sample.best.unspent == pytest.approx(
        sum(sample.current.values())
    )
    assert sample.model.share(sample.recommended) > sample.model.share(sample.current)
    assert sample.sentence.startswith("Moving €")
    assert "(€" in sample.sentence


def test_the_samples_lines_at_no_limit_return_the_same(on_average):
    returns = {
        n: float(d.mean()) for n, d in on_average.model.marginal_returns(on_average.recommended).items()
    }
    most = {one.name: max(1.5 * one.high, one.now) for one in on_average.model.lines}
    inside = [
        returns[n] for n, money in on_average.recommended.items() if 1e-6 < money < most[n] * (1 - 1e-6)
    ]
    assert len(inside) >= 4
    assert max(inside) - min(inside) < 1e-3 * max(inside)


def test_the_samples_frontier(on_average):
    found = on_average.frontier.set_index("share")["gain"]
    today = round(on_average.model.share(on_average.current), 4)
    assert today in found.index
    assert found.idxmax() == pytest.approx(on_average.model.share(on_average.recommended), abs=0.05)
    assert found.max() <= on_average.gain.value
    # up to the best share it rises, beyond it falls
    assert (np.diff(found[found.index <= found.idxmax()]) > 0).all()
    assert (np.diff(found[found.index >= found.idxmax()]) < 0).all()


def test_the_sample_keeps_its_current_spends_by_name(sample, repository):
    with open(repository / "data/sample/spend.csv", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    lately = sorted({row["month"] for row in rows})[-3:]
    spent = {name: sum(float(r["amount"]) for r in rows if r["channel"] == name and r["month"] in lately) / 3
             for name in {row["channel"] for row in rows}}  # fmt: skip
    assert sample.current == pytest.approx(spent)


def test_what_programmes_bring_together_lies_within_what_was_measured(sample, workspace):
    """At the mean of the months, as many customers as there are now: drawn towards what is usual, but not beyond."""
    won = sum(float(np.mean(one.outcome)) for one in sample.model.channels)
    caused = sum(float(one.curve.value(np.mean(one.spend)).mean()) for one in sample.model.programmes) * (
        sample.model.customers + won
    )
    measured = case(workspace).retention.incremental.margin
    assert measured.low < 24 * caused < measured.high


def test_two_estimates_and_their_sum_by_hand():
    """10 and 10 with variances of 4 each, together 30 with one of 8: either gains 4 / 16 of the missing 10."""
    drawn = budget_programmes._together(np.array([10.0, 10.0]), np.array([4.0, 4.0]), 30.0, 8.0)
    assert drawn.mean(axis=1) == pytest.approx([12.5, 12.5])
    assert drawn.var(axis=1) == pytest.approx([3, 3], rel=0.1)
    # 8 × 8 / 16 is the variance of the sum, once it is known
    assert drawn.sum(axis=0).var() == pytest.approx(4, rel=0.1)


def test_a_sum_known_exactly_is_kept():
    drawn = budget_programmes._together(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 0.0]), 10.0, 0.0)
    assert drawn.sum(axis=0) == pytest.approx(10)
    assert drawn.mean(axis=1) == pytest.approx([1.8, 5.2, 3.0])


def test_without_spend_there_is_no_advice():
    found = budget_of(
        [("a", "2025-01-05", 50, 20, "new", "search"), ("b", "2025-01-09", 50, 20, "reorder", None)]
    )
    assert (found.model, found.best, found.current, found.recommended) == (None, None, {}, {})
    assert not found.gain.known
    assert [lack.kind for lack in found.missing] == ["spend"]
    assert found.sentence == "The budget cannot be simulated yet. Spend is not loaded."
    assert advised(found, Wish()) is found
    assert found.notes == ()


def test_an_empty_workspace_has_no_advice():
    assert budget_of([]).sentence == "The budget cannot be simulated yet. No orders are loaded."


def budget_of(orders, spend=()):
    return budget(SmallCompany(orders, list(spend)))


def test_few_months_tell_nothing_of_more_or_less_spend():
    months = [f"2025-{month:02d}" for month in range(1, 6)]
    orders = [(f"n{m}", f"{m}-05", 50, 20, "new", "search") for m in months]
    orders += [(f"e{m}", f"{m}-15", 50, 20, "reorder", "club") for m in months]
    spend = [
        (f"{m}-01", name, motion, 100)
        for m in months
        for name, motion in (("search", ACQUISITION), ("club", RETENTION))
    ]
    found = budget_of(orders, spend)
    assert found.model is None
    assert "Fewer than eight months" in found.sentence


def test_a_name_that_is_a_channel_and_a_programme_is_two_lines(tmp_path):
    """Email wins customers for 50 a month and keeps them for 40."""
    months = [f"2025-{month:02d}" for month in range(1, 11)]
    with Workspace.open(tmp_path / "workspace") as workspace:
        load(workspace, "sales", [
            sale(f"{channel}{m}{n}", f"{channel}{m}{n}", f"{m}-05", 100, channel, margin=40)
            for m in months for channel, count in (("email", 3), ("search", 5)) for n in range(count)
        ])  # fmt: skip
        load(workspace, "reorders", [
            reorder(f"r{m}{n}", f"email{m}{n}", f"{m}-25", 50, margin=20, trigger="email")
            for m in months for n in range(3)
        ])  # fmt: skip
        spends = (("email", 50, ACQUISITION), ("search", 100, ACQUISITION), ("email", 40, RETENTION))
        load(workspace, "spend", [spend(f"{m}-01", *row) for m in months for row in spends])
        found = budget(workspace)
    assert found.current == pytest.approx({"email": 50, "search": 100, "email (existing customers)": 40})
    assert sum(found.recommended.values()) + found.best.unspent == pytest.approx(190)


def test_the_frontier_where_nothing_was_spent_lately():
    """Today's share is not known then; the others are still answered."""
    still = company()
    still = replace(still, lines=tuple(replace(one, now=0.0) for one in still.lines))
    found = frontier(still, 300.0)
    assert np.isfinite(found["share"]).all()
    assert len(found) > 1
