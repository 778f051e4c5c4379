"""Can it be trusted? What looks odd in the loaded data: how much of it, what it means, and rows to look at."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analytics.decisions import wording
from analytics.language import gettext as _

MOST_ROWS = 200
CHECKS = (
    "quality_orphans", "quality_repeated_orders", "quality_unusual_orders", "quality_without_customer", "quality_refunds_alone", "quality_faulty_referrals",
    "quality_without_motion", "quality_silent_weeks",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Finding:
    """One check: how many rows it concerns, what that means, and at most 200 of them. count 0: nothing odd."""

    name: str
    title: str
    text: str
    count: int
    rows: pd.DataFrame


def quality(workspace) -> tuple[Finding, ...]:
    """Every check, those that found something first."""
    findings = [_checked(workspace, name) for name in CHECKS]
    findings += [_spellings(workspace), _currency(workspace)]
    return tuple(sorted(findings, key=lambda f: f.count == 0))


def _checked(workspace, name: str) -> Finding:
    rows = workspace.query(name, most=MOST_ROWS)
    count = int(rows["found"].iloc[0]) if len(rows) else 0
    title, text = _TEXTS[name]()
    return Finding(name, title, text, count, rows.drop(columns="found"))


def _spellings(workspace) -> Finding:
    """Names that differ in capitals, blanks, hyphens, underscores and full stops only; nobody but the analyst may merge them."""
    name = "quality_spellings"
    rows = workspace.query(name, most=MOST_ROWS)
    first = rows.iloc[0] if len(rows) else {"names": 0, "all_revenue": 0.0, "all_spend": 0.0}
    text = _(
        "{revenue} of revenue and {spend} of spend stand under channels and programmes whose names differ in capitals, "
        "blanks, hyphens or underscores only. They may count as different ones: where they are one and the same, "
        "write them alike in the export and upload it again, which corrects the rows."
    ).format(
        revenue=wording.money(first["all_revenue"], workspace.currency),
        spend=wording.money(first["all_spend"], workspace.currency),
    )
    shown_rows = rows.drop(columns=["names", "all_revenue", "all_spend", "found"])
    return Finding(name, _("Names spelled in several ways"), text, int(first["names"]), shown_rows)


def _currency(workspace) -> Finding:
    """One currency per workspace: files that state none are taken to be in it."""
    silent = [e for e in workspace.entries if e.stands and e.amount is not None and e.currency is None]
    rows = pd.DataFrame(
        [(e.upload_id, e.file_name, e.kind) for e in silent], columns=["upload", "file", "kind"]
    )
    known = workspace.currency
    text = (
        _("These files name no currency and are taken to be in {currency}.").format(currency=known)
        if known
        else _("No file names its currency: amounts are shown without one. Set it below.")
    )
    return Finding("currency", _("Files without a currency"), text, len(rows), rows)


_TEXTS: dict[str, Callable[[], tuple[str, str]]] = {
    "quality_orphans": lambda: (
        _("Referrals by people who never ordered"),
        _("The referrer occurs in no order: is the number spelled as in sales?"),
    ),
    "quality_repeated_orders": lambda: (
        _("One order number, several customers"),
        _("They are counted as orders of their own, one per customer."),
    ),
    "quality_unusual_orders": lambda: (
        _("Unusually large orders"),
        _(
            "Far above what is usual here (three times the middle range above its top): typed with a digit too many?"
        ),
    ),
    "quality_without_customer": lambda: (
        _("Orders without a customer number"),
        _("They count as revenue, but belong to neither side of the case."),
    ),
    "quality_refunds_alone": lambda: (
        _("Refunds whose order is not loaded"),
        _("They lower revenue; their source is taken from the customer's last order before them."),
    ),
    "quality_faulty_referrals": lambda: (
        _("Referrals that earn no credit"),
        _(
            "Self-referrals, rings, a second referrer for one customer, or a first order too early or too late."
        ),
    ),
    "quality_without_motion": lambda: (
        _("Spend that belongs to neither side"),
        _("The name occurs neither as a sales channel nor as a programme: say below what it is for."),
    ),
    "quality_silent_weeks": lambda: (
        _("Weeks without any order"),
        _("Between the first and the last order: is a part of the export missing?"),
    ),
}


def shown(finding: Finding) -> str:
    """The finding's title with its count: "Weeks without any order: 3"."""
    return _("{title}: {count}").format(title=finding.title, count=wording.number(finding.count))
