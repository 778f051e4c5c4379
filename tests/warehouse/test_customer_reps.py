"""Which sales person a customer belongs to."""

from tests.warehouse.staged_files import load, reorder, sale, table


def reps(workspace) -> dict[str, str]:
    return dict(table(workspace, "customer_reps", "customer_id", "rep_id"))


def test_the_first_order_that_names_one_decides(workspace):
    load(
        workspace,
        "sales",
        [
            sale("s1", "a", "2026-01-05", 10, rep_id="Ann"),
            sale("s2", "b", "2026-01-05", 10),
            sale("s3", "c", "2026-01-05", 10),
        ],
    )
    load(
        workspace,
        "reorders",
        [
            reorder("r1", "a", "2026-02-01", 10, rep_id="Ben"),
            reorder("r2", "b", "2026-03-01", 10, rep_id="Ben"),
            reorder("r3", "b", "2026-02-01", 10, rep_id="Cat"),
        ],
    )
    assert reps(workspace) == {"a": "Ann", "b": "Cat"}


def test_on_one_day_sales_decide_then_the_name(workspace):
    load(
        workspace,
        "sales",
        [
            sale("s1", "a", "2026-01-05", 10, rep_id="Zoe"),
            sale("s2", "b", "2026-01-05", 10, rep_id="Zoe"),
            sale("s3", "b", "2026-01-05", 10, rep_id="Ann"),
        ],
    )
    load(workspace, "reorders", [reorder("r1", "a", "2026-01-05", 10, rep_id="Ann")])
    assert reps(workspace) == {"a": "Zoe", "b": "Ann"}


def test_a_refund_names_nobody(workspace):
    load(workspace, "sales", [sale("s1", "a", "2026-01-05", -10, rep_id="Ann")])
    assert reps(workspace) == {}


def test_a_won_prospect_stands_in_where_no_order_names_anybody(workspace):
    load(
        workspace,
        "sales",
        [sale("s1", "a", "2026-01-05", 10, rep_id="Ann"), sale("s2", "b", "2026-01-05", 10)],
    )
    won = {"rep_id": "Ben", "channel": "linkedin", "invited_at": "2025-12-01"}
    later = {"rep_id": "Ann", "channel": "linkedin", "invited_at": "2025-12-02"}
    load(
        workspace,
        "prospects",
        [
            {"prospect_id": "p1", "customer_id": "a", **won},
            {"prospect_id": "p2", "customer_id": "b", **won},
            {"prospect_id": "p3", "customer_id": "b", **later},
            {"prospect_id": "p4", "customer_id": None, **won},
        ],
    )
    assert reps(workspace) == {"a": "Ann", "b": "Ben"}


def test_undoing_an_upload_takes_its_names_back(workspace):
    load(workspace, "sales", [sale("s1", "a", "2026-01-05", 10, rep_id="Ann")])
    receipt = load(workspace, "sales", [sale("s1", "a", "2026-01-05", 10, rep_id="Ben")])
    assert reps(workspace) == {"a": "Ben"}
    workspace.undo(receipt.upload_id)
    assert reps(workspace) == {"a": "Ann"}
