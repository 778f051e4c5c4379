"""`referrals` on the command line: the tables behind the page, or exit status 5 and a sentence."""

import json

from analytics.commands import main


def test_without_referrals_it_is_exit_status_5_and_a_sentence(tmp_path, capsys):
    file = tmp_path / "sales.csv"
    file.write_text(
        "order_id,customer_id,order_date,amount\nS-1,001,2026-07-01,120.50\nS-2,002,2026-07-02,80\n"
    )
    place = str(tmp_path / "company")
    assert main(["ingest", "sales", str(file), "--workspace", place, "--json"]) == 0
    capsys.readouterr()
    assert main(["referrals", "--workspace", place]) == 5
    assert capsys.readouterr().out.startswith("No referrals are loaded.\n")
    assert main(["referrals", "--workspace", place, "--json"]) == 5
    assert json.loads(capsys.readouterr().out)["k"] is None


def test_the_sample_s_tables(tmp_path, capsys):
    place = str(tmp_path / "sample")
    assert main(["sample", "--workspace", place, "--json"]) == 0
    assert main(["settings", "--workspace", place, "--referral-caused-share", "0.4"]) == 0
    capsys.readouterr()
    assert main(["referrals", "--workspace", place, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["converted"] == sum(row["referred"] for row in answer["generations"]) == 374
    assert answer["caused_share"] == 0.4
    assert answer["limit"] > answer["customers"]
    assert [row["kind"] for row in answer["three_cs"]] == ["content", "conversation", "commendation"]
    assert answer["referred_against_others"]["margin"]["ratio"]["value"] > 0
    assert answer["worth_per_referral"]["low"] < answer["worth_per_referral"]["value"]
