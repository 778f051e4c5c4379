"""`python -m analytics value`: the names that scripts rely on, and exit status 5 with a sentence."""

import pytest

from analytics.commands import main


def test_value_of_the_sample(sample, ask):
    status, found = ask("value", sample)
    assert status == 0
    assert set(found["bg_nbd"]) == {"r", "alpha", "a", "b", "log_likelihood"}
    assert set(found["gamma_gamma"]) == {"p", "q", "v"}
    assert found["customers"] == 4248
    assert found["residual_value"] > 0
    assert found["holdout"]["expected"] == pytest.approx(found["holdout"]["actual"], rel=0.2)


def test_a_longer_horizon_is_worth_more(sample, ask):
    half_a_year, two_years = (ask("value", sample, "--horizon", months)[1] for months in (6, 24))
    assert half_a_year["residual_value"] < two_years["residual_value"]


def test_the_first_line_is_the_answer(sample, capsys):
    assert main(["value", "--workspace", str(sample)]) == 0
    assert capsys.readouterr().out.startswith("A new customer is worth ")


def test_too_little_data_is_status_5_and_a_sentence(tmp_path, capsys, ask):
    assert main(["value", "--workspace", str(tmp_path / "empty")]) == 5
    assert capsys.readouterr().out.startswith("Not enough data")
    status, found = ask("value", tmp_path / "empty")
    assert (status, found["bg_nbd"]) == (5, None)


def test_an_impossible_assumption_is_wrong_usage(tmp_path, capsys):
    assert main(["value", "--workspace", str(tmp_path / "empty"), "--horizon", "0"]) == 2
    assert "horizon" in capsys.readouterr().err
