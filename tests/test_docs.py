"""What exists is documented, and what is documented exists."""

import dataclasses
import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
DOCS = REPOSITORY / "docs"


def load_generator():
    """docs/ is a folder of pages, not a package."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("generate")
    finally:
        sys.path.remove(str(DOCS))


GENERATE = load_generator()


def text(*parts: str) -> str:
    return REPOSITORY.joinpath(*parts).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_reference_pages_are_up_to_date(name):
    assert text("docs", name) == GENERATE.PAGES[name](), "run: make docs"


def test_every_column_of_the_contract_is_in_the_data_dictionary():
    from analytics.intake.contract import KINDS

    page = text("docs", "data-dictionary.md")
    for kind in KINDS.values():
        section = page.split(f"\n## {kind.name}:")[1].split("\n## ")[0]
        assert [c.name for c in kind.columns if f"| `{c.name}` |" not in section] == []


def test_every_command_is_documented():
    from analytics.commands import _parser

    page = text("docs", "command-line.md")
    for name, command in GENERATE.subcommands(_parser()).items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        options = [option for action in command._actions for option in action.option_strings]
        assert [o for o in options if o not in ("-h", "--help") and o not in section] == []


def test_every_command_and_option_says_what_it_does():
    from analytics.commands import _parser

    for name, command in GENERATE.subcommands(_parser()).items():
        assert [f"{name} {a.dest}" for a in command._actions if not a.help] == []


def test_every_setting_is_documented():
    from analytics.intake.contract import Limits
    from analytics.warehouse.settings import Settings

    page = text("docs", "settings.md")
    for kind in (Settings, Limits):
        assert [f.name for f in dataclasses.fields(kind) if f"`{f.name}`" not in page] == []


def test_every_environment_variable_is_documented():
    """Also the other way round: what is documented is read by somebody."""
    code = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "analytics").rglob("*.py"))
    documented = set(re.findall(r"FLIPPED_FUNNEL_[A-Z_]+", text("README.md") + text("docs", "settings.md")))
    assert set(re.findall(r"FLIPPED_FUNNEL_[A-Z_]+", code)) - documented == set()
    everywhere = (
        code
        + text(".ci", "run")
        + "".join(f.read_text(encoding="utf-8") for f in (REPOSITORY / "tests").rglob("*.py"))
    )
    assert [name for name in documented if name not in everywhere] == []


def test_every_message_code_is_documented():
    page = text("docs", "messages.md")
    code = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "analytics").rglob("*.py"))
    assert [c for c in sorted(set(re.findall(r'"([NQE]_[A-Z][A-Z_]+)"', code))) if f"`{c}`" not in page] == []


def test_every_query_is_used_and_every_used_query_exists():
    files = {f.stem for f in (REPOSITORY / "analytics" / "warehouse" / "sql" / "queries").glob("*.sql")}
    code = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "analytics").rglob("*.py"))
    assert [name for name in sorted(files) if f'"{name}"' not in code] == []


def test_every_public_name_has_a_line_in_the_library_page():
    page = text("docs", "library.md")
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    assert lines
    assert [line for line in lines if line.endswith("|  |")] == []


@pytest.mark.parametrize(
    "name", ["README.md", "docs/decisions/README.md", "docs/present.md", "benchmarks/README.md"]
)
def test_links_lead_somewhere(name):
    folder = (REPOSITORY / name).parent
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text(name))
    assert [link for link in links if "://" not in link and not (folder / link).exists()] == []


def test_readme_lists_only_what_exists():
    tree = text("README.md").split("## What is where")[1].split("```")[1]
    listed = [line.split()[0] for line in tree.strip().splitlines()]
    assert len(listed) > 10
    assert [name for name in listed if not (REPOSITORY / name).exists()] == []


def test_readme_commands_are_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    used = set(re.findall(r"(?:^|`)make ([a-z-]+)", text("README.md"), re.MULTILINE))
    assert {"run", "test"} <= used <= targets


def test_readme_command_lines_are_understood():
    """Each `python -m analytics …` of the README goes through the parser."""
    import shlex

    from analytics.commands import _parser

    lines = re.findall(r"^(?:\.venv/bin/)?python -m analytics (.*)$", text("README.md"), re.MULTILINE)
    assert len(lines) >= 3
    for line in lines:
        _parser().parse_args(shlex.split(line, comments=True))


def test_every_decision_is_one_page_of_context_decision_consequence():
    for file in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        page = file.read_text(encoding="utf-8")
        parts = ["**Context.**", "**Decision.**", "**Consequence.**"]
        assert [p for p in parts if p not in page] == [], file.name
        assert f"({file.name})" in text("docs", "decisions", "README.md")


def test_the_changelog_tells_of_this_version():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    entry = re.search(
        rf"^## {re.escape(version)}.*?$(.*?)(?=^## |\Z)", text("CHANGELOG.md"), re.MULTILINE | re.DOTALL
    )
    assert entry
    assert entry[1].strip().endswith(".")
