"""The touchpoints file: journeys to the first order, journeys that failed, programme touches, and service."""

from dataclasses import dataclass

import numpy as np

from company.books import Books, Table, in_window, money, touch_days
from company.parameters import LAST_DAY_NUMBER, SEED, iso_days
from company.population import sources

FAILED_PROSPECTS = 12_000
LONGEST_JOURNEY_DAYS = 85
STAGES = ("awareness", "interest", "desire", "action")
STAGES_FROM_END = (
    (0.0, 0.0, 0.0, 1.0),
    (0.05, 0.30, 0.65, 0.0),
    (0.20, 0.55, 0.25, 0.0),
    (0.65, 0.35, 0.0, 0.0),
)
STAGES_FROM_START = ((0.80, 0.20, 0.0, 0.0), (0.35, 0.50, 0.15, 0.0), (0.12, 0.43, 0.45, 0.0))
COLUMNS = ("customer_id", "touched_at", "channel", "stage", "direction", "cost", "arm")


@dataclass(frozen=True)
class Medium:
    """A channel in a journey: who speaks first, EUR per touch, and its share of each of STAGES."""

    name: str
    direction: str
    cost: float
    shares: tuple[float, float, float, float]


# display opens journeys and search closes them, so that first touch and last touch disagree
MEDIA = (
    Medium("paid_search", "inbound", 1.10, (0.07, 0.20, 0.34, 0.40)),
    Medium("social_ads", "outbound", 0.55, (0.27, 0.21, 0.08, 0.0)),
    Medium("affiliates", "inbound", 0.70, (0.06, 0.10, 0.08, 0.0)),
    Medium("display", "outbound", 0.12, (0.40, 0.16, 0.04, 0.0)),
    Medium("organic", "inbound", 0.0, (0.14, 0.22, 0.20, 0.25)),
    Medium("direct", "inbound", 0.0, (0.02, 0.04, 0.12, 0.25)),
    Medium("email", "outbound", 0.02, (0.04, 0.07, 0.14, 0.10)),
)


@dataclass(frozen=True)
class Service:
    """A routine contact with customers: after which orders, how likely, and how many days later."""

    channel: str
    stage: str
    direction: str
    cost: float
    after_first: float
    after_repeat: float
    days: tuple[int, int]
    business_only: bool = False


SERVICES = (
    Service("thank_you_note", "acknowledgement", "outbound", 0.30, 0.90, 0.20, (1, 4)),
    Service("support_chat", "dialogue", "inbound", 2.40, 0.12, 0.06, (1, 12)),
    Service("account_call", "dialogue", "outbound", 3.80, 0.30, 0.18, (5, 25), business_only=True),
    Service("survey", "satisfaction", "inbound", 0.15, 0.24, 0.00, (14, 45)),
    Service("review", "satisfaction", "inbound", 0.00, 0.05, 0.03, (4, 30)),
)


def touchpoints(books: Books) -> Table:
    """All contacts by day and person."""
    rng = np.random.default_rng([SEED, 10])
    rows = {*_won_journeys(books, rng), *_failed_journeys(rng), *_word_of_mouth(books)}
    rows |= {*_programme_touches(books), *_services(books, rng)}
    kept = sorted(
        (row for row in rows if 0 <= row[1] <= LAST_DAY_NUMBER), key=lambda row: (row[1], row[0], row[2:])
    )
    table = dict(zip(COLUMNS, map(list, zip(*kept, strict=True)), strict=True))
    return table | {"touched_at": iso_days(np.array(table["touched_at"]))}


def _won_journeys(books: Books, rng: np.random.Generator) -> list[tuple]:
    """Touches before each first order; the last one is mostly the channel that the books recorded."""
    people = books.people
    won = np.flatnonzero(books.events.customer & in_window(people.first_day))
    length = 1 + rng.poisson(2.0, len(won))
    who = np.repeat(np.arange(len(won)), length)
    left = np.concatenate([np.arange(n - 1, -1, -1) for n in length])
    stage = _draw(rng, np.array(STAGES_FROM_END)[left.clip(max=3)])
    channel = _channels(rng, stage)
    recorded = people.source[won][who]
    own = (left == 0) & (rng.random(len(who)) < 0.92) | (left > 0) & (rng.random(len(who)) < 0.18)
    own &= recorded < len(MEDIA)
    channel = np.where(own, recorded, channel)
    gap = np.where(left > 0, rng.geometric(0.16, len(who)), 0)
    before = _sum_until_end(gap, who)
    day = people.first_day[won][who] - before
    ids = [books.customer_ids[person] for person in won.tolist()]
    near = before <= LONGEST_JOURNEY_DAYS
    rows = _journey_rows(ids, who[near], day[near], channel[near], stage[near])
    referred = [p for p in won.tolist() if people.source[p] == len(sources(books.company)) - 1]
    return _closed_by_friend(rows, books, set(referred))


def _closed_by_friend(rows: list[tuple], books: Books, referred: set[int]) -> list[tuple]:
    """A referred customer's last touch is the friend's link."""
    friends = {books.customer_ids[p] for p in referred if p in set(books.referrals.friend.tolist())}
    link = ("referral", "action", "inbound", "0.00", "")
    return [(*row[:2], *link) if row[3] == "action" and row[0] in friends else row for row in rows]


def _failed_journeys(rng: np.random.Generator) -> list[tuple]:
    """Touches of people who never bought."""
    length = 1 + rng.poisson(1.15, FAILED_PROSPECTS)
    who = np.repeat(np.arange(FAILED_PROSPECTS), length)
    since = np.concatenate([np.arange(n) for n in length])
    stage = _draw(rng, np.array(STAGES_FROM_START)[since.clip(max=2)])
    channel = _channels(rng, stage)
    left = np.repeat(length, length) - 1 - since
    gap = np.where(left > 0, rng.geometric(0.13, len(who)), 0)
    last = np.sort(rng.integers(0, LAST_DAY_NUMBER + 1, FAILED_PROSPECTS))
    day = last[who] - _sum_until_end(gap, who)
    ids = [f"P{n:05d}" for n in range(1, FAILED_PROSPECTS + 1)]
    return _journey_rows(ids, who, day, channel, stage)


def _word_of_mouth(books: Books) -> list[tuple]:
    """The recommendation itself, as the friend's touch."""
    made = books.referrals
    bought = made.friend >= 0
    pairs = zip(made.friend[bought].tolist(), made.day[bought].tolist(), strict=True)
    return [(books.customer_ids[p], day, "referral", "awareness", "inbound", "0.00", "") for p, day in pairs]


def _programme_touches(books: Books) -> list[tuple]:
    """One row per eligible touch, with the arm; the holdout costs nothing because nothing was sent."""
    rows = []
    for (person, _, row, treated), day in zip(
        books.events.touches.tolist(), touch_days(books).tolist(), strict=True
    ):
        programme = books.company.programmes[int(row)]
        cost, arm = (f"{programme.contact_cost:.2f}", "treated") if treated else ("0.00", "holdout")
        rows.append(
            (books.customer_ids[int(person)], day, programme.name, programme.stage, "outbound", cost, arm)
        )
    return rows


def _services(books: Books, rng: np.random.Generator) -> list[tuple]:
    """Thank-you notes, chats, calls, surveys and reviews after orders."""
    orders, rows = books.orders, []
    business = books.people.segment[orders.person] > 0
    for service in SERVICES:
        likely = np.where(orders.first, service.after_first, service.after_repeat)
        chosen = (rng.random(len(likely)) < likely) & (business | (not service.business_only))
        day = orders.day + rng.integers(*service.days, len(likely))
        tail = (service.channel, service.stage, service.direction, f"{service.cost:.2f}", "")
        pairs = zip(orders.person[chosen].tolist(), day[chosen].tolist(), strict=True)
        rows += [(books.customer_ids[person], when, *tail) for person, when in pairs]
    return rows


def _journey_rows(ids: list[str], who, day, channel, stage) -> list[tuple]:
    """Rows from indices into ids, MEDIA and STAGES."""
    cost = money(np.array([medium.cost for medium in MEDIA]))
    columns = zip(who.tolist(), day.tolist(), channel.tolist(), stage.tolist(), strict=True)
    return [(ids[w], d, MEDIA[c].name, STAGES[s], MEDIA[c].direction, cost[c], "") for w, d, c, s in columns]


def _channels(rng: np.random.Generator, stage: np.ndarray) -> np.ndarray:
    """A medium for each touch, by its stage."""
    shares = np.array([medium.shares for medium in MEDIA]).T
    return _draw(rng, (shares / shares.sum(axis=1, keepdims=True))[stage])


def _draw(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    """One random column index per row of shares."""
    cumulated = np.cumsum(shares, axis=1)
    return (rng.random(len(shares))[:, None] * cumulated[:, -1:] >= cumulated).sum(axis=1)


def _sum_until_end(gap: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Days from each touch to the last one of its journey (its rows stand together, oldest first)."""
    backwards = np.cumsum(gap[::-1])[::-1]
    following = np.append(backwards, 0)
    end = np.searchsorted(who, who, side="right")
    return backwards - following[end]
