"""What is exported and loaded into a new workspace gives the same tables and the same case."""

import pytest
from staged_files import load, referral, reorder, sale, spend

from analytics.decisions.case import case
from analytics.decisions.case_json import case_json
from analytics.warehouse.sample import SAMPLE_CURRENCY, SAMPLE_KINDS
from analytics.warehouse.store import Workspace


def corrected_company(workspace) -> None:
    """Corrections, a refund, an order of two lines, a replaced quarter and an undone upload."""
    load(workspace, "sales", [
        sale("o1", "001", "2026-01-05", "10.5", "검색"), sale("o1", "001", "2026-01-05", "4.25", "검색"),
        sale("o2", "002", "2026-02-05", 5, "mail; post"), sale("o3", None, "2026-05-01", 7),
    ])  # fmt: skip
    load(
        workspace,
        "sales",
        [sale("o2", "002", "2026-02-06", 6, "mail; post"), sale("o1", "001", "2026-03-01", -2)],
    )
    load(workspace, "sales", [sale("o4", "003", "2026-05-02", 9, "검색")], period="2026Q2", replace=True)
    load(workspace, "reorders", [reorder("r1", "001", "2026-06-05", 7, trigger="points", incentive_cost=1)])
    load(
        workspace,
        "referrals",
        [referral("f1", "001", "2026-01-06", "002", reward_cost=3, kind="commendation")],
    )
    load(
        workspace,
        "spend",
        [spend("2026-01-01", "검색", "3.5"), spend("2026-02-01", "points", 2, "retention")],
    )
    undone = load(workspace, "sales", [sale("o9", "009", "2026-05-02", 900)])
    workspace.undo(undone.upload_id)


def sample_company(workspace) -> None:
    workspace.load_sample()


@pytest.mark.parametrize("make", [corrected_company, sample_company])
def test_an_export_loaded_again_gives_the_same_case(tmp_path, make):
    with Workspace.open(tmp_path / "first") as first, Workspace.open(tmp_path / "second") as second:
        make(first)
        counts = first.export(tmp_path / "export")
        for kind in SAMPLE_KINDS:
            if counts[kind]:
                answers = {"E_CUSTOMER_BLANK": "keep", "W_DUPLICATE_ROWS": "keep"}
                receipt = second.ingest(tmp_path / "export" / f"{kind}.csv", kind, answers=answers)
                assert receipt.committed, receipt.reading.messages
                assert receipt.reading.rows.accepted == receipt.reading.rows.read == counts[kind]
        if make is sample_company:  # its currency is a setting
            second.change_settings(currency=SAMPLE_CURRENCY)
        told, again = (case_json(case(workspace)) for workspace in (first, second))
        assert first.fingerprint() == second.fingerprint()
        assert told.pop("snapshot") != again.pop("snapshot")
        assert told == again
