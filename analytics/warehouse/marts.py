"""Marts: what all numbers are made of, built anew from the uploads that stand.

Everything runs on the caller's cursor and in its transaction, so that ledger and marts change together.
"""

from __future__ import annotations

import hashlib
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


def rebuild(cursor: Cursor, uploads: Path, shapes: Path, settings: Settings) -> None:
    """Build every mart from the uploads that stand in the ledger.

    uploads: directory of <upload_id>.parquet. shapes: see write_shapes.
    """
    prepare(cursor, uploads, shapes)
    run(cursor, "staging/customer_totals")
    _credit_referrals(cursor, settings)
    run(cursor, "marts/referral_edges")
    run(cursor, "marts/referral_people")
    for mart in ("customers", "orders", "orders_refunds", "revenue_cube", "known_names"):
        run(cursor, f"marts/{mart}")
    for mart in ("won_days", "reorder_months"):
        run(cursor, f"marts/{mart}")
    _cohorts(cursor)
    _histories(cursor)
    names, motions = zip(*settings.motions, strict=True) if settings.motions else ((), ())
    run(cursor, "marts/spend_months", motion_names=list(names), motions=list(motions))
    run(cursor, "marts/touchpoints")
    run(cursor, "marts/prospects")
    run(cursor, "marts/customer_reps")
    _programmes(cursor)
    _journeys(cursor)
    _funnels(cursor)
    run(cursor, "marts/marts_version", version=version())
    _tidy(cursor)


@cache
def version() -> str:
    """Names the statements that marts are built by: those that others built are built anew at opening."""
    files = sorted(file for room in ("marts", "staging") for file in (SQL / room).rglob("*.sql"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def are_current(cursor: Cursor) -> bool:
    """Whether the stored marts were built by today's statements."""
    run(cursor, "ledger/marts_versions")
    return [row["version"] for row in rows(cursor, "ledger/marts_version")] == [version()]


def depend_on(settings: Settings) -> tuple[object, ...]:
    """The settings that marts are made with; the others only enter later calculations."""
    return (settings.referral_window_days, settings.motions)


def prepare(cursor: Cursor, uploads: Path, shapes: Path) -> None:
    """Make the temporary views <kind>_active and order_facts for this cursor."""
    run(cursor, "staging/standing", directory=str(uploads))
    run(cursor, "staging/retired_days")
    standing = rows(cursor, "staging/standing_files")
    files = {kind: [s["filename"] for s in standing if s["kind"] == kind] for kind in KINDS}
    for kind in KINDS:
        _active_rows(cursor, kind, [str(shapes / f"{kind}.parquet"), *files[kind]])
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


def _histories(cursor: Cursor) -> None:
    """What every customer bought when, today and as it stood before the last days, for the lifetime models."""
    run(cursor, "marts/history_groups")
    run(cursor, "staging/same_day_orders")
    run(cursor, "marts/customer_histories", holdout_days=HOLDOUT_DAYS)


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


def _journeys(cursor: Cursor) -> None:
    run(cursor, "marts/journey_channels")
    run(cursor, "marts/journey_orders")
    run(cursor, "staging/variables/has_contacts")
    run(cursor, "marts/journey_contacts")
    run(cursor, "staging/contacted_customers")
    run(cursor, "staging/journey_ends")
    run(cursor, "marts/journeys")
    run(cursor, "staging/drop_journey_ends")


def _programmes(cursor: Cursor) -> None:
    """What customers did whom a programme reached, or left alone on purpose."""
    for table in ("names", "customers", "touches", "orders", "starts"):
        run(cursor, f"staging/programme_{table}")
    run(cursor, "marts/programme_arms")
    run(cursor, "staging/programme_people", most_customers=MOST_PROGRAMME_CUSTOMERS)
    run(cursor, "staging/programme_spans")
    for mart in ("programmes", "programme_days", "programme_offers"):
        run(cursor, f"marts/{mart}")
    run(cursor, "staging/drop_programmes")


def _funnels(cursor: Cursor) -> None:
    """When people reached which stage of either funnel, and the contacts behind it."""
    for table in ("funnel_people", "funnel_contacts", "funnel_books"):
        run(cursor, f"staging/{table}")
    for mart in ("customer_stage_days", "stage_quarters", "person_stages", "stage_contacts"):
        run(cursor, f"marts/{mart}")
    for table in ("funnel_books", "funnel_contacts", "funnel_people"):
        run(cursor, f"staging/drop_{table}")


def _cohorts(cursor: Cursor) -> None:
    """Customers are numbered first: grouping ten million orders by a number is quicker than by an id."""
    for table in ("staging/cohort_customers", "staging/customer_month"):
        run(cursor, table)
    for mart in ("cohort_cube", "revenue_retention"):
        run(cursor, f"marts/{mart}")
    for table in ("customer_month", "cohort_customers"):
        run(cursor, f"staging/drop_{table}")


def _tidy(cursor: Cursor) -> None:
    """Give back the memory of the temporary tables; views and the empty ones stay until the cursor closes."""
    run(cursor, "staging/drop_customer_totals")
