"""Several files are stored as they were shown: all in one transaction and one rebuild, or none of them."""

import pytest

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.change import preview
from analytics.warehouse.books import Books
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.filters import Filters
from analytics.warehouse.loading import Request
from tests.warehouse.staged_files import table

SALES = "order_id,customer_id,order_date,amount,channel\nS-1,001,2026-01-05,10.00,search\nS-2,002,2026-01-06,20,Mail\n"
REORDERS = "order_id,customer_id,order_date,amount,trigger\nR-1,001,2026-02-05,5.00,loyalty points\nR-2,002,2026-02-06,7,mail\n"
SPEND = "month,channel,amount\n2026-01,search,4\n2026-02,loyalty points,3\n"
BOTH = "month,channel,amount\n2026-01,search,4\n2026-02,mail,3\n"
TEXTS = {"sales": SALES, "reorders": REORDERS, "spend": SPEND}


@pytest.fixture
def rebuilds(monkeypatch) -> list[int]:
    """One entry for each time that the tables are built."""
    count, rebuild = [], Books.rebuild
    monkeypatch.setattr(Books, "rebuild", lambda *given: (count.append(1), rebuild(*given))[1])
    return count


@pytest.fixture
def read(workspace, tmp_path):
    """read(kind, before=(), **request): one of the three files, prepared."""

    def read(kind, before=(), *, text=None, **more):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text or TEXTS[kind])
        return workspace.prepare(Request(file, kind, **more), before)

    return read


def brought(*prepared):
    return [one.brings for one in prepared if one.brings]


def read_all(read):
    sales, reorders = read("sales"), read("reorders")
    return [sales, reorders, read("spend", brought(sales, reorders))]


def test_three_files_are_one_transaction_and_one_rebuild(workspace, read, rebuilds):
    receipts = workspace.load(read_all(read), by="ann")
    assert [(r.committed, r.upload_id[:5]) for r in receipts] == [
        (True, "u0001"),
        (True, "u0002"),
        (True, "u0003"),
    ]
    assert rebuilds == [1]
    assert {e.loaded_by for e in workspace.entries} == {"ann"}
    assert table(workspace, "spend_months", "channel", "motion") == [
        ("loyalty points", "retention"), ("search", "acquisition"),
    ]  # fmt: skip
    assert workspace.doctor(deep=True) == ()


def test_they_give_the_same_tables_as_one_after_the_other(workspace, read, tmp_path):
    workspace.load(read_all(read))
    with type(workspace).open(tmp_path / "other") as other:
        for kind in TEXTS:
            assert other.ingest(tmp_path / f"{kind}.csv", kind).committed
        assert other.fingerprint() == workspace.fingerprint()
        names = [(e.kind, e.sha256, e.verdict, e.rows_read, e.amount) for e in other.entries]
        assert names == [(e.kind, e.sha256, e.verdict, e.rows_read, e.amount) for e in workspace.entries]


def test_a_file_that_may_not_be_stored_keeps_the_others_out(workspace, read):
    wrong = read("reorders", text=REORDERS.replace("5.00", "five"))
    receipts = workspace.load([read("sales"), wrong])
    assert [r.committed for r in receipts] == [False, False]
    assert workspace.entries == ()
    assert list((workspace.directory / "uploads").iterdir()) == []


def test_one_that_is_loaded_already_does_not_keep_the_others_out(workspace, read):
    workspace.load([read("sales")])
    receipts = workspace.load([read("sales"), read("reorders")])
    assert [(r.committed, r.same_as) for r in receipts] == [
        (False, workspace.entries[0].upload_id),
        (True, None),
    ]


def test_two_first_files_in_two_currencies_are_not_loaded_together(workspace, read):
    sales = read("sales", text="order_id,customer_id,order_date,amount,currency\nS-1,1,2026-01-05,10,EUR\n")
    reorders = read(
        "reorders", text="order_id,customer_id,order_date,amount,currency\nR-1,1,2026-02-05,10,USD\n"
    )
    receipts = workspace.load([sales, reorders])
    assert [r.committed for r in receipts] == [False, False]
    assert [m.code for m in receipts[1].reading.messages] == ["E_CURRENCY"]
    assert workspace.entries == ()


def test_spend_is_not_asked_what_the_files_before_it_answer(read):
    alone = read("spend")
    assert (alone.receipt.reading.verdict, alone.is_ready) == ("ask", False)
    names = brought(read("sales"), read("reorders"))
    assert alone.must_be_read_again(names)
    found = read("spend", names)
    assert found.is_ready
    assert not found.must_be_read_again(names)
    assert found.must_be_read_again(())
    assert [m.text for m in found.receipt.reading.messages if m.code == "N_MOTION_LEARNT"] == [
        "Spend counts as retention, by the programmes of reorders.csv: 'loyalty points'.",
        "Spend counts as acquisition, by the channels of sales.csv: 'search'.",
    ]


def test_a_name_in_both_files_stays_a_question(read):
    found = read("spend", brought(read("sales"), read("reorders")), text=BOTH)
    asked = [m.text for m in found.receipt.reading.messages if m.code == "E_MOTION_UNKNOWN"]
    assert asked == ["Is the money for 'mail' meant for new or for existing customers?"]


def test_names_are_said_only_where_the_workspace_does_not_know_them(workspace, read):
    workspace.load([read("sales"), read("reorders")])
    again = read("sales", text=SALES.replace("S-", "T-"))
    found = read("spend", brought(again))
    assert [m for m in found.receipt.reading.messages if m.code == "N_MOTION_LEARNT"] == []


def test_spend_is_not_stored_without_the_files_that_explain_it(workspace, read):
    sales, reorders, spend = read_all(read)
    with pytest.raises(WorkspaceError, match=r"has changed since spend\.csv was read"):
        workspace.load([sales, spend])
    assert workspace.entries == ()
    assert workspace.load([sales, reorders, spend])[2].committed


def test_orders_that_are_corrected_explain_no_spend(workspace, read):
    """The last file takes the programme's only order back: the tables would give the money no motion."""
    sales, reorders = read("sales"), read("reorders")
    other = read("reorders", text=REORDERS.replace("loyalty points", "gifts"))
    spend = read("spend", brought(sales, reorders, other))
    with pytest.raises(WorkspaceError, match="no order that counts says what the spend on 'loyalty points'"):
        workspace.load([sales, reorders, other, spend])
    assert workspace.entries == ()
    assert list((workspace.directory / "uploads").iterdir()) == []


def test_what_changed_meanwhile_is_looked_at_again(workspace, read, tmp_path):
    prepared = read(
        "reorders",
        text=REORDERS.replace("trigger", "trigger,currency")
        .replace("\n", ",EUR\n")
        .replace("currency,EUR", "currency"),
    )
    workspace.change_settings(currency="USD")
    with pytest.raises(WorkspaceError, match=r"has changed since reorders\.csv was read"):
        workspace.load([prepared])
    assert workspace.entries == ()


def test_rows_that_were_tampered_with_are_not_stored(workspace, read):
    prepared = read("sales")
    prepared._reading.staged.write_bytes(b"PAR1")
    with pytest.raises(WorkspaceError, match="has changed since"):
        workspace.load([prepared])


def test_a_spelling_that_an_earlier_file_has_otherwise_is_asked_about(read):
    first = read("sales")
    second = read("sales", text=SALES.replace("S-", "T-").replace("search", "Search"))
    assert second.must_be_read_again(brought(first))
    again = read("sales", brought(first), text=SALES.replace("S-", "T-").replace("search", "Search"))
    assert again.receipt.reading.verdict == "ask"
    third = read("sales", text=SALES.replace("S-", "V-"))
    assert not third.must_be_read_again(brought(first))


def test_a_preview_builds_once_and_takes_nothing_away(workspace, read, rebuilds):
    prepared = read_all(read)
    found = preview(
        workspace, lambda copy: copy.load(prepared), Filters(), Assumptions.of(workspace.settings)
    )
    assert found.figures.iloc[0].tolist()[1:] == ["0.00", "42.00"]
    assert (workspace.entries, rebuilds) == ((), [1])
    assert all(receipt.committed for receipt in workspace.load(prepared))
    assert workspace.doctor(deep=True) == ()


def test_rows_of_prepared_files_go_with_them(workspace, read):
    prepared = read("sales")
    place = prepared._reading.staged.parent
    assert place.is_dir()
    del prepared
    assert not place.exists()


def test_progress_counts_the_tables(workspace, read):
    steps = []
    workspace.load(read_all(read), progress=steps.append)
    computing = [step for step in steps if step.phase == "computing"]
    assert [s.done for s in computing] == sorted(s.done for s in computing)
    assert computing[0].done == 0
    assert computing[-1].done == computing[-1].of > 20
    assert [s.share for s in computing] == sorted(s.share for s in computing)
    assert all(s.share <= s.next_share <= 1.001 for s in computing)
    assert computing[0].share < 0.2
    assert 0.9 < computing[-1].share <= 1
    assert list(dict.fromkeys(s.phase for s in steps)) == ["storing", "computing", "committing"]


def test_progress_counts_only_what_a_change_alters(workspace, read):
    sales, reorders, _spend = read_all(read)
    workspace.load([sales, reorders])
    steps = []
    workspace.load([read("spend")], progress=steps.append)
    computing = [step for step in steps if step.phase == "computing"]
    assert 1 <= computing[-1].of < 15
    assert computing[-1].done == computing[-1].of
