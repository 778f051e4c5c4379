"""The sample company's known truth: what referred customers are worth more."""

import json

import pytest

from analytics.decisions.referrals import referrals
from analytics.warehouse.store import Workspace


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample") / "workspace") as opened:
        opened.load_sample()
        yield referrals(opened)


@pytest.fixture(scope="module")
def truth(repository):
    return json.loads((repository / "data/sample/truth.json").read_text(encoding="utf-8"))[
        "referred_customers"
    ]


def test_the_lead_has_the_right_sign_and_the_true_size_lies_within_its_range(found, truth):
    lead = found.leads.margin
    assert found.leads.months == 12
    assert lead.matched_share > 0.95
    assert lead.ratio.low > 0
    assert lead.ratio.low <= truth["uplift"] <= lead.ratio.high
    true_difference = truth["twelve_month_margin"] - truth["twelve_month_margin_if_not_referred"]
    assert lead.difference.low <= true_difference <= lead.difference.high


def test_k_counts_what_the_file_holds(found):
    reach = found.reach
    assert (reach.invitations, reach.converted, reach.referrers) == (1146, 374, 551)
    assert reach.k.value == pytest.approx(374 / reach.customers)
    assert found.generations.referred == 374
    assert found.kinds["converted"].sum() == 374


def test_corners_hold_every_customer_once(found):
    assert found.map.corners["customers"].sum() == found.reach.customers
    assert found.map.corners["friends"].sum() == 374
    assert found.abuse.found == 0
