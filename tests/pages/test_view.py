"""The view: kept while moving between pages, carried by the address, never trusted."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.decisions import wording
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import case
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace
from pages.shared import layout, session
from pages.shared.plain import plain, spoken
from tests.pages.conftest import answer

DAYS = {"from": "2026-04-01", "to": "2026-06-30"}


def select(app, label: str):
    return next(box for box in app.sidebar.selectbox if box.label == label)


def test_a_link_reproduces_the_view(visit, home):
    app = visit("full", **DAYS, segment=["home", "office"], margin="0.3", baseline="0.5", horizon="6")
    with Workspace.open(home / "everything") as workspace:
        filters = Filters(date(2026, 4, 1), date(2026, 6, 30), segments=("home", "office"))
        assumed = Assumptions.of(workspace.settings, margin_rate=0.3, baseline_share=0.5, horizon_months=6)
        assert answer(app) == case(workspace, filters, assumed).sentence
    assert select(app, "Days").value == "2026 Q2"


def test_a_choice_is_kept_on_other_pages_and_in_the_address(visit):
    app = visit("full")
    select(app, "Days").set_value("2026 Q3")
    app.run()
    next(s for s in app.sidebar.slider).set_value(40)
    app.run()
    app.switch_page("pages/sources.py").run()
    app.switch_page("pages/case.py").run()
    assert app.query_params["from"] == "2026-07-01"
    assert app.query_params["baseline"] == "0.4"
    assert select(app, "Days").value == "2026 Q3"
    assert answer(app).startswith("If 40 %")


def test_own_days_can_be_chosen(visit):
    app = visit("full")
    select(app, "Days").set_value("other")
    app.run()
    app.sidebar.date_input[0].set_value((date(2026, 1, 10), date(2026, 2, 20)))
    app.run()
    assert (app.query_params["from"], app.query_params["to"]) == ("2026-01-10", "2026-02-20")
    assert not app.exception


@pytest.mark.parametrize(
    "address",
    [
        {"from": "yesterday"}, {"from": "2026-06-30", "to": "2026-04-01"}, {"margin": "nan"}, {"margin": "7"},
        {"horizon": "-3"}, {"horizon": "1e9"}, {"baseline": "<script>"}, {"segment": ["nobody", "<b>"]},
        {"workspace": "../../etc"}, {"workspace": "not there"}, {"unknown": "part"}, {"from": "2099-01-01"},
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_harms_nothing(visit, home, address):
    before = set(home.iterdir())
    app = visit("full", **address)
    assert not app.exception
    assert answer(app)
    assert set(home.iterdir()) - before <= {home / "sample"}


views = st.builds(
    session.View,
    st.just("sample"),
    st.builds(
        Filters, st.none() | st.just(date(2026, 1, 1)), st.none() | st.just(date(2026, 3, 31)),
        segments=st.lists(st.text(min_size=1, max_size=6), max_size=2).map(tuple),
    ),
    margin_rate=st.none() | st.integers(0, 100).map(lambda n: n / 100),
    baseline_share=st.none() | st.integers(0, 100).map(lambda n: n / 100),
    horizon_months=st.none() | st.integers(1, 120),
)  # fmt: skip


@given(views)
def test_an_address_says_all_of_a_view(view):
    every = session.to_address(view)
    assert session.from_address({key: values[-1] for key, values in every.items()}, every) == view


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "a\\b", "_x", " x", "x ", "a" * 41, "a\n", "\x00"])
def test_a_workspace_is_never_called_like_a_path(name):
    assert not session.is_name(name)


@pytest.mark.parametrize("name", ["acme", "my-company", "우리 회사", "2026", "a_b"])
def test_a_workspace_may_be_called_in_any_script(name):
    assert session.is_name(name)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", ":red[x]", "$x^2$", "[a](http://b)", "**b**", ":smile:"]
)
def test_plain_text_is_no_markdown(text):
    shown = plain(text)
    for mark in ("<", "[", "$", "*"):
        assert mark not in shown.replace(f"\\{mark}", "")
    assert ":" not in shown.replace(":\u2060", "")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("paid_search a month; today €3,217", "paid search a month; today €3,217"),
        ("**bold** ![x](http://a.b/c.png)", "bold x http a.b c.png"),
        ("e-mail :red[now] −5 %", "e-mail red now −5 %"),
    ],
)
def test_what_is_read_aloud_holds_no_markdown(text, heard):
    assert spoken(text) == heard


def test_numbers_below_nothing_have_one_sign_in_tables_too():
    table = pd.DataFrame({"channel": ["ads", "mail"], "ROI": [-0.5, 1.25], "spend": [10.0, 20.0]})
    drawn = layout.signed(table, wording.ratio)
    assert drawn.data is table
    shown = drawn.to_string()
    assert "−0.50" in shown
    assert "-0.5" not in shown
    assert layout.signed(table[["channel", "spend"]]).equals(table[["channel", "spend"]])
