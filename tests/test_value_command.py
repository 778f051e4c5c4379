"""`python -m analytics value`: the names that scripts rely on, and exit status 5 with a sentence."""

import json

import pytest

from analytics.commands import main
from analytics.warehouse.store import Workspace


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    directory = tmp_path_factory.mktemp("sample")
    with Workspace.open(directory) as workspace:
        workspace.load_sample()
    return directory


def test_value_of_the_sample(sample, capsys):
    assert main(["value", "--workspace", str(sample), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["bg_nbd"]) == {"r", "alpha", "a", "b", "log_likelihood"}
    assert set(found["gamma_gamma"]) == {"p", "q", "v"}
    assert found["customers"] == 4248
    assert found["residual_value"] > 0
    assert found["holdout"]["expected"] == pytest.approx(found["holdout"]["actual"], rel=0.2)


def test_a_longer_horizon_is_worth_more(sample, capsys):
    values = []
    for months in ("6", "24"):
        assert main(["value", "--workspace", str(sample), "--json", "--horizon", months]) == 0
        values.append(json.loads(capsys.readouterr().out)["residual_value"])
    assert values[0] < values[1]


def test_the_first_line_is_the_answer(sample, capsys):
    assert main(["value", "--workspace", str(sample)]) == 0
    assert capsys.readouterr().out.startswith("A new customer is worth ")


def test_too_little_data_is_status_5_and_a_sentence(tmp_path, capsys):
    assert main(["value", "--workspace", str(tmp_path / "empty")]) == 5
    assert capsys.readouterr().out.startswith("Not enough data")
    assert main(["value", "--workspace", str(tmp_path / "empty"), "--json"]) == 5
    assert json.loads(capsys.readouterr().out)["bg_nbd"] is None


def test_an_impossible_assumption_is_wrong_usage(tmp_path, capsys):
    assert main(["value", "--workspace", str(tmp_path / "empty"), "--horizon", "0"]) == 2
    assert "horizon" in capsys.readouterr().err
