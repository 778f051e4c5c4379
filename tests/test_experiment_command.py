"""`python -m analytics settings --experiment`: typed in, used by the budget, taken away."""

import pytest

from analytics.commands import main

TEXT = "paid_search,acquisition,2026-03-01,2026-04-30,3200,0,60,50,70"


def test_an_experiment_is_typed_in_used_and_taken_away(asked):
    before, plain = asked("settings"), asked("budget")
    kept = asked("settings", "--experiment", f"North, search off={TEXT}")
    assert kept["settings"]["experiments"] == {
        "North, search off": {
            "line": "paid_search", "motion": "acquisition", "first_day": "2026-03-01", "last_day": "2026-04-30",
            "spend_with": 3200.0, "spend_without": 0.0, "effect": 60.0, "low": 50.0, "high": 70.0,
        }
    }  # fmt: skip
    found = asked("budget")
    assert found["snapshot"] == kept["snapshot"] != before["snapshot"]
    assert found["recommended"]["paid_search"] < plain["recommended"]["paid_search"]
    assert found["notes"][0].startswith(
        "The experiment North, search off measured 60 (50 to 70) of paid_search"
    )
    assert any("North, search off" in note for note in asked("case")["notes"])
    after = asked("settings", "--experiment", "North, search off=none")
    assert after["snapshot"] == before["snapshot"]
    assert asked("budget") == plain


@pytest.mark.parametrize("text", ["north=none", "north=1,2", f"north={TEXT.replace('3200', 'much')}"])
def test_an_impossible_experiment_is_refused(sample, capsys, text):
    assert main(["settings", "--workspace", str(sample), "--experiment", text]) == 4
    assert "north" in capsys.readouterr().err
