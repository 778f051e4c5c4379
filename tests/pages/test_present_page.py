"""The meeting: the default story in each state, and a deck of one's own from charts of the pages."""

import html
from functools import cache

import pytest

from analytics.reporting import own_deck
from analytics.reporting.story import read_story
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.store import Workspace
from pages.shared import present_state
from tests.pages.conftest import STATES, answer

ADD = "Add to the deck"


@pytest.fixture(scope="module")
def told(home):
    """told(state): the story as the library tells it."""

    @cache
    def told(state: str):
        with Workspace.open(home / STATES[state][0]) as workspace:
            return read_story(workspace)

    return told


@pytest.fixture
def full(home):
    """The full workspace, with an empty deck before and after."""
    with Workspace.open(home / STATES["full"][0]) as workspace:
        _empty(workspace)
        yield workspace
        _empty(workspace)


def _empty(workspace):
    for kept in own_deck.kept(workspace):
        workspace.keep(own_deck.KIND, kept.key, None)
    workspace.keep(own_deck.ORDER_KIND, own_deck.ORDER, None)


def button(app, key: str):
    return next(b for b in app.button if b.key == key)


def place(app) -> str:
    block = next(b.value for b in app.html if "ff-place" in b.value)
    return block.split(">")[1].split("<")[0]


def add(app, name: str):
    button(app, f"deck {name}").click()
    app.run()
    assert not app.exception
    return app.toast[-1].value.replace("\\", "")


def texts(app) -> str:
    return html.unescape(" ".join(block.value for block in app.html))


def own(visit, **address):
    return visit("full", "present", **{"present-deck": "own", **address})


@pytest.mark.parametrize("state", ["sample", "core", "full"])
def test_the_story_is_shown_slide_by_slide(visit, told, state):
    app = visit(state, "present")
    assert not app.exception
    assert not app.error
    story = told(state)
    assert answer(app) == story.slides[0].headline
    assert place(app) == f"1 / {len(story.slides)}"
    for sentence in story.missing:
        assert sentence in texts(app)
    assert len(app.get("plotly_chart")) == (story.slides[0].figure is not None)
    assert [b.label for b in app.download_button][:3] == [
        "Deck (.pptx)",
        "Hand-out (.html)",
        "Workbook (.xlsx)",
    ]


def test_without_data_there_is_no_slide_but_the_template_of_what_is_missing(visit):
    app = visit("empty", "present")
    assert not app.exception
    assert answer(app) == "Not enough data for a slide yet."
    assert [b.label for b in app.download_button] == ["Template: sales"]
    assert len(app.get("plotly_chart")) == 0


def test_next_and_previous_move_and_stand_in_the_address(visit, told):
    app = visit("full", "present")
    slides = told("full").slides
    button(app, "present-next").click()
    app.run()
    assert answer(app) == slides[1].headline
    assert app.query_params["present-slide"] == slides[1].key
    button(app, "present-previous").click()
    app.run()
    assert answer(app) == slides[0].headline
    assert button(app, "present-previous").disabled


def test_a_slide_of_the_address_is_shown_and_an_unknown_one_is_not_missed(visit, told):
    slides = told("full").slides
    assert answer(visit("full", "present", **{"present-slide": slides[2].key})) == slides[2].headline
    assert answer(visit("full", "present", **{"present-slide": "<b>"})) == slides[0].headline


def test_a_link_gives_the_same_view_to_somebody_else(visit):
    """Filters, assumptions and the choices of every page travel together."""
    address = {
        "from": "2025-01-01", "to": "2026-09-30", "baseline": "0.4", "attribution-model": "last",
        "budget-plan": "display:100,ambassador:500", "present-slide": "sources",
    }  # fmt: skip
    first = visit("full", "present", **address)
    given = {key: first.query_params[key] for key in first.query_params if key != "workspace"}
    given = {key: value[-1] if isinstance(value, list) else value for key, value in given.items()}
    assert given == address
    second = visit("full", "present", **given)
    assert answer(second) == answer(first)
    attribution = visit("full", "attribution", **given)
    assert next(box for box in attribution.selectbox if box.label == "Model").value == "last"
    budget = visit("full", "budget", **given)
    assert next(s for s in budget.slider if s.key == "budget line ambassador").value == 500


def test_a_chart_is_added_from_its_page_as_it_stands_there(visit, full):
    app = visit("full", "value", **{"from": "2026-01-01", "to": "2026-09-30", "attribution-model": "last"})
    said = add(app, "Value against CAC")
    assert said.startswith("“Value against CAC” is in the deck now")
    (kept,) = own_deck.kept(full)
    slide = kept.slide
    assert slide.question == "What is a deal, and a customer, worth?"
    assert slide.headline == answer(app)
    assert slide.page == "value?workspace=everything&from=2026-01-01&to=2026-09-30"
    assert slide.days == "1 January 2026 to 30 September 2026"
    assert slide.snapshot == full.snapshot
    assert ("Horizon", "12 months") in slide.settings
    assert len(slide.table)
    assert slide.method
    assert "already in the deck" in add(app, "Value against CAC")
    assert len(own_deck.kept(full)) == 1


def test_a_chart_is_added_as_it_was_drawn_whatever_has_changed_since(visit, full, monkeypatch):
    """Somebody else may upload between the drawing of a page and the click on it."""
    app = visit("full")
    drawn = full.snapshot
    monkeypatch.setattr(Workspace, "snapshot", property(lambda _self: "n3wersnapsh0t"))
    add(app, "Break-even")
    assert own_deck.kept(full)[0].snapshot == drawn


def test_a_slide_that_somebody_else_takes_out_is_passed_over(visit, full, monkeypatch):
    app = visit("full")
    for name in ("Return by lens", "Break-even"):
        add(app, name)
    gone, left = (kept.key for kept in own_deck.kept(full))
    monkeypatch.setattr(present_state, "keys", lambda: (gone, left))
    full.keep(own_deck.KIND, gone, None)
    app = own(visit)
    assert not app.exception
    assert place(app) == "1 / 1"


def test_a_change_that_the_workspace_refuses_is_told(visit, full, monkeypatch):
    app = visit("full")
    for name in ("Return by lens", "Break-even"):
        add(app, name)

    def refuse(*_args):
        raise WorkspaceError("The disk is full.")

    app = own(visit)
    monkeypatch.setattr(Workspace, "keep", refuse)
    for press in ("present-move-1", "present-remove"):
        button(app, press).click()
        app.run()
        assert not app.exception
        assert app.toast[-1].value.replace("\\", "") == "The disk is full."
    app.text_area[0].set_value("Mine")
    app.run()
    assert not app.exception
    assert app.toast[-1].value.replace("\\", "") == "The disk is full."
    monkeypatch.undo()
    assert len(own_deck.kept(full)) == 2


def test_a_chart_that_sliders_move_is_added_with_its_plan(visit, full):
    app = visit("full", "budget", **{"budget-plan": "display:1000,ambassador:900"})
    add(app, "Equity by share on existing customers")
    (kept,) = own_deck.kept(full)
    assert "budget-plan=display" in kept.slide.page


# The case's six figures stand without a chart; the funnels draw theirs again for two other screens.
@pytest.mark.parametrize(("name", "without_chart", "drawn_again"), [("case", 1, 0), ("funnels", 0, 2)])
def test_every_chart_can_be_added(visit, full, name, without_chart, drawn_again):
    app = visit("full", name)
    keys = [b.key for b in app.button if b.label == ADD]
    drawn = app.get("plotly_chart")
    assert len(keys) == len(drawn) + without_chart - drawn_again
    for key in keys:
        add(app, key.removeprefix("deck "))
    assert len(own_deck.kept(full)) == len(keys)


def test_the_own_deck_is_shown_ordered_and_written(visit, full):
    app = visit("full")
    for name in ("Return by lens", "Break-even", "Revenue by quarter"):
        add(app, name)
    app = own(visit)
    assert not app.exception
    assert place(app) == "1 / 3"
    button(app, "present-move-1").click()
    app.run()
    assert place(app) == "2 / 3"
    assert [k.slide.name for k in own_deck.kept(full)] == [
        "Break-even",
        "Return by lens",
        "Revenue by quarter",
    ]
    key = own_deck.kept(full)[1].key
    for name, text in (("title", "Retention pays"), ("caption", "Since spring"), ("note", "Speak slowly")):
        next(a for a in app.text_area if a.key == f"present {name} {key}").set_value(text)
        app.run()
    assert answer(app) == "Retention pays"
    assert "Since spring" in texts(app)
    assert own_deck.kept(full)[1].note == "Speak slowly"
    assert answer(own(visit, **{"present-slide": key})) == "Retention pays"  # a colleague sees it too


def test_what_is_removed_can_be_brought_back(visit, full):
    app = visit("full")
    for name in ("Return by lens", "Break-even"):
        add(app, name)
    app = own(visit)
    button(app, "present-remove").click()
    app.run()
    assert place(app) == "1 / 1"
    button(app, "present-remove").click()
    app.run()
    assert answer(app) == "Your deck is empty."
    button(app, "present-undo").click()
    app.run()
    assert not app.exception
    assert [k.slide.name for k in own_deck.kept(full)] == ["Break-even"]


def test_slides_of_the_story_can_be_added_to_the_own_deck(visit, full):
    app = visit("full", "present", **{"from": "2026-01-01", "to": "2026-09-30"})
    button(app, "present-add").click()
    app.run()
    (kept,) = own_deck.kept(full)
    assert kept.slide.page == "case?workspace=everything&from=2026-01-01&to=2026-09-30"
    assert kept.slide.days == "1 January 2026 to 30 September 2026"
    assert kept.slide.question_asked


def test_the_deck_of_one_view_is_of_that_view_and_no_other(visit, full, told):
    add(visit("full", "value"), "Value against CAC")
    app = visit("full", "present")
    button(app, "present-add").click()
    app.run()
    slides = tuple(kept.slide for kept in own_deck.kept(full))
    assert len(slides) == 2
    assert own_deck.story_of(slides, told("full")).notes == told("full").notes
    add(visit("full", "value", horizon="24"), "Value against CAC")
    slides = tuple(kept.slide for kept in own_deck.kept(full))
    assert "slide 3." in own_deck.story_of(slides, told("full")).notes[-1]


def test_a_slide_of_older_data_says_so_and_is_brought_up_to_date_from_its_page(visit, full):
    app = visit("full", **{"from": "2026-01-01", "to": "2026-09-30"})
    add(app, "Break-even")
    (kept,) = own_deck.kept(full)
    full.keep(own_deck.KIND, kept.key, kept.value | {"snapshot": "0ld5napsh0t0", "title": "Mine"})
    app = own(visit)
    assert "From snapshot 0ld5napsh0t0; data have changed since" in texts(app)
    button(app, "present-open").click()
    app.run()
    assert not app.exception
    assert app.query_params["from"] == ["2026-01-01"] or app.query_params["from"] == "2026-01-01"
    assert "up to date in the deck" in add(app, "Break-even")
    (kept,) = own_deck.kept(full)
    assert (kept.snapshot, kept.title) == (full.snapshot, "Mine")
    assert "data have changed since" not in texts(own(visit))


def test_one_that_is_too_large_is_refused_in_one_sentence(visit, full, monkeypatch):
    monkeypatch.setattr(own_deck, "LARGEST_BYTES", 1_000)
    assert "is too large for a slide" in add(visit("full"), "Break-even")
    assert own_deck.kept(full) == ()


def test_the_switch_leads_from_the_story_to_the_own_deck(visit, full):
    add(visit("full"), "Break-even")
    app = visit("full", "present")
    next(c for c in app.get("button_group") if c.key == "present deck").set_value("own").run()
    assert not app.exception
    assert place(app) == "1 / 1"
    assert app.query_params["present-deck"] in ("own", ["own"])


def test_figures_without_a_chart_are_added_as_a_table(visit, full):
    assert add(visit("full", "case"), "Six figures").startswith("“Six figures” is in the deck now")
    assert add(visit("full", "sources"), "Channels and programmes").startswith(
        "“Channels and programmes” is in"
    )
    figures, channels = (kept.slide for kept in own_deck.kept(full))
    assert figures.figure is None
    assert figures.table.columns.tolist() == ["figure", "value", "change"]
    assert "Repeat rate" in figures.method
    assert "revenue" in channels.table
    assert "by quarter" not in channels.table
