"""Everything that is said is in every catalogue, whole; and who speaks what never mixes."""

import ast
import json
import re
import string
import threading
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from analytics import language
from analytics.commands import main
from analytics.decisions import wording
from analytics.decisions.interval import Interval
from analytics.language import gettext, in_this_language, ngettext, speak, speaking

REPOSITORY = Path(__file__).resolve().parent.parent
FILES = sorted(
    [REPOSITORY / "app.py", *(REPOSITORY / "analytics").rglob("*.py"), *(REPOSITORY / "pages").rglob("*.py")]
)
SCRIPTS = {
    REPOSITORY / "app.py",
    *(REPOSITORY / "pages").glob("*.py"),
}  # run anew at every visit, so never frozen
LOOKED_UP = {"_", "ngettext", "gettext"}
TRANSLATIONS = [code for code in language.LANGUAGES if code != language.SOURCE]
each_translation = pytest.mark.parametrize("code", TRANSLATIONS)

Ids = tuple[str, ...]


@cache
def said() -> frozenset[Ids]:
    """Every message of the code: one text, or the one and the many."""
    keywords = DEFAULT_KEYWORDS | {"marked": None}
    found = (m for file in FILES for m in extract_from_file("python", file, keywords=keywords))
    return frozenset(ids_of(message) for _line, message, _comments, _context in found)


def ids_of(message: object) -> Ids:
    return message if isinstance(message, tuple) else (str(message),)


@cache
def catalogue(code: str) -> Catalog:
    with (language.CATALOGUES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def entries(code: str) -> Iterator[tuple[Ids, Ids, Message]]:
    """(message, its translations, entry) of a catalogue."""
    for entry in catalogue(code):
        if entry.id:
            yield ids_of(entry.id), ids_of(entry.string), entry


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


@each_translation
def test_a_catalogue_holds_every_message(code):
    assert sorted(said() - {ids for ids, _translated, _entry in entries(code)}) == []


@each_translation
def test_a_catalogue_holds_no_message_that_nothing_says(code):
    assert sorted({ids for ids, _translated, _entry in entries(code)} - said()) == []
    assert not catalogue(code).obsolete


@each_translation
def test_every_message_is_translated_for_certain(code):
    open_ = [
        ids
        for ids, translated, entry in entries(code)
        if entry.fuzzy or not all(t.strip() for t in translated)
    ]
    assert open_ == []


@each_translation
def test_a_translation_fills_in_what_its_message_does(code):
    wrong = []
    for ids, translated, _entry in entries(code):
        asked = [placeholders(text) for text in ids]
        for text in translated:
            if "{" in "".join((*ids, text)) and placeholders(text) not in asked:
                wrong.append((ids, text))
    assert wrong == []


@each_translation
def test_a_translation_keeps_the_marks_of_its_message(code):
    tags = re.compile(r"</?[a-z]+>|\*\*|%%")
    wrong = [
        (ids, text)
        for ids, translated, _entry in entries(code)
        for text in translated
        if text and sorted(tags.findall(text)) not in [sorted(tags.findall(i)) for i in ids]
    ]
    assert wrong == []


def test_no_constant_freezes_a_language():
    """A lookup while a module is imported would keep the language of that moment for good."""
    frozen = [
        f"{file.relative_to(REPOSITORY)}:{call.lineno}"
        for file in FILES
        if file not in SCRIPTS
        for call in calls_outside_functions(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call.func, ast.Name) and call.func.id in LOOKED_UP
    ]
    assert frozen == []


def calls_outside_functions(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        parts = [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
    else:
        parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):
        yield node
    for part in parts:
        yield from calls_outside_functions(part)


def test_no_message_stands_within_an_f_string():
    """Where extraction would not see it."""
    hidden = [
        f"{file.relative_to(REPOSITORY)}:{call.lineno}"
        for file in FILES
        for text in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in LOOKED_UP | {"marked"}
        if any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert hidden == []


def test_sentences_are_looked_up_in_one_place_only():
    wrong = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            plain = isinstance(node, ast.Import) and any(a.name == "gettext" for a in node.names)
            plain |= isinstance(node, ast.ImportFrom) and node.module == "gettext"
            if plain and file.name != "language.py":
                wrong.append(str(file))
    assert wrong == []


def test_the_lookup_s_name_is_never_taken_for_something_else():
    """`_` for what nobody needs would hide the lookup in that function."""
    taken = [
        f"{file.relative_to(REPOSITORY)}:{node.lineno}"
        for file in FILES
        if "gettext as _" in (text := file.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)
    ]
    assert taken == []


def test_a_message_is_looked_up_in_the_language_of_its_context():
    assert gettext("Budget") == "Budget"
    with speaking("ko"):
        assert gettext("Budget") == "예산"
        assert gettext("") == ""
        assert gettext("no such message") == "no such message"
        assert ngettext("no such thing", "no such things", 2) == "no such things"
        with speaking("en"):
            assert gettext("Budget") == "Budget"
        assert gettext("Budget") == "예산"
    assert gettext("Budget") == "Budget"


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="There is no language 'fr'; there are en, ko"):
        speak("fr")


def test_marked_texts_are_read_in_the_language_of_the_reader():
    labels = language.Texts({"one": "Budget", "": ""})
    with speaking("ko"):
        assert (labels["one"], labels[""], labels.get("two", "…"), list(labels)) == (
            "예산",
            "",
            "…",
            ["one", ""],
        )
        assert dict(labels.items()) == {"one": "예산", "": ""}
    assert labels["one"] == "Budget"


def test_threads_in_two_languages_do_not_mix():
    heard: dict[str, list[str]] = {"en": [], "ko": []}
    together = threading.Barrier(2)

    def visitor(code: str) -> None:
        speak(code)
        for _turn in range(200):
            together.wait(timeout=20)
            heard[code].append(f"{gettext('Budget')} {wording.percent(0.5)}")

    visitors = [threading.Thread(target=visitor, args=(code,)) for code in heard]
    for thread in visitors:
        thread.start()
    for thread in visitors:
        thread.join()
    assert {code: set(words) for code, words in heard.items()} == {"en": {"Budget 50 %"}, "ko": {"예산 50%"}}


def test_work_that_is_handed_over_takes_its_language_along():
    heard = []
    with speaking("ko"):
        work = in_this_language(lambda word: heard.append(gettext(word)))
    thread = threading.Thread(target=work, args=("Budget",))
    thread.start()
    thread.join()
    work("Budget")
    assert heard == ["예산", "예산"]
    assert language.current() == "en"


@pytest.mark.parametrize(
    ("write", "english", "korean"),
    [
        (lambda: wording.number(1234567.8), "1,234,568", "1,234,568"),
        (lambda: wording.percent(0.58), "58 %", "58%"),
        (lambda: wording.percent(0.583, 1), "58.3 %", "58.3%"),
        (lambda: wording.share_with_range(Interval(0.6, 0.4, 0.8)), "60 % (40 to 80 %)", "60% (40∼80%)"),
        (lambda: wording.in_words(3), "three", "3"),
        (lambda: wording.in_words(13), "13", "13"),
        (lambda: wording.months(7), "7 months", "7개월"),
        (lambda: wording.day(date(2026, 9, 30)), "30 September 2026", "2026년 9월 30일"),
        (lambda: wording.day_in_short(date(2026, 2, 10)), "10 Feb", "2월 10일"),
        (lambda: wording.month(date(2026, 9, 1)), "September 2026", "2026년 9월"),
        (lambda: wording.month_in_short(date(2026, 9, 1)), "Sep 2026", "2026년 9월"),
        (lambda: wording.month_in_short(date(2026, 9, 1), with_year=False), "Sep", "9월"),
        (lambda: wording.quarter(date(2026, 9, 30)), "2026 Q3", "2026년 3분기"),
        (lambda: wording.money_in_full(1234567.8, "EUR"), "€1,234,567.80", "€1,234,567.80"),
    ],
)  # fmt: skip
def test_the_same_fact_in_two_languages(write, english, korean):
    assert write() == english
    with speaking("ko"):
        assert write() == korean


@pytest.mark.parametrize(
    ("amount", "currency", "korean"),
    [
        (24.661, "USD", "$24.66"),
        (88_000.4, "EUR", "€88,000"),
        (999_499, "EUR", "€999,499"),
        (999_500, "EUR", "€100만"),
        (1_200_000, "EUR", "€120만"),
        (12_340_000, "KRW", "₩1,234만"),
        (99_994_000, "KRW", "₩9,999만"),
        (99_995_000, "KRW", "₩1억"),
        (123_400_000, "KRW", "₩1.23억"),
        (1_234_000_000, "KRW", "₩12.3억"),
        (123_400_000_000, "KRW", "₩1,234억"),
        (1_250_000_000_000, "KRW", "₩1.25조"),
        (-1_500_000, "KRW", "−₩150만"),
        (-0.001, "EUR", "€0.00"),
    ],
)
def test_korean_money_counts_in_ten_thousands(amount, currency, korean):
    with speaking("ko"):
        assert wording.money(amount, currency) == korean


def test_korean_axes_count_in_ten_thousands():
    with speaking("ko"):
        assert list(wording.money_ticks(0, 4_000_000, "KRW").values()) == [
            "₩0", "₩100만", "₩200만", "₩300만", "₩400만",
        ]  # fmt: skip
        assert wording.money_ticks(0, 1_000_000_000, "KRW")[400_000_000] == "₩4억"
        assert wording.money_ticks(-20, 20, "EUR")[-10] == "−€10"


@pytest.fixture
def ask(tmp_path, capsys):
    """Runs a command on a workspace of its own; what it printed."""

    def ask(*arguments) -> str:
        main([*map(str, arguments), "--workspace", str(tmp_path / "company")])
        printed = capsys.readouterr()
        return printed.out + printed.err

    return ask


def test_a_command_answers_in_the_language_it_is_asked_in(ask):
    assert ask("case").startswith("Not enough data")
    assert re.match("[가-힣]", ask("case", "--language", "ko"))
    assert ask("case").startswith("Not enough data")  # the next one is English again


def test_names_and_codes_in_json_are_never_translated(ask):
    english, korean = json.loads(ask("case", "--json")), json.loads(ask("case", "--json", "--language", "ko"))
    assert list(english) == list(korean)
    assert english["sentence"] != korean["sentence"]
    assert {
        name: value for name, value in english.items() if name not in ("sentence", "missing", "notes")
    } == {name: value for name, value in korean.items() if name not in ("sentence", "missing", "notes")}


def test_a_file_is_read_in_the_language_of_who_loads_it(ask, tmp_path):
    """It is read in a process of its own, which knows nothing of the visitor but what it is told."""
    file = tmp_path / "sales.csv"
    file.write_text("order_id,customer_id,order_date,amount\nS-1,001,2026-02-31,120.50\n")
    assert "Line 2, column order_date: '2026-02-31' is no day that exists" in ask("ingest", "sales", file)
    korean = ask("ingest", "sales", file, "--language", "ko")
    assert "E_DATE" in korean
    assert "is no day" not in korean
    assert re.search("2행.*2026-02-31", korean)
