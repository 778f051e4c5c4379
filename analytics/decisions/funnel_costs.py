"""What each stage of the two funnels cost: the case's spend, every part of it at exactly one stage.

A line of spend that names a stage of its funnel is charged there. Any other is shared over the stages of its
contacts, in proportion to them. A name without contacts is charged where its people are first seen: a channel that
first orders carry at action, a programme that orders or rewards carry at incentivization, one that only referrals
carry at activation. What is left is unallocated. Incentives and rewards that no programme's spend contains stand at
incentivization. Contacts with a cost of their own, on channels without any spend, stand beside all this.
"""

from dataclasses import dataclass

import pandas as pd

from analytics.decisions.economics import NAN
from analytics.decisions.period import Period, same_name
from analytics.models.funnels import AIDAS, FLIPPED, shared_by_contacts

COST_COLUMNS = ("funnel", "stage", "name", "rule", "cost")
NAMED, SHARED, FIRST_SEEN, BOOKS, UNALLOCATED, BESIDE = (
    "named", "shared", "first seen", "books", "unallocated", "beside",
)  # fmt: skip
OF_MOTION = {"acquisition": "aidas", "retention": "flipped"}
STAGES_OF = {"acquisition": AIDAS, "retention": FLIPPED}
FIRST_SEEN_AT = {
    "acquisition": (("first order", "action"),),
    "retention": (("incentive", "incentivization"), ("referral", "activation")),
}


@dataclass(frozen=True, eq=False)
class FunnelCosts:
    """lines: frame of COST_COLUMNS, one row per part of a cost; stage is None where unallocated.

    The rules' names: named, shared, first seen, books, unallocated (their sum is the case's spend) and beside.
    known: the funnels of which the spend is known. by_quarter: frame[quarter, funnel, cost], all rules together.
    """

    lines: pd.DataFrame
    known: tuple[str, ...]
    by_quarter: pd.DataFrame

    def spend(self, funnel: str, stage: str | None = None) -> float:
        """What the case page charges, of a funnel or of one of its stages."""
        lines = self._of(funnel, stage)
        return self._sum(lines[lines["rule"] != BESIDE], funnel)

    def beside(self, funnel: str, stage: str | None = None) -> float:
        """Contacts that no line of spend contains."""
        lines = self._of(funnel, stage)
        return self._sum(lines[lines["rule"] == BESIDE], funnel)

    def cost(self, funnel: str, stage: str | None = None) -> float:
        """Both."""
        return self.spend(funnel, stage) + self.beside(funnel, stage)

    def unallocated(self, funnel: str) -> float:
        """Spend that belongs to no stage."""
        lines = self._of(funnel, None)
        return self._sum(lines[lines["rule"] == UNALLOCATED], funnel)

    def in_quarter(self, funnel: str, quarter) -> float:
        """All cost of one quarter."""
        lines = self.by_quarter
        return self._sum(lines[(lines["funnel"] == funnel) & (lines["quarter"] == quarter)], funnel)

    def _of(self, funnel: str, stage: str | None) -> pd.DataFrame:
        chosen = self.lines["funnel"] == funnel
        return self.lines[chosen if stage is None else chosen & (self.lines["stage"] == stage)]

    def _sum(self, lines: pd.DataFrame, funnel: str) -> float:
        return float(lines["cost"].sum()) if funnel in self.known else NAN


def read_funnel_costs(
    workspace, period: Period, days: dict, spend_days: dict, channels: list[str]
) -> FunnelCosts:
    """Asks the warehouse; days are those of contacts, spend_days those of spend (whole months at the data's edges)."""
    return funnel_costs(
        period,
        workspace.query("funnel_spend", **spend_days, channels=channels),
        workspace.query("funnel_contacts", **days, channels=channels),
        workspace.query("funnel_names"),
    )


def funnel_costs(
    period: Period, spend: pd.DataFrame, contacts: pd.DataFrame, names: pd.DataFrame
) -> FunnelCosts:
    """spend: funnel_spend.sql; contacts: funnel_contacts.sql; names: funnel_names.sql."""
    known = tuple(
        funnel
        for funnel, amount in (("aidas", period.acquisition_spend), ("flipped", period.programme_spend))
        if amount == amount
    )
    contacts = contacts.assign(name=contacts["channel"].map(same_name))
    seen = {(same_name(name), where) for name, where in zip(names["name"], names["seen"], strict=True)}
    charged = spend[spend["motion"].isin(list(OF_MOTION))]
    parts = [part for line in charged.itertuples() for part in _placed(line, contacts, seen)]
    parts += _beside_programmes(period)
    alone = contacts[~contacts["name"].isin(spend["channel"].map(same_name)) & (contacts["cost"] != 0)]
    parts += [_beside(line) for line in alone.itertuples() if _funnel_of(line.stage)]
    lines = pd.DataFrame(parts, columns=list(COST_COLUMNS))
    return FunnelCosts(lines, known, _by_quarter(period, alone))


def _placed(line, contacts: pd.DataFrame, seen: set) -> list[tuple]:
    """The parts of one line of spend."""
    stages, funnel = STAGES_OF[line.motion], OF_MOTION[line.motion]
    if line.stage in stages:
        return [(funnel, line.stage, line.channel, NAMED, line.spend)]
    mine = contacts[(contacts["name"] == same_name(line.channel)) & contacts["stage"].isin(stages)]
    shared = shared_by_contacts(line.spend, mine.groupby("stage")["contacts"].sum().to_dict())
    if shared:
        return [(funnel, stage, line.channel, SHARED, amount) for stage, amount in shared.items()]
    for where, stage in FIRST_SEEN_AT[line.motion]:
        if (same_name(line.channel), where) in seen:
            return [(funnel, stage, line.channel, FIRST_SEEN, line.spend)]
    return [(funnel, None, line.channel, UNALLOCATED, line.spend)]


def _beside_programmes(period: Period) -> list[tuple]:
    lines = period.incentives_beside_programmes
    return [
        ("flipped", "incentivization", programme, BOOKS, cost)
        for programme, cost in zip(lines["programme"], lines["cost"], strict=True)
        if cost
    ]


def _beside(line) -> tuple:
    return (_funnel_of(line.stage), line.stage, line.channel, BESIDE, line.cost)


def _funnel_of(stage: str | None) -> str | None:
    return "aidas" if stage in AIDAS else "flipped" if stage in FLIPPED else None


def _by_quarter(period: Period, alone: pd.DataFrame) -> pd.DataFrame:
    spend = period.spend.assign(funnel=period.spend["motion"].map(OF_MOTION)).rename(
        columns={"spend": "cost"}
    )
    incentives = period.incentives_beside_programmes.assign(funnel="flipped")
    contacts = alone.assign(funnel=alone["stage"].map(_funnel_of))
    columns = ["quarter", "funnel", "cost"]
    both = [frame[columns] for frame in (spend, incentives, contacts) if len(frame)]
    if not both:
        return pd.DataFrame(columns=columns)
    return pd.concat(both).dropna(subset=["funnel"]).groupby(columns[:2], as_index=False)["cost"].sum()
