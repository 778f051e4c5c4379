"""The data page: from dropped files to a receipt, with corrections and questions on the way, and back again."""

import threading

import pytest

from analytics.decisions.case import case
from analytics.warehouse.store import Workspace
from tests.korean_company import FILES, UNKNOWN_HEADER
from tests.pages.conftest import answer

pytestmark = pytest.mark.slow

SALES, REORDERS, SPEND = FILES
AMBIGUOUS = b"order_id,customer_id,order_date,amount\nS-1,001,03/04/2026,10\nS-2,002,05/06/2026,20\n"
DAMAGED = b"order_id,customer_id,order_date,amount\nS-1,001,2026-07-01,10\nS-2,002,2026-07-02,one\n"
HOSTILE = (
    b"order_id,customer_id,order_date,amount,channel\n"
    b"S-1,<script>alert(1)</script>,2026-07-01,10,:red[x] $x$ **b**\n"
)


@pytest.fixture
def app(repository, monkeypatch, tmp_path):
    """The data page of a workspace of its own, with nothing in it."""
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("FLIPPED_FUNNEL_HOME", str(tmp_path))
    with Workspace.open(tmp_path / "shop"):
        pass
    app = AppTest.from_file(str(repository / "app.py"), default_timeout=60)
    app.query_params["workspace"] = "shop"
    return app.run().switch_page("pages/data.py").run()


def drop(app, *files: tuple[str, bytes]):
    app.file_uploader[0].set_value([(name, data, "text/csv") for name, data in files])
    app.run()
    return settled(app)


def settled(app):
    """Draws the page until no file is being read any more."""
    for _ in range(60):
        if not any(b.label == "Cancel" for b in app.button):
            break
        app.run()
    assert not app.exception, app.exception
    return app


def press(app, label: str):
    next(b for b in app.button if b.label.startswith(label)).click()
    app.run()
    return settled(app)


def box(app, label: str):
    return next(b for b in app.selectbox if b.label == label)


def said(app) -> str:
    import html

    return html.unescape(" ".join(block.value for block in app.html)).replace("\N{NO-BREAK SPACE}", " ")


def test_three_korean_files_with_one_correction_then_undo(app, tmp_path):
    empty = answer(app)
    drop(app, *[(name, made()) for name, made in FILES.items()])
    second = [b for b in app.selectbox if b.label == "Kind of export"][1]
    second.set_value("reorders")
    settled(app.run())
    [b for b in app.selectbox if b.label == "Header of customer_id"][1].set_value(UNKNOWN_HEADER)
    settled(app.run())
    assert "Spend counts as retention, by the programmes of 재구매_2026.csv: '적립금'." in said(app)
    press(app, "Load 3 files: sales, reorders and spend")
    assert "18 rows read = 18 accepted + 0 repaired + 0 set aside" in said(app)
    with Workspace.open(tmp_path / "shop") as workspace:
        full = case(workspace).sentence
        assert answer(app.switch_page("pages/case.py").run()) == full
        app.switch_page("pages/data.py").run()
        for _ in FILES:
            press(app, "Undo this upload")
            press(app, "Undo it")
            standing = [entry.upload_id for entry in workspace.entries if entry.stands]
            if standing:
                box(app, "Upload").set_value(standing[-1])
                app.run()
        assert not standing
    assert answer(app) == empty


def test_a_question_is_asked_with_its_consequence_and_can_be_answered(app):
    drop(app, ("orders.csv", AMBIGUOUS))
    assert "Ask: only you can know" in said(app)
    assert not any(b.label.startswith("Load") for b in app.button)
    question = app.radio[0]
    assert "day first or month first" in question.label.replace("\\", "")
    question.set_value("month_first")
    settled(app.run())
    assert "Repair: it can be loaded" in said(app)
    assert app.radio[0].value == "month_first"
    press(app, "Load sales")
    assert "2 rows read" in said(app)


def test_bad_cells_can_be_set_aside_and_downloaded(app, tmp_path):
    drop(app, ("orders.csv", DAMAGED))
    assert "Reject: it cannot be loaded" in said(app)
    assert "'one' is no number" in said(app)
    next(c for c in app.checkbox if c.label.startswith("Load the good rows")).check()
    settled(app.run())
    press(app, "Load sales")
    assert "2 rows read = 1 accepted + 0 repaired + 1 set aside" in said(app)
    assert "Download the rows set aside" in [b.label for b in app.download_button]


def test_the_same_file_twice_says_so(app):
    drop(app, ("orders.csv", b"order_id,customer_id,order_date,amount\nS-1,001,2026-07-01,10\n"))
    press(app, "Load sales")
    drop(app, ("again.csv", b"order_id,customer_id,order_date,amount\nS-1,001,2026-07-01,10\n"))
    assert "The same file is loaded already" in said(app)
    assert not any(b.label.startswith("Load") for b in app.button)


def test_the_preview_stores_nothing(app, tmp_path):
    drop(app, (SALES, FILES[SALES]()))
    press(app, "Preview the change")
    assert "Then: " in said(app)
    with Workspace.open(tmp_path / "shop") as workspace:
        assert workspace.entries == ()
        assert not list((workspace.directory / "staging").glob("*/warehouse.duckdb"))


def test_text_from_files_stays_text(app):
    drop(app, ("<img src=x onerror=alert(1)>.csv", HOSTILE))
    press(app, "Load sales")
    blocks = [block.value for block in app.html] + [m.value for m in app.markdown]
    ours = "<script>document.documentElement.lang = 'en'</script>"
    assert blocks.count(ours) == 1
    assert [block for block in blocks if ("<script" in block or "<img" in block) and block != ours] == []
    app.switch_page("pages/sources.py").run()
    assert not app.exception


def test_the_receipt_says_what_changed_in_the_headline_figures(app, tmp_path):
    drop(app, (SALES, FILES[SALES]()))
    press(app, "Load sales")
    with Workspace.open(tmp_path / "shop") as workspace:
        assert f"Now: {case(workspace).sentence}" in said(app)
    assert "Before: Not enough data for a verdict. No orders are loaded." in said(app)
    figures = next(frame.value for frame in app.dataframe if "before" in frame.value.columns)
    assert list(figures.columns) == ["figure", "before", "now"]
    press(app, "Done")
    assert "Before:" not in said(app)


def test_a_cancelled_load_stores_nothing_and_can_be_begun_again(app, tmp_path, monkeypatch):
    from analytics.warehouse import marts

    begun, rebuild = threading.Event(), marts.rebuild

    def slow(cursor, *given):
        rebuild(cursor, *given)
        if len(rebuilt := [*cursor.execute("select count(*) from uploads").fetchall()]) and rebuilt[0][0]:
            begun.set()
            cursor.execute("select count(*) from range(100000000) a, range(1000) b where hash(a, b) = 0")

    drop(app, (SALES, FILES[SALES]()))
    monkeypatch.setattr(marts, "rebuild", slow)
    next(b for b in app.button if b.label.startswith("Load")).click()
    app.run()
    assert begun.wait(30)
    app.switch_page("pages/case.py").run()  # the page can be left meanwhile
    app.switch_page("pages/data.py").run()
    assert "These files are being loaded, together or not at all:" in said(app)
    press(app, "Cancel")
    assert [info.value for info in app.info] == ["It was cancelled; nothing was changed\\."]
    monkeypatch.setattr(marts, "rebuild", rebuild)
    with Workspace.open(tmp_path / "shop") as workspace:
        assert workspace.entries == ()
        press(app, "Load sales")
        assert len(workspace.entries) == 1


def test_a_reading_that_was_cancelled_can_be_begun_again(app, monkeypatch):
    from analytics.warehouse import prepared

    read = prepared.loading.read_file

    def endless(books, request, directory, stop, options):
        assert stop.wait(30)
        return read(books, request, directory, stop, options)

    monkeypatch.setattr(prepared.loading, "read_file", endless)
    app.file_uploader[0].set_value([(SALES, FILES[SALES](), "text/csv")])
    app.run()
    assert "Being read and checked" in said(app)
    press(app, "Cancel")
    monkeypatch.undo()
    assert "cancelled" in app.info[0].value


def test_a_removed_file_is_gone(app):
    drop(app, (SALES, FILES[SALES]()))
    press(app, "Remove")
    assert not any(b.label.startswith("Load") for b in app.button)


def test_settings_are_kept_by_the_workspace(app, tmp_path):
    next(t for t in app.text_input if t.label.startswith("Currency")).set_value("krw")
    next(n for n in app.number_input if n.label.startswith("Margin rate in %, for rows")).set_value(40.0)
    next(b for b in app.button if b.label == "Save").click()
    app.run()
    assert not app.exception
    with Workspace.open(tmp_path / "shop") as workspace:
        assert (workspace.settings.currency, workspace.settings.margin_rate) == ("KRW", 0.4)


def test_a_new_workspace_is_made_by_name_only(app):
    next(t for t in app.text_input if t.label.startswith("New workspace")).set_value("../evil")
    next(b for b in app.button if b.label == "Create").click()
    app.run()
    assert app.query_params["workspace"] == "shop"
    assert app.error
    next(t for t in app.text_input if t.label.startswith("New workspace")).set_value("우리 회사")
    next(b for b in app.button if b.label == "Create").click()
    app.run()
    assert app.query_params["workspace"] == "우리 회사"
