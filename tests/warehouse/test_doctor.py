"""The doctor finds what was changed behind the program's back."""

import duckdb
import pytest
from staged_files import load, referral, reorder, sale, spend, write_staged

from analytics.warehouse.store import Workspace


@pytest.fixture
def company(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        load(
            workspace,
            "sales",
            [sale("o1", "ann", "2026-01-05", 10, "search"), sale("o2", None, "2026-01-05", 5)],
        )
        load(workspace, "reorders", [reorder("r1", "ann", "2026-02-05", 7, trigger="points")])
        load(workspace, "referrals", [referral("f1", "ann", "2026-01-06", "bob", reward_cost=3)])
        load(workspace, "spend", [spend("2026-01-01", "search", 3)])
    return tmp_path / "company"


def findings(directory, deep: bool = False) -> list[str]:
    with Workspace.open(directory) as workspace:
        return [finding.text for finding in workspace.doctor(deep)]


def change(directory, statement: str) -> None:
    with duckdb.connect(str(directory / "warehouse.duckdb")) as connection:
        connection.execute(statement)


def test_a_whole_workspace_is_sound(company):
    assert findings(company, deep=True) == []


def test_a_changed_upload_file_is_found(company):
    file = next((company / "uploads").glob("u0001-*.parquet"))
    write_staged(file, "sales", [sale("o1", "ann", "2026-01-05", 11)])
    texts = findings(company)
    assert texts[0].startswith("The stored file of u0001-")
    assert "was changed" in texts[0]


def test_a_missing_upload_file_is_found_and_can_be_undone(company):
    file = next((company / "uploads").glob("u0001-*.parquet"))
    file.unlink()
    assert "is gone" in findings(company)[0]
    with Workspace.open(company) as workspace:
        workspace.undo(file.stem)
        assert [f.text for f in workspace.doctor() if "is gone" not in f.text] == [
            "The marts were not compared with the uploads, as not all can be read."
        ]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update uploads set rows_read = 9 where kind = 'sales'", "do not add up to the 9 rows read"),
        ("update uploads set amount = 16 where kind = 'sales'", "The stored money of u0001"),
        (
            "update uploads set rows_accepted = 3, rows_read = 3 where kind = 'sales'",
            "The stored rows of u0001",
        ),
        ("update uploads set sha256 = 'f' where kind = 'sales'", "The journal names other bytes for u0001"),
        ("update orders set amount = 11 where order_id = 'o1'", "The revenue of orders is 23.0000"),
        ("update revenue_cube set revenue = revenue + 0.01", "The revenue of revenue by day and source"),
        ("update customers set revenue = 0", "The revenue of customers is 5.0000"),
        (
            "update orders set source = 'gift' where order_id = 'o1'",
            "The revenue of the four sources is 12.0000",
        ),
        ("delete from orders", "There are 0 orders, and 3 in the uploads."),
    ],
)
def test_a_changed_number_is_found(company, statement, found):
    change(company, statement)
    assert any(found in text for text in findings(company))


def test_a_mart_that_adds_up_and_is_wrong_is_found_by_the_deep_look(company):
    change(company, "update orders set channel = 'email'")
    assert findings(company) == []
    assert findings(company, deep=True)[0].startswith("The table orders differs from what the uploads give")


def test_a_strangers_file_is_a_warning(company):
    with Workspace.open(company) as workspace:
        (company / "uploads" / "mine.parquet").write_bytes(b"x")
        assert [(f.severity, f.text) for f in workspace.doctor()] == [
            ("warning", "The file mine.parquet in uploads belongs to no upload in the ledger.")
        ]
