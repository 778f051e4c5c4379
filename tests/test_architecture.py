"""The rules of the house: who may import whom, where SQL lives, how long things may grow."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import median

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("intake", "warehouse", "models", "decisions", "reporting")
LONGEST_FUNCTION, LONGEST_MODULE, LONGEST_PAGE, USUAL_FUNCTION = 50, 450, 120, 12
SQL_METHODS = {"execute", "executemany", "sql", "query", "read_sql"}


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (REPOSITORY / folder).rglob("*.py"))


ANALYTICS = python_files("analytics")
PAGES = python_files("pages")
CODE = [file for file in (REPOSITORY / "app.py",) if file.exists()] + ANALYTICS + PAGES
SQL = sorted((REPOSITORY / "analytics").rglob("*.sql"))


def short(file: Path) -> str:
    return file.relative_to(REPOSITORY).as_posix()


def each(files):
    return pytest.mark.parametrize("file", files, ids=short)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def module_name(file: Path) -> tuple[str, ...]:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports(file: Path, nodes=None) -> set[str]:
    """Every module that the file (or the given nodes of it) imports, in full, at any depth."""
    package = module_name(file) if file.name == "__init__.py" else module_name(file)[:-1]
    found = set()
    for node in ast.walk(tree(file)) if nodes is None else nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*base, *((node.module,) if node.module else ())))
            found.add(start)
            found.update(f"{start}.{alias.name}" for alias in node.names)
    return found


def imports_any(file: Path, package: str) -> bool:
    return any(name == package or name.startswith(package + ".") for name in imports(file))


def functions(file: Path):
    return [n for n in ast.walk(tree(file)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function) -> int:
    docstring = ast.get_docstring(function, clean=False)
    return function.end_lineno - function.lineno - (docstring.count("\n") + 1 if docstring else 0)


@each(ANALYTICS)
def test_a_room_imports_only_earlier_rooms(file):
    name = module_name(file)
    room = name[1] if len(name) > 1 else ""
    if room not in ROOMS:
        return
    later = ROOMS[ROOMS.index(room) + 1 :]
    assert [r for r in later if imports_any(file, f"analytics.{r}")] == []


@each(ANALYTICS)
def test_no_room_imports_the_command_line_or_the_pages(file):
    if module_name(file)[1:2] and module_name(file)[1] in ROOMS:
        outside = ("analytics.commands", "analytics.__main__", "pages", "app")
        assert [name for name in outside if imports_any(file, name)] == []


@each(ANALYTICS)
def test_analytics_works_without_streamlit(file):
    assert not imports_any(file, "streamlit")


@each(CODE)
def test_libraries_stay_in_their_room(file):
    homes = {
        "duckdb": "analytics/warehouse/",
        "plotly": "analytics/reporting/charts.py",
        "pptx": "analytics/reporting/deck",
        "xlsxwriter": "analytics/reporting/workbook",
    }
    for library, home in homes.items():
        assert short(file).startswith(home) or not imports_any(file, library), f"{library} belongs in {home}"


@each(ANALYTICS)
def test_slow_libraries_are_imported_where_they_are_used(file):
    """scipy and scikit-learn take a second to import, which every page and command would pay."""
    slow = [n for n in imports(file, tree(file).body) if n.split(".")[0] in {"scipy", "sklearn"}]
    assert slow == []


@each([file for file in PAGES if "shared" not in file.parts])
def test_a_page_asks_calls_and_shows(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_PAGE
    for library in ("pandas", "numpy", "plotly", "duckdb"):
        assert not imports_any(file, library), f"{library}: a page does no arithmetic"


@each(CODE)
def test_no_file_is_a_drawer_of_odds_and_ends(file):
    assert file.stem not in {"utils", "util", "helpers", "helper", "misc", "common"}


@each(ANALYTICS)
def test_a_module_is_one_thing(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@each(CODE)
def test_functions_are_short(file):
    long = {f.name: body_lines(f) for f in functions(file) if body_lines(f) > LONGEST_FUNCTION}
    assert long == {}


def test_half_of_all_functions_have_under_twelve_lines():
    assert median(body_lines(f) for file in CODE for f in functions(file)) < USUAL_FUNCTION


# A file's columns are known only once it is open, so intake writes its statements then: the holes take names made
# in that room (c0, c1 …, names of the contract), never a header or a cell. tests/intake reads hostile headers.
WRITES_STATEMENTS = "analytics/intake/"


@each([file for file in CODE if not short(file).startswith(WRITES_STATEMENTS)])
def test_sql_is_never_made_by_formatting(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and called(node) in SQL_METHODS and node.args:
            assert not formatted(node.args[0]), f"{short(file)}:{node.lineno}"


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def formatted(text: ast.expr) -> bool:
    """An f-string with a hole, a %, or .format(): any of them puts a value into SQL."""
    if isinstance(text, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in text.values)
    if isinstance(text, ast.BinOp):
        return isinstance(text.op, ast.Mod) or formatted(text.left) or formatted(text.right)
    return isinstance(text, ast.Call) and called(text) == "format"


@each(SQL)
def test_a_sql_file_begins_with_its_grain(file):
    first, *rest = file.read_text(encoding="utf-8").lower().splitlines()
    assert first.startswith("-- ")
    makes_rows = any(line.split("--")[0].strip().startswith(("select", "insert", "from")) for line in rest)
    assert not makes_rows or "row" in first or "grain" in first, first


@each(CODE)
def test_nothing_is_swallowed(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ExceptHandler):
            where = f"{short(file)}:{node.lineno}"
            assert node.type is not None, where
            broad = getattr(node.type, "id", "") in {"Exception", "BaseException"}
            quiet = all(isinstance(step, ast.Pass | ast.Return | ast.Continue) for step in node.body)
            assert not (broad and quiet), where


def test_the_reader_process_starts_without_pandas():
    """Each upload is read in a process of its own: half a second of import would be paid every time."""
    check = (
        "import sys, analytics.warehouse.staging; print(sorted({'pandas', 'streamlit'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", check], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
