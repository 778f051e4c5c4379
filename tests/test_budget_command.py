"""`python -m analytics budget`: the names that scripts rely on, limits, and exit statuses with a sentence."""

import pytest

from analytics.commands import main


@pytest.fixture
def split(ask, sample):
    """The budget of the sample company."""

    def split(*arguments) -> dict:
        status, found = ask("budget", sample, *arguments)
        assert status == 0
        return found

    return split


def test_the_names_that_scripts_rely_on(split):
    found = split("--expected")
    assert (
        set(found["current"]) == set(found["recommended"]) == {curve["channel"] for curve in found["curves"]}
    )
    assert sum(found["recommended"].values()) == pytest.approx(sum(found["current"].values()), abs=1)
    gain = found["expected_gain"]
    assert gain["low"] < gain["value"] < gain["high"]
    assert gain["value"] > 0
    assert {"channel", "base", "ceiling", "k", "observed_low", "observed_high"} <= set(found["curves"][0])
    assert found["binding"]
    assert {"limit", "shadow_price"} <= set(found["binding"][0])
    assert found["missing"] == []
    assert 0 < found["share_now"] < found["share_best"] < 1


def test_locks_and_limits_are_kept(split):
    found = split(
        "--expected",
        "--total",
        "8000",
        "--lock",
        "display=900",
        "--min",
        "birthday_gift=50",
        "--max",
        "ambassador=400",
    )
    assert sum(found["recommended"].values()) == pytest.approx(8000, abs=1)
    assert found["recommended"]["display"] == 900
    assert found["recommended"]["birthday_gift"] == 50
    assert found["recommended"]["ambassador"] <= 400
    prices = {limit["limit"]: limit["shadow_price"] for limit in found["binding"]}
    assert {"lock display", "min birthday_gift", "max ambassador"} <= set(prices)
    assert min(prices.values()) > 0


def test_a_higher_target_spends_less(split):
    low, high = (sum(split("--target-marginal-roi", roi)["recommended"].values()) for roi in ("0", "0.5"))
    assert high < low


def test_a_bold_split_moves_further_than_the_cautious_one(split):
    cautious, bold = split(), split("--expected")
    assert cautious == split("--cautious")
    assert bold["expected_gain"]["value"] > cautious["expected_gain"]["value"]


def test_the_first_line_is_the_answer(sample, capsys):
    assert main(["budget", "--workspace", str(sample)]) == 0
    first, second, *_rest = capsys.readouterr().out.splitlines()
    assert first.startswith("Moving €")
    assert "a month now" in second


def test_limits_that_no_split_can_keep_are_wrong_usage(sample, capsys):
    assert main(["budget", "--workspace", str(sample), "--lock", "radio=5"]) == 2
    assert "no response curve of radio" in capsys.readouterr().err
    assert main(["budget", "--workspace", str(sample), "--total", "100", "--min", "display=200"]) == 2
    assert "below the" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [("--lock", "display"), ("--lock", "=5"), ("--max", "display=-1"), ("--min", "display=much"),
     ("--total", "5", "--target-marginal-roi", "0")],
)  # fmt: skip
def test_what_cannot_be_meant_is_wrong_usage(wrong, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["budget", "--workspace", str(tmp_path), *wrong])
    assert ended.value.code == 2


def test_too_little_data_is_status_5_and_a_sentence(tmp_path, capsys, ask):
    assert main(["budget", "--workspace", str(tmp_path / "empty")]) == 5
    assert capsys.readouterr().out.startswith("The budget cannot be simulated yet. No orders are loaded.")
    status, found = ask("budget", tmp_path / "empty")
    assert status == 5
    assert found["recommended"] == {}
    assert found["expected_gain"] is None
    assert found["missing"]
