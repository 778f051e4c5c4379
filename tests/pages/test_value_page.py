"""The value page in each of the four states of a workspace."""

import csv

import pytest

from analytics.decisions.customer_value import customer_value
from analytics.warehouse.sample import sample_file
from analytics.warehouse.store import Workspace
from tests.pages.conftest import STATES, answer


@pytest.mark.parametrize(("state", "charts"), [("sample", 5), ("empty", 0), ("core", 3), ("full", 5)])
def test_it_answers_with_the_library_s_sentence(visit, home, state, charts):
    app = visit(state, "value")
    assert not app.exception
    assert not app.error
    with Workspace.open(home / STATES[state][0]) as workspace:
        assert answer(app) == customer_value(workspace).sentence
    assert len(app.get("plotly_chart")) == charts


def test_without_data_it_offers_the_template_of_what_is_missing(visit):
    assert [b.label for b in visit("empty", "value").download_button] == ["Template: sales"]


def test_the_groups_can_be_changed(visit):
    app = visit("sample", "value")
    control = next(c for c in app.get("button_group") if c.key == "value by")
    assert control.value == "channel"
    control.set_value("cohort").run()
    assert not app.exception
    assert "first order in" in app.dataframe[-1].value.columns


def test_a_shorter_horizon_is_said(visit):
    assert "over 6 months" in answer(visit("sample", "value", horizon="6"))


def test_in_revenue_nothing_is_called_margin(visit, home, tmp_path):
    """Core data without a margin, as the first exports of a company often are."""
    export = tmp_path / "sales.csv"
    columns = ("order_id", "customer_id", "order_date", "amount")
    with sample_file("reorders").open(encoding="utf-8") as file:
        lines = [",".join(row[name] for name in columns) for row in csv.DictReader(file)]
    export.write_text("\n".join([",".join(columns), *lines]), encoding="utf-8")
    with Workspace.open(home / "no-margin") as workspace:
        assert workspace.ingest(export, "sales").committed
    app = visit("core", "value", workspace="no-margin")
    assert not app.exception
    assert "of revenue over a year (total)" in answer(app)
    assert "margin" not in answer(app)
    assert len(app.get("plotly_chart")) == 3
