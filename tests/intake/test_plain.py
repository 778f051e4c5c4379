"""The short way and the long way give the same reading and the same rows; the short way takes only what is plain."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from analytics.intake import container, plain
from analytics.intake.reading import Reading
from tests.intake.conftest import HEADER

Read = Callable[..., Reading]
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
CELLS = {
    "order_id": ["1-Jul", "jan-12", "abc-12", "", "1.2E+12", "o7", "\u2003o9", "order_id", "ſep-12"],
    "customer_id": ["", " c1", "c1 ", "1-jul", "\u00a0c1", "김민준", "a\u200bb", "12345", "Dec-31"],
    "order_date": ["", "2024-02-30", "2024-2-3", "2024/02/03", "0000-01-01", "0001-01-01", "9999-12-31", "20240203",
                   "2024-01-01x", "2024-01-01T10", "2024-01-01 10:20", "2024-01-01T10:20:30.5", "2024-01-01T1:00",
                   "2024-01-01T10:00Z", "03/04/2026", "45000", "10000-01-01"],
    "channel": ["", " ", "paid search", "이메일 ", "\u3000shop", "Email", "x" * 70, "=1+1", "\tq", "a\x0bb"],
    "amount": ["", "-", "--1", "+5", ".5", "5.", "-.5", "-0", "00012", "1e5", "1_000", "1.23456", "12.345", "0.125", "5%",
               "$5", "(5)", "1,5", "12345678901234.5678", "123456789012345", "nan", "NULL", "Infinity", "٣", "１２"],
}  # fmt: skip


def both_ways(
    read_file: Read, path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Reading, bool]:
    """The reading, once it is proved that both ways give it; and whether the short way was taken."""
    taken = []
    stage = plain.stage

    def watched(*asked: object) -> plain.Staged | None:
        taken.append(stage(*asked))  # type: ignore[arg-type]
        return taken[-1]

    with monkeypatch.context() as patch:
        patch.setattr(plain, "stage", watched)
        short = read_file(path, kind)
        patch.setattr(plain, "stage", lambda *_asked: None)
        long = read_file(path, kind)
    assert without_files(short) == without_files(long)
    assert rows_of(short.staged) == rows_of(long.staged)
    assert rows_of(short.set_aside) == rows_of(long.set_aside)
    return short, bool(taken and taken[0])


def without_files(reading: Reading) -> Reading:
    return replace(reading, staged=None, set_aside=None)


def rows_of(file: Path | None) -> tuple[object, list[tuple[object, ...]]] | None:
    if file is None:
        return None
    found = duckdb.connect().execute("select * from read_parquet($file)", {"file": str(file)})
    return [(column[0], str(column[1])) for column in found.description], sorted(found.fetchall(), key=repr)


def orders(count: int, chance: random.Random, changed: int = 0, form: str = "{:.2f}") -> list[list[str]]:
    rows = [
        [f"o{i:05}", f"c{chance.randrange(30):04}", f"2024-{1 + i % 12:02}-{1 + i % 28:02}",
         chance.choice(["email", "paid search"]), form.format(chance.randrange(1, 90_000) / 100)]
        for i in range(count)
    ]  # fmt: skip
    names = HEADER.strip().split(",")
    for _ in range(changed):
        at = chance.randrange(5)
        rows[chance.randrange(count)][at] = chance.choice(CELLS[names[at]])
    return rows


def written(path: Path, rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> Path:
    header = HEADER.strip().split(",")
    path.write_bytes("".join(delimiter.join(cells) + end for cells in [header, *rows]).encode())
    return path


@pytest.mark.parametrize(
    ("name", "end", "delimiter"), [("LF", "\n", ","), ("CRLF", "\r\n", ","), ("tabs", "\n", "\t")]
)
def test_a_plain_file_goes_the_short_way(
    read_file: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, end: str, delimiter: str
) -> None:
    monkeypatch.setattr(plain, "BLOCK_BYTES", 1000)
    rows = orders(300, random.Random(1))
    random.Random(2).shuffle(rows)
    reading, taken = both_ways(
        read_file, written(tmp_path / "sales.csv", rows, delimiter, end), "sales", monkeypatch
    )
    assert taken
    assert (reading.verdict, reading.rows.accepted) == ("accept", 300)
    staged = duckdb.connect().execute(
        "select order_id from read_parquet($file)", {"file": str(reading.staged)}
    )
    in_order = [found for (found,) in staged.fetchall()]
    assert in_order == [cells[0] for cells in rows]  # the place of a row tells its line


@pytest.mark.parametrize("kind", ["sales", "reorders", "referrals", "touchpoints"])
def test_the_sample_is_read_alike_both_ways(
    read_file: Read, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    _reading, taken = both_ways(read_file, SAMPLE / f"{kind}.csv", kind, monkeypatch)
    # Several lines of one order among the first rows, or rows without a key, go the long way at once.
    assert taken is (kind in ("reorders", "referrals"))


@pytest.mark.parametrize(("column", "cell"), [(c, cell) for c, cells in CELLS.items() for cell in cells])
@pytest.mark.parametrize("at", [3, 250])
def test_any_one_cell_is_read_alike_both_ways(
    read_file: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str, cell: str, at: int
) -> None:
    rows = orders(260, random.Random(2))  # the first 200 rows are looked at before the scan, the others by it
    rows[at][HEADER.strip().split(",").index(column)] = cell
    both_ways(read_file, written(tmp_path / "sales.csv", rows), "sales", monkeypatch)


@pytest.mark.parametrize("seed", range(25))
def test_files_with_several_odd_cells_are_read_alike_both_ways(
    read_file: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    rows = orders(
        chance.choice([1, 30, 230]),
        chance,
        chance.choice([0, 1, 3]),
        chance.choice(["{:.2f}", "{:.3f}", "{:.0f}"]),
    )
    if seed % 3 == 0:
        chance.shuffle(rows)
    if seed % 4 == 0:
        rows.append([*rows[0][:4], "1.00"])
    both_ways(read_file, written(tmp_path / "sales.csv", rows, chance.choice(",;"), chance.choice(["\n", "\r\n"])), "sales", monkeypatch)  # fmt: skip


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("again", [False, True])
def test_keys_that_come_again_across_blocks_are_seen(
    read_file: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shuffled: bool, again: bool
) -> None:
    monkeypatch.setattr(plain, "BLOCK_BYTES", 2000)
    monkeypatch.setattr(plain, "ROW_GROUP", 100)
    rows = orders(900, random.Random(4))
    rows += [[rows[5][0], *rows[6][1:]]] if again else []
    if shuffled:
        random.Random(5).shuffle(rows)
    reading, taken = both_ways(read_file, written(tmp_path / "sales.csv", rows), "sales", monkeypatch)
    assert taken
    assert reading.one_row_per_key is not again


def test_a_block_of_blank_lines_goes_the_long_way(
    read_file: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "BLOCK_BYTES", 2000)
    path = written(tmp_path / "sales.csv", orders(300, random.Random(7)))
    path.write_bytes(path.read_bytes() + b"\n" * 9000)
    reading, taken = both_ways(read_file, path, "sales", monkeypatch)
    assert not taken
    assert reading.rows.accepted + reading.rows.repaired == 300


def test_a_line_longer_than_a_block_goes_the_long_way(
    read_file: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "BLOCK_BYTES", 2000)
    rows = orders(400, random.Random(6))
    rows[300][3] = "x" * 5000
    reading, taken = both_ways(read_file, written(tmp_path / "sales.csv", rows), "sales", monkeypatch)
    assert not taken
    assert reading.rows.accepted == 400


def test_what_lies_across_two_pieces_of_the_scan_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a\u3000b,1.2E+12\r\nc,d\r\n".encode()
    (tmp_path / "file.csv").write_bytes(text)
    for piece in range(2, len(text) + 1):
        monkeypatch.setattr(container, "SCANNED", piece)
        found = container.rescanned(container.Text(tmp_path / "file.csv"), tmp_path / "file.csv")
        counted = (found.line_feeds, found.carriage_returns, found.crlf, found.last_byte)
        assert (found.invisible, found.exponents, found.ascii) == (True, True, False)
        assert counted == (2, 2, 2, b"\n")
