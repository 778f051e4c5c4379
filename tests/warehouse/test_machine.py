"""Whatever is uploaded, corrected, replaced, undone and reopened: the orders are those of a plain dictionary."""

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from staged_files import load, sale, table

from analytics.intake.contract import Period
from analytics.warehouse.store import Workspace

QUARTERS = ("2026Q1", "2026Q2")
FIRST_DAY = date(2026, 1, 1)

orders = st.tuples(
    st.sampled_from("abcdef"),  # order number
    st.sampled_from(["ann", "bob", "cat"]),
    st.integers(0, 180),  # day of the year
    st.integers(-200, 1000),  # cents
)
files = st.lists(orders, min_size=1, max_size=6, unique_by=lambda order: order[0])


@dataclass
class File:
    """An upload as the model sees it: key -> (order number, customer, day, amount).

    The key of a sale is its order number; that of a refund, which stands beside the sale, its number and day.
    """

    rows: dict[tuple, tuple[str, str, date, Decimal]]
    replaced: Period | None
    effect: tuple
    stands: bool = True


@dataclass
class Model:
    """The plain dictionary: the standing files in order, each over the ones before."""

    files: dict[str, File] = field(default_factory=dict)

    def orders(self) -> list[tuple[str, str, date, Decimal]]:
        current: dict[tuple, tuple[str, str, date, Decimal]] = {}
        for file in (f for f in self.files.values() if f.stands):
            if file.replaced:
                first, last = file.replaced.first_day, file.replaced.last_day
                current = {k: row for k, row in current.items() if not first <= row[2] <= last}
            current |= file.rows
        return sorted(current.values())

    def same_as(self, effect: tuple) -> str | None:
        """The standing upload of these bytes, if it was read in the same way."""
        standing = {u: f for u, f in self.files.items() if f.stands and f.effect[0] == effect[0]}
        newest = next(reversed(standing), None)
        return newest if newest and standing[newest].effect == effect else None


class WorkspaceMachine(RuleBasedStateMachine):
    """Every rule is something that an analyst does."""

    @initialize()
    def start(self):
        self.directory = tempfile.TemporaryDirectory()
        self.model = Model()
        self.fingerprints: dict[str, dict[str, str]] = {}
        self.workspace = Workspace.open(Path(self.directory.name) / "company")

    def teardown(self):
        if hasattr(self, "workspace"):
            self.workspace.close()
            self.directory.cleanup()

    @rule(rows=files, replaced=st.sampled_from([None, None, *QUARTERS]))
    def upload(self, rows, replaced):
        staged = [
            sale(o, c, str(FIRST_DAY + timedelta(d)), Decimal(a) / 100, "search") for o, c, d, a in rows
        ]
        period = Period.parse(replaced) if replaced else None
        effect = (repr(rows), replaced)
        expected = self.model.same_as(effect)
        receipt = load(self.workspace, "sales", staged, period=replaced, replace=replaced is not None)
        assert (receipt.committed, receipt.same_as) == (expected is None, expected)
        if receipt.committed:
            # The same bytes read in another way take the place of the earlier reading.
            loaded = [(o, c, FIRST_DAY + timedelta(d), Decimal(a) / 100) for o, c, d, a in rows]
            keyed = {(row[0],) if row[3] >= 0 else (row[0], row[2]): row for row in loaded}
            self.model.files[receipt.upload_id] = File(keyed, period, effect)

    @rule(data=st.data())
    def undo(self, data):
        standing = [u for u, f in self.model.files.items() if f.stands]
        if standing:
            upload_id = data.draw(st.sampled_from(standing))
            self.workspace.undo(upload_id)
            self.model.files[upload_id].stands = False

    @rule()
    def reopen(self):
        self.workspace.close()
        self.workspace = Workspace.open(Path(self.directory.name) / "company")
        assert self.workspace.losses == ()

    @invariant()
    def orders_are_those_of_the_model(self):
        if not hasattr(self, "workspace"):
            return
        found = table(self.workspace, "orders", "order_id", "customer_id", "day", "amount")
        assert sorted(found) == _superseded(self.model).orders()

    @invariant()
    def the_same_standing_uploads_give_the_same_tables(self):
        if hasattr(self, "workspace"):
            now = self.workspace.fingerprint()
            assert self.fingerprints.setdefault(self.workspace.snapshot, now) == now


def _superseded(model: Model) -> Model:
    """The model without standing files whose bytes a later standing file reads anew."""
    newest = {f.effect[0]: u for u, f in model.files.items() if f.stands}
    return Model({u: f for u, f in model.files.items() if newest.get(f.effect[0]) == u})


def run(examples: int, steps: int) -> None:
    settings = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.stateful.run_state_machine_as_test(WorkspaceMachine, settings=settings)


def test_a_workspace_behaves_as_a_dictionary():
    run(examples=6, steps=8)


@pytest.mark.slow
def test_a_workspace_behaves_as_a_dictionary_in_many_lives():
    run(examples=40, steps=20)
