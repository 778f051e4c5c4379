"""An export holds what counts, in CSV that no spreadsheet runs and in Parquet as it was."""

import csv
import json
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from staged_files import load, sale, spend

from analytics.warehouse.errors import WorkspaceError

FORMULAS = ["=1+1", "+1+1", "-1-1", "@SUM(A1)", "\tx", "\rx"]
PLAIN = ["a=b", "-1", "+1"]


def read_csv(file) -> list[dict]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_only_what_counts_is_exported_with_upload_and_line(workspace, tmp_path):
    first = load(
        workspace, "sales", [sale("o1", "ann", "2026-01-05", 10), sale("o2", "ann", "2026-01-06", 20)]
    )
    second = load(workspace, "sales", [sale("o2", "ann", "2026-01-06", "22.5")])
    counts = workspace.export(tmp_path / "out")
    assert counts["sales"] == counts["orders"] == 2
    assert [
        (r["upload_id"], r["line"], r["order_id"], r["amount"])
        for r in read_csv(tmp_path / "out" / "sales.csv")
    ] == [
        (first.upload_id, "2", "o1", "10.0000"),
        (second.upload_id, "2", "o2", "22.5000"),
    ]
    assert pq.read_table(tmp_path / "out" / "orders.parquet")["amount"].to_pylist() == [
        Decimal(10),
        Decimal("22.5"),
    ]
    note = json.loads((tmp_path / "out" / "export.json").read_text())
    assert (note["snapshot"], note["rows"]["orders"], note["is_sample"]) == (workspace.snapshot, 2, False)


def test_text_that_a_spreadsheet_would_run_is_disarmed_in_csv_and_kept_in_parquet(workspace, tmp_path):
    rows = [sale(f"o{n}", "ann", "2026-01-05", -5, text) for n, text in enumerate([*FORMULAS, *PLAIN])]
    load(workspace, "sales", rows)
    workspace.export(tmp_path / "out")
    written = read_csv(tmp_path / "out" / "orders.csv")
    assert [r["channel"] for r in written] == [*("'" + text for text in FORMULAS), *PLAIN]
    assert {r["amount"] for r in written} == {"-5.0000"}
    kept = pq.read_table(tmp_path / "out" / "orders.parquet")["channel"].to_pylist()
    assert kept == [*FORMULAS, *PLAIN]


def test_an_export_may_be_written_over_an_earlier_one_but_over_nothing_else(workspace, tmp_path):
    out = tmp_path / "out"
    workspace.export(out)
    load(workspace, "spend", [spend("2026-01-01", "search", 3)])
    assert workspace.export(out)["spend_months"] == 1
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("keep me")
    with pytest.raises(WorkspaceError, match="holds other files"):
        workspace.export(other)
    with pytest.raises(WorkspaceError, match="is a file"):
        workspace.export(other / "mine.txt")
    assert [f.name for f in other.iterdir()] == ["mine.txt"]


def test_no_name_from_the_data_becomes_a_path(workspace, tmp_path):
    load(workspace, "sales", [sale("../../o1", "/etc/ann", "2026-01-05", 10, "../up")])
    counts = workspace.export(tmp_path / "out")
    expected = {f"{name}.{ending}" for name in counts for ending in ("csv", "parquet")} | {"export.json"}
    assert {f.name for f in (tmp_path / "out").iterdir()} == expected
