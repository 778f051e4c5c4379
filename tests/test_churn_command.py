"""`churn` on the command line: an object with the judged figures, or exit status 5 and a sentence."""

import json

from analytics.commands import main

FIGURES = (
    "auc",
    "brier",
    "baseline_auc",
    "baseline_brier",
    "lift_top_decile",
    "customers_at_risk",
    "value_at_risk",
)


def test_too_little_data_is_exit_status_5_and_a_sentence(tmp_path, capsys):
    file = tmp_path / "sales.csv"
    file.write_text(
        "order_id,customer_id,order_date,amount\nS-1,001,2026-07-01,120.50\nS-2,002,2026-07-02,80\n"
    )
    place = str(tmp_path / "company")
    assert main(["ingest", "sales", str(file), "--workspace", place, "--json"]) == 0
    capsys.readouterr()
    assert main(["churn", "--workspace", place]) == 5
    assert "needs 240 days of orders, and there are 2" in capsys.readouterr().out
    assert main(["churn", "--workspace", place, "--json"]) == 5
    answer = json.loads(capsys.readouterr().out)
    assert [answer[name] for name in FIGURES] == [None] * len(FIGURES)


def test_the_sample_is_judged_and_the_forecast_beats_recency(tmp_path, capsys):
    place = str(tmp_path / "sample")
    assert main(["sample", "--workspace", place, "--json"]) == 0
    capsys.readouterr()
    assert main(["churn", "--workspace", place, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["auc"] > answer["baseline_auc"] > 0.5
    assert answer["brier"] < answer["baseline_brier"]
    assert 1 < answer["lift_top_decile"] < 2
    assert 0 < answer["customers_at_risk"] < answer["customers"]
    assert answer["value_is"] == "margin"
    assert answer["judged"] == {"first": "2026-07-03", "last": "2026-09-30"}
