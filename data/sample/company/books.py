"""What the company's own systems wrote down: sales, reorders, referrals and spend."""

from dataclasses import dataclass

import numpy as np

from company.parameters import (
    BURN_IN_MONTHS,
    FIRST_DAY,
    LAST_DAY_NUMBER,
    MONTHS,
    SEED,
    Company,
    iso_days,
    month_of_day,
)
from company.plan import Plan
from company.population import People, sources
from company.world import Events

Table = dict[str, list]
FIRST_ORDER_NUMBER = 20_001
REWARD_WEEKS = 8  # for so long after a friend's first order the referrer can use the reward
SPREAD_OF_MARGIN_RATE = 0.015
WAYS = ("word_of_mouth", "social_post", "event")
KINDS = ("content", "conversation", "commendation")
# how a recommendation is made depends on where: rows are ambassador and WAYS, columns KINDS
KIND_SHARES = ((0.25, 0.30, 0.45), (0.05, 0.70, 0.25), (0.80, 0.10, 0.10), (0.05, 0.75, 0.20))


@dataclass(frozen=True)
class Orders:
    """All orders in the window, in the order of their numbers; trigger is a programme's index or -1."""

    number: np.ndarray
    person: np.ndarray
    day: np.ndarray
    first: np.ndarray
    trigger: np.ndarray
    incentive: np.ndarray
    product: np.ndarray
    amount: np.ndarray
    margin: np.ndarray


@dataclass(frozen=True)
class Referrals:
    """All referrals made in the window; friend is -1 where nobody bought. asked: by the ambassadors."""

    referrer: np.ndarray
    day: np.ndarray
    friend: np.ndarray
    asked: np.ndarray
    reward: np.ndarray


@dataclass(frozen=True)
class Books:
    """Everything that the files are written from."""

    company: Company
    plan: Plan
    people: People
    events: Events
    customer_ids: list[str]
    orders: Orders
    referrals: Referrals


def keep_books(company: Company, plan: Plan, people: People, events: Events) -> Books:
    """Record one lived world."""
    rng = np.random.default_rng([SEED, 6])
    orders = _orders(company, people, events, rng)
    referrals = _referrals(company, people, events, orders, rng)
    _tag_rewarded(company, people, orders, referrals)
    return Books(company, plan, people, events, _customer_ids(people, events), orders, referrals)


def sales(books: Books) -> Table:
    """One row per first order, and one per refund of it."""
    table = _order_rows(books, books.orders.first)
    names = np.array(sources(books.company), dtype=object)
    channel = names[books.people.source]
    unknown = (books.people.parent >= 0) & ~np.isin(np.arange(len(channel)), books.referrals.friend)
    # whoever was sent by someone the books do not know simply turned up
    channel[unknown] = "direct"
    people = table.pop("person")
    del table["trigger"], table["incentive_cost"]
    return _in_order(
        table | {"channel": channel[people].tolist()},
        "order_id customer_id order_date channel amount margin segment region product",
    )


def reorders(books: Books) -> Table:
    """One row per repeat order, and one per refund of it."""
    table = _order_rows(books, ~books.orders.first)
    return _in_order(
        table, "order_id customer_id order_date amount margin trigger incentive_cost segment region product"
    )


def referrals(books: Books) -> Table:
    """One row per referral made."""
    made, rng = books.referrals, np.random.default_rng([SEED, 7])
    bought = made.friend >= 0
    rejected = ~bought & (rng.random(len(bought)) < 0.2)
    way = np.where(made.asked, 0, 1 + rng.choice(len(WAYS), len(bought), p=[0.6, 0.25, 0.15]))
    kind = (rng.random(len(bought))[:, None] > np.cumsum(KIND_SHARES, axis=1)[way]).sum(axis=1).clip(max=2)
    status = np.select([bought, rejected], ["converted", "rejected"], "invited")
    ids = books.customer_ids
    return {
        "referral_id": [f"R{n:05d}" for n in range(1, len(bought) + 1)],
        "referrer_id": [ids[p] for p in made.referrer.tolist()],
        "referred_at": iso_days(made.day),
        "referred_id": [ids[p] if p >= 0 else "" for p in made.friend.tolist()],
        "kind": [KINDS[k] for k in kind],
        "status": status.tolist(),
        "reward_cost": money(made.reward),
        "channel": [("ambassador", *WAYS)[w] for w in way],
    }


def spend(books: Books) -> Table:
    """One row per month and paid channel or programme: everything that it cost."""
    rows = []
    for month in range(MONTHS):
        name = f"{FIRST_DAY.year + (9 + month) // 12}-{(9 + month) % 12 + 1:02d}"
        for row, channel in enumerate(books.company.paid):
            rows.append((name, channel.name, books.plan.spend[row, BURN_IN_MONTHS + month], "acquisition"))
    for row, programme in enumerate(books.company.programmes):
        for month, cost in enumerate(_programme_costs(books, row)):
            name = f"{FIRST_DAY.year + (9 + month) // 12}-{(9 + month) % 12 + 1:02d}"
            rows.append((name, programme.name, cost, "retention"))
    rows.sort(key=lambda r: (r[0], r[3]))
    month, channel, amount, motion = zip(*rows, strict=True)
    return {
        "month": list(month),
        "channel": list(channel),
        "amount": money(np.array(amount)),
        "motion": list(motion),
    }


def money(amounts: np.ndarray) -> list[str]:
    """Two decimals, dot."""
    return [f"{amount:.2f}" for amount in amounts.tolist()]


def in_window(day: np.ndarray) -> np.ndarray:
    """Which day numbers the exports cover."""
    return (day >= 0) & (day <= LAST_DAY_NUMBER)


def touch_days(books: Books) -> np.ndarray:
    """The day of each programme touch: some day of its week, the same in every file."""
    week = books.events.touches[:, 1].astype(int)
    return 7 * week + np.random.default_rng([SEED, 8]).integers(0, 7, len(week))


def _customer_ids(people: People, events: Events) -> list[str]:
    """Six digits, counted up in the order of first orders since the company began."""
    rank = np.empty(len(people), int)
    rank[np.lexsort((np.arange(len(people)), people.first_day, ~events.customer))] = np.arange(
        1, len(people) + 1
    )
    return [f"{r:06d}" for r in rank.tolist()]


def _orders(company: Company, people: People, events: Events, rng: np.random.Generator) -> Orders:
    """First and repeat orders with products and amounts, numbered by day."""
    newcomers = np.flatnonzero(events.customer & in_window(people.first_day))
    again = events.orders
    person = np.concatenate([newcomers, again[:, 0].astype(int)])
    first = np.arange(len(person)) < len(newcomers)
    repeat_day = 7 * again[:, 1].astype(int) + rng.integers(0, 7, len(again))
    day = np.concatenate([people.first_day[newcomers], repeat_day])
    trigger = np.concatenate([np.full(len(newcomers), -1), again[:, 2].astype(int)])
    incentive = np.concatenate([np.zeros(len(newcomers)), again[:, 3]])
    sort = np.lexsort((person, day))
    sort = sort[in_window(day[sort])]
    person, first, trigger, incentive = person[sort], first[sort], trigger[sort], incentive[sort]
    product, amount, margin = _amounts(company, people.price[person], first, rng)
    number = FIRST_ORDER_NUMBER + np.arange(len(person))
    return Orders(number, person, day[sort], first, trigger, incentive, product, amount, margin)


def _amounts(company: Company, price: np.ndarray, first: np.ndarray, rng: np.random.Generator):
    """Product index, amount and margin (EUR, whole cents) of orders of customers with these usual prices."""
    behaviour, n = company.behaviour, len(price)
    product = rng.choice(len(company.products), n, p=[p.share for p in company.products])
    scatter = rng.gamma(behaviour.order_shape, 1 / behaviour.order_shape, n)
    factor = np.array([p.price_factor for p in company.products])[product]
    amount = np.round(price * factor * scatter * np.where(first, behaviour.first_order_factor, 1.0), 2)
    rate = np.array([p.margin_rate for p in company.products])[product] + rng.normal(
        0, SPREAD_OF_MARGIN_RATE, n
    )
    return product, amount, np.round(amount * rate, 2)


def _order_rows(books: Books, chosen: np.ndarray) -> Table:
    """The chosen orders and their refunds, by day; the column person holds indices."""
    o, people, company = books.orders, books.people, books.company
    refunded, back, part = _refunds(books, chosen)
    row = np.concatenate([np.flatnonzero(chosen), refunded])
    day = np.concatenate([o.day[chosen], back])
    share = np.concatenate([np.ones(chosen.sum()), -part])
    sort = np.lexsort((o.number[row], day))
    row, day, share = row[sort], day[sort], share[sort]
    person, trigger = o.person[row], o.trigger[row]
    names = [p.name for p in company.programmes] + [""]
    incentive = np.where(share > 0, o.incentive[row], 0.0)
    return {
        "person": person,
        "order_id": [f"A{n}" for n in o.number[row].tolist()],
        "customer_id": [books.customer_ids[p] for p in person.tolist()],
        "order_date": iso_days(day),
        "amount": money(np.round(share * o.amount[row], 2)),
        "margin": money(np.round(share * o.margin[row], 2)),
        "trigger": [names[t] for t in trigger],
        "incentive_cost": [c if t >= 0 else "" for c, t in zip(money(incentive), trigger, strict=True)],
        "segment": [company.segments[s].name for s in people.segment[person]],
        "region": [company.regions[r].name for r in people.region[person]],
        "product": [company.products[p].name for p in o.product[row]],
    }


def _refunds(books: Books, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which orders are refunded, on which day, and how much of them (0 to 1)."""
    behaviour, n = books.company.behaviour, len(books.orders.number)
    rng = np.random.default_rng([SEED, 9])
    refunded = np.flatnonzero((rng.random(n) < behaviour.refund_rate) & chosen)
    back = books.orders.day + rng.integers(3, 22, n)
    part = np.where(rng.random(n) < behaviour.partial_refund_share, 0.5, 1.0)
    refunded = refunded[in_window(back[refunded])]
    return refunded, back[refunded], part[refunded]


def _in_order(table: Table, names: str) -> Table:
    return {name: table[name] for name in names.split()}


def _referrals(
    company, people: People, events: Events, orders: Orders, rng: np.random.Generator
) -> Referrals:
    """Referrals that bring someone, and those that do not, whose referrer the books know."""
    known = np.zeros(len(people), bool)
    known[orders.person] = True
    friend, asked, reward = (
        events.referrals[:, 0].astype(int),
        events.referrals[:, 1] == 1,
        events.referrals[:, 2],
    )
    referrer, first = people.parent[friend], people.first_day[friend]
    day = people.cause_day[friend]
    # referrals from before the data are entered late: when the records begin, before the friend buys
    early = (day < 0) & (first > 0)
    day = np.where(early, (rng.random(len(day)) * np.clip(first, 1, 60)).astype(int), day)
    keep = known[referrer] & in_window(day) & ((first > 0) | ~early)
    bought = keep & (first <= LAST_DAY_NUMBER)
    sent = Referrals(
        referrer[keep],
        day[keep],
        np.where(bought, friend, -1)[keep],
        asked[keep],
        np.where(bought, reward, 0.0)[keep],
    )
    return _sorted(sent, _in_vain(company, people, events, known, sent, rng))


def _in_vain(company, people, events: Events, known: np.ndarray, sent: Referrals, rng) -> Referrals:
    """Invitations that nobody took up: by those who also bring someone, and by some who were asked."""
    more = rng.poisson(1.2, len(sent.referrer))
    referrer, asked = np.repeat(sent.referrer, more), np.repeat(sent.asked, more)
    day = np.repeat(sent.day, more) + rng.integers(0, 25, more.sum())
    ambassador = next(i for i, p in enumerate(company.programmes) if p.lifts == "referrals")
    touches = events.touches[(events.touches[:, 2] == ambassador) & (events.touches[:, 3] == 1)]
    touches = touches[rng.random(len(touches)) < 0.05]
    referrer = np.concatenate([referrer, touches[:, 0].astype(int)])
    day = np.concatenate([day, 7 * touches[:, 1].astype(int) + rng.integers(7, 40, len(touches))])
    asked = np.concatenate([asked, np.ones(len(touches), bool)])
    keep = in_window(day) & known[referrer]
    n = keep.sum()
    return Referrals(referrer[keep], day[keep], np.full(n, -1), asked[keep], np.zeros(n))


def _sorted(*parts: Referrals) -> Referrals:
    """One table by day; a referrer's second invitation of a day is left out unless it brought someone."""
    columns = [np.concatenate(c) for c in zip(*(vars(p).values() for p in parts), strict=True)]
    sort = np.lexsort((-columns[2], columns[0], columns[1]))
    return Referrals(*(c[sort] for c in columns))


def _tag_rewarded(company: Company, people: People, orders: Orders, made: Referrals) -> None:
    """A referrer's next order after the friend's first one uses the reward: its trigger is the programme."""
    ambassador = next(i for i, p in enumerate(company.programmes) if p.lifts == "referrals")
    by_person = np.lexsort((orders.day, orders.person))
    for referrer, friend in zip(made.referrer[made.asked], made.friend[made.asked], strict=True):
        if friend < 0:
            continue
        low, high = np.searchsorted(orders.person[by_person], [referrer, referrer + 1])
        rows = by_person[low:high]
        start = people.first_day[friend]
        free = rows[(orders.day[rows] > start) & (orders.day[rows] <= start + 7 * REWARD_WEEKS)]
        free = free[(orders.trigger[free] == -1) & ~orders.first[free]]
        orders.trigger[free[:1]] = ambassador


def _programme_costs(books: Books, row: int) -> np.ndarray:
    """What a programme cost per month, EUR: fee, contacts, incentives redeemed, rewards paid."""
    programme, costs = books.company.programmes[row], np.zeros(MONTHS)
    costs += programme.monthly_fee
    touches, day = books.events.touches, touch_days(books)
    contacted = (touches[:, 2] == row) & (touches[:, 3] == 1) & in_window(day)
    np.add.at(costs, month_of_day(day[contacted]), programme.contact_cost)
    tagged = books.orders.trigger == row
    np.add.at(costs, month_of_day(books.orders.day[tagged]), books.orders.incentive[tagged])
    if programme.lifts == "referrals":
        paid = books.referrals.reward > 0
        first = books.people.first_day[books.referrals.friend[paid]]
        np.add.at(costs, month_of_day(first), books.referrals.reward[paid])
    return costs
