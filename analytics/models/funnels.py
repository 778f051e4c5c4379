"""Two funnels: AIDAS, which narrows from strangers to satisfied customers, and the flipped one, which begins with them.

AIDAS (Lewis 1898, as in Jaffe, Flip the Funnel, 2010): awareness, interest, desire, action, satisfaction. Whoever
reached a later stage counts in all earlier ones, so that people never rise along it, and a return to an earlier stage
undoes nothing. A person belongs to the days of the first order, or, without one, of the first contact.

Flipped (Jaffe 2010, chapter 5): acknowledgement, dialogue, incentivization, activation, of customers that there are
already. A customer may pass through any of them in any order: people are counted at each stage by itself, and
`reached` is everybody at this stage or one before, the mirror of AIDAS: it never falls.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

AIDAS = ("awareness", "interest", "desire", "action", "satisfaction")
FLIPPED = ("acknowledgement", "dialogue", "incentivization", "activation")
FUNNELS = {"aidas": AIDAS, "flipped": FLIPPED}
PEOPLE_COLUMNS = ("funnel", "stage", "people", "share_of_start", "share_of_step", "reached")
SATISFIED_WITHIN_DAYS = 180
NAN = float("nan")


def aidas(
    people: Mapping[str, float], known: Collection[str], finished: float, satisfied: float
) -> pd.DataFrame:
    """People and shares along AIDAS: frame of PEOPLE_COLUMNS, one row per stage.

    people: stage -> people who reached it or a later one. known: the stages that the data show; the others are NaN,
    and a step is taken from the last known one. finished: customers observed for the whole time in which they could
    become satisfied; satisfied: those of them who did. Their ratio is the last step's share: customers who were not
    observed for long enough are left out of it.
    """
    counted = [float(people[stage]) if stage in known else NAN for stage in AIDAS]
    frame = pd.DataFrame({"funnel": "aidas", "stage": AIDAS, "people": counted})
    before = frame["people"].ffill().shift()
    start = frame["people"].bfill().iloc[0]
    frame["share_of_start"] = _ratio(frame["people"], start)
    frame["share_of_step"] = _ratio(frame["people"], before)
    if "satisfaction" in known:
        frame.loc[frame["stage"] == "satisfaction", "share_of_step"] = _ratio(satisfied, finished)
    return frame.assign(reached=frame["people"])[list(PEOPLE_COLUMNS)]


def flipped(customers: pd.DataFrame, bits: Mapping[str, int], base: float) -> pd.DataFrame:
    """People and shares of the flipped funnel: frame of PEOPLE_COLUMNS, one row per stage.

    customers: frame[stages, people], how many customers went through exactly this set of stages, as bits. bits:
    stage -> its bit; a stage that no data show has none, and is NaN. base: customers that there are. share_of_start:
    of all these. share_of_step: of those at the stage before, the part that is at this one too.
    """
    sets, people = customers["stages"].to_numpy(int), customers["people"].to_numpy(float)
    rows, so_far = [], 0
    before = None
    for stage in FLIPPED:
        bit = bits.get(stage)
        if bit is None:
            rows.append(("flipped", stage, NAN, NAN, NAN, NAN))
            continue
        so_far |= bit
        here = people[sets & bit > 0].sum()
        step = (
            _ratio(here, base)
            if before is None
            else _ratio(people[(sets & bit > 0) & (sets & before > 0)].sum(), people[sets & before > 0].sum())
        )
        rows.append(("flipped", stage, here, _ratio(here, base), step, people[sets & so_far > 0].sum()))
        before = bit
    return pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS))


def median_days(waits: pd.DataFrame) -> dict[str, float]:
    """Stage -> median days, from frame[stage, days, people]; the middle of the two middle ones of an even number."""
    return {str(stage): _weighted_median(lines) for stage, lines in waits.groupby("stage")}


def shared_by_contacts(amount: float, contacts: Mapping[str, float]) -> dict[str, float]:
    """The amount over stages in proportion to their contacts; nothing where there is no contact."""
    total = sum(contacts.values())
    return {stage: amount * count / total for stage, count in contacts.items() if count} if total else {}


def per_thousand(people: float, cost: float) -> float:
    """People per 1,000 of cost; NaN where nothing, or nothing known, was spent."""
    return 1000 * float(_ratio(people, cost))


def _weighted_median(lines: pd.DataFrame) -> float:
    lines = lines.sort_values("days")
    up_to = lines["people"].cumsum().to_numpy()
    days = lines["days"].to_numpy(float)
    middle = up_to[-1] / 2
    lower, upper = np.searchsorted(up_to, middle, side="left"), np.searchsorted(up_to, middle, side="right")
    return float((days[lower] + days[min(upper, len(days) - 1)]) / 2)


def _ratio(part, whole):
    """part / whole for numbers and columns; NaN where the whole is 0 or not known."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.greater(whole, 0), np.divide(part, whole), NAN) + 0.0
