"""The arithmetic of the budget page: a slider's move, and the best split for each draw of the response curves.

    python -m benchmarks.allocation --draws 1000 --repeats 7

Twelve channels, made on the spot. A slider's move: customers of every channel, margin by month over 24 months and
equity per draw, all draws at once against a Python loop over channels and months. Best splits: against scipy's
SLSQP, without and with gradient, on a sample of draws, scaled to all; and with four of the lines as programmes whose
effect rises with the customers won. The floor is one exponential per draw and channel. Peer and ours must agree.
All in one process, in turn; imports are not counted.
"""

import argparse
import os
import time
from collections.abc import Callable
from statistics import median

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # before numpy starts its threads

import numpy as np

from analytics.decisions.allocation import Curve, allocate, best_splits, best_splits_with_loop
from benchmarks.measure import print_table

CHANNELS, PROGRAMMES, MONTHS = 12, 4, 24
TOTAL, CUSTOMERS = 36_000.0, 3000.0
SAMPLE = 20  # draws that the slow peers are timed on
FACTORS = 1.1 ** (-np.arange(1, MONTHS + 1) / 12)


def made(draws: int) -> dict[str, Curve]:
    """Curves like those of a fit: customers per month, money per customer, both uncertain."""
    rng = np.random.default_rng(1)
    return {
        f"channel {i}": Curve(
            base=rng.uniform(1, 4, draws),
            ceiling=np.exp(rng.normal(4, 0.5) + 0.3 * rng.standard_normal(draws)),
            k=np.exp(rng.normal(-8, 0.7) + 0.4 * rng.standard_normal(draws)),
            value_per_outcome=rng.uniform(40, 90),
        )
        for i in range(CHANNELS)
    }


def made_programmes(draws: int) -> dict[str, Curve]:
    """Programmes: money per month that they add to each customer."""
    rng = np.random.default_rng(2)
    return {
        f"programme {i}": Curve(
            base=0.0,
            ceiling=np.exp(rng.normal(0, 0.5) + 0.3 * rng.standard_normal(draws)),
            k=np.exp(rng.normal(-7, 0.5) + 0.4 * rng.standard_normal(draws)),
        )
        for i in range(PROGRAMMES)
    }


class Slider:
    """Equity of a plan: customers won per month, their margin over the months since, discounted to today."""

    def __init__(self, curves: dict[str, Curve], draws: int) -> None:
        rng = np.random.default_rng(3)
        self.base, self.ceiling, self.k = (
            np.column_stack([getattr(curve, name) for curve in curves.values()])
            for name in ("base", "ceiling", "k")
        )
        first, later = rng.uniform(10, 30, CHANNELS), rng.uniform(3, 8, CHANNELS)
        age = np.arange(MONTHS)
        self.kernel = np.where(age == 0, first[:, None], later[:, None] * 0.93**age)
        self.margin_by_month = self.kernel.cumsum(axis=1)  # of one customer a month since the first month

    def at_once(self, spend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        customers = self.base - self.ceiling * np.expm1(-self.k * spend)
        margin = customers @ self.margin_by_month
        return margin, margin @ FACTORS

    def by_loop(self, spend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        margin = np.zeros((len(self.k), MONTHS))
        for channel in range(CHANNELS):
            reached = 1 - np.exp(-self.k[:, channel] * spend[channel])
            customers = self.base[:, channel] + self.ceiling[:, channel] * reached
            for month in range(MONTHS):
                margin[:, month] += customers * self.kernel[channel, : month + 1].sum()
        return margin, (margin * FACTORS).sum(axis=1)


def slsqp(curves: dict[str, Curve], draws: range, with_gradient: bool) -> np.ndarray:
    """The money that scipy's optimiser finds, per draw; spends are in units of an equal split, money of all ceilings."""
    from scipy.optimize import minimize

    worth, k = worths(curves)
    found = []
    for draw in draws:
        scale, rate = worth[draw] / worth[draw].sum(), k[draw] * TOTAL / CHANNELS

        def loss(spend: np.ndarray, scale=scale, rate=rate) -> float:
            return float((scale * np.expm1(-rate * spend)).sum())

        def gradient(spend: np.ndarray, scale=scale, rate=rate) -> np.ndarray:
            return -scale * rate * np.exp(-rate * spend)

        result = minimize(
            loss,
            np.ones(CHANNELS),
            jac=gradient if with_gradient else None,
            bounds=[(0, None)] * CHANNELS,
            constraints={"type": "eq", "fun": lambda s: s.sum() - CHANNELS, "jac": np.ones_like},
            method="SLSQP",
            options={"ftol": 1e-10, "maxiter": 300},
        )
        found.append(-result.fun * worth[draw].sum())
    return np.array(found)


def worths(curves: dict[str, Curve]) -> tuple[np.ndarray, np.ndarray]:
    """Ceilings in money, and k: (draws, channels)."""
    worth = [curve.ceiling * curve.value_per_outcome for curve in curves.values()]
    return np.column_stack(worth), np.column_stack([curve.k for curve in curves.values()])


def in_turn(works: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median milliseconds of each, all in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats + 1):
        for name, work in works.items():
            begin = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - begin)
    return {name: 1000 * median(several[1:]) for name, several in seconds.items()}  # the first one warms up


def check(curves: dict[str, Curve], slider: Slider, spend: np.ndarray) -> None:
    """Ours must find what the peers find, or better."""
    if not np.allclose(slider.at_once(spend)[1], slider.by_loop(spend)[1]):
        raise SystemExit("The slider's two ways disagree.")
    worth, k = worths(curves)
    ours = -(worth * np.expm1(-k * best_splits(curves, TOTAL))).sum(axis=1)[:SAMPLE]
    if (ours < slsqp(curves, range(SAMPLE), with_gradient=True) * (1 - 1e-7)).any():
        raise SystemExit("SLSQP has found a better split than ours.")


def compare(draws: int, repeats: int) -> None:
    curves, programmes = made(draws), made_programmes(draws)
    channels = dict(list(curves.items())[: CHANNELS - PROGRAMMES])
    slider, spend = Slider(curves, draws), np.full(CHANNELS, TOTAL / CHANNELS)
    check(curves, slider, spend)
    scale = draws / SAMPLE
    found = in_turn(
        {
            "floor": lambda: np.exp(slider.k),
            "slider": lambda: slider.at_once(spend),
            "slider loop": lambda: slider.by_loop(spend),
            "splits": lambda: best_splits(curves, TOTAL),
            "looped": lambda: best_splits_with_loop(channels, programmes, CUSTOMERS, TOTAL),
            "one split": lambda: allocate(curves, TOTAL),
            "cautious": lambda: allocate(curves, TOTAL, risk="cautious"),
        },
        repeats,
    )
    peers = in_turn(
        {
            "plain": lambda: slsqp(curves, range(SAMPLE), with_gradient=False),
            "gradient": lambda: slsqp(curves, range(SAMPLE), with_gradient=True),
        },
        3,
    )
    plain, gradient = scale * peers["plain"], scale * peers["gradient"]
    print_table(
        f"Budget, {CHANNELS} lines × {draws:,} draws × {MONTHS} months, medians of {repeats}",
        ("work", "floor ms", "peer", "peer ms", "ours ms", "ours / floor", "peer / ours"),
        [
            row("slider move", found, "slider", "loop over channels", found["slider loop"]),
            row("best split for each draw", found, "splits", "SLSQP", plain),
            row("", found, "splits", "SLSQP with gradient", gradient),
            row(
                "the same with the loop of customers",
                found,
                "looped",
                "SLSQP with gradient, no loop",
                gradient,
            ),
            row("one split for the mean of all draws", found, "one split", "", None),
            row("one cautious split", found, "cautious", "", None),
        ],
    )


def row(work: str, found: dict[str, float], ours: str, peer: str, peer_ms: float | None) -> tuple:
    milliseconds, floor = found[ours], found["floor"]
    against = ("", "") if peer_ms is None else (f"{peer_ms:,.1f}", f"{peer_ms / milliseconds:,.0f}")
    return (
        work,
        f"{floor:.2f}",
        peer,
        against[0],
        f"{milliseconds:.2f}",
        f"{milliseconds / floor:.1f}",
        against[1],
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    compare(arguments.draws, arguments.repeats)


if __name__ == "__main__":
    main()
