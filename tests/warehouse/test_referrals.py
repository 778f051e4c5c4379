"""Which referral gets the credit for a customer, and what is wrong with the others."""

from staged_files import load, referral, reorder, sale, table

from analytics.warehouse.marts import break_rings


def edges(workspace) -> dict[str, tuple[bool, str | None]]:
    """referral_id -> (credited, fault)."""
    return {r: (c, f) for r, c, f in table(workspace, "referral_edges", "referral_id", "credited", "fault")}


CREDITED = (True, None)


def fault(name: str | None) -> tuple[bool, str | None]:
    return (False, name)


def customers_who_bought_on(**days: str) -> list[dict]:
    return [sale(f"o-{name}", name, day, 10, "search") for name, day in days.items()]


def test_a_referral_counts_from_ninety_days_before_the_first_order_up_to_its_day(workspace):
    load(
        workspace,
        "sales",
        customers_who_bought_on(a="2026-04-01", b="2026-04-01", c="2026-04-01", d="2026-04-01"),
    )
    load(
        workspace,
        "referrals",
        [
            referral("same day", "x", "2026-04-01", "a"),
            referral("90 days", "x", "2026-01-01", "b"),
            referral("91 days", "x", "2025-12-31", "c"),
            referral("day after", "x", "2026-04-02", "d"),
        ],
    )
    assert edges(workspace) == {
        "same day": CREDITED,
        "90 days": CREDITED,
        "91 days": fault("expired"),
        "day after": fault("too late"),
    }
    assert table(workspace, "orders", "customer_id", "source") == [
        ("a", "referral"),
        ("b", "referral"),
        ("c", "new"),
        ("d", "new"),
    ]
    workspace.change_settings(referral_window_days=91)
    assert edges(workspace)["91 days"] == CREDITED


def test_only_the_first_order_of_a_referred_customer_is_a_referral(workspace):
    load(
        workspace,
        "sales",
        [sale("o1", "a", "2026-04-01", 10, "search"), sale("o2", "a", "2026-04-02", 10, "email")],
    )
    load(workspace, "referrals", [referral("f1", "x", "2026-03-01", "a")])
    assert table(workspace, "orders", "order_id", "source") == [("o1", "referral"), ("o2", "reorder")]
    assert table(
        workspace, "customers", "customer_id", "acquired_source", "acquired_channel", "referrer_id"
    ) == [("a", "referral", "search", "x")]


def test_the_earliest_valid_referral_gets_the_credit(workspace):
    load(workspace, "sales", customers_who_bought_on(a="2026-04-01"))
    load(
        workspace,
        "referrals",
        [
            referral("f3", "z", "2026-03-02", "a"),
            referral("f2", "y", "2026-03-01", "a"),
            referral("f1", "x", "2026-03-01", "a"),
            referral("f0", "w", "2025-01-01", "a"),
        ],
    )
    assert edges(workspace) == {
        "f0": fault("expired"),
        "f1": CREDITED,
        "f2": fault("second referrer"),
        "f3": fault("second referrer"),
    }


def test_nobody_refers_themselves(workspace):
    load(workspace, "sales", customers_who_bought_on(a="2026-04-01"))
    load(
        workspace,
        "referrals",
        [referral("f1", "a", "2026-03-01", "a"), referral("f2", "b", "2026-03-02", "a")],
    )
    assert edges(workspace) == {"f1": fault("self"), "f2": CREDITED}


def test_an_open_invitation_and_a_friend_who_has_not_bought_have_no_fault(workspace):
    load(workspace, "sales", customers_who_bought_on(a="2026-04-01"))
    load(
        workspace,
        "referrals",
        [referral("f1", "a", "2026-03-01"), referral("f2", "a", "2026-03-01", "not yet")],
    )
    assert edges(workspace) == {"f1": fault(None), "f2": fault(None)}


def test_a_customer_from_before_the_data_cannot_be_referred(workspace):
    load(workspace, "reorders", [reorder("r1", "old", "2026-04-01", 10)])
    load(workspace, "referrals", [referral("f1", "a", "2026-03-01", "old")])
    assert edges(workspace) == {"f1": fault("existing customer")}


def test_two_who_refer_each_other_before_either_bought_close_a_ring(workspace):
    load(workspace, "sales", customers_who_bought_on(a="2026-04-01", b="2026-04-01", c="2026-04-01"))
    load(
        workspace,
        "referrals",
        [
            referral("f1", "a", "2026-03-01", "b"),
            referral("f2", "b", "2026-03-02", "a"),
            referral("f3", "x", "2026-03-03", "a"),  # takes the place of f2
            referral("f4", "b", "2026-03-04", "c"),
        ],
    )
    assert edges(workspace) == {"f1": CREDITED, "f2": fault("cycle"), "f3": CREDITED, "f4": CREDITED}
    assert table(workspace, "customers", "customer_id", "referrer_id") == [("a", "x"), ("b", "a"), ("c", "b")]


def test_a_ring_of_three_loses_its_last_referral(workspace):
    load(workspace, "sales", customers_who_bought_on(a="2026-04-01", b="2026-04-01", c="2026-04-01"))
    load(
        workspace,
        "referrals",
        [
            referral("f1", "a", "2026-03-01", "b"),
            referral("f2", "b", "2026-03-02", "c"),
            referral("f3", "c", "2026-03-03", "a"),
        ],
    )
    assert edges(workspace) == {"f1": CREDITED, "f2": CREDITED, "f3": fault("cycle")}


def test_naming_ones_own_referrer_later_is_a_cycle_too(workspace):
    load(workspace, "sales", customers_who_bought_on(a="2026-01-01", b="2026-04-01"))
    load(
        workspace,
        "referrals",
        [referral("f1", "a", "2026-03-01", "b"), referral("f2", "b", "2026-05-01", "a")],
    )
    assert edges(workspace) == {"f1": CREDITED, "f2": fault("cycle")}


def test_rings_are_broken_by_date_and_a_later_referrer_takes_the_place():
    referrals = [(1, "a", "b"), (2, "b", "a"), (3, "c", "a"), (4, "d", "a"), (5, "a", "c")]
    assert break_rings(referrals) == {1: None, 2: "cycle", 3: None, 4: "second referrer", 5: "cycle"}


def test_a_long_chain_is_no_ring():
    chain = [(n, str(n), str(n + 1)) for n in range(5000)]
    assert set(break_rings(chain).values()) == {None}
    assert break_rings([*chain, (5000, "5000", "0")])[5000] == "cycle"
