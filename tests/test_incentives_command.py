"""`incentives` on the command line: the tables behind the page, or exit status 5 and a sentence."""

from analytics.commands import main


def test_too_little_data_is_exit_status_5_and_a_sentence(two_orders, capsys, ask):
    assert main(["incentives", "--workspace", str(two_orders)]) == 5
    assert capsys.readouterr().out.startswith("No programme, incentive or reward is recorded.")
    status, answer = ask("incentives", two_orders)
    assert status == 5
    assert answer["programmes"] == answer["grid"] == []


def test_the_sample_has_every_table(asked):
    asked("settings", "--points-outstanding", 2500)
    answer = asked("incentives")
    for name in ("programmes", "kinds", "grid", "buyers", "schedule"):
        assert answer[name]
    assert answer["points"]["outstanding"] == 2500
    assert answer["margin_per_customer"]["low"] > 0
