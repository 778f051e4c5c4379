"""What is known and can it be trusted: coverage by month, checks with rows, and what a change would do."""

from datetime import date

import pytest

from analytics.decisions.assumptions import Assumptions
from analytics.decisions.case import case
from analytics.decisions.change import preview
from analytics.decisions.coverage import Coverage, coverage
from analytics.decisions.filter_choices import filter_choices
from analytics.decisions.quality import quality
from analytics.warehouse.filters import Filters
from analytics.warehouse.store import Workspace

# January to April; nothing in March; the last order on 10 April. Order 8 is a hundred times too large, order 9 has no
# customer, order 2 is two customers' order, the refund of order 77 has no order.
SALES = """order_id,customer_id,order_date,amount,segment
1,a,2026-01-02,10,home
2,b,2026-01-20,12,home
2,c,2026-01-21,11,office
3,d,2026-02-10,14,home
4,e,2026-02-25,13,home
5,f,2026-04-01,12,home
6,g,2026-04-05,11,home
8,h,2026-04-08,1100,home
9,,2026-04-09,12,home
77,a,2026-04-10,-3,home
"""
REFERRALS = """referral_id,referrer_id,referred_id,referred_at
r1,a,a,2026-01-10
r2,nobody,f,2026-03-30
"""
SPEND = "month,channel,amount\n2026-01,radio,100\n2026-02,radio,50\n"


def load(workspace, place, kind: str, text: str):
    """Ingest; whatever is asked is answered with the choice that leaves out least."""
    file = place / f"{kind}.csv"
    file.write_text(text, encoding="utf-8")
    answers: dict[str, str] = {}
    for _ in range(5):
        receipt = workspace.ingest(file, kind, answers=answers)
        open_questions = [m for m in receipt.reading.messages if m.severity == "question" and m.choices]
        if receipt.committed or not open_questions:
            break
        answers |= {m.code: max(m.choices, key=lambda c: c.rows or 0).name for m in open_questions}
    assert receipt.committed, receipt.reading.messages
    return receipt


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    place = tmp_path_factory.mktemp("shop")
    with Workspace.open(place / "workspace") as workspace:
        for kind, text in (("sales", SALES), ("referrals", REFERRALS)):
            load(workspace, place, kind, text)
        yield workspace


def states(found: Coverage, kind: str) -> list[str]:
    return list(found.months.loc[found.months["kind"] == kind, "state"])


def test_a_month_is_full_partial_or_empty(shop):
    assert states(coverage(shop), "sales") == ["full", "full", "none", "partial"]


def test_an_empty_month_between_others_is_a_gap(shop):
    assert coverage(shop).gaps[0] == ("sales", date(2026, 3, 1))


def test_the_sentence_says_what_is_loaded_and_what_is_not(shop):
    sentence = coverage(shop).sentence
    assert sentence.startswith(
        "Two quarters of sales and referrals, until 10 April 2026; reorders not loaded yet."
    )
    assert "1.0 % of revenue has no customer number" in sentence
    assert "months in between have no rows" in sentence


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("quality_orphans", 1), ("quality_repeated_orders", 2), ("quality_unusual_orders", 1),
        ("quality_without_customer", 1), ("quality_refunds_alone", 1), ("quality_faulty_referrals", 1),
        ("quality_without_motion", 0), ("quality_silent_weeks", 4), ("quality_spellings", 0), ("currency", 1),
    ],
)  # fmt: skip
def test_each_check_counts_and_shows_its_rows(shop, name, count):
    finding = next(f for f in quality(shop) if f.name == name)
    assert (finding.count, len(finding.rows)) == (count, count)


def test_names_that_differ_in_spelling_only_are_noticed_with_the_money_concerned(tmp_path):
    """Programme 3 + 4 of revenue and 30 of spend; channel 5 + 6; mail and e-mails are other words."""
    with Workspace.open(tmp_path / "w") as workspace:
        rows = ["1,a,2026-01-02,5,Paid Search", "2,b,2026-01-03,6,paid_search", "3,c,2026-01-04,7,mail"]
        sales = tmp_path / "sales.csv"
        sales.write_text("\n".join(["order_id,customer_id,order_date,amount,channel", *rows]))
        assert workspace.ingest(sales, "sales", answers={"W_CATEGORY_MERGED": "keep_apart"}).committed
        rows = [
            "4,a,2026-02-02,3,loyalty_points",
            "5,b,2026-02-03,4,loyalty_points",
            "6,b,2026-02-04,4,e-mails",
        ]
        load(
            workspace, tmp_path, "reorders",
            "\n".join(["order_id,customer_id,order_date,amount,trigger", *rows]),
        )  # fmt: skip
        load(
            workspace, tmp_path, "spend", "month,channel,amount\n2026-01,Loyalty-Points,30\n2026-01,mail,9\n"
        )
        finding = next(f for f in quality(workspace) if f.name == "quality_spellings")
    assert finding.count == 2
    assert finding.text.startswith("18.00 of revenue and 30.00 of spend stand under channels and programmes")
    assert finding.rows.fillna(0).values.tolist() == [
        ["Loyalty-Points", "spend", 0, 30],
        ["loyalty_points", "reorders", 7, 0],
        ["Paid Search", "sales", 5, 0],
        ["paid_search", "sales", 6, 0],
    ]


def test_what_is_odd_comes_first(shop):
    counts = [finding.count for finding in quality(shop)]
    assert 0 in counts
    assert all(counts[: counts.index(0)])
    assert not any(counts[counts.index(0) :])


def test_presets_are_the_quarters_that_orders_touch_newest_first(shop):
    choices = filter_choices(shop)
    assert [p.name for p in choices.presets] == ["all", "2026 Q2", "2026 Q1"]
    assert (choices.presets[2].first_day, choices.presets[2].last_day) == (
        date(2026, 1, 1),
        date(2026, 3, 31),
    )
    assert choices.segments == ("home", "office")


def test_a_preview_says_what_comes_and_changes_nothing(shop, tmp_path):
    before, snapshot = case(shop).sentence, shop.snapshot
    found = preview(
        shop, lambda copy: load(copy, tmp_path, "spend", SPEND), Filters(), Assumptions.of(shop.settings)
    )
    assert (found.before, shop.snapshot, len(shop.entries)) == (before, snapshot, 2)
    assert found.after != before


def test_undoing_in_a_preview_takes_the_upload_s_revenue_away(shop):
    sales = next(e.upload_id for e in shop.entries if e.kind == "sales")
    found = preview(shop, lambda copy: copy.undo(sales), Filters(), Assumptions.of(shop.settings))
    assert found.figures.set_index("figure").loc["revenue"].tolist() == ["1,192.00", "0.00"]


def test_nothing_is_left_of_a_preview(shop):
    assert [p.name for p in (shop.directory / "staging").iterdir() if (p / "warehouse.duckdb").exists()] == []


def test_an_empty_workspace_is_told_where_to_begin(tmp_path):
    with Workspace.open(tmp_path / "w") as workspace:
        assert coverage(workspace).sentence.startswith("Nothing is loaded yet")
        assert not any(finding.count for finding in quality(workspace))
        assert filter_choices(workspace).presets == ()
