"""`churn` on the command line: an object with the judged figures, or exit status 5 and a sentence."""

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


def test_too_little_data_is_exit_status_5_and_a_sentence(two_orders, capsys, ask):
    assert main(["churn", "--workspace", str(two_orders)]) == 5
    assert "needs 240 days of orders, and there are 2" in capsys.readouterr().out
    status, answer = ask("churn", two_orders)
    assert status == 5
    assert [answer[name] for name in FIGURES] == [None] * len(FIGURES)


def test_the_sample_is_judged_and_the_forecast_beats_recency(sample, ask):
    status, answer = ask("churn", sample)
    assert status == 0
    assert answer["auc"] > answer["baseline_auc"] > 0.5
    assert answer["brier"] < answer["baseline_brier"]
    assert 1 < answer["lift_top_decile"] < 2
    assert 0 < answer["customers_at_risk"] < answer["customers"]
    assert answer["value_is"] == "margin"
    assert answer["judged"] == {"first": "2026-07-03", "last": "2026-09-30"}
