"""`incentives` on the command line: the tables behind the page, or exit status 5 and a sentence."""

import json

from analytics.commands import main


def test_too_little_data_is_exit_status_5_and_a_sentence(tmp_path, capsys):
    file = tmp_path / "sales.csv"
    file.write_text("order_id,customer_id,order_date,amount\nS-1,001,2026-07-01,120.50\n", encoding="utf-8")
    place = str(tmp_path / "company")
    assert main(["ingest", "sales", str(file), "--workspace", place, "--json"]) == 0
    capsys.readouterr()
    assert main(["incentives", "--workspace", place]) == 5
    assert capsys.readouterr().out.startswith("No programme, incentive or reward is recorded.")
    assert main(["incentives", "--workspace", place, "--json"]) == 5
    answer = json.loads(capsys.readouterr().out)
    assert answer["programmes"] == answer["grid"] == []


def test_the_sample_has_every_table(tmp_path, capsys):
    place = str(tmp_path / "sample")
    assert main(["sample", "--workspace", place, "--json"]) == 0
    assert main(["settings", "--points-outstanding", "2500", "--workspace", place, "--json"]) == 0
    capsys.readouterr()
    assert main(["incentives", "--workspace", place, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    for name in ("programmes", "kinds", "grid", "buyers", "schedule"):
        assert answer[name]
    assert answer["points"]["outstanding"] == 2500
    assert answer["margin_per_customer"]["low"] > 0
