"""Which reward, for whom, after how long: programmes by segment and tenure, by how much was bought before, and the
schedule that follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.decisions.economics import NAN, share
from analytics.decisions.incentive_costs import TENURES, Offers, segments, uptake
from analytics.decisions.incentive_effects import Effects, Exposure
from analytics.decisions.incentive_programmes import CANNOT_TELL, DOES_NOT_PAY, PAYS, anyway, returns
from analytics.decisions.interval import Interval

ALL = ""  # every segment, or every programme, together
CELL_COLUMNS = (
    "programme", "segment", "tenure", "customers", "held_out", "uptake", "redeemed", "cost", "caused", "caused_low",
    "caused_high", "per_unit", "per_unit_low", "per_unit_high", "net", "net_low", "net_high", "verdict",
)  # fmt: skip
BUYER_COLUMNS = (
    "buyers", "customers", "redeemed", "share_of_customers", "share_of_redeemed", "redeemed_per_customer",
    "anyway", "anyway_low", "anyway_high",
)  # fmt: skip
SCHEDULE_COLUMNS = (
    "programme", "tenure", "redeemed", "reward", "caused_per_redeemed", "caused_per_redeemed_low",
    "caused_per_redeemed_high", "step", "suggested_reward", "cost", "suggested_cost",
)  # fmt: skip
MOST_SEGMENTS = 6
BUYERS = (0, 2, 4)  # orders in the year before the first offer: none or one, two or three, four or more
RAISE = 1.25  # a step of the schedule: a small one, to be measured again
SURE = 0.9
KEEP, LIFT, STOP = "keep", "raise", "stop"


@dataclass(frozen=True, eq=False)
class Grid:
    """cells: frame of CELL_COLUMNS, one row per programme (or ALL), segment (or ALL) and tenure band that has offers.
    by_tenure: effects of each band, all segments together.
    """

    cells: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CELL_COLUMNS)))
    by_tenure: dict[int, Effects] = field(default_factory=dict)


def grid(offers: Offers, exposure: Exposure) -> Grid:
    """Cells of measured programmes; each is fitted to its own customers and days alone."""
    if not len(exposure.programmes):
        return Grid()
    band, segment = exposure.days["tenure_band"].to_numpy(), exposure.days["segment"].to_numpy(dtype=object)
    rows, by_tenure = [], {}
    for tenure in TENURES:
        if not (band == tenure).any():
            continue
        by_tenure[tenure] = exposure.effects(band == tenure, 10 + tenure)
        rows += _cells(offers, exposure, by_tenure[tenure], None, tenure)
        for number, name in enumerate(segments(offers.lines, MOST_SEGMENTS)):
            effects = exposure.effects((band == tenure) & (segment == name), 100 * (number + 1) + tenure)
            rows += _cells(offers, exposure, effects, name, tenure)
    return Grid(pd.DataFrame(rows, columns=list(CELL_COLUMNS)), by_tenure)


def buyers(exposure: Exposure, arms: pd.DataFrame) -> pd.DataFrame:
    """Frame of BUYER_COLUMNS: do those who buy most anyway claim most, and change least (Liu 2007)?

    arms: incentive_arms.sql. Offers of programmes that are judged by friends are not among these.
    """
    names = {0: "none or one", 2: "two or three", 4: "four or more"}
    classes = np.searchsorted(BUYERS, arms["orders_before"], side="right") - 1
    of_days = np.searchsorted(BUYERS, exposure.days["orders_before"], side="right") - 1
    treated = arms["is_treated"].to_numpy(dtype=bool)
    total, everyone = float(arms["redeemed"].sum()), int(treated.sum())
    rows = []
    for number, first in enumerate(BUYERS):
        mine = treated & (classes == number)
        if not mine.any():
            continue
        redeemed = float(arms.loc[mine, "redeemed"].sum())
        effects = exposure.effects(of_days == number, 1_000 + number)
        found = anyway(effects.events_of(~exposure.by_friends), redeemed)
        ends = (found.value, found.low, found.high)
        parts = (share(mine.sum(), everyone), share(redeemed, total), share(redeemed, mine.sum()))
        rows.append((names[first], int(mine.sum()), redeemed, *parts, *ends))
    return pd.DataFrame(rows, columns=list(BUYER_COLUMNS))


def schedule(offers: Offers, exposure: Exposure, found: Grid) -> pd.DataFrame:
    """Frame of SCHEDULE_COLUMNS: per programme whose orders carry a reward, what the reward should be by tenure.

    It stops where the margin caused does not pay it, rises by a quarter on the step before only where it pays and
    causes more per redeemed offer than the band before with a probability of SURE or more, and stays otherwise: a
    reward that nobody has measured is not changed.
    """
    rows = []
    for number, name in enumerate(exposure.programmes["name"]):
        if exposure.by_friends[number]:
            continue
        rows += _steps(offers, found, name, number, str(exposure.programmes["programme"].iloc[number]))
    return pd.DataFrame(rows, columns=list(SCHEDULE_COLUMNS))


def _cells(
    offers: Offers, exposure: Exposure, effects: Effects, segment: str | None, tenure: int
) -> list[dict]:
    rows = []
    names = exposure.programmes["name"].to_numpy()
    for number, name in enumerate(names):
        cell = offers.cell(name, segment, tenure)
        alone = np.arange(len(names)) == number
        label = str(exposure.programmes["programme"].iloc[number])
        rows.append(_cell(label, segment, tenure, cell, effects, alone, bool(exposure.by_friends[number])))
    known = np.isfinite(effects.margin)
    shown = (
        names[known] if known.any() else names
    )  # costs of what cannot be told would stand beside no margin
    cells = [offers.cell(name, segment, tenure) for name in shown]
    together = {column: sum(cell[column] for cell in cells) for column in cells[0]}
    # one customer has offers of several programmes: there is no share of customers over all of them
    together["customers_offered_and_redeemed"] = NAN
    rows.append(_cell(ALL, segment, tenure, together, effects, known, False))
    return [row for row in rows if row["cost"] > 0]


def _cell(
    programme, segment, tenure, cell: dict, effects: Effects, chosen: np.ndarray, by_friends: bool
) -> dict:
    caused = effects.margin_of(chosen)
    known = returns(cell["cost"], NAN, caused)
    redeemed = cell["friends"] if by_friends else cell["redeemed"]
    held_out = effects.held_out[chosen].max(initial=0.0)
    return {
        "programme": programme, "segment": segment or ALL, "tenure": tenure, "customers": cell["customers"],
        "held_out": held_out, "uptake": uptake(cell), "redeemed": redeemed,
        **{column: known[column] for column in CELL_COLUMNS if column in known},
    }  # fmt: skip


def _steps(offers: Offers, found: Grid, name: str, number: int, programme: str) -> list[tuple]:
    rows: list[tuple] = []
    before, level = None, 1.0
    for tenure, effects in found.by_tenure.items():
        cell = offers.cell(name, None, tenure)
        redeemed, reward = cell["redeemed"], share(cell["incentive_cost"], cell["redeemed"])
        if not redeemed > 0 or not reward > 0:
            continue
        alone = np.arange(len(effects.margin)) == number
        caused = effects.margin_of(alone)
        draws = effects.margin_draws[:, number] / redeemed
        judged = returns(cell["cost"], NAN, caused)["verdict"]
        step = _step(judged, draws, before)
        level = 0.0 if step == STOP else (level or 1.0) * (RAISE if step == LIFT else 1.0)
        suggested = reward * level
        per_redeemed = Interval(*(share(end, redeemed) for end in (caused.value, caused.low, caused.high)))
        costs = redeemed * reward, redeemed * suggested
        ends = (per_redeemed.value, per_redeemed.low, per_redeemed.high)
        rows.append((programme, tenure, redeemed, reward, *ends, step, suggested, *costs))
        before = draws
    return rows


def _step(judged: str, draws: np.ndarray, before: np.ndarray | None) -> str:
    if judged == DOES_NOT_PAY:
        return STOP
    if (
        judged == PAYS
        and before is not None
        and np.isfinite(before).all()
        and np.mean(draws > before) >= SURE
    ):
        return LIFT
    return CANNOT_TELL if judged == CANNOT_TELL else KEEP
