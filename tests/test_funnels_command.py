"""`python -m analytics funnels`: the names that scripts rely on, and exit status 5 with a sentence."""

import pytest

from analytics.commands import main


def test_funnels_of_the_sample_cost_what_the_case_says(sample, ask):
    days = ("--from", "2025-10-01", "--to", "2026-09-30")
    status, found = ask("funnels", sample, *days)
    made = ask("case", sample, *days)[1]
    assert status == 0
    for funnel, side in (("aidas", "acquisition"), ("flipped", "retention")):
        spend = sum(stage["spend"] for stage in found[funnel]["stages"]) + found[funnel]["unallocated"]
        assert spend == pytest.approx(made[side]["spend"], abs=0.05)
        assert found[funnel]["margin"]["value"] == made[side]["incremental"]["margin"]["value"]
    people = [stage["people"] for stage in found["aidas"]["stages"]]
    assert people == sorted(people, reverse=True)
    assert found["new_customers_brought"] <= found["new_customers_referred"]


def test_the_first_line_is_the_answer(sample, capsys):
    assert main(["funnels", "--workspace", str(sample)]) == 0
    assert capsys.readouterr().out.startswith("Out of every 1,000 spent, the classic funnel ends with ")


def test_without_orders_it_is_status_5_and_a_sentence(tmp_path, ask):
    status, found = ask("funnels", tmp_path / "empty")
    assert status == 5
    assert found["aidas"] is None
    assert found["sentence"].startswith("No orders are loaded.")


def test_days_that_end_before_they_begin_are_wrong_usage(sample, capsys):
    days = ("--from", "2026-09-30", "--to", "2026-01-01")
    assert main(["funnels", "--workspace", str(sample), *days]) == 2
    assert "before it begins" in capsys.readouterr().err
