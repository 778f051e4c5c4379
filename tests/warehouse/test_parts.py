"""Only what an upload or a setting can change is built anew, and it gives what building everything gives."""

import random
import re
import shutil

import pytest
from staged_files import load, referral, reorder, sale, spend, table

from analytics.intake.contract import KINDS
from analytics.warehouse import marts
from analytics.warehouse.engine import SQL, rows, statement
from analytics.warehouse.store import Workspace

PEOPLE = ("ann", "bob", "cat", "dan", "eve", "fay")
CHANNELS = ("search", "mail", "points", None)
STAGES = ("awareness", "desire", "satisfaction", "acknowledgement", "dialogue", "activation", None)
QUARTERS = {"2026Q1": (1, 2, 3), "2026Q2": (4, 5, 6)}


def made_up(kind: str, draw: random.Random, months=tuple(range(1, 7))) -> list[dict]:
    """Rows of one upload: few people, days and channels, so that uploads meet."""

    def day() -> str:
        return f"2026-{draw.choice(months):02}-{draw.randint(1, 28):02}"

    def row(number: int) -> dict:
        person = draw.choice(PEOPLE)
        if kind == "sales":
            more = {"segment": draw.choice(("home", None)), "rep_id": draw.choice(("kim", None))}
            amount = draw.choice((10, 25, -5, 0))
            return sale(
                f"o{number}", draw.choice((person, None)), day(), amount, draw.choice(CHANNELS), **more
            )
        if kind == "reorders":
            more = {"trigger": draw.choice(("points", None)), "rep_id": draw.choice(("lee", None))}
            return reorder(
                f"{draw.choice('or')}{number}", person, day(), draw.choice((7, 12)), margin=3, **more
            )
        if kind == "referrals":
            friend = draw.choice((*PEOPLE, "gus", None))
            return referral(
                f"f{number}", person, day(), friend, reward_cost=draw.choice((2, None)), channel="points"
            )
        if kind == "spend":
            channel = CHANNELS[number % 3]
            return spend(f"2026-{draw.choice(months):02}-01", channel, 5, draw.choice(("retention", None)))
        if kind == "touchpoints":
            return {
                "customer_id": draw.choice((*PEOPLE, "hal", "ivy")),
                "touched_at": day(),
                "channel": draw.choice(CHANNELS[:3]),
                "stage": draw.choice(STAGES),
                "direction": draw.choice(("inbound", "outbound")),
                "cost": draw.choice((1, None)),
                "arm": draw.choice(("treated", "holdout", None)),
            }
        won = draw.choice((person, "hal"))
        return {"prospect_id": f"p{number}", "rep_id": "kim", "invited_at": day(), "customer_id": won}

    found = [row(number) for number in range(8)]
    if kind == "spend":
        found = list({(one["month"], one["channel"]): one for one in found}.values())
    return found


def of_a_full_rebuild(workspace) -> dict[str, str]:
    """The fingerprint that the tables have once everything is built anew; the stored ones stay as they are."""
    books = workspace._books
    with books.engine.cursor() as cursor:
        cursor.execute("begin transaction")
        books.rebuild(cursor, books.settings)
        fresh = {r["name"]: f"{r['rows']}:{r['hash']}" for r in rows(cursor, "checks/fingerprint")}
        cursor.execute("rollback")
    return fresh


def assert_nothing_is_stale(workspace) -> None:
    assert workspace.fingerprint() == of_a_full_rebuild(workspace)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    directory, draw = tmp_path_factory.mktemp("made") / "company", random.Random(7)
    with Workspace.open(directory) as workspace:
        for kind in KINDS:
            load(workspace, kind, made_up(kind, draw))
    return directory


@pytest.fixture
def full(made_once, tmp_path):
    """A workspace with an upload of every kind."""
    with Workspace.open(shutil.copytree(made_once, tmp_path / "company")) as workspace:
        yield workspace


@pytest.mark.parametrize("kind", KINDS)
def test_an_upload_its_replacement_and_its_undoing_leave_nothing_stale(full, kind):
    draw = random.Random(kind)
    before = full.fingerprint()
    upload = load(full, kind, made_up(kind, draw)).upload_id
    assert_nothing_is_stale(full)
    later = load(full, kind, made_up(kind, draw, QUARTERS["2026Q2"]), period="2026Q2", replace=True).upload_id
    assert_nothing_is_stale(full)
    full.undo(upload)
    assert_nothing_is_stale(full)
    full.undo(later)
    assert full.fingerprint() == before


@pytest.mark.parametrize("changes", [{"referral_window_days": 5}, {"motions": {"mail": "retention"}}])
def test_a_setting_leaves_nothing_stale(full, changes):
    full.change_settings(**changes)
    assert full.doctor(deep=True) == ()


def test_whatever_comes_in_whatever_order_nothing_is_stale(workspace):
    draw = random.Random(3)
    for _step in range(10):
        standing = [entry.upload_id for entry in workspace.entries if entry.stands]
        if standing and draw.random() < 0.25:
            workspace.undo(draw.choice(standing))
        elif draw.random() < 0.15:
            motions = {"mail": draw.choice(("retention", "acquisition"))}
            workspace.change_settings(referral_window_days=draw.choice((3, 90)), motions=motions)
        else:
            quarter = draw.choice((None, *QUARTERS))
            months = QUARTERS[quarter] if quarter else tuple(range(1, 7))
            kind = draw.choice(tuple(KINDS))
            load(workspace, kind, made_up(kind, draw, months), period=quarter, replace=quarter is not None)
        assert_nothing_is_stale(workspace)
    assert workspace.doctor(deep=True) == ()


def test_spend_touches_no_order_and_prospects_no_contact(full, monkeypatch):
    made: list[str] = []
    run = marts.run
    monkeypatch.setattr(
        marts, "run", lambda cursor, name, **more: (made.append(name), run(cursor, name, **more))[1]
    )

    def tables() -> set[str]:
        names = {name.removeprefix("marts/") for name in made if name.startswith("marts/")}
        made.clear()
        return names

    load(full, "spend", [spend("2026-01-01", "fair", 3, "acquisition")])
    assert tables() == {
        "spend_months", "programmes", "programme_arms", "programme_days", "programme_offers", "marts_version",
    }  # fmt: skip
    load(full, "prospects", [{"prospect_id": "p99", "rep_id": "kim", "invited_at": "2026-01-01"}])
    assert tables() == {"prospects", "customer_reps", "marts_version"}
    load(full, "touchpoints", [{"customer_id": "ann", "touched_at": "2026-01-01", "channel": "mail"}])
    assert not tables() & {
        "orders",
        "customers",
        "revenue_cube",
        "cohort_cube",
        "customer_histories",
        "spend_months",
    }


# What the statements say themselves


@pytest.fixture(scope="module")
def statements(tmp_path_factory) -> dict[str, list[str]]:
    """Part -> the statements that it runs, by name; "" are those that prepare all parts."""
    found: dict[str, list[str]] = {}
    run, current = marts.run, [""]

    def noted(cursor, name, /, **more):
        found.setdefault(current[0], []).append(name)
        return run(cursor, name, **more)

    with (
        pytest.MonkeyPatch.context() as patch,
        Workspace.open(tmp_path_factory.mktemp("made") / "c") as workspace,
    ):
        patch.setattr(marts, "run", noted)
        books = workspace._books
        with books.engine.cursor() as cursor:
            cursor.execute("begin transaction")
            marts.prepare(cursor, books.uploads, books.shapes)
            for part in marts.PARTS:
                current[0] = part.name
                part.make(cursor, books.settings)
            cursor.execute("rollback")
    return found


def code(name: str) -> str:
    return re.sub(r"--[^\n]*", "", statement(name)).lower()


def makes(names: list[str]) -> set[str]:
    return {
        m
        for name in names
        for m in re.findall(r"create or replace (?:temp )?(?:table|view) (\w+)", code(name))
    }


def reads(names: list[str]) -> set[str]:
    return {m for name in names for m in re.findall(r"\b(?:from|join)\s+(\w+)", code(name))}


def test_every_table_is_made_by_one_part(statements):
    made = [name for part, names in statements.items() for name in names if name.startswith("marts/")]
    assert sorted(made) == sorted(
        f"marts/{f.stem}" for f in SQL.glob("marts/*.sql") if f.stem != "marts_version"
    )


def test_a_part_reads_only_what_it_says(statements):
    of_orders = {"order_facts", "file_orders", "order_lines", "shared_orders"}
    for part in marts.PARTS:
        read, own = reads(statements[part.name]), makes(statements[part.name])
        for other in marts.PARTS:
            made_there = makes(statements[other.name])
            kept = {name for name in made_there if (SQL / "marts" / f"{name}.sql").exists()}
            allowed = kept if other.name in part.after else set()
            assert other.name == part.name or not read & (made_there - own - allowed), (part.name, other.name)
        if read & of_orders:
            assert set(part.rows_of) >= {"sales", "reorders"}
        rows_read = {kind for kind in KINDS if read & {f"{kind}_active", f"{kind}_rows"}}
        assert rows_read <= set(part.rows_of), part.name


def test_parts_come_after_those_they_read():
    names = [part.name for part in marts.PARTS]
    assert all(names.index(before) < names.index(part.name) for part in marts.PARTS for before in part.after)
    assert {kind for part in marts.PARTS for kind in part.rows_of} == set(KINDS)


def test_the_first_sales_person_named_is_kept_beside_the_prospects(workspace):
    load(workspace, "sales", [sale("o1", "ann", "2026-01-05", 10, rep_id="kim")])
    load(workspace, "prospects", [
        {"prospect_id": "p1", "rep_id": "lee", "invited_at": "2026-01-01", "customer_id": "ann"},
        {"prospect_id": "p2", "rep_id": "max", "invited_at": "2026-01-02", "customer_id": "bob"},
    ])  # fmt: skip
    assert table(workspace, "customer_reps", "customer_id", "rep_id") == [("ann", "kim"), ("bob", "max")]
