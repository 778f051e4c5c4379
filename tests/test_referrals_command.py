"""`referrals` on the command line: the tables behind the page, or exit status 5 and a sentence."""

from analytics.commands import main


def test_without_referrals_it_is_exit_status_5_and_a_sentence(two_orders, capsys, ask):
    assert main(["referrals", "--workspace", str(two_orders)]) == 5
    assert capsys.readouterr().out.startswith("No referrals are loaded.\n")
    status, answer = ask("referrals", two_orders)
    assert status == 5
    assert answer["k"] is None


def test_the_sample_s_tables(asked):
    asked("settings", "--referral-caused-share", 0.4)
    answer = asked("referrals")
    assert answer["converted"] == sum(row["referred"] for row in answer["generations"]) == 374
    assert answer["caused_share"] == 0.4
    assert answer["limit"] > answer["customers"]
    assert [row["kind"] for row in answer["three_cs"]] == ["content", "conversation", "commendation"]
    assert answer["referred_against_others"]["margin"]["ratio"]["value"] > 0
    assert answer["worth_per_referral"]["low"] < answer["worth_per_referral"]["value"]
