"""Migrations: brings a workspace of an older version to today's schema."""

from __future__ import annotations

from analytics.language import gettext as _
from analytics.warehouse.engine import SQL, Cursor, rows, run
from analytics.warehouse.errors import NewerWorkspace
from analytics.warehouse.ledger import now


def migrations() -> tuple[str, ...]:
    """Names of the numbered migrations, in order: number n stands at place n - 1."""
    return tuple(sorted(file.stem for file in (SQL / "migrations").glob("*.sql")))


def migrate(cursor: Cursor) -> bool:
    """Apply the migrations that the file lacks, inside the caller's transaction; whether there were any.

    Raises NewerWorkspace for a file of a newer version.
    """
    names = migrations()
    run(cursor, "ledger/schema_versions")
    version = rows(cursor, "ledger/schema_version")[0]["version"] or 0
    if version > len(names):
        raise NewerWorkspace(
            _(
                "This workspace was written by a newer version of the program (schema {version}, this one knows "
                "{known}): update the program."
            ).format(version=version, known=len(names))
        )
    for number, name in enumerate(names[version:], version + 1):
        run(cursor, f"migrations/{name}")
        run(cursor, "ledger/add_schema_version", version=number, applied_at=now())
    return version < len(names)
