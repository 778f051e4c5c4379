"""What the incentives page says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions import wording
from analytics.decisions.incentive_grid import ALL, LIFT, STOP
from analytics.decisions.incentive_programmes import CANNOT_TELL, DOES_NOT_PAY, PAYS
from analytics.decisions.interval import Interval
from analytics.language import Texts, marked, ngettext
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.incentives import Incentives

TENURE_LABELS = Texts({
    0: marked("first half-year"), 1: marked("second half-year"), 2: marked("second year"), 3: marked("third year and later"),
    4: marked("from before the data"),
})  # fmt: skip
TENURE_PHRASES = Texts({
    0: marked("in their first half-year"), 1: marked("in their second half-year"), 2: marked("in their second year"),
    3: marked("in their third year or later"), 4: marked("from before the data"),
})  # fmt: skip
BUYER_LABELS = Texts(
    {
        "none or one": marked("none or one"),
        "two or three": marked("two or three"),
        "four or more": marked("four or more"),
    }
)
GRADES = Texts(
    {"A": marked("measured on a holdout"), "B": marked("adjusted, not proven"), "C": marked("assumed")}
)
MOST_NAMED = 3


def headline(found: Incentives) -> str:
    """Which reward pays, for whom, and what cannot be told."""
    lines = found.programmes
    if not len(lines):
        return found.missing[0].what if found.missing else _("Nothing is known about incentives.")
    told = [_paying(found), _failing(lines), _open(lines)]
    parts = [part for part in told if part]
    sentence = "; ".join(parts) if parts else _("what incentives cause cannot be told")
    if set(lines["grade"]) == {"C"}:
        share = wording.share_with_range(found.baseline)
        return _("If {share} would have come anyway: {answer}.").format(share=share, answer=sentence)
    return f"{sentence}."


def badges(found: Incentives) -> list[str]:
    """Evidence, what all programmes cause together, and the days."""
    if not len(found.programmes):
        return []
    grades = sorted(set(found.programmes["grade"]))
    texts = [" · ".join(f"{grade}: {GRADES[grade]}" for grade in grades)]
    if found.per_customer.known:
        texts.append(
            _("All offers together: {margin} of margin per customer (80 % interval)").format(
                margin=wording.with_range(found.per_customer, lambda v: wording.money(v, found.currency))
            )
        )
    if found.is_wider:
        return [*texts, _("All days on file, not only those chosen: an offer works beyond them")]
    return [*texts, _("All days on file")]


def buyers(found: Incentives) -> str:
    """Do those who buy most anyway claim most, and change least?"""
    rows = found.buyers[found.buyers["anyway"].notna()]
    if len(rows) < 2:
        return _("How many would have bought anyway cannot be told by how much they bought before.")
    light, heavy = rows.iloc[0], rows.iloc[-1]
    text = _(
        "Customers with {heavy} orders in the year before the first offer redeemed {heavy_claims} offers each, those "
        "with {light} {light_claims}. Of these offers, {heavy_anyway} and {light_anyway} would have been bought without."
    ).format(
        heavy=BUYER_LABELS[heavy["buyers"]],
        light=BUYER_LABELS[light["buyers"]],
        heavy_claims=wording.number(heavy["redeemed_per_customer"], 1),
        light_claims=wording.number(light["redeemed_per_customer"], 1),
        heavy_anyway=wording.share_with_range(_anyway(heavy)),
        light_anyway=wording.share_with_range(_anyway(light)),
    )
    if (
        heavy["anyway_low"] > light["anyway_high"]
        and heavy["redeemed_per_customer"] > light["redeemed_per_customer"]
    ):
        return text + " " + _("As Liu (2007) found: heavy buyers claim most and change least.")
    return text


def schedule(found: Incentives) -> str:
    """What to change, and what that would save or cost."""
    rows = found.schedule
    if not len(rows):
        return _("No reward is measured well enough to suggest a schedule.")
    changed = rows[rows["step"].isin([LIFT, STOP])]
    steps = [
        _step_text(str(programme), str(step), lines, found.currency)
        for (programme, step), lines in changed.groupby(["programme", "step"], sort=False)
    ][:MOST_NAMED]
    now, then = rows["cost"].sum(), rows["suggested_cost"].sum()
    if not steps:
        return _(
            "Nothing says that a reward should rise with tenure, or that one should stop: keep what there is "
            "({cost} of redeemed rewards)."
        ).format(cost=wording.money(now, found.currency))
    return _("{steps}. For as many redeemed offers that costs {then} instead of {now}.").format(
        steps="; ".join(steps),
        then=wording.money(then, found.currency),
        now=wording.money(now, found.currency),
    )


def liability(found: Incentives) -> str:
    """Points outstanding, as what is owed."""
    owed = found.liability
    if owed.outstanding is None:
        text = _("How many points are outstanding is not known: no export carries a balance.")
        how = _(
            "Enter what redeeming all of them would cost, as the books have it, in the settings on the Data page."
        )
        return f"{text} {how}"
    text = _("Points outstanding are a liability of {amount}.").format(
        amount=wording.money(owed.outstanding, found.currency)
    )
    if not wording.known(owed.months):
        return text
    return (
        text
        + " "
        + _("At the pace of the days on file ({pace} of redeemed points a month) they last {months}.").format(
            pace=wording.money(owed.cost_per_month, found.currency), months=wording.months(owed.months)
        )
    )


def notes(found: Incentives, charged: tuple[str, ...], of_contacts: tuple[str, ...]) -> tuple[str, ...]:
    """What to know beside the numbers."""
    lines = found.programmes
    known = [_kinds_note(), *_cost_notes(lines, charged), *of_contacts]
    if (lines["grade"] == "A").any():
        known.append(
            _(
                "Programmes share customers: each one's effect is told from the others' by which offers were open when. "
                "Orders after an offer has closed, and offers that it leads to, are not counted as its own."
            )
        )
    if found.per_customer.known and wording.known(found.parts_per_customer):
        known.append(
            _(
                "Check: the lines of programmes that work by the customer's own orders add up to {parts} per customer; "
                "measured together, to the end of the data, it is {whole}."
            ).format(
                parts=wording.money(found.parts_per_customer, found.currency),
                whole=wording.with_range(found.per_customer, lambda v: wording.money(v, found.currency)),
            )
        )
    if (lines["grade"] == "C").any():
        names = wording.listed(list(lines.loc[lines["grade"] == "C", "programme"]))
        known.append(
            _(
                "Of {programmes} is assumed, not measured, that {share} of what was redeemed would have come anyway."
            ).format(programmes=names, share=wording.share_with_range(found.baseline))
        )
    return tuple(known)


def cell_text(cell: dict) -> str:
    """One cell of the grid in words."""
    per_unit = Interval(cell["per_unit"], cell["per_unit_low"], cell["per_unit_high"])
    told = wording.with_range(per_unit) if wording.known(per_unit.value) else _("cannot tell")
    return _("{segment}, {tenure}: {told} of margin per unit of cost; {held_out} customers held out").format(
        segment=cell["segment"] if cell["segment"] != ALL else _("all segments"),
        tenure=TENURE_LABELS[int(cell["tenure"])],
        told=told,
        held_out=wording.number(cell["held_out"]),
    )


def _paying(found: Incentives) -> str:
    rows = found.programmes[found.programmes["verdict"] == PAYS].sort_values("per_unit", ascending=False)
    if not len(rows):
        return ""
    first = rows.iloc[0]
    interval = Interval(first["per_unit"], first["per_unit_low"], first["per_unit_high"])
    text = _("{programme} pays back {times} times its cost").format(
        programme=first["programme"], times=wording.with_range(interval, lambda v: wording.number(v, 1))
    )
    others = [
        _("{programme} {times}").format(programme=row["programme"], times=wording.number(row["per_unit"], 1))
        for row in rows.iloc[1 : 1 + MOST_NAMED].to_dict("records")
    ]
    text += _(", {others}").format(others=wording.listed(others)) if others else ""
    return text + _by_tenure(found.cells, str(first["programme"]))


def _by_tenure(cells: pd.DataFrame, programme: str) -> str:
    mine = cells[(cells["programme"] == programme) & (cells["segment"] == ALL)]
    failing = [TENURE_PHRASES[int(t)] for t in mine.loc[mine["verdict"] == DOES_NOT_PAY, "tenure"]]
    if not failing or not (mine["verdict"] == PAYS).any():
        return ""
    return _(", but not with customers {tenures}").format(tenures=wording.listed(failing))


def _failing(lines: pd.DataFrame) -> str:
    rows = lines[lines["verdict"] == DOES_NOT_PAY]
    if not len(rows):
        return ""
    names = wording.listed(list(rows["programme"][:MOST_NAMED]))
    return ngettext("{programmes} does not pay", "{programmes} do not pay", len(rows)).format(
        programmes=names
    )


def _open(lines: pd.DataFrame) -> str:
    rows = lines[lines["verdict"] == CANNOT_TELL]
    if not len(rows):
        return ""
    names = wording.listed(list(rows["programme"][:MOST_NAMED]))
    return _("of {programmes} it cannot be told yet").format(programmes=names)


def _step_text(programme: str, step: str, lines: pd.DataFrame, currency: str | None) -> str:
    tenures = wording.listed([TENURE_PHRASES[int(tenure)] for tenure in lines["tenure"]])
    now, then = (wording.money(float(lines[c].mean()), currency) for c in ("reward", "suggested_reward"))
    if step == STOP:
        return _(
            "{programme}: stop for customers {tenures}, where the {now} an order costs more than it brings"
        ).format(programme=programme, tenures=tenures, now=now)
    return _("{programme}: raise from {now} to {then} for customers {tenures}").format(
        programme=programme, tenures=tenures, now=now, then=then
    )


def _kinds_note() -> str:
    return _(
        "The kind of reward is read off the programme's name (points, coupon, gift, VIP …), as no export says it; a "
        "name without such a word is among the other rewards."
    )


def _cost_notes(lines: pd.DataFrame, charged: tuple[str, ...]) -> list[str]:
    if not len(charged):
        return [_("Cost: incentives, rewards and contacts as they are recorded; no spend of these programmes is loaded "
                  "for the whole time.")]  # fmt: skip
    texts = [
        _(
            "Cost: the programme's spend, which contains its incentives, rewards and contacts; spread over groups of "
            "customers as these are."
        )
    ]
    beside = [name for name in lines["programme"] if name.strip().lower() not in charged]
    if beside:
        texts.append(
            _(
                "{programmes}: no spend for the whole time, so only recorded incentives, rewards and contacts."
            ).format(programmes=wording.listed(beside))
        )
    return texts


def _anyway(row: pd.Series) -> Interval:
    return Interval(float(row["anyway"]), float(row["anyway_low"]), float(row["anyway_high"]))
