"""The customers of one simulated company, drawn and lived through month by month.

What programmes cause is drawn apart from what would have come anyway: orders beyond the usual rate are a Poisson
process of their own, and so are friends beyond the usual ones. So a life knows which orders and friends were caused.
"""

from dataclasses import dataclass, fields

import numpy as np

from tests.simulation.kinds import STATES, Kind


@dataclass
class People:
    """One entry per customer. entered: months from the window's first day, existing customers −1. left: likewise.

    source: number in Kind.sources, existing customers −1. referrer: number of the customer, −1 for none. caused: by
    spend or by a programme. value: mean order value, EUR. asked_by: number of the programme that asked for the
    referral, −1 for none.
    """

    entered: np.ndarray
    left: np.ndarray
    source: np.ndarray
    referrer: np.ndarray
    caused: np.ndarray
    asked_by: np.ndarray
    rate: np.ndarray
    value: np.ndarray
    segment: np.ndarray
    holdout: np.ndarray

    def __len__(self) -> int:
        return len(self.entered)

    def plus(self, others: "People") -> "People":
        """Both, the others after these."""
        return People(*(np.concatenate([getattr(p, f.name) for p in (self, others)]) for f in fields(People)))


@dataclass(frozen=True)
class Lives:
    """What happened. Orders (reorders only): who, when (months), trigger (programme, −1: none), caused. Touches: who,
    month, programme, treated.
    """

    people: People
    order_who: np.ndarray
    order_when: np.ndarray
    order_trigger: np.ndarray
    order_caused: np.ndarray
    touch_who: np.ndarray
    touch_month: np.ndarray
    touch_programme: np.ndarray
    touch_treated: np.ndarray


def live(kind: Kind, random: np.random.Generator, scale: int = 1, months: int | None = None) -> Lives:
    """Lives of `scale` companies at once; months beyond the window see neither newcomers nor programmes."""
    people = _draw(kind, random, kind.existing * scale, -1, -1.0)
    state = _first_states(people, random)
    orders, touches = [], []
    for month in range(months or kind.months):
        lifts, chances = _this_month(kind, month)
        touched = random.random((len(lifts), len(people))) < chances[:, state]
        treated = touched & ~people.holdout
        friends = _friends(kind, random, people, treated, lifts, month)
        old = len(people)
        people = people.plus(_strangers(kind, random, month, scale)).plus(friends)
        who, when, caused = _orders(kind, random, people, old, treated, lifts, month)
        trigger = _triggers(kind, random, who, when, treated, old)
        orders.append((who, when, trigger, caused))
        programme, touched_who = np.nonzero(touched)
        touches.append(
            (touched_who, np.full(len(programme), month), programme, treated[programme, touched_who])
        )
        state = np.concatenate([state, np.zeros(len(people) - old, int)])
        ordered = np.bincount(who, minlength=len(people)) > 0
        ordered[old:] = True  # the first order
        state = (2 * state + ordered) % STATES
    return Lives(
        people,
        *map(np.concatenate, zip(*orders, strict=True)),
        *map(np.concatenate, zip(*touches, strict=True)),
    )


def _this_month(kind: Kind, month: int) -> tuple[np.ndarray, np.ndarray]:
    """Lift and chance of a touch by state, per programme; none before it begins and after the window."""
    on = kind.first_programme_month <= month < kind.months
    spend = [kind.spend[p.name][month] if on else 0.0 for p in kind.programmes]
    lifts = np.array([p.lift(s) for p, s in zip(kind.programmes, spend, strict=True)])
    return lifts, on * np.array([p.touches for p in kind.programmes])


def _draw(kind: Kind, random, count: int, source: int, entered) -> People:
    """So many customers of one source (−1: existing)."""
    channel = kind.sources[source] if source >= 0 else None
    shares = [share for _, share, _ in kind.segments]
    segment = random.choice(len(shares), count, p=shares)
    rate = random.gamma(kind.rate_shape, kind.rate_mean / kind.rate_shape, count)
    rate = rate * np.array([factor for _, _, factor in kind.segments])[segment]
    stayed = kind.existing_months if channel is None else 0.0
    leave = random.gamma(kind.leave_shape, 1 / (kind.leave_shape / kind.leave_mean + stayed), count)
    value = kind.price_mean * (kind.price_shape - 1) / random.gamma(kind.price_shape, 1.0, count)
    entered = np.broadcast_to(np.asarray(entered, float), count).copy()
    nobody = np.full(count, -1)
    return People(
        entered=entered,
        left=np.maximum(entered, 0.0) + random.exponential(1.0, count) / leave,
        source=np.full(count, source),
        referrer=nobody,
        caused=np.zeros(count, bool),
        asked_by=nobody.copy(),
        rate=rate * (channel.rate_factor if channel else 1.0),
        value=value * (channel.price_factor if channel else 1.0),
        segment=segment,
        holdout=random.random(count) < (kind.holdout or 0.0),
    )


def _first_states(people: People, random) -> np.ndarray:
    """In which of the three months before the data existing customers ordered."""
    ordered = random.random((3, len(people))) < 1 - np.exp(-people.rate)
    return ordered[0] + 2 * ordered[1] + 4 * ordered[2]


def _strangers(kind: Kind, random, month: int, scale: int) -> People:
    """The month's new customers who were not referred."""
    found = _draw(kind, random, 0, 0, month)
    if month >= kind.months:
        return found
    for source, channel in enumerate(kind.channels):
        spend = kind.spend[channel.name][month] if channel.level else 0.0
        for mean, caused in ((channel.base, False), (float(channel.caused(spend)), True)):
            count = random.poisson(scale * mean)
            come = _draw(kind, random, count, source, month + random.random(count))
            come.caused[:] = caused
            found = found.plus(come)
    return found


def _friends(
    kind: Kind, random, people: People, treated: np.ndarray, lifts: np.ndarray, month: int
) -> People:
    """Friends whom customers bring who are there when the month begins: unasked, and because a programme asked."""
    source = len(kind.channels)
    found = _draw(kind, random, 0, source, month)
    if month >= kind.months:
        return found
    here = people.left > month
    extra = [
        (number, here * treated[number] * lifts[number])
        for number, programme in enumerate(kind.programmes)
        if programme.brings_friends
    ]
    for asked_by, factor in [(-1, here.astype(float)), *extra]:
        referrer = np.repeat(np.arange(len(people)), random.poisson(kind.friends * factor))
        come = _draw(kind, random, len(referrer), source, month + random.random(len(referrer)))
        come.referrer[:], come.asked_by[:] = referrer, asked_by
        come.caused[:] = (asked_by >= 0) | (people.caused[referrer] & (people.source[referrer] == source))
        found = found.plus(come)
    return found


def _orders(kind: Kind, random, people: People, old: int, treated: np.ndarray, lifts: np.ndarray, month: int):
    """Reorders of a month: who, when, caused by a programme. Newcomers (from number `old` on) are not touched yet."""
    of_orders = np.array([not p.brings_friends for p in kind.programmes])
    lift = np.zeros(len(people))
    lift[:old] = (of_orders * lifts) @ treated * kind.response(people.rate[:old])
    found = []
    for rate, caused in ((people.rate, False), (people.rate * lift, True)):
        who = np.repeat(np.arange(len(people)), random.poisson(rate))
        when = month + random.random(len(who))
        real = (when > people.entered[who]) & (when < people.left[who])
        found.append((who[real], when[real], np.full(int(real.sum()), caused)))
    return tuple(map(np.concatenate, zip(*found, strict=True)))


def _triggers(
    kind: Kind, random, who: np.ndarray, when: np.ndarray, treated: np.ndarray, old: int
) -> np.ndarray:
    """Which programme's offer an order used; a touched customer uses it for any order, caused or not."""
    trigger = np.full(len(who), -1)
    touched = np.zeros((len(treated), max(old, int(who.max(initial=0)) + 1)), bool)
    touched[:, :old] = treated
    for number, programme in enumerate(kind.programmes):
        if not programme.brings_friends:
            uses = touched[number, who] & (trigger < 0) & (random.random(len(who)) < programme.redeemed)
            trigger[uses] = number
    return trigger
