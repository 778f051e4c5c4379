"""The pages in Korean say nothing in English, and every visitor is answered in a language of their own."""

import re
from pathlib import Path

import pytest

from analytics.decisions.case import case
from analytics.language import speaking
from analytics.warehouse.store import Workspace
from pages.shared import session
from tests.pages.conftest import answer
from tests.pages.texts import texts

SCRIPTS = sorted(Path(session.__file__).resolve().parents[1].glob("*.py"))
QUICK = {"case", "data", "sources", "attribution"}
EACH_PAGE = [
    pytest.param(file.stem, marks=() if file.stem in QUICK else pytest.mark.slow, id=file.stem)
    for file in SCRIPTS
]
WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:]+[A-Za-z][A-Za-z'’-]*){2,}")
ENGLISH = re.compile(
    r"\b(a|an|the|of|to|in|on|at|is|are|was|were|be|and|or|not|no|with|without|from|by|for|that|this|it|its|each|per|"
    r"as|than|if|who|what|how|which|all|more|less)\b",
    re.IGNORECASE,
)
NAMES = (
    "Flip the Funnel",
    "How valuable is word of mouth",
)  # books; whatever else the data call by an English name holds no such small word


def english(said: list[str]) -> list[str]:
    """The pieces that hold three English words or more in a row."""
    names = re.compile("|".join(map(re.escape, NAMES)))
    return [text for text in said if any(map(ENGLISH.search, WORDS.findall(names.sub("", text))))]


def test_what_counts_as_english():
    assert english(["Orders of the quarter"]) == ["Orders of the quarter"]
    assert english(["paid search, email, ambassador", "Blattberg, Deighton 1996", "네트워크 RFM"]) == []


def test_the_same_page_in_english_is_found_out(visit):
    said = texts(visit("sample"))
    assert len(english(said)) > 20
    assert any("if" in text and "would have come anyway" in text for text in said)  # the hover of a chart


@pytest.mark.parametrize("state", ["sample", "empty", "core"])
@pytest.mark.parametrize("name", EACH_PAGE)
def test_a_page_asked_in_korean_says_nothing_in_english(visit, state, name):
    app = visit(state, name, lang="ko")
    assert not app.exception
    assert any(re.search("[가-힣]", text) for text in texts(app))
    assert english(texts(app)) == []


def test_a_page_says_what_the_library_says_in_korean(visit, home):
    app = visit("full", lang="ko")
    with Workspace.open(home / "everything") as workspace, speaking("ko"):
        assert answer(app) == case(workspace).sentence
    assert re.search("[가-힣]", answer(app))


def test_two_visitors_each_hear_their_own_language(visit):
    korean, first = visit("sample", lang="ko"), visit("sample")
    assert re.search("[가-힣]", answer(korean.run()))
    assert not re.search("[가-힣]", answer(first.run()))
    assert "lang" not in first.query_params


def test_the_language_is_chosen_in_the_sidebar_and_kept(visit):
    app = visit("sample")
    control = next(c for c in app.get("button_group") if c.key == "language")
    assert control.value == "en"
    control.set_value("ko").run()
    assert app.query_params["lang"] == ["ko"] or app.query_params["lang"] == "ko"
    app.switch_page("pages/sources.py").run()
    assert re.search("[가-힣]", answer(app))
    next(c for c in app.get("button_group") if c.key == "language").set_value("en").run()
    assert "lang" not in app.query_params
    assert not re.search("[가-힣]", answer(app))


def test_leaving_the_sample_keeps_the_language(visit):
    app = visit("sample", lang="ko")
    app.sidebar.button[0].click().run()
    assert app.query_params["workspace"] == session.OWN_WORKSPACE
    assert re.search("[가-힣]", answer(app))


@pytest.mark.parametrize("lang", ["fr", "", "<b>", "KO "])
def test_a_language_that_there_is_not_is_left_out(visit, lang):
    app = visit("sample", lang=lang)
    assert not app.exception
    assert not re.search("[가-힣]", answer(app))
    assert "lang" not in app.query_params


@pytest.mark.parametrize(
    ("browser", "spoken"), [("ko-KR", "ko"), ("ko", "ko"), ("en-GB", "en"), ("de-DE", "en"), (None, "en")]
)
def test_the_browser_s_language_is_the_default(monkeypatch, browser, spoken):
    class Context:
        locale = browser

    monkeypatch.setattr(session.st, "context", Context())
    assert session.browser_language() == spoken
