"""A deck of one's own: what is kept is what was shown, nothing is lost, and nothing is there twice."""

import math
import threading
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.language import gettext, speaking
from analytics.reporting import charts, own_deck
from analytics.reporting.columns import described, money_columns, personal_columns
from analytics.reporting.frozen import figure_of_plain, figure_to_plain, table_of_plain, table_to_plain
from analytics.reporting.slides import HEADLINE_COLUMNS, Entry, Slide, Story
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.store import Workspace

TABLE = pd.DataFrame(
    {
        "채널": ["검색", "추천", None],
        "revenue": [1.25, math.nan, -3e9],
        "orders": [1, 2, 3],
        "is new": [True, False, True],
        "day": [date(2026, 1, 5), None, date(2026, 3, 1)],
        "at": pd.to_datetime(["2026-01-05 10:30", None, "2026-03-01 00:00"]),
        "by quarter": [[1.0, math.nan], [2.0], [3.0]],
    }
)


def picture(points: int = 3):
    x = pd.date_range("2026-01-01", periods=points)
    y = np.linspace(0, 1, points) / 3
    y[0] = np.nan
    return charts.figure(
        [
            {
                "type": "scatter",
                "x": x,
                "y": y,
                "customdata": ["분기"] * points,
                "hovertemplate": "%{customdata}",
            }
        ],
        "Revenue <b>매출</b>",
        y={"title": "revenue"},
    )


def slide(name: str = "Revenue", **changes) -> Slide:
    usual = Slide(
        key="",
        question="Where does revenue come from?",
        headline="58 % came from reorders.",
        name=name,
        snapshot="aaaa11112222",
        figure=picture(),
        table=TABLE,
        points=("One.", "Two.", "Three."),
        method="Sum of orders.",
        evidence="A: measured",
        page="sources?workspace=company",
        days="1 January 2026 to 31 March 2026",
        settings=(Entry("Horizon", "12 months"),),
    )
    return replace(usual, **changes)


@pytest.fixture
def workspace(tmp_path):
    with Workspace.open(tmp_path / "company") as opened:
        yield opened


def names(workspace) -> list[str]:
    return [kept.slide.name for kept in own_deck.kept(workspace)]


def keys(workspace) -> list[str]:
    return [kept.key for kept in own_deck.kept(workspace)]


def test_a_slide_comes_back_as_it_was(workspace):
    assert own_deck.add(workspace, slide()) == own_deck.ADDED
    (kept,) = own_deck.kept(workspace)
    for field in (
        "question",
        "headline",
        "name",
        "snapshot",
        "points",
        "method",
        "evidence",
        "page",
        "days",
        "settings",
    ):
        assert getattr(kept.slide, field) == getattr(slide(), field)
    pd.testing.assert_frame_equal(kept.slide.table, TABLE, check_dtype=False)
    assert kept.slide.figure.layout.title.text == "<b>Revenue <b>매출</b></b>"
    assert kept.language == "en"


def test_it_survives_the_end_of_the_program(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        own_deck.add(workspace, slide())
        own_deck.write(workspace, keys(workspace)[0], note="말할 것")
    with Workspace.open(tmp_path / "company") as workspace:
        (kept,) = own_deck.kept(workspace)
        assert (kept.slide.name, kept.note) == ("Revenue", "말할 것")
        assert workspace.doctor(deep=True) == ()


def test_added_twice_it_is_there_once(workspace):
    own_deck.add(workspace, slide())
    own_deck.write(workspace, keys(workspace)[0], note="Mine")
    assert own_deck.add(workspace, slide()) == own_deck.ALREADY
    assert [kept.headline for kept in own_deck.kept(workspace)] == ["58 % came from reorders."]


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "In other words."},
        {"figure": picture(4)},
        {"table": TABLE.assign(orders=[1, 2, 4])},
        {"settings": (Entry("Horizon", "24 months"),)},
        {"days": "2026"},
    ],
    ids=["headline", "figure", "table", "settings", "days"],
)
def test_the_same_data_that_show_something_else_are_written_anew(workspace, changes):
    """As a chart does that depends on what was saved or moved on its page."""
    for name in ("A", "B"):
        own_deck.add(workspace, slide(name))
    own_deck.write(workspace, keys(workspace)[0], title="Mine", note="Pause")
    assert own_deck.add(workspace, slide("A", **changes)) == own_deck.RENEWED
    assert own_deck.add(workspace, slide("A", **changes)) == own_deck.ALREADY
    assert names(workspace) == ["A", "B"]
    kept = own_deck.kept(workspace)[0]
    assert (kept.title, kept.note) == ("Mine", "Pause")


def test_the_same_chart_of_another_view_or_page_is_another_slide(workspace):
    for one in (slide(), slide(page="sources?workspace=company&region=south"), slide("Cost")):
        assert own_deck.add(workspace, one) == own_deck.ADDED
    assert len(own_deck.kept(workspace)) == 3


def test_for_newer_data_it_keeps_its_place_and_the_presenter_s_words(workspace):
    for name in ("A", "B", "C"):
        own_deck.add(workspace, slide(name))
    own_deck.write(workspace, keys(workspace)[1], title="Mine", caption="Look left", note="Pause")
    assert own_deck.add(workspace, slide("B", snapshot="bbbb", headline="60 % now.")) == own_deck.RENEWED
    assert names(workspace) == ["A", "B", "C"]
    kept = own_deck.kept(workspace)[1]
    assert (kept.snapshot, kept.headline, kept.note) == ("bbbb", "Mine", "Pause")
    own_deck.write(workspace, kept.key, title="")
    assert own_deck.kept(workspace)[1].headline == "60 % now."


def test_in_another_language_it_is_written_anew(workspace):
    own_deck.add(workspace, slide())
    with speaking("ko"):
        assert own_deck.add(workspace, slide(headline="58%가 재구매였습니다.")) == own_deck.RENEWED
    (kept,) = own_deck.kept(workspace)
    assert (kept.language, kept.headline) == ("ko", "58%가 재구매였습니다.")


def test_the_language_in_the_address_and_in_the_chart_s_name_makes_no_other_slide(workspace):
    own_deck.add(workspace, slide("Break-even"))
    asked = slide("Break-even", page="sources?workspace=company&lang=en")
    assert own_deck.add(workspace, asked) == own_deck.ALREADY
    with speaking("ko"):
        korean = slide(gettext("Break-even"), page="sources?workspace=company&lang=ko")
        assert korean.name != "Break-even"
        assert own_deck.add(workspace, korean) == own_deck.RENEWED
    assert names(workspace) == [korean.name]


def test_own_words_stand_on_the_slide(workspace):
    own_deck.add(workspace, slide())
    own_deck.write(
        workspace, keys(workspace)[0], title=" Reorders carry us ", caption="Since spring.", note="Slowly."
    )
    shown = own_deck.kept(workspace)[0].slide
    assert (shown.headline, shown.note) == ("Reorders carry us", "Slowly.")
    assert shown.points == ("Since spring.", "One.", "Two.")


def test_a_title_that_says_what_the_page_said_is_none_of_one_s_own(workspace):
    own_deck.add(workspace, slide())
    own_deck.write(workspace, keys(workspace)[0], title=slide().headline)
    assert own_deck.kept(workspace)[0].title == ""


@pytest.mark.parametrize(
    ("moved", "places", "order"),
    [("A", 1, "BAC"), ("C", -1, "ACB"), ("A", -1, "ABC"), ("C", 5, "ABC"), ("C", -2, "CAB")],
)
def test_slides_move(workspace, moved, places, order):
    for name in "ABC":
        own_deck.add(workspace, slide(name))
    own_deck.move(workspace, own_deck.key_of(slide(moved)), places)
    assert "".join(names(workspace)) == order


def test_what_is_removed_comes_back_to_its_place(workspace):
    for name in "ABC":
        own_deck.add(workspace, slide(name))
    removed = own_deck.remove(workspace, own_deck.key_of(slide("B")))
    assert names(workspace) == ["A", "C"]
    own_deck.move(workspace, own_deck.key_of(slide("C")), -1)
    own_deck.restore(workspace, removed)
    assert names(workspace) == ["C", "B", "A"]
    assert own_deck.remove(workspace, "nobody") is None


def test_two_who_work_at_once_lose_no_slide(workspace):
    def work(name: str) -> None:
        for number in range(8):
            own_deck.add(workspace, slide(f"{name}{number}", figure=None, table=TABLE.head(0)))
            own_deck.move(workspace, keys(workspace)[-1], -2)

    workers = [threading.Thread(target=work, args=(name,)) for name in "AB"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(names(workspace)) == sorted(f"{name}{n}" for name in "AB" for n in range(8))


def test_a_slide_that_the_order_does_not_know_comes_last(workspace):
    """As a colleague's does, whose addition ended before its place was kept."""
    for name in "ABC":
        own_deck.add(workspace, slide(name))
    workspace.keep(own_deck.ORDER_KIND, own_deck.ORDER, [own_deck.key_of(slide("C")), "gone", 7])
    assert names(workspace)[0] == "C"
    assert sorted(names(workspace)) == ["A", "B", "C"]


def test_what_is_no_slide_is_left_out(workspace):
    workspace.keep(own_deck.KIND, "strange", {"spend": 1})
    workspace.keep(own_deck.ORDER_KIND, own_deck.ORDER, {"not": "a list"})
    assert own_deck.kept(workspace) == ()


def test_hover_texts_are_given_up_before_a_slide_is_refused(workspace):
    large = picture(20_000)
    large.data[0].customdata = ["which customer this was, by name and number"] * 20_000
    own_deck.add(workspace, slide(figure=large, table=TABLE.head(0)))
    trace = own_deck.kept(workspace)[0].slide.figure.data[0]
    assert len(trace.y) == 20_000
    assert trace.customdata is None


def test_one_that_is_too_large_is_refused_in_one_sentence(workspace):
    many = pd.DataFrame({"name": [f"customer {n}" for n in range(80_000)]})
    with pytest.raises(WorkspaceError) as problem:
        own_deck.add(workspace, slide(table=many))
    assert str(problem.value).count(". ") == 0
    assert own_deck.kept(workspace) == ()


def test_the_largest_slide_leaves_room_for_words(workspace):
    low, high = 0, 80_000
    while high - low > 1:
        rows = (low + high) // 2
        try:
            own_deck.frozen(slide(table=pd.DataFrame({"n": range(rows)})))
        except WorkspaceError:
            high = rows
        else:
            low = rows
    largest = slide(table=pd.DataFrame({"n": range(low)}))
    own_deck.add(workspace, largest)
    own_deck.write(workspace, own_deck.key_of(largest), note="n" * 15_000)
    assert len(own_deck.kept(workspace)[0].note) == 15_000


def test_personal_columns_stay_marked(workspace):
    table = described(pd.DataFrame({"who": ["Ann"], "worth": [3.0]}), money=("worth",), personal=("who",))
    own_deck.add(workspace, slide(table=table, personal=("who",)))
    shown = own_deck.kept(workspace)[0].slide
    assert shown.personal == ("who",)
    assert personal_columns(shown.table) == ("who",)
    assert money_columns(shown.table) == {"worth"}


def test_the_deck_is_a_story_that_says_which_slides_are_older():
    base = Story(
        title="Story", company="Acme", is_sample=False, currency="EUR", snapshot="aaaa11112222", days="2026",
        slides=(slide("Other"),), numbers=pd.DataFrame(columns=list(HEADLINE_COLUMNS)), missing=("Spend.",),
    )  # fmt: skip
    told = own_deck.story_of((slide("A"), slide("B", snapshot="old")), base)
    assert [one.name for one in told.slides] == ["A", "B"]
    assert told.company == "Acme"
    assert any("slide 2" in note for note in told.notes)
    assert own_deck.story_of((slide("A", days=""),), base).notes == ()


def test_the_deck_says_which_slides_were_kept_with_another_view():
    view = (
        Entry("Horizon", "12 months"),
        Entry("Region", "all"),
        Entry("Snapshot of the data", "aaaa11112222"),
    )
    base = Story(
        title="Story", company="Acme", is_sample=False, currency="EUR", snapshot="aaaa11112222",
        days=slide().days, slides=(), numbers=pd.DataFrame(columns=list(HEADLINE_COLUMNS)), settings=view,
    )  # fmt: skip
    shown = (
        slide("A"),
        slide("B", settings=(Entry("Horizon", "24 months"),)),
        slide("C", days="2025"),
        slide("D", settings=(Entry("Snapshot of the data", "old"),)),
    )
    (note,) = own_deck.story_of(shown, base).notes
    assert "slide 2 and 3." in note


def test_a_figure_keeps_gaps_days_and_letters():
    plain = figure_to_plain(picture())
    again = figure_of_plain(plain)
    assert plain["data"][0]["x"][1] == "2026-01-02"
    assert plain["data"][0]["y"] == [None, 0.166666666667, 0.333333333333]
    assert list(again.data[0].customdata) == ["분기"] * 3
    assert figure_to_plain(again) == plain


def test_a_figure_rounds_no_amount_of_money():
    made = charts.figure([{"type": "bar", "y": [12_345_678.0, 987_654_321_012.0, 0.1 + 0.2]}], "T")
    assert figure_to_plain(made)["data"][0]["y"] == [12_345_678.0, 987_654_321_012.0, 0.3]


def test_yes_no_and_not_known_stay_what_they_are():
    table = pd.DataFrame(
        {
            "on": pd.Series([True, False, None], dtype="object"),
            "off": pd.array([True, None, False], dtype="boolean"),
            "count": pd.array([1, None, 3], dtype="Int64"),
        }
    )
    again = table_of_plain(table_to_plain(table))
    assert again["on"].tolist() == [True, False, None]
    assert again["off"].tolist() == [True, None, False]
    assert again["count"].isna().tolist() == [False, True, False]


numbers = st.floats(allow_nan=True, allow_infinity=True)
columns = st.one_of(
    *(
        st.lists(values, min_size=3, max_size=3)
        for values in (
            numbers,
            st.integers(-(10**9), 10**9),
            st.text(max_size=5),
            st.booleans(),
            st.none() | st.booleans(),
            st.none() | st.dates(),
        )
    )
)


@given(st.dictionaries(st.text(max_size=4), columns, max_size=4))
def test_a_table_of_anything_comes_back(made):
    table = pd.DataFrame(made, index=range(3) if not made else None)
    pd.testing.assert_frame_equal(
        table_of_plain(table_to_plain(table)), table, check_dtype=False, check_column_type=False
    )


@given(st.lists(numbers, max_size=6))
def test_a_figure_that_was_kept_is_kept_the_same_again(values):
    made = charts.figure([{"type": "bar", "y": np.array(values, dtype=float)}], "T")
    once = figure_to_plain(made)
    assert figure_to_plain(figure_of_plain(once)) == once
