"""SQL stands in files, one statement of what it makes in each first line, and takes values as parameters."""

import re
from datetime import date

import pytest

from analytics.warehouse.engine import SQL, memory_limit_bytes, rows, run
from analytics.warehouse.filters import Filters

FILES = sorted(SQL.rglob("*.sql"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SQL)))
def test_the_first_line_of_every_sql_file_says_its_grain(file):
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"-- \S.{8,}", first)


def test_a_statement_takes_the_values_that_it_names_and_misses_none(workspace):
    with workspace._books.engine.cursor() as cursor:
        assert rows(cursor, "ledger/add_schema_version", version=7, applied_at=date(2026, 1, 1), other=1) == [
            {"Count": 1}
        ]
        with pytest.raises(KeyError, match="applied_at"):
            run(cursor, "ledger/add_schema_version", version=8)


def test_filters_give_every_named_query_its_values():
    filters = Filters(date(2026, 7, 1), None, segments=("home",), channels=("search", "email"))
    assert filters.params() == {
        "first_day": date(2026, 7, 1),
        "last_day": None,
        "segments": ["home"],
        "regions": [],
        "channels": ["search", "email"],
    }


def test_memory_is_a_part_of_the_machines_and_a_setting(monkeypatch):
    assert 0 < memory_limit_bytes() <= 4 * 1024**3
    monkeypatch.setenv("FLIPPED_FUNNEL_MEMORY_MB", "300")
    assert memory_limit_bytes() == 300 * 1024**2
