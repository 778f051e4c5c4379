"""Reads one export: from a file to a verdict, its messages, and the rows staged as Parquet.

The SQL engine is handed in (`query`), so that this room depends on no later one.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from analytics.intake import (
    checks,
    container,
    currencies,
    days,
    doubts,
    lines,
    mapping,
    numbers,
    plain,
    repeats,
    spend,
    values,
)
from analytics.intake.answers import Answers
from analytics.intake.contract import KINDS, Kind
from analytics.intake.found import MatchedColumn, Reading, ReadOptions, RowCounts
from analytics.intake.layout import Layout, find_layout
from analytics.intake.messages import (
    INFORMATION,
    Choice,
    Refused,
    note,
    refuse,
)
from analytics.intake.profile import Profile, profile
from analytics.intake.table import Lines, Query, QueryFailed, Table
from analytics.language import gettext as _

__all__ = ["MatchedColumn", "QueryFailed", "ReadOptions", "Reading", "RowCounts", "read"]


def read(
    query: Query, source: Path, *, name: str, kind: str | None, directory: Path, options: ReadOptions
) -> Reading:
    """Reads `source` (shown to people as `name`) as an export of `kind` (None: recognised from the headers).

    `query(sql, parameters)` runs SQL on a scratch database and raises QueryFailed. `directory` is empty scratch
    space and becomes the working directory meanwhile, so run this in a process of its own. Never raises for what
    is wrong with the file: that is a Reading with verdict reject or ask.
    """
    source, directory = source.resolve(), directory.resolve()
    found = Reading(_display(name), kind, "reject")
    with contextlib.chdir(directory):
        reader = _Reader(query, source, directory, options, found)
        try:
            return reader.read()
        except Refused as refused:
            messages = (*reader.notes, *refused.messages)
            return replace(
                reader.found,
                verdict="reject",
                messages=messages,
                rows=RowCounts(),
                amount=None,
                staged=None,
                set_aside=None,
            )


def _display(name: str) -> str:
    return "".join(c if c.isprintable() else " " for c in name)[-120:]


class _Reader:
    """The steps of one reading, in order; `found` is what is known so far, `notes` what was said."""

    def __init__(
        self, query: Query, source: Path, directory: Path, options: ReadOptions, found: Reading
    ) -> None:
        self.query, self.source, self.directory, self.options = query, source, directory, options
        self.found, self.notes = found, []  # type: tuple[Reading, list[Message]]
        self.viewed = False  # whether `typed` is a view of the rows as they were staged

    def read(self) -> Reading:
        text = container.open_text(self.source, self.found.file, self.directory, self.options.limits)
        self.found = replace(self.found, sha256=text.sha256, size_bytes=text.size_bytes)
        self.notes += text.notes
        layout = find_layout(text.path, self.options.limits)
        self.notes += layout.notes
        self._match(layout)
        self.table = self._table(text, layout)
        self.columns = {c: self.kind.column(c) for c in self.mapping.positions}
        self.profile = self._profile(layout)
        self.lines = Lines(self.table, self.profile.rows)
        self._check_count()
        self._check_headers(layout)
        typed = self._typed_columns()
        self._build(typed)
        return self._judged(typed)

    def _match(self, layout: Layout) -> None:
        headers = layout.headers
        kind = self.found.kind or mapping.recognise(headers, self.found.file)
        if kind is None:
            seen = ", ".join(f"'{h.strip()[:40]}'" for h in headers[:12])
            raise refuse(
                "E_KIND_UNKNOWN",
                _("The headers ({seen}) belong to no known kind of export; say which kind it is.").format(
                    seen=seen
                ),
            )
        key = mapping.headers_key(headers)
        self.answers = Answers(self.options.answers, self.options.remembered.get(f"{kind}:{key}", {}))
        self.found = replace(self.found, kind=kind, headers_key=key, headers=headers)
        self.kind: Kind = KINDS[kind]
        self.mapping = mapping.match(self.kind, headers, self.answers.all)
        unused = tuple(headers[i] for i in self.mapping.unused)
        matched = tuple(MatchedColumn(c, headers[i]) for c, i in self.mapping.positions.items())
        self.found = replace(self.found, matched=matched, unused_headers=unused, first_line=layout.first_line)
        self.answers.used.update(self.mapping.answers)
        for message in self.mapping.messages:
            if message.severity != "question" or message.code not in self.answers.all:
                self.answers.messages.append(message)

    def _table(self, text: container.Text, layout: Layout) -> Table:
        """The rows under the name rows.csv: never under the name that a user gave, which could be a pattern."""
        target = self.directory / "rows.csv"
        if layout.first_line == 2 and layout.end_byte == text.path.stat().st_size and not text.quotes:
            os.symlink(text.path.resolve(), target)
            return Table(self.query, text, layout, target.name, skip=1)
        with text.path.open("rb") as whole, target.open("wb") as out:
            whole.seek(layout.start_byte)
            left = layout.end_byte - layout.start_byte
            while left and (chunk := whole.read(min(container.CHUNK, left))):
                out.write(chunk)
                left -= len(chunk)
        return Table(self.query, container.rescanned(text, target), layout, target.name)

    def _profile(self, layout: Layout) -> Profile:
        self.staged = plain.stage(self.table, self.kind, self.mapping.positions, "staged.parquet")
        if self.staged:
            seen = self.staged.profile
        else:
            ids = ("customer_id", "referrer_id", "referred_id", *self.kind.key)
            seen = profile(self.table, self.mapping.positions, self.columns, ids)
        limits = self.options.limits
        if seen.rows == 0:
            raise refuse(
                "E_NO_ROWS", _("The file has a header and no rows; export it again for a period with orders.")
            )
        if seen.rows > limits.rows:
            raise refuse(
                "E_TOO_MANY_ROWS",
                _("The file has {count:,} rows; the limit is {limit:,}: split it by quarter.").format(
                    count=seen.rows, limit=limits.rows
                ),
            )
        for at in range(self.table.width):
            if seen("longest", at) > limits.field_bytes:
                self._refuse_long(at, seen.rows)
        return seen

    def _check_count(self) -> None:
        """Two readers must count the same rows: nothing is lost between the lines of a file."""
        if not self.lines.simple and len(self.lines.all) != self.profile.rows:
            raise refuse("E_RAGGED", _("The file has {count} or {rows} rows, depending on how its quotation marks are read; correct "
"them or export the file again.").format(count=len(self.lines.all), rows=self.profile.rows))  # fmt: skip

    def _refuse_long(self, at: int, rows: int) -> None:
        limit = self.options.limits.field_bytes
        record = self.query(
            f"select min(record) from {self.table.numbered} where strlen(c{at}) > ?", [limit]
        )[0][0]
        line = Lines(self.table, rows)(record)
        header = self.table.layout.headers[at].strip()[:40]
        raise refuse("E_FIELD_TOO_LONG", _("Line {line}, column {header}: a field is longer than {limit} kB, which is the limit; a "
"quotation mark may be missing.").format(line=line, header=header, limit=limit // 1024), line=line, column=header)  # fmt: skip

    def _check_headers(self, layout: Layout) -> None:
        filled = {i: self.profile("filled", i) for i in self.mapping.unused}
        self.notes += mapping.unused_messages(layout.headers, self.mapping.unused, filled)
        for name, others in self.mapping.duplicates.items():
            at = self.mapping.positions[name]
            header = layout.headers[at].strip()
            differ = " or ".join(f"c{at} <> c{other}" for other in others)
            count = self.query(f"select count(*) from {self.table.scan} where {differ}")[0][0]
            if count:
                raise refuse("E_HEADER_DUPLICATE", _("The column '{header}' stands twice and differs in {count} rows; leave one in the export.").format(header=header, count=count),
                             column=header)  # fmt: skip
            self.answers.ask("E_HEADER_DUPLICATE", _("The column '{header}' stands twice with the same values; is one of them enough?").format(header=header),
                             (Choice("first", _("Yes: take the first."), self.profile.rows),), column=header)  # fmt: skip

    def _typed_columns(self) -> dict[str, values.Typed]:
        positions, seen = self.mapping.positions, self.profile
        numeric = [
            numbers.inspect(self.table, seen, n, at, self.options.currency)
            for n, at in positions.items()
            if self.columns[n].type in ("money", "number")
        ]
        headers = tuple(h.strip() for h in self.table.layout.headers)
        mixed = numbers.settle(self.table, numeric, self.answers, headers, self.lines)
        if mixed:
            raise Refused(*mixed)
        self.signs = frozenset(code for c in numeric for code in c.currencies)
        known = {c.name: c for c in numeric}
        typed = {n: self._typed(n, at, known) for n, at in positions.items()}
        for column in numeric:
            self.notes += numbers.repair_notes(self.table, column, headers[column.at])
        touched = {n: seen("touched", at) for n, at in positions.items() if seen("touched", at)}
        if touched:
            said = ", ".join(f"{headers[positions[n]]} ({count})" for n, count in touched.items())
            self.notes.append(
                note(
                    "W_TRIMMED",
                    _("Blanks and invisible characters around values were removed: {said} cells.").format(
                        said=said
                    ),
                )
            )
        return typed

    def _typed(self, name: str, at: int, numeric: dict[str, numbers.NumberColumn]) -> values.Typed:
        column, seen = self.columns[name], self.profile
        touched = seen("touched", at) > 0
        needed = name in self.kind.required or (
            name in ("quantity", "unit_price") and "amount" not in self.columns
        )
        blank = (
            needed
            and seen("filled", at) < seen.rows
            and not (name == "customer_id" and self.kind.name in ("sales", "reorders"))
        )
        if name in numeric:
            return values.number_column(self.table, column, numeric[name], touched, blank)
        if column.type == "day":
            inspected = days.inspect(self.table, seen, name, at)
            self._settle_days(inspected)
            return values.day_column(column, inspected, touched, blank)
        if column.type == "month":
            return values.month_column(self.table, column, at)
        if column.type == "yes_no":
            return values.yes_no_column(column, at)
        typed = values.text_column(column, at, touched, blank)
        return values.worded(typed) if name in ("motion", "arm", "direction") else typed

    def _settle_days(self, column: days.DayColumn) -> None:
        header = self.table.layout.headers[column.at].strip()
        today = self.options.today or date.today()
        said = days.settle(self.table, column, self.answers, header, self.lines, self.options.period, today)
        errors = [m for m in said if m.severity == "error"]
        if errors:
            raise Refused(*errors)
        self.notes += said

    def _build(self, typed: dict[str, values.Typed]) -> None:
        self.fast = self._is_plain(typed) and self._stage_plain(typed)
        if not self.fast:
            self._build_table(typed)

    def _build_table(self, typed: dict[str, values.Typed]) -> None:
        if self.viewed:  # what is plain is typed already
            self.query("create temp table rows_of_view as select * from typed")
            self.query("drop view typed")
            self.query("alter table rows_of_view rename to typed")
            return
        values.build_typed(self.table, list(typed.values()), self.lines, self.profile.repeated_headers > 0)

    def _is_plain(self, typed: dict[str, values.Typed]) -> bool:
        whole = all(
            self.profile("filled", at) == self.profile.rows
            for n, at in self.mapping.positions.items()
            if n in self.kind.required
        )
        untouched = not any(self.profile("touched", at) for at in self.mapping.positions.values())
        complete = set(self.kind.required) <= set(typed)
        known = all(t.plain for t in typed.values()) and self.kind.key and self.kind.name != "spend"
        return bool(
            whole
            and untouched
            and complete
            and known
            and self.lines.simple
            and not self.profile.repeated_headers
        )

    def _stage_plain(self, typed: dict[str, values.Typed]) -> bool:
        """The short way: straight to Parquet; not taken where keys repeat, so that rows would have to be left out."""
        if not self.staged:
            self.query(
                f"copy (select {values.values_sql(list(typed.values()))} from {values.source_sql(self.table, list(typed.values()), False)}) "
                "to 'staged.parquet' (format parquet, dictionary_size_limit 5000)"  # ids are no dictionaries: half the time
            )
        self.query(
            "create or replace temp view typed as select * exclude (file_row_number), file_row_number + 1 as record, file_row_number + "
            f"{self.lines.first} as line, false as repaired, null::varchar as out from read_parquet('staged.parquet', file_row_number=true)"
        )
        self.viewed = True
        if self.staged and self.staged.keys_rise:
            return True
        key = ", ".join(self.kind.key)
        # Distinct hashes prove distinct keys; equal hashes only send the file the long way round.
        return self.query(f"select count(*) = count(distinct hash({key})) from typed")[0][0]

    def _judged(self, typed: dict[str, values.Typed]) -> Reading:
        rows = checks.Rows(
            self.table,
            self.kind,
            typed,
            self.answers,
            self.options.period,
            self.options.today or date.today(),
        )
        if self.fast and self._needs_changes(rows):
            self.fast = False
            self._build_table(typed)
        again = [] if self.fast else checks.repeated_headers(rows)
        faults = again + lines.completed(rows) + checks.faults(rows, self.options.set_aside)
        if any(m.severity == "error" for m in faults):
            raise Refused(*faults)
        self.notes += faults
        currency, wrong = currencies.currencies(rows, self.signs, self.options.currency)
        if wrong:
            raise Refused(*wrong)
        self._ask_about(rows)
        self.found = replace(
            self.found, currency=currency, matched=self._samples(), answers=dict(self.answers.used)
        )
        return self._staged(rows)

    def _needs_changes(self, rows: checks.Rows) -> bool:
        """Whether a check could leave rows out or change them: then `typed` must be a table."""
        trial = replace(rows, answers=Answers({}))
        checks.days_outside(trial)
        checks.one_name_each(trial, self.options.known_names)
        return doubts.ask(trial, trial=True)

    def _ask_about(self, rows: checks.Rows) -> None:
        if not self.fast:  # else the trial found nothing
            doubts.ask(rows)
        if self.kind.name in ("sales", "reorders"):
            checks.blank_customers(rows)
        checks.days_outside(rows)
        if not self.fast:
            repeats.check_repeats(rows)
            spend.motions(rows, self.options.known_names)
        checks.one_name_each(rows, self.options.known_names)
        ids = ("customer_id", "referrer_id", "referred_id", *self.kind.key)
        checks.damaged_ids(
            rows, {n: self.profile("damaged_id", at) for n, at in self.mapping.positions.items() if n in ids}
        )
        checks.totals_row(rows)
        spend.quarters(rows)

    def _samples(self) -> tuple[MatchedColumn, ...]:
        # The read-ahead of a limit makes this cheap: three rows are parsed, not all.
        first = self.query(f"select * from {self.table.scan} limit 3")
        return tuple(
            replace(m, samples=tuple(str(row[self.mapping.positions[m.column]])[:60] for row in first))
            for m in self.found.matched
        )

    def _staged(self, rows: checks.Rows) -> Reading:
        counts, found = self._counted(rows)
        messages = (*self.notes, *self.answers.messages)
        found = replace(found, rows=counts, messages=messages)
        if self.answers.open:
            return self._open(found)
        if counts.accepted + counts.repaired == 0:
            raise refuse("E_NO_ROWS", _("No row is left to load; export the file again."))
        repaired = any(m.severity == "note" and m.code not in INFORMATION for m in messages)
        if not self.fast:
            self._write()
        aside = self._write_set_aside() if counts.set_aside else None
        return replace(
            found,
            verdict="repair" if repaired else "accept",
            staged=self.directory / "staged.parquet",
            set_aside=aside,
        )

    def _open(self, found: Reading) -> Reading:
        """What is not known until a question is answered is not stated: days, or the sum."""
        asked = {m.code for m in found.messages if m.severity == "question"}
        if "E_DATE_AMBIGUOUS" in asked:
            found = replace(found, first_day=None, last_day=None)
        if asked & {"E_NUMBER_AMBIGUOUS", "COLUMN:amount"}:
            found = replace(found, amount=None)
        return replace(found, verdict="ask")

    def _counted(self, rows: checks.Rows) -> tuple[RowCounts, Reading]:
        day, value = (
            self.kind.day,
            self.kind.value if self.kind.value in rows.columns or rows.has_amount else None,
        )
        money = f"sum({value}) filter (out is null)" if value else "null"
        key = ", ".join(self.kind.key) or "record"
        row = self.query(
            f"select count(*) filter (out is distinct from 'header'), count(*) filter (out is null and repaired), "
            f"count(*) filter (out is null), {money}, min({day}) filter (out is null), max({day}) filter (out is null) from typed"
        )[0]
        unique = (
            self.fast
            or self.query(f"select count(*) = count(distinct ({key})) from typed where out is null")[0][0]
        )
        counts = RowCounts(row[0], row[2] - row[1], row[1], row[0] - row[2])
        amount = Decimal(row[3]) if row[3] is not None else None
        return counts, replace(
            self.found,
            amount=amount,
            first_day=row[4],
            last_day=spend.last_day(rows, row[5]),
            one_row_per_key=unique,
        )

    def _write(self) -> None:
        names = [c.name for c in self.kind.columns if c.name in self.columns]
        if "amount" not in names and {"quantity", "unit_price"} <= set(names):
            names.append("amount")
        if self.kind.name == "spend":
            names += [] if "motion" in names else ["motion"]
            self.query(f"copy (select {spend.spread_columns(names)} from typed, unnest(range(spread_months)) as part(k) where out is null) "
                       "to 'staged.parquet' (format parquet)")  # fmt: skip
            return
        self.query(
            f"copy (select {', '.join(names)}, line from typed where out is null) to 'staged.parquet' (format parquet)"
        )

    def _write_set_aside(self) -> Path:
        cells = ", ".join(f"r.c{at} as {name}" for name, at in self.mapping.positions.items())
        self.query(
            f"copy (select t.line, t.out as reason, {cells} from {self.table.numbered} r join typed t on t.record = r.record "
            "where t.out is not null and t.out <> 'header') to 'set_aside.parquet' (format parquet)"
        )
        return self.directory / "set_aside.parquet"
