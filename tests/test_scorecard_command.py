"""`python -m analytics scorecard` and the goals in `settings`."""

import pytest

from analytics.commands import main


def test_scorecard_of_the_sample(asked):
    found = asked("scorecard")
    assert found["quarter"] == "2026Q3"
    assert {"snapshot", "quarter", "figures", "people", "sentence"} <= set(found)
    names = [figure["name"] for figure in found["figures"]]
    assert names[:2] == ["retention_budget_share", "repeat_rate"]
    repeat = found["figures"][1]
    assert {"value", "low", "high", "before", "year_before", "goal", "status"} <= set(repeat)
    assert repeat["low"] < repeat["value"] < repeat["high"]
    assert repeat["status"] is None
    people = [person["rep_id"] for person in found["people"]]
    assert people == [f"AM-{n:02d}" for n in range(1, 9)]
    assert found["people"][0]["repeat"]["verdict"] == "cannot tell"


def test_goals_are_set_one_by_one_and_taken_away(asked):
    asked("settings", "--goal", "repeat_rate=0.6", "--goal", "grr=0.9")
    goals = asked("settings", "--goal", "grr=none", "--goal", "answer_days=2")["settings"]["goals"]
    assert goals == {"repeat_rate": 0.6, "answer_days": 2.0}
    found = {figure["name"]: figure for figure in asked("scorecard")["figures"]}
    assert found["repeat_rate"]["status"] == "met"
    assert found["answer_days"]["status"] == "missed"
    asked("settings", "--goal", "repeat_rate=none", "--goal", "answer_days=none")


@pytest.mark.parametrize("goal", ["repeat_rate=high", "repeat_rate=70", "profit=1"])
def test_an_impossible_goal_is_refused(sample, capsys, goal):
    assert main(["settings", "--workspace", str(sample), "--goal", goal]) == 4
    assert goal.split("=")[0] in capsys.readouterr().err


def test_the_first_line_is_the_answer(sample, capsys):
    assert main(["scorecard", "--workspace", str(sample), "--quarter", "2026Q1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("In 2026 Q1 the largest move")
    assert lines[2].startswith("  Repeat rate: 70.9 % (69.")


def test_a_quarter_without_orders_is_wrong_usage(sample, capsys):
    assert main(["scorecard", "--workspace", str(sample), "--quarter", "2019Q1"]) == 2
    assert "no orders in 2019 Q1" in capsys.readouterr().err


def test_too_little_data_is_status_5_and_a_sentence(tmp_path, capsys):
    assert main(["scorecard", "--workspace", str(tmp_path / "empty")]) == 5
    assert capsys.readouterr().out.startswith("Not enough data")
