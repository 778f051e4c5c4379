"""The default story: what each company's meeting is told, and that every number in it is one of the answers'."""

import math
import re
from dataclasses import replace
from datetime import date

import pytest

from analytics.decisions import wording
from analytics.decisions.assumptions import Assumptions
from analytics.decisions.budget_json import budget_json
from analytics.decisions.case import case
from analytics.decisions.case_json import case_json
from analytics.decisions.funnels import funnels
from analytics.decisions.next_test import NextTest
from analytics.decisions.sources import sources
from analytics.reporting import funnel_picture
from analytics.reporting.columns import personal_columns
from analytics.reporting.slides import HEADLINE_COLUMNS, Story
from analytics.reporting.story import read_answers, read_story, story
from analytics.reporting.story_numbers import numbers_json, written
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace
from tests.reporting.small_exports import load

SEVEN = ["question", "sources", "funnels", "caused", "next-unit", "proposal", "test"]
CORE = ("sales", "reorders", "referrals")
NUMBER = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")
FIXED = {"1,000", "90", "80"}  # per 1,000 of cost, days of a holdout forecast, an 80 % interval
QUARTER = re.compile(r"\d{4} Q\d")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as workspace:
        workspace.load_sample()
        yield read_answers(workspace)


@pytest.fixture(scope="module")
def sample(answers) -> Story:
    return story(answers)


@pytest.fixture(scope="module")
def core(tmp_path_factory, repository):
    with Workspace.open(tmp_path_factory.mktemp("core") / "beans") as workspace:
        for kind in CORE:
            assert workspace.ingest(repository / "data" / "sample" / f"{kind}.csv", kind).committed
        yield workspace


@pytest.fixture(scope="module")
def core_story(core) -> Story:
    return read_story(core)


@pytest.fixture(scope="module")
def acquisition(tmp_path_factory):
    """Its answers. Retention: 0.4 × 2000 / 4000; acquisition: 2000 / 1000."""
    with load(tmp_path_factory.mktemp("small") / "workspace", 1_000, 4_000) as workspace:
        yield read_answers(workspace)


@pytest.fixture(scope="module")
def too_close(tmp_path_factory):
    """Its answers. Retention: 0.4 × 2000 / 1000; acquisition: 2000 / 2500."""
    with load(tmp_path_factory.mktemp("small") / "workspace", 2_500, 1_000) as workspace:
        yield read_answers(workspace)


def keys(told: Story) -> list[str]:
    return [slide.key for slide in told.slides]


def slide(told: Story, key: str):
    return next(s for s in told.slides if s.key == key)


def sentences(told: Story) -> list[str]:
    """Everything that a reader of the story reads, charts and tables apart."""
    found = [told.title, told.company, told.days, *told.missing, *told.quality, *told.notes]
    found += [part for entry in (*told.settings, *told.definitions) for part in entry]
    found += [str(label) for label in told.numbers["label"]]
    for s in told.slides:
        found += [s.question, s.headline, s.name, *s.points, s.method, s.evidence, s.question_asked, s.reply]
    return found


def texts(told: Story) -> list[str]:
    """The same with what is written in charts."""
    found = sentences(told)
    for s in told.slides:
        if s.figure is not None:
            found += [note.text for note in s.figure.layout.annotations]
            found += [text for trace in s.figure.data for text in words(trace.text)]
    return found


def words(text) -> list[str]:
    return (
        [text] if isinstance(text, str) else [t for t in (() if text is None else text) if isinstance(t, str)]
    )


def numbers_in(text: str) -> set[str]:
    return set(NUMBER.findall(QUARTER.sub("", text)))


def allowed(told: Story) -> set[str]:
    """The numbers of the frame as they are written, each with its ends."""
    found = set(FIXED)
    for row in told.numbers.to_dict("records"):
        for end in ("value", "low", "high"):
            found |= numbers_in(written(row["key"], row[end], row["unit"], told.currency))
    return found


# The sample


def test_seven_slides_from_the_question_to_the_test(sample):
    assert keys(sample) == SEVEN
    assert sample.missing == ()
    assert all(s.figure is not None and len(s.table) for s in sample.slides)


def test_headlines_are_those_of_the_pages(answers, sample):
    heads = {s.key: s.headline for s in sample.slides}
    assert heads["question"] == answers.case.sentence
    assert heads["sources"] == answers.sources.sentence
    assert heads["funnels"] == answers.funnels.sentence
    assert heads["proposal"] == answers.budget.sentence


def test_numbers_are_those_of_the_commands(answers, sample):
    found, of_case, of_budget = (
        numbers_json(sample.numbers),
        case_json(answers.case),
        budget_json(answers.budget),
    )

    def ends(key: str) -> dict:
        return {end: found[key][end] for end in ("value", "low", "high")}

    for side, cost in (("acquisition", "cac"), ("retention", "cost_to_keep")):
        mine = of_case[side]
        assert found[f"{side}_spend"]["value"] == mine["spend"]
        assert found[cost]["value"] == mine.get("cac", mine.get("cost_per_customer"))
        for lens in ("booked", "incremental"):
            assert ends(f"{side}_{lens}_roi") == mine[lens]["roi"]
            assert ends(f"{side}_{lens}_margin") == mine[lens]["margin"]
        assert ends(f"{side}_marginal_roi") == mine["marginal"]["roi"]
    for name in ("baseline_share", "break_even_baseline_share", "probability_retention_better"):
        assert found[name]["value"] == of_case[name]
    for source in ("new", "referral", "reorder", "total"):
        assert found[f"revenue_{source}"]["value"] == pytest.approx(of_case["revenue"][source], abs=0.01)
    assert ends("recommended_gain") == of_budget["expected_gain"]
    assert found["gain_if_25_percent_off"]["value"] == of_budget["gain_if_25_percent_off"]
    assert found["budget_share_best"]["value"] == of_budget["share_best"]


def test_the_caused_slide_sets_booked_beside_caused(answers, sample):
    told, found = slide(sample, "caused"), answers.case
    assert f"not the €{found.retention.booked.margin.value:,.0f} that the books show" in told.headline
    assert told.headline.startswith(f"Programmes caused €{found.retention.incremental.margin.value:,.0f} (")
    assert list(told.table.iloc[:, 2]) == [
        getattr(side, lens).margin.value
        for side in (found.retention, found.acquisition)
        for lens in ("booked", "incremental")
    ]


def test_overlapping_ranges_of_the_next_unit_are_said_to_overlap(answers, sample):
    kept, won = answers.case.retention.marginal.roi, answers.case.acquisition.marginal.roi
    overlap = kept.low <= won.high and won.low <= kept.high
    assert ("overlap" in slide(sample, "next-unit").headline) == overlap


def test_the_proposal_says_what_is_left_when_it_is_missed(answers, sample):
    told = slide(sample, "proposal")
    assert f"€{answers.budget.off:,.0f}" in told.reply
    assert "80 % range" in told.reply
    assert told.table.iloc[:, 3].sum() == pytest.approx(
        told.table.iloc[:, 2].sum()
    )  # the same total, spent otherwise
    assert told.table.iloc[:, 4].sum() == pytest.approx(0, abs=1e-6)


def test_the_test_is_the_one_of_the_case(answers):
    possible = NextTest(1_000, 0.2, 10, exact_weeks=9.7)
    told = slide(story(replace(answers, case=replace(answers.case, next_test=possible))), "test")
    assert told.headline.startswith(
        "Leave 20 % of the 1,000 customers due for a programme alone for 10 weeks (200 customers)"
    )
    at_ten = told.table[(told.table.iloc[:, 0] == 0.2) & (told.table.iloc[:, 1] == 10)]
    assert at_ten.iloc[0, 2] == pytest.approx(possible.power_after(10, 0.2), abs=1e-4)
    assert possible.power_after(9.7, 0.2) == pytest.approx(0.8)


def test_where_no_test_would_settle_it_the_break_even_stands_in(answers):
    told = slide(
        story(replace(answers, case=replace(answers.case, next_test=NextTest(1_000, 0.0, 0)))), "test"
    )
    assert told.headline.startswith("No holdout of today's customers would settle it")
    assert told.points == (answers.case.break_even_sentence,)
    assert told.name == "Break-even"


def test_a_narrower_view_is_in_the_settings(core):
    told = read_story(
        core,
        Filters(first_day=date(2025, 10, 1), segments=("home",)),
        Assumptions.of(core.settings, margin_rate=0.4, baseline_share=0.5, horizon_months=6),
    )
    said = dict(told.settings)
    assert said["Segment"] == "home"
    assert said["Region"] == "all"
    assert said["Horizon"] == "6 months"
    assert said["Assumed to come anyway"] == "50 % (30 to 70 %), set for this view"
    assert said["Margin rate of rows without a margin"] == "40.0 %"
    assert said["Snapshot of the data"] == core.snapshot
    assert told.days == "1 October 2025 to 30 September 2026" == said["Days"]


def test_answers_that_are_kept_are_not_worked_out_again(answers):
    kept = {case: answers.case, funnels: answers.funnels, sources: answers.sources}
    asked = []

    def ask(question):
        asked.append(question.__name__)
        known = {"checked": (answers.coverage, answers.quality), "budget": answers.budget}
        return kept.get(question) or known[question.__name__]

    class Open:
        settings = answers.settings
        directory = type("Directory", (), {"name": "beans"})

    assert keys(read_story(Open(), ask=ask)) == SEVEN
    assert sorted(asked) == ["budget", "case", "checked", "funnels", "sources"]


# Other companies


def test_without_spend_the_question_stays_open_and_says_what_would_answer_it(core_story):
    assert keys(core_story) == ["question", "sources", "funnels", "value", "staying"]
    assert slide(core_story, "question").headline.startswith(
        "Not enough data for a verdict. Spend is not loaded."
    )
    assert (
        "No slides yet on what was caused, what the next unit earns, the proposal and the test"
        in core_story.missing[0]
    )
    assert "load it as spend." in core_story.missing[0]
    assert any("touchpoints" in text for text in core_story.missing)
    assert core_story.company == "beans"
    assert not {"acquisition_incremental_roi", "recommended_gain"} & set(core_story.numbers["key"])


def test_where_acquisition_is_ahead_nothing_speaks_for_retention(acquisition):
    told = story(acquisition)
    assert acquisition.case.verdict == "acquisition"
    assert "acquisition is ahead" in slide(told, "question").headline
    assert "retention is ahead" not in " ".join(texts(told)).lower()
    assert slide(told, "caused").headline.startswith(
        "If 60 % (40 to 80 %) of reorders and referrals would have come anyway"
    )
    assert "assumed" in slide(told, "caused").evidence
    assert "next-unit" not in keys(told)
    assert any("what the next unit earns and the proposal" in text for text in told.missing)


def test_too_close_to_call_is_not_turned_into_a_claim(too_close):
    told = story(too_close)
    assert too_close.case.verdict == "too close to call"
    assert slide(told, "question").headline.startswith("Too close to call")
    assert "The answer turns on an assumption" in slide(told, "question").reply


def test_an_empty_workspace_has_no_slide_and_says_what_to_load(tmp_path):
    with Workspace.open(tmp_path / "nothing") as workspace:
        told = read_story(workspace)
    assert told.slides == ()
    assert not len(told.numbers)
    assert told.missing == (
        "No orders are loaded. Export one row per deal with order number, customer number, date and amount, and load it as "
        "sales.",
    )


# Laws


@pytest.fixture(params=["sample", "core_story", "acquisition", "too_close"])
def told(request) -> Story:
    found = request.getfixturevalue(request.param)
    return found if isinstance(found, Story) else story(found)


def test_every_number_in_a_headline_is_one_of_the_numbers_as_written(told):
    known = allowed(told)
    assert {
        s.key: numbers_in(s.headline) - known for s in told.slides if numbers_in(s.headline) - known
    } == {}


def test_nothing_unknown_is_written(told):
    for text in texts(told):
        assert not re.search(r"\bnan\b|\bNaN\b|\bNone\b|\binf\b|[{}]", text), text
    for text in sentences(told):
        assert "n/a" not in text, text


def test_every_slide_is_whole(told):
    for s in told.slides:
        assert s.headline
        assert s.question
        assert s.name
        assert s.page
        assert s.question_asked
        assert s.reply
        assert s.method or s.figure is None
        assert len(s.points) <= 3
        assert s.figure is None or len(s.table)
        assert s.snapshot == told.snapshot
        assert not personal_columns(s.table)
        assert not s.personal
    assert len({s.key for s in told.slides}) == len(told.slides)
    assert len({s.name for s in told.slides}) == len(told.slides)  # as sheets are called


def test_numbers_are_known_and_named_once(told):
    frame = told.numbers
    assert tuple(frame.columns) == HEADLINE_COLUMNS
    assert all(math.isfinite(value) for value in frame["value"])
    assert frame["key"].is_unique
    assert frame["label"].is_unique
    assert set(frame["unit"]) <= {"money", "share", "ratio", "count"}
    ends = frame.dropna()
    assert (ends["low"] <= ends["high"]).all()


def test_the_funnels_slide_says_less_than_the_page_and_the_same_people(answers, sample):
    """From afar one reads people, steps and the cost of one; everything else is in the table behind it."""
    shown, page = (
        [note.text for note in figure.layout.annotations]
        for figure in (slide(sample, "funnels").figure, funnel_picture.funnel_picture(answers.funnels))
    )
    assert len(shown) < 0.65 * len(page)
    for people in answers.funnels.stages["people"].dropna():
        assert any(wording.number(people) in text for text in shown)
    assert min(note.font.size for note in slide(sample, "funnels").figure.layout.annotations) > 14
