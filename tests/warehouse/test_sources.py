"""Every order has exactly one source; each case is a few orders worked out by hand."""

from decimal import Decimal

from staged_files import load, referral, reorder, sale, table


def sources(workspace) -> dict[str, str]:
    """order_id -> source; a refund's id has its own name here."""
    return dict(table(workspace, "orders", "order_id", "source"))


def test_the_first_order_is_new_and_every_later_one_a_reorder(workspace):
    load(
        workspace,
        "sales",
        [
            sale("o1", "ann", "2026-01-05", 10, "search"),
            sale("o2", "ann", "2026-02-05", 20, "email"),
            sale("o3", "ben", "2026-01-01", 30, "social"),
        ],
    )
    assert sources(workspace) == {"o1": "new", "o2": "reorder", "o3": "new"}
    assert table(workspace, "customers", "customer_id", "acquired_source", "acquired_channel", "orders") == [
        ("ann", "new", "search", 2),
        ("ben", "new", "social", 1),
    ]


def test_of_two_orders_on_the_first_day_the_smaller_order_number_is_the_first(workspace):
    load(
        workspace,
        "sales",
        [sale("o9", "ann", "2026-01-05", 10, "email"), sale("o10", "ann", "2026-01-05", 20, "search")],
    )
    assert sources(workspace) == {"o10": "new", "o9": "reorder"}
    assert table(workspace, "customers", "acquired_channel") == [("search",)]


def test_a_customer_seen_in_reorders_only_is_from_before_the_data(workspace):
    load(
        workspace,
        "reorders",
        [reorder("r1", "old", "2026-01-05", 10), reorder("r2", "old", "2026-02-05", 20)],
    )
    assert sources(workspace) == {"r1": "reorder", "r2": "reorder"}
    assert table(workspace, "customers", "acquired_source", "acquired_channel", "first_day", "orders") == [
        ("existing", None, _day("2026-01-05"), 2)
    ]


def test_a_reorder_before_the_first_sale_makes_the_customer_an_existing_one(workspace):
    load(
        workspace,
        "sales",
        [sale("s1", "ann", "2026-02-01", 10, "search"), sale("s2", "ben", "2026-02-01", 10)],
    )
    load(
        workspace, "reorders", [reorder("r1", "ann", "2026-01-31", 5), reorder("r2", "ben", "2026-02-01", 5)]
    )
    assert sources(workspace) == {"r1": "reorder", "r2": "reorder", "s1": "reorder", "s2": "new"}


def test_an_order_without_a_customer_is_of_unknown_source(workspace):
    load(workspace, "sales", [sale("o1", None, "2026-01-05", 10), sale("o2", None, "2026-01-05", -3)])
    assert sources(workspace) == {"o1": "unknown", "o2": "unknown"}
    assert table(workspace, "customers", "customer_id") == []


def test_lines_of_one_order_are_added_up(workspace):
    load(
        workspace,
        "sales",
        [
            sale("o1", "ann", "2026-01-05", 10, "search", margin=4),
            sale("o1", "ann", "2026-01-05", 5, "search", margin=1),
            sale("o1", "ann", "2026-01-06", 7, "search", margin=2),
            sale("o1", "ben", "2026-01-05", 3, "email"),
        ],
    )
    assert table(workspace, "orders", "customer_id", "day", "amount", "margin", "source") == [
        ("ann", _day("2026-01-05"), Decimal(15), Decimal(5), "new"),
        ("ann", _day("2026-01-06"), Decimal(7), Decimal(2), "reorder"),
        ("ben", _day("2026-01-05"), Decimal(3), None, "new"),
    ]


def test_an_order_with_a_line_without_margin_has_no_margin(workspace):
    load(
        workspace,
        "sales",
        [sale("o1", "ann", "2026-01-05", 10, margin=4), sale("o1", "ann", "2026-01-05", 5)],
    )
    assert table(workspace, "orders", "amount", "margin") == [(Decimal(15), None)]


def test_a_refund_takes_source_and_channel_of_its_order(workspace):
    load(
        workspace,
        "sales",
        [
            sale("o1", "ann", "2026-01-05", 10, "search"),
            sale("o2", "ann", "2026-02-05", 20, "email"),
            sale("o1", "ann", "2026-03-01", -4),
            sale("o2", "ann", "2026-03-02", -5, "phone"),
        ],
    )
    assert table(workspace, "orders", "day", "kind", "source", "channel", "acquired_channel")[2:] == [
        (_day("2026-03-01"), "refund", "new", "search", "search"),
        (_day("2026-03-02"), "refund", "reorder", "phone", "search"),
    ]


def test_a_refund_with_a_number_of_its_own_belongs_to_the_latest_order_before_it(workspace):
    load(
        workspace,
        "sales",
        [
            sale("o1", "ann", "2026-01-05", 10, "search"),
            sale("o2", "ann", "2026-02-05", 20, "email"),
            sale("c1", "ann", "2026-02-04", -1),
            sale("c2", "ann", "2026-02-05", -2),
            sale("c0", "ann", "2026-01-01", -3),
            sale("c3", "new", "2026-01-01", -3),
        ],
    )
    assert sources(workspace) == {
        "o1": "new",
        "o2": "reorder",
        "c1": "new",  # of o1
        "c2": "reorder",  # of o2, on the same day
        "c0": "new",  # before every order: as the customer's first one
        "c3": "reorder",  # of somebody who never bought in the data
    }


def test_an_order_of_no_amount_is_no_order(workspace):
    load(workspace, "sales", [sale("o0", "ann", "2026-01-01", 0), sale("o1", "ann", "2026-01-05", 10)])
    assert table(workspace, "orders", "order_id", "kind", "source") == [
        ("o0", "nil", "new"),
        ("o1", "order", "new"),
    ]
    assert table(workspace, "customers", "orders", "first_day") == [(1, _day("2026-01-05"))]


def test_an_order_in_sales_and_in_reorders_is_counted_once_as_the_newer_file_has_it(workspace):
    load(
        workspace,
        "sales",
        [sale("o1", "ann", "2026-01-05", 10, "search"), sale("o2", "ann", "2026-02-05", 20, "email")],
    )
    load(
        workspace,
        "reorders",
        [
            reorder("o2", "ann", "2026-02-05", 25, trigger="points", incentive_cost=3),
            reorder("o1", "ben", "2026-02-05", 7),  # the same number of another customer
        ],
    )
    assert table(
        workspace, "orders", "order_id", "customer_id", "amount", "channel", "trigger", "incentive_cost"
    ) == [
        ("o1", "ann", Decimal(10), "search", None, None),
        ("o1", "ben", Decimal(7), None, None, None),
        ("o2", "ann", Decimal(25), "email", "points", Decimal(3)),
    ]


def test_the_older_of_two_files_gives_an_order_only_what_the_newer_lacks(workspace):
    load(workspace, "reorders", [reorder("o1", "ann", "2026-02-05", 25, trigger="points", incentive_cost=3)])
    load(workspace, "sales", [sale("o1", "ann", "2026-02-06", 20, "email")])
    assert table(workspace, "orders", "day", "amount", "source", "channel", "trigger", "incentive_cost") == [
        (_day("2026-02-06"), Decimal(20), "new", "email", "points", Decimal(3))
    ]


def test_a_refund_in_reorders_does_not_replace_the_sale_of_that_number(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10, "search")])
    load(workspace, "reorders", [reorder("o1", "ann", "2026-02-05", -4)])
    assert table(workspace, "orders", "amount", "source") == [(Decimal(-4), "new"), (Decimal(10), "new")]


def test_sources_cube_and_customers_add_up_to_the_total_refunds_included(workspace):
    load(
        workspace,
        "sales",
        [
            sale("o1", "ann", "2026-01-05", "10.01", "search", segment="home"),
            sale("o2", "bob", "2026-01-06", "20.02", "email"),
            sale("o3", "ann", "2026-01-07", "30.03", "email"),
            sale("c1", "bob", "2026-02-01", "-0.07"),
            sale("o4", None, "2026-02-01", "5.55"),
        ],
    )
    load(
        workspace,
        "reorders",
        [reorder("r1", "eve", "2026-01-09", "7.77"), reorder("r2", "eve", "2026-01-10", "-1.11")],
    )
    load(workspace, "referrals", [referral("f1", "ann", "2026-01-05", "bob")])
    total = Decimal("72.20")
    by_source = dict(_grouped(workspace, "select source, sum(amount) from orders group by 1"))
    assert by_source == {
        "new": Decimal("10.01"),
        "referral": Decimal("19.95"),
        "reorder": Decimal("36.69"),
        "unknown": Decimal("5.55"),
    }
    assert sum(by_source.values()) == total
    assert _grouped(workspace, "select sum(revenue) from revenue_cube") == [(total,)]
    assert _grouped(workspace, "select sum(revenue) from customers") == [(total - Decimal("5.55"),)]


def test_segment_and_region_are_the_orders_own_else_the_customers_latest(workspace):
    load(
        workspace,
        "sales",
        [
            sale("o1", "ann", "2026-01-05", 10, segment="home"),
            sale("o2", "ann", "2026-02-05", 10, region="north"),
            sale("o3", "ann", "2026-03-05", 10, segment="office"),
        ],
    )
    assert table(workspace, "orders", "order_id", "segment", "region") == [
        ("o1", "home", "north"),
        ("o2", "office", "north"),
        ("o3", "office", "north"),
    ]


def test_the_order_of_rows_changes_nothing(workspace, tmp_path):
    from analytics.warehouse.store import Workspace

    rows = [
        sale("o1", "ann", "2026-01-05", 10, "search"),
        sale("o2", "ann", "2026-01-05", 20, "email"),
        sale("c1", "ann", "2026-01-06", -5),
        sale("o3", "bob", "2026-01-06", 30, "email"),
    ]
    load(workspace, "sales", rows)
    with Workspace.open(tmp_path / "other") as other:
        load(other, "sales", rows[::-1])
        assert other.fingerprint() == workspace.fingerprint()


def _grouped(workspace, sql: str) -> list[tuple]:
    with workspace._books.engine.cursor() as cursor:
        return cursor.execute(sql).fetchall()


def _day(text: str):
    from datetime import date

    return date.fromisoformat(text)
