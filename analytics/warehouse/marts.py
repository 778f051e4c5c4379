"""Marts: what all numbers are made of, built anew from the uploads that stand.

Everything runs on the caller's cursor and in its transaction, so that ledger and marts change together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analytics.intake.contract import KINDS
from analytics.warehouse.engine import SQL, Cursor, rows, run
from analytics.warehouse.settings import Settings

ORDER_KINDS = ("sales", "reorders")
HOLDOUT_DAYS = 90  # the last days of the data: models are judged on them
MOST_PROGRAMME_CUSTOMERS = 50_000  # more would make what programmes cause hardly surer, and fitting it slow


def write_shapes(cursor: Cursor, directory: Path) -> None:
    """Write <kind>.parquet without rows for every kind: it gives the columns that no upload has."""
    directory.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        run(cursor, f"shapes/{kind}", file=str(directory / f"{kind}.parquet"))


def rebuild(
    cursor: Cursor, uploads: Path, shapes: Path, settings: Settings, changed: frozenset[str] | None = None
) -> None:
    """Build the marts from the uploads that stand in the ledger.

    uploads: directory of <upload_id>.parquet. shapes: see write_shapes. changed: kinds of upload, and settings, that
    are no longer what the stored marts were built from: what depends on none of them stays. None: everything is built.
    """
    parts = stale_parts(changed)
    prepare(cursor, uploads, shapes, frozenset(kind for part in parts for kind in part.rows_of))
    for part in parts:
        part.make(cursor, settings)
    run(cursor, "marts/marts_version", version=version())


@cache
def version() -> str:
    """Names the statements that marts are built by: those that others built are built anew at opening."""
    files = sorted(file for room in ("marts", "staging") for file in (SQL / room).rglob("*.sql"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def are_current(cursor: Cursor) -> bool:
    """Whether the stored marts were built by today's statements."""
    run(cursor, "ledger/marts_versions")
    return [row["version"] for row in rows(cursor, "ledger/marts_version")] == [version()]


def changed_settings(before: Settings, after: Settings) -> frozenset[str]:
    """Names of the settings that differ and that marts are made with; the others only enter later calculations."""
    names = frozenset(name for part in PARTS for name in part.settings)
    return frozenset(name for name in names if getattr(before, name) != getattr(after, name))


def prepare(cursor: Cursor, uploads: Path, shapes: Path, kinds: frozenset[str] = frozenset(KINDS)) -> None:
    """Make the temporary views <kind>_active for this cursor, and with both kinds of orders, order_facts."""
    run(cursor, "staging/standing", directory=str(uploads))
    run(cursor, "staging/retired_days")
    standing = rows(cursor, "staging/standing_files")
    files = {kind: [s["filename"] for s in standing if s["kind"] == kind] for kind in KINDS}
    for kind in KINDS:
        if kind in kinds:
            _active_rows(cursor, kind, [str(shapes / f"{kind}.parquet"), *files[kind]])
    if kinds.issuperset(ORDER_KINDS):
        _order_facts(
            cursor,
            both=all(files[kind] for kind in ORDER_KINDS),
            one_row_per_order=all(s["one_row_per_key"] for s in standing if s["kind"] in ORDER_KINDS),
        )


def _active_rows(cursor: Cursor, kind: str, files: list[str]) -> None:
    run(cursor, f"staging/variables/{kind}_files", files=files)
    run(cursor, f"staging/variables/several_{kind}", several=len(files) > 2)  # the first one is the shape
    run(cursor, f"staging/rows/{kind}")
    run(cursor, f"staging/contested/{kind}")
    run(cursor, f"staging/active/{kind}")


def _order_facts(cursor: Cursor, both: bool, one_row_per_order: bool) -> None:
    """Orders of both kinds of file; the costly steps are left out where they could change nothing."""
    run(cursor, "staging/order_lines")
    run(cursor, "staging/file_orders" if one_row_per_order else "staging/file_orders_of_lines")
    run(cursor, "staging/variables/sales_and_reorders", both=both)
    run(cursor, "staging/shared_orders")
    run(cursor, "staging/order_facts")


def _orders(cursor: Cursor, settings: Settings) -> None:
    """Customers, what they ordered and who referred them, and all that is counted from these alone."""
    run(cursor, "staging/first_orders")
    _credit_referrals(cursor, settings)
    for mart in ("referral_edges", "referral_people"):
        run(cursor, f"marts/{mart}")
    run(cursor, "staging/known_customers")
    run(cursor, "staging/drop_first_orders")
    run(cursor, "marts/customer_cohorts")
    run(cursor, "staging/numbered_customers")
    for mart in ("orders", "orders_refunds"):
        run(cursor, f"marts/{mart}")
    _customers(cursor)
    for mart in ("revenue_cube", "known_names", "won_days", "reorder_months"):
        run(cursor, f"marts/{mart}")


def _customers(cursor: Cursor) -> None:
    """Customers, cohorts and histories, from what each did in each month: by numbers, which are quicker to group by."""
    run(cursor, "staging/customer_month")
    run(cursor, "staging/customer_spans", holdout_days=HOLDOUT_DAYS)
    run(cursor, "marts/customers")
    run(cursor, "staging/drop_known_customers")
    run(cursor, "staging/customer_cells")
    run(cursor, "marts/cohort_cube")
    run(cursor, "staging/customer_quarter")
    run(cursor, "staging/drop_customer_month")
    run(cursor, "marts/revenue_retention")
    run(cursor, "staging/drop_customer_quarter")
    for mart in ("history_groups", "customer_histories"):
        run(cursor, f"marts/{mart}")
    for table in ("customer_spans", "numbered_customers"):
        run(cursor, f"staging/drop_{table}")


def _credit_referrals(cursor: Cursor, settings: Settings) -> None:
    run(cursor, "staging/referral_candidates", window_days=settings.referral_window_days)
    in_rings = rows(cursor, "staging/referral_rings")
    faults = break_rings([(r["referral_no"], r["referrer_id"], r["referred_id"]) for r in in_rings])
    run(cursor, "staging/referral_ring_faults", referral_nos=list(faults), faults=list(faults.values()))
    run(cursor, "staging/referral_credits")


def break_rings(referrals: list[tuple[int, str, str]]) -> dict[int, str | None]:
    """Credit referrals (number, referrer, referred), given by date, so that nobody is their own ancestor.

    The earliest referral of a customer that closes no ring is credited (None); the others are a `cycle`,
    or name a `second referrer`. Only referrals without a way out of a ring come here, so the list is
    short.
    """
    above: dict[str, str] = {}
    roots: dict[str, str] = {}
    faults: dict[int, str | None] = {}
    for number, referrer, referred in referrals:
        if referred in above:
            faults[number] = "second referrer"
        elif _root(roots, referrer) == referred:
            faults[number] = "cycle"
        else:
            above[referred], roots[referred] = referrer, referrer
            faults[number] = None
    return faults


def _root(roots: dict[str, str], person: str) -> str:
    while person in roots:
        roots[person] = roots.get(roots[person], roots[person])  # halves the way for whoever comes next
        person = roots[person]
    return person


def _journeys(cursor: Cursor, _settings: Settings) -> None:
    run(cursor, "marts/journey_channels")
    run(cursor, "marts/journey_orders")
    run(cursor, "staging/variables/has_contacts")
    run(cursor, "marts/journey_contacts")
    run(cursor, "staging/contacted_customers")
    run(cursor, "staging/journey_ends")
    run(cursor, "marts/journeys")
    run(cursor, "staging/drop_journey_ends")


def _programmes(cursor: Cursor, _settings: Settings) -> None:
    """What customers did whom a programme reached, or left alone on purpose."""
    for table in ("names", "customers", "touches", "orders", "starts"):
        run(cursor, f"staging/programme_{table}")
    run(cursor, "marts/programme_arms")
    run(cursor, "staging/programme_people", most_customers=MOST_PROGRAMME_CUSTOMERS)
    run(cursor, "staging/programme_spans")
    for mart in ("programmes", "programme_days", "programme_offers"):
        run(cursor, f"marts/{mart}")
    run(cursor, "staging/drop_programmes")


def _funnels(cursor: Cursor, _settings: Settings) -> None:
    """When people reached which stage of either funnel, and the contacts behind it."""
    for table in ("funnel_people", "funnel_contacts", "funnel_books"):
        run(cursor, f"staging/{table}")
    for mart in ("customer_stage_days", "stage_quarters", "person_stages", "stage_contacts"):
        run(cursor, f"marts/{mart}")
    for table in ("funnel_books", "funnel_contacts", "funnel_people"):
        run(cursor, f"staging/drop_{table}")


def _spend(cursor: Cursor, settings: Settings) -> None:
    names, motions = zip(*settings.motions, strict=True) if settings.motions else ((), ())
    run(cursor, "marts/spend_months", motion_names=list(names), motions=list(motions))


def _alone(mart: str) -> Callable[[Cursor, Settings], None]:
    def make(cursor: Cursor, _settings: Settings) -> None:
        run(cursor, f"marts/{mart}")

    return make


@dataclass(frozen=True)
class Part:
    """Marts that are made together, by `make`, from nothing else than what is said here.

    rows_of: the kinds of upload whose rows are read. after: the parts whose marts are read. settings: the names of
    those that enter.
    """

    name: str
    make: Callable[[Cursor, Settings], None]
    rows_of: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


# In the order in which they are made. tests/warehouse/test_parts.py reads the statements to see that nothing is missing.
PARTS = (
    Part("orders", _orders, rows_of=("sales", "reorders", "referrals"), settings=("referral_window_days",)),
    Part("spend", _spend, rows_of=("spend",), after=("orders",), settings=("motions",)),
    Part("touchpoints", _alone("touchpoints"), rows_of=("touchpoints",)),
    Part("prospects", _alone("prospects"), rows_of=("prospects",)),
    Part("order reps", _alone("order_reps"), rows_of=ORDER_KINDS),
    Part("customer reps", _alone("customer_reps"), after=("order reps", "prospects")),
    Part("programmes", _programmes, after=("orders", "spend", "touchpoints")),
    Part("journeys", _journeys, after=("orders", "touchpoints")),
    Part("funnels", _funnels, after=("orders", "touchpoints")),
)


def stale_parts(changed: frozenset[str] | None) -> tuple[Part, ...]:
    """The parts that a change of these kinds of upload and settings may alter, in the order of making; None: all."""
    stale: dict[str, Part] = {}
    for part in PARTS:
        if changed is None or changed & {*part.rows_of, *part.settings} or stale.keys() & set(part.after):
            stale[part.name] = part
    return tuple(stale.values())
