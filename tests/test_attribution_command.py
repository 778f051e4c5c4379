"""The command `attribution`: the object that scripts rely on, and its exit status."""

import pytest

from analytics.commands import DONE, TOO_LITTLE, USAGE
from analytics.warehouse.store import Workspace
from tests.warehouse.staged_files import load, sale


@pytest.fixture
def company(tmp_path):
    with Workspace.open(tmp_path / "company") as workspace:
        load(workspace, "sales", [
            sale("o1", "ann", "2026-02-10", 100, "search"), sale("o2", "bob", "2026-02-11", 50.5, "search"),
        ])  # fmt: skip
        yield workspace


def contacts(workspace) -> None:
    days = {"ann": "2026-02-01", "bob": "2026-02-02", "cem": "2026-02-03"}
    load(workspace, "touchpoints", [
        *({"customer_id": name, "touched_at": day, "channel": "display"} for name, day in days.items()),
        {"customer_id": "ann", "touched_at": "2026-02-09", "channel": "search"},
    ])  # fmt: skip


def test_credit_adds_up_to_the_total(company, ask):
    contacts(company)
    status, answer = ask("attribution", company.directory, "--model", "last", "--credit", "revenue")
    assert status == DONE
    assert list(answer) == ["model", "total", "credit"]
    assert (answer["model"], answer["total"]) == ("last", 150.5)
    assert [list(line) for line in answer["credit"]] == [["channel", "credit", "low", "high"]] * 2
    assert {line["channel"]: line["credit"] for line in answer["credit"]} == {"search": 100, "display": 50.5}


def test_markov_is_the_default(company, ask):
    contacts(company)
    status, answer = ask("attribution", company.directory)
    assert (status, answer["model"], answer["total"]) == (DONE, "markov", 2)
    assert ask("attribution", company.directory, "--order", "3")[1]["total"] == 2


def test_without_contacts_the_record_is_given_and_named(company, ask):
    status, answer = ask("attribution", company.directory, "--model", "shapley")
    assert status == TOO_LITTLE
    assert (answer["model"], answer["total"]) == ("recorded", 2)
    assert ask("attribution", company.directory, "--model", "recorded")[0] == DONE


def test_too_little_data(company, ask, tmp_path):
    assert ask("attribution", tmp_path / "empty") == (
        TOO_LITTLE,
        {"model": "recorded", "total": None, "credit": []},
    )
    status, answer = ask("attribution", company.directory, "--credit", "margin")
    assert (status, answer["total"]) == (TOO_LITTLE, None)


@pytest.mark.parametrize(
    "options",
    [
        ("--model", "magic"),
        ("--order", "4"),
        ("--credit", "clicks"),
        ("--look-back-days", "0"),
        ("--journeys-to", "x"),
    ],
)
def test_what_cannot_be_meant(company, ask, options):
    assert ask("attribution", company.directory, *options)[0] == USAGE
