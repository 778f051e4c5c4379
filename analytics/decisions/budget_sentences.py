"""The budget's answer in words, written from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.decisions import experiments, wording
from analytics.decisions.allocation import CAUTIOUS, LOCK, MAX, MIN, RAISE, TOTAL
from analytics.decisions.interval import Interval
from analytics.decisions.response_curve import HILL
from analytics.language import gettext as _

if TYPE_CHECKING:
    from analytics.decisions.budget import Budget
    from analytics.decisions.budget_effects import Effects

HARDLY = 0.01  # of the total: a smaller move is none
CHEAP = 0.005  # money per unit of money: a smaller price is none


def headline(found: Budget) -> str:
    """Which money to move where, and what it brings; or what is missing."""
    if found.model is None or found.best is None:
        lacking = " ".join(lack.what for lack in found.missing[:2])
        return " ".join(part for part in (_("The budget cannot be simulated yet."), lacking) if part)
    move = largest_move(found)
    if move is None or not found.gain.value > 0:
        return _(
            "Today's split is about as good as any: no move within what the months tell about adds anything."
        )
    source, target, money = move
    texts = _(
        "Moving {money} a month from {source} to {target}, and the rest as below, adds {gain} of equity over {horizon}{off}."
    )
    return texts.format(
        money=wording.money(money, found.currency),
        source=source,
        target=target,
        gain=wording.with_range(found.gain, lambda value: wording.money(value, found.currency)),
        horizon=wording.months(found.model.horizon_months),
        off=_off(found),
    )


def _off(found: Budget) -> str:
    if found.off > 0:
        return _("; if we move a quarter too little or too much it still adds {off}").format(
            off=wording.money(found.off, found.currency)
        )
    return _("; if we move a quarter too much, nothing is left of it")


def largest_move(found: Budget) -> tuple[str, str, float] | None:
    """(from, to, money per month) of the largest cut and the largest rise of the advice; None where hardly anything moves."""
    change = found.lines.set_index("name")["best"] - found.lines.set_index("name")["now"]
    if change.abs().max() < HARDLY * sum(found.current.values()):
        return None
    source, target = str(change.idxmin()), str(change.idxmax())
    money = min(-float(change[source]), float(change[target]))
    return (source, target, money) if money > 0 else None


def moves(found: Budget) -> tuple[str, ...]:
    """The advice as moves of money: the largest cut feeds the largest rise, until hardly anything is left to move."""
    change = found.lines["best"].to_numpy(float) - found.lines["now"].to_numpy(float)
    left = dict(zip(map(str, found.lines["name"]), change.tolist(), strict=True))
    least, said = HARDLY * sum(found.current.values()), []
    while left and max(left.values()) > least and -min(left.values()) > least:
        source, target = min(left, key=left.__getitem__), max(left, key=left.__getitem__)
        money = min(-left[source], left[target])
        left[source] += money
        left[target] -= money
        said.append(
            _("Move {money} a month from {source} to {target}.").format(
                money=wording.money(money, found.currency), source=source, target=target
            )
        )
    rest = sum(left.values())
    if abs(rest) > least:
        text = _("Spend {money} a month more in total.") if rest > 0 else _("Save {money} a month.")
        said.append(text.format(money=wording.money(abs(rest), found.currency)))
    return tuple(said)


def bindings(found: Budget) -> tuple[str, ...]:
    """The limits that hold the best split back, and what each costs, the dearest first."""
    if found.best is None:
        return ()
    if not found.best.binding and found.wish.risk == CAUTIOUS:
        return (_("Caution holds it back before a limit does: further steps would be less sure to gain."),)
    texts = {
        TOTAL: _("The total of {limit}: each further {unit} a month would return {price}."),
        LOCK: _("The lock of {name} at {limit}: each {unit} {way} there would add {price}."),
        MIN: _("The minimum of {name}, {limit}: each {unit} less there would add {price}."),
        MAX: _("The maximum of {name}, {limit}: each {unit} more there would add {price}."),
    }
    known = _(
        "{name} stops at {limit}, 1.5 times its largest month: each {unit} more there would add {price}."
    )
    half = _(
        "{name} keeps half of today's spend, {limit}, as nobody has seen what less of it does: each {unit} less there would "
        "add {price}."
    )
    asked = {
        (kind, name)
        for name, *ends in found.wish.bounds
        for kind, end in zip((MIN, MAX), ends, strict=True)
        if end is not None
    }
    unasked = {MIN: half, MAX: known}
    return tuple(
        (
            texts[limit.kind]
            if (limit.kind, limit.name) in asked
            else unasked.get(limit.kind, texts[limit.kind])
        ).format(
            name=limit.name,
            limit=wording.money(limit.limit, found.currency),
            unit=f"{wording.symbol(found.currency)}1",
            way=_("more") if limit.direction == RAISE else _("less"),
            price=wording.money_in_full(limit.shadow_price, found.currency),
        )
        for limit in found.best.binding
        if limit.kind in texts and limit.shadow_price >= CHEAP
    )


def if_off(found: Budget) -> str:
    """What is left of the gain where the money is moved a quarter too little or too much."""
    if not found.gain.value > 0:
        return ""
    return _("Moved a quarter too little or too much, {off} of {gain} is left.").format(
        off=wording.money(found.off, found.currency), gain=wording.money(found.gain.value, found.currency)
    )


def cash(effects: Effects, currency: str | None) -> str:
    """When the cash of a plan is ahead of today's split, and how far it is in the end."""
    so_far = effects.cash["so_far"].to_numpy(float)
    if not abs(so_far).max() > HARDLY * max(effects.total, 1.0):
        return _("In cash the plan is hardly different from today's split.")
    end = wording.with_range(
        Interval(*(float(effects.cash[part].iloc[-1]) for part in ("so_far", "so_far_low", "so_far_high"))),
        lambda money: wording.money(money, currency),
    )
    behind = [month for month, money in enumerate(so_far, 1) if money < 0]
    if not behind:
        text = _("Cash is ahead of today's split from the first month; after {months}: {end}.")
    elif behind[-1] == len(so_far):
        text = _("Cash stays behind today's split; after {months}: {end}.")
    else:
        text = _("Cash is behind today's split until month {month}; after {months}: {end}.")
    return text.format(month=behind[-1] if behind else 0, months=wording.months(len(so_far)), end=end)


def notes(found: Budget) -> tuple[str, ...]:
    """What to know about the numbers; first what contradicts them."""
    if found.model is None or found.best is None:
        return ()
    said = [
        *(
            experiments.sentence(one, found.currency)
            for curve in found.sharpened
            for one in curve.contradictions
        ),
        *experiments.unused(found.experiments, found.sharpened),
        _(
            "Equity: what customers of the plan's {months} bring over {horizon} each, and what programmes add to today's "
            "customers, less the spends; not discounted within the plan."
        ).format(
            months=wording.months(found.model.horizon_months),
            horizon=wording.months(found.model.horizon_months),
        ),
    ]
    tested = {one.line for one in found.sharpened}
    if any(line.name not in tested for line in found.model.programmes):
        said.append(
            _(
                "What programmes cause is known at one level of spend only, unless a test tells more; how it bends is "
                "assumed: about half of what is possible is reached today, give or take a lot. A month with far more or "
                "far less spend would tell."
            )
        )
    bent = [line.name for line in found.model.channels if line.curve.family == HILL]
    if bent:
        said.append(
            _(
                "{names}: the months speak for an S-shaped curve (Hill): little happens until enough is spent at once."
            ).format(names=wording.listed(bent))
        )
    far = found.lines[found.lines["extrapolated"]]
    if len(far):
        said.append(
            _("{names}: the advice lies outside of 0.5 to 1.5 times what the months show.").format(
                names=wording.listed([str(name) for name in far["name"]])
            )
        )
    if found.best.unspent > 0:
        said.append(
            _(
                "{money} a month is left: nothing that it could be spent on, within the limits, returns anything."
            ).format(money=wording.money(found.best.unspent, found.currency))
        )
    return tuple(said)
