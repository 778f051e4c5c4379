"""The workbook: what is in its sheets, formulas that give the frame's numbers, and text that stays text."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language import speaking
from analytics.reporting import workbook_sheets
from analytics.reporting.columns import Ratio, described
from analytics.reporting.slides import Entry
from analytics.reporting.workbook import workbook
from analytics.reporting.workbook_cells import money_format
from tests.reporting.stories import HOSTILE, slide, story

RATIOS = (
    Ratio("CAC", "spend", "customers"),
    Ratio("ROI", "margin", "spend", 1.0),
    Ratio("cost each", "spend", "customers", plus="other"),
)
FORMULA = re.compile(r"=\(?([A-Z]+\d+)(?:\+([A-Z]+\d+)\))?/([A-Z]+\d+)(-1)?")
HEADER = 4  # headline, evidence, method, an empty row; then the headers


def opened(content: bytes, values: bool = False):
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def sheet(table: pd.DataFrame, **more):
    return opened(workbook(story(slide(table=table, name="Table", **more)))).worksheets[1]


def ratio_table() -> pd.DataFrame:
    spend = np.array([100.0, 250.5, 0.0, np.nan, 70.0])
    customers = np.array([3, 7, 2, 4, 0])
    margin = np.array([130.1, 200.0, 5.0, 6.0, 9.0])
    other = np.array([1.0, 0.25, 3.0, 4.0, 5.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        table = pd.DataFrame(
            {
                "channel": list("abcde"), "spend": spend, "other": other, "customers": customers, "margin": margin,
                "CAC": np.where(customers > 0, spend / customers, np.nan),
                "ROI": np.where(spend > 0, margin / spend - 1, np.nan),
                "cost each": np.where(customers > 0, (spend + other) / customers, np.nan),
            }
        )  # fmt: skip
    return described(table, money=("spend", "margin", "CAC"), ratios=RATIOS)


def test_the_first_sheet_is_the_answer():
    made = opened(workbook(story(slide(), slide(headline="Another message."))))
    assert made.sheetnames == [
        "Answer", "Customers by channel", "Customers by channel (2)", "Definitions", "Data quality",
    ]  # fmt: skip
    cells = [cell.value for row in made["Answer"].iter_rows() for cell in row if cell.value is not None]
    for said in (
        "Should the next budget go to new or to existing customers?",
        "58 % of revenue came from reorders and referrals, on 13 % of the budget.",
        "Another message.", 61.25, 0.421, 0.4, 0.44, 1.63, 6021, "n/a", "12 months", "a1b2c3d4", "Example company",
        "Sample company, made up",
    ):  # fmt: skip
        assert said in cells, said
    assert "acquisition spend / customers won by paid channels" in [c.value for c in made["Definitions"]["B"]]
    assert "Money in euro." in [c.value for c in made["Data quality"]["A"]]


def test_a_slide_without_a_table_has_no_sheet_and_a_workbook_without_slides_opens():
    assert opened(workbook(story(slide(table=pd.DataFrame())))).sheetnames == [
        "Answer",
        "Definitions",
        "Data quality",
    ]
    assert opened(workbook(story())).sheetnames[0] == "Answer"


def test_headers_stay_in_sight_and_rows_can_be_filtered_and_printed():
    made = sheet(pd.DataFrame({"channel": ["search"], "customers": [120]}))
    assert [c.value for c in made[HEADER + 1]][:2] == ["channel", "customers"]
    assert [c.value for c in made[HEADER + 2]][:2] == ["search", 120]
    assert made.freeze_panes == f"B{HEADER + 2}"
    assert made.auto_filter.ref == f"A{HEADER + 1}:B{HEADER + 2}"
    assert (made.page_setup.orientation, made.page_setup.paperSize) == ("landscape", 9)
    assert made.print_title_rows == f"${HEADER + 1}:${HEADER + 1}"


def test_a_slide_kept_from_elsewhere_says_its_own_data_days_and_settings():
    kept = slide(snapshot="0ld", days="2024", settings=(Entry("Horizon", "24 months"),), name="Kept")
    made = opened(workbook(story(kept, slide(name="Usual")))).worksheets
    assert made[1]["A4"].value == "Snapshot 0ld · 2024 · Horizon: 24 months"
    assert [c.value for c in made[1][HEADER + 2]][:2] == ["Channel", "Customers"]
    assert made[1].oddHeader.right.text.strip() == "2024"
    assert made[1].oddFooter.left.text.strip() == "Snapshot 0ld"
    assert made[2]["A4"].value is None
    assert made[2].oddHeader.right.text.strip() == "1 October 2025 to 30 September 2026"
    assert made[2].oddFooter.left.text.strip() == "Snapshot a1b2c3d4"


def test_numbers_have_the_format_of_what_they_are():
    table = pd.DataFrame(
        {
            "spend": [-1234.5],
            "share": [0.25],
            "day": [date(2026, 7, 1)],
            "orders": [3],
            "rate": [0.12345],
            "on": [True],
        }
    )
    row = sheet(described(table, money=("spend",), shares=("share",)))[HEADER + 2]
    assert [c.value for c in row][:6] == [-1234.5, 0.25, pd.Timestamp("2026-07-01"), 3, 0.12345, "yes"]
    formats = [c.number_format for c in row]
    assert formats[:5] == [money_format("EUR"), "0.0%", "yyyy-mm-dd", "#,##0", "#,##0.00##"]
    assert money_format("EUR") == '"€"#,##0.00;-"€"#,##0.00'
    assert money_format("KRW") == '"₩"#,##0;-"₩"#,##0'
    assert money_format(None) == "#,##0.00"
    assert '"' not in money_format('A"B').replace('"AB "', "")


def test_a_column_that_names_units_gives_each_row_its_format():
    table = described(
        pd.DataFrame({"figure": ["CAC", "rate"], "value": [61.25, 0.4], "unit": ["money", "share"]}),
        unit="unit",
    )
    made = sheet(table)
    assert [made.cell(HEADER + 2 + n, 2).number_format for n in (0, 1)] == [money_format("EUR"), "0.0%"]


def test_what_is_not_known_is_written_so():
    table = pd.DataFrame(
        {"a": [np.nan, 1.0], "b": [None, "x"], "c": [pd.NaT, pd.Timestamp("2026-07-01")], "d": [np.inf, 1]}
    )
    assert [c.value for c in sheet(table)[HEADER + 2]][:4] == ["n/a"] * 4


def test_ratios_are_formulas_only_where_they_follow_from_their_row():
    made = sheet(ratio_table())
    written = {
        c: [made.cell(HEADER + 2 + n, at).value for n in range(5)] for c, at in (("CAC", 6), ("ROI", 7))
    }
    assert written["CAC"] == ["=B6/D6", "=B7/D7", "=B8/D8", "n/a", "n/a"]
    assert written["ROI"] == ["=E6/B6-1", "=E7/B7-1", "n/a", "n/a", "=E10/B10-1"]
    assert made.cell(HEADER + 2, 8).value == "=(B6+C6)/D6"
    wrong = described(ratio_table().assign(CAC=5.0), ratios=RATIOS)
    assert sheet(wrong).cell(HEADER + 2, 6).value == 5


def compare(values, formulas=None):
    """Every ratio of ratio_table() as the sheet has it is the frame's to 1e-9."""
    table = ratio_table()
    count = 0
    for place, name in enumerate(table.columns, 1):
        if name in {r.column for r in RATIOS}:
            for n, expected in enumerate(table[name]):
                found = values.cell(HEADER + 2 + n, place).value
                count += 1
                assert found == "n/a" if np.isnan(expected) else abs(found - expected) < 1e-9, (name, n)
    assert count == 15


def test_the_values_beside_the_formulas_are_the_frames():
    compare(opened(workbook(story(slide(table=ratio_table(), name="Table"))), values=True).worksheets[1])


def test_formulas_worked_out_by_hand_give_the_frames_values():
    made = sheet(ratio_table())
    for row in made.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                above, plus, below, less = FORMULA.fullmatch(cell.value).groups()
                value = (made[above].value + (made[plus].value if plus else 0)) / made[below].value
                cell.value = value - (1 if less else 0)
    compare(made)


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """A function that opens a workbook in LibreOffice, which has no values but those it computes, and saves it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed.")
    place = tmp_path_factory.mktemp("office")

    def through(content: bytes):
        made = opened(content)
        made.save(place / "made.xlsx")  # openpyxl keeps no values beside formulas
        command = [office, f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to",
                   "xlsx:Calc MS Excel 2007 XML", "--outdir", str(place / "out"), str(place / "made.xlsx")]  # fmt: skip
        subprocess.run(command, capture_output=True, timeout=300, check=False)
        if not (place / "out" / "made.xlsx").exists():
            pytest.skip("LibreOffice is installed without its spreadsheet.")
        return opened((place / "out" / "made.xlsx").read_bytes(), values=True)

    return through


@pytest.mark.slow
def test_libreoffice_computes_the_frames_values_and_runs_no_text(recalculated):
    hostile = pd.DataFrame({"who": [*HOSTILE]})
    content = workbook(story(slide(table=ratio_table(), name="Table"), slide(table=hostile, name="Hostile")))
    made = recalculated(content)
    compare(made["Table"])
    shown = [made["Hostile"].cell(HEADER + 2 + n, 1).value for n in range(len(HOSTILE))]
    assert shown[:4] == list(HOSTILE[:4])
    assert all(isinstance(text, str) for text in shown)


def test_text_from_files_is_text_whatever_it_looks_like():
    links = [
        "http://evil.example/",
        "mailto:a@b.c",
        "internal:Answer!A1",
        "external:c:\\x.xls",
        "=HYPERLINK(1)",
    ]
    texts = [*HOSTILE, *links, "_x0041_", "0012", "1e5", "{=1+1}"]
    table = pd.DataFrame({"=header": texts})
    content = workbook(
        story(
            slide(table=table, name="Table", headline="=1+1"),
            title="=1+1",
            company="@x",
            settings=(Entry("=a", "=b"),),
        )
    )
    made = opened(content)
    assert [c.data_type for s in made for row in s.iter_rows() for c in row if c.data_type == "f"] == []
    assert [c.hyperlink for s in made for row in s.iter_rows() for c in row if c.hyperlink] == []
    shown = [made.worksheets[1].cell(HEADER + 2 + n, 1).value for n in range(len(texts))]
    assert shown[-4:] == texts[-4:]
    assert "<f>" not in "".join(part_of(content, name) for name in names_of(content) if "sheet" in name)


def names_of(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def part_of(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


@settings(max_examples=40)
@given(
    st.lists(st.text(st.characters(), max_size=12), min_size=1, max_size=4),
    st.text(st.characters(), max_size=40),
)
def test_any_text_makes_a_file_that_opens_and_runs_nothing(texts, name):
    table = pd.DataFrame({name: texts}, dtype=object)
    made = opened(workbook(story(slide(table=table, name=name, headline=name), company=name, snapshot=name)))
    cells = [c for s in made for row in s.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}


@given(st.lists(st.text(st.characters(), max_size=40), max_size=6))
def test_sheet_names_are_allowed_and_no_two_alike(wanted):
    names = workbook_sheets.sheet_names(wanted)
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert name.casefold() != "history"
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_sheet_names_keep_korean_and_tell_twins_apart():
    long = "a" * 40
    assert workbook_sheets.sheet_names(["채널별 고객", "History", "x/y", long, long.upper(), "", "🎁" * 20]) == [
        "채널별 고객", "History (2)", "x y", "a" * 31, "A" * 27 + " (2)", "Sheet", "🎁" * 15,
    ]  # fmt: skip


def test_more_rows_than_a_sheet_holds_are_cut_and_it_is_said(monkeypatch):
    monkeypatch.setattr(workbook_sheets, "MOST_ROWS", 12)
    made = sheet(pd.DataFrame({"n": range(1, 101)}))
    cells = [c.value for row in made.iter_rows() for c in row if c.value is not None]
    assert made.max_row <= 12
    assert [c for c in cells if isinstance(c, int)] == list(range(1, 7))
    assert "The first 6 of 100 rows: a sheet holds no more." in cells


def test_columns_that_name_persons_are_left_out_unless_asked_for():
    named = story(slide(table=pd.DataFrame({"customer_id": ["ann"], "value": [1]}), name="Table"))
    assert [c.value for c in opened(workbook(named)).worksheets[1][HEADER + 1]][:2] == ["value", None]
    assert [c.value for c in opened(workbook(named, True)).worksheets[1][HEADER + 1]][:2] == [
        "customer_id",
        "value",
    ]


def test_a_long_text_is_cut_where_a_cell_ends():
    made = sheet(pd.DataFrame({"text": ["x" * 40_000]}))
    assert len(made.cell(HEADER + 2, 1).value) == 32_767


def test_the_workbook_speaks_korean():
    with speaking("ko"):
        assert len(opened(workbook(story(slide()))).sheetnames) == 4
