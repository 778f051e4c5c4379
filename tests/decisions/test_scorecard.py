"""The scorecard's figures, worked out by hand on eight customers, and its goals."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.decisions.case import case
from analytics.decisions.interval import Interval
from analytics.decisions.scorecard import Line, scorecard
from analytics.decisions.scorecard_figures import definitions, quarters_of
from analytics.decisions.scorecard_intervals import median_of_days, wilson
from analytics.models.retention import revenue_retention
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.filters import Filters
from analytics.warehouse.settings import GOALS
from analytics.warehouse.store import Workspace
from tests.warehouse.staged_files import load, referral, reorder, sale, spend

Q1, Q2 = date(2026, 1, 1), date(2026, 4, 1)


def contact(customer, day, direction, stage="dialogue", **more) -> dict:
    row = {
        "customer_id": customer,
        "touched_at": day,
        "channel": "chat",
        "stage": stage,
        "direction": direction,
    }
    return row | more


SALES = [
    *[sale(f"s{n}", f"c{n}", "2026-01-02", 100, rep_id="Ann") for n in (1, 2, 3)],
    *[sale(f"s{n}", f"c{n}", "2026-02-01", 100, rep_id="Ben") for n in (4, 5)],
    sale("s6", "c6", "2026-05-01", 50, rep_id="Ben"),
    sale("s7", "c7", "2026-07-10", 70),
]
REORDERS = [
    reorder("r1", "c1", "2026-04-02", 150),
    reorder("r2", "c2", "2026-05-02", 40),
    reorder("r3", "c4", "2026-06-30", 100, trigger="points", incentive_cost=5),
    reorder("r4", "c8", "2026-06-01", 30),
]
REFERRALS = [
    referral("f1", "c1", "2026-04-05"),
    referral("f2", "c1", "2026-05-05"),
    referral("f3", "c3", "2026-05-05"),
    referral("f4", "c5", "2026-05-05", "c5"),
    referral("f5", "nobody", "2026-05-05"),
]
CONTACTS = [
    contact("c1", "2026-01-05", "outbound"),
    contact("c1", "2026-04-10", "inbound"), contact("c1", "2026-04-10", "outbound"),
    contact("c2", "2026-04-10", "inbound"), contact("c2", "2026-04-14", "outbound"),
    contact("c3", "2026-04-10", "inbound"), contact("c3", "2026-04-25", "outbound"),
    contact("c4", "2026-04-10", "inbound", None), contact("c4", "2026-04-12", "outbound", "incentivization", arm="holdout"),
    contact("c4", "2026-04-16", "outbound", "incentivization", arm="treated"),
    contact("c5", "2026-04-10", "inbound", "desire"),
    contact("c6", "2026-04-10", "inbound"),  # no customer yet
    contact("c7", "2026-07-20", "outbound"),
]  # fmt: skip
SPEND = [
    spend("2026-04-01", "search", 300, "acquisition"),
    spend("2026-05-01", "points", 60, "retention"),
    spend("2026-06-01", "points", 40, "retention"),
]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("scorecard")) as workspace:
        kinds = {"sales": SALES, "reorders": REORDERS, "referrals": REFERRALS, "touchpoints": CONTACTS}
        for kind, rows in {**kinds, "spend": SPEND}.items():
            assert load(workspace, kind, rows).committed
        yield workspace


@pytest.fixture(scope="module")
def found(company):
    return scorecard(company)


def test_the_newest_finished_quarter_is_looked_at(company, found):
    assert [(q.first_day, q.finished) for q in quarters_of(company)] == [
        (Q1, True), (Q2, True), (date(2026, 7, 1), False),
    ]  # fmt: skip
    assert found.quarter.first_day == Q2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retention_budget_share", 100 / 400),  # the incentive is a part of the programme's spend
        ("repeat_rate", 4 / 5),  # c1, c2, c4, c8 of these and c6
        ("nrr", (150 + 40 + 100) / 500),
        ("grr", (100 + 40 + 100) / 500),
        (
            "referral_rate",
            2 / 6,
        ),  # c1, c3; of c1, c2, c4, c6, c8 and c3. c5 refers itself, nobody is no customer
        ("answer_days", 4.0),  # 0, 4 and 6 days; the holdout got nothing
        ("unanswered_share", 1 / 4),  # c3, after 15 days
    ],
)
def test_by_hand(found, name, value):
    assert found.line(name).value.value == pytest.approx(value)


def test_a_second_order_within_180_days_stands_for_satisfaction(company):
    line = scorecard(company, quarter=date(2026, 8, 1)).line("satisfaction")
    # c1 to c3 won on 2 January are judged on 1 July; c4 and c5 only after the data end
    assert line.value == wilson(2, 3)
    assert line.definition.label == "New customers who came again"


def test_a_stage_decides_where_there_is_one(tmp_path):
    with Workspace.open(tmp_path) as workspace:
        rows = [*SALES, sale("s0", "c0", "2025-06-01", 10), sale("s9", "c9", "2026-12-31", 10)]
        load(workspace, "sales", rows)
        load(
            workspace,
            "touchpoints",
            [
                contact("c0", "2025-06-01", "inbound", "awareness"),
                contact("c2", "2026-02-01", "inbound", "satisfaction"),
                contact("c3", "2026-12-01", "inbound", "satisfaction"),  # too late
            ],
        )
        line = scorecard(workspace, quarter=date(2026, 7, 1)).line("satisfaction")
    assert line.value == wilson(1, 5)
    assert line.definition.label == "New customers satisfied"


def test_people_are_held_against_their_segments(found):
    people = found.people.rows.set_index(["measure", "rep_id"])
    assert found.people.first_day == Q1
    # Ann: c1 and c2 of three come back, Ben: c4 of three; three in six do
    assert people.loc[("repeat", "Ann"), "value"] == pytest.approx(2 / 3)
    assert people.loc[("repeat", "Ann"), "expected"] == pytest.approx(3 / 6)
    assert people.loc[("kept", "Ann"), "value"] == pytest.approx(140 / 300)
    assert people.loc[("kept", "Ben"), "value"] == pytest.approx(100 / 200)
    assert people.loc[("referrals", "Ann"), "value"] == 3
    assert people.loc[("margin", "Ann")].isna()[["value", "ratio"]].all()
    assert set(found.people.rows["verdict"]) == {"cannot tell"}
    assert found.people.recognised == ()


def test_the_case_has_the_same_figures(company, found):
    figures = {f.name: f for f in case(company, Filters(Q2, date(2026, 6, 30))).figures}
    for name in ("repeat_rate", "retention_budget_share"):
        line = found.line(name)
        assert line.value.value == pytest.approx(figures[name].value)
        assert (line.definition.label, line.definition.formula) == (
            figures[name].label,
            figures[name].formula,
        )


def test_an_unfinished_quarter_is_marked(company):
    made = scorecard(company, quarter=date(2026, 7, 1))
    assert not made.quarter.finished
    assert "2026 Q3" in made.sentence
    assert "so far" in made.sentence
    assert "not wholly in the data" in made.notes[0]


def test_the_filter_s_days_choose_the_quarter(company):
    assert scorecard(company, Filters(None, date(2026, 4, 30))).quarter.first_day == Q1


def test_a_quarter_without_orders_is_a_mistake(company):
    with pytest.raises(ValueError, match="There are no orders in 2020 Q1; there are some from 2026 Q1"):
        scorecard(company, quarter=date(2020, 1, 1))


def test_what_is_not_loaded_is_not_known(tmp_path):
    with Workspace.open(tmp_path) as workspace:
        assert scorecard(workspace).sentence.startswith("Not enough data")
        load(workspace, "sales", [sale("s1", "a", "2026-01-01", 10), sale("s2", "a", "2026-03-31", 10)])
        made = scorecard(workspace)
    known = {line.name for line in made.lines if line.value.known}
    assert known == {"repeat_rate"}
    assert [lack.kind for lack in made.missing] == ["spend", "touchpoints", "referrals", "sales"]
    assert made.sentence == (
        "In 2026 Q1 100 % of the buyers came back; there is no quarter before to compare with."
    )


class TestGoals:
    def test_every_figure_can_have_one(self):
        assert [d.name for d in definitions(by_stage=True)] == list(GOALS)

    @pytest.mark.parametrize(
        ("name", "goal", "status"),
        [
            ("repeat_rate", 0.8, "met"),
            ("repeat_rate", 0.842, "near"),
            ("repeat_rate", 0.85, "missed"),
            ("answer_days", 4, "met"),
            ("answer_days", 3.9, "near"),
            ("answer_days", 2, "missed"),
            ("unanswered_share", 0, "missed"),
        ],
    )
    def test_status(self, found, name, goal, status):
        assert replace(found.line(name), goal=goal).status == status

    def test_no_goal_or_no_figure_has_no_status(self, found):
        assert found.line("repeat_rate").status == ""
        assert replace(found.line("satisfaction"), goal=0.5, value=Interval(*[float("nan")] * 3)).status == ""

    def test_they_survive_closing_and_opening_and_build_nothing_anew(self, tmp_path):
        with Workspace.open(tmp_path) as workspace:
            load(workspace, "sales", SALES)
            before, snapshot = workspace.fingerprint(), workspace.snapshot
            workspace.change_settings(goals={"repeat_rate": 0.7, "answer_days": 2})
            assert workspace.snapshot != snapshot
        with Workspace.open(tmp_path) as workspace:
            assert dict(workspace.settings.goals) == {"repeat_rate": 0.7, "answer_days": 2.0}
            assert workspace.fingerprint() == before
            assert not workspace.doctor(deep=True)
            workspace.change_settings(goals={})
            assert workspace.snapshot == snapshot

    @pytest.mark.parametrize(
        ("goals", "text"),
        [
            ({"profit": 1}, "no figure 'profit'"),
            ({"repeat_rate": 70}, "from 0 to 1"),
            ({"answer_days": float("nan")}, "from 0 to 14"),
            ({"grr": "high"}, "from 0 to 1"),
        ],
    )
    def test_impossible_ones_are_refused(self, company, goals, text):
        with pytest.raises(WorkspaceError, match=text):
            company.change_settings(goals=goals)


class TestIntervals:
    def test_wilson(self):
        """Ten of ten, at 80 %: the lower end is n / (n + z²)."""
        z2 = 1.2815515655446004**2
        assert wilson(10, 10) == Interval(1.0, pytest.approx(10 / (10 + z2)), 1.0)
        assert not wilson(0, 0).known

    def test_a_share_lies_in_its_interval_and_both_in_0_to_1(self):
        for whole in range(1, 40):
            for part in range(whole + 1):
                share = wilson(part, whole)
                assert 0 <= share.low <= share.value <= share.high <= 1

    def test_the_median_lies_between_order_statistics(self):
        # 20 values, ranks 10 ± 1.28 × √20 / 2 = 7.1 to 12.9: the seventh and the fourteenth
        assert median_of_days(range(20), [1] * 20) == Interval(9.5, 6.0, 13.0)
        few = median_of_days([2], [1])
        assert few.value == 2
        assert few.low != few.low  # not known

    def test_shares_of_the_sample_lie_in_0_to_1(self, sample):
        for line in scorecard(sample).lines:
            for _day, past in line.history:
                if past.known and line.definition.unit == "share":
                    assert 0 <= past.value <= 1
                    assert not past.low > past.value
                    assert not past.high < past.value


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample")) as workspace:
        workspace.load_sample()
        yield workspace


class TestSample:
    def test_every_quarter_has_the_case_s_figures(self, sample):
        for day in (date(2025, 4, 1), date(2026, 7, 1)):
            made = scorecard(sample, quarter=day)
            figures = {f.name: f.value for f in case(sample, Filters(day, made.quarter.last_day)).figures}
            for name in ("repeat_rate", "retention_budget_share"):
                assert made.line(name).value.value == pytest.approx(figures[name])

    def test_revenue_retention_is_that_of_the_retention_page(self, sample):
        made = scorecard(sample)
        kept = revenue_retention(sample).set_index("quarter")
        for name in ("nrr", "grr"):
            for day, past in made.line(name).history[1:]:
                assert past.value == kept.loc[str(day), name]
                assert past.low < past.value < past.high

    def test_a_narrowed_scorecard_has_no_budget_and_says_so(self, sample):
        made = scorecard(sample, Filters(segments=("office",)))
        assert not made.line("retention_budget_share").value.known
        assert any("Spend is not recorded by segment" in note for note in made.notes)
        assert made.line("repeat_rate").value.value < 1

    def test_a_manager_with_ten_customers_is_not_on_top_by_luck(self, sample):
        people = scorecard(sample).people
        small = people.rows[people.rows["rep_id"] == "AM-08"]
        assert (small["customers"] < 15).all()
        assert (small["verdict"] == "cannot tell").all()
        assert [one.rep_id for one in people.recognised] == ["AM-02"]

    def test_who_truly_has_customers_that_come_back_is_found(self, sample, repository):
        import json

        truth = json.loads((repository / "data/sample/truth.json").read_text(encoding="utf-8"))
        true = {name: facts["relative_repeat_chance"] for name, facts in truth["account_managers"].items()}
        repeat = scorecard(sample).people.of("repeat").set_index("rep_id")["ratio"]
        large = [name for name in true if name != "AM-08"]
        assert repeat[large].idxmax() == max(large, key=true.__getitem__) == "AM-02"
        assert repeat[large].idxmin() == min(large, key=true.__getitem__) == "AM-06"


def line_of(name: str, value: float, before: float, half: float) -> Line:
    definition = next(d for d in definitions(by_stage=True) if d.name == name)
    return Line(
        definition,
        Interval(value, value - half, value + half),
        Interval(before, before - half, before + half),
    )


def test_a_move_within_chance_is_no_move():
    assert line_of("repeat_rate", 0.70, 0.60, 0.02).moved(Interval(0.60, 0.58, 0.62))
    assert not line_of("repeat_rate", 0.70, 0.68, 0.02).moved(Interval(0.68, 0.66, 0.70))
