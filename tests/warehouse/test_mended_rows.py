"""Rows that were set aside come back mended: with the rows that were loaded they are the whole file, to the cent."""

import pytest
from staged_files import table

from analytics.reporting.tables import safe_csv
from analytics.warehouse.store import Workspace

ROWS = (
    "order_id,customer_id,order_date,product,amount\n"
    "S-1,0001,2026-07-01,tea,30.00\nS-1,0001,2026-07-01,cup,20.50\nS-2,0002,2026-07-02,tea,5.25\n"
    "S-2,0002,2026-07-09,tea,-5.25\nS-3,@anna,2026-07-03,tea,7.00\nS-4,0004,2026-07-04,cup,-1.00\n"
)
DAMAGES = {
    "a line of an order": ("20.50", "xxx"),
    "the day of a refund": ("2026-07-09", "2026-07-39"),
    "an order that has a refund": (",5.25", ",???"),
    "an id that a spreadsheet would run": ("7.00", "seven"),
    "the day of a lone refund": ("2026-07-04", "soon"),
}
FACTS = ("order_id", "customer_id", "day", "amount", "kind")


def _ingest(workspace, path, text, **options):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    receipt = workspace.ingest(path, "sales", **options)
    assert receipt.committed, receipt.reading.messages
    return receipt


@pytest.mark.parametrize("what", DAMAGES)
def test_mended_rows_complete_the_file(workspace, tmp_path, what):
    with Workspace.open(tmp_path / "whole") as whole:
        _ingest(whole, tmp_path / "whole.csv", ROWS)
        truth = sorted(table(whole, "orders", *FACTS), key=repr)
    sound, damaged = DAMAGES[what]
    assert ROWS.count(sound) == 1
    first = _ingest(workspace, tmp_path / "damaged.csv", ROWS.replace(sound, damaged), set_aside=True)
    rows = first.reading.rows
    assert rows.accepted + rows.repaired + rows.set_aside == rows.read == 6
    downloaded = safe_csv(workspace.set_aside_rows(first.upload_id))
    _ingest(workspace, tmp_path / "mended.csv", downloaded.replace(damaged.encode(), sound.encode()))
    assert sorted(table(workspace, "orders", *FACTS), key=repr) == truth


def test_copies_that_were_left_out_do_not_come_back_with_the_mended_rows(workspace, tmp_path):
    copied = ROWS + "S-1,0001,2026-07-01,tea,30.00\n"
    damaged = copied.replace("7.00", "seven")
    first = _ingest(
        workspace, tmp_path / "copied.csv", damaged, set_aside=True, answers={"W_DUPLICATE_ROWS": "drop"}
    )
    before = {
        order: amount for order, amount in table(workspace, "orders", "order_id", "amount") if amount > 0
    }
    downloaded = safe_csv(workspace.set_aside_rows(first.upload_id))
    _ingest(workspace, tmp_path / "mended.csv", downloaded.replace(b"seven", b"7.00"))
    after = {
        order: amount for order, amount in table(workspace, "orders", "order_id", "amount") if amount > 0
    }
    assert after == before | {"S-3": 7}
