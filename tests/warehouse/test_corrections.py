"""A later file corrects an earlier one by its keys, a replaced period loses what the new file lacks, undo brings back."""

from decimal import Decimal

import pytest
from staged_files import load, referral, reorder, sale, spend, table

from analytics.warehouse.errors import WorkspaceError


def orders(workspace) -> dict[str, Decimal]:
    return dict(table(workspace, "orders", "order_id", "amount"))


def test_the_newest_upload_that_has_an_order_number_holds(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10), sale("o2", "ann", "2026-01-06", 20)])
    load(workspace, "sales", [sale("o2", "bob", "2026-01-07", 25), sale("o3", "bob", "2026-01-08", 30)])
    assert table(workspace, "orders", "order_id", "customer_id", "amount") == [
        ("o1", "ann", Decimal(10)),
        ("o2", "bob", Decimal(25)),
        ("o3", "bob", Decimal(30)),
    ]


def test_all_lines_of_an_order_are_corrected_together(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10), sale("o1", "ann", "2026-01-05", 20)])
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 12)])
    assert orders(workspace) == {"o1": 12}


def test_sales_do_not_correct_reorders_of_another_customer(workspace):
    load(workspace, "sales", [sale("1", "ann", "2026-01-05", 10)])
    load(workspace, "reorders", [reorder("1", "bob", "2026-01-05", 20)])
    assert sorted(a for _, a in table(workspace, "orders", "order_id", "amount")) == [10, 20]


def test_a_replaced_period_loses_what_the_new_file_lacks_and_nothing_else(workspace):
    load(
        workspace,
        "sales",
        [
            sale("o1", "ann", "2026-06-30", 10),
            sale("o2", "ann", "2026-07-01", 20),
            sale("o3", "ann", "2026-09-30", 30),
            sale("o4", "ann", "2026-10-01", 40),
        ],
    )
    load(workspace, "reorders", [reorder("r1", "bob", "2026-08-01", 5)])
    before = workspace.fingerprint()
    receipt = load(workspace, "sales", [sale("o2", "ann", "2026-07-01", 22)], period="2026Q3", replace=True)
    assert orders(workspace) == {"o1": 10, "o2": 22, "o4": 40, "r1": 5}
    workspace.undo(receipt.upload_id)
    assert workspace.fingerprint() == before


def test_an_order_moved_into_a_period_that_is_then_replaced_is_gone(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-06-30", 10)])
    load(workspace, "sales", [sale("o1", "ann", "2026-07-01", 10)])
    load(workspace, "sales", [sale("o2", "ann", "2026-07-02", 20)], period="2026Q3", replace=True)
    assert orders(workspace) == {"o2": 20}


def test_what_comes_after_a_replaced_period_may_add_to_it(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-07-01", 10)])
    load(workspace, "sales", [sale("o2", "ann", "2026-07-02", 20)], period="2026Q3", replace=True)
    load(workspace, "sales", [sale("o1", "ann", "2026-07-01", 11)])
    assert orders(workspace) == {"o1": 11, "o2": 20}


def test_undo_brings_back_exactly_what_stood_before(workspace):
    load(
        workspace,
        "sales",
        [sale("o1", "ann", "2026-01-05", 10, "search"), sale("o2", "bob", "2026-01-06", 20)],
    )
    load(workspace, "referrals", [referral("f1", "ann", "2026-01-06", "bob")])
    before, snapshot = workspace.fingerprint(), workspace.snapshot
    second = load(
        workspace, "sales", [sale("o2", "bob", "2025-12-01", 21), sale("o3", "cat", "2026-01-07", 30)]
    )
    changed = workspace.fingerprint()
    differ = {name for name in changed if changed[name] != before[name]}
    assert differ >= {"orders", "customers", "referral_edges", "revenue_cube"}
    assert not differ & {"spend_months", "touchpoints", "prospects"}
    workspace.undo(second.upload_id)
    assert workspace.fingerprint() == before
    assert workspace.snapshot == snapshot


def test_undoing_an_upload_in_the_middle_leaves_the_later_corrections(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
    middle = load(
        workspace, "sales", [sale("o1", "ann", "2026-01-05", 11), sale("o2", "ann", "2026-01-06", 21)]
    )
    load(workspace, "sales", [sale("o2", "ann", "2026-01-06", 22)])
    workspace.undo(middle.upload_id)
    assert orders(workspace) == {"o1": 10, "o2": 22}


def test_an_upload_is_undone_once(workspace):
    receipt = load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)])
    workspace.undo(receipt.upload_id)
    with pytest.raises(WorkspaceError, match="was undone before"):
        workspace.undo(receipt.upload_id)
    with pytest.raises(WorkspaceError, match="There is no upload 'u9999'"):
        workspace.undo("u9999")


def test_the_same_bytes_twice_change_nothing(workspace):
    rows = [sale("o1", "ann", "2026-01-05", 10)]
    first = load(workspace, "sales", rows)
    before, snapshot = workspace.fingerprint(), workspace.snapshot
    again = load(workspace, "sales", rows)
    assert (again.committed, again.upload_id, again.same_as) == (False, None, first.upload_id)
    assert (workspace.fingerprint(), workspace.snapshot, len(workspace.entries)) == (before, snapshot, 1)


def test_what_was_undone_can_be_uploaded_again(workspace):
    rows = [sale("o1", "ann", "2026-01-05", 10)]
    first = load(workspace, "sales", rows)
    stood = workspace.fingerprint()
    workspace.undo(first.upload_id)
    again = load(workspace, "sales", rows)
    assert again.committed
    assert again.upload_id != first.upload_id
    assert workspace.fingerprint() == stood


def test_the_same_bytes_with_another_answer_take_the_place_of_the_first_reading(workspace):
    first = load(
        workspace, "sales", [sale("o1", "ann", "2026-03-04", 10)], answers={"D": "day"}, sha256="ab" * 32
    )
    second = load(
        workspace, "sales", [sale("x1", "ann", "2026-04-03", 10)], answers={"D": "month"}, sha256="ab" * 32
    )
    assert second.committed
    assert orders(workspace) == {"x1": 10}
    again = load(
        workspace, "sales", [sale("x1", "ann", "2026-04-03", 10)], answers={"D": "month"}, sha256="ab" * 32
    )
    assert again.same_as == second.upload_id
    workspace.undo(second.upload_id)
    assert orders(workspace) == {"o1": 10}
    assert [e.upload_id for e in workspace.entries if e.stands] == [first.upload_id]


def test_a_dry_run_leaves_no_trace(workspace):
    before = workspace.fingerprint(), workspace.snapshot
    receipt = load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)], dry_run=True)
    assert (receipt.committed, receipt.upload_id) == (False, None)
    assert (workspace.fingerprint(), workspace.snapshot) == before
    assert list((workspace.directory / "uploads").iterdir()) == []


def test_a_file_in_another_currency_is_refused_with_its_rows_counted(workspace):
    first = load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10)], currency="EUR")
    rows = [sale("o2", "ann", "2026-01-05", 10), sale("o3", "ann", "2026-01-05", 10)]
    refused = load(workspace, "sales", rows, currency="USD")
    assert (refused.reading.verdict, refused.committed) == ("reject", False)
    assert refused.reading.messages[-1].text.startswith("All 2 rows are in USD, and this workspace is in EUR")
    workspace.undo(first.upload_id)
    assert load(workspace, "sales", rows, currency="USD").committed


def test_spend_is_corrected_by_month_and_channel(workspace):
    load(workspace, "spend", [spend("2026-07-01", "search", 100), spend("2026-08-01", "search", 200)])
    load(workspace, "spend", [spend("2026-08-01", "search", 250), spend("2026-08-01", "email", 50)])
    assert table(workspace, "spend_months", "month::varchar", "channel", "amount") == [
        ("2026-07-01", "search", 100),
        ("2026-08-01", "email", 50),
        ("2026-08-01", "search", 250),
    ]


def test_a_replaced_quarter_of_spend_loses_its_months(workspace):
    load(workspace, "spend", [spend("2026-06-01", "search", 1), spend("2026-07-01", "search", 2)])
    load(workspace, "spend", [spend("2026-09-01", "search", 3)], period="2026Q3", replace=True)
    assert table(workspace, "spend_months", "month::varchar", "amount") == [
        ("2026-06-01", 1),
        ("2026-09-01", 3),
    ]


def test_the_motion_of_spend_is_learnt_from_where_the_name_occurs(workspace):
    load(
        workspace,
        "sales",
        [sale("o1", "ann", "2026-01-05", 10, "Search"), sale("o2", "bob", "2026-01-05", 10, "both")],
    )
    load(
        workspace,
        "reorders",
        [
            reorder("r1", "ann", "2026-02-05", 10, trigger="points"),
            reorder("r2", "ann", "2026-02-06", 10, trigger="both"),
        ],
    )
    load(
        workspace,
        "spend",
        [
            spend("2026-01-01", "search ", 1),
            spend("2026-01-01", "Points", 2),
            spend("2026-01-01", "both", 3),
            spend("2026-01-01", "radio", 4),
            spend("2026-01-01", "search", 5, motion="retention"),
        ],
    )

    def motions():
        return dict(table(workspace, "spend_months", "amount::int", "motion"))

    assert motions() == {1: "acquisition", 2: "retention", 3: None, 4: None, 5: "retention"}
    workspace.change_settings(motions={"radio": "acquisition", "search": "acquisition"})
    assert motions() == {1: "acquisition", 2: "retention", 3: None, 4: "acquisition", 5: "retention"}


def test_a_contact_repeated_in_a_later_file_is_counted_once(workspace):
    def touch(day, stage=None):
        return {"customer_id": "ann", "touched_at": day, "channel": "email", "stage": stage}

    load(
        workspace,
        "touchpoints",
        [touch("2026-01-01"), touch("2026-01-02", "interest"), touch("2026-01-02", "interest")],
    )
    load(workspace, "touchpoints", [touch("2026-01-01"), touch("2026-01-02"), touch("2026-01-03")])
    assert table(workspace, "touchpoints", "touched_at::varchar", "stage") == [
        ("2026-01-01", None),
        ("2026-01-02", "interest"),
        ("2026-01-02", "interest"),
        ("2026-01-02", None),
        ("2026-01-03", None),
    ]


def test_a_refund_in_a_later_file_takes_nothing_from_the_sale(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 100), sale("o2", "bob", "2026-01-06", 50)])
    load(workspace, "sales", [sale("o1", "ann", "2026-04-02", -30)])
    load(workspace, "sales", [sale("o1", "ann", "2026-07-03", -20)])
    assert sorted(a for _, a in table(workspace, "orders", "order_id", "amount")) == [-30, -20, 50, 100]


def test_a_newer_file_with_the_refund_or_the_sale_corrects_its_own_part(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 100)])
    load(workspace, "sales", [sale("o1", "ann", "2026-04-02", -30)])
    load(workspace, "sales", [sale("o1", "ann", "2026-04-02", -35)])
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 110)])
    assert sorted(a for _, a in table(workspace, "orders", "order_id", "amount")) == [-35, 110]


def test_a_newer_export_of_the_whole_order_is_not_added_to_an_earlier_refund(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 100)])
    load(workspace, "sales", [sale("o1", "ann", "2026-04-02", -30)])
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 100), sale("o1", "ann", "2026-04-02", -30)])
    assert sorted(a for _, a in table(workspace, "orders", "order_id", "amount")) == [-30, 100]


def test_an_order_exported_again_without_its_refund_has_none(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 100), sale("o1", "ann", "2026-02-05", -100)])
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 90)])
    assert orders(workspace) == {"o1": 90}


def test_a_credit_note_corrects_the_refund_of_its_day(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 100), sale("o1", "ann", "2026-04-02", -30)])
    load(workspace, "sales", [sale("o1", "ann", "2026-04-02", -35)])
    assert sorted(a for _, a in table(workspace, "orders", "order_id", "amount")) == [-35, 100]
