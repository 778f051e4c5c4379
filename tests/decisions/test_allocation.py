"""Splits of a budget: laws of the optimum, brute force, prices of limits, sentences for what cannot be."""

import math
from dataclasses import replace

import numpy as np
import pytest

from analytics.decisions import allocation
from analytics.decisions.allocation import Curve, Group, allocate, best_splits, best_splits_with_loop
from analytics.decisions.grid_split import split_on_grid

SEARCH, DISPLAY, AMBASSADOR = "paid search", "display", "ambassador"


def companies(count: int, lines: int, seed: int, draws: int | None = None, family: str = "exponential"):
    """Random companies with the same scales of money as real ones."""
    rng = np.random.default_rng(seed)
    shape = () if draws is None else (draws,)
    for _ in range(count):
        yield {
            f"channel {line}": Curve(
                base=rng.uniform(0, 5),
                ceiling=np.exp(rng.normal(4, 0.6) + 0.3 * rng.standard_normal(shape)),
                k=np.exp(rng.normal(-7, 0.8) + 0.3 * rng.standard_normal(shape)),
                value_per_outcome=rng.uniform(20, 90),
                family=family,
                shape=rng.uniform(1.2, 4),
            )
            for line in range(lines)
        }


def money(curves, spend) -> float:
    return float(np.mean(sum(curves[name].value(spend[name]) for name in curves)))


def brute_force(curves, low, high, total, steps=80) -> float:
    """The most that any split of a grid over three lines brings."""
    a, b = (np.linspace(low[i], high[i], steps) for i in range(2))
    lines = list(curves.values())
    x, y = np.meshgrid(a, b, indexing="ij")
    rest = np.clip(total - x - y, low[2], high[2])
    worth = lines[0].value(x) + lines[1].value(y) + lines[2].value(rest)
    return float(worth[x + y + rest <= total * (1 + 1e-12)].max())


def test_two_lines_by_hand():
    """100 e^(−s/100) × 1/100 each way: of 300, where worths are 100 e and 100, the first gets 100 more."""
    curves = {"dear": Curve(0, 100 * math.e, 0.01), "cheap": Curve(0, 100, 0.01)}
    found = allocate(curves, 300)
    assert found.spend == pytest.approx({"dear": 200, "cheap": 100})
    assert found.multiplier == pytest.approx(math.exp(-1))
    assert found.value == pytest.approx(100 * math.e * (1 - math.exp(-2)) + 100 * (1 - math.exp(-1)))


@pytest.mark.parametrize("draws", [None, 50])
def test_lines_at_no_limit_return_the_same(draws):
    for curves in companies(20, 5, seed=1, draws=draws):
        found = allocate(curves, 6000)
        returns = [found.marginal_return[name] for name in curves if found.spend[name] > 0]
        assert returns == pytest.approx([found.multiplier] * len(returns), rel=1e-8)
        idle = [found.marginal_return[name] for name in curves if found.spend[name] == 0]
        assert all(value <= found.multiplier * (1 + 1e-8) for value in idle)
        assert sum(found.spend.values()) == pytest.approx(6000)


def test_more_budget_never_brings_less():
    for family in ("exponential", "hill"):
        for curves in companies(5, 4, seed=2, family=family):
            values = [allocate(curves, total).value for total in np.linspace(0, 20_000, 15)]
            assert (np.diff(values) >= -1e-6).all()


def test_the_order_of_channels_changes_nothing():
    for curves in companies(10, 6, seed=3, draws=20):
        backwards = dict(reversed(curves.items()))
        assert allocate(backwards, 5000).spend == pytest.approx(allocate(curves, 5000).spend, abs=1e-6)


def test_the_unit_of_money_changes_nothing_and_no_split_is_equal_for_lack_of_scale():
    """In won or in millions of euros: the same shares."""
    curves = {
        SEARCH: Curve(3, 77, 3.6e-4, 78),
        DISPLAY: Curve(2, 14.5, 1.2e-3, 73),
        AMBASSADOR: Curve(0, 30, 9e-4, 60),
    }
    shares = np.array(list(allocate(curves, 3500).spend.values())) / 3500
    assert shares.max() / shares.min() > 1.5
    for unit in (1e-6, 1500.0, 1e9):
        other = {
            name: replace(curve, k=curve.k / unit, value_per_outcome=curve.value_per_outcome * unit)
            for name, curve in curves.items()
        }
        assert np.array(list(allocate(other, 3500 * unit).spend.values())) / (3500 * unit) == pytest.approx(
            shares
        )


def test_never_worse_than_brute_force():
    rng = np.random.default_rng(4)
    for curves in companies(100, 3, seed=4):
        low = rng.uniform(0, 800, 3) * (rng.random(3) < 0.5)
        high = low + rng.uniform(200, 4000, 3)
        total = rng.uniform(low.sum(), high.sum())
        bounds = {name: (low[i], high[i]) for i, name in enumerate(curves)}
        found = allocate(curves, total, bounds)
        spent = np.array(list(found.spend.values()))
        assert (spent >= low - 1e-9).all()
        assert (spent <= high + 1e-9).all()
        assert spent.sum() <= total + 1e-6
        assert found.value >= brute_force(curves, low, high, total) * 0.999999


def test_locks_stay_and_go_before_bounds():
    for curves in companies(10, 4, seed=5):
        found = allocate(curves, 5000, bounds={"channel 1": (0, 100)}, locks={"channel 1": 700})
        assert found.spend["channel 1"] == 700
        free = {name: curve for name, curve in curves.items() if name != "channel 1"}
        alone = allocate(free, 4300)
        assert {name: found.spend[name] for name in free} == pytest.approx(alone.spend)


def test_group_caps_hold_and_are_optimal():
    for curves in companies(40, 5, seed=6, draws=10):
        groups = {
            "acquisition": Group(("channel 0", "channel 3"), 900.0),
            "rest": Group(("channel 4",), 1200.0),
        }
        found = allocate(curves, 5000, groups=groups)
        inside = {name: sum(found.spend[n] for n in group.names) for name, group in groups.items()}
        assert all(inside[name] <= group.most * (1 + 1e-12) for name, group in groups.items())
        rng = np.random.default_rng(7)
        for _ in range(30):
            names = rng.permutation(list(curves))[:2]
            moved = dict(found.spend)
            step = min(rng.uniform(0, 60), moved[names[0]])
            moved[names[0]] -= step
            moved[names[1]] += step
            if all(sum(moved[n] for n in group.names) <= group.most for group in groups.values()):
                assert money(curves, moved) <= found.value * (1 + 1e-12)


def limited(curves, total=4000.0, least=700.0, most=400.0, lock=500.0, cap=900.0, **more):
    return allocate(
        curves,
        total,
        bounds={"channel 0": (least, None), "channel 1": (0, most)},
        locks={"channel 2": lock},
        groups={"acquisition": Group(("channel 3", "channel 4"), cap)},
        **more,
    )


def test_a_shadow_price_is_the_slope_of_the_optimum():
    moved = {"min": "least", "max": "most", "lock": "lock", "group": "cap", "total": "total"}
    start = {"total": 4000.0, "least": 700.0, "most": 400.0, "lock": 500.0, "cap": 900.0}
    seen = set()
    for curves in companies(30, 7, seed=8):
        for limit in limited(curves).binding:
            at = moved[limit.kind]
            sign = 1 if limit.direction == "raise" else -1
            up, down = (limited(curves, **{at: start[at] + sign * step}).value for step in (0.01, -0.01))
            assert (up - down) / 0.02 == pytest.approx(limit.shadow_price, rel=1e-3, abs=1e-7), limit
            assert limit.limit == start[at]
            seen.add((limit.kind, limit.direction))
    assert seen == {("min", "lower"), ("max", "raise"), ("lock", "raise"), ("lock", "lower"), ("group", "raise"), ("total", "raise")}  # fmt: skip


def test_limits_that_hold_nothing_back_are_not_named():
    curves = {"a": Curve(0, 100, 0.01), "b": Curve(0, 100, 0.01)}
    found = allocate(
        curves, 200, bounds={"a": (10, 190), "b": (0, None)}, groups={"both": Group(("a", "b"), 300)}
    )
    assert [limit.kind for limit in found.binding] == ["total"]


def test_a_free_total_stops_at_the_target():
    """Return e^(−s/100) of the next unit: 1.25 is reached at 100 ln 4 where a line begins at 5."""
    curves = {"pays": Curve(0, 500, 0.01), "does not": Curve(0, 120, 0.01)}
    found = allocate(curves, None, target_marginal_roi=0.25)
    assert found.spend == pytest.approx({"pays": 100 * math.log(4), "does not": 0})
    assert found.multiplier == found.marginal_return["pays"] == pytest.approx(1.25)
    assert found.binding == ()


def test_a_total_with_a_target_is_the_most_that_may_be_spent():
    curves = {"pays": Curve(0, 500, 0.01)}
    assert allocate(curves, 1000, target_marginal_roi=0.25).unspent == pytest.approx(1000 - 100 * math.log(4))
    held = allocate(curves, 100, target_marginal_roi=0.25)
    assert held.spend["pays"] == pytest.approx(100)
    assert held.binding[0].kind == "total"
    assert held.binding[0].shadow_price == pytest.approx(5 * math.exp(-1) - 1.25)


def test_nothing_is_spent_on_what_returns_nothing():
    curves = {"pays": Curve(0, 50, 0.01), "worthless": Curve(0, 90, 0.01, value_per_outcome=0.0)}
    found = allocate(curves, 500, bounds={"pays": (0, 200)})
    assert found.spend == {"pays": pytest.approx(200), "worthless": 0}
    assert found.unspent == pytest.approx(300)


def test_nothing_to_spend_is_spent():
    curves = {"a": Curve(0, 100, 0.01), "b": Curve(0, 80, 0.01)}
    assert allocate(curves, 0).spend == {"a": 0, "b": 0}


def test_gain_over_the_current_split_with_its_interval():
    curves = next(companies(1, 4, seed=9, draws=400))
    current = {"channel 0": 3000.0, "channel 1": 1000.0}
    found = allocate(curves, 4000, current=current)
    before = money(curves, dict.fromkeys(curves, 0.0) | current)
    assert found.gain.value == pytest.approx(found.value - before)
    assert found.gain.low < found.gain.value < found.gain.high
    assert not allocate(curves, 4000).gain.known


def test_a_cautious_split_does_best_where_draws_are_worst():
    """No other split, tried around it and at random, has a better mean of its worst fifth."""
    rng = np.random.default_rng(10)
    for curves in companies(5, 3, seed=10, draws=60):
        cautious, expected = (allocate(curves, 3000, risk=risk) for risk in ("cautious", "expected"))

        def worst_fifth(spend, curves=curves):
            values = sum(curve.value(money) for curve, money in zip(curves.values(), spend, strict=True))
            return np.sort(values)[:12].mean()

        at = np.array(list(cautious.spend.values()))
        assert cautious.value == pytest.approx(worst_fifth(at))
        assert cautious.value >= worst_fifth(expected.spend.values())
        tried = [worst_fifth(3000 * rng.dirichlet([1, 1, 1])) for _ in range(2000)]
        assert cautious.value >= max(tried) * (1 - 1e-4)


def test_a_cautious_split_prefers_what_is_known():
    rng = np.random.default_rng(11)
    curves = {
        "sure": Curve(0, np.full(500, 100.0), 0.002),
        "unsure": Curve(0, 115 * rng.gamma(1, 1, 500), 0.002),
    }
    assert allocate(curves, 800).spend["unsure"] > 400
    assert allocate(curves, 800, risk="cautious").spend["unsure"] < 200


@pytest.mark.parametrize("family", ["exponential", "hill"])
def test_a_grid_of_money_finds_what_brute_force_finds(family):
    rng = np.random.default_rng(12)
    for curves in companies(30, 3, seed=12, family=family):
        lines = list(curves.values())
        step, total = 50.0, 2000.0
        low, high = 50.0 * rng.integers(0, 6, 3), 50.0 * rng.integers(12, 41, 3)
        cap = float(low[:2].sum() + 50 * rng.integers(0, 20))
        grid = [np.arange(low[i], high[i] + 1, step) for i in range(3)]
        x, y, z = np.meshgrid(*grid, indexing="ij")
        worth = sum(line.value(money) for line, money in zip(lines, (x, y, z), strict=True))
        most = worth[(x + y + z <= total) & (x + y <= cap)].max()
        steps = int((min(total, high.sum()) - low.sum()) / step)
        found, finer = (
            split_on_grid(
                lambda i, s, lines=lines: lines[i].value(s),
                low,
                high,
                total,
                [(np.arange(2), cap)],
                steps,
                rounds,
            )
            for rounds in (0, 9)
        )
        value, better = (
            sum(float(line.value(s)) for line, s in zip(lines, split, strict=True))
            for split in (found, finer)
        )
        assert value == pytest.approx(most)
        assert better >= value
        assert found[:2].sum() <= cap + 1e-6
        assert finer.sum() <= total + 1e-6


def test_an_s_shaped_line_gets_all_or_nothing():
    """Two lines of shape 4 and money for one of them to reach half of its ceiling: sharing would waste it."""
    curves = {name: Curve(0, 100, 0.001, 10, "hill", 4.0) for name in ("a", "b")}
    found = allocate(curves, 1200)
    assert sorted(found.spend.values()) == pytest.approx([0, 1200], abs=1e-3)
    assert allocate(curves, None, target_marginal_roi=0.5).spend["a"] == pytest.approx(0, abs=1e-3)


def test_s_shaped_lines_at_no_limit_return_the_same():
    for curves in companies(3, 4, seed=13, family="hill", draws=30):
        found = allocate(curves, 9000)
        returns = [found.marginal_return[name] for name in curves if found.spend[name] > 1]
        assert returns == pytest.approx([found.multiplier] * len(returns), rel=1e-3)


def test_each_draw_s_best_split_is_that_draw_s_optimum():
    limits = {
        "bounds": {"channel 0": (200, None), "channel 1": (0, 500)},
        "locks": {"channel 2": 300},
        "groups": {"acquisition": Group(("channel 3", "channel 4"), 900.0)},
    }
    curves = next(companies(1, 6, seed=14, draws=40))
    splits = best_splits(curves, 4000, **limits)
    assert splits.shape == (40, 6)
    for draw in range(0, 40, 5):
        alone = {name: replace(c, ceiling=c.ceiling[draw], k=c.k[draw]) for name, c in curves.items()}
        assert splits[draw] == pytest.approx(list(allocate(alone, 4000, **limits).spend.values()), abs=1e-6)


def loop_value(channels, programmes, customers, spend):
    """The money of the loop, written out."""
    channel_spend, programme_spend = spend[: len(channels)], spend[len(channels) :]
    added = sum(
        c.value_per_outcome * c.outcome(s) for c, s in zip(programmes.values(), programme_spend, strict=True)
    )
    won = sum(
        c.outcome(s) * (c.value_per_outcome + added)
        for c, s in zip(channels.values(), channel_spend, strict=True)
    )
    return won + customers * added


def loops(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        channels = {f"c{i}": Curve(rng.uniform(0, 3), rng.uniform(5, 60), np.exp(rng.normal(-6.5, 1)), rng.uniform(10, 90)) for i in range(2)}  # fmt: skip
        customers = rng.choice([0.0, 10.0, 300.0])
        strength = 2 if customers < 100 else -1
        programmes = {
            f"p{i}": Curve(0, np.exp(rng.normal(strength, 1)), np.exp(rng.normal(-6.5, 1))) for i in range(2)
        }
        yield channels, programmes, customers


def test_a_split_with_the_loop_is_never_worse_than_brute_force():
    grid = np.linspace(0, 1000, 31)
    x, y, z = np.meshgrid(grid, grid, grid, indexing="ij")
    possible = x + y + z <= 1000 + 1e-9
    for channels, programmes, customers in loops(25, seed=15):
        tried = loop_value(channels, programmes, customers, [x, y, z, np.maximum(1000 - x - y - z, 0)])
        found = best_splits_with_loop(channels, programmes, customers, 1000)[0]
        assert found.sum() == pytest.approx(1000)
        assert loop_value(channels, programmes, customers, found) >= tried[possible].max() * 0.999


def test_with_the_loop_the_next_unit_returns_the_same_everywhere():
    for channels, programmes, customers in loops(15, seed=16):
        found = best_splits_with_loop(channels, programmes, customers, 1000, bounds={"c0": (50, None)})[0]
        steps = np.eye(4) * 1e-3
        slopes = np.array([loop_value(channels, programmes, customers, found + s) - loop_value(channels, programmes, customers, found - s) for s in steps]) / 2e-3  # fmt: skip
        free = found > [50 + 1e-6, 1e-3, 1e-3, 1e-3]
        assert slopes[free] == pytest.approx(slopes[free].mean(), rel=1e-4)


def test_without_programmes_effect_the_loop_changes_nothing():
    channels = next(companies(1, 4, seed=17, draws=30))
    programmes = {"gift": Curve(0, 0.0, 0.001)}
    splits = best_splits_with_loop(channels, programmes, 1000, 4000)
    assert splits[:, :4] == pytest.approx(best_splits(channels, 4000))
    assert (splits[:, 4] == 0).all()


CURVES = {SEARCH: Curve(3, 77, 3.6e-4, 78), DISPLAY: Curve(2, 14.5, 1.2e-3, 73)}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"total": 100, "bounds": {SEARCH: (80, None), DISPLAY: (30, None)}}, "below the 110 that minima and locks"),
        ({"total": 100, "locks": {SEARCH: 120}}, "below the 120 that minima and locks"),
        ({"total": 100, "bounds": {SEARCH: (80, 30)}}, "minimum of paid search, 80.00, is above its maximum, 30.00"),
        ({"total": 100, "bounds": {"radio": (0, 10)}}, "no response curve of radio; there are curves of paid search and display"),
        ({"total": 100, "locks": {"radio": 10}}, "no response curve of radio"),
        ({"total": 100, "groups": {"g": Group(("radio",), 10)}}, "no response curve of radio"),
        ({"total": 100, "current": {"radio": 10}}, "no response curve of radio"),
        ({"total": 100, "groups": {"g": Group((SEARCH,), 10), "h": Group((SEARCH,), 10)}}, "one group only"),
        ({"total": 100, "locks": {SEARCH: 20}, "groups": {"g": Group((SEARCH,), 10)}}, "group g may spend 10.00"),
        ({"total": 100, "locks": {SEARCH: -20}}, "at least 0"),
        ({"total": -1}, "The total of −1.00 is below"),
        ({"total": math.nan}, "The total of n/a is below"),
        ({"total": None}, "needs a target"),
        ({"total": None, "target_marginal_roi": -1.0}, "above −1"),
        ({"total": 100, "risk": "bold"}, "expected or cautious"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(asked, sentence):
    with pytest.raises(ValueError, match=sentence) as found:
        allocate(CURVES, **asked)
    assert str(found.value).endswith(".")
    assert "\n" not in str(found.value)


def test_curves_that_cannot_be_split_over_are_refused():
    with pytest.raises(ValueError, match="no channel"):
        allocate({}, 100)
    with pytest.raises(ValueError, match="same number of draws"):
        allocate({"a": Curve(0, np.ones(3), 1.0), "b": Curve(0, np.ones(4), 1.0)}, 100)
    with pytest.raises(ValueError, match="exponential response curves only"):
        best_splits({"a": Curve(0, 1.0, 1.0, family="hill")}, 100)
    with pytest.raises(ValueError, match="same name"):
        best_splits_with_loop(CURVES, {SEARCH: CURVES[SEARCH]}, 10, 100)


def test_worth_of_either_sign_over_draws_is_split_too():
    """A line that loses money in some draws is worth its mean."""
    curves = {"a": Curve(0, 100, 0.01, np.array([3.0, -1.0])), "b": Curve(0, 100, 0.01, np.array([1.0, 1.0]))}
    assert allocate(curves, 300).spend == pytest.approx({"a": 150, "b": 150}, abs=1e-3)


def test_the_public_names_are_in_one_place():
    assert set(allocation.__all__) >= {"allocate", "best_splits", "best_splits_with_loop", "Curve", "Group"}
