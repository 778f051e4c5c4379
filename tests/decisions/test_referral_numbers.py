"""Referrals of eight customers, every table worked out by hand, through the real warehouse."""

import math
from datetime import date

import numpy as np
import pytest

from analytics.decisions import referral_sentences
from analytics.decisions.referral_json import referral_json
from analytics.decisions.referral_rates import mean, median
from analytics.decisions.referral_trees import LEAVES, PEOPLE, TREES, communities
from analytics.decisions.referral_value import Terms, referral_value, reward_roi, value_map, worth_per_friend
from analytics.decisions.referrals import referrals
from analytics.models.referrals import forest
from analytics.warehouse import marts
from analytics.warehouse.errors import WorkspaceError
from analytics.warehouse.filters import Filters
from analytics.warehouse.settings import Settings
from analytics.warehouse.store import Workspace
from tests.warehouse.staged_files import load, referral, sale, spend


def order(customer, day, margin, segment="home", **more) -> dict:
    return sale(
        f"{customer}-{day}", customer, day, 2.5 * margin, "search", margin=margin, segment=segment, **more
    )


# ann brought cat and dan, cat brought eve, eve brought gus; bob invites in vain, and himself; gus names ann: a ring
SALES = [
    order("ann", "2026-01-01", 40), order("ann", "2026-02-01", 40), order("bob", "2026-01-05", 20, "office"),
    order("cat", "2026-02-01", 40), order("dan", "2026-02-11", 80), order("eve", "2026-03-21", 20),
    order("fay", "2026-03-01", 12), order("gus", "2026-04-03", 10), order("hal", "2026-06-30", 4),
]  # fmt: skip
REFERRALS = [
    referral("r1", "ann", "2026-01-20", "cat", kind="conversation", status="converted", reward_cost=5),
    referral("r2", "ann", "2026-02-01", "dan", kind="commendation", status="converted", reward_cost=5),
    referral("r3", "cat", "2026-03-01", "eve", kind="content", status="converted", reward_cost=0),
    referral("r4", "eve", "2026-04-01", "gus", kind="blog", status="converted"),
    referral("r5", "bob", "2026-03-05", None, kind="content", status="invited"),
    referral("r6", "bob", "2026-03-06", "bob", kind="content", reward_cost=3),
    referral("r7", "gus", "2026-04-10", "ann", kind="content"),
    referral("r8", "fay", "2026-01-25", "cat", kind="conversation"),
    referral("r9", "bob", "2026-05-01", "zed", status="rejected", reward_cost=2),
]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("eight") / "workspace") as opened:
        load(opened, "sales", SALES)
        load(opened, "referrals", REFERRALS)
        yield opened


@pytest.fixture(scope="module")
def found(company):
    return referrals(company)


def test_k_and_its_parts(found):
    reach = found.reach
    assert (reach.customers, reach.referrers, reach.invitations, reach.converted) == (8, 5, 7, 4)
    assert (reach.not_counted, reach.rejected, reach.by_strangers) == (2, 1, 0)
    assert reach.invitations_per_customer == 7 / 8
    assert reach.conversion.value == pytest.approx(4 / 7)
    assert reach.k.value == pytest.approx(0.5)
    assert reach.k.low < 0.5 < reach.k.high
    assert reach.limit == pytest.approx(16)


def test_the_cycle_is_the_median_of_days(found):
    assert found.cycle.days.value == 11  # of 2, 10, 12 and 20 days
    assert found.cycle.generation_days.value == 36  # of 13, 31, 41 and 48


def test_generations(found):
    totals = found.generations.totals
    assert totals[["generation", "referred", "value"]].to_numpy().tolist() == [
        [1, 2, 60],
        [2, 1, 20],
        [3, 1, 10],
    ]
    assert totals["share"].tolist() == [0.5, 0.25, 0.25]
    assert found.generations.second_share.value == 0.5
    quarters = [(f"{row.quarter:%Y-%m}", row.generation, row.referred) for row in found.generations.by_quarter.itertuples()]  # fmt: skip
    assert quarters == [("2026-01", 1, 2), ("2026-01", 2, 1), ("2026-04", 3, 1)]


def test_advocates(found):
    rows = found.advocates.set_index("customer_id")
    assert list(rows.index) == ["ann", "cat", "eve", "bob", "fay", "gus"]
    ann = rows.loc["ann"]
    assert (ann["referrals"], ann["friends"], ann["descendants"], ann["generations"]) == (2, 2, 4, 3)
    assert [ann[f"value_{n}"] for n in (1, 2, 3, "all")] == [120, 140, 150, 150]
    assert (ann["conversion"], ann["generation"], rows.loc["eve", "generation"]) == (1, 0, 2)
    assert rows.loc["bob", "conversion"] == 0


def test_referral_value_is_half_of_what_friends_brought_less_rewards(found):
    crv = found.advocates.set_index("customer_id")["referral_value"]
    assert crv.to_dict() == {"ann": 50, "cat": 10, "eve": 5, "bob": -5, "fay": 0, "gus": 0}
    assert found.worth.value == pytest.approx(15)  # (0.5 · (40 + 80 + 20 + 10) − 15) / 4
    assert found.worth_ends == (pytest.approx(-3.75), pytest.approx(33.75))


def test_acquisition_cost_is_saved_on_who_would_have_come_anyway(company, tmp_path):
    with Workspace.open(tmp_path / "workspace") as opened:
        load(opened, "sales", SALES)
        load(opened, "referrals", REFERRALS)
        load(
            opened,
            "spend",
            [spend(f"2026-0{month}-01", "search", 20, "acquisition") for month in range(1, 7)],
        )
        found = referrals(opened)
    assert found.terms.cost_saved == 30  # 120 for the four who were not referred
    assert found.worth.value == pytest.approx(15 + 0.5 * 30)


def test_the_map_has_four_corners(found):
    assert found.map.high_from == 20
    corners = {row.corner: (row.customers, row.friends) for row in found.map.corners.itertuples()}
    assert corners == {"champions": (2, 3), "affluents": (1, 0), "advocates": (1, 1), "misers": (4, 0)}
    assert {name: set(rows["customer_id"]) for name, rows in found.lists.items()} == {
        "champions": {"ann", "cat"}, "affluents": {"dan"}, "advocates": {"eve"}, "misers": {"bob", "fay", "gus", "hal"},
    }  # fmt: skip
    assert found.map.corners["lifetime_value"].tolist() == [60, 80, 20, 11.5]


def test_the_three_cs_side_by_side(found):
    rows = found.kinds.set_index("kind")
    assert list(rows.index) == ["content", "conversation", "commendation", "other", "not recorded"]
    assert rows["invitations"].tolist() == [2, 2, 1, 1, 1]
    assert rows["converted"].tolist() == [1, 1, 1, 1, 0]
    assert rows["conversion"].tolist() == [0.5, 0.5, 1, 1, 0]
    assert rows["value"].tolist()[:4] == [20, 40, 80, 10]
    assert rows["rewards"].fillna(-1).tolist() == [0, 5, 5, -1, 2]
    assert rows["cost_per_customer"].fillna(-1).tolist() == [0, 5, 5, -1, -1]


def test_abuse_is_counted_and_listed(found):
    counts = {row.what: (row.referrals, row.rewards) for row in found.abuse.counts.itertuples()}
    assert counts == {
        "self": (1, 3), "cycle": (1, 0), "second referrer": (1, 0), "rewarded, never bought": (1, 2),
        "rewarded, all refunded": (0, 0), "rewarded, was a customer": (0, 0), "many on one day": (0, 0),
    }  # fmt: skip
    listed = [(row.what, row.referral_id) for row in found.abuse.rows.itertuples()]
    assert listed == [
        ("self", "r6"),
        ("cycle", "r7"),
        ("second referrer", "r8"),
        ("rewarded, never bought", "r9"),
    ]


def test_rewards_for_refunds_for_customers_and_for_many_a_day(tmp_path):
    crowd = [referral(f"x{n}", "fay", "2026-05-05", None) for n in range(5)]
    late = referral("late", "ann", "2026-05-06", "hal", reward_cost=4)
    late_too = referral("late too", "ann", "2026-05-07", "bob", reward_cost=4)
    back = sale("dan-2026-02-11", "dan", "2026-02-20", -200, "search", margin=-80, segment="home")
    with Workspace.open(tmp_path / "workspace") as opened:
        load(opened, "sales", [*SALES, back])
        load(opened, "referrals", [*REFERRALS, *crowd, late, late_too])
        counts = referrals(opened).abuse.counts.set_index("what")["referrals"]
    assert counts["rewarded, all refunded"] == 1  # r2
    assert counts["rewarded, was a customer"] == 1  # late too; hal came after all
    assert counts["many on one day"] == 5


def test_one_tree_of_five(found):
    made = found.communities
    assert (made.all_trees, made.all_people, made.drawn) == (1, 5, 5)
    assert made.trees[["customer_id", "people", "generations", "value"]].to_numpy().tolist() == [
        ["ann", 5, 3, 230]
    ]
    nodes = made.nodes.set_index("customer_id")
    above = [made.nodes["customer_id"].iloc[row] if row >= 0 else "" for row in nodes["referrer_row"]]
    assert dict(zip(nodes.index, above, strict=True)) == {
        "ann": "", "cat": "ann", "eve": "cat", "dan": "ann", "gus": "eve",
    }  # fmt: skip


def test_silent_hubs(found):
    """The upper quarter of ann 150, cat 30, eve 10 is ann; her last order is 149 days old, so she is not silent."""
    assert found.all_hubs == 1
    assert len(found.hubs) == 0


def test_a_hub_is_silent_when_nothing_was_heard_for_half_a_year(tmp_path):
    with Workspace.open(tmp_path / "workspace") as opened:
        load(opened, "sales", [*SALES, order("ida", "2026-08-31", 1)])
        load(opened, "referrals", REFERRALS)
        hubs = referrals(opened).hubs
        assert hubs[["customer_id", "value_all"]].to_numpy().tolist() == [["ann", 150]]
        touch = {"customer_id": "ann", "touched_at": "2026-08-01", "channel": "call"}
        load(opened, "touchpoints", [touch | {"arm": "holdout"}])
        assert len(referrals(opened).hubs) == 1  # left alone on purpose
        load(opened, "touchpoints", [touch])
        assert len(referrals(opened).hubs) == 0


def test_the_headline_and_its_ranges(found):
    assert found.sentence == (
        "One customer in two referred someone; each referral that bought is worth 15.00, and their friends have begun "
        "to refer: K = 0.50, cycle 11 days."
    )
    assert referral_sentences.badges(found)[2] == "Assumes that 50 % would not have come otherwise"
    assert "8 become 16 and no more" in referral_sentences.spread(found)


def test_filters_choose_who_refers_and_days_choose_invitations(company):
    office = referrals(company, Filters(segments=("office",)))
    assert (office.reach.customers, office.reach.invitations, office.reach.converted) == (1, 2, 0)
    assert (
        office.sentence
        == "100 % of customers referred someone, but none of 2 invitations has brought an order yet."
    )
    assert list(office.advocates["customer_id"]) == ["bob"]
    april = referrals(company, Filters(first_day=date(2026, 4, 1), last_day=date(2026, 4, 30)))
    assert (april.reach.customers, april.reach.invitations, april.reach.converted) == (7, 1, 1)
    assert april.generations.totals["referred"].tolist() == [0, 0, 1]
    nobody = referrals(company, Filters(segments=("hotel",)))
    assert "choose fewer filters" in nobody.sentence


def test_without_orders_or_referrals_it_says_what_to_export(tmp_path):
    with Workspace.open(tmp_path / "workspace") as opened:
        assert [lack.kind for lack in referrals(opened).missing] == ["sales"]
        load(opened, "sales", SALES)
        found = referrals(opened)
    assert [lack.kind for lack in found.missing] == ["referrals"]
    assert found.sentence == "No referrals are loaded."
    assert referral_json(found)["k"] is None


def test_an_export_of_successes_only_is_named(tmp_path):
    sales = [order(f"c{n:02}", f"2026-02-{n + 1:02}", 10) for n in range(12)]
    made = [referral(f"r{n}", "c00", "2026-02-01", f"c{n:02}") for n in range(1, 12)]
    with Workspace.open(tmp_path / "workspace") as opened:
        load(opened, "sales", sales)
        load(opened, "referrals", made)
        found = referrals(opened)
    assert found.reach.lists_only_successes
    assert any("successes only" in note for note in found.notes)
    assert found.reach.k.value == pytest.approx(11 / 12)
    assert "but their friends do not refer yet" in found.sentence


def test_the_share_that_would_not_have_come_is_a_setting(tmp_path):
    with Workspace.open(tmp_path / "workspace") as opened:
        load(opened, "sales", SALES)
        load(opened, "referrals", REFERRALS)
        opened.change_settings(referral_caused_share=1.0)
        assert referrals(opened).worth.value == pytest.approx(33.75)
        with pytest.raises(WorkspaceError, match="referral_caused_share"):
            opened.change_settings(referral_caused_share=1.2)
    assert marts.changed_settings(Settings(), Settings(referral_caused_share=0.1)) == frozenset()


def test_published_arithmetic_of_a_reward():
    """Reward 25, value gained 40: 0.60 (Schmitt, Skiera, Van den Bulte 2011)."""
    assert reward_roi(40, 25) == pytest.approx(0.60)
    assert math.isnan(reward_roi(40, 0))


def test_friends_of_both_kinds_by_hand():
    terms = Terms(caused_share=0.25, cost_saved=8.0)
    assert terms.of_friends(np.array([100.0, 0.0])).tolist() == [31, 6]
    crv = referral_value(
        forest(np.array([-1, 0, 0])), np.array([9.0, 100.0, 0.0]), np.array([7.0, 0, 0]), terms
    )
    assert crv.tolist() == [30, 0, 0]
    assert worth_per_friend(np.array([0, 0]), np.array([100.0, 0.0]), 7.0, terms).value == 15


def test_light_buyers_can_bring_more_than_heavy_ones():
    clv = np.arange(20.0)
    light = value_map(clv, np.where(clv < 10, 5.0, 1.0), np.ones(20))
    assert light.light_lead == 4
    heavy = value_map(clv, np.where(clv < 10, 1.0, 5.0), np.ones(20))
    assert heavy.light_lead == -4
    assert light.corners["customers"].sum() == 20
    assert light.tenths["referral_value"].tolist() == [1] * 5 + [5] * 5


def test_light_buyers_above_heavy_ones_on_a_company_built_so(tmp_path):
    """Ten light customers bring one heavy friend each; the heavy ones bring nobody."""
    sales = [order(f"light{n}", "2026-01-01", 10) for n in range(10)]
    sales += [order(f"heavy{n}", "2026-02-01", 100) for n in range(10)]
    made = [referral(f"r{n}", f"light{n}", "2026-01-15", f"heavy{n}", reward_cost=5) for n in range(10)]
    with Workspace.open(tmp_path / "workspace") as opened:
        load(opened, "sales", sales)
        load(opened, "referrals", made)
        found = referrals(opened)
    assert found.map.light_lead == pytest.approx(45)  # half of 100, less the reward
    assert found.map.corners.set_index("corner")["customers"].to_dict() == {
        "champions": 0, "affluents": 10, "advocates": 10, "misers": 0,
    }  # fmt: skip
    assert referral_sentences.light_and_heavy(found).startswith(
        "Per head the lighter half of customers brings more"
    )


def test_of_a_hundred_thousand_referrals_a_picture_stays_small():
    random = np.random.default_rng(5)
    above = (random.random(100_000) * np.arange(100_000)).astype(int)
    above[random.random(100_000) < 0.01] = -1
    above[0] = -1
    found = forest(above)
    made = communities(found, random.random(100_000), np.arange(100_000).astype(str))
    assert len(made.trees) == TREES
    assert made.drawn <= TREES * PEOPLE
    assert made.trees["people"].is_monotonic_decreasing
    assert made.trees["people"].iloc[0] == found.descendants[above < 0].max() + 1
    per_tree = made.nodes.groupby("tree")
    assert (per_tree["place"].max() < LEAVES).all()
    below = made.nodes[made.nodes["referrer_row"] >= 0]
    row = made.nodes.iloc[below["referrer_row"]]
    assert (row["generation"].to_numpy() + 1 == below["generation"].to_numpy()).all()
    assert (row["tree"].to_numpy() == below["tree"].to_numpy()).all()


@pytest.mark.parametrize(
    ("days", "counts", "value"), [([5], [1], 5), ([1, 9], [1, 1], 5), ([1, 2, 30], [1, 1, 1], 2), ([1, 2], [9, 1], 1)]
)  # fmt: skip
def test_the_median_of_counted_days(days, counts, value):
    import pandas as pd

    found = median(pd.Series(days), pd.Series(counts))
    assert found.value == value
    assert found.low <= value <= found.high


def test_intervals_of_means_cover_the_truth_as_often_as_they_say():
    hits = 0
    for seed in range(200):
        found = mean(np.random.default_rng(seed).gamma(1.0, 50.0, 150))
        hits += found.low <= 50 <= found.high
    assert 140 <= hits <= 180


def test_the_object_of_the_command_line_is_complete(found):
    answer = referral_json(found)
    assert answer["k"]["value"] == 0.5
    assert answer["limit"] == 16
    assert [row["referred"] for row in answer["generations"]] == [2, 1, 1]
    assert [row["corner"] for row in answer["map"]] == ["champions", "affluents", "advocates", "misers"]
    assert answer["advocates"][0]["customer_id"] == "ann"
    assert answer["missing"] == []
